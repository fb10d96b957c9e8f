"""What was read from a table: lessons with whose they are, and what was left out."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exports.roster.reading import Rejected


class Line(NamedTuple):
    """One lesson; "" for a number or name the file does not say."""

    row: int
    number: str
    person_name: str
    lesson: dict[str, Any]
    # Said where a file has several sheets with timetables.
    sheet: str = ""

    def rejected(self, reason: str) -> Rejected:
        return Rejected(self.row, placed(self.sheet, reason))


def placed(sheet: str, reason: str) -> str:
    return f"工作表“{sheet}”：{reason}" if sheet else reason


@dataclass
class Lines:
    lines: list[Line] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    # Rows outside the days of a grid, such as remarks: row and its text.
    passed_over: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Lines") -> None:
        self.lines += other.lines
        self.rejected += other.rejected
        self.passed_over += other.passed_over
