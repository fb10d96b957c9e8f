"""移交印章: giver, receiver and witness sign, each for themselves, with real cards."""

from datetime import timedelta

import pytest

from desk import slips
from models import clock
from models.custody import SealTransfer, custody_of, holder_of, transfer_seal
from models.desks import this_desk
from models.people import person_signing_in
from models.seal_uses import record_seal_use
from models.seals import seals_of

LI, CHEN, ZHANG = "T001", "T002", "2023010101"
LI_CARD, CHEN_CARD = "0001110001", "0001110002"
ZHANG_CARD, WANG_CARD = "0002220001", "0002220002"


@pytest.fixture
def seal(at_work):
    (seal,) = seals_of(this_desk())
    for impressions in (2, 1):
        record_seal_use(
            by=at_work.person,
            seal=seal,
            applicant="张伟",
            unit="软件学院",
            document_title="在读证明",
            purpose="贷款",
            approver="陈老师",
            impressions=impressions,
        )
    return seal


def open_card(window, drive):
    window.show("seals")
    window.root.focus_force()
    window.page.on_transfer()
    drive.pump(0.3)  # past the time a new card ignores keys
    return window.page.transfer


@pytest.fixture
def card(at_work, seal, drive):
    return open_card(at_work, drive)


def focused(card):
    return card.window.root.focus_get()


def swipe_into(card, drive, name, number):
    assert focused(card) is card.widget(name)
    drive.swipe(number)


def test_two_cards_and_enter_hand_a_seal_over(card, drive, seal):
    assert card.value("numbers") == "本人保管期间 第 0001–0002 号，共 2 次 3 枚"
    assert card.value("from") == "李老师（部门老师） 登录签字"
    swipe_into(card, drive, "receiver", CHEN_CARD)
    assert card.text("receiver") == "陈老师（部门老师） 刷卡签字"
    swipe_into(card, drive, "witness", ZHANG_CARD)
    assert focused(card) is card.primary
    assert SealTransfer.select().count() == 0  # a swipe signs, and confirms nothing
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    done = SealTransfer.get()
    assert (done.receiver_name, done.witness_name) == ("陈老师", "张小明")
    assert (done.giver_signed, done.receiver_signed) == ("session", "card")
    assert (done.first_number, done.last_number) == (1, 2)
    assert (done.reason, done.condition, done.place) == (
        "交接班",
        "完好",
        this_desk().name,
    )
    assert holder_of(seal).name == "陈老师"


