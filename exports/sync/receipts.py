"""Receipts: the office tells each station what it has, and the station checks it.

已确认 is only ever said on the word of a receipt whose head is the station's own.
"""

from typing import Annotated, Any

import msgspec

from exports.sync.forks import BRANCH
from exports.sync.publish import hash_of_entry, stand_at
from models import epochs, journal
from models.alarms import AlarmKind, raise_alarm
from models.base import db, may_write, table_of, transaction, tuples_of
from models.epochs import EpochReason
from models.installation import Installation
from models.journal import OWN, Stream
from models.jsontext import UNREADABLE
from models.stations import Station
from models.tables import RECORDS, TABLE_TITLES
from models.troubles import Conflict
from models.uids import new_uid

# Receipts are written for every epoch of a station, so the newest of each is near.
MOST_EPOCHS = 100


Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]  # as the database counts


class Receipt(msgspec.Struct, frozen=True):
    """What the office has of one stream of a station."""

    epoch: str
    upto: Count
    head: str
    counts: dict[str, Count]  # rows of the station per table, of all its epochs
    missing: str  # "first-last" of what it waits for, "" when for nothing
    seal_count: Count
    seal_head: str
    again: str = ""  # the settlement by which a person asked for it once more


def dispatch_stream(here: Installation, station: Station) -> Stream:
    """The office's own stream of messages to one station."""
    stream, created = Stream.get_or_create(
        sender=here.station_uid,
        addressee=station.station_uid,
        epoch=here.epoch,
        defaults={"own": True},
    )
    if created:
        have = {
            copy.epoch: copy.upto
            for copy in Stream.select().where(
                (Stream.sender == station.station_uid) & ~Stream.own
            )
        }
        _append(stream, "hello", {"epoch": here.epoch, "have": have})
    return stream


def _append(stream: Stream, kind: str, message: Any) -> None:
    payload = msgspec.json.encode(message)
    journal.append_entries(
        [(kind, new_uid(), 1, payload)],
        by=None,
        audience=stream.addressee,
        stream=stream.id,
    )


def write_receipts(here: Installation, station: Station) -> Stream:
    """Note a receipt for each stream of *station* that moved since the last one."""
    with transaction():
        outbox = dispatch_stream(here, station)
        for copy in Stream.select().where(
            (Stream.sender == station.station_uid) & ~Stream.own
        ):
            last = _last_receipt(outbox, copy.epoch)
            if last is not None and _place(last) == _place(copy):
                continue
            receipt = Receipt(
                epoch=copy.epoch,
                upto=copy.upto,
                head=copy.head,
                counts=_counts(station.station_uid),
                missing=copy.waits_for,
                seal_count=copy.seal_count,
                seal_head=copy.seal_head,
                again=copy.asked,
            )
            _append(outbox, "receipt", receipt)
    return outbox


def _place(of: Receipt | Stream) -> tuple[int, str, str, str]:
    if isinstance(of, Receipt):
        return of.upto, of.head, of.missing, of.again
    return of.upto, of.head, of.waits_for, of.asked


def _last_receipt(stream: Stream, epoch: str) -> Receipt | None:
    """The newest receipt in *stream* for the entries of *epoch*."""
    entry = journal.Entry
    newest = (
        entry.select(entry.payload)
        .where((entry.stream == stream) & (entry.table_name == "receipt"))
        .order_by(entry.seq.desc())
        .limit(MOST_EPOCHS)
    )
    for (payload,) in tuples_of(newest):
        receipt = msgspec.json.decode(payload, type=Receipt)
        if receipt.epoch == epoch:
            return receipt
    return None


def _counts(station_uid: str) -> dict[str, int]:
    """Rows per table that a station has made."""
    counts = {}
    for model in RECORDS:
        if may_write(model, "desk"):
            name = table_of(model).name
            counts[name] = db.execute_sql(
                f'SELECT COUNT(*) FROM "{name}" WHERE station = {db.param}',
                (station_uid,),
            ).fetchone()[0] + _kept_aside(station_uid, name)
    return counts


