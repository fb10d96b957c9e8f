"""A term, and the page with no plan, an empty draft, or a planned week."""

from datetime import timedelta

import pytest
from duty import line, person
from planspage import A, B, C, exchange

from models import clock, storage
from models.desks import department_by_name
from models.people import PersonRole, add_person
from models.plan_contents import who
from models.terms import monday_of, set_term
from models.timetables import save_timetable


@pytest.fixture
def term(centre):
    """A term that began last week, 孙丽 as a third assistant, 张小明 in a class."""
    storage.open_database(centre / "office")
    head = person("9001")
    monday = monday_of(clock.today()) - timedelta(days=7)
    term = set_term(
        by=head, name="本学期", starts_on=monday, ends_on=monday + timedelta(days=130)
    )
    add_person(
        by=head,
        number=C,
        name="孙丽",
        role=PersonRole.ASSISTANT,
        department=department_by_name("教务处"),
    )
    mathematics = {"weekday": 0, "first": 1, "last": 2, "weeks": "all", "name": "数学"}
    save_timetable(person(A), by=head, term=term, lessons=[mathematics])
    exchange(centre)
    return term


@pytest.fixture
def planning(term, at_work, drive):
    """The page at the desk, no plan yet."""
    at_work.root.focus_force()
    drive.keys("ctrl+F6")
    drive.pump(0.3)  # past the time a new page ignores Enter
    assert at_work.page.title == "排班"
    return at_work.page


@pytest.fixture
def drafting(planning, drive):
    """A first version, nothing in it."""
    drive.keys("ctrl+s")
    drive.wait_until(lambda: planning.listed is not None, "the draft")
    drive.pump(0.3)
    return planning


@pytest.fixture
def planned(drafting, drive):
    """Monday 08:30–10:00 of odd and of even weeks, Wednesday, and a teacher's stay."""
    page = drafting
    zhang, wang, sun = (person(number) for number in (A, B, C))
    page.plan.shifts = [
        {"key": "odd", **line("08:30", "10:00", zhang, weeks="odd")},
        {"key": "even", **line("08:30", "10:00", wang, weeks="even")},
        {"key": "wed", **line("13:30", "17:00", sun, weekday=2)},
    ]
    page.plan.stays = [
        {
            "key": "stay",
            "weekday": 0,
            "weeks": "all",
            "from": "09:00",
            "to": "11:00",
            "teacher": who(person("T001")),
        }
    ]
    page._hold().lines_changed = True
    page._show_week()
    drive.pump(0.2)
    page.week.grid_.select_time(0, 8 * 60)
    return page
