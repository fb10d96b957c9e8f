"""Getting the database key back from a slot, and trying every slot truthfully."""

import contextlib
import os
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from models import keyslots, keystore
from models.errors import UserError
from models.keyslots import CODE, FILES, RECOVERY
from models.keystore import KEY_FILE

# The page with the code for the paper, until it is printed.
PAGE_FILE = "应急码.docx"
PAGE = 4096  # bytes: of SQLCipher 4; the first page holds the salt and is checked


class SlotState(StrEnum):
    """What is known of a slot after it was looked at."""

    OPENED = "opened"  # its key was taken out, and opens the database
    WHOLE = "whole"  # as it was made; not opened, for what opens it is elsewhere
    BAD = "bad"
    ABSENT = "absent"


class SlotFinding(NamedTuple):
    """One slot, and in words what was tried and what came of it."""

    slot: str
    state: SlotState
    text: str

    @property
    def good(self) -> bool:
        return self.state != SlotState.BAD


def opens(folder: Path, key: str) -> bool:
    """Does *key* open the database in *folder*?  Tried on a copy of its beginning."""
    from models.storage import FILE, SERVER_FILE

    if (folder / SERVER_FILE).exists():
        return _opens_server(folder, key)
    from sqlcipher3.dbapi2 import (  # pyright: ignore[reportMissingTypeStubs]
        DatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
        connect,  # pyright: ignore[reportAttributeAccessIssue]
    )

    with tempfile.TemporaryDirectory() as place, (folder / FILE).open("rb") as file:
        copy = Path(place) / "first-page"
        copy.write_bytes(file.read(PAGE))
        os.truncate(copy, os.fstat(file.fileno()).st_size)  # as long as it says it is
        tried = connect(f"{copy.as_uri()}?immutable=1", uri=True)
        try:
            tried.execute("PRAGMA cipher_log_level = none")
            tried.execute(f"PRAGMA key = \"x'{key}'\"")
            return bool(tried.execute("PRAGMA schema_version").fetchone()[0])
        except DatabaseError:
            return False
        finally:
            tried.close()


def _opens_server(folder: Path, key: str) -> bool:
    from models import postgres

    try:
        postgres.remembered(folder, key)
    except UserError:
        return False
    return True


def recover(folder: Path, *, recovery_file: Path | None = None, code: str = "") -> None:
    """Take the key out of a slot with the recovery key or the code, and keep it again.

    Raises `UserError`, and keeps nothing, when it does not open the database.
    """
    kind = RECOVERY if recovery_file is not None else CODE
    key = _taken_out(folder, kind, recovery_file, code)
    if not opens(folder, key):
        raise UserError("取出的密钥打不开这份数据，请检查数据文件夹，或从备份恢复。")
    keystore.keep_again(folder, key)


def _taken_out(folder: Path, kind: str, file: Path | None, code: str) -> str:
    slot = keyslots.slot_of(folder, kind)
    if slot is None:
        raise UserError(
            f"数据文件夹里没有 {FILES[kind]}，请用另一个办法打开，或从备份恢复。"
        )
    if file is not None:
        return keyslots.open_with_recovery(slot, file)
    return keyslots.open_with_code(slot, code)


def check_slots(
    folder: Path, *, recovery_file: Path | None = None, code: str = ""
) -> list[SlotFinding]:
    """Try each slot; those sealed only with what opens them, and it is said so."""
    key = keystore.kept_key(folder)
    return [
        _first_slot(folder, key),
        _sealed_slot(folder, RECOVERY, key, recovery_file, ""),
        _sealed_slot(folder, CODE, key, None, code),
    ]


def _first_slot(folder: Path, key: str | None) -> SlotFinding:
    if (folder / KEY_FILE).exists():
        name = "密钥文件"
        note = "（本机没有系统密钥库：谁能读到密钥文件就能打开数据，请保管好这台电脑）"
    else:
        name, note = "系统密钥库", ""
    if key is None:
        return SlotFinding(name, SlotState.BAD, f"取不到密钥{note}")
    if not opens(folder, key):
        return SlotFinding(name, SlotState.BAD, f"里面的密钥打不开数据{note}")
    if name == "密钥文件" and not keystore.is_private(folder / KEY_FILE):
        return SlotFinding(
            name, SlotState.BAD, "能打开数据，但密钥文件别人也能读，请收紧文件权限"
        )
    return SlotFinding(name, SlotState.OPENED, f"试过，能打开数据{note}")


NAMES = {RECOVERY: "恢复密钥", CODE: "应急码"}
ABSENT = {
    RECOVERY: "数据文件夹里没有这份文件，请打开一次程序让它补上",
    CODE: "没有打印过；想要时在“设置”里打印",
}
UNTRIED = {
    RECOVERY: "文件完好；没有插恢复密钥 U 盘，所以没有试着打开",
    CODE: "文件完好；没有输入纸上的应急码，所以没有试着打开",
}


def _sealed_slot(
    folder: Path, kind: str, key: str | None, file: Path | None, code: str
) -> SlotFinding:
    name, slot = NAMES[kind], keyslots.slot_of(folder, kind)
    if kind == CODE and (folder / PAGE_FILE).exists():
        words = (
            f"{PAGE_FILE} 还在数据文件夹里，谁拿到都能打开数据，请关闭 Word 并删除它"
        )
        return SlotFinding(name, SlotState.BAD, words)
    if slot is None:
        state = SlotState.ABSENT if kind == CODE else SlotState.BAD
        return SlotFinding(name, state, ABSENT[kind])
    if file is None and not code:
        if key is None:
            words = f"{FILES[kind]} 在，但密钥取不到，无法核对它"
            return SlotFinding(name, SlotState.BAD, words)
        if not keyslots.is_whole(kind, slot, key):
            words = f"{FILES[kind]} 损坏，或属于另一份数据"
            return SlotFinding(name, SlotState.BAD, words)
        return SlotFinding(name, SlotState.WHOLE, UNTRIED[kind])
    try:
        taken = _taken_out(folder, kind, file, code)
    except UserError as error:
        return SlotFinding(name, SlotState.BAD, str(error))
    if not opens(folder, taken):
        return SlotFinding(name, SlotState.BAD, "取出的密钥打不开数据")
    return SlotFinding(name, SlotState.OPENED, "试过，能打开数据")


def write_code(folder: Path) -> str:
    """Make a new code for the paper; the one printed before opens nothing from now on.

    It is proven before it is told: read from the disk and opened.
    """
    from models import papercode

    key, code = keystore.key_of(folder), papercode.new_code()
    keyslots.put_slot(folder, CODE, keyslots.seal_to_code(key, code))
    slot = keyslots.slot_of(folder, CODE)
    if slot is None or keyslots.open_with_code(slot, code) != key:
        raise UserError("应急码没有写好，请检查硬盘空间后重试；原来的密钥没有变。")
    return code


def take_code_back(folder: Path) -> None:
    """The printed code opens nothing any more (the paper was lost)."""
    (folder / FILES[CODE]).unlink(missing_ok=True)


def remove_page(folder: Path) -> None:
    """The code is to be on paper only: away with the page it was printed from.

    While Word has it open on Windows it stays, and the next look removes it.
    """
    with contextlib.suppress(OSError):
        (folder / PAGE_FILE).unlink()
