"""The office's records on a PostgreSQL server, which several PCs may read.

Which server that is stands in the data folder (`server.json`, for its owner alone)
with the password sealed by the folder's key.  Secrets of the office are sealed with
the same key before they leave this PC: who reads the server, its backups or its log
finds records, as its keepers may, but not the keys that the office signs with.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from peewee import (
    DatabaseError,
    PostgresqlDatabase,
    __exception_wrapper__,  # pyright: ignore[reportAttributeAccessIssue]
)

from models import dialect
from models.errors import UserError
from models.keystore import write_private
from models.serverwords import about, refused

FILE = "server.json"
SCHEMES = ("postgresql", "postgres")
# One writer at a time, whichever PC it works on; any number of its own.
WRITER = 0x6465736B
TURN = WRITER + 1
LOCK_SECONDS = 10
FEW = 20  # so few rows go one by one
# Compiling a query took 0.5 s where running it took 0.02.
OPTIONS = f"-c lock_timeout={LOCK_SECONDS}s -c search_path=public -c jit=off"

_INSERT = re.compile(
    r'INSERT (?:OR IGNORE )?INTO "?(?P<table>[\w.]+)"? \((?P<columns>[^)]*)\) '
    r"VALUES \([?, ]*\)(?P<rest>.*)",
    re.DOTALL,
)
_TARGET = re.compile(r" ON CONFLICT \((\w+)\)")


class Server(NamedTuple):
    """Where the records are kept; the password is never part of the URL."""

    url: str
    password: str = ""


def server_at(
    url: str, password_file: Path | None = None, *, password: str = ""
) -> Server:
    """What was typed as an address; a file has the password as its first line."""
    parts = urlsplit(url.strip())
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise UserError(
            "请填写 PostgreSQL 数据库的地址，例如 postgresql://desk@10.0.0.5/desk。"
        )
    if parts.password is not None or "password=" in parts.query:
        raise UserError("密码不要写在地址里：请另外填写，命令行则放进一个文件再指明。")
    if password_file is not None:
        try:
            password = password_file.read_text("utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"密码文件“{password_file}”读不出来，请检查。") from error
    return Server(url.strip(), password)


def remember(folder: Path, server: Server, key: str) -> None:
    """Keep in the data folder where its records are."""
    path = folder / FILE
    path.unlink(missing_ok=True)  # of a set-up that was interrupted
    kept = {"url": server.url, "password": seal(server.password, key)}
    write_private(path, json.dumps(kept))


def remembered(folder: Path, key: str) -> Server:
    try:
        kept = json.loads((folder / FILE).read_text("ascii"))
        url, password = kept["url"], kept["password"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"数据文件夹里的 {FILE} 坏了，不知道数据库在哪台服务器上。"
            "请从备份恢复，或用办公室密钥重建办公室。"
        ) from error
    return Server(url, unseal(password, key))


def _box(key: str) -> Any:
    from nacl.hash import blake2b
    from nacl.secret import SecretBox

    # Another key than the one that encrypts a file: this one guards single values.
    derived = blake2b(b"desk: values on a server", key=bytes.fromhex(key))
    return SecretBox(bytes.fromhex(derived.decode())[: SecretBox.KEY_SIZE])


def seal(text: str, key: str) -> str:
    """*text* as only the holder of the folder's key reads it; hex."""
    return _box(key).encrypt(text.encode()).hex() if text else ""


def unseal(sealed: str, key: str) -> str:
    from nacl.exceptions import CryptoError

    if not sealed:
        return ""
    try:
        return _box(key).decrypt(bytes.fromhex(sealed)).decode()
    except (CryptoError, ValueError) as error:
        raise UserError(
            "这个数据文件夹的密钥打不开数据库里的办公室密钥，请用原来的数据文件夹，"
            "或从备份恢复。"
        ) from error


