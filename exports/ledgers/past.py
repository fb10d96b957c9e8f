"""The records as they were when the journal stood at a place.

Rows that were written since are taken back for one transaction: a temporary view of
the table's name stands before the table, with the older revision from the journal in
the place of each such row.  So whatever asks the tables meanwhile is told the past,
at a cost that grows with what has changed and not with what there is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from models.base import Table, db, execute_many, table_of
from models.journal import Stream
from models.tables import RECORD_BY_NAME

CHUNK = 500


class Place(NamedTuple):
    """An entry of a stream, by the stream's id here."""

    stream: int
    seq: int


# Entries that a merge set aside: no row follows them.
_SET_ASIDE = (
    "EXISTS (SELECT 1 FROM conflict c JOIN stream s ON s.sender = c.sender "
    "AND s.epoch = c.epoch WHERE c.row_uid = j.row_uid AND c.seq = j.seq "
    "AND s.id = j.stream AND c.set_aside)"
)


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment to read, and everything temporary gone afterwards."""
    with db.atomic("DEFERRED") as reading:
        try:
            yield
        finally:
            reading.rollback()


def count_since(places: Sequence[Place]) -> int:
    """Note the rows that entries after *places* wrote; how many there are.

    Runs in `snapshot()`, once.
    """
    db.execute_sql("CREATE TEMP TABLE place (stream INTEGER PRIMARY KEY, seq INTEGER)")
    execute_many("INSERT INTO temp.place VALUES (?, ?)", places)
    db.execute_sql(
        "CREATE TEMP TABLE later (name TEXT, uid TEXT, PRIMARY KEY (name, uid)) "
        "WITHOUT ROWID"
    )
    for stream in Stream.select():
        known = dict(places).get(stream.id, 0)
        db.execute_sql(
            "INSERT OR IGNORE INTO temp.later SELECT table_name, row_uid FROM journal "
            "WHERE stream = ? AND seq > ? AND payload IS NOT NULL",
            (stream.id, known),
        )
    return db.execute_sql("SELECT COUNT(*) FROM temp.later").fetchone()[0]


def take_back() -> None:
    """From here to the end of the snapshot the tables hold what they held.

    After `count_since`, which says which rows that concerns.
    """
    changed = db.execute_sql("SELECT DISTINCT name FROM temp.later").fetchall()
    tables = [
        table_of(RECORD_BY_NAME[name]) for (name,) in changed if name in RECORD_BY_NAME
    ]
    for table in tables:
        _take_back(table)
    for table in tables:
        _stand_before(table)


def _take_back(table: Table) -> None:
    """Keep the revisions of then beside the table."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    db.execute_sql(
        f'CREATE TEMP TABLE "{table.name}_then" AS '
        f'SELECT {columns} FROM main."{table.name}" WHERE 1 = 0'
    )
    unsaid = table.as_stored(table.values_of(table.model()))
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO temp."{table.name}_then" VALUES ({marks})'
    cursor = db.execute_sql(
        "SELECT payload FROM (SELECT CAST(j.payload AS BLOB) AS payload, "
        "ROW_NUMBER() OVER (PARTITION BY j.row_uid ORDER BY j.revision DESC) AS place "
        "FROM temp.later l "
        "CROSS JOIN journal j ON j.row_uid = l.uid AND j.table_name = l.name "
        "JOIN temp.place p ON p.stream = j.stream AND j.seq <= p.seq "
        f"WHERE l.name = ? AND j.payload IS NOT NULL AND NOT {_SET_ASIDE}) AS told "
        "WHERE place = 1",
        (table.name,),
    )
    while rows := cursor.fetchmany(CHUNK):
        then = [unsaid | msgspec.json.decode(payload) for (payload,) in rows]
        execute_many(insert, [[row[name] for name in table.columns] for row in then])


def _stand_before(table: Table) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    db.execute_sql(
        f'CREATE TEMP VIEW "{table.name}" AS SELECT {columns} '
        f'FROM main."{table.name}" WHERE uid NOT IN '
        f"(SELECT uid FROM temp.later WHERE name = '{table.name}') "
        f'UNION ALL SELECT {columns} FROM temp."{table.name}_then"'
    )
