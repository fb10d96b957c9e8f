"""Days: what each one is, and counting the working ones.

Nights, weekends and statutory holidays never count (P22), 调休 does.  Of three sources
the first that says something wins: the day as the office entered it, the published
table (the year as the office entered it, or `chinesecalendar`), the weekday.  A year
nobody knows counts Monday to Friday and says so (`unknown_year_notice`).

Asked through `models.calendar`.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple, Self

from models.base import db
from models.holidays import SpecialDayKind


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MOVED_WORKDAY = "moved_workday"
    CLOSED = "closed"


DAY_KIND_LABELS: dict[str, str] = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "放假",
    DayKind.MOVED_WORKDAY: "调休上班",
    DayKind.CLOSED: "全院停办",
}


class Day(NamedTuple):
    """A day of the calendar.

    `weekday` is the one whose timetable applies.  On a moved working day it is what the
    office set; unless it did, a Saturday follows Friday's and a Sunday Monday's, the
    weekday nearest to it.
    """

    day: date
    kind: DayKind
    name: str
    weekday: int
    is_known: bool

    @property
    def is_working(self) -> bool:
        return self.kind in (DayKind.WORKDAY, DayKind.MOVED_WORKDAY)

    @property
    def label(self) -> str:
        """`春节` · `国庆节 调休上班` · `周末`; "" on a plain working day."""
        if self.kind == DayKind.WORKDAY:
            return self.name
        if self.kind == DayKind.MOVED_WORKDAY:
            return f"{self.name} 调休上班".strip()
        return self.name or DAY_KIND_LABELS[self.kind]


class _Notice(NamedTuple):
    """A year of the State Council's table: names by day."""

    holidays: dict[date, str]
    workdays: dict[date, str]


@cache
def _published() -> dict[int, _Notice]:
    """The years `chinesecalendar` knows.

    Its own functions look for its first and last day at every call; and it takes 19 ms
    to import, which nobody need wait for at the start.
    """
    from chinese_calendar import Holiday, holidays, workdays

    # The library sets the attribute in `__new__`, which no checker sees.
    names = {h.value: h.chinese for h in Holiday}  # pyright: ignore[reportAttributeAccessIssue]
    years = range(min(holidays).year, max(holidays).year + 1)
    found = {year: _Notice({}, {}) for year in years}
    for day, name in holidays.items():
        found[day.year].holidays[day] = names[name]
    for day, name in workdays.items():
        found[day.year].workdays[day] = names[name]
    return found


class _Special(NamedTuple):
    kind: str
    name: str
    follows: int | None


class _Span:
    """Some days, with all the office said of them; nothing unless it was read."""

    def __init__(self) -> None:
        self.special: dict[date, _Special] = {}
        self._entered: set[int] = set()

    @classmethod
    def read(cls, first: date, last: date) -> Self:
        """From *first* to *last*, in one query."""
        span = cls()
        rows = db.execute_sql(
            "SELECT day, kind, name, follows FROM special_day "
            f"WHERE day BETWEEN {db.param} AND {db.param} AND kind <> 'usual' "
            "UNION ALL SELECT CAST(year AS TEXT), 'year', '', NULL FROM holiday_year "
            f"WHERE year BETWEEN {db.param} AND {db.param}",
            (first.isoformat(), last.isoformat(), first.year, last.year),
        )
        for day, kind, name, follows in rows.fetchall():
            if kind == "year":
                span._entered.add(int(day))
            else:
                span.special[date.fromisoformat(day)] = _Special(kind, name, follows)
        return span

    def knows(self, year: int) -> bool:
        return year in self._entered or year in _published()

    def notice(self, year: int) -> _Notice:
        """The library's table of a year, unless the office entered the year itself."""
        if year in self._entered or year not in _published():
            return _Notice({}, {})
        return _published()[year]

    def works(self, day: date) -> bool:
        special = self.special.get(day)
        if special is not None:
            return special.kind == SpecialDayKind.WORKDAY
        notice = self.notice(day.year)
        if day.weekday() < 5:
            return day not in notice.holidays
        return day in notice.workdays

    def of(self, day: date) -> Day:
        special = self.special.get(day)
        if special is not None:
            return _as_entered(day, special)
        notice, known = self.notice(day.year), self.knows(day.year)
        if day in notice.workdays:
            return _moved(day, notice.workdays[day], None, known)
        if day in notice.holidays:
            name = notice.holidays[day]
            return Day(day, DayKind.HOLIDAY, name, day.weekday(), known)
        kind = DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND
        return Day(day, kind, "", day.weekday(), known)

    def count(self, first: date, last: date) -> int:
        """Working days from *first* to *last*: weekdays, put right where it matters."""
        if last < first:
            return 0
        found = _weekdays_before(last + timedelta(days=1)) - _weekdays_before(first)
        exceptions = set(self.special)
        for year in range(first.year, last.year + 1):
            exceptions.update(*self.notice(year))
        for day in exceptions:
            if first <= day <= last:
                found += self.works(day) - (day.weekday() < 5)
        return found


def _weekdays_before(day: date) -> int:
    """Mondays to Fridays before *day*, from a Monday long ago (0001-01-01)."""
    weeks, rest = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(rest, 5)


def _as_entered(day: date, special: _Special) -> Day:
    if special.kind == SpecialDayKind.WORKDAY:
        return _moved(day, special.name, special.follows, True)
    closed = special.kind == SpecialDayKind.CLOSED
    kind = DayKind.CLOSED if closed else DayKind.HOLIDAY
    return Day(day, kind, special.name, day.weekday(), True)


def _moved(day: date, name: str, follows: int | None, known: bool) -> Day:
    at_weekend = day.weekday() >= 5
    nearest = {5: 4, 6: 0}.get(day.weekday(), day.weekday())
    kind = DayKind.MOVED_WORKDAY if at_weekend else DayKind.WORKDAY
    return Day(day, kind, name, nearest if follows is None else follows, known)


def day_of(day: date) -> Day:
    return _Span.read(day, day).of(day)


def days_between(first: date, last: date) -> list[Day]:
    """Every day from *first* to *last*; one query for a month view."""
    span = _Span.read(first, last)
    return [span.of(first + timedelta(days=n)) for n in range((last - first).days + 1)]


def is_working_day(day: date) -> bool:
    return _Span.read(day, day).works(day)


def is_published_working_day(day: date) -> bool:
    """By the published table alone, for when no database is open yet."""
    return _Span().works(day)


def working_day_after(day: date, count: int) -> date:
    """The day that is *count* working days after *day*; *day* itself is not counted."""
    last, span = day, None
    while count > 0:
        day += timedelta(days=1)
        if span is None or day > last:
            # Weeks have five of seven; ten more for the longest holiday.
            last = day + timedelta(days=count * 2 + 10)
            span = _Span.read(day, last)
        count -= span.works(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days there are from *first* to *last*, both included."""
    return _Span.read(first, last).count(first, last)


def year_is_known(year: int) -> bool:
    """Has anybody said when this year's holidays are?"""
    return _Span.read(date(year, 1, 1), date(year, 1, 1)).knows(year)


def unknown_year_notice(first: date, last: date | None = None) -> str:
    """What to say beside dates of a year without holidays; "" when all are known."""
    last = last or first
    span = _Span.read(first, last)
    unknown = [y for y in range(first.year, last.year + 1) if not span.knows(y)]
    if not unknown:
        return ""
    years = "、".join(str(year) for year in unknown)
    return (
        f"{years} 年的放假安排还没有录入，暂按周一至周五为工作日推算；"
        "请中心办公室收到通知后在“时间设置”中录入。"
    )
