"""What a station lost comes back: from the office, or from what it once published.

A desk whose database was put back, or was copied, goes on under a new epoch.  The
office compares it with what the desk had sent before, gives back each entry that is
missing, and says from where to where it held them.  An office that was put back reads
again what it had published to all.  An entry comes back with its time, person and salt,
so everyone who knew it knows it again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
from peewee import IntegrityError

from exports.sync import batch
from exports.sync.projection import OTHER_CONTENT, Sender, in_chunks, project
from exports.sync.publish import hash_of_entry
from models import journal
from models.alarms import AlarmKind, raise_alarm
from models.base import Record, db, transaction, tuples_of
from models.epochs import EpochChange, last_change
from models.errors import UserError
from models.installation import Installation
from models.journal import OWN, Stream, digest_of, next_hash
from models.stations import Station
from models.tables import RECORD_BY_NAME, TABLE_TITLES
from models.troubles import Conflict
from models.uids import new_uid

RETURNED, RECALLED = "returned", "recalled"

T = TypeVar("T", "Returned", "Recalled")


class Returned(msgspec.Struct, frozen=True):
    """The office gives an entry back, to one epoch of a station."""

    epoch: str
    of: str  # the epoch it was in
    line: batch.Line


class Recalled(msgspec.Struct, frozen=True):
    """What the office holds of an epoch beyond what the station went on with."""

    epoch: str
    of: str
    first: int  # the first entry that differs; beyond `upto` when none does
    upto: int
    tables: dict[str, int]  # how many entries were given back
    missing: str  # "first-last" of what never came whole, "" when nothing


# -- at the office ----------------------------------------------------------


def give_back(station: Station, outbox: Stream) -> None:
    """Tell a station that began anew what its older epochs held, with the entries."""
    uid = station.station_uid
    changes = dict(
        db.execute_sql(
            f'SELECT epoch, "before" FROM epoch_change WHERE station = {db.param}',
            (uid,),
        ).fetchall()
    )
    if not changes:
        return
    copies = {
        copy.epoch: copy
        for copy in Stream.select().where((Stream.sender == uid) & ~Stream.own)
    }
    begun = [copies[epoch] for epoch in changes if epoch in copies]
    if not begun:
        return
    # Of several the one that speaks: labels and clocks of a restored PC prove nothing.
    newest = max(begun, key=lambda copy: _arrival(copy))
    others = {epoch: copy for epoch, copy in copies.items() if copy != newest}
    for epoch in sorted({*others, changes[newest.epoch]}):
        _give_back_of(newest, epoch, others.get(epoch), outbox)


def _arrival(copy: Stream) -> int:
    """When the last entry came here, as its place in the journal."""
    row = db.execute_sql(
        f"SELECT id FROM journal WHERE stream = {db.param} AND seq = {db.param}",
        (copy.id, copy.upto),
    ).fetchone()
    return row[0] if row else 0


def _give_back_of(
    newest: Stream, epoch: str, copy: Stream | None, outbox: Stream
) -> None:
    upto, missing = (copy.upto, copy.waits_for) if copy else (0, "")
    said = _last_said(outbox, newest.epoch, epoch)
    if said is not None and (said.upto, said.missing) == (upto, missing):
        return
    parting = _parting(newest, copy) if copy else 0
    counts = Counter(said.tables if said else {})
    with transaction():
        if copy is not None:
            for lines in in_chunks(list(_lost(newest, copy, parting, said))):
                messages = [Returned(newest.epoch, epoch, line) for line in lines]
                _say(outbox, RETURNED, messages)
                counts.update(line.table for line in lines)
        words = Recalled(newest.epoch, epoch, parting + 1, upto, counts, missing)
        _say(outbox, RECALLED, [words])


def _say(outbox: Stream, kind: str, messages: Sequence[Returned | Recalled]) -> None:
    journal.append_entries(
        [(kind, new_uid(), 1, msgspec.json.encode(message)) for message in messages],
        by=None,
        audience=outbox.addressee,
        stream=outbox.id,
    )


def _last_said(outbox: Stream, epoch: str, of: str) -> Recalled | None:
    for said in _messages(outbox, RECALLED, Recalled):
        if (said.epoch, said.of) == (epoch, of):
            return said
    return None


def _parting(one: Stream, other: Stream) -> int:
    """Up to which entry two histories are the same: hashes are chained, so halve."""
    same, differ = 0, min(one.upto, other.upto) + 1
    while differ - same > 1:
        middle = (same + differ) // 2
        if hash_of_entry(one, middle) == hash_of_entry(other, middle):
            same = middle
        else:
            differ = middle
    return same


def _lost(
    newest: Stream, copy: Stream, parting: int, said: Recalled | None
) -> Iterator[batch.Line]:
    """The readable entries of *copy* after the parting that *newest* does not hold."""
    rows = db.execute_sql(
        "SELECT j.seq, j.at, j.person, j.table_name, j.row_uid, j.revision, "
        "j.audience, j.salt, j.payload FROM journal j "
        f"WHERE j.stream = {db.param} AND j.seq > {db.param} "
        "AND j.payload IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal k "
        f"WHERE k.row_uid = j.row_uid AND k.stream = {db.param} "
        "AND k.revision = j.revision AND k.digest = j.digest) ORDER BY j.seq",
        (copy.id, max(parting, said.upto if said else 0), newest.id),
    ).fetchall()
    for *fields, salt, payload in rows:
        line = batch.Line(*fields)
        line.salt, line.payload = salt, msgspec.Raw(payload.encode())
        yield line


# -- at the station ---------------------------------------------------------


def take_back(here: Installation, inbox: Stream | None) -> str:
    """Take over again what the office gives back; returns what is wrong, for people."""
    if inbox is None or inbox.confirmed_upto == inbox.upto:
        return ""
    after = inbox.confirmed_upto
    try:
        given = [
            message
            for message in reversed(_messages(inbox, RETURNED, Returned, after))
            if message.epoch == here.epoch
        ]
        said = [
            message
            for message in reversed(_messages(inbox, RECALLED, Recalled, after))
            if message.epoch == here.epoch
        ]
        with transaction():
            for epoch in dict.fromkeys(message.of for message in given):
                _take_lines(here, epoch, [m.line for m in given if m.of == epoch])
            for message in said:
                _note_recalled(here, message)
    except (msgspec.DecodeError, batch.BadBatch) as error:
        return f"办公室发还的记录无法读取（{error}），请升级本程序。"
    return ""


def _messages(stream: Stream, kind: str, shape: type[T], after: int = 0) -> list[T]:
    """The messages of a kind in a stream, the newest first."""
    entry = journal.Entry
    there = (entry.stream == stream) & (entry.seq > after) & (entry.table_name == kind)
    said = entry.select(entry.payload).where(there & entry.payload.is_null(False))
    return [
        msgspec.json.decode(payload, type=shape)
        for (payload,) in tuples_of(said.order_by(entry.seq.desc()))
    ]


def _take_lines(here: Installation, epoch: str, lines: Sequence[batch.Line]) -> None:
    sender = Sender(here.station_uid, here.kind, "")
    upto, head = journal.tip()
    # The stream they were in, as far as it is needed: what is here is all in mine.
    stream = Stream(
        id=OWN, sender=sender.uid, addressee="office", epoch=epoch, upto=upto, head=head
    )
    adopt(sender, stream, [_arrived(line) for line in lines])


def _arrived(line: batch.Line) -> batch.Arrived:
    digest = digest_of(line.salt, bytes(line.payload))
    fields = (line.at, line.person, line.table, line.row, line.revision)
    return batch.Arrived(
        line, digest, next_hash("", line.seq, *fields, line.audience, digest)
    )


def adopt(sender: Sender, stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    """Rows that this station itself wrote: into their tables and its own journal.

    A revision that says something else here stays as a conflict; so that everyone comes
    to hold the same, what stands here is then written once more.
    """
    held = _held([entry for entry in fresh if entry.line.payload])
    absent = [e for e in fresh if e.line.payload and _key(e) not in held]
    differ = [e for e in fresh if held.get(_key(e), e.digest) != e.digest]
    before = _newest_conflict()
    project(sender, stream, [*absent, *differ])
    journal.append_again(
        [
            (
                line.at,
                line.person,
                line.table,
                line.row,
                line.revision,
                line.audience,
                line.salt,
                bytes(line.payload).decode(),
            )
            for line in (entry.line for entry in absent)
            if line.table not in (RETURNED, RECALLED)
        ]
    )
    _write_once_more(sender, before)


def _key(entry: batch.Arrived) -> tuple[str, int]:
    return entry.line.row, entry.line.revision


def _held(entries: Sequence[batch.Arrived]) -> dict[tuple[str, int], str]:
    """Which of these revisions the own stream holds, with their digests."""
    held = {}
    for some in in_chunks(entries):
        marks = ", ".join([db.param] * len(some))
        rows = db.execute_sql(
            "SELECT row_uid, revision, digest FROM journal "
            f"WHERE stream = {db.param} AND row_uid IN ({marks})",
            (OWN, *(entry.line.row for entry in some)),
        ).fetchall()
        held.update(((uid, revision), digest) for uid, revision, digest in rows)
    return held


def _newest_conflict() -> int:
    return db.execute_sql("SELECT MAX(id) FROM conflict").fetchone()[0] or 0


def _write_once_more(sender: Sender, before: int) -> None:
    """The rows of new conflicts get a revision above both that contradict."""
    new = Conflict.select(Conflict.table_name, Conflict.row_uid).where(
        (Conflict.id > before)
        & (Conflict.sender == sender.uid)
        & (Conflict.reason == OTHER_CONTENT)
    )
    for table, uid in dict.fromkeys(tuples_of(new)):
        model: type[Record] = RECORD_BY_NAME[table]
        row = model.get_or_none(model.uid == uid)
        if row is None or model.only_added:
            continue
        try:
            with transaction():
                row.write(by=None)
        except (IntegrityError, UserError):
            continue  # signed, so never changed again: the conflict alone tells


def _note_recalled(here: Installation, said: Recalled) -> None:
    """The office has answered: seal numbers go on, and people learn what was lost."""
    change = last_change(here.station_uid)
    if change is None or change.epoch != said.epoch:
        return
    if said.of == change.before:
        here.awaits_office = False
        Installation.update(awaits_office=False).execute()
    words = _words(said, change)
    if words:
        raise_alarm(
            AlarmKind.LOST_HERE,
            words,
            station=here.station_uid,
            about=said.epoch if said.of == change.before else said.of,
        )


def _words(said: Recalled, change: EpochChange) -> str:
    """What came back and what did not, in numbers of the journal."""
    parts = []
    if said.tables:
        kinds = "、".join(
            f"{TABLE_TITLES.get(name, name)} {count} 条"
            for name, count in sorted(said.tables.items())
        )
        parts.append(
            "办公室已发还本机缺少的记录"
            f"（原第 {said.first}–{said.upto} 条中）：{kinds}。"
        )
    if said.missing:
        first, _, last = said.missing.partition("-")
        parts.append(f"第 {first}–{last} 条没有完整送到办公室，请按纸质台账补录。")
    if said.of == change.before and change.seen > max(said.upto, change.kept):
        first = max(said.upto, change.kept) + 1
        parts.append(
            f"第 {first}–{change.seen} 条没有上传过，找不回来，请按纸质台账补录。"
        )
    return "".join(parts)
