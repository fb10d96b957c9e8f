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


def put_in_force(
    centre,
    shifts: Sequence[dict],
    *,
    stays: Sequence[dict] = (),
    starts_on: date = MONDAY,
    desk: str = "jiaowu",
    department: str = "教务处",
) -> models.PlanDecision:
    """A plan the office made and accepted; afterwards the desk's station is open."""
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    with clock.set_at(datetime.combine(starts_on, time(7))):
        if not models.terms():
            models.set_term(by=by, name="第一学期", starts_on=MONDAY, ends_on=TERM_ENDS)
        plan = models.new_plan(
            by=by,
            desk=models.desk_by_code(desk),
            department=models.department_by_name(department),
            starts_on=starts_on,
            ends_on=TERM_ENDS,
        )
        models.save_plan(plan, by=by, shifts=shifts, stays=stays)
        models.submit_plan(plan, by=by)
        decision = models.accept_plan(plan, by=by)
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
