"""The alarm of an empty post, and whose turn it is."""

import threading
import time
import timeit
from datetime import timedelta

from attendancepage import ZHANG, ZHANG_CARD
from duty import MONDAY, at, person
from focuswalk import is_in_sight

import models
from desk import watch
from exports.sync import sync
from models import Attendance, clock, storage
from models.base import transaction
from models.desks import DeskDepartment


def test_an_empty_post_raises_an_alarm_that_ends_with_a_check_in(page, drive, at_time):
    window = page.window
    window.show("visits")
    window.page.form.focus_field("visitor")
    drive.pump(0.05)
    drive.typing("zs")
    at_time("08:36")
    window.watch.look()
    assert window.alarm.text.startswith(
        "08:30–10:00 的班已经 6 分钟没有人在岗：A 岗 张小明，B 岗 王芳。"
    )
    assert window.root.focus_get() is window.page.form.widget("visitor")
    assert window.page.form.text("visitor") == "zs"
    window.info.show("别的提示", "warning")
    drive.keys("Escape", "Escape")
    assert window.alarm.is_shown
    window.alarm.action.invoke()
    drive.pump(0.3)
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: not window.alarm.is_shown, "the end of the alarm")


def test_an_alarm_once_read_does_not_come_back_for_that_shift(page, at_time):
    window = page.window
    at_time("08:36")
    window.watch.look()
    window.alarm.close_button.invoke()
    at_time("08:40")
    window.watch.look()
    assert not window.alarm.is_shown
    at_time("10:06")
    window.watch.look()
    assert window.alarm.text.startswith("10:00–12:00 的班")


def test_nothing_is_looked_at_while_nobody_is_signed_in(planned, window, at_time):
    at_time("08:36")
    window.watch.look()
    assert not window.alarm.is_shown and not window.watch._timer


def test_an_alarm_under_the_lock_is_seen_when_it_is_gone(page, drive, at_time):
    window = page.window
    window.lock()
    at_time("08:36")
    window.watch.look()
    drive.pump()
    assert window.alarm.is_shown and not is_in_sight(window.alarm)
    assert window.root.focus_get() is window.cover.field
    window.cover.go()
    drive.pump()
    assert is_in_sight(window.alarm)


def test_who_stayed_past_the_shift_is_asked_about(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("10:20")
    page.window.watch.look()
    assert "张小明 10:00 下班，还没有签退" in page.window.alarm.text
    page.window.alarm.action.invoke()
    assert Attendance.select().where(Attendance.checked_out_at.is_null()).count() == 0
    assert not page.window.alarm.is_shown


def test_nobody_answers_for_themselves_that_they_have_left(page, at_time):
    window = page.window
    window.lock()
    window.sign_in(person(ZHANG))
    window.show("attendance")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("10:20")
    window.watch.look()
    window.alarm.action.invoke()
    assert "请刷卡签退" in window.info.text
    assert Attendance.get().checked_out_at is None


def test_the_watch_looks_by_itself(page, drive, at_time, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_MS", 30)
    page.window.watch.start()
    assert not page.window.alarm.is_shown
    at_time("08:36")
    drive.wait_until(lambda: page.window.alarm.is_shown, "the alarm")


def test_an_exchange_with_the_share_is_not_disturbed(page, drive, at_time):
    window, going_on = page.window, threading.Event()
    window.jobs.start(lambda report: going_on.wait(5), on_done=lambda result: None)
    at_time("08:36")
    window.watch.look()
    assert not window.alarm.is_shown
    going_on.set()
    drive.wait_until(lambda: not window.jobs.running, "the job's end")
    window.watch.look()
    assert window.alarm.is_shown


def test_a_look_takes_less_than_a_fiftieth_of_a_second(page, at_time):
    at_time("08:36")
    look = page.window.watch.look
    look()
    taken = timeit.repeat(look, timer=time.process_time, number=1, repeat=5)
    assert min(taken) < 0.02


def test_a_joint_desk_shows_whose_turn_it_is(centre, at_time, request, drive):
    storage.open_database(centre / "office")
    head, desk = person("9001"), models.desk_by_code("jiaowu")
    units = [models.department_by_name(name) for name in ("教务处", "团委")]
    with clock.set_at(at("07:10")):
        with transaction():
            DeskDepartment(
                desk_uid=desk.uid, department_uid=units[1].uid, starts_on=MONDAY
            ).write(by=head)
        models.set_rotation(desk, by=head, starts_on=MONDAY, every="week", units=units)
        sync()
        storage.open_database(centre / "desk")
        sync()
    window = request.getfixturevalue("window")
    for day, unit in ((MONDAY, "教务处"), (MONDAY + timedelta(days=7), "团委")):
        at_time("08:26", day)
        window.sign_in(person("T001"))
        words = window.header.duty.cget("text")
        assert words == f"今日 {unit} · 现在没有人在岗"


def test_whoever_stood_in_stands_by_again_once_a_is_back():
    rows = [
        Attendance(person_uid="b", person_name="王芳", post="B", cover_for_uid="a"),
        Attendance(person_uid="a", person_name="曾单", post="A"),
    ]
    assert watch.duty_words(rows[:1]) == "在岗：王芳（代A）"
    assert watch.duty_words(rows) == "在岗：王芳（B）、曾单（A）"
