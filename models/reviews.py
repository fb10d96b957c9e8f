"""Reviews (考勤审核): what waits for the two bosses' decisions, and deciding on it.

A correction, and a check-in that waits for approval (a forgotten check-out, no plan),
are decided on in the same way.
"""

from typing import Any, NamedTuple

from peewee import SQL, fn

from models import clock
from models.approvals import (
    NOT_DECIDED,
    SIDE_LABELS,
    Approval,
    Decided,
    Side,
    Verdict,
    verdict_of,
    verdicts,
)
from models.attendance import Attendance
from models.base import transaction
from models.corrections import Correction
from models.errors import UserError
from models.installation import installation
from models.keysets import Page, Place, page_of
from models.people import Person, PersonRole
from models.permissions import Operation, require


def decide(
    subject: Correction | Attendance, *, by: Person, approved: bool, note: str = ""
) -> Approval:
    """Approve or refuse, for the side *by* belongs to; a refusal says why."""
    side = side_of(subject, by)
    if not approved and not note.strip():
        raise UserError("请写明不同意的原因。")
    with transaction():
        if isinstance(subject, Attendance):
            _require_reviewable(subject)
        decided = verdict_of(subject)
        if decided.verdict == Verdict.REFUSED:
            raise UserError("这一项已经被退回，要改请重新申请更正。")
        if any(approval.side == side for approval in decided.approvals):
            raise UserError(f"{SIDE_LABELS[side]}已经审核过这一项。")
        return Approval(
            subject_uid=subject.uid,
            side=side,
            approved=approved,
            note=note.strip(),
            decided_at=clock.now(),
            decider_uid=by.uid,
            decider_name=by.name,
        ).write(by=by)


def _require_reviewable(attendance: Attendance) -> None:
    if not attendance.needs_approval:
        raise UserError("这条签到不需要审核。")
    if attendance.checked_out_at is None:
        raise UserError(f"{attendance.person_name}还没有签退，请签退后再审核。")


def side_of(subject: Correction | Attendance, by: Person) -> Side:
    """The side *by* decides for; UserError says why somebody decides for neither."""
    if by.uid == subject.person_uid:
        raise UserError("不能审核自己的考勤，请由别的老师或办公室审核。")
    require(
        by,
        Operation.ATTENDANCE_REVIEW,
        departments=[department_of(subject)],
        about=subject.person_uid,
    )
    if by.role != PersonRole.OFFICE:
        return Side.DEPARTMENT
    if not installation().is_office:
        raise UserError("办公室的审核请在办公室的电脑上做。")
    return Side.OFFICE


def department_of(subject: Correction | Attendance) -> str:
    """The department whose teacher decides: the one worked for, else the person's."""
    if subject.department_uid:
        return subject.department_uid
    person = Person.get_or_none(Person.uid == subject.person_uid)
    return person.department_uid if person else ""


class Waiting(NamedTuple):
    """Something to decide on, and what has been decided so far."""

    subject: Correction | Attendance
    decided: Decided

    @property
    def waits_for(self) -> list[Side]:
        done = {approval.side for approval in self.decided.approvals}
        return [side for side in Side if side not in done]


# Corrections come first, then check-ins; each with where its next page goes on.
WaitingPlace = tuple[bool, Place | None]


def waiting_approvals(department_uid: str = "") -> list[Waiting]:
    """Corrections and check-ins that are not decided yet, the oldest first.

    A check-in for which a correction was approved waits no longer.
    """
    found, after = waiting_page(department_uid)
    while after is not None:
        rows, after = waiting_page(department_uid, after)
        found += rows
    return found


def waiting_page(department_uid: str = "", after: WaitingPlace | None = None) -> Page:
    """The same, some at a time; what was decided in ten years is not read."""
    is_second, place = after or (False, None)
    model, by = _SUBJECTS[is_second]
    page = page_of(_undecided(model), by, after=place)
    waiting = _waiting(page.rows, department_uid)
    if page.after is not None:
        return Page(waiting, (is_second, page.after))
    if is_second:
        return Page(waiting, None)
    then = waiting_page(department_uid, (True, None))
    return Page(waiting + then.rows, then.after)


_SUBJECTS: dict[bool, Any] = {
    False: (Correction, Correction.requested_at),
    True: (Attendance, Attendance.checked_in_at),
}


def _undecided(model: Any) -> Any:
    """All that are not, and perhaps some that are: `verdicts` says it exactly."""
    taken = Approval.select(SQL("1")).where(Approval.subject_uid == model.uid)
    by_office = taken.where(
        (Approval.side == Side.OFFICE) & (Approval.station == installation().office_uid)
    )
    by_department = taken.where(Approval.side == Side.DEPARTMENT)
    decided = fn.EXISTS(by_department) & fn.EXISTS(by_office)
    for side in (by_office, by_department):
        refused = side.where(~Approval.approved)
        decided |= fn.EXISTS(refused) & ~fn.EXISTS(side.where(Approval.approved))
    query = model.select().where(~decided)
    if model is Attendance:
        left = Attendance.checked_out_at.is_null(False)
        query = query.where(Attendance.needs_approval & left)
    return query


def _waiting(subjects: list[Any], department_uid: str) -> list[Waiting]:
    uids = [subject.uid for subject in subjects]
    decided, settled = verdicts(uids), _corrected(uids)
    return [
        Waiting(subject, decided.get(subject.uid, NOT_DECIDED))
        for subject in subjects
        if decided.get(subject.uid, NOT_DECIDED).verdict == Verdict.WAITING
        and subject.uid not in settled
        and department_uid in ("", department_of(subject))
    ]


def _corrected(uids: list[str]) -> set[str]:
    """Of these check-ins those for which a correction was approved."""
    asked = Correction.select().where(Correction.attendance_uid.in_(uids))
    about = {correction.uid: correction.attendance_uid for correction in asked}
    return {
        about[uid]
        for uid, decided in verdicts(list(about)).items()
        if decided.verdict == Verdict.APPROVED
    }


def settled_page(department_uid: str = "", after: Place | None = None) -> Page:
    """What was decided, the latest first: each where its last decision stands."""
    page = page_of(
        Approval.select(), Approval.decided_at, after=after, newest_first=True
    )
    decided = verdicts(list({approval.subject_uid for approval in page.rows}))
    ends = {_end_of(found): uid for uid, found in decided.items() if found.at}
    uids = [ends[row.uid] for row in page.rows if row.uid in ends]
    subjects = {
        subject.uid: subject
        for query in (
            Correction.select().where(Correction.uid.in_(uids)),
            Attendance.select().where(
                Attendance.uid.in_(uids) & Attendance.needs_approval
            ),
        )
        for subject in query
        if department_uid in ("", department_of(subject))
    }
    rows = [Waiting(subjects[uid], decided[uid]) for uid in uids if uid in subjects]
    return Page(rows, page.after)


def _end_of(decided: Decided) -> str:
    """The approval with which the verdict fell."""
    last = [a for a in decided.approvals if a.decided_at == decided.at]
    return max(approval.uid for approval in last)
