"""Visits (来访登记) and the steps of a case that outlives its visit.

A visit is a row of the desk that took it.  What happens to the case afterwards is
only ever added, as a `VisitStep`, by whichever desk did it: two desks can never
overwrite each other.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from peewee import BooleanField, IntegerField, TextField

from models.base import (
    DayField,
    ListField,
    MomentField,
    Record,
    db,
    rows_of,
    station_uid,
    transaction,
)
from models.clock import between
from models.desks import Desk, departments_of, this_desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.students import Student


class VisitChannel(StrEnum):
    """How somebody came (P1).  Stored and synced: never rename a value."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    ONLINE = "online"
    KIOSK = "kiosk"
    PROXY = "proxy"


VISIT_CHANNEL_LABELS: dict[str, str] = {
    VisitChannel.IN_PERSON: "现场",
    VisitChannel.PHONE: "电话",
    VisitChannel.ONLINE: "线上",
    VisitChannel.KIOSK: "自助终端指导",
    VisitChannel.PROXY: "代办",
}


class VisitOutcome(StrEnum):
    """How a visit ended.  Stored and synced: never rename a value."""

    DONE = "done"
    PROMISED = "promised"
    REFERRED = "referred"
    NOTIFIED = "notified"
    ENQUIRY = "enquiry"
    REFUSED = "refused"


VISIT_OUTCOME_LABELS: dict[str, str] = {
    VisitOutcome.DONE: "当场办结",
    VisitOutcome.PROMISED: "承诺办结",
    VisitOutcome.REFERRED: "转办",
    VisitOutcome.NOTIFIED: "一次性告知",
    VisitOutcome.ENQUIRY: "咨询",
    VisitOutcome.REFUSED: "不予受理",
}


class RepeatCause(StrEnum):
    """Why a student had to come again.  Stored and synced: never rename a value."""

    MATERIALS = "materials"
    TOLD_WRONG = "told_wrong"
    NOBODY_THERE = "nobody_there"
    NOT_READY = "not_ready"
    SYSTEM = "system"
    OWN = "own"
    OTHER = "other"


REPEAT_CAUSE_LABELS: dict[str, str] = {
    RepeatCause.MATERIALS: "材料不全",
    RepeatCause.TOLD_WRONG: "上次告知有误",
    RepeatCause.NOBODY_THERE: "上次无人受理",
    RepeatCause.NOT_READY: "上次未办好",
    RepeatCause.SYSTEM: "系统或设备故障",
    RepeatCause.OWN: "学生本人原因",
    RepeatCause.OTHER: "其他",
}


class RatedBy(StrEnum):
    """Who gave the points of a visit.  Stored and synced: never rename a value."""

    STUDENT = "student"
    STAFF = "staff"


RATED_BY_LABELS: dict[str, str] = {
    RatedBy.STUDENT: "学生在评价屏上评价",
    RatedBy.STAFF: "窗口代填",
}

MOST_READ_SINGLY = 50  # of a day's list, by their uids
# A case is open after these until a closing step is added.
OPENING_OUTCOMES = (VisitOutcome.PROMISED, VisitOutcome.REFERRED)


class Visit(Record):
    """Somebody came, called or wrote about one service."""

    number = TextField(index=True, verbose_name="编号")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="责任部门")
    # At a joint desk the unit whose turn it was; it need not be the department.
    duty_unit_uid = TextField(default="", verbose_name="当值单位标识")
    duty_unit_name = TextField(default="", verbose_name="当值单位")
    arrived_at = MomentField(verbose_name="来访时间")
    late_entry = BooleanField(default=False, verbose_name="补录")
    # The first visit of the same coming, when somebody came for several services.
    occasion_uid = TextField(default="", verbose_name="同次来访标识")
    # The visit before, when the same student comes again for the same matter, which
    # coming this is (跑腿次数), and why it took another one.
    follows_uid = TextField(default="", index=True, verbose_name="上次来访标识")
    follows_number = TextField(default="", verbose_name="上次来访编号")
    trip = IntegerField(default=1, verbose_name="跑腿次数")
    repeat_cause = TextField(default="", verbose_name="再次来访原因")
    channel = TextField(default=VisitChannel.IN_PERSON, verbose_name="渠道")
    student_uid = TextField(default="", verbose_name="学生标识")
    student_number = TextField(default="", index=True, verbose_name="学号")
    visitor_name = TextField(default="", verbose_name="姓名")
    class_name = TextField(default="", verbose_name="班级/单位")
    phone = TextField(default="", verbose_name="电话")
    service_uid = TextField(verbose_name="事项标识")
    service_name = TextField(verbose_name="事项")
    service_kind = TextField(verbose_name="件型")
    quantity = IntegerField(default=1, verbose_name="件数")
    materials = ListField(verbose_name="所收材料")
    # The clock of a promise starts only when they are (P22).
    materials_complete = BooleanField(default=True, verbose_name="材料齐全")
    outcome = TextField(verbose_name="处理情况")
    first_receiver_uid = TextField(verbose_name="首问负责人标识")
    first_receiver_name = TextField(verbose_name="首问负责人")
    handler_uid = TextField(verbose_name="承办人标识")
    handler_name = TextField(verbose_name="承办人")
    result = TextField(default="", verbose_name="办理结果")
    due_on = DayField(null=True, verbose_name="应办结日")
    finished_at = MomentField(null=True, verbose_name="办结时间")
    rating = IntegerField(null=True, verbose_name="满意度")
    rated_by = TextField(default="", verbose_name="评价方式")
    note = TextField(default="", verbose_name="备注")
    is_void = BooleanField(default=False, verbose_name="作废")
    void_reason = TextField(default="", verbose_name="作废原因")

    class Meta:
        table_name = "visit"
        indexes = (
            (("arrived_at", "uid"), False),
            (("desk_uid", "arrived_at", "uid"), False),
        )

    @property
    def outcome_label(self) -> str:
        return VISIT_OUTCOME_LABELS.get(self.outcome, self.outcome)

    @property
    def repeat_cause_label(self) -> str:
        return REPEAT_CAUSE_LABELS.get(self.repeat_cause, self.repeat_cause)


