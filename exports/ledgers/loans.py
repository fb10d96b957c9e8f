"""物资借用登记表: what was lent to whom, until when, and how it came back (P5)."""

import json

from peewee import Case, fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    joined,
    moment_of,
)
from exports.ledgers.masks import mask_number, mask_phone
from exports.ledgers.numbers import numbers_in
from models.loans import Loan


def _borrower(name: str, number: str) -> str:
    return "\n".join(filter(None, [name, number]))


def _returns(
    returns: str,
    quantity: int,
    back: int,
    returned_at: str | None,
    due: str,
    is_void: int,
) -> str:
    """Nothing is to come back of what was written down by mistake."""
    if is_void:
        return "—"
    lines = [_return(entry) for entry in json.loads(returns or "[]")]
    if returned_at is None:
        lines.append(f"未还 {quantity - back}" if back else "未归还")
    elif day_of(returned_at) > due:
        lines.append("（逾期归还）")
    return "\n".join(lines)


def _return(entry: dict) -> str:
    day, count = day_of(entry["at"]), entry["quantity"]
    return f"{day} 还 {count}，{entry['condition']}（{entry['by']}）"


def _remarks(note: str, extensions: str, is_void: int, reason: str) -> str:
    extended = [
        f"延至 {entry['to']}：{entry['reason']}"
        for entry in json.loads(extensions or "[]")
    ]
    return joined(*extended, note, f"作废：{reason}" if is_void else "")


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        Loan.select(),
        at=Loan.lent_at,
        desk=Loan.desk_uid,
        department=Loan.department_uid,
    ).order_by(Loan.lent_at, Loan.uid)


def _totals(query: Query) -> Totals:
    valid = ~Loan.is_void
    late = fn.SUBSTR(Loan.returned_at, 1, 10) > Loan.due_back_on
    count, things, out, overdue, void = (
        query.select(
            fn.SUM(Case(None, [(valid, 1)], 0)),
            fn.SUM(Case(None, [(valid, Loan.quantity)], 0)),
            fn.SUM(Case(None, [(valid & Loan.returned_at.is_null(), 1)], 0)),
            fn.SUM(Case(None, [(valid & late, 1)], 0)),
            fn.SUM(Case(None, [(Loan.is_void, 1)], 0)),
        )
        .order_by()
        .tuples()
        .first()
    )
    closing = f"合计　共借出 {count or 0} 次 {things or 0} 件"
    closing += f"，逾期归还 {overdue} 次" if overdue else ""
    closing += f"，未还清 {out} 次" if out else ""
    said = f"{closing}{f'，作废 {void} 条' if void else ''}。"
    return Totals(said, numbers=numbers_in(query))


LOANS = Ledger(
    code="loans",
    title="物资借用登记表",
    columns=(
        Column(Loan.number, width=19.2),
        Column(Loan.lent_at, text=moment_of, width=16.2),
        Column(Loan.what, width=20, left=True),
        Column(Loan.quantity, width=9),
        Column(Loan.organisation, width=20, left=True),
        Column(
            Loan.borrower_name,
            Loan.student_number,
            text=_borrower,
            mask=mask_number,
            width=20,
            left=True,
        ),
        Column(Loan.phone, width=18.6, mask=mask_phone),
        Column(Loan.purpose, width=16, left=True),
        Column(Loan.approver, width=13),
        Column(Loan.lender_name, width=13),
        Column(Loan.due_back_on, width=16.2),
        Column(
            Loan.returns,
            Loan.quantity,
            Loan.returned_quantity,
            Loan.returned_at,
            Loan.due_back_on,
            Loan.is_void,
            text=_returns,
            width=25.4,
            left=True,
        ),
        Column(
            Loan.note,
            Loan.extensions,
            Loan.is_void,
            Loan.void_reason,
            text=_remarks,
            width=18,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("编号", "借出时间"),
)
