"""The promise of a case (承诺时限, P22): when it starts, and how it goes on.

Reckoned once, when a step is added, and written down with it: a calendar that is
corrected later moves no promise that a student was told.
"""

from collections.abc import Callable
from datetime import date, timedelta

from models import clock
from models.calendar import working_day_after, working_days_between
from models.casefold import Case
from models.errors import UserError
from models.services import Service, ServiceKind
from models.steps import StepKind
from models.visits import VisitOutcome


def promise_of(
    case: Case, kind: str, *, note: str = "", due_on: date | None = None
) -> date | None:
    """What a step of *kind* that is added today promises, None for nothing new."""
    if kind == StepKind.EXTENDED:
        return due_on
    if kind not in _RECKONED:
        return None
    reckoned = _RECKONED[kind](case)
    if due_on is None:
        return reckoned
    if not note:
        _refuse_moving(case, reckoned, due_on)
    return due_on


def _refuse_moving(case: Case, reckoned: date | None, due_on: date) -> None:
    """Only what goes on as it was promised or reckoned needs no words.

    A first promise may be an earlier day than the service's all the same.
    """
    told = case.promised_on
    if due_on in (told, reckoned) or (told is None and _is_no_later(due_on, reckoned)):
        return
    held = reckoned or told
    assert held is not None  # without either there is nothing to move
    now = f"推算的应办结日是 {held}" if reckoned else f"已承诺 {held} 办结"
    other = "更晚" if due_on > held else "更早"
    error = UserError(f"{now}，改为{other}的日期请写明原因。")
    error.field = "note"
    raise error


def _is_no_later(due_on: date, reckoned: date | None) -> bool:
    return reckoned is None or due_on <= reckoned


def _resumed(case: Case) -> date | None:
    """As many working days as were left when the clock stopped."""
    paused_on, promised_on = case.paused_on, case.promised_on
    if promised_on is None or paused_on is None:
        return _started(case)
    if promised_on < paused_on:
        return promised_on  # it was late already, and stays so
    left = working_days_between(paused_on + timedelta(days=1), promised_on)
    # A PC whose clock was set back must not promise a day before the pause.
    return _in_days(left, max(clock.today(), paused_on))


def _in_days(count: int, day: date) -> date:
    """*count* working days from a day; with none left, that day if it is one."""
    if count == 0:
        return working_day_after(day - timedelta(days=1), 1)
    return working_day_after(day, count)


def _started(case: Case) -> date | None:
    """The first promise: by the service as it was when the visit was taken down."""
    service = Service.get_or_none(Service.uid == case.visit.service_uid)
    kind = service.kind if service else case.visit.service_kind
    promised = ServiceKind.PROMISED == kind
    if not promised and case.visit.outcome != VisitOutcome.PROMISED:
        return None
    days = service.working_days if service else 0
    return working_day_after(clock.today(), max(days, 1))


def _taken(case: Case) -> date | None:
    """A promise that was made holds at the next desk too."""
    if case.promised_on is not None:
        return None
    return _started(case) if case.complete_on is not None else None


def _reopened(case: Case) -> date | None:
    """A promise that is still ahead holds; one that has passed is made anew."""
    promised_on = case.promised_on
    if promised_on is not None and promised_on >= clock.today():
        return promised_on
    return _started(case) if promised_on is not None else None


_RECKONED: dict[str, Callable[[Case], date | None]] = {
    StepKind.COMPLETE: _resumed,
    StepKind.TAKEN: _taken,
    StepKind.REOPENED: _reopened,
}
