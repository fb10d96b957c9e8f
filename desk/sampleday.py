"""A day at one desk of the sample college, through the operations of the window."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import models
from desk.samplecases import case_events
from desk.samplecrew import Crew, at, crew_of
from desk.sampleduty import Event, duty_events
from desk.sampleseals import Turn, seal_events
from desk.samplevisits import visit_events
from models import Student, clock


def visitors() -> list[Student]:
    return list(Student.select().order_by(Student.number).limit(2_000))


def work_day(
    day: date,
    visits: int,
    students: list[Student],
    chance: random.Random,
    turn: Turn | None,
    *,
    is_fresh: bool,
    until: datetime | None = None,
) -> datetime:
    """One day at the desk whose database is open; returns when the last one left.

    Only what happens *until* then, to stop in the middle of a day.

    Seals and shifts are handed over, and paper is copied in, on days with a *turn*
    only; the day is *fresh* when a sync has brought what other desks did.
    """
    crew = crew_of(models.this_desk())
    is_busy = turn is not None
    events = [
        *duty_events(day, crew.desk, crew.presence, chance),
        *visit_events(day, crew, visits, students, chance, is_busy=is_busy),
        *case_events(day, crew, chance, is_fresh=is_fresh),
        *seal_events(day, crew, students, chance, turn),
    ]
    if is_busy:
        events += _handover_events(day, crew)
    events.sort(key=lambda event: event[0])
    if until is not None:
        events = [event for event in events if event[0] <= until]
    for moment, act in events:
        with clock.set_at(moment):
            act()
    return events[-1][0]


def _handover_events(day: date, crew: Crew) -> Iterator[Event]:
    """At noon to the afternoon's assistant, in the evening to tomorrow's."""
    objection = "饮水机无水，已报后勤" if day.day % 5 == 0 else ""
    for moment, said in ((at(day, 11, 59), ""), (at(day, 16, 59), objection)):
        yield moment, lambda: models.hand_over(by=crew.presence.on_duty)
        yield moment + timedelta(seconds=40), _taking_over(crew, said)


def _taking_over(crew: Crew, objection: str) -> Callable[[], object]:
    """By whoever comes next; the one who hands over cannot do both."""

    def act() -> None:
        waiting = models.waiting_handover()
        if waiting is None:
            return
        others = [p for p in crew.presence.crew if p.uid != waiting.outgoing_uid]
        models.take_over(waiting, by=others[0], objection=objection)

    return act
