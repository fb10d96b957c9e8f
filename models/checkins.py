"""Check-ins: what is noted when somebody comes to the desk (P14, P19).

Only what nobody else can know is asked: why B takes A's place, why somebody is there
against the plan, when they left the last time.
"""

from datetime import datetime, timedelta

from models import clock
from models.arrivals import Arrival, arrival_of
from models.attendance import (
    COVER_REASON_LABELS,
    POST_LABELS,
    Attendance,
    Post,
    RecordedBy,
    WarningKind,
    certainly_here,
    close_forgotten,
    minutes_between,
)
from models.base import transaction
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person
from models.rules import rules_on
from models.shifts import Shift, Who


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
        return check_in_of(
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


def check_in_of(
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
            _check_left(arrival.forgotten, left_at)
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
        refuse_second_cover(cover_for, arrival.person.uid, this_desk())
    if arrival.forced and not forced_reason.strip():
        what = "；".join(caution.text for caution in arrival.forced)
        raise UserError(f"{arrival.person.name}{what}。确需签到请写明原因。")


def _check_left(forgotten: Attendance, left_at: datetime | None) -> None:
    came = forgotten.checked_in_at
    if left_at is not None and left_at < came:
        raise UserError(f"离开时间不能早于签到时间 {came:%m-%d %H:%M}。")
    if left_at is not None and left_at > clock.now():
        raise UserError("离开时间不能晚于现在。")


def _check_cover(shift: Shift, cover_for: Who | Person) -> None:
    """A place can only be taken of whoever has it in this shift."""
    if shift.a is None or shift.a.uid != cover_for.uid:
        holder = f"A 岗是{shift.a.name}" if shift.a else "没有排 A 岗"
        raise UserError(
            f"{shift.hours} 的班{holder}，不能代{cover_for.name}，请重新刷卡。"
        )


def refuse_second_cover(a: Who | Person, person_uid: str, desk: Desk) -> None:
    """One place is taken by one person at a time."""
    for row in certainly_here(desk):
        if row.cover_for_uid == a.uid and row.person_uid != person_uid:
            raise UserError(f"{row.person_name}正在替{a.name}，不用再代班。")


def _attendance(arrival: Arrival, post: str, **said: object) -> Attendance:
    person, shift, now = arrival.person, arrival.shift, clock.now()
    desk = this_desk()
    department = shift or person
    kinds: list[str] = [caution.kind for caution in arrival.cautions]
    if clock_went_back(desk, now):
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


def clock_went_back(desk: Desk, now: datetime) -> bool:
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
