"""Bookings of venues (场馆使用审批): no two at the same time in the same place (P5)."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

from peewee import IntegerField, TextField, fn

from models import clock
from models.applications import (
    Application,
    asking,
    next_number,
    place_of,
    refusal,
    require_here,
    require_own,
    said,
)
from models.base import MomentField, transaction
from models.clock import between
from models.desks import Desk
from models.errors import UserError
from models.keysets import Page, Place, page_of
from models.people import Person
from models.permissions import Operation
from models.students import Student
from models.typed_words import check_name

MARK = "场"

# The venue that the policy names; others are offered once they were used.
USUAL_VENUE = "大学生活动中心"

# Between these free times are offered; a booking may lie outside.
OPENS, CLOSES = time(8), time(22)


class BookingStatus(StrEnum):
    """What came of an application.  Stored and synced: never rename a value."""

    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


BOOKING_STATUS_LABELS: dict[str, str] = {
    BookingStatus.APPROVED: "已批准",
    BookingStatus.REFUSED: "未批准",
    BookingStatus.CANCELLED: "已取消",
}


class Booking(Application):
    """Somebody asked for a venue for some hours of a day."""

    asked_at = MomentField(verbose_name="申请时间")
    venue = TextField(verbose_name="场馆")
    # Of the same day; the end itself is free again.
    starts_at = MomentField(index=True, verbose_name="开始时间")
    ends_at = MomentField(verbose_name="结束时间")
    organisation = TextField(verbose_name="使用单位")
    event = TextField(verbose_name="活动名称")
    people = IntegerField(verbose_name="人数")
    student_uid = TextField(default="", verbose_name="学生标识")
    student_number = TextField(default="", index=True, verbose_name="学号")
    applicant_name = TextField(verbose_name="申请人")
    phone = TextField(verbose_name="电话")
    approver = TextField(verbose_name="批准人")
    handler_uid = TextField(verbose_name="经办人标识")
    handler_name = TextField(verbose_name="经办人")
    status = TextField(default=BookingStatus.APPROVED, verbose_name="审批结果")
    # Why it was refused or cancelled.
    reason = TextField(default="", verbose_name="原因")
    cancelled_at = MomentField(null=True, verbose_name="取消时间")
    canceller_name = TextField(default="", verbose_name="取消经办人")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "booking"

    @property
    def status_label(self) -> str:
        return BOOKING_STATUS_LABELS.get(self.status, self.status)

    @property
    def is_approved(self) -> bool:
        return self.status == BookingStatus.APPROVED

    @property
    def hours(self) -> str:
        """`14:00–16:00`."""
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


class Span(NamedTuple):
    """From one time of a day to another."""

    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class Wanted(NamedTuple):
    """Which venue when, and for what."""

    venue: str
    day: date
    starts: time
    ends: time
    organisation: str
    event: str
    people: int


def book_venue(
    wanted: Wanted,
    *,
    by: Person,
    approver: str,
    student: Student | None = None,
    applicant_name: str = "",
    phone: str = "",
    note: str = "",
) -> Booking:
    """Take down an application that was approved; the venue must be free then."""
    booking = _application(wanted, by, approver, student, applicant_name, phone, note)
    with transaction():
        clash = clashing(booking)
        if clash is not None:
            raise refusal(_clash_words(clash), "starts")
        return _numbered(booking).write(by=by)


def refuse_booking(
    wanted: Wanted,
    *,
    by: Person,
    approver: str,
    reason: str,
    student: Student | None = None,
    applicant_name: str = "",
    phone: str = "",
    note: str = "",
) -> Booking:
    """Take down an application that was not approved; *approver* is who said so."""
    booking = _application(wanted, by, approver, student, applicant_name, phone, note)
    booking.reason = said(("reason", reason, "不批准的原因"))["reason"]
    booking.status = BookingStatus.REFUSED
    with transaction():
        return _numbered(booking).write(by=by)


def cancel_booking(booking: Booking, *, by: Person, reason: str) -> Booking:
    """The venue is free again at that time; also for what was taken down wrongly."""
    require_here(by, Operation.BOOKING, booking.department_uid)
    told = said(("reason", reason, "取消原因"))
    require_own(booking)
    with transaction():
        booking = Booking.get_by_id(booking.uid)
        if not booking.is_approved:
            raise UserError(f"{booking.number} {booking.status_label}，不用再取消。")
        booking.status, booking.reason = BookingStatus.CANCELLED, told["reason"]
        booking.cancelled_at, booking.canceller_name = clock.now(), by.name
        return booking.write(by=by)


def _application(
    wanted: Wanted,
    by: Person,
    approver: str,
    student: Student | None,
    name: str,
    phone: str,
    note: str,
) -> Booking:
    desk, department = require_here(by, Operation.BOOKING)
    told = said(
        ("venue", wanted.venue, "场馆"),
        ("organisation", wanted.organisation, "使用单位"),
        ("event", wanted.event, "活动名称"),
    )
    _check_times(wanted)
    who = asking(student, name, phone, "applicant")
    check_name(approver, "批准人", "approver")
    return Booking(
        asked_at=clock.now(),
        starts_at=datetime.combine(wanted.day, wanted.starts),
        ends_at=datetime.combine(wanted.day, wanted.ends),
        people=wanted.people,
        handler_uid=by.uid,
        handler_name=by.name,
        note=note.strip(),
        **told,
        **who,
        **said(("approver", approver, "批准人")),
        **place_of(desk, department),
    )


def _check_times(wanted: Wanted) -> None:
    if wanted.day < clock.today():
        raise refusal("使用日期已经过去，请核对。", "day")
    if wanted.ends <= wanted.starts:
        raise refusal("结束时间要晚于开始时间，请核对。", "ends")
    if not 1 <= wanted.people <= 99999:
        raise refusal("人数请填 1 到 99999 之间的整数。", "people")


def _numbered(booking: Booking) -> Booking:
    desk = Desk(uid=booking.desk_uid)
    booking.number = next_number(Booking, MARK, desk, booking.asked_at.date())
    return booking


# -- what is free -------------------------------------------------------------


def clashing(wanted: Booking) -> Booking | None:
    """The first approved booking of the desk in the same place at the same time."""
    for booking in _approved(wanted.venue, wanted.starts_at.date(), wanted.desk_uid):
        if booking.starts_at < wanted.ends_at and wanted.starts_at < booking.ends_at:
            return booking
    return None


def free_times(venue: str, day: date, desk: Desk) -> list[Span]:
    """When the venue is free on a day, between 08:00 and 22:00; today from now on."""
    at = OPENS
    if day == clock.today():
        at = max(at, clock.now().time().replace(second=0))
    free = []
    for taken in _approved(venue, day, desk.uid):
        if at < taken.starts_at.time():
            free.append(Span(at, min(taken.starts_at.time(), CLOSES)))
        at = max(at, taken.ends_at.time())
    return [span for span in [*free, Span(at, CLOSES)] if span.starts < span.ends]


def _clash_words(clash: Booking) -> str:
    day = clash.starts_at.date()
    free = "、".join(
        str(span) for span in free_times(clash.venue, day, Desk(uid=clash.desk_uid))
    )
    return (
        f"{clash.venue} {day:%m-%d} {clash.hours} 已批给{clash.organisation}"
        f"（{clash.event}，{clash.number}）。"
        + (f"当天空闲：{free}，请改时间。" if free else "当天已没有空闲，请改日期。")
    )


def _approved(venue: str, day: date, desk_uid: str) -> Iterator[Booking]:
    for booking in _on(day, day, desk_uid):
        if booking.is_approved and _same_place(booking.venue, venue):
            yield booking


def _same_place(one: str, other: str) -> bool:
    """However it was typed: `活动中心 201`, `活动中心２０１`."""
    one, other = (unicodedata.normalize("NFKC", text) for text in (one, other))
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _on(first: date, last: date, desk_uid: str = "") -> Iterable[Booking]:
    query = Booking.select().where(Booking.starts_at.between(*between(first, last)))
    if desk_uid:
        query = query.where(Booking.desk_uid == desk_uid)
    return query.order_by(Booking.starts_at, Booking.uid)


def bookings_on(day: date, desk: Desk) -> list[Booking]:
    """The bookings of a day, in the order of their hours."""
    return list(_on(day, day, desk.uid))


def bookings_between(
    first: date, last: date, desk: Desk | None = None
) -> list[Booking]:
    """The bookings for some days, in the order of their hours."""
    return list(_on(first, last, desk.uid if desk else ""))


def bookings_from(day: date, desk: Desk, after: Place | None = None) -> Page:
    """The bookings of a desk from a day on, in the order of use, a page at a time."""
    return page_of(_from(day, desk), Booking.starts_at, after=after)


def count_approved_from(day: date, desk: Desk) -> tuple[int, int]:
    """How many bookings are approved from a day on, and how many for that day."""
    approved = _from(day, desk).where(Booking.status == BookingStatus.APPROVED)
    on_day = Booking.starts_at <= between(day, day)[1]
    return approved.count(), approved.where(on_day).count()


def _from(day: date, desk: Desk) -> Any:
    begins = between(day, day)[0]
    return Booking.select().where(
        (Booking.starts_at >= begins) & (Booking.desk_uid == desk.uid)
    )


def venues_used(desk: Desk) -> list[str]:
    """The policy's venue, then those that were asked for, the most often first."""
    query = (
        Booking.select(Booking.venue)
        .where(Booking.desk_uid == desk.uid)
        .group_by(Booking.venue)
        .order_by(fn.COUNT(Booking.uid).desc(), Booking.venue)
    )
    return list(dict.fromkeys([USUAL_VENUE, *(row.venue for row in query)]))
