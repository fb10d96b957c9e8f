"""印章跟人走: going is never held up, and nobody goes with a seal unnoticed."""

import pytest
from attendancepage import ZHANG_CARD, detail, focused, result, sign_in
from duty import MONDAY, at, person

from exports.sync import sync
from models import Attendance, holder_of, seals_of, storage, this_desk
from models.custody import transfer_seal
from models.desks import department_by_name, desk_by_code
from models.outings import take_out
from models.people import PersonRole, add_person
from models.seal_transfers import SealTransfer, TransferKind
from models.seals import register_seal

LI_CARD, CHEN_CARD = "0001110001", "0001110002"
ALARM = "印章“教务处—学生社区事务专用章”仍由已签退的李老师保管"


def header(page):
    return page.window.header.seals.text


@pytest.fixture
def gone(page, drive, at_time):
    """李老师, who keeps the seal, has come at 08:26 and gone at 09:10."""
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert header(page) == ""
    at_time("09:10")
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: page.leaving.card.winfo_ismapped(), "the card")
    drive.pump(0.35)  # past the time a new card ignores keys
    return page


def test_going_is_recorded_and_the_seal_asked_about_at_once(gone):
    assert Attendance.get().checked_out_at is not None
    assert result(gone) == "李老师 签退成功"
    assert gone.banner.sign.cget("text") == "✔"
    card = gone.leaving.card
    assert card.value("from") == "李老师（部门老师） 刷卡签字"
    assert card.value("going") == "now"
    assert focused(gone) is card.widget("going").buttons["now"]
    assert header(gone) == ALARM


@pytest.mark.parametrize("giver", [False, True])
def test_both_signatures_are_in_sight_on_a_low_screen(gone, drive, giver):
    card = gone.leaving.card
    card.show_field("giver", giver)
    drive.pump(0.1)
    bottom = card.bar.winfo_rooty()
    for name in ("receiver", "witness"):
        entry = card.widget(name)
        assert entry.winfo_viewable()
        assert entry.winfo_rooty() + entry.winfo_height() <= bottom


def test_the_seal_is_handed_over_by_whoever_went(gone, drive):
    drive.keys("Return")
    drive.pump(0.1)
    drive.swipe(CHEN_CARD)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: SealTransfer.select().count(), "the transfer")
    done = SealTransfer.get()
    assert (done.giver_name, done.giver_signed) == ("李老师", "card")
    assert done.receiver_name == "陈老师"
    assert Attendance.select().count() == 1  # who signs has not checked in by it
    assert header(gone) == ""
    assert gone.form.winfo_ismapped() and focused(gone) is gone.card


@pytest.mark.parametrize("keys", [["2", "Return"], ["Escape"], ["2", "ctrl+s"]])
def test_later_keeps_the_alarm_until_it_is_settled(gone, drive, keys, at_time):
    drive.keys(*keys, delay=120)
    drive.wait_until(lambda: gone.form.winfo_ismapped(), "the card field")
    assert SealTransfer.select().count() == 0
    assert header(gone) == ALARM
    gone.window.show("visits")
    gone.window.info.hide()
    drive.keys("Escape")
    assert header(gone) == ALARM
    assert not gone.window.header.seals.close_button.winfo_ismapped()
    gone.window.show("attendance")
    drive.pump(0.1)
    assert gone.form.winfo_ismapped()  # put off is not asked again and again
    at_time("09:20")
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: header(gone) == "", "the keeper's being back")


def test_a_swipe_meanwhile_answers_nothing_and_checks_the_next_one_in(gone, drive):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 2, "the check-in")
    assert "张小明 签到成功" in result(gone)
    card = gone.leaving.card
    assert card.winfo_ismapped() and card.value("going") == "now"
    assert SealTransfer.select().count() == 0 and card.value("receiver") is None
    assert "签收印章请先按 Enter" in gone.window.status.text
    assert "先按 Enter，再刷卡" in card.value("hint")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "重复刷卡" in result(gone), "the repeat")
    drive.swipe("0009998887")
    drive.wait_until(lambda: result(gone) == "没有记录", "the refusal")
    assert card.winfo_ismapped()


