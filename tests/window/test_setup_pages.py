"""The office's pages: after a refusal one can go on typing."""

import pytest

from models.desks import department_by_name
from models.people import PersonRole, add_person, person_signing_in
from models.seals import Seal


def test_the_departments_own_teachers_are_offered_first(at_office, shown):
    student_office = department_by_name("学生处")
    own = add_person(
        by=at_office.person,
        number="X001",
        name="徐老师",
        role=PersonRole.TEACHER,
        department=student_office,
    )
    at_office.show("seal_setup")
    page = at_office.page
    page.form.set("department", student_office.uid)
    offered = page.form.widget("keeper")._suggest("")
    assert offered[0].record.uid == own.uid
    page.form.set("department", department_by_name("教务处").uid)
    names = [item.record.name for item in page.form.widget("keeper")._suggest("")]
    assert set(names[:2]) == {"李老师", "陈老师"}


def test_a_keeper_of_another_department_is_refused(at_office):
    at_office.show("seal_setup")
    page = at_office.page
    page.form.set("department", department_by_name("学生处").uid)
    page.form.set("keeper", person_signing_in("T001"))
    before = Seal.select().count()
    page.save_button.invoke()
    assert "李老师不是学生处的人" in page.form.problems()[0]
    assert Seal.select().count() == before
    assert page.form.text("keeper") == "李老师"


@pytest.mark.parametrize(
    ("name", "typed"), [("number", "T001"), ("card", "0001110002")]
)
def test_a_number_somebody_has_is_shown_at_its_field(at_office, drive, name, typed):
    at_office.show("people")
    drive.pump()
    page = at_office.page
    page.form.set("number", "X009")
    page.form.set("name", "某某")
    page.form.set(name, typed)
    page.save_button.invoke()
    assert "已经属于" in page.form.problems()[0]
    assert at_office.root.focus_get() is page.form.widget(name)


def test_the_department_stays_for_the_next_person(at_office):
    at_office.show("people")
    form = at_office.page.form
    uid = department_by_name("教务处").uid
    form.set("department", uid)
    form.set("name", "某某")
    at_office.page.on_new()
    assert form.value("department") == uid
    assert form.text("name") == ""
