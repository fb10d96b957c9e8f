"""Cases (办件): what happens to a visit's matter after the visit (P10, P22).

A case is its visit and the steps that were added since, by whichever desk did them.
Steps are only ever added: two desks can never overwrite each other.  What a case has
come to is worked out in `models.casefold`, lists of cases are in `models.caselists`.
Nothing is ever finished by a timer.
"""

from datetime import date

from models.base import station_uid, transaction
from models.casechecks import check_step
from models.casefold import (
    CASE_STATUS_LABELS,
    CLOSING_STEPS,
    Case,
    CaseStatus,
    Pause,
)
from models.caselists import (
    all_open_cases,
    case_of,
    cases_here,
    cases_of,
    cases_sent,
    is_closed,
    open_cases,
    steps_of,
)
from models.casepromises import promise_of
from models.casethreads import heads_of
from models.desks import Desk, this_desk
from models.people import Person
from models.permissions import Operation, require
from models.steps import StepKind, VisitStep, write_step
from models.urgency import URGENCY_LABELS, Urgency, overdue_days, urgency_of
from models.visits import Visit, answering_for

__all__ = [
    "CASE_STATUS_LABELS",
    "CLOSING_STEPS",
    "URGENCY_LABELS",
    "Case",
    "CaseStatus",
    "Pause",
    "Urgency",
    "add_step",
    "all_open_cases",
    "case_of",
    "cases_here",
    "cases_of",
    "cases_sent",
    "extend_case",
    "finish_case",
    "is_closed",
    "note_progress",
    "notify_visitor",
    "open_cases",
    "overdue_days",
    "pause_case",
    "refer_case",
    "refuse_case",
    "reopen_case",
    "resume_case",
    "steps_of",
    "take_case",
    "urgency_of",
]


_OPERATIONS: dict[str, Operation] = {StepKind.EXTENDED: Operation.CASE_EXTEND}


def add_step(
    visit: Visit,
    kind: str,
    *,
    by: Person,
    note: str = "",
    desk: Desk | None = None,
    due_on: date | None = None,
) -> VisitStep:
    """Add what happened to a case; earlier steps stay as they are.

    *desk* is where a case is referred to.  *due_on* is the promise that holds from
    now on; unless it is given, it is reckoned once, here, and never again.
    """
    operation = _OPERATIONS.get(kind, Operation.CASE_WORK)
    require(by, operation, departments=answering_for(visit))
    here, note = this_desk(), note.strip()
    with transaction():
        # Another desk may have voided it since it was read.
        case = case_of(Visit.get_or_none(Visit.uid == visit.uid) or visit)
        check_step(case, kind, here=here, note=note, to=desk, due_on=due_on)
        step = write_step(
            visit,
            kind,
            by=by,
            here=here,
            seen=heads_of(case.steps),
            note=note,
            desk=desk,
            due_on=promise_of(case, kind, note=note, due_on=due_on),
        )
        _keep_finish(visit, by=by)
        return step


def _keep_finish(visit: Visit, *, by: Person) -> None:
    """The visit's own station notes the end on the visit: open cases stay few to find.

    What another desk closed is noted with the first step here that has seen it.
    """
    if visit.station != station_uid():
        return
    closed_at = case_of(visit).closed_at
    if visit.finished_at != closed_at:
        visit.finished_at = closed_at
        visit.write(by=by)


def pause_case(visit: Visit, *, by: Person, note: str) -> VisitStep:
    """Wait for the student: the clock of the promise stands still."""
    return add_step(visit, StepKind.WAITING, by=by, note=note)


def resume_case(
    visit: Visit, *, by: Person, note: str = "", due_on: date | None = None
) -> VisitStep:
    """Everything is there: the clock goes on with the days that were left."""
    return add_step(visit, StepKind.COMPLETE, by=by, note=note, due_on=due_on)


def extend_case(visit: Visit, *, by: Person, note: str, due_on: date) -> VisitStep:
    """Promise a later day, with the reason."""
    return add_step(visit, StepKind.EXTENDED, by=by, note=note, due_on=due_on)


def refer_case(visit: Visit, *, by: Person, desk: Desk, note: str) -> VisitStep:
    """Send a case to another desk; from now on that one has it."""
    return add_step(visit, StepKind.REFERRED, by=by, note=note, desk=desk)


def take_case(
    visit: Visit, *, by: Person, note: str = "", due_on: date | None = None
) -> VisitStep:
    """Accept a case that was referred to this desk, or take back one nobody took."""
    return add_step(visit, StepKind.TAKEN, by=by, note=note, due_on=due_on)


def note_progress(visit: Visit, *, by: Person, note: str) -> VisitStep:
    return add_step(visit, StepKind.PROGRESS, by=by, note=note)


def finish_case(visit: Visit, *, by: Person, result: str) -> VisitStep:
    """Close a case with its result."""
    return add_step(visit, StepKind.FINISHED, by=by, note=result)


def refuse_case(visit: Visit, *, by: Person, note: str) -> VisitStep:
    """Close a case because it cannot be accepted, with the reason."""
    return add_step(visit, StepKind.REFUSED, by=by, note=note)


def notify_visitor(visit: Visit, *, by: Person, note: str) -> VisitStep:
    """Note what the visitor was told, also after the end: the answer is passed on."""
    return add_step(visit, StepKind.NOTIFIED, by=by, note=note)


def reopen_case(
    visit: Visit, *, by: Person, note: str, due_on: date | None = None
) -> VisitStep:
    """Go on with a case that was closed, with the reason."""
    return add_step(visit, StepKind.REOPENED, by=by, note=note, due_on=due_on)
