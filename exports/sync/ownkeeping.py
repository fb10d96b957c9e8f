"""What the office writes for itself alone, kept on the share for itself alone.

In `down/all` such an entry (who was paid what, how a trouble was settled) is a hash
without content.  So that an office whose PC is lost gets the content back as well, its
whole stream lies a second time under `down/office`, sealed to nobody but the office
and the recovery key.
"""

from pathlib import Path

from exports.sync import batch, share
from exports.sync.publish import ENTRIES, hash_before, header_of, lines_between
from models import journal
from models.installation import Installation
from models.journal import OWN, Stream
from models.progress import Report

PLACE = "office"
READABLE = ("all", "office")

# What this process has put into each folder: a listing may lag behind.
_published: dict[Path, set[str]] = {}


def keep_own(here: Installation, down: Path, report: Report) -> None:
    """Publish what `down/office` lacks of the office's own stream."""
    own, folder = Stream.get_by_id(OWN), down / PLACE / here.epoch
    total = journal.tip()[0]
    upto = _covered(folder)
    start = upto
    while upto < total:
        report(upto - start, total - start, "正在保存办公室自己的资料")
        upto = _publish_next(here, own, folder, upto)


def circle_of(here: Installation) -> list[str]:
    """Who can read it."""
    return sorted({here.office_recipient, here.recovery_recipient})


def _covered(folder: Path) -> int:
    """Up to which entry the files there hold everything."""
    listed = {*share.names_in(folder)}
    share.sweep(folder, listed)
    mine = _published.setdefault(folder, set())
    mine -= {name for name in mine - listed if share.is_gone(folder / name)}
    upto = 0
    for first, last in sorted(batch.range_of(name) for name in listed | mine):
        if 0 < first <= upto + 1:
            upto = max(upto, last)
    return upto


def _publish_next(here: Installation, own: Stream, folder: Path, done: int) -> int:
    lines, hashes = lines_between(own, done + 1, done + ENTRIES, readable=READABLE)
    prev = hash_before(here, own, done + 1) or ""
    place = (done + 1, done + len(lines), prev, hashes[-1])
    header = header_of(here, own, place, (0, ""))
    data = batch.seal(header, lines, here.sign_seed, circle_of(here))
    name = batch.file_name(header.first, header.last, data)
    share.publish(folder, name, data)
    _published[folder].add(name)
    return header.last
