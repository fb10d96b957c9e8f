"""来访登记 in the real window."""

from datetime import datetime

import pytest

from desk.pages.visitwords import read_materials
from models import clock
from models.errors import UserError
from models.visits import Visit, VisitOutcome, visits_on


def today():
    return visits_on(clock.today())


def test_a_usual_visit_is_taken_down_by_keys_alone(at_work, drive):
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)

    drive.keys("z", "s", "Return", "x", "j", "z", "Return", "ctrl+s")
    drive.wait_until(lambda: len(today()) == 1, "the visit")

    visit = today()[0]
    assert (visit.visitor_name, visit.student_number) == ("赵思远", "2024030101")
    assert visit.service_name == "学籍证明办理"
    assert visit.outcome == VisitOutcome.DONE
    assert visit.handler_name == "李老师"
    assert at_work.page.table.rows()[0][2] == "赵思远"
    assert at_work.root.focus_get() is at_work.page.form.widget("visitor")
    assert at_work.page.form.text("visitor") == ""


def test_a_name_typed_faster_than_the_list_comes_is_still_found(at_work, drive):
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    drive.typing("shanwb", delay=1)
    drive.keys("BackSpace", "BackSpace", "BackSpace", "BackSpace", "BackSpace")
    drive.typing("wb", delay=1)  # 单 read as shàn: "swb"
    drive.keys("Return", delay=1)
    assert at_work.page.form.text("visitor") == "单文博"


def test_surnames_are_found_by_either_reading(at_work, drive):
    page = at_work.page
    for text in ("zyt", "cyt"):
        names = [item.record.name for item in page.students.suggest(text)]
        assert names == ["曾雨桐"], text


def test_leading_zeros_of_a_number_survive(at_work):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("000123")[0].record)
    page.form.set("service", page.services[4])
    page.save_button.invoke()
    assert today()[0].student_number == "000123"


def test_a_stranger_is_taken_down_by_name(at_work, drive):
    page = at_work.page
    drive.paste(page.form.widget("visitor"), "王家长")
    page.form.set("service", page.services[4])
    page.save_button.invoke()
    assert today()[0].visitor_name == "王家长"
    assert today()[0].student_number == ""


def test_a_number_nobody_has_is_refused_and_nothing_typed_is_lost(at_work, drive):
    page = at_work.page
    page.form.widget("visitor").insert(0, "20999999")
    page.form.set("service", page.services[4])
    page.form.set("note", "稍后再来")
    page.save_button.invoke()
    drive.pump()

    assert today() == []
    assert page.form.problems() == [
        "来访人“20999999”不在名册中，请核对学号，或填写姓名。"
    ]
    assert page.form.text("visitor") == "20999999"
    assert page.form.text("note") == "稍后再来"
    assert at_work.root.focus_get() is page.form.widget("visitor")


def test_a_missing_service_is_asked_for_under_its_field(at_work, drive):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.save_button.invoke()
    drive.pump()
    assert page.form.problems() == ["请从候选中选择事项。"]
    assert at_work.root.focus_get() is page.form.widget("service")
    assert today() == []


def test_one_key_counts_an_enquiry_and_leaves_the_form_alone(at_work, drive):
    page = at_work.page
    page.form.widget("visitor").insert(0, "赵")
    at_work.root.focus_force()
    drive.keys("ctrl+1")
    drive.wait_until(lambda: len(today()) == 1, "the enquiry")
    assert today()[0].outcome == VisitOutcome.ENQUIRY
    assert page.form.text("visitor") == "赵"


def test_referring_asks_for_the_other_desk(at_work, drive):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", page.services[4])
    assert not page.form.widget("refer_to").winfo_ismapped()
    page.form.set("outcome", VisitOutcome.REFERRED)
    drive.pump()
    assert page.form.widget("refer_to").winfo_ismapped()
    page.save_button.invoke()
    assert page.form.problems() == ["请选择转到哪个窗口。"]
    drive.keys("2")
    page.save_button.invoke()
    assert today()[0].outcome == VisitOutcome.REFERRED


def test_a_digit_picks_the_outcome(at_work, drive):
    form = at_work.page.form
    at_work.root.focus_force()
    form.focus_field("outcome")
    drive.keys("6")
    assert form.value("outcome") == VisitOutcome.REFUSED
    drive.keys("Left")
    assert form.value("outcome") == VisitOutcome.ENQUIRY


