"""Timetables as a list: one lesson a row, of one person or of many."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from exports.roster.cells import (
    Unusable,
    person_name,
    plain_text,
    student_number,
)
from exports.roster.reading import Rejected
from exports.roster.tables import Table
from exports.timetables import words
from exports.timetables.cells import when_in
from exports.timetables.lines import Line, Lines

# The earlier a heading stands in its list, the more it is trusted.
HEADINGS = {
    "number": "学号 学生学号 本人学号 学籍号 学工号 学生证号 学生编号 助理学号",
    "name": "姓名 学生姓名 本人姓名 助理姓名 学生助理 志愿者姓名 志愿者 助理 学生",
    "weekday": "星期 星期几 上课星期 周几 礼拜 礼拜几 星期数 上课日",
    "periods": "节次 上课节次 节 课节 第几节 上课节 小节 起止节 起止节次 节次范围",
    "weeks": (
        "周次 上课周次 起止周 起讫周 起止周次 教学周 上课周 周次范围 开课周次 周数 周"
    ),
    "parity": "单双周 单双",
    "course": "课程 课程名称 课程名 课名 科目 上课课程 课程名字 教学班课程 课程中文名",
    "when": "上课时间 上课时间段 时间 上课安排 时间安排 上课时间安排",
}
_FIELDS = {
    heading: (field, rank)
    for field, headings in HEADINGS.items()
    for rank, heading in enumerate(headings.split())
}
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LOOK_AT = 60
_COUNTED = "周数"


# Weekday, runs of periods, weeks.
Time = tuple[int, list[tuple[int, int]], Any]


@dataclass(frozen=True)
class Heading:
    row: int
    columns: dict[str, int]
    titles: dict[str, str]


def find_heading(rows: Sequence[Sequence[object]]) -> Heading | None:
    """The first row that names a course and its time."""
    for index, row in enumerate(rows[:_LOOK_AT]):
        if heading := _heading_in(row, index):
            return heading
    return None


def _heading_in(row: Sequence[object], index: int) -> Heading | None:
    best: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        if found := _field_of(cell):
            field, rank = found
            if field not in best or rank < best[field][0]:
                best[field] = (rank, column)
    columns = {field: column for field, (_rank, column) in best.items()}
    if "when" in columns and "weekday" in columns and "periods" not in columns:
        columns["periods"] = columns.pop("when")
    if {"weekday", "periods"} <= columns.keys():
        columns.pop("when", None)
    timed = "when" in columns or {"weekday", "periods"} <= columns.keys()
    if "course" not in columns or not timed:
        return None
    titles = {field: plain_text(row[column]) for field, column in columns.items()}
    return Heading(index, columns, titles)


def _field_of(cell: object) -> tuple[str, int] | None:
    if not isinstance(cell, str) or len(cell) > 40:
        return None
    text = _BRACKETS.sub("", unicodedata.normalize("NFKC", cell))
    return _FIELDS.get(re.sub(r"[\s*:★]+", "", text))


def read_list(table: Table, heading: Heading) -> Lines:
    found = Lines()
    rows = _with_joined_cells(table, heading)
    for index in range(heading.row + 1, len(rows)):
        row = rows[index]
        if not any(map(plain_text, row)):
            continue
        if again := _heading_in(row, index):
            heading = again
            continue
        try:
            found.lines += _lines_of(row, index + 1, heading)
        except Unusable as error:
            found.rejected.append(Rejected(index + 1, f"{error}。"))
    return found


def _with_joined_cells(table: Table, heading: Heading) -> list[Sequence[object]]:
    """A cell merged over several rows counts for each of them."""
    rows = list(table.rows)
    for top, bottom, column in table.joined:
        if heading.row < top < len(rows) and column in heading.columns.values():
            for index in range(top + 1, min(bottom + 1, len(rows))):
                row = list(rows[index])
                row[column] = rows[top][column]
                rows[index] = row
    return rows


def _lines_of(row: Sequence[object], at: int, heading: Heading) -> list[Line]:
    """The lessons of a row; `Unusable` with all that is wrong with it."""
    read = _RowReader(row, heading)
    number = read("number", student_number, "")
    name = read("name", _name, "")
    course = read("course", words.course, "")
    times = _times(read, heading)
    if read.faults:
        raise Unusable("；".join(read.faults))
    return [
        Line(
            at,
            number,
            name,
            {"weekday": day, "first": a, "last": b, "weeks": weeks, "name": course},
        )
        for day, spans, weeks in times
        for a, b in spans
    ]


class _RowReader:
    """Reads the cells of a row by field and keeps what is wrong with them."""

    def __init__(self, row: Sequence[object], heading: Heading) -> None:
        self.row, self.columns = row, heading.columns
        self.faults: list[str] = []

    def __call__(self, field: str, reader: Callable[[object], Any], absent: Any) -> Any:
        column = self.columns.get(field)
        if column is None:
            return absent
        try:
            return reader(self.row[column] if column < len(self.row) else "")
        except Unusable as error:
            self.faults.append(str(error))
            return absent


def _name(cell: object) -> str:
    return person_name(cell) if plain_text(cell) else ""


def _times(read: _RowReader, heading: Heading) -> list[Time]:
    if "when" in heading.columns:
        return read("when", _phrases, [])
    day = read("weekday", words.weekday, 0)
    spans = read("periods", words.periods, [])
    counted = heading.titles.get("weeks") == _COUNTED
    weeks = read("weeks", _weeks_unless_counted if counted else words.weeks, "all")
    return [
        (day, spans, read("parity", lambda cell: _narrowed(weeks, cell), weeks)),
    ]


def _weeks_unless_counted(cell: object) -> Any:
    text = words.text_of(cell)
    if re.fullmatch(r"\d+周?", text):
        count = text.removesuffix("周")
        raise Unusable(
            f"“周数”里的“{text}”看不出是第几周还是共几周，"
            f"请写成“第{count}周”或“1-{count}周”"
        )
    return words.weeks(cell)


def _narrowed(weeks: Any, cell: object) -> Any:
    """The weeks that are also 单 or 双, as the column 单双周 says."""
    parity = words.weeks(cell)
    if parity == "all" or weeks == parity:
        return weeks
    if parity not in ("odd", "even"):
        raise Unusable("“单双周”请填写“单”或“双”，每周都上的留空")
    if weeks == "all":
        return parity
    kept = [w for w in weeks if not isinstance(w, str) and w % 2 == (parity == "odd")]
    if not kept:
        raise Unusable("周次与“单双周”不一致，请核对")
    return kept


def _phrases(cell: object) -> list[Time]:
    """周一第1-2节{1-16周};周三第3-4节{单周}: each with its day and periods."""
    words.text_of(cell)
    text = cell if isinstance(cell, str) else plain_text(cell)
    found = []
    for phrase in filter(plain_text, re.split(r"[;；\n\r]+", text)):
        when = when_in(phrase)
        if when.weekday is None or when.periods is None:
            raise Unusable(
                f"上课时间“{plain_text(phrase)}”看不懂，"
                "请写成“周一第1-2节{1-16周}”，有几个时间的用分号隔开"
            )
        if when.before or when.after:
            rest = when.before or when.after
            raise Unusable(f"上课时间里的“{rest}”看不懂，请只写星期、节次和周次")
        weeks = "all" if when.weeks is None else when.weeks
        found.append((when.weekday, when.periods, weeks))
    if not found:
        raise Unusable("缺少上课时间，请补上")
    return found
