"""A roster file read into students, with the reason for every row left out."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from exports.roster import cells
from exports.roster.choosing import Columns, heading_again, with_columns
from exports.roster.headings import (
    Heading,
    find_heading,
    heading_in_row,
    likely_heading,
)
from exports.roster.tables import Table, read_tables
from models.errors import UserError

_FOOTER = re.compile(
    r"(?:合计|总计|小计|共计|总人数|人数|制表|填表|填报|编制|审核|复核|审批|负责人|经办"
    r"|打印|导出|统计|联系人|院长|系主任|辅导员|班主任|(?:单位|学院|部门)?[(]?盖?公?章)"
    r"|(?:备注|说明|注|附注|日期|时间|签字|签名)(?:[:\d]|$)"
    r"|共\s*\d+\s*[人名页条行]|第\s*\d+\s*页|\d{4}年\d+月(?:\d+日)?$|以下空白|-{3,}|—{2,}"
)


class RosterRow(NamedTuple):
    """One student; `row` is the row number people see in Excel or WPS.

    "" stands for a cell left blank and for a column the file does not have.
    """

    row: int
    number: str
    name: str
    class_name: str
    college: str
    phone: str


class Rejected(NamedTuple):
    row: int
    reason: str


@dataclass
class Roster:
    """What a file holds.  Every row below the headings that is not blank is in
    exactly one of `rows`, `rejected`, `repeated` and `passed_over`."""

    sheet: str  # "" for a text file
    columns: dict[str, str]  # field -> its heading in the file
    rows: list[RosterRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    # What the file says in a rejected row: number, name, class, college, telephone.
    said: dict[int, tuple[str, ...]] = field(default_factory=dict)
    # Rows that only say once more what an earlier row says.
    repeated: list[int] = field(default_factory=list)
    # Headings printed again, totals and signatures: row and its text.
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    # Further sheets that look like rosters and were not read.
    unread_sheets: list[str] = field(default_factory=list)


def read_roster(
    path: str | Path, *, sheet: str = "", columns: Columns | None = None
) -> Roster:
    """The students in a .xlsx, .xls or text file.

    The first sheet with headings counts, or the one called *sheet*.  *columns* says
    which column is what where that was chosen by hand.  Raises `UserError` when the
    file is no roster; a row that cannot be used is in `rejected` with the reason, in
    Chinese.
    """
    found: tuple[Table, Heading] | None = None
    unread: list[str] = []
    what = f"工作表“{sheet}”" if sheet else "可见的工作表"
    complaint = UserError(f"文件里没有{what}，请核对后重选。")
    for table in read_tables(path):
        wanted = not sheet or table.name == sheet
        try:
            heading = _heading_of(table, columns if wanted else None)
        except UserError as error:
            if table.rows and found is None and wanted:
                complaint = error
            continue
        if found is None and wanted:
            found = table, heading
        elif _names_roster(table):
            unread.append(table.name)
    if found is None:
        raise complaint
    roster = _roster_of(*found, chosen=columns is not None)
    roster.unread_sheets = unread
    if not (roster.rows or roster.rejected):
        raise UserError("表头下面没有学生，请核对文件后重选。")
    return roster


def _heading_of(table: Table, columns: Columns | None) -> Heading:
    if columns is None:
        return find_heading(table.rows)
    return with_columns(table.rows, likely_heading(table.rows), columns)


def _names_roster(table: Table) -> bool:
    try:
        find_heading(table.rows)
    except UserError:
        return False
    return True


def _roster_of(table: Table, heading: Heading, *, chosen: bool) -> Roster:
    roster = Roster(table.name, heading.titles)
    rows = with_joined_cells(table, heading)
    read = _RowReader(heading)
    for index in range(heading.last_row + 1, len(rows)):
        row, number = rows[index], index + 1
        try:
            roster.rows.append(read(row, number))
        except cells.Unusable as error:
            if not any(map(cells.plain_text, row)):
                continue
            again = (
                heading_again(row, index, heading)
                if chosen
                else heading_in_row(row, index)
            )
            if again:
                read = _RowReader(again)
                roster.passed_over.append((number, _joined_text(row)))
            elif _is_footer(row, read.heading):
                roster.passed_over.append((number, _joined_text(row)))
            else:
                roster.rejected.append(Rejected(number, f"{error}。"))
                roster.said[number] = read.said_in(row)
    _settle_repeated(roster)
    return roster


class _RowReader:
    """Takes the wanted cells out of a row; raises `Unusable` with all its faults."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self._places = [
            (heading.columns.get(field, -1), reader)
            for field, reader in _READERS.items()
        ]

    def __call__(self, row: Sequence[object], number: int) -> RosterRow:
        width = len(row)
        try:
            return RosterRow(
                number,
                *[
                    reader(row[column] if 0 <= column < width else "")
                    for column, reader in self._places
                ],
            )
        except cells.Unusable:
            raise cells.Unusable("；".join(self._faults_of(row))) from None

    def said_in(self, row: Sequence[object]) -> tuple[str, ...]:
        """The wanted cells as they stand in the file."""
        return tuple(
            cells.plain_text(row[column]) if 0 <= column < len(row) else ""
            for column, _reader in self._places
        )

    def _faults_of(self, row: Sequence[object]) -> Iterator[str]:
        for column, reader in self._places:
            try:
                reader(row[column] if 0 <= column < len(row) else "")
            except cells.Unusable as error:
                yield str(error)


