"""A file system that keeps, when the power goes, only what was asked to be kept.

What is written to a file stays volatile until that file is fsynced, and a name that
is made, moved or removed until its folder is.  When the power goes each file is as it
was at its last fsync, or as it is, or some pages of each; of the names the first few
changes since the last fsync may have reached the disk, in their order.
"""

import errno
import os
import random
import stat
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath

from mfusepy import FUSE, FuseOSError, Operations

PAGE = 4096
UNCOUNTED = "-shm"  # SQLite's shared memory: the kernel writes it when it likes


class Node:
    """A file with its bytes, or a folder with its names, now and on the disk."""

    def __init__(self, mode: int) -> None:
        self.mode = mode
        self.links = 1
        self.data, self.kept = bytearray(), b""
        self.names: dict[str, Node] = {}
        self.kept_names: dict[str, Node] = {}

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    def after_cut(self, chance: random.Random) -> bytes:
        """What is in the file when the power is back."""
        now, then = bytes(self.data), self.kept
        how = chance.choice(("now", "then", "then", "mixed"))
        if how != "mixed":
            return now if how == "now" else then
        size = chance.choice((len(now), len(then)))
        pages = (
            chance.choice((now, then))[at : at + PAGE].ljust(PAGE, b"\0")
            for at in range(0, size, PAGE)
        )
        return b"".join(pages)[:size]


Change = list[tuple[Node, str, Node | None]]  # folder, name, and what it is now


