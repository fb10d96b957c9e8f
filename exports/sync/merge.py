"""Taking over the streams of others: in order, verified, one transaction a batch.

Same entry again: skipped.  Same row, other content: kept as a conflict and shown.
A gap: this stream waits and says for what.  A bad file: quarantined with the reason.
The other streams go on in every case.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from peewee import (
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)

from exports.sync import batch, share
from exports.sync.publish import hash_of_entry
from models import journal
from models.base import (
    Record,
    Table,
    db,
    execute_many,
    table_of,
    transaction,
    tuples_of,
)
from models.installation import Installation
from models.journal import BatchFile, Stream
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict, Quarantine

# What the database says to values that no honest station sends.
NOT_A_ROW = (
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OverflowError,
    ProgrammingError,
)

DIFFERS = "与已收到的流水不一致，可能来自恢复过的旧备份"

# Entries that are messages of the office and not rows of a table.
MESSAGES = ("hello", "receipt")


class Sender(NamedTuple):
    """Whose stream it is, and what may come from there."""

    uid: str
    kind: str  # "office" or "desk"
    sign_key: str
    revoked_after: int | None = None


class Merged(NamedTuple):
    """What one stream brought."""

    entries: int
    messages: list[dict]


NOTHING = Merged(0, [])


class _File(NamedTuple):
    first: int
    last: int
    name: str


def stream_from(sender: Sender, addressee: str, epoch: str) -> Stream:
    """My copy of a stream; begun when it is met for the first time."""
    stream, _created = Stream.get_or_create(
        sender=sender.uid, addressee=addressee, epoch=epoch, defaults={"own": False}
    )
    return stream


def merge_stream(
    here: Installation, sender: Sender, addressee: str, epoch: str, folder: Path
) -> Merged:
    """Take over what is new in *folder*."""
    stream = stream_from(sender, addressee, epoch)
    known = {
        name
        for (name,) in tuples_of(
            BatchFile.select(BatchFile.name).where(BatchFile.stream == stream)
        )
    }
    found = [
        _File(int(match[1]), int(match[2]), name)
        for name in share.names_in(folder)
        if (match := batch.NAME.fullmatch(name)) and name not in known
    ]
    entries, messages = 0, []
    left = sorted(found, key=lambda file: (file.first, -file.last))
    passed_over = []
    while ready := next((file for file in left if file.first <= stream.upto + 1), None):
        left.remove(ready)
        brought = _take(here, sender, stream, folder, ready)
        entries += brought.entries
        messages += brought.messages
        if ready.last > stream.upto or brought is NOTHING:
            passed_over.append(ready)
    for file in passed_over:  # another copy may have brought the same entries since
        if file.last <= stream.upto:
            _take(here, sender, stream, folder, file)
    _note_what_is_missing(stream, [*left, *_quarantined(stream, folder, found)])
    return Merged(entries, messages)


def _quarantined(stream: Stream, folder: Path, found: list[_File]) -> list[_File]:
    """Files that could not be read and hold something that is still missing."""
    bad = {path for (path,) in tuples_of(Quarantine.select(Quarantine.path))}
    return [
        file
        for file in found
        if file.last > stream.upto and _place(folder, file.name) in bad
    ]


def _place(folder: Path, name: str) -> str:
    """Where a file lies, counted from the share: the same on every PC."""
    return "/".join([*folder.parts[-3:], name])


def _note_what_is_missing(stream: Stream, left: list[_File]) -> None:
    waits = ""
    if left:
        first, last = stream.upto + 1, max(file.last for file in left)
        following = [file.first for file in left if file.first > first]
        last = min(following) - 1 if following else last
        waits = f"{first}-{max(first, last)}"
    if waits != stream.waits_for:
        with transaction():
            stream.waits_for = waits
            stream.save()


def _take(
    here: Installation, sender: Sender, stream: Stream, folder: Path, file: _File
) -> Merged:
    """Take over one file, or put it into quarantine."""
    place = _place(folder, file.name)
    data = share.read(folder / file.name, batch.MOST_FILE)
    if data is None:
        return NOTHING
    try:
        if file.last <= stream.upto:
            header, _sealed = batch.read_header(file.name, data, sender.sign_key)
            _check_place(here, sender, stream, header)
            _check_same(here, stream, header)
            _know(stream, file.name, place)
            return Merged(0, [])
        opened = batch.open_batch(
            file.name,
            data,
            sign_key=sender.sign_key,
            age_identity=here.age_identity,
        )
        _check_place(here, sender, stream, opened.header)
        fresh = _fresh_entries(here, stream, opened)
        messages = _accept(sender, stream, opened, fresh, file.name)
    except batch.BadBatch as error:
        _quarantine(place, str(error))
        return NOTHING
    except NOT_A_ROW as error:
        _quarantine(place, f"内容违反记录规则：{error}")
        return NOTHING
    Quarantine.delete().where(Quarantine.path == place).execute()
    return Merged(len(fresh), messages)


def _know(stream: Stream, name: str, place: str) -> None:
    """The file holds nothing that is not here already: its signed head says so."""
    with transaction():
        BatchFile.create(stream=stream, name=name)
        Quarantine.delete().where(Quarantine.path == place).execute()


def _check_same(here: Installation, stream: Stream, header: batch.Header) -> None:
    before = _before(here, stream, header.first)
    if header.prev != before or header.head != _before(here, stream, header.last + 1):
        raise batch.BadBatch(DIFFERS)


def _before(here: Installation, stream: Stream, first: int) -> str | None:
    """The hash my copy has before entry *first*."""
    if first == 1:
        return journal.genesis(here.realm, stream.sender, stream.addressee)
    return hash_of_entry(stream, first - 1)


def _quarantine(place: str, reason: str) -> None:
    with transaction():
        Quarantine.insert(path=place, reason=reason).on_conflict(
            conflict_target=[Quarantine.path], preserve=[Quarantine.reason]
        ).execute()


def _check_place(
    here: Installation, sender: Sender, stream: Stream, header: batch.Header
) -> None:
    """Does the batch belong where it lies?"""
    stands = (header.realm, header.sender, header.to, header.epoch)
    if stands != (here.realm, sender.uid, stream.addressee, stream.epoch):
        raise batch.BadBatch("批次不属于这个文件夹")
    if sender.revoked_after is not None and header.last > sender.revoked_after:
        raise batch.BadBatch("这台工作站已被注销，不再接收它的新记录")


def _fresh_entries(
    here: Installation, stream: Stream, opened: batch.Batch
) -> list[batch.Arrived]:
    """The entries beyond the cursor, after the ones before it agreed with mine."""
    header = opened.header
    if header.prev != _before(here, stream, header.first):
        raise batch.BadBatch(DIFFERS)
    known = stream.upto - header.first + 1  # entries of this batch I have already
    if known > 0 and opened.entries[known - 1].hash != stream.head:
        raise batch.BadBatch(DIFFERS)
    return opened.entries[max(known, 0) :]


def _accept(
    sender: Sender,
    stream: Stream,
    opened: batch.Batch,
    fresh: Sequence[batch.Arrived],
    name: str,
) -> list[dict]:
    """Entries, rows and cursor in one transaction; returns the messages."""
    header = opened.header
    count, head = batch.seal_ledger(
        stream.seal_count,
        stream.seal_head,
        [(entry.line.table, entry.hash) for entry in fresh],
    )
    if fresh and (count, head) != (header.seal_count, header.seal_head):
        raise batch.BadBatch("用印台账的条数或摘要与文件头不符")
    with transaction():
        BatchFile.create(stream=stream, name=name)
        if not fresh:
            return []
        _store_entries(stream, fresh)
        messages = _project(sender, stream, fresh)
        stream.upto, stream.head = header.last, header.head
        stream.seal_count, stream.seal_head = count, head
        stream.save()
    return messages


def _store_entries(stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    rows = []
    for line, digest, entry_hash in fresh:
        try:
            payload = bytes(line.payload).decode() if line.payload else None
        except UnicodeDecodeError as error:
            raise batch.BadBatch("批次里的记录不是 UTF-8 文本") from error
        place = (stream.id, line.seq, line.at, line.person, line.table, line.row)
        rest = (line.revision, line.audience, line.salt or None, payload)
        rows.append((*place, *rest, digest, entry_hash))
    execute_many(journal.insert_sql(), rows)


def _project(
    sender: Sender, stream: Stream, fresh: Sequence[batch.Arrived]
) -> list[dict]:
    """Bring the entries' rows into their tables; returns the messages."""
    by_table: dict[str, list[tuple[batch.Line, dict[str, Any]]]] = {}
    messages = []
    for line, _digest, _hash in fresh:
        if not line.payload:
            continue  # not for me
        try:
            payload = msgspec.json.decode(line.payload, type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError) as error:
            raise batch.BadBatch("批次里的记录无法读取") from error
        if line.table in MESSAGES:
            if sender.kind != "office":
                raise batch.BadBatch("只有办公室可以发回执")
            messages.append({"kind": line.table, **payload})
        elif line.table in RECORD_BY_NAME:  # an unknown table waits for an upgrade
            by_table.setdefault(line.table, []).append((line, payload))
    for name, rows in by_table.items():
        _project_table(sender, stream, RECORD_BY_NAME[name], rows)
    return messages


