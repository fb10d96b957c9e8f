"""签到签退 and 考勤审核 in the real window: cards, questions, approvals, the alarm."""

import threading
import timeit
from datetime import timedelta

import pytest
from duty import MONDAY, TERM_ENDS, at, line

import models
from desk import watch
from exports.sync import sync
from models import Attendance, Correction, clock, storage
from models.base import transaction
from models.desks import DeskDepartment
from models.people import PersonRole, add_person, person_signing_in
from models.pins import has_pin, set_pin

ZHANG, WANG = "2023010101", "2023010102"
ZHANG_CARD, WANG_CARD = "0002220001", "0002220002"
TUESDAY = MONDAY + timedelta(days=1)


def put_in_force(centre, shifts, stays=()):
    """A term, a plan accepted by the office, and the desk's database open."""
    storage.open_database(centre / "office")
    by = person_signing_in("9001")
    with clock.set_at(at("07:00")):
        models.set_term(by=by, name="第一学期", starts_on=MONDAY, ends_on=TERM_ENDS)
        plan = models.new_plan(
            by=by,
            desk=models.desk_by_code("jiaowu"),
            department=models.department_by_name("教务处"),
            starts_on=MONDAY,
            ends_on=TERM_ENDS,
        )
        models.save_plan(plan, by=by, shifts=shifts, stays=stays)
        models.submit_plan(plan, by=by)
        models.accept_plan(plan, by=by)
        sync()
        storage.open_database(centre / "desk")
        sync()


@pytest.fixture
def planned(centre):
    """Mondays 08:30–10:00 and 10:00–12:00, then 14:00–16:00; 张小明 and 王芳."""
    storage.open_database(centre / "office")
    zhang, wang = person_signing_in(ZHANG), person_signing_in(WANG)
    put_in_force(
        centre,
        [
            line("08:30", "10:00", zhang, wang),
            line("10:00", "12:00", zhang),
            line("14:00", "16:00", wang, zhang),
        ],
    )
    return centre


@pytest.fixture
def at_time():
    """Sets the clock, again and again; puts it right at the end."""
    opened = []

    def set_to(hours, day=MONDAY):
        context = clock.set_at(at(hours, day))
        context.__enter__()
        opened.append(context)

    yield set_to
    while opened:
        opened.pop().__exit__(None, None, None)


@pytest.fixture
def page(planned, at_time, request, drive):
    """The page at 08:26 on the Monday, with teacher 李老师 signed in."""
    at_time("08:26")
    window = request.getfixturevalue("window")
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")
    window.root.focus_force()
    window.page.focus_first()
    drive.pump(0.1)
    return window.page


def result(page):
    return page.banner.result.cget("text")


def detail(page):
    return page.banner.detail.cget("text")


def focused(page):
    return page.window.root.focus_get()


def row_of(page, name):
    return next(row for row in page.table.rows() if row[0] == name)


# -- the card -----------------------------------------------------------------


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
    head = person_signing_in("9001")
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
    window = request.getfixturevalue("window")
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")
    window.root.focus_force()
    window.page.focus_first()
    drive.pump(0.1)
    page = window.page
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


# -- questions ----------------------------------------------------------------


@pytest.fixture
def asked(page, drive, at_time):
    """王芳, B, has come at 08:31; 张小明, A, has not."""
    at_time("08:31")
    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    drive.pump(0.35)  # past the time a new question ignores keys
    return page


def test_b_takes_the_place_of_a_with_one_digit_and_enter(asked, drive):
    assert "张小明不在岗" in asked.questions.value("absent")
    assert not asked.questions.widget("forced").winfo_manager()
    drive.keys("4")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.cover_for_name, row.cover_reason) == ("张小明", "illness")
    assert "代张小明（病假）" in detail(asked)
    assert row_of(asked, "张小明")[5:7] == ("由人代班", "由王芳代班")
    assert "王芳（代A）" in asked.window.header.duty.cget("text")
    assert focused(asked) is asked.card


def test_zero_means_standing_by(asked, drive):
    drive.keys("1")
    drive.pump(0.1)
    drive.keys("0")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.post, row.cover_for_uid) == ("B", "")


