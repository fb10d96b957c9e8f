"""Corrections (考勤更正) and approvals: the original stays, both bosses decide.

Somebody asks for other times with a reason, perhaps with a witness; the department's
teacher and the office each approve or refuse (双重管理, P12).  When both approve, the
correction holds in place of the original until another one does.  A check-in that
waits for approval (a forgotten check-out, no plan) is decided on in the same way.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from peewee import BooleanField, TextField

from models import clock
from models.attendance import POST_LABELS, Attendance, Post
from models.base import MomentField, Record, transaction
from models.clock import between
from models.errors import UserError
from models.installation import installation
from models.people import Person, PersonRole, people
from models.shifts import Shift

LONGEST = timedelta(hours=16)
DAY = timedelta(days=1)


class Verdict(StrEnum):
    """What the decisions about one thing come to."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


VERDICT_LABELS: dict[str, str] = {
    Verdict.WAITING: "待审核",
    Verdict.APPROVED: "已同意",
    Verdict.REFUSED: "未同意",
}


class Side(StrEnum):
    """Of the two bosses (P12).  Stored and synced: never rename a value."""

    DEPARTMENT = "department"
    OFFICE = "office"


SIDE_LABELS: dict[str, str] = {Side.DEPARTMENT: "部门", Side.OFFICE: "办公室"}


class Correction(Record):
    """A request to count other times than were recorded; without a row a missed one."""

    audience = "all"
    written_by = "all"
    only_added = True

    # "" when the person was there and no check-in was recorded (补签).
    attendance_uid = TextField(default="", index=True, verbose_name="签到标识")
    person_uid = TextField(index=True, verbose_name="人员标识")
    person_number = TextField(verbose_name="学号/工号")
    person_name = TextField(verbose_name="姓名")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="用工部门")
    post = TextField(default=Post.A, verbose_name="岗别")
    shift_key = TextField(default="", verbose_name="班次标识")
    planned_from = MomentField(null=True, verbose_name="应到")
    planned_to = MomentField(null=True, verbose_name="应离")
    old_in = MomentField(null=True, verbose_name="原签到")
    old_out = MomentField(null=True, verbose_name="原签退")
    new_in = MomentField(verbose_name="更正签到")
    new_out = MomentField(verbose_name="更正签退")
    reason = TextField(verbose_name="更正原因")
    witness_uid = TextField(default="", verbose_name="证明人标识")
    witness_name = TextField(default="", verbose_name="证明人")
    requested_at = MomentField(index=True, verbose_name="申请时间")
    requester_uid = TextField(verbose_name="申请人标识")
    requester_name = TextField(verbose_name="申请人")

    class Meta:
        table_name = "correction"

    @property
    def post_label(self) -> str:
        return POST_LABELS.get(self.post, self.post)


class Approval(Record):
    """One boss's decision about a correction or a check-in; it is never taken back."""

    audience = "all"
    written_by = "all"
    only_added = True

    # The uid of the `Correction` or `Attendance`.
    subject_uid = TextField(index=True, verbose_name="事项标识")
    side = TextField(verbose_name="审核方")
    approved = BooleanField(verbose_name="同意")
    note = TextField(default="", verbose_name="意见")
    decided_at = MomentField(verbose_name="审核时间")
    decider_uid = TextField(verbose_name="审核人标识")
    decider_name = TextField(verbose_name="审核人")

    class Meta:
        table_name = "approval"

    @property
    def side_label(self) -> str:
        return SIDE_LABELS.get(self.side, self.side)


class Decided(NamedTuple):
    """The verdict about one thing, when it fell, and the decisions it rests on."""

    verdict: Verdict
    at: datetime | None
    approvals: tuple[Approval, ...]


def request_correction(
    *,
    by: Person,
    new_in: datetime,
    new_out: datetime,
    reason: str,
    attendance: Attendance | None = None,
    person: Person | None = None,
    shift: Shift | None = None,
    witness: Person | None = None,
) -> Correction:
    """Ask to count other times: of *attendance*, or of a *shift* nobody recorded.

    People ask for themselves; a teacher or the office may ask for anyone.  The same
    moment for in and out says that the person was not there.
    """
    about = _about(attendance, person or by, shift)
    if by.role == PersonRole.ASSISTANT and by.uid != about["person_uid"]:
        raise UserError("只能为自己申请更正；别人的请由本人或老师申请。")
    _check_times(new_in, new_out, about["planned_from"] or about["old_in"])
    if not reason.strip():
        raise UserError("请写明更正原因。")
    if witness is not None and witness.uid in (by.uid, about["person_uid"]):
        raise UserError("证明人要是当时在场的另一个人。")
    with transaction():
        _refuse_second(about)
        return Correction(
            **about,
            new_in=new_in.replace(microsecond=0),
            new_out=new_out.replace(microsecond=0),
            reason=reason.strip(),
            witness_uid=witness.uid if witness else "",
            witness_name=witness.name if witness else "",
            requested_at=clock.now(),
            requester_uid=by.uid,
            requester_name=by.name,
        ).write(by=by)


