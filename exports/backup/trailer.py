"""What stands behind the database in a backup file.

    the encrypted database, whole pages
    one line of JSON: whose, when, how many bytes, their digest, slots with the key
    its BLAKE2b under the database's key, hex
    the length of the JSON in 8 digits
    "\\nDESKBACKUP 1\\n"

SQLite reads as many pages as its header says and no further, so whoever has the key
can open the file as it is with the public `sqlcipher` tool.  Without the key it shows
a station's uid and a date, which its name shows as well.
"""

import base64
import hmac
import os
from hashlib import blake2b, sha256
from pathlib import Path

import msgspec

from models.errors import UserError
from models.jsontext import UNREADABLE
from models.progress import Report, unheard

END = b"\nDESKBACKUP 1\n"
MAC = 64
DIGITS = 8
MOST_JSON = 16 << 10
PIECE = 1 << 20
PERSON = b"desk-backup"
NO_BACKUP = "“{name}”不是本程序的备份文件，或没有复制完整，请另选一份。"
DAMAGED = "备份文件“{name}”已经损坏，请换一份备份。"


class Trailer(msgspec.Struct, frozen=True):
    """No personal data: anybody can read it."""

    v: int
    station: str
    made_at: str
    size: int  # bytes of the database
    digest: str  # their SHA-256
    # The database's key, sealed (`models.keyslots`): kind of the slot, base64.
    slots: dict[str, str]

    def slot(self, kind: str) -> bytes | None:
        text = self.slots.get(kind)
        return None if text is None else base64.b64decode(text, validate=True)


def mac_of(key: str, body: bytes) -> str:
    """Nobody without the key of the database makes such a file, or changes one."""
    made = blake2b(body, key=bytes.fromhex(key), person=PERSON, digest_size=MAC // 2)
    return made.hexdigest()


def append_trailer(path: Path, trailer: Trailer, key: str) -> None:
    """Finish the file at *path*, and see that all of it is on the disk."""
    body = msgspec.json.encode(trailer)
    with path.open("ab") as file:
        file.write(
            body + mac_of(key, body).encode() + f"{len(body):08d}".encode() + END
        )
        file.flush()
        os.fsync(file.fileno())


def read_trailer(path: Path) -> tuple[Trailer, bytes, str]:
    """The trailer, its bytes and its MAC; nothing of it is proven yet."""
    no_backup = UserError(NO_BACKUP.format(name=path.name))
    try:
        body, mac, room = _read_end(path)
        trailer = msgspec.json.decode(body, type=Trailer)
        for kind in trailer.slots:
            trailer.slot(kind)  # is it base64?
    except (ValueError, *UNREADABLE) as error:
        raise no_backup from error
    except OSError as error:
        raise UserError(f"备份文件“{path}”读不出来，请检查磁盘或 U 盘。") from error
    if trailer.v != 1:
        raise UserError("这份备份来自更新的程序版本，请先升级本程序。")
    if trailer.size != room:
        raise no_backup
    return trailer, body, mac


def _read_end(path: Path) -> tuple[bytes, str, int]:
    """The JSON, its MAC, and how many bytes stand before."""
    tail = DIGITS + len(END)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - tail))
        digits, end = file.read(DIGITS), file.read()
        if end != END or not digits.isdigit() or int(digits) > MOST_JSON:
            raise ValueError("no end")
        start = size - tail - MAC - int(digits)
        if start < 0:
            raise ValueError("too short")
        file.seek(start)
        return file.read(int(digits)), file.read(MAC).decode("ascii"), start


def is_made_with(key: str, body: bytes, mac: str) -> bool:
    """Is *key* the one of the database in the file?"""
    return hmac.compare_digest(mac_of(key, body).encode(), mac.encode())


def digest_of(path: Path, size: int, report: Report = unheard) -> str:
    """SHA-256 of the first *size* bytes, read from the disk where that can be had."""
    hashed, left = sha256(), size
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):  # else Linux gives what it still remembers
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while left and (piece := file.read(min(PIECE, left))):
            report(size - left, size, "正在核对备份")
            hashed.update(piece)
            left -= len(piece)
    return hashed.hexdigest() if not left else ""
