"""签到屏: a card in, a card out, and what has to be asked, on a screen of its own."""

import pytest
from attendancepage import WANG, WANG_CARD, ZHANG, ZHANG_CARD
from duty import person

from desk.checkinscreen import CheckInScreen, last_passed
from models import Attendance
from models.pins import set_pin, set_screen_pin


@pytest.fixture
def screen(page, drive):
    """At 08:26 on the Monday; a PIN would lead away."""
    set_screen_pin("250814", by=page.window.person)
    screen = CheckInScreen.begin(page.window)
    drive.wait_until(lambda: screen.focus_get() is screen.field, "the field")
    drive.pump(0.1)
    yield screen
    screen.go()
    drive.wait_until(lambda: not screen.root.attributes("-fullscreen"))


def said(screen):
    return f"{screen.banner.sign.cget('text')} {screen.banner.result.cget('text')}"


def test_cards_go_in_and_out_and_nobody_elses_does(screen, drive, at_time):
    drive.swipe("4711")
    assert said(screen) == "✖ 没有记录" and Attendance.select().count() == 0
    assert screen.field.get() == "" and screen.focus_get() is screen.field
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert said(screen) == "✔ 张小明 签到成功"
    drive.swipe(ZHANG_CARD)
    assert said(screen) == "▲ 张小明 重复刷卡"
    at_time("08:40")
    drive.swipe(ZHANG_CARD)
    assert said(screen) == "▲ 张小明 签退成功，请注意"  # early
    assert [(p.word, p.name) for p in last_passed()] == [
        ("签退", "张小明"),
        ("签到", "张小明"),
    ]
    listed = [label.cget("text") for label in screen.last]
    assert listed[0] == "08:40　签退　张小明" and ZHANG not in "".join(listed)


def test_what_has_to_be_asked_is_asked_there_by_key_or_touch(screen, drive, at_time):
    set_pin(person(WANG), "361925")
    at_time("08:31")  # and A is not there
    for digit in WANG:
        screen.pinpad.buttons[digit].invoke()
    screen.enter_button.invoke()
    asked = screen.pin_question
    assert asked.value("who") == "王芳"  # others read along: no number
    for pin in ("361926", "361925"):
        assert not screen.questions.winfo_manager()
        for digit in pin:
            screen.pin_pad.buttons[digit].invoke()
        asked.primary.invoke()
    drive.pump(0.3)
    assert said(screen) == "▲ 王芳，请先确认"
    drive.swipe(ZHANG_CARD)  # answers nothing
    assert "还没有签到" in said(screen) and Attendance.select().count() == 0
    drive.keys("Escape")
    assert "没有签到" in said(screen) and screen.focus_get() is screen.field
    drive.swipe(WANG_CARD)
    for digit in "361925":
        screen.pin_pad.buttons[digit].invoke()
    asked.primary.invoke()
    drive.pump(0.3)
    screen.questions.widget("reason").buttons["class"].invoke()
    screen.questions.primary.invoke()
    row = Attendance.get()
    assert (row.person_name, row.cover_reason) == ("王芳", "class")
    assert said(screen).startswith(("✔ 王芳 签到", "▲ 王芳 签到"))
    assert screen.card_form.winfo_manager() and screen.focus_get() is screen.field
