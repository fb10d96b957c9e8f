"""Slots of the database key: files beside the database that hold it, sealed.

One is sealed to the recovery key of the centre, which lies on a stick in a safe; one,
if wanted, to a code on paper (`models.papercode`).  Either gives the key back when the
key store of the system has lost it.

    DESKKEY 1 <kind>\\n
    HMAC-SHA256 of the rest under the database key, hex\\n
    the key, sealed

The sum lets whoever has the key see that a slot is whole without what opens it, and
tells whoever opens one that the key inside is the one the slot was made for.  What is
sealed to the recovery key can be opened with the public `age` tool as well.
"""

import contextlib
import hmac
import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path

from models import papercode
from models.errors import UserError

RECOVERY, CODE = "recovery", "code"
FILES = {RECOVERY: "desk.recovery", CODE: "desk.code"}
MAGIC = b"DESKKEY 1 "
MOST = 16 << 10  # bytes: a slot has under 400

# OWASP's minimum.  The code has 120 bits: this makes trying them dearer still.
ARGON = {"time_cost": 2, "memory_cost": 19 << 10, "parallelism": 1}
SALT = 16


class BadSlot(UserError):
    """The slot does not give the key with what was put to it."""


def is_key(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def seal_to_recovery(key: str, recipient: str) -> bytes:
    """A slot that whoever has the recovery key opens."""
    import pyrage  # pyright: ignore[reportMissingTypeStubs]

    wrong = pyrage.RecipientError  # pyright: ignore[reportAttributeAccessIssue]
    try:
        to = pyrage.x25519.Recipient.from_str(  # pyright: ignore[reportAttributeAccessIssue]
            recipient
        )
    except wrong as error:
        raise UserError("这个中心没有恢复密钥，请联系中心办公室。") from error
    sealed = pyrage.encrypt(  # pyright: ignore[reportAttributeAccessIssue]
        key.encode("ascii"), [to]
    )
    return _slot(RECOVERY, key, sealed)


def seal_to_code(key: str, code: str) -> bytes:
    """A slot that the code on paper opens."""
    from nacl.secret import SecretBox

    salt = secrets.token_bytes(SALT)
    box = SecretBox(_stretched(papercode.read(code), salt))
    return _slot(CODE, key, salt + box.encrypt(bytes.fromhex(key)))


def _stretched(code: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(code.encode(), salt, hash_len=32, type=Type.ID, **ARGON)


def _slot(kind: str, key: str, sealed: bytes) -> bytes:
    return b"\n".join([MAGIC + kind.encode(), _sum(kind, key, sealed), sealed])


def _sum(kind: str, key: str, sealed: bytes) -> bytes:
    message = f"desk-key-slot-1\0{kind}\0".encode() + sealed
    return hmac.new(bytes.fromhex(key), message, sha256).hexdigest().encode()


def open_with_recovery(slot: bytes, recovery_file: Path) -> str:
    """The key in a slot, as 64 hex digits, with the file of the recovery key."""
    import pyrage  # pyright: ignore[reportMissingTypeStubs]

    total, sealed = _parts(RECOVERY, slot)
    secret = read_recovery_key(recovery_file)
    with _says_why("这个恢复密钥打不开本机的数据：不是这个中心的，或槽文件坏了。"):
        identity = pyrage.x25519.Identity.from_str(  # pyright: ignore[reportAttributeAccessIssue]
            secret
        )
        key = pyrage.decrypt(  # pyright: ignore[reportAttributeAccessIssue]
            sealed, [identity]
        ).decode()
    return _checked(RECOVERY, key, total, sealed)


def open_with_code(slot: bytes, code: str) -> str:
    """The key in a slot, as 64 hex digits, with the code on paper."""
    from nacl.secret import SecretBox

    typed = papercode.read(code)
    total, sealed = _parts(CODE, slot)
    with _says_why("这个应急码打不开本机的数据：可能是另一台电脑的，或已经换过新码。"):
        box = SecretBox(_stretched(typed, sealed[:SALT]))
        key = box.decrypt(sealed[SALT:]).hex()
    return _checked(CODE, key, total, sealed)


@contextlib.contextmanager
def _says_why(text: str):
    """What the libraries say of a wrong secret or a damaged slot, in words."""
    import pyrage  # pyright: ignore[reportMissingTypeStubs]
    from argon2.exceptions import HashingError
    from nacl.exceptions import CryptoError

    wrong = pyrage.DecryptError  # pyright: ignore[reportAttributeAccessIssue]
    no_key = pyrage.IdentityError  # pyright: ignore[reportAttributeAccessIssue]
    try:
        yield
    except (wrong, no_key, CryptoError, HashingError, ValueError) as error:
        raise BadSlot(text) from error


def _checked(kind: str, key: str, total: bytes, sealed: bytes) -> str:
    if not is_key(key) or not hmac.compare_digest(_sum(kind, key, sealed), total):
        raise BadSlot("密钥槽文件被改动过，里面的密钥不可信；请用另一个办法打开。")
    return key


def _parts(kind: str, slot: bytes) -> tuple[bytes, bytes]:
    head, _, rest = slot.partition(b"\n")
    total, _, sealed = rest.partition(b"\n")
    whole = 0 < len(sealed) <= MOST
    if head != MAGIC + kind.encode() or len(total) != 64 or not whole:
        raise BadSlot("密钥槽文件不完整；请用另一个办法打开。")
    return total, sealed


def is_whole(kind: str, slot: bytes, key: str) -> bool:
    """Was this slot made for *key*, and is it as it was made?"""
    try:
        total, sealed = _parts(kind, slot)
    except BadSlot:
        return False
    return hmac.compare_digest(_sum(kind, key, sealed), total)


def read_recovery_key(file: Path) -> str:
    """The secret in the file of the recovery key.  Raises `UserError`."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST)
    except OSError as error:
        raise UserError(f"读不到恢复密钥文件“{file}”，请插好 U 盘后再选。") from error
    for line in data.decode("ascii", "replace").splitlines():
        if line.strip().startswith("AGE-SECRET-KEY-1"):
            return line.strip()
    raise UserError(f"“{file.name}”不是恢复密钥文件，请选“中心恢复密钥.txt”。")


def slot_of(folder: Path, kind: str) -> bytes | None:
    """The slot beside the database in *folder*; None when it cannot be read."""
    try:
        with (folder / FILES[kind]).open("rb") as file:
            return file.read(MOST)
    except OSError:
        return None


def put_slot(folder: Path, kind: str, slot: bytes) -> None:
    """Write the slot beside the database: whole, or the old one stays."""
    part = folder / f".{FILES[kind]}.part"
    part.unlink(missing_ok=True)
    handle = os.open(
        part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
    )
    with os.fdopen(handle, "wb") as file:
        file.write(slot)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, folder / FILES[kind])
    flush_names(folder)


def flush_names(folder: Path) -> None:
    """See that the names in *folder* are on the disk, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a stick often cannot
            os.fsync(handle)
    finally:
        os.close(handle)
