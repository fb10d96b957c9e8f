"""Rows under titles: all uses of a seal, all shifts of a desk, each with a 小计.

Which rows belong together is known by their number before the first is read, so that
no writer has to look at the rows or to keep them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from exports.ledgers.selection import Selection

Source = TypeVar("Source")

# The text of a cell; None goes on with the cell above, on a sheet that merges.
Cells: TypeAlias = Sequence[str | None]


class PlainRow(tuple[str, ...]):
    """Cells of a row of the usual height, on a sheet whose rows are higher."""

    __slots__ = ()


class Group(NamedTuple):
    """So many rows, the text above them and that below; "" for none."""

    title: str
    rows: int
    subtotal: str


@dataclass(frozen=True)
class Grouping(Generic[Source]):
    """How the rows of a ledger are put under titles, and in which selections.

    *of* gets what the totals get (a query, or lines); its groups are in the order of
    the rows and hold all of them.
    """

    of: Callable[[Source], Sequence[Group]]
    when: Callable[[Selection], bool]

    def of_selection(self, chosen: Selection, source: Source) -> Sequence[Group]:
        """None of them when there is only one: the totals say the same."""
        found = self.of(source) if self.when(chosen) else ()
        return found if len(found) > 1 else ()


class Run(NamedTuple):
    """Rows that follow one another, with the texts that stand around them."""

    rows: list[Cells]
    title: str = ""
    subtotal: str = ""


def tables(
    rows: Iterable[Cells], groups: Sequence[Group], most: int
) -> Iterator[list[Run]]:
    """Tables of at most *most* rows, those with the texts of groups among them."""
    rest = iter(rows)
    if not groups:
        while batch := list(islice(rest, most)):
            yield [Run(batch)]
        return
    table: list[Run] = []
    for run in _runs(rest, groups, most):
        if table and _size(table) + _size([run]) > most:
            yield table
            table = []
        table.append(run)
    if next(rest, None) is not None:
        raise ValueError("a row that belongs to no group")
    yield table


def _runs(rest: Iterator[Cells], groups: Sequence[Group], most: int) -> Iterator[Run]:
    for group in groups:
        left, title = group.rows, group.title
        while left:
            some = list(islice(rest, min(left, most - 2)))
            if not some:
                raise ValueError("a group has fewer rows than it says")
            left -= len(some)
            yield Run(some, title, "" if left else group.subtotal)
            title = ""


def _size(table: Sequence[Run]) -> int:
    return sum(len(run.rows) + bool(run.title) + bool(run.subtotal) for run in table)


def cut(groups: Sequence[Group], start: int, stop: int) -> list[Group]:
    """The groups of the rows from *start* to *stop*; what was begun before says so."""
    found, at = [], 0
    for title, rows, subtotal in groups:
        first, last = max(at, start), min(at + rows, stop)
        if first < last:
            begun, ends = first > at, last == at + rows
            found.append(
                Group(
                    f"{title}（续）" if begun else title,
                    last - first,
                    subtotal if ends else "",
                )
            )
        at += rows
    return found


def texts_between(groups: Sequence[Group]) -> Iterator[tuple[int, str]]:
    """Each title and subtotal, with the number of rows that stand before it."""
    done = 0
    for group in groups:
        if group.title:
            yield done, group.title
        done += group.rows
        if group.subtotal:
            yield done, group.subtotal
