"""Keeping the daily counts of visits: derived tables, caught up with the journal.

Recording stays as fast as without: nothing is counted on write.  A cursor says up to
which journal entry the visits have been counted; a worker reads on from there, and
counts each day that a newer entry touches anew and whole.  Everything here can be made
again from the tables at any time, and is, when the cursor does not stand on the entry
it remembers (an old backup was restored) or a table turns out to be damaged.
"""

from typing import NamedTuple

from peewee import DatabaseError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import readonly
from models.base import db, execute_many, transaction
from models.progress import Report, unheard
from models.searchindex import is_damage

# Raise it when something else is counted: the counts are made anew.
FORMAT = 1
# Visits a step of making them, journal entries a step of reading on: others cannot
# write for so long, about 40 ms.
VISITS_A_STEP, ENTRIES_A_STEP = 10_000, 500

FIRST_DAY, LAST_DAY = "0000-00-00", "9999-99-99"

# A year has some 30,000 rows: with numbers for the names they are a quarter as large.
# Of whole months the sums are kept as well.
_COUNTS = (
    "desk INTEGER NOT NULL, service INTEGER NOT NULL, outcome INTEGER NOT NULL, "
    "visits INTEGER NOT NULL, quantity INTEGER NOT NULL, rated INTEGER NOT NULL, "
    "points INTEGER NOT NULL"
)
_CREATE = (
    "CREATE TABLE IF NOT EXISTS visit_count_name "
    "(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    *(
        f"CREATE TABLE IF NOT EXISTS visit_count{of} ({column} TEXT NOT NULL, "
        f"{_COUNTS}, PRIMARY KEY ({column}, desk, service, outcome)) WITHOUT ROWID"
        for of, column in (("", "day"), ("_month", "month"))
    ),
    # `made_to` is the last day counted while they are made, LAST_DAY once they are.
    "CREATE TABLE IF NOT EXISTS visit_count_upto (id INTEGER PRIMARY KEY CHECK (id = 1)"
    ", format INTEGER NOT NULL, entry INTEGER NOT NULL, hash TEXT NOT NULL, "
    "made_to TEXT NOT NULL)",
)
_TABLES = (
    "visit_count",
    "visit_count_month",
    "visit_count_name",
    "visit_count_upto",
)

_DAY = "substr(arrived_at, 1, 10)"
SUMS = "COUNT(*), SUM(quantity), COUNT(rating), COALESCE(SUM(rating), 0)"
COLUMNS = {
    "day": _DAY,
    "desk": "desk_uid",
    "service": "service_uid",
    "outcome": "outcome",
}


class Cursor(NamedTuple):
    entry: int = 0
    made_to: str = FIRST_DAY

    @property
    def is_made(self) -> bool:
        return self.made_to == LAST_DAY


def backlog() -> int:
    """How many journal entries are still to be read; all of them before the first."""
    newest = db.execute_sql("SELECT MAX(id) FROM journal").fetchone()[0] or 0
    return newest - cursor().entry


def catch_up(*, report: Report = unheard) -> None:
    """Make the counts, or read on in the journal, in short transactions.

    A cancelled or killed one goes on next time where it stopped.
    """
    if readonly.is_on():
        return
    made_anew = False
    while True:
        try:
            if not cursor().is_made:
                _make(report)
            return _read_all(report)
        except (DatabaseError, RawDatabaseError) as error:
            if made_anew or not is_damage(error):
                raise
            made_anew = True
            forget()


def forget() -> None:
    """Drop the counts; they are made again when they are next needed."""
    with transaction():
        for table in _TABLES:
            db.execute_sql(f"DROP TABLE IF EXISTS {table}")


def cursor() -> Cursor:
    """Up to where the counts are good; nowhere when they have to be made."""
    if not db.has_table("visit_count_upto"):
        return Cursor()
    row = db.execute_sql(
        "SELECT c.entry, c.made_to FROM visit_count_upto c "
        "LEFT JOIN journal j ON j.id = c.entry "
        f"WHERE c.format = {FORMAT} AND c.hash = COALESCE(j.hash, '')"
    ).fetchone()
    return Cursor(*row) if row else Cursor()


def _move(entry: int, entry_hash: str, made_to: str = LAST_DAY) -> None:
    db.execute_sql(
        "INSERT INTO visit_count_upto (id, format, entry, hash, made_to) "
        f"VALUES (1, {FORMAT}, {db.param}, {db.param}, {db.param}) "
        "ON CONFLICT (id) DO UPDATE SET format = excluded.format, "
        "entry = excluded.entry, hash = excluded.hash, made_to = excluded.made_to",
        (entry, entry_hash, made_to),
    )


def _make(report: Report) -> None:
    """Count all visits, some whole days at a time.

    What is written meanwhile is read on afterwards: the cursor stands where the
    journal ended before.
    """
    whole = db.execute_sql("SELECT COUNT(*) FROM visit").fetchone()[0]
    done = 0
    while not cursor().is_made:
        with transaction():
            done += _make_some()
        report(min(done, whole), whole, "正在统计来访")