def test_a_voided_visit_stays_in_sight(at_work, drive, shown):
    page = at_work.page
    page.on_add_enquiry()
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    shown.answers = ["点错了"]
    page.list_buttons["作废"].invoke()
    assert Visit.get().void_reason == "点错了"
    assert page.table.rows()[0][4] == "作废"


def test_an_open_case_is_counted_and_opened_on_its_own_page(at_work, drive):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", page.services[0])
    page.form.set("outcome", VisitOutcome.PROMISED)
    page.save_button.invoke()
    drive.wait_until(
        lambda: page.cases_button.cget("text") == "未办结 1 件", "the count"
    )
    page.on_add_enquiry()
    page.mark(today()[0])
    with pytest.raises(UserError, match="没有后续办件"):
        page.on_finish()
    page.mark(today()[1])
    page.list_buttons["办结"].invoke()
    drive.pump()
    assert at_work.page is at_work.pages["cases"]
    assert at_work.page.table.selected().case.visit == today()[1]
    at_work.show("visits")
    page.cases_button.invoke()
    assert at_work.page is at_work.pages["cases"]


def test_finding_narrows_the_list_and_esc_widens_it(at_work, drive):
    page = at_work.page
    page.on_add_enquiry()
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", page.services[4])
    page.save_button.invoke()
    at_work.root.focus_force()
    drive.keys("ctrl+f")
    drive.paste(page.find_entry, "赵思")
    drive.wait_until(lambda: len(page.table.rows()) == 1, "the find")
    drive.keys("Escape")
    drive.wait_until(lambda: len(page.table.rows()) == 2, "the whole list")


def test_delete_in_a_field_deletes_text_and_voids_nothing(at_work, drive):
    page = at_work.page
    page.on_add_enquiry()
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    at_work.root.focus_force()
    page.form.focus_field("note")
    page.form.set("note", "ab")
    page.form.widget("note").icursor(0)
    drive.keys("Delete")
    assert page.form.text("note") == "b"
    assert not Visit.get().is_void


def test_a_parked_entry_comes_back_whole(at_work, drive):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("note", "等电话")
    at_work.root.focus_force()
    drive.keys("F9")
    assert page.form.text("visitor") == ""
    drive.keys("shift+F9")
    assert page.form.value("visitor").number == "2024030101"
    assert page.form.text("note") == "等电话"


def test_switching_pages_loses_nothing_typed(at_work, drive):
    page = at_work.page
    page.form.set("note", "半句话")
    at_work.root.focus_force()
    drive.keys("F3")
    assert at_work.page is not page
    drive.keys("F2")
    assert at_work.page is page
    assert page.form.text("note") == "半句话"


def test_an_earlier_visit_of_today_is_hinted_at(at_work, drive):
    page = at_work.page
    for service in (4, 5):
        page.form.set("visitor", page.students.suggest("zs")[0].record)
        page.form.set("service", page.services[service])
        drive.pump()
        hint = page.form.value("about")
        page.form.set("outcome", VisitOutcome.DONE)
        page.save_button.invoke()
    words = " ".join(hint.split())  # some of its spaces do not break
    assert f"今日已来过 1 次：{page.services[4].name}" in words
    assert len(today()) == 2


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("申请表", [("申请表", 1)]),
        ("申请表×2、成绩单", [("申请表", 2), ("成绩单", 1)]),
        ("申请表*3，照片 x 4", [("申请表", 3), ("照片", 4)]),
    ],
)
def test_materials_are_read_with_their_counts(text, items):
    assert [(i["name"], i["count"]) for i in read_materials(text)] == items


def test_a_promise_says_its_day_and_when_the_year_is_not_known_yet(at_work, drive):
    page = at_work.page

    def promise(moment):
        with clock.set_at(moment):
            page.form.set("visitor", page.students.suggest("000123")[0].record)
            page.form.set("service", page.services[0])
            page.form.set("outcome", VisitOutcome.PROMISED)
            page.save_button.invoke()

    promise(datetime(2026, 11, 23, 9))
    assert "应于 2026-11-30 办结" in at_work.status.text
    assert not at_work.info.is_shown
    promise(datetime(2029, 12, 28, 9))
    assert "2029、2030 年的放假安排还没有录入" in at_work.info.text
