"""What is printed of the sample college; each ledger is held against the records."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import models
from desk import sampleterm
from exports.ledgers import LEDGERS, ExportResult, Selection, export_ledger
from exports.ledgers.checking import check_ledger
from exports.ledgers.months import MonthLedger
from exports.sheets import PAPERS, export_outage_sheet, export_paper
from exports.slips import slip_file_name, slip_kind_for, write_slip
from models import Person, Visit, VisitOutcome
from models.paylines import month_days

OUTAGE_SHEET = "断电表"

# Whose slips are printed: one with a department's own template, three built-in ones.
SLIPS = (
    ("jiaowu", VisitOutcome.PROMISED),
    ("xuesheng", VisitOutcome.PROMISED),
    ("jiaowu", VisitOutcome.NOTIFIED),
    ("jiuye", VisitOutcome.REFUSED),
)


def export_ledgers(folder: Path, first: date, last: date) -> list[dict[str, object]]:
    """Every ledger of the days worked, read back and held against the records.

    Hours and pay are those of the newest month that was closed.
    """
    made = []
    month = month_days((sampleterm.closed_months(first, last) or [last])[-1])
    for ledger in LEDGERS:
        path = folder / f"{ledger.title}_{last:%Y-%m}.docx"
        days = first, last
        if isinstance(ledger, MonthLedger):
            days, path = month, folder / f"{ledger.title}_{month[0]:%Y-%m}.docx"
        written = export_ledger(ledger, path, first=days[0], last=days[1])
        check = check_ledger(path)
        notes = [*check.faults, *check.notes, *check.later]
        found = _exported(ledger.title, written)
        found |= {"verified": check.good, "verdict": check.verdict, "notes": notes}
        made.append(found)
    return made


def export_sheets(folder: Path, last: date) -> list[dict[str, object]]:
    """Plans and opening hours in force, and the open sheets for a power cut."""
    made = []
    for paper in PAPERS:
        path = folder / f"{paper.title.replace(' ', '')}.docx"
        written = export_paper(paper, path, Selection(last, last))
        paths = [str(path) for path in written.paths]
        made.append(_exported(paper.title, written) | {"paths": paths})
    for sheet in (s for desk in models.desks() for s in models.open_reservations(desk)):
        path = folder / f"{OUTAGE_SHEET}_{sheet.for_day}_{sheet.desk_name}.docx"
        made.append(_exported(OUTAGE_SHEET, export_outage_sheet(sheet, path)))
    return made


def write_slips(folder: Path, *, by: Person) -> list[str]:
    """Some slips of the visits there are."""
    folder.mkdir(exist_ok=True)
    paths = []
    for visit in _slip_visits():
        kind = slip_kind_for(visit)
        assert kind is not None  # none of these outcomes goes without
        path = folder / slip_file_name(kind, visit)
        paths.append(str(write_slip(kind, visit, path, person=by)))
    return paths


def _slip_visits() -> Iterator[Visit]:
    for code, outcome in SLIPS:
        desk = models.desk_by_code(code)
        found = Visit.select().where(
            (Visit.desk_uid == desk.uid) & (Visit.outcome == outcome) & ~Visit.is_void
        )
        visit = found.order_by(Visit.number).first()
        if visit is not None:
            yield visit


def _exported(name: str, made: ExportResult) -> dict[str, object]:
    return {"name": name, "path": str(made.path), "rows": made.rows}
