"""Seals (印章), every use of them, and whose hands they are in (P6, P16).

A seal has exactly one holder at any time, and only the holder may record its use.
Numbers run per seal and year without a gap: a void entry keeps its number.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from peewee import BooleanField, IntegerField, TextField, fn

from models import clock
from models.base import DayField, ListField, MomentField, Record, transaction
from models.desks import Department, Desk, this_desk
from models.errors import UserError
from models.people import Person, PersonRole, require_office
from models.students import Student
from models.visits import between


class SealState(StrEnum):
    """Stored and synced: never rename a value."""

    ACTIVE = "active"
    STOPPED = "stopped"
    DESTROYED = "destroyed"


SEAL_STATE_LABELS: dict[str, str] = {
    SealState.ACTIVE: "启用",
    SealState.STOPPED: "停用",
    SealState.DESTROYED: "销毁",
}


class Seal(Record):
    """A seal in the register.  Its name follows the policy (P16)."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="印章")
    kind = TextField(default="业务专用章", verbose_name="类型")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="保管部门")
    desk_uid = TextField(index=True, verbose_name="窗口标识")
    # Who had it first; from then on the transfers tell.
    keeper_uid = TextField(verbose_name="首任保管人标识")
    keeper_name = TextField(verbose_name="首任保管人")
    state = TextField(default=SealState.ACTIVE, verbose_name="状态")
    assistants_may_use = BooleanField(default=False, verbose_name="学生助理可用印")
    enabled_on = DayField(default=clock.today, verbose_name="启用日期")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal"

    @property
    def state_label(self) -> str:
        return SEAL_STATE_LABELS.get(self.state, self.state)


