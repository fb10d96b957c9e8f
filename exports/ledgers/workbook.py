"""A ledger as a workbook (.xlsx): the rows of the Word file, to be sorted and added up.

Texts stay texts: no formula, link or date is made of what somebody typed, and numbers
of students keep all their digits.  Only counts are numbers.  XlsxWriter keeps the rows
in files of its own until the end; they lie in a folder that nobody else can read.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from exports.ledgers.booklooks import Formats
from exports.ledgers.booksheet import BookSheet, Overflow
from exports.ledgers.cells import CELL, ROW, CellDigest, as_printed, joined
from exports.ledgers.groups import Cells, Group, tables
from exports.ledgers.marks import Mark, note_of, occurring
from exports.ledgers.properties import pieces_of
from exports.ledgers.sheet import CELLS_MARK, Attached, Sheet
from exports.ledgers.styles import size_for
from exports.ledgers.writer import NOTHING, ROWS_PER_TABLE
from models.clock import now
from models.progress import Report, unheard

# A sheet has 1,048,576 rows; some are for the head and for what stands below.
ROWS_PER_SHEET = 1_048_000

_FOLDER = "desk-ledger-"
_FORGOTTEN_AFTER = 24 * 3600
_REPORT_EVERY = 1 << 20


def write_workbook(
    file: BinaryIO,
    sheet: Sheet,
    rows: Iterable[Cells],
    *,
    closing: str = "",
    expected: int = 0,
    groups: Sequence[Group] = (),
    skipped: int = 0,
    annex: Attached | None = None,
    report: Report | None = None,
) -> int:
    """Write *rows* as an .xlsx to *file*; as `writer.write_ledger` does a .docx."""
    outlet = _Outlet(file, report or unheard)
    with _folder() as place, _workbook(outlet, place) as book:
        ledger = _Ledger(book, sheet, report or unheard)
        ledger.write(rows, groups, closing, expected)
        if annex:
            ledger.annex(annex)
        ledger.finish()
        outlet.rows = ledger.done, max(ledger.done, expected)
    return ledger.done


class _Outlet:
    """Where the zip file goes.

    Once that broke it takes everything and writes nothing: what XlsxWriter leaves
    behind still tries to end its file when it is thrown away.
    """

    def __init__(self, file: BinaryIO, report: Report) -> None:
        self._file, self._report = file, report
        self._at, self._told = 0, _REPORT_EVERY
        self.rows: tuple[int, int] = 0, 0
        self.broken = False

    def write(self, content: bytes) -> int:
        self._at += len(content)
        if not self.broken:
            self._file.write(content)
            self._told -= len(content)
            if self._told <= 0:
                self._told = _REPORT_EVERY
                self._report(*self.rows, "正在压缩")
        return len(content)

    def seek(self, place: int) -> int:
        self._at = place
        return place if self.broken else self._file.seek(place)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        if not self.broken:
            self._file.flush()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that only this user can read; those that a kill left behind go."""
    above = Path(tempfile.gettempdir())
    for old in above.glob(f"{_FOLDER}*"):
        if _age(old) > _FORGOTTEN_AFTER:
            shutil.rmtree(old, ignore_errors=True)  # perhaps of another user
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as name:
        yield Path(name)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # another export has just removed it
        return 0


@contextmanager
def _workbook(outlet: _Outlet, place: Path) -> Iterator[Workbook]:
    """Written when the block ends well; its files are closed in any case."""
    target: Any = outlet  # of a file only what a ZipFile asks of it
    book = Workbook(target, {"constant_memory": True, "tmpdir": str(place)})
    try:
        yield book
        book.close()
    except FileCreateError as error:
        outlet.broken = True
        raise error.args[0] from error
    except BaseException:
        outlet.broken = True
        raise
    finally:
        for sheet in book.worksheets():
            sheet._opt_close()


class _Plain(Worksheet):
    """A sheet that takes no text for markup: XlsxWriter would `<r>…</r>`."""

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        self._xml_inline_string(string, True, attributes)


