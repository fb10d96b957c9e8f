"""Putting the entries of an own stream on the share, batch by batch."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from exports.sync import batch, keys, share
from models import clock, journal, migrations, witness
from models.base import db, transaction, tuples_of
from models.installation import Installation
from models.journal import BatchFile, Stream
from models.progress import Report

APP = "1"

# One batch stays well below what a reader accepts.
ENTRIES = 5_000
BYTES = 16 << 20


class RolledBack(Exception):
    """On the share lie own entries, signed by this station, that are not here."""


def publish_stream(
    here: Installation,
    stream: Stream,
    folder: Path,
    recipients: Iterable[str],
    report: Report,
) -> int:
    """Publish what is new in *stream*; returns the number of entries.

    Sealed to another circle of readers than last time, everything is published once
    more, so that a station let in today can read the beginning as well.  So is what
    is not confirmed and no longer lies on the share.  Publishing twice is harmless: a
    reader knows every entry by its place in the chain.
    """
    circle = sorted({*recipients})
    sealed_to = sha256("\n".join(circle).encode()).hexdigest()
    total = journal.tip(stream.id)[0]
    awaited = _names_after(stream, stream.confirmed_upto)
    news = stream.published_upto < total or stream.sealed_to != sealed_to
    listed = {*share.names_in(folder)} if awaited or news else set()
    _refuse_to_fork(here, stream, folder, listed, total)
    if stream.sealed_to != sealed_to:
        stand_at(stream, 0, sealed_to=sealed_to)
    elif (lost := _lost(stream, folder, awaited, listed)) is not None:
        stand_at(stream, lost)
    start = stream.published_upto
    if start < total:
        witness.note_tip(here)  # all that leaves this PC is vouched for
        share.sweep(folder, listed)
    while stream.published_upto < total:
        report(stream.published_upto - start, total - start, "正在上传")
        _publish_next(here, stream, folder, circle)
    return max(total - start, 0)


def stand_at(stream: Stream, seq: int, *, sealed_to: str | None = None) -> None:
    """Take back that entries after *seq* were published: they will be once more."""
    with transaction():
        for name in _names_after(stream, seq):
            BatchFile.delete().where(
                (BatchFile.stream == stream) & (BatchFile.name == name)
            ).execute()
        uses = db.execute_sql(
            f"SELECT table_name, hash FROM journal WHERE stream = {db.param} "
            f"AND table_name = 'seal_use' AND seq <= {db.param} ORDER BY seq",
            (stream.id, seq),
        ).fetchall()
        stream.published_upto = seq
        stream.seal_count, stream.seal_head = batch.seal_ledger(0, "", uses)
        if sealed_to is not None:
            stream.sealed_to = sealed_to
        stream.save()


def _names_after(stream: Stream, seq: int) -> list[str]:
    """The published files that hold something after entry *seq*."""
    names = BatchFile.select(BatchFile.name).where(BatchFile.stream == stream)
    return [name for (name,) in tuples_of(names) if batch.range_of(name)[1] > seq]


def _refuse_to_fork(
    here: Installation, stream: Stream, folder: Path, listed: set[str], total: int
) -> None:
    """Raise `RolledBack` when this station has published entries beyond its last one.

    Then this database was put back, or it is a copy of one that went on.
    """
    sign_key = keys.Identity(here.sign_seed, here.age_identity).sign_key
    for name in listed:
        if batch.range_of(name)[1] <= total:
            continue
        data = share.read(folder / name, batch.MOST_FILE)
        try:
            header, _sealed = batch.read_header(name, data or b"", sign_key)
        except batch.BadBatch:
            continue  # not complete, or not from here
        if (header.to, header.epoch) == (stream.addressee, stream.epoch):
            raise RolledBack(header.last)


def _lost(
    stream: Stream, folder: Path, awaited: list[str], listed: set[str]
) -> int | None:
    """Up to where the published and not yet confirmed files still lie on the share.

    None when all are there.  A listing that lags is not believed.
    """
    lost = [
        batch.range_of(name)[0] - 1
        for name in awaited
        if name not in listed and share.is_gone(folder / name)
    ]
    return max(min(lost), stream.confirmed_upto) if lost else None


def _publish_next(
    here: Installation, stream: Stream, folder: Path, circle: list[str]
) -> None:
    done = stream.published_upto
    lines, hashes = _lines_after(stream, done)
    tables = [(line.table, entry) for line, entry in zip(lines, hashes, strict=True)]
    seal_count, seal_head = batch.seal_ledger(
        stream.seal_count, stream.seal_head, tables
    )
    prev = hash_before(here, stream, done + 1) or ""
    place = (done + 1, done + len(lines), prev, hashes[-1])
    header = header_of(here, stream, place, (seal_count, seal_head))
    data = batch.seal(header, lines, here.sign_seed, circle)
    name = batch.file_name(header.first, header.last, data)
    share.publish(folder, name, data)
    with transaction():
        BatchFile.create(stream=stream, name=name)
        stream.published_upto = header.last
        stream.seal_count, stream.seal_head = seal_count, seal_head
        stream.said_at = clock.now()
        stream.save()


def header_of(
    here: Installation,
    stream: Stream,
    place: tuple[int, int, str, str],
    seals: tuple[int, str],
) -> batch.Header:
    """The header of a batch with entries *place*: first, last, hash before, head."""
    first, last, prev, head = place
    return batch.Header(
        v=batch.VERSION,
        min_reader=1,
        realm=here.realm,
        sender=here.station_uid,
        to=stream.addressee,
        epoch=here.epoch,
        first=first,
        last=last,
        prev=prev,
        head=head,
        count=last - first + 1,
        digest="",
        key=keys.key_id(keys.Identity(here.sign_seed, here.age_identity).sign_key),
        followed=_followed(here),
        seal_count=seals[0],
        seal_head=seals[1],
        schema=1 + len(migrations.STEPS),
        at=clock.stamp(),
        app=APP,
    )


def _followed(here: Installation) -> batch.Followed:
    """How far this station has read what the office says to all and to it alone."""
    if here.is_office:
        return batch.Followed(epoch=here.epoch)
    read = {
        addressee: (upto, head)
        for addressee, upto, head in tuples_of(
            Stream.select(Stream.addressee, Stream.upto, Stream.head).where(
                (Stream.sender == here.office_uid)
                & (Stream.epoch == here.followed_epoch)
            )
        )
    }
    common, own = read.get("all", (0, "")), read.get(here.station_uid, (0, ""))
    return batch.Followed(here.followed_epoch, *common, *own)


def hash_before(here: Installation, stream: Stream, seq: int) -> str | None:
    """The hash that stands before entry *seq* of a stream; None when it is not here."""
    if seq == 1:
        return journal.genesis(here.realm, stream.sender, stream.addressee)
    return hash_of_entry(stream, seq - 1)


def hash_of_entry(stream: Stream, seq: int) -> str | None:
    """The hash of one entry of a stream, or None when there is no such entry."""
    row = db.execute_sql(
        f"SELECT hash FROM journal WHERE stream = {db.param} AND seq = {db.param}",
        (stream.id, seq),
    ).fetchone()
    return row[0] if row else None


def _lines_after(stream: Stream, after: int) -> tuple[list[batch.Line], list[str]]:
    """The next entries that fit into one batch, and their hashes."""
    return lines_between(stream, after + 1, after + ENTRIES)


def lines_between(
    stream: Stream, first: int, last: int, *, readable: Iterable[str] = ()
) -> tuple[list[batch.Line], list[str]]:
    """Entries as far as they fit into one batch, and their hashes.

    An entry that is not for the addressee, or not *readable*, goes without its
    payload: its digest is enough to check the chain.  So does one that was erased, and
    says so.
    """
    rows = db.execute_sql(
        "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
        f"CAST(payload AS BLOB), digest, hash FROM journal WHERE stream = {db.param} "
        f"AND seq BETWEEN {db.param} AND {db.param} ORDER BY seq",
        (stream.id, first, last),
    )
    readable = {*readable} or {stream.addressee, "all"}
    lines, hashes, size = [], [], 0
    for seq, at, person, table, row, revision, audience, *rest in rows:
        salt, payload, digest, entry_hash = rest
        line = batch.Line(seq, at, person, table, row, revision, audience)
        if payload is not None and audience in readable:
            size += len(payload)
            if lines and size > BYTES:
                break
            line.salt, line.payload = salt, msgspec.Raw(payload)
        else:
            line.digest = digest
            line.erased = payload is None and audience in readable
        lines.append(line)
        hashes.append(entry_hash)
    return lines, hashes