def _about(
    attendance: Attendance | None, person: Person, shift: Shift | None
) -> dict[str, Any]:
    """What is to be corrected: a recorded shift, or one without a check-in."""
    if attendance is not None:
        if attendance.checked_out_at is None:
            raise UserError("这一班还没有签退，请先签退再申请更正。")
        names = (
            *("person_uid", "person_number", "person_name", "desk_uid", "desk_name"),
            *("department_uid", "department_name", "post", "shift_key"),
            *("planned_from", "planned_to"),
        )
        return {
            **{name: getattr(attendance, name) for name in names},
            "attendance_uid": attendance.uid,
            "old_in": attendance.checked_in_at,
            "old_out": attendance.checked_out_at,
        }
    if shift is None:
        raise UserError("请选择要补签的班次。")
    post = shift.post_of(person.uid)
    if not post:
        raise UserError(f"{person.name}不在这一班的排班里，不能补签这一班。")
    return {
        "person_uid": person.uid,
        "person_number": person.number,
        "person_name": person.name,
        "desk_uid": shift.desk_uid,
        "desk_name": shift.desk_name,
        "department_uid": shift.department_uid,
        "department_name": shift.department_name,
        "post": post,
        "shift_key": shift.key,
        "planned_from": shift.begins,
        "planned_to": shift.ends,
    }


def _check_times(new_in: datetime, new_out: datetime, due: datetime) -> None:
    if new_out < new_in:
        raise UserError("更正后的签退时间不能早于签到时间。")
    if new_out > clock.now():
        raise UserError("更正后的时间不能晚于现在。")
    if new_out - new_in > LONGEST:
        raise UserError("更正后的时间超过 16 小时，请核对日期和时间。")
    # Facts are looked for around the day of the shift.
    if abs(new_in.date() - due.date()) > DAY:
        raise UserError(f"这一班在 {due:%m-%d}，更正后的日期离得太远，请核对。")


def _refuse_second(about: dict[str, Any]) -> None:
    same = [
        correction
        for correction in corrections_of(about["person_uid"])
        if subject_of(correction) == _subject(about)
    ]
    if any(verdict_of(correction).verdict == Verdict.WAITING for correction in same):
        raise UserError("这一班已经有一份更正在等审核，请等审核完再申请。")
    if not about.get("attendance_uid") and _has_check_in(about):
        raise UserError("这一班有签到记录，请选中那条记录申请更正。")


def _has_check_in(about: dict[str, Any]) -> bool:
    same = (Attendance.person_uid == about["person_uid"]) & (
        Attendance.shift_key == about["shift_key"]
    )
    return (
        Attendance.select()
        .where(same & (Attendance.planned_from == about["planned_from"]))
        .exists()
    )


def _subject(about: dict[str, Any]) -> str:
    if about.get("attendance_uid"):
        return about["attendance_uid"]
    return f"{about['person_uid']} {about['shift_key']} {about['planned_from']}"


def subject_of(correction: Correction) -> str:
    """What is corrected: an attendance's uid, or the person's missed shift."""
    return _subject(correction.__data__)


def corrections_of(person_uid: str) -> list[Correction]:
    """All requests about a person, newest first."""
    return list(
        Correction.select()
        .where(Correction.person_uid == person_uid)
        .order_by(Correction.requested_at.desc(), Correction.uid.desc())
    )


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
    if by.role == PersonRole.OFFICE:
        if not installation().is_office:
            raise UserError("办公室的审核请在办公室的电脑上做。")
        return Side.OFFICE
    if by.role == PersonRole.TEACHER and by.department_uid == department_of(subject):
        return Side.DEPARTMENT
    raise UserError("考勤由本部门的老师和中心办公室审核，请由他们登录后操作。")


def department_of(subject: Correction | Attendance) -> str:
    """The department whose teacher decides: the one worked for, else the person's."""
    if subject.department_uid:
        return subject.department_uid
    person = Person.get_or_none(Person.uid == subject.person_uid)
    return person.department_uid if person else ""


def verdict_of(subject: Correction | Attendance) -> Decided:
    """What was decided so far."""
    return verdicts([subject.uid]).get(subject.uid, NOT_DECIDED)


NOT_DECIDED = Decided(Verdict.WAITING, None, ())


def verdicts(uids: Sequence[str]) -> dict[str, Decided]:
    """The decisions about several things by their uid; those without any are left out.

    A decision of the office counts only when the office's own station signed it.
    """
    office = installation().office_uid
    found: dict[str, list[Approval]] = {}
    for at in range(0, len(uids), 500):
        query = Approval.select().where(Approval.subject_uid.in_(uids[at : at + 500]))
        for approval in query.order_by(Approval.decided_at, Approval.uid):
            # A side nobody knows of is no second boss.
            if approval.side == Side.DEPARTMENT or (
                approval.side == Side.OFFICE and approval.station == office
            ):
                found.setdefault(approval.subject_uid, []).append(approval)
    return {uid: _verdict(approvals) for uid, approvals in found.items()}


def _verdict(approvals: Iterable[Approval]) -> Decided:
    """Each side's first decision counts, should two PCs have taken one each."""
    first: dict[str, Approval] = {}
    for approval in approvals:
        first.setdefault(approval.side, approval)
    taken = tuple(first.values())
    refused = [approval for approval in taken if not approval.approved]
    if refused:
        return Decided(Verdict.REFUSED, refused[0].decided_at, taken)
    if len(taken) == len(Side):
        return Decided(Verdict.APPROVED, max(a.decided_at for a in taken), taken)
    return Decided(Verdict.WAITING, None, taken)


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


def corrections_between(first: date, last: date) -> list[tuple[Correction, Decided]]:
    """The requests of some days with what was decided, newest first."""
    query = Correction.select().where(
        Correction.requested_at.between(*between(first, last))
    )
    rows = list(query.order_by(Correction.requested_at.desc(), Correction.uid.desc()))
    decided = verdicts([row.uid for row in rows])
    return [(row, decided.get(row.uid, NOT_DECIDED)) for row in rows]


def witnesses() -> list[Person]:
    """Who may be named as having been there."""
    return people(PersonRole.ASSISTANT, PersonRole.TEACHER)
