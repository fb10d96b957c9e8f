"""A new station's database, there completely or not at all.

It is made in a folder of its own inside the data folder and moved into place when
all of it is done: whoever pulls the plug during set-up simply starts again.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import UserError
from models.keystore import KEY_FILE, NAME_FILE
from models.storage import (
    FILE,
    SERVER_FILE,
    close_database,
    has_database,
    refuse_shared_place,
)

DRAFT = "setting-up"


@contextmanager
def complete_or_not_at_all(folder: Path) -> Iterator[Path]:
    """A folder to make the database in; at the end it is closed and moved to *folder*.

    Raises `UserError` when *folder* holds a station already.
    """
    folder = folder.absolute()
    refuse_shared_place(folder)
    if has_database(folder):
        raise UserError("这个文件夹里已经有工作站的数据，不能再次设立。")
    draft = folder / DRAFT
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform != "win32":
        folder.chmod(0o700)
    _remove(draft)
    try:
        yield draft
        close_database()  # and with it the write-ahead log goes into the file
    except BaseException:
        close_database()
        _remove(draft)
        raise
    for leftover in (f"{FILE}-wal", f"{FILE}-shm", KEY_FILE, NAME_FILE, SERVER_FILE):
        (folder / leftover).unlink(missing_ok=True)
    # The database comes last: with it the station is there.
    for name in (KEY_FILE, NAME_FILE, SERVER_FILE, FILE):
        if (draft / name).exists():
            os.replace(draft / name, folder / name)
            _sync_folder(folder)
    _remove(draft)


def _remove(draft: Path) -> None:
    if draft.exists():
        shutil.rmtree(draft)


def _sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable; Windows does so by itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
