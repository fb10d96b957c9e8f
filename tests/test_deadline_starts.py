"""When a promise begins: evenings, weekends, the last day before a holiday (P22).

Counted by hand from the State Council's notice for 2026, as in `test_deadlines`:

    September 18 20 21 22 23 24 28 29 30   October 8 9 10 12 13 14 15 16 19 20 21
    February 10 11 12 13 14 24 25 26 27 28 March 2 3 4 5 6 9
"""

from datetime import date, datetime, timedelta

import pytest

import models
from models import UserError, VisitOutcome, clock


def moment(text):
    return datetime.fromisoformat(f"2026-{text}")


def day(text):
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def taken(assistant, service):
    """A visit with a promise of five days, taken down at a moment, perhaps later."""

    def take(text, entered="", **more):
        with clock.set_at(moment(entered or text)):
            return models.record_visit(
                by=assistant,
                service=service,
                outcome=VisitOutcome.PROMISED,
                visitor_name="张伟",
                arrived_at=moment(text),
                **more,
            )

    return take


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # The evening counts as the day it belongs to, whatever the hour.
        ("09-24 08:00", "10-09"),
        ("09-24 21:30", "10-09"),
        ("09-24 23:59", "10-09"),
        ("09-25 00:01", "10-09"),  # Mid-Autumn: nothing was lost by that
        # The last evening before National Day, and each kind of day in it.
        ("09-30 22:00", "10-13"),
        ("10-01 09:00", "10-13"),
        ("10-03 09:00", "10-13"),  # Saturday
        ("10-07 20:00", "10-13"),
        ("10-08 00:00", "10-14"),
        # A weekend, a Sunday that is worked and the night before it.
        ("09-19 10:00", "09-24"),
        ("09-19 23:00", "09-24"),
        ("09-20 19:00", "09-28"),
        ("10-10 19:00", "10-16"),
        ("10-11 10:00", "10-16"),
        # The last working day before Spring Festival is a Saturday.
        ("02-13 20:00", "02-27"),
        ("02-14 20:00", "02-28"),
        ("02-15 10:00", "02-28"),
        ("02-23 22:00", "02-28"),
        ("02-28 20:00", "03-06"),
        ("03-01 10:00", "03-06"),
    ],
)
def test_a_promise_begins_on_the_day_somebody_came(taken, start, due):
    assert taken(start).due_on == day(due)


def test_what_is_entered_after_the_holiday_was_promised_before_it(taken):
    visit = taken("09-30 16:00", entered="10-09 08:30")
    assert (visit.late_entry, visit.due_on) == (True, day("10-13"))
    case = models.case_of(visit)
    assert (case.due_on, case.steps[0].at) == (day("10-13"), moment("09-30 16:00"))
    # Entered so late that it is late already: it is, and stays so.
    assert taken("09-18 16:00", entered="10-09 08:30").due_on == day("09-24")


def test_twice_paused_over_the_holiday_no_working_day_is_lost_or_won(taken, assistant):
    visit = taken("09-28 09:00")  # due on 10 October
    waits = (
        ("09-29 20:00", "10-01 10:00"),  # 30, 8, 9 and 10 were left
        ("10-02 10:00", "10-07 22:00"),  # 8, 9, 10 and 12 were
        ("10-09 09:00", "10-09 18:00"),  # 10 and 12 were
    )
    expected = ("10-12", "10-12", "10-12")
    for (paused, resumed), due in zip(waits, expected, strict=True):
        with clock.set_at(moment(paused)):
            models.pause_case(visit, by=assistant, note="缺表")
        with clock.set_at(moment(resumed)):
            models.resume_case(visit, by=assistant)
        assert models.case_of(visit).due_on == day(due)
    assert len(models.case_of(visit).pauses) == 3


def test_an_extension_goes_to_a_later_day_with_a_reason_and_not_back(taken, assistant):
    visit = taken("09-28 09:00")
    with clock.set_at(moment("09-30 17:00")):
        for note, due, words in (
            ("", "10-12", "延期原因"),
            ("会签", "10-10", "晚于"),
            ("会签", "10-09", "晚于"),
        ):
            with pytest.raises(UserError, match=words):
                models.extend_case(visit, by=assistant, note=note, due_on=day(due))
        models.extend_case(visit, by=assistant, note="会签", due_on=day("10-14"))
    case = models.case_of(visit)
    assert (case.due_on, case.extensions) == (day("10-14"), 1)


def test_the_clock_of_the_pc_set_back_makes_nothing_earlier(taken, assistant):
    visit = taken("09-28 09:00")
    with clock.set_at(moment("09-30 17:00")):
        models.pause_case(visit, by=assistant, note="缺表")
    with clock.set_at(moment("09-30 17:00") - timedelta(days=20)):
        models.resume_case(visit, by=assistant)
    case = models.case_of(visit)
    assert [step.kind for step in case.steps] == ["accepted", "waiting", "complete"]
    # 8, 9 and 10 were left, from the day it was paused on.
    assert (case.is_paused, case.due_on) == (False, day("10-10"))