_READERS: dict[str, Callable[[object], str]] = {
    "number": cells.student_number,
    "name": cells.person_name,
    "class_name": cells.class_or_college,
    "college": cells.class_or_college,
    "phone": cells.phone_number,
}


def with_joined_cells(table: Table, heading: Heading) -> list[Sequence[object]]:
    """A class written once in a cell merged over its students counts for each."""
    columns = {heading.columns.get("class_name"), heading.columns.get("college")}
    rows = table.rows
    for top, bottom, column in table.joined:
        if column not in columns or top <= heading.last_row or top >= len(rows):
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            row = list(rows[index])
            row[column] = rows[top][column]
            rows[index] = row
    return rows


def _is_footer(row: Sequence[object], heading: Heading) -> bool:
    """Totals, signatures and page numbers.  A row with a name and a number that
    only one of them is wrong in is a student and must be rejected instead."""
    texts = [cells.plain_text(cell) for cell in row]
    number, name = (
        texts[column] if column < len(texts) else ""
        for column in (heading.columns["number"], heading.columns["name"])
    )
    if number and name and not _FOOTER.match(number.replace(" ", "")):
        return False
    first = next(filter(None, texts)).replace(" ", "")
    return bool(_FOOTER.match(first) or _FOOTER.match(number.replace(" ", "")))


def _joined_text(row: Iterable[object]) -> str:
    return " ".join(filter(None, map(cells.plain_text, row)))[:80]


def _settle_repeated(roster: Roster) -> None:
    """The same row twice is skipped; two that differ are both for the office."""
    by_number: dict[str, list[RosterRow]] = defaultdict(list)
    for row in roster.rows:
        by_number[row.number].append(row)
    if len(by_number) == len(roster.rows):
        return
    roster.rows = []
    for number, rows in by_number.items():
        if len({row[1:] for row in rows}) == 1:
            roster.rows.append(rows[0])
            roster.repeated += [row.row for row in rows[1:]]
            continue
        places = "、".join(str(row.row) for row in rows)
        reason = f"学号 {number} 在第 {places} 行重复且内容不同，请核对后只留一行。"
        roster.rejected += [Rejected(row.row, reason) for row in rows]
        roster.said.update((row.row, row[1:]) for row in rows)
    roster.rejected.sort()
    roster.repeated.sort()
