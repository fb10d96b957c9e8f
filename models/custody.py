"""Custody of seals (印章移交): exactly one holder at any time (P16).

Each transfer names the one before it, so custody is a chain with one end.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from peewee import IntegerField, TextField, fn

from models import clock
from models.base import DayField, MomentField, Record, db, transaction
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person, PersonRole
from models.seals import SEAL_STATE_LABELS, Seal, SealState


class TransferKind(StrEnum):
    """Why a seal changes hands.  Stored and synced: never rename a value."""

    HANDOVER = "handover"
    POST = "post"
    TEMPORARY = "temporary"
    RETURN = "return"
    COLLECTED = "collected"


TRANSFER_KIND_LABELS: dict[str, str] = {
    TransferKind.HANDOVER: "交接班",
    TransferKind.POST: "岗位变动",
    TransferKind.TEMPORARY: "临时代管",
    TransferKind.RETURN: "代管归还",
    TransferKind.COLLECTED: "缴回办公室",
}


class SealTransfer(Record):
    """The seal changes hands; both and a witness stand for it."""

    only_added = True

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
    kind = TextField(default=TransferKind.HANDOVER, verbose_name="移交类别")
    # The last day of temporary custody, and who allowed it.
    until = DayField(null=True, verbose_name="代管期限")
    approver = TextField(default="", verbose_name="批准人")
    # How each of them signed: by card, by number, or as the one signed in.
    giver_signed = TextField(default="", verbose_name="移交人签字方式")
    receiver_signed = TextField(default="", verbose_name="接收人签字方式")
    witness_signed = TextField(default="", verbose_name="监交人签字方式")

    class Meta:
        table_name = "seal_transfer"


class Holder(NamedTuple):
    """In whose hands a seal is."""

    uid: str
    name: str


def require_user(seal: Seal, by: Person) -> Desk:
    """Refuse whoever may not set the seal now; the desk where it may be set."""
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
    _check_people(seal, by, receiver, witness)
    now = clock.now()
    with transaction():
        desk = this_desk()
        if seal.desk_uid != desk.uid:
            raise UserError("这枚印章不在本窗口，请到它所在的窗口办理移交。")
        holder = holder_of(seal)
        if holder.uid != by.uid:
            raise UserError(f"印章现在由{holder.name}保管，只有保管人可以移交。")
        last = last_transfer(seal)
        first_number, last_number = _numbers_since_last(seal, now.year)
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


def _check_people(seal: Seal, giver: Person, receiver: Person, witness: Person) -> None:
    if receiver.uid == giver.uid:
        raise UserError("接收人不能是移交人自己。")
    if witness.uid in (giver.uid, receiver.uid):
        raise UserError("监交人要由移交人、接收人以外的第三人担任。")
    if not receiver.may_sign_in:
        raise UserError(f"{receiver.name}不在岗，不能接收印章。")
    if receiver.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("这枚印章不允许学生助理保管，请移交给部门老师。")


def _numbers_since_last(seal: Seal, year: int) -> tuple[int | None, int | None]:
    """First and last number given in *year* since the last transfer."""
    counted = (
        SealTransfer.select(fn.MAX(SealTransfer.last_number))
        .where(
            (SealTransfer.seal_uid == seal.uid)
            & (SealTransfer.at >= datetime(year, 1, 1))
        )
        .scalar()
    )
    first, last = db.execute_sql(
        "SELECT MIN(number), MAX(number) FROM seal_use "
        f"WHERE seal_uid = {db.param} AND year = {db.param} AND number > {db.param}",
        (seal.uid, year, counted or 0),
    ).fetchone()
    return first, last
