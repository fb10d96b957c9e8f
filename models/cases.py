"""Cases: what happens to a visit's matter after the visit (P10, P22).

A case is its visit and the steps that were added since, by whichever desk did them.
Steps are only ever added: two desks can never overwrite each other.
"""

from datetime import date

from peewee import SQL, fn

from models.base import station_uid, transaction
from models.desks import Desk
from models.errors import UserError
from models.people import Person
from models.steps import STEP_KIND_LABELS, StepKind, VisitStep, write_step
from models.visits import Visit

CLOSING_STEPS = (StepKind.FINISHED, StepKind.REFUSED)

# What a step asks for, besides who and when.
_NOTE_NEEDED: dict[str, str] = {
    StepKind.WAITING: "请写明还缺什么材料。",
    StepKind.EXTENDED: "请写明延期原因。",
    StepKind.REFUSED: "请写明不予受理的原因。",
    StepKind.REOPENED: "请写明重开的原因。",
    StepKind.PROGRESS: "请写明办理进展。",
}


def add_step(
    visit: Visit,
    kind: str,
    *,
    by: Person,
    note: str = "",
    desk: Desk | None = None,
    due_on: date | None = None,
) -> VisitStep:
    """Add what happened to a case; earlier steps stay as they are."""
    if kind not in STEP_KIND_LABELS:
        raise UserError("请选择步骤。")
    if kind in _NOTE_NEEDED and not note.strip():
        raise UserError(_NOTE_NEEDED[StepKind(kind)])
    if kind == StepKind.REFERRED and desk is None:
        raise UserError("请选择转到哪个窗口。")
    if kind == StepKind.EXTENDED and due_on is None:
        raise UserError("延期要写明新的应办结日。")
    with transaction():
        if visit.is_void:
            raise UserError("这条来访已作废，不能再办理。")
        if is_closed(visit) and kind != StepKind.REOPENED:
            raise UserError("这件事已经办结，需要时请先“重开”。")
        if not is_closed(visit) and kind == StepKind.REOPENED:
            raise UserError("这件事还没有办结，不用重开。")
        step = write_step(visit, kind, by=by, note=note, desk=desk, due_on=due_on)
        _keep_finish(visit, step, by=by)
        return step


def _keep_finish(visit: Visit, step: VisitStep, *, by: Person) -> None:
    """The visit's own station notes the end on the visit: open cases stay few to find.

    What another desk does to the case is in its steps alone.
    """
    if visit.station != station_uid():
        return
    if step.kind in CLOSING_STEPS:
        visit.finished_at = step.at
    elif step.kind == StepKind.REOPENED:
        visit.finished_at = None
    else:
        return
    visit.write(by=by)


def finish_case(visit: Visit, *, by: Person, result: str) -> VisitStep:
    """Close a case with its result."""
    if not result.strip():
        raise UserError("请填写办理结果。")
    return add_step(visit, StepKind.FINISHED, by=by, note=result)


def steps_of(visit: Visit) -> list[VisitStep]:
    """The steps of a case, oldest first."""
    return list(
        VisitStep.select()
        .where(VisitStep.visit_uid == visit.uid)
        .order_by(VisitStep.at, VisitStep.uid)
    )


def is_closed(visit: Visit) -> bool:
    """Has the last closing or reopening step closed the case?"""
    turns = (*CLOSING_STEPS, StepKind.REOPENED)
    last = [step.kind for step in steps_of(visit) if step.kind in turns][-1:]
    if not last:
        return visit.finished_at is not None
    return last[0] in CLOSING_STEPS


def open_cases(desk: Desk | None = None) -> list[Visit]:
    """Cases without a closing step after the last time they were opened."""
    closing = VisitStep.alias()
    reopening = VisitStep.alias()
    reopened = reopening.select(SQL("1")).where(
        (reopening.visit_uid == closing.visit_uid)
        & (reopening.kind == StepKind.REOPENED)
        & (reopening.uid > closing.uid)
    )
    closed = closing.select(SQL("1")).where(
        (closing.visit_uid == Visit.uid)
        & closing.kind.in_(CLOSING_STEPS)
        & ~fn.EXISTS(reopened)
    )
    query = Visit.select().where(
        Visit.finished_at.is_null() & ~Visit.is_void & ~fn.EXISTS(closed)
    )
    if desk is not None:
        query = query.where(Visit.desk_uid == desk.uid)
    return list(query.order_by(Visit.due_on, Visit.arrived_at))
