"""A sheet of a workbook: head, rows, and what stands below them.

Rows are written in their order and never again: XlsxWriter keeps only the last one.
"""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from exports.ledgers.cells import as_printed
from exports.ledgers.heads import spans
from exports.ledgers.sheet import Sheet
from exports.ledgers.styles import BODY_FONT, HEADING_FONT, TITLE_FONT

A4 = 9
# A column is measured in digits of 11 pt, of which 1.96 mm hold one.
_MM_PER_DIGIT = 1.96
_POINTS_PER_LINE = 15

# What Excel holds in a cell, in units of UTF-16.
MOST_IN_CELL = 32_767
# So much of a longer text stands in its cell, and in each piece of the rest.
_CUT = 32_000
# A character takes two of them at most.
_SURELY_FITS = MOST_IN_CELL // 2

_MARGIN = 0.6  # of an inch
_MOST_IN_FOOTER = 255

OVERFLOW = "超长文字"


class Formats:
    """The looks of cells, made once for a workbook."""

    def __init__(self, book: Workbook) -> None:
        def made(font: str, size: float, **more: Any) -> Any:
            look = {"font_name": font, "font_size": size, "text_wrap": True}
            # Text even when somebody goes into the cell and out again.
            return book.add_format(
                {**look, "valign": "vcenter", "num_format": "@"} | more
            )

        line = {"border": 1}
        self.centre = made(TITLE_FONT, 14, align="center")
        self.title = made(TITLE_FONT, 18, align="center")
        self.plain = made(BODY_FONT, 10)
        self.heading = made(HEADING_FONT, 10, align="center", **line)
        # Two cells that look like one: a merged one could not be sorted by.
        self.upper = made(HEADING_FONT, 10, align="center", top=1, left=1, right=1)
        self.lower = made(HEADING_FONT, 10, align="center", bottom=1, left=1, right=1)
        self.left = made(BODY_FONT, 10, align="left", **line)
        self.centred = made(BODY_FONT, 10, align="center", **line)
        self.number = made(BODY_FONT, 10, align="center", **line, num_format="0")
        self.group = made(HEADING_FONT, 10, align="left", **line)


class Overflow:
    """Where the rest of texts stands that no cell holds; a sheet made when needed."""

    def __init__(
        self, add: Callable[[str], tuple[str, Worksheet]], formats: Formats
    ) -> None:
        self._add, self._formats = add, formats
        self._sheet: Worksheet | None = None
        self._row = 0

    def fitted(self, text: str, sheet: str, row: int, heading: str) -> str:
        """*text*, or its beginning and where the rest is; *row* as people count."""
        if len(text) <= _SURELY_FITS or _units(text) <= MOST_IN_CELL:
            return text
        first, *rest = _pieces(text)
        place = self._row + 2
        for number, piece in enumerate(rest, start=2):
            self._write(
                f"{sheet} 第 {row} 行", " ".join(heading.split()), number, piece
            )
        return f"{first}……（未完，余下的在“{OVERFLOW}”表第 {place} 行起）"

    def _write(self, where: str, heading: str, number: int, piece: str) -> None:
        formats = self._formats
        if self._sheet is None:
            _, self._sheet = self._add(OVERFLOW)
            self._sheet.set_column(0, 2, 16)
            self._sheet.set_column(3, 3, 100)
            for column, text in enumerate(("所在的格", "栏目", "第几段", "文字")):
                self._sheet.write_string(0, column, text, formats.heading)
        self._row += 1
        for column, text in enumerate((where, heading, str(number), piece)):
            self._sheet.write_string(self._row, column, text, formats.left)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _pieces(text: str) -> list[str]:
    """Cut between characters, none longer than a cell holds."""
    found, start, taken = [], 0, 0
    for at, character in enumerate(text):
        size = 2 if character > "\uffff" else 1
        if taken + size > _CUT:
            found.append(text[start:at])
            start, taken = at, 0
        taken += size
    return [*found, text[start:]]


