"""A file read into timetables, with the reason for every line left out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.roster.reading import Rejected
from exports.roster.tables import read_tables
from exports.timetables import grids, lists
from exports.timetables.lines import Lines, placed
from models.errors import UserError

_EXPECTED = (
    "课表要么是清单，表头写明学号、星期、节次、周次、课程；"
    "要么是教务系统的方格课表，上方是星期一到星期日，左侧是第1-2节这样的节次。"
    "请核对文件后重选。"
)


@dataclass
class Timetables(Lines):
    """Lessons as `models.timetables` keeps them, by the student number beside them."""

    @property
    def lessons_by_number(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for line in self.lines:
            if line.number:
                found.setdefault(line.number, []).append(line.lesson)
        return found

    @property
    def unnamed(self) -> list[dict[str, Any]]:
        """Lessons of whoever the file was chosen for."""
        return [line.lesson for line in self.lines if not line.number]


def read_timetables(path: str | Path) -> Timetables:
    """The lessons in a .xlsx, .xls or text file, as a list or as a grid.

    Every visible sheet with a timetable counts.  Raises `UserError` when there is no
    lesson at all and nothing to put right in a single row.
    """
    found = Timetables()
    parts: list[tuple[str, Lines]] = []
    for table in read_tables(path):
        if heading := lists.find_heading(table.rows):
            parts.append((table.name, lists.read_list(table, heading)))
            continue
        for grid in grids.find_grids(table):
            parts.append((table.name, grids.read_grid(table, grid)))
    if not any(part.lines or part.rejected for _name, part in parts):
        raise UserError(f"文件里没有读到课程。{_EXPECTED}")
    _refuse_several_unnamed([part for _name, part in parts])
    several = len({name for name, _part in parts}) > 1
    for name, part in parts:
        if several:
            part.lines = [line._replace(sheet=name) for line in part.lines]
            part.rejected = [
                Rejected(row, placed(name, why)) for row, why in part.rejected
            ]
        found.add(part)
    return found


def _refuse_several_unnamed(parts: list[Lines]) -> None:
    """Two grids without a number may be two people's: they would become one's."""
    unnamed = [part for part in parts if any(not line.number for line in part.lines)]
    if len(unnamed) > 1:
        raise UserError(
            f"文件里有 {len(unnamed)} 张没有写学号的课表，看不出各是谁的。"
            "请每人单独存一个文件，或在每张课表上方写明“学号：”。"
        )
