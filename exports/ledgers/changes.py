"""What became of printed rows after the print, and how rows are named to people."""

from collections.abc import Iterator, Sequence

from exports.ledgers.ledger import Book, headings_of
from exports.ledgers.selection import Selection
from exports.ledgers.splits import Part

# More than these are only counted: whoever reads on knows by then.
MOST_NAMED = 100


class Now:
    """The rows as they are today, by their key: what changed since is told."""

    def __init__(
        self, book: Book, chosen: Selection, key: Sequence[int], part: Part
    ) -> None:
        self._book, self._key, self._part = book, key, part
        self._headings = headings_of(book, chosen)
        # Hashes of cells: the texts of 400,000 rows would not fit beside.
        self._rows = {
            self._key_of(row): tuple(map(hash, row)) for row in book.read(chosen).lines
        }
        self._told: list[str] = []
        self._changed = 0

    def _key_of(self, row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[at] for at in self._key)

    def beside(self, then: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
        """*then*, the rows of then, while what became of them is noted.

        Of a ledger in several files those of the others are not: each tells its own.
        """
        for number, row in enumerate(then, start=1 - self._part.skipped):
            now = self._rows.pop(self._key_of(row), None)
            if now is None:
                self._note(number, row, "现在不在这本台账里")
            elif now != (before := tuple(map(hash, row))):
                names = [
                    f"“{flat(heading)}”"
                    for heading, a, b in zip(self._headings, now, before, strict=True)
                    if a != b
                ]
                self._note(number, row, f"改过{'、'.join(names)}")
            yield row

    def _note(self, number: int, row: Sequence[str], what: str) -> None:
        if number < 1 or (self._part.of > 1 and number > self._part.rows):
            return
        self._changed += 1
        if len(self._told) < MOST_NAMED:
            name = named(self._book, self._headings, row)
            self._told.append(f"第 {number} 行（{name}）：打印后{what}")

    def told(self) -> list[str]:
        more = self._changed - len(self._told)
        rest = [f"还有 {more} 行打印后改过。"] if more else []
        added = [f"打印后新登记了 {len(self._rows)} 行。"] if self._rows else []
        return [*self._told, *rest, *added]


def named(book: Book, headings: Sequence[str], row: Sequence[str]) -> str:
    """`编号 2026-0012`: how people call the row."""
    heading = book.key[0]
    return f"{heading} {flat(row[headings.index(heading)])}"


def flat(text: str) -> str:
    return " ".join(text.split())


def shown(text: str) -> str:
    return flat(text) or "（空）"
