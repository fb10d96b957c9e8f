"""What can be done with a found record here, and why not where nothing can.

Who may do it is said by the operations themselves; here it is about the record: was
it made on this PC, and is there anything left to do.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from desk.keymap import key_of_action
from models.base import station_uid
from models.caselists import case_of
from models.errors import UserError
from models.seal_uses import SealUse
from models.seals import Seal, require_here
from models.stations import Station
from models.visits import Visit

Row = Visit | SealUse

# What a key cannot do with the other kind of record.
NOT_OFFERED = {
    "on_correct": "来访不能更正，请作废后重新登记。",
    "on_open_case": "用印没有办件，请选中一条来访再打开。",
    "on_print": "用印没有单据，请选中一条来访再打印。",
}


class Action(NamedTuple):
    """`name` is the method of the page, as in the table of keys."""

    name: str
    label: str
    why_not: Callable[[Any], str]

    @property
    def button(self) -> str:
        return f"{self.label}（{key_of_action(self.name)}）"


def number_of(row: Row) -> str:
    """What a record is called by."""
    return row.number if isinstance(row, Visit) else row.number_text


def _why_not_change(row: Row) -> str:
    if row.is_void:
        return f"{number_of(row)} 已经作废。"
    if row.station == station_uid():
        return ""
    station = Station.get_or_none(Station.station_uid == row.station)
    where = station.name if station else row.desk_name
    return f"{number_of(row)} 登记在“{where}”的电脑上，请到那里更改。"


def _why_not_correct(use: SealUse) -> str:
    return _why_not_change(use) or _why_no_new_line(use)


def _why_no_new_line(use: SealUse) -> str:
    try:
        require_here(Seal.get_by_id(use.seal_uid))
    except UserError as error:
        return str(error)
    return ""


def _why_no_case(visit: Visit) -> str:
    if case_of(visit).steps:
        return ""
    return f"{visit.number} 是{visit.outcome_label}，没有后续办件。"


def _why_no_slip(visit: Visit) -> str:
    return f"{visit.number} 已经作废。" if visit.is_void else ""


VISIT_ACTIONS = (
    Action("on_open_case", "打开办件", _why_no_case),
    Action("on_print", "打印单据", _why_no_slip),
    Action("on_void", "作废", _why_not_change),
)
SEAL_USE_ACTIONS = (
    Action("on_correct", "更正", _why_not_correct),
    Action("on_void", "作废", _why_not_change),
)


def actions_of(row: Row) -> tuple[Action, ...]:
    """What its card offers."""
    return VISIT_ACTIONS if isinstance(row, Visit) else SEAL_USE_ACTIONS


def require_action(row: Row, name: str) -> None:
    """Raise `UserError`, saying why, when *row* is none to do this with."""
    action = next((action for action in actions_of(row) if action.name == name), None)
    why_not = action.why_not(row) if action else NOT_OFFERED[name]
    if why_not:
        raise UserError(why_not)


def refusals(row: Row) -> dict[str, str]:
    """Why something cannot be done, by the action's name; "" where it can."""
    return {action.name: action.why_not(row) for action in actions_of(row)}
