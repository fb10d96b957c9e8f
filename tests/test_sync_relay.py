"""Referred cases reach every station of the desks involved, through the office."""

import shutil

import pytest
from exchange import add_station, approve_all, assert_alike, exchange, join, work
from referrals import (
    assistant,
    begin_anew,
    go_on,
    notes_at,
    others_rows,
    passed_on,
    refer,
    round_of,
    seen_at,
    troubles_at,
)

import models
from exports.sync import publish, relay
from models import Visit, VisitStep, journal
from models.journal import Stream
from models.stations import Station
from models.steps import StepKind


@pytest.fixture
def desks(centre):
    """教务 (A), 学生事务 (B) and 就业 (C), each with work of its own."""
    a = centre.station
    models.open_database(centre.office)
    models.add_person(
        by=models.person_signing_in("B0001"),
        number="X001",
        name="周老师",
        role=models.PersonRole.TEACHER,
        department=models.department_by_name("学生处"),
    )
    b, c = add_station(centre, "xuesheng"), add_station(centre, "jiuye")
    for folder in (a, b, c):
        work(folder, 2)
    return a, b, c


def assert_all_see_all(centre, *desks) -> None:
    """The case is the same everywhere, nothing is amiss, all is confirmed."""
    round_of(centre, *desks, times=1)
    at_office = seen_at(centre.office)
    assert at_office["visit"]
    for folder in desks:
        assert seen_at(folder) == at_office
        assert troubles_at(folder) == ([], [])
    assert troubles_at(centre.office) == ([], [])


def second_station(centre, code: str):
    folder = centre.root / f"{code}-2"
    join(centre, folder, name=f"{code} 2 号机")
    approve_all(centre, code)
    exchange(centre.office, folder)
    return folder


def revoke(centre, folder) -> None:
    """The PC is lost: the office takes nothing more from it."""
    uid = models.open_database(folder).station_uid
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    with models.transaction():
        lost = Station.get(Station.station_uid == uid)
        lost.revoked_after = Stream.get(Stream.sender == uid).upto
        lost.write(by=by)


def test_a_referred_case_appears_at_the_desk_it_was_referred_to(centre, desks):
    a, b, c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b, c)
    models.open_database(b)
    assert Visit.get_by_id(uid).visitor_name == "覃小燕"
    assert VisitStep.get().desk_name == models.this_desk().name
    assert others_rows(b) == 2 and others_rows(c) == 0
    assert_all_see_all(centre, a, b)
    round_of(centre, *desks)
    assert_alike(centre.office, *desks)


def test_nothing_of_a_case_that_was_not_referred_is_passed_on(centre, desks):
    a, b, _c = desks
    models.open_database(a)
    models.record_visit(
        by=assistant(),
        service=models.services_of(models.this_desk())[0],
        outcome=models.VisitOutcome.PROMISED,
        visitor_name="张伟",
    )
    round_of(centre, *desks)
    assert passed_on(centre.office, b) == [] and others_rows(b) == 0


def test_the_first_desk_sees_what_the_other_did(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b)
    go_on(b, uid, StepKind.TAKEN, "接办")
    go_on(b, uid, StepKind.FINISHED, "已经补发")
    exchange(b, centre.office, a)
    assert notes_at(a, uid) == {"", "接办", "已经补发"}
    assert_all_see_all(centre, a, b)
    round_of(centre, *desks)
    assert_alike(centre.office, *desks)


def test_a_case_is_taken_worked_and_answered_by_the_other_desk(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b)
    models.open_database(b)
    by = models.person_signing_in("X001")
    (case,) = models.cases_here()
    models.take_case(case.visit, by=by)
    models.finish_case(case.visit, by=by, result="已经补发")
    exchange(b, centre.office, a)
    models.open_database(a)
    (case,) = models.cases_sent()
    assert (case.visit.uid, case.is_closed, case.result) == (uid, True, "已经补发")
    models.notify_visitor(case.visit, by=models.person_signing_in("T001"), note="电话")
    assert models.cases_sent() == []
    round_of(centre, *desks)
    told = []
    for folder in (a, b, centre.office):
        models.open_database(folder)
        case = models.case_of(Visit.get_by_id(uid))
        told.append((case.status, case.closed_at, [s.uid for s in case.steps]))
    assert told[0] == told[1] == told[2] and len(told[0][2]) == 4
    assert_alike(centre.office, *desks)


