"""申请更正: other times are asked for in place."""

import pytest
from attendancepage import WANG, ZHANG, choose, choose_first_shift, result
from duty import at, person

from models import Correction


def test_a_correction_is_asked_for_in_place(requested):
    asked = Correction.get()
    assert (asked.old_in, asked.new_in) == (at("08:50"), at("08:28"))
    assert asked.new_out == at("10:00")
    assert asked.requester_name == "李老师"
    assert requested.form.winfo_manager()
    notes = [row[6] for row in requested.table.rows() if row[2] == "08:30–10:00"]
    assert notes == ["更正待审核（08:28–10:00）"]


def test_asking_again_is_refused_at_the_button(requested):
    choose(requested, "张小明")
    for item in requested.table.tree.get_children():
        if "更正待审核" in requested.table.tree.item(item, "values")[6]:
            requested.table.tree.selection_set(item)
    requested.list_buttons["申请更正"].invoke()
    assert "已经有一份更正在等审核" in requested.window.info.text
    assert not requested.correcting.winfo_manager()


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("came", "25:00", "时间“25:00”看不懂"),
        ("came", "", "请填写时间"),
        ("left", "", "请填写时间"),
        ("left", "0800", "签退时间早于签到时间 08:30"),
    ],
)
def test_a_wrong_time_marks_its_own_field(page, at_time, field, typed, problem):
    at_time("12:30")
    page.refresh()
    choose_first_shift(page)
    page.list_buttons["申请更正"].invoke()
    form = page.correcting
    form.set("reason", "读卡器坏了")
    form.set(field, typed)
    form.submit()
    assert [problem in text for text in form.problems()] == [True]
    assert form._fields[field].is_wrong
    assert Correction.select().count() == 0
    assert page.window.info.text == ""


def test_a_shift_that_is_not_over_cannot_be_corrected(page, drive, at_time):
    choose(page, "王芳")
    page.list_buttons["申请更正"].invoke()
    assert page.window.info.text == "这一班还没有结束，结束后才能申请更正。"
    assert page.form.winfo_manager()


def test_a_missed_shift_is_asked_for_by_its_person(page, drive, at_time):
    at_time("12:30")
    page.refresh()
    window = page.window
    window.lock()
    window.sign_in(person(ZHANG))
    window.show("attendance")
    page.list_buttons["申请更正"].invoke()
    drive.pump(0.1)
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines == [
        "09-07 周一 A 岗 10:00–12:00 没有签到",
        "09-07 周一 A 岗 08:30–10:00 没有签到",
    ]
    page.correcting.set("reason", "读卡器坏了")
    page.correcting.set("witness", person(WANG))
    page.correcting.submit()
    notes = {row[2]: row[6] for row in page.table.rows() if row[0] == "张小明"}
    assert notes["10:00–12:00"] == "更正待审核（10:00–12:00）"
    page.list_buttons["申请更正"].invoke()
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines[0] == "09-07 周一 A 岗 10:00–12:00 更正待审核（10:00–12:00）"
    asked = Correction.get()
    assert (asked.attendance_uid, asked.witness_name) == ("", "王芳")
    assert (asked.new_in, asked.new_out) == (at("10:00"), at("12:00"))


def test_an_old_refusal_does_not_stand_beside_the_request(page, drive):
    drive.swipe("0009990001")
    drive.wait_until(lambda: result(page) == "没有记录", "the refusal")
    page.window.info.hide()
    page.list_buttons["申请更正"].invoke()
    assert result(page) == "申请更正"
    drive.pump(0.35)
    drive.keys("Escape")
    assert result(page) == "请刷卡"


def test_b_may_have_been_there_without_a_check_in(page, at_time):
    at_time("12:30")
    window = page.window
    window.lock()
    window.sign_in(person(WANG))
    window.show("attendance")
    page.list_buttons["申请更正"].invoke()
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines == ["09-07 周一 B 岗 08:30–10:00 没有签到"]
