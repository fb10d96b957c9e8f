"""How many keys a visit takes, counted from the keys that came in, and no mouse."""

from datetime import date, datetime

import pytest

from models import clock
from models.visits import Visit, VisitOutcome

MONDAY = datetime(2026, 11, 23, 10, 0)
FEW = 10
MODIFIERS = ("Shift_L", "Shift_R", "Control_L", "Control_R")


@pytest.fixture(autouse=True)
def monday():
    with clock.set_at(MONDAY):
        yield


@pytest.fixture
def pressed(at_work, drive):
    """Every key that arrives in the window, and every click.

    They are noted before any widget sees them: what a field or the window answers
    goes no further, and bind_all would miss it.
    """
    keys, root = [], at_work.root
    root.bind_class("Noted", "<KeyPress>", lambda event: note(keys, event.keysym))
    root.bind_class("Noted", "<Button>", lambda event: note(keys, "a click"))
    for widget in widgets_of(at_work):
        widget.bindtags(("Noted", *widget.bindtags()))
    root.focus_force()
    at_work.page.focus_first()
    first = at_work.page.form.widget("visitor")
    drive.wait_until(lambda: root.focus_get() is first, "the focus")
    yield keys
    for sequence in ("<KeyPress>", "<Button>"):
        root.unbind_class("Noted", sequence)


def note(keys, name):
    if name not in MODIFIERS:
        keys.append(name)


def widgets_of(widget):
    yield widget
    for child in widget.winfo_children():
        yield from widgets_of(child)


def press(drive, keys, visits):
    """Press keys as a person does, until there are so many visits."""
    drive.keys(*keys)
    drive.wait_until(lambda: Visit.select().count() == visits, "the visit")


def last():
    return Visit.select().order_by(Visit.uid.desc()).get()


USUAL = ("z", "s", "Return", "x", "j", "z", "Return", "ctrl+s")
PROMISED = ("s", "w", "b", "Return", "m", "x", "s", "Return", "ctrl+s")
ENQUIRY = ("c", "y", "Return", "x", "k", "Return", "ctrl+s")


def test_an_instant_visit_takes_ten_keys_or_fewer(pressed, drive):
    press(drive, USUAL, 1)
    assert pressed == ["z", "s", "Return", "x", "j", "z", "Return", "s"]
    assert len(pressed) <= FEW
    visit = last()
    assert (visit.visitor_name, visit.outcome) == ("赵思远", VisitOutcome.DONE)


def test_a_promised_visit_takes_ten_keys_or_fewer(pressed, drive):
    press(drive, PROMISED, 1)
    assert len(PROMISED) == len(pressed) <= FEW
    visit = last()
    assert (visit.visitor_name, visit.outcome) == ("单文博", VisitOutcome.PROMISED)
    assert visit.due_on == date(2026, 11, 30)


def test_an_enquiry_takes_ten_keys_with_a_name_and_one_without(pressed, drive):
    press(drive, ENQUIRY, 1)
    assert 0 < len(pressed) <= FEW
    assert (last().visitor_name, last().outcome) == ("曾雨桐", VisitOutcome.ENQUIRY)
    pressed.clear()
    press(drive, ("ctrl+1",), 2)
    assert pressed == ["1"]
    assert (last().visitor_name, last().outcome) == ("", VisitOutcome.ENQUIRY)


def test_a_second_service_of_the_same_person_takes_fewer_keys(pressed, drive):
    press(drive, (*USUAL[:-1], "ctrl+j"), 1)
    assert 0 < len(pressed) <= FEW
    first = last()
    pressed.clear()
    press(drive, ("m", "x", "s", "Return", "ctrl+s"), 2)
    assert 0 < len(pressed) <= 5
    second = last()
    assert second.occasion_uid == first.uid
    assert second.student_number == first.student_number == "2024030101"
    assert second.outcome == VisitOutcome.PROMISED


def test_a_repeat_visit_takes_no_key_more(pressed, drive):
    press(drive, PROMISED, 1)
    pressed.clear()
    press(drive, PROMISED, 2)
    assert 0 < len(pressed) <= FEW
    assert (last().trip, last().repeat_cause) == (2, "not_ready")
