"""Stations: the PCs the office has let in, with the keys they sign and read with."""

from peewee import IntegerField, TextField

from models.base import Record, station_uid
from models.installation import STATION_KIND_LABELS


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

    class Meta:
        table_name = "station"

    @property
    def kind_label(self) -> str:
        return STATION_KIND_LABELS.get(self.kind, self.kind)


def this_station() -> Station | None:
    """This PC as the office enrolled it; None while that has not arrived."""
    return Station.get_or_none(Station.station_uid == station_uid())


def stations() -> list[Station]:
    return list(Station.select().order_by(Station.uid))
