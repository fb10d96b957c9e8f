"""From the entries of another's journal to rows in the tables.

A station is believed about its own rows only, and only in tables of its kind.  Each
value must have the type of its column: what the office's pages read must be readable.
Same row and revision with other content: kept as a conflict and shown.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, NamedTuple

import msgspec
from peewee import BooleanField, Field, IntegerField, IntegrityError

from exports.sync import batch
from models.base import (
    DayField,
    ListField,
    MomentField,
    Record,
    Table,
    db,
    execute_many,
    may_write,
    table_of,
    transaction,
)
from models.journal import Stream
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict

# Entries that are messages of the office and not rows of a table.
MESSAGES = ("hello", "receipt")

CHUNK = 500

Values = tuple[Any, ...]


class Sender(NamedTuple):
    """Whose stream it is, and what may come from there."""

    uid: str
    kind: str  # "office" or "desk"
    sign_key: str
    revoked_after: int | None = None


class _Row(NamedTuple):
    entry: batch.Arrived
    values: Values


def project(sender: Sender, stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    """Bring the entries' rows into their tables, inside the caller's transaction."""
    by_table: dict[str, list[batch.Arrived]] = {}
    for entry in fresh:
        if entry.line.payload:  # without one it is not for me
            by_table.setdefault(entry.line.table, []).append(entry)
    for name, entries in by_table.items():
        if name in MESSAGES and sender.kind != "office":
            raise batch.BadBatch("只有办公室可以发回执")
        model = RECORD_BY_NAME.get(name)
        if model is None:
            continue  # of a newer program: it waits in the journal for the upgrade
        if not may_write(model, sender.kind):
            raise batch.BadBatch(f"这台工作站无权写入“{name}”")
        _project_table(sender, stream, table_of(model), _rows(sender, model, entries))


def _rows(
    sender: Sender, model: type[Record], entries: Sequence[batch.Arrived]
) -> list[_Row]:
    """The rows as values in the order of the columns, each of the right type."""
    shape, places = _shape_of(model), table_of(model).places
    uid, revision, station = (places[n] for n in ("uid", "revision", "station"))
    rows = []
    for entry in entries:
        try:
            values = msgspec.structs.astuple(shape.decode(entry.line.payload))
            for at, check in shape.checks:
                if values[at] is not None:
                    check(values[at])
        except (*batch.UNREADABLE, ValueError) as error:
            raise batch.BadBatch(f"批次里的记录无法读取：{error}") from error
        stands = (values[uid], values[revision], values[station])
        if stands != (entry.line.row, entry.line.revision, sender.uid):
            raise batch.BadBatch("记录的标识与条目不符")
        if model.only_added and entry.line.revision > 1:
            raise batch.BadBatch("只能添加的记录被改动过")
        rows.append(_Row(entry, values))
    return rows


class _Shape(NamedTuple):
    """How rows of one table are read."""

    decode: Callable[[Any], Any]
    checks: list[tuple[int, Callable[[Any], None]]]


@cache
def _shape_of(model: type[Record]) -> _Shape:
    """A column that an older station does not know yet holds the model's default."""
    table, fields = table_of(model), model._meta.sorted_fields
    defaults = dict(zip(table.columns, table.values_of(model()), strict=True))
    own = ("uid", "revision", "station")
    struct = msgspec.defstruct(
        model.__name__,
        [
            (name, _type_of(field))
            if name in own
            else (name, _type_of(field), defaults[name])
            for name, field in zip(table.columns, fields, strict=True)
        ],
        kw_only=True,
    )
    checks = [
        (at, CHECKS[kind])
        for at, field in enumerate(fields)
        for kind in CHECKS
        if isinstance(field, kind)
    ]
    return _Shape(msgspec.json.Decoder(struct).decode, checks)


INTEGER = Annotated[int, msgspec.Meta(ge=-(1 << 62), le=1 << 62)]


def _type_of(field: Field) -> Any:
    kind: Any = str
    if isinstance(field, BooleanField):
        kind = bool
    elif isinstance(field, IntegerField):
        kind = INTEGER
    return kind | None if field.null else kind


def _check_moment(text: str) -> None:
    if datetime.fromisoformat(text).isoformat(" ", "seconds") != text:
        raise ValueError(f"not a moment: {text!r}")


def _check_day(text: str) -> None:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"not a day: {text!r}")


def _check_list(text: str) -> None:
    if text != "[]":
        msgspec.json.decode(text, type=list[Any] | dict[str, Any])


CHECKS: dict[type[Field], Callable[[Any], None]] = {
    MomentField: _check_moment,
    DayField: _check_day,
    ListField: _check_list,
}


def _project_table(
    sender: Sender, stream: Stream, table: Table, rows: list[_Row]
) -> None:
    owner, revision = table.places["station"], table.places["revision"]
    present = _rows_present(table, [row.entry.line.row for row in rows])
    upserts, again = [], []
    for row in rows:
        line = row.entry.line
        stored = present.get(line.row)
        if stored is not None and stored[owner] != sender.uid:
            _note_conflict(stream, line, "另一台工作站的记录")
        elif stored is None or line.revision > stored[revision]:
            upserts.append(row)
            present[line.row] = row.values
        else:
            again.append(row)
    _note_differences(stream, again)
    _upsert(stream, table, upserts)


def _upsert(stream: Stream, table: Table, rows: list[_Row]) -> None:
    """Store rows; one that another row rules out is kept as a conflict."""
    try:
        with transaction():
            execute_many(table.upsert_sql, [row.values for row in rows])
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
        some = uids[at : at + CHUNK]
        marks = ", ".join([db.param] * len(some))
        rows = db.execute_sql(f'{table.select_sql} WHERE "uid" IN ({marks})', some)
        present.update((row[place], row) for row in rows.fetchall())
    return present


def _note_differences(stream: Stream, again: list[_Row]) -> None:
    """Revisions that are here already: sent again they must be the very same.

    An entry keeps its salt when it is sent again, so its digest tells.
    """
    for at in range(0, len(again), CHUNK):
        lines = [row.entry.line for row in again[at : at + CHUNK]]
        marks = ", ".join([db.param] * len(lines))
        seen: dict[tuple[str, int], set[str]] = {}
        for uid, revision, digest, number, seq in db.execute_sql(
            "SELECT row_uid, revision, digest, stream, seq FROM journal "
            f"WHERE row_uid IN ({marks})",
            [line.row for line in lines],
        ).fetchall():
            if number != stream.id or seq <= stream.upto:
                seen.setdefault((uid, revision), set()).add(digest)
        for row in again[at : at + CHUNK]:
            line = row.entry.line
            if row.entry.digest not in seen.get((line.row, line.revision), ()):
                _note_conflict(stream, line, "同一条记录的同一版次内容不同")


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
