"""The Word writer of all ledgers: rows go straight into the zipped document.xml.

python-docx alone takes 21 s and 850 MB for 50,000 rows at its fastest (and quadratic
time its usual ways); here memory stays the same whatever the number of rows.  Word and
LibreOffice lay out one long table in quadratic time, so a ledger is cut into tables of
at most 500 rows, each starting on a page of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import ceil
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from exports.ledgers import edges, pieces, shell, styles
from exports.ledgers.cells import (
    CELL,
    ROW,
    CellDigest,
    as_printed,
    escape,
    escaped,
    joined,
)
from exports.ledgers.groups import Cells, Group, PlainRow, tables
from exports.ledgers.marks import MARKS, Mark, note_of, occurring
from exports.ledgers.sheet import CELLS_MARK, TWIPS_PER_MM, Attached, Sheet
from models.errors import UserError
from models.progress import Report

# With the heading and the closing row a table stays below 500 rows.
ROWS_PER_TABLE = 400

# 2 GiB of XML is what a plain zip entry holds; 17 full columns come to 4 KB a row.
MOST_ROWS = 400_000

NOTHING = "本期无记录（零报告）"

_DOCUMENT = "word/document.xml"
# Mail filters know a Word file by these two in front of it.
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def write_ledger(
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
    """Write *rows* (texts, in the order of the headings) as a .docx to *file*.

    *closing* is the text of the last, merged row (合计); *expected* the number of rows
    as far as known, for *report*; *groups* those that stand under titles of their own;
    *skipped* how many rows of the same ledger are in the files before.  An *annex*
    without rows is left out.  Returns the number of rows written, those of the annex
    not among them.
    """
    parts = shell.build_shell(sheet)
    before, after = _around_table(parts.pop(_DOCUMENT))
    table = _Table(sheet, skipped=skipped)
    with ZipFile(file, "w") as target:
        for name in _FIRST:
            target.writestr(_entry(name), parts.pop(name))
        with target.open(_entry(_DOCUMENT), "w") as document:
            document.write(before.encode())
            for part in table.stream(rows, closing, expected, report, groups):
                document.write(part)
            if annex:
                for part in _annexed(annex, table, report):
                    document.write(part)
            document.write(_noted(after, table.marks, sheet).encode())
        # The footers, which show the digest, come when all rows have been seen.
        for name, content in parts.items():
            content = content.replace(shell.DIGEST_MARK, table.digest)
            content = content.replace(CELLS_MARK, table.cells)
            target.writestr(_entry(name), content)
    return table.done


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _around_table(document: str) -> tuple[str, str]:
    """document.xml before and after the paragraph that marks the table's place."""
    mark = document.index(shell.TABLE_MARK)
    start = document.rindex("<w:p>", 0, mark)
    end = document.index("</w:p>", mark) + len("</w:p>")
    return document[:start], document[end:]


def _noted(after: str, marks: set[Mark], sheet: Sheet) -> str:
    """What follows the table, with the note on the signs that were in its rows."""
    mark = after.index(shell.NOTE_MARK)
    if marks:
        note = escape(note_of(marks, goes_on=bool(sheet.footnotes)))
        return after.replace(shell.NOTE_MARK, note)
    start = after.rindex("<w:p>", 0, mark)
    return after[:start] + after[after.index("</w:p>", mark) + len("</w:p>") :]


def _annexed(
    annex: Attached, ledger: "_Table", report: Report | None
) -> Iterator[bytes]:
    """The annex from a new page on; nothing without rows.

    Whoever signs has seen it: the signatures stand behind.
    """
    rows = iter(annex.rows)
    first = next(rows, None)
    if first is None:
        return
    yield pieces.paragraph(styles.CONTINUED, escape(annex.sheet.title)).encode()
    table = _Table(annex.sheet, annexed_to=ledger)

    def heard(done: int, total: int, text: str) -> None:
        if report:
            report(ledger.done, ledger.done, "正在写附件")

    yield from table.stream(chain([first], rows), "", 0, heard)
    end = f"附件完，共 {table.done} 份名单。"
    yield pieces.paragraph(styles.LEFT_ALIGNED, escape(end), keeps=True).encode()


