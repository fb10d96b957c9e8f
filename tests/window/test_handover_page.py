"""交接班: nothing typed is lost, nothing signs itself."""

from datetime import timedelta

import pytest

from desk import slips
from desk.pages.handoverwords import custody_in_words, used_in_words
from models import clock
from models.handovers import Handover, HandoverStatus, hand_over, take_over
from models.people import person_signing_in
from models.reception import record_visit
from models.visits import VisitOutcome


@pytest.fixture
def handover(at_work, drive):
    at_work.page.on_add_enquiry()
    at_work.show("handover")
    drive.pump()
    return at_work.page


@pytest.fixture
def waiting(handover, drive):
    handover.hand_over_button.invoke()
    handover.on_escape()  # the seal is handed over later
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
    drive.swipe("0002220002")
    drive.pump()
    assert waiting.incoming.value("hint") == "王芳（学生助理）"
    assert waiting.window.root.focus_get() is waiting.take_over_button
    drive.swipe("0002220002")
    drive.pump()
    assert waiting.incoming.value("objection") == ""
    assert waiting.incoming.text("person") == "0002220002"
    assert Handover.get().status == HandoverStatus.WAITING
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Handover.get().incoming_name == "王芳", "the signature")


def test_a_card_of_nobody_is_refused_at_its_field(waiting, drive):
    drive.swipe("0009998887")
    drive.pump()
    assert "没有这个学号" in waiting.incoming.problems()[0]
    assert waiting.window.root.focus_get() is waiting.incoming.widget("person")


def test_what_was_signed_is_printed_alone_the_marked_one_first(
    waiting, drive, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr(slips, "open_with_system", opened.append)
    waiting.window.settings.ledger_folder = str(tmp_path)
    first = Handover.get()
    take_over(first, by=person_signing_in("2023010101"))
    with clock.set_at(clock.now() + timedelta(hours=1)):
        last = hand_over(by=person_signing_in("2023010101"))
    waiting.refresh()
    waiting.list_buttons["打印交接班记录"].invoke()
    drive.wait_until(lambda: opened, "the form")
    waiting.mark(first)
    waiting.window.root.focus_force()
    drive.keys("ctrl+p")
    drive.wait_until(lambda: len(opened) == 2, "the form of the marked one")
    assert [path.name for path in opened] == [
        f"交接班记录表_JWJB{one.shift_to:%Y%m%d-%H%M}.docx" for one in (last, first)
    ]
    assert f"已存到 {opened[1]}" in waiting.window.status.text


def test_the_summary_names_what_was_refused_and_voided():
    seal = {"uses": 17, "first": 2, "last": 18, "impressions": 52}
    assert used_in_words({**seal, "void": 1, "refused": 1}) == (
        "第 0002–0018 号，共 17 次（其中作废 1 次、拒印 1 次）52 枚"
    )
    assert used_in_words(seal) == "第 0002–0018 号，共 17 次 52 枚"


def test_all_open_items_can_be_reached_in_the_summary(at_work, drive):
    promised = next(s for s in at_work.page.services if s.kind == "promised")
    for _ in range(20):
        record_visit(
            by=at_work.person,
            service=promised,
            outcome=VisitOutcome.PROMISED,
            visitor_name="王家长",
        )
    at_work.show("handover")
    page = at_work.page
    drive.wait_until(page.summary.vbar.winfo_ismapped, "the scrollbar")
    assert page.summary_text().count("·") == 20
    assert page.hand_over_button.winfo_ismapped()


def test_whoever_hands_over_with_a_seal_is_asked_about_it_at_once(handover, drive):
    handover.hand_over_button.invoke()
    card = handover.leaving.card
    drive.pump(0.35)
    assert card.winfo_ismapped() and not handover.incoming.winfo_ismapped()
    assert "仍由已交班的李老师保管" in handover.window.header.seals.text
    drive.swipe("0002220002")  # too soon to take over: it answers nothing
    assert "移交印章先按 Enter" in handover.window.info.text
    assert card.winfo_ismapped() and Handover.get().status == HandoverStatus.WAITING
    drive.pump(0.3)  # an Enter that follows a card at once is a part of it
    drive.keys("Return")
    drive.pump(0.1)
    drive.swipe("0001110002")
    drive.swipe("0002220001")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: handover.incoming.winfo_ismapped(), "the next card")
    assert handover.window.header.seals.text == handover.window.info.text == ""


def test_while_a_handover_waits_only_the_seal_is_locked(waiting):
    assert "印章已锁定，接班后解锁" in waiting.summary_text()
    waiting.window.show("visits")
    waiting.window.page.on_add_enquiry()
    assert Handover.get().status == HandoverStatus.WAITING


def test_the_summary_names_whom_a_seal_is_lent_by_and_where_it_is():
    words = custody_in_words(
        {
            "holder": "陈老师",
            "until": "2026-11-30",
            "lender": "李老师",
            "outing": {
                "carrier": "陈老师",
                "place": "行政楼",
                "due_back_at": "2026-11-23 17:00",
            },
        }
    )
    assert words == (
        "现由陈老师保管，代李老师临时保管至 11-30，"
        "由陈老师带到行政楼，应于 11-23 17:00 归还"
    )
