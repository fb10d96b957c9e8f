"""Two readings of the same rows, side by side: where they differ, and how."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exports.ledgers.cells import as_printed

Texts = Sequence[str]

# How far to look for a row that should have been here.
AHEAD = 500


class Difference(NamedTuple):
    """A cell, or with no *heading* a whole row, that is not as it is recorded.

    *number* counts the printed rows from 1; None is what one side does not have.
    """

    number: int
    row: Texts
    heading: str
    printed: str | None
    recorded: str | None


class _Ahead:
    """Rows to come, some of which were looked at already."""

    def __init__(self, rows: Iterator[Texts], key: Sequence[int]) -> None:
        self._rows, self._key = rows, key
        self._seen: deque[Texts] = deque()
        self.taken = 0

    def look(self) -> Texts | None:
        return self._at(0)

    def take(self) -> Texts:
        self.taken += 1
        return self._seen.popleft()

    def find(self, key: Texts) -> int | None:
        """How many rows come before the one with *key*."""
        for place in range(AHEAD):
            row = self._at(place)
            if row is None:
                return None
            if self.key_of(row) == key:
                return place
        return None

    def _at(self, place: int) -> Texts | None:
        while len(self._seen) <= place:
            row = next(self._rows, None)
            if row is None:
                return None
            self._seen.append(row)
        return self._seen[place]

    def key_of(self, row: Texts) -> Texts:
        return tuple(as_printed(row[at]) for at in self._key)


def differences(
    printed: Iterator[Texts],
    recorded: Iterator[Texts],
    headings: Sequence[str],
    key: Sequence[str],
) -> Iterator[Difference]:
    """What differs, in the order of the print; rows are matched by their *key*."""
    places = [headings.index(heading) for heading in key]
    mine, theirs = _Ahead(printed, places), _Ahead(recorded, places)
    while True:
        left, right = mine.look(), theirs.look()
        if left is None and right is None:
            return
        if left is not None and right is not None and left == right:
            mine.take()
            theirs.take()
            continue
        missing, added = _astray(mine, theirs)
        for _ in range(missing):
            yield Difference(mine.taken + 1, theirs.take(), "", None, "")
        for _ in range(added):
            row = mine.take()
            yield Difference(mine.taken, row, "", "", None)
        if not missing and not added:
            row, other = mine.take(), theirs.take()
            yield from _cells(mine.taken, row, other, headings)


def _astray(mine: _Ahead, theirs: _Ahead) -> tuple[int, int]:
    """Rows that only one side has before the sides meet again.

    Where they do not meet the two rows are taken for one whose key was changed.
    """
    left, right = mine.look(), theirs.look()
    if left is None or right is None:
        return (1, 0) if left is None else (0, 1)
    if mine.key_of(left) == theirs.key_of(right):
        return 0, 0
    missing = theirs.find(mine.key_of(left))
    added = mine.find(theirs.key_of(right))
    if missing is None or (added is not None and added < missing):
        return 0, added or 0
    return missing, 0


def _cells(
    number: int, row: Texts, other: Texts, headings: Sequence[str]
) -> Iterator[Difference]:
    for heading, printed, recorded in zip(headings, row, other, strict=True):
        expected = as_printed(recorded)
        if printed != expected:
            yield Difference(number, row, heading, printed, expected)
