"""The commands `backup` and `restore`."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from desk import restorewords
from desk.console import Progress, answer, say
from models.errors import UserError


def back_up(chosen: argparse.Namespace, data: Path) -> int:
    """Back up now; to a folder of its own if one is given."""
    from exports import backup
    from models.storage import open_database

    open_database(data)
    progress = Progress()
    if chosen.folder is not None:
        made = backup.make_backup(
            chosen.folder.absolute(),
            keep=backup.read_state(data).plan.keep,
            report=progress,
        )
        progress.end()
        answer(chosen, {"files": [made.path]}, f"已备份并核对：{made.path}")
        return 0
    state = backup.back_up(progress)
    progress.end()
    outcomes = [state.here, *([state.there] if state.plan.folder else [])]
    result = {
        "files": [one.path for one in outcomes if not one.trouble],
        "troubles": [one.trouble for one in outcomes if one.trouble],
    }
    for trouble in result["troubles"]:
        say(trouble)
    words = "\n".join(f"已备份并核对：{file}" for file in result["files"])
    answer(chosen, result, words)
    return 1 if result["troubles"] else 0


def restore(chosen: argparse.Namespace, data: Path) -> int:
    """Put a backup in the place of what is in *data*, after a person has agreed."""
    from desk.main import ALREADY_OPEN, lock_folder
    from exports import backup

    data = data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    lock = lock_folder(data)
    if lock is None:
        raise UserError(ALREADY_OPEN)
    with lock:
        progress = Progress()
        contents = backup.open_backup(
            chosen.file,
            data,
            recovery_file=chosen.recovery,
            code=_code() if chosen.code else "",
            report=progress,
        )
        progress.end()
        missing = backup.missing_from(contents, data)
        for line in restorewords.lines_of(contents, missing):
            say(line)
        if not chosen.yes and not _agrees():
            raise UserError("没有恢复，原来的数据没有动。")
        done = backup.restore(contents, data, report=progress)
        progress.end()
    trouble = _sync()
    if trouble:
        say(trouble)
    result = {"aside": done.aside, "epoch": done.epoch, "trouble": trouble}
    answer(chosen, result, restorewords.done_words(done.aside))
    return 0


def _code() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("应急码：")
    return sys.stdin.readline().strip() if sys.stdin is not None else ""


def _agrees() -> bool:
    say("恢复后，现在的数据文件会留在旁边，不会删除。要恢复请输入“恢复”：")
    return (sys.stdin.readline() if sys.stdin is not None else "").strip() == "恢复"


def _sync() -> str:
    """Exchange with the share at once; why that was not possible, "" when it was."""
    from exports.sync import sync

    try:
        return sync().trouble
    except UserError as error:
        return f"恢复好了，但还没有同步：{error}"


def finding_words(state: Any) -> tuple[bool, str]:
    """What `doctor` says of the backups."""
    from exports.backup import warning_of

    trouble = warning_of(state)
    if trouble:
        return False, f"备份：{trouble}"
    at = state.here.made_at
    return True, f"备份：上次成功 {at:%Y-%m-%d %H:%M}" if at else "备份：还没有到时间"
