"""Late entry (补录): lines of paper, entered as a grid, all or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from models.base import transaction
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person, typed_number
from models.permissions import Operation, require
from models.reception import record_visit
from models.services import Service
from models.students import Student, student_by_number
from models.visits import Visit, VisitChannel


@dataclass
class LateVisit:
    """A line of paper; *visitor* is a number of the roster, or a name."""

    arrived_at: datetime | None
    visitor: str
    service: Service | None
    outcome: str
    result: str = ""
    materials: Sequence[dict] = ()
    note: str = ""
    due_on: date | None = None
    refer_to: Desk | None = None
    channel: str = VisitChannel.IN_PERSON
    quantity: int = 1
    class_name: str = ""
    phone: str = ""
    materials_complete: bool = True
    first_receiver: Person | None = None
    handler: Person | None = None


def record_late_visits(entries: Sequence[LateVisit], *, by: Person) -> list[Visit]:
    """Enter lines of paper in their order; with a fault in one of them, none.

    The error says which: “第 2 行：…”.
    """
    require(by, Operation.VISIT_TAKE)
    if not entries:
        raise UserError("请至少填写一行。")
    with transaction():
        visits = []
        for number, entry in enumerate(entries, start=1):
            with _in_line(number):
                visits.append(_record(entry, by))
        return visits


@contextmanager
def _in_line(number: int) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        told = UserError(f"第 {number} 行：{error}")
        told.field = error.field
        raise told from error


def _record(entry: LateVisit, by: Person) -> Visit:
    if entry.arrived_at is None:
        raise UserError("请填写来访时间。")
    if entry.service is None:
        raise UserError("请选择事项。")
    student = _student(entry.visitor)
    _refuse_entered(entry, entry.arrived_at, entry.service, student)
    return record_visit(
        by=by,
        service=entry.service,
        outcome=entry.outcome,
        channel=entry.channel,
        student=student,
        visitor_name="" if student else entry.visitor,
        class_name=entry.class_name,
        phone=entry.phone,
        quantity=entry.quantity,
        materials=entry.materials,
        result=entry.result,
        note=entry.note,
        first_receiver=entry.first_receiver,
        handler=entry.handler,
        arrived_at=entry.arrived_at,
        due_on=entry.due_on,
        refer_to=entry.refer_to,
        materials_complete=entry.materials_complete,
        late_entry=True,
    )


def _student(visitor: str) -> Student | None:
    """Who is meant by a number; a name alone may be anybody's."""
    number = typed_number(visitor)
    if not any(map(str.isdigit, number)):
        return None
    student = student_by_number(number)
    if student is None:
        raise UserError(f"“{number}”不在名册中，请核对学号，或填写姓名。")
    return student


def _refuse_entered(
    entry: LateVisit, arrived: datetime, service: Service, student: Student | None
) -> None:
    """The same sheet is easily entered twice, by two people or after a break."""
    name = student.name if student else entry.visitor.strip()
    if not name:
        return  # two enquiries of nobody in one minute are two
    same = Visit.get_or_none(
        (Visit.desk_uid == this_desk().uid)
        & (Visit.arrived_at == arrived.replace(microsecond=0))
        & (Visit.service_uid == service.uid)
        & (Visit.visitor_name == name)
        & (Visit.student_number == (student.number if student else ""))
        & ~Visit.is_void
    )
    if same is not None:
        raise UserError(f"这一行已经登记过（{same.number}），请删去。")
