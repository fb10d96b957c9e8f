"""Signs of life: a signed empty batch when a station had nothing to say for a day.

By it the office knows a silent desk from a dead one, a desk how old the office's last
word is, and an office that was put back how far it had been read before.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from exports.sync import batch, share
from exports.sync.publish import hash_before, header_of
from models import clock, journal
from models.base import transaction
from models.installation import Installation
from models.journal import Stream

EVERY = timedelta(days=1)


def beat(
    here: Installation, stream: Stream, folder: Path, recipients: Iterable[str]
) -> bool:
    """Publish an empty batch at the end of an own stream when one is due."""
    if not _is_due(here, stream):
        return False
    end, head = journal.tip(stream.id)
    prev = hash_before(here, stream, end + 1) or head
    seals = (stream.seal_count, stream.seal_head)
    header = header_of(here, stream, (end + 1, end, prev, head), seals)
    data = batch.seal(header, [], here.sign_seed, sorted({*recipients}))
    share.publish(folder, batch.file_name(end + 1, end, data), data)
    with transaction():
        stream.said_at = clock.now()
        stream.save()
    return True


def _is_due(here: Installation, stream: Stream) -> bool:
    """A clock set back does not silence a station."""
    said = stream.said_at
    if said is None:
        if journal.tip(stream.id)[0]:
            return True
        said = here.created_at  # a new station has its first day to begin
    return abs(clock.now() - said) >= EVERY
