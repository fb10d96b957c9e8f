"""An enrolled station gone bad, and a stranger who may write to the share."""

from pathlib import Path

import pytest
from exchange import (
    Forger,
    add_station,
    exchange,
    stored,
    work,
)

import models
from exports.sync import cycle, sync_state
from models import SealUse, Visit, journal
from models.epochs import new_epoch
from models.journal import Stream
from models.stations import Station
from models.troubles import Conflict, Quarantine
from models.uids import new_uid


@pytest.fixture
def forged(centre):
    """An honest station, and one gone bad; both have sent some work."""
    honest = centre.station
    bad = add_station(centre, "xuesheng")
    for folder in (honest, bad):
        work(folder)
        exchange(folder, centre.office, folder)
    return centre, honest, bad


def visit_of(folder: Path) -> dict:
    models.open_database(folder)
    return stored(Visit.select().first())


def office_rows(office: Path) -> dict:
    models.open_database(office)
    return {
        model.__name__: sorted(model.select().order_by(model.uid).tuples())
        for model in models.tables.RECORDS
    }


def taken(office: Path) -> list[str]:
    """What the office says about the forged file, after an exchange."""
    exchange(office)
    return [row.reason for row in Quarantine.select()]


ROW = {
    "uid of another row": lambda row: {"row": new_uid()},
    "another revision": lambda row: {"revision": row["revision"] + 1},
}


@pytest.mark.parametrize("lie", ROW)
def test_an_entry_and_its_row_must_agree(forged, lie):
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    forger.publish(forger.line("visit", row, **ROW[lie](row)))
    assert "标识与条目不符" in taken(centre.office)[0]
    assert office_rows(centre.office) == before


def test_rows_in_the_name_of_another_station_are_refused(forged):
    centre, honest, bad = forged
    before = office_rows(centre.office)
    stranger = visit_of(honest) | {"uid": new_uid(), "revision": 1}
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit", stranger))
    assert "标识与条目不符" in taken(centre.office)[0]
    assert office_rows(centre.office) == before


def test_a_step_that_was_added_is_never_changed(forged):
    centre, _honest, bad = forged
    models.open_database(bad)
    by = models.person_signing_in("2024110201")
    service = models.services_of(models.this_desk())[0]
    models.record_visit(by=by, service=service, outcome="promised", visitor_name="张伟")
    step = stored(models.VisitStep.get())
    exchange(bad, centre.office, bad)
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit_step", step | {"revision": 2, "note": "改过"}))
    assert "只能添加的记录被改动过" in taken(centre.office)[0]
    assert office_rows(centre.office) == before


def test_anothers_row_is_not_taken_over_by_a_higher_revision(forged):
    centre, honest, bad = forged
    before = office_rows(centre.office)
    uid = models.open_database(bad).station_uid
    mine = visit_of(honest)
    taken_over = mine | {"station": uid, "revision": 9, "visitor_name": "李鬼"}
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit", taken_over))
    exchange(centre.office)
    assert office_rows(centre.office) == before
    (conflict,) = Conflict.select()
    assert conflict.row_uid == mine["uid"] and "李鬼" in conflict.line
    assert sync_state().conflicts == 1
    assert models.verify().faults == []
    work(honest)
    exchange(honest, centre.office, honest)
    assert sync_state().waiting == sync_state().published == 0


def test_the_same_revision_with_other_content_is_kept_as_a_conflict(forged):
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    row = visit_of(bad) | {"visitor_name": "李鬼"}
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit", row))
    exchange(centre.office)
    assert office_rows(centre.office) == before
    assert [conflict.row_uid for conflict in Conflict.select()] == [row["uid"]]
    assert models.verify().faults == []


def test_an_older_revision_with_other_content_is_kept_as_a_conflict(forged):
    centre, _honest, bad = forged
    models.open_database(bad)
    visit = Visit.select().first()
    before = stored(visit)
    by = models.person_signing_in("2024110201")
    models.void_visit(visit, by=by, reason="重复登记")
    exchange(bad, centre.office, bad)
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit", before | {"note": "当时另有内容"}))
    exchange(centre.office)
    assert Conflict.select().count() == 1
    assert Visit.get_by_id(visit.uid).is_void


