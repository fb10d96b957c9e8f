"""Disposals of seals (印章停用、销毁): the office stops, assigns and destroys (P16)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from peewee import TextField

from models import clock
from models.base import DayField, ListField, MomentField, Record, transaction
from models.custody import holder_of, is_with_office, last_transfer
from models.desks import Desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.reservations import open_sheets
from models.seal_numbers import numbers_by_year
from models.seal_transfers import last_transfer_uid
from models.seals import (
    Seal,
    SealState,
    check_keeper,
    current,
    ledger_station_of,
    station_for,
)
from models.stations import Station


class DisposalKind(StrEnum):
    """What became of a seal.  Stored and synced: never rename a value."""

    STOPPED = "stopped"
    RESUMED = "resumed"
    ASSIGNED = "assigned"
    DESTROYED = "destroyed"


DISPOSAL_KIND_LABELS: dict[str, str] = {
    DisposalKind.STOPPED: "停用",
    DisposalKind.RESUMED: "恢复启用",
    DisposalKind.ASSIGNED: "调配",
    DisposalKind.DESTROYED: "销毁",
}


class SealDisposal(Record):
    """One decision of the office about a seal, with who handed it in and who saw."""

    audience = "all"
    written_by = "office"
    only_added = True

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="保管部门")
    kind = TextField(verbose_name="处置")
    on = DayField(verbose_name="处置日期")
    at = MomentField(verbose_name="登记时间")
    reason = TextField(verbose_name="原因")
    approver = TextField(default="", verbose_name="批准人")
    # Who handed the seal in, who has it since, and where it is kept.
    giver_name = TextField(default="", verbose_name="缴回人")
    receiver_uid = TextField(default="", verbose_name="接收人标识")
    receiver_name = TextField(default="", verbose_name="接收人")
    place = TextField(default="", verbose_name="封存地点")
    method = TextField(default="", verbose_name="销毁方式")
    # [{"uid", "name"}]: at least two who saw the seal destroyed.
    witnesses = ListField(verbose_name="监销人")
    desk_name = TextField(default="", verbose_name="调配至窗口")
    person_uid = TextField(verbose_name="经办人标识")
    person_name = TextField(verbose_name="经办人")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal_disposal"

    @property
    def kind_label(self) -> str:
        return DISPOSAL_KIND_LABELS.get(self.kind, self.kind)


def stop_seal(
    seal: Seal, *, by: Person, reason: str, approver: str, on: date | None = None
) -> SealDisposal:
    """Take the seal out of use; whoever holds it keeps it until it is collected."""
    require(by, Operation.SEAL_DISPOSE)
    on = _checked(reason, on, approver)
    with transaction():
        seal = current(seal)
        if seal.state != SealState.ACTIVE:
            raise UserError(f"这枚印章已{seal.state_label}，不能再停用。")
        seal.state = SealState.STOPPED
        seal.write(by=by)
        return _write(
            seal, DisposalKind.STOPPED, by, on=on, reason=reason, approver=approver
        )


def resume_seal(
    seal: Seal, *, by: Person, reason: str, approver: str = "", on: date | None = None
) -> SealDisposal:
    """Let a stopped seal be used again by whoever holds it."""
    require(by, Operation.SEAL_DISPOSE)
    on = _checked(reason, on)
    with transaction():
        seal = current(seal)
        if seal.state != SealState.STOPPED:
            raise UserError(f"这枚印章的状态是“{seal.state_label}”，不用恢复。")
        seal.state = SealState.ACTIVE
        seal.write(by=by)
        return _write(
            seal, DisposalKind.RESUMED, by, on=on, reason=reason, approver=approver
        )


def assign_seal(
    seal: Seal,
    *,
    by: Person,
    desk: Desk,
    keeper: Person,
    reason: str,
    station: Station | None = None,
    approver: str = "",
) -> SealDisposal:
    """Give a seal the office has to a desk, there to go on with its numbers.

    *station* is the PC that keeps its ledger from now on; usually the desk's first.
    A seal whose ledger was on a PC that is revoked is given to another likewise:
    nothing that PC still writes is accepted, so no number can be given twice.
    """
    require(by, Operation.SEAL_DISPOSE)
    on = _checked(reason, None)
    with transaction():
        seal = current(seal)
        _refuse_destroyed(seal)
        check_keeper(seal, keeper)
        if not is_with_office(seal) and not _ledger_is_revoked(seal):
            raise UserError(_where_it_is(seal, "再调配"))
        if open_sheets(seal) and not _ledger_is_revoked(seal):
            raise UserError("这枚印章还有断电表没有补录，请原窗口补录并同步后再调配。")
        giver_name = holder_of(seal).name
        seal.numbers = numbers_by_year(seal)
        seal.since_uid = last_transfer_uid(seal)
        seal.ledger_station = _station_at(desk, station)
        seal.desk_uid = desk.uid
        seal.keeper_uid, seal.keeper_name = keeper.uid, keeper.name
        seal.write(by=by)
        return _write(
            seal,
            DisposalKind.ASSIGNED,
            by,
            on=on,
            reason=reason,
            approver=approver,
            giver_name=giver_name,
            receiver_uid=keeper.uid,
            receiver_name=keeper.name,
            desk_name=desk.name,
        )


def destroy_seal(
    seal: Seal,
    *,
    by: Person,
    on: date | None = None,
    reason: str,
    approver: str,
    method: str = "",
    witnesses: Sequence[Person] = (),
    lost: bool = False,
    place: str = "",
    note: str = "",
) -> SealDisposal:
    """Note that a seal was destroyed before two witnesses, or (*lost*) is lost.

    Only a seal that was handed in can be destroyed; a lost one is struck off
    wherever it was (遗失作废), and has neither method nor witnesses.
    """
    require(by, Operation.SEAL_DISPOSE)
    on = _checked(reason, on, approver)
    if not lost:
        _check_destruction(by, method, witnesses)
    with transaction():
        seal = current(seal)
        _refuse_destroyed(seal)
        if not lost and not is_with_office(seal):
            raise UserError(_where_it_is(seal, "再销毁；找不到时请选“遗失”"))
        handed_in, holder = last_transfer(seal), holder_of(seal)
        seal.state = SealState.DESTROYED
        seal.write(by=by)
        return _write(
            seal,
            DisposalKind.DESTROYED,
            by,
            on=on,
            reason=f"遗失：{reason.strip()}" if lost else reason,
            approver=approver,
            giver_name=handed_in.giver_name if handed_in else "",
            receiver_uid=holder.uid,
            receiver_name=holder.name,
            place=place.strip(),
            method="遗失作废" if lost else method.strip(),
            witnesses=[{"uid": w.uid, "name": w.name} for w in witnesses],
            note=note.strip(),
        )


def _checked(reason: str, on: date | None, approver: str | None = None) -> date:
    """The day of a decision, after what every one must say was checked."""
    if not reason.strip():
        raise UserError("请写明原因。")
    if approver is not None and not approver.strip():
        raise UserError("请填写批准人。")
    on = on or clock.today()
    if on > clock.today():
        raise UserError("处置日期不能晚于今天，请核对。")
    return on


def _check_destruction(by: Person, method: str, witnesses: Sequence[Person]) -> None:
    if not method.strip():
        raise UserError("请填写销毁方式。")
    if len({witness.uid for witness in witnesses} - {by.uid}) < 2:
        raise UserError("销毁印章要有经办人以外的两名监销人在场，请选择两个人。")
    if any(witness.uid == by.uid for witness in witnesses):
        raise UserError("经办人不能兼任监销人，请另选一人。")
    for witness in witnesses:
        if not witness.may_sign_in:
            raise UserError(f"{witness.name}不在岗，不能监销。")


def _refuse_destroyed(seal: Seal) -> None:
    if seal.state == SealState.DESTROYED:
        raise UserError("这枚印章已经销毁。")


def _where_it_is(seal: Seal, then: str) -> str:
    return (
        f"办公室收到的记录里，印章还由{holder_of(seal).name}保管；"
        f"请先在窗口办理“缴回办公室”并同步，{then}。"
    )


def _ledger_is_revoked(seal: Seal) -> bool:
    station = Station.get_or_none(Station.station_uid == ledger_station_of(seal))
    return station is not None and station.revoked_after is not None


def _station_at(desk: Desk, station: Station | None) -> str:
    if station is None:
        return station_for(desk)
    if station.desk_uid != desk.uid or station.revoked_after is not None:
        raise UserError(f"{station.name}不是“{desk.name}”在用的电脑，请另选一台。")
    return station.station_uid


def _write(
    seal: Seal, kind: str, by: Person, *, reason: str, approver: str, **fields: Any
) -> SealDisposal:
    return SealDisposal(
        seal_uid=seal.uid,
        seal_name=seal.name,
        department_uid=seal.department_uid,
        department_name=seal.department_name,
        kind=kind,
        at=clock.now(),
        reason=reason.strip(),
        approver=approver.strip(),
        person_uid=by.uid,
        person_name=by.name,
        **fields,
    ).write(by=by)


def disposals_between(first: date, last: date) -> list[SealDisposal]:
    """The decisions of some days, newest first."""
    days = SealDisposal.on.between(first, last)
    query = SealDisposal.select().where(days)
    return list(query.order_by(SealDisposal.on.desc(), SealDisposal.uid.desc()))
