"""What counts as having happened: check-ins as recorded, or as corrected since.

The rows themselves stay as they are; a correction that both bosses approved takes the
place of what it corrects, the one approved last of all.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from peewee import ModelSelect

from models.approvals import NOT_DECIDED, Decided, Verdict, verdicts
from models.attendance import (
    Attendance,
    Interval,
    Post,
    RecordedBy,
    is_forgotten,
    may_have_left,
)
from models.base import table_of, tuples_of
from models.clock import between
from models.corrections import Correction, subject_of

DAY = timedelta(days=1)

Query: TypeAlias = "ModelSelect[Any]"


class FactState(StrEnum):
    """Whether the time of a check-in counts."""

    OPEN = "open"
    COUNTED = "counted"
    PENDING = "pending"
    REFUSED = "refused"


class Fact(NamedTuple):
    """One person at one shift, with the times that count.

    `attendance` is the original, None for a check-in that was only asked for later;
    `correction` what took its place, and `asked` a request that still waits.
    """

    person_uid: str
    person_number: str
    person_name: str
    desk_uid: str
    desk_name: str
    department_uid: str
    department_name: str
    post: str
    shift_key: str
    planned_from: datetime | None
    planned_to: datetime | None
    checked_in_at: datetime
    checked_out_at: datetime | None
    cover_for_uid: str
    cover_for_name: str
    cover_reason: str
    method_in: str
    method_out: str
    state: FactState
    attendance: Attendance | None
    correction: Correction | None
    asked: Correction | None

    @property
    def uid(self) -> str:
        source = self.attendance or self.correction
        return source.uid if source else ""

    @property
    def pays(self) -> bool:
        return self.post != Post.STAY

    @property
    def was_there(self) -> bool:
        """Not when it was refused, or corrected to one and the same moment."""
        if self.state == FactState.REFUSED:
            return False
        return self.checked_out_at is None or self.checked_out_at > self.checked_in_at

    def actual(self, now: datetime) -> Interval:
        """From check-in to check-out; somebody still there is there until *now*.

        Whoever may have left without checking out was there to the planned end.
        """
        ends = self.checked_out_at
        if ends is None and self.attendance and is_forgotten(self.attendance, now):
            ends = self.planned_to or self.checked_in_at
        if ends is None:
            ends = self.planned_to if may_have_left(self.planned_to, now) else now
        return self.checked_in_at, max(ends or now, self.checked_in_at)

    def within_plan(self) -> Interval | None:
        """Planned and actual time together; None when there is none.

        Without a plan the actual time is what was approved.  The end of a check-in
        that nobody closed is not known, so it has none yet.
        """
        if self.checked_out_at is None or self.state == FactState.REFUSED:
            return None
        begins = max(self.checked_in_at, self.planned_from or self.checked_in_at)
        ends = min(self.checked_out_at, self.planned_to or self.checked_out_at)
        return (begins, ends) if begins < ends else None


def facts_between(first: date, last: date, person_uid: str = "") -> list[Fact]:
    """The facts whose check-in, as it counts now, lies in some days; in that order.

    With *person_uid* those of the person, and of whoever stood in for them.
    """
    concerning = _concerning(first - DAY, last + DAY, person_uid)
    attendances = _attendances(concerning)
    corrections = _corrections(concerning, first - DAY, last + DAY, person_uid)
    decided = verdicts(
        [c.uid for c in corrections] + [a.uid for a in attendances if a.needs_approval]
    )
    approved, asked = _by_subject(corrections, decided)
    facts = [
        _of_attendance(a, approved.pop(a.uid, None), asked.get(a.uid), decided)
        for a in attendances
    ]
    facts += [
        _of_missed(correction)
        for correction in approved.values()
        if not correction.attendance_uid
    ]
    kept = [f for f in facts if first <= f.checked_in_at.date() <= last]
    return sorted(kept, key=lambda fact: (fact.checked_in_at, fact.uid))


def _concerning(first: date, last: date, person_uid: str) -> Query:
    """The check-ins of some days, of a person and whoever stood in for them."""
    query = Attendance.select().where(
        Attendance.checked_in_at.between(*between(first, last))
    )
    if person_uid:
        query = query.where(
            (Attendance.person_uid == person_uid)
            | (Attendance.cover_for_uid == person_uid)
        )
    return query


def _attendances(query: Query) -> list[Attendance]:
    """Half the time of letting peewee make the objects."""
    table = table_of(Attendance)
    rows = tuples_of(query.select(*Attendance._meta.sorted_fields))
    return [table.record_of(row) for row in rows]


def _corrections(
    attendances: Query, first: date, last: date, person_uid: str
) -> list[Correction]:
    """Requests about these check-ins, and about ones that were missed.

    Those by the day of the shift: all requests about it are weighed together.
    """
    missed = (Correction.attendance_uid == "") & Correction.planned_from.between(
        *between(first, last)
    )
    if person_uid:
        missed &= Correction.person_uid == person_uid
    about = Correction.attendance_uid.in_(attendances.select(Attendance.uid))
    return list(Correction.select().where(about | missed))


def _by_subject(
    corrections: Iterable[Correction], decided: dict[str, Decided]
) -> tuple[dict[str, Correction], dict[str, Correction]]:
    """For each thing corrected the request approved last, and one that waits."""
    approved: dict[str, tuple[datetime, str, Correction]] = {}
    asked: dict[str, Correction] = {}
    for correction in corrections:
        verdict, at, _ = decided.get(correction.uid, NOT_DECIDED)
        key = subject_of(correction)
        if verdict == Verdict.WAITING:
            asked[key] = correction
        elif verdict == Verdict.APPROVED and at is not None:
            candidate = (at, correction.uid, correction)
            approved[key] = max(approved.get(key, candidate), candidate, key=_when)
    return {key: chosen for key, (_, _, chosen) in approved.items()}, asked


def _when(candidate: tuple[datetime, str, Correction]) -> tuple[datetime, str]:
    return candidate[:2]


def _of_attendance(
    attendance: Attendance,
    correction: Correction | None,
    asked: Correction | None,
    decided: dict[str, Decided],
) -> Fact:
    came, left = attendance.checked_in_at, attendance.checked_out_at
    if correction is not None:
        came, left = correction.new_in, correction.new_out
    return Fact(
        person_uid=attendance.person_uid,
        person_number=attendance.person_number,
        person_name=attendance.person_name,
        desk_uid=attendance.desk_uid,
        desk_name=attendance.desk_name,
        department_uid=attendance.department_uid,
        department_name=attendance.department_name,
        post=attendance.post,
        shift_key=attendance.shift_key,
        planned_from=attendance.planned_from,
        planned_to=attendance.planned_to,
        checked_in_at=came,
        checked_out_at=left,
        cover_for_uid=attendance.cover_for_uid,
        cover_for_name=attendance.cover_for_name,
        cover_reason=attendance.cover_reason,
        method_in=attendance.method_in,
        method_out=attendance.method_out,
        state=_state(attendance, correction, decided),
        attendance=attendance,
        correction=correction,
        asked=asked,
    )


def _state(
    attendance: Attendance,
    correction: Correction | None,
    decided: dict[str, Decided],
) -> FactState:
    if correction is not None:
        return FactState.COUNTED
    if attendance.checked_out_at is None:
        return FactState.OPEN
    if not attendance.needs_approval:
        return FactState.COUNTED
    verdict = decided.get(attendance.uid, NOT_DECIDED).verdict
    return {
        Verdict.APPROVED: FactState.COUNTED,
        Verdict.REFUSED: FactState.REFUSED,
        Verdict.WAITING: FactState.PENDING,
    }[verdict]


def _of_missed(correction: Correction) -> Fact:
    """Somebody was there and no check-in was recorded."""
    return Fact(
        person_uid=correction.person_uid,
        person_number=correction.person_number,
        person_name=correction.person_name,
        desk_uid=correction.desk_uid,
        desk_name=correction.desk_name,
        department_uid=correction.department_uid,
        department_name=correction.department_name,
        post=correction.post,
        shift_key=correction.shift_key,
        planned_from=correction.planned_from,
        planned_to=correction.planned_to,
        checked_in_at=correction.new_in,
        checked_out_at=correction.new_out,
        cover_for_uid="",
        cover_for_name="",
        cover_reason="",
        method_in=RecordedBy.LATER,
        method_out=RecordedBy.LATER,
        state=FactState.COUNTED,
        attendance=None,
        correction=correction,
        asked=None,
    )


def subtract(interval: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """What is left of an interval when others are taken out of it."""
    left = [interval]
    for begins, ends in taken:
        left = [
            part
            for start, stop in left
            for part in ((start, min(stop, begins)), (max(start, ends), stop))
            if part[0] < part[1]
        ]
    return left


def seconds_in(parts: Iterable[Interval]) -> int:
    return sum(int((ends - begins).total_seconds()) for begins, ends in parts)