def test_a_transfer_is_printed_for_all_three_to_sign(
    card, drive, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr(slips, "open_with_system", opened.append)
    window = card.window
    window.settings.ledger_folder = str(tmp_path)
    drive.swipe(CHEN_CARD)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    assert "已由李老师移交给陈老师" in window.info.text
    window.info.action.invoke()
    drive.wait_until(lambda: opened, "the form")
    done = SealTransfer.get()
    assert opened[0].name == f"印章移交单_YJ{done.at:%Y%m%d-%H%M%S}.docx"


def test_a_typed_number_signs_as_a_number(card, drive):
    drive.typing(CHEN)
    drive.keys("Return")
    assert card.text("receiver") == "陈老师（部门老师） 学号签字"
    drive.typing(ZHANG)
    drive.keys("ctrl+s")  # signs as well: Enter is not needed
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    done = SealTransfer.get()
    assert (done.receiver_signed, done.witness_signed) == ("number", "number")


def test_nobody_signs_twice_and_the_cursor_stays(card, drive):
    drive.swipe(LI_CARD)
    assert card.problems() == ["李老师是移交人，请由另一个人签字。"]
    drive.swipe(CHEN_CARD)  # over what was refused
    assert card.text("receiver").startswith("陈老师")
    drive.swipe(CHEN_CARD)  # the reader read it twice
    assert card.problems() == ["陈老师是接收人，监交要由第三人签字。"]
    assert focused(card) is card.widget("witness")
    drive.swipe("0009998887")
    assert "没有这个学号" in card.problems()[0]
    drive.swipe(WANG_CARD)
    assert card.problems() == [] and card.text("witness").startswith("王芳")


def test_a_name_is_no_signature(card, drive):
    drive.paste(card.widget("receiver"), "陈老师")
    drive.keys("ctrl+s")
    drive.pump(0.1)
    assert "没有读到卡号" in card.problems()[0]
    assert SealTransfer.select().count() == 0


def test_what_is_typed_over_a_signature_takes_it_back(card, drive):
    drive.swipe(CHEN_CARD)
    assert card.value("receiver").person.name == "陈老师"
    drive.keys("shift+Return")
    drive.keys("End")
    drive.typing(ZHANG)
    assert card.value("receiver") is None and card.text("receiver") == ZHANG


def test_a_card_swiped_into_a_text_leaves_no_trace(card, drive):
    card.focus_field("note")
    drive.pump(0.3)
    drive.swipe(CHEN_CARD)
    assert card.text("note") == ""
    assert "没有记录" in card.window.info.text
    assert card.value("receiver") is None and SealTransfer.select().count() == 0


def test_an_assistant_is_refused_where_assistants_may_not(card, drive):
    drive.swipe(ZHANG_CARD)
    drive.swipe(WANG_CARD)
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(card.problems, "the refusal")
    assert "不允许学生助理保管" in card.problems()[0]
    assert focused(card) is card.widget("receiver")


def test_lending_asks_for_its_end_and_returning_knows_the_lender(
    at_work, card, drive, seal
):
    assert not card.widget("until").winfo_manager()
    card.focus_field("kind")
    drive.keys("3")
    assert card.text("reason") == "临时代管" and card.widget("until").winfo_manager()
    card.focus_field("receiver")
    drive.swipe(CHEN_CARD)
    drive.swipe(ZHANG_CARD)
    drive.keys("ctrl+s")
    drive.wait_until(card.problems, "the refusal")
    assert card.problems() == ["请填写临时代管的期限。"]
    drive.typing("+2")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "批准人" in "".join(card.problems()), "the refusal")
    drive.paste(card.widget("approver"), "处长")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    assert custody_of(seal).until == clock.today() + timedelta(days=2)

    at_work.sign_in(person_signing_in(CHEN))
    card = open_card(at_work, drive)
    assert card.value("kind") == "return" and card.text("reason") == "代管归还"
    assert "还给李老师" in card.value("hint")
    drive.swipe(LI_CARD)
    drive.swipe(ZHANG_CARD)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealTransfer.select().count() == 2, "the return")
    assert holder_of(seal).name == "李老师" and not custody_of(seal).is_temporary


def test_another_kind_of_transfer_has_to_be_signed_anew(card, drive):
    drive.swipe(CHEN_CARD)
    card.set("reason", "轮岗")
    card.set("kind", "post")
    assert card.value("receiver") is None and card.text("reason") == "轮岗"


def test_a_holder_who_is_not_signed_in_signs_here(at_work, seal, drive):
    at_work.sign_in(person_signing_in(ZHANG))
    card = open_card(at_work, drive)
    assert card.value("from") == "李老师（请本人在下面签字）"
    swipe_into(card, drive, "giver", CHEN_CARD)
    assert card.problems() == ["印章现在由李老师保管，请由保管人签字。"]
    for name, number in (
        ("giver", LI_CARD),
        ("receiver", CHEN_CARD),
        ("witness", ZHANG_CARD),
    ):
        swipe_into(card, drive, name, number)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    done = SealTransfer.get()
    assert (done.giver_name, done.giver_signed) == ("李老师", "card")


def test_who_signed_in_since_does_not_sign_for_another(at_work, card, drive, seal):
    drive.swipe(CHEN_CARD)
    drive.swipe(WANG_CARD)
    at_work.lock()
    at_work.sign_in(person_signing_in(ZHANG))
    at_work.show("seals")
    card.primary.invoke()
    assert "登录的人已经换了" in at_work.info.text
    assert SealTransfer.select().count() == 0


def test_esc_leaves_nothing_half_done(card, drive):
    drive.swipe(CHEN_CARD)
    drive.keys("Escape")
    drive.pump(0.1)
    assert not card.winfo_ismapped()
    card.window.page.on_transfer()
    assert card.value("receiver") is None and card.text("receiver") == ""
    assert SealTransfer.select().count() == 0


def test_the_range_begins_behind_the_last_transfer(at_work, seal, drive):
    li, chen, zhang = map(person_signing_in, (LI, CHEN, ZHANG))
    transfer_seal(seal, by=li, receiver=chen, witness=zhang, reason="交接班")
    transfer_seal(seal, by=chen, receiver=li, witness=zhang, reason="交接班")
    card = open_card(at_work, drive)
    assert card.value("numbers") == "本人保管期间没有用印"
