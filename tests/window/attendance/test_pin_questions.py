"""签到密码: whoever set one is asked for it."""

from attendancepage import WANG_CARD, ZHANG, ZHANG_CARD, result
from duty import person

from models import Attendance
from models.pins import has_pin, set_pin


def slowly(drive, *keys):
    """As a person types: a card is faster."""
    drive.keys(*keys, delay=110)


def test_whoever_set_a_pin_is_asked_for_it_and_nobody_else(page, drive, at_time):
    page.form.set("card", ZHANG)
    page.pin_button.invoke()
    drive.pump(0.3)
    slowly(drive, *"250814", "Return", *"250814", "Return", "Return")
    drive.wait_until(lambda: page.form.winfo_ismapped(), "the card form")
    assert has_pin(person(ZHANG))

    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.pin_question.winfo_ismapped(), "the question")
    assert Attendance.select().count() == 0
    drive.pump(0.3)
    slowly(drive, *"250815", "Return")
    assert "签到密码不对" in page.pin_question.problems()[0]
    assert page.pin_question.text("pin") == ""
    slowly(drive, *"250814", "Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert result(page) == "张小明 签到成功"

    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 2, "the other check-in")


def test_a_second_card_does_not_answer_for_the_pin(page, drive, at_time):
    set_pin(person(ZHANG), "250814")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.pin_question.winfo_ismapped(), "the question")
    drive.swipe(WANG_CARD)
    assert "刚才的刷卡没有记录" in page.window.info.text
    assert page.pin_question.text("pin") == ""
    assert Attendance.select().count() == 0
    drive.keys("Escape")
    assert page.form.winfo_ismapped()


def test_two_pins_that_differ_are_refused_and_a_teacher_resets_one(page, drive):
    set_pin(person(ZHANG), "250814")
    page.form.set("card", ZHANG)
    page.pin_button.invoke()
    setting = page.pin_setting
    setting.set("current", "250814")
    setting.set("pin", "361925")
    setting.set("again", "361926")
    setting.submit()
    assert "不一样" in setting.problems()[0]
    setting.reset_button.invoke()
    drive.pump()
    assert not has_pin(person(ZHANG))
    assert "已清除" in page.window.status.text
