"""Today's list: who is here, who is still to come, and what can be done for them."""

from attendancepage import (
    TUESDAY,
    ZHANG,
    ZHANG_CARD,
    cells_cut,
    choose,
    put_in_force,
    row_of,
)
from duty import at, line, person

import models
from models import Attendance, clock, storage


def test_the_list_shows_who_is_still_to_come_and_who_was_absent(page, at_time):
    states = [row[5] for row in page.table.rows()]
    assert states == ["待上岗"] * 3
    at_time("08:45")
    page.refresh()
    assert page.table.rows()[0][5:7] == ("还没到", "B 岗：王芳")
    at_time("10:30")
    page.refresh()
    absent = page.table.rows()[0]
    assert (absent[0], absent[2], absent[5]) == ("张小明", "08:30–10:00", "缺勤")


def test_whoever_came_before_midnight_is_still_in_the_list(
    centre, at_time, request, drive
):
    storage.open_database(centre / "office")
    put_in_force(centre, [line("22:00", "02:00", person(ZHANG))])
    with clock.set_at(at("21:58")):
        models.check_in(person(ZHANG))
    at_time("00:30", TUESDAY)
    window = request.getfixturevalue("window")
    window.sign_in(person("T001"))
    window.show("attendance")
    assert row_of(window.page, "张小明")[2:5] == ("22:00–02:00", "21:58", "在岗")
    assert "在岗：张小明（A）" in window.header.duty.cget("text")


def test_the_hours_of_the_marked_person_are_shown(page, drive):
    choose(page, "张小明")
    drive.pump(0.05)
    words = page.about.cget("text")
    assert "张小明：本周 0 小时 / 8 小时（还排了 3 小时 30 分）" in words


def test_b_at_the_desk_takes_the_place_of_a_from_the_list(asked, drive, at_time):
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("08:50")
    choose(asked, "王芳")
    asked.list_buttons["替 A 岗"].invoke()
    drive.pump(0.35)
    drive.keys("2")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 2, "the cover")
    cover = Attendance.select().order_by(Attendance.uid.desc()).first()
    assert (cover.cover_for_name, cover.cover_reason) == ("张小明", "training")


def test_somebody_who_has_gone_is_checked_out_for_them(page, drive, at_time, shown):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("09:30")
    choose(page, "张小明")
    shown.answers = [False, True]
    page.list_buttons["代签退"].invoke()
    assert "张小明已经离开了吗？签退时间记为现在 09:30" in shown[0]
    assert Attendance.get().checked_out_at is None
    page.list_buttons["代签退"].invoke()
    assert Attendance.get().method_out == "proxy"
    assert "代签" in row_of(page, "张小明")[7]


def test_nobody_checks_themselves_out_as_somebody_else(page, at_time):
    window = page.window
    window.lock()
    window.sign_in(person(ZHANG))
    window.show("attendance")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("09:30")
    choose(page, "张小明")
    page.list_buttons["代签退"].invoke()
    assert "请刷卡签退" in window.info.text
    assert Attendance.get().checked_out_at is None


def test_late_and_early_are_read_in_full(page, drive, at_time):
    at_time("08:52")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("09:24")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    drive.pump(0.1)
    states = [row[5] for row in page.table.rows()]
    assert "迟到22分早退36分" in states
    assert cells_cut(page.table, ["情况"]) == []
