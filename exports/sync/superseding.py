"""Files on the share that hold what was erased since: published again without it.

The writer of a folder alone does it, and only when the office has said that it knows of
the erasure: then a file of the same entries without the content takes the place of the
old one, which is removed.  Nobody who reads meanwhile misses anything: the chain is the
same, and whichever of the two a reader takes is whole.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from exports.sync import batch, keys, share
from exports.sync.publish import header_of, lines_between
from models import journal
from models.base import db, transaction
from models.erasure import ErasedRow
from models.installation import Installation
from models.journal import OWN, BatchFile, Stream
from models.progress import Report


def supersede(
    here: Installation,
    stream: Stream,
    folder: Path,
    recipients: Sequence[str],
    report: Report,
) -> int:
    """Clean the folders of an own stream, all its epochs; how many files went."""
    if not stream.stale or not _office_knows(here, stream):
        return 0
    gone, emptied = 0, _emptied_entries(stream)
    for epoch in sorted(share.names_in(folder.parent)):
        if epoch[:4].isdecimal():
            inside = folder.parent / epoch
            gone += _clean(here, stream, inside, recipients, emptied, report)
    if stream.published_upto == journal.tip(stream.id)[0]:
        with transaction():
            Stream.update(stale=False).where(Stream.id == stream.id).execute()
            stream.stale = False
    return gone


def supersede_all(
    here: Installation,
    down: Path,
    circles: Mapping[str, Sequence[str]],
    circle: Sequence[str],
    report: Report,
) -> int:
    """All own streams of the office, each with the circle of its addressee."""
    gone = 0
    for stream in Stream.select().where(Stream.own & Stream.stale):
        addressee = "all" if stream.id == OWN else stream.addressee
        folder = down / addressee / stream.epoch
        recipients = circles.get(addressee, circle)
        gone += supersede(here, stream, folder, recipients, report)
    return gone


def _office_knows(here: Installation, stream: Stream) -> bool:
    """Has the office read, and said so, all that this station said it erased?"""
    if here.is_office:
        return True
    if stream.id != OWN:
        return False
    last = db.execute_sql(
        f"SELECT MAX(seq) FROM journal WHERE stream = {OWN} "
        "AND table_name = 'erased_row'"
    ).fetchone()[0]
    return bool(ErasedRow.select().exists()) and (last or 0) <= stream.confirmed_upto


def _emptied_entries(stream: Stream) -> list[int]:
    rows = db.execute_sql(
        f"SELECT seq FROM journal WHERE stream = {db.param} AND payload IS NULL "
        "ORDER BY seq",
        (stream.id,),
    )
    return [seq for (seq,) in rows.fetchall()]


def _clean(
    here: Installation,
    stream: Stream,
    folder: Path,
    recipients: Sequence[str],
    emptied: Sequence[int],
    report: Report,
) -> int:
    gone, seqs = 0, {*emptied}
    for name in sorted(share.names_in(folder)):
        first, last = batch.range_of(name)
        at = bisect_left(emptied, first)
        if not first or at == len(emptied) or emptied[at] > last:
            continue
        report(gone, gone + 1, "正在清除已删除的个人信息")
        header = _stale_header(here, folder, name, seqs)
        if header is not None and _replace(here, stream, folder, header, recipients):
            _remove(stream, folder, name)
            gone += 1
    return gone


def _stale_header(
    here: Installation, folder: Path, name: str, emptied: set[int]
) -> batch.Header | None:
    """The header of a file of mine that holds content of emptied entries."""
    data = share.read(folder / name, batch.MOST_FILE)
    me = keys.Identity(here.sign_seed, here.age_identity)
    try:
        opened = batch.open_batch(
            name, data or b"", sign_key=me.sign_key, age_identity=here.age_identity
        )
    except batch.BadBatch:
        return None  # not mine, or not whole: nothing can be said of it
    holds = any(e.line.payload and e.line.seq in emptied for e in opened.entries)
    return opened.header if holds else None


def _replace(
    here: Installation,
    stream: Stream,
    folder: Path,
    old: batch.Header,
    recipients: Sequence[str],
) -> bool:
    """Publish the same entries as they are now.  False when mine are others."""
    lines, hashes = lines_between(stream, old.first, old.last)
    if len(lines) != old.count or not hashes or hashes[-1] != old.head:
        return False  # of a history this station did not go on with
    header = header_of(
        here,
        stream,
        (old.first, old.last, old.prev, old.head),
        (old.seal_count, old.seal_head),
    )
    header = msgspec.structs.replace(header, epoch=old.epoch)
    data = batch.seal(header, lines, here.sign_seed, sorted({*recipients}))
    name = batch.file_name(header.first, header.last, data)
    share.publish(folder, name, data)
    if old.epoch == stream.epoch and folder.name == here.epoch:
        with transaction():
            BatchFile.get_or_create(stream=stream, name=name)
    return True


def _remove(stream: Stream, folder: Path, name: str) -> None:
    share.remove(folder / name)
    with transaction():
        BatchFile.delete().where(
            (BatchFile.stream == stream) & (BatchFile.name == name)
        ).execute()
