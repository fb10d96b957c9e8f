"""Opening a file or its folder with the programs of the system."""

import os
import subprocess
import sys
from pathlib import Path

from models.errors import UserError

LOG_FOLDER = "log"  # in the data folder


class NoProgramError(UserError):
    """A document lies where it should, and this PC has nothing to open it with."""


def open_with_system(path: Path) -> None:
    """Open a document or a folder in its usual program."""
    if not path.exists():
        raise UserError(f"“{path}”已经不在原处，请重新导出。")
    try:
        if sys.platform == "win32":
            os.startfile(path)
        elif sys.platform == "darwin":
            subprocess.Popen(["open", str(path)])
        else:
            subprocess.Popen(
                ["xdg-open", str(path)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
    except OSError as error:
        raise NoProgramError(
            f"没有能打开它的程序，请自己到文件夹中打开：{path}"
        ) from error


def open_log_folder(folder: Path) -> None:
    """Where the program of the data in *folder* has written what it did."""
    place = folder / LOG_FOLDER
    place.mkdir(parents=True, exist_ok=True)
    open_with_system(place)


def usual_folder() -> Path:
    """Where documents go if nobody says otherwise."""
    home = Path.home()
    # A Chinese Linux desktop names the folder in Chinese.
    folders = (home / name for name in ("Documents", "文档"))
    return next((folder for folder in folders if folder.is_dir()), home)
