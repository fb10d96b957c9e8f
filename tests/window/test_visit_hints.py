"""What the form of a visit says while it is filled in, before anything is saved."""

from datetime import datetime

import pytest

import models
from desk import dialogs, suggestions
from models import clock


@pytest.fixture(autouse=True)
def monday():
    with clock.set_at(datetime(2026, 11, 23, 10, 0)):
        yield


@pytest.fixture
def page(at_work, drive):
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


def words(page, name):
    """What a line says, "" while it is not there."""
    shown = page.form.widget(name).winfo_ismapped()
    return " ".join(str(page.form.value(name)).split()) if shown else ""


def test_a_number_the_roster_does_not_have_is_told_on_leaving_the_field(page, drive):
    drive.typing("20249999")
    assert words(page, "unknown") == ""
    drive.keys("Return")
    drive.pump()
    assert words(page, "unknown") == "“20249999”不在名册中，请核对学号，或填写姓名。"
    assert page.window.root.focus_get() is page.form.widget("service")  # no block
    drive.keys("shift+Return")
    drive.typing("zs")
    drive.keys("Return")
    drive.pump()
    assert words(page, "unknown") == "" and words(page, "about")


def test_a_strangers_name_is_nothing_to_hint_at(page, drive):
    drive.paste(page.form.widget("visitor"), "王家长")
    drive.keys("Return")
    drive.pump()
    assert words(page, "unknown") == ""


def test_an_emptied_form_says_nothing_of_the_number_before(page, drive):
    drive.typing("20249999")
    drive.keys("Return", "ctrl+n")
    drive.pump()
    assert words(page, "unknown") == ""


def test_without_all_materials_the_result_is_what_is_missing(page, drive):
    def captions():
        return {
            child.cget("text")
            for child in page.form.area.winfo_children()
            if child.winfo_class() == "TLabel" and child.winfo_ismapped()
        }

    page.form.set("outcome", "promised")
    drive.pump()
    assert "办理结果" in captions() and "还缺什么" not in captions()
    page.form.focus_field("complete")
    drive.keys("space")
    drive.pump()
    assert "还缺什么" in captions() and "办理结果" not in captions()
    page.form.set("outcome", "done")
    drive.pump()
    assert "办理结果" in captions()
    page.form.set("outcome", "promised")
    drive.keys("ctrl+n")
    drive.pump()
    assert "还缺什么" not in captions()


def test_a_dialog_keeps_a_number_and_its_unit_in_one_line(at_work):
    dialog = dialogs.build_warning(at_work.root, "还有 3 件没有办结。")
    (text,) = [w for w in dialog.body.winfo_children() if w.winfo_class() == "TLabel"]
    assert text.cget("text") == "还有 3\N{NO-BREAK SPACE}件没有办结。"
    dialog.close(None)


def test_who_was_picked_is_read_once_and_again_when_something_changed(
    page, drive, monkeypatch
):
    asked = []
    read = suggestions.student_by_number
    monkeypatch.setattr(
        suggestions, "student_by_number", lambda n: (asked.append(n), read(n))[1]
    )
    drive.typing("zs")
    drive.keys("Return")
    drive.pump()
    pick = page.form.value("visitor")
    assert asked == [pick.number] and words(page, "about")
    models.record_enquiry(by=page.window.person)
    assert pick.student == read(pick.number) and len(asked) == 2