# Open cases are few among a million visits: an index of their own keeps the list fast.
Visit.add_index(
    Visit.index(Visit.desk_uid, Visit.arrived_at, name="visit_open").where(
        Visit.finished_at.is_null()
    )
)


def materials_text(materials: Iterable[dict]) -> str:
    """`申请表×1、成绩单×2` for lists and ledgers."""
    return "、".join(f"{item['name']}×{item['count']}" for item in materials)


def next_number(desk: Desk, day: date) -> str:
    """The next visit number of a desk: prefix, day, counter, e.g. JW20261123-001."""
    start = f"{desk.prefix}{day:%Y%m%d}-"
    within = f"FROM visit WHERE number > {db.param} AND number < {db.param}"
    bounds = (start, start + "~")
    last = db.execute_sql(f"SELECT MAX(number) {within}", bounds).fetchone()[0]
    if last is not None and last >= start + "999":
        # From 1000 on the text no longer sorts as the number does.
        longest = f"{within} ORDER BY LENGTH(number) DESC, number DESC LIMIT 1"
        last = db.execute_sql(f"SELECT number {longest}", bounds).fetchone()[0]
    return f"{start}{int(last[len(start) :]) + 1 if last else 1:03d}"


def void_visit(visit: Visit, *, by: Person, reason: str) -> Visit:
    """Mark a visit that was taken down wrongly; it stays and keeps its number.

    Assistants void what they took down or handled themselves, teachers what their
    department answers for.
    """
    was_there = by.uid in (visit.first_receiver_uid, visit.handler_uid)
    require(
        by,
        Operation.VISIT_VOID,
        departments=answering_for(visit),
        about=by.uid if was_there else visit.handler_uid,
    )
    _require_own(visit)
    if not reason.strip():
        raise UserError("请写明作废原因。")
    with transaction():
        if visit.is_void:
            raise UserError("这条来访已经作废。")
        visit.is_void, visit.void_reason = True, reason.strip()
        return visit.write(by=by)


def answering_for(visit: Visit) -> Iterator[str]:
    """The uids of the departments that answer for a visit at this desk."""
    yield visit.department_uid
    for department in departments_of(this_desk()):
        yield department.uid


def _require_own(visit: Visit) -> None:
    if visit.station != station_uid():
        raise UserError(f"这条来访由“{visit.desk_name}”登记，请在该窗口更改。")


def rate_visit(
    visit: Visit, rating: int, *, by: Person, rated_by: str = RatedBy.STAFF
) -> Visit:
    """Note how satisfied the student was, 1 to 5; once a visit.

    *rated_by* tells points that a student gave unseen from those told to the desk; *by*
    is who is signed in there either way.
    """
    require(by, Operation.VISIT_RATE)
    if not 1 <= rating <= 5:
        raise UserError("满意度请选 1 到 5 分。")
    with transaction():
        require_unrated(visit)
        visit.rating, visit.rated_by = rating, rated_by
        return visit.write(by=by)


def require_unrated(visit: Visit) -> None:
    """Raise `UserError` when nobody may rate *visit* any more."""
    _require_own(visit)
    if visit.is_void:
        raise UserError(f"{visit.number} 已经作废，不用评价，请另选一条来访。")
    if visit.rating is not None:
        raise UserError(
            f"{visit.number} 已经评价过了，每次来访只评价一次，请另选一条来访。"
        )


def visits_on(
    day: date, desk: Desk | None = None, *, known: Iterable[Visit] = ()
) -> list[Visit]:
    """The visits of a day, newest first.

    Those of *known* that nobody has changed since are not read again: the same
    objects are given back, which is a tenth of the work where a list is long.
    """
    query = Visit.select().where(Visit.arrived_at.between(*between(day, day)))
    if desk is not None:
        query = query.where(Visit.desk_uid == desk.uid)
    query = query.order_by(Visit.arrived_at.desc(), Visit.uid.desc())
    kept = {(v.uid, v.revision): v for v in known if not v.dirty_fields}
    if not kept:
        return list(query)
    found = rows_of(query.select(Visit.uid, Visit.revision))
    new = [uid for uid, revision in found if (uid, revision) not in kept]
    if len(new) > MOST_READ_SINGLY:
        return list(query)
    asked = Visit.select().where(Visit.uid.in_(new)) if new else ()
    read = {visit.uid: visit for visit in asked}
    return [kept.get((uid, revision)) or read[uid] for uid, revision in found]


def visits_of(student: Student, day: date) -> list[Visit]:
    """What a student came for on a day: a hint at the desk, never a block."""
    return list(
        Visit.select()
        .where(
            (Visit.student_number == student.number)
            & Visit.arrived_at.between(*between(day, day))
            & ~Visit.is_void
        )
        .order_by(Visit.arrived_at)
    )


def visits_of_occasion(visit: Visit) -> list[Visit]:
    """All that somebody came for at once, in the order it was taken down."""
    first, day = visit.occasion_uid or visit.uid, visit.arrived_at.date()
    together = (Visit.uid == first) | (Visit.occasion_uid == first)
    return list(
        Visit.select()
        .where(
            (Visit.desk_uid == visit.desk_uid)
            & Visit.arrived_at.between(*between(day, day))
            & together
        )
        .order_by(Visit.uid)
    )
