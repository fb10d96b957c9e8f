"""AB 岗备案表 and 服务时间安排 read back from the document."""

from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from duty import MONDAY, TERM_ENDS, clock_at, line, person, put_in_force
from sheets import ReadBack

import models
from exports.ledgers import Selection
from exports.sheets import PAPERS, export_openings, export_paper, export_plan
from models import UserError

A, B, C = "2024110201", "2024110202", "2024110203"


@pytest.fixture
def office_of_term(office):
    """A term, and somebody trained with a phone; the office is open."""
    by = person("B0001")
    with clock_at("07:00"):
        models.set_term(by=by, name="第一学期", starts_on=MONDAY, ends_on=TERM_ENDS)
        models.finish_training(person(A), by=by, on=date(2026, 9, 1))
    return office


@pytest.fixture
def draft(office_of_term):
    """A on Mondays of odd weeks with two Bs, B on National Day, a teacher's stay."""
    by, desk = person("B0001"), models.desk_by_code("jiaowu")
    holiday = line("09:00", "11:00", person(B))
    del holiday["weekday"], holiday["weeks"]
    with clock_at("08:00"):
        plan = models.new_plan(
            by=by,
            desk=desk,
            department=models.department_by_name("教务处"),
            starts_on=MONDAY,
            ends_on=TERM_ENDS,
            pattern="fixed",
        )
        return models.save_plan(
            plan,
            by=by,
            shifts=[
                line("08:30", "10:00", person(A), person(B), person(C), weeks="odd"),
                {**holiday, "day": "2026-10-01"},
            ],
            stays=[
                {
                    "weekday": 2,
                    "weeks": "all",
                    "from": "14:00",
                    "to": "16:00",
                    "teacher": models.who(person("T001")),
                }
            ],
            note="逢考试周另排",
        )


def plan_sheet(plan, tmp_path, day=MONDAY):
    path = tmp_path / "备案表.docx"
    with clock_at("10:00", day):
        export_plan(plan, path, person=person("B0001"))
    return ReadBack(path)


def test_every_person_of_a_shift_has_a_line(draft, tmp_path):
    page = plan_sheet(draft, tmp_path)
    assert page.title == "AB 岗备案表"
    assert page.subtitle == (
        "部门：教务处　　窗口：教务事务窗口　　办理方式：每周定期制　　版本：第 1 版"
        "　　有效期：2026年9月7日至2027年1月22日"
    )
    told = [tuple(row.values()) for row in page.rows]
    assert told == [
        ("周一\n单周", "08:30–10:00", "A 岗", "曾单", A, "", "", "2026-09-01"),
        ("周一\n单周", "08:30–10:00", "B 岗", "王芳", B, "", "", ""),
        ("周一\n单周", "08:30–10:00", "B 岗", "赵六", C, "", "", ""),
        ("2026-10-01", "09:00–11:00", "A 岗", "王芳", B, "", "", ""),
        ("周三", "14:00–16:00", "指导教师\n驻岗", "李老师", "T001", "", "", ""),
    ]
    assert page.closing == "合计　2 个班次，A 岗 2 人，B 岗 2 人，指导教师驻岗 1 次。"
    assert "备注：逢考试周另排" in page.lines


def test_numbers_are_masked_in_what_an_assistant_writes(draft, tmp_path):
    path = tmp_path / "备案表.docx"
    with clock_at("10:00"):
        export_plan(draft, path, person=person(A))
    page = ReadBack(path)
    assert page.subtitle.endswith("　　（电话、学号已隐去部分数字）")
    assert [row["学号/工号"] for row in page.rows][:2] == ["2024****01", "2024****02"]


