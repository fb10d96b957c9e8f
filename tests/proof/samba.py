"""The share on a real Samba: its session dies, its disk fills up, it is slow.

The server is this test's own: its configuration, port, password and folders are new,
it listens on this machine alone, and it ends with the test.
"""

import contextlib
import errno
import getpass
import multiprocessing
import os
import random
import secrets
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from proof import checks
from proof.deeds import Base, Places, Told
from proof.faults_by_strace import ENDS
from proof.processes import LONGEST, Doing, looked_at, ready

SMBD = shutil.which("smbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CODES = (errno.EIO, errno.EHOSTDOWN, errno.ECONNRESET, errno.ETIMEDOUT)
PAUSES = (0, 2, 10_000)  # calls that find no server after its session died
FILLER = "filler.bin"
CONFIGURATION = """
[global]
  server role = standalone server
  workgroup = PROOF
  interfaces = lo
  bind interfaces only = yes
  smb ports = {port}
  disable netbios = yes
  server min protocol = SMB2_10
  load printers = no
  printcap name = /dev/null
  disable spoolss = yes
  passdb backend = tdbsam:{own}/passdb.tdb
  private dir = {own}
  pid directory = {own}
  lock directory = {own}
  state directory = {own}
  cache directory = {own}
  ncalrpc dir = {own}/rpc
  log file = {own}/log
  log level = 0

[share]
  path = {served}
  read only = no

[locked]
  path = {served}
  read only = yes
"""


class Samba(NamedTuple):
    """A server that runs, and the folder it serves: a disk of its own, if small."""

    served: Path
    port: int
    user: str
    password: str
    pid: int


@contextlib.contextmanager
def running(folder: Path, room: str = "") -> Iterator[Samba]:
    """A Samba of its own below *folder*; with *room* on a disk of so many bytes."""
    assert SMBD is not None
    own, served = folder / "samba", folder / "served"
    own.mkdir(parents=True)
    served.mkdir()
    if room:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(served)]
        subprocess.run(mount, check=True)
    port, password = _free_port(), secrets.token_hex(8)
    settings = own / "smb.conf"
    settings.write_text(CONFIGURATION.format(port=port, own=own, served=served))
    user = getpass.getuser()
    subprocess.run(
        ["smbpasswd", "-c", str(settings), "-L", "-s", "-a", user],
        input=f"{password}\n{password}\n",
        text=True,
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        [SMBD, "-F", "--no-process-group", "-s", str(settings)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # when it ends it ends its whole group
    )
    try:
        _await(port)
        yield Samba(served, port, user, password, server.pid)
    finally:
        server.terminate()
        server.wait(30)
        if room:
            subprocess.run(["umount", "-l", str(served)], check=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def _await(port: int) -> None:
    """Until the server answers."""
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class Round(NamedTuple):
    """A deed on that share: what was told, and what became of it."""

    deed: str
    plan: tuple
    told: list[Told]
    calls: int
    kills: int
    seconds: float
    wrong: str

    @property
    def ended(self) -> str:
        return self.told[-1][0] if self.told else "killed"

    @property
    def words(self) -> str:
        return self.told[-1][1] if self.told else ""


def serve_share(base: Base, samba: Samba) -> Path:
    """The centre once more in its place, with its share on the server."""
    place = base.copied()
    for old in samba.served.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(place / "share", samba.served, dirs_exist_ok=True)
    shutil.rmtree(place / "share")
    (place / "share").mkdir()
    return place


def take_share_back(base: Base, samba: Samba) -> None:
    """What is on the server, as the next exchange finds it; somebody made room."""
    (samba.served / FILLER).unlink(missing_ok=True)
    share = base.place / "share"
    share.rmdir()
    shutil.copytree(samba.served, share)


def asked(
    deed: str,
    base: Base,
    samba: Samba,
    plan: tuple,
    *,
    port: int,
    share: str,
) -> tuple[list[Told], tuple[int, int, float]]:
    """Do a deed with the share mounted; what it told, and calls, kills and seconds."""
    from proof import smbmount  # which needs libfuse

    _, _, user, password, pid = samba
    server = smbmount.Server(port or samba.port, user, password, pid, share)
    mount = base.place / "share"
    said, theirs = multiprocessing.Pipe()
    arguments = (mount, server, smbmount.Plan(*plan), theirs)
    process = ready().Process(target=smbmount.serve, args=arguments)
    process.start()
    theirs.close()
    try:
        assert said.poll(LONGEST) and said.recv() == "mounted"
        doing = Doing((deed,), base.place)
        doing.go()
        told = doing.told()
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=True)
    assert said.poll(LONGEST)
    counted = said.recv()
    process.join()
    said.close()
    return told, counted


def round_of(
    deed: str,
    base: Base,
    samba: Samba,
    plan: tuple = (),
    *,
    before: Callable[[], None] = lambda: None,
    port: int = 0,
    share: str = "share",
) -> Round:
    """Do a deed on the share as *plan* wants it, then look at all of it.

    *before* is called when the share lies on the server.
    """
    old = checks.editions(Places(base.root))
    serve_share(base, samba)
    before()
    told, counted = asked(deed, base, samba, plan, port=port, share=share)
    take_share_back(base, samba)
    saved = [*base.told, *(one for one in told if one[0] not in ENDS)]
    wrong = looked_at(base.place, (deed,), saved, old, False)
    if told and told[-1][0] == "no words":
        wrong += f"\nsaid: {told}"
    return Round(deed, plan, told, *counted, wrong)


class Slow:
    """A way to a server that takes its time: each piece waits, in both directions."""

    def __init__(self, port: int, seconds: float) -> None:
        self._to, self._seconds = port, seconds
        self._taken = socket.create_server(("127.0.0.1", 0))
        self.port = self._taken.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._taken.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                asking, _ = self._taken.accept()
                asked = socket.create_connection(("127.0.0.1", self._to))
                for ends in ((asking, asked), (asked, asking)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError), source, target:
            while piece := source.recv(1 << 16):
                time.sleep(self._seconds)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)


def kills(base: Base, samba: Samba, many: int, seed: int) -> Iterator[Round]:
    """*many* sessions killed at any call of publishing and of merging."""
    chance = random.Random(seed)
    for deed in ("publish", "merge"):
        whole = round_of(deed, base, samba)
        yield whole
        each = -(-many // 2)
        for number in range(each):
            at = 1 + int(whole.calls * (number + chance.random()) / each)
            plan = (
                at,
                chance.random() < 0.5,
                chance.choice(PAUSES),
                chance.choice(CODES),
            )
            yield round_of(deed, base, samba, plan)


def fill(folder: Path) -> None:
    """Leave nothing on the disk that *folder* is."""
    room = os.statvfs(folder)
    (folder / FILLER).write_bytes(bytes(room.f_bavail * room.f_frsize))
