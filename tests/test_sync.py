"""The usual exchange between stations and office."""

import json
import shutil

import pytest
from exchange import (
    add_station,
    approve_all,
    assert_alike,
    batches_of,
    exchange,
    join,
    work,
)

import models
from exports.sync import sync, sync_state
from exports.sync.publish import publish_stream
from models import journal
from models.journal import Stream
from models.pay import ExcessDecision
from models.progress import unheard
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


def test_a_receipt_for_other_entries_than_mine_confirms_nothing(centre):
    """Of a station and its clone the office follows one; the other is told."""
    clone = centre.root / "clone"
    shutil.copytree(centre.station, clone)
    for folder in (clone, centre.station):
        work(folder, 2)
    *_, result = exchange(clone, centre.office, centre.station)
    assert "与本机不一致" in result.trouble
    assert counts()[0] == 0 and sync_state().alarms
    exchange(centre.office)
    assert "教务窗口 1 号机" in sync_state().alarms[0]
    assert (sync_state().quarantined, sync_state().conflicts) == (0, 0)
    # Both set the seal: that two uses have one number is said, not hidden.
    assert [fault.what for fault in models.verify().faults] == ["用印编号有重复"]
    exchange(clone)
    assert counts()[0] == journal.tip()[0]


def test_what_is_for_the_office_alone_reaches_no_desk_though_its_hash_does(centre):
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    decision = ExcessDecision(
        month="2026-10", person_uid=by.uid, person_name=by.name, choice="pay", minutes=9
    )
    with models.transaction():
        decision.write(by=by)
    exchange(centre.office, centre.station)
    entry = journal.Entry.get(journal.Entry.row_uid == decision.uid)
    assert entry.payload is None and entry.salt is None
    assert not ExcessDecision.select().exists()
    assert models.verify().faults == []


def test_a_receipt_that_counts_beyond_all_numbers_is_not_read(centre):
    """Not even the office's own word: nothing is confirmed by it, nothing breaks."""
    work(centre.station)
    exchange(centre.station, centre.office)
    models.open_database(centre.office)
    office = models.installation()
    (outbox,) = Stream.select().where(
        Stream.own & (Stream.id != journal.OWN) & (Stream.epoch == office.epoch)
    )
    receipt = json.loads(
        journal.Entry.get(journal.Entry.table_name == "receipt").payload
    )
    text = json.dumps(receipt | {"upto": 1 << 70}).encode()
    journal.append_entries(
        [("receipt", "0" * 32, 1, text)],
        by=None,
        audience=outbox.addressee,
        stream=outbox.id,
    )
    folder = centre.share / "down" / outbox.addressee / office.epoch
    readers = [station.recipient for station in models.Station.select()]
    publish_stream(office, outbox, folder, readers, unheard)
    models.open_database(centre.station)
    assert "回执无法读取" in sync().trouble
    assert sync_state().confirmed == 0
