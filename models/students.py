"""Students: the roster that visits are taken from."""

from collections.abc import Iterator
from enum import StrEnum

from peewee import TextField

from models.base import Record, each_row_of


class StudentStatus(StrEnum):
    """Stored and synced: never rename a value."""

    ENROLLED = "enrolled"
    LEFT = "left"


STUDENT_STATUS_LABELS: dict[str, str] = {
    StudentStatus.ENROLLED: "在读",
    StudentStatus.LEFT: "离校",
}


class Student(Record):
    """A line of the roster; kept by the office, known to every desk."""

    audience = "all"
    written_by = "office"

    number = TextField(index=True, verbose_name="学号")
    name = TextField(index=True, verbose_name="姓名")
    class_name = TextField(default="", verbose_name="班级")
    college = TextField(default="", verbose_name="学院")
    phone = TextField(default="", verbose_name="电话")
    # Initials of all readings of the name, blank-separated: a surname such as 曾 or 单
    # is found by either.
    initials = TextField(default="", verbose_name="拼音首字母")
    status = TextField(default=StudentStatus.ENROLLED, verbose_name="状态")

    class Meta:
        table_name = "student"


def student_by_number(number: str) -> Student | None:
    return Student.get_or_none(Student.number == number.strip())


def roster() -> list[tuple[str, ...]]:
    """Everyone still here as plain tuples: uid, number, name, class, college, phone,
    initials."""
    return list(each_of_roster())


def each_of_roster() -> Iterator[tuple[str, ...]]:
    """The same one after the other, for an index in memory: 20,000 at a time take
    15 MB, which the process keeps."""
    query = Student.select(
        Student.uid,
        Student.number,
        Student.name,
        Student.class_name,
        Student.college,
        Student.phone,
        Student.initials,
    ).where(Student.status == StudentStatus.ENROLLED)
    # Texts all of them: as they are stored, without asking each field for its value.
    return each_row_of(query.order_by(Student.number))
