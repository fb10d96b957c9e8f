"""A desk whose past is in doubt: put back, copied, moved; and signs of life."""

import shutil
from datetime import timedelta

import pytest
from disasters import (
    alarms,
    forget_witnesses,
    keep,
    kinds,
    never_looked_at,
    on_machines,
    put_back,
    rounds,
    seal_numbers,
    states,
    wipe,
)
from exchange import Forger, assert_alike, exchange, work

import models
from exports.sync import sync, sync_state
from models import UserError, Visit, epochs, journal, silence, witness
from models.alarms import Alarm
from models.epochs import EpochChange
from models.installation import Installation
from models.journal import BatchFile, Stream
from models.stations import Station
from models.troubles import Conflict, Quarantine


def published(centre, visits: int = 2) -> None:
    work(centre.station, visits)
    exchange(centre.station, centre.office, centre.station)


HOW = ("database alone", "whole folder", "no witness", "no witness, no share")


@pytest.mark.parametrize("how", HOW)
def test_a_desk_put_back_gets_everything_again_and_is_told_what(centre, how):
    """Each of four detectors alone: a witness beside or in the system's place, its own
    files on the share, the office's receipt."""
    published(centre)
    backup = keep(centre.station)
    published(centre, 3)
    work(centre.station, 1)
    exchange(centre.station)  # on the share, not yet read by the office
    if how.endswith("no share"):
        exchange(centre.office)
        wipe(centre.share)
    length = journal.tip()[0] if how == HOW[0] else None
    put_back(backup, centre.station, database_only=how == HOW[0])
    if how == HOW[0]:
        models.open_database(centre.station)
        witness.places()[1].unlink()
    if how.startswith("no witness"):
        forget_witnesses(centre.station)
    here = models.open_database(centre.station)
    before = here.epoch
    if not how.startswith("no witness"):
        assert epochs.examine(here) == "rolled_back"
        assert states(centre.station)[:2] == (0, 0)
        with pytest.raises(UserError, match="办公室答复后再登记用印"):
            work(centre.station, 1)
    exchange(centre.station, centre.office, centre.station)
    exchange(centre.station)
    here = models.installation()
    assert here.epoch[:4] == "0002" and here.epoch != before
    rounds(centre, centre.station, times=2)
    work(centre.station, 1)
    rounds(centre, centre.station, times=2)
    assert_alike(centre.office, centre.station)
    numbers = seal_numbers(centre.office)
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) == 4
    assert (sync_state().quarantined, sync_state().conflicts) == (0, 0)
    said = dict(alarms(centre.station))
    assert "办公室已发还" in said["lost_here"] and "用印 2 条" in said["lost_here"]
    assert "找不回来" not in said["lost_here"]
    assert "教务窗口 1 号机" in dict(alarms(centre.office))["station_reopened"]
    models.open_database(centre.station)
    change = EpochChange.get()
    assert (change.before, change.epoch, change.kept) == (before, here.epoch, 3)
    assert length is None or change.seen == length or change.seen == 11


def test_what_was_never_sent_is_named_by_its_numbers(centre):
    published(centre)
    backup = keep(centre.station)
    published(centre, 1)
    work(centre.station, 2)
    witness.note_tip(models.installation())  # as at the end of the program
    put_back(backup, centre.station, database_only=True)
    rounds(centre, centre.station)
    said = dict(alarms(centre.station))["lost_here"]
    assert "来访 1 条" in said and "第 6–8 条没有上传过，找不回来" in said
    assert "丢了第 4–8 条" in dict(alarms(centre.office))["station_reopened"]
    assert_alike(centre.office, centre.station)


def test_put_back_twice_it_gets_back_what_either_epoch_held(centre):
    published(centre)
    backup = keep(centre.station)
    for _ in range(2):
        published(centre, 2)
        put_back(backup, centre.station)
        rounds(centre, centre.station, times=2)
    assert models.installation().epoch[:4] == "0003"
    forget_witnesses(centre.station)
    published(centre, 1)
    put_back(backup, centre.station)
    forget_witnesses(centre.station)
    wipe(centre.share)
    rounds(centre, centre.station)
    assert_alike(centre.office, centre.station)
    assert Visit.select().count() == 7
    models.open_database(centre.station)
    # It remembers none of the other two: chance keeps the labels apart.
    assert models.installation().epoch[:4] == "0002"
    mine = EpochChange.select().where(EpochChange.station == models.station_uid())
    assert mine.count() == 3
    assert "two_alive" not in kinds(centre.office)


def test_a_row_changed_here_and_in_what_was_lost_ends_alike_and_is_shown(centre):
    published(centre)
    backup = keep(centre.station)
    models.open_database(centre.station)
    by = models.person_signing_in("2024110201")
    visit = Visit.select().first()
    models.void_visit(visit, by=by, reason="重复登记")
    exchange(centre.station, centre.office, centre.station)
    put_back(backup, centre.station, database_only=True)
    models.open_database(centre.station)
    visit = Visit.get_by_id(visit.uid)
    models.void_visit(visit, by=by, reason="来访人取消")
    rounds(centre, centre.station)
    assert_alike(centre.office, centre.station)
    assert Visit.get_by_id(visit.uid).void_reason == "来访人取消"
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        assert [row.row_uid for row in Conflict.select()] == [visit.uid]


