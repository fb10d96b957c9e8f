"""What a merge could not take is shown, settled by a person, and never deleted."""

import msgspec
import pytest
from exchange import Forger, batches_of, exchange, stored, work

import models
from exports.sync import sync_state
from models import UserError, settling, troubles
from models.base import db, table_of
from models.settling import Choice, Settlement, settle_conflict, settle_file
from models.troubles import Conflict, Quarantine
from models.visits import Visit


def by(number: str = "B0001"):
    return models.person_signing_in(number)


def spoil(path) -> bytes:
    """A copy that was cut short; what it was."""
    data = path.read_bytes()
    path.write_bytes(data[:-20])
    return data


def one_bad_file(centre):
    work(centre.station, 1)
    exchange(centre.station)
    (path,) = batches_of(centre, centre.station)
    whole = spoil(path)
    exchange(centre.office)
    (file,) = troubles.open_files()
    return path, whole, file


def test_a_bad_file_is_listed_with_all_one_must_know(centre):
    path, whole, file = one_bad_file(centre)
    assert file.path.endswith(path.name) and file.size == len(whole) - 20
    assert settling.sender_of(file.path) == path.parent.parent.name
    assert "没有复制完整" in file.reason and file.found_at is not None
    assert sync_state().quarantined == 1


def test_reading_again_takes_a_file_that_is_whole_by_now_and_tells_of_one_that_is_not(
    centre,
):
    path, whole, file = one_bad_file(centre)
    with pytest.raises(UserError, match="理由"):
        settle_file(file, Choice.REREAD, by=by(), reason="")
    settle_file(file, Choice.REREAD, by=by(), reason="网络已恢复")
    assert sync_state().quarantined == 0
    with pytest.raises(UserError, match="已经有人处理"):
        settle_file(file, Choice.NOTED, by=by(), reason="再处理一次")
    exchange(centre.office)
    (again,) = troubles.open_files()  # it is as bad as before
    settle_file(again, Choice.REREAD, by=by(), reason="已请窗口重拷")
    path.write_bytes(whole)
    exchange(centre.office)
    assert Visit.select().count() == 1 and sync_state().quarantined == 0
    assert Quarantine.select().count() == 1  # closed, and still there
    told = [(s.choice, s.person_name, s.trouble) for s in settling.settlements()]
    assert [choice for choice, *_ in told] == ["reread", "reread"]
    assert told[0][1] == "顾主任" and "没有复制完整" in told[0][2]


def test_what_was_noted_stays_settled_until_something_else_is_wrong(centre):
    _path, _whole, file = one_bad_file(centre)
    settle_file(file, Choice.NOTED, by=by(), reason="窗口正在查")
    exchange(centre.office, centre.office)
    assert sync_state().quarantined == 0
    troubles.quarantine(file.path, "签名不符")
    assert sync_state().quarantined == 1


def test_a_file_is_asked_for_again_in_both_directions(centre):
    """The office by its receipt, a desk by its settlement."""
    path, _whole, file = one_bad_file(centre)
    # The desk has answered once already, and that copy was spoilt as well.
    exchange(centre.station)
    for other in batches_of(centre, centre.station):
        if other != path:
            spoil(other)
    models.open_database(centre.office)
    exchange(centre.office, centre.station)
    files = {*batches_of(centre, centre.station)}
    exchange(centre.office, centre.station)
    assert {*batches_of(centre, centre.station)} == files  # nobody asks any more
    models.open_database(centre.office)
    settle_file(file, Choice.RESEND, by=by(), reason="请窗口再发一次")
    exchange(centre.office)
    said = models.journal.Entry.select().where(
        models.journal.Entry.table_name == "receipt"
    )
    told = msgspec.json.decode(said.order_by(models.journal.Entry.id)[-1].payload)
    assert told["again"] == Settlement.get().uid
    exchange(centre.station, centre.office)
    assert Visit.select().count() == 1
    # And the other way round.
    models.person_signing_in("B0001")
    with models.transaction():
        models.Desk.select().first().write(by=by())
    exchange(centre.office)
    down = centre.share / "down" / "all" / models.installation().epoch
    newest = max(down.glob("*.batch"), key=lambda p: p.name)
    spoil(newest)
    exchange(centre.station)
    (bad,) = troubles.open_files()
    settle_file(bad, Choice.RESEND, by=by("T001"), reason="文件坏了")
    exchange(centre.station, centre.office, centre.station)
    assert sync_state().quarantined == 0 and sync_state().missing == []
    assert models.verify().faults == []


