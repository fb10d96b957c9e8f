"""Finding visits and seal uses (查找): by number, name, initials, text and filters.

Answers come newest first, a page at a time, each page from where the one before ended
and never by counting off rows, so that a million of them feel like a hundred.  What
was found in the search index is read from its table and checked there: an answer is
never older than the record.  Only of the lists of batches the index itself is believed
where one word of it says all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import DatabaseError, Expression
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import searchindex
from models.base import table_of
from models.clock import between
from models.desks import Desk
from models.errors import UserError
from models.pinyin import initials_of
from models.seal_uses import SealUse
from models.seals import Seal
from models.searchindex import SEAL_USES, VISITS, Indexed
from models.searchtexts import OPEN, VOID, student_mark
from models.searchwords import Wanted, mark, plain, wanted
from models.services import Service
from models.visits import VISIT_OUTCOME_LABELS, Visit

# What a visit may be looked for by, besides its words.
FIND_STATUS_LABELS: dict[str, str] = {
    OPEN: "未办结",
    **VISIT_OUTCOME_LABELS,
    VOID: "已作废",
}

MOST_AT_ONCE = 500

# Moment and uid of the last row of a page: where the next one goes on.
Place = tuple[datetime, str]


class Page(NamedTuple):
    """Rows, newest first; `after` fetches the next ones, None when there are no more.

    With a `backlog` the index is still being made: only numbers were looked for, and
    so many journal entries are still to be read (`searchindex.catch_up`).
    """

    rows: list[Any]
    after: Place | None
    backlog: int = 0


@dataclass
class _Search:
    """One question: of the index, or (`conditions`) of the table alone."""

    table: Indexed
    wanted: Wanted
    first: date | None
    last: date | None
    after: Place | None
    limit: int
    conditions: list[Any] = field(default_factory=list)
    # Numbers to look for in the table while there is no index.
    numbers: list[Any] = field(default_factory=list)

    def narrow(self, condition: Any, *marks: str) -> None:
        self.conditions.append(condition)
        self.wanted = self.wanted.narrowed(marks)


def find_visits(
    text: str = "",
    *,
    desk: Desk | None = None,
    first: date | None = None,
    last: date | None = None,
    service: Service | None = None,
    status: str | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> Page:
    """Visits with all the words of *text*, of the days *first* to *last*.

    A word is a beginning of a number, a part of a name or of any other text, or the
    first initials of a name in any reading.  *status* is an outcome, "open" for cases
    that nobody has closed, or "void".
    """
    search = _Search(VISITS, wanted(text), first, last, after, limit)
    typed = plain(text).strip().upper()
    if typed:
        search.numbers = [
            _begins(f, typed) for f in (Visit.number, Visit.student_number)
        ]
    by_table = not search.wanted.groups and service is None and status is None
    if desk is not None:
        search.narrow(Visit.desk_uid == desk.uid, mark("d", desk.uid))
    if service is not None:
        uids = _versions(service)
        search.narrow(Visit.service_uid.in_(uids), *(mark("s", u) for u in uids))
    if status is not None:
        search.narrow(_has_status(status), mark("o", status))
    return _find(search, text, by_table=by_table)


def warm_up() -> None:
    """Take what the first find by letters would else have to wait for.

    The dictionary of readings, 45 ms, and the top of the index.
    """
    initials_of("王")
    find_visits("w", limit=1)


def _versions(service: Service) -> list[str]:
    """All versions of the item: a visit names the one of its day."""
    rows = Service.select(Service.uid).where(
        (Service.uid == service.item) | (Service.item_uid == service.item)
    )
    return sorted({service.uid, *(row.uid for row in rows)})


def _has_status(status: str) -> Expression:
    if status not in FIND_STATUS_LABELS:
        raise UserError("请选择要查找的处理情况。")
    if status == VOID:
        return Visit.is_void == True  # noqa: E712 - an expression of peewee
    if status == OPEN:
        return Visit.finished_at.is_null() & ~Visit.is_void
    return (Visit.outcome == status) & ~Visit.is_void


def find_seal_uses(
    text: str = "",
    *,
    seal: Seal | None = None,
    student_number: str = "",
    first: date | None = None,
    last: date | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> Page:
    """Seal uses with all the words of *text*: number (2026-0012 or 12), applicant,
    unit, document, purpose, or the number, name or initials of a student, alone or
    on the list of a batch.

    *student_number* is one student's whole number.
    """
    search = _Search(SEAL_USES, wanted(text), first, last, after, limit)
    typed = plain(text).strip()
    year, _, number = typed.rpartition("-")
    if number.isdecimal() and len(number) < 10 and (not year or year.isdecimal()):
        of_year = (SealUse.year == int(year)) if year else True
        search.numbers = [(SealUse.number == int(number)) & of_year]
    student_number = plain(student_number).strip()
    by_table = not search.wanted.groups and not student_number
    if seal is not None:
        search.narrow(SealUse.seal_uid == seal.uid, mark("p", seal.uid))
    if student_number:
        exactly = SealUse.student_number == student_number
        search.narrow(exactly, student_mark(student_number))
    return _find(search, text, by_table=by_table)


def _find(search: _Search, text: str, *, by_table: bool) -> Page:
    """From the table where its own order answers, otherwise from the index."""
    if not 1 <= search.limit <= MOST_AT_ONCE:
        raise ValueError(f"limit {search.limit} is not within 1 to {MOST_AT_ONCE}")
    if by_table:
        return _page(search, _from_table(search)) if _says(search, text) else NOTHING
    left = searchindex.backlog()
    if 0 < left <= searchindex.SOON:
        left = searchindex.catch_up()
    if not left:
        try:
            return _page(search, _from_index(search))
        except (DatabaseError, RawDatabaseError) as error:
            if not searchindex.is_damage(error):
                raise
            searchindex.forget()
            left = searchindex.backlog()
    if text.strip() and not search.numbers:
        return Page([], None, left)
    return _page(search, _from_table(search), left)


NOTHING = Page([], None)


def _says(search: _Search, text: str) -> bool:
    """Punctuation alone is no word and finds nothing."""
    return not text.strip() or bool(search.wanted.groups)


def _page(search: _Search, rows: list[Any], left: int = 0) -> Page:
    """One row more than asked for tells that there are more."""
    more = len(rows) > search.limit
    rows = rows[: search.limit]
    return Page(rows, _place(search, rows[-1]) if more else None, left)


def _place(search: _Search, row: Any) -> Place:
    return getattr(row, search.table.moment.name), row.uid


def _from_table(search: _Search) -> list[Any]:
    moment, uid = search.table.moment, search.table.model.uid
    query = search.table.model.select()
    for condition in (*search.conditions, *_days(search)):
        query = query.where(condition)
    if search.numbers:
        either = search.numbers[0]
        for condition in search.numbers[1:]:
            either |= condition
        query = query.where(either)
    if search.after is not None:
        at, last = search.after
        query = query.where((moment <= at) & ((moment < at) | (uid < last)))
    ordered = query.order_by(moment.desc(), uid.desc())
    return list(ordered.limit(search.limit + 1))


def _days(search: _Search) -> Iterator[Expression]:
    moment = search.table.moment
    if search.first is not None:
        yield moment >= between(search.first, search.first)[0]
    if search.last is not None:
        yield moment <= between(search.last, search.last)[1]


def _begins(column: Any, text: str) -> Expression:
    """A range, which the column's index answers; LIKE would read every row."""
    return (column >= text) & (column < text + "\U0010ffff")


