"""Seals taken outside (印章外带): by the holder, with a time to be back (P16)."""

from datetime import date, datetime

from peewee import IntegerField, TextField

from models import clock
from models.base import MomentField, Record, station_uid, transaction
from models.clock import between
from models.custody import Holder, holder_of, require_user, stands_in_for
from models.desks import Desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.seals import Seal, current


class SealOuting(Record):
    """The seal left the desk in its holder's hands; coming back is checked."""

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    unit = TextField(verbose_name="申请部门")
    applicant = TextField(verbose_name="申请人")
    reason = TextField(verbose_name="外带事由")
    place = TextField(verbose_name="地点")
    approver = TextField(verbose_name="批准人")
    carrier_uid = TextField(verbose_name="携章人标识")
    carrier_name = TextField(verbose_name="携章人")
    out_at = MomentField(index=True, verbose_name="带出时间")
    due_back_at = MomentField(verbose_name="应还时间")
    returned_at = MomentField(null=True, verbose_name="归还时间")
    # What was sealed outside, as the carrier says it.
    documents = TextField(default="", verbose_name="用印文件")
    copies = IntegerField(default=0, verbose_name="用印份数")
    checker_uid = TextField(default="", verbose_name="验收人标识")
    checker_name = TextField(default="", verbose_name="验收人")
    condition = TextField(default="", verbose_name="归还状况")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal_outing"


def take_out(
    seal: Seal,
    *,
    by: Person,
    unit: str,
    applicant: str,
    reason: str,
    place: str,
    approver: str,
    due_back_at: datetime,
    note: str = "",
) -> SealOuting:
    """The holder takes the seal outside, for somebody and until a time."""
    said = _said(
        ("unit", unit, "申请部门"),
        ("applicant", applicant, "申请人"),
        ("reason", reason, "外带事由"),
        ("place", place, "外带地点"),
        ("approver", approver, "外带的批准人"),
    )
    now = clock.now()
    if due_back_at <= now:
        raise UserError("应还时间要晚于现在，请核对。")
    with transaction():
        seal, desk = current(seal), require_user(seal, by)
        require(by, Operation.SEAL_TAKE_OUT, about=holder_of(seal).uid)
        _refuse_twice(seal)
        return SealOuting(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            desk_uid=desk.uid,
            desk_name=desk.name,
            carrier_uid=by.uid,
            carrier_name=by.name,
            out_at=now,
            due_back_at=due_back_at,
            note=note.strip(),
            **said,
        ).write(by=by)


def _said(*fields: tuple[str, str, str]) -> dict[str, str]:
    """Stripped texts by name; UserError for the first that is missing."""
    for _, text, what in fields:
        if not text.strip():
            raise UserError(f"请填写{what}。")
    return {name: text.strip() for name, text, _ in fields}


def _refuse_twice(seal: Seal) -> None:
    outing = open_outing(seal)
    if outing is not None:
        raise UserError(f"印章已由{outing.carrier_name}带出，请先登记归还。")


def bring_back(
    outing: SealOuting,
    *,
    by: Person,
    checker: Person,
    condition: str,
    documents: str = "",
    copies: int = 0,
    note: str = "",
) -> SealOuting:
    """The seal is back: somebody else looks at it and at what was sealed outside.

    For a carrier who has left, a teacher of the department signs.
    """
    if not condition.strip():
        raise UserError("请填写归还时的印章状况。")
    if not 0 <= copies <= 9999:
        raise UserError("用印份数请填 0 到 9999 之间的整数。")
    with transaction():
        seal = Seal.get_by_id(outing.seal_uid)
        carrier = Holder(outing.carrier_uid, outing.carrier_name)
        if not (by.uid != carrier.uid and stands_in_for(carrier, by, seal)):
            require(by, Operation.SEAL_TAKE_OUT, about=carrier.uid)
        if checker.uid in (by.uid, carrier.uid) or not checker.may_sign_in:
            raise UserError("验收人要由携章人、经办人以外的在岗人员担任，请重新选择。")
        if outing.station != station_uid():
            raise UserError("这次外带登记在另一台电脑上，请到那台电脑登记归还。")
        if SealOuting.get_by_id(outing.uid).returned_at is not None:
            raise UserError("这次外带已经归还了。")
        outing.returned_at = max(clock.now(), outing.out_at)
        outing.checker_uid, outing.checker_name = checker.uid, checker.name
        outing.condition, outing.copies = condition.strip(), copies
        outing.documents = documents.strip()
        outing.note = "；".join(filter(None, [outing.note, note.strip()]))
        return outing.write(by=by)


def open_outing(seal: Seal) -> SealOuting | None:
    """The outing that the seal is on; None while it is at its desk."""
    out = (SealOuting.seal_uid == seal.uid) & SealOuting.returned_at.is_null()
    return SealOuting.select().where(out).order_by(SealOuting.out_at).first()


def open_outings(desk: Desk) -> list[SealOuting]:
    """The desk's seals that are outside, the first due first."""
    out = (SealOuting.desk_uid == desk.uid) & SealOuting.returned_at.is_null()
    return list(SealOuting.select().where(out).order_by(SealOuting.due_back_at))


def outings_due(desk: Desk) -> list[SealOuting]:
    """The desk's seals that should be back by now, the longest due first."""
    now = clock.now()
    return [outing for outing in open_outings(desk) if outing.due_back_at <= now]


def outings_between(
    first: date, last: date, desk: Desk | None = None
) -> list[SealOuting]:
    """The outings begun on some days, newest first."""
    query = SealOuting.select().where(SealOuting.out_at.between(*between(first, last)))
    if desk is not None:
        query = query.where(SealOuting.desk_uid == desk.uid)
    return list(query.order_by(SealOuting.out_at.desc(), SealOuting.uid.desc()))