@pytest.mark.parametrize("table", ["station", "person", "service", "seal", "student"])
def test_a_desk_writes_no_table_of_the_office(forged, table):
    centre, _honest, bad = forged
    models.open_database(centre.office)
    before = office_rows(centre.office)
    model = models.tables.RECORD_BY_NAME[table]
    row = stored(model.select().first())
    forger = Forger(bad, centre.share)
    row |= {"uid": new_uid(), "revision": 1, "station": forger.here.station_uid}
    forger.publish(forger.line(table, row))
    assert "无权写入" in taken(centre.office)[0]
    assert office_rows(centre.office) == before


@pytest.mark.parametrize("kind", ["hello", "receipt"])
def test_a_desk_sends_no_receipts(forged, kind):
    centre, _honest, bad = forged
    forger = Forger(bad, centre.share)
    forger.publish(forger.line(kind, b'{"epoch":"x","upto":3}'))
    assert "只有办公室" in taken(centre.office)[0]


VALUES = [
    ("arrived_at", "昨天"),
    ("arrived_at", "2026-11-23T10:00:00+08:00"),
    ("arrived_at", None),
    ("arrived_at", 5),
    ("due_on", "2026-02-30"),
    ("due_on", "20261123"),
    ("quantity", "三"),
    ("quantity", 1.5),
    ("quantity", True),
    ("quantity", 1 << 80),
    ("materials", ["a"]),
    ("materials", "[1,"),
    ("materials", "7"),
    ("is_void", 1),
    ("is_void", "no"),
    ("note", None),
    ("note", {"a": 1}),
    ("visitor_name", 5),
]


@pytest.mark.parametrize(("column", "value"), VALUES)
def test_a_value_of_the_wrong_type_is_refused(forged, column, value):
    """What is taken over must be readable by the office's pages."""
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1, column: value}
    forger.publish(forger.line("visit", row))
    assert "无法读取" in taken(centre.office)[0]
    assert office_rows(centre.office) == before


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b"null",
        b"5",
        b'{"uid":"a"}',
        b'{"uid":"\\ud800","revision":1,"station":"b"}',
        b'{"uid":"\xff","revision":1,"station":"b"}',
        b'{"quantity":NaN}',
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=range(8),
)
def test_a_payload_that_is_no_row_is_refused(forged, payload):
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("visit", payload))
    assert len(taken(centre.office)) == 1
    assert office_rows(centre.office) == before


def test_a_text_that_a_database_cannot_hold_stops_nobody_else(forged):
    """PostgreSQL stores no NUL: it is taken to the letter, or refused by name."""
    centre, honest, bad = forged
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1, "note": "附\0注"}
    forger.publish(forger.line("visit", row))
    work(honest)
    exchange(honest, centre.office, honest)
    assert sync_state().published == 0
    reasons = taken(centre.office)
    is_taken = Visit.select().where(Visit.uid == row["uid"]).exists()
    assert is_taken != any("违反记录规则" in reason for reason in reasons)
    assert models.verify().faults == []


def test_unknown_values_columns_and_tables_of_a_newer_program_are_read(forged):
    centre, _honest, bad = forged
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1, "outcome": "teleported"}
    forger.publish(
        forger.line("visit", row | {"a_new_column": [1, {"a": None}]}),
        forger.line("a_new_table", b'{"uid":"x"}'),
    )
    assert taken(centre.office) == []
    assert Visit.get_by_id(row["uid"]).outcome_label
    entries = journal.Entry.select().where(journal.Entry.table_name == "a_new_table")
    assert [entry.payload for entry in entries] == ['{"uid":"x"}']
    assert models.verify().faults == []


def test_columns_an_older_program_does_not_know_hold_their_default(forged):
    centre, _honest, bad = forged
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    del row["channel"], row["materials"]
    forger.publish(forger.line("visit", row))
    assert taken(centre.office) == []
    taken_over = Visit.get_by_id(row["uid"])
    assert (taken_over.channel, taken_over.materials) == (Visit.channel.default, [])


@pytest.mark.parametrize(
    "lie",
    [
        {"prev": "0" * 64},
        {"seal_count": 40},
        {"seal_head": "0" * 64},
        {"realm": "0" * 32},
        {"to": "all"},
        {"epoch": "0009" + "ab" * 6},
        {"min_reader": 9},
    ],
    ids=str,
)
def test_a_header_that_does_not_fit_is_refused(forged, lie):
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    forger.publish(forger.line("visit", row), header=lie)
    assert len(taken(centre.office)) == 1
    assert office_rows(centre.office) == before


