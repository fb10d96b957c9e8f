"""How urgent a case is (限时办结督办, P22): only shown, to more people the later it is.

Nothing here changes a case.
"""

import json
from datetime import date, timedelta
from enum import IntEnum
from functools import cache

from models import clock
from models.base import db
from models.calendar import working_day_after, working_days_between
from models.case_rules import case_rules_on
from models.casefold import Case, CaseStatus


class Urgency(IntEnum):
    """From what can wait to what the office must know of.  Never stored."""

    NONE = 0
    SOON = 1
    TODAY = 2
    OVERDUE = 3
    DEPARTMENT = 4
    OFFICE = 5


URGENCY_LABELS: dict[Urgency, str] = {
    Urgency.NONE: "",
    Urgency.SOON: "临期",
    Urgency.TODAY: "今日到期",
    Urgency.OVERDUE: "超期",
    Urgency.DEPARTMENT: "超期·报部门",
    Urgency.OFFICE: "超期·报办公室",
}


class Reckoning:
    """The urgency of cases on one day, with what they share read once."""

    def __init__(self, on: date | None = None) -> None:
        self.on = on or clock.today()
        self.rules = case_rules_on(self.on)
        self._soon_until = working_day_after(self.on, self.rules.soon_days)
        self._shifts: dict[str, dict[str, int]] = {}
        # Thousands of cases fall on some hundred days: each is reckoned once.
        self._day_after = cache(working_day_after)
        self._level_of = cache(self._reckon)

    def urgency_of(self, case: Case) -> Urgency:
        if case.is_closed:
            return Urgency.NONE
        due_on = case.due_on
        if case.status == CaseStatus.REFERRED and case.referred_at is not None:
            sent_on = case.referred_at.date()
            take_by = self._day_after(sent_on, self.rules.take_days)
            due_on = min(due_on or take_by, take_by)
        elif case.paused_on is not None:
            # The student is waited for: somebody should ask, nobody is late.
            waits_until = self._day_after(case.paused_on, self.rules.waiting_days)
            return Urgency.SOON if self.on > waits_until else Urgency.NONE
        return self._level_of(due_on) or self._by_shifts(case, due_on)

    def _reckon(self, due_on: date | None) -> Urgency:
        if due_on is None or due_on > self._soon_until:
            return Urgency.NONE
        if due_on >= self.on:
            return Urgency.TODAY if due_on == self.on else Urgency.SOON
        late = working_days_between(due_on + timedelta(days=1), self.on)
        if late >= self.rules.office_days:
            return Urgency.OFFICE
        if late >= self.rules.department_days:
            return Urgency.DEPARTMENT
        return Urgency.OVERDUE

    def _by_shifts(self, case: Case, due_on: date | None) -> Urgency:
        """Without a promise, what passed too many shifts is raised all the same."""
        if due_on is None and self.shifts_of(case) >= self.rules.shifts:
            return Urgency.DEPARTMENT
        return Urgency.NONE

    def shifts_of(self, case: Case) -> int:
        """How many shifts handed the case on, as the last handover counted."""
        desk_uid = case.desk_uid
        if desk_uid not in self._shifts:
            self._shifts[desk_uid] = _shifts_at(desk_uid)
        return self._shifts[desk_uid].get(case.visit.uid, 0)


def _shifts_at(desk_uid: str) -> dict[str, int]:
    row = db.execute_sql(
        f"SELECT open_items FROM handover WHERE desk_uid = {db.param} "
        "ORDER BY shift_to DESC, uid DESC LIMIT 1",
        (desk_uid,),
    ).fetchone()
    return {item["visit"]: item["shifts"] for item in json.loads(row[0])} if row else {}


def urgency_of(case: Case, on: date | None = None) -> Urgency:
    """How urgent a case is on a day, by the rules of that day."""
    return Reckoning(on).urgency_of(case)


def overdue_days(case: Case, on: date | None = None) -> int:
    """The working days past the promise: until a day, or until the case was closed."""
    if case.due_on is None:
        return 0
    until = on or clock.today()
    if case.closed_at is not None:
        until = min(until, case.closed_at.date())
    return working_days_between(case.due_on + timedelta(days=1), until)
