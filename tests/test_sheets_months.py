"""工时统计表 and 酬金发放表 against the lines of pay, and against the duty lines."""

from datetime import date, datetime, timedelta

import pytest
from docx import Document
from duty import MONDAY, at, line, person, put_in_force, sync_both, work
from sheets import ReadBack, minutes_in

import models
from exports.ledgers import (
    Selection,
    Split,
    export_ledger,
    ledger_by_code,
    ledgers_here,
)
from exports.ledgers.amounts import amount_in_words
from exports.ledgers.checking import check_ledger
from exports.ledgers.viewing import view_ledger
from models import Excess, UserError, clock
from models.paylines import month_days

A, B = "2024110201", "2024110202"
LONG_CLASS = "智能制造装备技术（中高职衔接）2431班"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
SEPTEMBER_ENDS = date(2026, 9, 30)


@pytest.fixture
def september(station, assistant, other_assistant):
    """At the office: A worked 15 hours in a week, 7 of them too many, and B 1:40."""
    put_in_force(
        station,
        [
            *(line("08:00", "11:00", assistant, weekday=day) for day in range(5)),
            line("13:00", "15:00", other_assistant),
        ],
    )
    work(A, MONDAY, "08:00", "11:00")
    work(B, MONDAY, "12:50", "14:40")
    for day in range(1, 5):
        work(A, MONDAY + timedelta(days=day), "08:00", "11:00")
    sync_both(station, at("18:00", MONDAY + timedelta(days=4)))
    models.open_database(station.office)
    return station


def decide(choice, **more):
    models.decide_excess(
        by=person("B0001"),
        month=SEPTEMBER,
        person_uids=[person(A).uid],
        choice=choice,
        **more,
    )


def sheet(code, path, month, **chosen):
    first, last = month_days(month)
    made = export_ledger(ledger_by_code(code), path, first=first, last=last, **chosen)
    page = ReadBack(path)
    assert made.rows == len(page.rows)
    return page


def hours_sheet(tmp_path, month=SEPTEMBER, **chosen):
    return sheet("hours", tmp_path / "工时.docx", month, **chosen)


def pay_sheet(tmp_path, month=SEPTEMBER, **chosen):
    return sheet("pay", tmp_path / "酬金.docx", month, **chosen)


def test_the_hours_of_each_day_stand_under_it(september, tmp_path):
    department = models.department_by_name("教务处")
    page = hours_sheet(tmp_path, department=department, person=person("B0001"))
    assert page.title == "勤工助学工时统计表　草稿（未审批）"
    assert page.subtitle == "用工部门：教务处　　年月：2026年9月"
    (section,) = Document(str(tmp_path / "工时.docx")).sections
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[1].text.startswith("草稿（未审批）　　用工部门")
    first, second = page.rows
    assert (first["姓名"], first["学号"], first["岗\n位"]) == ("曾单", A, "A")
    assert first["工资\n元"] == "144.00"  # 8 of the 15 hours at 18 yuan
    assert [first[f"{day}\n{name}"] for day, name in ((7, "一"), (12, "六"))] == [
        "3:00",
        "",
    ]
    assert second["7\n一"] == "1:40"
    assert (first["合计"], first["上限处理"], first["本月\n计薪"]) == (
        "15:00",
        "超出 7:00\n待处理",
        "8:00",
    )
    assert page.closing == (
        "合计　2 人，工时 16 小时 40 分，超出待处理 7 小时 0 分；"
        "本月计薪 9 小时 40 分，工资 174.00 元。"
    )
    assert page.lines[-1].startswith("经手人：顾主任\t部门负责人（签字）：\t（公章）")


@pytest.mark.parametrize(
    ("choice", "more", "said"),
    [
        (Excess.NEXT_MONTH, {}, "转入下月"),
        (Excess.VOLUNTEER, {"consent": True}, "计志愿时长"),
        (Excess.REFUSED, {"note": "未经安排"}, "不予计薪"),
    ],
)
def test_what_was_decided_about_the_excess_is_printed(
    september, tmp_path, choice, more, said
):
    decide(choice, **more)
    page = hours_sheet(tmp_path)
    assert page.rows[0]["上限处理"].startswith(f"超出 7:00\n{said}")
    assert f"，{said} 7 小时 0 分；" in page.closing
    assert page.rows[0]["用工\n部门"] == "教务处"


