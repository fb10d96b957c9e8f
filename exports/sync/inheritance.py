"""A PC that took another's place gets what that one had written.

The office passes on each row as its author wrote it, in its own stream to the new PC:
so the desk has its visits, cases, seal ledger and custody again, and goes on.
"""

from typing import Any

from exports.sync.relay import NOT_SET_ASIDE, in_chunks
from models import journal
from models.base import db, may_write, transaction
from models.journal import Stream
from models.stations import Station, predecessors_of
from models.tables import RECORD_BY_NAME


def pass_on_inheritance(station: Station, outbox: Stream) -> int:
    """Append to the stream what it lacks of those before; the number of entries.

    Looks at what came since the stream's cursor, which `relay.pass_on` moves after it.
    """
    added = 0
    for uid in sorted(predecessors_of(station.station_uid)):
        for rows in in_chunks(_rows_of(uid, outbox)):
            with transaction():
                journal.append_entries(
                    [(name, row, n, text.encode()) for name, row, n, text in rows],
                    by=None,
                    audience=outbox.addressee,
                    stream=outbox.id,
                )
            added += len(rows)
    return added


def _rows_of(uid: str, outbox: Stream) -> list[tuple[str, str, int, Any]]:
    """The newest revision of each row of a PC that the stream does not hold."""
    rows = db.execute_sql(
        "SELECT j.table_name, j.row_uid, j.revision, j.payload "
        "FROM journal j JOIN stream s ON s.id = j.stream "
        f"WHERE s.sender = {db.param} AND NOT s.own AND j.id > {db.param} "
        f"AND j.payload IS NOT NULL AND {NOT_SET_ASIDE} "
        "AND NOT EXISTS (SELECT 1 FROM journal k WHERE k.row_uid = j.row_uid "
        f"AND k.stream = {db.param} AND k.revision >= j.revision) ORDER BY j.id",
        (uid, outbox.relayed_upto, outbox.id),
    ).fetchall()
    newest = {row[1]: row for row in rows if _is_a_desks(row[0])}
    return [row for row in newest.values()]


def _is_a_desks(name: str) -> bool:
    model = RECORD_BY_NAME.get(name)
    return model is not None and may_write(model, "desk")
