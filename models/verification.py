"""Re-read everything and name each fault: nothing is taken on trust."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from peewee import DatabaseError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import erasing, erasure, journal, sealchecks
from models.base import Record, Table, db, table_of
from models.installation import installation
from models.journal import Stream, digest_of, genesis, next_hash
from models.progress import Report, unheard
from models.tables import RECORD_BY_NAME, TABLE_TITLES
from models.troubles import Conflict

CHUNK = 2_000
MOST_SEQ = (1 << 63) - 1  # that a column holds


@dataclass
class Fault:
    """One thing that is not as it was written; both texts are for people."""

    what: str
    where: str


@dataclass
class Verification:
    """How many journal entries were read, and what was wrong."""

    entries: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, what: str, where: str) -> None:
        self.faults.append(Fault(what, where))


def verify(report: Report = unheard) -> Verification:
    """Check file, chains, every row against its latest entry, and seal numbers."""
    found = Verification()
    with db.reading_much():
        _check_all(found, report)
    report(found.entries, found.entries, "核对完成")
    return found


def _check_all(found: Verification, report: Report) -> None:
    total, begun = 0, Counter()
    streams: list[Stream] = []
    with _reading("数据文件", found):
        _check_file(found)
        total = journal.Entry.select().count()
        streams = list(Stream.select().order_by(Stream.id))
    for stream in streams:
        with _reading("流水", found):
            begun += _check_chain(stream, found, report, total)
    with _reading("流水", found):
        _check_missing_content(found)
    for name, model in RECORD_BY_NAME.items():
        with _reading(TABLE_TITLES[name], found):
            rows = _check_rows(table_of(model), found)
            if rows != begun[name]:
                _check_orphans(name, found)
    with _reading("用印", found):
        _check_seal_numbers(found)
        _check_custody(found)


@contextmanager
def _reading(what: str, found: Verification) -> Iterator[None]:
    """A damaged page stops one check, not the others."""
    try:
        yield
    except (DatabaseError, RawDatabaseError) as error:
        found.add(f"数据文件损坏，读不出来：{error}", what)


def _check_file(found: Verification) -> None:
    for damage in db.damages():
        found.add(f"数据文件损坏：{damage}", "数据文件")


def _entries(stream: Stream) -> Iterator[tuple[Any, ...]]:
    """A stream's entries in order, fetched in chunks; payloads as bytes.

    Each chunk has an end: asked for the next so many of a table it has no figures of,
    PostgreSQL sorts all the rest each time.
    """
    of = f"FROM journal WHERE stream = {db.param} AND seq "
    seq = -1
    while True:
        first = db.execute_sql(
            f"SELECT MIN(seq) {of} > {db.param}", (stream.id, seq)
        ).fetchone()[0]
        if first is None:
            return
        yield from db.execute_sql(
            "SELECT seq, at, person, table_name, row_uid, revision, audience, digest, "
            f"hash, salt, CAST(payload AS BLOB) {of} BETWEEN {db.param} AND {db.param} "
            "ORDER BY seq",
            (stream.id, first, seq := min(first + CHUNK - 1, MOST_SEQ)),
        ).fetchall()


def _check_chain(
    stream: Stream, found: Verification, report: Report, total: int
) -> Counter[str]:
    """Follow the hashes; returns how many rows of each table were begun in it."""
    expected, head = 1, genesis(installation().realm, stream.sender, stream.addressee)
    name = "本机流水" if stream.own else f"来自 {stream.sender[:8]} 的流水"
    begun: Counter[str] = Counter()
    whole = stream.addressee in ("office", "all")
    for *fields, stored, salt, payload in _entries(stream):
        seq = fields[0]
        if seq != expected:
            missing = f"{expected}" if seq == expected + 1 else f"{expected}–{seq - 1}"
            found.add(f"流水缺第 {missing} 条", f"{name}第 {seq} 条")
        elif stored != next_hash(head, *fields):
            what = "流水的哈希链不符，这条或上一条被改动过"
            found.add(what, f"{name}第 {seq} 条")
        if payload is not None:
            if digest_of(salt, payload) != fields[7]:
                found.add("流水的内容被改动过", f"{name}第 {seq} 条")
            if fields[5] == 1 if whole else _comes_first(stream, fields):
                begun[fields[3]] += 1
        expected, head = seq + 1, stored
        found.entries += 1
        if not found.entries % CHUNK:
            report(found.entries, total, "正在核对流水")
    if not stream.own and (stream.upto, stream.head or head) != (expected - 1, head):
        found.add("流水的结尾与已收到的进度不符", f"{name}第 {expected - 1} 条")
    if stream.own and max(stream.published_upto, stream.confirmed_upto) >= expected:
        found.add("已上传的流水在本机缺少结尾", f"{name}第 {expected} 条起")
    return begun


def _check_missing_content(found: Verification) -> None:
    """Content is gone by an order that is written down, or somebody took it."""
    for sender, seq in missing_content():
        name = f"来自 {sender[:8]} 的流水" if sender else "本机流水"
        found.add("流水的内容不见了，又没有删除的记录", f"{name}第 {seq} 条")


def missing_content() -> Iterator[tuple[str, int]]:
    """Entries without content that nobody ordered erased: of whom ("" for the own
    ones), and which."""
    here = installation()
    mine = "office" if here.is_office else here.station_uid
    rows = db.execute_sql(
        "SELECT j.table_name, j.row_uid, j.revision, j.seq, s.sender, s.own "
        "FROM journal j JOIN stream s ON s.id = j.stream "
        "WHERE j.payload IS NULL "
        f"AND (s.own OR s.sender <> {db.param} AND j.audience IN ('all', {db.param})) "
        "AND NOT EXISTS "
        "(SELECT 1 FROM erased_row e WHERE e.row_uid = j.row_uid "
        "AND e.about_table = j.table_name AND e.upto >= j.revision)",
        (here.station_uid, mine),
    ).fetchall()
    named = erasing.ordered() if rows else {}
    for table, uid, revision, seq, sender, own in rows:
        upto = named.get((table, uid), 0)
        # Written before its station heard of the order, which it has not confirmed.
        awaited = upto and not own and not erasing.has_said(uid, sender)
        if table in RECORD_BY_NAME and upto < revision and not awaited:
            yield "" if own else sender, seq


def _comes_first(stream: Stream, fields: list[Any]) -> bool:
    """Does a row that the office passes on begin with this entry?

    It may come at any revision, and again from each office epoch: the first entry
    anywhere counts.
    """
    seq, _at, _person, name, row_uid = fields[:5]
    earlier = db.execute_sql(
        f"SELECT 1 FROM journal WHERE row_uid = {db.param} AND table_name = {db.param} "
        "AND payload IS NOT NULL AND id < (SELECT id FROM journal "
        f"WHERE stream = {db.param} AND seq = {db.param})",
        (row_uid, name, stream.id, seq),
    )
    return earlier.fetchone() is None


def _check_orphans(name: str, found: Verification) -> None:
    """Rows of a table that the journal knows and the table does not."""
    rows = db.execute_sql(
        f'SELECT DISTINCT j.row_uid FROM journal j LEFT JOIN "{name}" t '
        f"ON t.uid = j.row_uid WHERE j.table_name = {db.param} "
        "AND j.payload IS NOT NULL AND t.uid IS NULL",
        (name,),
    ).fetchall()
    for (uid,) in rows:
        if not _is_conflict(uid):
            found.add("流水里有的记录，表里没有", f"{TABLE_TITLES[name]} {uid}")


def _is_conflict(uid: str) -> bool:
    return Conflict.select().where(Conflict.row_uid == uid).exists()


def _check_rows(table: Table, found: Verification) -> int:
    """Every row as its latest entry says, column by column; how many there are."""
    latest = (
        "(SELECT {} FROM journal WHERE row_uid = t.uid "
        f"AND table_name = '{table.name}' AND payload IS NOT NULL {_not_set_aside()}"
        "ORDER BY revision DESC LIMIT 1)"
    )
    after, count = "", 0
    while True:
        last, rows = db.execute_sql(
            f'SELECT MAX(uid), COUNT(*) FROM (SELECT uid FROM "{table.name}" '
            f"WHERE uid > {db.param} ORDER BY uid LIMIT {CHUNK}) t",
            (after,),
        ).fetchone()
        if not rows:
            return count
        if not _are_all_as_written(table, latest.format("payload"), after, last):
            _check_each(table, latest.format("CAST(payload AS BLOB)"), after, found)
        after, count = last, count + rows


def _are_all_as_written(table: Table, latest: str, after: str, last: str) -> bool:
    """Where the database can put a row into the words of the journal, what is equal
    need not be fetched: to fetch it takes three times as long."""
    said = db.as_json(table.columns, table.booleans)
    if not said:
        return False
    try:
        differs = db.execute_sql(
            f'SELECT 1 FROM "{table.name}" t WHERE t.uid > {db.param} '
            f"AND t.uid <= {db.param} AND {said} IS NOT {latest} LIMIT 1",
            (after, last),
        )
        return differs.fetchone() is None
    except (DatabaseError, RawDatabaseError):
        return False  # something is neither text nor number: to be looked at singly


def _check_each(table: Table, latest: str, after: str, found: Verification) -> None:
    columns = ", ".join(f't."{column}"' for column in table.columns)
    rows = db.execute_sql(
        f'SELECT {latest}, {columns} FROM "{table.name}" t '
        f"WHERE t.uid > {db.param} ORDER BY t.uid LIMIT {CHUNK}",
        (after,),
    )
    for payload, *row in rows.fetchall():
        # Columns keep their order, so an unchanged row encodes to the same bytes.
        if payload != table.payload_of(row):
            _name_the_change(table, payload, table.as_stored(row), found)


def _not_set_aside() -> str:
    """Leaves out entries that a merge kept as conflicts: no row follows them."""
    if not Conflict.select().exists():
        return ""
    return (
        "AND NOT EXISTS (SELECT 1 FROM conflict c JOIN stream s ON s.sender = c.sender "
        "AND s.epoch = c.epoch WHERE c.row_uid = t.uid AND c.seq = journal.seq "
        "AND s.id = journal.stream AND c.set_aside) "
    )


def _name_the_change(
    table: Table, payload: bytes | None, stored: dict[str, Any], found: Verification
) -> None:
    where = f"{TABLE_TITLES[table.name]} {stored['uid']}"
    if payload is None and (rest := _rest_of(table, stored)) is not None:
        payload = rest
    if payload is None:
        found.add("表里有的记录，流水里没有", where)
        return
    # A column that a later version added is not in an older entry: it holds nothing.
    unsaid = table.as_stored(table.values_of(table.model()))
    written = unsaid | msgspec.json.decode(payload)
    changed = [name for name in table.columns if written[name] != stored[name]]
    if changed:
        titles = "、".join(_field_title(table.model, name) for name in changed)
        found.add(f"记录与流水不符：{titles}", where)


def _rest_of(table: Table, stored: dict[str, Any]) -> bytes | None:
    """What a record says is left of a row whose content was erased.

    Until its own station has said so, it holds nothing personal and is believed.
    """
    said = erasure.ErasedRow.select(
        erasure.ErasedRow.rest, erasure.ErasedRow.station
    ).where(
        (erasure.ErasedRow.row_uid == stored["uid"])
        & (erasure.ErasedRow.about_table == table.name)
    )
    rests = [(row.rest, row.station) for row in said]
    if not rests:
        return None
    same = [rest for rest, _ in rests if rest.get("revision") == stored["revision"]]
    if not same and erasure.blanked(table.name, stored) == stored:
        return journal.encode(stored)
    own = [rest for rest, by in rests if by == stored["station"] and rest in same]
    return journal.encode([*own, *same][0]) if same else None


def _field_title(model: type[Record], column: str) -> str:
    return model._meta.columns[column].verbose_name or column


def _check_seal_numbers(found: Verification) -> None:
    for what, where in (*sealchecks.number_faults(), *sealchecks.sheet_faults()):
        found.add(what, where)


def _check_custody(found: Verification) -> None:
    for what, where in sealchecks.custody_faults():
        found.add(what, where)
