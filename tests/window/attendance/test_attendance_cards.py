"""A card, a number or a name checks in and out."""

from attendancepage import (
    WANG,
    ZHANG,
    ZHANG_CARD,
    detail,
    focused,
    result,
    row_of,
    sign_in,
)
from duty import person

import models
from exports.sync import sync
from models import Attendance, storage
from models.people import PersonRole, add_person


def test_a_card_checks_in_and_out_with_shift_and_hours_in_words(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert result(page) == "张小明 签到成功"
    assert "A 岗 · 08:30–10:00 的班" in detail(page)
    assert "本周 0 小时 / 8 小时" in detail(page)
    assert "本月 0 小时 / 40 小时" in detail(page)
    assert "在岗：张小明（A）" in page.window.header.duty.cget("text")
    assert row_of(page, "张小明")[1:5] == ("A 岗", "08:30–10:00", "08:26", "在岗")

    at_time("12:02")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")
    assert "本周 3 小时 30 分 / 8 小时" in detail(page)
    assert page.form.text("card") == "" and focused(page) is page.card
    assert "现在没有人在岗" in page.window.header.duty.cget("text")


def test_a_repeated_card_does_nothing_and_says_so(page, drive):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签到成功" in result(page), "the check-in")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "重复刷卡" in result(page), "the repeat")
    assert Attendance.get().checked_out_at is None


def test_between_two_shifts_a_card_goes_on_and_says_how_to_leave(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签到成功" in result(page), "the check-in")
    at_time("10:01")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "下一班" in result(page), "the next shift")
    assert "要离开，请过 1 分钟再刷一次卡" in detail(page)
    assert "10:00–12:00 的班" in detail(page)
    at_time("10:03")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")


def test_initials_check_in_whom_they_clearly_mean(page, drive):
    drive.typing("zxm")
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.person_name, row.method_in) == ("张小明", "number")


def test_among_several_of_the_same_initials_nobody_is_picked_unseen(
    planned, at_time, request, drive
):
    storage.open_database(planned / "office")
    head = person("9001")
    add_person(
        by=head,
        number="2023010103",
        name="王菲",
        role=PersonRole.ASSISTANT,
        department=models.department_by_name("教务处"),
    )
    sync()
    storage.open_database(planned / "desk")
    sync()
    at_time("13:55")
    page = sign_in(request.getfixturevalue("window"), drive)
    drive.typing("wf")
    drive.keys("Return")
    drive.wait_until(lambda: page.card.is_open, "the list")
    assert Attendance.select().count() == 0
    drive.pump(0.2)
    first = page.card.listbox.get(0)
    drive.keys("Down", "Return") if "王菲" in first else drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert Attendance.get().person_name == "王芳"


def test_a_name_is_typed_in_chinese(page, drive):
    drive.paste(page.card, "张小明")
    drive.keys("Return")
    drive.wait_until(lambda: "张小明 签到成功" in result(page), "the check-in")


def test_without_a_uniform_and_with_a_note(page, drive):
    page.form.set("uniform", False)
    page.form.set("note", "带钥匙")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    row = Attendance.get()
    assert (row.uniform, row.note) == (False, "带钥匙")
    assert "未着装，带钥匙" in row_of(page, "张小明")[6]
    assert page.form.value("uniform") is True and page.form.text("note") == ""


def test_a_note_typed_at_leaving_is_not_lost(page, drive, at_time):
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("09:30")
    page.form.set("card", ZHANG)
    page.form.set("note", "钥匙交给王芳")
    page.save_button.invoke()
    assert "签退成功" in result(page)
    assert page.form.text("note") == "钥匙交给王芳"


def test_the_post_is_chosen_only_where_no_plan_decides(page):
    assert not page.form.widget("post").winfo_manager()


def test_a_desk_without_a_plan_offers_both_posts(at_work, drive):
    at_work.show("attendance")
    page = at_work.page
    page.form.set("post", "B")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    assert Attendance.get().post == "B"
    assert "不在备案排班内" in detail(page) and "待审核" in detail(page)


def test_whoever_leaves_early_is_told_so(page, at_time):
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("11:24")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    assert result(page) == "张小明 签退成功，请注意"
    assert "早退 36 分" in detail(page)
    assert "warning" in str(page.banner.cget("style"))


def test_a_substitute_who_leaves_the_post_empty_is_told_so(asked, drive, at_time):
    asked.questions.set("reason", "class")
    asked.questions.submit()
    at_time("09:24")
    asked.form.set("card", WANG)
    asked.save_button.invoke()
    assert result(asked) == "王芳 签退成功，请注意"
    assert "提前 36 分离开，A 岗空岗" in detail(asked)


def test_a_substitute_who_goes_when_a_has_come_leaves_no_empty_post(asked, at_time):
    asked.questions.set("reason", "class")
    asked.questions.submit()
    at_time("09:20")
    asked.form.set("card", ZHANG)
    asked.save_button.invoke()
    at_time("09:24")
    asked.form.set("card", WANG)
    asked.save_button.invoke()
    assert "提前 36 分离开" in detail(asked) and "空岗" not in detail(asked)
