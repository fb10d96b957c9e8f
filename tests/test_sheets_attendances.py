"""签到签退表 against what the duty lines say: one truth, and the sums agree."""

from datetime import date, timedelta

import pytest
from duty import MONDAY, at, clock_at, line, person, put_in_force
from sheets import ReadBack, minutes_in

import models
from exports.ledgers import export_ledger, ledger_by_code
from exports.ledgers.checking import check_ledger
from exports.sync import sync
from models import UserError, clock

A, B = "2024110201", "2024110202"
TUESDAY = MONDAY + timedelta(days=1)
WEEK = {"first": MONDAY, "last": MONDAY + timedelta(days=6)}


@pytest.fixture
def week(station, assistant, other_assistant, tmp_path):
    """08:30–10:00 and 10:00–12:00 on Monday, 08:30–10:00 on Tuesday and Wednesday."""
    put_in_force(
        station,
        [
            line("08:30", "10:00", assistant, other_assistant),
            line("10:00", "12:00", other_assistant),
            line("08:30", "10:00", assistant, other_assistant, weekday=1),
            line("08:30", "10:00", assistant, weekday=2),
        ],
    )
    return station


def work(number, begins, ends, day=MONDAY, **how):
    with clock_at(begins, day):
        models.check_in(person(number), **how)
    with clock_at(ends, day):
        models.leave(models.open_attendance(person(number)), by=person(number))


def sheet(tmp_path, day=MONDAY + timedelta(days=5), **chosen):
    path = tmp_path / "签到签退表.docx"
    with clock_at("20:00", day):
        made = export_ledger(ledger_by_code("attendances"), path, **{**WEEK, **chosen})
        lines = models.duty_lines(WEEK["first"], WEEK["last"])
    page = ReadBack(path)
    assert made.rows == len(page.rows)
    return page, lines


def test_late_early_absent_and_cover_are_told_and_the_sums_are_those_of_duty(
    week, tmp_path
):
    work(A, "08:45", "09:50")
    work(B, "10:00", "12:10")
    work(B, "08:25", "10:00", TUESDAY, cover_for=person(A), cover_reason="class")
    page, lines = sheet(tmp_path)
    assert page.rows[0] == {
        "日期": "2026-09-07",
        "教学周\n星期 节次": "第1周\n周一 1–2节",
        "窗口": "教务事务窗口",
        "姓名": "曾单",
        "学号/工号": A,
        "岗别": "A 岗",
        "应到—应离": "08:30–10:00",
        "签到": "08:45",
        "签退": "09:50",
        "代班": "",
        "迟到/早退\n/缺勤": "迟到15分\n早退10分",
        "事由": "",
        "工时": "1:05",
        "方式": "学号",
        "备注": "",
    }
    told = [
        (
            row["日期"][8:],
            row["姓名"],
            row["代班"],
            row["迟到/早退\n/缺勤"],
            row["事由"],
        )
        for row in page.rows[1:]
    ]
    assert told == [
        ("07", "王芳", "", "", ""),
        ("08", "王芳", "替曾单", "", "上课"),
        ("08", "曾单", "由王芳代", "", ""),
        ("09", "曾单", "", "缺勤", ""),
    ]
    assert page.closing == (
        "合计　2 人，共 5 条，计薪工时 4 小时 35 分；迟到 1 次，早退 1 次，缺勤 1 次。"
    )
    printed = sum(map(minutes_in, page.column("工时")))
    assert printed == sum(line.paid for line in lines) == 4 * 60 + 35


def test_a_forgotten_check_out_waits_and_is_not_among_the_hours(week, tmp_path):
    with clock_at("08:30"):
        models.check_in(person(A))
    with clock_at("07:00", TUESDAY):
        models.close_all_forgotten(after=timedelta())
    page, lines = sheet(tmp_path, first=MONDAY, last=MONDAY)
    row = page.rows[0]
    assert (row["签退"], row["方式"], row["工时"]) == ("10:00", "学号/系统代签", "0:00")
    assert row["备注"] == "△系统代签；待审核 1:30"
    assert "（另有待审核 1 条 1 小时 30 分）" in page.closing
    assert sum(line.pending for line in lines) == 90


def test_a_correction_shows_the_original_beside_the_times_that_count(week, tmp_path):
    work(A, "08:50", "10:00")
    with clock_at("13:00"):
        asked = models.request_correction(
            by=person("T001"),
            attendance=models.Attendance.get(),
            new_in=at("08:30"),
            new_out=at("10:00"),
            reason="读卡器故障",
        )
    page, _ = sheet(tmp_path)
    assert (page.rows[0]["签到"], page.rows[0]["备注"]) == ("08:50", "更正待审核")
    approve(week, asked)
    page, _ = sheet(tmp_path)
    assert (page.rows[0]["签到"], page.rows[0]["工时"]) == ("08:30", "1:30")
    assert page.rows[0]["备注"] == "已更正：原 08:50–10:00，因读卡器故障"


