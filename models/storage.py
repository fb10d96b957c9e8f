"""Opening and making the database of a station: its own encrypted file.

An office may have its records on a PostgreSQL server instead (`models.postgres`); its
data folder then says where.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from peewee import DatabaseError
from sqlcipher3 import sqlite_version_info

from models import journal, keystore, migrations, mishaps, putback
from models.base import Record, db, set_station, station_file, table_of
from models.errors import UserError
from models.installation import Installation
from models.mishaps import Damaged

if TYPE_CHECKING:
    from models.postgres import OfficeServer, Server

FILE = "desk.db"
SERVER_FILE = "server.json"

# WAL of SQLite 3.7.0 to 3.51.2 can be corrupted by two connections of one process
# that write and checkpoint at once: just what a window and its worker do.
OLDEST_SQLITE = (3, 51, 3)

# FULL: with NORMAL a power cut took back 35 to 180 commits already shown as saved.
PRAGMAS = {
    "cipher_log_level": "none",  # it would write English lines to standard error
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    # KiB.  At 1,000,000 visits the list of open cases is kept in it: 7 ms, not 19.
    "cache_size": -32_000,
    "secure_delete": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
}

UNREADABLE = (
    "数据文件打不开：desk.db 与这里的密钥不符（例如单独放回了别处或以前的 desk.db），"
    "或文件已经损坏。什么都没有改动，请不要删除任何文件：打开程序，按提示从备份恢复；"
    "只换了 desk.db 的，放回与它同时的整个数据文件夹也可以。"
)

SYNCED_FOLDERS = re.compile(
    r"onedrive|dropbox|nutstore|坚果云|百度网盘|baidunetdisk|iclouddrive|weiyun|微云",
    re.IGNORECASE,
)


def refuse_shared_place(folder: Path) -> None:
    """SQLite on a share or in a synced folder gets damaged: do not even start."""
    text = str(folder)
    remote = text.startswith(("\\\\", "//"))
    if sys.platform == "win32" and not remote:
        import ctypes

        drive_remote = 4  # GetDriveTypeW, winbase.h
        kind = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
        remote = kind == drive_remote
    if remote:
        raise UserError("数据只能放在本机硬盘，不能放在网络位置，请换一个文件夹。")
    if any(SYNCED_FOLDERS.search(part) for part in folder.parts):
        raise UserError("数据不能放在网盘同步文件夹里，请换一个本机文件夹。")


def _connect(path: Path, key: str) -> None:
    if sqlite_version_info < OLDEST_SQLITE:
        raise UserError("数据库组件版本过旧，请重新安装本程序。")
    close_database()
    station_file.init(str(path), pragmas=PRAGMAS, passphrase=f"x'{key}'")
    db.initialize(station_file)
    try:
        db.connect()
        db.get_tables()  # the first page is only read, and so decrypted, here
    except DatabaseError as error:
        close_database()
        raise Damaged(UNREADABLE) from error


def _connect_server(folder: Path, key: str, server: "Server | None" = None) -> None:
    from models import postgres

    close_database()
    kept = server or postgres.remembered(folder, key)
    database = postgres.OfficeServer(folder, kept, key)
    postgres.open_server(database)
    db.initialize(database)


def _open(folder: Path) -> None:
    """Connect to what the data folder holds, or says where it is."""
    key = keystore.key_of(folder)
    if (folder / SERVER_FILE).exists():
        _connect_server(folder, key)
    else:
        _connect(folder / FILE, key)


def on_server() -> "OfficeServer | None":
    """The server that the open database is on, if it is on one."""
    return None if db.obj is station_file else db.obj


def create_database(
    folder: Path,
    *,
    identity: dict,
    stream: dict,
    key_in_file: bool = False,
    server: "Server | None" = None,
) -> Installation:
    """Make the database of a new station in *folder*, complete or not at all.

    *identity* are the fields of `Installation`, *stream* those of its own stream.
    With *server* (an office's only) the records go there.
    """
    folder = folder.absolute()
    refuse_shared_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "win32":
        folder.chmod(0o700)
    if has_database(folder):
        raise UserError("这个文件夹里已经有工作站的数据，不能再次设立。")
    key = keystore.new_key(folder, in_file=key_in_file)
    if server is None:
        _connect(folder / FILE, key)
        os.chmod(folder / FILE, 0o600)
    else:
        from models import postgres

        _connect_server(folder, key, server)
        postgres.remember(folder, server, key)
    with db.atomic():
        _create_tables()
        here = Installation.create(**identity)
        journal.Stream.create(own=True, **stream)  # the first: its id is OWN
        db.user_version = 1 + len(migrations.STEPS)
    set_station(here.station_uid, here.kind)
    return here


def _create_tables() -> None:
    from models.tables import LOCALS, RECORDS, TRIGGERS

    tables = [*LOCALS, *RECORDS]
    if (server := on_server()) is not None:
        from models import postgres

        postgres.create_tables(server, tables, TRIGGERS)
        return
    db.create_tables(tables)
    for trigger in TRIGGERS:
        db.add_trigger(trigger)


@contextmanager
def nothing_left_on_server() -> Iterator[None]:
    """What a set-up that fails has made on a server is taken away again."""
    try:
        yield
    except BaseException:
        if (server := on_server()) is not None and not server.is_closed():
            from models import postgres

            postgres.drop_tables(server)
        raise


def has_database(folder: Path) -> bool:
    """Is there a complete database?  An interrupted set-up leaves an empty one."""
    putback.finish(folder)
    path = folder / FILE
    on_server = (folder / SERVER_FILE).exists()
    if not on_server and (not path.exists() or not path.stat().st_size):
        return False
    _open(folder)
    try:
        return bool(db.user_version)
    finally:
        close_database()


def open_database(folder: Path) -> Installation:
    """Open the station in *folder* for the running thread, upgraded if need be."""
    from models.installation import installation

    folder = folder.absolute()
    refuse_shared_place(folder)
    putback.finish(folder)
    path = folder / FILE
    if not path.exists() and not (folder / SERVER_FILE).exists():
        raise UserError(f"“{folder}”里没有工作站的数据，请检查 --data 指的文件夹。")
    _open(folder)
    try:
        if not db.user_version:
            raise UserError(f"“{folder}”里的工作站没有设立完成，请重新设立。")
        _upgrade(path)
        here = installation()
    except BaseException as error:
        close_database()
        if isinstance(mishaps.told(error), Damaged):  # further in than the first page
            raise Damaged(UNREADABLE) from error
        raise
    set_station(here.station_uid, here.kind)
    keystore.repair_recovery_slot(folder, here.recovery_recipient)
    return here


def _upgrade(path: Path) -> None:
    if (server := on_server()) is None:
        migrations.migrate(station_file, path)
        return
    from models import postgres
    from models.tables import LOCALS, RECORDS, TRIGGERS

    postgres.upgrade(server, [*LOCALS, *RECORDS], TRIGGERS, 1 + len(migrations.STEPS))


def data_folder() -> Path:
    """Where the open database, its key and its slots lie."""
    return Path(str(db.database)).parent


def close_database() -> None:
    """Close this thread's connection."""
    set_station("")
    if not db.is_closed():
        db.close()


def row_counts() -> dict[str, int]:
    """Rows per journalled table."""
    from models.tables import RECORDS

    return {table_of(model).name: count_of(model) for model in RECORDS}


def count_of(model: type[Record]) -> int:
    return db.execute_sql(f'SELECT COUNT(*) FROM "{table_of(model).name}"').fetchone()[
        0
    ]