@pytest.fixture
def conflict(centre):
    """At the desk: the same revision of one of its own visits, said otherwise."""
    work(centre.station, 1)
    visit = Visit.get()
    other = stored(visit) | {"visitor_name": "另一个人", "outcome": "notified"}
    line = {
        "seq": 9,
        "at": "2026-11-23T10:00:00+08:00",
        "person": "",
        "table": "visit",
        "row": visit.uid,
        "revision": 1,
        "audience": "office",
        "salt": "00" * 16,
        "payload": other,
    }
    with models.transaction():
        return Conflict.create(
            sender=models.installation().station_uid,
            epoch="0001aaaaaaaaaaaa",
            seq=9,
            table_name="visit",
            row_uid=visit.uid,
            reason="同一条记录的同一版次内容不同",
            line=msgspec.json.encode(line).decode(),
        )


def test_both_contents_stand_side_by_side_in_words(conflict):
    pairs = settling.pairs_of(conflict)
    differ = {p.label: (p.mine, p.other) for p in pairs if p.differs}
    assert differ == {
        "姓名": ("来访人0", "另一个人"),
        "处理情况": ("当场办结", "一次性告知"),
    }
    assert not any("标识" in pair.label for pair in pairs)
    unknown = conflict
    unknown.table_name = "of_a_newer_program"
    assert {p.mine for p in settling.pairs_of(unknown)} == {"（没有）"}


def test_the_other_content_becomes_a_new_revision_of_its_author(conflict):
    kept = settling.other_content(conflict)
    settle_conflict(conflict, Choice.ADOPT, by=by("T001"), reason="问过本人")
    row = Visit.get()
    assert (row.revision, row.visitor_name, row.outcome) == (2, "另一个人", "notified")
    (said,) = settling.settlements()
    assert (said.choice, said.made_uid, said.person_name) == (
        "adopt",
        row.uid,
        "李老师",
    )
    assert (
        settling.other_content(Conflict.get()) == kept and sync_state().conflicts == 0
    )
    entries = models.journal.Entry.select().where(
        models.journal.Entry.row_uid == row.uid
    )
    assert [entry.revision for entry in entries] == [1, 2]
    assert models.verify().faults == []


def test_both_are_kept_as_two_visits(conflict):
    settle_conflict(conflict, Choice.BOTH, by=by("T001"), reason="来了两个人")
    first, second = Visit.select().order_by(Visit.number)
    assert (first.visitor_name, second.visitor_name) == ("来访人0", "另一个人")
    assert first.number != second.number and second.late_entry
    assert first.number in second.note and models.verify().faults == []


def test_keeping_changes_nothing_and_an_assistant_settles_nothing(conflict):
    with pytest.raises(UserError, match="老师"):
        settle_conflict(conflict, Choice.KEEP, by=by("2024110201"), reason="好的")
    before = table_of(Visit).values_of(Visit.get())
    settle_conflict(conflict, Choice.KEEP, by=by("T001"), reason="现有的是对的")
    assert table_of(Visit).values_of(Visit.get()) == before
    with pytest.raises(UserError, match="已经有人处理"):
        settle_conflict(conflict, Choice.NOTED, by=by("T001"), reason="再来")
    with pytest.raises(models.base.db.__class__ and Exception, match="only ever added"):
        db.execute_sql("UPDATE settlement SET reason = ''")


def test_the_office_may_not_rewrite_what_a_desk_recorded(centre):
    work(centre.station, 1)
    exchange(centre.station, centre.office)
    visit = Visit.get()
    forger = Forger(centre.station, centre.share)
    forger.publish(forger.line("visit", stored(visit) | {"visitor_name": "改过的"}))
    exchange(centre.office)
    (conflict,) = troubles.open_conflicts()
    assert settling.choices_for_conflict(conflict) == [Choice.KEEP, Choice.NOTED]
    with pytest.raises(UserError, match="不能这样处理"):
        settle_conflict(conflict, Choice.ADOPT, by=by(), reason="采用")
    settle_conflict(conflict, Choice.KEEP, by=by(), reason="与窗口核对过")
    assert sync_state().conflicts == 0 and Visit.get().visitor_name == "来访人0"
    assert models.verify().faults == []
    assert Settlement.get().about_station == visit.station
