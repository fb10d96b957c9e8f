"""窗口事项变更记录: what was decided of desks and services, and its basis (P2)."""

from peewee import fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    label_of,
    moment_of,
)
from models.catalogue import CHANGE_KIND_LABELS, CatalogueChange

_kind = label_of(CHANGE_KIND_LABELS)


def _or_dash(text: str) -> str:
    return text or "—"


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        CatalogueChange.select(), at=CatalogueChange.at, desk=CatalogueChange.desk_uid
    ).order_by(CatalogueChange.at, CatalogueChange.uid)


def _totals(query: Query) -> Totals:
    counted = dict(
        query.select(CatalogueChange.kind, fn.COUNT(CatalogueChange.uid))
        .order_by()
        .group_by(CatalogueChange.kind)
        .tuples()
    )
    known = [code for code in CHANGE_KIND_LABELS if code in counted]
    newer = [code for code in counted if code not in CHANGE_KIND_LABELS]
    parts = "、".join(f"{_kind(code)} {counted[code]}" for code in known + newer)
    closing = f"合计　共 {sum(counted.values())} 项"
    return Totals(f"{closing}：{parts}。" if parts else f"{closing}。")


CATALOGUE_CHANGES = Ledger(
    code="catalogue_changes",
    title="窗口事项变更记录",
    columns=(
        Column(CatalogueChange.at, text=moment_of, width=18),
        Column(CatalogueChange.desk_name, text=_or_dash, width=26, left=True),
        Column(CatalogueChange.department_name, text=_or_dash, width=18, left=True),
        Column(CatalogueChange.kind, text=_kind, width=16),
        Column(CatalogueChange.before, text=_or_dash, width=42, left=True),
        Column(CatalogueChange.after, text=_or_dash, width=42, left=True),
        Column(CatalogueChange.effective_on, width=19),
        Column(CatalogueChange.basis, text=_or_dash, width=30, left=True),
        Column(CatalogueChange.person_name, width=14),
    ),
    query=_query,
    totals=_totals,
    key=("登记时间", "变更后"),
)
