"""The shared folder: the few things we do with it, each safe on a bad one.

Files are written once, under a name that holds their own hash, and never changed.
Absence proves nothing: Windows reports an unreachable server as FileNotFoundError and
a dead mount simply looks empty.  So a missing folder means "nothing new", never
"start again"; only a readable marker says that the share is there.
"""

import contextlib
import errno
import itertools
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from exports.sync import keys
from exports.sync.lookout import asking, lookout
from exports.sync.sharenames import HASHED, PART, long_form, ours_first, share_place
from models.errors import UserError
from models.jsontext import UNREADABLE

MARKER = "centre.marker"
MOST_MARKER = 16 << 10
UNREACHABLE = "共享文件夹不可用，请检查网络后重试；记录都在本机，不会丢失。"

# A scanner or an indexer holds the file for a moment: ERROR_ACCESS_DENIED,
# ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
BUSY = (5, 32, 33)
DISK_FULL = (39, 112)  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
# ERROR_CLOUD_FILE_…: a synced folder has the name of a file and not yet its content.
# ERROR_VIRUS_INFECTED, ERROR_VIRUS_DELETED: a scanner keeps this one from everybody.
NOT_TO_BE_HAD = (*range(358, 405), 225, 226)

# One call moves so much: between two calls an exchange can be stopped.
PIECE = 1 << 20
# A folder with more names than that is somebody else's.
MOST_NAMES = 200_000


class Unreachable(UserError):
    """The share is not there now; everything stays as it is."""


class NotWritable(Unreachable):
    """The share is there, and takes nothing from us."""


def is_away(error: Exception) -> bool:
    """Does it say that the share is not there at all?"""
    return isinstance(error, Unreachable) and not isinstance(error, NotWritable)


class NoMarker(Unreachable):
    """There is no marker: the share is not there, or it is no share."""


class Marker(msgspec.Struct, frozen=True):
    """Who this share belongs to; signed by the office, written once."""

    v: int
    realm: str
    centre_name: str
    office_uid: str
    office_key: str
    office_recipient: str
    recovery_recipient: str
    min_format: int
    max_format: int

    @property
    def fingerprint(self) -> str:
        return keys.fingerprint(self.office_key, self.office_recipient)


def refuse_taken(folder: Path) -> None:
    """A new centre needs a folder that can be reached and belongs to nobody."""
    share_place(str(folder))
    if folder.is_file():
        raise UserError("共享文件夹这里填的是一个文件，请选择一个空文件夹。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_gone(folder / MARKER):
            raise UserError("这个文件夹已经属于一个中心，请换一个空文件夹。")
    except OSError as error:
        raise UserError(
            "共享文件夹打不开或不能写入，请检查位置、网络和权限后重试。"
        ) from error


def write_marker(folder: Path, marker: Marker, sign_seed: str) -> None:
    """Make *folder* the share of a new centre.  A marker is never replaced."""
    body = msgspec.json.encode(marker)
    signature = keys.sign(sign_seed, b"desk-marker-1\0" + body)
    refuse_taken(folder)
    publish(folder, MARKER, body + b"\n" + signature.encode() + b"\n")


def read_marker(folder: Path) -> Marker:
    """The marker of the share at *folder*, its signature checked."""
    share_place(str(folder))
    try:
        data = _read(folder / MARKER, MOST_MARKER)
    except FileNotFoundError as error:
        raise NoMarker(
            "在这个文件夹里没有找到服务中心的标记：共享文件夹不可用，"
            "或选错了文件夹。请检查网络和位置后重试。"
        ) from error
    except OSError as error:
        raise _explained(error) from error
    body, _, signature = data.rstrip(b"\n").partition(b"\n")
    try:
        marker = msgspec.json.decode(body, type=Marker)
    except UNREADABLE as error:
        raise Unreachable("服务中心的标记已损坏，请联系中心办公室。") from error
    if not keys.is_signed(marker.office_key, b"desk-marker-1\0" + body, signature):
        raise Unreachable("服务中心的标记被改动过，请联系中心办公室。")
    return marker


def _explained(error: OSError) -> UserError:
    """What to tell people about an error of the share."""
    code = getattr(error, "winerror", None)
    if code in DISK_FULL or error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NotWritable("共享文件夹已满，没有上传；记录都在本机，请清理后重试。")
    if code is None and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotWritable("没有权限读写共享文件夹，请联系中心办公室。")
    if error.errno == errno.EEXIST:
        return NotWritable(
            "共享文件夹里有同名而内容不同的文件，没有覆盖，请联系中心办公室。"
        )
    return Unreachable(UNREACHABLE)


def names_in(folder: Path) -> Iterator[str]:
    """The names in a folder of the share; a missing one has nothing new."""
    found: list[str] = []
    try:
        with asking(), os.scandir(_at(folder)) as entries:
            found = [entry.name for entry in itertools.islice(entries, MOST_NAMES)]
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise _explained(error) from error
    yield from ours_first(found, lookout().note_stranger)


def _at(path: Path) -> str:
    return long_form(str(path))


def read(path: Path, most: int) -> bytes | None:
    """The bytes of a file, at most *most* + 1; None when they cannot be had now.

    One file that is held or broken must not stop the rest.  Whether the share as a
    whole is gone, the marker tells at the end of the exchange.
    """
    try:
        data = _read(path, most)
        return None if _may_still_grow(path, data) else data
    except OSError as error:
        one = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.EIO)
        is_this_one = error.errno in (*one, errno.ELOOP, errno.ENXIO)
        if is_this_one or getattr(error, "winerror", None) in NOT_TO_BE_HAD:
            return None
        raise _explained(error) from error


