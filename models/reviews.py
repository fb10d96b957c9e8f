"""Reviews (考勤审核): what waits for the two bosses' decisions, and deciding on it.

A correction, and a check-in that waits for approval (a forgotten check-out, no plan),
are decided on in the same way.
"""

from typing import NamedTuple

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


def waiting_approvals(department_uid: str = "") -> list[Waiting]:
    """Corrections and check-ins that are not decided yet, the oldest first.

    A check-in for which a correction was approved waits no longer.
    """
    subjects: list[Correction | Attendance] = [
        *Correction.select().order_by(Correction.requested_at, Correction.uid),
        *Attendance.select()
        .where(Attendance.needs_approval & Attendance.checked_out_at.is_null(False))
        .order_by(Attendance.checked_in_at, Attendance.uid),
    ]
    decided = verdicts([subject.uid for subject in subjects])
    settled = {
        subject.attendance_uid
        for subject in subjects
        if isinstance(subject, Correction)
        and decided.get(subject.uid, NOT_DECIDED).verdict == Verdict.APPROVED
    }
    return [
        Waiting(subject, decided.get(subject.uid, NOT_DECIDED))
        for subject in subjects
        if decided.get(subject.uid, NOT_DECIDED).verdict == Verdict.WAITING
        and subject.uid not in settled
        and department_uid in ("", department_of(subject))
    ]
