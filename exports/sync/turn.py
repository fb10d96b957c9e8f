"""One exchange at a time on this PC: the window and a command share one database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models import mishaps, readonly
from models.base import db
from models.errors import UserError

LOCK = "sync.lock"

_held: list[IO[bytes]] = []


class TurnTaken(UserError):
    """Another program on this PC exchanges; nothing is wrong."""


@contextmanager
def my_turn() -> Iterator[None]:
    """Hold the turn.  The system takes it back even from a program that was killed."""
    if readonly.is_on():
        raise mishaps.ReadOnly(mishaps.IS_READ_ONLY)
    with (Path(db.database).parent / LOCK).open("ab") as file:
        try:
            _lock(file)
        except OSError as error:
            raise TurnTaken("本机正在进行另一次同步，请等它完成后再试。") from error
        _held.append(file)
        try:
            with _turn_of_all_pcs():
                yield
        finally:
            _held.remove(file)


@contextmanager
def _turn_of_all_pcs() -> Iterator[None]:
    """Several PCs may share the records of an office on a server."""
    if not db.take_turn():
        raise TurnTaken("另一台办公室电脑正在同步，请等它完成后再试。")
    try:
        yield
    finally:
        db.give_turn()


def give_up() -> None:
    """The program ends while an exchange hangs in a call on the share: the next start
    need not wait until that call comes back."""
    for file in _held:
        file.close()


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
