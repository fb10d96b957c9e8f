"""A term, a plan in force and a clock: what the tests of duty begin with."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date, datetime, time

import models
from exports.sync import sync
from models import Person, clock

# Monday of the first teaching week; 2026-09-07 is no holiday.
MONDAY = date(2026, 9, 7)
TERM_ENDS = date(2027, 1, 22)


def at(hours: str, day: date = MONDAY) -> datetime:
    """`at("08:25")` on the Monday, or on another day."""
    return datetime.combine(day, time.fromisoformat(hours))


@contextmanager
def clock_at(hours: str, day: date = MONDAY):
    with clock.set_at(at(hours, day)):
        yield


def person(number: str) -> Person:
    return models.person_signing_in(number)


def work(number: str, day: date, begins: str, ends: str) -> None:
    """A shift by the card, whatever it takes, at the station that is open."""
    who = person(number)
    with clock.set_at(at(begins, day)):
        arrival = models.arrival_of(who)
        models.check_in(who, forced_reason="排班" if arrival.forced else "")
    with clock.set_at(at(ends, day)):
        models.leave(models.open_attendance(who), by=who)


def line(
    begins: str,
    ends: str,
    a: Person | None,
    *b: Person,
    weekday: int = 0,
    weeks: str = "all",
) -> dict:
    """A shift of a plan."""
    return {
        "weekday": weekday,
        "weeks": weeks,
        "from": begins,
        "to": ends,
        "a": models.who(a) if a else None,
        "b": [models.who(person) for person in b],
    }


def make_plan(
    by: Person,
    shifts: Sequence[dict],
    *,
    stays: Sequence[dict] = (),
    starts_on: date = MONDAY,
    ends_on: date = TERM_ENDS,
    desk: str = "jiaowu",
    department: str = "教务处",
) -> models.PlanDecision:
    """A plan *by* the office made, submitted and accepted, in a term."""
    if not models.terms():
        models.set_term(by=by, name="第一学期", starts_on=MONDAY, ends_on=TERM_ENDS)
    plan = models.new_plan(
        by=by,
        desk=models.desk_by_code(desk),
        department=models.department_by_name(department),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    models.save_plan(plan, by=by, shifts=shifts, stays=stays)
    models.submit_plan(plan, by=by)
    return models.accept_plan(plan, by=by)


def put_in_force(
    centre, shifts: Sequence[dict], *, starts_on: date = MONDAY, **said
) -> models.PlanDecision:
    """As `make_plan`; afterwards the desk's station is open and knows of it."""
    models.open_database(centre.office)
    with clock.set_at(datetime.combine(starts_on, time(7))):
        decision = make_plan(person("B0001"), shifts, starts_on=starts_on, **said)
        sync()
        models.open_database(centre.station)
        sync()
    return decision


def sync_both(centre, moment: datetime) -> None:
    """Station, office, station; afterwards the station is open."""
    with clock.set_at(moment):
        for folder in (centre.station, centre.office, centre.station):
            models.open_database(folder)
            sync()
