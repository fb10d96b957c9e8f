"""Shifts (班次): what the plans in force mean on each day.

Weekly shifts are off on statutory holidays and days the college is closed, and on a
moved working day those of the weekday it stands for are on.  A shift for one date
always is.  At a joint desk with a rotation a department's shifts are on only when it
is that department's turn (P13).
"""

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from models import calendar
from models.desks import Department, Desk
from models.plan_decisions import PlanDecision, accepted_plans, in_force_among

DAY = timedelta(days=1)


class Who(NamedTuple):
    """A person as the plan names them."""

    uid: str
    number: str
    name: str


class Shift(NamedTuple):
    """One shift on one day; `key` is that of the plan's line, the same every week."""

    key: str
    desk_uid: str
    desk_name: str
    department_uid: str
    department_name: str
    begins: datetime
    ends: datetime
    a: Who | None
    b: tuple[Who, ...]
    plan_number: str

    @property
    def people(self) -> tuple[Who, ...]:
        return (self.a, *self.b) if self.a else self.b

    @property
    def hours(self) -> str:
        """`08:30–10:00`."""
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"

    def post_of(self, person_uid: str) -> str:
        """`A`, `B`, or "" for somebody the shift does not name."""
        if self.a and self.a.uid == person_uid:
            return "A"
        return "B" if any(who.uid == person_uid for who in self.b) else ""


class Stay(NamedTuple):
    """A planned stay of a department's teacher at the desk (驻岗, P21)."""

    desk_uid: str
    desk_name: str
    department_uid: str
    department_name: str
    begins: datetime
    ends: datetime
    teacher: Who


def shifts_on(day: date, desk: Desk | None = None) -> list[Shift]:
    """The shifts that begin on a day, in order of time."""
    return shifts_between(day, day, desk)


def shifts_between(
    first: date,
    last: date,
    desk: Desk | None = None,
    *,
    person_uid: str = "",
    keys: Container[str] = (),
) -> list[Shift]:
    """The shifts that begin from *first* to *last*, in order of time.

    With *person_uid* only those that name the person, and the lines of *keys*.
    """

    def is_wanted(part: dict[str, Any]) -> bool:
        return not person_uid or part["key"] in keys or _names(part, person_uid)

    turns = _Turns()
    shifts = [
        _shift(plan, part, day)
        for plan, part, day in _parts(first, last, desk, "shifts", is_wanted)
        if turns.is_on(plan, part, day)
    ]
    return sorted(shifts, key=lambda shift: (shift.begins, shift.desk_uid, shift.key))


def _names(part: dict[str, Any], person_uid: str) -> bool:
    return any(who and who["uid"] == person_uid for who in (part["a"], *part["b"]))


def stays_between(
    first: date, last: date, department: Department | None = None
) -> list[Stay]:
    """The planned stays of teachers, in order of time."""
    return sorted(
        (
            Stay(
                plan.desk_uid,
                plan.desk_name,
                plan.department_uid,
                plan.department_name,
                *hours_on(day, part),
                Who(**part["teacher"]),
            )
            for plan, part, day in _parts(first, last, None, "stays")
            if department is None or plan.department_uid == department.uid
        ),
        key=lambda stay: stay.begins,
    )


def hours_on(day: date, part: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when to when; hours that end before they begin end on the next day."""
    begins = datetime.combine(day, time.fromisoformat(part["from"]))
    ends = datetime.combine(day, time.fromisoformat(part["to"]))
    return begins, ends if ends > begins else ends + DAY


def is_on(
    part: dict[str, Any],
    day: calendar.Day,
    in_weeks: Callable[[str, date], bool] = calendar.in_weeks,
) -> bool:
    """Is a shift or stay of a plan due on a day of the calendar?"""
    if part.get("day"):
        return part["day"] == day.day.isoformat()
    if part["weekday"] != day.weekday or day.kind in (
        calendar.DayKind.HOLIDAY,
        calendar.DayKind.CLOSED,
    ):
        return False
    return in_weeks(part["weeks"], day.day)


def _parts(
    first: date,
    last: date,
    desk: Desk | None,
    name: str,
    is_wanted: Callable[[dict[str, Any]], bool] = bool,
) -> Iterator[tuple[PlanDecision, dict[str, Any], date]]:
    """Each line of the plans in force with each day it is due."""
    accepted = accepted_plans(desk)
    parts = {
        plan.uid: [part for part in getattr(plan, name) if is_wanted(part)]
        for plan in accepted
    }
    if not accepted:
        return
    for day in calendar.days_between(first, last):
        for plan in in_force_among(accepted, day.day):
            for part in parts[plan.uid]:
                if is_on(part, day):
                    yield plan, part, day.day


class _Turns:
    """Whose turn it is at the joint desks, asked once for each half day."""

    def __init__(self) -> None:
        self._joint = {desk.uid: desk for desk in Desk.select() if desk.rotation}
        self._units: dict[tuple[str, date, bool], calendar.Unit | None] = {}

    def is_on(self, plan: PlanDecision, part: dict[str, Any], day: date) -> bool:
        desk = self._joint.get(plan.desk_uid)
        if desk is None:
            return True
        begins = hours_on(day, part)[0]
        half = (desk.uid, day, begins.hour >= 12)
        if half not in self._units:
            self._units[half] = calendar.unit_on(desk, begins)
        unit = self._units[half]
        return unit is None or unit.uid == plan.department_uid


def _shift(plan: PlanDecision, part: dict[str, Any], day: date) -> Shift:
    return Shift(
        part["key"],
        plan.desk_uid,
        plan.desk_name,
        plan.department_uid,
        plan.department_name,
        *hours_on(day, part),
        Who(**part["a"]) if part["a"] else None,
        tuple(Who(**person) for person in part["b"]),
        plan.number,
    )


def shift_at(shifts: Sequence[Shift], key: str, begins: datetime) -> Shift | None:
    """The shift of a plan's line that begins at a moment."""
    return next(
        (s for s in shifts if (s.key, s.begins) == (key, begins)),
        None,
    )