class _Ledger:
    """The sheets of a ledger, filled row by row."""

    def __init__(self, book: Workbook, sheet: Sheet, report: Report) -> None:
        self.done = 0
        self._book, self._sheet, self._report = book, sheet, report
        size = size_for(len(sheet.headings), portrait=sheet.portrait)
        self._formats = Formats(book, size.pt)
        self._names: set[str] = set()
        self._digest = CellDigest()
        self._marks: set[Mark] = set()
        self._overflow = Overflow(self._add, self._formats)
        self._sheets: list[BookSheet] = []
        self._page = self._begin(sheet)

    def _add(self, title: str) -> tuple[str, Worksheet]:
        """A sheet called so, or so with a number when there is one."""
        name = re.sub(r"[\[\]:*?/\\']", "", title)[:25] or "台账"
        number, unique = 1, name
        while unique.lower() in self._names:
            number += 1
            unique = f"{name}（{number}）"
        self._names.add(unique.lower())
        return unique, self._book.add_worksheet(unique, _Plain)

    def _begin(self, sheet: Sheet) -> BookSheet:
        name, empty = self._add(sheet.title)
        page = BookSheet(name, empty, sheet, self._formats, self._overflow)
        self._sheets.append(page)
        return page

    def write(
        self,
        rows: Iterable[Cells],
        groups: Sequence[Group],
        closing: str,
        expected: int,
    ) -> None:
        for runs in tables(rows, groups, ROWS_PER_TABLE):
            for batch, title, subtotal in runs:
                if self._page.rows + len(batch) > ROWS_PER_SHEET:
                    self._page.end(filters=not groups)
                    self._page = self._begin(self._sheet)
                self.done += len(batch)
                self._between(title)
                self._body(batch)
                self._between(subtotal)
            self._report(self.done, max(self.done, expected), "正在写入")
        self._page.end(filters=not groups)
        self._page.closing(closing if self.done else NOTHING)

    def _between(self, text: str) -> None:
        if text:
            self._digest.add(as_printed(text))
            self._page.between(as_printed(text))

    def _body(self, batch: list[Cells]) -> None:
        texts = [[text or "" for text in row] for row in batch]
        clean = joined(texts, len(self._sheet.headings))
        self._digest.add(clean)
        self._marks |= occurring(clean)
        for row in clean.split(ROW):
            self._page.row(row.split(CELL))

    def annex(self, annex: Attached) -> None:
        """On a sheet of its own; none without rows."""
        page = None
        for row in annex.rows:
            page = page or self._begin(annex.sheet)
            cells = [as_printed(text or "") for text in row]
            self._digest.add_row(cells)
            # A tab is not seen in a workbook.
            page.row([text.replace("\t", "　") for text in cells])
            self._report(self.done, self.done, "正在写附件")
        if page:
            page.end(filters=False)

    def finish(self) -> None:
        """What stands below the rows, and on every page."""
        sheet, digest = self._sheet, self._digest
        for note in sheet.footnotes:
            self._page.below(note)
        if self._marks:
            goes_on = bool(sheet.footnotes)
            self._page.below(note_of(self._marks, goes_on=goes_on))
        signed = [place.text.format(maker=sheet.maker) for place in sheet.signatures]
        self._page.below("　　　　".join([*signed, f"填报日期：{sheet.filed_on}"]))
        proof = "　".join(filter(None, [f"校验码 {digest.shown}", sheet.chain]))
        self._page.below("　　".join(filter(None, [proof, sheet.summary])))
        for page in self._sheets:
            page.foot(proof)
        self._name_properties()

    def _name_properties(self) -> None:
        sheet = self._sheet
        self._book.set_properties(
            {
                "title": f"{sheet.centre}{sheet.title}",
                "author": sheet.maker,
                "created": now(),
            }
        )
        texts = {
            name: text.replace(CELLS_MARK, self._digest.whole)
            for name, text in sheet.properties.items()
        }
        for name, text in texts.items():
            for piece, content in pieces_of(name, text):
                self._book.set_custom_property(piece, content, "text")
