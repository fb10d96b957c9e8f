"""Where the key of the database is kept: the OS key store, or else a file.

The key is 32 random bytes.  Where the system has no key store (a server, a test
machine) it lies in `desk.key` beside the database, readable by its owner only, and
`doctor` says so.
"""

import os
import secrets
from pathlib import Path

from models.errors import UserError

SERVICE = "desk-workstation"
KEY_FILE = "desk.key"
NAME_FILE = "desk.keyname"


def _os_store():
    """The OS key store, or None where there is none that keeps anything."""
    import keyring  # 100 ms to import: only when a key is wanted from it
    from keyring.backends import fail, null

    store = keyring.get_keyring()
    return None if isinstance(store, fail.Keyring | null.Keyring) else store


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read, and make sure it is on disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def new_key(folder: Path, *, in_file: bool) -> str:
    """Make and keep the key of a new database; 64 hex digits.

    A key that is already there is kept: an interrupted set-up goes on with it.
    """
    if (folder / KEY_FILE).exists() or (folder / NAME_FILE).exists():
        return key_of(folder)
    key = secrets.token_hex(32)
    store = None if in_file else _os_store()
    if store is None:
        write_private(folder / KEY_FILE, key)
        return key
    name = secrets.token_hex(8)
    store.set_password(SERVICE, name, key)
    if store.get_password(SERVICE, name) != key:
        write_private(folder / KEY_FILE, key)
        return key
    write_private(folder / NAME_FILE, name)
    return key


def key_of(folder: Path) -> str:
    """The key of the database in *folder*, as 64 hex digits."""
    file, name = folder / KEY_FILE, folder / NAME_FILE
    key: str | None = None
    if file.exists():
        key = file.read_text(encoding="ascii").strip()
    elif name.exists():
        store = _os_store()
        if store is not None:
            key = store.get_password(SERVICE, name.read_text(encoding="ascii").strip())
    if key is None or len(key) != 64 or set(key) - set("0123456789abcdef"):
        raise UserError(
            "找不到本机数据的密钥，无法打开记录。请用原来的系统账户登录，"
            "或请中心办公室用恢复密钥恢复。"
        )
    return key


def is_in_file(folder: Path) -> bool:
    return (folder / KEY_FILE).exists()
