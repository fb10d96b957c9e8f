"""A witness outside the database of how far it had come.

A database that was put back from a backup knows nothing of it.  Two small files say
how far the journal reached: one beside the database (a file put back alone is noticed)
and one where the system keeps state (so is a whole folder put back, in its place).

They are written before anything is published and when the program ends, so all that
ever left this PC is vouched for.  What was written after the last sync and is rolled
back before the next leaves no trace; it was shown as 未上传 to the end.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
import platformdirs
from peewee import DatabaseError

from models import journal
from models.base import db, station_uid
from models.errors import UserError
from models.installation import Installation, installation
from models.jsontext import UNREADABLE

log = logging.getLogger(__name__)

FILE = "desk.witness"
STATE = "desk-workstation"
MOST_BYTES = 4 << 10

# What this process has written to each place: the same again costs nothing.
_written: dict[Path, bytes] = {}
_writing = threading.Lock()  # an exchange writes on its own thread


class Tip(msgspec.Struct, frozen=True):
    """The end of the journal: the last entry of all streams, and of the own one."""

    station: str
    epoch: str
    seq: int
    head: str
    entry: int  # id of the last entry in the journal, and its hash
    hash: str


class Rollback(NamedTuple):
    """The database is older than the witness: the last own entry it knew."""

    epoch: str
    seq: int


def places() -> list[Path]:
    """Where witnesses of the open database lie; none for one on a server."""
    path = Path(str(db.database))
    if not path.is_absolute():
        return []
    name = sha256(str(path).encode()).hexdigest()[:32]
    state = platformdirs.user_state_path(STATE, appauthor=False)
    return [path.with_name(FILE), state / f"{name}.witness"]


def tip_of(here: Installation) -> Tip:
    seq, head = journal.tip()
    entry = _last_entry()
    return Tip(here.station_uid, here.epoch, seq, head, *entry)


def _last_entry() -> tuple[int, str]:
    row = db.execute_sql(
        "SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, "")


def note_tip(here: Installation) -> None:
    """Write down, durably, how far the journal has come.

    A place that cannot be written is left out: the other one and the receipts of the
    office remain.
    """
    with _writing:
        data = msgspec.json.encode(tip_of(here))
        for place in places():
            if _written.get(place) == data:
                continue
            try:
                _replace(place, data)
                _written[place] = data
            except OSError as error:
                log.warning("no witness at %s: %s", place, error)


def note_end() -> None:
    """At the end of the program; a database that cannot be read does not keep it."""
    if not station_uid() or db.is_closed():
        return
    try:
        note_tip(installation())
    except (DatabaseError, UserError) as error:
        log.warning("no witness at the end: %s", error)


def _replace(place: Path, data: bytes) -> None:
    """The new content or the old one, never half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, place)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def rollback(here: Installation, left: Callable[[], set[str]]) -> Rollback | None:
    """Is the open database older than a witness has seen it?  None when it is not.

    *left()* are the epochs this database knows it has left: a witness of one of them is
    old itself.
    """
    for place in places():
        tip = _read(place)
        if tip is None or tip.station != here.station_uid:
            continue
        if tip.epoch == here.epoch and _hash_of(tip.entry) == tip.hash:
            continue
        if tip.epoch not in left():
            return Rollback(tip.epoch, tip.seq)
    return None


def _read(place: Path) -> Tip | None:
    """What a witness says; a damaged one says nothing."""
    try:
        with place.open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=Tip)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as error:
        log.warning("the witness at %s is unreadable: %s", place, error)
        return None


def _hash_of(entry: int) -> str:
    row = db.execute_sql(
        f"SELECT hash FROM journal WHERE id = {db.param}", (entry,)
    ).fetchone()
    return row[0] if row else ""
