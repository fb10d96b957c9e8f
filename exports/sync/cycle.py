"""One exchange with the shared folder, and what people are told about it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from peewee import OperationalError

from exports.sync import (
    batch,
    doubts,
    enrolment,
    forgetting,
    keys,
    ownkeeping,
    recall,
    receipts,
    relay,
    resending,
    revocation,
    share,
    upgrading,
)
from exports.sync.heartbeat import beat
from exports.sync.inheritance import pass_on_inheritance
from exports.sync.merge import merge_stream
from exports.sync.projection import Sender
from exports.sync.publish import RolledBack, publish_stream
from exports.sync.superseding import supersede, supersede_all
from exports.sync.turn import my_turn
from models import clock, epochs, journal, retention, silence, troubles, witness
from models.alarms import open_alarms
from models.base import db, transaction, tuples_of
from models.errors import UserError
from models.installation import Installation, StationKind, installation
from models.journal import OWN, Stream
from models.progress import Report, unheard
from models.stations import Station, stations, this_station

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
    # Since when the share has not been there.
    away_since: datetime | None = None
    # What a person has to know, in words; the newest first.
    alarms: list[str] = field(default_factory=list)
    # At the office: who has been silent for days.  At a desk: how old its data are.
    silent: list[str] = field(default_factory=list)
    office_word: str = ""
    # Seal numbers wait for the office to say what it holds.
    awaits_office: bool = False

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
            if epochs.examine(here):
                here = installation()
            witness.note_tip(here)
            result = _exchange(here, report)
        except UserError as error:
            _remember(here, trouble=str(error), away=share.is_away(error))
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
    upgrading.project_what_waits(here)
    retention.erase_what_is_due(clock.today())
    work = _sync_office if here.kind == StationKind.OFFICE else _sync_desk
    try:
        result = work(here, report)
    except RolledBack as beyond:
        result = SyncResult(trouble=doubts.begin_anew_behind(here, *beyond.args))
    _check_marker(here)
    return result


def _check_marker(here: Installation) -> None:
    """Is this still our centre's share?  Asked before and after each exchange."""
    marker = share.read_marker(Path(here.share))
    if marker.realm == here.realm and marker.office_key != here.office_key:
        raise UserError(
            "共享文件夹上办公室的密钥与本机加入时核对的不一样，可能有人冒充办公室，"
            "没有同步；请打电话给中心办公室核对。"
        )
    if (marker.realm, marker.office_key) != (here.realm, here.office_key):
        raise UserError("这个共享文件夹属于另一个服务中心，没有同步，请重新选择。")
    if marker.min_format > batch.VERSION:
        raise UserError("这个服务中心已改用更新的程序版本，请先升级本程序再同步。")


def _remember(here: Installation, *, trouble: str, away: bool = False) -> None:
    now = clock.now()
    with transaction():
        Installation.update(
            sync_trouble=trouble,
            synced_at=here.synced_at if trouble else now,
            away_since=(here.away_since or now) if away else None,
        ).execute()


def _sync_desk(here: Installation, report: Report) -> SyncResult:
    root, result = Path(here.share), SyncResult()
    office = Sender(here.office_uid, StationKind.OFFICE, here.office_key)
    heard: list[batch.Header] = []
    was_behind = doubts.is_behind(here)  # a listing may lag once
    report(0, 1, "正在接收办公室的数据")
    for addressee in ("all", here.station_uid):
        folder = root / "down" / addressee
        for epoch in _epochs(office.uid, folder):
            if epoch >= here.followed_epoch:  # an older one is never followed again
                result.merged += merge_stream(
                    here, office, addressee, folder / epoch, report, heard
                )
        _follow_newest(here, heard)
    inbox = receipts.inbox_of(here)
    result.trouble = recall.take_back(here, inbox) or receipts.take_receipts(
        here, inbox
    )
    if revoked := revocation.revoked_words(here):
        result.trouble = revoked
        return result
    if doubts.is_shut_out(here):
        enrolment.send_request(here)
        result.trouble = doubts.SHUT_OUT
    elif was_behind and doubts.is_behind(here):
        enrolment.send_request(here)
        result.trouble = result.trouble or doubts.BEHIND
    if this_station() is None:
        enrolment.send_request(here)
        result.trouble = "等待中心办公室批准这台工作站；批准后请再同步一次。"
        return result
    me = enrolment.my_request(here).recipient
    own, folder = Stream.get_by_id(OWN), root / "up" / here.station_uid / here.epoch
    circle = [here.office_recipient, here.recovery_recipient, me]
    result.published = publish_stream(here, own, folder, circle, report)
    beat(here, own, folder, circle)
    supersede(here, own, folder, circle, report)
    return result