def _make_some() -> int:
    """The next days with together about so many visits; how many there were."""
    at = cursor()
    if at.made_to == FIRST_DAY:
        _begin()
    row = db.execute_sql("SELECT entry, hash, made_to FROM visit_count_upto").fetchone()
    entry, entry_hash, made_to = row
    last = db.execute_sql(
        f"SELECT {_DAY} FROM visit WHERE arrived_at > {db.param} "
        f"ORDER BY arrived_at LIMIT 1 OFFSET {VISITS_A_STEP}",
        (f"{made_to} 99",),
    ).fetchone()
    until = last[0] if last else LAST_DAY
    days = f"arrived_at > {db.param} AND arrived_at < {db.param}"
    groups = _store(days, (f"{made_to} 99", f"{until} 99"))
    _sum_up({group[0][:7] for group in groups})
    _move(entry, entry_hash, until)
    return sum(group[4] for group in groups)


def _begin() -> None:
    for table in _TABLES:
        db.execute_sql(f"DROP TABLE IF EXISTS {table}")
    for statement in _CREATE:
        db.execute_sql(statement)
    newest = db.execute_sql("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1")
    entry, entry_hash = newest.fetchone() or (0, "")
    _move(entry, entry_hash, FIRST_DAY)


def _read_all(report: Report) -> None:
    left = whole = backlog()
    while left:
        with transaction():
            _read_some()
        left = backlog()
        report(max(0, whole - left), whole, "正在统计来访")


def _read_some() -> None:
    """The next entries; the days they touch are counted as they stand now."""
    at = cursor()
    last = db.execute_sql(
        "SELECT id, hash FROM (SELECT id, hash FROM journal "
        f"WHERE id > {db.param} ORDER BY id LIMIT {ENTRIES_A_STEP}) some "
        "ORDER BY id DESC LIMIT 1",
        (at.entry,),
    ).fetchone()
    if last is None:
        return
    days = touched(at.entry, last[0])
    for day in days:
        db.execute_sql(f"DELETE FROM visit_count WHERE day = {db.param}", (day,))
        _store(*on_day(day))
    _sum_up({day[:7] for day in days})
    _move(*last)


def touched(after: int, upto: int) -> list[str]:
    """The days of the visits that these entries are about: where each stands now, and
    where an earlier revision had it."""
    about = (
        f"SELECT row_uid FROM journal WHERE id > {db.param} AND id <= {db.param} "
        "AND table_name = 'visit'"
    )
    earlier = "CASE WHEN json_valid(payload) THEN json_extract(payload, '$.arrived_at')"
    rows = db.execute_sql(
        f"SELECT {_DAY} FROM visit WHERE uid IN ({about}) UNION "
        f"SELECT substr({earlier} END, 1, 10) FROM journal "
        f"WHERE row_uid IN ({about}) AND table_name = 'visit'",
        (after, upto, after, upto),
    ).fetchall()
    return [day for (day,) in rows if day]


def on_day(day: str) -> tuple[str, tuple[str, str]]:
    """The condition that a visit was on a day, as the index of moments answers it."""
    return (
        f"arrived_at >= {db.param} AND arrived_at < {db.param}",
        (day, f"{day} 99"),
    )


def _store(days: str, values: tuple[str, ...]) -> list[tuple]:
    """Count the visits of some days: groups of day, desk, service, outcome, sums."""
    groups = db.execute_sql(
        f"SELECT {', '.join(COLUMNS.values())}, {SUMS} FROM visit "
        f"WHERE {days} AND NOT is_void GROUP BY 1, 2, 3, 4",
        values,
    ).fetchall()
    known = _numbers({name for group in groups for name in group[1:4]})
    execute_many(
        f"INSERT INTO visit_count VALUES ({', '.join([db.param] * 8)})",
        [(g[0], *(known[name] for name in g[1:4]), *g[4:]) for g in groups],
    )
    return groups


def _sum_up(months: set[str]) -> None:
    """The sums of these months, from their days."""
    for month in months:
        db.execute_sql(
            f"DELETE FROM visit_count_month WHERE month = {db.param}", (month,)
        )
        db.execute_sql(
            f"INSERT INTO visit_count_month SELECT {db.param}, desk, service, outcome, "
            "SUM(visits), SUM(quantity), SUM(rated), SUM(points) FROM visit_count "
            f"WHERE day BETWEEN {db.param} AND {db.param} "
            "GROUP BY desk, service, outcome",
            (month, f"{month}-00", f"{month}-99"),
        )


def _numbers(names: set[str]) -> dict[str, int]:
    """The numbers that stand for uids and outcomes, given now to those without."""
    execute_many(
        f"INSERT OR IGNORE INTO visit_count_name (name) VALUES ({db.param})",
        [(name,) for name in sorted(names)],
    )
    rows = db.execute_sql("SELECT name, id FROM visit_count_name").fetchall()
    return dict(rows)
