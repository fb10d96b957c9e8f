"""The texts of cells: what Word can hold of them, and their digest."""

import hashlib
import re
from collections.abc import Iterable, Sequence

# What XML 1.0 cannot hold at all, but for the two characters that separate cells and
# rows here.  Lone surrogates come from broken imports and cannot be encoded.
CELL, ROW = "\x1f", "\x1e"
_ILLEGAL = "\x00-\x08\x0b\x0c\x0e-\x1d\ud800-\udfff\ufffe\uffff"

# What turns the direction of writing around and is not seen itself: a cell joins what
# several fields say, and one of them must not turn the others around.  Letters that are
# written from the right (Uyghur, Arabic) are shown so without them.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_DROPPED = re.compile(f"[{_ILLEGAL}{_TURNING}]")

TEXT = '<w:t xml:space="preserve">'
_LINE_BREAK = f"</w:t><w:br/>{TEXT}"
_TAB = f"</w:t><w:tab/>{TEXT}"


def escape(text: str) -> str:
    """As `xml.sax.saxutils` does it, without its network libraries: 30 ms, 8 MB."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class CellDigest:
    """The SHA-256 of all cells, as they can be read back from the document."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, joined: str) -> None:
        """Some rows, already joined."""
        self._hash.update(joined.encode() + ROW.encode())

    def add_row(self, cells: Iterable[str]) -> None:
        self.add(CELL.join(cells))

    @property
    def whole(self) -> str:
        return self._hash.hexdigest()

    @property
    def shown(self) -> str:
        """The first 48 bits, in groups of four."""
        text = self.whole[:12].upper()
        return "-".join(text[at : at + 4] for at in (0, 4, 8))


def joined(rows: Sequence[Sequence[str]], columns: int) -> str:
    """Some rows as they are printed, in one text; cell by cell takes twice as long."""
    if {len(row) for row in rows} != {columns}:
        raise ValueError(f"every row needs {columns} cells")
    text = ROW.join(CELL.join(row) for row in rows)
    if text.count(CELL) + text.count(ROW) != len(rows) * columns - 1:
        text = ROW.join(
            CELL.join(without_separators(text) for text in row) for row in rows
        )
    return as_word_holds(text)


def as_printed(text: str) -> str:
    """A text as it reads back from the cell it was printed in."""
    return as_word_holds(without_separators(text))


def one_line(text: str) -> str:
    """A text as it is printed around the table: of a title nothing is a line below."""
    return re.sub(r"[\n\t]+", " ", as_printed(text))


def as_word_holds(text: str) -> str:
    text = _DROPPED.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def without_separators(text: str) -> str:
    return text.replace(CELL, "").replace(ROW, "")


def escaped(text: str) -> str:
    """Text as the content of a `w:t`; line breaks and tabs are elements in Word."""
    text = escape(text)
    return text.replace("\n", _LINE_BREAK).replace("\t", _TAB)
