"""Pins: what is pinned stays in its field after saving."""

import pytest
from driver import screen
from sealdesk import uses

from models import clock
from models.errors import UserError
from models.people import person_signing_in
from models.visits import Visit, VisitChannel, VisitOutcome, visits_on


def pin(form, name):
    return form.pins._offered[name][1]


def icon(form, name):
    """The picture beside the field, as pixels."""
    shown = pin(form, name)
    left, top = shown.winfo_rootx(), shown.winfo_rooty()
    right, bottom = left + shown.winfo_width(), top + shown.winfo_height()
    grey = screen().convert("L").crop((left, top, right, bottom))
    return grey.point(lambda light: light > 200).tobytes()


def test_pinned_fields_of_a_visit_outlive_saving_and_emptying(at_work, drive):
    page, form = at_work.page, at_work.page.form
    service = next(s for s in page.services if s.kind == "promised")
    form.set("service", service)
    form.set("channel", VisitChannel.PHONE)
    form.set("note", "开学第一周")
    form.set("result", "只这一次")
    at_work.root.focus_force()
    drive.pump(0.1)
    before = icon(form, "service")
    for name in ("service", "channel"):
        form.focus_field(name)
        drive.pump()
        drive.keys("ctrl+h")
        assert at_work.status.text == f"“{form.label(name)}”保存后会保留。"
    pin(form, "note").event_generate("<Button-1>")
    drive.pump()
    assert form.pins.names == {"service", "channel", "note"}
    assert icon(form, "service") != before

    for number in ("2024030101", "2024030102"):
        form.set("visitor", page.students.suggest(number)[0].record)
        form.submit()
        drive.pump()
        assert not form.problems()
    first, second = visits_on(clock.today())
    assert {first.service_name, second.service_name} == {service.name}
    assert {first.channel, second.channel} == {VisitChannel.PHONE}
    assert {first.note, second.note} == {"开学第一周"}
    assert sorted([first.result, second.result]) == ["", "只这一次"]
    # Set without being picked: the usual outcome follows from the second on.
    outcomes = {first.outcome, second.outcome}
    assert outcomes == {VisitOutcome.DONE, VisitOutcome.PROMISED}
    assert form.text("visitor") == form.text("result") == ""

    at_work.page.on_new()
    assert form.value("service") == service and form.text("note") == "开学第一周"
    at_work.page.on_park()  # nothing was typed: what is pinned is no entry
    assert "没有要挂起" in at_work.status.text
    form.focus_field("service")
    drive.pump()
    drive.keys("ctrl+h")
    at_work.page.on_new()
    assert form.value("service") is None and icon(form, "service") == before


def test_a_field_without_a_pin_says_where_to_put_the_cursor(at_work, drive):
    at_work.root.focus_force()
    at_work.page.form.focus_field("visitor")
    drive.pump()
    drive.keys("ctrl+h")
    drive.wait_until(lambda: "图钉" in at_work.info.text, "the refusal")
    with pytest.raises(UserError):
        at_work.page.form.pin_field()
    assert Visit.select().count() == 0


def test_pins_of_the_seal_form_go_on_for_the_same_person_only(at_work, drive):
    at_work.show("seals")
    page, form = at_work.page, at_work.page.form
    told = {"unit": "校外", "document_title": "在读证明", "purpose": "申请贷款"}
    for name, text in {**told, "approver": "陈老师", "copies": "2"}.items():
        form.set(name, text)
        form.pins.toggle(name)
    for applicant in ("王家长", "李家长"):
        form.set("applicant", applicant)
        form.submit()
        drive.pump()
        assert not form.problems()
    assert [(u.applicant, u.copies, u.impressions) for u in uses()] == [
        ("王家长", 2, 2),
        ("李家长", 2, 2),
    ]
    assert form.text("purpose") == "申请贷款"
    # A field that is not there has no pin there either.
    form.show_field("note", False)
    assert not pin(form, "note").winfo_manager()
    form.show_field("note", True)

    at_work.lock()
    at_work.sign_in(person_signing_in("2023010101"))
    at_work.show("seals")
    drive.pump()
    assert form.text("purpose") == "" and not form.pins.names
    assert page is at_work.page
