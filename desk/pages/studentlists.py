"""Lists of students as people bring them: cells of a sheet, or words of a chat.

Sheets have a student in each row, with or without headings; in a chat many stand in
one line, each with a number, a name, or both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from desk.pages.sealwords import NUMBER
from desk.suggestions import StudentIndex
from exports.roster.cells import Unusable, plain_text, student_number
from exports.roster.headings import field_of
from models.students import Student, StudentStatus, student_by_number

PARTS = re.compile(r"[\s、，,;；:：/|()（）\[\]【】。]+")
NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+(?:[·•・][\u3400-\u9fff]+)*")
JOINED = re.compile(
    rf"(\d[0-9A-Za-z]{{3,19}})({NAME.pattern})|({NAME.pattern})(\d{{6,}})"
)
PHONE = re.compile(r"1[3-9]\d{9}")
LONGEST_NAME = 20


class Listed(NamedTuple):
    """A student as the list has it; either may be missing."""

    number: str = ""
    name: str = ""


def read_list(rows: Sequence[Sequence[object]]) -> list[Listed]:
    """The students in the rows of a sheet or in lines of text."""
    found: list[Listed] = []
    columns: dict[str, int] = {}
    for row in rows:
        heading = _heading(row)
        if heading:
            columns = heading
        elif columns:
            found += _under_heading(row, columns)
        elif sum(bool(plain_text(cell)) for cell in row) > 1:
            found += _in_columns(row)
        else:
            found += _in_words(" ".join(plain_text(cell) for cell in row))
    return found


def _heading(row: Sequence[object]) -> dict[str, int]:
    """Where number and name stand, when this row says so."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(row):
        field = field_of(cell)
        if field and field[0] in ("number", "name"):
            columns.setdefault(field[0], at)
    return columns


def _under_heading(row: Sequence[object], columns: dict[str, int]) -> Iterator[Listed]:
    def cell(name: str) -> object:
        at = columns.get(name, len(row))
        return row[at] if at < len(row) else ""

    listed = Listed(_number(cell("number")), plain_text(cell("name")))
    if any(listed):
        yield listed


def _number(cell: object) -> str:
    """As the roster reads it; what it refuses stands as typed, to be put right."""
    if not plain_text(cell):
        return ""
    try:
        return student_number(cell)
    except Unusable:
        return plain_text(cell)


def _in_columns(row: Sequence[object]) -> Iterator[Listed]:
    """One student, in whichever columns: a class or a telephone may stand beside."""
    numbers = [n for n in map(_number, row) if NUMBER.fullmatch(n)]
    known = [number for number in numbers if student_by_number(number)]
    likely = known or [n for n in numbers if not PHONE.fullmatch(n)] or numbers
    names = [plain_text(cell) for cell in row if _is_name(plain_text(cell))]
    if likely:
        student = student_by_number(likely[0])
        own = student is not None and student.name in names
        name = student.name if student and own else next(iter(names), "")
        yield Listed(likely[0], name)
    elif names:
        yield Listed("", names[0])
    else:
        for cell in row:
            yield from _in_words(plain_text(cell))


def _is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and 1 < len(text) <= LONGEST_NAME


def _in_words(line: str) -> list[Listed]:
    """Numbers and names one after the other, names before or behind their numbers."""
    words = list(_words(line))
    if sum(bool(number) for number, _ in words) > 1:
        words = [word for word in words if not PHONE.fullmatch(word.number)]
    name_first = bool(words) and not words[0].number
    found: list[Listed] = []
    for word in words:
        last = found[-1] if found else Listed("-", "-")
        wanted = Listed("", last.name) if name_first else Listed(last.number, "")
        fits = word.number and not word.name if name_first else not word.number
        if fits and last == wanted and any(last):
            found[-1] = Listed(last.number or word.number, last.name or word.name)
        else:
            found.append(word)
    return found


def _words(line: str) -> Iterator[Listed]:
    for part in PARTS.split(line):
        joined = JOINED.fullmatch(part)
        if joined is not None:
            yield Listed(joined[1] or joined[4], joined[2] or joined[3])
        elif NUMBER.fullmatch(part):
            yield Listed(part)
        elif _is_name(part) and field_of(part) is None:
            yield Listed("", part)


# -- what is known of them ------------------------------------------------------


@dataclass
class ListLine:
    """A line of the list, with what must be done about it."""

    number: str
    name: str
    problem: str = ""
    student: Student | None = None
    is_twice: bool = False

    @property
    def class_name(self) -> str:
        return self.student.class_name if self.student else ""

    @property
    def counts(self) -> bool:
        """Whether it is one of the students of the list."""
        return bool(self.number) and not self.is_twice

    @property
    def is_unknown(self) -> bool:
        """A number that the roster does not have."""
        return self.counts and self.student is None


def check_list(
    listed: Sequence[Listed],
    index: StudentIndex,
    known: dict[Listed, ListLine] | None = None,
) -> list[ListLine]:
    """Every line with the student it means, and what is wrong with it.

    *known* keeps what was looked up, for when the list has grown.
    """
    known = {} if known is None else known
    for line in listed:
        if line not in known:
            known[line] = _checked(line, index)
    lines = [replace(known[line]) for line in listed]
    seen: set[str] = set()
    for line in lines:
        if line.number in seen:
            line.is_twice, line.problem = True, "重复，只计一次"
        seen |= {line.number} - {""}
    return lines


def _checked(listed: Listed, index: StudentIndex) -> ListLine:
    if not listed.number:
        return _by_name(listed.name, index)
    student = student_by_number(listed.number)
    if student is None:
        return ListLine(listed.number, listed.name, "不在名册：请改正，或确认照录")
    problem = ""
    if listed.name and listed.name != student.name:
        problem = f"名单写的是{listed.name}，请核对"
    elif student.status == StudentStatus.LEFT:
        problem = "名册中已离校，请核对"
    return ListLine(student.number, student.name, problem, student)


def _by_name(name: str, index: StudentIndex) -> ListLine:
    found = [item.record for item in index.suggest(name) if item.record.name == name]
    if len(found) == 1:
        student = found[0].student
        return ListLine(found[0].number, name, "按姓名找到，请核对", student)
    if found:
        return ListLine("", name, f"{len(found)} 人同名：请补学号")
    return ListLine("", name, "名册中没有：请补学号或删去")


def summary_of(lines: Sequence[ListLine]) -> str:
    """`共 38 人；重复 2，不在名册 1，缺学号 1`."""
    said = [
        f"{what} {count}"
        for what, count in (
            ("重复", sum(line.is_twice for line in lines)),
            ("不在名册", sum(line.is_unknown for line in lines)),
            ("缺学号", sum(not line.number for line in lines)),
        )
        if count
    ]
    count = sum(line.counts for line in lines)
    return f"共 {count} 人" + (f"；{'，'.join(said)}" if said else "")
