"""Timetables as a grid: a column for each weekday, a row for each class period."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.roster.cells import Unusable, plain_text
from exports.roster.reading import Rejected
from exports.roster.tables import Table
from exports.timetables import words
from exports.timetables.cells import CellLesson, lessons_in
from exports.timetables.lines import Line, Lines
from models.calendar import WEEKDAYS
from models.errors import UserError

_FEWEST_DAYS = 3
_WEEKDAY = re.compile("(?:星期|礼拜|周)[一二三四五六日天]")
_OWNER = re.compile(r"学号\s*:?\s*([0-9A-Za-z]{4,32})")
_OWNER_NAME = re.compile(r"姓名\s*:\s*([\u4e00-\u9fff·]{2,20})")
_BREAK = re.compile(r"(?:午休|午间|课间|休息|晚餐|午餐|早餐|中午)+")


@dataclass(frozen=True)
class Grid:
    """`days` says for each column whose lessons it holds; rows count from 0."""

    row: int
    end: int
    days: dict[int, int]
    number: str
    person_name: str


def find_grids(table: Table) -> list[Grid]:
    """Each grid of a sheet, with the person named above it."""
    heads = [
        (index, days)
        for index, row in enumerate(table.rows)
        if (days := _days_in(row, index, table))
    ]
    grids, above = [], 0
    for place, (index, days) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(table.rows)
        title = " ".join(
            plain_text(cell) for row in table.rows[above:index] for cell in row if cell
        )
        number, name = _OWNER.search(title), _OWNER_NAME.search(title)
        grids.append(
            Grid(
                index,
                end,
                days,
                number[1] if number else "",
                name[1] if name else "",
            )
        )
        above = index + 1
    return grids


def _days_in(row: Sequence[object], index: int, table: Table) -> dict[int, int]:
    days: dict[int, int] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and len(cell) < 12:
            text = plain_text(cell).replace(" ", "")
            if found := _WEEKDAY.match(text):
                days[column] = words.weekday(found[0])
    if len(set(days.values())) < _FEWEST_DAYS:
        return {}
    if len(set(days.values())) < len(days):
        raise UserError(
            f"第 {index + 1} 行的表头里同一个星期出现了两次，"
            "请每份课表单独存一张工作表后再导入。"
        )
    for at, first, last in table.across:
        if at == index and first in days:
            days |= dict.fromkeys(range(first, last + 1), days[first])
    return days


def read_grid(table: Table, grid: Grid) -> Lines:
    return _GridReader(table, grid).read()


class _GridReader:
    def __init__(self, table: Table, grid: Grid) -> None:
        self.rows, self.grid = table.rows, grid
        self.bottoms = {(top, column): last for top, last, column in table.joined}
        self.rights = {(row, first): last for row, first, last in table.across}
        self.labels = self._read_labels()
        self.found = Lines()

    def _read_labels(self) -> dict[int, list[str]]:
        """What stands left of the days, the nearest first; joined cells count on."""
        labels: dict[int, list[str]] = {}
        until: dict[int, tuple[int, object]] = {}
        for index in range(self.grid.row + 1, self.grid.end):
            row, cells = self.rows[index], []
            for column in range(min(self.grid.days)):
                cell = row[column] if column < len(row) else ""
                if (index, column) in self.bottoms:
                    until[column] = self.bottoms[index, column], cell
                elif column in until and index <= until[column][0]:
                    cell = until[column][1]
                cells.append(cell)
            labels[index] = [_label(cell) for cell in reversed(cells)]
        return labels

    def read(self) -> Lines:
        for index, labels in self.labels.items():
            cells = [
                (column, cell)
                for column, cell in enumerate(self.rows[index])
                if column >= min(self.grid.days) and plain_text(cell)
            ]
            text = " ".join(filter(None, map(plain_text, self.rows[index])))
            if not cells or _OWNER.search(text) or _is_break(text):
                if text and not _spans(labels):
                    self.found.passed_over.append((index + 1, text[:80]))
                continue
            for column, cell in cells:
                try:
                    self._read_cell(index, column, cell)
                except Unusable as error:
                    reason = f"{self._place(column)}：{error}。"
                    self.found.rejected.append(Rejected(index + 1, reason))
        self.found.lines = _with_runs_joined(self.found.lines)
        return self.found

    def _place(self, column: int) -> str:
        day = self.grid.days.get(column)
        return f"第 {column + 1} 列" if day is None else f"星期{WEEKDAYS[day]}"

    def _read_cell(self, index: int, column: int, cell: object) -> None:
        lessons = lessons_in(cell)
        if lessons and column not in self.grid.days:
            raise Unusable("这一列上面没有写星期几，请补上或删去")
        last = self.rights.get((index, column), column)
        joined = [self.grid.days.get(at) for at in range(column, last + 1)]
        days = sorted({day for day in joined if day is not None})
        for lesson in lessons:
            spans = self._spans_of(lesson, index, column)
            if lesson.when.weekday not in (None, *days):
                raise Unusable(f"“{lesson.name}”写的星期与所在的列不同，请核对")
            said = lesson.when.weekday
            for day in days if said is None else [said]:
                self.found.lines += self._lines(index, day, spans, lesson)

    def _spans_of(
        self, lesson: CellLesson, index: int, column: int
    ) -> list[tuple[int, int]]:
        """The periods the cell itself says, else those of the rows it covers."""
        last = min(self.bottoms.get((index, column), index), self.grid.end - 1)
        rows = [_spans(self.labels[at]) for at in range(index, last + 1)]
        around = [span for spans in rows for span in spans]
        said = lesson.when.periods
        if said is None:
            if not all(rows):
                raise Unusable(_no_periods(self.labels[index]))
            return words.runs_of(around)
        if around and not any(a <= d and c <= b for a, b in said for c, d in around):
            raise Unusable(f"“{lesson.name}”写的节次与所在的行不同，请核对")
        return said

    def _lines(
        self, index: int, day: int, spans: list[tuple[int, int]], lesson: CellLesson
    ) -> Iterator[Line]:
        weeks = "all" if lesson.when.weeks is None else lesson.when.weeks
        for first, last in spans:
            kept = {"weekday": day, "first": first, "last": last, "weeks": weeks}
            kept["name"] = lesson.name
            yield Line(index + 1, self.grid.number, self.grid.person_name, kept)


def _label(cell: object) -> str:
    try:
        return words.text_of(cell)
    except Unusable as error:
        return f"!{error}"


def _spans(labels: list[str]) -> list[tuple[int, int]]:
    """The periods a row is labelled with; [] when it is not.

    下午 beside 1-2 is read with it: those are not the periods 1 and 2 of the day.
    """
    for at, label in enumerate(labels):
        parts = [text for text in labels[at + 1 :] if text in words.PARTS_OF_DAY]
        try:
            return words.periods("".join(parts[:1]) + label)
        except Unusable:
            continue
    return []


def _no_periods(labels: list[str]) -> str:
    """A date where periods should be explains itself."""
    return next(
        (label[1:] for label in labels if label.startswith("!")),
        "看不出这一行是第几节，请在行首写明，如“第1-2节”，下午接着上午连续编号",
    )


def _is_break(text: str) -> bool:
    return bool(_BREAK.fullmatch(text.replace(" ", "")))


def _with_runs_joined(lines: list[Line]) -> list[Line]:
    """A lesson written again in the row of the next single period goes on."""
    joined: list[Line] = []
    open_runs: dict[str, int] = {}
    for line in lines:
        lesson = line.lesson
        key = repr((lesson["weekday"], lesson["weeks"], lesson["name"]))
        single = lesson["first"] == lesson["last"]
        at = open_runs.get(key)
        if single and at is not None:
            before = joined[at]
            if before.lesson["last"] + 1 == lesson["first"]:
                longer = {**before.lesson, "last": lesson["last"]}
                joined[at] = before._replace(lesson=longer)
                continue
        joined.append(line)
        if single:
            open_runs[key] = len(joined) - 1
        else:
            open_runs.pop(key, None)
    return joined
