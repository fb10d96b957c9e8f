"""After an upgrade: what a newer program had sent is brought into the tables now.

Until then it waited in the journal as it came: tables this program did not know, and
columns its rows did not have.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from exports.sync import batch
from exports.sync.projection import Sender, project
from exports.sync.shapes import values_in
from models import migrations
from models.base import Table, db, table_of, transaction
from models.installation import Installation, StationKind
from models.journal import Stream
from models.stations import Station
from models.tables import RECORD_BY_NAME

CHUNK = 1_000


def project_what_waits(here: Installation) -> int:
    """How many rows changed; each stream in a transaction of its own."""
    now, changed = 1 + len(migrations.STEPS), 0
    waiting = (Stream.newer_from > 0) & (Stream.newer_schema <= now)
    for stream in Stream.select().where(waiting & ~Stream.own):
        sender = _sender(here, stream)
        if sender is None:
            continue
        with transaction():
            for entries in _entries(stream):
                changed += _project_absent(sender, stream, entries)
                changed += _complete(entries)
            Stream.update(newer_from=0, newer_schema=0).where(
                Stream.id == stream.id
            ).execute()
    return changed


def _sender(here: Installation, stream: Stream) -> Sender | None:
    if stream.sender == here.office_uid:
        return Sender(here.office_uid, StationKind.OFFICE, here.office_key)
    station = Station.get_or_none(Station.station_uid == stream.sender)
    return station and Sender(station.station_uid, station.kind, station.sign_key)


def _entries(stream: Stream) -> Iterator[list[batch.Arrived]]:
    """The entries that waited, as they came, in order."""
    after = stream.newer_from - 1
    while True:
        rows = db.execute_sql(
            "SELECT seq, at, person, table_name, row_uid, revision, audience, salt, "
            f"CAST(payload AS BLOB), digest, hash FROM journal "
            f"WHERE stream = {db.param} AND seq > {db.param} "
            f"ORDER BY seq LIMIT {CHUNK}",
            (stream.id, after),
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield [
            batch.Arrived(
                batch.Line(
                    *fields,
                    salt=salt or "",
                    payload=msgspec.Raw(payload),
                    digest=digest,
                ),
                digest,
                entry_hash,
            )
            for *fields, salt, payload, digest, entry_hash in rows
            if payload is not None
        ]


def _project_absent(
    sender: Sender, stream: Stream, entries: list[batch.Arrived]
) -> int:
    """Rows of tables that are known only now."""
    absent = [entry for entry in entries if _stored(entry) is None]
    absent = [entry for entry in absent if entry.line.table in RECORD_BY_NAME]
    project(sender, stream, absent)
    return len(absent)


def _stored(entry: batch.Arrived) -> dict[str, Any] | None:
    model = RECORD_BY_NAME.get(entry.line.table)
    if model is None:
        return None
    table = table_of(model)
    row = db.execute_sql(
        f'{table.select_sql} WHERE "uid" = {db.param}', (entry.line.row,)
    ).fetchone()
    return None if row is None else table.as_stored(row)


def _complete(entries: list[batch.Arrived]) -> int:
    """Columns that are known only now, of rows that stand at the same revision."""
    lacking: dict[str, list[tuple[Any, ...]]] = {}
    for entry in entries:
        row = _stored(entry)
        if row is None or row["revision"] != entry.line.revision:
            continue
        model = RECORD_BY_NAME[entry.line.table]
        values = values_in(model, entry.line.payload)
        said = table_of(model).as_stored(values)
        if said != row and said["station"] == row["station"]:
            lacking.setdefault(entry.line.table, []).append(values)
    for name, rows in lacking.items():
        _put(table_of(RECORD_BY_NAME[name]), rows)
    return sum(map(len, lacking.values()))


def _put(table: Table, rows: list[tuple[Any, ...]]) -> None:
    uid, revision = table.places["uid"], table.places["revision"]
    # Some rows never change once signed; this is what they said when they were.
    with db.triggers_off(table.name):
        for values in rows:
            db.execute_sql(table.update_sql, (*values, values[uid], values[revision]))