class _Table:
    """The XML of a ledger's tables, a batch of rows at a time.

    One that is *annexed* has lists in its last column, which go on over pages, and its
    cells are in the digest of the ledger it belongs to.
    """

    def __init__(
        self, sheet: Sheet, annexed_to: "_Table | None" = None, skipped: int = 0
    ) -> None:
        self.done, self._skipped = 0, skipped
        # Signs that stood in its rows.
        self.marks: set[Mark] = set()
        self._sheet = sheet
        self._is_annex = annexed_to is not None
        self._widths = sheet.widths
        self._height = ceil(sheet.row_height * TWIPS_PER_MM) or pieces.ROW_HEIGHT
        self._digest = annexed_to._digest if annexed_to else CellDigest()
        # Bytes: filling in text of two-byte characters takes twice as long.
        unmerged = [""] * len(self._widths)
        self._row = self._empty_row(unmerged).encode()
        self._lower = self._empty_row(unmerged, height=pieces.ROW_HEIGHT).encode()
        self._start = pieces.start(self._widths) + edges.heading_rows(sheet)

    def _empty_row(
        self, merges: Sequence[str], keeps: bool = False, height: int = 0
    ) -> str:
        """A row with places for the texts; *merges* is how each cell is merged.

        A row that *keeps* stays on a page with the next one.
        """
        cells = zip(self._widths, self._styles, merges, strict=True)
        return pieces.row(
            "".join(
                pieces.cell(width, style, "%s", more=more, keeps=keeps)
                for width, style, more in cells
            ),
            height=height or self._height,
            splits=self._is_annex,
        )

    @property
    def _styles(self) -> list[str]:
        """The style of each column."""
        found = [
            styles.CENTRED if centred else styles.LEFT_ALIGNED
            for centred in self._sheet.centred
        ]
        return [*found[:-1], styles.LISTED] if self._is_annex else found

    @property
    def digest(self) -> str:
        return self._digest.shown

    @property
    def cells(self) -> str:
        return self._digest.whole

    def stream(
        self,
        rows: Iterable[Cells],
        closing: str,
        expected: int,
        report: Report | None,
        groups: Sequence[Group] = (),
    ) -> Iterator[bytes]:
        yield self._start.encode()
        for runs in tables(rows, groups, ROWS_PER_TABLE):
            if self.done:
                yield f"</w:tbl>{self._continuation()}{self._start}".encode()
            for batch, title, subtotal in runs:
                self.done += len(batch)
                if self.done > MOST_ROWS:
                    raise UserError(
                        f"超过 {MOST_ROWS // 10_000} 万条，Word 打不开这样大的文件，"
                        "请缩短起止日期后分几次导出。"
                    )
                if title:
                    yield self._counted(styles.GROUP, title).encode()
                yield self._body(batch)
                if subtotal:
                    yield self._counted(styles.SUBTOTAL, subtotal).encode()
            if report:
                report(self.done, max(self.done, expected), "正在写入")
        if not self.done:
            yield self._merged(styles.NOTHING, NOTHING).encode()
        elif closing:
            yield self._merged(styles.CLOSING, closing).encode()
        if self._sheet.boxes:
            yield edges.boxes(self._sheet).encode()
        yield b"</w:tbl>"

    def _body(self, cells: list[Cells]) -> bytes:
        """The rows of a batch; escaping cell by cell would take twice as long."""
        rows, batch = self._rows_of(cells)
        clean = joined(batch, len(self._widths))
        self._digest.add(clean)
        if len(self.marks) < len(MARKS):
            self.marks |= occurring(clean)
        return rows % tuple(
            escaped(clean).replace(ROW, CELL).encode().split(CELL.encode())
        )

    def _rows_of(self, cells: list[Cells]) -> tuple[bytes, list[Any]]:
        """Empty rows, merged as they should be, and the texts that go into them."""
        if not self._sheet.merges:
            if not any(isinstance(row, PlainRow) for row in cells):
                return self._row * len(cells), cells
            rows = [
                self._lower if isinstance(r, PlainRow) else self._row for r in cells
            ]
            return b"".join(rows), cells
        # The first row of a table has nothing above it.
        cells = [[text or "" for text in cells[0]], *cells[1:]]
        # The last one keeps with the sums, or with the signatures where there are none.
        rows = [
            self._empty_row([pieces.merge(text) for text in row], keeps=None in below)
            for row, below in zip(cells, [*cells[1:], [None]], strict=True)
        ]
        texts = [[text or "" for text in row] for row in cells]
        return "".join(rows).encode(), texts

    @staticmethod
    def _plain(text: str) -> str:
        return escaped(as_printed(text))

    def _merged(self, style: str, text: str) -> str:
        """A row of one cell across all columns."""
        content, span = self._plain(text), pieces.span(len(self._widths))
        return pieces.row(pieces.cell(sum(self._widths), style, content, more=span))

    def _counted(self, style: str, text: str) -> str:
        """Such a row among the others, which nobody can change unseen."""
        self._digest.add(as_printed(text))
        return self._merged(style, text)

    def _continuation(self) -> str:
        first = self._skipped + self.done + 1
        text = f"{self._sheet.title}（续）　第 {first} 条起"
        return pieces.paragraph(styles.CONTINUED, escape(text))
