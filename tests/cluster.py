"""A PostgreSQL server of the tests' own: made, started and stopped by them alone.

Its files lie in a temporary folder, it listens on a socket there and on no port that
anybody else may have, and durability is off: what is tested is the program.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

USER, PORT = "desk", 54391
UNPRIVILEGED = "nobody"  # the server refuses to run as root
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "listen_addresses": "",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
PATIENCE = 60  # seconds


def program(name: str) -> str:
    """Debian keeps the server's programs out of the path, by version."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name}: install PostgreSQL, see start.py")
    return found


class Cluster:
    """A running server; each test has databases of its own on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._made = folder, 0

    def url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self.folder}&port={PORT}"

    def create(self, like: str = "template0") -> str:
        """A new database, empty or a copy of another; its name."""
        self._made += 1
        name = f"office_{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportArgumentType]


def _as_nobody() -> dict:
    return {"user": UNPRIVILEGED} if os.geteuid() == 0 else {}


def _end_with_parent() -> None:
    """A test worker that is killed leaves no server behind (prctl(2))."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGQUIT)


def _quiet(*command: str) -> None:
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        **_as_nobody(),
    )


@contextmanager
def running() -> Iterator[Cluster]:
    """A new server, stopped at the end by the process that was started."""
    with tempfile.TemporaryDirectory(prefix="desk-pg-") as made:
        if os.geteuid() == 0:
            shutil.chown(made, UNPRIVILEGED)
        with _running(Path(made)) as cluster:
            yield cluster


@contextmanager
def _running(folder: Path) -> Iterator[Cluster]:
    files = folder / "data"
    _quiet(
        *(program("initdb"), "-D", str(files), "-U", USER, "-A", "trust", "-N"),
        *("-E", "UTF8", "--locale=C"),
    )
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    server = subprocess.Popen(
        [
            program("postgres"),
            "-D",
            str(files),
            "-k",
            str(folder),
            f"-p{PORT}",
            *options,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_parent,
        **_as_nobody(),
    )
    try:
        _wait_for(server, folder)
        yield Cluster(folder)
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        server.wait(PATIENCE)


def _wait_for(server: subprocess.Popen, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(Cluster(folder).url("postgres")).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
