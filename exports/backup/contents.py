"""Opening a backup: is it whole, whose is it, and what is in it?"""

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from peewee import DatabaseError

from exports.backup.facts import Facts, facts_of, opened
from exports.backup.trailer import (
    DAMAGED,
    Trailer,
    digest_of,
    is_made_with,
    read_trailer,
)
from models import keyslots, keystore, migrations
from models.errors import UserError
from models.progress import Report, unheard

NO_KEY = (
    "打开这份备份要用密钥：请插入保险柜里的恢复密钥 U 盘，"
    "选择“中心恢复密钥.txt”；有应急码的也可以输入应急码。"
)
UID = re.compile("[0-9a-f]{32}")


class NeedsKey(UserError):
    """The key of this backup is not on this PC."""


class Contents(NamedTuple):
    """A backup that was opened and read through."""

    path: Path
    made_at: datetime
    facts: Facts
    key: str  # of its database
    size: int  # bytes of the database

    @property
    def rows(self) -> int:
        return sum(self.facts.counts.values())


def open_backup(
    path: Path,
    data: Path,
    *,
    recovery_file: Path | None = None,
    code: str = "",
    report: Report = unheard,
) -> Contents:
    """Open the backup at *path* with the key of the station in the folder *data*, or
    else with the recovery key or the code on paper, and read all of it.

    Raises `NeedsKey` where none was given and that of *data* is another one, and
    `UserError` for a file that is no backup, is damaged or of a newer program.
    """
    if not path.is_file():
        raise UserError(f"找不到备份文件“{path}”，请重新选择。")
    trailer, body, mac = read_trailer(path)
    key = _key(trailer, body, mac, data, recovery_file, code)
    if not is_made_with(key, body, mac):
        raise UserError(DAMAGED.format(name=path.name))
    if digest_of(path, trailer.size, report) != trailer.digest:
        raise UserError(DAMAGED.format(name=path.name))
    report(0, 1, "正在打开备份核对")
    facts = _facts(path, key)
    if facts.schema > 1 + len(migrations.STEPS):
        raise UserError("这份备份来自更新的程序版本，请先升级本程序再恢复。")
    if facts.station != trailer.station:
        raise UserError(DAMAGED.format(name=path.name))
    made_at = datetime.fromisoformat(trailer.made_at)
    return Contents(path, made_at, facts, key, trailer.size)


def _key(
    trailer: Trailer,
    body: bytes,
    mac: str,
    data: Path,
    recovery_file: Path | None,
    code: str,
) -> str:
    kept = keystore.kept_key(data)
    if kept is not None and is_made_with(kept, body, mac):
        return kept
    by_recovery = trailer.slot(keyslots.RECOVERY)
    if recovery_file is not None and by_recovery is not None:
        return keyslots.open_with_recovery(by_recovery, recovery_file)
    by_code = trailer.slot(keyslots.CODE)
    if code.strip():
        if by_code is None:
            raise UserError("这份备份没有应急码，请用恢复密钥打开。")
        return keyslots.open_with_code(by_code, code)
    raise NeedsKey(NO_KEY)


def _facts(path: Path, key: str) -> Facts:
    damaged = UserError(DAMAGED.format(name=path.name))
    try:
        with opened(path, key, immutable=True) as database:
            if database.damages():
                raise damaged
            return facts_of(database)
    except (DatabaseError, ValueError) as error:
        raise damaged from error
