"""Files that appear whole or not at all.

A file is written beside its target under a name of its own, flushed to the disk and
then put in the target's place in one step.  Whatever goes wrong before that step (the
person cancels, the disk is full, the program is killed) leaves the old file as it was.
"""

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import UserError

_BUSY = "文件“{name}”正被其他程序使用，请关闭后再试。"
_FULL = frozenset(
    {errno.ENOSPC, errno.EDQUOT} if os.name == "posix" else {errno.ENOSPC}
)


@contextmanager
def replacing(path: Path, *, busy: str = _BUSY) -> Iterator[BinaryIO]:
    """A binary file to write; when the block ends well it takes the place of *path*.

    *busy* is what people are told when another program holds the target: Windows
    refuses to replace a file that Word has open.  Raises `UserError` for that, for a
    folder that is missing or read-only and for a full disk.
    """
    busy = busy.format(name=path.name)
    _refuse_busy(path, busy)
    # The name says nothing of the target: 80 Chinese characters fill the 255 bytes
    # that Linux allows for one.
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    file = _create(beside)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(beside, path, busy)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise UserError("磁盘空间不足，请清理磁盘或换一个位置再试。") from error
        raise


def _refuse_busy(path: Path, busy: str) -> None:
    """Say at once, not after the whole export, that the target cannot be replaced."""
    if path.is_dir():
        raise UserError(f"“{path.name}”是一个文件夹，请换一个文件名。")
    if not path.exists():
        return
    try:
        with path.open("r+b"):
            pass
    except PermissionError as error:
        raise UserError(busy) from error


def _create(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileNotFoundError as error:
        raise UserError(f"文件夹“{path.parent}”不存在，请换一个位置。") from error
    except (PermissionError, NotADirectoryError) as error:
        raise UserError(f"文件夹“{path.parent}”不能写入，请换一个位置。") from error


def _put_in_place(beside: Path, path: Path, busy: str) -> None:
    try:
        os.replace(beside, path)
    except PermissionError as error:
        raise UserError(busy) from error
    if sys.platform != "win32":  # Windows has no way to flush a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
