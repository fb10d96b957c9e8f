"""The lists behind the lines of a ledger, printed after it as an annex (附件).

A batch is one line of the ledger of seal uses and many students (P6).  The annex is a
table of its own, written and read like the ledger's: its cells are in the same digest,
and are compared with the records in the same way.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from exports.ledgers.cells import as_printed
from exports.ledgers.comparing import Difference
from exports.ledgers.masks import Mask, Masking
from exports.ledgers.selection import Query
from exports.ledgers.sheet import Attached, Sheet

# Entries in a line of a list.  The style of the column has a stop for each.
ACROSS = 5

# What fits between two stops, in characters of 9 pt: a number and a name of four.
_PLACE = 9.5

# Entries of a list are apart by tabs, its lines by line feeds.
_NOBODY = "（无）"


@dataclass(frozen=True)
class ListColumn:
    """A column of an annex, *width* as in `Column`."""

    heading: str
    width: float
    left: bool = False
    mask: Mask | None = None


@dataclass(frozen=True)
class Annex:
    """What is printed after a ledger: the last column is the list."""

    title: str
    columns: tuple[ListColumn, ...]
    # Headings of the columns that tell one row from another.
    key: tuple[str, ...]
    # The rows for the same query as the ledger's, made one by one.
    lines: Callable[[Query], Iterator[tuple[str, ...]]]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    def read(self, query: Query, masking: Masking | None) -> Iterator[tuple[str, ...]]:
        rows = self.lines(query)
        return rows if masking is None else masking.rows(self.columns, rows)


def attached(annex: Annex, sheet: Sheet, rows: Iterable[Sequence[str]]) -> Attached:
    """The annex of a ledger's *sheet*, to be written after it."""
    return Attached(
        replace(
            sheet,
            title=annex.title,
            headings=annex.headings,
            heads=(),
            counting=(),
            weights=tuple(column.width for column in annex.columns),
            centred=tuple(not column.left for column in annex.columns),
        ),
        rows,
    )


def listed(entries: Sequence[str]) -> str:
    """The entries as a cell; a long one takes two of the places of its line."""
    lines: list[list[str]] = [[]]
    taken = 0
    for entry in entries:
        places = 1 if _width(entry) <= _PLACE else 2
        if taken + places > ACROSS:
            lines.append([])
            taken = 0
        lines[-1].append(entry)
        taken += places
    return "\n".join("\t".join(line) for line in lines)


def _width(text: str) -> float:
    """In Chinese characters; digits and letters are half as wide."""
    if text.isascii():
        return len(text) / 2
    return sum(0.5 if character < "\x7f" else 1 for character in text)


def entries_of(cell: str) -> list[str]:
    return cell.replace("\n", "\t").split("\t")


def told(annex: Annex, one: Difference) -> str:
    """A difference in words; within a list the first entry that differs."""
    name = " ".join(one.row[annex.headings.index(annex.key[0])].split())
    what = f"{annex.title}（{annex.key[0]} {name}）"
    if one.printed is None:
        return f"{what}：记录里有，打印的没有。"
    if one.recorded is None:
        return f"{what}：打印的有，记录里没有。"
    if one.heading != annex.headings[-1]:
        return f"{what}“{one.heading}”：打印的是 {one.printed}，记录是 {one.recorded}"
    sides = zip_longest(
        entries_of(one.printed), entries_of(as_printed(one.recorded)), fillvalue=_NOBODY
    )
    for number, (printed, recorded) in enumerate(sides, start=1):
        if printed != recorded:
            return f"{what}第 {number} 人：打印的是 {printed}，记录是 {recorded}"
    return f"{what}：分行与记录不同。"
