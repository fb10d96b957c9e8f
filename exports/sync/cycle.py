"""One exchange with the shared folder, and what people are told about it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from exports.sync import enrolment, receipts, share
from exports.sync.merge import Merged, Sender, merge_stream
from exports.sync.publish import publish_stream
from models import clock, journal
from models.base import transaction
from models.errors import UserError
from models.installation import Installation, StationKind, installation
from models.journal import OWN, Stream
from models.stations import Station, stations, this_station
from models.troubles import Conflict, Quarantine

Report = Callable[[int, int, str], None]

EPOCH_LENGTH = 16


def _quiet(done: int, total: int, text: str) -> None:
    """Report to nobody."""


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


def sync(report: Report = _quiet) -> SyncResult:
    """Bring over what is new in both directions.

    Raises `UserError` when the share cannot be reached; nothing is lost by it.
    """
    here = installation()
    try:
        if not here.share:
            raise UserError("还没有设置共享文件夹，请在“同步”页选择。")
        _check_marker(here)
        work = _sync_office if here.kind == StationKind.OFFICE else _sync_desk
        result = work(here, report)
        _check_marker(here)
    except UserError as error:
        _remember(here, trouble=str(error))
        raise
    _remember(here, trouble=result.trouble)
    return result


def _check_marker(here: Installation) -> None:
    """Is this still our centre's share?  Asked before and after each exchange."""
    marker = share.read_marker(Path(here.share))
    if (marker.realm, marker.office_key) != (here.realm, here.office_key):
        raise UserError("这个共享文件夹属于另一个服务中心，没有同步，请重新选择。")


def _remember(here: Installation, *, trouble: str) -> None:
    with transaction():
        synced_at = here.synced_at if trouble else clock.now()
        Installation.update(sync_trouble=trouble, synced_at=synced_at).execute()


def _sync_desk(here: Installation, report: Report) -> SyncResult:
    root, result = Path(here.share), SyncResult()
    office = Sender(here.office_uid, StationKind.OFFICE, here.office_key)
    report(0, 1, "正在接收办公室的数据")
    messages = []
    for addressee in ("all", here.station_uid):
        merged = _follow_office(here, office, addressee, root / "down" / addressee)
        result.merged += merged.entries
        messages += merged.messages
    result.trouble = receipts.take_receipts(here, messages)
    if this_station() is None:
        enrolment.send_request(here)
        result.trouble = "等待中心办公室批准这台工作站；批准后请再同步一次。"
        return result
    own = Stream.get_by_id(OWN)
    result.published = publish_stream(
        here,
        own,
        root / "up" / here.station_uid / here.epoch,
        [
            here.office_recipient,
            here.recovery_recipient,
            enrolment.my_request(here).recipient,
        ],
        report,
    )
    return result


def _follow_office(
    here: Installation, office: Sender, addressee: str, folder: Path
) -> Merged:
    """Take over the office's streams, never of an epoch older than the followed."""
    entries, messages = 0, []
    for epoch in _epochs(folder):
        if epoch < here.followed_epoch:
            continue
        merged = merge_stream(here, office, addressee, epoch, folder / epoch)
        entries += merged.entries
        messages += merged.messages
        if merged.entries and epoch > here.followed_epoch:
            with transaction():
                here.followed_epoch = epoch
                Installation.update(followed_epoch=epoch).execute()
    return Merged(entries, messages)


def _epochs(folder: Path) -> list[str]:
    return [
        name
        for name in share.names_in(folder)
        if len(name) == EPOCH_LENGTH and name.isalnum()
    ]


def _sync_office(here: Installation, report: Report) -> SyncResult:
    root, result = Path(here.share), SyncResult()
    known = stations()
    for done, station in enumerate(known):
        report(done, len(known), f"正在接收 {station.name}")
        sender = Sender(
            station.station_uid, station.kind, station.sign_key, station.revoked_after
        )
        folder = root / "up" / station.station_uid
        for epoch in _epochs(folder):
            merged = merge_stream(here, sender, "office", epoch, folder / epoch)
            result.merged += merged.entries
    circle = [here.office_recipient, here.recovery_recipient]
    trusted = [station for station in known if station.revoked_after is None]
    everyone = [*circle, *(station.recipient for station in trusted)]
    own, down = Stream.get_by_id(OWN), root / "down"
    result.published = publish_stream(
        here, own, down / "all" / here.epoch, everyone, report
    )
    for station in trusted:
        outbox = receipts.write_receipts(here, station)
        folder = down / station.station_uid / here.epoch
        publish_stream(here, outbox, folder, [*circle, station.recipient], report)
    return result


def sync_state() -> SyncState:
    """The three true states of this station's entries, and what is amiss."""
    here, own = installation(), Stream.get_by_id(OWN)
    length = journal.tip()[0]
    return SyncState(
        confirmed=own.confirmed_upto,
        published=own.published_upto - own.confirmed_upto,
        waiting=length - own.published_upto,
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
