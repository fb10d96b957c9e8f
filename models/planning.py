"""Helping to plan (排班): what is wrong with a plan, and who is free for a shift.

Nothing here refuses a plan: a department may know better.  The dates of the plan
count day by day, with holidays, moved working days and turns at joint desks.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from models import planchecks, planopenings
from models.engagements import Engagements, Line, Plan, common_times
from models.people import Person, PersonRole, PersonStatus, people
from models.plan_contents import clean_shift
from models.planchecks import (
    NO_LIMIT,
    Limits,
    PlanWarning,
    PlanWarningKind,
    hours_text,
)
from models.terms import monday_of

__all__ = [
    "Candidate",
    "PlanWarning",
    "PlanWarningKind",
    "free_for",
    "hours_text",
    "plan_warnings",
]

# The gravest first.
CHECKS = (
    planchecks.without_a,
    planchecks.classes,
    planchecks.doubles,
    planopenings.gaps,
    planopenings.outside,
    planchecks.never,
    planchecks.hours,
    planchecks.people_left,
    planchecks.without_b,
    planchecks.without_stay,
)


def plan_warnings(plan: Plan) -> list[PlanWarning]:
    """All that is doubtful about a plan, saved or not, the gravest first."""
    view = Engagements(plan)
    return [warning for check in CHECKS for warning in check(view)]


class Candidate(NamedTuple):
    """Somebody who might take a shift.

    `class_name` says which class is in the way, `clashes` which other shifts are;
    `planned_minutes` as A in the fullest week, `minutes_left` None without a limit.
    """

    person: Person
    class_name: str
    planned_minutes: int
    minutes_left: int | None
    clashes: tuple[str, ...]

    @property
    def is_free(self) -> bool:
        return not self.class_name and not self.clashes


def free_for(plan: Plan, shift: dict[str, Any]) -> list[Candidate]:
    """Who might be put into a shift of the plan, which may be new; the best first.

    Those already in it are left out.  First who is free, of these the department's own
    and those with most hours left.
    """
    view, limits = Engagements(plan), Limits()
    line = view.line(clean_shift(shift))
    present = {who["uid"] for _, who in line.posts}
    others = [
        other
        for other in (*view.shifts, *view.stays, *view.others)
        if not (other.key and other.key == line.key)
    ]
    candidates = [
        _candidate(view, line, others, person, limits)
        for person in people(PersonRole.ASSISTANT)
        if person.uid not in present
        and person.status in (PersonStatus.ACTIVE, PersonStatus.TRAINING)
        and not (person.ends_on and person.ends_on < plan.starts_on)
    ]
    return sorted(candidates, key=lambda one: _rank(one, plan.department_uid))


def _candidate(
    view: Engagements,
    line: Line,
    others: Iterable[Line],
    person: Person,
    limits: Limits,
) -> Candidate:
    uid = person.uid
    classes = view.classes_by_name(uid, line)
    clashes = [
        f"{other.name} {other.post_of(uid)}"
        for other in others
        if other.post_of(uid) and common_times(line.times, other.times)
    ]
    weeks = view.minutes_by_week(uid, without=line.key)
    mondays = {monday_of(begins.date()) for begins, _ in line.times} or weeks.keys()
    left = min((limits.week(m) - weeks.get(m, 0) for m in mondays), default=None)
    return Candidate(
        person,
        view.class_text(classes[0], line) if classes else "",
        max(weeks.values(), default=0),
        None if left is None or left > NO_LIMIT // 2 else max(left, 0),
        tuple(clashes),
    )


def _rank(one: Candidate, department_uid: str) -> tuple[Any, ...]:
    left = NO_LIMIT if one.minutes_left is None else one.minutes_left
    return (
        not one.is_free,
        one.person.department_uid != department_uid,
        one.person.status != PersonStatus.ACTIVE,
        -left,
        one.person.number,
    )
