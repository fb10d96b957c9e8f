"""Stations: the PCs the office has let in, with the keys they sign and read with."""

from typing import NamedTuple

from peewee import IntegerField, TextField

from models import clock
from models.base import MomentField, Record, station_uid, transaction
from models.errors import UserError
from models.installation import STATION_KIND_LABELS
from models.journal import Stream
from models.people import Person
from models.permissions import Operation, require


class Station(Record):
    """An enrolled PC; written by the office, known to everyone."""

    audience = "all"
    written_by = "office"

    # The uid by which the PC signs its own rows; not the uid of this row.
    station_uid = TextField(unique=True, verbose_name="工作站标识")
    kind = TextField(verbose_name="类型")
    name = TextField(verbose_name="名称")
    desk_uid = TextField(default="", verbose_name="窗口标识")
    sign_key = TextField(verbose_name="签名公钥")
    recipient = TextField(verbose_name="加密公钥")
    # Nothing the station signs after this entry is accepted; null while it is trusted.
    revoked_after = IntegerField(null=True, verbose_name="注销序号")
    # The epoch in which that entry is counted; nothing new of any other is accepted.
    revoked_epoch = TextField(default="", verbose_name="注销编号段")
    revoked_reason = TextField(default="", verbose_name="注销原因")
    revoked_at = MomentField(null=True, verbose_name="注销时间")
    # The uid of the PC whose place it took at its desk, whose records it goes on with.
    replaces = TextField(default="", verbose_name="接替")

    class Meta:
        table_name = "station"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_after is not None

    @property
    def kind_label(self) -> str:
        return STATION_KIND_LABELS.get(self.kind, self.kind)


def this_station() -> Station | None:
    """This PC as the office enrolled it; None while that has not arrived."""
    return Station.get_or_none(Station.station_uid == station_uid())


def stations() -> list[Station]:
    return list(Station.select().order_by(Station.uid))


def predecessors_of(uid: str) -> set[str]:
    """The PCs in whose place, one after the other, a PC stands."""
    replaced = {station.station_uid: station.replaces for station in stations()}
    found: set[str] = set()
    while (uid := replaced.get(uid, "")) and uid not in found:
        found.add(uid)
    return found


class Received(NamedTuple):
    """How far the office has what a PC wrote: entry `upto` of its newest epoch."""

    epoch: str
    upto: int


def received_from(station: Station) -> Received:
    """At the office: the last entry accepted of the newest epoch of a PC."""
    copies = Stream.select().where(
        (Stream.sender == station.station_uid) & ~Stream.own & (Stream.upto > 0)
    )
    newest = copies.order_by(Stream.epoch.desc()).first()
    return Received(newest.epoch, newest.upto) if newest else Received("", 0)


def revoke(
    station: Station, *, by: Person, reason: str, after_seq: int | None = None
) -> Station:
    """Trust a PC no longer: nothing it signed after *after_seq* is accepted.

    That is usually (None) what the office has of it; a higher one when more is known to
    be good, a lower one to note that the last of it may not be.
    """
    require(by, Operation.STATION)
    if not reason.strip():
        raise UserError("请写明注销原因，例如“硬盘损坏”或“电脑遗失”。")
    with transaction():
        station = Station.get(Station.uid == station.uid)
        if station.is_revoked:
            raise UserError(f"{station.name}已经注销过了。")
        received = received_from(station)
        seq = received.upto if after_seq is None else after_seq
        if seq < 0:
            raise UserError("注销序号请填 0 或更大的整数。")
        station.revoked_after, station.revoked_epoch = seq, received.epoch
        station.revoked_reason, station.revoked_at = reason.strip(), clock.now()
        return station.write(by=by)
