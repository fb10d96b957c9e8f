"""申请更正: other times are asked for in place."""

from attendancepage import WANG, ZHANG, choose
from duty import at, person

from models import Correction


def test_a_correction_is_asked_for_in_place(requested):
    asked = Correction.get()
    assert (asked.old_in, asked.new_in) == (at("08:50"), at("08:28"))
    assert asked.new_out == at("10:00")
    assert asked.requester_name == "李老师"
    assert requested.form.winfo_manager()
    notes = [row[6] for row in requested.table.rows() if row[2] == "08:30–10:00"]
    assert notes == ["更正待审核"]


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
    asked = Correction.get()
    assert (asked.attendance_uid, asked.witness_name) == ("", "王芳")
    assert (asked.new_in, asked.new_out) == (at("10:00"), at("12:00"))


def test_b_may_have_been_there_without_a_check_in(page, at_time):
    at_time("12:30")
    window = page.window
    window.lock()
    window.sign_in(person(WANG))
    window.show("attendance")
    page.list_buttons["申请更正"].invoke()
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines == ["09-07 周一 B 岗 08:30–10:00 没有签到"]
