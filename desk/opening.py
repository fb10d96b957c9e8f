"""What the program finds in its data folder, and what can be done with it."""

import logging
from pathlib import Path
from typing import NamedTuple

from models import epochs, mishaps, readonly, storage
from models.errors import UserError
from models.keystore import KeyLost

log = logging.getLogger(__name__)

NEW, READY, READ_ONLY, TROUBLE = "new", "ready", "read_only", "trouble"
NO_ROOM = "硬盘空间不足，或数据文件夹不能写入：只能查看和导出台账。"


class Opening(NamedTuple):
    """How the station was opened, or why it was not."""

    state: str
    title: str = ""
    text: str = ""
    can_look: bool = False  # opened for looking only


def open_station(folder: Path) -> Opening:
    """Open the station in *folder*; what is amiss is told and not raised."""
    try:
        if _is_there(folder) and not readonly.can_write(folder):
            return look_only(folder)
        if not storage.has_database(folder):
            return Opening(NEW)
        # Before anybody gives out a number that was given out already.
        epochs.examine(storage.open_database(folder))
    except Exception as error:  # whatever it is, the window opens and says it
        log.warning("the station was not opened", exc_info=True)
        return _trouble(error)
    return Opening(READY)


def _is_there(folder: Path) -> bool:
    path = folder / storage.FILE
    return path.exists() and path.stat().st_size > 0


def look_only(folder: Path) -> Opening:
    """Open it for looking."""
    try:
        readonly.open_read_only(folder)
    except UserError as error:
        return _trouble(error)
    return Opening(READ_ONLY, text=NO_ROOM, can_look=True)


def _trouble(error: Exception) -> Opening:
    said = mishaps.told(error)
    if isinstance(said, KeyLost):
        return Opening(TROUBLE, "找不到本机数据的密钥", str(said))
    if isinstance(said, mishaps.Newer):
        words = "装过更新的程序版本。请重新安装较新的版本；旧程序不会改动这份数据。"
        return Opening(TROUBLE, "数据来自更新的程序版本", words, can_look=True)
    if isinstance(said, mishaps.Damaged):
        words = (
            "数据文件读不出来：文件已经损坏，或密钥与它不符。"
            "什么都没有改动，请不要删除任何文件。"
            "可以从最近的备份恢复，现在的文件会留在旁边。"
        )
        return Opening(TROUBLE, "本机数据打不开", words, can_look=True)
    words = str(said) if said else f"程序遇到没有料到的情况（{type(error).__name__}）。"
    return Opening(TROUBLE, "本机数据打不开", words, can_look=True)
