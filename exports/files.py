"""Files that appear whole or not at all.

A file is written beside its target under a name of its own, flushed to the disk and
then put in the target's place in one step.  Whatever goes wrong before that step (the
person cancels, the disk is full, the program is killed) leaves the old file as it was.
Several files that belong together are written like that one after the other, and put
in place when the last is done.
"""

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from models.errors import UserError

_BUSY = "文件“{name}”正被其他程序使用，请关闭后再试。"
# EFBIG: more than the file system of a stick (FAT) allows for one file.
_FULL = frozenset(
    {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if os.name == "posix" else [])}
)


@contextmanager
def replacing(path: Path, *, busy: str = _BUSY) -> Iterator[BinaryIO]:
    """A binary file to write; when the block ends well it takes the place of *path*.

    *busy* is what people are told when another program holds the target: Windows
    refuses to replace a file that Word has open.  Raises `UserError` for that, for a
    folder that is missing or read-only and for a full disk.
    """
    with replacing_all([path], busy=busy) as files:
        yield next(files)


@contextmanager
def replacing_all(
    paths: Sequence[Path], *, busy: str = _BUSY
) -> Iterator[Iterator[BinaryIO]]:
    """A file for each of *paths*, to be asked for one by one, each done by the next.

    When the block ends well they take their places, all or none: when one cannot, those
    before it go and the old files stand again.  Raises as `replacing` does.
    """
    for path in paths:
        require_free(path, busy=busy)
    places: list[_Place] = []
    files = _files(paths, places)
    try:
        yield files
        next(files, None)  # the last one is done as well
        _put_in_place(places, busy)
    except BaseException as error:
        with suppress(OSError):  # what cannot be written cannot be flushed either
            files.close()
        for place in places:
            _remove(place.beside)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise UserError("磁盘空间不足，请清理磁盘或换一个位置再试。") from error
        if isinstance(error, OSError) and error.errno == errno.EIO:
            raise UserError(
                "磁盘读写出错，文件没有写好：请检查硬盘和 U 盘，或换一个位置再试。"
            ) from error
        raise


class _Place(NamedTuple):
    """A target, and the file that is to take its place."""

    target: Path
    beside: Path


def _files(
    paths: Sequence[Path], places: list[_Place]
) -> Generator[BinaryIO, None, None]:
    for path in paths:
        beside = _beside(path)
        file = _create(beside)
        places.append(_Place(path, beside))
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())


def _beside(path: Path) -> Path:
    """The name says nothing of the target: 80 Chinese characters fill the 255 bytes
    that Linux allows for one."""
    return path.with_name(f".{secrets.token_hex(8)}.part")


def require_free(path: Path, *, busy: str = _BUSY) -> None:
    """Say at once, not after the whole export, that the target cannot be replaced."""
    try:
        is_there = path.exists()
    except OSError as error:
        raise UserError(f"文件名“{path.name}”太长，请换一个短的。") from error
    if path.is_dir():
        raise UserError(f"“{path.name}”是一个文件夹，请换一个文件名。")
    if not is_there:
        return
    if not os.access(path, os.W_OK):
        raise UserError(f"“{path.name}”是只读文件，请换一个文件名或位置。")
    try:
        with path.open("r+b"):
            pass
    except PermissionError as error:
        raise UserError(busy.format(name=path.name)) from error


def _create(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileNotFoundError as error:
        raise UserError(f"文件夹“{path.parent}”不存在，请换一个位置。") from error
    except OSError as error:  # of another user, or on a stick that is write-protected
        if error.errno in _FULL:
            raise
        raise UserError(f"文件夹“{path.parent}”不能写入，请换一个位置。") from error


def _put_in_place(places: Sequence[_Place], busy: str) -> None:
    """A single file in one step.  Of several the old ones are kept until all stand."""
    kept = {target: _keep(target) for target, _ in places} if places[1:] else {}
    done: list[Path] = []
    try:
        for target, beside in places:
            try:
                os.replace(beside, target)
            except PermissionError as error:
                raise UserError(busy.format(name=target.name)) from error
            done.append(target)
        _flush_folder(places[0].target.parent)
    except BaseException:
        for target in done if kept else ():
            old = kept[target]
            if old is None:
                target.unlink()
            else:
                os.replace(old, target)
        raise
    finally:
        for old in kept.values():
            if old is not None:
                _remove(old)


def _remove(path: Path) -> None:
    """One of the files beside; one that is held stays, what was done is done."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _keep(path: Path) -> Path | None:
    """A second name for the file at *path*, or a copy where there are no such names."""
    if not path.exists():
        return None
    kept = _beside(path)
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
    return kept


def _flush_folder(path: Path) -> None:
    if sys.platform == "win32":  # which has no way to
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
