"""A month of pay as lines of lists; reckoned in the worker, shown by the page."""

from datetime import date
from typing import NamedTuple

from desk.pages.dutyrows import (
    DutyRow,
    in_cell,
    note_cell,
    out_cell,
    planned_cell,
    post_cell,
    state_cell,
)
from desk.widgets.table import Column, Table
from models.attendance import POST_LABELS, RecordedBy
from models.calendar import WEEKDAYS
from models.duty import DutyLine, duty_lines
from models.facts import DAY
from models.hours import clock_hours
from models.pay import (
    PayStatus,
    month_due,
    month_of,
    obstacles,
    pay_lines,
    pay_months,
)
from models.paylines import PayLine, month_days
from models.progress import Report

MONTHS_OFFERED = 24


class PayRow(NamedTuple):
    """A line of the month, with a name that stays the same when it is reckoned anew."""

    uid: str
    line: PayLine


class MonthView(NamedTuple):
    """A month as it stands; `duties` are the days behind each row, by its uid."""

    month: date
    status: str
    approved: str
    closed: str
    rows: list[PayRow]
    obstacles: list[str]
    duties: dict[str, list[DutyRow]]

    @property
    def is_draft(self) -> bool:
        return self.status == PayStatus.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.status == PayStatus.APPROVED


def view_of(month: date, report: Report) -> MonthView:
    """Reckon a month.  Takes about a second at an office with sixty assistants."""
    report(0, 3, "正在核算")
    rows = [PayRow(_row_uid(line), line) for line in pay_lines(month)]
    report(1, 3, "正在核算")
    duties: dict[str, list[DutyRow]] = {row.uid: [] for row in rows}
    for duty in duty_lines(*month_days(month)):
        uid = f"{duty.who.uid} {duty.department_uid}"
        if uid in duties:
            duties[uid].append(DutyRow(f"{duty.begins} {uid}", duty.who, duty, None))
    report(2, 3, "正在核算")
    pay_month = month_of(month)
    if pay_month is None:
        found = obstacles(month)
        return MonthView(month, PayStatus.DRAFT, "", "", rows, found, duties)
    approved = f"{pay_month.approver_name} {pay_month.approved_at:%Y-%m-%d %H:%M}"
    closed = f"{pay_month.closed_at:%Y-%m-%d %H:%M}" if pay_month.closed_at else ""
    return MonthView(month, pay_month.status, approved, closed, rows, [], duties)


def _row_uid(line: PayLine) -> str:
    return f"{line.person_uid} {line.department_uid}"


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - DAY).replace(day=1)


def months_until(today: date) -> list[date]:
    """The months on offer, this one first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS_OFFERED:
        months.append(month_before(months[-1]))
    return months


def usual_month(today: date) -> date:
    """The month that is to be settled next; once that is done, the running one."""
    waiting = [row.month for row in pay_months() if row.status == PayStatus.APPROVED]
    if waiting:
        return date.fromisoformat(f"{max(waiting)}-01")
    this, after = today.replace(day=1), month_days(today)[1] + DAY
    return month_due(after) or this


def some_hours(minutes: int) -> str:
    """Nothing for none: the few that have some stand out."""
    return clock_hours(minutes) if minutes else ""


def yuan(fen: int) -> str:
    """`1,234.50`."""
    return f"{fen / 100:,.2f}"


def decision_cell(row: PayRow) -> str:
    return "待处理" if row.line.needs_decision else row.line.decision_label


def sums(rows: list[PayRow]) -> str:
    """The sums of the list in one line."""
    lines = [row.line for row in rows]
    people = len({line.person_uid for line in lines})
    parts = [f"{people} 人", f"工时 {clock_hours(sum(line.worked for line in lines))}"]
    for name, minutes in (
        ("转入", sum(line.carried_in for line in lines)),
        ("补计", sum(line.adjusted for line in lines)),
        ("超出", sum(line.excess for line in lines)),
        ("待审核", sum(line.pending for line in lines)),
    ):
        parts += [f"{name} {clock_hours(minutes)}"] * bool(minutes)
    parts.append(f"计薪 {clock_hours(sum(line.paid for line in lines))}")
    parts.append(f"{yuan(sum(line.amount for line in lines))} 元")
    return "，".join(parts)


def explained(line: PayLine) -> str:
    """How the amount came about, and what was added or goes on."""
    parts = [
        f"{POST_LABELS.get(post, post)} {clock_hours(minutes)} × {yuan(rate)} 元"
        for (post, rate), minutes in sorted(line.paid_parts.items())
    ]
    parts += [
        f"补计 {month} 的 {clock_hours(sum(minutes.values()))}"
        for month, minutes in sorted(line.adjusted_parts.items())
    ]
    parts += [f"转入下月 {clock_hours(line.carried_out)}"] * bool(line.carried_out)
    return "，".join(parts)


def day_cell(row: DutyRow) -> str:
    day = _duty(row).day
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def marks_cell(row: DutyRow) -> str:
    """Whatever is not as usual: late, signed by the system, cover, corrections."""
    duty = _duty(row)
    signed = duty.fact is not None and duty.fact.method_out == RecordedBy.SYSTEM
    unusual = duty.late or duty.early or duty.fact is None
    parts = [state_cell(row)] * bool(unusual) + ["系统代签"] * signed
    parts.append(note_cell(row))
    parts += [f"与另一班重复 {duty.twice} 分不计"] * bool(duty.twice)
    return "，".join(filter(None, parts))


def _duty(row: DutyRow) -> DutyLine:
    assert row.line is not None  # rows of a month are about what was reckoned
    return row.line


PAY_COLUMNS = [
    Column("学号", lambda row: row.line.person_number, 5.5),
    Column("姓名", lambda row: row.line.person_name, 3.5),
    Column("部门", lambda row: row.line.department_name, 5.5, stretch=True),
    Column("本月工时", lambda row: clock_hours(row.line.worked), 4),
    Column("上月转入", lambda row: some_hours(row.line.carried_in), 4),
    Column("补计", lambda row: some_hours(row.line.adjusted), 3),
    Column("超出", lambda row: some_hours(row.line.excess), 3),
    Column("处理", decision_cell, 4.5),
    Column("计薪工时", lambda row: clock_hours(row.line.paid), 4),
    Column("待审核", lambda row: some_hours(row.line.pending), 3),
    Column("金额(元)", lambda row: yuan(row.line.amount), 4),
]
DAY_COLUMNS = [
    Column("日期", day_cell, 5),
    Column("岗别", post_cell, 2.5),
    Column("应到–应离", planned_cell, 5.5),
    Column("签到", in_cell, 2.5),
    Column("签退", out_cell, 2.5),
    Column("计薪", lambda row: clock_hours(_duty(row).paid), 2.5),
    Column("待审核", lambda row: some_hours(_duty(row).pending), 3),
    Column("标记", marks_cell, 7, stretch=True),
]
# Titles of the columns whose cells stand at the right.
NUMBERS = {
    *("本月工时", "上月转入", "补计", "超出", "计薪工时", "待审核", "金额(元)"),
    "计薪",
}


def put_numbers_right(table: Table, columns: list[Column]) -> None:
    """So that hours and money can be compared from line to line."""
    for index, column in enumerate(columns):
        if column.title in NUMBERS:
            table.tree.column(str(index), anchor="e")
            table.tree.heading(str(index), anchor="e")
