"""One exchange with the shared folder, and what people are told about it."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from peewee import OperationalError, fn

from exports.sync import batch, enrolment, receipts, relay, share
from exports.sync.merge import merge_stream
from exports.sync.projection import Sender
from exports.sync.publish import publish_stream
from exports.sync.turn import my_turn
from models import clock, journal
from models.base import transaction, tuples_of
from models.errors import UserError
from models.installation import Installation, StationKind, installation
from models.journal import OWN, Stream
from models.progress import Report, unheard
from models.stations import Station, stations, this_station
from models.troubles import Conflict, Quarantine

EPOCH = re.compile(r"\d{4}[0-9a-f]{12}", re.ASCII)

# A station has one epoch, and one more for each restore.  Whoever fills the share with
# made-up folders gets no further than this.
MOST_NEW_EPOCHS = 20


@dataclass
class SyncResult:
    """What one exchange did."""

    published: int = 0
    merged: int = 0
    trouble: str = ""


@dataclass
class Missing:
    """A stretch of somebody's entries that has not arrived."""

    station: str
    name: str
    epoch: str
    first: int
    last: int


@dataclass
class SyncState:
    """What is where, truly: entries of this station's own journal."""

    confirmed: int
    published: int
    waiting: int
    quarantined: int
    conflicts: int
    missing: list[Missing] = field(default_factory=list)
    synced_at: datetime | None = None
    trouble: str = ""
    approved: bool = True

    @property
    def missing_rows(self) -> list[dict]:
        return [asdict(item) for item in self.missing]


def sync(report: Report = unheard) -> SyncResult:
    """Bring over what is new in both directions.

    Raises `UserError` when the share cannot be reached; nothing is lost by it.
    """
    with my_turn():
        here = installation()
        try:
            result = _exchange(here, report)
        except UserError as error:
            _remember(here, trouble=str(error))
            raise
        except OperationalError as error:
            raise UserError(
                f"本机数据写不进去，请检查磁盘空间后重试；记录没有丢失（{error}）。"
            ) from error
        _remember(here, trouble=result.trouble)
        return result


def _exchange(here: Installation, report: Report) -> SyncResult:
    if not here.share:
        raise UserError("还没有设置共享文件夹，请在“同步”页选择。")
    enrolment.finish_founding(here)
    _check_marker(here)
    work = _sync_office if here.kind == StationKind.OFFICE else _sync_desk
    result = work(here, report)
    _check_marker(here)
    return result


def _check_marker(here: Installation) -> None:
    """Is this still our centre's share?  Asked before and after each exchange."""
    marker = share.read_marker(Path(here.share))
    if (marker.realm, marker.office_key) != (here.realm, here.office_key):
        raise UserError("这个共享文件夹属于另一个服务中心，没有同步，请重新选择。")
    if marker.min_format > batch.VERSION:
        raise UserError("这个服务中心已改用更新的程序版本，请先升级本程序再同步。")


def _remember(here: Installation, *, trouble: str) -> None:
    with transaction():
        synced_at = here.synced_at if trouble else clock.now()
        Installation.update(sync_trouble=trouble, synced_at=synced_at).execute()


def _sync_desk(here: Installation, report: Report) -> SyncResult:
    root, result = Path(here.share), SyncResult()
    office = Sender(here.office_uid, StationKind.OFFICE, here.office_key)
    report(0, 1, "正在接收办公室的数据")
    for addressee in ("all", here.station_uid):
        folder = root / "down" / addressee
        for epoch in _epochs(office.uid, folder):
            if epoch >= here.followed_epoch:  # an older one is never followed again
                result.merged += merge_stream(
                    here, office, addressee, folder / epoch, report
                )
        _follow_newest(here)
    result.trouble = receipts.take_receipts(here)
    if this_station() is None:
        enrolment.send_request(here)
        result.trouble = "等待中心办公室批准这台工作站；批准后请再同步一次。"
        return result
    me = enrolment.my_request(here).recipient
    result.published = publish_stream(
        here,
        Stream.get_by_id(OWN),
        root / "up" / here.station_uid / here.epoch,
        [here.office_recipient, here.recovery_recipient, me],
        report,
    )
    return result


def _follow_newest(here: Installation) -> None:
    """Follow the newest office epoch heard of; what an older one confirmed is void."""
    newest = (
        Stream.select(fn.MAX(Stream.epoch))
        .where((Stream.sender == here.office_uid) & ~Stream.own & (Stream.upto > 0))
        .scalar()
    )
    if newest and newest > here.followed_epoch:
        with transaction():
            here.followed_epoch = newest
            Installation.update(followed_epoch=newest).execute()
            Stream.update(confirmed_upto=0).where(Stream.id == OWN).execute()


def _epochs(sender: str, folder: Path) -> list[str]:
    """The epochs of a sender in order; of unknown ones only so many are looked at."""
    there = {name for name in share.names_in(folder) if EPOCH.fullmatch(name)}
    known = {
        epoch
        for (epoch,) in tuples_of(
            Stream.select(Stream.epoch).where(
                (Stream.sender == sender) & (Stream.upto > 0)
            )
        )
    }
    return sorted((there & known) | {*sorted(there - known)[:MOST_NEW_EPOCHS]})


def _sync_office(here: Installation, report: Report) -> SyncResult:
    root, result = Path(here.share), SyncResult()
    known, troubles = stations(), []
    for done, station in enumerate(known):
        report(done, len(known), f"正在接收 {station.name}")
        sender = Sender(
            station.station_uid, station.kind, station.sign_key, station.revoked_after
        )
        folder = root / "up" / station.station_uid
        try:
            for epoch in _epochs(sender.uid, folder):
                result.merged += merge_stream(
                    here, sender, "office", folder / epoch, report
                )
        except share.Unreachable as error:
            _check_marker(here)  # this folder alone, or all of the share?
            troubles.append(f"{station.name}：{error}")
    circle = [here.office_recipient, here.recovery_recipient]
    trusted = [station for station in known if station.revoked_after is None]
    everyone = [*circle, *(station.recipient for station in trusted)]
    own, down = Stream.get_by_id(OWN), root / "down"
    result.published = publish_stream(
        here, own, down / "all" / here.epoch, everyone, report
    )
    outboxes = [
        (station, receipts.write_receipts(here, station)) for station in trusted
    ]
    relay.pass_on(outboxes, report)
    for station, outbox in outboxes:
        folder = down / station.station_uid / here.epoch
        publish_stream(here, outbox, folder, [*circle, station.recipient], report)
    result.trouble = "；".join(troubles)
    return result


def sync_state() -> SyncState:
    """The three true states of this station's entries, and what is amiss."""
    here, own = installation(), Stream.get_by_id(OWN)
    length = journal.tip()[0]
    # While a beginning is published anew, what is confirmed stays confirmed.
    sent = max(own.published_upto, own.confirmed_upto)
    return SyncState(
        confirmed=own.confirmed_upto,
        published=sent - own.confirmed_upto,
        waiting=length - sent,
        quarantined=Quarantine.select().count(),
        conflicts=Conflict.select().count(),
        missing=_missing(),
        synced_at=here.synced_at,
        trouble=here.sync_trouble,
        approved=here.is_office or this_station() is not None,
    )


def _missing() -> list[Missing]:
    names = {station.station_uid: station.name for station in Station.select()}
    found = []
    for stream in Stream.select().where(Stream.waits_for != ""):
        first, _, last = stream.waits_for.partition("-")
        name = names.get(stream.sender, "中心办公室")
        found.append(Missing(stream.sender, name, stream.epoch, int(first), int(last)))
    return found
