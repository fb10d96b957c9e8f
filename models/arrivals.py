"""Somebody comes to the desk: which shift, in which post, and what is amiss (P19)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from models import clock
from models.attendance import (
    Attendance,
    CoverReason,
    Post,
    WarningKind,
    certainly_here,
    is_forgotten,
    minutes_between,
    open_attendance,
)
from models.desks import Desk, this_desk
from models.errors import UserError
from models.hours import Hours, hours_of
from models.people import Person, PersonRole, PersonStatus
from models.plan_decisions import plans_in_force
from models.rules import rules_on
from models.shifts import DAY, Shift, Who, shifts_between
from models.timetables import has_class

# Of these a check-in has to say why; the others are only shown and marked.
FORCED = (
    WarningKind.EARLY,
    WarningKind.UNTRAINED,
    WarningKind.UNPLANNED,
    WarningKind.WEEK_LIMIT,
    WarningKind.MONTH_LIMIT,
)


class Caution(NamedTuple):
    """Something amiss with a check-in, in words."""

    kind: WarningKind
    text: str


class Arrival(NamedTuple):
    """What a check-in now would be, before anything is recorded.

    `absent` is the A whose place the person could take, `reason` why A is away as far
    as A's timetable tells.  `forgotten` is a shift the person never checked out of.
    """

    person: Person
    shift: Shift | None
    post: str
    cautions: tuple[Caution, ...] = ()
    absent: Who | None = None
    reason: str = ""
    forgotten: Attendance | None = None
    hours: Hours | None = None

    @property
    def forced(self) -> tuple[Caution, ...]:
        """What a reason has to be given for."""
        if self.shift is None and not _has_plan(clock.today()):
            return tuple(c for c in self.cautions if c.kind == WarningKind.UNTRAINED)
        return tuple(c for c in self.cautions if c.kind in FORCED)

    @property
    def asks(self) -> bool:
        """Is there anything only a person can answer?"""
        return bool(self.forced or self.absent or self.forgotten)


def arrival_of(person: Person) -> Arrival:
    """Find the person's shift at this desk, and what is amiss with it."""
    if not person.may_sign_in:
        raise UserError(f"{person.name}不在岗，不能签到。")
    now, desk = clock.now(), this_desk()
    unfinished = open_attendance(person)
    if unfinished is not None and not is_over(unfinished, now):
        raise UserError(f"{person.name}已经签到，还没有签退。")
    if person.role != PersonRole.ASSISTANT:
        return Arrival(person, None, Post.STAY, forgotten=unfinished)
    shift = _shift_for(person, desk, now)
    hours = hours_of(person.uid, now.date(), here=desk)
    absent = _absent_a(shift, person, desk) if shift else None
    return Arrival(
        person,
        shift,
        (shift.post_of(person.uid) or Post.B) if shift else Post.A,
        tuple(_cautions(person, shift, hours, now)),
        absent,
        _away_for(absent, shift) if absent and shift else "",
        unfinished,
        hours,
    )


def is_over(attendance: Attendance, now: datetime) -> bool:
    """Is an open attendance one of the past, so that a card means coming again?

    It is on a later day, and when another shift, after a break, is nearer than the end
    of the last one.
    """
    if is_forgotten(attendance, now):
        return True
    end = attendance.planned_to
    if end is None or now <= end:
        return False
    gap = timedelta(minutes=rules_on(end.date()).adjoining_minutes)
    early = timedelta(minutes=rules_on(now.date()).early_minutes)
    return any(
        shift.begins > end + gap
        and shift.begins - early <= now < shift.ends
        and now - end > shift.begins - now
        for shift in shifts_of(attendance.person_uid, end.date(), now.date())
    )


def shifts_of(
    person_uid: str, first: date, last: date, posts: str = "AB"
) -> list[Shift]:
    """The person's shifts at this desk, in these posts."""
    return [
        shift
        for shift in shifts_between(first, last, this_desk())
        if shift.post_of(person_uid) and shift.post_of(person_uid) in posts
    ]


def _has_plan(day: date) -> bool:
    return bool(plans_in_force(day, this_desk()))


def _shift_for(person: Person, desk: Desk, now: datetime) -> Shift | None:
    """The person's own shift, as A before B; else the one that is on now."""
    early = timedelta(minutes=rules_on(now.date()).early_minutes)
    shifts = [
        shift
        for shift in shifts_between(now.date() - DAY, now.date() + DAY, desk)
        if shift.ends > now
        # Of tomorrow only what begins so soon after midnight that it is time to come.
        and (shift.begins.date() <= now.date() or shift.begins - early <= now)
    ]
    soon = [shift for shift in shifts if shift.begins - early <= now]
    for posts in ("A", "AB"):
        own = [s for s in soon if s.post_of(person.uid) in tuple(posts)]
        if own:
            return _nearest(own, now)
    later = [shift for shift in shifts if shift.post_of(person.uid)]
    return next(iter(later or soon), None)


def _nearest(shifts: list[Shift], now: datetime) -> Shift:
    """The one that is on, unless it is all but over; else the one about to begin."""
    gap = timedelta(minutes=rules_on(now.date()).adjoining_minutes)
    on = [shift for shift in shifts if shift.begins <= now < shift.ends - gap]
    return (on or shifts)[-1]


def _absent_a(shift: Shift, person: Person, desk: Desk) -> Who | None:
    """The A who is not there, or will not come, and whom nobody stands in for yet."""
    if shift.a is None or shift.a.uid == person.uid:
        return None
    here = certainly_here(desk)
    taken = {row.person_uid for row in here} | {row.cover_for_uid for row in here}
    due = clock.now() >= shift.begins or bool(_away_for(shift.a, shift))
    return shift.a if due and shift.a.uid not in taken else None


def _away_for(absent: Who, shift: Shift) -> str:
    begins = max(shift.begins, clock.now())
    return CoverReason.CLASS if has_class(absent.uid, begins, shift.ends) else ""


def _cautions(
    person: Person, shift: Shift | None, hours: Hours, now: datetime
) -> list[Caution]:
    found = []
    rules = rules_on(now.date())
    if person.status == PersonStatus.TRAINING:
        found.append(Caution(WarningKind.UNTRAINED, "还没有完成上岗培训"))
    if shift is None or not shift.post_of(person.uid):
        found.append(Caution(WarningKind.UNPLANNED, "不在已备案的排班里"))
    elif now < shift.begins - timedelta(minutes=rules.early_minutes):
        text = f"{shift.hours} 的班，提前超过 {rules.early_minutes} 分钟"
        found.append(Caution(WarningKind.EARLY, text))
    if shift is not None:
        coming = minutes_between(max(now, shift.begins), shift.ends)
        found += _over_limits(hours, coming)
    return found


def _over_limits(hours: Hours, coming: int) -> list[Caution]:
    """Would this shift, worked to its end, go past a limit?"""
    return [
        Caution(
            kind,
            f"{name}已 {in_hours(done)}，上完这一班共 {in_hours(done + coming)}，"
            f"超过上限 {in_hours(limit)}",
        )
        for kind, name, done, limit in (
            (WarningKind.WEEK_LIMIT, "本周", hours.week, hours.week_limit),
            (WarningKind.MONTH_LIMIT, "本月", hours.month, hours.month_limit),
        )
        if limit is not None and done + coming > limit
    ]


def in_hours(minutes: int) -> str:
    """`3 小时 30 分`, `8 小时`, `45 分`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] * bool(hours) + [f"{rest} 分"] * bool(rest)
    return " ".join(parts) or "0 小时"
