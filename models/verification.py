"""Re-read everything and name each fault: nothing is taken on trust."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from peewee import DatabaseError
from sqlcipher3 import dbapi2

from models import journal
from models.base import Record, Table, db, table_of
from models.installation import installation
from models.journal import Stream, digest_of, genesis, next_hash
from models.tables import RECORD_BY_NAME, TABLE_TITLES
from models.troubles import Conflict

Report = Callable[[int, int, str], None]

CHUNK = 2_000


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


def verify(report: Report = lambda done, total, text: None) -> Verification:
    """Check file, chains, every row against its latest entry, and seal numbers."""
    found = Verification()
    total = journal.Entry.select().count()
    with _reading("数据文件", found):
        _check_file(found)
    with _reading("流水", found):
        for stream in Stream.select().order_by(Stream.id):
            _check_chain(stream, found, report, total)
        _check_orphans(found)
    for name, model in RECORD_BY_NAME.items():
        with _reading(TABLE_TITLES[name], found):
            _check_rows(table_of(model), found)
    with _reading("用印", found):
        _check_seal_numbers(found)
        _check_custody(found)
    report(total, total, "核对完成")
    return found


@contextmanager
def _reading(what: str, found: Verification) -> Iterator[None]:
    """A damaged page stops one check, not the others."""
    try:
        yield
    except (DatabaseError, dbapi2.DatabaseError) as error:
        found.add(f"数据文件损坏，读不出来：{error}", what)


def _check_file(found: Verification) -> None:
    for pragma in ("cipher_integrity_check", "quick_check"):
        for (answer,) in db.execute_sql(f"PRAGMA {pragma}").fetchall():
            if answer != "ok":
                found.add(f"数据文件损坏：{answer}", pragma)


def _entries(stream: Stream) -> Iterator[tuple[Any, ...]]:
    """A stream's entries in order, fetched in chunks."""
    seq = -1
    while True:
        rows = db.execute_sql(
            "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
            f"payload, digest, hash FROM journal WHERE stream = {db.param} "
            f"AND seq > {db.param} ORDER BY seq LIMIT {CHUNK}",
            (stream.id, seq),
        ).fetchall()
        if not rows:
            return
        yield from rows
        seq = rows[-1][0]


def _check_chain(
    stream: Stream, found: Verification, report: Report, total: int
) -> None:
    expected, head = 1, genesis(installation().realm, stream.sender, stream.addressee)
    name = "本机流水" if stream.own else f"来自 {stream.sender[:8]} 的流水"
    for entry in _entries(stream):
        seq, at, person, table, row, revision, audience = entry[:7]
        salt, payload, digest, stored = entry[7:]
        where = f"{name}第 {seq} 条"
        if seq != expected:
            missing = f"{expected}" if seq == expected + 1 else f"{expected}–{seq - 1}"
            found.add(f"流水缺第 {missing} 条", where)
        elif stored != (
            head := next_hash(
                head, seq, at, person, table, row, revision, audience, digest
            )
        ):
            found.add("流水的哈希链不符，这条或上一条被改动过", where)
        if payload is not None and digest_of(salt, payload.encode()) != digest:
            found.add("流水的内容被改动过", where)
        expected, head = seq + 1, stored
        found.entries += 1
        if not found.entries % CHUNK:
            report(found.entries, total, "正在核对流水")
    if not stream.own and (stream.upto, stream.head or head) != (expected - 1, head):
        found.add("流水的结尾与已收到的进度不符", f"{name}第 {expected - 1} 条")
    if stream.own and max(stream.published_upto, stream.confirmed_upto) >= expected:
        found.add("已上传的流水在本机缺少结尾", f"{name}第 {expected} 条起")


def _check_orphans(found: Verification) -> None:
    """Rows that the journal knows and the tables do not."""
    for name in RECORD_BY_NAME:
        rows = db.execute_sql(
            "SELECT j.row_uid, MAX(j.revision) FROM journal j "
            f'LEFT JOIN "{name}" t ON t.uid = j.row_uid '
            f"WHERE j.table_name = {db.param} AND j.payload IS NOT NULL "
            "AND t.uid IS NULL GROUP BY j.row_uid",
            (name,),
        ).fetchall()
        for uid, _revision in rows:
            if not _is_conflict(uid):
                found.add("流水里有的记录，表里没有", f"{TABLE_TITLES[name]} {uid}")


def _is_conflict(uid: str) -> bool:
    return Conflict.select().where(Conflict.row_uid == uid).exists()


def _check_rows(table: Table, found: Verification) -> None:
    """Every row as its latest entry says, compared column by column."""
    latest = (
        "(SELECT payload FROM journal WHERE row_uid = t.uid "
        f"AND table_name = '{table.name}' AND payload IS NOT NULL "
        "ORDER BY revision DESC LIMIT 1)"
    )
    columns = ", ".join(f't."{column}"' for column in table.columns)
    after, decode = "", msgspec.json.decode
    while True:
        rows = db.execute_sql(
            f'SELECT {latest}, {columns} FROM "{table.name}" t '
            f"WHERE t.uid > {db.param} ORDER BY t.uid LIMIT {CHUNK}",
            (after,),
        ).fetchall()
        if not rows:
            return
        for payload, *row in rows:
            uid = row[table.places["uid"]]
            where = f"{TABLE_TITLES[table.name]} {uid}"
            if payload is None:
                found.add("表里有的记录，流水里没有", where)
                continue
            written = decode(payload)
            stored = table.as_stored(row)
            # A column that a later version added is not in an older entry.
            changed = [
                column
                for column in table.columns
                if column in written and written[column] != stored[column]
            ]
            if changed:
                titles = "、".join(_field_title(table.model, name) for name in changed)
                found.add(f"记录与流水不符：{titles}", where)
        after = rows[-1][1 + table.places["uid"]]


def _field_title(model: type[Record], column: str) -> str:
    return model._meta.columns[column].verbose_name or column


def _check_seal_numbers(found: Verification) -> None:
    """Numbers per seal and year begin at 1, without a gap and without a twin."""
    for name, year, count, first, last, different in db.execute_sql(
        "SELECT MAX(seal_name), year, COUNT(*), MIN(number), MAX(number), "
        "COUNT(DISTINCT number) FROM seal_use GROUP BY seal_uid, year"
    ).fetchall():
        if different != count:
            found.add("用印编号有重复", f"{name} {year} 年")
        if first != 1 or last != different:
            found.add("用印编号不连续", f"{name} {year} 年 {first}–{last} 号")


def _check_custody(found: Verification) -> None:
    """Every transfer follows exactly one other, so there is one holder."""
    for name, times in db.execute_sql(
        "SELECT MAX(seal_name), COUNT(*) FROM seal_transfer "
        "GROUP BY seal_uid, previous_uid HAVING COUNT(*) > 1"
    ).fetchall():
        found.add(f"同一次保管有 {times} 次移交", f"{name}")
