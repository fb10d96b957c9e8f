"""What a table reads its rows from, in what order, and how they are copied."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from models.pinyin import sounds_of

CHUNK = 500
AT_FIRST = 100  # more than a high screen shows, and drawn in a few milliseconds
MOST_SHOWN = 5000  # past this, searching beats scrolling

# Some rows, and where the next ones begin; None after the last of all.
Fetch = Callable[[Any], tuple[Sequence[Any], Any]]
NUMBER = re.compile(r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^0-9]*)")
DIGITS = re.compile(r"([0-9]+)")
NEEDS_QUOTES = re.compile(r'[\t\r\n"]')


class Keyset(NamedTuple):
    """Records fetched a page at a time; the first page is `fetch(None)`.

    `sorts` tells, by the title of a column, who fetches in the order of that column;
    it is asked with whether the last comes first.  Columns not named can sort only
    once all rows have been fetched.
    """

    fetch: Fetch
    sorts: Mapping[str, Callable[[bool], Fetch]] = MappingProxyType({})


class Portions:
    """Hands records out some at a time, `MOST_SHOWN` in all."""

    def __init__(
        self,
        source: Iterable[Any] | Keyset,
        *,
        chunk: int = AT_FIRST,
        keep: Callable[[Any], bool] = lambda record: True,
    ) -> None:
        self.given, self.has_more = 0, True
        self._chunk, self._keep = chunk, keep
        self._fetch = source.fetch if isinstance(source, Keyset) else None
        self._after: Any = None
        self._rest = iter(()) if self._fetch else filter(keep, source)
        self._is_at_hand = isinstance(source, Sequence)

    @property
    def is_full(self) -> bool:
        """As many as are ever shown, and there are more."""
        return self.given >= MOST_SHOWN and self.has_more

    def next(self, most: int | None = None) -> list[Any]:
        """The next ones, *most* where they need not be fetched; none after the last."""
        room = MOST_SHOWN - self.given
        if room <= 0 or not self.has_more:
            return []
        found = (
            self._fetched()
            if self._fetch
            else self._taken(min(room, most or self._chunk))
        )
        self.given += len(found[:room])
        return found[:room]

    def _fetched(self) -> list[Any]:
        """What is to be kept of the next page: none of it, perhaps."""
        assert self._fetch is not None
        rows, self._after = self._fetch(self._after)
        self.has_more = self._after is not None
        return list(filter(self._keep, rows))

    def _taken(self, most: int) -> list[Any]:
        found, self._chunk = list(itertools.islice(self._rest, most)), CHUNK
        self.has_more = len(found) == most
        if self.has_more and self._is_at_hand:
            # Looking one ahead costs nothing where nothing has to be fetched.
            ahead = list(itertools.islice(self._rest, 1))
            self.has_more = bool(ahead)
            self._rest = itertools.chain(ahead, self._rest)
        return found


def all_of(source: Keyset) -> list[Any] | None:
    """Every record, where there are no more than are ever shown."""
    found: list[Any] = []
    after = None
    while len(found) < MOST_SHOWN:
        rows, after = source.fetch(after)
        found += rows
        if after is None:
            return found
    return None


def in_order(
    records: Sequence[Any], text_of: Callable[[Any], str], *, is_down: bool
) -> list[Any]:
    """By the texts of one column; equal ones stay as they were, blank ones go last."""
    keys = [(text_of(record), record) for record in records]
    filled = [(order_of(text), record) for text, record in keys if text.strip()]
    filled.sort(key=lambda pair: pair[0], reverse=is_down)
    blank = [record for text, record in keys if not text.strip()]
    return [record for _, record in filled] + blank


def order_of(text: str) -> tuple[Any, ...]:
    """Numbers by their value, with or without a unit; Chinese as it is spoken.

    `第 2 班` comes before `第 10 班`.
    """
    number = NUMBER.fullmatch(text.strip())
    if number:
        return 0, float(number[1].replace(",", "")), number[2]
    return 1, *_parts(text.strip())


def _parts(text: str) -> Iterator[tuple[Any, ...]]:
    for part in DIGITS.split(text):
        if part.isascii() and part.isdigit():
            yield "0", int(part), part
        else:
            yield from sounds_of(part)


def as_cells(rows: Iterable[Sequence[str]]) -> str:
    """Rows as tables take them from the clipboard: cells parted by tabs.

    A cell that a tab or a new line would cut in two is put in quotes, as Excel and
    WPS do it themselves.
    """
    return "\n".join("\t".join(map(_quoted, row)) for row in rows)


def _quoted(cell: str) -> str:
    if not NEEDS_QUOTES.search(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'
