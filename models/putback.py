"""Putting another database in the place of the one that is there, in one step.

    desk.db, desk.key …       the station
    restore-new/              the one to come, complete before anything is moved
    restore.commit            its presence decides: from now on it is the new one
    before-restore-<date>/    the old one, kept

Killed before the commit file is there, the old station stands and `restore-new` is
thrown away; killed after it, the next start finishes the moving.  Never half of each.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path

from models import clock

NEW = "restore-new"
COMMIT = "restore.commit"
# What makes a station.  The witness goes with it: it tells of the old one's journal.
FILES = (
    "desk.db",
    "desk.db-wal",
    "desk.db-shm",
    "desk.key",
    "desk.keyname",
    "desk.recovery",
    "desk.code",
    "desk.witness",
    "server.json",
)


def begin(folder: Path) -> Path:
    """An empty folder for the station to come."""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / NEW
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    return new


def give_up(folder: Path) -> None:
    """The old station stays."""
    shutil.rmtree(folder / NEW, ignore_errors=True)


def give_up_unless_decided(folder: Path) -> None:
    """What went wrong before the decision leaves nothing behind."""
    if not (folder / COMMIT).exists():
        give_up(folder)


def commit(folder: Path) -> Path | None:
    """Put the complete station in `restore-new` in place; where the old one is now,
    None when there was none."""
    new, aside = folder / NEW, _aside(folder)
    for file in new.iterdir():
        _flush(file)
    _flush(new)
    exchange = {
        "aside": aside.name,
        "old": [name for name in FILES if (folder / name).exists()],
        # The database last: without it nothing takes this for a station.
        "new": sorted(os.listdir(new), key=lambda name: (name == FILES[0], name)),
    }
    part = folder / f"{COMMIT}.part"
    part.write_text(json.dumps(exchange), encoding="ascii")
    _flush(part)
    os.replace(part, folder / COMMIT)
    _flush(folder)
    finish(folder)
    return aside if exchange["old"] else None


def finish(folder: Path) -> None:
    """Go on with an exchange that was decided; nothing happens where there is none."""
    said = folder / COMMIT
    try:
        exchange = json.loads(said.read_text(encoding="ascii"))
    except FileNotFoundError:
        return
    new, aside = folder / NEW, folder / exchange["aside"]
    if exchange["old"]:
        aside.mkdir(mode=0o700, exist_ok=True)
    # All the old ones first, and none twice: what is aside already is the old.
    for name in exchange["old"]:
        if (folder / name).exists() and not (aside / name).exists():
            os.replace(folder / name, aside / name)
    if exchange["old"]:
        _flush(aside)
    for name in exchange["new"]:
        if (new / name).exists():
            os.replace(new / name, folder / name)
    _flush(folder)
    said.unlink()
    _flush(folder)
    give_up(folder)


def _aside(folder: Path) -> Path:
    stamp = clock.now().strftime("%Y%m%d-%H%M%S")
    aside, more = folder / f"before-restore-{stamp}", 2
    while aside.exists():
        aside, more = folder / f"before-restore-{stamp}-{more}", more + 1
    return aside


def _flush(path: Path) -> None:
    """To the disk, where the system can."""
    if os.name == "nt" and path.is_dir():
        return
    with contextlib.suppress(PermissionError):  # Windows, of a read-only handle
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
