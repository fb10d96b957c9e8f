"""Attendance (签到签退) of A and B posts and of teachers (P14, P17, P19, P21, P23).

A row is what happened, one for each shift; it stays as it is.  What it comes to, with
corrections and against the plan, is reckoned in `models.duty`.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import BooleanField, IntegerField, TextField

from models import clock
from models.base import ListField, MomentField, Record, transaction
from models.clock import between
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person
from models.rules import rules_on


class Post(StrEnum):
    """A is first in charge, several B stand by (P19), a teacher stays (P21).

    Stored: never rename a value.
    """

    A = "A"
    B = "B"
    STAY = "stay"


POST_LABELS: dict[str, str] = {Post.A: "A 岗", Post.B: "B 岗", Post.STAY: "驻岗"}


class CoverReason(StrEnum):
    """Why A is away; the policy's own reasons come first.  Stored and synced."""

    CLASS = "class"
    TRAINING = "training"
    INTERNSHIP = "internship"
    ILLNESS = "illness"
    PERSONAL = "personal"


COVER_REASON_LABELS: dict[str, str] = {
    CoverReason.CLASS: "上课",
    CoverReason.TRAINING: "实训",
    CoverReason.INTERNSHIP: "实习",
    CoverReason.ILLNESS: "病假",
    CoverReason.PERSONAL: "事假",
}


class RecordedBy(StrEnum):
    """How a check-in or check-out was recorded.  Stored and synced."""

    CARD = "card"
    NUMBER = "number"
    PROXY = "proxy"
    LATER = "later"
    SYSTEM = "system"


RECORDED_BY_LABELS: dict[str, str] = {
    RecordedBy.CARD: "刷卡",
    RecordedBy.NUMBER: "学号",
    RecordedBy.PROXY: "代签",
    RecordedBy.LATER: "补签",
    RecordedBy.SYSTEM: "系统代签",
}


class WarningKind(StrEnum):
    """What is not as it should be at a check-in.  Stored and synced."""

    EARLY = "early"
    UNTRAINED = "untrained"
    UNPLANNED = "unplanned"
    WEEK_LIMIT = "week_limit"
    MONTH_LIMIT = "month_limit"
    CLOCK = "clock"


WARNING_LABELS: dict[str, str] = {
    WarningKind.EARLY: "过早签到",
    WarningKind.UNTRAINED: "未培训",
    WarningKind.UNPLANNED: "不在备案排班内",
    WarningKind.WEEK_LIMIT: "超周上限",
    WarningKind.MONTH_LIMIT: "超月上限",
    WarningKind.CLOCK: "时钟回拨",
}

# This long after the end of a shift, on a later day, nobody is still checking out.
FORGOTTEN_AFTER = timedelta(hours=4)

# So long whoever forgot to check out is asked for it at their next check-in.
ASKED_FOR = timedelta(days=7)

Interval = tuple[datetime, datetime]


class Attendance(Record):
    """From check-in to check-out of one person at one post."""

    person_uid = TextField(index=True, verbose_name="人员标识")
    person_number = TextField(verbose_name="学号/工号")
    person_name = TextField(verbose_name="姓名")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    post = TextField(default=Post.A, verbose_name="岗别")
    planned_from = MomentField(null=True, verbose_name="应到")
    planned_to = MomentField(null=True, verbose_name="应离")
    checked_in_at = MomentField(index=True, verbose_name="签到")
    checked_out_at = MomentField(null=True, verbose_name="签退")
    cover_for_uid = TextField(default="", verbose_name="代班对象标识")
    cover_for_name = TextField(default="", verbose_name="代班")
    cover_reason = TextField(default="", verbose_name="事由")
    method_in = TextField(default=RecordedBy.NUMBER, verbose_name="签到方式")
    method_out = TextField(default="", verbose_name="签退方式")
    uniform = BooleanField(default=True, verbose_name="着装")
    late_minutes = IntegerField(default=0, verbose_name="迟到分钟")
    early_minutes = IntegerField(default=0, verbose_name="早退分钟")
    paid_minutes = IntegerField(default=0, verbose_name="计薪分钟")
    needs_approval = BooleanField(default=False, verbose_name="待审核")
    forced_reason = TextField(default="", verbose_name="签到原因")
    note = TextField(default="", verbose_name="备注")
    # The line of the plan this is a shift of; "" when there was none.
    shift_key = TextField(default="", verbose_name="班次标识")
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="用工部门")
    warnings = ListField(verbose_name="提醒")

    class Meta:
        table_name = "attendance"

    @property
    def post_label(self) -> str:
        return POST_LABELS.get(self.post, self.post)

    @property
    def cover_reason_label(self) -> str:
        return COVER_REASON_LABELS.get(self.cover_reason, self.cover_reason)

    @property
    def warning_labels(self) -> list[str]:
        return [str(WARNING_LABELS.get(kind, kind)) for kind in self.warnings]


def open_attendance(person: Person) -> Attendance | None:
    """The attendance the person has not been checked out of."""
    return (
        Attendance.select()
        .where(
            (Attendance.person_uid == person.uid) & Attendance.checked_out_at.is_null()
        )
        .order_by(Attendance.checked_in_at.desc(), Attendance.uid.desc())
        .first()
    )


