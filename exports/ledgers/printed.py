"""A printed ledger read back: its rows one by one, and what it says of itself.

The file comes from anywhere.  Its parts are read with limits and without following
entities, and its rows are let go as soon as they were looked at.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from docx.oxml.ns import qn
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from exports.ledgers import properties
from exports.ledgers.proof import CELLS, FORMAT, PROOF, Proof, format_of, read_proof
from models.errors import UserError
from models.jsontext import UNREADABLE

# A ledger of most rows has 2 GiB of XML.  Between two rows there is hardly anything.
MOST_BYTES = 2 << 30
MOST_OUTSIDE = 4 << 20
MOST_PART = 1 << 20
MOST_FOOTERS = 20

_DOCUMENT = "word/document.xml"
_ROW, _CELL, _TABLE, _BODY = qn("w:tr"), qn("w:tc"), qn("w:tbl"), qn("w:body")
_PARAGRAPH, _TEXT, _BREAK, _TAB = qn("w:p"), qn("w:t"), qn("w:br"), qn("w:tab")

# Characters that Word and LibreOffice write as elements when they save a file again.
_SIGNS = {
    _BREAK: "\n",
    _TAB: "\t",
    qn("w:cr"): "\n",
    qn("w:softHyphen"): "\xad",
    qn("w:noBreakHyphen"): "\u2011",
}

_UNREADABLE = (
    *(BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(etree.XMLSyntaxError, UnicodeDecodeError, ValueError),
)


class PrintedRow(NamedTuple):
    """The texts of a row, and of which table (from 0) it is."""

    table: int
    cells: tuple[str, ...]


class PrintedFile:
    """A .docx with the proof of a ledger, opened by `open_printed`."""

    def __init__(self, package: ZipFile, name: str) -> None:
        self._package, self._name = package, name
        with _reading(name):
            texts = self._properties()
        self.proof = self._proof(texts.get(PROOF, ""))
        self.cells = texts.get(CELLS, "")
        # What stands above the first table; known once rows were read.
        self.lines: list[str] = []
        # And below the last one; known when all rows were read.
        self.below: list[str] = []

    def _properties(self) -> dict[str, str]:
        self._package.getinfo(_DOCUMENT)
        if properties.PART not in self._package.namelist():
            return {}
        return properties.texts_of(self._small(properties.PART))

    def _proof(self, text: str) -> Proof:
        if not text:
            raise UserError(
                f"“{self._name}”不是本程序导出的台账，或者其中的核验信息已被删除，"
                "请选择导出时的原文件。"
            )
        try:
            if format_of(text) > FORMAT:
                raise UserError(
                    f"“{self._name}”由更新的程序导出，请先升级本程序再核验。"
                )
            return read_proof(text)
        except UNREADABLE as error:
            raise UserError(
                f"“{self._name}”里的核验信息已损坏，请选择导出时的原文件。"
            ) from error

    def _small(self, name: str) -> Any:
        with self._package.open(name) as part:
            content = part.read(MOST_PART + 1)
        if len(content) > MOST_PART:
            raise ValueError("too large a part")
        root = etree.fromstring(content, _parser())
        _refuse_entities(root)
        return root

    @property
    def footers(self) -> list[str]:
        """The text of each footer."""
        names = [
            name
            for name in self._package.namelist()
            if name.startswith("word/footer") and name.endswith(".xml")
        ]
        with _reading(self._name):
            return [
                "".join(_text(line) for line in self._small(name).iter(_PARAGRAPH))
                for name in names[:MOST_FOOTERS]
            ]

    def rows(self) -> Iterator[PrintedRow]:
        """The rows of all tables, headings and merged rows among them."""
        number, table = -1, None
        with _reading(self._name), self._package.open(_DOCUMENT) as part:
            stream = _Limited(part)
            for _, row in etree.iterparse(stream, tag=_ROW, **_SAFE):
                parent = row.getparent()
                if not _is_top(parent):
                    continue
                if parent is not table:
                    table, number = parent, number + 1
                    self._begin(table, number)
                stream.since = 0
                yield PrintedRow(number, _cells(row))
                _let_go(row)
            if table is not None:
                self.below = list(map(_text, table.itersiblings(_PARAGRAPH)))

    def _begin(self, table: Any, number: int) -> None:
        if number == 0:
            _refuse_entities(table)
            before = table.itersiblings(_PARAGRAPH, preceding=True)
            self.lines = [_text(line) for line in before][::-1]
        _let_go(table, itself=False)


class _Limited:
    """A part that is read no further than a ledger can be long."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._left = part, MOST_BYTES
        # Bytes since the last row: what stands there is kept in memory.
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        content = self._part.read(size if size > 0 else MOST_PART)
        self._left -= len(content)
        self.since += len(content)
        if self._left < 0 or self.since > MOST_OUTSIDE:
            raise ValueError("too large a document")
        return content


# `huge_tree` stays off: libxml2 then limits depth, names and texts by itself.
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
}


def _parser() -> Any:
    return etree.XMLParser(**_SAFE)


def _refuse_entities(element: Any) -> None:
    if element.getroottree().docinfo.doctype:
        raise ValueError("a Word file has no document type")


@contextmanager
def open_printed(path: Path) -> Iterator[PrintedFile]:
    """Raises `UserError` for what is not a whole Word file of a ledger."""
    with _reading(path.name):
        package = ZipFile(path)
    with package:
        yield PrintedFile(package, path.name)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say in words what is wrong with the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise UserError(f"没有文件“{name}”，请检查路径。") from error
    except _UNREADABLE as error:
        raise UserError(
            f"“{name}”不是完好的 Word 文件（.docx），请选择导出时的原文件。"
        ) from error
    except KeyError as error:
        raise UserError(f"“{name}”不是 Word 文件，请选择导出的台账。") from error
    except OSError as error:
        raise UserError(f"文件“{name}”读不出来，请关闭 Word 后再试。") from error


def _is_top(table: Any) -> bool:
    """A table in a cell is part of that cell's row."""
    above = table.getparent() if table is not None and table.tag == _TABLE else None
    return above is not None and above.tag == _BODY


def _cells(row: Any) -> tuple[str, ...]:
    """The texts of a row's cells; lines of a cell are apart by line feeds."""
    cells: list[list[str]] = []
    paragraph = False
    for element in row.iter(_CELL, _PARAGRAPH, _TEXT, *_SIGNS):
        tag = element.tag
        if tag == _CELL:
            cells.append([])
            paragraph = False
        elif not cells:
            continue
        elif tag == _TEXT:
            cells[-1].append(element.text or "")
        elif tag == _PARAGRAPH:
            if paragraph:
                cells[-1].append("\n")
            paragraph = True
        elif not _is_stop(element):
            cells[-1].append(_SIGNS[tag])
    return tuple("".join(parts) for parts in cells)


def _is_stop(element: Any) -> bool:
    """A tab stop of a paragraph is called as a tab in its text is."""
    return element.tag == _TAB and element.getparent().tag == qn("w:tabs")


def _text(paragraph: Any) -> str:
    return "".join(element.text or "" for element in paragraph.iter(_TEXT))


def _let_go(element: Any, *, itself: bool = True) -> None:
    """Forget an element and what stands before it."""
    if itself:
        element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]