class SealUse(Record):
    """One line of the seal ledger."""

    seal_uid = TextField(verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    year = IntegerField(verbose_name="年度")
    number = IntegerField(verbose_name="编号")
    used_at = MomentField(index=True, verbose_name="用印时间")
    unit = TextField(verbose_name="用印单位")
    applicant = TextField(verbose_name="用印人")
    document_title = TextField(verbose_name="文件名称")
    document_number = TextField(default="", verbose_name="文件编号")
    purpose = TextField(verbose_name="用印事由")
    copies = IntegerField(default=1, verbose_name="份数")
    impressions = IntegerField(default=1, verbose_name="枚数")
    approver = TextField(default="", verbose_name="批准人")
    handler_name = TextField(default="", verbose_name="经办人")
    sealer_uid = TextField(verbose_name="监印人标识")
    sealer_name = TextField(verbose_name="监印人")
    student_number = TextField(default="", index=True, verbose_name="学号")
    students = ListField(verbose_name="学生名单")
    copy_kept = TextField(default="", verbose_name="留存")
    refused_reason = TextField(default="", verbose_name="拒印原因")
    note = TextField(default="", verbose_name="备注")
    is_void = BooleanField(default=False, verbose_name="作废")
    void_reason = TextField(default="", verbose_name="作废原因")

    class Meta:
        table_name = "seal_use"
        indexes = (
            (("seal_uid", "year", "number"), False),
            (("seal_uid", "used_at"), False),
        )

    @property
    def number_text(self) -> str:
        return f"{self.year}-{self.number:04d}"


class SealTransfer(Record):
    """The seal changes hands; both and a witness stand for it."""

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    # The transfer before this one ("" for the first): custody is a chain.
    previous_uid = TextField(default="", verbose_name="上次移交标识")
    at = MomentField(verbose_name="移交时间")
    place = TextField(default="", verbose_name="地点")
    giver_uid = TextField(verbose_name="移交人标识")
    giver_name = TextField(verbose_name="移交人")
    receiver_uid = TextField(verbose_name="接收人标识")
    receiver_name = TextField(verbose_name="接收人")
    witness_uid = TextField(verbose_name="监交人标识")
    witness_name = TextField(verbose_name="监交人")
    reason = TextField(verbose_name="移交原因")
    condition = TextField(default="完好", verbose_name="印章状况")
    # The numbers given this year while the giver had it; null when none.
    first_number = IntegerField(null=True, verbose_name="登记起号")
    last_number = IntegerField(null=True, verbose_name="登记止号")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal_transfer"


class Holder(NamedTuple):
    """In whose hands a seal is."""

    uid: str
    name: str


def register_seal(
    *,
    by: Person,
    department: Department,
    desk: Desk,
    keeper: Person,
    assistants_may_use: bool = False,
    kind: str = "业务专用章",
    note: str = "",
) -> Seal:
    """Enter a department's seal, named `{部门}—学生社区事务专用章` (P16)."""
    require_office(by)
    name = f"{department.name}—学生社区事务专用章"
    if keeper.role == PersonRole.ASSISTANT and not assistants_may_use:
        raise UserError("学生助理不能保管这枚印章，请选择部门老师。")
    with transaction():
        taken = (Seal.name == name) & (Seal.state != SealState.DESTROYED)
        if Seal.select().where(taken).exists():
            raise UserError(f"“{name}”已经登记过了。")
        return Seal(
            name=name,
            kind=kind.strip(),
            department_uid=department.uid,
            department_name=department.name,
            desk_uid=desk.uid,
            keeper_uid=keeper.uid,
            keeper_name=keeper.name,
            assistants_may_use=assistants_may_use,
            note=note.strip(),
        ).write(by=by)


def seals() -> list[Seal]:
    return list(Seal.select().order_by(Seal.uid))


def seals_of(desk: Desk) -> list[Seal]:
    """The seals kept at *desk* that are in use."""
    at_desk = (Seal.desk_uid == desk.uid) & (Seal.state == SealState.ACTIVE)
    return list(Seal.select().where(at_desk).order_by(Seal.uid))


def seal_by_name(text: str) -> Seal:
    """The seal with this name, or the one of the department so named."""
    text = text.strip()
    found = [s for s in seals() if text in (s.name, s.department_name, s.uid)]
    if len(found) != 1:
        known = "、".join(seal.name for seal in seals()) or "（还没有登记印章）"
        raise UserError(f"没有印章“{text}”，可用：{known}。")
    return found[0]


def last_transfer(seal: Seal) -> SealTransfer | None:
    """The end of the seal's chain of custody."""
    after = SealTransfer.alias()
    followed = after.select(after.previous_uid).where(after.seal_uid == seal.uid)
    return (
        SealTransfer.select()
        .where((SealTransfer.seal_uid == seal.uid) & SealTransfer.uid.not_in(followed))
        .order_by(SealTransfer.at.desc(), SealTransfer.uid.desc())
        .first()
    )


def holder_of(seal: Seal) -> Holder:
    """Who has the seal now: its last receiver, or its first keeper."""
    last = last_transfer(seal)
    if last is None:
        return Holder(seal.keeper_uid, seal.keeper_name)
    return Holder(last.receiver_uid, last.receiver_name)


def seals_held_by(person: Person) -> list[Seal]:
    return [seal for seal in seals() if holder_of(seal).uid == person.uid]


def next_seal_number(seal: Seal, year: int) -> int:
    """The number the next use of *seal* gets in *year*."""
    last = (
        SealUse.select(fn.MAX(SealUse.number))
        .where((SealUse.seal_uid == seal.uid) & (SealUse.year == year))
        .scalar()
    )
    return (last or 0) + 1


def _require_holder(seal: Seal, by: Person) -> Desk:
    desk = this_desk()
    if seal.desk_uid != desk.uid:
        raise UserError("这枚印章不在本窗口，请到它所在的窗口登记用印。")
    if seal.state != SealState.ACTIVE:
        raise UserError(
            f"这枚印章已{SEAL_STATE_LABELS[SealState(seal.state)]}，不能用印。"
        )
    holder = holder_of(seal)
    if holder.uid != by.uid:
        raise UserError(f"印章现在由{holder.name}保管，只有保管人可以登记用印。")
    if by.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("这枚印章不允许学生助理用印，请由部门老师登记。")
    return desk


def record_seal_use(
    *,
    by: Person,
    seal: Seal,
    applicant: str,
    unit: str,
    document_title: str,
    purpose: str,
    copies: int = 1,
    impressions: int = 1,
    approver: str = "",
    handler: str = "",
    document_number: str = "",
    student: Student | None = None,
    students: Sequence[str] = (),
    copy_kept: str = "",
    note: str = "",
) -> SealUse:
    """Note that the seal was set; the entry gets the seal's next number.

    *students* are the student numbers of a batch (P6).  Blank paper is never sealed:
    a document has a title.
    """
    if not document_title.strip():
        raise UserError("请填写文件名称；空白纸张不得用印。")
    if not purpose.strip():
        raise UserError("请填写用印事由。")
    if not 1 <= copies <= 9999:
        raise UserError("份数请填 1 到 9999 之间的整数。")
    if not 1 <= impressions <= 9999:
        raise UserError("枚数请填 1 到 9999 之间的整数。")
    if not approver.strip():
        raise UserError("请填写批准人。")
    return _write_use(
        by=by,
        seal=seal,
        applicant=applicant,
        unit=unit,
        document_title=document_title.strip(),
        document_number=document_number.strip(),
        purpose=purpose.strip(),
        copies=copies,
        impressions=impressions,
        approver=approver.strip(),
        handler_name=handler.strip() or by.name,
        student_number=student.number if student else "",
        students=[number.strip() for number in students if number.strip()],
        copy_kept=copy_kept.strip(),
        note=note.strip(),
    )


def refuse_seal_use(
    *,
    by: Person,
    seal: Seal,
    applicant: str,
    unit: str,
    document_title: str,
    reason: str,
    note: str = "",
) -> SealUse:
    """Note that the sealer refused: the line has a number and no impression."""
    if not reason.strip():
        raise UserError("请写明拒印原因。")
    return _write_use(
        by=by,
        seal=seal,
        applicant=applicant,
        unit=unit,
        document_title=document_title.strip() or "（空白）",
        purpose="拒印",
        copies=0,
        impressions=0,
        handler_name=by.name,
        refused_reason=reason.strip(),
        note=note.strip(),
    )


def _write_use(
    *, by: Person, seal: Seal, applicant: str, unit: str, **fields: object
) -> SealUse:
    if not applicant.strip():
        raise UserError("请填写用印人。")
    if not unit.strip():
        raise UserError("请填写用印单位。")
    now = clock.now()
    with transaction():
        desk = _require_holder(seal, by)
        return SealUse(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            desk_uid=desk.uid,
            desk_name=desk.name,
            year=now.year,
            number=next_seal_number(seal, now.year),
            used_at=now,
            unit=unit.strip(),
            applicant=applicant.strip(),
            sealer_uid=by.uid,
            sealer_name=by.name,
            **fields,
        ).write(by=by)


def void_seal_use(use: SealUse, *, by: Person, reason: str) -> SealUse:
    """Mark a use that was entered wrongly; it stays and keeps its number."""
    if not reason.strip():
        raise UserError("请写明作废原因。")
    if by.role == PersonRole.ASSISTANT and use.sealer_uid != by.uid:
        raise UserError("只有监印人本人或部门老师可以作废这条用印。")
    with transaction():
        if use.is_void:
            raise UserError("这条用印已经作废。")
        use.is_void, use.void_reason = True, reason.strip()
        return use.write(by=by)


def transfer_seal(
    seal: Seal,
    *,
    by: Person,
    receiver: Person,
    witness: Person,
    reason: str,
    condition: str = "完好",
    place: str = "",
    note: str = "",
) -> SealTransfer:
    """Hand the seal over from its holder to *receiver*, seen by *witness*."""
    if not reason.strip():
        raise UserError("请写明移交原因。")
    if not condition.strip():
        raise UserError("请填写印章状况。")
    if receiver.uid == by.uid:
        raise UserError("接收人不能是移交人自己。")
    if witness.uid in (by.uid, receiver.uid):
        raise UserError("监交人要由移交人、接收人以外的第三人担任。")
    if not receiver.may_sign_in:
        raise UserError(f"{receiver.name}不在岗，不能接收印章。")
    if receiver.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("这枚印章不允许学生助理保管，请移交给部门老师。")
    now = clock.now()
    with transaction():
        desk = this_desk()
        if seal.desk_uid != desk.uid:
            raise UserError("这枚印章不在本窗口，请到它所在的窗口办理移交。")
        holder = holder_of(seal)
        if holder.uid != by.uid:
            raise UserError(f"印章现在由{holder.name}保管，只有保管人可以移交。")
        last = last_transfer(seal)
        first_number, last_number = _numbers_since(seal, last, now.year)
        return SealTransfer(
            seal_uid=seal.uid,
            seal_name=seal.name,
            previous_uid=last.uid if last else "",
            at=now,
            place=place.strip() or desk.name,
            giver_uid=by.uid,
            giver_name=by.name,
            receiver_uid=receiver.uid,
            receiver_name=receiver.name,
            witness_uid=witness.uid,
            witness_name=witness.name,
            reason=reason.strip(),
            condition=condition.strip(),
            first_number=first_number,
            last_number=last_number,
            note=note.strip(),
        ).write(by=by)


def _numbers_since(
    seal: Seal, last: SealTransfer | None, year: int
) -> tuple[int | None, int | None]:
    """First and last number given in *year* since the transfer before."""
    given = SealUse.select(fn.MIN(SealUse.number), fn.MAX(SealUse.number)).where(
        (SealUse.seal_uid == seal.uid) & (SealUse.year == year)
    )
    if last is not None and last.at.year == year:
        before = (
            SealTransfer.select(fn.MAX(SealTransfer.last_number))
            .where(
                (SealTransfer.seal_uid == seal.uid)
                & (SealTransfer.at >= datetime(year, 1, 1))
            )
            .scalar()
        )
        given = given.where(SealUse.number > (before or 0))
    first_number, last_number = given.tuples().first() or (None, None)
    return first_number, last_number


def transfers_of(seal: Seal) -> list[SealTransfer]:
    """The seal's chain of custody, newest first."""
    return list(
        SealTransfer.select()
        .where(SealTransfer.seal_uid == seal.uid)
        .order_by(SealTransfer.at.desc(), SealTransfer.uid.desc())
    )


def seal_uses_on(day: date, seal: Seal | None = None) -> list[SealUse]:
    """The uses of a day, newest first."""
    query = SealUse.select().where(SealUse.used_at.between(*between(day, day)))
    if seal is not None:
        query = query.where(SealUse.seal_uid == seal.uid)
    return list(query.order_by(SealUse.used_at.desc(), SealUse.uid.desc()))
