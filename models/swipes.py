"""Swipes: in, out and on to the next shift, by card, number or name (P14, P19, P23).

A card is enough on a usual day; what a check-in has to ask is in `models.checkins`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from models import clock
from models.arrivals import Arrival, arrival_of, is_over, shifts_of
from models.attendance import (
    COVER_REASON_LABELS,
    Attendance,
    Post,
    RecordedBy,
    WarningKind,
    certainly_here,
    check_out,
    close_at,
)
from models.base import transaction
from models.checkins import check_in_of, clock_went_back, refuse_second_cover
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person, person_signing_in, typed_number
from models.rules import rules_on
from models.shifts import Shift, shift_at, shifts_between

# A card that is read twice is one swipe.
REPEAT_SECONDS = 60


class Swipe(NamedTuple):
    """What a card did.

    kind is "in", "out", "next" (out of one shift and into the one that follows it),
    "repeat" (nothing), or "ask": nothing is recorded until `check_in` is called with
    the answers to `arrival`.
    """

    kind: str
    person: Person
    attendance: Attendance | None = None
    arrival: Arrival | None = None


def swipe(text: str) -> Swipe:
    """The card field: the first swipe checks in, the next one checks out.

    A second swipe within 60 s does nothing.  A swipe between two shifts of the same
    person that follow each other closes the one and begins the other.
    """
    person = person_signing_in(text)
    return swipe_of(person, method=method_of(text, person))


def method_of(text: str, person: Person) -> RecordedBy:
    """Was it the card, or a number somebody typed?"""
    if typed_number(text) == person.number:
        return RecordedBy.NUMBER
    return RecordedBy.CARD


def swipe_of(
    person: Person,
    *,
    method: str,
    by: Person | None = None,
    post: str = "",
    uniform: bool = True,
    note: str = "",
) -> Swipe:
    """As `swipe`, for a person who was found already, such as by name.

    *post*, *uniform* and *note* are of the check-in, if it becomes one.
    """
    now = clock.now()
    latest = _latest_of(person)
    last = latest[0] if latest else None
    if last is not None and _is_repeat(latest, now):
        return Swipe("repeat", person, last)
    if last is not None and last.checked_out_at is None and not is_over(last, now):
        following = _following(last, now)
        gap = timedelta(minutes=rules_on(now.date()).adjoining_minutes)
        if following is not None and now <= following.begins + gap:
            went_on = _go_on(last, following, by=by or person, method=method)
            return Swipe("next", person, went_on)
        return Swipe("out", person, leave(last, by=by or person, method=method))
    with transaction():
        arrival = arrival_of(person)
        if arrival.asks:
            return Swipe("ask", person, arrival=arrival)
        attendance = check_in_of(
            arrival,
            by=by or person,
            method=method,
            post=post,
            uniform=uniform,
            note=note,
        )
    return Swipe("in", person, attendance, arrival)


def _latest_of(person: Person) -> list[Attendance]:
    """The last two rows, an open one first, else by what was recorded last.

    Not by their times: the clock may have gone back.
    """
    return list(
        Attendance.select()
        .where(Attendance.person_uid == person.uid)
        .order_by(Attendance.checked_out_at.is_null(False), Attendance.uid.desc())
        .limit(2)
    )


def _is_repeat(latest: list[Attendance], now: datetime) -> bool:
    moments = [row.checked_out_at or row.checked_in_at for row in latest]
    return any(
        timedelta(0) <= now - moment < timedelta(seconds=REPEAT_SECONDS)
        for moment in moments
    )


def _following(attendance: Attendance, now: datetime) -> Shift | None:
    """The shift as A that begins as this one ends, once it has begun.

    B stands by and need not stay; A has to.
    """
    end = attendance.planned_to
    if end is None or now < end:
        return None
    gap = timedelta(minutes=rules_on(end.date()).adjoining_minutes)
    for shift in shifts_of(attendance.person_uid, end.date(), now.date(), "A"):
        if end <= shift.begins <= end + gap and shift.begins <= now:
            return shift
    return None


def _go_on(
    last: Attendance, following: Shift, *, by: Person, method: str
) -> Attendance:
    with transaction():
        close_at(last, clock.now(), by=by, method=method)
        return _continued(last, following, method).write(by=by)


def leave(
    attendance: Attendance, *, by: Person | None = None, method: str = RecordedBy.NUMBER
) -> Attendance:
    """Check out, also of shifts that followed without a break: one row for each.

    Whoever has two shifts in a row need not swipe between them.
    """
    if attendance.checked_out_at is not None:
        raise UserError(f"{attendance.person_name}已经签退。")
    with transaction():
        now = clock.now()
        while (following := _following(attendance, now)) is not None:
            close_at(attendance, following.begins, by=by, method=method)
            attendance = _continued(attendance, following, method).write(by=by)
        return check_out(attendance, by=by, method=method)


def _continued(before: Attendance, shift: Shift, method: str) -> Attendance:
    """The next shift of somebody who simply stayed."""
    return Attendance(
        person_uid=before.person_uid,
        person_number=before.person_number,
        person_name=before.person_name,
        desk_uid=before.desk_uid,
        desk_name=before.desk_name,
        department_uid=shift.department_uid,
        department_name=shift.department_name,
        post=shift.post_of(before.person_uid),
        shift_key=shift.key,
        planned_from=shift.begins,
        planned_to=shift.ends,
        checked_in_at=shift.begins,
        method_in=method,
        uniform=before.uniform,
    )


def stand_in(attendance: Attendance, *, reason: str, by: Person) -> Attendance:
    """B, who is at the desk already, takes the place of A from now on (P19)."""
    if attendance.checked_out_at is not None or attendance.post != Post.B:
        raise UserError("只有正在岗的 B 岗可以替 A 岗，请先签到。")
    if attendance.cover_for_uid:
        raise UserError(
            f"{attendance.person_name}已经在替{attendance.cover_for_name}。"
        )
    if reason not in COVER_REASON_LABELS:
        raise UserError("请选择代班事由：上课、实训、实习、病假或事假。")
    now, desk = clock.now(), this_desk()
    shift = _shift_of(attendance, desk)
    if shift is None or shift.a is None:
        raise UserError("这一班没有排 A 岗，不用代班。")
    if shift.ends <= now:
        raise UserError(f"这一班 {shift.ends:%m-%d %H:%M} 已经结束，不用代班；请签退。")
    if shift.a.uid in {row.person_uid for row in certainly_here(desk)}:
        raise UserError(f"A 岗{shift.a.name}在岗，不用代班。")
    refuse_second_cover(shift.a, attendance.person_uid, desk)
    with transaction():
        close_at(attendance, now, by=by, method=attendance.method_in)
        standing = _continued(attendance, shift, attendance.method_in)
        standing.post, standing.checked_in_at = Post.B, now
        standing.cover_for_uid, standing.cover_for_name = shift.a.uid, shift.a.name
        standing.cover_reason = reason
        # What was amiss when B came still is.
        standing.warnings = list(attendance.warnings)
        standing.forced_reason = attendance.forced_reason
        if clock_went_back(desk, now) and WarningKind.CLOCK not in standing.warnings:
            standing.warnings.append(WarningKind.CLOCK)
        standing.needs_approval = attendance.needs_approval or (
            WarningKind.CLOCK in standing.warnings
        )
        return standing.write(by=by)


def _shift_of(attendance: Attendance, desk: Desk) -> Shift | None:
    """The shift somebody checked in at, also when the plan does not name them."""
    begins = attendance.planned_from
    if begins is None:
        return None
    shifts = shifts_between(begins.date(), begins.date(), desk)
    return shift_at(shifts, attendance.shift_key, begins)
