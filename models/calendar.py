"""The calendar: the one place to ask what time it is at the college.

Working days (P22), teaching weeks and periods, open desks (P17, P31), and whose turn it
is at a joint desk (P13).  Every deadline, plan and statistic asks here.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models.base import db
from models.days import (
    DAY_KIND_LABELS,
    Day,
    DayKind,
    day_of,
    days_between,
    is_published_working_day,
    is_working_day,
    unknown_year_notice,
    working_day_after,
    working_days_between,
    year_is_known,
)
from models.desks import Desk, Turn
from models.openings import OpeningHours, OpeningSeason, openings_of
from models.terms import PeriodTable, Term, monday_of, period_tables, term_on

__all__ = [
    "DAY_KIND_LABELS",
    "Day",
    "DayKind",
    "Opening",
    "Period",
    "TeachingWeek",
    "Unit",
    "day_of",
    "days_between",
    "in_weeks",
    "is_open",
    "is_published_working_day",
    "is_term_time",
    "is_working_day",
    "openings_on",
    "periods_between",
    "periods_on",
    "place_in_term",
    "teaching_week",
    "unit_on",
    "unknown_year_notice",
    "working_day_after",
    "working_days_between",
    "year_is_known",
]

WEEKDAYS = "一二三四五六日"


class TeachingWeek(NamedTuple):
    """教学周: which week of which term."""

    term: Term
    number: int


def teaching_week(day: date) -> TeachingWeek | None:
    term = term_on(day)
    return None if term is None else TeachingWeek(term, term.week_of(day))


def in_weeks(weeks: str | Sequence[int], day: date) -> bool:
    """Is *day* in these weeks: "all", "odd", "even", or numbers of teaching weeks?

    A moved working day belongs to the week it lies in.  Outside a term there are no
    odd or even weeks: only "all" holds.
    """
    return weeks == "all" or holds_in(weeks, teaching_week(day))


def holds_in(weeks: str | Sequence[int], week: TeachingWeek | None) -> bool:
    """`in_weeks` of a day whose teaching week is known already."""
    if weeks == "all":
        return True
    if week is None:
        return False
    if isinstance(weeks, str):
        return weeks == ("odd" if week.number % 2 else "even")
    return week.number in weeks


class Period(NamedTuple):
    """节次: its number and times."""

    number: int
    begins: time
    ends: time


def periods_on(day: date) -> list[Period]:
    """The periods of a day by the table in force; none when there is no such table."""
    for table in period_tables():
        if table.covers(day):
            return periods_of(table)
    return []


def periods_of(table: PeriodTable) -> list[Period]:
    return [
        Period(
            period["number"],
            time.fromisoformat(period["from"]),
            time.fromisoformat(period["to"]),
        )
        for period in table.periods
    ]


def periods_between(begins: datetime, ends: datetime) -> tuple[int, int] | None:
    """The first and last period that *begins* to *ends* touches, on the first day."""
    until = ends.time() if ends.date() == begins.date() else time.max
    touched = [
        period.number
        for period in periods_on(begins.date())
        if period.begins < until and begins.time() < period.ends
    ]
    return (touched[0], touched[-1]) if touched else None


def place_in_term(begins: datetime, ends: datetime | None = None) -> str:
    """`第9周 周一 3–4节`; without the periods outside of them, "" outside a term."""
    week = teaching_week(begins.date())
    if week is None:
        return ""
    text = f"第{week.number}周 周{WEEKDAYS[begins.weekday()]}"
    found = periods_between(begins, ends or begins + timedelta(seconds=1))
    if found is None:
        return text
    first, last = found
    return f"{text} {first}节" if first == last else f"{text} {first}–{last}节"


class Opening(NamedTuple):
    """A desk is open from `begins` to `ends`; after midnight that is the next day."""

    begins: datetime
    ends: datetime
    note: str
    is_duty: bool


def openings_on(desk: Desk, day: date) -> list[Opening]:
    """The hours of *desk* that begin on a day, in order, no minute twice.

    Weekly hours hold on working days, and on a plain weekend when they are that
    weekday's own; a moved working day has the hours of the weekday it follows.  On
    holidays and closed days only duty entered for the very date is open.
    """
    if not desk.in_service(day):
        return []
    what = day_of(day)
    is_off = what.kind in (DayKind.HOLIDAY, DayKind.CLOSED)
    seasons = _seasons_on(day)
    holding = [
        hours
        for hours in openings_of(desk, on=day)
        if hours.day == day
        or (
            not is_off
            and hours.weekday == what.weekday
            and hours.season in seasons
            and in_weeks(hours.weeks, day)
        )
    ]
    return _without_overlap(_opening(hours, day) for hours in holding)


def is_term_time(day: date) -> bool:
    """Is *day* in a term?  Every day is while the office has not entered any term."""
    if term_on(day) is not None:
        return True
    return not db.execute_sql("SELECT EXISTS (SELECT 1 FROM term)").fetchone()[0]


def _seasons_on(day: date) -> tuple[str, ...]:
    if is_term_time(day):
        return OpeningSeason.TERM, OpeningSeason.DUTY
    return (OpeningSeason.VACATION,)


def _opening(hours: OpeningHours, day: date) -> Opening:
    begins, ends = (
        datetime.combine(day, time.fromisoformat(text))
        for text in (hours.from_time, hours.to_time)
    )
    if hours.over_midnight:
        ends += timedelta(days=1)
    return Opening(begins, ends, hours.note, hours.season == OpeningSeason.DUTY)


def _without_overlap(openings: Iterable[Opening]) -> list[Opening]:
    """Where hours overlap, those that begin later start when the earlier end."""
    kept: list[Opening] = []
    for opening in sorted(openings):
        begins = max(opening.begins, kept[-1].ends) if kept else opening.begins
        if begins < opening.ends:
            kept.append(opening._replace(begins=begins))
    return kept


def is_open(desk: Desk, moment: datetime) -> bool:
    """Is *desk* open?  An evening's hours may reach into the next day."""
    day = moment.date()
    return desk.in_service(day) and any(
        opening.begins <= moment < opening.ends
        for begun_on in (day, day - timedelta(days=1))
        for opening in openings_on(desk, begun_on)
    )


class Unit(NamedTuple):
    """The department whose turn it is at a joint desk."""

    uid: str
    name: str


def unit_on(desk: Desk, moment: date | datetime) -> Unit | None:
    """The unit on turn at a joint desk (P13); None when nobody takes turns there.

    By the week, turns change on Mondays, counted from the Monday of the rotation's
    first day.  By the day or half day they are counted in working days: a holiday uses
    up no turn, and a day off has the unit whose turn is next.  Half days change at
    12:00; a mere day means its morning.
    """
    is_moment = isinstance(moment, datetime)
    day = moment.date() if is_moment else moment
    turns = [entry for entry in desk.rotation if entry["starts_on"] <= day.isoformat()]
    if not turns:
        return None
    entry = max(turns, key=lambda entry: entry["starts_on"])
    started, units = date.fromisoformat(entry["starts_on"]), entry["units"]
    if entry["every"] == Turn.WEEK:
        turn = (monday_of(day) - monday_of(started)).days // 7
    else:
        turn = working_days_between(started, day - timedelta(days=1))
        if entry["every"] == Turn.HALF_DAY:
            turn = turn * 2 + (is_moment and moment.hour >= 12)
    unit = units[turn % len(units)]
    return Unit(unit["uid"], unit["name"])
