"""Corrections (考勤更正): the original stays, both bosses decide.

Somebody asks for other times with a reason, perhaps with a witness; the department's
teacher and the office each approve or refuse (see `models.reviews`).  When both
approve, the correction holds in place of the original until another one does.
"""

from datetime import date, datetime, timedelta
from typing import Any

from peewee import TextField

from models import clock
from models.approvals import NOT_DECIDED, Decided, Verdict, verdict_of, verdicts
from models.attendance import POST_LABELS, Attendance, Post
from models.base import MomentField, Record, transaction
from models.clock import between
from models.errors import UserError
from models.people import Person, PersonRole, people
from models.permissions import Operation, require
from models.shifts import Shift

LONGEST = timedelta(hours=16)
DAY = timedelta(days=1)


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
    require(by, Operation.CORRECTION_REQUEST, about=about["person_uid"])
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
