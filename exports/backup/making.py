"""Making a backup: a copy of one moment of the database, proven before it counts."""

import base64
import contextlib
import errno
import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from peewee import DatabaseError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from exports.backup import found, plan
from exports.backup.facts import Facts, facts_of, opened, with_words
from exports.backup.plan import Keep, Outcome, State
from exports.backup.trailer import Trailer, append_trailer, digest_of
from models import clock, keyslots, keystore, mishaps
from models.base import db, station_file
from models.desks import Desk
from models.errors import UserError
from models.installation import Installation, installation
from models.progress import Report, unheard
from models.sqlite import StationFile
from models.stations import this_station

log = logging.getLogger(__name__)

USUAL = Keep()
PAGES = 500  # 2 MB a step: so often it can be cancelled
NO_ROOM = "“{place}”空间不足，没有备份：请清理，或在“设置”里换一个备份位置。"
GONE = "备份位置“{place}”打不开或不能写入：U 盘请插好，或在“设置”里换一个位置。"


def data_folder() -> Path:
    """Where the open database lies.  One on a server is backed up there."""
    if db.obj is not station_file:
        raise UserError("数据在 PostgreSQL 服务器上，请用服务器自己的备份。")
    return Path(str(db.database)).parent


def back_up(report: Report = unheard) -> State:
    """Back up to both places as planned, and put down how it went.

    What goes wrong in one place does not keep the other one from being done.
    """
    data = data_folder()
    state = plan.read_state(data)
    places = {"here": plan.own_folder(data)}
    if state.plan.folder:
        places["there"] = Path(state.plan.folder)
    for name, place in places.items():
        outcome = _outcome(getattr(state, name), place, state.plan.keep, report)
        state = plan.change_state(data, **{name: outcome})
    return state


def back_up_if_due(report: Report = unheard) -> State:
    """Back up unless today's is made; from the first time on a missing one counts."""
    data = data_folder()
    plan.note_begun(data)
    state = plan.read_state(data)
    return back_up(report) if plan.is_due(state, clock.now()) else state


def _outcome(before: Outcome, place: Path, keep: Keep, report: Report) -> Outcome:
    now = clock.now()
    try:
        made = make_backup(place, keep=keep, report=report)
    except UserError as error:
        log.warning("no backup in %s: %s", place, error)
        return Outcome(before.made_at, before.path, str(error), now)
    return Outcome(made.made_at, str(made.path), "", now)


def make_backup(
    place: Path, *, keep: Keep = USUAL, report: Report = unheard
) -> found.Found:
    """A verified backup of the open station in the folder *place*; older ones go as
    *keep* says.  Raises `UserError`; then nothing new lies there."""
    data, here = data_folder(), installation()
    plan.refuse_backup_place(place)
    with _told(place):
        _prepare(place, data)
    made_at = clock.now()
    while (path := place / _name(here, made_at)).exists():
        made_at += timedelta(seconds=1)
    part = path.with_name(f"{path.stem}.{secrets.token_hex(4)}.part")
    key = keystore.key_of(data)
    try:
        with _told(place):
            _write(data, part, key, here, made_at, report)
            _put_in_place(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    found.rotate(here.station_uid, place, keep, made=path)
    return next(one for one in found.found_in(place) if one.path == path)


def _name(here: Installation, made_at: datetime) -> str:
    code = "office" if here.is_office else _code_of_desk()
    return found.file_name(code, here.station_uid, made_at)


def _code_of_desk() -> str:
    """ "" while the office has not let this PC in."""
    station = this_station()
    desk = Desk.get_or_none(Desk.uid == station.desk_uid) if station else None
    return desk.code if desk else ""


def _prepare(place: Path, data: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    if place == plan.own_folder(data) and os.name == "posix":
        place.chmod(0o700)
    found.sweep(place)
    size = sum(
        file.stat().st_size for file in data.glob("desk.db*") if not file.is_dir()
    )
    if shutil.disk_usage(place).free < size + (1 << 20):
        raise OSError(errno.ENOSPC, "no room for another backup")


def _write(
    data: Path,
    part: Path,
    key: str,
    here: Installation,
    made_at: datetime,
    report: Report,
) -> None:
    # Made here and empty: SQLite would let everybody of this PC read it.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    facts = _copy(data / "desk.db", part, key, report)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    _prove(part, key, facts, report)
    size = part.stat().st_size
    trailer = Trailer(
        v=1,
        station=here.station_uid,
        made_at=made_at.isoformat(),
        size=size,
        digest=digest_of(part, size, report),
        slots=_slots(data),
    )
    append_trailer(part, trailer, key)


def _slots(data: Path) -> dict[str, str]:
    """What gives the key back on another PC: the recovery key, or the code on paper."""
    slots = {keyslots.RECOVERY: keystore.seal_key_for_recovery(data)}
    code = keyslots.slot_of(data, keyslots.CODE)
    if code is not None:
        slots[keyslots.CODE] = code
    return {kind: base64.b64encode(slot).decode() for kind, slot in slots.items()}


def _copy(source: Path, part: Path, key: str, report: Report) -> Facts:
    """All pages as they are at one moment, whoever writes meanwhile; what the
    database says of itself at that moment."""

    def on_step(status: int, left: int, pages: int) -> None:
        report(pages - left, pages, "正在备份")

    # A reader of its own that begins a transaction and keeps it: it sees no later
    # commit, and no commit makes the copying begin again.
    with opened(source, key) as reader, reader.atomic("DEFERRED"):
        facts = facts_of(reader)
        target = StationFile(
            str(part),
            passphrase=f"x'{key}'",
            autoconnect=False,
            pragmas={"cipher_log_level": "none", "journal_mode": "off"},
        )
        with target.connection_context():
            reader.connection().backup(
                target.connection(), pages=PAGES, progress=on_step
            )
    return facts


def _prove(part: Path, key: str, facts: Facts, report: Report) -> None:
    """Open the copy as a restore would, and read all of it."""
    report(0, 1, "正在打开备份核对")
    with opened(part, key, immutable=True) as copy:
        damages = copy.damages()
        if damages or facts_of(copy) != facts:
            log.error("backup does not hold: %s", damages)
            raise UserError("备份写好后核对不符，没有留用：请检查磁盘，再备份一次。")


def _put_in_place(part: Path, path: Path) -> None:
    os.rename(part, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # a stick often cannot
                os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    """In words for people what goes wrong in a place."""
    try:
        yield
    except OSError as error:
        words = NO_ROOM if error.errno in mishaps.FULL else GONE
        raise UserError(words.format(place=place)) from error
    except (DatabaseError, RawDatabaseError) as error:
        raise with_words(error, place, NO_ROOM) from error
