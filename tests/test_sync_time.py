"""Plans, corrections and pay between a desk and the office."""

from datetime import date

import pytest
from duty import MONDAY, TERM_ENDS, at, clock_at, line, put_in_force, sync_both
from exchange import Forger, add_station, exchange, stored

import models
from models import clock
from models.base import table_of
from models.tables import RECORDS
from models.troubles import Quarantine
from models.uids import new_uid

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def planned(station, other_assistant):
    """A plan is in force; its A is somebody else than those the tests check in."""
    put_in_force(station, [line("08:30", "10:00", other_assistant)])
    return station


def counts() -> dict[str, int]:
    return {table_of(model).name: model.select().count() for model in RECORDS}


def test_a_plan_of_a_desk_is_accepted_at_the_office_and_holds_at_every_desk(
    planned,
):
    centre = planned
    other = add_station(centre, "xuesheng")
    models.open_database(centre.station)
    teacher = models.person_signing_in("T001")
    who = models.person_signing_in("2024110201")
    with clock_at("12:00"):
        plan = models.new_plan(
            by=teacher,
            desk=models.this_desk(),
            department=models.department_by_name("教务处"),
            starts_on=MONDAY,
            ends_on=TERM_ENDS,
        )
        models.save_plan(plan, by=teacher, shifts=[line("14:00", "15:00", who)])
        models.submit_plan(plan, by=teacher)
        exchange(centre.station, centre.office)
        (waiting,) = [p for p in models.plans_of() if models.decision_of(p) is None]
        assert (waiting.version, waiting.author_name) == (2, "李老师")
        models.accept_plan(waiting, by=models.person_signing_in("B0001"))
        exchange(centre.office, centre.station, other)
        (shift,) = models.shifts_on(MONDAY)
    assert (shift.begins, shift.a.name) == (at("14:00"), "曾单")
    assert shift.plan_number == "AB〔2026〕2号"


def test_months_of_pay_stay_at_the_office(planned):
    centre = planned
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    with clock.set_at(at("09:00", date(2026, 10, 1))):
        models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
    sync_both(centre, at("10:00", date(2026, 10, 1)))
    assert models.PayMonth.select().count() == 0
    assert models.verify().faults == []


def test_what_either_kind_of_station_may_write_is_counted_to_whoever_wrote_it(
    planned, teacher, assistant
):
    centre = planned
    with clock_at("08:30"):
        came = models.check_in(assistant, forced_reason="试")
    with clock_at("09:00"):
        gone = models.check_out(came)
        models.decide(gone, by=teacher, approved=True)
    sync_both(centre, at("10:00"))
    models.open_database(centre.office)
    office = models.person_signing_in("B0001")
    with clock_at("11:00"):
        models.decide(models.Attendance.get_by_id(gone.uid), by=office, approved=True)
    sync_both(centre, at("12:00"))
    assert models.installation().sync_trouble == ""
    assert models.verdict_of(gone).verdict == "approved"
    at_desk = counts()
    models.open_database(centre.office)
    assert counts()["approval"] == at_desk["approval"] == 2
    assert models.verify().faults == []


@pytest.mark.parametrize(
    "model",
    [model for model in RECORDS if model.written_by == "office"],
    ids=lambda model: table_of(model).name,
)
def test_no_desk_decides_for_the_office(planned, model):
    centre = planned
    forger = Forger(centre.station, centre.share)
    row = stored(model(station=forger.here.station_uid))
    row |= {"uid": new_uid(), "revision": 1}
    before = model.select().count()
    forger.publish(forger.line(table_of(model).name, row))
    exchange(centre.office)
    assert "无权写入" in Quarantine.get().reason
    assert model.select().count() == before
