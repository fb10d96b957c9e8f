"""Batches that come twice, late, damaged or not at all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from exchange import (
    add_station,
    assert_alike,
    batches_of,
    exchange,
    publish_in_pieces,
    work,
)

import models
from exports.sync import sync_state
from exports.sync.publish import stand_at
from models import journal
from models.base import db
from models.journal import Stream
from models.troubles import Quarantine, open_files


def missing() -> list[tuple[int, int]]:
    return [(gap.first, gap.last) for gap in sync_state().missing]


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
    state = sync_state()
    assert state.published == state.waiting == 0  # the other stream went on
    path.rmdir() if path.is_dir() else path.unlink()
    path.write_bytes(whole)
    exchange(centre.office, centre.station)
    models.open_database(centre.office)
    assert missing() == [] and open_files() == []
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
    assert len(open_files()) == 1  # the bad file is still there
    path.unlink()
    exchange(centre.office)
    assert open_files() == []


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


def test_a_row_that_left_the_office_behind_its_journal_is_missed_by_its_desk(centre):
    work(centre.station, 2)
    exchange(centre.station, centre.office, centre.station)
    models.open_database(centre.office)
    gone = models.Visit.select().first().uid
    db.execute_sql("DROP TRIGGER visit_is_never_deleted")
    db.execute_sql("DELETE FROM visit WHERE uid = ?", (gone,))
    work(centre.station, 1)
    *_, result = exchange(centre.station, centre.office, centre.station)
    assert "记录条数与本机不符" in result.trouble
    assert sync_state().confirmed < journal.tip()[0]