def _follow_newest(here: Installation, heard: Sequence[batch.Header]) -> None:
    """Follow the newest office epoch heard of; what an older one confirmed is void.

    A signed header is enough: an office that was put back to before this station was
    let in writes what it cannot read, and has none of its entries.
    """
    (read,) = db.execute_sql(
        f"SELECT MAX(epoch) FROM stream WHERE sender = {db.param} AND NOT own "
        "AND upto > 0",
        (here.office_uid,),
    ).fetchone()
    newest = max([read or "", *(header.epoch for header in heard)])
    if newest > here.followed_epoch:
        with transaction():
            here.followed_epoch = newest
            Installation.update(followed_epoch=newest).execute()
            # And it is told at once that it is followed: `heartbeat`.
            Stream.update(confirmed_upto=0, said_at=None).where(
                Stream.id == OWN
            ).execute()


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
    for place in (ownkeeping.PLACE, "all"):  # there with all that is for itself alone
        result.merged += _read_own_again(here, root / "down" / place, report)
    known, troubles = stations(), []
    for done, station in enumerate(known):
        report(done, len(known), f"正在接收 {station.name}")
        try:
            result.merged += _receive(here, station, root, report)
        except share.Unreachable as error:
            _check_marker(here)  # this folder alone, or all of the share?
            troubles.append(f"{station.name}：{error}")
        except doubts.Forgotten as forgotten:
            troubles.append(doubts.begin_anew_after(here, station, forgotten))
            here = installation()
    _publish_all(here, root, result, report)
    result.trouble = "；".join(troubles)
    return result


def _read_own_again(here: Installation, folder: Path, report: Report) -> int:
    """After a restore: what this office had published under other epochs."""
    if epochs.number_of(here.epoch) == 1:
        return 0
    identity = keys.Identity(here.sign_seed, here.age_identity)
    me = Sender(here.station_uid, StationKind.OFFICE, identity.sign_key)
    others = [epoch for epoch in _epochs(me.uid, folder) if epoch != here.epoch]
    return sum(
        merge_stream(here, me, "all", folder / epoch, report) for epoch in others
    )


def _receive(here: Installation, station: Station, root: Path, report: Report) -> int:
    """All that a station has sent, of each epoch."""
    sender = Sender(
        station.station_uid,
        station.kind,
        station.sign_key,
        station.revoked_after,
        station.revoked_epoch,
    )
    folder, merged = root / "up" / station.station_uid, 0
    heard: list[batch.Header] = []
    newest = doubts.newest_begun(sender.uid)
    for epoch in _epochs(sender.uid, folder):
        came = merge_stream(here, sender, "office", folder / epoch, report, heard)
        if came and newest and doubts.is_older(sender.uid, epoch, newest):
            doubts.tell_two_alive(station, epoch)
        merged += came
    if merged:
        doubts.tell_reopened(station)
    doubts.check_followed(here, station, heard)
    return merged


def _publish_all(
    here: Installation, root: Path, result: SyncResult, report: Report
) -> None:
    circle = [here.office_recipient, here.recovery_recipient]
    trusted = [station for station in stations() if station.revoked_after is None]
    everyone = [*circle, *(station.recipient for station in trusted)]
    forgetting.order_what_stations_found(here)
    resending.send_again(here)
    own, down = Stream.get_by_id(OWN), root / "down"
    folder = down / "all" / here.epoch
    result.published = publish_stream(here, own, folder, everyone, report)
    beat(here, own, folder, everyone)
    ownkeeping.keep_own(here, down, report)
    outboxes = []
    for station in trusted:
        outbox = receipts.write_receipts(here, station)
        recall.give_back(station, outbox)
        pass_on_inheritance(station, outbox)
        outboxes.append((station, outbox))
    relay.pass_on(outboxes, report)
    for station, outbox in outboxes:
        folder = down / station.station_uid / here.epoch
        publish_stream(here, outbox, folder, [*circle, station.recipient], report)
    revocation.tell_revoked(here, down, report)
    circles = {s.station_uid: [*circle, s.recipient] for s in trusted}
    supersede_all(here, down, {"all": everyone, **circles}, circle, report)


def sync_state() -> SyncState:
    """The three true states of this station's entries, and what is amiss."""
    here, own = installation(), Stream.get_by_id(OWN)
    length = journal.tip()[0]
    # While a beginning is published anew, what is confirmed stays confirmed.
    sent = max(own.published_upto, own.confirmed_upto)
    bad_files, conflicts = troubles.count_open()
    return SyncState(
        confirmed=own.confirmed_upto,
        published=sent - own.confirmed_upto,
        waiting=length - sent,
        quarantined=bad_files,
        conflicts=conflicts,
        missing=_missing(),
        synced_at=here.synced_at,
        trouble=here.sync_trouble,
        away_since=here.away_since,
        approved=here.is_office or this_station() is not None,
        alarms=[alarm.text for alarm in open_alarms()],
        silent=[who.words for who in silence.silent_stations()]
        if here.is_office
        else [],
        office_word=_office_word(here),
        awaits_office=here.awaits_office,
    )


def _office_word(here: Installation) -> str:
    word = None if here.is_office else silence.office_word()
    return word.words if word else ""


def _missing() -> list[Missing]:
    names = {station.station_uid: station.name for station in Station.select()}
    found = []
    for stream in Stream.select().where(Stream.waits_for != ""):
        first, _, last = stream.waits_for.partition("-")
        name = names.get(stream.sender, "中心办公室")
        found.append(Missing(stream.sender, name, stream.epoch, int(first), int(last)))
    return found
