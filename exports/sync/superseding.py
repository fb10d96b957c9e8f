"""Files on the share that hold what was erased since: published again without it.

The writer of a folder alone does it, and only when the office has said that it knows of
the erasure: then a file of the same entries without the content takes the place of the
old one, which is removed.  Nobody who reads meanwhile misses anything: the chain is the
same, and whichever of the two a reader takes is whole.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from exports.sync import batch, keys, ownkeeping, share
from models import journal
from models.base import db, transaction
from models.erasing import ordered, said_erased
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
    gone, is_erased = 0, _erased_in(stream)
    for epoch in sorted(share.names_in(folder.parent)):
        if epoch[:4].isdecimal():
            report(gone, gone + 1, "正在清除已删除的个人信息")
            inside = folder.parent / epoch
            gone += _clean(here, stream, inside, recipients, is_erased)
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
        if stream.id == OWN:
            gone += _supersede_kept(here, stream, down / ownkeeping.PLACE, report)
        gone += supersede(here, stream, folder, recipients, report)
    return gone


def _supersede_kept(here: Installation, own: Stream, kept: Path, report: Report) -> int:
    """Clean what the office keeps for itself, all its epochs."""
    gone, is_erased = 0, _erased_in(own)
    for epoch in sorted(share.names_in(kept)):
        report(gone, gone + 1, "正在清除已删除的个人信息")
        gone += _clean(here, None, kept / epoch, ownkeeping.circle_of(here), is_erased)
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


def _erased_in(stream: Stream) -> Callable[[batch.Arrived], bool]:
    """Whether an entry has no content any more: one of this stream, or of a history
    that this station did not go on with."""
    rows = db.execute_sql(
        f"SELECT seq, digest FROM journal WHERE stream = {db.param} "
        "AND payload IS NULL",
        (stream.id,),
    )
    emptied, named = dict(rows.fetchall()), ordered()
    for table, uid, upto, _ in said_erased(None):
        named[table, uid] = max(upto, named.get((table, uid), 0))

    def is_erased(entry: batch.Arrived) -> bool:
        line = entry.line
        return bool(line.payload) and (
            emptied.get(line.seq) == entry.digest
            or line.revision <= named.get((line.table, line.row), 0)
        )

    return is_erased


def _clean(
    here: Installation,
    stream: Stream | None,
    folder: Path,
    recipients: Sequence[str],
    is_erased: Callable[[batch.Arrived], bool],
) -> int:
    """*stream* takes down which files there are; what is kept is only listed."""
    gone, me = 0, keys.Identity(here.sign_seed, here.age_identity)
    for name in sorted(share.names_in(folder)):
        if not batch.NAME.fullmatch(name):
            continue
        data = share.read(folder / name, batch.MOST_FILE)
        try:
            opened = batch.open_batch(
                name, data or b"", sign_key=me.sign_key, age_identity=here.age_identity
            )
        except batch.BadBatch:
            continue  # not mine, or not whole: nothing can be said of it
        if any(map(is_erased, opened.entries)):
            _publish_without(here, stream, folder, opened, recipients, is_erased)
            _remove(stream, folder, name)
            gone += 1
    return gone


def _publish_without(
    here: Installation,
    stream: Stream | None,
    folder: Path,
    old: batch.Batch,
    recipients: Sequence[str],
    is_erased: Callable[[batch.Arrived], bool],
) -> None:
    """The same entries under the same hashes, the erased ones without content."""
    lines = [
        batch.without_content(entry) if is_erased(entry) else entry.line
        for entry in old.entries
    ]
    data = batch.seal(old.header, lines, here.sign_seed, sorted({*recipients}))
    name = batch.file_name(old.header.first, old.header.last, data)
    share.publish(folder, name, data)
    if stream is not None and old.header.epoch == here.epoch:
        with transaction():
            BatchFile.get_or_create(stream=stream, name=name)


def _remove(stream: Stream | None, folder: Path, name: str) -> None:
    share.remove(folder / name)
    if stream is None:
        return
    with transaction():
        BatchFile.delete().where(
            (BatchFile.stream == stream) & (BatchFile.name == name)
        ).execute()
