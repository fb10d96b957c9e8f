"""勤工助学酬金发放表: what each is paid for the month, to be signed for (P27)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exports.ledgers.attendances import in_words
from exports.ledgers.computed import LineColumn, texts_of
from exports.ledgers.ledger import ExportResult, joined
from exports.ledgers.shell import Place
from exports.sheets.amounts import amount_in_words, yuan
from exports.sheets.form import form, write_form
from exports.sheets.hours import (
    Numbered,
    department_column,
    lines_of,
    month_subtitle,
    numbered,
)
from models.desks import Department
from models.hours import clock_hours
from models.paylines import PayLine
from models.people import Person

SIGNATURES = (
    Place(0, "制表人：{maker}"),
    Place(42, "审核人："),
    Place(84, "分管领导（签字）："),
    Place(150, "（公章）"),
)


def export_pay(
    month: date,
    path: Path,
    *,
    department: Department | None = None,
    person: Person | None = None,
) -> ExportResult:
    """Write the month of *month* to *path*; who is paid nothing is not on the list."""
    known, draft = lines_of(month, department)
    lines = [line for line in known if line.paid_parts]
    columns = _columns(department)
    sheet = form(
        f"勤工助学酬金发放表{draft}",
        columns,
        subtitle=month_subtitle(month, department),
        person=person,
        signatures=SIGNATURES,
    )
    rows = texts_of(columns, numbered(lines))
    return write_form(path, sheet, rows, closing=_closing(lines))


def _columns(department: Department | None) -> tuple[LineColumn[Numbered], ...]:
    front = () if department else (department_column(24),)
    return (
        *front,
        LineColumn("序号", lambda line: str(line.number), 10),
        LineColumn("姓名", lambda line: line.pay.person_name, 24),
        LineColumn("学号", lambda line: line.pay.person_number, 27),
        LineColumn("班级", lambda line: line.pay.class_name, 33),
        LineColumn("岗位", lambda line: _posts(line.pay), 14),
        LineColumn("工时", lambda line: _minutes(line.pay), 16),
        LineColumn("标准\n元/时", lambda line: _rates(line.pay), 18),
        LineColumn("金额\n元", lambda line: yuan(line.pay.amount), 22),
        LineColumn("签名", lambda line: "", 30),
        LineColumn("备注", lambda line: _note(line.pay), 31, left=True),
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


def _closing(lines: Sequence[PayLine]) -> str:
    amount = sum(line.amount for line in lines)
    people = len({line.person_uid for line in lines})
    return (
        f"合计　{people} 人，工时 {in_words(sum(line.paid for line in lines))}，"
        f"金额 {yuan(amount)} 元\n合计金额（大写）：{amount_in_words(amount)}"
    )
