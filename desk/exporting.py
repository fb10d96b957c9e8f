"""`desk export`: a ledger or a form of this station as a document."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from exports.ledgers import (
    LEDGERS,
    ExportResult,
    Selection,
    Split,
    export_ledger,
    ledger_by_code,
    ledgers_here,
)
from exports.ledgers.batches import export_ledgers
from exports.ledgers.months import MonthLedger
from exports.sheets import PAPERS, export_paper, paper_called
from models import clock
from models.desks import department_by_name, desk_by_code, this_desk
from models.errors import UserError
from models.installation import installation
from models.paylines import month_days
from models.people import Person
from models.progress import Report
from models.seals import seal_by_name

# Instead of a ledger: every one of the period, into a folder.
ALL = "all"


def listed() -> list[tuple[str, str]]:
    """Code and title of all that can be exported."""
    return [(each.code, each.title) for each in (*LEDGERS, *PAPERS)]


def missing(chosen: argparse.Namespace) -> str:
    """What still has to be said, in words; "" when nothing."""
    needed = [(chosen.ledger, "台账或表的代码或名称"), (chosen.file, " -o 文件")]
    _require_known(chosen.ledger)
    if not chosen.ledger or _needs_days(chosen.ledger):
        dates = [(chosen.first, " --from 开始日期"), (chosen.last, " --to 结束日期")]
        needed[1:1] = dates
    return next((name for value, name in needed if value is None), "")


def _require_known(text: str | None) -> None:
    """Refuse a name that nothing has, before asking for what nothing needs."""
    names = {name for names in listed() for name in names}
    if text and text.strip() not in names | {ALL}:
        raise UserError(f"没有台账“{text}”，export --list 列出所有台账。")


def _needs_days(text: str) -> bool:
    """A form is of a day and hours are of a month: without one it is the present."""
    if text.strip() == ALL:
        return True
    return not paper_called(text) and not isinstance(ledger_by_code(text), MonthLedger)


def export(chosen: argparse.Namespace, report: Report) -> ExportResult:
    """Write what was asked for; the station's database is open."""
    first = chosen.first or clock.today()
    if chosen.ledger.strip() == ALL:
        return _export_all(chosen, report)
    paper = paper_called(chosen.ledger)
    if paper is not None:
        choices = _choices(chosen)
        if not chosen.desk and "desk" not in paper.narrowed_by:
            choices.pop("desk", None)
        days = Selection(first, chosen.last or first, **choices, masked=chosen.masked)
        return export_paper(paper, chosen.file, days)
    ledger = ledger_by_code(chosen.ledger)
    if ledger not in ledgers_here():
        raise UserError(f"《{ledger.title}》由中心办公室导出，请到办公室的电脑导出。")
    last: date = chosen.last or first
    if isinstance(ledger, MonthLedger) and chosen.last is None:
        first, last = month_days(first)
    return export_ledger(
        ledger,
        chosen.file,
        first=first,
        last=last,
        **_choices(chosen),
        masked=chosen.masked,
        split=Split(chosen.split or Split.NONE),
        report=report,
    )


def _export_all(chosen: argparse.Namespace, report: Report) -> ExportResult:
    """The ledgers of a period that can be narrowed to what was chosen."""
    made = export_ledgers(
        chosen.file,
        ledgers_here(),
        first=chosen.first,
        last=chosen.last,
        **_choices(chosen),
        masked=chosen.masked,
        report=report,
    )
    paths = tuple(path for result in made.results for path in result.paths)
    return ExportResult(made.folder, made.rows, paths)


def _choices(chosen: argparse.Namespace) -> dict[str, Any]:
    """The records that were named, by what they narrow; at a desk its own.

    Its station has the plans of every desk and what was done at one: of another it
    could only say, falsely, that nothing was done and nobody came.
    """
    found: dict[str, tuple[str | None, Callable[[str], Any]]] = {
        "desk": (chosen.desk, desk_by_code),
        "seal": (chosen.seal, seal_by_name),
        "department": (chosen.department, department_by_name),
        "worker": (chosen.person, _worker),
    }
    choices = {name: find(text) for name, (text, find) in found.items() if text}
    if not installation().is_office:
        own = this_desk()
        if choices.setdefault("desk", own) != own:
            raise UserError(
                f"这台电脑只有{own.name}的记录，其他窗口的请在那个窗口或中心办公室导出。"
            )
    return choices


def _worker(number: str) -> Person:
    """Also somebody who has left: their records stay."""
    person = Person.get_or_none(Person.number == number.strip())
    if person is None:
        raise UserError(f"没有学号或工号是“{number}”的人员，请核对。")
    return person
