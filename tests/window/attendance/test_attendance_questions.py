"""What only the person can know is asked, and nothing else answers."""

from datetime import timedelta

import pytest
from attendancepage import (
    TUESDAY,
    WANG,
    WANG_CARD,
    ZHANG,
    ZHANG_CARD,
    detail,
    focused,
    row_of,
)
from duty import MONDAY, at, person

import models
from desk.widgets.clocktime import moment_from
from models import Attendance, Correction, clock


def test_b_takes_the_place_of_a_with_one_digit_and_enter(asked, drive):
    assert "张小明不在岗" in asked.questions.value("absent")
    assert not asked.questions.widget("forced").winfo_manager()
    drive.keys("4")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.cover_for_name, row.cover_reason) == ("张小明", "illness")
    assert "代张小明（病假）" in detail(asked)
    assert row_of(asked, "张小明")[5:7] == ("由人代班", "由王芳代班")
    assert "王芳（代A）" in asked.window.header.duty.cget("text")
    assert focused(asked) is asked.card


def test_zero_means_standing_by(asked, drive):
    drive.keys("1")
    drive.pump(0.1)
    drive.keys("0")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.post, row.cover_for_uid) == ("B", "")


def test_a_class_in_the_timetable_is_the_reason_offered(planned, at_time, request):
    with clock.set_at(at("07:30")):
        zhang = person(ZHANG)
        models.save_timetable(
            zhang,
            by=person("T001"),
            term=models.terms()[0],
            lessons=[
                {"weekday": 0, "first": 1, "last": 2, "weeks": "all", "name": "高数"}
            ],
        )
    at_time("08:31")
    window = request.getfixturevalue("window")
    window.sign_in(person("T001"))
    window.show("attendance")
    window.page.form.set("card", WANG)
    window.page.save_button.invoke()
    assert window.page.questions.value("reason") == "class"


def test_a_card_swiped_into_the_question_answers_nothing(asked, drive):
    drive.keys("2")
    drive.pump(0.35)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.2)
    assert Attendance.select().count() == 0
    assert asked.questions.value("reason") == "training"
    assert "刚才的刷卡没有记录" in asked.window.info.text
    assert "刚才的刷卡没有记录" in asked.window.status.text
    drive.pump(0.35)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert asked.window.info.text == asked.window.status.text == ""


def test_esc_gives_the_question_up_and_nothing_is_recorded(asked, drive):
    drive.keys("Escape")
    drive.wait_until(lambda: asked.form.winfo_ismapped(), "the card field")
    assert focused(asked) is asked.card
    assert asked.form.text("card") == WANG_CARD
    assert Attendance.select().count() == 0
    drive.swipe(ZHANG_CARD)  # types over the marked text
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")


@pytest.fixture
def unplanned(page, drive, at_time):
    """王芳 comes on Tuesday, when there is no shift at all."""
    at_time("09:00", TUESDAY)
    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    drive.pump(0.35)
    return page


def test_a_reason_has_to_be_given_against_the_plan(unplanned, drive):
    page = unplanned
    assert "不在已备案的排班里" in page.questions.value("cautions")
    assert focused(page) is page.questions.widget("forced")
    drive.keys("Return")
    drive.wait_until(lambda: page.questions.problems(), "the refusal")
    assert Attendance.select().count() == 0
    drive.paste(page.questions.widget("forced"), "临时加班")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.forced_reason, row.needs_approval) == ("临时加班", True)
    assert "不在备案排班内" in row_of(page, "王芳")[6]


def test_a_card_swiped_into_the_reason_leaves_what_was_typed(unplanned, drive):
    page = unplanned
    drive.paste(page.questions.widget("forced"), "临时加班")
    drive.pump(0.1)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.2)
    assert Attendance.select().count() == 0
    assert page.questions.text("forced") == "临时加班"


def test_a_forgotten_check_out_is_asked_for_with_the_planned_end(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("13:50")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    asked = page.questions.value("forgotten")
    assert "09-07 08:26 签到，没有签退" in asked and "几点离开" in asked
    assert page.questions.text("left") == "10:00"
    drive.pump(0.35)
    drive.keys("ctrl+a")
    drive.typing("0955")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 2, "the check-in")
    first, second = Attendance.select().order_by(Attendance.checked_in_at)
    assert first.checked_out_at == at("09:55")
    assert (first.method_out, first.needs_approval) == ("system", True)
    assert second.checked_out_at is None
    assert page.window.info.text == ""  # it was said already


