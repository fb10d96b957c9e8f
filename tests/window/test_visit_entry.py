"""来访登记: what is parked comes back, a stray card opens nothing."""

import pytest

from desk.suggestions import StudentIndex
from models import clock
from models.errors import UserError
from models.reception import record_visit
from models.visits import VisitOutcome, visits_on


def type_visit(page, name, note=""):
    page.form.set("visitor", page.students.suggest(name)[0].record)
    page.form.set("service", page.services[4])
    page.form.set("note", note)


def test_taking_back_a_parked_entry_parks_what_is_being_typed(at_work):
    page = at_work.page
    type_visit(page, "zs", "第一位")
    page.on_park()
    type_visit(page, "swb", "第二位")
    page.on_unpark()
    assert page.form.text("note") == "第一位"
    visitor = page.form.widget("visitor")
    assert not visitor.selection_present(), "a digit would take the place of the name"
    assert visitor.index("insert") == len("赵思远")
    said = at_work.status.message.cget("text")
    assert "已取回：赵思远" in said and "刚才填的已挂起" in said
    page.on_unpark()
    assert (page.form.text("visitor"), page.form.text("note")) == ("单文博", "第二位")
    page.on_unpark()
    assert page.form.text("note") == "第一位"


def test_every_parked_entry_comes_round(at_work):
    page = at_work.page
    for note in ("甲", "乙"):
        type_visit(page, "zs", note)
        page.on_park()
    page.form.set("note", "丙")
    seen = []
    for _ in range(3):
        page.on_unpark()
        seen.append(page.form.text("note"))
    assert seen == ["乙", "甲", "丙"]


def test_an_empty_form_parks_nothing(at_work):
    at_work.page.on_park()
    assert "没有要挂起的内容" in at_work.status.message.cget("text")
    with pytest.raises(UserError, match="没有挂起的内容"):
        at_work.page.on_unpark()


def test_a_swipe_into_the_list_opens_nothing(at_work, drive):
    page = at_work.page
    promised = next(s for s in page.services if s.kind == "promised")
    record_visit(
        by=at_work.person,
        service=promised,
        outcome=VisitOutcome.PROMISED,
        visitor_name="王家长",
    )
    page.refresh()
    at_work.root.focus_force()
    page.table.tree.focus_set()
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    drive.pump(0.3)
    drive.swipe("0002220002")  # a dialog would fail the test
    drive.pump(0.1)


def test_enter_still_opens_the_marked_case(at_work, drive):
    test_a_swipe_into_the_list_opens_nothing(at_work, drive)
    assert at_work.page is at_work.pages["visits"]
    drive.keys("Return")
    drive.wait_until(lambda: at_work.page is not at_work.pages["visits"], "the case")
    assert at_work.page.table.selected().case.visit.visitor_name == "王家长"


def test_one_more_enquiry_is_about_the_chosen_service_or_none(at_work):
    page = at_work.page
    page.on_add_enquiry()
    page.form.set("service", page.services[0])
    page.on_add_enquiry()
    names = [visit.service_name for visit in visits_on(clock.today())]
    assert names == [page.services[0].name, "一般咨询"]


def test_finding_says_what_it_found_and_leads_into_the_list(at_work, drive):
    page = at_work.page
    for name in ("王家长", "李家长", "来客"):
        record_visit(
            by=at_work.person,
            service=page.services[4],
            outcome=VisitOutcome.DONE,
            visitor_name=name,
        )
    page.refresh()
    at_work.root.focus_force()
    drive.keys("ctrl+f")
    drive.paste(page.find_entry, "家长")
    drive.keys("Down")
    assert page.heading.cget("text") == "找到 2 条"
    assert at_work.root.focus_get() is page.table.tree
    assert page.table.selected().visitor_name == "李家长"
    drive.keys("ctrl+f")
    drive.paste(page.find_entry, "没有的")
    drive.keys("Return")
    assert page.table._empty_text.cget("text") == "没有找到“没有的”，按 Esc 清除。"
    assert page.heading.cget("text") == "找到 0 条"
    drive.keys("Escape")
    drive.wait_until(lambda: page.table.count == 3, "the whole list")
    assert page.heading.cget("text") == "今日来访 3 次"


def test_the_likelier_reading_comes_first():
    rows = [
        ("u1", "2024000001", "甲", "", "", "", "cx zs"),
        ("u2", "2024000002", "乙", "", "", "", "zs"),
        ("u3", "2024000003", "丙", "", "", "", "zsa cs"),
    ]
    found = [item.record.name for item in StudentIndex(rows).suggest("zs")]
    assert found == ["乙", "丙", "甲"]