def test_a_disk_copied_to_another_pc_goes_on_under_its_own_epoch(centre, monkeypatch):
    """Both go on; the office has all of both, nothing twice, and says so."""
    clone = centre.root / "clone"
    on_machines({centre.root: "first", clone: "second"}, monkeypatch)
    never_looked_at(centre.office, centre.station)
    published(centre)
    models.close_database()
    shutil.copytree(centre.station, clone)
    published(centre, 2)
    exchange(clone)
    assert dict(alarms(clone))["epoch_opened"].startswith("换了电脑或硬盘被复制")
    with pytest.raises(UserError, match="用印"):
        work(clone, 1)
    exchange(centre.office, clone)
    work(clone, 1)
    exchange(clone)
    published(centre, 3)
    assert "two_alive" in kinds(centre.office)
    rounds(centre, clone, times=2)
    exchange(centre.office)
    assert Visit.select().count() == 2 + 2 + 1 + 1 + 3
    everything = sorted(Visit.select().order_by(Visit.uid).tuples())
    # Both set a seal that only one of them can have: that is said.
    assert [fault.what for fault in models.verify().faults] == ["用印编号有重复"]
    assert states(clone)[1:] == (0, 0)  # and what the other wrote has come to it
    assert sorted(Visit.select().order_by(Visit.uid).tuples()) == everything
    exchange(centre.station)
    assert states(centre.station)[1:] == (0, 0)
    assert "而本机没有的记录" in dict(alarms(centre.station))["lost_here"]
    models.open_database(centre.station)
    assert models.installation().epoch[:4] == "0001"
    assert EpochChange.select().count() == 0


@pytest.mark.parametrize("read_first", ["longer", "shorter"])
def test_two_copies_that_publish_under_one_epoch_are_a_fork(centre, read_first):
    """A virtual machine copied while it ran: nothing tells the two apart but what they
    write.  The office keeps what it read first and lays the other aside."""
    published(centre)
    clone = centre.root / "clone"
    models.close_database()
    shutil.copytree(centre.station, clone)
    away = centre.root / "away"
    work(clone, 2)
    exchange(clone)
    if read_first == "shorter":
        exchange(centre.office)
    (centre.share / "up").rename(away)  # the share lags: the second sees nothing of it
    work(centre.station, 4)
    wipe(centre.share)
    exchange(centre.station)
    shutil.copytree(away, centre.share / "up", dirs_exist_ok=True)
    exchange(centre.office)
    kept, aside = (2, 5) if read_first == "shorter" else (4, 3)
    assert Visit.select().count() == 2 + kept
    assert (sync_state().conflicts, sync_state().quarantined) == (aside, 0)
    assert sync_state().missing == []
    assert "教务窗口 1 号机" in dict(alarms(centre.office))["fork"]
    assert {row.reason for row in Conflict.select()} == {"同一编号已有另一种内容"}
    before = sorted(BatchFile.select(BatchFile.name).tuples())
    exchange(centre.office)  # the file is not read again and again
    assert sorted(BatchFile.select(BatchFile.name).tuples()) == before
    first, second = (
        (clone, centre.station) if read_first == "shorter" else (centre.station, clone)
    )
    exchange(first)
    assert states(first)[1:] == (0, 0)
    assert "不一致" in exchange(second)[0].trouble
    rounds(centre, second, times=2)
    assert Visit.select().count() == 2 + 2 + 4
    assert states(second)[1:] == (0, 0)
    models.open_database(centre.office)
    assert Visit.select().count() == 2 + 2 + 4 and sync_state().conflicts == 0
    assert [fault.what for fault in models.verify().faults] == ["用印编号有重复"]


def test_an_epoch_once_opened_is_not_opened_again(centre, monkeypatch):
    """Not by an old witness, nor one that cannot be written; and not for ever."""
    published(centre)
    here = models.open_database(centre.station)
    old = [(place, place.read_bytes()) for place in witness.places()]
    epoch = epochs.open_epoch("restored")
    for place, content in old:
        place.write_bytes(content)
    here = models.installation()
    assert epochs.examine(here) == "" and models.installation().epoch == epoch
    for place, _content in old:
        place.write_bytes(b"{damaged")
    assert epochs.examine(here) == ""
    with pytest.raises(ValueError, match="nonsense"):
        epochs.open_epoch("nonsense")
    with pytest.raises(UserError, match="编号段已经用完"):
        epochs.open_epoch("restored", above=epochs.new_epoch(epochs.MOST_EPOCHS))
    for _ in range(5):
        epochs.open_epoch("restored")
    sync()
    Forger(centre.station, centre.share).publish(
        Forger(centre.station, centre.share).line("x", b"{}")
    )
    with pytest.raises(UserError, match="另一台电脑在用同一身份"):
        sync()