def test_a_class_in_the_timetable_is_the_reason_offered(planned, at_time, request):
    with clock.set_at(at("07:30")):
        zhang = person_signing_in(ZHANG)
        models.save_timetable(
            zhang,
            by=person_signing_in("T001"),
            term=models.terms()[0],
            lessons=[
                {"weekday": 0, "first": 1, "last": 2, "weeks": "all", "name": "高数"}
            ],
        )
    at_time("08:31")
    window = request.getfixturevalue("window")
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")
    window.page.form.set("card", WANG)
    window.page.save_button.invoke()
    assert window.page.questions.value("reason") == "class"


def test_a_card_swiped_into_the_question_answers_nothing(asked, drive):
    drive.keys("2")
    drive.pump(0.35)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.2)
    assert Attendance.select().count() == 0
    assert asked.questions.value("reason") == "training"
    assert "刚才的刷卡没有记录" in asked.window.info.text


def test_esc_gives_the_question_up_and_nothing_is_recorded(asked, drive):
    drive.keys("Escape")
    drive.wait_until(lambda: asked.form.winfo_ismapped(), "the card field")
    assert focused(asked) is asked.card
    assert asked.form.text("card") == WANG_CARD
    assert Attendance.select().count() == 0
    drive.swipe(ZHANG_CARD)  # types over the marked text
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")


@pytest.fixture
def unplanned(page, drive, at_time):
    """王芳 comes on Tuesday, when there is no shift at all."""
    at_time("09:00", TUESDAY)
    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    drive.pump(0.35)
    return page


def test_a_reason_has_to_be_given_against_the_plan(unplanned, drive):
    page = unplanned
    assert "不在已备案的排班里" in page.questions.value("cautions")
    assert focused(page) is page.questions.widget("forced")
    drive.keys("Return")
    drive.wait_until(lambda: page.questions.problems(), "the refusal")
    assert Attendance.select().count() == 0
    drive.paste(page.questions.widget("forced"), "临时加班")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    row = Attendance.get()
    assert (row.forced_reason, row.needs_approval) == ("临时加班", True)
    assert "不在备案排班内" in row_of(page, "王芳")[6]


def test_a_card_swiped_into_the_reason_leaves_what_was_typed(unplanned, drive):
    page = unplanned
    drive.paste(page.questions.widget("forced"), "临时加班")
    drive.pump(0.1)
    drive.swipe(ZHANG_CARD)
    drive.pump(0.2)
    assert Attendance.select().count() == 0
    assert page.questions.text("forced") == "临时加班"


def test_a_forgotten_check_out_is_asked_for_with_the_planned_end(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("13:50")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    asked = page.questions.value("forgotten")
    assert "09-07 08:26 签到，没有签退" in asked and "几点离开" in asked
    assert page.questions.text("left") == "10:00"
    drive.pump(0.35)
    drive.keys("ctrl+a")
    drive.typing("0955")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 2, "the check-in")
    first, second = Attendance.select().order_by(Attendance.checked_in_at)
    assert first.checked_out_at == at("09:55")
    assert (first.method_out, first.needs_approval) == ("system", True)
    assert second.checked_out_at is None
    assert page.window.info.text == ""  # it was said already


@pytest.mark.parametrize("typed", ["25:00", "早上"])
def test_a_time_that_is_none_is_refused_and_stays(page, typed, at_time):
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    at_time("13:50")
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    page.questions.set("left", typed)
    page.questions.submit()
    assert "看不懂" in page.questions.problems()[0]
    assert page.questions.text("left") == typed
    assert Attendance.select().count() == 1


def test_a_check_out_forgotten_yesterday_is_asked_for_at_the_next_check_in(
    page, drive, at_time
):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("08:25", TUESDAY)
    page.window.watch.look()
    assert Attendance.get().checked_out_at is None
    page.form.set("card", ZHANG)
    page.save_button.invoke()
    assert "几点离开的" in page.questions.widget("forgotten").cget("text")
    page.questions.set("left", "9:40")
    page.questions.set("forced", "换班")
    page.questions.submit()
    first, second = Attendance.select().order_by(Attendance.checked_in_at)
    assert (first.checked_out_at, first.method_out) == (at("09:40"), "system")
    assert first.needs_approval
    assert second.checked_out_at is None