def test_a_later_revision_of_the_visit_follows(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b)
    models.open_database(a)
    with models.transaction():
        visit = Visit.get_by_id(uid)
        visit.note = "学生来电补充"
        visit.write(by=assistant())
    exchange(a, centre.office, b)
    models.open_database(b)
    assert (Visit.get_by_id(uid).note, Visit.get_by_id(uid).revision) == (
        "学生来电补充",
        2,
    )
    assert_all_see_all(centre, a, b)


def test_a_case_that_is_forwarded_is_whole_at_all_three_desks(centre, desks):
    a, b, c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b)
    go_on(b, uid, note="先问了宿管")
    go_on(b, uid, StepKind.REFERRED, "归就业办管", to="jiuye")
    exchange(b, centre.office, c)
    assert notes_at(c, uid) == {"", "先问了宿管", "归就业办管"}
    go_on(c, uid, StepKind.FINISHED, "已办")
    round_of(centre, *desks)
    assert notes_at(a, uid) == notes_at(b, uid) == notes_at(c, uid)
    assert_all_see_all(centre, *desks)
    assert_alike(centre.office, *desks)


def test_steps_written_at_the_same_time_all_arrive_everywhere(centre, desks):
    a, b, c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office, b)
    go_on(b, uid, StepKind.REFERRED, to="jiuye")
    exchange(b, centre.office, a, c)
    for folder in (a, b, c):
        for number in (1, 2):
            go_on(folder, uid, note=f"{folder.name} {number}")
    round_of(centre, *desks)
    wrote = {f"{folder.name} {n}" for folder in desks for n in (1, 2)}
    for folder in (*desks, centre.office):
        assert notes_at(folder, uid) == {"", *wrote}
    assert_all_see_all(centre, *desks)
    assert_alike(centre.office, *desks)


def test_a_replaced_pc_gets_its_desks_referred_cases(centre, desks):
    a, b, _c = desks
    received, sent = refer(a, "xuesheng"), refer(b, "jiaowu")
    round_of(centre, a, b)
    go_on(b, received, note="在办")
    exchange(b, centre.office)
    revoke(centre, b)
    kept = passed_on(centre.office, b)
    new = second_station(centre, "xuesheng")
    models.open_database(new)
    assert {visit.uid for visit in Visit.select()} == {received, sent}
    go_on(new, received, StepKind.FINISHED, "换机后办结")
    round_of(centre, a, new)
    assert notes_at(a, received) == {"", "在办", "换机后办结"}
    assert passed_on(centre.office, b) == kept
    assert_all_see_all(centre, a, new)


def test_both_pcs_of_a_desk_have_its_referred_cases(centre, desks):
    a, b, _c = desks
    second = second_station(centre, "jiaowu")
    uid = refer(a, "xuesheng")
    round_of(centre, a, b)
    exchange(second)
    go_on(second, uid, note="第二台机补充")
    round_of(centre, a, b, second)
    assert notes_at(b, uid) == notes_at(a, uid) == {"", "第二台机补充"}
    assert_all_see_all(centre, a, b, second)


