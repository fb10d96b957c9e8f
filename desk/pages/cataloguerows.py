"""The rows of 窗口事项: an item of the catalogue as it stands today."""

from datetime import date
from typing import NamedTuple

from models.catalogue import CatalogueChange
from models.clock import today
from models.desks import Desk
from models.services import Service, items


class ItemRow(NamedTuple):
    """`uid` is the item's: the mark stays on it when a new version comes."""

    uid: str
    desk_name: str
    service: Service
    state: str
    is_over: bool


def item_rows() -> list[ItemRow]:
    """Every item, desk by desk, those no longer offered at the end of their desk."""
    names = {desk.uid: desk.name for desk in Desk.select()}
    rows = [_row_of(versions, names, today()) for versions in items()]
    return sorted(rows, key=lambda row: (row.service.desk_uid, row.is_over))


def _row_of(versions: list[Service], names: dict[str, str], day: date) -> ItemRow:
    held = next((version for version in versions if version.holds_on(day)), None)
    planned = next((version for version in versions if version.first_day > day), None)
    shown = held or planned or versions[-1]
    return ItemRow(
        uid=shown.item,
        desk_name=names.get(shown.desk_uid, ""),
        service=shown,
        state=_state(held, planned, day),
        is_over=not (held or planned),
    )


def _state(held: Service | None, planned: Service | None, day: date) -> str:
    if held and planned:
        return f"{_short(planned.first_day, day)} 起变更"
    if held:
        return f"办至 {_short(held.last_day, day)}" if held.ends_on else "在办"
    return f"{_short(planned.first_day, day)} 起办理" if planned else "已停办"


def _short(day: date, now: date) -> str:
    """`12-01`; with its year when that is another one."""
    return f"{day:%m-%d}" if day.year == now.year else day.isoformat()


def kind_words(row: ItemRow) -> str:
    """`承诺 5 日`; the form says which days they are."""
    days = row.service.working_days
    return f"{row.service.kind_label} {days} 日" if days else row.service.kind_label


def one_line(text: str) -> str:
    """A text as a cell shows it."""
    return " ".join(text.split())


def change_words(change: CatalogueChange) -> str:
    """A change in full, for reading what a cell has no room for."""
    before = f"变更前：{change.before}\n" if change.before else ""
    basis = f"依据：{change.basis or '未填写'}"
    who = f"{change.person_name} {change.at:%Y-%m-%d %H:%M} 登记"
    return f"{before}变更后：{change.after}\n{basis}\n{who}"
