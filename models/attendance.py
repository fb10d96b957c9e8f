"""Attendance (签到签退) of A and B posts (P14, P17, P19, P23)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from peewee import BooleanField, IntegerField, TextField

from models import clock
from models.base import MomentField, Record, transaction
from models.clock import between
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person, person_signing_in, typed_number


class Post(StrEnum):
    """A is first in charge, several B stand by (P19).  Stored: never rename a value."""

    A = "A"
    B = "B"


POST_LABELS: dict[str, str] = {Post.A: "A 岗", Post.B: "B 岗"}


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

# A card that is read twice is one swipe.
REPEAT_SECONDS = 60


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
    forced_reason = TextField(default="", verbose_name="强制签到原因")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "attendance"

    @property
    def post_label(self) -> str:
        return POST_LABELS.get(self.post, self.post)

    @property
    def cover_reason_label(self) -> str:
        return COVER_REASON_LABELS.get(self.cover_reason, self.cover_reason)

    @property
    def method_in_label(self) -> str:
        return RECORDED_BY_LABELS.get(self.method_in, self.method_in)


class Swipe(NamedTuple):
    """What a card did: kind is "in", "out" or "repeat"."""

    kind: str
    attendance: Attendance
    person: Person


def open_attendance(person: Person) -> Attendance | None:
    """The attendance the person has not been checked out of."""
    return (
        Attendance.select()
        .where(
            (Attendance.person_uid == person.uid) & Attendance.checked_out_at.is_null()
        )
        .order_by(Attendance.checked_in_at.desc())
        .first()
    )


def check_in(
    person: Person,
    *,
    by: Person | None = None,
    post: str = Post.A,
    method: str = RecordedBy.NUMBER,
    cover_for: Person | None = None,
    cover_reason: str | None = None,
    planned_from: datetime | None = None,
    planned_to: datetime | None = None,
    uniform: bool = True,
    note: str = "",
) -> Attendance:
    """Note that a person has come to the desk; at most one open one each.

    A check-out forgotten on an earlier day is closed by the system at the planned
    end and marked for approval: nobody is locked out by it.  *by* is the person
    unless somebody else signs for them.
    """
    _check_check_in(person, post, cover_for, cover_reason)
    if planned_from and planned_to and planned_to <= planned_from:
        raise UserError("应离时间要晚于应到时间。")
    now, desk = clock.now(), this_desk()
    with transaction():
        unfinished = open_attendance(person)
        if unfinished is not None:
            if unfinished.checked_in_at.date() == now.date():
                raise UserError(f"{person.name}已经签到，还没有签退。")
            _close_forgotten(unfinished, by=by or person)
        return Attendance(
            person_uid=person.uid,
            person_number=person.number,
            person_name=person.name,
            desk_uid=desk.uid,
            desk_name=desk.name,
            post=post,
            planned_from=planned_from,
            planned_to=planned_to,
            checked_in_at=now,
            cover_for_uid=cover_for.uid if cover_for else "",
            cover_for_name=cover_for.name if cover_for else "",
            cover_reason=cover_reason if cover_for and cover_reason else "",
            method_in=method,
            uniform=uniform,
            # A substitute is never late.
            late_minutes=0 if cover_for else _minutes(planned_from, now),
            note=note.strip(),
        ).write(by=by or person)


def _check_check_in(
    person: Person, post: str, cover_for: Person | None, cover_reason: str | None
) -> None:
    if post not in POST_LABELS:
        raise UserError("请选择 A 岗或 B 岗。")
    if not person.may_sign_in:
        raise UserError(f"{person.name}不在岗，不能签到。")
    if cover_for is not None and cover_reason not in COVER_REASON_LABELS:
        raise UserError("请选择代班事由：上课、实训、实习、病假或事假。")
    if cover_for is not None and cover_for.uid == person.uid:
        raise UserError("不能替自己代班。")


def _minutes(begins: datetime | None, ends: datetime | None) -> int:
    """Whole minutes from one moment to a later one, else 0."""
    if begins is None or ends is None:
        return 0
    return max(int((ends - begins).total_seconds()) // 60, 0)


def check_out(
    attendance: Attendance, *, by: Person | None = None, method: str = RecordedBy.NUMBER
) -> Attendance:
    """Note that the person has gone.  Time past the planned end is not paid.

    *by* None means the person checks out themselves.
    """
    now = clock.now()
    with transaction():
        if attendance.checked_out_at is not None:
            raise UserError(f"{attendance.person_name}已经签退。")
        attendance.early_minutes = _minutes(now, attendance.planned_to)
        _close(attendance, max(now, attendance.checked_in_at), method)
        actor = by or Person.get_or_none(Person.uid == attendance.person_uid)
        return attendance.write(by=actor)


def _close(attendance: Attendance, at: datetime, method: str) -> None:
    attendance.checked_out_at, attendance.method_out = at, method
    ends = min(at, attendance.planned_to) if attendance.planned_to else at
    starts = attendance.checked_in_at
    if attendance.planned_from:
        starts = max(starts, attendance.planned_from)
    attendance.paid_minutes = _minutes(starts, ends)


def _close_forgotten(attendance: Attendance, *, by: Person) -> None:
    """Never later than planned; without a plan no time at all is counted."""
    planned = attendance.planned_to or attendance.checked_in_at
    _close(attendance, max(planned, attendance.checked_in_at), RecordedBy.SYSTEM)
    attendance.needs_approval = True
    attendance.write(by=by)


def swipe(text: str, *, post: str = Post.A) -> Swipe:
    """The card field: the first swipe checks in, the next one checks out.

    A second swipe within 60 s does nothing.
    """
    person = person_signing_in(text)
    method = RecordedBy.CARD
    if typed_number(text) == person.number:
        method = RecordedBy.NUMBER
    now = clock.now()
    last = (
        Attendance.select()
        .where(Attendance.person_uid == person.uid)
        .order_by(Attendance.checked_in_at.desc(), Attendance.uid.desc())
        .first()
    )
    if last is not None:
        latest = last.checked_out_at or last.checked_in_at
        if timedelta(0) <= now - latest < timedelta(seconds=REPEAT_SECONDS):
            return Swipe("repeat", last, person)
        if last.checked_out_at is None and last.checked_in_at.date() == now.date():
            return Swipe("out", check_out(last, by=person, method=method), person)
    return Swipe("in", check_in(person, post=post, method=method), person)


def attendances_on(day: date, desk: Desk | None = None) -> list[Attendance]:
    """The check-ins of a day, newest first."""
    query = Attendance.select().where(
        Attendance.checked_in_at.between(*between(day, day))
    )
    if desk is not None:
        query = query.where(Attendance.desk_uid == desk.uid)
    return list(query.order_by(Attendance.checked_in_at.desc(), Attendance.uid.desc()))