def test_whoever_comes_back_is_not_asked_any_more(gone, drive, at_time):
    at_time("09:20")
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 2, "the check-in")
    drive.wait_until(lambda: gone.form.winfo_ismapped(), "the card field")
    assert header(gone) == "" and "签到成功" in result(gone)


def test_what_is_asked_stays_while_another_page_is_shown(gone, drive):
    drive.keys("Return")
    drive.pump(0.1)
    drive.swipe(CHEN_CARD)
    drive.keys("F2", "F4", delay=200)
    drive.pump(0.2)
    card = gone.leaving.card
    assert card.winfo_ismapped() and card.text("receiver").startswith("陈老师")


def test_who_was_checked_out_by_another_has_signed_nothing(page, drive, at_time, shown):
    page.window.sign_in(person("T002"))
    page.window.show("attendance")
    page.form.set("card", "T001")
    page.save_button.invoke()
    at_time("10:10")
    page.refresh()
    for item in page.table.tree.get_children():
        if page.table.tree.item(item, "values")[0] == "李老师":
            page.table.tree.selection_set(item)
    shown.answers = [True]
    page.list_buttons["代签退"].invoke()
    card = page.leaving.card
    assert card.value("from") == "李老师（请本人在下面签字）"
    assert card.widget("giver").winfo_manager()
    assert header(page) == ALARM


def test_who_is_picked_by_name_checks_out_but_has_not_signed(page, drive, at_time):
    page.form.set("card", "T001")
    page.save_button.invoke()
    at_time("09:10")
    page.form.set("card", person("T001"))
    page.save_button.invoke()
    assert "签退成功" in result(page)
    assert page.leaving.card.widget("giver").winfo_manager()


def test_several_seals_are_asked_about_one_after_the_other(
    planned, at_time, request, drive
):
    storage.open_database(planned / "office")
    head, other = person("9001"), department_by_name("团委")
    add_person(
        by=head, number="T101", name="白老师", role=PersonRole.TEACHER, department=other
    )
    desk = desk_by_code("jiaowu")
    register_seal(by=head, department=other, desk=desk, keeper=person("T101"))
    sync()
    storage.open_database(planned / "desk")
    sync()
    at_time("08:26")
    lent = next(s for s in seals_of(this_desk()) if s.department_name == "团委")
    transfer_seal(
        lent,
        by=person("T101"),
        receiver=person("T001"),
        witness=person("T002"),
        reason="代管",
        kind=TransferKind.TEMPORARY,
        until=MONDAY,
        approver="书记",
    )
    page = sign_in(request.getfixturevalue("window"), drive)
    page.form.set("card", "T001")
    page.save_button.invoke()
    at_time("09:10")
    page.form.set("card", "T001")
    page.save_button.invoke()
    card = page.leaving.card
    assert card.value("seal").startswith("教务处") and "还有 1 枚" in card.value("seal")
    drive.pump(0.35)
    drive.keys("Escape")
    drive.wait_until(lambda: card.value("seal").startswith("团委"), "the second seal")
    assert card.value("kind") == "return"
    drive.pump(0.35)
    drive.keys("Return")
    drive.pump(0.1)
    drive.typing("T101")
    drive.keys("Return")
    drive.typing("T002")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: holder_of(lent).name == "白老师", "the return")
    assert header(page) == ALARM and page.form.winfo_ismapped()


def test_who_goes_while_the_seal_is_outside_is_told_and_not_held_up(
    page, drive, at_time
):
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    take_out(
        seals_of(this_desk())[0],
        by=person("T001"),
        unit="软件学院",
        applicant="张三",
        reason="签约",
        place="行政楼",
        approver="处长",
        due_back_at=at("16:00"),
    )
    page.window.watch.look()
    assert header(page) == ""
    at_time("09:10")
    drive.swipe(LI_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")
    outside = "印章“教务处—学生社区事务专用章”还在外面，应于 16:00 归还"
    assert page.window.status.text == f"{outside}。"
    assert header(page) == f"{outside}；李老师已经离开"
    assert page.form.winfo_ismapped() and focused(page) is page.card
    at_time("16:30")
    page.window.watch.look()
    assert "已超过 30 分" in header(page) and outside not in header(page)


def test_nobody_without_a_seal_is_asked(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("12:05")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")
    assert page.form.winfo_ismapped() and header(page) == ""
    assert "小时" in detail(page)
