"""The database, and the one way a business row is written.

Every row that counts is a `Record`.  `Record.write()` stores it and, in the same
transaction, appends the whole row to the journal; nothing else writes such a table.
So the journal is the audit trail, the outbox and the proof at once.

A row is only ever written by the station that made it.  References between records
are plain uid columns without a foreign key: streams of different stations arrive at
the office in any order, and a row must not be refused because the row it points at
is still on its way.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import msgspec
from peewee import (
    AutoField,
    BooleanField,
    DatabaseProxy,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    Model,
    TextField,
)

from models.errors import UserError
from models.sqlite import StationFile
from models.uids import new_uid

if TYPE_CHECKING:
    from models.people import Person


class _Chosen(DatabaseProxy):
    """The one place that decides the database: a station's file, or a server.

    What is asked for at every statement is its own attribute, so that recording a
    visit costs what it does without a choice.
    """

    _DIRECT = ("execute_sql", "execute", "atomic", "connection", "in_transaction")

    def initialize(self, obj: Any) -> None:
        super().initialize(obj)
        for name in self._DIRECT if obj is not None else ():
            self.__dict__[name] = getattr(obj, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("obj", "_callbacks"):
            super().__setattr__(name, value)
        else:
            setattr(self.obj, name, value)


# One writer at a time from the first statement on: a transaction that reads and then
# writes would otherwise fail with SQLITE_BUSY when another process wrote in between.
station_file = StationFile(None, autoconnect=False, lock_type="IMMEDIATE")
db: Any = _Chosen()
db.initialize(station_file)

# The station whose database is open and its kind; set by storage when it opens one.
_station_uid = _station_kind = ""

_WRONG_PLACE = {
    "office": "这项资料由中心办公室维护，请在办公室的电脑上更改。",
    "desk": "这是中心办公室的电脑，窗口的记录请在窗口电脑上登记。",
}


def station_uid() -> str:
    """The uid of the station whose database is open ("" when none is)."""
    return _station_uid


def set_station(uid: str, kind: str = "") -> None:
    global _station_uid, _station_kind
    _station_uid, _station_kind = uid, kind


@contextmanager
def transaction() -> Iterator[None]:
    """All of what is written inside, or nothing of it, durably."""
    with db.atomic():
        yield


def change_mark() -> tuple[Any, Any]:
    """Another one after any change of the database, by this connection or another."""
    return db.change_mark()


@contextmanager
def connection() -> Iterator[None]:
    """A connection for the running thread; the one it has already is kept."""
    if not db.is_closed():
        yield
        return
    with db.connection_context():
        yield


def execute_many(sql: str, rows: Iterable[Iterable[Any]]) -> None:
    """Run one statement for many rows, with peewee's exceptions."""
    db.execute_many(sql, rows)


