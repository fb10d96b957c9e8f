"""Where 排班 begins: the own plan in front, a new one for the own department."""

import pytest
from duty import person
from planspage import A, exchange

from desk.keymap import keys_of
from models import storage
from models.base import transaction
from models.desks import DeskDepartment, department_by_name, desk_by_code
from models.people import person_signing_in
from models.plans import ShiftPlan, new_plan, submit_plan


@pytest.fixture
def shared(centre, term):
    """At the teacher's desk 团委 serves too, and its plan is the newest."""
    storage.open_database(centre / "office")
    head = person("9001")
    desk, league = desk_by_code("jiaowu"), department_by_name("团委")
    with transaction():
        DeskDepartment(desk_uid=desk.uid, department_uid=league.uid).write(by=head)
    for department in (department_by_name("教务处"), league):
        new_plan(
            by=head,
            desk=desk,
            department=department,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
        )
    exchange(centre)
    return term


@pytest.fixture
def opened_by(shared, window, drive):
    def open_page(number):
        if window.person is not None:
            window.lock()
        window.sign_in(person_signing_in(number))
        window.show("plans")
        window.root.focus_force()
        drive.pump(0.3)
        return window.page

    return open_page


def test_the_own_department_comes_first_though_another_planned_later(opened_by):
    page = opened_by("T001")
    assert page.plan.department_name == "教务处"
    names = [row[0] for row in page.plan_table.rows()]
    assert [name.split()[0] for name in names] == ["教务处", "团委"]


def test_a_new_version_is_for_the_own_department_whatever_is_chosen(opened_by, drive):
    page = opened_by("T001")
    league = next(
        uid
        for uid, listed in page._versions.items()
        if listed.plan.department_name == "团委"
    )
    page._choose(league)
    drive.keys("ctrl+n")
    card = page.cards["new"]
    assert card.widget("desk").get() == "教务事务窗口"
    assert [text for text, _ in card.widget("department").choices] == ["教务处"]
    assert card.value("like") == "newest"
    card.submit()
    assert (page.plan.department_name, page.plan.version) == ("教务处", 2)


def test_a_fixed_plan_of_others_is_not_to_be_copied(centre, opened_by, drive):
    page = opened_by("T001")
    storage.open_database(centre / "office")
    league = department_by_name("团委")
    plan = ShiftPlan.get(ShiftPlan.department_uid == league.uid)
    plan.shifts = [
        {"key": "k", "weekday": 0, "weeks": "all", "from": "08:30", "to": "10:00"}
        | {"a": {"uid": "u", "number": "1", "name": "甲"}, "b": []}
    ]
    submit_plan(plan, by=person("9001"))
    exchange(centre)
    drive.keys("F5")
    page._choose(plan.uid)
    copy = page.cards["fact"].copy_button
    assert str(copy.cget("state")) == "disabled" and "本部门" in copy.cget("text")


def test_students_are_told_on_the_buttons_who_plans(opened_by, drive):
    page = opened_by(A)
    for button in (page.buttons["new"], page.buttons["import"]):
        assert str(button.cget("state")) == "disabled"
        assert "限老师" in button.cget("text")
    assert str(page.buttons["submit"].cget("state")) == "disabled"
    for keys in ("ctrl+n", "ctrl+i"):
        drive.keys(keys)
        assert "本部门的老师" in page.window.info.text
        assert page.card not in ("new", "import")
        drive.keys("Escape")
    page = opened_by("T001")
    assert str(page.buttons["new"].cget("state")) == "normal"
    assert page.buttons["new"].cget("text") == "新建一版 Ctrl+N"


def test_what_is_done_to_a_plan_has_a_key_on_its_button(opened_by, drive):
    page = opened_by("T001")
    assert page.buttons["submit"].cget("text") == "报送 Ctrl+R"
    assert page.buttons["import"].cget("text") == "导入课表 Ctrl+I"
    shown = [key.shown for key in keys_of(page.window.here)]
    assert "Ctrl+R" in shown and "Ctrl+B" not in shown
    drive.keys("ctrl+i")
    assert page.card == "import"
