"""Checking in and out at the desk, by card, number or name (P14, P19, P23).

A card is enough on a usual day.  Only what nobody else can know is asked: why B takes
A's place, why somebody is there against the plan, when they left the last time.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from models import clock
from models.arrivals import Arrival, arrival_of, is_over, shifts_of
from models.attendance import (
    COVER_REASON_LABELS,
    POST_LABELS,
    Attendance,
    Post,
    RecordedBy,
    WarningKind,
    certainly_here,
    check_out,
    close_at,
    close_forgotten,
    minutes_between,
)
from models.base import transaction
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person, person_signing_in, typed_number
from models.rules import rules_on
from models.shifts import Shift, Who, shift_at, shifts_between

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


def check_in(
    person: Person,
    *,
    by: Person | None = None,
    method: str = RecordedBy.NUMBER,
    post: str = "",
    cover_for: Who | Person | None = None,
    cover_reason: str | None = None,
    forced_reason: str = "",
    left_at: datetime | None = None,
    uniform: bool = True,
    note: str = "",
) -> Attendance:
    """Note that a person has come to the desk; at most one open one each.

    As A or B of the shift the plan has; with *cover_for* as B for A, which takes a
    *cover_reason*.  What is amiss has to be explained in *forced_reason* and is marked.
    A check-out forgotten before is closed by the system at the planned end, or at
    *left_at* if that was earlier: nobody is locked out by it.  *by* is the person
    unless somebody else signs for them.
    """
    with transaction():
        return _check_in(
            arrival_of(person),
            by=by or person,
            method=method,
            post=post,
            cover_for=cover_for,
            cover_reason=cover_reason,
            forced_reason=forced_reason,
            left_at=left_at,
            uniform=uniform,
            note=note,
        )


def _check_in(
    arrival: Arrival,
    *,
    by: Person,
    method: str,
    post: str,
    uniform: bool,
    note: str,
    cover_for: Who | Person | None = None,
    cover_reason: str | None = None,
    forced_reason: str = "",
    left_at: datetime | None = None,
) -> Attendance:
    """As `check_in`, of an arrival found in the same transaction."""
    with transaction():
        _check_answers(arrival, post, cover_for, cover_reason, forced_reason)
        if arrival.forgotten is not None:
            close_forgotten(arrival.forgotten, by=by, left_at=left_at)
        if cover_for is not None:
            post = Post.B
        return _attendance(
            arrival,
            post or arrival.post,
            cover_for_uid=cover_for.uid if cover_for else "",
            cover_for_name=cover_for.name if cover_for else "",
            cover_reason=cover_reason if cover_for and cover_reason else "",
            method_in=method,
            uniform=uniform,
            forced_reason=forced_reason.strip(),
            note=note.strip(),
        ).write(by=by)


def _check_answers(
    arrival: Arrival,
    post: str,
    cover_for: Who | Person | None,
    cover_reason: str | None,
    forced_reason: str,
) -> None:
    if post and post not in POST_LABELS:
        raise UserError("请选择 A 岗或 B 岗。")
    if post == Post.A and arrival.shift and arrival.post != Post.A:
        raise UserError(f"这一班的 A 岗不是{arrival.person.name}，请按 B 岗签到。")
    if cover_for is not None and cover_reason not in COVER_REASON_LABELS:
        raise UserError("请选择代班事由：上课、实训、实习、病假或事假。")
    if cover_for is not None and cover_for.uid == arrival.person.uid:
        raise UserError("不能替自己代班。")
    if cover_for is not None and arrival.shift is not None:
        _check_cover(arrival.shift, cover_for)
    if arrival.forced and not forced_reason.strip():
        what = "；".join(caution.text for caution in arrival.forced)
        raise UserError(f"{arrival.person.name}{what}。确需签到请写明原因。")


def _check_cover(shift: Shift, cover_for: Who | Person) -> None:
    """A place can only be taken of whoever has it in this shift."""
    if shift.a is None or shift.a.uid != cover_for.uid:
        holder = f"A 岗是{shift.a.name}" if shift.a else "没有排 A 岗"
        raise UserError(
            f"{shift.hours} 的班{holder}，不能代{cover_for.name}，请重新刷卡。"
        )


def _attendance(arrival: Arrival, post: str, **said: object) -> Attendance:
    person, shift, now = arrival.person, arrival.shift, clock.now()
    desk = this_desk()
    department = shift or person
    kinds: list[str] = [caution.kind for caution in arrival.cautions]
    if _clock_went_back(desk, now):
        kinds.append(WarningKind.CLOCK)
    return Attendance(
        person_uid=person.uid,
        person_number=person.number,
        person_name=person.name,
        desk_uid=desk.uid,
        desk_name=desk.name,
        department_uid=department.department_uid,
        department_name=department.department_name,
        post=post,
        shift_key=shift.key if shift else "",
        planned_from=shift.begins if shift else None,
        planned_to=shift.ends if shift else None,
        checked_in_at=now,
        late_minutes=_late(person, shift, now) if shift else 0,
        warnings=kinds,
        needs_approval=bool({WarningKind.UNPLANNED, WarningKind.CLOCK} & set(kinds)),
        **said,
    )


def _late(person: Person, shift: Shift, now: datetime) -> int:
    """Minutes A is late; a substitute never is, nor anyone whose place was taken."""
    if not shift.a or shift.a.uid != person.uid:
        return 0
    concerns_a = (Attendance.person_uid == person.uid) | (
        Attendance.cover_for_uid == person.uid
    )
    same = (Attendance.shift_key == shift.key) & (
        Attendance.planned_from == shift.begins
    )
    if Attendance.select().where(concerns_a & same).exists():
        return 0
    late = minutes_between(shift.begins, now)
    return late if late > rules_on(now.date()).late_grace else 0


def _clock_went_back(desk: Desk, now: datetime) -> bool:
    """Did somebody check in or out here later than it is now?

    Within a day: a clock that once stood years ahead does not doubt all that follows.
    """
    ahead = (now + timedelta(seconds=1), now + timedelta(days=1))
    later = Attendance.select().where(
        (Attendance.desk_uid == desk.uid)
        & (
            Attendance.checked_in_at.between(*ahead)
            | (
                Attendance.checked_out_at.between(*ahead)
                & (Attendance.method_out != RecordedBy.SYSTEM)
            )
        )
    )
    return later.exists()


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
        attendance = _check_in(
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
    if shift.a.uid in {row.person_uid for row in certainly_here(desk)}:
        raise UserError(f"A 岗{shift.a.name}在岗，不用代班。")
    with transaction():
        close_at(attendance, now, by=by, method=attendance.method_in)
        standing = _continued(attendance, shift, attendance.method_in)
        standing.post, standing.checked_in_at = Post.B, now
        standing.cover_for_uid, standing.cover_for_name = shift.a.uid, shift.a.name
        standing.cover_reason = reason
        # What was amiss when B came still is.
        standing.warnings = list(attendance.warnings)
        standing.forced_reason = attendance.forced_reason
        if _clock_went_back(desk, now) and WarningKind.CLOCK not in standing.warnings:
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