class OfficeServer(PostgresqlDatabase):
    """A database of the server, spoken to as if it were SQLite."""

    param = "?"
    is_for_reading = False
    field_types = {  # noqa: RUF012 - peewee's
        "AUTO": "BIGSERIAL",
        "BOOL": "BOOLEAN",
        "DATETIME": "DATETIME",
    }

    def __init__(self, folder: Path, server: Server, key: str) -> None:
        # Of the data folder, as a station's file is.
        super().__init__(str(folder / FILE), autoconnect=False)
        self._server, self._key, self._written = server, key, 0

    @property
    def place(self) -> str:
        """Host and database, for people."""
        parts = urlsplit(self._server.url)
        return f"{parts.hostname or 'localhost'}{parts.path}"

    def _connect(self) -> Any:
        psycopg = driver()
        connection = psycopg.connect(
            self._server.url,
            **({"password": self._server.password} if self._server.password else {}),
            autocommit=True,
            client_encoding="utf8",
            application_name="desk",
            connect_timeout=LOCK_SECONDS,
            options=OPTIONS,
            # A prepared statement would not notice a temporary view (the past).
            prepare_threshold=None,
        )
        _read_as_sqlite(connection)
        return connection

    def is_connection_usable(self) -> bool:
        return not self.is_closed() and not self.connection().broken

    @property
    def index_value_literals(self) -> bool:
        """The condition of an index cannot be bound by the server."""
        return True

    def _set_server_version(self, conn: Any) -> None:
        self.server_version = conn.info.server_version

    def _execute_cursor(self, sql: str, params: Any, **cursor_options: Any) -> Any:
        if not sql.startswith("SELECT"):
            self._written += 1
        run = super()._execute_cursor  # pyright: ignore[reportAttributeAccessIssue]
        return run(dialect.translated(sql), params)

    def begin(self, lock_type: str | None = None) -> None:
        """Writers one after the other; readers ("DEFERRED") see one moment."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
        if lock_type is None:
            begin = f"BEGIN; SELECT pg_advisory_xact_lock({WRITER})"
        with __exception_wrapper__:
            self.cursor().execute(begin)

    def take_turn(self) -> bool:
        """Of the PCs that use the database one at a time exchanges."""
        return self.execute_sql(f"SELECT pg_try_advisory_lock({TURN})").fetchone()[0]

    def give_turn(self) -> None:
        if self.is_connection_usable():  # else the server has taken it back
            self.execute_sql(f"SELECT pg_advisory_unlock({TURN})")

    def change_mark(self) -> tuple[Any, Any]:
        """Another one after any change, by this connection or another."""
        row = self.execute_sql("SELECT pg_current_snapshot()::text").fetchone()
        return self._written, row[0]

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows: what is inserted is copied in bulk."""
        rows = list(rows)
        match = _INSERT.fullmatch(sql) if len(rows) >= FEW else None
        with __exception_wrapper__:
            if match is None:
                self.cursor().executemany(dialect.translated(sql), rows)
            elif not match["rest"]:
                self._copy(f'"{match["table"]}"', match["columns"], rows)
            else:
                self._merge(sql, match, rows)
        self._written += 1

    def _copy(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _merge(self, sql: str, match: re.Match, rows: Sequence[Sequence[Any]]) -> None:
        """By way of a table beside it.

        Several revisions of one row follow each other, as they would one by one.
        """
        table, columns = match["table"], match["columns"]
        key = _TARGET.match(match["rest"])
        names = [name.strip(' "') for name in columns.split(",")]
        at = names.index(key[1]) if key else 0
        stage, cursor = f'"stage_{table}"', self.cursor()
        cursor.execute(
            f'CREATE TEMP TABLE IF NOT EXISTS {stage} (LIKE "{table}") '
            "ON COMMIT DELETE ROWS"
        )
        for wave in _waves(rows, at):
            if len(wave) < FEW:
                cursor.executemany(dialect.translated(sql), wave)
                continue
            cursor.execute(f"TRUNCATE {stage}")
            self._copy(stage, columns, wave)
            cursor.execute(
                f'INSERT INTO "{table}" ({columns}) '
                f"SELECT {columns} FROM {stage}{match['rest']}"
            )

    def among(self, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """One array: to find 500 marks takes psycopg longer than the answer takes."""
        return "= ANY(?)", [list(values)]

    def as_json(self, columns: Sequence[str], booleans: Sequence[int]) -> str:
        """The server writes JSON with other spaces: rows are compared here."""
        return ""

    def has_table(self, name: str) -> bool:
        found = self.execute_sql("SELECT to_regclass(?)::text", (f"public.{name}",))
        return found.fetchone()[0] is not None

    @property
    def user_version(self) -> int:
        """The number of the schema; 0 of a database that holds nothing of ours."""
        if not self.has_table("schema_version"):
            return 0
        return self.execute_sql("SELECT version FROM schema_version").fetchone()[0]

    @user_version.setter
    def user_version(self, version: int) -> None:
        self.execute_sql("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)")
        self.execute_sql("DELETE FROM schema_version")
        self.execute_sql("INSERT INTO schema_version (version) VALUES (?)", (version,))

    def damages(self) -> list[str]:
        """Its pages are the server's to check."""
        return []

    @contextmanager
    def reading_much(self) -> Iterator[None]:
        yield

    def add_trigger(self, sql: str) -> None:
        self.execute_sql(dialect.trigger(sql))

    def sealed(self, text: str) -> str:
        return seal(text, self._key)

    def unsealed(self, text: str) -> str:
        return unseal(text, self._key)

    # The search index: the same words in an index of PostgreSQL's own.
    def create_index_of_words(self, name: str) -> None:
        self.execute_sql(
            f"CREATE TABLE IF NOT EXISTS {name} "
            "(rowid BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)"
        )
        self.execute_sql(
            f"CREATE INDEX IF NOT EXISTS {name}_words ON {name} USING GIN (tokens)"
        )

    def put_words(self, name: str, lines: Iterable[tuple[int, str]]) -> None:
        with __exception_wrapper__:
            self.cursor().executemany(
                f"INSERT INTO {name} (rowid, tokens) "
                "VALUES (%s, array_to_tsvector(string_to_array(%s, ' '))) "
                "ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens",
                list(lines),
            )

    @contextmanager
    def triggers_off(self, table: str) -> Iterator[None]:
        """Without the triggers that refuse a change, in the running transaction."""
        self.execute_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        self.execute_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    def drop_old_words(self, name: str) -> None:
        """The server's own vacuum takes away what was replaced."""

    def words_of(self, name: str) -> str:
        """The condition that a row of the index has the words of `words_asked`."""
        return f"{name}.tokens @@ CAST(? AS tsquery)"

    def words_asked(self, match: str) -> str:
        return dialect.tsquery(match)


def driver() -> Any:
    """psycopg: only an office on PostgreSQL needs it."""
    try:
        import psycopg
    except ImportError as error:
        raise UserError(
            "这台电脑没有安装 PostgreSQL 组件，"
            "请先运行：pip install -r requirements-postgres.txt"
        ) from error
    return psycopg


def _read_as_sqlite(connection: Any) -> None:
    """Sums are plain numbers, and JSON is the text it is."""
    from psycopg.adapt import Loader
    from psycopg.types.string import TextLoader

    class Number(Loader):
        def load(self, data: Any) -> int | float:
            text = bytes(data)
            return int(text) if b"." not in text else float(text)

    connection.adapters.register_loader("numeric", Number)
    connection.adapters.register_loader("json", TextLoader)


def _waves(rows: Sequence[Sequence[Any]], at: int) -> Iterator[list[Sequence[Any]]]:
    """*rows* in stretches in which each key, at place *at*, occurs once."""
    seen: Counter[Any] = Counter()
    waves: list[list[Sequence[Any]]] = []
    for row in rows:
        number = seen[row[at]]
        seen[row[at]] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(row)
    return iter(waves)


def open_server(database: OfficeServer) -> None:
    """Connect.  Raises `UserError` when the server cannot be reached or refuses."""
    try:
        database.connect()
        encoding = database.execute_sql("SHOW server_encoding").fetchone()[0]
    except DatabaseError as error:
        database.close()
        raise refused(error) from error
    if encoding != "UTF8":
        database.close()
        raise UserError("这个 PostgreSQL 数据库不是 UTF8 编码，请换一个新建的数据库。")


def refuse_taken(server: Server) -> None:
    """A new office needs a database that can be reached, is empty and lets it write."""
    database = OfficeServer(Path(), server, "")
    open_server(database)
    try:
        _refuse_filled(database)
        may = "SELECT has_schema_privilege(current_user, 'public', 'CREATE')"
        if not database.execute_sql(may).fetchone()[0]:
            raise about(
                "database",
                "这个用户不能在数据库里建表，请管理员授予建表的权限"
                "（GRANT CREATE ON SCHEMA public）。",
            )
    finally:
        database.close()


def _refuse_filled(database: OfficeServer) -> None:
    if database.get_tables():
        raise about(
            "database", "这个 PostgreSQL 数据库里已经有数据，请换一个空的数据库。"
        )


def create_tables(
    database: OfficeServer, models: Sequence[Any], triggers: Sequence[str]
) -> None:
    """Everything of a new office, in the caller's transaction."""
    _refuse_filled(database)
    for function in dialect.FUNCTIONS:
        database.execute_sql(function)
    _complete(database, models, triggers)


def drop_tables(database: OfficeServer) -> None:
    """Leave the database as empty as it was."""
    with database.atomic():
        for table in database.get_tables():
            database.execute_sql(f'DROP TABLE "{table}" CASCADE')
        for function in dialect.FUNCTIONS:
            name = function.split()[2].partition("(")[0]
            database.execute_sql(f"DROP FUNCTION {name}")


def upgrade(
    database: OfficeServer,
    models: Sequence[Any],
    triggers: Sequence[str],
    newest: int,
) -> None:
    """Bring the database up to date; one that is newer is refused.

    An upgrade only ever adds: what *models* and *triggers* have and the database
    lacks.  Its statements for SQLite are not repeated.
    """
    if (version := database.user_version) == newest:
        return
    if version > newest:
        raise UserError("数据库来自更新的程序版本，请先升级本程序。")
    with database.atomic():
        _complete(database, models, triggers)
        database.user_version = newest


def _complete(
    database: OfficeServer, models: Sequence[Any], triggers: Sequence[str]
) -> None:
    there = set(database.get_tables())
    for model in models:
        if model._meta.table_name in there:
            _add_columns(database, model)
    database.create_tables(models)
    # No stream is ever deleted; to look for each entry's took a third of its loading.
    database.execute_sql(
        "ALTER TABLE journal DROP CONSTRAINT IF EXISTS journal_stream_fkey"
    )
    names = {sql.split()[2]: sql for sql in triggers}
    wanted = {name: dialect.trigger(sql) for name, sql in names.items()}
    for model in models:
        table = model._meta.table_name
        if f"{table}_is_never_deleted" in names:
            wanted[f"{table}_is_never_emptied"] = dialect.never_emptied(table)
    wanted["journal_is_never_emptied"] = dialect.never_emptied("journal")
    rows = database.execute_sql("SELECT tgname FROM pg_trigger").fetchall()
    for name in wanted.keys() - {name for (name,) in rows}:
        database.execute_sql(wanted[name])


def _add_columns(database: OfficeServer, model: Any) -> None:
    """A row that was there holds what a new one would."""
    table = model._meta.table_name
    there = {column.name for column in database.get_columns(table)}
    for field in model._meta.sorted_fields:
        if field.column_name in there:
            continue
        kind = field.ddl_datatype(database.get_sql_context()).sql
        default = "" if field.null else f" NOT NULL DEFAULT {_literal(field)}"
        database.execute_sql(
            f'ALTER TABLE "{table}" ADD COLUMN "{field.column_name}" {kind}{default}'
        )


def _literal(field: Any) -> str:
    value = field.default() if callable(field.default) else field.default
    stored = field.db_value(value)
    if isinstance(stored, bool | int):
        return str(stored)
    return "'" + str(stored or "").replace("'", "''") + "'"
