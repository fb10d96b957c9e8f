"""What a first day at a desk showed: nothing typed is lost, nothing signs itself."""

from datetime import timedelta

import pytest

from desk.pages.handover import used_in_words
from models import clock
from models.errors import UserError
from models.handovers import Handover, HandoverStatus
from models.people import person_signing_in
from models.seal_uses import SealUse
from models.visits import VisitOutcome, record_visit, visits_on


def swipe(drive, card):
    """As a reader does: digits and Enter, some milliseconds apart."""
    drive.keys(*card, "Return", delay=3)


# -- handover -----------------------------------------------------------------


@pytest.fixture
def handover(at_work, drive):
    at_work.page.on_add_enquiry()
    at_work.show("handover")
    drive.pump()
    return at_work.page


@pytest.fixture
def waiting(handover, drive):
    handover.hand_over_button.invoke()
    handover.window.root.focus_force()
    handover.focus_first()
    drive.pump(0.3)  # past the time a new page ignores keys
    return handover


@pytest.mark.parametrize("how", ["button", "ctrl+s"])
def test_a_typed_objection_is_on_record_however_one_signs(waiting, drive, how):
    waiting.incoming.set("person", "2023010101")
    waiting.incoming.set("objection", "钥匙少一把")
    if how == "button":
        waiting.take_over_button.invoke()
    else:
        drive.keys(how)
    drive.wait_until(lambda: Handover.get().incoming_uid, "the signature")
    assert Handover.get().objection == "钥匙少一把"
    assert Handover.get().status == HandoverStatus.OBJECTED


def test_who_takes_over_is_signed_in_and_no_button_signs_again(waiting, drive):
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    drive.pump()
    assert waiting.window.person.name == "张小明"
    assert "张小明" in waiting.window.header.person.cget("text")
    assert not waiting.hand_over_button.winfo_ismapped()
    assert "张小明已接班" in waiting.window.status.message.cget("text")


def test_an_empty_handover_right_after_another_is_asked_for(waiting, drive, shown):
    window = waiting.window
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    window.show("handover")
    shown.answers = [False]
    waiting.hand_over_button.invoke()
    assert "刚交过班" in shown[0] and "张小明" in shown[0]
    assert Handover.select().count() == 1
    shown.answers = [True]
    waiting.hand_over_button.invoke()
    assert Handover.select().count() == 2


def test_a_handover_with_visits_or_after_a_while_is_not_asked_for(waiting, drive):
    window = waiting.window
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    window.page.on_add_enquiry()
    window.show("handover")
    waiting.hand_over_button.invoke()
    waiting.incoming.set("person", "T001")
    waiting.take_over_button.invoke()
    with clock.set_at(clock.now() + timedelta(hours=2)):
        window.show("handover")
        waiting.hand_over_button.invoke()
    assert Handover.select().count() == 3


def test_a_swipe_names_the_person_and_a_second_one_does_nothing(waiting, drive):
    swipe(drive, "0002220002")
    drive.pump()
    assert waiting.incoming.value("hint") == "王芳（学生助理）"
    assert waiting.window.root.focus_get() is waiting.take_over_button
    swipe(drive, "0002220002")
    drive.pump()
    assert waiting.incoming.value("objection") == ""
    assert waiting.incoming.text("person") == "0002220002"
    assert Handover.get().status == HandoverStatus.WAITING
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Handover.get().incoming_name == "王芳", "the signature")


def test_a_card_of_nobody_is_refused_at_its_field(waiting, drive):
    swipe(drive, "0009998887")
    drive.pump()
    assert "没有这个学号" in waiting.incoming.problems()[0]
    assert waiting.window.root.focus_get() is waiting.incoming.widget("person")


def test_the_summary_names_what_was_refused_and_voided():
    seal = {"uses": 17, "first": 2, "last": 18, "impressions": 52}
    assert used_in_words({**seal, "void": 1, "refused": 1}) == (
        "第 0002–0018 号，共 17 次（其中作废 1 次、拒印 1 次）52 枚"
    )
    assert used_in_words(seal) == "第 0002–0018 号，共 17 次 52 枚"


def test_all_open_items_can_be_reached_in_the_summary(at_work, drive):
    promised = next(s for s in at_work.page.services if s.kind == "promised")
    for _ in range(12):
        record_visit(
            by=at_work.person,
            service=promised,
            outcome=VisitOutcome.PROMISED,
            visitor_name="王家长",
        )
    at_work.show("handover")
    drive.pump()
    page = at_work.page
    assert page.summary_text().count("·") == 12
    assert page.summary.vbar.winfo_ismapped()
    assert page.hand_over_button.winfo_ismapped()


# -- visits -------------------------------------------------------------------


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
    swipe(drive, "0002220002")  # a dialog would fail the test
    drive.pump(0.1)


def test_enter_still_opens_the_marked_case(at_work, drive, shown):
    test_a_swipe_into_the_list_opens_nothing(at_work, drive)
    shown.answers = [None]
    drive.keys("Return")
    drive.wait_until(lambda: shown, "the question")
    assert "办结" in shown[0]


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


# -- seals --------------------------------------------------------------------


@pytest.fixture
def seals(at_work, drive):
    at_work.show("seals")
    drive.pump()
    for name, value in {
        "applicant": "王家长",
        "unit": "软件2401",
        "document_title": "在读证明",
        "purpose": "申请贷款",
        "approver": "陈老师",
        "document_number": "教〔2026〕7 号",
        "note": "加急",
    }.items():
        at_work.page.form.set(name, value)
    return at_work.page


def test_who_may_not_seal_is_told_before_filling_in(at_work, drive):
    at_work.sign_in(person_signing_in("2023010101"))
    at_work.show("seals")
    assert "李老师保管，只有保管人可以登记用印" in at_work.info.text
    assert at_work.info.winfo_manager()
    at_work.sign_in(person_signing_in("T001"))
    at_work.show("seals")
    assert not at_work.info.is_shown


def test_a_refusal_keeps_everything_typed(seals, shown):
    seals.form.set("students", "2024030101、2024030102")
    shown.answers = ["材料不全"]
    seals.refuse_button.invoke()
    use = SealUse.get()
    assert use.refused_reason == "材料不全"
    assert (use.purpose, use.approver) == ("申请贷款", "陈老师")
    assert (use.document_number, use.note) == ("教〔2026〕7 号", "加急")
    assert use.students == ["2024030101", "2024030102"]


@pytest.mark.parametrize("typed", ["软件2401全班", "2024030101 张三", "two"])
def test_a_list_of_students_takes_numbers_only(seals, drive, typed):
    seals.form.set("students", typed)
    seals.save_button.invoke()
    assert "学生名单请填学号" in seals.form.problems()[0]
    assert seals.window.root.focus_get() is seals.form.widget("students")
    assert SealUse.select().count() == 0
