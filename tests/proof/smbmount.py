"""A share of an SMB server as a path: each call goes to the server and waits for it.

So does Windows, without its caches.  The mount can lose its session at any call: the
server's process for it is killed just before it is asked, or just after it has done
what was asked and before that is known.
"""

import errno
import os
import signal
import stat
import time
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import smbclient
    from mfusepy import FUSE, FuseOSError, Operations
    from smbprotocol.exceptions import SMBException, SMBResponseException

PIECE = 64 << 10  # bytes that a server takes for one credit
STATUSES = {
    0xC000007F: errno.ENOSPC,  # STATUS_DISK_FULL
    0xC0000022: errno.EACCES,  # STATUS_ACCESS_DENIED
    0xC00000A2: errno.EROFS,  # STATUS_MEDIA_WRITE_PROTECTED
    0xC0000043: errno.EBUSY,  # STATUS_SHARING_VIOLATION
}


class Server(NamedTuple):
    """Where the server listens, who asks, and its own process."""

    port: int
    user: str
    password: str
    pid: int
    share: str


class Plan(NamedTuple):
    """What goes wrong: the session at one call, and how long the server stays away."""

    kill_at: int = 0  # the call; 0 for none
    is_done: bool = False  # the call has been carried out by then
    away: int = 0  # calls after it that find no server
    code: int = errno.EIO  # what the caller is told


class SmbMount(Operations):
    """A mounted share."""

    use_ns = True

    def __init__(self, server: Server, plan: Plan, said: Connection) -> None:
        self.server, self.plan, self.said = server, plan, said
        self.calls, self.kills, self.away = 0, 0, 0
        self.sessions: dict = {}
        self.files: dict[int, Any] = {}
        self.next_handle = 1

    # -- the server -----------------------------------------------------------------

    def _at(self, path: str) -> str:
        return rf"\\127.0.0.1\{self.server.share}" + path.replace("/", "\\")

    def _session(self) -> dict[str, Any]:
        """How to ask; signs in anew where the last session is gone."""
        asking = {
            "username": self.server.user,
            "password": self.server.password,
            "port": self.server.port,
            "connection_timeout": 10,
            "connection_cache": self.sessions,
        }
        if not self.sessions:
            smbclient.register_session("127.0.0.1", **asking)
        return asking

    def _ask(self, call: Callable[[], Any]) -> Any:
        """One call to the server, or what is to become of it by the plan."""
        self.calls += 1
        if self.away:
            self.away -= 1
            raise FuseOSError(self.plan.code)
        is_it = self.calls == self.plan.kill_at
        if is_it and not self.plan.is_done:
            self._kill()
        try:
            answer = call()
        except OSError as error:
            self._look_at(error)
            status = getattr(error, "ntstatus", 0)
            raise FuseOSError(STATUSES.get(status, error.errno or errno.EIO)) from error
        except SMBResponseException as error:
            raise FuseOSError(STATUSES.get(error.status, errno.EIO)) from error
        except SMBException as error:
            self._forget()
            raise FuseOSError(self.plan.code) from error
        if is_it and self.plan.is_done:
            self._kill()
            raise FuseOSError(self.plan.code)
        return answer

    def _look_at(self, error: OSError) -> None:
        if isinstance(error, ConnectionError | TimeoutError):
            self._forget()

    def _forget(self) -> None:
        self.sessions, self.away = {}, self.plan.away

    def _kill(self) -> None:
        """The server's process of this session, and no other."""
        self._session()
        (connection,) = self.sessions.values()
        place = connection.transport._sock.getsockname()
        os.kill(process_of(self.server.pid, place[1]), signal.SIGKILL)
        self.kills += 1
        if self.plan.is_done:
            self._forget()

    def init(self, path: str) -> None:
        self.said.send("mounted")

    # -- names ----------------------------------------------------------------------

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        found = self._ask(lambda: smbclient.stat(self._at(path), **self._session()))
        is_folder = stat.S_ISDIR(found.st_mode)
        return {
            "st_mode": stat.S_IFDIR | 0o755 if is_folder else stat.S_IFREG | 0o644,
            "st_nlink": 1,
            "st_size": found.st_size,
        }

    def readdir(self, path: str, fh: int) -> list[str]:
        names = self._ask(lambda: smbclient.listdir(self._at(path), **self._session()))
        return [".", "..", *names]

    def mkdir(self, path: str, mode: int) -> int:
        self._ask(lambda: smbclient.mkdir(self._at(path), **self._session()))
        return 0

    def unlink(self, path: str) -> int:
        self._ask(lambda: smbclient.remove(self._at(path), **self._session()))
        return 0

    def rename(self, old: str, new: str) -> int:
        names = self._at(old), self._at(new)
        self._ask(lambda: smbclient.rename(*names, **self._session()))
        return 0

    def chmod(self, path: str, mode: int) -> int:
        return 0

    def utimens(self, path: str, times: object = None) -> int:
        return 0

    # -- bytes ----------------------------------------------------------------------

    def _opened(self, path: str, mode: str) -> int:
        def call() -> Any:
            return smbclient.open_file(
                self._at(path), mode, 0, share_access="rwd", **self._session()
            )

        file = self._ask(call)
        self.next_handle += 1
        self.files[self.next_handle] = file
        return self.next_handle

    def open(self, path: str, flags: int) -> int:
        return self._opened(path, "r+b" if flags & os.O_ACCMODE else "rb")

    def create(self, path: str, mode: int, fi: object = None) -> int:
        return self._opened(path, "x+b")

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        def call() -> bytes:
            end = file.fd.end_of_file
            upto, pieces = min(offset + size, max(end, offset)), []
            for start in range(offset, upto, PIECE):
                pieces.append(file.fd.read(start, min(PIECE, upto - start)))
            return b"".join(pieces)

        file = self.files[fh]
        return self._ask(call)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        def call() -> int:
            for start in range(0, len(data), PIECE):
                file.fd.write(data[start : start + PIECE], offset + start)
            return len(data)

        file = self.files[fh]
        return self._ask(call)

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._ask(lambda: self.files[fh].fd.flush())
        return 0

    def release(self, path: str, fh: int) -> int:
        file = self.files.pop(fh)
        try:
            self._ask(lambda: file.fd.close())
        finally:
            file._closed = True
        return 0


def process_of(server: int, port: int) -> int:
    """The server's process at the other end of the connection from *port*."""
    here = f"0100007F:{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2] == here and fields[9] != "0":
            return _holder(server, f"socket:[{fields[9]}]")
    raise ProcessLookupError(f"nobody is connected to port {port}")


def _holder(server: int, socket: str) -> int:
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    for child in children:
        for handle in Path(f"/proc/{child}/fd").iterdir():
            if handle.is_symlink() and os.readlink(handle) == socket:
                return int(child)
    raise ProcessLookupError(f"no process of the server has {socket}")


def serve(mount: Path, server: Server, plan: Plan, said: Connection) -> None:
    """The body of the mount's process.

    Says `mounted`, and when it was unmounted how many calls and kills there were.
    """
    system = SmbMount(server, plan, said)
    begun = time.monotonic()
    FUSE(
        system,
        str(mount),
        foreground=True,
        nothreads=True,
        attr_timeout=0,
        entry_timeout=0,
        direct_io=True,
    )
    said.send((system.calls, system.kills, time.monotonic() - begun))
    said.close()
    os._exit(0)  # a session that died has threads that wait for it
