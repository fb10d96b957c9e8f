"""Shares that behave as real ones do on a bad day: the calls are real, what they say
is not always so, and some do not come back before the test lets them."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

LITTER = (
    *("Thumbs.db", "desktop.ini", ".DS_Store", "~$报名表.docx", "同步记录.tmp"),
    *("~RF1a2b.TMP", ".~lock.x#", "长" * 84, "x" * 255, "nul", "con.batch.exe"),
)
OURS = (".batch", ".request", ".marker")


class OddShare:
    """The calls on files below *root*, told by `listing`, `opening` and `gate`."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.listing: Callable[[str, list[str]], list[str]] = lambda path, names: names
        self.opening: Callable[[str, bool], None] = lambda path, writes: None
        self.reading: Callable[[str], int | None] = lambda path: None
        # Calls whose path has this in it do not come back while the gate is shut.
        self.hanging = ""
        self.asked, self.gate = threading.Event(), threading.Event()

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """While it lasts the share is odd."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("lstat", "mkdir", "rename", "unlink"):
                patch.setattr(os, name, self._passing(getattr(os, name)))
            patch.setattr(os, "scandir", self._scandir(os.scandir))
            patch.setattr(os, "open", self._open(os.open))
            try:
                yield
            finally:
                self.gate.set()

    def _is_here(self, path: Any) -> bool:
        return not isinstance(path, int) and os.fspath(path).startswith(self.root)

    def _wait(self, path: Any) -> None:
        if self.hanging and self.hanging in os.fspath(path):
            self.asked.set()
            self.gate.wait(60)

    def _passing(self, real: Any) -> Any:
        def call(path: Any, *args: Any, **more: Any) -> Any:
            if self._is_here(path):
                self._wait(path)
            return real(path, *args, **more)

        return call

    def _scandir(self, real: Any) -> Any:
        @contextmanager
        def entries(path: Any) -> Iterator[Any]:
            self._wait(path)
            with real(path) as found:
                names = self.listing(os.fspath(path), [entry.name for entry in found])
            yield iter([_Named(name) for name in names])

        return lambda path: entries(path) if self._is_here(path) else real(path)

    def _open(self, real: Any) -> Any:
        def call(path: Any, flags: int, *args: Any, **more: Any) -> int:
            if not self._is_here(path):
                return real(path, flags, *args, **more)
            self._wait(path)
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
            self.opening(os.fspath(path), writes)
            most = None if writes else self.reading(os.fspath(path))
            if most is not None:
                return self._cut(real, path, most)
            return real(path, flags, *args, **more)

        return call

    def _cut(self, real: Any, path: Any, most: int) -> int:
        """The file as it is while it is still being copied."""
        whole = Path(path).read_bytes() if most else b""
        handle = os.memfd_create("cut")
        os.write(handle, whole[: len(whole) // 2])
        os.lseek(handle, 0, os.SEEK_SET)
        return handle


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name


def plain(share: OddShare) -> None:
    """A local folder."""


def littered(share: OddShare) -> None:
    """A synced folder with conflict copies, and thousands of other people's files."""

    def listing(path: str, names: list[str]) -> list[str]:
        copies = []
        for name in names:
            stem, dot, end = name.partition(".batch")
            if dot:
                copies += [f"{stem} (1){dot}{end}", f"{stem} conflicted copy{dot}"]
                copies += [f"{stem}-冲突副本 2026-11-23{dot}", name + ".tmp"]
        return [*LITTER, *(f"IMG_{n}.JPG" for n in range(3000)), *copies, *names]

    share.listing = listing


def lagging(share: OddShare) -> None:
    """What is new is not listed before the second look, and can be opened."""
    seen: set[tuple[str, str]] = set()

    def listing(path: str, names: list[str]) -> list[str]:
        shown = [name for name in names if (path, name) in seen]
        seen.update((path, name) for name in names)
        return shown

    share.listing = listing


def hasty(share: OddShare) -> None:
    """A name is listed before there is a file that could be opened."""
    seen: set[str] = set()

    def opening(path: str, writes: bool) -> None:
        if not writes and path.endswith(".batch") and path not in seen:
            seen.add(path)
            raise FileNotFoundError(errno.ENOENT, "not here yet", path)

    share.opening = opening


def wavering(share: OddShare) -> None:
    """Every other listing is the one of before."""
    kept: dict[str, list[list[str]]] = {}

    def listing(path: str, names: list[str]) -> list[str]:
        past = kept.setdefault(path, [])
        past.append(names)
        return past[-2] if len(past) % 2 == 0 else names

    share.listing = listing


def growing(share: OddShare) -> None:
    """A file has its name while it is still being copied: half of it at first."""
    looks: dict[str, int] = {}

    def reading(path: str) -> int | None:
        if not path.endswith(".batch"):
            return None
        looks[path] = looks.get(path, 0) + 1
        return {1: 0, 2: 1}.get(looks[path])  # nothing, half, all

    share.reading = reading


def shouting(share: OddShare) -> None:
    """A server without small letters."""
    share.listing = lambda path, names: [name.upper() for name in names]


def unsorted_and_doubled(share: OddShare) -> None:
    """In any order; some names twice."""
    share.listing = lambda path, names: [*names[::-1], *names[:2]]


ALL = (
    *(plain, littered, lagging, hasty, wavering, growing, shouting),
    unsorted_and_doubled,
)
