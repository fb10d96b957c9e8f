"""Visits (来访登记) and the steps of a case that outlives its visit.

A visit is a row of the desk that took it.  What happens to the case afterwards is
only ever added, as a `VisitStep`, by whichever desk did it: two desks can never
overwrite each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import BooleanField, IntegerField, TextField

from models import clock
from models.base import DayField, ListField, MomentField, Record, db, transaction
from models.calendar import unit_on, working_day_after
from models.clock import between
from models.desks import Desk, departments_of, this_desk
from models.errors import UserError
from models.people import Person
from models.services import Service, ServiceKind
from models.steps import StepKind, write_step
from models.students import Student


class VisitChannel(StrEnum):
    """How somebody came (P1).  Stored and synced: never rename a value."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"
    KIOSK = "kiosk"
    PROXY = "proxy"


VISIT_CHANNEL_LABELS: dict[str, str] = {
    VisitChannel.IN_PERSON: "现场",
    VisitChannel.PHONE: "电话",
    VisitChannel.ONLINE: "线上",
    VisitChannel.KIOSK: "自助终端指导",
    VisitChannel.PROXY: "代办",
}


class VisitOutcome(StrEnum):
    """How a visit ended.  Stored and synced: never rename a value."""

    DONE = "done"
    PROMISED = "promised"
    REFERRED = "referred"
    NOTIFIED = "notified"
    ENQUIRY = "enquiry"
    REFUSED = "refused"


VISIT_OUTCOME_LABELS: dict[str, str] = {
    VisitOutcome.DONE: "当场办结",
    VisitOutcome.PROMISED: "承诺办结",
    VisitOutcome.REFERRED: "转办",
    VisitOutcome.NOTIFIED: "一次性告知",
    VisitOutcome.ENQUIRY: "咨询",
    VisitOutcome.REFUSED: "不予受理",
}

# These mean nothing to the student or an auditor without words.
RESULT_NEEDED: dict[str, str] = {
    VisitOutcome.NOTIFIED: "请在办理结果里写明还缺什么、怎么补。",
    VisitOutcome.REFUSED: "请在办理结果里写明不予受理的原因。",
}

GENERAL_ENQUIRY = "一般咨询"

# A case is open after these until a closing step is added.
OPENING_OUTCOMES = (VisitOutcome.PROMISED, VisitOutcome.REFERRED)


# The step a visit with this outcome starts its case with.
FIRST_STEPS: dict[str, StepKind] = {
    VisitOutcome.PROMISED: StepKind.ACCEPTED,
    VisitOutcome.REFERRED: StepKind.REFERRED,
    VisitOutcome.NOTIFIED: StepKind.NOTIFIED,
    VisitOutcome.REFUSED: StepKind.REFUSED,
}


class Visit(Record):
    """Somebody came, called or wrote about one service."""

    number = TextField(index=True, verbose_name="编号")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="责任部门")
    # At a joint desk the unit whose turn it was; it need not be the department.
    duty_unit_uid = TextField(default="", verbose_name="当值单位标识")
    duty_unit_name = TextField(default="", verbose_name="当值单位")
    arrived_at = MomentField(verbose_name="来访时间")
    late_entry = BooleanField(default=False, verbose_name="补录")
    channel = TextField(default=VisitChannel.IN_PERSON, verbose_name="渠道")
    student_uid = TextField(default="", verbose_name="学生标识")
    student_number = TextField(default="", index=True, verbose_name="学号")
    visitor_name = TextField(default="", verbose_name="姓名")
    class_name = TextField(default="", verbose_name="班级/单位")
    phone = TextField(default="", verbose_name="电话")
    service_uid = TextField(verbose_name="事项标识")
    service_name = TextField(verbose_name="事项")
    service_kind = TextField(verbose_name="件型")
    quantity = IntegerField(default=1, verbose_name="件数")
    materials = ListField(verbose_name="所收材料")
    outcome = TextField(verbose_name="处理情况")
    first_receiver_uid = TextField(verbose_name="首问负责人标识")
    first_receiver_name = TextField(verbose_name="首问负责人")
    handler_uid = TextField(verbose_name="承办人标识")
    handler_name = TextField(verbose_name="承办人")
    result = TextField(default="", verbose_name="办理结果")
    due_on = DayField(null=True, verbose_name="应办结日")
    finished_at = MomentField(null=True, verbose_name="办结时间")
    rating = IntegerField(null=True, verbose_name="满意度")
    note = TextField(default="", verbose_name="备注")
    is_void = BooleanField(default=False, verbose_name="作废")
    void_reason = TextField(default="", verbose_name="作废原因")

    class Meta:
        table_name = "visit"
        indexes = (
            (("arrived_at", "uid"), False),
            (("desk_uid", "arrived_at", "uid"), False),
        )

    @property
    def outcome_label(self) -> str:
        return VISIT_OUTCOME_LABELS.get(self.outcome, self.outcome)

    @property
    def materials_text(self) -> str:
        return materials_text(self.materials)