def test_time_carried_in_is_named_in_the_next_month(september, tmp_path):
    decide(Excess.NEXT_MONTH)
    with clock.set_at(at("09:00", OCTOBER)):
        models.approve_month(SEPTEMBER, by=person("B0001"))
    page = hours_sheet(tmp_path, OCTOBER)
    assert page.rows[0]["上限处理"] == "上月转入 7:00"
    assert (page.rows[0]["合计"], page.rows[0]["本月\n计薪"]) == ("0:00", "7:00")
    assert pay_sheet(tmp_path, OCTOBER).rows[0]["备注"] == "含上月转入 7:00"


def test_an_approved_month_is_no_draft_any_more(september, tmp_path):
    decide(Excess.REFUSED, note="未经安排")
    assert "草稿" in pay_sheet(tmp_path).title
    with clock.set_at(at("09:00", OCTOBER)):
        models.approve_month(SEPTEMBER, by=person("B0001"))
    assert pay_sheet(tmp_path).title == "勤工助学酬金发放表"
    assert hours_sheet(tmp_path).title == "勤工助学工时统计表"


def test_a_month_that_is_over_stands_up_to_checking_as_others_do(september, tmp_path):
    """Draft or approved, of one department or of all; hours, pay and workbook."""
    department = models.department_by_name("教务处")
    for approved in (False, True):
        if approved:
            decide(Excess.REFUSED, note="未经安排")
            with clock.set_at(at("09:00", OCTOBER)):
                models.approve_month(SEPTEMBER, by=person("B0001"))
        with clock.set_at(at("10:00", date(2026, 10, 3))):
            for chosen in ({}, {"department": department}):
                hours_sheet(tmp_path, **chosen)
                pay_sheet(tmp_path, **chosen)
                for name in ("工时", "酬金"):
                    check = check_ledger(tmp_path / f"{name}.docx")
                    assert check.good, (approved, chosen, check.faults, check.notes)
                    assert "年月：2026年9月" in check.selection
    with clock.set_at(at("10:00", date(2026, 10, 3))):
        models.set_rules(by=person("B0001"), starts_on=date(2026, 10, 1), rate_a=2000)
        assert check_ledger(tmp_path / "酬金.docx").good


def test_only_a_whole_month_has_hours_and_pay(september, tmp_path):
    book = ledger_by_code("pay")
    term = {"first": SEPTEMBER, "last": date(2026, 11, 30)}
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=6)}
    with clock.set_at(at("10:00", OCTOBER)):
        half = {"first": date(2026, 9, 15), "last": SEPTEMBER_ENDS}
        for days in (term, week, half):
            with pytest.raises(UserError, match="按月导出，请把期间选为一个整月"):
                export_ledger(book, tmp_path / "x.docx", **days)
        with pytest.raises(UserError, match="2026-11 还没有到"):
            sheet("pay", tmp_path / "x.docx", date(2026, 11, 1))
        made = export_ledger(
            book,
            tmp_path / "酬金.docx",
            first=SEPTEMBER,
            last=OCTOBER,
            split=Split.MONTH,
        )
        assert [path.name for path in made.paths] == [
            "酬金_2026-09.docx",
            "酬金_2026-10.docx",
        ]
        assert ReadBack(made.path).subtitle == "用工部门：全部　　年月：2026年9月"
        view = view_ledger(
            ledger_by_code("hours"), Selection(SEPTEMBER, SEPTEMBER_ENDS)
        )
        assert len(view.rows[0].cells) == 30 + 10
    assert book in ledgers_here()  # at the office


def test_pay_is_hours_by_rate_and_its_sum_stands_in_capitals(september, tmp_path):
    page = pay_sheet(tmp_path, person=person("B0001"))
    assert page.rows[0] == {
        "用工\n部门": "教务处",
        "序号": "1",
        "姓名": "曾单",
        "学号": A,
        "班级": "",
        "岗位": "A 岗",
        "工时": "8:00",
        "标准\n元/时": "18.00",
        "金额\n元": "144.00",
        "签名": "",
        "备注": "",
    }
    assert page.rows[1]["金额\n元"] == "30.00"  # 100 minutes at 18 yuan
    assert page.closing == (
        "合计　2 人，工时 9 小时 40 分，金额 174.00 元\n"
        "合计金额（大写）：人民币壹佰柒拾肆元整"
    )
    assert page.lines[-1].startswith("制表人：顾主任\t审核人：\t分管领导（签字）：\t")


def test_two_rates_stand_one_under_the_other(september, tmp_path):
    models.set_rules(by=person("B0001"), starts_on=date(2026, 9, 8), rate_a=2000)
    row = pay_sheet(tmp_path).rows[0]
    assert (row["岗位"], row["工时"]) == ("A 岗\nA 岗", "3:00\n5:00")
    assert row["标准\n元/时"] == "18.00\n20.00"
    assert row["金额\n元"] == "154.00"