def tuples_of(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a select as plain tuples."""
    return list(query.tuples())


def rows_of(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a select as they are stored: for texts and numbers."""
    return list(each_row_of(query))


def each_row_of(query: Any) -> Iterator[tuple[Any, ...]]:
    """The same, one after the other."""
    return iter(db.execute_sql(*query.sql()))


class MomentField(DateTimeField):
    """Local time of the college, whole seconds: `2026-11-23 10:17:05`."""

    def adapt(self, value: Any) -> datetime:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def db_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return value.isoformat(" ", "seconds")


class DayField(DateField):
    """A calendar day: `2026-11-23`."""

    def adapt(self, value: Any) -> date:
        return date.fromisoformat(value) if isinstance(value, str) else value

    def db_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return value.isoformat()


class ListField(Field):
    """A short list or mapping, stored as JSON text."""

    field_type = "TEXT"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def db_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        kept = [] if value is None else value
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class SecretField(TextField):
    """A text that never leaves this PC in the clear, wherever the records are."""

    def db_value(self, value: Any) -> Any:
        return db.sealed(value)

    def python_value(self, value: Any) -> Any:
        return db.unsealed(value)


class Local(Model):
    """A row that concerns this PC alone: it is neither journalled nor synced."""

    id = AutoField()

    class Meta:
        database = db


class Record(Model):
    """A row that counts: written through the journal only.

    `audience` says who may read a row after sync: "office" for what a desk records,
    "all" for what the office publishes.  `written_by` is the kind of station that may
    author such rows: "desk", "office", or "all" for either; a merge refuses the rest.
    """

    audience: ClassVar[str] = "office"
    written_by: ClassVar[str] = "desk"
    # Rows that are only ever added: a second revision is refused, here and in a merge.
    only_added: ClassVar[bool] = False

    uid = TextField(primary_key=True, default=new_uid, verbose_name="标识")
    revision = IntegerField(default=0, verbose_name="版次")
    station = TextField(default=station_uid, verbose_name="工作站")

    class Meta:
        database = db

    def write(self, *, by: "Person | None") -> Self:
        """Store this row as its next revision, with its journal entry.

        Must run inside `transaction()`.  Raises `UserError` when someone else wrote
        the row since it was read.
        """
        from models import journal

        _refuse_foreign(self)
        table = table_of(type(self))
        if self.revision and self.only_added:
            raise TypeError(f"rows of {table.name} are only ever added")
        before, self.revision = self.revision, self.revision + 1
        values = table.values_of(self)
        try:
            if before == 0:
                db.execute_sql(table.insert_sql, values)
            else:
                changed = db.execute_sql(
                    table.update_sql, (*values, self.uid, before)
                ).rowcount
                if changed != 1:
                    raise UserError("这条记录已在别处更改，请刷新后再试。")
            journal.append(table, [values], by=by)
        except BaseException:
            self.revision = before
            raise
        self._dirty.clear()  # pyright: ignore[reportAttributeAccessIssue]
        return self

    @classmethod
    def write_new(cls, records: Iterable[Self], *, by: "Person | None") -> int:
        """Store many new rows at once, each with its journal entry."""
        from models import journal

        table = table_of(cls)
        rows = []
        for record in records:
            _refuse_foreign(record)
            if record.revision:
                raise ValueError("write_new() takes new rows only")
            record.revision = 1
            rows.append(table.values_of(record))
        execute_many(table.insert_sql, rows)
        journal.append(table, rows, by=by)
        return len(rows)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("journalled table: use write(by=...)")

    delete_instance = save


def _refuse(cls: type[Record], *args: Any, **kwargs: Any) -> Any:
    raise TypeError("journalled table: rows are written with write(by=...)")


# Every way peewee has of writing past the journal.
for _name in (
    *("create", "insert", "insert_many", "insert_from", "replace", "replace_many"),
    *("update", "delete", "delete_by_id", "set_by_id", "bulk_create", "bulk_update"),
    *("get_or_create", "truncate_table"),
):
    setattr(Record, _name, classmethod(_refuse))


def _refuse_foreign(record: Record) -> None:
    if not db.in_transaction():
        raise TypeError("write() runs inside transaction()")
    if not _station_uid or record.station != _station_uid:
        raise ValueError(f"row {record.uid} belongs to station {record.station!r}")
    if not may_write(record, _station_kind):
        raise UserError(_WRONG_PLACE[record.written_by])


def may_write(model: Record | type[Record], kind: str) -> bool:
    """May a station of this *kind* author rows of *model*?"""
    return model.written_by in (kind, "all")


class Table:
    """SQL and conversions of one journalled table, built once."""

    def __init__(self, model: type[Record]) -> None:
        self.model = model
        fields = model._meta.sorted_fields
        self.name: str = model._meta.table_name
        self.columns: list[str] = [field.column_name for field in fields]
        self.places = {column: at for at, column in enumerate(self.columns)}
        self._converters: list[tuple[str, Callable[[Any], Any]]] = [
            (field.name, field.db_value) for field in fields
        ]
        self._readers: list[tuple[str, Callable[[Any], Any]]] = [
            (field.name, field.python_value) for field in fields
        ]
        self.booleans = [
            at for at, field in enumerate(fields) if isinstance(field, BooleanField)
        ]
        names = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join([db.param] * len(fields))
        sets = ", ".join(f'"{column}" = {db.param}' for column in self.columns)
        taken = ", ".join(
            f'"{column}" = excluded."{column}"' for column in self.columns
        )
        self.insert_sql = f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})'
        self.update_sql = (
            f'UPDATE "{self.name}" SET {sets} '
            f'WHERE "uid" = {db.param} AND "revision" = {db.param}'
        )
        self.upsert_sql = (
            f"{self.insert_sql} ON CONFLICT (uid) DO UPDATE SET {taken} "
            f'WHERE excluded."revision" > "{self.name}"."revision"'
        )
        self.select_sql = f'SELECT {names} FROM "{self.name}"'

    def values_of(self, record: Record) -> list[Any]:
        """The row as it stands in the database, in the order of `columns`."""
        data = record.__data__
        return [convert(data.get(name)) for name, convert in self._converters]

    def record_of(self, row: Iterable[Any]) -> Any:
        """The record of a row fetched with the columns in order.

        Cheaper than a peewee select by the 0.2 ms it takes to build its SQL; for what
        is asked at every visit.
        """
        values = zip(self._readers, row, strict=True)
        # Nothing is defaulted that the row says; a new uid alone costs 15 µs.
        record = self.model(__no_default__=True)
        record.__data__ = {name: read(value) for (name, read), value in values}
        return record

    def as_stored(self, row: Iterable[Any]) -> dict[str, Any]:
        """A row fetched with `select_sql` as the journal's payload holds it."""
        return dict(zip(self.columns, self._with_booleans(row), strict=True))

    @cached_property
    def _payload(self) -> Any:
        """A row as the journal holds it; it takes half the time of a dict."""
        return msgspec.defstruct(self.name, self.columns)

    def payload_of(self, row: Iterable[Any]) -> bytes:
        """The same as the JSON it is kept as: all columns in their order."""
        return _encode(self._payload(*self._with_booleans(row)))

    def _with_booleans(self, row: Iterable[Any]) -> list[Any]:
        values = list(row)
        for at in self.booleans:
            if values[at] is not None:
                values[at] = bool(values[at])
        return values


_encode = msgspec.json.Encoder().encode


_tables: dict[type[Record], Table] = {}


def table_of(model: type[Record]) -> Table:
    table = _tables.get(model)
    if table is None:
        table = _tables[model] = Table(model)
    return table
