"""印章移交登记表: every change of hands, with who gave, received and saw it (P16)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals, joined
from exports.ledgers.selection import Selection
from models.custody import TRANSFER_KIND_LABELS, SealTransfer, TransferKind
from models.seals import Seal


class Numbered(NamedTuple):
    """A transfer and its place in the ledger."""

    number: int
    transfer: SealTransfer


def _transfers(chosen: Selection) -> list[Numbered]:
    """A department's are those of its seals, whoever had them."""
    query = SealTransfer.select()
    for record, field in (
        (chosen.department, Seal.department_uid),
        (chosen.desk, Seal.desk_uid),
    ):
        if record is not None:
            seals = Seal.select(Seal.uid).where(field == record.uid)
            query = query.where(SealTransfer.seal_uid.in_(seals))
    if chosen.seal is not None:
        query = query.where(SealTransfer.seal_uid == chosen.seal.uid)
    days = replace(chosen, department=None, desk=None, seal=None)
    query = days.narrow(query, at=SealTransfer.at)
    rows = query.order_by(SealTransfer.at, SealTransfer.uid)
    return [Numbered(number, row) for number, row in enumerate(rows, start=1)]


def _shows_imprint(line: Numbered) -> bool:
    """Is the imprint set here (P16)?  Not at every handover between two shifts."""
    return line.transfer.kind not in (TransferKind.HANDOVER, TransferKind.RETURN)


def _imprint(line: Numbered) -> str:
    return "" if _shows_imprint(line) else "—"


def _reason(line: Numbered) -> str:
    transfer = line.transfer
    label, reason = transfer.kind_label, transfer.reason
    return reason if reason == label else f"{label}：{reason}"


def _numbers(line: Numbered) -> str:
    first, last = line.transfer.first_number, line.transfer.last_number
    if first is None or last is None:
        return "本年\n未用印"
    return f"{first:04d}–\n{last:04d}"


def _state(line: Numbered) -> str:
    return joined(line.transfer.condition, line.transfer.note)


def _until(line: Numbered) -> str:
    until = line.transfer.until
    return until.isoformat() if until else ""


def _totals(lines: Sequence[Numbered]) -> Totals:
    counts = Counter(line.transfer.kind for line in lines)
    known = [kind for kind in TRANSFER_KIND_LABELS if counts[kind]]
    newer = [kind for kind in counts if kind not in TRANSFER_KIND_LABELS]
    parts = "、".join(
        f"{TRANSFER_KIND_LABELS.get(kind, kind)} {counts[kind]}"
        for kind in [*known, *newer]
    )
    return Totals(f"合计　共移交 {len(lines)} 次" + (f"：{parts}。" if parts else "。"))


SEAL_TRANSFERS: ComputedLedger[Numbered] = ComputedLedger(
    code="seal_transfers",
    title="印章移交登记表",
    columns=(
        LineColumn("编号", lambda line: str(line.number), 8),
        LineColumn("时间", lambda line: f"{line.transfer.at:%Y-%m-%d %H:%M}", 16.4),
        LineColumn("地点", lambda line: line.transfer.place, 15.7, left=True),
        LineColumn("名称", lambda line: line.transfer.seal_name, 20, left=True),
        LineColumn("枚数", lambda line: "1", 7.5),
        LineColumn("印模", _imprint, 43),
        LineColumn("原因", _reason, 21, left=True),
        LineColumn("移交人", lambda line: line.transfer.giver_name, 12.5),
        LineColumn("接收人", lambda line: line.transfer.receiver_name, 12.5),
        LineColumn("监交人", lambda line: line.transfer.witness_name, 12.5),
        LineColumn("状况", _state, 14, left=True),
        LineColumn("期限", _until, 16.4),
        LineColumn("批准", lambda line: line.transfer.approver, 12.5),
        LineColumn("登记\n起止号", _numbers, 12.5),
    ),
    lines=_transfers,
    totals=_totals,
    key=("编号", "名称"),
    narrowed_by=("desk", "department", "seal"),
    row_height=42,
    is_plain=lambda line: not _shows_imprint(line),
)