class BookSheet:
    """One sheet; rows are added to its end."""

    def __init__(
        self,
        name: str,
        page: Worksheet,
        sheet: Sheet,
        formats: Formats,
        overflow: Overflow,
    ) -> None:
        self._name, self._page, self._sheet = name, page, sheet
        self._formats, self._overflow = formats, overflow
        self._at = 0
        self._last = len(sheet.headings) - 1
        counting = sheet.counting or (False,) * len(sheet.headings)
        self._looks = [
            (formats.centred if centred else formats.left, counts)
            for centred, counts in zip(sheet.centred, counting, strict=True)
        ]
        self._set_up_page()
        self._write_head()
        self._first = self._at

    @property
    def rows(self) -> int:
        """Those below the headings."""
        return self._at - self._first

    def _set_up_page(self) -> None:
        page = self._page
        if not self._sheet.portrait:
            page.set_landscape()
        page.set_paper(A4)
        page.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN + 0.3)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        scale = self._sheet.type_area / sum(self._sheet.weights) / _MM_PER_DIGIT
        for column, weight in enumerate(self._sheet.weights):
            page.set_column(column, column, weight * scale)
        # Numbers of students are texts, and no mistake to be marked in green.
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _write_head(self) -> None:
        sheet, formats = self._sheet, self._formats
        if sheet.centre:
            self._across(sheet.centre, formats.centre, height=24)
        self._across(sheet.title, formats.title, height=30)
        if sheet.subtitle:
            self._across(sheet.subtitle, formats.plain)
        if sheet.heads:
            self._write_heads()
        else:
            self._cells(sheet.headings, [formats.heading] * len(sheet.headings))
        self._page.freeze_panes(self._at, 0)
        self._page.repeat_rows(0, self._at - 1)

    def _write_heads(self) -> None:
        sheet, formats = self._sheet, self._formats
        at, looks = 0, []
        for head, own in spans(sheet.headings, sheet.heads):
            if not head.text:
                for column in range(at, at + len(own)):
                    self._page.write_string(self._at, column, "", formats.upper)
            elif len(own) > 1:
                last = at + len(own) - 1
                self._merge(at, last, head.text, formats.heading)
            else:
                self._text(at, head.text, formats.heading)
            looks += [formats.heading if head.text else formats.lower] * len(own)
            at += len(own)
        self._at += 1
        self._cells(sheet.headings, looks)

    def _cells(self, texts: Sequence[str], looks: Sequence[Any]) -> None:
        for column, (text, look) in enumerate(zip(texts, looks, strict=True)):
            self._text(column, as_printed(text), look)
        self._at += 1

    def _text(self, column: int, text: str, look: Any) -> None:
        self._page.write_string(self._at, column, text, look)

    def _merge(self, first: int, last: int, text: str, look: Any) -> None:
        """The text is written by itself: merging would guess what it is."""
        if last > first:
            self._page.merge_range(self._at, first, self._at, last, "", look)
        self._text(first, as_printed(text), look)

    def _across(self, text: str, look: Any, *, height: float = 0) -> None:
        """A row of one cell, as high as its lines: Excel measures no merged ones."""
        text = self._overflow.fitted(text, self._name, self._at + 1, "")
        self._page.set_row(self._at, height or self._height(text))
        self._merge(0, self._last, text, look)
        self._at += 1

    def _height(self, text: str) -> float:
        across = self._sheet.type_area / 3.7  # characters of 10 pt
        lines = sum(max(1, ceil(len(line) / across)) for line in text.split("\n"))
        return min(409, _POINTS_PER_LINE * lines + 3)

    def row(self, cells: Sequence[str]) -> None:
        write, at = self._page.write_string, self._at
        for column, (text, (look, counts)) in enumerate(
            zip(cells, self._looks, strict=True)
        ):
            if counts and _is_count(text):
                self._page.write_number(at, column, int(text), self._formats.number)
                continue
            if len(text) > _SURELY_FITS:
                heading = self._sheet.headings[column]
                text = self._overflow.fitted(text, self._name, at + 1, heading)
            write(at, column, text, look)
        self._at += 1

    def between(self, text: str) -> None:
        """A title or a subtotal."""
        self._across(text, self._formats.group)

    def end(self, *, filters: bool) -> None:
        """No more rows; with groups among them they are not to be sorted."""
        if filters and self.rows:
            self._page.autofilter(self._first - 1, 0, self._at - 1, self._last)

    def closing(self, text: str) -> None:
        if text:
            self._across(text, self._formats.group)

    def below(self, text: str) -> None:
        self._across(text, self._formats.plain)

    def foot(self, proof: str) -> None:
        """Proof and page number of every page, its summary above."""
        self._page.set_footer(_footer(f"&L&8 {_plain(proof)}", "&R&14— &P —"))
        summary = self._sheet.summary
        if summary:
            self._page.set_header(_footer(f"&R&8 {_plain(summary)}"))


def _is_count(text: str) -> bool:
    """A number whose every digit a workbook keeps."""
    return text.isascii() and text.isdecimal() and text == str(int(text[:16]))


def _plain(text: str) -> str:
    return text.replace("&", "&&")


def _footer(text: str, end: str = "") -> str:
    """Cut where Excel would refuse it; the whole text stands below the rows."""
    return text[: _MOST_IN_FOOTER - len(end)] + end
