"""A ledger read on screen: the cells of the Word file, without the file.

What comes from a query is read a page at a time, each from where the one before ended;
what is reckoned, and what is searched, is read as a whole, so on a worker thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from peewee import DateField, DateTimeField, NodeList, Tuple, Value

from exports.ledgers.cells import CELL, as_printed
from exports.ledgers.computed import ComputedLedger, printed_of
from exports.ledgers.ledger import Book, Ledger, batches_of, masking_of
from exports.ledgers.selection import Query, Selection
from models.errors import UserError
from models.progress import Report
from models.seal_uses import SealUse
from models.visits import Visit

PAGE = 500
MOST_SOUGHT = 5000

# The stored values by which the last row of a page is placed.
Place = tuple[Any, ...]


class Shown(NamedTuple):
    """A row; *record* is the visit or the seal use it tells of, if it does."""

    cells: tuple[str, ...]
    is_void: bool = False
    record: tuple[type[Visit] | type[SealUse], str] | None = None

    @property
    def uid(self) -> str:
        """What keeps the mark on it while the list is read again."""
        return self.record[1] if self.record else "\n".join(self.cells)


def record_of(row: Shown) -> Visit | SealUse | None:
    """The visit or the seal use itself; None while it is not here."""
    if row.record is None:
        return None
    kind, uid = row.record
    return kind.get_or_none(kind.uid == uid)


class View(NamedTuple):
    """Some rows, how many there are in all, and where the next ones begin.

    With *is_more* there are more than *count*: nobody has read on.
    """

    rows: list[Shown]
    count: int
    after: Place | None = None
    is_more: bool = False


def view_ledger(
    ledger: Book, chosen: Selection, *, sought: str = "", report: Report | None = None
) -> View:
    """The first rows of what an export would print, or those with *sought* in a cell.

    *report* is called now and then; what it raises cancels.
    """
    if chosen.first > chosen.last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    ledger.check(chosen)
    if isinstance(ledger, Ledger) and not sought:
        rows, after = page_of(ledger, chosen, None)
        count = len(rows) if after is None else ledger.query(chosen).count()
        return View(rows, count, after)
    if report is not None:
        report(0, 0, "")  # this one takes its time
    rows = _matching(_whole(ledger, chosen), sought.lower(), report)
    if sought:
        found = list(islice(rows, MOST_SOUGHT + 1))
        kept = found[:MOST_SOUGHT]
        return View(kept, len(kept), is_more=len(found) > len(kept))
    every = list(rows)
    return View(every, len(every))


def _printed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """What Word holds of them: looked through at once, as almost all is whole."""
    joined = "".join(cells)
    if as_printed(joined) == joined:
        return cells
    return tuple(map(as_printed, cells))


def _matching(
    rows: Iterator[Shown], sought: str, report: Report | None
) -> Iterator[Shown]:
    for done, row in enumerate(rows, 1):
        if report is not None and done % PAGE == 0:
            report(done, 0, "")
        if not sought or sought in CELL.join(row.cells).lower():
            yield row


def _whole(ledger: Book, chosen: Selection) -> Iterator[Shown]:
    if isinstance(ledger, Ledger):
        for row, _ in _stored(ledger, chosen, ledger.query(chosen)):
            yield row
        return
    assert isinstance(ledger, ComputedLedger)
    lines = ledger.lines(chosen)
    for line, cells in zip(lines, printed_of(ledger, chosen, lines), strict=True):
        visit = ledger.visit(line) if ledger.visit else None
        yield Shown(
            _printed(cells),
            visit is not None and visit.is_void,
            (Visit, visit.uid) if visit is not None else None,
        )


def page_of(
    ledger: Ledger, chosen: Selection, after: Place | None, *, limit: int = PAGE
) -> tuple[list[Shown], Place | None]:
    """*limit* rows from where the page before ended, in the order of the ledger."""
    if after is not None:
        chosen = _from_day_of(ledger, chosen, after)
    query = ledger.query(chosen)
    if after is not None:
        place = NodeList([Value(v, converter=False) for v in after], ", ", True)
        query = query.where(Tuple(*_order(query)) > place)
    # One more than asked for tells that there are more.
    rows = list(islice(_stored(ledger, chosen, query.limit(limit + 1)), limit + 1))
    shown = [row for row, _ in rows[:limit]]
    return shown, rows[limit - 1][1] if len(rows) > limit else None


def _from_day_of(ledger: Ledger, chosen: Selection, after: Place) -> Selection:
    """Where the rows are in the order of their days, the days before are not read."""
    by = _order(ledger.query(chosen))[0]
    if not isinstance(by, (DateTimeField, DateField)):
        return chosen
    return replace(chosen, first=max(chosen.first, date.fromisoformat(after[0][:10])))


def _order(query: Query) -> Sequence[Any]:
    """What the rows are ordered by, down to the last tie."""
    order, uid = list(vars(query)["_order_by"] or ()), query.model.uid
    return order if uid in order else [*order, uid]


def _stored(
    ledger: Ledger, chosen: Selection, query: Query
) -> Iterator[tuple[Shown, Place]]:
    """Each row, and its place in the order."""
    model, order = query.model, _order(query)
    void = getattr(model, "is_void", Value(0))
    kind = model if model in (Visit, SealUse) else None
    query = query.order_by(*order)
    fields, masking = (void, model.uid, *order), masking_of(chosen)
    for texts, stored in batches_of(ledger, query, *fields, masking=masking):
        for cells, (is_void, uid, *place) in zip(texts, stored, strict=True):
            record = (kind, uid) if kind is not None else None
            yield (
                Shown(_printed(cells), bool(is_void), record),
                tuple(place),
            )
