"""A PC that is trusted no longer, and one that takes its place."""

import shutil

import msgspec
import pytest
from exchange import Forger, add_station, exchange, join, rows_by, stored, work

import models
from exports.sync import batch, enrolment, inheritance, receipts, share, sync_state
from exports.sync.revocation import revoked_words
from models import Quarantine, Station, UserError, VisitOutcome, journal
from models.stations import received_from, revoke

OLD = "教务窗口 1 号机"


def office_person(centre):
    models.open_database(centre.office)
    return models.person_signing_in("B0001")


def revoke_old(centre, **more):
    by = office_person(centre)
    fields = {"by": by, "reason": "电脑遗失"} | more
    return revoke(Station.get(Station.name == OLD), **fields)


def promised_visit():
    service = next(
        s for s in models.services_of(models.this_desk()) if s.working_days > 0
    )
    return models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=service,
        outcome=VisitOutcome.PROMISED,
        student=models.student_by_number("2023110001"),
    )


def bad_files():
    return {row.path: row.reason for row in Quarantine.select()}


def test_only_the_office_revokes_once_and_with_a_reason(centre):
    office_person(centre)
    for wrong, why in (
        ({"by": models.person_signing_in("T001")}, "由中心办公室办理"),
        ({"reason": "  "}, "请写明注销原因"),
        ({"after_seq": -1}, "0 或更大"),
    ):
        with pytest.raises(UserError, match=why):
            revoke_old(centre, **wrong)
    got = received_from(Station.get(Station.name == OLD))
    done = revoke_old(centre)
    assert (done.revoked_after, done.revoked_epoch) == (got.upto, got.epoch)
    assert done.revoked_reason == "电脑遗失" and done.revoked_at
    with pytest.raises(UserError, match="已经注销过"):
        revoke_old(centre)


def test_nothing_signed_after_the_stated_entry_is_accepted(centre):
    work(centre.station, 2)
    exchange(centre.station, centre.office)
    done = revoke_old(centre)
    thief = Forger(centre.station, centre.share)
    models.close_database()
    work(centre.station, 2)
    (visit,) = models.Visit.select().order_by(models.Visit.uid.desc()).limit(1)
    thief.publish(thief.line("visit", stored(visit)))
    # And under an epoch of its own making, beginning with the very first entry.
    _publish_under(centre, "0007" + "ab" * 6)
    exchange(centre.office)
    assert received_from(Station.get(Station.uid == done.uid)).upto <= (
        done.revoked_after
    )
    assert not models.Visit.select().where(models.Visit.uid == visit.uid).exists()
    assert [*set(bad_files().values())] == ["这台工作站已被注销，不再接收它的新记录"]
    assert len(bad_files()) == 2
    assert models.verify().faults == []


def _publish_under(centre, epoch):
    """All of the station's journal once more, signed with its true key."""
    here = models.open_database(centre.station)
    for path in sorted((centre.share / "up" / here.station_uid / here.epoch).iterdir()):
        data = path.read_bytes()
        own = enrolment.my_request(here).sign_key
        opened = batch.open_batch(
            path.name, data, sign_key=own, age_identity=here.age_identity
        )
        header = msgspec.structs.replace(opened.header, epoch=epoch)
        lines = [entry.line for entry in opened.entries]
        circle = [here.office_recipient]
        sealed = batch.seal(header, lines, here.sign_seed, circle)
        folder = centre.share / "up" / here.station_uid / epoch
        name = batch.file_name(header.first, header.last, sealed)
        share.publish(folder, name, sealed)
        return


def test_a_higher_entry_lets_in_what_is_known_to_be_good(centre):
    work(centre.station, 2)
    exchange(centre.station)
    length = journal.tip()[0]
    revoke_old(centre, after_seq=length)
    exchange(centre.office)
    assert received_from(Station.get(Station.name == OLD)).upto == length
    assert models.Visit.select().count() == 2


def test_a_revoked_pc_learns_of_it_stops_publishing_and_keeps_its_records(centre):
    work(centre.station, 2)
    exchange(centre.station, centre.office, centre.station)
    confirmed = sync_state().confirmed
    revoke_old(centre)
    exchange(centre.office)
    work(centre.station, 1)
    before = sorted((centre.share / "up").rglob("*.batch"))
    (result,) = exchange(centre.station)
    assert "已被中心办公室注销（电脑遗失），不再上传" in result.trouble
    assert revoked_words(models.installation()) == sync_state().trouble
    assert sorted((centre.share / "up").rglob("*.batch")) == before
    state = sync_state()
    assert state.confirmed == confirmed and state.waiting > 0
    assert models.Visit.select().count() == 3 and models.verify().faults == []
    exchange(centre.office, centre.station)
    assert "不再上传" in sync_state().trouble  # and it is said once, not every time
    told = models.db.execute_sql(
        "SELECT COUNT(*) FROM journal WHERE table_name = 'revoked'"
    )
    assert told.fetchone() == (1,)


def test_sealed_circles_leave_a_revoked_pc_out(centre):
    second = add_station(centre, "xuesheng")
    lost = models.open_database(centre.station)
    revoke_old(centre)
    published = {*(centre.share / "down").rglob("*.batch")}
    models.add_person(
        by=office_person(centre),
        number="2024110299",
        name="钱七",
        role=models.PersonRole.ASSISTANT,
        department=models.department_by_name("教务处"),
    )
    here = models.installation()
    exchange(centre.office)
    fresh = {*(centre.share / "down").rglob("*.batch")} - published
    opened = []
    for path in fresh:
        try:
            batch.open_batch(
                path.name,
                path.read_bytes(),
                sign_key=here.office_key,
                age_identity=lost.age_identity,
            )
            opened.append(path)
        except batch.BadBatch as error:
            assert "无法解密" in str(error)
    # Its own last word alone.
    assert [path.parent.parent.name for path in opened] == [lost.station_uid]
    exchange(second)
    assert models.person_signing_in("2024110299")


