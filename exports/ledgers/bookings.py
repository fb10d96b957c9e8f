"""场馆使用登记表: who asked for which venue when, and what came of it (P5)."""

from peewee import fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    joined,
    label_of,
    time_of,
)
from exports.ledgers.masks import mask_number, mask_phone
from exports.ledgers.numbers import numbers_in
from models.bookings import BOOKING_STATUS_LABELS, Booking, BookingStatus

_status = label_of(BOOKING_STATUS_LABELS)


def _when(starts_at: str, ends_at: str) -> str:
    return f"{day_of(starts_at)}\n{time_of(starts_at)}–{time_of(ends_at)}"


def _applicant(name: str, number: str) -> str:
    return "\n".join(filter(None, [name, number]))


def _remarks(reason: str, note: str, canceller: str) -> str:
    return joined(reason + (f"（{canceller}取消）" if canceller else ""), note)


def _query(chosen: Selection) -> Query:
    """Those for the days of the period, whenever they were asked for."""
    return chosen.narrow(
        Booking.select(),
        at=Booking.starts_at,
        desk=Booking.desk_uid,
        department=Booking.department_uid,
    ).order_by(Booking.starts_at, Booking.uid)


def _totals(query: Query) -> Totals:
    counted: dict[str, int] = {}
    used = 0
    for status, count, people in (
        query.select(Booking.status, fn.COUNT(Booking.uid), fn.SUM(Booking.people))
        .order_by()
        .group_by(Booking.status)
        .tuples()
    ):
        counted[status] = count
        used += people if status == BookingStatus.APPROVED else 0
    known = [code for code in BOOKING_STATUS_LABELS if code in counted]
    newer = [code for code in counted if code not in BOOKING_STATUS_LABELS]
    parts = "、".join(f"{_status(code)} {counted[code]} 次" for code in known + newer)
    closing = f"合计　共申请 {sum(counted.values())} 次"
    said = f"{closing}：{parts}，使用 {used} 人次。" if parts else f"{closing}。"
    return Totals(said, numbers=numbers_in(query))


BOOKINGS = Ledger(
    code="bookings",
    title="场馆使用登记表",
    columns=(
        Column(Booking.number, width=19.2),
        Column(Booking.asked_at, heading="申请日期", text=day_of, width=16.2),
        Column(Booking.venue, width=22, left=True),
        Column(
            Booking.starts_at,
            Booking.ends_at,
            heading="使用时间",
            text=_when,
            width=18,
        ),
        Column(Booking.organisation, width=22, left=True),
        Column(Booking.event, width=25, left=True),
        Column(Booking.people, width=9),
        Column(
            Booking.applicant_name,
            Booking.student_number,
            heading="申请人",
            text=_applicant,
            mask=mask_number,
            width=20,
            left=True,
        ),
        Column(Booking.phone, width=18.6, mask=mask_phone),
        Column(Booking.approver, width=13),
        Column(Booking.handler_name, width=13),
        Column(Booking.status, heading="结果", text=_status, width=11),
        Column(
            Booking.reason,
            Booking.note,
            Booking.canceller_name,
            heading="原因/备注",
            text=_remarks,
            width=17.6,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("编号", "申请日期"),
)