def test_a_check_in_recorded_later_says_so(week, tmp_path):
    with clock_at("13:00"):
        (shift, *_) = models.shifts_on(MONDAY)
        asked = models.request_correction(
            by=person("T001"),
            person=person(A),
            shift=shift,
            new_in=at("08:30"),
            new_out=at("10:00"),
            reason="停电",
        )
    page, _ = sheet(tmp_path)
    assert page.rows[0]["迟到/早退\n/缺勤"] == "缺勤"
    approve(week, asked)
    page, _ = sheet(tmp_path)
    row = page.rows[0]
    assert (row["签到"], row["方式"], row["备注"]) == ("08:30", "补签", "补签：停电")
    assert row["迟到/早退\n/缺勤"] == ""


def approve(centre, correction):
    """By both bosses; the station is open afterwards."""
    with clock_at("14:00"):
        models.decide(correction, by=person("T001"), approved=True)
        sync()
        models.open_database(centre.office)
        sync()
        correction = models.Correction.get_by_id(correction.uid)
        models.decide(correction, by=person("B0001"), approved=True)
        sync()
        models.open_database(centre.station)
        sync()


def test_what_was_forced_names_reason_and_warnings_and_the_uniform(week, tmp_path):
    work(B, "14:00", "15:00", forced_reason="临时顶班", uniform=False)
    page, lines = sheet(tmp_path, first=MONDAY, last=MONDAY)
    row = page.rows[-1]
    assert row["应到—应离"] == ""
    assert (
        "说明原因后签到：临时顶班（" in row["备注"] and "不在备案排班内" in row["备注"]
    )
    assert "未着装" in row["备注"]
    assert lines[2].fact.state == "pending"


def test_a_minute_two_check_ins_share_counts_once_and_is_named(week, tmp_path):
    work(A, "08:30", "10:00")
    with models.transaction():
        first = models.Attendance.get()
        models.Attendance(
            **{
                name: value
                for name, value in first.__data__.items()
                if name not in ("uid", "revision", "station")
            }
            | {"checked_in_at": at("09:00")}
        ).write(by=person(A))
    page, lines = sheet(tmp_path, first=MONDAY, last=MONDAY)
    assert page.rows[1]["备注"] == "与另一班重复 60 分不计"
    assert sum(map(minutes_in, page.column("工时"))) == 90
    assert sum(line.paid for line in lines) == 90


def test_it_can_be_narrowed_by_desk_department_and_person(week, tmp_path):
    work(A, "08:30", "10:00")
    work(B, "10:00", "12:00")
    other = models.desk_by_code("xuesheng")
    hr = models.department_by_name("学生处")
    assert sheet(tmp_path, worker=person(B))[0].column("姓名") == ["王芳"]
    assert len(sheet(tmp_path, department=models.department_by_name("教务处"))[0].rows)
    assert sheet(tmp_path, department=hr)[0].rows == []
    assert sheet(tmp_path, desk=other)[0].closing == "本期无记录（零报告）"
    with pytest.raises(UserError, match="不能按印章导出"):
        sheet(tmp_path, seal=models.seals()[0])
    with pytest.raises(UserError, match="不能按人员导出"):
        export_ledger(
            ledger_by_code("visits"), tmp_path / "x.docx", **WEEK, worker=person(B)
        )


def test_outside_a_term_only_the_weekday_is_printed(station, assistant, tmp_path):
    summer = date(2026, 8, 3)
    with clock.set_at(at("09:00", summer)):
        models.check_in(assistant)
    with clock.set_at(at("10:00", summer)):
        models.leave(models.open_attendance(assistant), by=assistant)
    page, _ = sheet(tmp_path, first=summer, last=summer)
    assert page.rows[0]["教学周\n星期 节次"] == "周一"


def register(code, tmp_path, day=MONDAY + timedelta(days=20), **chosen):
    """A register of the three weeks, read back, that stands up to checking."""
    path = tmp_path / f"{code}.docx"
    days = {"first": MONDAY, "last": MONDAY + timedelta(days=18)}
    with clock_at("20:00", day):
        made = export_ledger(ledger_by_code(code), path, **{**days, **chosen})
        check = check_ledger(path)
    page = ReadBack(path)
    assert made.rows == len(page.rows)
    assert check.good, (check.faults, check.notes)
    return page


