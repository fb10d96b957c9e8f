"""A sheet of a workbook: head, rows, and what stands below them.

Rows are written in their order and never again: XlsxWriter keeps only the last one.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from exports.ledgers.booklooks import (
    ACROSS_SIZE,
    MM_PER_POINT,
    Formats,
    lines_of,
    points_of,
)
from exports.ledgers.cells import as_printed
from exports.ledgers.heads import spans
from exports.ledgers.sheet import Sheet

A4 = 9
# A column is measured in digits of 11 pt, of which 1.96 mm hold one.
_MM_PER_DIGIT = 1.96
# Left and right of a cell's text.
_PADDING = 1.4
# No text is longer than what is made smaller to go into a line.
_SHRUNK = 1 << 20

# What Excel holds in a cell, in units of UTF-16.
MOST_IN_CELL = 32_767
# So much of a longer text stands in its cell, and in each piece of the rest.
_CUT = 32_000
# A character takes two of them at most.
_SURELY_FITS = MOST_IN_CELL // 2

_MARGIN = 0.6  # of an inch
# What is left of the page across and upright, in mm.
_ACROSS, _UPRIGHT = 297 - 2 * _MARGIN * 25.4, 210 - 2 * _MARGIN * 25.4
# A column that narrow has a clock time in it, made smaller rather than broken.
_NARROW = 6.5
_MOST_IN_FOOTER = 255

OVERFLOW = "超长文字"


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
        area = _UPRIGHT if sheet.portrait else _ACROSS
        scale = area / sum(sheet.weights)
        self._widths = [weight * scale for weight in sheet.weights]
        # In halves of a Chinese character; one that does not fit goes to the next line.
        half = formats.size / 2 * MM_PER_POINT
        self._held = [max(2, (width - _PADDING) / half) for width in self._widths]
        self._surely = [
            _SHRUNK if self._is_narrow(at) else int(held / 2.2)
            for at, held in enumerate(self._held)
        ]
        counting = sheet.counting or (False,) * len(sheet.headings)
        self._looks = [(self._look(at), counts) for at, counts in enumerate(counting)]
        self._set_up_page()
        self._write_head()
        self._first = self._at

    @property
    def rows(self) -> int:
        """Those below the headings."""
        return self._at - self._first

    def _is_narrow(self, column: int) -> bool:
        return self._widths[column] < _NARROW and self._sheet.centred[column]

    def _look(self, column: int) -> Any:
        formats = self._formats
        if self._is_narrow(column):
            return formats.narrow
        return formats.centred if self._sheet.centred[column] else formats.left

    def _set_up_page(self) -> None:
        page = self._page
        if not self._sheet.portrait:
            page.set_landscape()
        page.set_paper(A4)
        page.set_margins(_MARGIN, _MARGIN, _MARGIN, _MARGIN + 0.3)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        for column, width in enumerate(self._widths):
            page.set_column(column, column, width / _MM_PER_DIGIT)
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
        self._fit(texts)
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
        across = sum(self._widths) / ACROSS_SIZE / MM_PER_POINT * 2
        return points_of(lines_of(text, across), ACROSS_SIZE)

    def _fit(self, texts: Iterable[str]) -> None:
        """Give a row of several lines its height: Excel would, LibreOffice does not."""
        lines = 1
        for text, surely, held in zip(texts, self._surely, self._held, strict=True):
            if len(text) > surely or "\n" in text:
                lines = max(lines, lines_of(text, held))
        if lines > 1:
            self._page.set_row(self._at, points_of(lines, self._formats.size))

    def row(self, cells: Sequence[str]) -> None:
        self._fit(cells)
        write, at, narrow = self._page.write_string, self._at, self._formats.narrow
        for column, (text, (look, counts)) in enumerate(
            zip(cells, self._looks, strict=True)
        ):
            if counts and _is_count(text):
                self._page.write_number(at, column, int(text), self._formats.number)
                continue
            if len(text) > _SURELY_FITS:
                heading = self._sheet.headings[column]
                text = self._overflow.fitted(text, self._name, at + 1, heading)
            if look is narrow and "\n" in text:
                look = self._formats.centred
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
