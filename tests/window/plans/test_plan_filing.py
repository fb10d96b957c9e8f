"""The office files a plan or returns it."""

import pytest
from planspage import B, exchange

from desk import dialogs
from desk.pages import plan_words
from models.desks import department_by_name, desk_by_code
from models.people import person_signing_in
from models.plan_contents import who
from models.plan_decisions import PlanDecision
from models.plans import new_plan, save_plan, submit_plan


@pytest.fixture
def sent(centre, term):
    """A plan of 李老师, submitted at the desk; the office has it, and is open."""
    teacher = person_signing_in("T001")
    plan = new_plan(
        by=teacher,
        desk=desk_by_code("jiaowu"),
        department=department_by_name("教务处"),
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    shift = {
        "weekday": 1,
        "from": "08:30",
        "to": "10:00",
        "a": who(person_signing_in(B)),
    }
    save_plan(plan, by=teacher, shifts=[shift])
    submit_plan(plan, by=teacher)
    exchange(centre, last="office")
    return plan


@pytest.fixture
def at_office_plans(sent, at_office, drive):
    at_office.root.focus_force()
    drive.keys("ctrl+F6")
    drive.pump(0.3)
    return at_office.page


def test_the_office_files_a_plan_under_a_number_it_may_change(
    at_office_plans, drive, shown, monkeypatch
):
    page = at_office_plans
    proposed = []

    def ask(parent, text, **options):
        proposed.append(options["initial"])
        return "AB〔2026〕8号"

    monkeypatch.setattr(dialogs, "ask_text", ask)
    assert page.listed.state == "已报送待备案"
    assert page.buttons["accept"].cget("text") == "备案 Ctrl+B"
    drive.keys("ctrl+b")
    drive.wait_until(lambda: PlanDecision.select().exists(), "the decision")
    assert proposed == ["AB〔2026〕1号"]
    assert page.listed.state == "已备案 AB〔2026〕8号"
    assert str(page.buttons["accept"].cget("state")) == "disabled"
    for keys in ("ctrl+b", "ctrl+u"):  # nothing is left to decide
        drive.keys(keys)
        assert "请先在列表中选中" in page.window.info.text


def test_a_returned_plan_shows_its_reason_and_is_copied_to_a_new_version(
    at_office_plans, drive, shown
):
    page = at_office_plans
    shown.answers = ["周三没有人"]
    drive.keys("ctrl+u")
    drive.pump(0.1)
    assert page.listed.state == "已退回（周三没有人）"
    page.cards["fact"].copy_button.invoke()
    assert page.card == "new" and page.cards["new"].value("like") == "newest"
    page.cards["new"].submit()
    drive.pump(0.2)
    assert page.plan.version == 2 and len(page.plan.shifts) == 1


def test_an_older_version_is_shown_as_replaced(at_office_plans, drive, shown):
    page = at_office_plans
    for _ in range(2):
        shown.answers = ["AB" + str(PlanDecision.select().count())]
        page.buttons["accept"].invoke()
        page.cards["fact"].copy_button.invoke()
        page.cards["new"].submit()
        drive.pump(0.1)
        shown.answers = [True]
        page.buttons["submit"].invoke()
    states = [listed.state for listed in plan_words.listed_plans()]
    assert states == ["已报送待备案", "已备案 AB1", "已被新版代替 AB0"]
