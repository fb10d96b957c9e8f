"""Putting the entries of an own stream on the share, batch by batch."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from exports.sync import batch, keys, share
from models import clock, journal
from models.base import db, transaction
from models.installation import Installation
from models.journal import BatchFile, Stream

APP = "1"

# The plain text of one batch stays well below what a reader accepts.
MOST_BYTES = 16 << 20

Report = Callable[[int, int, str], None]


def publish_stream(
    here: Installation,
    stream: Stream,
    folder: Path,
    recipients: Iterable[str],
    report: Report,
) -> int:
    """Publish what is new in *stream*; returns the number of entries.

    Sealed to another circle of readers than last time, everything is published once
    more, so that a station let in today can read the beginning as well.  Publishing
    twice is harmless: a reader knows every entry by its place in the chain.
    """
    circle = sorted({*recipients})
    sealed_to = sha256("\n".join(circle).encode()).hexdigest()
    start = stream.published_upto if stream.sealed_to == sealed_to else 0
    total, done = journal.tip(stream.id)[0], start
    while done < total:
        report(done - start, total - start, "正在上传")
        done = _publish_next(here, stream, folder, circle, sealed_to, done)
    return total - start


def _publish_next(
    here: Installation,
    stream: Stream,
    folder: Path,
    circle: list[str],
    sealed_to: str,
    done: int,
) -> int:
    lines, hashes = _lines_after(stream, done)
    first, last = lines[0].seq, lines[-1].seq
    before = _hash_at(here, stream, done)
    # Counted over the whole stream: a republished beginning starts from nothing.
    seal_count, seal_head = (
        (stream.seal_count, stream.seal_head)
        if done == stream.published_upto and done
        else (0, "")
    )
    tables = [(line.table, entry) for line, entry in zip(lines, hashes, strict=True)]
    seal_count, seal_head = batch.seal_ledger(seal_count, seal_head, tables)
    header = batch.Header(
        v=batch.VERSION,
        min_reader=1,
        realm=here.realm,
        sender=here.station_uid,
        to=stream.addressee,
        epoch=here.epoch,
        first=first,
        last=last,
        prev=before,
        head=hashes[-1],
        count=len(lines),
        digest="",
        key=keys.key_id(keys.Identity(here.sign_seed, here.age_identity).sign_key),
        followed=here.followed_epoch,
        seal_count=seal_count,
        seal_head=seal_head,
        at=clock.stamp(),
        app=APP,
    )
    data = batch.seal(header, lines, here.sign_seed, circle)
    name = batch.file_name(first, last, data)
    share.publish(folder, name, data)
    with transaction():
        BatchFile.create(stream=stream, name=name)
        stream.published_upto, stream.sealed_to = last, sealed_to
        stream.seal_count, stream.seal_head = seal_count, seal_head
        stream.save()
    return last


def _hash_at(here: Installation, stream: Stream, seq: int) -> str:
    if seq == 0:
        return journal.genesis(here.realm, stream.sender, stream.addressee)
    return hash_of_entry(stream, seq) or ""


def hash_of_entry(stream: Stream, seq: int) -> str | None:
    """The hash of one entry of a stream, or None when there is no such entry."""
    row = db.execute_sql(
        f"SELECT hash FROM journal WHERE stream = {db.param} AND seq = {db.param}",
        (stream.id, seq),
    ).fetchone()
    return row[0] if row else None


def _lines_after(stream: Stream, seq: int) -> tuple[list[batch.Line], list[str]]:
    """The next entries that fit into one batch, and their hashes.

    An entry that is not for the addressee goes without its payload: its digest is
    enough to check the chain.
    """
    rows = db.execute_sql(
        "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
        f"payload, digest, hash FROM journal WHERE stream = {db.param} "
        f"AND seq > {db.param} ORDER BY seq LIMIT {batch.MOST_ENTRIES}",
        (stream.id, seq),
    )
    lines, hashes, size = [], [], 0
    for (
        number,
        at,
        person,
        table,
        row,
        revision,
        audience,
        salt,
        text,
        digest,
        h,
    ) in rows:
        line = batch.Line(number, at, person, table, row, revision, audience)
        if text is not None and audience in (stream.addressee, "all"):
            line.salt, line.payload = salt, msgspec.Raw(text.encode())
            size += len(text)
        else:
            line.digest = digest
        lines.append(line)
        hashes.append(h)
        if size > MOST_BYTES:
            break
    return lines, hashes
