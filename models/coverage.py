"""Who should be at a desk and is not: posts that nobody holds, teachers' stays.

Uncovered (空岗) is the time of a shift in which nobody at all was at the desk (P19).  A
teacher of each department is to come once a week (P21).
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from models import clock
from models.attendance import Interval, Post
from models.desks import Department, Desk, DeskDepartment, departments, in_force
from models.facts import DAY, Fact, facts_between, seconds_in, subtract
from models.rules import rules_on
from models.shifts import Shift, shifts_between


class Gap(NamedTuple):
    """Time of a shift in which nobody was at the post."""

    shift: Shift
    parts: tuple[Interval, ...]

    @property
    def minutes(self) -> int:
        return seconds_in(self.parts) // 60


def gaps_between(first: date, last: date, desk: Desk | None = None) -> list[Gap]:
    """When neither A nor B was at the post, longer than the alarm of the rules."""
    now = clock.now()
    facts = facts_between(first - DAY, last + DAY)
    gaps = []
    for shift in shifts_between(first, last, desk):
        if shift.begins >= now:
            continue
        until = min(shift.ends, now)
        there = [
            fact.actual(now)
            for fact in facts
            if fact.desk_uid == shift.desk_uid and fact.was_there
        ]
        parts = tuple(subtract((shift.begins, until), there))
        gap = Gap(shift, parts)
        if gap.minutes > rules_on(shift.begins.date()).alarm_minutes:
            gaps.append(gap)
    return gaps


def unmanned_shift(desk: Desk) -> Shift | None:
    """The shift of now that has waited for its A and every B too long (P19)."""
    now = clock.now()
    facts = [
        fact
        for fact in facts_between(now.date() - DAY, now.date())
        if fact.desk_uid == desk.uid and fact.was_there
    ]
    for shift in shifts_between(now.date() - DAY, now.date(), desk):
        wait = timedelta(minutes=rules_on(now.date()).alarm_minutes)
        if not shift.begins + wait <= now < shift.ends:
            continue
        here = [fact for fact in facts if fact.actual(now)[1] > now - wait]
        if not any(fact.checked_in_at <= now for fact in here):
            return shift
    return None


class StayReport(NamedTuple):
    """A department and the stays of its teachers in one week."""

    department: Department
    stays: tuple[Fact, ...]

    @property
    def has_come(self) -> bool:
        return bool(self.stays)


def stays_in_week(day: date) -> list[StayReport]:
    """For each department that serves at a desk: which teacher came that week."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    stays: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts_between(monday, sunday):
        if fact.post == Post.STAY and fact.was_there:
            stays[fact.department_uid].append(fact)
    condition = in_force(DeskDepartment, "starts_on", "ends_on", sunday)
    serving = {link.department_uid for link in DeskDepartment.select().where(condition)}
    return [
        StayReport(department, tuple(stays[department.uid]))
        for department in departments()
        if department.uid in serving
    ]
