"""Erasure on its way: entries come without content, orders come in, rests come back.

An entry whose content was erased before it arrived is as good as any other: its digest
holds the chain together.  One that comes with content although its row was ordered
erased is stored without.  The office alone orders; a station says what it has erased of
its own rows, and is believed as far as an order of the office goes.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from peewee import fn

from exports.sync import batch
from exports.sync.projection import Sender
from exports.sync.shapes import values_in
from models.base import db, execute_many, may_write, table_of, transaction, tuples_of
from models.erasing import (
    Key,
    carry_out,
    empty_entries,
    ordered,
    put_row,
    rows_named,
    said_erased,
    stored_rows,
)
from models.erasure import (
    PERSONAL,
    EraseCause,
    ErasedRow,
    EraseScope,
    Erasure,
    RowRef,
    blanked,
    write_order,
)
from models.installation import Installation, StationKind
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict

Entries = Sequence[batch.Arrived]

NOT_MEANT = "工作站要求删除的记录，办公室没有下达过删除"


def without_erased(sender: Sender, fresh: Entries) -> tuple[Entries, Entries]:
    """What to store of the entries, and what to bring into the tables.

    Runs in the transaction that takes them over, before.
    """
    if not any(entry.line.table in PERSONAL for entry in fresh):
        return fresh, fresh
    named = ordered() | _orders_among(sender, fresh)
    if not named and not Erasure.select().exists():
        return fresh, fresh
    done = _done_by(sender, fresh)
    stored, shown = [], []
    for entry in fresh:
        key = (entry.line.table, entry.line.row)
        upto = max(done.get(key, 0), named.get(key, 0))
        if not entry.line.payload or not upto:
            stored.append(entry)
            shown.append(entry)
        elif entry.line.revision <= upto:
            stored.append(_emptied(entry))
        elif key in done or sender.kind == StationKind.OFFICE:
            stored.append(entry)  # written with the order known
            shown.append(entry)
        else:
            stored.append(_emptied(entry))
            shown.append(_blank(entry))
    return stored, shown


def _emptied(entry: batch.Arrived) -> batch.Arrived:
    return entry._replace(line=batch.without_content(entry))


def _blank(entry: batch.Arrived) -> batch.Arrived:
    """What its station wrote before it heard of the order: counted, and no more."""
    table = entry.line.table
    row = blanked(table, _row_in(table, entry.line.payload))
    payload = msgspec.Raw(msgspec.json.encode(row))
    return entry._replace(line=msgspec.structs.replace(entry.line, payload=payload))


def _row_in(name: str, payload: Any) -> dict[str, Any]:
    """The row in a payload, each value of its type.  Raises `BadBatch`."""
    model = RECORD_BY_NAME[name]
    return table_of(model).as_stored(values_in(model, payload))


def _orders_among(sender: Sender, fresh: Entries) -> dict[Key, int]:
    """Orders of the office that come with the entries themselves."""
    if sender.kind != StationKind.OFFICE:
        return {}
    named: dict[Key, int] = {}
    for entry in fresh:
        if entry.line.table == "erasure" and entry.line.payload:
            row = _row_in("erasure", entry.line.payload)
            order = Erasure(rows=msgspec.json.decode(row["rows"]))
            if row["scope"] == EraseScope.EVERYWHERE:
                named |= {(r.table, r.uid): r.upto for r in rows_named(order)}
    return named


def _done_by(sender: Sender, fresh: Entries) -> dict[Key, int]:
    """Up to where the sender itself has erased rows of its own, by an order."""
    uids = {entry.line.row for entry in fresh if entry.line.table in PERSONAL}
    done: dict[Key, int] = {}
    for table, uid, upto, station in said_erased(uids):
        if station == sender.uid:
            done[table, uid] = max(upto, done.get((table, uid), 0))
    for entry in fresh:
        if entry.line.table == "erased_row" and entry.line.payload:
            said = _row_in("erased_row", entry.line.payload)
            if said["row_uid"] in uids and _is_ordered(said["erasure_uid"]):
                key = (said["about_table"], said["row_uid"])
                if _is_meant(said, None):
                    done[key] = max(said["upto"], done.get(key, 0))
    return done


def _is_ordered(erasure_uid: str) -> bool:
    order = Erasure.get_or_none(Erasure.uid == erasure_uid)
    return order is not None and order.scope == EraseScope.EVERYWHERE


# -- after the rows are in their tables --------------------------------------------


def act_on(here: Installation, sender: Sender, fresh: Entries) -> None:
    """Carry out the orders among the entries, and take the rests of what is gone."""
    for entry in fresh:
        if not entry.line.payload:
            continue
        if entry.line.table == "erasure" and sender.kind == StationKind.OFFICE:
            carry_out(Erasure.get_by_id(entry.line.row))
        elif entry.line.table == "erased_row" and here.is_office:
            _take_rest(sender, entry)


def _take_rest(sender: Sender, entry: batch.Arrived) -> None:
    """A station has erased a row of its own: what it says is left stands from now on.

    Where nobody ordered it, as when a station keeps things for a shorter time, it says
    no more than what is not here at all.
    """
    said = _row_in("erased_row", entry.line.payload)
    name, upto = said["about_table"], said["upto"]
    rest = _rest_in(sender, said)
    if rest is None:
        return
    present = stored_rows(name, [said["row_uid"]])
    row = present[0] if present else None
    if row is None:
        _insert(name, rest)
        row = rest
    if row["station"] != sender.uid:
        return  # of somebody else's row nobody is told
    if _is_ordered(said["erasure_uid"]):
        if not _is_meant(said, row):
            _note(sender, entry, said)
            return
        empty_entries(RowRef(name, said["row_uid"], upto), published_too=True)
        if row["revision"] == upto:
            put_row(name, rest)
        elif row["revision"] < upto:
            _raise_to(name, rest, row["revision"])
    elif row["revision"] < upto and not _has_content(name, said["row_uid"]):
        _raise_to(name, rest, row["revision"])


def _rest_in(sender: Sender, said: dict[str, Any]) -> dict[str, Any] | None:
    """What is left of a row of the sender's; None of a copy it had of another's."""
    name = said["about_table"]
    model = RECORD_BY_NAME.get(name)
    if name not in PERSONAL or model is None:
        raise batch.BadBatch("这类记录不能这样删除")
    rest = _row_in(name, said["rest"].encode())
    if rest["station"] != sender.uid:
        return None
    if not may_write(model, sender.kind):
        raise batch.BadBatch("这类记录不能这样删除")
    if rest["uid"] != said["row_uid"] or rest["revision"] > said["upto"]:
        raise batch.BadBatch("删除后保留的内容与条目不符")
    if rest != blanked(name, rest):
        raise batch.BadBatch("删除后保留的内容里还有个人信息")
    return rest


def _is_meant(said: dict[str, Any], row: dict[str, Any] | None) -> bool:
    """Is the row one the office ordered erased, or perhaps of the same person?"""
    order = Erasure.get_by_id(said["erasure_uid"])
    key = (said["about_table"], said["row_uid"])
    if any((ref.table, ref.uid) == key for ref in rows_named(order)):
        return True
    if not order.student_uid or said["about_table"] == "seal_use":
        return False
    whose = (row or {}).get("student_uid", "")
    return whose in ("", order.student_uid)


def _note(sender: Sender, entry: batch.Arrived, said: dict[str, Any]) -> None:
    """Nothing is erased here; a person looks into it."""
    Conflict.insert(
        sender=sender.uid,
        epoch="",
        seq=entry.line.seq,
        table_name=said["about_table"],
        row_uid=said["row_uid"],
        reason=NOT_MEANT,
        line=msgspec.json.encode(entry.line).decode(),
        set_aside=False,
    ).on_conflict_ignore().execute()


def _insert(name: str, row: dict[str, Any]) -> None:
    table = table_of(RECORD_BY_NAME[name])
    execute_many(table.insert_sql, [[row[column] for column in table.columns]])


def _raise_to(name: str, row: dict[str, Any], before: int) -> None:
    table = table_of(RECORD_BY_NAME[name])
    values = [row[column] for column in table.columns]
    db.execute_sql(table.update_sql, (*values, row["uid"], before))


def _has_content(name: str, uid: str) -> bool:
    row = db.execute_sql(
        f"SELECT 1 FROM journal WHERE row_uid = {db.param} "
        f"AND table_name = {db.param} AND payload IS NOT NULL LIMIT 1",
        (uid, name),
    ).fetchone()
    return row is not None


# -- at the office, after all stations were read -----------------------------------


def order_what_stations_found(here: Installation) -> int:
    """What a station erased of the same person is erased everywhere else as well."""
    own = ErasedRow.alias()
    said = (
        ErasedRow.select(
            ErasedRow.erasure_uid,
            ErasedRow.about_table,
            ErasedRow.row_uid,
            fn.MAX(ErasedRow.upto),
        )
        .join(Erasure, on=(Erasure.uid == ErasedRow.erasure_uid))
        .where(
            (Erasure.scope == EraseScope.EVERYWHERE)
            & (ErasedRow.station != here.station_uid)
            & ErasedRow.row_uid.not_in(
                own.select(own.row_uid).where(own.station == here.station_uid)
            )
        )
        .group_by(ErasedRow.erasure_uid, ErasedRow.about_table, ErasedRow.row_uid)
    )
    found: dict[str, list[RowRef]] = {}
    for order, table, uid, upto in tuples_of(said):
        refused = (Conflict.row_uid == uid) & (Conflict.reason == NOT_MEANT)
        if not Conflict.select().where(refused).exists():
            found.setdefault(order, []).append(RowRef(table, uid, upto))
    for uid, rows in found.items():
        order = Erasure.get_by_id(uid)
        with transaction():
            write_order(
                rows,
                scope=EraseScope.EVERYWHERE,
                cause=EraseCause.FOLLOW_UP,
                reason=order.reason,
                follows_uid=order.uid,
                by=None,
            )
    return sum(map(len, found.values()))
