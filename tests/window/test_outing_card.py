"""印章外带: out with a time to be back, back with a check by somebody else."""

from datetime import datetime, timedelta

import pytest

from models import clock
from models.desks import this_desk
from models.outings import SealOuting, open_outing
from models.people import person_signing_in
from models.seals import seals_of

MORNING = datetime(2026, 11, 23, 9)
LI_CARD, CHEN_CARD, ZHANG_CARD = "0001110001", "0001110002", "0002220001"
NAME = "教务处—学生社区事务专用章"


@pytest.fixture
def at_time():
    """Sets the clock, again and again; puts it right at the end."""
    opened = []

    def set_to(moment):
        context = clock.set_at(moment)
        context.__enter__()
        opened.append(context)

    yield set_to
    while opened:
        opened.pop().__exit__(None, None, None)


@pytest.fixture
def card(at_time, at_work, drive):
    at_time(MORNING)
    return open_card(at_work, drive)


def open_card(window, drive):
    window.show("seals")
    window.root.focus_force()
    window.page.on_take_out()
    drive.pump(0.3)
    return window.page.card("outing")


def focused(card):
    return card.window.root.focus_get()


def fill_in(card, drive):
    for name, text in (
        ("unit", "软件学院"),
        ("applicant", "张三"),
        ("reason", "签约"),
        ("place", "行政楼"),
        ("approver", "处长"),
    ):
        assert focused(card) is card.widget(name)
        drive.paste(card.widget(name), text)
        drive.keys("Return")


@pytest.fixture
def outside(card, drive):
    fill_in(card, drive)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealOuting.select().count(), "the outing")
    return card


def test_a_seal_goes_out_by_keys_alone_until_five_o_clock(card, drive):
    fill_in(card, drive)
    assert focused(card) is card.widget("due_on").entry
    drive.keys("Return")
    assert card.text("due_time") == "17:00"
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealOuting.select().count(), "the outing")
    done = SealOuting.get()
    assert (done.carrier_name, done.unit, done.approver) == (
        "李老师",
        "软件学院",
        "处长",
    )
    assert done.due_back_at == MORNING.replace(hour=17)
    assert not card.winfo_ismapped()
    assert "应于 11-23 17:00 归还" in card.window.status.text


def test_after_five_a_time_has_to_be_said(at_time, at_work, drive):
    at_time(MORNING.replace(hour=18))
    card = open_card(at_work, drive)
    fill_in(card, drive)
    drive.keys("ctrl+s")
    drive.wait_until(card.problems, "the refusal")
    assert card.problems() == ["请填写时间，例如 08:30 或 0830。"]
    assert focused(card) is card.widget("due_time")
    drive.typing("1730")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "要晚于现在" in "".join(card.problems()), "the refusal")
    drive.keys("ctrl+a")
    drive.typing("1930")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealOuting.select().count(), "the outing")


def test_what_is_missing_is_said_under_its_field(card, drive):
    drive.keys("ctrl+s")
    drive.wait_until(card.problems, "the refusal")
    assert card.problems() == ["请填写申请部门。"]
    assert focused(card) is card.widget("unit")


def test_who_comes_back_is_checked_by_another_who_signs(outside, drive, at_time):
    at_time(MORNING + timedelta(hours=2))
    card = open_card(outside.window, drive)
    assert "带到行政楼\n软件学院 张三：签约\n" in card.value("taken")
    assert not card.widget("unit").winfo_manager()
    assert card.text("condition") == "完好" and focused(card) is card.widget(
        "condition"
    )
    drive.keys("Return")
    drive.paste(card.widget("documents"), "实习协议")
    drive.keys("Return")
    drive.typing("12")
    drive.keys("Return", "Return")
    assert focused(card) is card.widget("checker")
    drive.swipe(LI_CARD)
    assert card.problems() == ["李老师是携章人或经办人，请由另一个人验收。"]
    drive.swipe(ZHANG_CARD)
    assert card.text("checker").startswith("张小明")
    drive.pump(0.1)
    assert open_outing(seals_of(this_desk())[0]) is not None  # a swipe ends nothing
    drive.keys("Return")
    drive.wait_until(lambda: SealOuting.get().returned_at, "the return")
    done = SealOuting.get()
    assert (done.checker_name, done.documents, done.copies) == (
        "张小明",
        "实习协议",
        12,
    )


def test_a_carrier_who_is_not_signed_in_signs_at_the_return(outside, drive):
    window = outside.window
    window.sign_in(person_signing_in("2023010101"))
    card = open_card(window, drive)
    assert card.value("from") == "李老师（请本人在下面签字）"
    card.focus_field("carrier")
    drive.swipe(CHEN_CARD)
    assert card.problems() == ["印章由李老师保管，请由保管人签字。"]
    drive.swipe(LI_CARD)
    drive.swipe(CHEN_CARD)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealOuting.get().returned_at, "the return")
    assert SealOuting.get().checker_name == "陈老师"


def test_a_seal_not_back_in_time_is_said_and_takes_no_focus(outside, drive, at_time):
    window = outside.window
    window.show("visits")
    window.page.form.focus_field("visitor")
    drive.pump(0.05)
    drive.typing("zs")
    at_time(MORNING.replace(hour=16, minute=59))
    window.watch.look()
    assert window.header.seals.text == ""
    at_time(MORNING.replace(hour=17, minute=25))
    window.watch.look()
    assert window.header.seals.text == (
        f"印章“{NAME}”由李老师带到行政楼，应于 17:00 归还，已超过 25 分"
    )
    assert window.root.focus_get() is window.page.form.widget("visitor")
    assert window.page.form.text("visitor") == "zs"
    card = open_card(window, drive)
    card.set("checker", "T002")
    card.primary.invoke()
    assert SealOuting.get().returned_at is not None
    assert window.header.seals.text == ""


def test_esc_leaves_nothing_half_done(card, drive):
    drive.paste(card.widget("unit"), "软件学院")
    drive.keys("Escape")
    drive.pump(0.1)
    assert not card.winfo_ismapped() and SealOuting.select().count() == 0
    card.window.page.on_take_out()
    assert card.text("unit") == ""
