"""What a case has come to (办件状态), worked out from its visit and its steps alone.

Steps arrive from several desks in any order.  What follows what is told by the steps
each of them had seen, never by the clocks of two PCs, so that the same set of steps
gives the same case everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from models.casethreads import Thread
from models.steps import StepKind, VisitStep
from models.visits import OPENING_OUTCOMES, VISIT_OUTCOME_LABELS, Visit, VisitOutcome

CLOSING_STEPS = (StepKind.FINISHED, StepKind.REFUSED)


class CaseStatus(StrEnum):
    """How far a case is.  Worked out, never stored."""

    OPEN = "open"
    REFERRED = "referred"
    WAITING = "waiting"
    FINISHED = "finished"
    REFUSED = "refused"
    VOID = "void"


CASE_STATUS_LABELS: dict[str, str] = {
    CaseStatus.OPEN: "办理中",
    CaseStatus.REFERRED: "待接办",
    CaseStatus.WAITING: "待补材料",
    CaseStatus.FINISHED: "已办结",
    CaseStatus.REFUSED: "不予受理",
    CaseStatus.VOID: "作废",
}


class Pause(NamedTuple):
    """The clock of a promise stood still; `until` is None while it still does."""

    since: date
    until: date | None
    reason: str


@dataclass(eq=False)
class Case:
    """A visit's matter, as far as its steps are known here."""

    visit: Visit
    steps: list[VisitStep]
    status: CaseStatus = CaseStatus.OPEN
    # Who has the case now: for one that is referred, who should take it.
    desk_uid: str = ""
    desk_name: str = ""
    # The promise that was made last; it holds unless the case waits for the student.
    promised_on: date | None = None
    extensions: int = 0
    pauses: list[Pause] = field(default_factory=list)
    # Since when everything was there; None while something is missing.
    complete_on: date | None = None
    # Of the last referral: when, and the desk that sent the case.
    referred_at: datetime | None = None
    sender_uid: str = ""
    closing: VisitStep | None = None
    # Has the visit's own desk told the visitor how it ended?
    is_told: bool = False
    contradictions: list[str] = field(default_factory=list)
    # A step that somebody had seen has not arrived here yet.
    missing: bool = False

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def due_on(self) -> date | None:
        """The promise that holds; none while the clock stands still."""
        return None if self.is_paused else self.promised_on

    @property
    def paused_on(self) -> date | None:
        return self.pauses[-1].since if self._stands_still else None

    @property
    def pause_reason(self) -> str:
        return self.pauses[-1].reason if self._stands_still else ""

    @property
    def _stands_still(self) -> bool:
        return self.is_paused and not self.is_closed

    @property
    def is_closed(self) -> bool:
        return self.status in (
            CaseStatus.FINISHED,
            CaseStatus.REFUSED,
            CaseStatus.VOID,
        )

    @property
    def closed_at(self) -> datetime | None:
        if not self.is_closed:
            return None
        if self.closing is not None:
            return self.closing.at
        return self.visit.finished_at or self.visit.arrived_at

    @property
    def result(self) -> str:
        if not self.is_closed:
            return ""
        return self.closing.note if self.closing is not None else self.visit.result

    @property
    def status_label(self) -> str:
        return CASE_STATUS_LABELS[self.status]


def fold(visit: Visit, steps: Sequence[VisitStep]) -> Case:
    """The case of a visit, from the set of its steps in whatever order."""
    thread = Thread(steps)
    case = Case(
        visit,
        thread.steps,
        desk_uid=visit.desk_uid,
        desk_name=visit.desk_name,
        promised_on=visit.due_on,
        complete_on=visit.arrived_at.date() if visit.materials_complete else None,
        missing=thread.missing,
    )
    for step in thread.steps:
        _apply(case, step)
    _close(case, thread)
    case.contradictions = thread.contradictions(visit.desk_name)
    return case


def _apply(case: Case, step: VisitStep) -> None:
    """What a step does to promise and place; whether it ends the case comes last."""
    effect = _EFFECTS.get(step.kind)
    if effect is not None:
        effect(case, step)


def _place(case: Case, step: VisitStep) -> None:
    """Whoever did it has the case; steps of earlier versions do not say where."""
    if step.by_desk_uid:
        case.desk_uid, case.desk_name = step.by_desk_uid, step.by_desk_name


