"""A crash at any commit, leftovers, and two exchanges at once."""

import multiprocessing
from pathlib import Path

import pytest
from exchange import assert_alike, batches_of, exchange, work

import models
from exports.sync import merge, sync, sync_state
from models import UserError
from models.base import db


class Crash(BaseException):
    """The power goes."""


@pytest.mark.parametrize("place", ["station", "office"])
def test_a_crash_at_any_commit_is_made_good(centre, monkeypatch, place):
    """After publishing and before noting it, after merging and before the receipt."""
    folder = getattr(centre, place)
    from peewee import SqliteDatabase

    real, state = SqliteDatabase.commit, {"left": 0}

    def commit(self):
        state["left"] -= 1
        if state["left"] == 0:
            raise Crash
        return real(self)

    crashed = 0
    for at in range(1, 12):
        work(centre.station, 1)
        exchange(centre.station if place == "office" else centre.office)
        models.open_database(folder)
        state["left"] = at
        with monkeypatch.context() as patch:
            patch.setattr(type(db.obj), "commit", commit)
            try:
                sync()
            except Crash:
                crashed += 1
        models.close_database()
        models.open_database(folder)
        assert models.verify().faults == []
    assert crashed > 2
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_leftovers_of_a_writer_that_was_killed_are_swept(centre):
    work(centre.station)
    exchange(centre.station)
    folder = batches_of(centre, centre.station)[0].parent
    (folder / f".{'ab' * 8}.part").write_bytes(b"half a batch")
    (folder / "keep.part").write_bytes(b"not ours")
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    assert [path.name for path in folder.glob("*.part")] == ["keep.part"]
    assert_alike(centre.office, centre.station)


def _sync_there(folder: Path, said) -> None:
    models.open_database(folder)
    try:
        sync()
        said.put("done")
    except UserError as error:
        said.put(str(error))
    models.close_database()


def test_of_two_exchanges_at_once_one_asks_to_wait(centre):
    work(centre.station, 20)
    began = []

    def meanwhile(done, total, text):
        if not began:
            context = multiprocessing.get_context("spawn")
            said = context.Queue()
            other = context.Process(target=_sync_there, args=(centre.station, said))
            other.start()
            began.append(said.get(timeout=60))
            other.join()

    sync(meanwhile)
    assert "另一次同步" in began[0]
    assert sync_state().trouble == ""
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_a_full_disk_here_is_said_in_words(centre, monkeypatch):
    from peewee import OperationalError

    work(centre.station)
    exchange(centre.station)
    models.open_database(centre.office)

    def full(*args):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(merge, "execute_many", full)
        with pytest.raises(UserError, match="磁盘空间"):
            sync()
    exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)