def _may_still_grow(path: Path, data: bytes) -> bool:
    named = HASHED.fullmatch(path.name)
    if named is None:
        return False
    found = sha256(data).hexdigest()
    return found[:24] != named[1] and lookout().may_still_grow(str(path), found)


def _read(path: Path, most: int) -> bytes:
    # No link is followed out of the share, and a pipe must not make us wait.
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    pieces, left = [], most + 1
    with asking():
        handle = os.open(_at(path), os.O_RDONLY | getattr(os, "O_BINARY", 0) | careful)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IsADirectoryError(errno.EISDIR, "not a file", str(path))
        while left > 0:
            with asking():
                piece = file.read(min(left, PIECE))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def is_gone(path: Path) -> bool:
    """Does the share say that there is no such file?  Any other error is no answer."""
    try:
        with asking():
            os.lstat(_at(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def sweep(folder: Path, listed: Iterable[str]) -> None:
    """Remove what an interrupted writer left in its own folder, as *listed*."""
    for name in listed:
        if PART.fullmatch(name):
            with asking(), contextlib.suppress(OSError):
                os.unlink(_at(folder / name))


def remove(path: Path) -> None:
    """Take away a file of one's own folder; one that is gone is as good."""
    try:
        with asking():
            os.unlink(_at(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _explained(error) from error


def publish(folder: Path, name: str, data: bytes) -> None:
    """Put a new file on the share, proven: read back before it gets its name."""
    try:
        with asking():
            os.makedirs(_at(folder), exist_ok=True)
        write_once(folder, name, data)
    except OSError as error:
        raise _explained(error) from error


def write_once(folder: Path, name: str, data: bytes) -> None:
    """Exclusive part file, write, fsync, close, read back, rename.

    On a full share the write fails and fsync, close and rename then succeed: so each
    step is checked and the bytes are read back.
    """
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        with asking():
            handle = os.open(
                _at(part),
                os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0),
                0o666,
            )
        with os.fdopen(handle, "wb") as file:
            for start in range(0, len(data), PIECE):
                with asking():
                    file.write(data[start : start + PIECE])
            with asking():
                file.flush()
                os.fsync(file.fileno())
        if _read(part, len(data)) != data:
            raise OSError(errno.EIO, "the share did not keep what was written")
        _rename(part, folder / name, data)
        with asking():
            _sync_folder(folder)
    except BaseException:
        with asking(even_if_stopped=True), contextlib.suppress(OSError):
            os.unlink(_at(part))
        raise


def _rename(part: Path, target: Path, data: bytes) -> None:
    """Rename without replacing; the same content under the name is as good."""
    for pause in (0.05, 0.2, 0.5, 1.0, None):
        try:
            if not _is_free(target):
                if _read(target, len(data)) == data:
                    os.unlink(_at(part))
                    return
                raise FileExistsError(errno.EEXIST, "name is taken", str(target))
            with asking():
                os.rename(_at(part), _at(target))
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in BUSY or pause is None:
                raise
            time.sleep(pause)


def _is_free(target: Path) -> bool:
    try:
        with asking():
            os.lstat(_at(target))
    except FileNotFoundError:
        return True
    return False


def _sync_folder(folder: Path) -> None:
    """Make the new name durable where the system can; shares often cannot."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(_at(folder), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
