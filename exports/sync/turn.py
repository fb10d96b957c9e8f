"""One exchange at a time on this PC: the window and a command share one database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.base import db
from models.errors import UserError

LOCK = "sync.lock"


@contextmanager
def my_turn() -> Iterator[None]:
    """Hold the turn.  The system takes it back even from a program that was killed."""
    with (Path(db.database).parent / LOCK).open("ab") as file:
        try:
            _lock(file)
        except OSError as error:
            raise UserError("本机正在进行另一次同步，请等它完成后再试。") from error
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
