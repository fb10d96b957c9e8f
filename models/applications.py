"""What lending and booking share: who asks, who answers, and running numbers (P5)."""

from datetime import date

from peewee import TextField

from models.base import Record, db, station_uid, table_of
from models.desks import Department, Desk, departments_of, this_desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require, works_for
from models.students import Student
from models.typed_words import check_phone


class Application(Record):
    """Somebody asked a desk for something, and one of its departments answered."""

    number = TextField(index=True, verbose_name="编号")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="部门")


def said(*fields: tuple[str, str, str]) -> dict[str, str]:
    """Stripped texts by name; fields are (name, text, what people call it).

    Raises `UserError` for the first that is missing.
    """
    for name, text, what in fields:
        if not text.strip():
            raise refusal(f"请填写{what}。", name)
    return {name: text.strip() for name, text, _ in fields}


def refusal(text: str, field: str) -> UserError:
    """A refusal of what was typed into *field*."""
    error = UserError(text)
    error.field = field
    return error


def asking(student: Student | None, name: str, phone: str, what: str) -> dict[str, str]:
    """Who asks, as typed, completed from the roster; *what* is what they are called.

    Without a phone nobody can be reminded or told of a change.
    """
    name, phone = name.strip(), phone.strip()
    check_phone(phone)
    if student is not None:
        name, phone = name or student.name, phone or student.phone
    return {
        "student_uid": student.uid if student else "",
        "student_number": student.number if student else "",
        **said((f"{what}_name", name, LABELS[what]), ("phone", phone, "电话")),
    }


LABELS = {"borrower": "借用人", "applicant": "申请人"}


def require_here(
    by: Person, operation: Operation, department_uid: str = ""
) -> tuple[Desk, Department]:
    """This desk, and the department of it for which *by* acts; UserError if none.

    *department_uid* is of whom the record is, which answers for it as well.
    """
    desk = this_desk()
    serving = departments_of(desk)
    uids = [department_uid, *(department.uid for department in serving)]
    require(by, operation, departments=uids)
    own = [d for d in serving if works_for(by, [d.uid])]
    return desk, (own or serving or [Department(uid="", name="")])[0]


def place_of(desk: Desk, department: Department) -> dict[str, str]:
    """Names are copied as they are today: a ledger prints what was true then."""
    return {
        "desk_uid": desk.uid,
        "desk_name": desk.name,
        "department_uid": department.uid,
        "department_name": department.name,
    }


def require_own(record: Application) -> None:
    """Raise `UserError` for what another PC took down."""
    if record.station != station_uid():
        raise UserError(f"这条由“{record.desk_name}”的另一台电脑登记，请在那里更改。")


def next_number(model: type[Application], mark: str, desk: Desk, day: date) -> str:
    """The next number of a desk and year: mark, year, counter, e.g. 借2026-0012."""
    start = f"{mark}{day.year}-"
    row = db.execute_sql(
        f'SELECT number FROM "{table_of(model).name}" '
        f"WHERE desk_uid = {db.param} AND number > {db.param} AND number < {db.param} "
        "ORDER BY LENGTH(number) DESC, number DESC LIMIT 1",
        (desk.uid, start, start + "~"),
    ).fetchone()
    return f"{start}{int(row[0][len(start) :]) + 1 if row else 1:04d}"