class LossyFS(Operations):
    """All of a folder in memory; the power goes at the *cut_at*-th change."""

    use_ns = True

    def __init__(self, source: Path, cut_at: int, said: Connection) -> None:
        self.root = _loaded(source)
        self.cut_at, self.said = cut_at, said
        self.changes, self.is_dead = 0, False
        self.pending: list[Change] = []
        self.handles: dict[int, Node] = {}
        self.next_handle = 1

    # -- the power --------------------------------------------------------------

    def _change(self, path: str) -> None:
        """Something is to change; from the cut on nothing does."""
        self._alive()
        if path.endswith(UNCOUNTED):
            return
        self.changes += 1
        if self.changes == self.cut_at:
            self.is_dead = True
            self.said.send("cut")
            self._alive()

    def _alive(self) -> None:
        if self.is_dead:
            raise FuseOSError(errno.EIO)

    def leave_behind(self, target: Path, seed: int) -> None:
        """Write down what is on the disk when the power is back."""
        chance = random.Random(seed)
        for change in self.pending[: chance.randint(0, len(self.pending))]:
            _apply(change)
        _write_down(self.root, target, chance)

    # -- names --------------------------------------------------------------------

    def _find(self, path: str) -> Node:
        node = self.root
        for part in PurePosixPath(path).parts[1:]:
            if part not in node.names:
                raise FuseOSError(errno.ENOENT)
            node = node.names[part]
        return node

    def _place(self, path: str) -> tuple[Node, str]:
        whole = PurePosixPath(path)
        return self._find(str(whole.parent)), whole.name

    def _rename(self, *places: tuple[Node, str, Node | None]) -> None:
        for folder, name, node in places:
            if node is None:
                del folder.names[name]
            else:
                folder.names[name] = node
        self.pending.append([*places])

    def init(self, path: str) -> None:
        self.said.send("mounted")

    def getattr(self, path: str, fh: int | None = None) -> dict:
        self._alive()
        node = self.handles[fh] if fh in self.handles else self._find(path)
        return {
            "st_mode": node.mode,
            "st_nlink": node.links,
            "st_size": len(node.data),
            "st_uid": os.getuid(),
            "st_gid": os.getgid(),
        }

    def readdir(self, path: str, fh: int) -> list[str]:
        self._alive()
        return [".", "..", *self._find(path).names]

    def mkdir(self, path: str, mode: int) -> int:
        self._change(path)
        self._rename((*self._place(path), Node(stat.S_IFDIR | mode)))
        return 0

    def create(self, path: str, mode: int, fi: object = None) -> int:
        self._change(path)
        node = Node(stat.S_IFREG | stat.S_IMODE(mode))
        self._rename((*self._place(path), node))
        return self._handle(node)

    def unlink(self, path: str) -> int:
        self._change(path)
        self._find(path).links -= 1
        self._rename((*self._place(path), None))
        return 0

    def rmdir(self, path: str) -> int:
        self._change(path)
        if self._find(path).names:
            raise FuseOSError(errno.ENOTEMPTY)
        self._rename((*self._place(path), None))
        return 0

    def rename(self, old: str, new: str) -> int:
        self._change(new)
        node = self._find(old)
        self._rename((*self._place(new), node), (*self._place(old), None))
        return 0

    def link(self, target: str, source: str) -> int:
        self._change(target)
        node = self._find(source)
        node.links += 1
        self._rename((*self._place(target), node))
        return 0

    def chmod(self, path: str, mode: int) -> int:
        node = self._find(path)
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: object = None) -> int:
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": PAGE, "f_frsize": PAGE, "f_blocks": 1 << 20} | dict.fromkeys(
            ("f_bfree", "f_bavail", "f_files", "f_ffree"), 1 << 19
        )

    # -- bytes ----------------------------------------------------------------------

    def _handle(self, node: Node) -> int:
        self.next_handle += 1
        self.handles[self.next_handle] = node
        return self.next_handle

    def open(self, path: str, flags: int) -> int:
        self._alive()
        return self._handle(self._find(path))

    def release(self, path: str, fh: int) -> int:
        self.handles.pop(fh, None)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        self._alive()
        return bytes(self.handles[fh].data[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._change(path)
        content = self.handles[fh].data
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        self._change(path)
        content = (self.handles[fh] if fh in self.handles else self._find(path)).data
        del content[length:]
        content.extend(bytes(length - len(content)))
        return 0

    # -- what is asked to be kept -------------------------------------------------

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._change(path)
        node = self.handles[fh]
        node.kept = bytes(node.data)
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        """Keep the names of a folder, and the changes that led to them elsewhere."""
        self._change(path)
        folders, later = {id(self._find(path))}, []
        first: list[Change] = []
        for change in reversed(self.pending):
            touched = {id(folder) for folder, _, _ in change}
            if touched & folders:
                folders |= touched
                first.append(change)
            else:
                later.append(change)
        for change in reversed(first):
            _apply(change)
        self.pending = later[::-1]
        self._keep_way_to(path)
        return 0

    def _keep_way_to(self, path: str) -> None:
        """No file system keeps what is in a folder and forgets the folder."""
        for place in (PurePosixPath(path), *PurePosixPath(path).parents):
            if place.name:
                folder, name = self._place(str(place))
                folder.kept_names[name] = folder.names[name]


def _apply(change: Change) -> None:
    for folder, name, node in change:
        if node is None:
            folder.kept_names.pop(name, None)
        else:
            folder.kept_names[name] = node


def _loaded(path: Path) -> Node:
    node = Node(path.stat().st_mode)
    if node.is_folder:
        node.names = {child.name: _loaded(child) for child in path.iterdir()}
        node.kept_names = dict(node.names)
    else:
        node.kept = path.read_bytes()
        node.data = bytearray(node.kept)
    return node


def _write_down(node: Node, target: Path, chance: random.Random) -> None:
    if node.is_folder:
        target.mkdir()
        for name, child in node.kept_names.items():
            _write_down(child, target / name, chance)
    else:
        target.write_bytes(node.after_cut(chance))
    target.chmod(stat.S_IMODE(node.mode))


def serve(
    source: Path, mount: Path, cut_at: int, seed: int, target: Path, said: Connection
) -> None:
    """The body of the process of the file system, until it is unmounted.

    Says `mounted`, `cut` when the power goes, and at the end how many changes it saw.
    """
    system = LossyFS(source, cut_at, said)
    FUSE(system, str(mount), foreground=True, nothreads=True)
    system.leave_behind(target, seed)
    said.send(str(system.changes))
