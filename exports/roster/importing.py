"""Taking a roster into the database: what is new, what has changed, what is refused."""

from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from exports.roster.choosing import Columns
from exports.roster.reading import Rejected, Roster, RosterRow, read_roster
from models.base import connection, db, transaction
from models.people import Person
from models.permissions import Operation, require
from models.pinyin import initials_of
from models.progress import Report, unheard
from models.students import Student, StudentStatus

_AT_ONCE = 2_000
_COMPARED = ("name", "class_name", "college", "phone")


@dataclass(frozen=True)
class RosterResult:
    """Counts of the file's rows; every one of them is in exactly one.

    `skipped` says nothing new: stored already, or twice in the file.
    """

    new: int
    updated: int
    skipped: int
    rejected: list[Rejected]
    roster: Roster


def import_roster(
    path: str | Path,
    *,
    by: Person,
    sheet: str = "",
    columns: Columns | None = None,
    dry_run: bool = False,
    report: Report = unheard,
) -> RosterResult:
    """Store the students of a file in one transaction; a dry run only compares.

    *sheet* and *columns* say which sheet and which column is what, where they are
    not to be found by their headings: see `read_roster`.

    Nobody is taken off the roster for being absent from the file, and a blank cell
    or an absent column never erases what is known.  Somebody marked as gone who is
    in the file is back.  *report* raises to cancel; then nothing is stored.
    """
    require(by, Operation.ROSTER)
    report(0, 1, "正在读取名单")
    roster = read_roster(path, sheet=sheet, columns=columns)
    total = len(roster.rows)
    with connection(), nullcontext() if dry_run else transaction():
        report(0, total, "正在与现有名单比较")
        new, changed = _compared(roster.rows)
        if not dry_run:
            _write_new(new, by=by, report=report, total=total)
            _write_changed(changed, by=by, report=report, total=total)
        report(total, total, "正在保存")
    unchanged = total - len(new) - len(changed)
    return RosterResult(
        new=len(new),
        updated=len(changed),
        skipped=unchanged + len(roster.repeated),
        rejected=roster.rejected,
        roster=roster,
    )


def _compared(rows: list[RosterRow]) -> tuple[list[RosterRow], dict[str, RosterRow]]:
    """Rows nobody has yet, and by student uid the rows that say something else."""
    query = Student.select(
        Student.number,
        Student.uid,
        Student.name,
        Student.class_name,
        Student.college,
        Student.phone,
        Student.status,
    )
    stored = {number: known for number, *known in db.execute(query)}
    new, changed = [], {}
    for row in rows:
        known = stored.get(row.number)
        if known is None:
            new.append(row)
            continue
        uid, *values, status = known
        said = (row.name, row.class_name, row.college, row.phone)
        differs = any(
            text and text != old for text, old in zip(said, values, strict=True)
        )
        if differs or status != StudentStatus.ENROLLED:
            changed[uid] = row
    return new, changed


def _write_new(
    rows: list[RosterRow], *, by: Person, report: Report, total: int
) -> None:
    remaining, done = iter(rows), 0
    while chunk := list(islice(remaining, _AT_ONCE)):
        report(done, total, "正在写入新学生")
        done += Student.write_new(map(_student, chunk), by=by)


def _student(row: RosterRow) -> Student:
    return Student(
        number=row.number,
        name=row.name,
        class_name=row.class_name,
        college=row.college,
        phone=row.phone,
        initials=initials_of(row.name),
    )


def _write_changed(
    changed: dict[str, RosterRow], *, by: Person, report: Report, total: int
) -> None:
    if not changed:
        return
    everyone: list[Student] = list(Student.select())
    students = [student for student in everyone if student.uid in changed]
    first = total - len(changed)
    for done, student in enumerate(students):
        if done % _AT_ONCE == 0:
            report(first + done, total, "正在更新学生资料")
        row = changed[student.uid]
        for name in _COMPARED:
            if text := getattr(row, name):
                setattr(student, name, text)
        student.initials = initials_of(student.name)
        student.status = StudentStatus.ENROLLED
        student.write(by=by)
