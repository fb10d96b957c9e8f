"""The rare fields of a visit, and strangers who come again."""

from datetime import datetime, timedelta

import pytest
from visitdesk import of_kind, to_front

from models import clock
from models.reception import record_visit
from models.visits import Visit, VisitOutcome

MONDAY = datetime(2026, 11, 23, 10, 0)


@pytest.fixture(autouse=True)
def monday():
    with clock.set_at(MONDAY):
        yield


@pytest.fixture
def page(at_work, drive):
    return to_front(at_work, drive)


def fill(page, drive, **texts):
    """As typing and Enter do."""
    for name, text in texts.items():
        page.form.focus_field(name)
        drive.paste(page.form.widget(name), text)
        drive.keys("Return")
    drive.pump()


def save(drive, visits):
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == visits, "the visit")


def stranger_came(page, days_ago=3, outcome=VisitOutcome.NOTIFIED, **who):
    told = {"visitor_name": "王家长", "phone": "138 0000-1111", **who}
    with clock.set_at(MONDAY - timedelta(days=days_ago)):
        return record_visit(
            by=page.window.person,
            service=of_kind(page, "promised"),
            outcome=outcome,
            result="缺证明",
            **told,
        )


def hint(page):
    """Without the difference between spaces that break and those that do not."""
    shown = page.form.widget("again").winfo_ismapped()
    return " ".join(page.form.value("again").split()) if shown else ""


# -- who deals with it, and what was said of it ------------------------------------


def test_somebody_else_deals_with_it(page, drive):
    service = of_kind(page, "instant").name
    fill(page, drive, visitor="zs", service=service, handler="wf")
    assert page.form.text("handler") == "王芳"
    save(drive, 1)
    visit = page.saved
    assert (visit.first_receiver_name, visit.handler_name) == ("李老师", "王芳")
    assert page.form.text("handler") == ""
    fill(page, drive, visitor="zs", service=service)
    save(drive, 2)
    assert page.saved.handler_name == "李老师"


def test_a_name_that_nobody_here_has_is_refused_at_its_field(page, drive):
    fill(page, drive, visitor="zs", service=of_kind(page, "instant").name)
    fill(page, drive, handler="没有此人")
    drive.keys("ctrl+s")
    drive.pump()
    assert page.form.problems() == ["请从候选中选择承办人，空着就是本人。"]
    assert page.window.root.focus_get() is page.form.widget("handler")
    assert Visit.select().count() == 0


def test_the_people_of_this_desk_are_suggested_first(page, drive):
    page.form.focus_field("handler")
    drive.keys("Down")
    box = page.form.widget("handler").listbox
    departments = [line.split()[-1] for line in box.get(0, "end")]
    assert departments == ["教务处"] * 4 + ["中心办公室"]


def test_what_was_said_at_once_is_kept_by_a_digit(page, drive):
    fill(page, drive, visitor="zs", service=of_kind(page, "instant").name)
    page.form.focus_field("rating")
    drive.keys("4")
    assert page.form.widget("rating").get() == "4 分"
    save(drive, 1)
    assert page.saved.rating == Visit.get().rating == 4
    assert page.form.widget("rating").get() == "未评价"


def test_a_rating_that_is_refused_keeps_the_visit_back(page, drive):
    fill(page, drive, visitor="zs", service=of_kind(page, "instant").name)
    page.form.set_choices("rating", [("9 分", 9)])
    drive.keys("ctrl+s")
    drive.pump()
    assert page.form.problems() == ["满意度请选 1 到 5 分。"]
    assert Visit.select().count() == 0


def test_the_next_in_the_queue_has_the_same_handler_and_no_rating(page, drive):
    fill(page, drive, visitor="zs", service=of_kind(page, "instant").name, handler="wf")
    page.form.set("rating", 5)
    save(drive, 1)
    assert page.saved.rating == 5
    drive.keys("ctrl+d")
    drive.pump()
    assert page.form.text("handler") == "王芳" and page.form.value("rating") is None


def test_what_is_rare_stands_below_and_enter_walks_through_it(page, drive):
    page.form.focus_field("note")
    drive.keys("Return", "Return")
    assert page.window.root.focus_get() is page.form.widget("rating")
    top = {
        name: page.form.widget(name).winfo_rooty()
        for name in ("service", "note", "handler", "rating")
    }
    assert sorted(top, key=top.get) == list(top)


def test_what_is_parked_comes_back_with_all_it_said(page, drive):
    fill(page, drive, visitor="王家长", handler="wf")
    page.form.set("rating", 3)
    drive.keys("F9", "shift+F9")
    drive.pump()
    assert page.form.value("handler").name == "王芳"
    assert page.form.value("rating") == 3


# -- strangers ----------------------------------------------------------------------


def test_a_stranger_is_known_again_by_name_and_phone(page, drive):
    before = stranger_came(page)
    service = of_kind(page, "promised").name
    fill(page, drive, visitor="王家长", service=service)
    assert hint(page) == ""
    fill(page, drive, phone="13800001111")
    assert hint(page) == f"11-20 来过：一次性告知，缺证明（{before.number}）"
    assert page.form.widget("known").winfo_ismapped()
    save(drive, 2)
    visit = page.saved
    assert (visit.follows_uid, visit.trip) == (before.uid, 2)
    assert visit.repeat_cause == "materials"
    assert hint(page) == "" and not page.form.value("known")


def test_another_phone_is_somebody_else_and_blocks_nothing(page, drive):
    stranger_came(page)
    service = of_kind(page, "promised").name
    fill(page, drive, visitor="王家长", service=service, phone="13911112222")
    assert hint(page) == ""
    save(drive, 2)
    assert (page.saved.follows_uid, page.saved.trip) == ("", 1)


def test_the_hint_leaves_the_field_that_is_typed_in_where_it_is_seen(page, drive):
    stranger_came(page)
    page.window.root.geometry("1024x640")
    drive.pump(0.2)
    service = of_kind(page, "promised").name
    fill(page, drive, visitor="王家长", service=service)
    page.form.focus_field("phone")
    drive.typing("13800001111")
    drive.wait_until(lambda: hint_is_told(page), "the hint")
    drive.pump(0.1)
    entry, seen = page.form.widget("phone"), page.form.area.master
    bottom = entry.winfo_rooty() + entry.winfo_height()
    assert seen.winfo_rooty() <= entry.winfo_rooty()
    assert bottom <= seen.winfo_rooty() + seen.winfo_height()


def hint_is_told(page):
    return bool(page.form.value("again"))


def test_the_same_stranger_is_told_of_no_visit_of_this_coming(page, drive):
    service = of_kind(page, "promised").name
    who = {"visitor": "王家长", "service": service, "phone": "13800001111"}
    fill(page, drive, **who)
    drive.keys("ctrl+j")
    drive.wait_until(lambda: Visit.select().count() == 1, "the first")
    fill(page, drive, service=service)
    assert hint(page) == ""
    page.on_new()
    fill(page, drive, **who)
    assert hint(page).startswith("今日 10:00 来过：承诺办结")