def _promise(case: Case, step: VisitStep) -> None:
    case.promised_on = step.due_on or case.promised_on


def _resume(case: Case, on: date) -> None:
    if case.is_paused:
        case.pauses[-1] = case.pauses[-1]._replace(until=on)


def _on_accepted(case: Case, step: VisitStep) -> None:
    case.status = CaseStatus.OPEN
    _place(case, step)
    _promise(case, step)


def _on_waiting(case: Case, step: VisitStep) -> None:
    if case.status != CaseStatus.REFERRED:
        case.status = CaseStatus.WAITING
    case.complete_on = None
    _resume(case, step.at.date())
    case.pauses.append(Pause(step.at.date(), None, step.note))


def _on_complete(case: Case, step: VisitStep) -> None:
    if case.status == CaseStatus.WAITING:
        case.status = CaseStatus.OPEN
    _resume(case, step.at.date())
    case.complete_on = step.at.date()
    _promise(case, step)


def _on_referred(case: Case, step: VisitStep) -> None:
    case.status = CaseStatus.REFERRED
    case.sender_uid = step.by_desk_uid or case.visit.desk_uid
    case.referred_at = step.at
    case.desk_uid, case.desk_name = step.desk_uid, step.desk_name


def _on_taken(case: Case, step: VisitStep) -> None:
    case.status = CaseStatus.WAITING if case.is_paused else CaseStatus.OPEN
    _place(case, step)
    _promise(case, step)


def _on_extended(case: Case, step: VisitStep) -> None:
    case.extensions += 1
    _promise(case, step)


def _on_closing(case: Case, step: VisitStep) -> None:
    _place(case, step)


def _on_reopened(case: Case, step: VisitStep) -> None:
    case.status = CaseStatus.OPEN
    _resume(case, step.at.date())
    _place(case, step)
    _promise(case, step)


_EFFECTS: dict[str, Callable[[Case, VisitStep], None]] = {
    StepKind.ACCEPTED: _on_accepted,
    StepKind.WAITING: _on_waiting,
    StepKind.COMPLETE: _on_complete,
    StepKind.REFERRED: _on_referred,
    StepKind.TAKEN: _on_taken,
    StepKind.EXTENDED: _on_extended,
    StepKind.FINISHED: _on_closing,
    StepKind.REFUSED: _on_closing,
    StepKind.REOPENED: _on_reopened,
}


def _close(case: Case, thread: Thread) -> None:
    """A closing step holds until a reopening that has seen it."""
    reopenings = [s for s in thread.steps if s.kind == StepKind.REOPENED]
    closings = [
        step
        for step in thread.steps
        if step.kind in CLOSING_STEPS
        and not any(thread.has_seen(reopening, step) for reopening in reopenings)
    ]
    if case.visit.is_void:
        case.status = CaseStatus.VOID
    elif closings:
        case.closing = closings[-1]
        refused = case.closing.kind == StepKind.REFUSED
        case.status = CaseStatus.REFUSED if refused else CaseStatus.FINISHED
        _place(case, case.closing)
    elif not reopenings and _ended_at_once(case.visit):
        refused = case.visit.outcome == VisitOutcome.REFUSED
        case.status = CaseStatus.REFUSED if refused else CaseStatus.FINISHED
    case.is_told = _is_told(case, thread, closings)


def _ended_at_once(visit: Visit) -> bool:
    """An outcome that this program does not know ended it if the row says so."""
    if visit.outcome in VISIT_OUTCOME_LABELS:
        return visit.outcome not in OPENING_OUTCOMES
    return visit.finished_at is not None


def _is_told(case: Case, thread: Thread, closings: Sequence[VisitStep]) -> bool:
    """Nobody need be told of what the visit's own desk closed.

    Who was told of one end was told; another end beside it is a contradiction.
    """
    if not closings or any(_is_own(case.visit, closing) for closing in closings):
        return case.is_closed
    return any(
        step.kind == StepKind.NOTIFIED
        and _is_own(case.visit, step)
        and any(thread.has_seen(step, closing) for closing in closings)
        for step in thread.steps
    )


def _is_own(visit: Visit, step: VisitStep) -> bool:
    """Done at the visit's own desk?  Its PC may have been replaced since."""
    if step.by_desk_uid:
        return step.by_desk_uid == visit.desk_uid
    return step.station == visit.station