def test_who_was_away_why_and_who_stood_in_is_a_register(week, tmp_path):
    work(A, "08:30", "10:00")
    work(B, "10:00", "12:00")
    work(B, "08:25", "10:00", TUESDAY, cover_for=person(A), cover_reason="class")
    next_monday = MONDAY + timedelta(days=7)
    work(
        B,
        "14:00",
        "15:00",
        next_monday,
        cover_for=person(A),
        cover_reason="internship",
        forced_reason="临时顶班",
    )
    page = register("covers", tmp_path, last=next_monday)
    # Nobody came on Wednesday, nor to the two shifts of the Monday after it.
    assert [(row["日期"][8:], row["离岗\n事由"], row["备注"]) for row in page.rows] == [
        ("08", "上课", ""),
        ("09", "未说明", "无人替岗"),
        ("14", "未说明", "无人替岗"),
        ("14", "未说明", "无人替岗"),
        ("14", "实习", "临时顶班"),
    ]
    assert page.rows[0] == {
        "日期": "2026-09-08",
        "教学周\n星期 节次": "第1周\n周二 1–2节",
        "窗口": "教务事务窗口",
        "应到—应离": "08:30–10:00",
        "离岗人": f"曾单\n{A}",
        "离岗\n事由": "上课",
        "替岗人": f"王芳\n{B}",
        "岗别": "B 岗",
        "替岗时间": "08:25–10:00",
        "工时": "1:30",
        "方式": "学号",
        "审批": "按备案排班\nAB〔2026〕1号",
        "备注": "",
    }
    assert page.rows[-1]["审批"] == "待审核"
    assert (page.rows[1]["替岗人"], page.rows[1]["替岗时间"]) == ("", "")
    assert page.closing == (
        "合计　共离岗 5 次：未说明 3、上课 1、实习 1；有人替岗 2 次，"
        "计薪工时 1 小时 30 分；无人替岗 3 次。"
    )
    only = register("covers", tmp_path, last=next_monday, worker=person(B))
    assert [row["离岗\n事由"] for row in only.rows] == ["上课", "未说明", "实习"]
    other = models.department_by_name("学生处")
    assert register("covers", tmp_path, department=other).rows == []


def test_a_correction_that_was_asked_for_is_a_line_with_both_opinions(week, tmp_path):
    work(A, "08:50", "10:00")
    with clock_at("13:00"):
        late = models.request_correction(
            by=person(A),
            attendance=models.Attendance.get(),
            new_in=at("08:30"),
            new_out=at("10:00"),
            reason="读卡器故障",
            witness=person(B),
        )
    approve(week, late)
    with clock_at("15:00", MONDAY + timedelta(days=2)):
        (shift, *_) = models.shifts_on(TUESDAY)
        missed = models.request_correction(
            by=person("T001"),
            person=person(A),
            shift=shift,
            new_in=at("08:30", TUESDAY),
            new_out=at("08:30", TUESDAY),
            reason="没有来",
        )
    page = register("corrections", tmp_path)
    assert page.rows[0] == {
        "申请时间": "2026-09-07 13:00",
        "姓名": f"曾单\n{A}",
        "窗口": "教务事务窗口",
        "岗别": "A 岗",
        "班次": "2026-09-07\n08:30–10:00",
        "原签到签退": "09-07\n08:50–10:00",
        "更正为": "09-07\n08:30–10:00",
        "更正原因": "读卡器故障",
        "证明人": "王芳",
        "申请人": "曾单",
        "部门意见": "同意\n李老师 09-07",
        "办公室意见": "同意\n顾主任 09-07",
        "结果": "已同意\n2026-09-07",
    }
    waiting = page.rows[1]
    assert (waiting["原签到签退"], waiting["更正为"]) == ("没有记录", "没有到岗")
    assert (waiting["部门意见"], waiting["结果"]) == ("待审核", "待审核")
    assert page.closing == "合计　共申请 2 次：待审核 1、已同意 1。"
    printed = tmp_path / "corrections.docx"
    with clock_at("16:00", MONDAY + timedelta(days=21)):
        models.decide(missed, by=person("T001"), approved=False, note="请本人说明")
        again = tmp_path / "再"
        again.mkdir()
        refused = register("corrections", again, MONDAY + timedelta(days=21))
        check = check_ledger(printed)
    assert refused.rows[1]["部门意见"] == "不同意：请本人说明\n李老师 09-28"
    assert refused.rows[1]["办公室意见"] == "—"
    assert check.good and any("改过" in text for text in check.later)
    assert register("corrections", tmp_path, worker=person(B)).rows == []
