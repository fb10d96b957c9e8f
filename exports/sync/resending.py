"""A person at a station asks the office for a file once more.

The other way round the office's receipt asks (`exports.sync.receipts`).  Here the
settlement that says so has come in, and what it asks for is published again.
"""

from collections.abc import Sequence

from exports.sync import batch
from exports.sync.projection import Sender
from exports.sync.publish import stand_at
from models.installation import Installation
from models.journal import OWN, Stream
from models.settling import Choice, Settlement


def note_asked(
    here: Installation, sender: Sender, fresh: Sequence[batch.Arrived]
) -> None:
    """Note from which entry on a station asks, in the transaction of the merge."""
    if not here.is_office or sender.uid == here.station_uid:
        return
    for entry in fresh:
        if entry.line.table == "settlement" and entry.line.payload:
            settled = Settlement.get_or_none(Settlement.uid == entry.line.row)
            if settled is not None and settled.choice == Choice.RESEND:
                _note(here, sender, settled.about)


def _note(here: Installation, sender: Sender, path: str) -> None:
    parts = path.split("/")
    if len(parts) != 4 or parts[0] != "down" or parts[1] not in ("all", sender.uid):
        return
    first, _last = batch.range_of(parts[3])
    which = Stream.id == OWN
    if parts[1] != "all":
        which = Stream.own & (Stream.addressee == sender.uid)
    for stream in Stream.select().where(which & (Stream.epoch == parts[2])):
        asked = [first, *([int(stream.asked)] if stream.asked.isdecimal() else [])]
        if first:
            stream.asked = str(min(asked))
            stream.save()


def send_again(here: Installation) -> None:
    """Let what was asked for be published once more, and all behind it."""
    for stream in Stream.select().where(
        Stream.own & (Stream.asked != "") & (Stream.epoch == here.epoch)
    ):
        first, stream.asked = int(stream.asked), ""
        stand_at(stream, min(first - 1, stream.published_upto))
