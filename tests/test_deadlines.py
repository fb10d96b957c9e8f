"""Deadlines around National Day and Spring Festival 2026, counted by hand (P22).

From the notice of the State Council: 25 to 27 September and 1 to 7 October are off,
Sunday 20 September and Saturday 10 October are worked; 15 to 23 February are off,
Saturdays 14 and 28 February are worked.  So the working days are

    September 18 20 21 22 23 24 28 29 30   October 8 9 10 12 13 14 15 16 19 20 21
    February 10 11 12 13 14 24 25 26 27 28 March 2 3 4 5 6 9
"""

from datetime import date, datetime

import pytest
from elsewhere import step_there
from exchange import exchange

import models
from models import CaseStatus, StepKind, Urgency, UserError, VisitOutcome, clock


def day(text):
    return date.fromisoformat(f"2026-{text}")


def on(text, hour=9):
    return clock.set_at(datetime.fromisoformat(f"2026-{text} {hour:02}:00:00"))


@pytest.fixture
def promise(assistant, service):
    """Take down a visit with a promise on a day; the service has five days."""
    assert service.working_days == 5

    def take(text, **more):
        with on(text):
            return models.record_visit(
                by=assistant,
                service=service,
                outcome=VisitOutcome.PROMISED,
                visitor_name="张伟",
                **more,
            )

    return take


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Around Mid-Autumn and National Day.
        ("09-18", 1, "09-20"),  # Friday to the worked Sunday
        ("09-19", 1, "09-20"),
        ("09-20", 1, "09-21"),
        ("09-24", 1, "09-28"),  # Thursday over Mid-Autumn
        ("09-24", 3, "09-30"),
        ("09-24", 4, "10-08"),
        ("09-29", 1, "09-30"),
        ("09-30", 1, "10-08"),
        ("09-30", 3, "10-10"),  # to the worked Saturday
        ("09-30", 4, "10-12"),
        ("10-01", 1, "10-08"),  # a duty day within the holidays
        ("10-05", 3, "10-10"),
        ("10-07", 5, "10-13"),
        ("10-10", 1, "10-12"),
        ("09-23", 15, "10-21"),
        # Around Spring Festival.
        ("02-11", 3, "02-14"),  # to the worked Saturday
        ("02-12", 1, "02-13"),
        ("02-13", 1, "02-14"),
        ("02-13", 2, "02-24"),
        ("02-14", 1, "02-24"),
        ("02-14", 5, "02-28"),
        ("02-14", 6, "03-02"),
        ("02-16", 1, "02-24"),
        ("02-23", 5, "02-28"),
        ("02-12", 7, "02-28"),
        ("02-10", 10, "03-02"),
    ],
)
def test_a_promise_counts_working_days_only(station, start, days, due):
    assert models.working_day_after(day(start), days) == day(due)


@pytest.mark.parametrize(
    ("start", "paused", "resumed", "first", "due"),
    [
        # 29 September leaves 30, 8, 9; from 9 October those are 10, 12, 13.
        ("09-24", "09-29", "10-09", "10-09", "10-13"),
        # Everything came in within the holidays: no working day was lost.
        ("09-28", "09-30", "10-05", "10-10", "10-10"),
        # Paused and resumed on one day.
        ("09-28", "09-28", "09-28", "10-10", "10-10"),
        # Paused on its last day: what is left is the day it is resumed on.
        ("09-28", "10-10", "10-12", "10-10", "10-12"),
        ("09-28", "10-10", "10-11", "10-10", "10-12"),
        # It was late when it was paused, and is still.
        ("09-21", "09-30", "10-09", "09-29", "09-29"),
        # 13 February leaves 14 and 24; from 26 February those are 27 and 28.
        ("02-10", "02-13", "02-26", "02-24", "02-28"),
        # Paused within the holidays: 24 is left; from 28 February that is 2 March.
        ("02-10", "02-20", "02-28", "02-24", "03-02"),
        ("02-13", "02-14", "02-24", "02-27", "02-28"),
    ],
)
def test_a_pause_gives_back_the_working_days_that_were_left(
    promise, assistant, start, paused, resumed, first, due
):
    visit = promise(start)
    assert models.case_of(visit).due_on == day(first)
    with on(paused):
        models.pause_case(visit, by=assistant, note="缺成绩单")
    case = models.case_of(visit)
    assert (case.status, case.due_on) == (CaseStatus.WAITING, None)
    assert (case.paused_on, case.pause_reason) == (day(paused), "缺成绩单")
    with on(resumed):
        models.resume_case(visit, by=assistant)
    case = models.case_of(visit)
    assert (case.status, case.due_on) == (CaseStatus.OPEN, day(due))
    assert case.pauses == [(day(paused), day(resumed), "缺成绩单")]


@pytest.mark.parametrize(
    ("start", "complete", "due"),
    [
        ("02-12", "02-14", "02-28"),
        ("02-12", "02-15", "02-28"),
        ("02-12", "02-12", "02-26"),
        ("09-24", "10-09", "10-15"),
        ("09-24", "10-10", "10-16"),
    ],
)
def test_the_clock_starts_when_everything_is_there(
    promise, assistant, start, complete, due
):
    visit = promise(start, materials_complete=False, result="缺成绩单")
    case = models.case_of(visit)
    assert [step.kind for step in case.steps] == ["accepted", "waiting"]
    assert (case.status, case.due_on, visit.due_on) == (CaseStatus.WAITING, None, None)
    assert (case.pause_reason, case.complete_on) == ("缺成绩单", None)
    with on(complete):
        models.resume_case(visit, by=assistant)
    case = models.case_of(visit)
    assert (case.due_on, case.complete_on) == (day(due), day(complete))