def _project_table(
    sender: Sender,
    stream: Stream,
    model: type[Record],
    rows: list[tuple[batch.Line, dict[str, Any]]],
) -> None:
    if model.written_by != sender.kind:
        raise batch.BadBatch(f"这台工作站无权写入“{model._meta.table_name}”")
    table = table_of(model)
    present = _rows_present(table, [line.row for line, _payload in rows])
    defaults = _defaults(model)
    upserts = []
    for line, payload in rows:
        stands = (payload.get("uid"), payload.get("revision"), payload.get("station"))
        if stands != (line.row, line.revision, sender.uid):
            raise batch.BadBatch("记录的标识与条目不符")
        values = [payload.get(name, defaults[name]) for name in table.columns]
        stored = present.get(line.row)
        if stored is None or line.revision > stored["revision"]:
            if stored is not None and stored["station"] != sender.uid:
                _note_conflict(stream, line, "另一台工作站的记录")
                continue
            upserts.append(values)
            present[line.row] = dict(zip(table.columns, values, strict=True))
        elif line.revision == stored["revision"] and values != list(stored.values()):
            _note_conflict(stream, line, "同一条记录的同一版次内容不同")
    execute_many(table.upsert_sql, upserts)


def _defaults(model: type[Record]) -> dict[str, Any]:
    """What a column holds that an older station does not know yet."""
    values = table_of(model).values_of(model())
    return dict(zip(table_of(model).columns, values, strict=True))


def _rows_present(table: Table, uids: list[str]) -> dict[str, dict[str, Any]]:
    present = {}
    for at in range(0, len(uids), 500):
        some = uids[at : at + 500]
        marks = ", ".join([db.param] * len(some))
        rows = db.execute_sql(f'{table.select_sql} WHERE "uid" IN ({marks})', some)
        for row in rows.fetchall():
            stored = table.as_stored(row)
            present[stored["uid"]] = stored
    return present


def _note_conflict(stream: Stream, line: batch.Line, reason: str) -> None:
    Conflict.insert(
        sender=stream.sender,
        epoch=stream.epoch,
        seq=line.seq,
        table_name=line.table,
        row_uid=line.row,
        reason=reason,
        line=msgspec.json.encode(line).decode(),
    ).on_conflict_ignore().execute()
