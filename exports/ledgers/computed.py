"""Ledgers whose lines are reckoned: a list of columns and a list of objects.

What several sheets must agree on has one truth among the models.  A ledger of it takes
its lines from there and shows them; it asks no table itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from exports.ledgers.annex import Annex
from exports.ledgers.groups import Grouping, PlainRow
from exports.ledgers.heads import Head
from exports.ledgers.ledger import FixedShape, Reading, Totals, masking_of
from exports.ledgers.masks import Mask
from exports.ledgers.selection import Selection
from exports.ledgers.sheet import SIGNATURES, Place
from models.visits import Visit

Line = TypeVar("Line")


@dataclass
class LineColumn(Generic[Line]):
    """A column that shows something of a line; *width* as in `Column`."""

    heading: str
    text: Callable[[Line], str]
    width: float
    left: bool = False
    mask: Mask | None = None
    counts: bool = False


@dataclass(frozen=True)
class ComputedLedger(FixedShape, Generic[Line]):
    """A book of what was reckoned, as people print and file it."""

    code: str
    title: str
    columns: tuple[LineColumn[Line], ...]
    # The lines of a selection in their order.
    lines: Callable[[Selection], Sequence[Line]]
    totals: Callable[[Sequence[Line]], Totals]
    key: tuple[str, ...]
    # The choices it can be narrowed by: "desk", "department" and so on.
    narrowed_by: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    # Its lines depend on the time of day they are reckoned at, not only on records.
    by_the_clock: bool = False
    # In mm, where something is to be written or stamped by hand.
    row_height: float = 0
    # Lines that need not be that high.
    is_plain: Callable[[Line], bool] | None = None
    # It shows how things stand, not what happened in a period.
    is_register: bool = False
    annex: Annex | None = None
    signatures: tuple[Place, ...] = SIGNATURES
    heads: tuple[Head, ...] = ()
    portrait: bool = False
    groups: Grouping[Sequence[Line]] | None = None
    kept_by_office: bool = False
    # Which visit a line tells of, where it tells of one.
    visit: Callable[[Line], Visit] | None = None

    def check(self, chosen: Selection) -> None:
        chosen.require_only(self.narrowed_by)

    def read(self, chosen: Selection) -> Reading:
        self.check(chosen)
        lines = self.lines(chosen)
        groups = self.groups.of_selection(chosen, lines) if self.groups else ()
        texts = self._texts(chosen, lines)
        return Reading(len(lines), self.totals(lines), texts, groups=groups)

    def _texts(
        self, chosen: Selection, lines: Sequence[Line]
    ) -> Iterator[tuple[str, ...]]:
        texts = printed_of(self, chosen, lines)
        if self.is_plain is None:
            return texts
        return (
            PlainRow(row) if self.is_plain(line) else row
            for line, row in zip(lines, texts, strict=True)
        )


def texts_of(
    columns: Sequence[LineColumn[Line]], lines: Iterable[Line]
) -> Iterator[tuple[str, ...]]:
    """The lines as they are printed."""
    for line in lines:
        yield tuple(column.text(line) for column in columns)


def printed_of(
    ledger: ComputedLedger[Line], chosen: Selection, lines: Iterable[Line]
) -> Iterator[tuple[str, ...]]:
    """The same with the numbers of people masked where that was chosen."""
    columns = ledger.columns_of(chosen)
    texts, masking = texts_of(columns, lines), masking_of(chosen)
    return texts if masking is None else masking.rows(columns, texts)
