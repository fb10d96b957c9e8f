"""Alarms of the sync: what a person at this PC has to know, until somebody settles it.

Nothing goes wrong silently: a restored backup, a copied disk, an office that forgot.
"""

from enum import StrEnum

from peewee import TextField

from models import clock
from models.base import Local, MomentField, transaction
from models.errors import UserError
from models.people import Person


class AlarmKind(StrEnum):
    """Stored: never rename a value."""

    EPOCH_OPENED = "epoch_opened"  # this PC goes on under a new epoch
    STATION_REOPENED = "station_reopened"  # another one does
    FORK = "fork"  # two contents under one number of a stream
    TWO_ALIVE = "two_alive"  # an older epoch of a station goes on
    OFFICE_FORGOT = "office_forgot"  # a station has read more than the office has
    OFFICE_DIFFERS = "office_differs"  # the office says otherwise than before
    LOST_HERE = "lost_here"  # entries that the office has given back, or cannot


ALARM_KIND_LABELS: dict[str, str] = {
    AlarmKind.EPOCH_OPENED: "本机数据重新编号",
    AlarmKind.STATION_REOPENED: "工作站数据重新编号",
    AlarmKind.FORK: "同一编号两种内容",
    AlarmKind.TWO_ALIVE: "两台电脑用同一身份",
    AlarmKind.OFFICE_FORGOT: "办公室数据被倒回",
    AlarmKind.OFFICE_DIFFERS: "办公室数据前后不一",
    AlarmKind.LOST_HERE: "本机缺少的记录",
}


class Alarm(Local):
    """One thing a person has to know; `text` is for them."""

    kind = TextField(verbose_name="类别")
    station = TextField(default="", verbose_name="工作站")
    # What tells this alarm from others of its kind: it is raised once.
    about = TextField(default="")
    text = TextField(verbose_name="说明")
    found_at = MomentField(default=clock.now, verbose_name="发现时间")
    settled_at = MomentField(null=True, verbose_name="处理时间")
    settled_by = TextField(default="", verbose_name="处理人")
    settled_note = TextField(default="", verbose_name="处理说明")

    class Meta:
        table_name = "alarm"
        indexes = ((("kind", "station", "about"), True),)

    @property
    def kind_label(self) -> str:
        return ALARM_KIND_LABELS.get(self.kind, self.kind)


def raise_alarm(kind: AlarmKind, text: str, *, station: str, about: str) -> None:
    """Tell people once.  The same again only brings the text up to date."""
    with transaction():
        Alarm.insert(kind=kind, station=station, about=about, text=text).on_conflict(
            conflict_target=[Alarm.kind, Alarm.station, Alarm.about],
            preserve=[Alarm.text],
        ).execute()


def open_alarms() -> list[Alarm]:
    """What nobody has settled, the newest first."""
    waiting = Alarm.select().where(Alarm.settled_at.is_null())
    return list(waiting.order_by(Alarm.id.desc()))


def settle_alarm(alarm: Alarm, *, by: Person, note: str) -> None:
    """A person has seen to it; it stays, with what was done."""
    if not note.strip():
        raise UserError("请写明是怎样处理的。")
    with transaction():
        changed = (
            Alarm.update(
                settled_at=clock.now(), settled_by=by.name, settled_note=note.strip()
            )
            .where((Alarm.id == alarm.id) & Alarm.settled_at.is_null())
            .execute()
        )
        if changed != 1:
            raise UserError("这一项已经有人处理，请刷新。")
