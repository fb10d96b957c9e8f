"""A student brings what a case waits for: the case goes on, no second one begins."""

from datetime import date, datetime, timedelta

import pytest

from models import clock
from models.casefold import CaseStatus
from models.cases import case_of
from models.reception import record_visit
from models.students import student_by_number
from models.visits import RepeatCause, Visit, VisitOutcome

MONDAY = datetime(2026, 11, 23, 10, 0)


@pytest.fixture(autouse=True)
def monday():
    with clock.set_at(MONDAY):
        yield


@pytest.fixture
def service(at_work):
    return next(s for s in at_work.page.services if s.kind == "promised")


@pytest.fixture
def waiting(at_work, service):
    """The visit of last Thursday, whose case waits for a certificate."""
    with clock.set_at(MONDAY - timedelta(days=4)):
        visit = record_visit(
            by=at_work.person,
            service=service,
            outcome=VisitOutcome.PROMISED,
            student=student_by_number("000123"),
            result="缺证明",
            materials_complete=False,
        )
    at_work.page.refresh()
    at_work.root.focus_force()
    at_work.page.focus_first()
    return visit


def type_in(page, drive, service):
    """The keystrokes of a usual visit."""
    for name, text in (("visitor", "000123"), ("service", service.name)):
        drive.paste(page.form.widget(name), text)
        drive.keys("Return")
    drive.pump()


def save(drive, expected=2):
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == expected, "the visit")
    return Visit.select().order_by(Visit.arrived_at.desc()).get()


def is_seen(page, name):
    return bool(page.form.widget(name).winfo_ismapped())


def test_the_usual_keystrokes_go_on_with_the_case_that_waits(
    at_work, waiting, service, drive
):
    page = at_work.page
    type_in(page, drive, service)
    assert page.form.text("goes_on") == f"补齐 {waiting.number} 的材料"
    assert not is_seen(page, "outcome") and not is_seen(page, "repeat_cause")
    promise = page.form.value("promise").replace("\N{NO-BREAK SPACE}", " ")
    assert f"{waiting.number} 记为材料齐全" in promise and "应办结 11-30" in promise

    visit = save(drive)
    assert (visit.outcome, visit.trip) == (VisitOutcome.DONE, 2)
    assert visit.result == f"补齐 {waiting.number} 的材料，续办"
    assert visit.follows_uid == waiting.uid
    assert visit.repeat_cause == RepeatCause.MATERIALS
    assert case_of(visit).is_closed
    case = case_of(Visit.get(Visit.uid == waiting.uid))
    assert (case.status, case.due_on) == (CaseStatus.OPEN, date(2026, 11, 30))
    assert case.steps[-1].note == "学生补来材料"
    said = at_work.status.text
    assert f"{waiting.number} 材料齐全，续办，应于 2026-11-30 办结" in said
    assert not is_seen(page, "goes_on") and is_seen(page, "outcome")


def test_another_matter_is_one_digit_away(at_work, waiting, service, drive):
    page = at_work.page
    type_in(page, drive, service)
    page.form.focus_field("goes_on")
    drive.keys("2")
    assert is_seen(page, "outcome") and is_seen(page, "repeat_cause")
    visit = save(drive)
    assert (visit.outcome, visit.due_on) == (VisitOutcome.PROMISED, date(2026, 11, 30))
    assert case_of(waiting).status == CaseStatus.WAITING


def test_another_service_has_nothing_to_do_with_the_case_that_waits(
    at_work, waiting, drive
):
    page = at_work.page
    other = next(s for s in page.services if s.kind == "instant")
    type_in(page, drive, other)
    assert not is_seen(page, "goes_on")
    visit = save(drive)
    assert (visit.service_uid, visit.follows_uid) == (other.uid, "")
    assert case_of(waiting).status == CaseStatus.WAITING


def test_what_was_chosen_survives_being_parked(at_work, waiting, service, drive):
    page = at_work.page
    type_in(page, drive, service)
    page.form.focus_field("goes_on")
    drive.keys("2")
    page.on_park()
    assert not is_seen(page, "goes_on")
    page.on_unpark()
    drive.pump()
    assert page.form.value("goes_on") is False and is_seen(page, "outcome")


def test_a_second_line_of_the_same_coming_resumes_nothing(at_work, service, drive):
    page = at_work.page
    at_work.root.focus_force()
    type_in(page, drive, service)
    page.form.set("complete", False)
    page.form.set("result", "缺证明")
    drive.keys("ctrl+j")
    drive.wait_until(lambda: Visit.select().count() == 1, "the first")
    drive.paste(page.form.widget("service"), service.name)
    drive.keys("Return")
    drive.pump()
    assert page.form.waiting and not is_seen(page, "goes_on")
