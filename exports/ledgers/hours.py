"""勤工助学工时统计表: what everyone worked, by day, and what is paid of it (P27)."""

from collections.abc import Sequence
from datetime import date

from exports.ledgers.amounts import yuan
from exports.ledgers.attendances import in_words
from exports.ledgers.computed import LineColumn
from exports.ledgers.ledger import Totals
from exports.ledgers.masks import mask_number
from exports.ledgers.months import (
    MonthLedger,
    Numbered,
    days_in,
    department_column,
    numbered_lines,
)
from exports.ledgers.sheet import Place
from models.calendar import WEEKDAYS
from models.desks import Department
from models.hours import clock_hours
from models.paylines import PayLine


def _columns(
    month: date, department: Department | None
) -> tuple[LineColumn[Numbered], ...]:
    whose = (
        LineColumn[Numbered]("序\n号", lambda line: str(line.number), 5),
        LineColumn[Numbered]("姓名", lambda line: line.pay.person_name, 9.5),
        LineColumn[Numbered](
            "学号", lambda line: line.pay.person_number, 12.6, mask=mask_number
        ),
        LineColumn[Numbered]("专业\n班级", lambda line: line.pay.class_name, 10.5),
        LineColumn[Numbered]("岗\n位", lambda line: _posts(line.pay), 4),
    )
    sums = (
        LineColumn[Numbered]("合计", lambda line: clock_hours(line.pay.worked), 7.2),
        LineColumn[Numbered]("上限处理", lambda line: _treated(line.pay), 11),
        LineColumn[Numbered](
            "本月\n计薪", lambda line: clock_hours(line.pay.paid), 7.2
        ),
        LineColumn[Numbered]("工资\n元", lambda line: yuan(line.pay.amount), 8.5),
    )
    days = [_day_column(day) for day in days_in(month)]
    front = () if department else (department_column(7.5),)
    return (*front, *whose, *days, *sums)


def _day_column(day: date) -> LineColumn[Numbered]:
    return LineColumn(
        f"{day.day}\n{WEEKDAYS[day.weekday()]}",
        lambda line: _short(line.pay.daily.get(day.day, 0)),
        4.57,
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


def _totals(numbered: Sequence[Numbered]) -> Totals:
    lines = [line.pay for line in numbered]

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
    return Totals(
        f"合计　{people} 人，工时 {in_words(total('worked'))}{named}；"
        f"本月计薪 {in_words(total('paid'))}，工资 {yuan(total('amount'))} 元。"
    )


HOURS = MonthLedger(
    code="hours",
    title="勤工助学工时统计表",
    columns=_columns(date(2026, 1, 1), None),
    shape=_columns,
    lines=numbered_lines,
    totals=_totals,
    key=("姓名", "学号", "序\n号"),
    narrowed_by=("department",),
    by_the_clock=True,
    kept_by_office=True,
    signatures=(
        Place(0, "经手人：{maker}"),
        Place(60, "部门负责人（签字）："),
        Place(140, "（公章）"),
    ),
    footnotes=(
        "注：1:30 为 1 小时 30 分。本月计薪 = 合计 + 上月转入 + 更正 − 超出上限；"
        "待审核的工时审核后计入。",
    ),
)
