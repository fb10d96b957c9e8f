"""From the entries of another's journal to rows in the tables.

A station is believed about its own rows only, and only in tables of its kind; the
office alone passes rows of others on (`exports.sync.relay`).  Same row and revision
with other content: kept as a conflict and shown.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from peewee import IntegrityError

from exports.sync import batch
from exports.sync.relay import (
    CHUNK,
    NOT_SET_ASIDE,
    RELAYED,
    in_chunks,
    referred_among,
)
from exports.sync.shapes import Values, all_values_in, values_in
from models.base import (
    Record,
    Table,
    db,
    execute_many,
    may_write,
    station_uid,
    table_of,
    transaction,
)
from models.journal import Stream
from models.stations import predecessors_of
from models.steps import StepKind, VisitStep
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict
from models.visits import Visit

# Entries that are messages of the office and not rows of a table.
MESSAGES = ("hello", "receipt", "returned", "recalled", "revoked")

OTHER_CONTENT = "同一条记录的同一版次内容不同"


class Sender(NamedTuple):
    """Whose stream it is, and what may come from there."""

    uid: str
    kind: str  # "office" or "desk"
    sign_key: str
    revoked_after: int | None = None
    revoked_epoch: str = ""


class _Row(NamedTuple):
    entry: batch.Arrived
    values: Values


class _Fresh(NamedTuple):
    """The rows of one table that a batch brought."""

    model: type[Record]
    rows: list[_Row]
    passed_on: bool


def project(sender: Sender, stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    """Bring the entries' rows into their tables, inside the caller's transaction."""
    by_table: dict[str, list[batch.Arrived]] = {}
    for entry in fresh:
        if entry.line.payload:  # without one it is not for me
            by_table.setdefault(entry.line.table, []).append(entry)
    read = [_read(sender, stream, name, by_table[name]) for name in by_table]
    tables = [found for found in read if found is not None]
    referred = _referred(tables)
    for model, rows, passed_on in tables:
        if passed_on and table_of(model).name in RELAYED:
            rows = _only_referred(stream, model, rows, referred)
        _project_table(stream, model, rows, passed_on=passed_on)


def _read(
    sender: Sender, stream: Stream, name: str, entries: Sequence[batch.Arrived]
) -> _Fresh | None:
    """The rows of a table, after it was asked whether they may come from there."""
    if name in MESSAGES and sender.kind != "office":
        raise batch.BadBatch("只有办公室可以发回执")
    model = RECORD_BY_NAME.get(name)
    if model is None:
        return None  # of a newer program: it waits in the journal for the upgrade
    # Only to me, never to all: what a case says concerns the desks involved.
    to_me = sender.kind == "office" and stream.addressee == station_uid()
    # Of the PC in whose place this one stands it gets everything.
    before = predecessors_of(station_uid()) if to_me else set()
    passed_on = to_me and name in RELAYED
    if not passed_on and not before and not may_write(model, sender.kind):
        raise batch.BadBatch(f"这台工作站无权写入“{name}”")
    rows = _rows(model, entries)
    author = table_of(model).places["station"]
    authors = {row.values[author] for row in rows}
    passed_on = passed_on or authors <= before
    if not passed_on and not may_write(model, sender.kind):
        raise batch.BadBatch(f"这台工作站无权写入“{name}”")
    if authors & {sender.uid, station_uid()} if passed_on else authors - {sender.uid}:
        raise batch.BadBatch("记录的标识与条目不符")
    return _Fresh(model, rows, passed_on)


def _rows(model: type[Record], entries: Sequence[batch.Arrived]) -> list[_Row]:
    places, rows = table_of(model).places, []
    uid, revision = places["uid"], places["revision"]
    said = all_values_in(model, [entry.line.payload for entry in entries])
    for entry, values in zip(entries, said, strict=True):
        if (values[uid], values[revision]) != (entry.line.row, entry.line.revision):
            raise batch.BadBatch("记录的标识与条目不符")
        if model.only_added and entry.line.revision > 1:
            raise batch.BadBatch("只能添加的记录被改动过")
        rows.append(_Row(entry, values))
    return rows


def _only_referred(
    stream: Stream, model: type[Record], rows: list[_Row], referred: set[str]
) -> list[_Row]:
    """Without the rows of cases that, for all I know, were never referred."""
    case, taken = _place_of_case(model), []
    author, before = table_of(model).places["station"], predecessors_of(station_uid())
    for row in rows:
        if row.values[case] in referred or row.values[author] in before:
            taken.append(row)
        else:
            _note_conflict(stream, row.entry.line, "不属于转办的办件")
    return taken


def _place_of_case(model: type[Record]) -> int:
    """Where a row says which visit it belongs to."""
    return table_of(model).places["uid" if model is Visit else "visit_uid"]


def _referred(tables: Sequence[_Fresh]) -> set[str]:
    """The visits of passed on rows that a step here or in the batch has referred."""
    places = table_of(VisitStep).places
    said, named = set(), set()
    for model, rows, passed_on in tables:
        if passed_on and table_of(model).name in RELAYED:
            named |= {row.values[_place_of_case(model)] for row in rows}
        if passed_on and model is VisitStep:
            said |= {
                row.values[places["visit_uid"]]
                for row in rows
                if row.values[places["kind"]] == StepKind.REFERRED
            }
    return said | {*referred_among(sorted(named - said))}


def _project_table(
    stream: Stream, model: type[Record], rows: list[_Row], *, passed_on: bool
) -> None:
    table = table_of(model)
    owner, revision = table.places["station"], table.places["revision"]
    present = _rows_present(table, [row.entry.line.row for row in rows])
    upserts, again, new = [], [], set()
    for row in rows:
        line = row.entry.line
        stored = present.get(line.row)
        if stored is not None and stored[owner] != row.values[owner]:
            _note_conflict(stream, line, "另一台工作站的记录")
        elif stored is None or line.revision > stored[revision]:
            upserts.append(row)
            present[line.row] = row.values
            if stored is None:
                new.add(len(upserts) - 1)
        else:
            again.append(row)
    if passed_on:
        _note_other_values(stream, model, upserts, again)
    else:
        _note_differences(stream, again)
    _upsert(stream, table, upserts, new)


def _upsert(stream: Stream, table: Table, rows: list[_Row], new: set[int]) -> None:
    """Store rows; one that another row rules out is kept as a conflict.

    Those at the places *new* are not here yet, and are loaded in bulk.
    """
    begun = [row.values for at, row in enumerate(rows) if at in new]
    gone_on = [row.values for at, row in enumerate(rows) if at not in new]
    try:
        with transaction():
            execute_many(table.insert_sql, begun)
            execute_many(table.upsert_sql, gone_on)
    except IntegrityError:
        for row in rows:
            try:
                with transaction():
                    db.execute_sql(table.upsert_sql, row.values)
            except IntegrityError as error:
                _note_conflict(stream, row.entry.line, f"与已有的记录抵触：{error}")


def _rows_present(table: Table, uids: Sequence[str]) -> dict[str, Values]:
    place, present = table.places["uid"], {}
    for at in range(0, len(uids), CHUNK):
        among, some = db.among(uids[at : at + CHUNK])
        rows = db.execute_sql(f'{table.select_sql} WHERE "uid" {among}', some)
        present.update((row[place], row) for row in rows.fetchall())
    return present


def _note_differences(stream: Stream, again: list[_Row]) -> None:
    """Revisions that are here already: sent again they must be the very same.

    An entry keeps its salt when it is sent again, so its digest tells.
    """
    for at in range(0, len(again), CHUNK):
        lines = [row.entry.line for row in again[at : at + CHUNK]]
        among, uids = db.among([line.row for line in lines])
        seen: dict[tuple[str, int], set[str]] = {}
        for uid, revision, digest, number, seq in db.execute_sql(
            "SELECT row_uid, revision, digest, stream, seq FROM journal "
            f"WHERE row_uid {among}",
            uids,
        ).fetchall():
            if number != stream.id or seq <= stream.upto:
                seen.setdefault((uid, revision), set()).add(digest)
        for row in again[at : at + CHUNK]:
            line = row.entry.line
            if row.entry.digest not in seen.get((line.row, line.revision), ()):
                _note_conflict(stream, line, OTHER_CONTENT)


def _note_other_values(
    stream: Stream, model: type[Record], upserts: list[_Row], again: list[_Row]
) -> None:
    """Passed on once more, by an office that began anew: the values must be the same.

    The office salts what it passes on anew, so digests do not tell.  An older revision
    that never came here says nothing against what did.
    """
    for rows in in_chunks(again):
        uids = {row.entry.line.row for row in rows}
        seen = _values_seen(stream, model, uids)
        for row in upserts:
            if row.entry.line.row in uids:
                _values_at(seen, row.entry.line).append(row.values)
        for row in rows:
            known = _values_at(seen, row.entry.line)
            if known and row.values not in known:
                _note_conflict(stream, row.entry.line, OTHER_CONTENT)


_Seen = dict[tuple[str, int], list[Values]]


def _values_at(seen: _Seen, line: batch.Line) -> list[Values]:
    return seen.setdefault((line.row, line.revision), [])


def _values_seen(stream: Stream, model: type[Record], uids: set[str]) -> _Seen:
    """What earlier entries say of rows, but for those that were set aside."""
    among, some = db.among([*uids])
    seen: _Seen = {}
    for uid, revision, payload in db.execute_sql(
        "SELECT j.row_uid, j.revision, CAST(j.payload AS BLOB) "
        "FROM journal j JOIN stream s ON s.id = j.stream "
        f"WHERE j.row_uid {among} AND j.payload IS NOT NULL "
        f"AND (s.id <> {db.param} OR j.seq <= {db.param}) AND {NOT_SET_ASIDE}",
        (*some, stream.id, stream.upto),
    ).fetchall():
        seen.setdefault((uid, revision), []).append(values_in(model, payload))
    return seen


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
