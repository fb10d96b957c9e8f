"""用印, one person after the other: everybody finds their own."""

import pytest
from sealdesk import the_seal

from exports.sync import sync
from models import storage
from models.desks import department_by_name, desk_by_code
from models.people import PersonRole, add_person, person_signing_in
from models.seals import register_seal

TEACHER, COLLEAGUE = "T001", "T002"


@pytest.fixture
def page(at_work, drive):
    at_work.show("seals")
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


def change_to(page, number):
    """Ctrl+L, and somebody signs in."""
    page.window.lock()
    page.window.sign_in(person_signing_in(number))
    page.window.show("seals")
    return page.form


def share_the_desk(centre):
    """A second department's seal at this desk, and two of its teachers."""
    storage.open_database(centre / "office")
    head = person_signing_in("9001")
    youth = department_by_name("团委")
    bai, _ = [
        add_person(
            by=head,
            number=number,
            name=name,
            role=PersonRole.TEACHER,
            department=youth,
            card=card,
        )
        for number, name, card in (
            ("T009", "白老师", "0001110009"),
            ("T010", "黄老师", "0001110010"),
        )
    ]
    seal = register_seal(
        by=head, department=youth, desk=desk_by_code("jiaowu"), keeper=bai
    )
    sync()
    storage.open_database(centre / "desk")
    sync()
    return seal


def begin(page):
    page.form.set("applicant", "王家长")
    page.form.set("copies", 3)
    page.form.take_batch(["2024030101", "2024030102"])
    page.save_button.invoke()
    assert page.form.problems()


def test_what_one_was_typing_waits_for_them_and_not_for_the_next(page):
    begin(page)
    form = change_to(page, COLLEAGUE)
    assert form.text("applicant") == "" and form.text("students") == ""
    assert form.value("copies") == 1 and form.batch == []
    assert form.problems() == [] and not page.window.info.is_shown
    assert form.value("seal") == the_seal().uid
    form.set("note", "加急")
    form = change_to(page, TEACHER)
    assert form.text("applicant") == "王家长" and form.text("note") == ""
    assert form.batch == ["2024030101", "2024030102"] and form.problems() == []
    assert "已经取回" in page.window.status.text
    assert change_to(page, COLLEAGUE).text("note") == "加急"


def test_who_signs_in_again_goes_on_and_an_old_refusal_is_gone(page):
    begin(page)
    form = change_to(page, TEACHER)
    assert form.text("applicant") == "王家长" and form.problems() == []


def test_a_card_that_another_opened_is_put_away(page):
    page.on_take_out()
    change_to(page, COLLEAGUE)
    assert page.front is None and page.form.winfo_manager()


def test_on_a_joint_desk_one_s_own_seal_is_offered_first(centre, window, drive):
    own = share_the_desk(centre)
    window.sign_in(person_signing_in("T009"))
    window.show("seals")
    page = window.page
    assert page.form.value("seal") == own.uid != page.seals[0].uid
    assert "白老师" in page.form.value("holder")
    assert change_to(page, TEACHER).value("seal") == page.seals[0].uid
    # Of the department, where nobody's own is here.
    assert change_to(page, "T010").value("seal") == own.uid
