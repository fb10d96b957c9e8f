"""A share that is not there, or full, or fails at any call; and a crash anywhere."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from exchange import assert_alike, batches_of, exchange, publish_in_pieces, work

import models
from exports.sync import share, sync, sync_state
from models import UserError
from models.troubles import Quarantine


def windows(number: int, code: int) -> OSError:
    """An error as Python on Windows raises it: the system's number beside errno."""
    error = OSError(code, "as Windows says it")
    error.winerror = number  # type: ignore[attr-defined]
    if code == errno.ENOENT:
        error = FileNotFoundError(code, "as Windows says it")
        error.winerror = number  # type: ignore[attr-defined]
    return error


# How a share says that it is gone, full or refuses (errno of PC/errmap.h).
GONE = {
    "bad network path": windows(53, errno.ENOENT),
    "bad network name": windows(67, errno.ENOENT),
    "connection dropped": windows(64, errno.EINVAL),
    "semaphore timeout": windows(121, errno.EINVAL),
    "access denied": PermissionError(errno.EACCES, "denied"),
    "input/output": OSError(errno.EIO, "input/output error"),
    "stale handle": OSError(errno.ESTALE, "stale file handle"),
    "host is down": OSError(errno.EHOSTDOWN, "host is down"),
}
FULL = {
    "no space": OSError(errno.ENOSPC, "no space left on device"),
    "disk full": windows(112, errno.ENOSPC),
    "handle disk full": windows(39, errno.EINVAL),
    "quota": OSError(errno.EDQUOT, "quota exceeded"),
}

CALLS = ("open", "scandir", "fsync", "mkdir", "lstat", "rename", "stat")