def test_a_check_in_left_open_for_a_week_is_closed_when_a_day_begins(
    page, drive, at_time
):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("10:01", MONDAY + timedelta(days=7))
    page.window.watch.look()
    row = Attendance.get()
    assert row.checked_out_at == at("10:00") and row.needs_approval

    page.form.set("card", ZHANG)
    page.save_button.invoke()
    page.questions.set("forced", "换班")
    page.questions.submit()
    assert "系统按 10:00 代签退，待审核" in page.window.info.text
    page.window.info.action.invoke()
    drive.pump(0.1)
    assert page.correcting.winfo_ismapped()
    assert page.correcting.text("came") == "08:26"
    page.correcting.set("left", "9:40")
    page.correcting.set("reason", "有课先走了")
    page.correcting.submit()
    assert Correction.get().new_out == at("09:40")


# -- today's list -------------------------------------------------------------


def test_the_list_shows_who_is_still_to_come_and_who_was_absent(page, at_time):
    states = [row[5] for row in page.table.rows()]
    assert states == ["待上岗"] * 3
    at_time("08:45")
    page.refresh()
    assert page.table.rows()[0][5:7] == ("还没到", "B 岗：王芳")
    at_time("10:30")
    page.refresh()
    absent = page.table.rows()[0]
    assert (absent[0], absent[2], absent[5]) == ("张小明", "08:30–10:00", "缺勤")


def test_whoever_came_before_midnight_is_still_in_the_list(
    centre, at_time, request, drive
):
    storage.open_database(centre / "office")
    put_in_force(centre, [line("22:00", "02:00", person_signing_in(ZHANG))])
    with clock.set_at(at("21:58")):
        models.check_in(person_signing_in(ZHANG))
    at_time("00:30", TUESDAY)
    window = request.getfixturevalue("window")
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")
    assert row_of(window.page, "张小明")[2:5] == ("22:00–02:00", "21:58", "在岗")
    assert "在岗：张小明（A）" in window.header.duty.cget("text")


def choose(page, name):
    for item in page.table.tree.get_children():
        if page.table.tree.item(item, "values")[0] == name:
            page.table.tree.selection_set(item)
            page.update()
            return
    pytest.fail(f"{name} is not in the list")


def test_the_hours_of_the_marked_person_are_shown(page, drive):
    choose(page, "张小明")
    drive.pump(0.05)
    words = page.about.cget("text")
    assert "张小明：本周 0 小时 / 8 小时（还排了 3 小时 30 分）" in words


def test_b_at_the_desk_takes_the_place_of_a_from_the_list(asked, drive, at_time):
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("08:50")
    choose(asked, "王芳")
    asked.list_buttons["替 A 岗"].invoke()
    drive.pump(0.35)
    drive.keys("2")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Attendance.select().count() == 2, "the cover")
    cover = Attendance.select().order_by(Attendance.uid.desc()).first()
    assert (cover.cover_for_name, cover.cover_reason) == ("张小明", "training")


