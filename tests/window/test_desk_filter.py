"""The office looks at the cases of one desk."""

import pytest

from exports.sync import sync
from models import storage
from models.cases import refer_case
from models.desks import desks, this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.visits import VisitOutcome


def other_desk():
    return next(desk for desk in desks() if desk.code != "jiaowu")


@pytest.fixture
def page(centre, request, drive):
    """办件 of the office: one case at 教务, one sent to another desk."""
    storage.open_database(centre / "desk")
    by = person_signing_in("T001")
    service = next(s for s in services_of(this_desk()) if s.kind == "promised")
    for name in ("王家长", "赵同学"):
        visit = record_visit(
            by=by, service=service, outcome=VisitOutcome.PROMISED, visitor_name=name
        )
    refer_case(visit, by=by, desk=other_desk(), note="请核实缴费情况")
    sync()
    storage.open_database(centre / "office")
    sync()
    storage.close_database()
    window = request.getfixturevalue("at_office")
    window.show("cases")
    drive.pump()
    return window.page


def choose(page, name):
    box = page.desk_filter.box
    box.set(name)
    box.event_generate("<<ComboboxSelected>>")
    box.update()


def names(page):
    return sorted(row[1] for row in page.table.rows())


def test_the_cases_of_one_desk_are_those_it_has_now(page):
    assert names(page) == ["王家长", "赵同学"]
    choose(page, "教务事务窗口")
    assert names(page) == ["王家长"]
    assert page.heading.cget("text") == "未办结 1 件"
    choose(page, other_desk().name)
    assert names(page) == ["赵同学"]
    choose(page, "全部窗口")
    assert names(page) == ["王家长", "赵同学"]


def test_sent_away_are_those_of_the_desk_that_sent_them(page):
    choose(page, "教务事务窗口")
    page.views.set("sent")
    assert names(page) == ["赵同学"]
    choose(page, other_desk().name)
    assert names(page) == []


def test_the_chosen_desk_stays_when_the_page_is_read_again(page):
    choose(page, "教务事务窗口")
    page.window.show("ledgers")
    page.window.show("cases")
    assert page.desk_filter.box.get() == "教务事务窗口"
    assert names(page) == ["王家长"]


def test_a_desk_has_no_such_filter(at_work):
    at_work.show("cases")
    assert at_work.page.desk_filter is None


@pytest.mark.parametrize("size", ["1366x740+0+0", "1024x640+0+0"])
def test_the_filter_and_the_views_are_whole_on_every_screen(page, drive, size):
    page.window.root.geometry(size)
    drive.pump(0.2)
    box = page.desk_filter.box
    right = box.winfo_rootx() + box.winfo_width()
    assert right <= page.winfo_rootx() + page.winfo_width()
    for button in page.views.buttons.values():
        assert button.winfo_width() >= button.winfo_reqwidth()
        assert button.winfo_rooty() + button.winfo_height() <= box.winfo_rooty()
    assert page.table.tree.winfo_height() > 60
