"""The search index: derived tables beside the records, caught up with the journal.

Recording stays as fast as without: nothing is indexed on write.  A cursor says up to
which journal entry the rows have been read; whoever searches, or a timer, reads on
from there.  Everything here can be made again from the tables at any time, and is,
when the cursor does not stand on the entry it remembers (an old backup was restored)
or the index turns out to be damaged.

A row stands in the index under its moment and a few bits of its identity, never under
its rowid, which a VACUUM may change.  So the index reads newest first by itself; the
rows of a page are looked up by their moments, and checked.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

from peewee import DatabaseError, Field, OperationalError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)
from sqlcipher3.dbapi2 import (
    OperationalError as RawOperationalError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import readonly
from models.base import Record, db, table_of, transaction
from models.progress import Report, unheard
from models.seal_uses import SealUse
from models.searchtexts import (
    fitting_seal_uses,
    fitting_visits,
    student_mark,
    texts_of_seal_uses,
    texts_of_visits,
)
from models.searchwords import Searched, Wanted
from models.visits import Visit

# Raise it when a row is found by other words than before: the index is made anew.
FORMAT = 2
# Journal entries a transaction: it keeps others from writing for about 50 ms.
CHUNK = 500
# So much a find reads itself, within 0.2 s.
SOON = 2_000
NUMBERS_AT_ONCE = 100  # in one question to the index

EPOCH, SECOND = datetime(1970, 1, 1), timedelta(seconds=1)
# Few, for the index gets smaller by a byte a token: two rows of one second may share
# a place, which is then found by the words of either.
PLACE_BITS = 12
LAST = (1 << PLACE_BITS) - 1


class Indexed(NamedTuple):
    """A journalled table that is searched."""

    name: str
    model: type[Record]
    moment: Field
    texts_of: Callable[[Sequence[Any]], list[Searched]]
    fitting: Callable[[Sequence[Any], Wanted, set[str]], list[Any]]


VISITS = Indexed("find_visit", Visit, Visit.arrived_at, texts_of_visits, fitting_visits)
SEAL_USES = Indexed(
    "find_seal_use", SealUse, SealUse.used_at, texts_of_seal_uses, fitting_seal_uses
)
TABLES = (VISITS, SEAL_USES)

_CREATE_UPTO = (
    "CREATE TABLE IF NOT EXISTS find_upto (id INTEGER PRIMARY KEY CHECK (id = 1), "
    "format INTEGER NOT NULL, entry INTEGER NOT NULL, hash TEXT NOT NULL)"
)


def place_of(moment: str, uid: str) -> int:
    """Where a row stands in the index: in the order of its moment."""
    return first_place(datetime.fromisoformat(moment)) | crc32(uid.encode()) & LAST


def first_place(moment: datetime) -> int:
    return (moment - EPOCH) // SECOND << PLACE_BITS


def last_place(moment: datetime) -> int:
    return first_place(moment) | LAST


def _moment_of(place: int) -> str:
    return (EPOCH + (place >> PLACE_BITS) * SECOND).isoformat(" ")


def backlog() -> int:
    """How many journal entries are still to be read into the index."""
    newest = db.execute_sql("SELECT MAX(id) FROM journal").fetchone()[0] or 0
    return newest - _upto()


def _upto() -> int:
    """The entry up to which the index is good; 0 when it has to be made."""
    if not db.has_table("find_upto"):
        return 0
    row = db.execute_sql(
        "SELECT f.entry FROM find_upto f LEFT JOIN journal j ON j.id = f.entry "
        f"WHERE f.format = {FORMAT} AND f.hash = COALESCE(j.hash, '')"
    ).fetchone()
    return row[0] if row else 0


def catch_up(*, most: int | None = None, report: Report = unheard) -> int:
    """Read on in the journal, *most* entries at once; how many are left then.

    In short transactions, with few entries in a very short one, so that others can
    write in between; a cancelled or killed one goes on next time where it stopped.
    """
    left = total = backlog()
    if readonly.is_on():
        return left
    goal = 0 if most is None else max(0, total - most)
    made_anew = False
    while left > goal:
        try:
            with transaction():
                _read_on(CHUNK if most is None else min(CHUNK, most))
        except (DatabaseError, RawDatabaseError) as error:
            if made_anew or not is_damage(error):
                raise
            made_anew = True
            forget()
        left = backlog()
        report(max(0, total - left), total, "正在建立查找索引")
    return left


def is_damage(error: Exception) -> bool:
    """Is the index missing or broken, rather than the database busy or full?"""
    if isinstance(error, OperationalError | RawOperationalError):
        return any(words in str(error) for words in ("no such table", "constructor"))
    return True


def forget() -> None:
    """Drop the index; it is made again when it is next needed."""
    with transaction():
        for table in TABLES:
            db.execute_sql(f"DROP TABLE IF EXISTS {table.name}")
        db.execute_sql("DROP TABLE IF EXISTS find_upto")


def _read_on(most: int) -> None:
    """So many entries; the rows are read as they stand now."""
    upto = _upto()
    if not upto:
        forget()
        for table in TABLES:
            db.create_index_of_words(table.name)
        db.execute_sql(_CREATE_UPTO)
    entries = db.execute_sql(
        "SELECT id, table_name, row_uid, hash FROM journal "
        f"WHERE id > {db.param} ORDER BY id LIMIT {most}",
        (upto,),
    ).fetchall()
    if not entries:
        return
    of = {"visit": set(), "visit_step": set(), "seal_use": set(), "student": set()}
    for _, name, row, _ in entries:
        if name in of:
            of[name].add(row)
    _put(VISITS, of["visit"] | _visits_of_steps(of["visit_step"]))
    _put(SEAL_USES, of["seal_use"])
    for uids in _seal_uses_naming(of["student"]):
        _put(SEAL_USES, uids)
    last = entries[-1]
    db.execute_sql(
        "INSERT INTO find_upto (id, format, entry, hash) "
        f"VALUES (1, {FORMAT}, {db.param}, {db.param}) "
        "ON CONFLICT (id) DO UPDATE SET format = excluded.format, "
        "entry = excluded.entry, hash = excluded.hash",
        (last[0], last[3]),
    )


def read_again(visits: set[str], seal_uses: set[str]) -> None:
    """These rows were erased: nothing of what they said stays in the index.

    Runs in the transaction of who erased them.  An index to be made is left alone.
    """
    if not (visits or seal_uses) or not _upto():
        return
    for table, uids in ((VISITS, visits), (SEAL_USES, seal_uses)):
        if uids:
            _put(table, uids)
            db.drop_old_words(table.name)


def _visits_of_steps(uids: set[str]) -> set[str]:
    steps = sorted(uids)
    sql = f"SELECT visit_uid FROM visit_step WHERE uid IN ({_marks(steps)})"
    return {uid for (uid,) in db.execute_sql(sql, steps).fetchall()}


def _seal_uses_naming(students: set[str]) -> Iterator[set[str]]:
    """Indexed lines of students who have another name now, or one at all."""
    uids = sorted(students)
    sql = f"SELECT number FROM student WHERE uid IN ({_marks(uids)})"
    numbers = [number for (number,) in db.execute_sql(sql, uids).fetchall()]
    name = SEAL_USES.name
    sql = f"SELECT rowid FROM {name} WHERE {db.words_of(name)}"
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        asked = map(student_mark, numbers[start : start + NUMBERS_AT_ONCE])
        match = db.words_asked(" OR ".join(f'"{token}"' for token in asked))
        found = [at for (at,) in db.execute_sql(sql, (match,)).fetchall()]
        yield {row.uid for row in rows_at(SEAL_USES, found)}


def _put(table: Indexed, uids: set[str]) -> None:
    rows = _rows(table, "uid", uids)
    places = {place(table, row) for row in rows}
    moments = {getattr(row, table.moment.name) for row in rows}
    rows += _rows(table, "uid", _sharing(table, moments, places) - uids)
    lines: dict[int, frozenset[str]] = {}
    for row, text in zip(rows, table.texts_of(rows), strict=True):
        at = place(table, row)
        lines[at] = text.tokens | lines.get(at, frozenset())
    db.put_words(table.name, [(at, " ".join(words)) for at, words in lines.items()])


def _rows(table: Indexed, column: str, values: Iterable[str]) -> list[Any]:
    stored, wanted = table_of(table.model), sorted(values)
    sql = f"{stored.select_sql} WHERE {column} IN ({_marks(wanted)})"
    make = _row_type(stored.name, tuple(stored.columns))._make
    return [make(row) for row in db.execute_sql(sql, wanted).fetchall()]


@cache
def _row_type(name: str, columns: tuple[str, ...]) -> Any:
    return namedtuple(name, columns)


def _marks(values: Sequence[str]) -> str:
    return ", ".join([db.param] * len(values))


def place(table: Indexed, row: Any) -> int:
    """The place of a row as it is stored."""
    return place_of(getattr(row, table.moment.name), row.uid)


def _sharing(table: Indexed, moments: set[str], places: set[int]) -> set[str]:
    """The rows that stand at these places."""
    name, stored, wanted = table.moment.name, table_of(table.model).name, list(moments)
    near = db.execute_sql(
        f"SELECT {name}, uid FROM {stored} WHERE {name} IN ({_marks(wanted)})", wanted
    ).fetchall()
    return {uid for moment, uid in near if place_of(moment, uid) in places}


def rows_at(table: Indexed, places: Sequence[int]) -> list[Any]:
    """The rows that stand at these places now, as they are stored."""
    known, moments = set(places), {_moment_of(place) for place in places}
    rows = _rows(table, table.moment.name, moments)
    return [row for row in rows if place(table, row) in known]


def places(table: Indexed, match: str, low: int, high: int, most: int) -> list[int]:
    """Places within [low, high], newest first: *most*, and the last second whole."""
    sql = (
        f"SELECT rowid FROM {table.name} WHERE {db.words_of(table.name)} "
        f"AND rowid BETWEEN {db.param} AND {db.param} ORDER BY rowid DESC"
    )
    match = db.words_asked(match)
    found = db.execute_sql(f"{sql} LIMIT {most}", (match, low, high)).fetchall()
    if len(found) == most:
        last = found[-1][0]
        rest = (match, max(low, last & ~LAST), last - 1)
        found += db.execute_sql(sql, rest).fetchall()
    return [place for (place,) in found]
