"""Looking at a station that must not, or cannot, be written.

The database is opened so that SQLite itself refuses every write; nothing beside it is
changed either.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from peewee import DatabaseError

from models import keystore, migrations, mishaps, storage
from models.base import db, set_station, station_file
from models.installation import Installation, installation
from models.mishaps import Damaged, Unopenable

ROOM_NEEDED = 8 << 20  # bytes, before records are written again

_copies: list[tempfile.TemporaryDirectory] = []


def open_read_only(folder: Path) -> Installation:
    """Open the station in *folder* for looking, in the running thread."""
    folder = folder.absolute()
    key = keystore.key_of(folder)
    storage.close_database()
    for place in _ways(folder / storage.FILE):
        station_file.init_for_reading(place, key)
        db.initialize(station_file)
        try:
            db.connect()
            if db.user_version < 1 + len(migrations.STEPS):
                raise Unopenable("数据要先升级才能打开，而现在不能写入。")
            here = installation()
        except mishaps.UserError:
            storage.close_database()
            raise
        except DatabaseError:
            storage.close_database()
            continue
        set_station(here.station_uid, here.kind)
        return here
    raise Damaged("数据文件打不开，也不能只读打开：请从备份恢复。")


def _ways(path: Path):
    """Each way to open the file, in turn, as SQLite takes it.

    What was committed last may still be in the log beside the file.  To read that,
    SQLite wants an index of it, which it cannot make in a full or protected folder;
    there a copy of both is read.  Without a log the file alone is all there is.
    """
    plain = f"file:{quote(str(path))}?mode=ro"
    yield plain
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        yield f"{plain}&immutable=1"
        return
    try:
        copies = tempfile.TemporaryDirectory(prefix="desk-")
        _copies.append(copies)
        for file in (path, log):
            shutil.copy(file, copies.name)
    except OSError:
        return
    yield f"file:{quote(str(Path(copies.name) / path.name))}?mode=ro"


def is_on() -> bool:
    """Is the open station open for looking only?"""
    return db.obj is station_file and station_file.is_for_reading


def forget_copies() -> None:
    """The station is closed, or written again."""
    while _copies:
        _copies.pop().cleanup()


def can_write(folder: Path) -> bool:
    """Can records be written in *folder* now, with room for some?"""
    probe = folder / f".{secrets.token_hex(8)}.part"
    try:
        if shutil.disk_usage(folder).free < ROOM_NEEDED:
            return False
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, b"\0" * 4096)
            os.fsync(handle)
        finally:
            os.close(handle)
            probe.unlink()
    except OSError:
        return False
    return True