class Share:
    """The real calls on files below one folder, of which some fail."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = str(root)
        self.calls = 0
        self.failing: dict[int, BaseException] = {}
        self.always: BaseException | None = None
        self.patch = monkeypatch

    @contextmanager
    def failing_at(self, **more) -> Iterator[None]:
        self.calls, self.failing = 0, more.get("at", {})
        self.always = more.get("always")
        with self.patch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self._wrapped(getattr(os, name)))
            yield

    def _wrapped(self, real):
        def call(path, *args, **kwargs):
            if not isinstance(path, int) and not os.fspath(path).startswith(self.root):
                return real(path, *args, **kwargs)
            if isinstance(path, int) and real.__name__ != "fsync":
                return real(path, *args, **kwargs)
            self.calls += 1
            error = self.failing.get(self.calls, self.always)
            if error is not None:
                raise error
            return real(path, *args, **kwargs)

        return call


@pytest.fixture
def faulty(centre, monkeypatch) -> Share:
    return Share(centre.share, monkeypatch)


@pytest.mark.parametrize("error", GONE)
def test_an_unreachable_share_is_said_and_nothing_is_lost(centre, faulty, error):
    work(centre.station)
    for folder in (centre.station, centre.office):
        models.open_database(folder)
        with faulty.failing_at(always=GONE[error]):
            with pytest.raises(UserError, match=r"共享文件夹|标记"):
                sync()
        assert sync_state().trouble
    models.open_database(centre.station)
    assert (sync_state().waiting, models.verify().faults) == (4, [])
    exchange(centre.station, centre.office, centre.station)
    assert sync_state().trouble == ""
    assert_alike(centre.office, centre.station)


@pytest.mark.parametrize("error", ["bad network path", "input/output", "host is down"])
@pytest.mark.parametrize("place", ["station", "office"])
def test_it_may_go_away_at_any_call_of_an_exchange(centre, faulty, error, place):
    """From one call on everything fails, at each call in turn; then it heals."""
    folder = getattr(centre, place)
    failed, call = 0, 1
    while True:
        work(centre.station, 1)
        exchange(centre.station if place == "office" else centre.office)
        models.open_database(folder)
        with faulty.failing_at(at={n: GONE[error] for n in range(call, 10_000)}):
            try:
                sync()
            except UserError:
                failed += 1
        if faulty.calls < call:
            break
        assert models.verify().faults == []
        call += 1
    assert failed > 8
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


@pytest.mark.parametrize("error", [*FULL, "input/output", "access denied"])
def test_one_call_may_fail_and_the_next_exchange_heals(centre, faulty, error):
    problem = (FULL | GONE)[error]
    call = 1
    while True:
        work(centre.station, 1)
        with faulty.failing_at(at={call: problem}):
            try:
                sync()
            except UserError:
                pass
        if faulty.calls < call:
            break
        call += 2
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert Quarantine.select().count() == 0


@pytest.mark.parametrize("error", FULL)
def test_a_full_share_is_named_as_full(centre, faulty, monkeypatch, error):
    work(centre.station)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: raise_(FULL[error]))
        with pytest.raises(UserError, match="已满"):
            sync()
    assert sync_state().waiting == 4
    assert not list(centre.share.rglob("*.part"))


def raise_(error: BaseException) -> None:
    raise error


def test_what_a_share_confirms_but_does_not_keep_is_noticed(centre, monkeypatch):
    """A cheap server says done to every call and stores half."""
    work(centre.station)
    real = os.fsync

    def half(handle: int) -> None:
        real(handle)
        os.truncate(handle, os.fstat(handle).st_size // 2)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", half)
        with pytest.raises(UserError):
            sync()
    assert sync_state().published == 0
    assert not list(centre.share.rglob("up/*/*/*"))
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_a_marker_that_changes_in_mid_exchange_is_noticed(centre):
    work(centre.station)
    path = centre.share / share.MARKER
    whole = path.read_bytes()

    def vandal(done, total, text):
        path.write_bytes(whole.replace("测试".encode(), "假冒".encode()))

    with pytest.raises(UserError, match="标记"):
        sync(vandal)
    path.write_bytes(whole)
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_one_station_whose_folder_cannot_be_read_stops_no_other(centre, faulty):
    from exchange import add_station

    other = add_station(centre, "xuesheng")
    for folder in (centre.station, other):
        work(folder)
        exchange(folder)
    uid = models.open_database(centre.station).station_uid
    models.open_database(centre.office)
    real = os.scandir

    def scandir(path):
        if uid in os.fspath(path) and "/up/" in os.fspath(path):
            raise OSError(errno.EINVAL, "one folder is broken")
        return real(path)

    with faulty.patch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        trouble = sync().trouble
    assert "教务窗口 1 号机" in trouble and sync_state().trouble == trouble
    exchange(other)
    assert sync_state().published == 0
    exchange(centre.office, centre.station, other)
    assert_alike(centre.office, centre.station, other)


def test_an_empty_listing_is_not_believed(centre, monkeypatch):
    """A mount that lags shows nothing; the files are there all the same."""
    publish_in_pieces(centre.station, 2)
    before = batches_of(centre, centre.station)
    with monkeypatch.context() as patch:
        patch.setattr(share, "names_in", lambda folder: iter(()))
        sync()
    assert sync_state().waiting == 0
    assert batches_of(centre, centre.station) == before


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "x.batch")
    (tmp_path / "y.batch").mkdir()
    (tmp_path / "z.batch").symlink_to("/dev/zero")
    for name in ("x.batch", "y.batch", "z.batch"):
        assert share.read(tmp_path / name, 1000) is None


def test_a_name_that_is_taken_keeps_what_it_holds(tmp_path):
    for _ in range(2):  # the same once more is as good
        share.publish(tmp_path, "name", b"one")
    with pytest.raises(UserError):
        share.publish(tmp_path, "name", b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["name"]
    assert (tmp_path / "name").read_bytes() == b"one"


def test_a_part_that_somebody_else_writes_is_not_written_into(tmp_path, monkeypatch):
    monkeypatch.setattr(share.secrets, "token_hex", lambda size: "0" * 2 * size)
    (tmp_path / f".{'0' * 16}.part").write_bytes(b"of another")
    with pytest.raises(FileExistsError):
        share.write_once(tmp_path, "x.batch", b"mine")
    assert not (tmp_path / "x.batch").exists()