# Open cases are few among a million visits: an index of their own keeps the list fast.
Visit.add_index(
    Visit.index(Visit.desk_uid, Visit.arrived_at, name="visit_open").where(
        Visit.finished_at.is_null()
    )
)


def materials_text(materials: Iterable[dict]) -> str:
    """`申请表×1、成绩单×2` for lists and ledgers."""
    return "、".join(f"{item['name']}×{item['count']}" for item in materials)


def next_number(desk: Desk, day: date) -> str:
    """The next visit number of a desk: prefix, day, counter, e.g. JW20261123-001."""
    start = f"{desk.prefix}{day:%Y%m%d}-"
    within = f"FROM visit WHERE number > {db.param} AND number < {db.param}"
    bounds = (start, start + "~")
    last = db.execute_sql(f"SELECT MAX(number) {within}", bounds).fetchone()[0]
    if last is not None and last >= start + "999":
        # From 1000 on the text no longer sorts as the number does.
        longest = f"{within} ORDER BY LENGTH(number) DESC, number DESC LIMIT 1"
        last = db.execute_sql(f"SELECT number {longest}", bounds).fetchone()[0]
    return f"{start}{int(last[len(start) :]) + 1 if last else 1:03d}"


def record_visit(
    *,
    by: Person,
    service: Service,
    outcome: str,
    channel: str = VisitChannel.IN_PERSON,
    student: Student | None = None,
    visitor_name: str = "",
    class_name: str = "",
    phone: str = "",
    quantity: int = 1,
    materials: Sequence[dict] = (),
    result: str = "",
    note: str = "",
    first_receiver: Person | None = None,
    handler: Person | None = None,
    arrived_at: datetime | None = None,
    due_on: date | None = None,
    refer_to: Desk | None = None,
) -> Visit:
    """Take down a visit; with it the first step of its case, if it starts one.

    *materials* are `{"name": …, "count": …}`.  A visit of an earlier day is marked
    补录.  Nobody need be named for an enquiry.
    """
    desk, arrived = this_desk(), _arrival(arrived_at)
    _check_choices(desk, outcome, channel, quantity, result, refer_to)
    due_on = _promise(outcome, service, arrived, due_on)
    with transaction():
        visit = Visit(
            number=next_number(desk, arrived.date()),
            arrived_at=arrived,
            late_entry=arrived.date() < clock.today(),
            channel=channel,
            quantity=quantity,
            materials=[dict(item) for item in materials],
            outcome=outcome,
            result=result.strip(),
            due_on=due_on,
            finished_at=None if outcome in OPENING_OUTCOMES else arrived,
            note=note.strip(),
            **_place(desk, arrived),
            **_visitor(outcome, student, visitor_name, class_name, phone),
            **_responsible(service, first_receiver or by, handler or by),
        ).write(by=by)
        kind = FIRST_STEPS.get(outcome)
        if kind:
            write_step(visit, kind, by=by, note=result, desk=refer_to, due_on=due_on)
    return visit


def _arrival(arrived_at: datetime | None) -> datetime:
    arrived = (arrived_at or clock.now()).replace(microsecond=0)
    if arrived > clock.now() + timedelta(minutes=5):
        raise UserError("来访时间不能晚于现在，请核对。")
    return arrived


def _check_choices(
    desk: Desk,
    outcome: str,
    channel: str,
    quantity: int,
    result: str,
    refer_to: Desk | None,
) -> None:
    if outcome not in VISIT_OUTCOME_LABELS:
        raise UserError("请选择处理情况。")
    if channel not in VISIT_CHANNEL_LABELS:
        raise UserError("请选择来访渠道。")
    if not 1 <= quantity <= 9999:
        raise UserError("件数请填 1 到 9999 之间的整数。")
    if outcome in RESULT_NEEDED and not result.strip():
        raise UserError(RESULT_NEEDED[outcome])
    if outcome == VisitOutcome.REFERRED:
        if refer_to is None:
            raise UserError("请选择转到哪个窗口。")
        if refer_to.uid == desk.uid:
            raise UserError("转办要选别的窗口，本窗口的事项请直接受理。")


