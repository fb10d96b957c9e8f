"""印章使用登记台账: every use of every seal, by seal, year and number."""

import json
from typing import Any

from exports.ledgers.groups import Grouping
from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    joined,
    moment_of,
)
from exports.ledgers.marks import ESTIMATED, LATE
from exports.ledgers.masks import mask_number
from exports.ledgers.seal_lists import SEAL_LISTS
from exports.ledgers.seal_ranges import groups_of, totals_of
from models.seal_uses import SealUse


def _number(year: int, number: int) -> str:
    return f"{year}-{number:04d}"


def _unit_and_person(unit: str, applicant: str) -> str:
    return unit if unit == applicant else f"{unit}\n{applicant}"


def _document(title: str, number: str) -> str:
    return f"{title}（{number}）" if number else title


def _students(number: str, batch: str | None) -> str:
    """One student's number, or how many are on the list of a batch (P6)."""
    numbers = json.loads(batch) if batch and batch != "[]" else []
    if len(numbers) > 1:
        return f"{numbers[0]}\n等 {len(numbers)} 人\n见附件"
    return number or "".join(numbers)


def _note(late: int, sheet: str, applicant: str, *rest: Any) -> str:
    """A number of a paper sheet that nobody used has no time of its own."""
    corrects, void, reason, note = rest
    said = corrects and f"更正 {corrects}" not in note
    return joined(
        LATE.text if late else "",
        ESTIMATED.text if sheet and not applicant else "",
        f"更正 {corrects} 号" if said else "",
        f"作废：{reason}" if void else "",
        note,
    )


def _refusal(reason: str) -> str:
    return f"拒印：{reason}" if reason else ""


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        SealUse.select(),
        at=SealUse.used_at,
        desk=SealUse.desk_uid,
        seal=SealUse.seal_uid,
        department=SealUse.department_uid,
    ).order_by(SealUse.seal_uid, SealUse.year, SealUse.number)


SEAL_USES = Ledger(
    code="seal_uses",
    title="印章使用登记台账",
    columns=(
        Column(SealUse.year, SealUse.number, heading="编号", text=_number, width=15.5),
        Column(SealUse.used_at, heading="日期时间", text=moment_of, width=16.2),
        Column(SealUse.seal_name, width=23, left=True),
        Column(
            SealUse.unit,
            SealUse.applicant,
            heading="用印单位/人",
            text=_unit_and_person,
            width=19.9,
            left=True,
        ),
        Column(
            SealUse.document_title,
            SealUse.document_number,
            text=_document,
            width=19.9,
            left=True,
        ),
        Column(SealUse.purpose, width=16.7, left=True),
        Column(SealUse.copies, width=8.2),
        Column(SealUse.impressions, width=8.2),
        Column(SealUse.approver, width=10.8),
        Column(SealUse.handler_name, width=10.8),
        Column(SealUse.sealer_name, width=10.8),
        Column(
            SealUse.student_number,
            SealUse.students,
            heading="名单附件",
            text=_students,
            mask=mask_number,
            width=17.2,
        ),
        Column(SealUse.copy_kept, width=10.8),
        Column(
            SealUse.refused_reason,
            heading="拒印及原因",
            text=_refusal,
            width=16.9,
            left=True,
        ),
        Column(
            SealUse.late_entry,
            SealUse.reservation_uid,
            SealUse.applicant,
            SealUse.corrects_number,
            SealUse.is_void,
            SealUse.void_reason,
            SealUse.note,
            heading="备注",
            text=_note,
            width=20,
            left=True,
        ),
    ),
    query=_query,
    totals=totals_of,
    groups=Grouping(groups_of, when=lambda chosen: chosen.seal is None),
    key=("编号", "印章"),
    annex=SEAL_LISTS,
)