def test_somebody_who_has_gone_is_checked_out_for_them(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("09:30")
    choose(page, "张小明")
    page.list_buttons["代签退"].invoke()
    assert Attendance.get().method_out == "proxy"
    assert "代签" in row_of(page, "张小明")[7]


# -- corrections and approvals ------------------------------------------------


@pytest.fixture
def requested(page, drive, at_time):
    """张小明 came at 08:26 and swiped at 08:50 only; a correction is asked for."""
    at_time("08:50")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("12:05")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")
    choose_first_shift(page)
    page.list_buttons["申请更正"].invoke()
    drive.pump(0.3)
    assert focused(page) is page.correcting.widget("came")
    page.correcting.set("came", "0828")
    page.correcting.submit()
    assert page.correcting.problems() == ["请写明更正原因。"]
    page.correcting.set("reason", "忘记刷卡")
    page.correcting.submit()
    assert Correction.select().count() == 1
    return page


def choose_first_shift(page):
    for item in page.table.tree.get_children():
        values = page.table.tree.item(item, "values")
        if values[:3] == ("张小明", "A 岗", "08:30–10:00"):
            page.table.tree.selection_set(item)
            page.update()


def test_a_correction_is_asked_for_in_place(requested):
    asked = Correction.get()
    assert (asked.old_in, asked.new_in) == (at("08:50"), at("08:28"))
    assert asked.new_out == at("10:00")
    assert asked.requester_name == "李老师"
    assert requested.form.winfo_manager()
    notes = [row[6] for row in requested.table.rows() if row[2] == "08:30–10:00"]
    assert notes == ["更正待审核"]


def test_a_shift_that_is_not_over_cannot_be_corrected(page, drive, at_time):
    choose(page, "王芳")
    page.list_buttons["申请更正"].invoke()
    assert page.window.info.text == "这一班还没有结束，结束后才能申请更正。"
    assert page.form.winfo_manager()


def test_a_missed_shift_is_asked_for_by_its_person(page, drive, at_time):
    at_time("12:30")
    page.refresh()
    window = page.window
    window.lock()
    window.sign_in(person_signing_in(ZHANG))
    window.show("attendance")
    page.list_buttons["申请更正"].invoke()
    drive.pump(0.1)
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines == [
        "09-07 周一 A 岗 10:00–12:00 没有签到",
        "09-07 周一 A 岗 08:30–10:00 没有签到",
    ]
    page.correcting.set("reason", "读卡器坏了")
    page.correcting.set("witness", person_signing_in(WANG))
    page.correcting.submit()
    asked = Correction.get()
    assert (asked.attendance_uid, asked.witness_name) == ("", "王芳")
    assert (asked.new_in, asked.new_out) == (at("10:00"), at("12:00"))


def test_b_may_have_been_there_without_a_check_in(page, at_time):
    at_time("12:30")
    window = page.window
    window.lock()
    window.sign_in(person_signing_in(WANG))
    window.show("attendance")
    page.list_buttons["申请更正"].invoke()
    lines = [text for text, _ in page.correcting.widget("subject").choices]
    assert lines == ["09-07 周一 B 岗 08:30–10:00 没有签到"]


def test_teacher_and_office_both_approve_and_the_new_times_count(
    requested, drive, at_time, centre, request, root
):
    window = requested.window
    drive.keys("shift+F4")
    drive.wait_until(lambda: window.page.title == "考勤审核", "the page")
    view = window.page.view
    assert view.table.rows()[0][:5] == (
        *("张小明", "09-07", "08:50–10:00"),
        *("08:28–10:00", "08:30–10:00"),
    )
    assert view.form.value("reason") == "忘记刷卡"
    assert "签到 08:50" in view.form.value("original")
    assert "签到 08:28" in view.form.value("asked")
    view.approve_button.invoke()
    assert "部门 李老师 同意" in view.table.rows()[0][5]
    assert "办公室待审核" in view.table.rows()[0][5]
    assert str(view.approve_button.cget("state")) == "disabled"
    assert "等另一方审核" in view.form.value("why_not")
    sync()
    window.lock()

    storage.open_database(centre / "office")
    sync()
    storage.close_database()
    office = request.getfixturevalue("office_window")
    office.sign_in(person_signing_in("9001"))
    office.show("approvals")
    assert office.page.view.table.rows()[0][0] == "张小明"
    office.page.view.approve_button.invoke()
    assert office.page.view.table.rows() == []
    office.page.views.set("decided")
    assert office.page.view.table.rows()[0][5] == "已同意"
    sync()

    storage.open_database(centre / "desk")
    sync()
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")
    note = next(r[6] for r in window.page.table.rows() if r[2] == "08:30–10:00")
    assert note == "已更正（原 08:50–10:00）"


def test_the_keys_lead_from_the_list_to_the_decision(requested, drive):
    window = requested.window
    drive.keys("shift+F4")
    drive.pump(0.35)
    drive.keys("Return")
    drive.wait_until(
        lambda: window.root.focus_get() is window.page.view.form.widget("note"),
        "the way to the note",
    )
    drive.keys("Return")
    drive.pump(0.1)
    drive.keys("space")
    drive.wait_until(lambda: models.Approval.select().count() == 1, "the approval")


def test_a_refusal_needs_its_reason(requested, drive):
    window = requested.window
    window.show("approvals")
    view = window.page.view
    view.refuse_button.invoke()
    assert view.form.problems() == ["请写明不同意的原因。"]
    view.form.set("note", "与监控不符")
    view.refuse_button.invoke()
    assert view.table.rows() == []
    window.page.views.set("decided")
    row = window.page.view.table.rows()[0]
    assert row[5] == "未同意" and "与监控不符" in row[6]


def test_an_assistant_only_looks_and_reads_who_decides(requested):
    window = requested.window
    window.lock()
    window.sign_in(person_signing_in(WANG))
    window.show("approvals")
    view = window.page.view
    assert view.table.count == 1
    assert str(view.approve_button.cget("state")) == "disabled"
    assert "老师和中心办公室审核" in view.form.value("why_not")


def test_several_are_approved_together(page, drive, at_time):
    for number, hours in ((ZHANG, "09:00"), (WANG, "09:05")):
        with clock.set_at(at(hours, TUESDAY)):
            models.check_in(person_signing_in(number), forced_reason="加班")
        with clock.set_at(at("10:00", TUESDAY)):
            models.check_out(models.open_attendance(person_signing_in(number)))
    at_time("10:30", TUESDAY)
    window = page.window
    window.show("approvals")
    view = window.page.view
    assert view.table.count == 2
    view.table.focus_set()
    drive.pump(0.3)
    drive.keys("ctrl+a")
    drive.pump(0.05)
    assert "选中 2 项" in view.form.value("who")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: models.Approval.select().count() == 2, "the approvals")


