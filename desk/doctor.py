"""Is this PC fit for work?  Each finding says what was seen, and what to do."""

import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from models.errors import UserError

ROOM_NEEDED = 500 << 20  # bytes: a year of records and its backups


class Finding(NamedTuple):
    """One thing looked at; the text is for people."""

    good: bool
    text: str


def examine(folder: Path) -> list[Finding]:
    """Look at Python, database, key, disk, window toolkit and shared folder."""
    findings = [
        Finding(
            sys.version_info >= (3, 11),
            f"Python {platform.python_version()}（需要 3.11 或更新）",
        ),
        _database_module(),
        _window_toolkit(),
        _room(folder),
    ]
    return [*findings, *_station(folder)]


def _database_module() -> Finding:
    from sqlcipher3 import sqlite_version, sqlite_version_info

    from models.storage import OLDEST_SQLITE

    good = sqlite_version_info >= OLDEST_SQLITE
    return Finding(good, f"加密数据库组件 SQLite {sqlite_version}")


def _window_toolkit() -> Finding:
    if find_spec("_tkinter") is None:
        return Finding(
            False, "缺少窗口组件 Tk：请安装 python3-tk，或重装 Python 时勾选 tcl/tk"
        )
    return Finding(True, "窗口组件 Tk 可用")


def _room(folder: Path) -> Finding:
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(free >= ROOM_NEEDED, f"硬盘可用 {free >> 20} MB（需要 500 MB）")


def _station(folder: Path) -> list[Finding]:
    from models import keystore
    from models.installation import installation
    from models.storage import has_database, open_database

    try:
        if not has_database(folder):
            return [Finding(True, f"还没有设立工作站（数据文件夹：{folder}）")]
        open_database(folder)
    except UserError as error:
        return [Finding(False, str(error))]
    here = installation()
    where = (
        "密钥在本机文件里（没有系统密钥库，请保管好这台电脑）"
        if keystore.is_in_file(folder)
        else "密钥在系统密钥库里"
    )
    return [
        Finding(True, f"{here.name}（{here.kind_label}），数据可以打开"),
        *_soundness(folder),
        Finding(True, where),
        *_server(),
        _share(Path(here.share)),
    ]


def _server() -> list[Finding]:
    """Whether the records are on a server, whose keepers look after them."""
    from models.storage import on_server

    if (server := on_server()) is None:
        return []
    text = f"记录在 PostgreSQL 服务器上（{server.place}），请由服务器每天备份"
    return [Finding(True, text)]


def _soundness(folder: Path) -> list[Finding]:
    """All of the file is read, and the backups are asked after."""
    from desk.backups import finding_words
    from exports.backup import read_state
    from models.soundness import Check
    from models.storage import on_server

    if on_server() is not None:
        return []
    told = Check(folder, full=True).run()
    words = f"数据文件有损坏，请从备份恢复：{told}" if told else "数据文件完整"
    return [
        Finding(not told, words),
        Finding(*finding_words(read_state(folder))),
    ]


def _share(folder: Path) -> Finding:
    from exports.sync.share import read_marker

    try:
        marker = read_marker(folder)
    except UserError as error:
        return Finding(False, f"共享文件夹“{folder}”：{error}")
    return Finding(True, f"共享文件夹可用，属于“{marker.centre_name}”")
