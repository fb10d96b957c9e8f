"""Receipts: the office tells each station what it has, and the station checks it.

已确认 is only ever said on the word of a receipt whose head is the station's own.
"""

from collections import Counter

import msgspec

from exports.sync.publish import hash_of_entry
from models import journal
from models.base import db, table_of, transaction, tuples_of
from models.installation import Installation
from models.journal import OWN, Stream
from models.stations import Station
from models.tables import RECORDS
from models.uids import new_uid


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


def _append(stream: Stream, kind: str, message: dict) -> None:
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
            message = {
                "epoch": copy.epoch,
                "upto": copy.upto,
                "head": copy.head,
                "counts": _counts(station.station_uid),
                "missing": copy.waits_for,
                "seal_count": copy.seal_count,
                "seal_head": copy.seal_head,
            }
            if message != _last_receipt(outbox, copy.epoch):
                _append(outbox, "receipt", message)
    return outbox


def _last_receipt(outbox: Stream, epoch: str) -> dict | None:
    entry = journal.Entry
    newest = (
        entry.select(entry.payload)
        .where((entry.stream == outbox) & (entry.table_name == "receipt"))
        .order_by(entry.seq.desc())
        .limit(20)
    )
    for (payload,) in tuples_of(newest):
        message = msgspec.json.decode(payload)
        if message["epoch"] == epoch:
            return message
    return None


def _counts(station_uid: str) -> dict[str, int]:
    """Rows per table that a station has made."""
    counts = {}
    for model in RECORDS:
        if model.written_by == "desk":
            name = table_of(model).name
            counts[name] = db.execute_sql(
                f'SELECT COUNT(*) FROM "{name}" WHERE station = {db.param}',
                (station_uid,),
            ).fetchone()[0]
    return counts


def take_receipts(here: Installation, messages: list[dict]) -> str:
    """Confirm what the newest receipt of this epoch confirms.

    Returns what is wrong, for people; "" when all is well.
    """
    mine = [
        message
        for message in messages
        if message["kind"] == "receipt" and message["epoch"] == here.epoch
    ]
    if not mine:
        return ""
    receipt, stream = mine[-1], Stream.get_by_id(OWN)
    upto = receipt["upto"]
    if upto and hash_of_entry(stream, upto) != receipt["head"]:
        return "办公室收到的记录与本机不一致，请联系中心办公室核对。"
    if upto > stream.confirmed_upto:
        with transaction():
            stream.confirmed_upto = upto
            stream.save()
    if upto == journal.tip()[0] and receipt["counts"] != _own_counts(here):
        return "办公室的记录条数与本机不符，请联系中心办公室核对。"
    return ""


def _own_counts(here: Installation) -> dict[str, int]:
    return dict(Counter(_counts(here.station_uid)))
