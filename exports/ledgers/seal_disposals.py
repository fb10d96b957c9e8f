"""印章停用销毁登记表: what the office decided about seals, and who saw it (P16)."""

import json

from peewee import fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    label_of,
)
from models.disposals import DISPOSAL_KIND_LABELS, SealDisposal
from models.seals import Seal

_kind = label_of(DISPOSAL_KIND_LABELS)


def _witnesses(stored: str) -> str:
    return "\n".join(witness.get("name", "") for witness in json.loads(stored or "[]"))


def _query(chosen: Selection) -> Query:
    chosen.require_only(("desk", "department", "seal"))
    days = SealDisposal.on.between(chosen.first, chosen.last)
    query = SealDisposal.select().where(days)
    if chosen.desk is not None:
        seals = Seal.select(Seal.uid).where(Seal.desk_uid == chosen.desk.uid)
        query = query.where(SealDisposal.seal_uid.in_(seals))
    if chosen.department is not None:
        query = query.where(SealDisposal.department_uid == chosen.department.uid)
    if chosen.seal is not None:
        query = query.where(SealDisposal.seal_uid == chosen.seal.uid)
    return query.order_by(SealDisposal.on, SealDisposal.at, SealDisposal.uid)


def _totals(query: Query) -> Totals:
    counted = dict(
        query.select(SealDisposal.kind, fn.COUNT(SealDisposal.uid))
        .order_by()
        .group_by(SealDisposal.kind)
        .tuples()
    )
    known = [code for code in DISPOSAL_KIND_LABELS if code in counted]
    newer = [code for code in counted if code not in DISPOSAL_KIND_LABELS]
    parts = "、".join(f"{_kind(code)} {counted[code]}" for code in known + newer)
    closing = f"合计　共 {sum(counted.values())} 次"
    return Totals(f"{closing}：{parts}。" if parts else f"{closing}。")


SEAL_DISPOSALS = Ledger(
    code="seal_disposals",
    title="印章停用销毁登记表",
    columns=(
        Column(SealDisposal.on, heading="日期", width=16.4),
        Column(SealDisposal.seal_name, width=22, left=True),
        Column(SealDisposal.department_name, width=16),
        Column(SealDisposal.kind, text=_kind, width=12),
        Column(SealDisposal.reason, width=28, left=True),
        Column(SealDisposal.approver, width=13),
        Column(SealDisposal.giver_name, width=13),
        Column(SealDisposal.receiver_name, width=13),
        Column(SealDisposal.place, width=17, left=True),
        Column(SealDisposal.method, width=14, left=True),
        Column(SealDisposal.witnesses, text=_witnesses, width=14),
        Column(SealDisposal.desk_name, width=18, left=True),
        Column(SealDisposal.person_name, width=13),
        Column(SealDisposal.note, width=15, left=True),
    ),
    query=_query,
    totals=_totals,
    key=("日期", "印章"),
)