def test_the_week_shows_empty_posts_and_teachers_who_did_not_come(page, at_time):
    at_time("12:30")
    window = page.window
    window.show("approvals")
    window.page.views.set("gaps")
    view = window.page.view
    assert [row[1:4:2] for row in view.table.rows()] == [
        ("08:30–10:00", "90 分"),
        ("10:00–12:00", "120 分"),
    ]
    assert "第1周" in view.heading.cget("text")
    window.page.views.set("stays")
    view = window.page.view
    assert ("教务处", "✖ 未驻岗") in {row[:2] for row in view.table.rows()}
    models.check_in(person_signing_in("T001"))
    view.refresh()
    assert ("教务处", "已驻岗") in {row[:2] for row in view.table.rows()}
    view.list_buttons["上一周"].invoke()
    assert "08-31" in view.heading.cget("text")
    assert ("教务处", "✖ 未驻岗") in {row[:2] for row in view.table.rows()}


# -- the alarm ----------------------------------------------------------------


def test_an_empty_post_raises_an_alarm_that_ends_with_a_check_in(page, drive, at_time):
    window = page.window
    window.show("visits")
    window.page.form.focus_field("visitor")
    drive.pump(0.05)
    drive.typing("zs")
    at_time("08:36")
    window.watch.look()
    assert window.alarm.text.startswith(
        "08:30–10:00 的班已经 6 分钟没有人在岗：A 岗 张小明，B 岗 王芳。"
    )
    assert window.root.focus_get() is window.page.form.widget("visitor")
    assert window.page.form.text("visitor") == "zs"
    window.info.show("别的提示", "warning")
    drive.keys("Escape", "Escape")
    assert window.alarm.is_shown
    window.alarm.action.invoke()
    drive.pump(0.3)
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: not window.alarm.is_shown, "the end of the alarm")


def test_an_alarm_once_read_does_not_come_back_for_that_shift(page, at_time):
    window = page.window
    at_time("08:36")
    window.watch.look()
    window.alarm.close_button.invoke()
    at_time("08:40")
    window.watch.look()
    assert not window.alarm.is_shown
    at_time("10:06")
    window.watch.look()
    assert window.alarm.text.startswith("10:00–12:00 的班")


def test_nothing_is_looked_at_while_nobody_is_signed_in(page, at_time):
    window = page.window
    at_time("08:36")
    window.watch.look()
    window.lock()
    assert not window.alarm.is_shown
    window.watch.look()
    assert not window.alarm.is_shown and not window.watch._timer