def test_a_chain_that_does_not_continue_mine_is_refused(forged):
    """Consistent in itself, but it leaves out what came before."""
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    forger.head = "0" * 64
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    forger.publish(forger.line("visit", row))
    assert taken(centre.office) == []
    assert office_rows(centre.office) == before
    assert [row.row_uid for row in Conflict.select()] == [row["uid"]]
    assert "xuesheng 1 号机" in sync_state().alarms[0]


def test_a_rewritten_past_is_refused_and_named(forged):
    """The same numbers once more, with another history: a restored or cloned PC."""
    centre, _honest, bad = forged
    before = office_rows(centre.office)
    forger = Forger(bad, centre.share)
    forger.length, forger.uses = 0, (0, "")
    forger.head = journal.genesis(forger.here.realm, forger.here.station_uid, "office")
    row = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    count = journal.tip()[0]
    for lines in (1, count + 2):
        entries = [forger.line("visit", row)]
        entries += [forger.line("x", b"{}") for _ in range(lines - 1)]
        forger.publish(*entries)
    assert taken(centre.office) == [] and "两种内容" in sync_state().alarms[0]
    assert office_rows(centre.office) == before
    assert row["uid"] in {conflict.row_uid for conflict in Conflict.select()}
    state = sync_state()
    assert (state.conflicts, state.missing) == (count + 2, [])
    assert models.verify().faults == []


def test_nothing_is_accepted_after_a_station_was_revoked(forged):
    centre, honest, bad = forged
    before = office_rows(centre.office)
    work(bad)
    uid = models.open_database(bad).station_uid
    exchange(bad)
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    with models.transaction():
        lost = Station.get(Station.station_uid == uid)
        lost.revoked_after = Stream.get(Stream.sender == uid).upto
        lost.write(by=by)
    assert "注销" in taken(centre.office)[0]
    after = office_rows(centre.office)
    assert {name: after[name] for name in before if name != "Station"} == {
        name: before[name] for name in before if name != "Station"
    }
    work(honest)
    exchange(honest, centre.office, honest)
    assert sync_state().published == 0


def test_two_rows_that_rule_each_other_out_are_both_kept(forged):
    """The trigger lets no signed handover change; the entry waits for a person."""
    centre, _honest, bad = forged
    models.open_database(bad)
    people = [models.person_signing_in(f"202411020{n}") for n in (1, 2)]
    signed = models.hand_over(by=people[0])
    models.take_over(signed, by=people[1])
    exchange(bad, centre.office, bad)
    before = office_rows(centre.office)
    models.open_database(bad)
    changed = stored(signed) | {"revision": 9, "note": "事后改写"}
    forger = Forger(bad, centre.share)
    fine = visit_of(bad) | {"uid": new_uid(), "revision": 1}
    forger.publish(forger.line("handover", changed), forger.line("visit", fine))
    assert taken(centre.office) == []
    (conflict,) = Conflict.select()
    assert "抵触" in conflict.reason and conflict.row_uid == signed.uid
    after = office_rows(centre.office)
    assert after["Handover"] == before["Handover"]
    assert len(after["Visit"]) == len(before["Visit"]) + 1
    assert models.verify().faults == []


def test_seal_uses_are_countersigned_in_the_receipt(forged):
    _centre, honest, _bad = forged
    models.open_database(honest)
    own = Stream.get_by_id(journal.OWN)
    assert own.seal_count == SealUse.select().count() == 1
    from exports.sync.receipts import _last_receipt

    here = models.installation()
    inbox = Stream.get(Stream.addressee == here.station_uid)
    receipt = _last_receipt(inbox, here.epoch)
    assert (receipt.seal_count, receipt.seal_head) == (1, own.seal_head)
    assert receipt.counts["visit"] == Visit.select().count()


def test_made_up_epochs_are_read_a_few_at_a_time_and_stop_nobody(forged):
    centre, _honest, bad = forged
    uid = models.open_database(bad).station_uid
    folder = centre.share / "up" / uid
    for number in range(90, 130):
        (folder / new_epoch(number)).mkdir()
    models.open_database(centre.office)
    assert len(cycle._epochs(uid, folder)) == 1 + cycle.MOST_NEW_EPOCHS
    work(bad, 1)
    exchange(bad, centre.office, bad)
    assert sync_state().published == 0
