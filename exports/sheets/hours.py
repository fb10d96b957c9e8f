"""勤工助学工时统计表: what everyone worked, by day, and what is paid of it (P27)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from exports.ledgers.attendances import in_words
from exports.ledgers.computed import LineColumn, texts_of
from exports.ledgers.ledger import ExportResult
from exports.ledgers.shell import Place
from exports.sheets.form import form, write_form
from models.base import db
from models.calendar import WEEKDAYS
from models.desks import Department
from models.hours import clock_hours
from models.pay import month_of, pay_lines
from models.paylines import PayLine
from models.people import Person

DRAFT = "　草稿（未审批）"
SIGNATURES = (
    Place(0, "经手人：{maker}"),
    Place(60, "部门负责人（签字）："),
    Place(140, "（公章）"),
)


class Numbered(NamedTuple):
    """A line of a month's sheet with its number (序号)."""

    number: int
    pay: PayLine


def export_hours(
    month: date,
    path: Path,
    *,
    department: Department | None = None,
    person: Person | None = None,
) -> ExportResult:
    """Write the month of *month* to *path*, of one department or of all."""
    lines, draft = lines_of(month, department)
    columns = _columns(month, department)
    sheet = form(
        f"勤工助学工时统计表{draft}",
        columns,
        subtitle=month_subtitle(month, department),
        person=person,
        signatures=SIGNATURES,
        footnotes=[
            "注：1:30 为 1 小时 30 分。本月计薪 = 合计 + 上月转入 + 更正 − 超出上限；"
            "待审核的工时审核后计入。"
        ],
    )
    rows = texts_of(columns, numbered(lines))
    return write_form(path, sheet, rows, closing=_closing(lines))


def lines_of(month: date, department: Department | None) -> tuple[list[PayLine], str]:
    """The lines of a month, and what its title says of a draft, as of one moment."""
    with db.atomic("DEFERRED"):
        lines = pay_lines(month, department.uid if department else "")
        return lines, "" if month_of(month) else DRAFT


def numbered(lines: Sequence[PayLine]) -> list[Numbered]:
    return [Numbered(at, line) for at, line in enumerate(lines, start=1)]


def month_subtitle(month: date, department: Department | None) -> list[str]:
    return [
        f"用工部门：{department.name if department else '全部'}",
        f"年月：{month.year}年{month.month}月",
    ]


def department_column(width: float) -> LineColumn[Numbered]:
    return LineColumn("用工\n部门", lambda line: line.pay.department_name, width)


def _columns(
    month: date, department: Department | None
) -> tuple[LineColumn[Numbered], ...]:
    whose = (
        LineColumn[Numbered]("序\n号", lambda line: str(line.number), 5),
        LineColumn[Numbered]("姓名", lambda line: line.pay.person_name, 11.5),
        LineColumn[Numbered]("学号", lambda line: line.pay.person_number, 13),
        LineColumn[Numbered]("班级", lambda line: line.pay.class_name, 12),
        LineColumn[Numbered]("岗\n位", lambda line: _posts(line.pay), 4.5),
    )
    sums = (
        LineColumn[Numbered]("合计", lambda line: clock_hours(line.pay.worked), 8.5),
        LineColumn[Numbered]("上限处理", lambda line: _treated(line.pay), 13),
        LineColumn[Numbered](
            "本月\n计薪", lambda line: clock_hours(line.pay.paid), 8.5
        ),
    )
    days = [
        _day_column(month.replace(day=day))
        for day in range(1, monthrange(month.year, month.month)[1] + 1)
    ]
    front = () if department else (department_column(8),)
    return (*front, *whose, *days, *sums)


def _day_column(day: date) -> LineColumn[Numbered]:
    return LineColumn(
        f"{day.day}\n{WEEKDAYS[day.weekday()]}",
        lambda line: _short(line.pay.daily.get(day.day, 0)),
        4.65,
    )


def _posts(line: PayLine) -> str:
    parts = line.paid_parts or line.worked_parts or line.carried_in_parts
    return "\n".join(sorted({post for post, _ in parts}))


def _short(minutes: int) -> str:
    """`2:00`; from ten hours on in two lines, for the column is narrow."""
    whole, rest = divmod(minutes, 60)
    if not minutes:
        return ""
    return f"{whole}:{rest:02d}" if whole < 10 else f"{whole}\n:{rest:02d}"


def _treated(line: PayLine) -> str:
    """What the limits did to the line, and what else moved its sum."""
    debt = sum(line.debt_parts.values())
    treatment = line.decision_label or "待处理"
    said = (
        f"上月转入 {clock_hours(line.carried_in)}" if line.carried_in else "",
        f"更正 {clock_hours(line.adjusted)}" if line.adjusted else "",
        f"超出 {clock_hours(line.excess)}\n{treatment}" if line.excess else "",
        f"下月扣减 {clock_hours(-debt)}" if debt else "",
        f"待审核 {clock_hours(line.pending)}" if line.pending else "",
        line.note,
    )
    return "\n".join(filter(None, said))


def _closing(lines: Sequence[PayLine]) -> str:
    def total(name: str) -> int:
        return sum(getattr(line, name) for line in lines)

    waiting = sum(line.excess for line in lines if line.needs_decision)
    others = (
        ("上月转入", total("carried_in")),
        ("更正", total("adjusted")),
        ("转入下月", total("carried_out")),
        ("计志愿时长", total("volunteer")),
        ("不予计薪", total("refused")),
        ("超出待处理", waiting),
        ("待审核", total("pending")),
    )
    people = len({line.person_uid for line in lines})
    named = "".join(
        f"，{name} {'减 ' * (minutes < 0)}{in_words(abs(minutes))}"
        for name, minutes in others
        if minutes
    )
    return (
        f"合计　{people} 人，工时 {in_words(total('worked'))}{named}；"
        f"本月计薪 {in_words(total('paid'))}。"
    )