@pytest.mark.parametrize("export", [hours_sheet, pay_sheet])
def test_a_month_without_records_is_a_report_of_none(september, tmp_path, export):
    page = export(tmp_path, date(2026, 2, 1))
    assert (page.rows, page.closing) == ([], "本期无记录（零报告）")


@pytest.mark.parametrize("export", [hours_sheet, pay_sheet])
def test_another_department_has_its_own_sheet(september, tmp_path, export):
    other = models.department_by_name("学生处")
    assert export(tmp_path, department=other).rows == []


@pytest.fixture
def crowd(office):
    """Sixty people, some with long names, on duty on each of 31 days; at the desk."""
    by, department = person("B0001"), models.department_by_name("教务处")
    with clock.set_at(datetime(2026, 8, 1, 8)):
        people = [
            models.add_person(
                by=by,
                number=f"20241105{n:02d}",
                name="阿卜杜热西提·买买提艾力" if n % 10 == 0 else f"李某{n}",
                role=models.PersonRole.ASSISTANT,
                department=department,
                class_name=LONG_CLASS if n % 7 == 0 else "软件2401",
            )
            for n in range(60)
        ]
    sync_both(office, datetime(2026, 8, 1, 9))
    desk = models.this_desk()
    with models.transaction():
        models.Attendance.write_new(
            [
                duty_of(who, desk, department, n, day)
                for n, who in enumerate(people)
                for day in range(1, 32)
            ],
            by=people[0],
        )
    return office


def duty_of(who, desk, department, n, day):
    begins = datetime(2026, 8, day, 8)
    return models.Attendance(
        person_uid=who.uid,
        person_number=who.number,
        person_name=who.name,
        desk_uid=desk.uid,
        desk_name=desk.name,
        department_uid=department.uid,
        department_name=department.name,
        post="AB"[n % 2],
        checked_in_at=begins,
        checked_out_at=begins + timedelta(minutes=1 + (n * 37 + day * 11) % 700),
        method_out="number",
    )


def test_the_sums_of_a_crowded_month_are_those_of_its_lines(crowd, tmp_path):
    august = date(2026, 8, 1)
    with clock.set_at(datetime(2026, 9, 1, 8)):
        lines = models.pay_lines(august)
        duties = models.duty_lines(august, date(2026, 8, 31))
        hours, pay = hours_sheet(tmp_path, august), pay_sheet(tmp_path, august)
    assert len(hours.rows) == len(lines) == 60
    for row, pay_line in zip(hours.rows, lines, strict=True):
        days = [minutes_in(text) for name, text in row.items() if name[0].isdigit()]
        assert len(days) == 31
        assert sum(days) == minutes_in(row["合计"]) == pay_line.worked
        assert minutes_in(row["本月\n计薪"]) == pay_line.paid
    worked = sum(minutes_in(text) for text in hours.column("合计"))
    assert worked == sum(duty.paid for duty in duties)
    assert f"工时 {worked // 60} 小时 {worked % 60} 分" in hours.closing
    amounts = pay.column("金额\n元")
    cents = [int(text.replace(",", "").replace(".", "")) for text in amounts]
    assert cents == [pay_line.amount for pay_line in lines]
    total = sum(cents)
    assert f"金额 {total // 100:,}.{total % 100:02d} 元" in pay.closing
    assert f"（大写）：{amount_in_words(total)}" in pay.closing


def test_a_debt_is_named_and_nobody_pays_it_on_the_list(september, tmp_path):
    decide(Excess.REFUSED, note="未经安排")
    by = person("B0001")
    with clock.set_at(at("09:00", OCTOBER)):
        models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
        correction = models.request_correction(
            by=by,
            attendance=models.Attendance.get(
                models.Attendance.person_uid == person(B).uid
            ),
            new_in=at("13:00"),
            new_out=at("13:40"),
            reason="核对监控",
        )
        for side in ("T001", "B0001"):
            models.decide(correction, by=person(side), approved=True)
        (line_,) = models.pay_lines(OCTOBER)
        page = hours_sheet(tmp_path, OCTOBER)
        assert pay_sheet(tmp_path, OCTOBER).rows == []
    assert (line_.adjusted, line_.paid) == (-60, 0)
    assert page.rows[0]["上限处理"] == "更正 -1:00\n下月扣减 1:00"
    assert "更正 减 1 小时 0 分，转入下月 减 1 小时 0 分；" in page.closing
