"""Putting a backup in the place of a station that is damaged or gone."""

import errno
import os
import shutil
from pathlib import Path
from typing import BinaryIO, NamedTuple

from peewee import DatabaseError

from exports.backup.contents import Contents
from exports.backup.facts import facts_of, opened
from exports.backup.plan import change_state
from models import clock, keyslots, keystore, mishaps, putback, storage, witness
from models.epochs import EpochReason, open_epoch
from models.errors import UserError
from models.installation import installation
from models.progress import Report, unheard

PIECE = 4 << 20
NO_ROOM = "本机硬盘空间不足，没有恢复，原来的数据没有动：请清理磁盘后再试。"
NO_WRITE = "数据文件夹“{folder}”不能写入，没有恢复，原来的数据没有动。"


class Restored(NamedTuple):
    """What was done: where the old files are kept, and how the new station goes on."""

    aside: Path | None
    epoch: str


def restore(contents: Contents, data: Path, *, report: Report = unheard) -> Restored:
    """Put the station of a backup that was opened into the folder *data*.

    It begins a new epoch there: what it gives out from now on must not be taken for
    what the old one gave out under the same numbers.  The old files are kept.  The
    database is open afterwards.  No other program may have it open meanwhile.
    """
    storage.refuse_shared_place(data)
    storage.close_database()
    try:
        new = putback.begin(data)
        _fill(contents, data, new, report)
        epoch = _begin_anew(contents, data, new)
        report(1, 1, "正在换上恢复的数据")
        aside = putback.commit(data)
    except OSError as error:
        putback.give_up_unless_decided(data)
        words = NO_ROOM if error.errno in mishaps.FULL else NO_WRITE.format(folder=data)
        raise UserError(words) from error
    except BaseException:
        putback.give_up_unless_decided(data)
        raise
    witness.note_tip(storage.open_database(data))
    change_state(data, since=clock.today(), damage="", checked_at=None)
    return Restored(aside, epoch)


def _fill(contents: Contents, data: Path, new: Path, report: Report) -> None:
    """The database without the trailer, and its key."""
    if shutil.disk_usage(new).free < contents.size + (1 << 20):
        raise OSError(errno.ENOSPC, "no room for the database")
    target = new / storage.FILE
    handle = os.open(
        target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(handle, "wb") as file, _source(contents.path) as source:
        left = contents.size
        while left and (piece := source.read(min(PIECE, left))):
            report(contents.size - left, contents.size, "正在恢复数据")
            file.write(piece)
            left -= len(piece)
        file.flush()
        os.fsync(file.fileno())
    if keystore.kept_key(data) == contents.key:
        _copy_keys(data, new)
    else:
        keystore.keep_again(new, contents.key)


def _source(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(f"备份文件“{path}”读不出来，没有恢复：请插好 U 盘再试。") from (
            error
        )


def _copy_keys(data: Path, new: Path) -> None:
    for name in (keystore.KEY_FILE, keystore.NAME_FILE, *keyslots.FILES.values()):
        if (data / name).exists():
            shutil.copy2(data / name, new / name)


def _begin_anew(contents: Contents, data: Path, new: Path) -> str:
    """Open it, upgraded if need be, and go on under a new epoch."""
    storage.open_database(new)
    try:
        if installation().station_uid != contents.facts.station:
            raise UserError("备份的内容与打开时不一样，没有恢复；请重新选择。")
        return open_epoch(EpochReason.RESTORED, above=_epoch_in(data))
    finally:
        storage.close_database()


def _epoch_in(data: Path) -> str:
    """The epoch of the database that is still there; "" where none can be read."""
    key, path = keystore.kept_key(data), data / storage.FILE
    if key is None or not path.exists():
        return ""
    try:
        with opened(path, key) as database:
            return facts_of(database).epoch
    except DatabaseError:  # it is damaged: that is why it is replaced
        return ""
