"""A ledger in several files, each of which can be read, signed and checked by itself.

Of a month each has its own totals.  Cut by rows the totals stand in the last, together
with the annex; the others say so.

How many rows.  Within a document a table ends after 400 (`writer.ROWS_PER_TABLE`), so
that the time to lay one out hardly grows faster than its rows.  LibreOffice 7.4 on a
busy machine, ten columns, to PDF (`bench/ledgers.py --sizes`): 2,000 rows 11 s and
230 MiB, 5,000 rows 23 s and 350 MiB, 10,000 rows 54 s and 510 MiB, 20,000 rows 140 s
and 800 MiB, 50,000 rows 714 s and 1.7 GiB.  Beyond 10,000 a desk's PC with 4 GiB is no
longer a pleasure to work at, so from there on a split is proposed; 5,000 rows are some
150 sheets, as many as a binder holds.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from pathlib import Path

from exports.ledgers.selection import Selection

ROWS_PER_FILE = 5_000

# More than these in one file are not proposed.
SPLIT_ABOVE = 10_000


class Split(StrEnum):
    """Into how many files a ledger goes."""

    NONE = "none"
    # One for each calendar month of the period.
    MONTH = "month"
    # One for every 5,000 rows.
    ROWS = "rows"


SPLIT_LABELS = {
    Split.NONE: "一个文件",
    Split.MONTH: "每月一个文件",
    Split.ROWS: f"每 {ROWS_PER_FILE} 条一个文件",
}


def proposed(rows: int, first: date, last: date) -> Split:
    """How to split what may be too much for one file."""
    if rows <= SPLIT_ABOVE:
        return Split.NONE
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    is_even = months > 1 and rows <= SPLIT_ABOVE * months
    return Split.MONTH if is_even else Split.ROWS


@dataclass(frozen=True)
class Part:
    """The file *number* *of* so many; the *rows* after those that were *skipped*."""

    number: int = 1
    of: int = 1
    skipped: int = 0
    rows: int = 0

    @property
    def is_last(self) -> bool:
        return self.number == self.of

    @property
    def words(self) -> str:
        """For the line under the title."""
        if self.of == 1:
            return ""
        return f"第 {self.number} 册，共 {self.of} 册（{self._span}）"

    @property
    def _span(self) -> str:
        return f"第 {self.skipped + 1}–{self.skipped + self.rows} 条"

    def closing(self, whole: str) -> str:
        """The last row of this file, when that of the ledger is *whole*."""
        if self.is_last:
            return whole
        return f"本册 {self.rows} 条（{self._span}），合计见第 {self.of} 册。"


WHOLE = Part()


def parts_of(count: int) -> list[Part]:
    """One at least: a report of none is a file as well."""
    of = max(1, ceil(count / ROWS_PER_FILE))
    return [
        Part(
            number + 1,
            of,
            number * ROWS_PER_FILE,
            min(ROWS_PER_FILE, count - number * ROWS_PER_FILE),
        )
        for number in range(of)
    ]


def months_of(chosen: Selection) -> Iterator[Selection]:
    """The same for each month of the period, also those without records."""
    first = chosen.first
    while first <= chosen.last:
        days = calendar.monthrange(first.year, first.month)[1]
        last = min(first.replace(day=days), chosen.last)
        yield replace(chosen, first=first, last=last)
        first = last + timedelta(days=1)


def month_path(path: Path, month: date) -> Path:
    """`台账_2026-09.docx`."""
    return path.with_name(f"{path.stem}_{month:%Y-%m}{path.suffix}")


def part_path(path: Path, number: int) -> Path:
    """`台账_1.docx`."""
    return path.with_name(f"{path.stem}_{number}{path.suffix}")
