"""The encrypted SQLite file of a station: what only SQLite can be asked for."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import (
    DatabaseError,
    __exception_wrapper__,  # pyright: ignore[reportAttributeAccessIssue]
)
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3.dbapi2 import (
    register_adapter,  # pyright: ignore[reportAttributeAccessIssue]
)

from models.mishaps import tell_of_writing

# Pages for reading all of a file: with SQLite's usual 2 MB they would be decrypted
# again and again.
MUCH = -(64 << 10)

# Asked how to store a value that is neither number nor text, the module looks for
# methods that these two have not: with an answer at hand a visit is stored in half
# the time (12 of 25 µs, of a bulk).
register_adapter(bool, int)
register_adapter(type(None), {}.get)  # no key is there: None


class StationFile(SqlCipherDatabase):
    """A station's own file."""

    is_for_reading = False

    def init(self, database: Any, **options: Any) -> None:
        if self.is_for_reading:
            self.is_for_reading, self._lock_type = False, "IMMEDIATE"
            self.connect_params.pop("uri", None)
        super().init(database, **options)

    def init_for_reading(self, place: str, key: str) -> None:
        """Open the file at the URI *place* from now on; SQLite refuses every write.

        A transaction takes no writer's lock: what is read in one is of one moment.
        """
        pragmas = {"cipher_log_level": "none", "query_only": 1, "trusted_schema": 0}
        passphrase = f"x'{key}'"
        super().init(place, pragmas=pragmas, passphrase=passphrase, uri=True)
        self.is_for_reading, self._lock_type = True, "DEFERRED"

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        try:  # costs nothing while all is well, as a context manager does
            return super().execute_sql(sql, params)
        except DatabaseError as error:
            tell_of_writing(error)
            raise

    def commit(self) -> None:
        try:
            super().commit()
        except DatabaseError as error:
            tell_of_writing(error)
            raise

    def rollback(self) -> None:
        # A full disk has made SQLite roll back already.
        if self.is_closed() or self.connection().in_transaction:
            super().rollback()

    def change_mark(self) -> tuple[Any, Any]:
        """Another one after any change, by this connection or another."""
        (version,) = self.execute_sql("PRAGMA data_version").fetchone()
        return self.connection().total_changes, version

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows, with peewee's exceptions."""
        try:
            with __exception_wrapper__:
                self.cursor().executemany(sql, rows)
        except DatabaseError as error:
            tell_of_writing(error)
            raise

    def among(self, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """The condition that a column holds one of *values*, and its parameters."""
        return f"IN ({', '.join('?' * len(values))})", values

    def as_json(self, columns: Sequence[str], booleans: Sequence[int]) -> str:
        """The row of `t` as msgspec writes it, so that texts alone are compared."""
        truth = "json(CASE t.\"{}\" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
        values = (
            f"'{name}', {truth.format(name)}"
            if at in booleans
            else f"'{name}', t.\"{name}\""
            for at, name in enumerate(columns)
        )
        return f"json_object({', '.join(values)})"

    def has_table(self, name: str) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE name = ?"
        return self.execute_sql(sql, (name,)).fetchone() is not None

    def damages(self) -> list[str]:
        """What the file is damaged in.

        Reading a page checks its HMAC: this covers `cipher_integrity_check` as well.
        """
        answers = self.execute_sql("PRAGMA quick_check").fetchall()
        return [answer for (answer,) in answers if answer != "ok"]

    @contextmanager
    def reading_much(self) -> Iterator[None]:
        """More memory while all of the file is read."""
        usual, self.cache_size = self.cache_size, MUCH
        try:
            yield
        finally:
            self.cache_size = usual

    def add_trigger(self, sql: str) -> None:
        self.execute_sql(sql)

    @contextmanager
    def triggers_off(self, table: str) -> Iterator[None]:
        """Without the triggers that refuse an update, in the running transaction."""
        rows = self.execute_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name = ? AND sql LIKE '%BEFORE UPDATE%'",
            (table,),
        ).fetchall()
        for name, _ in rows:
            self.execute_sql(f'DROP TRIGGER "{name}"')
        yield  # what fails inside takes back the dropping as well
        for _, sql in rows:
            self.execute_sql(sql)

    # Whose turn it is on this PC, a file beside the database says.
    def take_turn(self) -> bool:
        return True

    def give_turn(self) -> None:
        pass

    # Nothing in the file can be read without its key.
    def sealed(self, text: str) -> str:
        return text

    def unsealed(self, text: str) -> str:
        return text

    # The search index: FTS5.  Without positions and contents it is a third of the
    # size; rows can be replaced.
    def create_index_of_words(self, name: str) -> None:
        self.execute_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5(tokens, "
            "content='', contentless_delete=1, detail=none, tokenize='ascii')"
        )

    def put_words(self, name: str, lines: Iterable[tuple[int, str]]) -> None:
        self.execute_many(
            f"INSERT OR REPLACE INTO {name} (rowid, tokens) VALUES (?, ?)", lines
        )

    def drop_old_words(self, name: str) -> None:
        """Words of replaced rows stay in the file until the index is merged."""
        self.execute_sql(f"INSERT INTO {name} ({name}) VALUES ('optimize')")

    def words_of(self, name: str) -> str:
        """The condition that a row of the index has the words of `words_asked`."""
        return f"{name} MATCH ?"

    def words_asked(self, match: str) -> str:
        return match
