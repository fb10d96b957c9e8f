"""Months of pay: drafted, approved, closed (P27).

A draft is reckoned anew whenever it is looked at.  Approving freezes its lines;
closing makes them final, and what is corrected afterwards counts in the next month.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum

from peewee import BooleanField, IntegerField, TextField, fn

from models import clock
from models.attendance import Attendance
from models.base import ListField, MomentField, Record, transaction
from models.clock import between
from models.corrections import Correction
from models.errors import UserError
from models.paylines import (
    EXCESS_LABELS,
    Excess,
    PayLine,
    Reckoning,
    line_of,
    month_days,
    month_name,
)
from models.people import Person
from models.permissions import Operation, require


class PayStatus(StrEnum):
    """Stored and synced: never rename a value."""

    DRAFT = "draft"
    APPROVED = "approved"
    CLOSED = "closed"


PAY_STATUS_LABELS: dict[str, str] = {
    PayStatus.DRAFT: "草稿",
    PayStatus.APPROVED: "已审批",
    PayStatus.CLOSED: "已结束",
}


class PayMonth(Record):
    """The month of the whole centre, once it is approved; for the office's eyes."""

    written_by = "office"

    month = TextField(unique=True, verbose_name="年月")
    status = TextField(default=PayStatus.APPROVED, verbose_name="状态")
    lines = ListField(verbose_name="明细")
    approved_at = MomentField(null=True, verbose_name="审批时间")
    approver_uid = TextField(default="", verbose_name="审批人标识")
    approver_name = TextField(default="", verbose_name="审批人")
    closed_at = MomentField(null=True, verbose_name="结束时间")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "pay_month"

    @property
    def status_label(self) -> str:
        return PAY_STATUS_LABELS.get(self.status, self.status)


class ExcessDecision(Record):
    """What becomes of one person's time beyond the limits in one month."""

    written_by = "office"

    month = TextField(index=True, verbose_name="年月")
    person_uid = TextField(verbose_name="人员标识")
    person_name = TextField(verbose_name="姓名")
    choice = TextField(verbose_name="处理")
    # What was decided on: excess that has grown since has to be decided on anew.
    minutes = IntegerField(verbose_name="超出分钟")
    # Volunteer time is given, not taken.
    consent = BooleanField(default=False, verbose_name="本人同意")
    note = TextField(default="", verbose_name="说明")

    class Meta:
        table_name = "excess_decision"


TRIGGERS = [
    """CREATE TRIGGER pay_month_closed BEFORE UPDATE ON pay_month
       WHEN OLD.status = 'closed'
       BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END""",
]


def month_of(month: date) -> PayMonth | None:
    """The month as it was approved; None while it is a draft."""
    found = PayMonth.get_or_none(PayMonth.month == month_name(month))
    return found if found and found.status != PayStatus.DRAFT else None


def pay_lines(month: date, department_uid: str = "") -> list[PayLine]:
    """The lines of a month: those that were approved, else as they stand now."""
    approved = month_of(month)
    if approved is not None:
        lines = [line_of(stored) for stored in approved.lines]
    else:
        lines = _draft(month)
    return [line for line in lines if department_uid in ("", line.department_uid)]


def _draft(month: date) -> list[PayLine]:
    decided = {
        row.person_uid: (row.choice, row.minutes)
        for row in ExcessDecision.select().where(
            ExcessDecision.month == month_name(month)
        )
    }
    return Reckoning(month, _approved_before(month), decided).lines


def _approved_before(month: date) -> dict[str, list[PayLine]]:
    """The lines of every month up to the last one approved before a month.

    A month in which nobody had worked was never approved: it has none, so that what
    comes to light about it later still counts.
    """
    stored = {
        row.month: [line_of(line) for line in row.lines]
        for row in PayMonth.select().where(
            (PayMonth.month < month_name(month)) & (PayMonth.status != PayStatus.DRAFT)
        )
    }
    if not stored:
        return {}
    until = _next_month(date.fromisoformat(f"{max(stored)}-01"))
    names = {month_name(day) for day in _months_of_work(until)} | set(stored)
    return {name: stored.get(name, []) for name in sorted(names)}


def _months_of_work(until: date) -> Iterator[date]:
    """The first days of the months since anybody worked, before that of *until*."""
    known = [
        Attendance.select(fn.MIN(Attendance.checked_in_at)).scalar(),
        Correction.select(fn.MIN(Correction.new_in)).scalar(),
    ]
    # SQLite gives the least of a column as it is stored.
    first = min((str(moment)[:7] for moment in known if moment), default="")
    day = date.fromisoformat(f"{first}-01") if first else until
    while day < until.replace(day=1):
        yield day
        day = _next_month(day)


def _next_month(day: date) -> date:
    return month_days(day)[1] + timedelta(days=1)