def test_each_revision_is_passed_on_once_and_none_to_its_author(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    round_of(centre, a, b)
    answer = go_on(b, uid, note="答复")
    round_of(centre, a, b)
    go_on(a, uid, note="知道了")
    round_of(centre, *desks)
    to_b = passed_on(centre.office, b)
    assert len(to_b) == len(set(to_b)) == 3
    assert passed_on(centre.office, a) == [(answer, 1)]


def test_an_idle_exchange_adds_no_entry_and_moves_no_cursor(centre, desks):
    refer(desks[0], "xuesheng")
    round_of(centre, *desks)
    uids = [models.open_database(folder).station_uid for folder in desks]
    work(desks[0])  # concerns nobody else: to them not even a receipt goes
    exchange(desks[0], centre.office)

    def state():
        rows = list(Stream.select().order_by(Stream.id).tuples())
        return rows, journal.Entry.select().count(), sorted(centre.share.rglob("*"))

    before = state()
    cursors = {s.relayed_upto for s in Stream.select().where(Stream.addressee << uids)}
    assert cursors == {before[1]}  # nothing is looked through again
    exchange(centre.office, centre.office)
    assert state() == before


def test_a_new_office_epoch_passes_everything_on_once_more(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    round_of(centre, a, b)
    go_on(b, uid, note="答复")
    round_of(centre, *desks)
    before = {folder: seen_at(folder) for folder in desks}
    begin_anew(centre.office)
    assert passed_on(centre.office, b) == []
    round_of(centre, *desks)
    assert len(passed_on(centre.office, b)) == 2
    assert {folder: seen_at(folder) for folder in desks} == before
    go_on(a, uid, StepKind.NOTIFIED, "已告知学生")
    round_of(centre, *desks)
    assert notes_at(b, uid) == {"", "答复", "已告知学生"}
    assert_all_see_all(centre, a, b)
    assert_alike(centre.office, *desks)


def test_a_wiped_share_is_filled_again(centre, desks):
    a, b, _c = desks
    uid = refer(a, "xuesheng")
    exchange(a, centre.office)
    here = models.open_database(b)
    shutil.rmtree(centre.share / "down" / here.station_uid)
    exchange(b)
    assert not Visit.select().where(Visit.uid == uid).exists()
    exchange(centre.office, b)
    assert Visit.select().where(Visit.uid == uid).exists()
    assert_all_see_all(centre, a, b)


def test_whatever_the_size_of_batches_and_turns_all_of_it_arrives(
    centre, desks, monkeypatch
):
    """A turn or a batch may end in the middle of a case."""
    for module, name, size in (
        (publish, "ENTRIES", 2),
        (relay, "ENTRIES", 3),
        (relay, "CHUNK", 2),
    ):
        monkeypatch.setattr(module, name, size)
    a, b, c = desks
    uids = [refer(a, "xuesheng", f"学生{number}") for number in range(5)]
    for uid in uids:
        go_on(a, uid, note="补充")
    round_of(centre, a, b)
    for uid in uids:
        go_on(b, uid, StepKind.REFERRED, to="jiuye")
    round_of(centre, *desks)
    to_c = passed_on(centre.office, c)
    assert len(to_c) == len(set(to_c)) == 4 * len(uids)
    assert_all_see_all(centre, *desks)
    assert_alike(centre.office, *desks)


def test_a_step_that_arrives_before_its_visit_waits_for_it(centre, desks):
    """An office that was restored may have the other desk's part alone."""
    from exchange import Forger, stored

    a, b, _c = desks
    exchange(a, b, centre.office)
    uid = refer(a, "xuesheng")
    visit, step = stored(Visit.get_by_id(uid)), stored(VisitStep.get())
    forger = Forger(a, centre.share)
    forger.length, forger.head = 0, ""
    own = Stream.get_by_id(journal.OWN)
    forger.length = own.published_upto
    forger.head = publish.hash_of_entry(own, own.published_upto)
    lines = [forger.line("visit_step", step), forger.line("visit", visit)]
    for line in lines:
        line.seq = forger.length + 1
        path = forger.publish(line)
        forger.length += 1
        exchange(centre.office, b)
        there = Visit.select().where(Visit.uid == uid).exists()
        assert there == (line.table == "visit")
        models.open_database(centre.office)
        forger.head = Stream.get(Stream.sender == visit["station"]).head
        assert path.exists()
    assert VisitStep.select().where(VisitStep.visit_uid == uid).count() == 1
