"""What is passed on wrongly: by an office gone bad, or by a desk that may not."""

from pathlib import Path

import msgspec
import pytest
from exchange import Forger, add_station, exchange, stored, work
from referrals import (
    begin_anew,
    go_on,
    others_rows,
    refer,
    round_of,
    seen_at,
    troubles_at,
)

import models
from models import SealUse, Visit, VisitStep, journal
from models.journal import OWN, Stream
from models.steps import StepKind
from models.uids import new_uid

SAME_REVISION = "同一条记录的同一版次内容不同"


@pytest.fixture
def case(centre):
    """A has referred a case to B, both have it; B gave an answer."""
    a, b = centre.station, add_station(centre, "xuesheng")
    for folder in (a, b):
        work(folder, 2)
    uid = refer(a, "xuesheng")
    round_of(centre, a, b)
    go_on(b, uid, note="答复")
    round_of(centre, a, b)
    return centre, a, b, uid


def say(office: Path, to: Path, *rows: tuple[str, dict], to_all: bool = False) -> None:
    """The office signs and sends rows to a station as it likes."""
    addressee = models.open_database(to).station_uid
    here = models.open_database(office)
    stream = Stream.get((Stream.addressee == addressee) & (Stream.epoch == here.epoch))
    entries = [
        (table, row["uid"], row["revision"], msgspec.json.encode(row))
        for table, row in rows
    ]
    with models.transaction():
        journal.append_entries(
            entries,
            by=None,
            audience="all" if to_all else addressee,
            stream=OWN if to_all else stream.id,
        )
    exchange(office, to)


def row_at(folder: Path, model, uid: str) -> dict:
    models.open_database(folder)
    return stored(model.get_by_id(uid))


def new_referral(case) -> tuple[dict, dict]:
    """A visit and its referral that A might have written, and did not."""
    _centre, a, _b, uid = case
    visit = row_at(a, Visit, uid) | {"uid": new_uid(), "revision": 1}
    step = stored(VisitStep.select().where(VisitStep.visit_uid == uid).first())
    return visit, step | {"uid": new_uid(), "visit_uid": visit["uid"], "revision": 1}


def test_rows_passed_on_honestly_are_taken(case):
    centre, _a, b, _uid = case
    visit, step = new_referral(case)
    say(centre.office, b, ("visit", visit), ("visit_step", step))
    assert troubles_at(b) == ([], [])
    assert Visit.select().where(Visit.uid == visit["uid"]).exists()


@pytest.mark.parametrize("anew", [False, True], ids=["same epoch", "new epoch"])
def test_a_row_that_is_here_cannot_be_changed_under_its_revision(case, anew):
    centre, a, b, uid = case
    before = seen_at(b)
    forged = row_at(a, Visit, uid) | {"visitor_name": "李鬼"}
    if anew:
        begin_anew(centre.office)
        exchange(centre.office, b)
    say(centre.office, b, ("visit", forged))
    assert troubles_at(b) == ([SAME_REVISION], [])
    assert seen_at(b) == before and models.verify().faults == []


def test_what_was_set_aside_is_no_reason_to_take_it_later(case):
    centre, a, b, uid = case
    before = seen_at(b)
    forged = row_at(a, Visit, uid) | {"visitor_name": "李鬼"}
    for _ in range(2):
        say(centre.office, b, ("visit", forged))
    assert troubles_at(b)[0] == [SAME_REVISION] * 2
    assert seen_at(b) == before and models.verify().faults == []


def test_of_two_contents_in_one_batch_the_first_stands(case):
    centre, _a, b, _uid = case
    visit, step = new_referral(case)
    other = visit | {"visitor_name": "李鬼"}
    say(
        centre.office,
        b,
        *(("visit", v) for v in (visit, visit, other)),
        ("visit_step", step),
    )
    assert troubles_at(b) == ([SAME_REVISION], [])
    assert Visit.get_by_id(visit["uid"]).visitor_name == visit["visitor_name"]
    assert models.verify().faults == []


def test_an_older_revision_must_be_what_it_was(case):
    centre, a, b, uid = case
    first = row_at(a, Visit, uid)
    with models.transaction():
        visit = Visit.get_by_id(uid)
        visit.note = "补充"
        visit.write(by=models.person_signing_in("2024110201"))
    round_of(centre, a, b)
    say(centre.office, b, ("visit", first))
    assert troubles_at(b) == ([], [])
    say(centre.office, b, ("visit", first | {"note": "当时另有内容"}))
    assert troubles_at(b) == ([SAME_REVISION], [])
    assert Visit.get_by_id(uid).note == "补充" and models.verify().faults == []


def test_an_older_revision_that_never_came_says_nothing_against_what_did(case):
    """An office that was restored passes on what it had then."""
    centre, a, b, _uid = case
    uid = refer(a, "xuesheng")
    first = row_at(a, Visit, uid)
    with models.transaction():
        visit = Visit.get_by_id(uid)
        visit.note = "补充"
        visit.write(by=models.person_signing_in("2024110201"))
    round_of(centre, a, b)
    say(centre.office, b, ("visit", first))
    assert troubles_at(b) == ([], []) and models.verify().faults == []
    assert Visit.get_by_id(uid).note == "补充"


