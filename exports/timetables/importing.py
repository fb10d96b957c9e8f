"""Taking timetables from a file into the database: whose they are, what is refused."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exports.roster.reading import Rejected
from exports.timetables.lines import Line
from exports.timetables.reading import Timetables, read_timetables
from models.base import connection, transaction
from models.errors import UserError
from models.people import Person, PersonRole, people
from models.terms import Term
from models.timetables import (
    checked_lessons,
    require_teacher_or_office,
    save_timetable,
    timetable_of,
)


@dataclass
class TimetableResult:
    """Whose timetables are new, replaced or as they were; and what was refused.

    `lessons` counts those of everybody in the three lists.  `not_found` holds the
    numbers that belong to no assistant; their rows are in `rejected` too.
    """

    timetables: Timetables
    new: list[Person] = field(default_factory=list)
    replaced: list[Person] = field(default_factory=list)
    unchanged: list[Person] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    lessons: int = 0

    @property
    def found(self) -> list[Person]:
        return [*self.new, *self.replaced, *self.unchanged]


def import_timetables(
    path: str | Path,
    *,
    by: Person,
    term: Term,
    person: Person | None = None,
    dry_run: bool = False,
) -> TimetableResult:
    """Replace the timetables of those in the file, all or none; a dry run compares.

    *person* is whose timetable it is when the file does not say; where it does say,
    it must be theirs.  Who is absent from the file keeps what they have.
    """
    require_teacher_or_office(by)
    read = read_timetables(path)
    result = TimetableResult(read, rejected=list(read.rejected))
    with connection(), nullcontext() if dry_run else transaction():
        for owner, lessons in _by_person(read, person, result):
            kept = checked_lessons(lessons)
            result.lessons += len(kept)
            before = timetable_of(owner.uid, term)
            if before is not None and before.lessons == kept:
                result.unchanged.append(owner)
                continue
            (result.new if before is None else result.replaced).append(owner)
            if not dry_run:
                save_timetable(owner, by=by, term=term, lessons=kept)
    result.rejected.sort()
    return result


def _by_person(
    read: Timetables, chosen: Person | None, result: TimetableResult
) -> Iterable[tuple[Person, list[dict[str, Any]]]]:
    if chosen is None and read.lines and not read.lessons_by_number:
        raise UserError("文件里没有写学号，请先选择是谁的课表，或补上学号一列。")
    assistants = {one.number: one for one in people(PersonRole.ASSISTANT)}
    lessons: dict[str, list[dict[str, Any]]] = {}
    for line in read.lines:
        owner = chosen or assistants.get(line.number)
        reason = _nobody(line) if owner is None else _mismatch(line, owner)
        if owner is None or reason:
            result.rejected.append(line.rejected(reason))
        else:
            lessons.setdefault(owner.number, []).append(line.lesson)
    if chosen is None:
        numbers = read.lessons_by_number
        result.not_found = [number for number in numbers if number not in assistants]
    owners = assistants if chosen is None else {chosen.number: chosen}
    return [(owners[number], found) for number, found in lessons.items()]


def _nobody(line: Line) -> str:
    if not line.number:
        return "缺少学号，请补上学号。"
    return f"学号 {line.number} 不是学生助理，请核对学号，或先登记人员。"


def _mismatch(line: Line, owner: Person) -> str:
    """Why the line is not *owner*'s; "" when it may be."""
    if line.number and line.number != owner.number:
        return f"这是学号 {line.number} 的课，不是{owner.name}的，请核对文件。"
    if line.person_name and line.person_name != owner.name:
        return (
            f"表里的姓名是{line.person_name}，"
            f"而学号 {owner.number} 是{owner.name}，请核对。"
        )
    return ""
