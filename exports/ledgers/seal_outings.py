"""印章外借登记表: seals taken outside, when due and how they came back (P16)."""

from peewee import Case, fn

from exports.ledgers.heads import Head
from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    joined,
    moment_of,
)
from models.outings import SealOuting


def _asked_by(unit: str, applicant: str) -> str:
    return unit if unit == applicant else f"{unit}\n{applicant}"


def _returned(returned_at: str | None, due_back_at: str) -> str:
    if not returned_at:
        return "未归还"
    late = "\n（超时）" if returned_at > due_back_at else ""
    return f"{moment_of(returned_at)}{late}"


def _sealed(documents: str, copies: int) -> str:
    return joined(documents, f"共 {copies} 份" if copies else "")


def _checked(name: str, condition: str) -> str:
    return "\n".join(filter(None, [name, condition]))


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        SealOuting.select(),
        at=SealOuting.out_at,
        desk=SealOuting.desk_uid,
        department=SealOuting.department_uid,
        seal=SealOuting.seal_uid,
    ).order_by(SealOuting.out_at, SealOuting.uid)


def _totals(query: Query) -> Totals:
    late = SealOuting.returned_at > SealOuting.due_back_at
    count, copies, out, overdue = (
        query.select(
            fn.COUNT(SealOuting.uid),
            fn.SUM(SealOuting.copies),
            fn.SUM(Case(None, [(SealOuting.returned_at.is_null(), 1)], 0)),
            fn.SUM(Case(None, [(late, 1)], 0)),
        )
        .order_by()
        .tuples()
        .first()
    )
    closing = f"合计　共外借 {count} 次，用印 {copies or 0} 份"
    closing += f"，超时归还 {overdue} 次" if overdue else ""
    return Totals(f"{closing}{f'，未归还 {out} 次' if out else ''}。")


SEAL_OUTINGS = Ledger(
    code="seal_outings",
    title="印章外借登记表",
    columns=(
        Column(SealOuting.seal_name, heading="印章", width=22.4, left=True),
        Column(
            SealOuting.unit,
            SealOuting.applicant,
            heading="申请部门/人",
            text=_asked_by,
            width=22,
            left=True,
        ),
        Column(SealOuting.reason, heading="事由", width=22.4, left=True),
        Column(SealOuting.place, width=20, left=True),
        Column(SealOuting.approver, width=14),
        Column(SealOuting.carrier_name, width=14),
        Column(SealOuting.out_at, heading="带出", text=moment_of, width=18.4),
        Column(SealOuting.due_back_at, heading="应还", text=moment_of, width=18.4),
        Column(
            SealOuting.returned_at,
            SealOuting.due_back_at,
            heading="实还",
            text=_returned,
            width=18.4,
        ),
        Column(
            SealOuting.documents,
            SealOuting.copies,
            heading="文件及份数",
            text=_sealed,
            width=22.4,
            left=True,
        ),
        Column(
            SealOuting.checker_name,
            SealOuting.condition,
            heading="验收",
            text=_checked,
            width=16,
        ),
        Column(SealOuting.note, width=16.6, left=True),
    ),
    query=_query,
    totals=_totals,
    key=("带出", "印章"),
    heads=(Head("", 6), Head("日期时间", 3)),
)
