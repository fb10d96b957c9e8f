"""Who has not been heard of for days, and how old the office's last word is."""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from models import clock
from models.base import tuples_of
from models.desks import Desk
from models.installation import installation
from models.journal import Stream
from models.stations import stations

# A sign of life comes every day the PC is on: a weekend is no silence.
SILENT_DAYS = 3


@dataclass
class Silence:
    """A station that has said nothing for `days` days; None: it never did."""

    station_uid: str
    name: str
    desk: str
    heard_at: datetime | None
    days: int | None

    @property
    def words(self) -> str:
        name = self.desk or self.name
        return f"{name}已 {self.days} 天无数据" if self.days else f"{name}还没有数据"


@dataclass
class OfficeWord:
    """The last word of the office: which version of its data, and how old."""

    version: int
    said_at: datetime
    days: int

    @property
    def is_old(self) -> bool:
        return self.days >= SILENT_DAYS

    @property
    def words(self) -> str:
        age = f"，数据已 {self.days} 天未更新" if self.is_old else ""
        return f"办公室资料第 {self.version:,} 版（{self.said_at:%m-%d %H:%M}）{age}"


def silent_stations(days: int = SILENT_DAYS) -> list[Silence]:
    """At the office: the trusted stations not heard of for *days* days or more."""
    heard = dict(
        tuples_of(
            Stream.select(Stream.sender, fn.MAX(Stream.heard_at))
            .where(~Stream.own)
            .group_by(Stream.sender)
        )
    )
    names = dict(tuples_of(Desk.select(Desk.uid, Desk.name)))
    now, found = clock.now(), []
    for station in stations():
        if station.revoked_after is not None:
            continue
        at = heard.get(station.station_uid)
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
        since = (now - at).days if at else None
        if since is None or since >= days:
            desk = names.get(station.desk_uid, "")
            found.append(Silence(station.station_uid, station.name, desk, at, since))
    return found


def office_word() -> OfficeWord | None:
    """At a desk: what the office it follows said last to all; None before the first."""
    here = installation()
    copy = Stream.get_or_none(
        (Stream.sender == here.office_uid)
        & (Stream.addressee == "all")
        & (Stream.epoch == here.followed_epoch)
        & ~Stream.own
    )
    if copy is None or copy.said_at is None:
        return None
    days = max(0, (clock.now() - copy.said_at).days)
    return OfficeWord(copy.upto, copy.said_at, days)