def test_without_what_is_missing_or_with_a_day_nothing_incomplete_is_taken(promise):
    with pytest.raises(UserError, match="还缺什么"):
        promise("02-12", materials_complete=False)
    with pytest.raises(UserError, match="应办结日"):
        promise("02-12", materials_complete=False, result="缺表", due_on=day("02-14"))


@pytest.mark.parametrize(
    ("due", "today", "late", "urgency"),
    [
        ("09-30", "09-28", 0, Urgency.NONE),
        ("09-30", "09-29", 0, Urgency.SOON),
        ("09-30", "09-30", 0, Urgency.TODAY),
        ("09-30", "10-01", 0, Urgency.OVERDUE),  # late, by no working day yet
        ("09-30", "10-07", 0, Urgency.OVERDUE),
        ("09-30", "10-08", 1, Urgency.DEPARTMENT),
        ("09-30", "10-09", 2, Urgency.DEPARTMENT),
        ("09-30", "10-10", 3, Urgency.OFFICE),
        ("09-30", "10-11", 3, Urgency.OFFICE),
        ("09-30", "10-12", 4, Urgency.OFFICE),
        ("02-24", "02-13", 0, Urgency.NONE),
        ("02-24", "02-14", 0, Urgency.SOON),  # the next working day
        ("02-24", "02-20", 0, Urgency.SOON),
        ("02-24", "02-25", 1, Urgency.DEPARTMENT),
        ("02-24", "02-28", 4, Urgency.OFFICE),
    ],
)
def test_the_later_it_is_the_more_people_see_it(promise, due, today, late, urgency):
    case = models.case_of(promise("02-09" if due < "03" else "09-14", due_on=day(due)))
    assert models.overdue_days(case, day(today)) == late
    assert models.urgency_of(case, day(today)) == urgency


def test_a_day_that_is_closed_later_moves_no_promise(promise, station, assistant):
    visit, paused = promise("09-28"), promise("09-28")
    with on("09-29"):
        models.pause_case(paused, by=assistant, note="缺成绩单")
    models.open_database(station.office)
    models.set_special_day(
        by=models.person_signing_in("B0001"),
        day=day("10-09"),
        kind="closed",
        name="停电",
    )
    exchange(station.office, station.station)
    assert models.working_day_after(day("09-28"), 5) == day("10-12")
    assert models.case_of(visit).due_on == day("10-10")
    # What is reckoned from now on knows of it: 30, 8 and 10 were left.
    with on("09-30"):
        models.resume_case(paused, by=assistant)
    assert models.case_of(paused).due_on == day("10-12")


def test_a_case_closed_late_stays_as_late_as_it_was(promise, assistant):
    visit = promise("09-28")
    with on("10-13"):
        models.finish_case(visit, by=assistant, result="已批准")
    case = models.case_of(visit)
    assert models.overdue_days(case, day("12-31")) == 2
    assert models.urgency_of(case, day("12-31")) == Urgency.NONE


def test_a_promise_does_not_move_without_a_reason(promise, assistant):
    visit = promise("09-24")
    with on("09-25"):
        models.pause_case(visit, by=assistant, note="缺成绩单")
    with on("10-09"):
        for other, which in (("10-12", "更早"), ("10-16", "更晚")):
            with pytest.raises(UserError, match=f"改为{which}的日期请写") as refused:
                models.resume_case(visit, by=assistant, due_on=day(other))
            assert refused.value.field == "note"
        # What was reckoned, typed in, is no other day.
        models.resume_case(visit, by=assistant, due_on=day("10-15"))
        assert models.case_of(visit).due_on == day("10-15")


@pytest.fixture
def taken_there(promise, assistant):
    """Sent to another desk and back: this desk may take it, due on 30 September."""
    visit = promise("09-22")
    other = next(d for d in models.desks() if d.code == "xuesheng")
    with on("09-23"):
        models.refer_case(visit, by=assistant, desk=other, note="学生处办理")
    return visit


@pytest.mark.parametrize("due", ["09-28", "10-12"])
def test_who_takes_a_case_takes_its_promise(taken_there, assistant, due):
    visit = taken_there
    assert models.case_of(visit).due_on == day("09-30")
    elsewhere = step_there(visit, StepKind.REFERRED, to=models.this_desk())
    with on("09-24"):
        with pytest.raises(UserError, match="已承诺 2026-09-30 办结，改为更"):
            models.take_case(visit, by=assistant, due_on=day(due))
        with pytest.raises(UserError, match="的日期请写明原因"):
            models.take_case(visit, by=assistant, note="  ", due_on=day(due))
        assert models.case_of(visit).steps[-1].uid == elsewhere.uid
        step = models.take_case(visit, by=assistant, note="已商定", due_on=day(due))
    assert models.case_of(visit).due_on == step.due_on == day(due)


def test_who_takes_a_case_may_say_the_promise_that_holds(taken_there, assistant):
    step_there(taken_there, StepKind.REFERRED, to=models.this_desk())
    with on("09-24"):
        models.take_case(taken_there, by=assistant, due_on=day("09-30"))
    assert models.case_of(taken_there).due_on == day("09-30")


def test_a_reopened_case_moves_its_promise_with_the_reason_it_has_anyway(
    promise, assistant
):
    visit = promise("09-22")
    with on("09-23"):
        models.finish_case(visit, by=assistant, result="已办")
        models.reopen_case(visit, by=assistant, note="有误", due_on=day("10-12"))
    step = models.case_of(visit).steps[-1]
    assert (step.due_on, step.note) == (day("10-12"), "有误")
