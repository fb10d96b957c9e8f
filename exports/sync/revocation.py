"""Telling a PC that it is revoked, and what it does then.

From then on it is in no circle of readers, so what the office tells everybody is closed
to it; this one message comes in the office's stream to it alone.  It keeps its records,
which can be read and exported, and publishes nothing any more.
"""

from pathlib import Path

import msgspec

from exports.sync.publish import publish_stream
from exports.sync.receipts import dispatch_stream
from models import journal
from models.base import transaction, tuples_of
from models.installation import Installation
from models.journal import Stream
from models.progress import Report
from models.stations import Station, stations
from models.uids import new_uid

REVOKED = "revoked"


class Revoked(msgspec.Struct, frozen=True):
    """The office trusts the station no longer."""

    epoch: str
    after_seq: int
    reason: str


def tell_revoked(here: Installation, down: Path, report: Report) -> None:
    """At the office: the last word to each PC that was revoked."""
    for station in stations():
        if station.revoked_after is None:
            continue
        with transaction():
            outbox = dispatch_stream(here, station)
            if _last_word(outbox) is None:
                _say(outbox, station, station.revoked_after)
        circle = [here.office_recipient, here.recovery_recipient, station.recipient]
        folder = down / station.station_uid / here.epoch
        publish_stream(here, outbox, folder, circle, report)


def _say(outbox: Stream, station: Station, after_seq: int) -> None:
    words = Revoked(station.revoked_epoch, after_seq, station.revoked_reason)
    journal.append_entries(
        [(REVOKED, new_uid(), 1, msgspec.json.encode(words))],
        by=None,
        audience=outbox.addressee,
        stream=outbox.id,
    )


def _last_word(stream: Stream) -> str | None:
    entry = journal.Entry
    said = entry.select(entry.payload).where(
        (entry.stream == stream) & (entry.table_name == REVOKED)
    )
    return next((payload for (payload,) in tuples_of(said)), None)


def revoked_words(here: Installation) -> str:
    """At a desk: that the office has revoked this PC; "" while it has not."""
    told = Stream.select().where(
        (Stream.sender == here.office_uid)
        & (Stream.addressee == here.station_uid)
        & ~Stream.own
        & (Stream.epoch >= here.followed_epoch)
    )
    words = [word for stream in told if (word := _last_word(stream)) is not None]
    if not words:
        return ""
    said = msgspec.json.decode(words[-1], type=Revoked)
    return (
        f"这台电脑已被中心办公室注销（{said.reason}），不再上传；"
        f"第 {said.after_seq} 条以后的记录办公室不再接收。"
        "本机的记录都在，可以查看和导出；请联系中心办公室。"
    )