def _promise(
    outcome: str, service: Service, arrived: datetime, due_on: date | None
) -> date | None:
    """The day the case is due (P22); other outcomes promise nothing."""
    if outcome != VisitOutcome.PROMISED:
        return None
    day = arrived.date()
    due_on = due_on or working_day_after(day, max(service.working_days, 1))
    if due_on < day:
        raise UserError("应办结日不能早于来访日期，请核对。")
    return due_on


def _place(desk: Desk, arrived: datetime) -> dict[str, str]:
    """The desk, and at a joint one the unit on turn when the visitor came (P13)."""
    unit = unit_on(desk, arrived)
    return {
        "desk_uid": desk.uid,
        "desk_name": desk.name,
        "duty_unit_uid": unit.uid if unit else "",
        "duty_unit_name": unit.name if unit else "",
    }


def _visitor(
    outcome: str, student: Student | None, name: str, class_name: str, phone: str
) -> dict[str, str]:
    """Who came, as typed, completed from the roster."""
    typed = [name.strip(), class_name.strip(), phone.strip()]
    if student is not None:
        known = (student.name, student.class_name, student.phone)
        typed = [said or known for said, known in zip(typed, known, strict=True)]
    if not typed[0] and outcome != VisitOutcome.ENQUIRY:
        raise UserError("请填写来访人：输入学号或姓名。只有咨询可以不填。")
    return {
        "student_uid": student.uid if student else "",
        "student_number": student.number if student else "",
        "visitor_name": typed[0],
        "class_name": typed[1],
        "phone": typed[2],
    }


def _responsible(service: Service, receiver: Person, handler: Person) -> dict[str, str]:
    """Service, department and people with their names as they are today."""
    return {
        "service_uid": service.uid,
        "service_name": service.name,
        "service_kind": service.kind,
        "department_uid": service.department_uid,
        "department_name": service.department_name,
        "first_receiver_uid": receiver.uid,
        "first_receiver_name": receiver.name,
        "handler_uid": handler.uid,
        "handler_name": handler.name,
    }


def record_enquiry(*, by: Person, service: Service | None = None) -> Visit:
    """One key for "+1 咨询": nobody named, nothing typed.

    Without a service it is a general enquiry: booking it as some service would
    falsify the statistics.  Where departments take turns, it is the one's on turn.
    """
    return record_visit(
        by=by,
        service=service or _general_enquiry(this_desk()),
        outcome=VisitOutcome.ENQUIRY,
    )


def _general_enquiry(desk: Desk) -> Service:
    served = unit_on(desk, clock.now())
    units = [served] if served else departments_of(desk)
    return Service(
        uid="",
        name=GENERAL_ENQUIRY,
        kind=ServiceKind.ENQUIRY,
        department_uid=units[0].uid if len(units) == 1 else "",
        department_name="、".join(unit.name for unit in units),
    )


def void_visit(visit: Visit, *, by: Person, reason: str) -> Visit:
    """Mark a visit that was taken down wrongly; it stays and keeps its number."""
    if not reason.strip():
        raise UserError("请写明作废原因。")
    with transaction():
        if visit.is_void:
            raise UserError("这条来访已经作废。")
        visit.is_void, visit.void_reason = True, reason.strip()
        return visit.write(by=by)


def rate_visit(visit: Visit, rating: int, *, by: Person) -> Visit:
    """Note how satisfied the student was, 1 to 5; once a visit."""
    if not 1 <= rating <= 5:
        raise UserError("满意度请选 1 到 5 分。")
    with transaction():
        if visit.rating is not None:
            raise UserError("这次来访已经评价过了。")
        visit.rating = rating
        return visit.write(by=by)


def visits_on(day: date, desk: Desk | None = None) -> list[Visit]:
    """The visits of a day, newest first."""
    query = Visit.select().where(Visit.arrived_at.between(*between(day, day)))
    if desk is not None:
        query = query.where(Visit.desk_uid == desk.uid)
    return list(query.order_by(Visit.arrived_at.desc(), Visit.uid.desc()))


def visits_of(student: Student, day: date) -> list[Visit]:
    """What a student came for on a day: a hint at the desk, never a block."""
    return list(
        Visit.select()
        .where(
            (Visit.student_number == student.number)
            & Visit.arrived_at.between(*between(day, day))
            & ~Visit.is_void
        )
        .order_by(Visit.arrived_at)
    )