@pytest.fixture
def forgotten(page, at_time):
    """张小明 came at 08:26 and is asked at 13:50 when they left."""
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("13:50")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    return page


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0800", "离开时间早于签到时间 08:26。"),
        ("1400", "离开时间不能晚于现在。"),
        ("", "请填写时间，例如 08:30 或 0830。"),
    ],
)
def test_a_time_of_leaving_that_cannot_be_is_refused(forgotten, typed, problem):
    form = forgotten.questions
    form.set("left", typed)
    form.submit()
    assert form.problems() == [problem]
    assert form._fields["left"].is_wrong
    assert Attendance.get().checked_out_at is None


def test_those_who_approve_read_when_somebody_says_they_left(forgotten):
    form = forgotten.questions
    form.set("left", "0826")
    form.submit()
    first = Attendance.select().order_by(Attendance.checked_in_at).first()
    assert first.checked_out_at == first.checked_in_at
    window = forgotten.window
    window.show("approvals")
    assert "08:26 离开" in window.page.view.form.value("reason")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2330", at("23:30")),
        ("0130", at("01:30", TUESDAY)),
        ("0215", at("02:15", TUESDAY)),
        ("2210", at("22:10")),
        ("2215", at("22:15")),
    ],
)
def test_only_a_shift_over_midnight_makes_a_time_the_next_days(typed, meant):
    came = at("22:15")
    assert moment_from(came, typed, at("02:00", TUESDAY)) == meant
    if typed < "2215":
        assert moment_from(came, typed, at("23:50")).date() == MONDAY


def test_esc_closes_the_sheet_of_keys_before_the_question(asked, drive):
    window = asked.window
    drive.keys("F1")
    drive.keys("Escape")
    assert window.keys._sheet is None
    assert asked.questions.winfo_ismapped()
    drive.keys("F1")
    drive.keys("F2")
    assert window.page is not asked and window.keys._sheet is None
    drive.keys("F4")
    drive.keys("Escape")
    drive.wait_until(lambda: asked.form.winfo_ismapped(), "the card field")


@pytest.mark.parametrize("typed", ["25:00", "早上"])
def test_a_time_that_is_none_is_refused_and_stays(page, typed, at_time):
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("13:50")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    page.questions.set("left", typed)
    page.questions.submit()
    assert "看不懂" in page.questions.problems()[0]
    assert page.questions.text("left") == typed
    assert Attendance.select().count() == 1


def test_a_check_out_forgotten_yesterday_is_asked_for_at_the_next_check_in(
    page, drive, at_time
):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("08:25", TUESDAY)
    page.window.watch.look()
    assert Attendance.get().checked_out_at is None
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    assert "几点离开的" in page.questions.widget("forgotten").said
    page.questions.set("left", "9:40")
    page.questions.set("forced", "换班")
    page.questions.submit()
    first, second = Attendance.select().order_by(Attendance.checked_in_at)
    assert (first.checked_out_at, first.method_out) == (at("09:40"), "system")
    assert first.needs_approval
    assert second.checked_out_at is None


def test_a_check_in_left_open_for_a_week_is_closed_when_a_day_begins(
    page, drive, at_time
):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("10:01", MONDAY + timedelta(days=7))
    page.window.watch.look()
    row = Attendance.get()
    assert row.checked_out_at == at("10:00") and row.needs_approval

    page.form.set("card", ZHANG)
    page.save_button.invoke()
    page.questions.set("forced", "换班")
    page.questions.submit()
    assert "系统按 10:00 代签退，待审核" in page.window.info.text
    page.window.info.action.invoke()
    drive.pump(0.1)
    assert page.correcting.winfo_ismapped()
    assert page.correcting.text("came") == "08:26"
    page.correcting.set("left", "9:40")
    page.correcting.set("reason", "有课先走了")
    page.correcting.submit()
    assert Correction.get().new_out == at("09:40")