def _kept_aside(station_uid: str, name: str) -> int:
    """Rows of a station that are here as conflicts alone: they did arrive."""
    aside = (Conflict.sender == station_uid) & (Conflict.table_name == name)
    if not Conflict.select().where(aside).exists():
        return 0
    return db.execute_sql(
        f"SELECT COUNT(DISTINCT c.row_uid) FROM conflict c "
        f"WHERE c.sender = {db.param} AND c.table_name = {db.param} "
        f"AND c.epoch NOT LIKE {db.param} "
        f'AND NOT EXISTS (SELECT 1 FROM "{name}" t WHERE t.uid = c.row_uid)',
        (station_uid, name, f"%{BRANCH}%"),
    ).fetchone()[0]


def inbox_of(here: Installation) -> Stream | None:
    """My copy of what the office that is followed says to me alone."""
    return Stream.get_or_none(
        (Stream.sender == here.office_uid)
        & (Stream.addressee == here.station_uid)
        & (Stream.epoch == here.followed_epoch)
    )


def take_receipts(here: Installation, inbox: Stream | None) -> str:
    """Confirm what the newest receipt says of this epoch, and send what it misses.

    It is read from my copy of the office's journal, so one that a crash kept from
    being acted upon is acted upon now.  When the office holds other entries than this
    PC, it goes on under a new epoch.  Returns what is wrong, for people; "" when all is
    well.
    """
    # Of the office's stream, `confirmed_upto` is how far it has been acted upon.
    if inbox is None or inbox.confirmed_upto == inbox.upto:
        return ""
    try:
        receipt = _last_receipt(inbox, here.epoch)
    except UNREADABLE:
        return "办公室的回执无法读取，请升级本程序。"
    own = Stream.get_by_id(OWN)
    if receipt is not None:
        if receipt.upto and hash_of_entry(own, receipt.upto) != receipt.head:
            return _part_ways(here, receipt)
        if receipt.upto == journal.tip()[0] and (trouble := _compare(here, receipt)):
            return trouble
    with transaction():
        if receipt is not None:
            own.confirmed_upto = max(own.confirmed_upto, receipt.upto)
            own.save()
            if receipt.missing and own.confirmed_upto < own.published_upto:
                stand_at(own, own.confirmed_upto)
        inbox.confirmed_upto = inbox.upto
        inbox.save()
    return ""


def _part_ways(here: Installation, receipt: Receipt) -> str:
    """The office has entries under my name that are not mine."""
    length = journal.tip()[0]
    reason = EpochReason.RECEIPT if receipt.upto <= length else EpochReason.ROLLED_BACK
    here.epoch = epochs.open_epoch(reason, seen=receipt.upto)
    epochs.tell_what_went(here)
    return "办公室收到的记录与本机不一致：本机已换用新的编号段，全部重新上传。"


def _compare(here: Installation, receipt: Receipt) -> str:
    """Compare the numbers of rows; a table only one program knows says nothing."""
    mine, theirs = _counts(here.station_uid), receipt.counts
    names = theirs.keys() & mine.keys()
    if any(theirs[name] < mine[name] for name in names):
        return "办公室的记录条数与本机不符，请联系中心办公室核对。"
    more = {
        name: theirs[name] - mine[name] for name in names if theirs[name] > mine[name]
    }
    if more:
        kinds = "、".join(
            f"{TABLE_TITLES.get(name, name)} {more[name]} 条" for name in sorted(more)
        )
        raise_alarm(
            AlarmKind.LOST_HERE,
            f"办公室有以本机名义上传、而本机没有的记录：{kinds}。"
            "本机的数据可能被倒回过或被复制过，请联系中心办公室核对。",
            station=here.station_uid,
            about=f"counts {here.epoch}",
        )
    elif here.awaits_office:  # an office that gives nothing back has said enough
        here.awaits_office = False
        Installation.update(awaits_office=False).execute()
    return ""
