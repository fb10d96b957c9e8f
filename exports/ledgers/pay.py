"""勤工助学酬金发放表: what each is paid for the month, to be signed for (P27)."""

from collections.abc import Sequence
from datetime import date

from exports.ledgers.amounts import amount_in_words, yuan
from exports.ledgers.attendances import in_words
from exports.ledgers.computed import LineColumn
from exports.ledgers.ledger import Totals, joined
from exports.ledgers.masks import mask_number
from exports.ledgers.months import (
    MonthLedger,
    Numbered,
    department_column,
    numbered_lines,
)
from exports.ledgers.selection import Selection
from exports.ledgers.sheet import Place
from models.desks import Department
from models.hours import clock_hours
from models.paylines import PayLine


def _paid_lines(chosen: Selection) -> list[Numbered]:
    """Who is paid nothing is not on the list."""
    return numbered_lines(chosen, paid=True)


def _columns(
    month: date, department: Department | None
) -> tuple[LineColumn[Numbered], ...]:
    front = () if department else (department_column(18),)
    return (
        *front,
        LineColumn("序号", lambda line: str(line.number), 9),
        LineColumn("姓名", lambda line: line.pay.person_name, 20),
        LineColumn("学号", lambda line: line.pay.person_number, 24, mask=mask_number),
        LineColumn("班级", lambda line: line.pay.class_name, 30),
        LineColumn("岗位", lambda line: _posts(line.pay), 12),
        LineColumn("工时", lambda line: _minutes(line.pay), 14),
        LineColumn("标准\n元/时", lambda line: _rates(line.pay), 16),
        LineColumn("金额\n元", lambda line: yuan(line.pay.amount), 22),
        LineColumn("签名", lambda line: "", 30),
        LineColumn("备注", lambda line: _note(line.pay), 29.9, left=True),
    )


def _posts(line: PayLine) -> str:
    return "\n".join(f"{post} 岗" for post, _ in sorted(line.paid_parts))


def _minutes(line: PayLine) -> str:
    return "\n".join(
        clock_hours(minutes) for _, minutes in sorted(line.paid_parts.items())
    )


def _rates(line: PayLine) -> str:
    return "\n".join(yuan(rate) for _, rate in sorted(line.paid_parts))


def _note(line: PayLine) -> str:
    return joined(
        f"含上月转入 {clock_hours(line.carried_in)}" if line.carried_in else "",
        f"含更正 {clock_hours(line.adjusted)}" if line.adjusted else "",
        line.note,
    )


def _totals(numbered: Sequence[Numbered]) -> Totals:
    lines = [line.pay for line in numbered]
    amount = sum(line.amount for line in lines)
    people = len({line.person_uid for line in lines})
    return Totals(
        f"合计　{people} 人，工时 {in_words(sum(line.paid for line in lines))}，"
        f"金额 {yuan(amount)} 元\n合计金额（大写）：{amount_in_words(amount)}"
    )


PAY = MonthLedger(
    code="pay",
    title="勤工助学酬金发放表",
    columns=_columns(date(2026, 1, 1), None),
    shape=_columns,
    lines=_paid_lines,
    totals=_totals,
    key=("姓名", "学号", "序号"),
    narrowed_by=("department",),
    by_the_clock=True,
    kept_by_office=True,
    signatures=(
        Place(0, "制表人：{maker}"),
        Place(42, "审核人："),
        Place(84, "分管领导（签字）："),
        Place(150, "（公章）"),
    ),
)
