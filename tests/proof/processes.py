"""Processes that have the program loaded already: one a fault, and one to look.

A server with everything imported forks them in some milliseconds each; what they know
of the centre they read from its files, like any program that was just started.
"""

import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from proof import checks, deeds
from proof.deeds import Told

ROOT = Path(__file__).parent.parent.parent
# An isolated Python does not hear of the path below: it has the program at least.
LOADED = ["proof.checks", "docx", "desk.settings", "exports.backup", "exports.sync"]
LOADED += ["exports.ledgers.export"]
LONGEST = 120  # seconds; a process that takes longer hangs

_loaded = multiprocessing.get_context("forkserver")


def ready() -> Any:
    """The context to start processes in."""
    # It hands neither the path nor the seed to its server.
    places = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    os.environ["PYTHONPATH"] = places
    os.environ["PYTHONHASHSEED"] = "0"
    _loaded.set_forkserver_preload(LOADED)
    return _loaded


class Doing:
    """A process that does deeds; it waits for `go`."""

    def __init__(self, names: tuple[str, ...], root: Path) -> None:
        self.said, theirs = multiprocessing.Pipe()
        self.process = ready().Process(target=deeds.perform, args=(names, root, theirs))
        self.process.start()
        theirs.close()
        self.said.recv()

    def go(self) -> None:
        self.said.send("go")

    def told(self) -> list[Told]:
        """All it says to its end."""
        told: list[Told] = []
        try:
            while self.said.poll(LONGEST):
                told.append(self.said.recv())
            self.process.kill()
            told.append(("no words", "it hangs"))
        except (EOFError, ConnectionResetError):
            pass
        self.process.join()
        self.said.close()
        return told


def looked_at(*arguments: object) -> str:
    """What a fresh process finds wrong; "" when all is well."""
    mine, theirs = multiprocessing.Pipe()
    process = ready().Process(target=checks.answer, args=(theirs, *arguments))
    process.start()
    theirs.close()
    found = _answer(mine)
    if found is None:
        process.kill()
        found = "the process that looks hangs"
    process.join()
    mine.close()
    return found


def _answer(said: Connection) -> str | None:
    try:
        return said.recv() if said.poll(LONGEST) else None
    except EOFError:
        return "the process that looks died"
