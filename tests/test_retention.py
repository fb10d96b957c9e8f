"""Periods after which personal data go: off until set, counted first, journalled."""

from datetime import datetime, timedelta

import pytest
from exchange import exchange
from test_erasure import NUMBER, PHONE, on_share, traces, visit_of

import models
from exports.sync import sync_state
from models import UserError, clock
from models.erasure import GONE, ErasedRow, Erasure
from models.retention import (
    RANGES,
    SUGGESTED,
    count_due,
    due_for_erasure,
    erase_what_is_due,
    retention_on,
    set_retention,
)
from models.visits import Visit

THEN = datetime(2026, 9, 7, 9)


def chief():
    return models.person_signing_in("B0001")


def later(days: int):
    return clock.set_at(THEN + timedelta(days=days))


@pytest.fixture
def recorded(centre):
    """A closed visit, a seal use and an open case, all confirmed."""
    with clock.set_at(THEN):
        models.open_database(centre.station)
        visit_of(NUMBER, note="需要保密的情况")
        models.record_seal_use(
            by=models.person_signing_in("T001"),
            seal=models.seals_of(models.this_desk())[0],
            applicant="覃小燕",
            unit="数字化学院",
            document_title="在读证明",
            purpose="贷款",
            approver="李老师",
        )
        promised = next(
            s for s in models.services_of(models.this_desk()) if s.kind == "promised"
        )
        models.record_visit(
            by=models.person_signing_in("2024110201"),
            service=promised,
            outcome=models.VisitOutcome.PROMISED,
            visitor_name="还在办的人",
        )
        exchange(centre.station, centre.office, centre.station)
    return centre


def test_nothing_is_erased_until_somebody_sets_a_period(recorded):
    with later(10_000):
        for folder in (recorded.office, recorded.station):
            models.open_database(folder)
            assert not retention_on(clock.today()).is_on
            assert due_for_erasure(clock.today()) == []
            exchange(folder)
            assert Erasure.select().count() == 0
    assert set(SUGGESTED) == set(RANGES)


def test_only_the_office_sets_periods_and_not_too_short_ones(office, chief):
    for name, days in (("desk_days", 7), ("visit_days", 100), ("visit_days", 0)):
        with pytest.raises(UserError, match="整数天数") as refused:
            set_retention(by=chief, starts_on=clock.today(), **{name: days})
        assert refused.value.field == name
    set_retention(by=chief, starts_on=clock.today(), visit_days=1_095)
    assert retention_on(clock.today()).visit_days == 1_095
    set_retention(by=chief, starts_on=clock.today(), visit_days=None)
    assert not retention_on(clock.today()).is_on
    models.person_signing_in("B0001")


def test_a_desk_erases_what_was_confirmed_and_the_office_keeps_it(recorded):
    with later(1):
        models.open_database(recorded.office)
        set_retention(by=chief(), starts_on=clock.today(), desk_days=180)
        exchange(recorded.office, recorded.station)
    with later(179):
        assert count_due(clock.today()) == {}
    with later(190):
        models.open_database(recorded.station)
        late = visit_of(NUMBER)  # neither old enough nor confirmed
        assert count_due(clock.today()) == {"desk_days": 1}
        assert Erasure.select().count() == 0  # counting changes nothing
        exchange(recorded.station)
        old, open_case, kept = Visit.select().order_by(Visit.uid)
        assert (old.visitor_name, old.note) == (GONE, "")
        assert open_case.visitor_name == "还在办的人"
        assert kept.uid == late.uid and kept.student_number == NUMBER
        assert models.SealUse.get().applicant == "覃小燕"
        (order,) = Erasure.select()
        assert (order.scope, order.cause, order.reason) == (
            "station",
            "retention",
            "窗口电脑：办公室确认后 180 天",
        )
        assert models.verify().faults == [] and count_due(clock.today()) == {}
        exchange(recorded.office, recorded.station, recorded.office)
        # The office was told, and has it all, and so has the share.
        assert Visit.get_by_id(old.uid).note == "需要保密的情况"
        assert ErasedRow.select().count() == 1 and models.verify().faults == []
        assert on_share(recorded, "需要保密的情况") != []
        state = sync_state()
        assert (state.quarantined, state.conflicts) == (0, 0)


def test_what_is_not_confirmed_stays_however_old_it_is(recorded):
    with clock.set_at(THEN):
        models.open_database(recorded.station)
        visit_of(NUMBER)
    with later(1):
        models.open_database(recorded.office)
        set_retention(by=chief(), starts_on=clock.today(), desk_days=30)
        exchange(recorded.office)
    with later(400):
        models.open_database(recorded.station)
        exchange(recorded.station)  # hears of the period, erases what is confirmed
        exchange(recorded.station)
        names = [visit.visitor_name for visit in Visit.select().order_by(Visit.number)]
        assert names.count(GONE) == 1 and names.count("覃小燕") == 1


def test_when_the_office_erases_it_goes_everywhere_and_seals_stay(recorded):
    with later(1):
        models.open_database(recorded.office)
        set_retention(by=chief(), starts_on=clock.today(), visit_days=365)
    with later(380):
        models.open_database(recorded.office)
        for folder in [recorded.office, recorded.station] * 3:
            exchange(folder)
        for folder in (recorded.office, recorded.station):
            models.open_database(folder)
            assert "visit" not in traces(NUMBER, PHONE, "需要保密的情况")
            assert models.SealUse.get().applicant == "覃小燕"
            assert Visit.select().count() == 2 and models.verify().faults == []
        assert on_share(recorded, "需要保密的情况") == []
        models.open_database(recorded.office)
        assert erase_what_is_due(clock.today()) == {}  # not again and again


def test_a_student_who_left_is_forgotten_after_the_period(recorded):
    with later(200):
        models.open_database(recorded.office)
        student = models.Student.get(models.Student.number == NUMBER)
        student.status = "left"
        with models.transaction():
            student.write(by=chief())
        set_retention(by=chief(), starts_on=clock.today(), student_days=730)
    with later(925):
        assert count_due(clock.today()) == {}
    with later(940):
        assert count_due(clock.today()) == {"student_days": 1}
        erase_what_is_due(clock.today())
        assert models.Student.get_by_id(student.uid).name == GONE
        assert models.Student.select().where(models.Student.number != "").count() == 2
