"""Carrying an erasure out at one station: rows, journal, drafts, search, conflicts.

What stays, and is said: what was made of the records before (ledgers on paper and in
files), and backups until they have been rotated out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from models import clock, journal, searchindex
from models.base import db, station_uid, table_of, tuples_of
from models.drafts import Draft
from models.erasure import (
    PERSONAL,
    ErasedRow,
    EraseScope,
    Erasure,
    RowRef,
    blanked,
    rows_of_student,
)
from models.journal import Stream
from models.people import Person
from models.students import Student
from models.troubles import Conflict

Key = tuple[str, str]


def erase_rows(order: Erasure, rows: Sequence[RowRef], *, by: Person | None) -> int:
    """Erase what is here of *rows*, in the running transaction; how many there were."""
    upto: dict[str, dict[str, int]] = {}
    for row in rows:
        of_table = upto.setdefault(row.table, {})
        of_table[row.uid] = max(row.upto, of_table.get(row.uid, 0))
    marks = _marks_of(upto)
    left: list[ErasedRow] = []
    for name, uids in upto.items():
        left += [
            _left(order, name, row, uids[row["uid"]]) for row in _blank(name, uids)
        ]
    ErasedRow.write_new(left, by=by)
    gone = [RowRef(row.about_table, row.row_uid, row.upto) for row in left]
    travels = order.scope == EraseScope.EVERYWHERE
    for row in {*rows, *gone}:
        empty_entries(row, published_too=travels)
        _empty_conflicts(row)
    _empty_returned({(row.table, row.uid) for row in (*rows, *gone)}, travels)
    _forget_drafts(marks)
    searchindex.read_again(set(upto.get("visit", ())), set(upto.get("seal_use", ())))
    return len(left)


def _left(order: Erasure, name: str, row: dict[str, Any], upto: int) -> ErasedRow:
    return ErasedRow(
        at=clock.now(),
        erasure_uid=order.uid,
        about_table=name,
        row_uid=row["uid"],
        upto=max(upto, row["revision"]),
        rest=row,
    )


def _blank(name: str, uids: Iterable[str]) -> list[dict[str, Any]]:
    """Blank the rows that are here; as they stand then."""
    left = []
    for row in stored_rows(name, uids):
        rest = blanked(name, row)
        if rest != row:
            put_row(name, rest)
        left.append(rest)
    return left


def stored_rows(name: str, uids: Iterable[str]) -> list[dict[str, Any]]:
    """Rows as a payload holds them."""
    from models.tables import RECORD_BY_NAME

    table, found = table_of(RECORD_BY_NAME[name]), []
    for uid in sorted(uids):
        row = db.execute_sql(
            f'{table.select_sql} WHERE "uid" = {db.param}', (uid,)
        ).fetchone()
        if row is not None:
            found.append(table.as_stored(row))
    return found


def put_row(name: str, row: Mapping[str, Any]) -> None:
    """Put what is left in the place of a row of the same revision."""
    from models.tables import RECORD_BY_NAME

    table = table_of(RECORD_BY_NAME[name])
    values = [row[column] for column in table.columns]
    db.execute_sql(table.update_sql, (*values, row["uid"], row["revision"]))


_ENTRIES = (
    "journal WHERE row_uid = {0} AND table_name = {0} AND revision <= {0} "
    "AND payload IS NOT NULL"
)


def empty_entries(row: RowRef, *, published_too: bool) -> None:
    """Payload and salt go; the triggers of the journal let nothing else happen.

    Files on the share that hold them are then to be published again, by the streams'
    writer.
    """
    entries, key = _ENTRIES.format(db.param), (row.uid, row.table, row.upto)
    if published_too:
        streams = db.execute_sql(f"SELECT DISTINCT stream FROM {entries}", key)
        ids = [stream for (stream,) in streams.fetchall()]
        Stream.update(stale=True).where(Stream.id.in_(ids) & Stream.own).execute()
    db.execute_sql(
        "UPDATE journal SET payload = NULL, salt = NULL "
        f"WHERE {entries.partition('WHERE ')[2]}",
        key,
    )


# Messages of the office to one station that hold an entry which it had lost.
PASSED_ON = ("returned",)


class _Message(msgspec.Struct):
    line: dict[str, Any]


def _empty_returned(keys: set[Key], published_too: bool) -> None:
    """An entry that was given back stands in a message as well."""
    kinds = ", ".join([db.param] * len(PASSED_ON))
    rows = db.execute_sql(
        "SELECT row_uid, table_name, revision, payload FROM journal "
        "WHERE stream IN (SELECT id FROM stream WHERE addressee NOT IN "
        f"('office', 'all')) AND table_name IN ({kinds}) AND payload IS NOT NULL",
        PASSED_ON,
    ).fetchall()
    for uid, table, revision, payload in rows:
        line = msgspec.json.decode(payload, type=_Message).line
        if (line.get("table"), line.get("row")) in keys:
            message = RowRef(table, uid, revision)
            empty_entries(message, published_too=published_too)


def _empty_conflicts(row: RowRef) -> None:
    """The other content of a conflict goes as well; its digest stays."""
    lines = Conflict.select().where(
        (Conflict.row_uid == row.uid) & (Conflict.table_name == row.table)
    )
    for conflict in lines:
        line = msgspec.json.decode(conflict.line)
        payload = line.pop("payload", None)
        salt = line.pop("salt", "")
        if payload is None:
            continue
        said = conflict.line.encode()
        line["digest"] = _digest(said, salt) or line.get("digest", "")
        conflict.line = msgspec.json.encode(line).decode()
        conflict.save()


class _Line(msgspec.Struct):
    payload: msgspec.Raw = msgspec.Raw(b"")


def _digest(line: bytes, salt: str) -> str:
    payload = bytes(msgspec.json.decode(line, type=_Line).payload)
    return journal.digest_of(salt, payload) if payload and salt else ""


def _marks_of(upto: Mapping[str, Iterable[str]]) -> set[str]:
    """By what a draft about the same person is known: numbers and phones."""
    marks: set[str] = set()
    for name, uids in upto.items():
        for row in stored_rows(name, uids):
            marks |= {row.get("student_number", ""), row.get("phone", "")}
            marks |= {row["number"]} if name == "student" else set()
    return {mark for mark in marks if len(mark) >= 6}


def _forget_drafts(marks: Iterable[str]) -> None:
    for mark in marks:
        Draft.delete().where(Draft.payload.contains(mark)).execute()


# -- at the other stations ---------------------------------------------------------


def carry_out(order: Erasure) -> int:
    """An order of the office has come in: erase what is here of it.

    Rows of the same person that the office does not know yet are among them.
    """
    known = [ref for ref in rows_named(order) if stored_rows(ref.table, [ref.uid])]
    found = {(ref.table, ref.uid) for ref in known}
    for ref in _rows_of_same(order):
        if (ref.table, ref.uid) not in found:
            known.append(ref)
    return erase_rows(order, known, by=None)


def _rows_of_same(order: Erasure) -> list[RowRef]:
    """What this station wrote about the person meant."""
    if not order.student_uid:
        return []
    student = Student.get_or_none(Student.uid == order.student_uid)
    number = student.number if student and student.number else "\0"
    own = rows_of_student(number, order.student_uid)
    return [ref for ref in own if _is_mine(ref)]


def _is_mine(ref: RowRef) -> bool:
    row = db.execute_sql(
        f'SELECT station FROM "{ref.table}" WHERE uid = {db.param}', (ref.uid,)
    ).fetchone()
    return row is not None and row[0] == station_uid()


def rows_named(order: Erasure) -> list[RowRef]:
    """What an order names, as far as this program knows the tables."""
    return [
        RowRef(*row)
        for row in order.rows
        if isinstance(row, list)
        and len(row) == 3
        and row[0] in PERSONAL
        and isinstance(row[1], str)
        and isinstance(row[2], int)
    ]


def ordered() -> dict[Key, int]:
    """Up to which revision the rows named by orders for everybody are erased."""
    named: dict[Key, int] = {}
    for order in Erasure.select().where(Erasure.scope == EraseScope.EVERYWHERE):
        for row in rows_named(order):
            key = (row.table, row.uid)
            named[key] = max(row.upto, named.get(key, 0))
    return named


def said_erased(uids: Iterable[str] | None) -> list[tuple[str, str, int, str]]:
    """(table, row, revision, station) of what stations erased by an order for all; of
    these rows, or of any."""
    everywhere = Erasure.scope == EraseScope.EVERYWHERE
    if uids is not None:
        everywhere &= ErasedRow.row_uid.in_(list(uids))
    query = (
        ErasedRow.select(
            ErasedRow.about_table, ErasedRow.row_uid, ErasedRow.upto, ErasedRow.station
        )
        .join(Erasure, on=(Erasure.uid == ErasedRow.erasure_uid))
        .where(everywhere)
    )
    return tuples_of(query)


def has_said(uid: str, station: str) -> bool:
    """Has a station told what it left of a row?"""
    mine = (ErasedRow.row_uid == uid) & (ErasedRow.station == station)
    return ErasedRow.select().where(mine).exists()


def erased_numbers() -> set[str]:
    """What the erased records are called in ledgers: their numbers stay."""
    query = ErasedRow.select(ErasedRow.rest, ErasedRow.about_table)
    numbers: set[str] = set()
    for rest, table in tuples_of(query):
        number = rest.get("visit_number" if table == "visit_step" else "number", "")
        if table == "seal_use" and number:
            number = f"{rest.get('year', '')}-{number:04d}"
        numbers.add(str(number))
    return numbers - {""}
