"""What a step of a case asks for, and when it may be added.

Refused is only what would make the record untrue: a step by a desk that does not have
the case, work on what is closed, a promise that moves without a reason.
"""

from datetime import date

from models import clock
from models.casefold import Case, CaseStatus
from models.desks import Desk
from models.errors import UserError
from models.steps import STEP_KIND_LABELS, StepKind

NOTE_NEEDED: dict[str, str] = {
    StepKind.WAITING: "请写明还缺什么材料。",
    StepKind.EXTENDED: "请写明延期原因。",
    StepKind.REFERRED: "请写明转办的原因或要求。",
    StepKind.FINISHED: "请填写办理结果。",
    StepKind.NOTIFIED: "请写明告知了什么。",
    StepKind.REFUSED: "请写明不予受理的原因。",
    StepKind.REOPENED: "请写明重开的原因。",
    StepKind.PROGRESS: "请写明办理进展。",
}

# The steps that may say when the case is due.
PROMISING = (
    StepKind.COMPLETE,
    StepKind.TAKEN,
    StepKind.EXTENDED,
    StepKind.REOPENED,
)

_WORKABLE = (CaseStatus.OPEN, CaseStatus.WAITING)

_USUAL_ORDER = (
    StepKind.TAKEN,
    StepKind.COMPLETE,
    StepKind.FINISHED,
    StepKind.PROGRESS,
    StepKind.WAITING,
    StepKind.NOTIFIED,
    StepKind.EXTENDED,
    StepKind.REFERRED,
    StepKind.REFUSED,
    StepKind.REOPENED,
)

# In which state a case must be for a step, and what to say when it is in another.
_STATES: dict[str, tuple[CaseStatus, ...]] = {
    StepKind.WAITING: (CaseStatus.OPEN,),
    StepKind.COMPLETE: (CaseStatus.WAITING,),
    StepKind.EXTENDED: (CaseStatus.OPEN,),
    StepKind.PROGRESS: _WORKABLE,
    StepKind.FINISHED: _WORKABLE,
    StepKind.REFUSED: _WORKABLE,
    StepKind.REFERRED: (*_WORKABLE, CaseStatus.REFERRED),
    StepKind.TAKEN: (CaseStatus.REFERRED,),
}


def check_step(
    case: Case,
    kind: str,
    *,
    here: Desk,
    note: str,
    to: Desk | None,
    due_on: date | None,
) -> None:
    """Raise `UserError`, saying what to do instead, when the step cannot be added."""
    if kind not in STEP_KIND_LABELS or kind == StepKind.ACCEPTED:
        raise UserError("请选择步骤。")
    if due_on is not None and kind not in PROMISING:
        raise TypeError(f"a step {kind} promises nothing")
    if not note and kind in NOTE_NEEDED:
        raise _at("note", NOTE_NEEDED[StepKind(kind)])
    if case.status == CaseStatus.VOID:
        raise UserError("这条来访已作废，不能再办理。")
    _check_state(case, kind)
    _check_desk(case, kind, here, note)
    if kind == StepKind.REFERRED:
        _check_referral(case, here, to)
    if kind == StepKind.EXTENDED:
        _check_extension(case, due_on)
    if due_on is not None and due_on < clock.today():
        raise _at("due_on", "应办结日不能早于今天，请核对。")


def possible_steps(case: Case, here: Desk) -> list[StepKind]:
    """The steps that *here* may add now, in the order people look for them.

    Taking a case back from a desk that has not taken it is there too, as the last.
    """
    kinds = [kind for kind in _USUAL_ORDER if _is_possible(case, kind, here)]
    if StepKind.TAKEN in kinds and is_taking_back(case, here):
        kinds.remove(StepKind.TAKEN)
        kinds.append(StepKind.TAKEN)
    return kinds


def is_taking_back(case: Case, here: Desk) -> bool:
    """Would *here*, taking the case, take it back from whom it was sent to?"""
    return case.status == CaseStatus.REFERRED and here.uid != case.desk_uid


def _is_possible(case: Case, kind: StepKind, here: Desk) -> bool:
    if case.status == CaseStatus.VOID:
        return False
    try:
        _check_state(case, kind)
        _check_desk(case, kind, here, note="(a note is asked for later)")
    except UserError:
        return False
    return kind != StepKind.EXTENDED or case.due_on is not None


def _at(name: str, text: str) -> UserError:
    error = UserError(text)
    error.field = name
    return error


def _check_state(case: Case, kind: str) -> None:
    if kind == StepKind.NOTIFIED:
        return
    if kind == StepKind.REOPENED:
        if not case.is_closed:
            raise UserError("这件事还没有办结，不用重开。")
        return
    if case.is_closed:
        raise UserError("这件事已经办结，需要时请先“重开”。")
    if case.status not in _STATES[kind]:
        raise UserError(_wrong_state(case, kind))


def _wrong_state(case: Case, kind: str) -> str:
    if kind == StepKind.TAKEN:
        return "这件事没有转来待接办，不用接办。"
    if case.status == CaseStatus.REFERRED:
        return f"这件事已转到“{case.desk_name}”，请先由该窗口接办。"
    if kind == StepKind.COMPLETE:
        return "这件事没有在等材料，不用续表。"
    if kind == StepKind.EXTENDED:
        return "这件事正在等材料，时限已停；请在材料齐全后再延期。"
    return "这件事已经在等材料，时限已停；有新情况请记“进展”。"


def _check_desk(case: Case, kind: str, here: Desk, note: str) -> None:
    """Only the desk that has a case works on it; any desk involved may tell."""
    if here.uid == case.desk_uid:
        return
    if kind == StepKind.NOTIFIED and here.uid in _involved(case):
        return
    if kind == StepKind.REOPENED and here.uid == case.visit.desk_uid:
        return
    if kind == StepKind.TAKEN and here.uid == case.sender_uid:
        if not note:
            raise _at("note", f"“{case.desk_name}”还没有接办，请写明收回的原因。")
        return
    what = STEP_KIND_LABELS[kind]
    raise UserError(f"这件事现在由“{case.desk_name}”办理，请由该窗口登记“{what}”。")


def _involved(case: Case) -> set[str]:
    desks = {case.visit.desk_uid}
    for step in case.steps:
        desks |= {step.by_desk_uid, step.desk_uid}
    return desks - {""}


def _check_referral(case: Case, here: Desk, to: Desk | None) -> None:
    if to is None:
        raise _at("desk", "请选择转到哪个窗口。")
    if to.uid == here.uid:
        raise _at("desk", "转办要选别的窗口，本窗口的事项请直接办理。")
    if not to.in_service(clock.today()):
        raise _at("desk", f"“{to.name}”已停用，请选择别的窗口。")


def _check_extension(case: Case, due_on: date | None) -> None:
    if case.due_on is None:
        raise UserError("这件事没有应办结日，不用延期。")
    if due_on is None:
        raise _at("due_on", "延期要写明新的应办结日。")
    if due_on <= case.due_on:
        raise _at("due_on", f"延期要晚于现在的应办结日 {case.due_on}，请核对。")