@pytest.fixture
def replaced(centre):
    """The desk's PC broke after work that was confirmed; a new one asks to join."""
    work(centre.station, 2)
    case = promised_visit()
    exchange(centre.station, centre.office, centre.station)
    written = rows_by(models.installation().station_uid)
    models.close_database()
    shutil.rmtree(centre.station)
    second = centre.root / "jiaowu-2"
    join(centre, second, name="教务窗口 2 号机")
    by = office_person(centre)
    (request,) = enrolment.requests()
    old = Station.get(Station.name == OLD)
    done = enrolment.replace_station(old, request, by=by, reason="硬盘损坏")
    assert done.seals_left == []
    exchange(centre.office, second)
    return second, case, written, old.station_uid


def test_the_new_pc_of_a_desk_goes_on_with_all_that_was_confirmed(centre, replaced):
    second, case, written, old_uid = replaced
    theirs = rows_by(old_uid)
    assert {name: rows for name, rows in theirs.items() if rows} == {
        name: rows for name, rows in written.items() if rows
    }
    assert models.verify().faults == [] and not models.Conflict.select().exists()
    # The open case goes on here.
    assert [open.uid for open in models.open_cases(models.this_desk())] == [case.uid]
    by = models.person_signing_in("2024110201")
    models.finish_case(models.Visit.get_by_id(case.uid), by=by, result="已办好")
    # So do the numbers and the custody of the seal.
    (seal,) = models.seals_of(models.this_desk())
    assert models.holder_of(seal).name == "李老师"
    work(second, 1)
    numbers = [
        use.number for use in models.SealUse.select().order_by(models.SealUse.uid)
    ]
    assert numbers == [1, 2]
    assert models.next_seal_number(seal, models.clock.today().year) == 3
    exchange(second, centre.office, second)
    models.open_database(centre.office)
    assert not models.all_open_cases()
    assert models.verify().faults == []
    exchange(centre.office)
    added = [
        path.name
        for path in (
            centre.share / "down" / Station.get(name="教务窗口 2 号机").station_uid
        ).rglob("*.batch")
    ]
    exchange(centre.office, second, centre.office)
    assert sync_state().waiting == 0 and added


def test_what_was_passed_on_once_is_not_passed_on_again(centre, replaced):
    second, *_ = replaced
    exchange(second, centre.office, second, centre.office)
    count = (
        "SELECT COUNT(*) FROM journal j JOIN stream s ON s.id = j.stream WHERE s.own"
    )
    before = models.db.execute_sql(count).fetchone()
    exchange(centre.office)
    assert models.db.execute_sql(count).fetchone() == before
    # A PC whose place is taken is not replaced a second time.
    third = centre.root / "jiaowu-3"
    join(centre, third, name="教务窗口 3 号机")
    by = office_person(centre)
    (request,) = enrolment.requests()
    with pytest.raises(UserError, match="已经有电脑接替"):
        enrolment.replace_station(
            Station.get(Station.name == OLD), request, by=by, reason="再换一台"
        )
    # But the one in its place is, and hands on what it had itself been given.
    work(second, 1)
    exchange(second, centre.office)
    enrolment.replace_station(
        Station.get(Station.name == "教务窗口 2 号机"), request, by=by, reason="又坏了"
    )
    exchange(centre.office, third)
    assert models.Visit.select().count() == 4 and models.verify().faults == []


def test_a_pc_believes_the_office_of_nobody_else_than_whose_place_it_took(
    centre, replaced
):
    """Neither one that took no place, nor one that took another's."""
    heir, *_ = replaced
    other = add_station(centre, "xuesheng")
    models.open_database(other)
    stranger = models.installation().station_uid
    models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=models.services_of(models.this_desk())[0],
        outcome=VisitOutcome.DONE,
        visitor_name="别处的来访人",
        result="当场办妥",
    )
    models.check_in(models.person_signing_in("2024110201"))
    exchange(other, centre.office)
    attended = {row.uid for row in models.Attendance.select()}
    old = Station.get(Station.name == OLD).station_uid
    for folder, of in ((heir, stranger), (other, old)):
        uid = models.open_database(folder).station_uid
        here = models.open_database(centre.office)
        station = Station.get(Station.station_uid == uid)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inheritance, "predecessors_of", lambda _, of=of: {of})
            outbox = receipts.dispatch_stream(here, station)
            outbox.relayed_upto = 0
            assert inheritance.pass_on_inheritance(station, outbox)
        exchange(centre.office, folder)
        there = {row.station for row in models.Visit.select()}
        assert of not in there
        if folder == heir:
            assert not attended & {row.uid for row in models.Attendance.select()}
        assert any("无权写入" in why or "标识" in why for why in bad_files().values())


def test_a_lent_seal_is_left_to_be_decided(centre):
    from datetime import timedelta

    models.open_database(centre.station)
    person = models.person_signing_in
    (seal,) = models.seals_of(models.this_desk())
    models.transfer_seal(
        seal,
        by=person("T001"),
        receiver=person("T002"),
        witness=person("2024110201"),
        reason="出差",
        kind="temporary",
        until=models.clock.today() + timedelta(days=3),
        approver="顾主任",
    )
    exchange(centre.station, centre.office)
    second = centre.root / "jiaowu-2"
    join(centre, second, name="教务窗口 2 号机")
    by = office_person(centre)
    (request,) = enrolment.requests()
    done = enrolment.replace_station(
        Station.get(Station.name == OLD), request, by=by, reason="硬盘损坏"
    )
    assert [seal.name for seal in done.seals_left] == [seal.name]