def test_who_stayed_past_the_shift_is_asked_about(page, drive, at_time):
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("10:20")
    page.window.watch.look()
    assert "张小明 10:00 下班，还没有签退" in page.window.alarm.text
    page.window.alarm.action.invoke()
    assert Attendance.select().where(Attendance.checked_out_at.is_null()).count() == 0
    assert not page.window.alarm.is_shown


def test_the_watch_looks_by_itself(page, drive, at_time, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_MS", 30)
    page.window.watch.start()
    assert not page.window.alarm.is_shown
    at_time("08:36")
    drive.wait_until(lambda: page.window.alarm.is_shown, "the alarm")


def test_an_exchange_with_the_share_is_not_disturbed(page, drive, at_time):
    window, going_on = page.window, threading.Event()
    window.jobs.start(lambda report: going_on.wait(5), on_done=lambda result: None)
    at_time("08:36")
    window.watch.look()
    assert not window.alarm.is_shown
    going_on.set()
    drive.wait_until(lambda: not window.jobs.running, "the job's end")
    window.watch.look()
    assert window.alarm.is_shown


def test_a_look_takes_less_than_a_fiftieth_of_a_second(page, at_time):
    at_time("08:36")
    look = page.window.watch.look
    look()
    assert min(timeit.repeat(look, number=1, repeat=5)) < 0.02


def test_a_joint_desk_shows_whose_turn_it_is(centre, at_time, request, drive):
    storage.open_database(centre / "office")
    head, desk = person_signing_in("9001"), models.desk_by_code("jiaowu")
    units = [models.department_by_name(name) for name in ("教务处", "团委")]
    with clock.set_at(at("07:10")):
        with transaction():
            DeskDepartment(
                desk_uid=desk.uid, department_uid=units[1].uid, starts_on=MONDAY
            ).write(by=head)
        models.set_rotation(desk, by=head, starts_on=MONDAY, every="week", units=units)
        sync()
        storage.open_database(centre / "desk")
        sync()
    window = request.getfixturevalue("window")
    for day, unit in ((MONDAY, "教务处"), (MONDAY + timedelta(days=7), "团委")):
        at_time("08:26", day)
        window.sign_in(person_signing_in("T001"))
        words = window.header.duty.cget("text")
        assert words == f"今日 {unit} · 现在没有人在岗"


# -- the PIN ------------------------------------------------------------------


def slowly(drive, *keys):
    """As a person types: a card is faster."""
    drive.keys(*keys, delay=110)


def test_whoever_set_a_pin_is_asked_for_it_and_nobody_else(page, drive, at_time):
    page.form.set("card", ZHANG)
    page.pin_button.invoke()
    drive.pump(0.3)
    slowly(drive, *"250814", "Return", *"250814", "Return", "Return")
    drive.wait_until(lambda: page.form.winfo_ismapped(), "the card form")
    assert has_pin(person_signing_in(ZHANG))

    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.pin_question.winfo_ismapped(), "the question")
    assert Attendance.select().count() == 0
    drive.pump(0.3)
    slowly(drive, *"250815", "Return")
    assert "签到密码不对" in page.pin_question.problems()[0]
    assert page.pin_question.text("pin") == ""
    slowly(drive, *"250814", "Return")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert result(page) == "张小明 签到成功"

    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 2, "the other check-in")


def test_a_second_card_does_not_answer_for_the_pin(page, drive, at_time):
    set_pin(person_signing_in(ZHANG), "250814")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: page.pin_question.winfo_ismapped(), "the question")
    drive.swipe(WANG_CARD)
    assert "刚才的刷卡没有记录" in page.window.info.text
    assert page.pin_question.text("pin") == ""
    assert Attendance.select().count() == 0
    drive.keys("Escape")
    assert page.form.winfo_ismapped()


def test_two_pins_that_differ_are_refused_and_a_teacher_resets_one(page, drive):
    set_pin(person_signing_in(ZHANG), "250814")
    page.form.set("card", ZHANG)
    page.pin_button.invoke()
    setting = page.pin_setting
    setting.set("current", "250814")
    setting.set("pin", "361925")
    setting.set("again", "361926")
    setting.submit()
    assert "不一样" in setting.problems()[0]
    setting.reset_button.invoke()
    drive.pump()
    assert not has_pin(person_signing_in(ZHANG))
    assert "已清除" in page.window.status.text