def test_what_was_recorded_while_an_exchange_ran_is_vouched_for(centre):
    published(centre)
    kept = keep(centre.station)
    models.open_database(centre.station)
    recorded = []

    def meanwhile(done, total, text):
        if not recorded:
            by = models.person_signing_in("2024110201")
            recorded.append(models.record_enquiry(by=by))

    sync(meanwhile)
    assert recorded and sync_state().waiting == 0
    put_back(kept, centre.station, database_only=True)
    wipe(centre.share)
    models.open_database(centre.station)
    sync()
    assert "epoch_opened" in kinds(centre.station)


def test_a_machine_without_a_name_proves_nothing(centre, monkeypatch):
    never_looked_at(centre.office, centre.station)
    for name in ("first", "", "first"):
        on_machines({centre.root: name}, monkeypatch)
        published(centre, 1)
    assert EpochChange.select().count() == 0
    assert len(models.installation().machine) == 32


def test_a_desk_is_heard_of_every_day_and_missed_after_three(centre):
    # After the founding, whose day is that of the test.
    begun = models.clock.now() + timedelta(days=1)
    with models.clock.set_at(begun):
        published(centre)
    models.open_database(centre.station)
    for days, files in ((0, 0), (1, 1), (1, 1), (-3, 2), (1, 3)):
        with models.clock.set_at(begun + timedelta(days=days)):
            exchange(centre.station, centre.office, centre.station)
            empty = [p for p in centre.share.rglob("up/*/*/*") if is_empty(p.name)]
            assert len(empty) == files, days
    assert Quarantine.select().count() == 0
    with models.clock.set_at(begun + timedelta(days=1)):
        models.open_database(centre.office)
        assert silence.silent_stations() == []
    with models.clock.set_at(begun + timedelta(days=10, hours=1)):
        (silent,) = silence.silent_stations()
        assert silent.words == "教务事务窗口已 9 天无数据"
        assert sync_state().silent == [silent.words]
        models.open_database(centre.station)
        word = silence.office_word()
        assert word and word.is_old and "数据已 9 天未更新" in word.words
        assert sync_state().office_word == word.words
        exchange(centre.office, centre.station)
        assert "未更新" not in sync_state().office_word
    assert_alike(centre.office, centre.station)


def is_empty(name: str) -> bool:
    first, last = (int(part) for part in name.split("-")[:2])
    return last == first - 1


def test_a_desk_that_never_wrote_anything_lives_all_the_same(centre):
    exchange(centre.station)
    assert not list(centre.share.rglob("up/*/*/*"))
    with models.clock.set_at(models.clock.now() + timedelta(days=1, hours=1)):
        models.open_database(centre.office)
        assert silence.silent_stations()[0].words.endswith("还没有数据")
        exchange(centre.station, centre.office)
        assert silence.silent_stations() == []
    copy = Stream.get((Stream.addressee == "office") & ~Stream.own)
    assert (copy.upto, copy.waits_for, Quarantine.select().count()) == (0, "", 0)
    published(centre)
    assert_alike(centre.office, centre.station)


def test_a_revoked_copy_is_refused_and_the_silent_list_leaves_it_out(centre):
    published(centre)
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    with models.transaction():
        station = Station.get()
        station.revoked_after = 0
        station.write(by=by)
    with models.clock.set_at(models.clock.now() + timedelta(days=30)):
        assert silence.silent_stations() == []


def test_an_alarm_is_settled_once_by_a_person_who_says_how(centre):
    published(centre)
    epochs.open_epoch("replaced")
    (alarm,) = models.alarms.open_alarms()
    by = models.person_signing_in("T001")
    with pytest.raises(UserError, match="怎样处理"):
        models.alarms.settle_alarm(alarm, by=by, note=" ")
    models.alarms.settle_alarm(alarm, by=by, note="换了新电脑")
    with pytest.raises(UserError, match="已经有人处理"):
        models.alarms.settle_alarm(alarm, by=by, note="换了新电脑")
    assert models.alarms.open_alarms() == [] and sync_state().alarms == []
    assert Alarm.get().settled_by == "李老师"
    assert Installation.get().awaits_office


def test_the_witness_of_the_end_never_keeps_the_program(centre, caplog):
    models.close_database()
    witness.note_end()  # nothing is open
    work(centre.station, 1)
    beside = witness.places()[0]
    before = beside.read_bytes() if beside.exists() else b""
    witness.note_end()
    after = beside.read_bytes()
    assert after != before
    beside.unlink()
    beside.mkdir()  # a place that cannot be written
    witness._written.clear()
    work(centre.station, 1)
    witness.note_end()
    assert "no witness at" in caplog.text and witness.places()[1].exists()
    beside.rmdir()