def test_a_shift_is_one_block_that_stays_on_its_page(draft, tmp_path):
    plan_sheet(draft, tmp_path)
    (table,) = Document(str(tmp_path / "备案表.docx")).tables
    rows = table.rows[1:4]
    merges = [
        row._tr.tc_lst[0].tcPr.find(qn("w:vMerge")).get(qn("w:val")) for row in rows
    ]
    assert merges == ["restart", None, None]
    keeps = [row.cells[5].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert keeps == [True, True, None]


def test_what_is_not_decided_yet_stays_for_the_pen(draft, tmp_path):
    page = plan_sheet(draft, tmp_path)
    department, office = page.last[1]
    assert department.startswith("报送部门意见：")
    assert "负责人（签字）：" in department and "（公章）" in department
    assert "报送日期：　　　　年　　月　　日" in department
    assert "备案编号：\n备案人：　" in office
    assert office.endswith("备案日期：　　　　年　　月　　日")


def test_an_accepted_plan_bears_number_and_date(draft, tmp_path):
    by = person("B0001")
    with clock_at("09:00"):
        models.submit_plan(draft, by=by)
        decision = models.accept_plan(draft, by=by)
    for plan in (draft, decision):
        department, office = plan_sheet(plan, tmp_path).last[1]
        assert "报送人：顾主任　　报送日期：2026年9月7日" in department
        assert "中心办公室备案意见：同意备案。" in office
        assert "备案编号：AB〔2026〕1号\n备案人：顾主任" in office
        assert office.endswith("备案日期：2026年9月7日")


def test_a_returned_plan_says_why(draft, tmp_path):
    with clock_at("09:00"):
        models.submit_plan(draft, by=person("B0001"))
        models.return_plan(draft, by=person("B0001"), reason="周一缺 B 岗")
    assert "退回修改：周一缺 B 岗" in plan_sheet(draft, tmp_path).last[1][1]


def test_a_later_version_holds_from_the_day_it_was_filed(station, assistant, tmp_path):
    put_in_force(station, [line("08:30", "10:00", assistant)])
    later = put_in_force(
        station, [line("08:30", "10:00", assistant)], starts_on=date(2026, 10, 12)
    )
    page = plan_sheet(later, tmp_path)
    assert "第 2 版　　有效期：2026年10月12日至" in page.subtitle


def test_a_draft_without_anybody_is_a_report_of_none(draft, tmp_path):
    by = person("B0001")
    models.save_plan(draft, by=by, shifts=[], stays=[])
    assert plan_sheet(draft, tmp_path).closing == "本期无记录（零报告）"


# -- opening hours ------------------------------------------------------------


def openings_sheet(tmp_path, on=MONDAY):
    path = tmp_path / "服务时间.docx"
    made = export_openings(path, on=on, person=person("B0001"))
    page = ReadBack(path)
    assert made.rows == len(page.rows)
    return page


def rows_of(page, name):
    """What is said of a desk: about it, and its cells by the kind of hours."""
    rows = [row for row in page.rows if row["窗口"] == name]
    return rows[0]["说明"], {row["时段"]: row for row in rows}


def test_each_desk_has_its_hours_by_weekday_with_the_evenings(office_of_term, tmp_path):
    page = openings_sheet(tmp_path)
    assert page.subtitle == (
        "适用日期：2026年9月7日　　"
        "学期：第一学期（2026年9月7日至2027年1月22日，第 1 教学周）"
    )
    assert len({row["窗口"] for row in page.rows}) == len(models.desks())
    _, kinds = rows_of(page, "学生事务窗口")
    assert kinds["学期"]["周一"] == "08:30–12:00\n13:30–17:00"
    assert kinds["学期"]["周六"] == ""
    # The signatures below it do not stand on a page of their own.
    (table,) = Document(str(tmp_path / "服务时间.docx")).tables
    last = table.rows[-1].cells[5].paragraphs[0]
    assert last.paragraph_format.keep_with_next
    assert kinds["值班"]["周四"] == "18:30–20:30\n咨询值班"
    assert kinds["值班"]["周五"] == ""


def test_odd_weeks_evenings_ends_and_dates_are_marked(office_of_term, tmp_path):
    by, desk = person("B0001"), models.desk_by_code("jiaowu")
    with clock_at("08:00"):
        for more in (
            {"weekday": 5, "from_time": "09:00", "to_time": "11:00", "weeks": "odd"},
            {"weekday": 0, "from_time": "18:00", "to_time": "20:00"},
            {
                "weekday": 6,
                "from_time": "22:00",
                "to_time": "01:00",
                "ends_on": date(2026, 10, 31),
            },
            {
                "day": date(2026, 10, 1),
                "season": "duty",
                "from_time": "09:00",
                "to_time": "11:00",
                "note": "国庆值班",
            },
        ):
            models.add_opening(by=by, desk=desk, **more)
    _, kinds = rows_of(openings_sheet(tmp_path), desk.name)
    assert kinds["学期"]["周六"] == "09:00–11:00\n单周"
    assert kinds["学期"]["周一"].endswith("18:00–20:00\n晚间")
    assert kinds["学期"]["周日"] == "22:00–次日01:00\n晚间；至10月31日"
    assert kinds["值班\n（按日期）"]["周四"] == "10月1日\n09:00–11:00\n国庆值班"
    _, later = rows_of(openings_sheet(tmp_path, date(2026, 11, 2)), desk.name)
    assert set(later) == {"学期"} and later["学期"]["周日"] == ""


def test_turns_temporary_desks_and_holidays_are_explained(office_of_term, tmp_path):
    by, joint = person("B0001"), models.desk_by_code("dangtuan")
    with clock_at("08:00"):
        models.set_rotation(
            joint,
            by=by,
            starts_on=MONDAY,
            every="week",
            units=models.departments_of(joint),
        )
        models.open_desk(
            by=by,
            code="yingxin",
            prefix="YX",
            name="迎新窗口",
            departments=[models.department_by_name("学生处")],
            opens_on=date(2026, 9, 12),
            closes_on=date(2026, 9, 20),
        )
        first, second = (unit.name for unit in models.departments_of(joint))
        page = openings_sheet(tmp_path, date(2026, 9, 8))
    about, _ = rows_of(page, joint.name)
    assert about == f"2026年9月7日起按周轮值：{first}、{second}；9月8日为{first}"
    about, kinds = rows_of(page, "迎新窗口")
    assert about == "临时窗口：2026年9月12日至2026年9月20日"
    assert set(kinds) == {"未安排"}
    notes = "\n".join(page.lines)
    assert "10月1日至10月7日" in notes
    assert "调休上班：9月20日（按周" in notes
    gone = openings_sheet(tmp_path, date(2026, 9, 21))
    assert "迎新窗口" not in gone.column("窗口")


def test_outside_a_term_the_sheet_says_vacation(office_of_term, tmp_path):
    page = openings_sheet(tmp_path, date(2027, 2, 1))
    assert page.subtitle.endswith("学期：假期")


def test_without_any_term_the_sheet_says_so(office, tmp_path):
    page = openings_sheet(tmp_path, date(2026, 9, 7))
    assert page.subtitle.endswith("学期：未录入")


def test_every_plan_of_a_period_has_a_file_and_none_is_a_report_of_none(
    station, tmp_path
):
    """Also the version that a newer one replaced within the period."""
    shifts = [line("08:30", "10:00", person(A), person(B))]
    put_in_force(station, shifts)
    later = date(2026, 10, 12)
    put_in_force(station, [*shifts, line("10:00", "12:00", person(B))], starts_on=later)
    models.open_database(station.office)
    plan, openings = PAPERS
    path = tmp_path / "AB岗备案表.docx"
    with clock_at("10:00", later):
        both = export_paper(plan, path, Selection(MONDAY, later))
        assert [each.name for each in both.paths] == [
            "AB岗备案表_教务处_教务事务窗口_第1版.docx",
            "AB岗备案表_教务处_教务事务窗口_第2版.docx",
        ]
        assert both.rows == sum(len(ReadBack(each).rows) for each in both.paths) == 5
        shown = plan.read_rows(Selection(MONDAY, later))
        assert shown.headings[:4] == ("部门", "窗口", "版本", "办理日")
        assert [row[2] for row in shown.rows] == ["第 1 版"] * 2 + ["第 2 版"] * 3
        assert export_paper(plan, path, Selection(later, later)).paths == (path,)
        other = models.department_by_name("学生处")
        none = export_paper(plan, path, Selection(MONDAY, later, department=other))
        assert none.rows == 0
        assert ReadBack(path).closing == "本期无记录（零报告）"
        before = path.read_bytes()
        (tmp_path / both.paths[1].name).unlink()
        (tmp_path / both.paths[1].name).mkdir()
        with pytest.raises(UserError, match="是一个文件夹"):
            export_paper(plan, path, Selection(MONDAY, later))
        assert path.read_bytes() == before
        with pytest.raises(UserError, match="不能按部门导出"):
            export_paper(openings, path, Selection(MONDAY, later, department=other))
        with pytest.raises(UserError, match="只导出 Word"):
            export_paper(plan, tmp_path / "x.xlsx", Selection(later, later))
        shown = openings.read_rows(Selection(later, later))
        assert len({row[0] for row in shown.rows}) == len(models.desks())
        assert all(len(row) == len(shown.headings) for row in shown.rows)
