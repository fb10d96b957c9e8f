"""Hours worked so far and still planned, against the limits (教财〔2018〕12号).

In term an assistant works at most 8 hours a week and 40 a month; the numbers are
settings.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from models import calendar, clock
from models.attendance import minutes_between
from models.desks import Desk
from models.duty import duty_lines
from models.facts import DAY
from models.rules import WorkRules, rules_on
from models.shifts import Shift, shifts_between
from models.terms import terms


class Hours(NamedTuple):
    """What a person has worked, and what the plan still asks of them, in minutes.

    `elsewhere` is planned time at desks whose records this station does not have.
    """

    week: int
    month: int
    week_ahead: int
    month_ahead: int
    week_limit: int | None
    month_limit: int | None
    elsewhere: int
    pending: int


def clock_hours(minutes: int) -> str:
    """`7:30`, `-0:15`: decimals of an hour would not add up to the total."""
    whole, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{whole}:{rest:02d}"


def hours_of(person_uid: str, day: date, *, here: Desk | None = None) -> Hours:
    """The person's week (Monday to Sunday) and month around a day.

    At a desk the check-ins of other desks are not known: there the plan stands for
    them until the office has merged the rest.
    """
    monday = day - timedelta(days=day.weekday())
    month_first = day.replace(day=1)
    month_last = (month_first + timedelta(days=31)).replace(day=1) - DAY
    first, last = min(monday, month_first), max(monday + 6 * DAY, month_last)
    lines = duty_lines(first, last, person_uid=person_uid)
    now = clock.now()
    named = shifts_between(first, last, person_uid=person_uid)
    shifts = [shift for shift in named if shift.post_of(person_uid) == "A"]
    elsewhere = [s for s in shifts if here and s.desk_uid != here.uid]
    done = [(line.day, line.paid) for line in lines]
    done += [(s.begins.date(), _length(s)) for s in elsewhere if s.begins < now]
    ahead = [(s.begins.date(), _length(s)) for s in shifts if s.begins >= now]
    in_week, in_month = (monday, monday + 6 * DAY), (month_first, month_last)
    rules = rules_on(day)
    week_limit, month_limit = limits_on(day, rules)
    return Hours(
        week=_sum(done, *in_week),
        month=_sum(done, *in_month),
        week_ahead=_sum(ahead, *in_week),
        month_ahead=_sum(ahead, *in_month),
        week_limit=week_limit,
        month_limit=month_limit,
        elsewhere=sum(_length(s) for s in elsewhere if s.begins < now),
        pending=sum(line.pending for line in lines),
    )


def _length(shift: Shift) -> int:
    return minutes_between(shift.begins, shift.ends)


def _sum(parts: Iterable[tuple[date, int]], first: date, last: date) -> int:
    return sum(minutes for day, minutes in parts if first <= day <= last)


def limits_on(day: date, rules: WorkRules) -> tuple[int | None, int | None]:
    """Minutes a week and a month: fewer in term than outside it (教财〔2018〕12号)."""
    if calendar.teaching_week(day) is not None or not terms():
        return rules.week_limit, rules.month_limit
    return rules.vacation_week_limit, rules.vacation_month_limit
