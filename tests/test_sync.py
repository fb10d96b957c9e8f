"""The usual exchange, and batches that come twice, late, damaged or not at all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from exchange import (
    add_station,
    approve_all,
    assert_alike,
    batches_of,
    exchange,
    join,
    publish_in_pieces,
    work,
)

import models
from exports.sync import sync, sync_state
from models import journal
from models.journal import Stream
from models.troubles import Quarantine


def counts() -> tuple[int, int, int]:
    state = sync_state()
    return state.confirmed, state.published, state.waiting


def missing() -> list[tuple[int, int]]:
    return [(gap.first, gap.last) for gap in sync_state().missing]


def test_an_entry_is_waiting_then_published_then_confirmed(centre):
    work(centre.station, 3)
    assert counts() == (0, 0, 4)
    exchange(centre.station)
    assert counts() == (0, 4, 0)
    exchange(centre.office, centre.station)
    assert counts() == (4, 0, 0)
    assert_alike(centre.office, centre.station)


def test_the_same_exchange_again_moves_nothing_and_writes_nothing(centre):
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    before = sorted(centre.share.rglob("*"))
    for result in exchange(*[centre.office, centre.station] * 2):
        assert (result.published, result.merged, result.trouble) == (0, 0, "")
    assert sorted(centre.share.rglob("*")) == before


def test_later_revisions_and_corrections_arrive(centre):
    work(centre.station, 2)
    exchange(centre.station, centre.office, centre.station)
    by = models.person_signing_in("2024110201")
    visit = models.Visit.select().first()
    models.void_visit(visit, by=by, reason="重复登记")
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert models.Visit.get_by_id(visit.uid).is_void


def test_a_share_with_spaces_and_chinese_in_its_path(centre):
    moved = centre.root / "共享 文件夹（学生社区）"
    centre.share.rename(moved)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        models.set_share(str(moved))
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_a_station_let_in_later_reads_everything_from_the_beginning(centre):
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    late = add_station(centre, "xuesheng")
    models.open_database(late)
    assert models.this_desk().code == "xuesheng" and models.Student.select().count()
    work(late)
    exchange(late, centre.office, late, centre.station)
    assert_alike(centre.office, centre.station, late)


def test_a_station_not_yet_let_in_publishes_nothing(centre):
    folder = centre.root / "new"
    join(centre, folder, "新窗口 1 号机")
    (result,) = exchange(folder)
    assert "等待中心办公室批准" in result.trouble
    state = sync_state()
    assert (state.approved, state.trouble) == (False, result.trouble)
    assert not list(centre.share.glob("up/*/*/*.batch")) or all(
        models.installation().station_uid not in str(path)
        for path in centre.share.glob("up/*/*/*.batch")
    )
    approve_all(centre, "jiuye")
    exchange(centre.office, folder)
    assert sync_state().approved and sync_state().trouble == ""


def test_a_backlog_of_many_batches_goes_in_one_exchange(centre, monkeypatch):
    from exports.sync import publish

    monkeypatch.setattr(publish, "ENTRIES", 7)
    work(centre.station, 30)
    exchange(centre.station)
    assert len(batches_of(centre, centre.station)) == 5
    exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_large_rows_are_spread_over_batches_by_size(centre, monkeypatch):
    from exports.sync import publish

    monkeypatch.setattr(publish, "BYTES", 2_000)
    work(centre.station, 10)
    exchange(centre.station)
    assert len(batches_of(centre, centre.station)) > 3
    exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)


# -- duplicates, order, gaps, damage ---------------------------------------------------


def damage_flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 0x10
    path.write_bytes(data)


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def damage_link(path: Path) -> None:
    elsewhere = path.parents[4] / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("which", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize(
    "damage", [damage_flip, damage_cut, damage_empty, damage_folder, damage_link]
)
def test_damage_stops_one_stream_says_so_and_heals(centre, damage, which):
    other = add_station(centre, "xuesheng")
    publish_in_pieces(centre.station, 3)
    work(other)
    path = batches_of(centre, centre.station)[which]
    whole = path.read_bytes()
    damage(path)
    exchange(other, centre.office)
    first, last = (int(part) for part in path.name.split("-")[:2])
    assert missing() == [(first, last)]
    state = json.loads(run("status", centre.office).splitlines()[-1])
    assert [(gap["first"], gap["last"]) for gap in state["missing"]] == [(first, last)]
    assert state["missing"][0]["name"] == "教务窗口 1 号机"
    quarantined = damage in (damage_flip, damage_cut, damage_empty)
    assert state["quarantined"] == int(quarantined)
    exchange(other)
    assert counts()[1:] == (0, 0)  # the other stream went on
    path.rmdir() if path.is_dir() else path.unlink()
    path.write_bytes(whole)
    exchange(centre.office, centre.station)
    models.open_database(centre.office)
    assert missing() == [] and Quarantine.select().count() == 0
    assert_alike(centre.office, centre.station, other)


def run(command: str, folder: Path) -> str:
    models.close_database()
    done = subprocess.run(
        [sys.executable, "-m", "desk", command, "--data", folder, "--json"],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("which", [0, 1, 2], ids=["first", "middle", "last"])
def test_a_station_sends_again_what_was_dropped_before_it_arrived(centre, which):
    publish_in_pieces(centre.station, 3)
    batches_of(centre, centre.station)[which].unlink()
    exchange(centre.office)
    gaps = {0: [(1, 3)], 1: [(4, 6)], 2: []}
    assert missing() == gaps[which]
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert missing() == []


def test_a_station_sends_again_what_the_office_says_is_missing(centre):
    """The file is there, so only the receipt can tell that it is no good."""
    publish_in_pieces(centre.station, 2)
    path = batches_of(centre, centre.station)[0]
    damage_flip(path)
    exchange(centre.office)
    assert missing() == [(1, 3)]
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert missing() == []
    assert Quarantine.select().count() == 1  # the bad file is still there
    path.unlink()
    exchange(centre.office)
    assert Quarantine.select().count() == 0


def test_a_wiped_share_is_filled_again_with_what_is_not_confirmed(centre):
    publish_in_pieces(centre.station, 1)
    exchange(centre.office, centre.station)
    publish_in_pieces(centre.station, 2)
    for part in ("up", "down", "enrol"):
        shutil.rmtree(centre.share / part)
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    late = add_station(centre, "houqin")
    exchange(centre.station)
    assert_alike(centre.office, centre.station, late)


def test_files_that_arrive_in_any_order_wait_for_the_one_before(centre, tmp_path):
    publish_in_pieces(centre.station, 4)
    files = batches_of(centre, centre.station)
    kept = {path: path.read_bytes() for path in files}
    for path in files:
        path.unlink()
    for at, gaps in ((2, [(1, 6)]), (3, [(1, 6)]), (1, [(1, 3)]), (0, [])):
        files[at].write_bytes(kept[files[at]])
        exchange(centre.office)
        assert missing() == gaps
    exchange(centre.station)
    assert_alike(centre.office, centre.station)


def test_copies_under_other_names_change_nothing(centre):
    publish_in_pieces(centre.station, 2)
    for path in batches_of(centre, centre.station):
        data = path.read_bytes()
        for name in (
            f"{path.stem} (1).batch",
            f"{path.stem} - 副本.batch",
            f"{path.stem}.sync-conflict-20261123-101500-ABCDEFG.batch",
            f"{path.name}.part",
            f"~{path.name}",
            f"0{path.name}",
            "Thumbs.db",
        ):
            (path.parent / name).write_bytes(data)
        wrong_hash = f"{path.name[:22]}{'0' * 24}.batch"
        (path.parent / wrong_hash).write_bytes(data)
    exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert Quarantine.select().count() == 2


def test_the_same_entries_cut_otherwise_are_taken_once(centre):
    """After a crash between publishing and noting it, they are published again."""
    publish_in_pieces(centre.station, 3)
    with models.transaction():
        own = Stream.get_by_id(journal.OWN)
        from exports.sync.publish import stand_at

        stand_at(own, 2)
    exchange(centre.station, centre.office, centre.station)
    assert len(batches_of(centre, centre.station)) == 4
    assert_alike(centre.office, centre.station)
    models.open_database(centre.office)
    assert Quarantine.select().count() == 0


def test_files_swapped_between_stations_and_epochs_are_refused(centre):
    other = add_station(centre, "xuesheng")
    publish_in_pieces(centre.station, 1)
    publish_in_pieces(other, 1)
    mine, theirs = (batches_of(centre, f)[0] for f in (centre.station, other))
    (mine.parent / theirs.name).write_bytes(theirs.read_bytes())
    (theirs.parent / mine.name).write_bytes(mine.read_bytes())
    fake = mine.parent.with_name("0009" + "ab" * 6)
    fake.mkdir()
    (fake / mine.name).write_bytes(mine.read_bytes())
    exchange(centre.office, centre.station, other)
    models.open_database(centre.office)
    reasons = {row.path.split("/")[2]: row.reason for row in Quarantine.select()}
    assert "批次不属于" in reasons[fake.name]
    assert "签名不符" in reasons[mine.parent.name]
    shutil.rmtree(fake)
    assert_alike(centre.office, centre.station, other)


def test_an_older_office_epoch_is_never_followed_again(centre):
    here = models.open_database(centre.station)
    followed = here.followed_epoch
    old = centre.share / "down" / "all" / "0000aaaaaaaaaaaa"
    old.mkdir()
    newest = sorted((centre.share / "down" / "all" / followed).iterdir())[0]
    shutil.copy(newest, old / newest.name)
    exchange(centre.station)
    assert Quarantine.select().count() == 0  # not even looked at
    assert models.installation().followed_epoch == followed


def test_what_is_published_does_not_depend_on_the_clock(centre):
    from datetime import datetime

    for moment in (datetime(2031, 1, 1), datetime(1999, 1, 1), datetime(2026, 11, 23)):
        with models.clock.set_at(moment):
            exchange(centre.station, centre.office, centre.station)
    with models.clock.set_at(datetime(1999, 1, 1, 12)):
        work(centre.station)
        exchange(centre.station)
    with models.clock.set_at(datetime(2040, 1, 1, 12)):
        exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)


def test_it_can_be_cancelled_between_batches_and_goes_on(centre, monkeypatch):
    from exports.sync import publish

    monkeypatch.setattr(publish, "ENTRIES", 4)
    work(centre.station, 20)

    class Cancelled(Exception):
        pass

    def cancel(done, total, text):
        if done > 8:
            raise Cancelled

    with pytest.raises(Cancelled):
        sync(cancel)
    assert 0 < counts()[1] < 21
    exchange(centre.station)
    models.open_database(centre.office)
    with pytest.raises(Cancelled):
        sync(cancel)
    exchange(centre.office, centre.station)
    assert_alike(centre.office, centre.station)
