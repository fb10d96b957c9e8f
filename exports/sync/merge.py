"""Taking over the streams of others: in order, verified, one transaction a batch.

Same entry again: skipped.  A gap: this stream waits and says for what.  A bad file:
quarantined with the reason.  The other streams go on in every case.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from peewee import (
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)

from exports.sync import batch, forgetting, forks, oddities, relay, resending, share
from exports.sync.projection import Sender, project
from exports.sync.publish import hash_before
from exports.sync.recall import adopt
from models import clock, journal, troubles
from models.base import execute_many, transaction, tuples_of
from models.installation import Installation
from models.journal import BatchFile, Stream
from models.progress import Report
from models.troubles import Quarantine

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


class Differs(batch.BadBatch):
    """The batch is whole, and contradicts what came before under the same numbers."""


class _File(NamedTuple):
    first: int
    last: int
    name: str


def merge_stream(
    here: Installation,
    sender: Sender,
    addressee: str,
    folder: Path,
    report: Report,
    heard: list[batch.Header] | None = None,
) -> int:
    """Take over what is new in *folder*, named for an epoch; the number of entries.

    The headers of what was taken over are added to *heard*.
    """
    heard = [] if heard is None else heard
    found = _files_in(folder)
    if not found:
        return 0
    stream, _new = Stream.get_or_create(
        sender=sender.uid, addressee=addressee, epoch=folder.name
    )
    known = _known(stream)
    left = sorted(
        (file for file in found if file.name not in known),
        key=lambda file: (file.first, -file.last),
    )
    entries = tried = 0
    for file in left:
        if file.first > stream.upto + 1:
            break
        report(entries, max(entries, left[-1].last - stream.upto), "正在接收")
        entries += _take(here, sender, stream, folder, file, heard)
        tried += 1
    ahead = _hear_ahead(here, sender, stream, folder, left[tried:], heard)
    late = [file for file in left[:tried] if file.last > stream.upto]
    if late:  # what was set aside as a second history is not waited for
        known = _known(stream)
        late = [file for file in late if file.name not in known]
    _note_what_is_missing(stream, late + ahead)
    if sender.uid == here.office_uid and folder.name == here.followed_epoch:
        forks.ask_whether_behind(here, stream, max(file.last for file in found))
    _forget_what_is_gone(stream, folder, {file.name for file in found})
    return entries


def _files_in(folder: Path) -> list[_File]:
    """The batches there, by their names."""
    return [
        _File(first, last, name)
        for name in share.names_in(folder)
        for first, last in [batch.range_of(name)]
        if first
    ]


def _hear_ahead(
    here: Installation,
    sender: Sender,
    stream: Stream,
    folder: Path,
    files: Sequence[_File],
    heard: list[batch.Header],
) -> list[_File]:
    """Those of *files* behind a gap that are whole.

    What waits has been heard all the same: an office that was put back and lacks what
    came before would else never learn of it.
    """
    ahead = []
    for file in files:
        header = _take_header(here, sender, stream, folder, file)
        if header is not None:
            heard.append(header)
            ahead.append(file)
    return ahead


def _known(stream: Stream) -> set[str]:
    names = BatchFile.select(BatchFile.name).where(BatchFile.stream == stream)
    return {name for (name,) in tuples_of(names)}


def _place(folder: Path, name: str) -> str:
    """Where a file lies, counted from the share: the same on every PC."""
    return "/".join([*folder.parts[-3:], name])


def _note_what_is_missing(stream: Stream, left: list[_File]) -> None:
    """Say for which entries this stream waits, as far as the files there tell."""
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


def _forget_what_is_gone(stream: Stream, folder: Path, there: set[str]) -> None:
    """A bad file that was taken away, and whose entries came otherwise, is settled."""
    place = _place(folder, "")
    bad = Quarantine.select(Quarantine.path).where(
        Quarantine.path.startswith(place) & Quarantine.closed_at.is_null()
    )
    for (path,) in tuples_of(bad):
        name = path.removeprefix(place)
        if name not in there and batch.range_of(name)[1] <= stream.upto:
            with transaction():
                troubles.file_is_gone(path)


def _take(
    here: Installation,
    sender: Sender,
    stream: Stream,
    folder: Path,
    file: _File,
    heard: list[batch.Header],
) -> int:
    """Take over one file, or put it into quarantine; the number of new entries."""
    if file.last <= stream.upto:
        header = _take_header(here, sender, stream, folder, file)
        if header is not None:
            _know(stream, header, file.name, _place(folder, file.name))
            heard.append(header)
        return 0
    data = share.read(folder / file.name, batch.MOST_FILE)
    if data is None:
        return 0
    place = _place(folder, file.name)
    try:
        opened = _open(here, sender, file.name, data)
        _check_place(here, sender, stream, opened.header)
        fresh = _fresh_entries(here, stream, opened)
        _accept(here, sender, stream, opened.header, fresh, file.name, place)
    except Differs:
        _set_aside(here, sender, stream, file.name, data, place)
        return 0
    except batch.BadBatch as error:
        _quarantine(place, str(error), len(data))
        heard += _header_alone(here, sender, stream, file.name, data)
        return 0
    except NOT_A_ROW as error:
        _quarantine(place, f"内容违反记录规则：{error}", len(data))
        return 0
    heard.append(opened.header)
    return len(fresh)


def _header_alone(
    here: Installation, sender: Sender, stream: Stream, name: str, data: bytes
) -> list[batch.Header]:
    """The signed header of a batch whose content cannot be had: it was said so."""
    try:
        header, _sealed = batch.read_header(name, data, sender.sign_key)
        _check_place(here, sender, stream, header)
    except batch.BadBatch:
        return []
    return [header]


def _open(here: Installation, sender: Sender, name: str, data: bytes) -> batch.Batch:
    return batch.open_batch(
        name, data, sign_key=sender.sign_key, age_identity=here.age_identity
    )


def _take_header(
    here: Installation, sender: Sender, stream: Stream, folder: Path, file: _File
) -> batch.Header | None:
    """The header of a whole file that holds nothing new, or waits for others."""
    data = share.read(folder / file.name, batch.MOST_FILE)
    if data is None:
        return None
    place = _place(folder, file.name)
    try:
        header, _sealed = batch.read_header(file.name, data, sender.sign_key)
        _check_place(here, sender, stream, header)
        if file.last <= stream.upto:
            _check_same(here, stream, header)
    except Differs:
        _set_aside(here, sender, stream, file.name, data, place)
        return None
    except batch.BadBatch as error:
        _quarantine(place, str(error), len(data))
        return None
    return header


def _set_aside(
    here: Installation,
    sender: Sender,
    stream: Stream,
    name: str,
    data: bytes,
    place: str,
) -> None:
    """Keep what a second history says, tell people, and look at the file no more."""
    try:
        opened = _open(here, sender, name, data)
    except batch.BadBatch as error:
        _quarantine(place, str(error), len(data))
        return
    with transaction():
        forks.keep(stream, opened.entries)
        forks.tell(here, stream, opened.header)
        _know(stream, None, name, place)


def _know(stream: Stream, header: batch.Header | None, name: str, place: str) -> None:
    """All that the file holds is here; its *header* tells when the sender spoke."""
    with transaction():
        BatchFile.create(stream=stream, name=name)
        troubles.file_is_fine(place)
        if header is not None:
            now = clock.now()
            said = min(batch.said_at(header) or now, now)
            stream.heard_at, stream.said_at = now, max(stream.said_at or said, said)
            stream.save()


def _check_same(here: Installation, stream: Stream, header: batch.Header) -> None:
    """The signed hashes say whether a file holds what is here already."""
    mine = [hash_before(here, stream, at) for at in (header.first, header.last + 1)]
    if mine != [header.prev, header.head]:
        raise Differs(DIFFERS)


def _quarantine(place: str, reason: str, size: int = 0) -> None:
    with transaction():
        troubles.quarantine(place, reason, size)


def _check_place(
    here: Installation, sender: Sender, stream: Stream, header: batch.Header
) -> None:
    """Does the batch belong where it lies?"""
    stands = (header.realm, header.sender, header.to, header.epoch)
    if stands != (here.realm, sender.uid, stream.addressee, stream.epoch):
        raise batch.BadBatch("批次不属于这个文件夹")
    if sender.revoked_after is not None and header.last > _last_trusted(sender, stream):
        raise batch.BadBatch("这台工作站已被注销，不再接收它的新记录")


def _last_trusted(sender: Sender, stream: Stream) -> int:
    """Up to where a revoked station is believed.  Whoever has its keys can begin an
    epoch: of any but the one it was revoked in nothing new is taken."""
    if sender.revoked_epoch and stream.epoch != sender.revoked_epoch:
        return stream.upto
    return sender.revoked_after or 0


def _fresh_entries(
    here: Installation, stream: Stream, opened: batch.Batch
) -> list[batch.Arrived]:
    """The entries beyond the cursor, after the ones before it agreed with mine."""
    header = opened.header
    if header.prev != hash_before(here, stream, header.first):
        raise Differs(DIFFERS)
    known = stream.upto - header.first + 1  # entries of this batch I have already
    if known > 0 and opened.entries[known - 1].hash != stream.head:
        raise Differs(DIFFERS)
    return opened.entries[max(known, 0) :]


def _accept(
    here: Installation,
    sender: Sender,
    stream: Stream,
    header: batch.Header,
    fresh: Sequence[batch.Arrived],
    name: str,
    place: str,
) -> None:
    """Entries, rows and cursor in one transaction."""
    count, head = batch.seal_ledger(
        stream.seal_count,
        stream.seal_head,
        [("seal_use", e.hash) for e in fresh if e.line.table == "seal_use"],
    )
    if (count, head) != (header.seal_count, header.seal_head):
        raise batch.BadBatch("用印台账的条数或摘要与文件头不符")
    with transaction():
        _know(stream, header, name, place)
        before = relay.newest_entry()
        stored, shown = forgetting.without_erased(sender, fresh)
        _store_entries(stream, stored)
        if sender.uid == here.station_uid:
            adopt(sender, stream, shown)  # what this station itself once published
        else:
            project(sender, stream, shown)
            if here.is_office:
                relay.pass_by(before, [entry.line for entry in fresh])
        forgetting.act_on(here, sender, fresh)
        resending.note_asked(here, sender, fresh)
        oddities.note(stream, header, fresh)
        forks.settle(stream, fresh)
        stream.upto, stream.head = header.last, header.head
        stream.seal_count, stream.seal_head = count, head
        stream.save()


def _store_entries(stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    rows, number = [], stream.id
    for line, digest, entry_hash in fresh:
        try:
            payload = str(line.payload, "utf-8") if line.payload else None
        except UnicodeDecodeError as error:
            raise batch.BadBatch("批次里的记录不是 UTF-8 文本") from error
        place = (number, line.seq, line.at, line.person, line.table, line.row)
        rest = (line.revision, line.audience, line.salt or None, payload)
        rows.append((*place, *rest, digest, entry_hash))
    execute_many(journal.insert_sql(), rows)