def _from_index(search: _Search) -> list[Any]:
    """Read on in the index until there is one row more than a page."""
    low, high = _bounds(search)
    match, most = search.wanted.match, search.limit + 1
    rows: list[Any] = []
    while len(rows) <= search.limit:
        places = searchindex.places(search.table, match, low, high, most)
        if places:
            rows += _checked(search, places)
        if len(places) < most:
            break
        # The last second was read whole.
        high = (places[-1] & ~searchindex.LAST) - 1
        most = min(most * 2, MOST_AT_ONCE)
    record_of = table_of(search.table.model).record_of
    return [record_of(row) for row in rows[: search.limit + 1]]


def _bounds(search: _Search) -> tuple[int, int]:
    first, last = search.first or date.min, search.last or date.max
    until = between(last, last)[1]
    if search.after is not None:
        until = min(until, search.after[0])
    low = searchindex.first_place(between(first, first)[0])
    return low, searchindex.last_place(until)


def _checked(search: _Search, places: Sequence[int]) -> list[Any]:
    """The rows at these places that still say what was asked, newest first."""
    moment = search.table.moment.name
    before = ("~", "")
    if search.after is not None:
        before = (search.after[0].isoformat(" ", "seconds"), search.after[1])
    standing = searchindex.rows_at(search.table, places)
    alone = _alone(search, standing)
    rows = [row for row in standing if (getattr(row, moment), row.uid) < before]
    found = search.table.fitting(rows, search.wanted, alone)
    return sorted(found, key=lambda r: (getattr(r, moment), r.uid), reverse=True)


def _alone(search: _Search, rows: Sequence[Any]) -> set[str]:
    """The rows whose place in the index speaks of no other row."""
    at = {row.uid: searchindex.place(search.table, row) for row in rows}
    standing = Counter(at.values())
    return {uid for uid, place in at.items() if standing[place] == 1}
