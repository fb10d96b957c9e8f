"""`desk export`: a ledger or a sheet of this station as a Word document."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from exports.ledgers import (
    LEDGERS,
    ExportResult,
    Selection,
    export_ledger,
    ledger_by_code,
)
from exports.sheets import (
    SHEETS,
    export_hours,
    export_openings,
    export_pay,
    export_plan,
)
from models import clock
from models.desks import Desk, department_by_name, desk_by_code
from models.errors import UserError
from models.paylines import month_days, month_name
from models.people import Person
from models.plan_decisions import PlanDecision, plans_in_force
from models.plans import ShiftPlan, plans_of
from models.progress import Report
from models.seals import seal_by_name

# What each sheet can be narrowed by.
NARROWED_BY = {
    "plan": ("desk", "department"),
    "openings": (),
    "hours": ("department",),
    "pay": ("department",),
}


def listed() -> list[tuple[str, str]]:
    """Code and title of all that can be exported."""
    return [(ledger.code, ledger.title) for ledger in LEDGERS] + list(SHEETS.items())


def sheet_called(text: str) -> str:
    """The code of the sheet with this code or title; "" when it is none."""
    text = text.strip()
    return next((code for code, title in SHEETS.items() if text in (code, title)), "")


def missing(chosen: argparse.Namespace) -> str:
    """What still has to be said, in words; "" when nothing."""
    needed = [(chosen.ledger, "台账或表的代码或名称"), (chosen.file, " -o 文件")]
    if not chosen.ledger or not sheet_called(chosen.ledger):
        _require_known(chosen.ledger)
        dates = [(chosen.first, " --from 开始日期"), (chosen.last, " --to 结束日期")]
        needed[1:1] = dates
    return next((name for value, name in needed if value is None), "")


def _require_known(text: str | None) -> None:
    """Refuse a name that nothing has, before asking for what nothing needs."""
    names = {name for names in listed() for name in names}
    if text and text.strip() not in names:
        raise UserError(f"没有台账“{text}”，export --list 列出所有台账。")


def export(chosen: argparse.Namespace, report: Report) -> ExportResult:
    """Write what was asked for; the station's database is open."""
    code = sheet_called(chosen.ledger)
    if code:
        return _export_sheet(code, chosen)
    return export_ledger(
        ledger_by_code(chosen.ledger),
        chosen.file,
        first=chosen.first,
        last=chosen.last,
        **_choices(chosen),
        report=report,
    )


def _choices(chosen: argparse.Namespace) -> dict[str, Any]:
    """The records that were named, by what they narrow."""
    found: dict[str, tuple[str | None, Callable[[str], Any]]] = {
        "desk": (chosen.desk, desk_by_code),
        "seal": (chosen.seal, seal_by_name),
        "department": (chosen.department, department_by_name),
        "worker": (chosen.person, _worker),
    }
    return {name: find(text) for name, (text, find) in found.items() if text}


def _worker(number: str) -> Person:
    """Also somebody who has left: their records stay."""
    person = Person.get_or_none(Person.number == number.strip())
    if person is None:
        raise UserError(f"没有学号或工号是“{number}”的人员，请核对。")
    return person


def _export_sheet(code: str, chosen: argparse.Namespace) -> ExportResult:
    on, choices = chosen.first or clock.today(), _choices(chosen)
    Selection(on, on, **choices).require_only(NARROWED_BY[code])
    department = choices.get("department")
    if code == "openings":
        return export_openings(chosen.file, on=on)
    if code == "plan":
        return export_plan(_plan(on, **choices), chosen.file)
    if month_days(on)[0] > clock.today():
        raise UserError(
            f"{month_name(on)} 还没有到，没有工时可以导出，请核对 --from 的日期。"
        )
    export_month = export_hours if code == "hours" else export_pay
    return export_month(on, chosen.file, department=department)


def _plan(
    on: date, desk: Desk | None = None, department: Any = None
) -> ShiftPlan | PlanDecision:
    """The plan in force on a day, else the newest one there is."""
    if desk is None:
        raise UserError("请用 --desk 写明窗口。")
    for plans in (plans_in_force(on, desk), plans_of(desk)):
        fitting = [
            plan
            for plan in plans
            if not department or plan.department_uid == department.uid
        ]
        names = sorted({plan.department_name for plan in fitting})
        if len(names) > 1:
            raise UserError(f"请用 --department 写明部门：{'、'.join(names)}。")
        if fitting:
            return fitting[0]
    raise UserError(f"{desk.name}还没有这样的排班，请先排班。")