def test_a_step_is_never_changed_by_a_higher_revision(case):
    centre, _a, b, uid = case
    before = seen_at(b)
    models.open_database(b)
    step = stored(VisitStep.select().where(VisitStep.visit_uid == uid).first())
    say(centre.office, b, ("visit_step", step | {"revision": 2, "note": "改过"}))
    assert "只能添加的记录被改动过" in troubles_at(b)[1][0]
    assert seen_at(b) == before


@pytest.mark.parametrize("author", ["mine", "the office's"])
def test_rows_in_my_name_or_in_the_offices_are_refused(case, author):
    """Nothing of such a batch is taken: who signs that is not to be believed."""
    centre, _a, b, _uid = case
    me, here = models.open_database(b).station_uid, models.installation()
    visit, step = new_referral(case)
    visit["station"] = me if author == "mine" else here.office_uid
    before = seen_at(b)
    say(centre.office, b, ("visit_step", step), ("visit", visit))
    assert troubles_at(b) == ([], ["记录的标识与条目不符"])
    assert seen_at(b) == before and models.verify().faults == []


def test_my_own_row_is_not_taken_over_in_anothers_name(case):
    centre, a, b, uid = case
    other = models.open_database(a).station_uid
    models.open_database(b)
    mine = stored(VisitStep.select().where(VisitStep.note == "答复").get())
    say(centre.office, b, ("visit_step", mine | {"station": other, "note": "李鬼"}))
    assert troubles_at(b) == (["另一台工作站的记录"], [])
    assert row_at(b, VisitStep, mine["uid"]) == mine
    assert models.verify().faults == []
    assert uid == mine["visit_uid"]


@pytest.mark.parametrize("model", [SealUse, models.Attendance, models.Handover])
def test_other_records_of_desks_are_never_passed_on(case, model):
    centre, a, b, _uid = case
    station = models.open_database(a).station_uid
    name = model._meta.table_name
    row = stored(model(station=station, revision=1))
    say(centre.office, b, (name, row))
    assert troubles_at(b) == ([], [f"这台工作站无权写入“{name}”"])
    assert model.select().where(model.station == station).count() == 0


def test_what_is_said_to_all_holds_no_visits(case):
    centre, _a, b, _uid = case
    visit, step = new_referral(case)
    say(centre.office, b, ("visit_step", step), ("visit", visit), to_all=True)
    assert "无权写入" in troubles_at(b)[1][0]
    assert not Visit.select().where(Visit.uid == visit["uid"]).exists()


@pytest.mark.parametrize("kind", [None, StepKind.PROGRESS])
def test_a_case_that_was_never_referred_is_set_aside_and_shown(case, kind):
    centre, _a, b, _uid = case
    visit, step = new_referral(case)
    rows = [("visit", visit)]
    if kind:
        rows.append(("visit_step", step | {"kind": kind}))
    say(centre.office, b, *rows)
    assert troubles_at(b) == (["不属于转办的办件"] * len(rows), [])
    assert not Visit.select().where(Visit.uid == visit["uid"]).exists()
    assert models.verify().faults == []
    go_on(b, case[3], note="照常工作")
    round_of(centre, b)
    assert troubles_at(b)[1] == []


def test_a_value_of_the_wrong_type_is_refused(case):
    centre, _a, b, _uid = case
    visit, step = new_referral(case)
    say(centre.office, b, ("visit_step", step), ("visit", visit | {"quantity": "三"}))
    assert "无法读取" in troubles_at(b)[1][0]


@pytest.mark.parametrize("table", ["visit", "visit_step"])
def test_a_desk_passes_nothing_on(case, table):
    """Neither the case it was sent, nor anything in the first desk's name."""
    centre, _a, b, uid = case
    visit, step = new_referral(case)
    models.open_database(b)
    for row in (
        {"visit": visit, "visit_step": step}[table],
        stored(Visit.get_by_id(uid)) if table == "visit" else step,
    ):
        before = seen_at(centre.office)
        forger = Forger(b, centre.share)
        forger.publish(forger.line(table, row))
        exchange(centre.office)
        assert "标识与条目不符" in troubles_at(centre.office)[1][-1]
        assert seen_at(centre.office) == before


def test_a_desk_cannot_call_for_a_case_by_referring_it_to_itself(case):
    """A uid it came to know gives no right to the visit behind it."""
    centre, a, b, uid = case
    stranger = add_station(centre, "jiuye")
    models.open_database(a)
    plain = models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=models.services_of(models.this_desk())[0],
        outcome=models.VisitOutcome.DONE,
        visitor_name="张伟",
    ).uid
    exchange(a, centre.office)
    models.open_database(a)
    step = stored(VisitStep.select().where(VisitStep.visit_uid == uid).first())
    me = models.open_database(stranger).station_uid
    forger = Forger(stranger, centre.share)
    desk = models.this_desk()
    grab = step | {"station": me, "desk_uid": desk.uid, "desk_name": desk.name}
    forger.publish(
        *(
            forger.line("visit_step", grab | {"uid": new_uid(), "visit_uid": wanted})
            for wanted in (uid, plain)
        )
    )
    exchange(centre.office, stranger, a, b, centre.office)
    assert others_rows(stranger) == 0
    for folder in (a, b):
        models.open_database(folder)
        assert VisitStep.select().where(VisitStep.visit_uid == plain).count() == 0
