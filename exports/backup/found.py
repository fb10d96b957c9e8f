"""The names of backups, and which of them are kept.

    desk-jiaowu-0192f3a4b5c6-20261123-171005.backup

A file has this name only once it was verified.
"""

import contextlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from exports.backup.plan import Keep, own_folder, read_state

NAME = re.compile(r"desk-([a-z0-9_]{1,20})-([0-9a-f]{12})-(\d{8}-\d{6})\.backup")
PART = re.compile(r"desk-[a-z0-9_]{1,20}-[0-9a-f]{12}-\d{8}-\d{6}\.[0-9a-f]{8}\.part")
STAMP = "%Y%m%d-%H%M%S"


class Found(NamedTuple):
    """A file that is a backup by its name."""

    path: Path
    place: str  # the code of the desk, or "office"
    station: str  # the beginning of the station's uid
    made_at: datetime


def short(station_uid: str) -> str:
    """The end of a uid: its beginning is the time it was made, alike for many."""
    return station_uid[-12:]


def file_name(place: str, station_uid: str, made_at: datetime) -> str:
    fit = re.sub(r"[^a-z0-9_]", "", place.lower())[:20] or "desk"
    return f"desk-{fit}-{short(station_uid)}-{made_at.strftime(STAMP)}.backup"


def found_in(folder: Path) -> list[Found]:
    """The backups of any station in *folder*, the newest first.

    A folder that is not there has none.
    """
    try:
        files = list(folder.iterdir())
    except OSError:
        return []
    named = [one for file in files if (one := _named(file)) is not None]
    return sorted(named, key=lambda one: (one.made_at, one.path.name), reverse=True)


def _named(file: Path) -> Found | None:
    match = NAME.fullmatch(file.name)
    if match is None:
        return None
    try:
        return Found(file, match[1], match[2], datetime.strptime(match[3], STAMP))
    except ValueError:
        return None


def backups_of(station_uid: str, folder: Path) -> list[Found]:
    """The backups of one station in *folder*, the newest first."""
    mine = short(station_uid)
    return [one for one in found_in(folder) if one.station == mine]


def sweep(folder: Path) -> None:
    """Remove what an interrupted backup left."""
    for file in list(folder.iterdir()):
        if PART.fullmatch(file.name):
            with contextlib.suppress(OSError):
                file.unlink()


def rotate(station_uid: str, folder: Path, keep: Keep, *, made: Path) -> list[Path]:
    """Remove what is not kept of one station; what was removed.

    Days, weeks and months are counted by the backups there are, not back from today:
    a clock that is wrong for a day, or a long vacation, takes nothing away.
    """
    there = backups_of(station_uid, folder)
    kept = {made}
    kept |= _newest(there, keep.days, lambda at: at.date())
    kept |= _newest(there, keep.weeks, lambda at: at.isocalendar()[:2])
    kept |= _newest(there, keep.months, lambda at: (at.year, at.month))
    gone = [one.path for one in there if one.path not in kept]
    for path in gone:
        with contextlib.suppress(OSError):  # held by a scanner: the next time
            path.unlink()
    return gone


def _newest(
    there: Iterable[Found], many: int, span: Callable[[datetime], object]
) -> set[Path]:
    """The newest backup of each of the newest *many* days, weeks or months."""
    last: dict[object, Path] = {}
    for one in there:
        last.setdefault(span(one.made_at), one.path)
    return set(list(last.values())[:many])


def known_backups(data: Path) -> list[Found]:
    """What lies in the places this PC backs up to, of any station, the newest first."""
    second = read_state(data).plan.folder
    there = found_in(own_folder(data)) + (found_in(Path(second)) if second else [])
    return sorted(there, key=lambda one: one.made_at, reverse=True)
