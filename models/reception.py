"""Reception (接待): taking a visit down, with the first step of the case it starts.

Names are copied as they are today: a ledger prints what was true then.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from models import clock
from models.base import transaction
from models.calendar import unit_on, working_day_after
from models.desks import Desk, departments_of, this_desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.repeats import repeat_of
from models.services import Service, ServiceKind, version_on
from models.steps import StepKind, write_step
from models.students import Student
from models.visits import (
    OPENING_OUTCOMES,
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    VisitChannel,
    VisitOutcome,
    next_number,
)

# These mean nothing to the student or an auditor without words.
RESULT_NEEDED: dict[str, str] = {
    VisitOutcome.NOTIFIED: "请在办理结果里写明还缺什么、怎么补。",
    VisitOutcome.REFUSED: "请在办理结果里写明不予受理的原因。",
}

# What says who came.
VISITOR = ("student_uid", "student_number", "visitor_name", "class_name", "phone")

GENERAL_ENQUIRY = "一般咨询"

# The step a visit with this outcome starts its case with.
FIRST_STEPS: dict[str, StepKind] = {
    VisitOutcome.PROMISED: StepKind.ACCEPTED,
    VisitOutcome.REFERRED: StepKind.REFERRED,
    VisitOutcome.NOTIFIED: StepKind.NOTIFIED,
    VisitOutcome.REFUSED: StepKind.REFUSED,
}


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
    materials_complete: bool = True,
    occasion: Visit | None = None,
    follows: Visit | None = None,
    repeat_cause: str = "",
    late_entry: bool = False,
) -> Visit:
    """Take down a visit; with it the first steps of its case, if it starts one.

    *materials* are `{"name": …, "count": …}`.  Unless they are complete, *result* says
    what is missing, and nothing is promised yet.  A visit of an earlier day is marked
    补录.  Nobody need be named for an enquiry.

    *occasion* is the first visit of the same coming, when somebody came for several
    services: who came and when is as it says.  *follows* is the visit that made this
    one necessary, *repeat_cause* why.
    """
    require(by, Operation.VISIT_TAKE)
    desk = this_desk()
    arrived = _arrival(arrived_at, occasion)
    service = _held_on(service, arrived.date())
    _check_choices(desk, outcome, channel, quantity, result, refer_to)
    treated = _treated(outcome, result, materials_complete, service, arrived, due_on)
    who = _visitor(outcome, student, visitor_name, class_name, phone, occasion)
    with transaction():
        visit = Visit(
            channel=channel,
            quantity=quantity,
            materials=[dict(item) for item in materials],
            note=note.strip(),
            **_came(desk, arrived, late_entry),
            **treated,
            **who,
            **_same_coming(occasion, who),
            **repeat_of(follows, repeat_cause, who, service, arrived),
            **_responsible(service, first_receiver or by, handler or by),
        ).write(by=by)
        _write_first_steps(visit, desk, refer_to, by=by)
    return visit


def _write_first_steps(
    visit: Visit, here: Desk, refer_to: Desk | None, *, by: Person
) -> None:
    """At the time of the visit: for a late entry that is not now."""
    kind = FIRST_STEPS.get(visit.outcome)
    if kind is None:
        return
    told = {"here": here, "at": visit.arrived_at, "by": by}
    waits = not visit.materials_complete and visit.outcome == VisitOutcome.PROMISED
    first = write_step(
        visit,
        kind,
        note="" if waits else visit.result,
        desk=refer_to,
        due_on=visit.due_on,
        **told,
    )
    if waits:
        write_step(visit, StepKind.WAITING, note=visit.result, seen=[first.uid], **told)


def _arrival(arrived_at: datetime | None, occasion: Visit | None) -> datetime:
    if arrived_at is None and occasion is not None:
        arrived_at = occasion.arrived_at
    arrived = (arrived_at or clock.now()).replace(microsecond=0)
    if arrived > clock.now() + timedelta(minutes=5):
        raise UserError("来访时间不能晚于现在，请核对。")
    return arrived


def _held_on(service: Service, day: date) -> Service:
    """The version that held when the visitor came: a late entry is of its day (P2)."""
    if service.holds_on(day):
        return service
    held = version_on(service, day)
    if held is not None:
        return held
    since = service.last_day + timedelta(days=1) if day > service.last_day else None
    when = f"{since} 起已停办" if since else f"{service.starts_on} 起才办理"
    error = UserError(f"这个事项 {when}，请选择别的事项。")
    error.field = "service"
    raise error


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


def _treated(
    outcome: str,
    result: str,
    materials_complete: bool,
    service: Service,
    arrived: datetime,
    due_on: date | None,
) -> dict[str, Any]:
    """What came of the visit, and by when the rest is promised."""
    _check_materials(outcome, materials_complete, result, due_on)
    if materials_complete:
        due_on = _promise(outcome, service, arrived, due_on)
    return {
        "outcome": outcome,
        "result": result.strip(),
        "due_on": due_on,
        "finished_at": None if outcome in OPENING_OUTCOMES else arrived,
        "materials_complete": materials_complete,
    }


def _check_materials(
    outcome: str, complete: bool, result: str, due_on: date | None
) -> None:
    """Nothing is promised and nothing done while something is missing (P22)."""
    if complete:
        return
    if outcome == VisitOutcome.DONE:
        raise UserError("材料还不齐全，不能当场办结，请改选处理情况。")
    if outcome == VisitOutcome.PROMISED and not result.strip():
        raise UserError("请写明还缺什么材料。")
    if due_on is not None:
        raise UserError("材料齐全后才开始计时，请先清空应办结日。")


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


def _came(desk: Desk, arrived: datetime, late_entry: bool) -> dict[str, Any]:
    """When and to which desk; at a joint one the unit on turn by then too (P13)."""
    unit = unit_on(desk, arrived)
    return {
        "number": next_number(desk, arrived.date()),
        "arrived_at": arrived,
        "late_entry": late_entry or arrived.date() < clock.today(),
        "desk_uid": desk.uid,
        "desk_name": desk.name,
        "duty_unit_uid": unit.uid if unit else "",
        "duty_unit_name": unit.name if unit else "",
    }


def _visitor(
    outcome: str,
    student: Student | None,
    name: str,
    class_name: str,
    phone: str,
    occasion: Visit | None,
) -> dict[str, str]:
    """Who came, as typed, completed from the roster or as the first visit has it."""
    typed = [name.strip(), class_name.strip(), phone.strip()]
    if occasion is not None and student is None and not typed[0]:
        return {name: getattr(occasion, name) for name in VISITOR}
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


def _same_coming(occasion: Visit | None, who: dict[str, str]) -> dict[str, str]:
    """The first visit stands for the coming."""
    if occasion is None:
        return {}
    if occasion.is_void:
        raise UserError("同次来访的第一条已经作废，请单独登记。")
    same = ("student_number", "visitor_name")
    if any(getattr(occasion, name) != who[name] for name in same):
        raise UserError("同一次来访只能是同一个人，请核对来访人。")
    return {"occasion_uid": occasion.occasion_uid or occasion.uid}


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
