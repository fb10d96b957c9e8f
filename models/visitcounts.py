"""How many visits there were: by day, desk, service and outcome, at once.

The daily counts (`visitcounter`) answer for all days but those that newer journal
entries touch; these are counted from the visits themselves.  So an answer is right
whatever is still to be read, and asking never writes.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from peewee import DatabaseError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import visitcounter
from models.base import db
from models.desks import Desk
from models.searchindex import is_damage
from models.terms import monday_of, terms
from models.visitcounter import COLUMNS, SUMS, on_day, touched

# With so many entries still to be read an answer waits for nothing.
SOON = 500

DAY, LONG = timedelta(days=1), timedelta(days=31)


class By(StrEnum):
    """What visits are counted by; never stored."""

    DAY = "day"
    DESK = "desk"
    SERVICE = "service"
    OUTCOME = "outcome"


class Span(StrEnum):
    """A stretch of days up to today; never stored."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    SCHOOL_YEAR = "school_year"


SPAN_LABELS: dict[str, str] = {
    Span.TODAY: "今日",
    Span.WEEK: "本周",
    Span.MONTH: "本月",
    Span.SCHOOL_YEAR: "本学年",
}


class Count(NamedTuple):
    """Visits that are not void, their quantity, and what students thought of them."""

    visits: int = 0
    quantity: int = 0
    rated: int = 0
    points: int = 0

    def plus(self, other: "Count") -> "Count":
        return Count(*map(sum, zip(self, other, strict=True)))

    @property
    def average(self) -> float | None:
        """The mean of the points given, 1 to 5; None when nobody gave any."""
        return self.points / self.rated if self.rated else None


def visit_counts(
    first: date, last: date, *, by: By, desk: Desk | None = None
) -> dict[str, Count]:
    """The visits of the days *first* to *last* by one thing; what has none is left out.

    Keys are days ("2026-11-23"), uids of desks, items of the catalogue (all
    versions of a service together) or outcomes.  While `is_ready()` is false an answer
    takes as long as `visitcounter.catch_up`: who must not wait asks first.
    """
    try:
        return _answer(first, last, by, desk)
    except (DatabaseError, RawDatabaseError) as error:
        # Another thread may just be making them anew.
        if not is_damage(error):
            raise
        visitcounter.forget()
        return _answer(first, last, by, desk)


def _answer(first: date, last: date, by: By, desk: Desk | None) -> dict[str, Count]:
    if not is_ready():
        visitcounter.catch_up()
    found = _counted(first, last, by, desk)
    return _by_item(found) if by == By.SERVICE else found


def total(counts: dict[str, Count]) -> Count:
    """All of them together."""
    whole = Count()
    for count in counts.values():
        whole = whole.plus(count)
    return whole


def is_ready() -> bool:
    """Would an answer come at once?"""
    return visitcounter.cursor().is_made and visitcounter.backlog() <= SOON


def span_days(span: str, day: date) -> tuple[date, date]:
    """The first day of a span, and *day*, its last."""
    first = {
        Span.WEEK: monday_of(day),
        Span.MONTH: day.replace(day=1),
        Span.SCHOOL_YEAR: school_year_start(day),
    }
    return first.get(Span(span), day), day


def school_year_start(day: date) -> date:
    """When the school year (学年) of a day began: with its autumn term, which the
    office enters, else on 1 September."""
    usual = date(day.year - (day.month < 9), 9, 1)
    begun = [term.starts_on for term in terms() if term.starts_on <= day]
    autumn = max((start for start in begun if start.month in (8, 9)), default=usual)
    return autumn if autumn > usual - timedelta(days=32) else usual


def _counted(first: date, last: date, by: By, desk: Desk | None) -> dict[str, Count]:
    """From the counts; the days that newer entries touch from the visits."""
    newest = db.execute_sql("SELECT MAX(id) FROM journal").fetchone()[0] or 0
    waiting = [
        day
        for day in touched(visitcounter.cursor().entry, newest)
        if first.isoformat() <= day <= last.isoformat()
    ]
    rows = _stored(first, last, by, desk, waiting)
    for day in waiting:
        rows += _plain(day, by, desk)
    found: dict[str, Count] = {}
    for key, *sums in rows:
        found[key] = found.get(key, Count()).plus(Count(*map(int, sums)))
    return found


def _stored(
    first: date, last: date, by: By, desk: Desk | None, waiting: Sequence[str]
) -> list[tuple]:
    """From the sums of months where whole ones are asked about, else from the days."""
    months, ranges = _pieces(first, last, waiting)
    if by == By.DAY:
        months, ranges = [], [(first.isoformat(), last.isoformat())]
    at, where = "", []
    if desk is not None:
        at = f"AND desk = (SELECT id FROM visit_count_name WHERE name = {db.param})"
        where = [desk.uid]
    sums, no = (
        f"SELECT {by} AS key, visits, quantity, rated, points FROM",
        _marks(waiting),
    )
    parts, values = [], []
    if months:
        parts = [f"{sums} visit_count_month WHERE month IN ({_marks(months)}) {at}"]
        values = [*months, *where]
    for days in ranges:
        between = f"day BETWEEN {db.param} AND {db.param} AND day NOT IN ({no})"
        parts.append(f"{sums} visit_count WHERE {between} {at}")
        values += [*days, *waiting, *where]
    summed = (
        "SELECT key, SUM(visits) visits, SUM(quantity) quantity, SUM(rated) rated, "
        f"SUM(points) points FROM ({' UNION ALL '.join(parts)}) parts GROUP BY key"
    )
    # Summed by number, and named afterwards.
    if by != By.DAY:
        summed = (
            "SELECT n.name, c.visits, c.quantity, c.rated, c.points "
            f"FROM ({summed}) c JOIN visit_count_name n ON n.id = c.key"
        )
    return db.execute_sql(summed, values).fetchall()


def _pieces(
    first: date, last: date, waiting: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Whole months without a day that waits; first and last days of the rest."""
    busy = {day[:7] for day in waiting}
    months, ranges, begins = [], [], first
    while begins <= last:
        month, next_first = (
            f"{begins:%Y-%m}",
            (begins.replace(day=1) + LONG).replace(day=1),
        )
        ends = min(next_first - DAY, last)
        if begins.day == 1 and ends + DAY == next_first and month not in busy:
            months.append(month)
        else:
            ranges.append((begins.isoformat(), ends.isoformat()))
        begins = next_first
    return months, ranges


def _marks(values: Sequence[str]) -> str:
    return ", ".join([db.param] * len(values))


def _plain(day: str, by: By, desk: Desk | None) -> list[tuple]:
    """One day, counted from the visits themselves."""
    days, values = on_day(day)
    at = "" if desk is None else f"AND desk_uid = {db.param}"
    return db.execute_sql(
        f"SELECT {COLUMNS[by]}, {SUMS} FROM visit "
        f"WHERE {days} {at} AND NOT is_void GROUP BY 1",
        (*values, *([] if desk is None else [desk.uid])),
    ).fetchall()


def _by_item(found: dict[str, Count]) -> dict[str, Count]:
    """Versions of a service under the item they are of."""
    rows = db.execute_sql("SELECT uid, item_uid FROM service WHERE item_uid <> ''")
    item_of = dict(rows.fetchall())
    whole: dict[str, Count] = {}
    for uid, count in found.items():
        item = item_of.get(uid, uid)
        whole[item] = whole.get(item, Count()).plus(count)
    return whole
