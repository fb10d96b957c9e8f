"""What is exported beside the ledgers: forms of plans and opening hours (表)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from exports.ledgers.ledger import ExportResult
from exports.ledgers.selection import Selection
from exports.sheets.openings import export_openings, openings_rows
from exports.sheets.plans import export_plans, plan_rows
from models.errors import UserError
from models.people import Person


class Shown(NamedTuple):
    """What a paper says, as one list."""

    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Paper:
    """A form that is filled in from the records and signed; nothing is added up."""

    code: str
    title: str
    narrowed_by: tuple[str, ...]
    # Writes it; of several there is a file each, named after *path*.
    export: Callable[[Path, Selection, Person | None], ExportResult]
    read: Callable[[Selection], tuple[Sequence[str], list[tuple[str, ...]]]]

    def check(self, chosen: Selection) -> None:
        """Raise `UserError` for a selection that it cannot show."""
        chosen.require_only(self.narrowed_by)

    def read_rows(self, chosen: Selection) -> Shown:
        """The lines of all its files, for looking at."""
        self.check(chosen)
        headings, rows = self.read(chosen)
        return Shown(tuple(headings), rows)


def _export_openings(
    path: Path, chosen: Selection, person: Person | None
) -> ExportResult:
    """Those that hold on the first day: what was before is not asked for."""
    return export_openings(path, on=chosen.first, person=person)


PAPERS: list[Paper] = [
    Paper(
        "plan",
        "AB 岗备案表",
        narrowed_by=("desk", "department"),
        export=export_plans,
        read=plan_rows,
    ),
    Paper(
        "openings",
        "服务时间安排",
        narrowed_by=(),
        export=_export_openings,
        read=lambda chosen: openings_rows(chosen.first),
    ),
]


def paper_called(text: str) -> Paper | None:
    """The paper with this code or title."""
    text = text.strip()
    return next((one for one in PAPERS if text in (one.code, one.title)), None)


def export_paper(
    paper: Paper, path: Path, chosen: Selection, *, person: Person | None = None
) -> ExportResult:
    """Write *paper* to *path*, or beside it where there are several of it."""
    if chosen.first > chosen.last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    paper.check(chosen)
    return paper.export(path, chosen, person)