def minutes_between(begins: datetime | None, ends: datetime | None) -> int:
    """Whole minutes from one moment to a later one, else 0."""
    if begins is None or ends is None:
        return 0
    return max(int((ends - begins).total_seconds()) // 60, 0)


def rounded_down(minutes: int, day: date) -> int:
    """Minutes as they are paid: whole units of the rules, never more than were."""
    unit = max(rules_on(day).rounding_minutes, 1)
    return minutes // unit * unit


def is_forgotten(attendance: Attendance, now: datetime) -> bool:
    """Was the check-out of an open attendance forgotten?

    The end may lie after midnight, and people stay on after it: only on a later day
    than the end, and hours after it, is nobody leaving any more.
    """
    end = attendance.planned_to or attendance.checked_in_at
    return now.date() > end.date() and now > end + FORGOTTEN_AFTER


def check_out(
    attendance: Attendance, *, by: Person | None = None, method: str = RecordedBy.NUMBER
) -> Attendance:
    """Note that the person has gone.  Time past the planned end is not paid.

    *by* None means the person checks out themselves.  With a clock that was set back
    behind the check-in no time counts, and the row waits for approval.
    """
    now = clock.now()
    with transaction():
        if attendance.checked_out_at is not None:
            raise UserError(f"{attendance.person_name}已经签退。")
        if now < attendance.checked_in_at:
            attendance.warnings = [*attendance.warnings, WarningKind.CLOCK]
            attendance.needs_approval = True
        early = minutes_between(now, attendance.planned_to)
        # B stands by, and a substitute too may go.
        if early > rules_on(now.date()).early_grace and attendance.post == Post.A:
            attendance.early_minutes = early
        _close(attendance, max(now, attendance.checked_in_at), method)
        actor = by or Person.get_or_none(Person.uid == attendance.person_uid)
        return attendance.write(by=actor)


def _close(attendance: Attendance, at: datetime, method: str) -> None:
    attendance.checked_out_at, attendance.method_out = at, method
    ends = min(at, attendance.planned_to) if attendance.planned_to else at
    starts = attendance.checked_in_at
    if attendance.planned_from:
        starts = max(starts, attendance.planned_from)
    paid = 0 if attendance.post == Post.STAY else minutes_between(starts, ends)
    attendance.paid_minutes = rounded_down(paid, starts.date())


def close_at(
    attendance: Attendance, at: datetime, *, by: Person | None, method: str
) -> Attendance:
    """Close a shift at a moment that is over, inside the caller's transaction."""
    _close(attendance, max(at, attendance.checked_in_at), method)
    return attendance.write(by=by)


def close_forgotten(
    attendance: Attendance, *, by: Person | None, left_at: datetime | None = None
) -> Attendance:
    """Close by the system (系统代签): it waits for approval, whatever was said.

    *left_at* is when the person says they left; never later than planned.  Without a
    plan no time at all is counted.  Runs inside the caller's transaction.
    """
    planned = attendance.planned_to or attendance.checked_in_at
    at = min(left_at, planned) if left_at else planned
    if left_at is not None:
        said = f"本人说 {left_at:%m-%d %H:%M} 离开"
        attendance.note = "；".join(filter(None, [attendance.note, said]))
    attendance.needs_approval = True
    return close_at(attendance, at, by=by, method=RecordedBy.SYSTEM)


def close_all_forgotten(after: timedelta = ASKED_FOR) -> list[Attendance]:
    """Close what this desk forgot so long ago that nobody comes back to be asked."""
    here, now = this_desk(), clock.now()
    opened = (Attendance.desk_uid == here.uid) & Attendance.checked_out_at.is_null()
    closed = []
    with transaction():
        for attendance in list(Attendance.select().where(opened)):
            end = attendance.planned_to or attendance.checked_in_at
            if is_forgotten(attendance, now) and now - end > after:
                closed.append(close_forgotten(attendance, by=None))
    return closed


def on_duty(desk: Desk) -> list[Attendance]:
    """Who is checked in at a desk now, the first to come first."""
    now = clock.now()
    opened = (Attendance.desk_uid == desk.uid) & Attendance.checked_out_at.is_null()
    rows = Attendance.select().where(opened).order_by(Attendance.checked_in_at)
    return [row for row in rows if not is_forgotten(row, now)]


def may_have_left(planned_to: datetime | None, now: datetime) -> bool:
    """Has a shift been over so long that whoever is still checked in may be gone?"""
    if planned_to is None:
        return False
    wait = timedelta(minutes=rules_on(planned_to.date()).adjoining_minutes)
    return now > planned_to + wait


def overstayed(desk: Desk) -> list[Attendance]:
    """Who is still checked in after their shift: they are asked whether they left."""
    now = clock.now()
    return [row for row in on_duty(desk) if may_have_left(row.planned_to, now)]


def certainly_here(desk: Desk) -> list[Attendance]:
    """Who is on duty and need not be asked whether they left."""
    now = clock.now()
    return [row for row in on_duty(desk) if not may_have_left(row.planned_to, now)]


def attendances_on(day: date, desk: Desk | None = None) -> list[Attendance]:
    """The check-ins of a day, newest first."""
    query = Attendance.select().where(
        Attendance.checked_in_at.between(*between(day, day))
    )
    if desk is not None:
        query = query.where(Attendance.desk_uid == desk.uid)
    return list(query.order_by(Attendance.checked_in_at.desc(), Attendance.uid.desc()))
