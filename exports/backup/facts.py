"""What a database says of itself, asked of any file: a backup's, or a damaged one's."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from models.errors import UserError
from models.sqlite import StationFile

PRAGMAS = {
    "cipher_log_level": "none",
    "trusted_schema": 0,
    "cell_size_check": 1,
    "query_only": 1,
}


class Facts(msgspec.Struct, frozen=True):
    """A station and how far it has come."""

    station: str
    kind: str
    name: str
    centre_name: str
    realm: str
    epoch: str
    seq: int  # of its own journal, and the hash there
    head: str
    entries: int  # of all journals, and the hash of the last
    hash: str
    last_at: str  # when the last own entry was made
    schema: int
    counts: dict[str, int]  # rows per table

    @property
    def is_office(self) -> bool:
        return self.kind == "office"


@contextmanager
def opened(path: Path, key: str, *, immutable: bool = False) -> Iterator[StationFile]:
    """A connection that only reads; *immutable* for a file that nobody else has."""
    place = f"file:{quote(str(path.absolute()))}?mode=ro"
    database = StationFile(
        place + ("&immutable=1" if immutable else ""),
        uri=True,
        pragmas=PRAGMAS,
        passphrase=f"x'{key}'",
        autoconnect=False,
    )
    with database.connection_context():
        yield database


def facts_of(database: StationFile) -> Facts:
    """Raises peewee's `DatabaseError` for a file that is no station's or damaged."""

    def row(sql: str) -> tuple:
        return database.execute_sql(sql).fetchone() or ()

    station, kind, name, centre, realm, epoch = (
        row(
            "SELECT station_uid, kind, name, centre_name, realm, epoch "
            "FROM installation"
        )
        or ("",) * 6
    )
    own = "FROM journal WHERE stream = 1 ORDER BY seq DESC LIMIT 1"
    seq, head, last_at = row(f"SELECT seq, hash, at {own}") or (0, "", "")
    (entries,) = row("SELECT COUNT(*) FROM journal")
    (last,) = row("SELECT hash FROM journal ORDER BY id DESC LIMIT 1") or ("",)
    return Facts(
        station=station,
        kind=kind,
        name=name,
        centre_name=centre,
        realm=realm,
        epoch=epoch,
        seq=seq,
        head=head,
        entries=entries,
        hash=last,
        last_at=last_at,
        schema=row("PRAGMA user_version")[0],
        counts=_counts(database),
    )


def _counts(database: StationFile) -> dict[str, int]:
    """Rows of the tables whose rows have a revision: those that are journalled."""
    tables = database.execute_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND sql LIKE '%\"revision\"%' AND name != 'journal' ORDER BY name"
    ).fetchall()
    return {
        name: database.execute_sql(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
        for (name,) in tables
    }


def with_words(error: Exception, place: Path, no_room: str) -> UserError:
    """What to say of an error of SQLite while a backup is written."""
    text = str(error)
    if "disk is full" in text or (
        "disk I/O" in text and shutil.disk_usage(place).free < 1 << 20
    ):
        return UserError(no_room.format(place=place))
    if "malformed" in text or "not a database" in text:
        return UserError("本机数据有损坏，不能备份：请运行“检查数据”，不要删除旧备份。")
    return UserError(f"备份没有写成，请检查“{place}”所在的磁盘后再试（{text}）。")