def decide_excess(
    *,
    by: Person,
    month: date,
    person_uids: Sequence[str],
    choice: str,
    consent: bool = False,
    note: str = "",
) -> list[ExcessDecision]:
    """Say what becomes of people's excess; until the month is approved."""
    require(by, Operation.PAY)
    if choice not in EXCESS_LABELS:
        raise UserError("请选择超出部分的处理：转入下月、计志愿时长或不予计薪。")
    if choice == Excess.VOLUNTEER and not consent:
        raise UserError("计志愿时长要本人同意，请确认后勾选“本人同意”。")
    if choice == Excess.REFUSED and not note.strip():
        raise UserError("不予计薪要写明原因。")
    with transaction():
        _require_draft(month)
        excess: dict[str, int] = {}
        names: dict[str, str] = {}
        for line in _draft(month):
            names[line.person_uid] = line.person_name
            excess[line.person_uid] = excess.get(line.person_uid, 0) + line.excess
        if not person_uids or not all(excess.get(uid) for uid in person_uids):
            raise UserError("选中的人里有人本月没有超出上限的工时，请重新选择。")
        rows = []
        for uid in dict.fromkeys(person_uids):
            row = ExcessDecision.get_or_none(
                (ExcessDecision.month == month_name(month))
                & (ExcessDecision.person_uid == uid)
            ) or ExcessDecision(month=month_name(month), person_uid=uid)
            row.person_name, row.minutes = names[uid], excess[uid]
            row.choice, row.consent, row.note = choice, consent, note.strip()
            rows.append(row.write(by=by))
        return rows


def _require_draft(month: date) -> None:
    approved = month_of(month)
    if approved is not None:
        raise UserError(
            f"{month_name(month)} 的工时{approved.status_label}，不能再改。"
        )


def obstacles(month: date) -> list[str]:
    """Why the month cannot be approved yet, in words; none when it can."""
    first, last = month_days(month)
    found = []
    if clock.today() <= last:
        found.append(f"{month_name(month)} 还没有过完，请到月底以后审批。")
    open_row = PayMonth.get_or_none(
        (PayMonth.month < month_name(month)) & (PayMonth.status == PayStatus.APPROVED)
    )
    if open_row is not None:
        found.append(f"请先结束 {open_row.month} 的工时。")
    found += _out_of_turn(month)
    opened = Attendance.checked_out_at.is_null() & Attendance.checked_in_at.between(
        *between(first, last)
    )
    names = {row.person_name for row in Attendance.select().where(opened)}
    if names:
        found.append(
            f"还有人没有签退：{_listed(names)}。他们下次签到时会问；七天没来由系统代签。"
        )
    names = {line.person_name for line in pay_lines(month) if line.needs_decision}
    if names:
        found.append(f"还有超出上限的工时没有处理：{_listed(names)}。")
    return found


def _out_of_turn(month: date) -> list[str]:
    """Months are approved in order: each takes over what the one before left."""
    approved = [row.month for row in pay_months()]
    later = [name for name in approved if name > month_name(month)]
    if later:
        said = f"{min(later)} 的工时已经审批，不能再审批更早的月份；"
        return [f"{said}补记的会计入下一个月。"]
    due = month_due(month)
    return [f"请先审批并结束 {month_name(due)} 的工时。"] if due else []


def month_due(until: date) -> date | None:
    """The oldest month before that of *until* that has lines and was not approved."""
    last = max((row.month for row in pay_months()), default="")
    later = (day for day in _months_of_work(until) if month_name(day) > last)
    return next((day for day in later if _draft(day)), None)


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    shown = "、".join(ordered[:8])
    return shown + (f"等 {len(ordered)} 人" if len(ordered) > 8 else "")


def approve_month(month: date, *, by: Person) -> PayMonth:
    """Freeze the month's lines.  What still waits for approval counts later."""
    require(by, Operation.PAY)
    with transaction():
        _require_draft(month)
        stands_against = obstacles(month)
        if stands_against:
            raise UserError(stands_against[0])
        row = PayMonth.get_or_none(PayMonth.month == month_name(month)) or PayMonth(
            month=month_name(month)
        )
        row.status = PayStatus.APPROVED
        row.lines = [line.as_stored() for line in _draft(month)]
        row.approved_at = clock.now()
        row.approver_uid, row.approver_name = by.uid, by.name
        return row.write(by=by)


def reopen_month(pay_month: PayMonth, *, by: Person, reason: str) -> PayMonth:
    """Take back an approval; a closed month stays closed."""
    require(by, Operation.PAY)
    if not reason.strip():
        raise UserError("请写明退回重算的原因。")
    with transaction():
        if pay_month.status != PayStatus.APPROVED:
            raise UserError("已结束的月份不能重算，更正会计入下一个月。")
        pay_month.status, pay_month.note = PayStatus.DRAFT, reason.strip()
        return pay_month.write(by=by)


def close_month(pay_month: PayMonth, *, by: Person) -> PayMonth:
    """Make the month final, when it has been paid."""
    require(by, Operation.PAY)
    with transaction():
        if pay_month.status != PayStatus.APPROVED:
            raise UserError("请先审批，再结束这个月。")
        pay_month.status, pay_month.closed_at = PayStatus.CLOSED, clock.now()
        return pay_month.write(by=by)


def pay_months() -> list[PayMonth]:
    """The months approved so far, newest first."""
    rows = PayMonth.select().where(PayMonth.status != PayStatus.DRAFT)
    return list(rows.order_by(PayMonth.month.desc()))
