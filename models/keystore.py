"""Where the key of the database is kept: the OS key store, or else a file.

The key is 32 random bytes.  Where the system has no key store (a server, a test
machine) it lies in `desk.key` beside the database, readable by its owner only, and
`doctor` says so.  Beside either lie slots that give it back (`models.keyslots`):
losing the key is what would lose the records.
"""

import logging
import os
import secrets
from pathlib import Path

from models import keyslots
from models.errors import UserError
from models.keyslots import CODE, RECOVERY, is_key, open_with_recovery

__all__ = ["key_of", "new_key", "open_with_recovery", "seal_key_for_recovery"]

log = logging.getLogger(__name__)

SERVICE = "desk-workstation"
KEY_FILE = "desk.key"
NAME_FILE = "desk.keyname"


class KeyLost(UserError):
    """The key is not where it was kept; a slot gives it back."""


def _os_store():
    """The OS key store, or None where there is none that keeps anything."""
    import keyring  # 100 ms to import: only when a key is wanted from it
    from keyring.backends import fail, null

    store = keyring.get_keyring()
    return None if isinstance(store, fail.Keyring | null.Keyring) else store


def _said_by_store(name: str) -> str | None:
    """What the key store holds under *name*; None as well when it does not answer."""
    from keyring.errors import KeyringError

    store = _os_store()
    if store is None:
        return None
    try:
        return store.get_password(SERVICE, name)
    except (KeyringError, OSError) as error:
        log.warning("the key store does not answer: %s", error)
        return None


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read, and make sure it is on disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    keyslots.flush_names(path.parent)


def new_key(folder: Path, *, in_file: bool) -> str:
    """Make and keep the key of a new database; 64 hex digits.

    A key that is already there is kept: an interrupted set-up goes on with it.
    """
    if (folder / KEY_FILE).exists() or (folder / NAME_FILE).exists():
        return key_of(folder)
    key = secrets.token_hex(32)
    _keep(folder, key, in_file=in_file)
    return key


def _keep(folder: Path, key: str, *, in_file: bool) -> None:
    name = secrets.token_hex(8)
    if not in_file and _store(name, key):
        write_private(folder / NAME_FILE, name)
    else:
        write_private(folder / KEY_FILE, key)


def _store(name: str, key: str) -> bool:
    """Put *key* into the key store, and ask it back; False where that fails."""
    from keyring.errors import KeyringError

    store = _os_store()
    if store is None:
        return False
    try:
        store.set_password(SERVICE, name, key)
        return store.get_password(SERVICE, name) == key
    except (KeyringError, OSError) as error:
        log.warning("the key store does not keep anything: %s", error)
        return False


def key_of(folder: Path) -> str:
    """The key of the database in *folder*, as 64 hex digits.

    Raises `KeyLost` when it is not where it was kept.
    """
    key = kept_key(folder)
    if key is None:
        raise KeyLost(f"{_what_failed(folder)}{_what_to_do(folder)}")
    return key


def kept_key(folder: Path) -> str | None:
    """The key in the key store or the file; None when it is not there."""
    file, name = folder / KEY_FILE, folder / NAME_FILE
    key: str | None = None
    if file.exists():
        key = file.read_text(encoding="ascii", errors="replace").strip()
    elif name.exists():
        key = _said_by_store(name.read_text(encoding="ascii", errors="replace").strip())
    return key if key is not None and is_key(key) else None


def _what_failed(folder: Path) -> str:
    if (folder / KEY_FILE).exists():
        return "密钥文件 desk.key 坏了，打不开本机数据。"
    if (folder / NAME_FILE).exists():
        return (
            "系统密钥库里找不到本机数据的密钥，无法打开记录"
            "（换了系统账户、重置过系统密码，或密钥库被清空）。"
            "请先试着用原来的系统账户登录。"
        )
    return "找不到本机数据的密钥，无法打开记录。"


def _what_to_do(folder: Path) -> str:
    ways = ["用保险柜里的恢复密钥 U 盘"] if _is_there(folder, RECOVERY) else []
    if _is_there(folder, CODE):
        ways.append("用打印的应急码")
    if not ways:
        return "数据文件夹里没有可用的密钥槽，请用备份恢复，或联系中心办公室。"
    return f"还可以{'或'.join(ways)}打开，记录没有丢失。"


def _is_there(folder: Path, kind: str) -> bool:
    return keyslots.slot_of(folder, kind) is not None


def keep_again(folder: Path, key: str) -> None:
    """Put a key that a slot gave back where it belongs, for the next start.

    Under the name it had: each user of Windows has a store of their own, and those who
    still find it in theirs go on doing so.
    """
    name = folder / NAME_FILE
    said = name.read_text("ascii", errors="replace").strip() if name.exists() else ""
    if said and _store(said, key):
        return
    (folder / KEY_FILE).unlink(missing_ok=True)
    name.unlink(missing_ok=True)
    _keep(folder, key, in_file=False)


def seal_key_for_recovery(folder: Path) -> bytes:
    """A slot to put beside a backup of the open database, whose folder is *folder*."""
    from models.installation import installation

    return keyslots.seal_to_recovery(key_of(folder), installation().recovery_recipient)


def repair_recovery_slot(folder: Path, recipient: str) -> bool:
    """Write the slot sealed to the recovery key where it is missing or damaged.

    Records can be read without it, so a full disk does not stop anybody here.
    """
    key = key_of(folder)
    slot = keyslots.slot_of(folder, RECOVERY)
    if slot is not None and keyslots.is_whole(RECOVERY, slot, key):
        return False
    try:
        keyslots.put_slot(folder, RECOVERY, keyslots.seal_to_recovery(key, recipient))
    except (OSError, UserError) as error:
        log.warning("the recovery slot was not written: %s", error)
        return False
    return True


def is_private(path: Path) -> bool:
    """May only its owner read the file?  Windows keeps the folder to its user."""
    return os.name == "nt" or not path.stat().st_mode & 0o077


def is_in_file(folder: Path) -> bool:
    return (folder / KEY_FILE).exists()
