"""借用场馆 in the real window: lent, taken back, booked, by keys (P5)."""

from datetime import date, datetime, timedelta

import pytest

from models import clock
from models.bookings import Booking, BookingStatus, bookings_on
from models.desks import this_desk
from models.loans import Loan, lend, take_back
from models.people import person_signing_in

MONDAY = datetime(2026, 11, 23, 9)
TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(MONDAY):
        yield


@pytest.fixture
def page(at_work, drive):
    at_work.root.focus_force()
    drive.keys("ctrl+F1")
    drive.wait_until(lambda: at_work.page.title == "借用场馆")
    return at_work.page


@pytest.fixture
def venues(page, drive):
    page.views.set("bookings")
    page.focus_first()
    drive.pump()
    return page


def lent(days=4, **more):
    said = {
        "by": person_signing_in("T001"),
        "what": "折叠桌",
        "quantity": 4,
        "borrower_name": "赵思远",
        "phone": "13800000000",
        "purpose": "招新",
        "approver": "李老师",
        "due_back_on": TODAY + timedelta(days=days),
    }
    return lend(**said | more)


def fill(page, **values):
    for name, value in values.items():
        page.form.set(name, value)


def mark(page, at=0):
    tree = page.view.table.tree
    row = tree.get_children()[at]
    tree.focus_force()
    tree.selection_set(row)
    tree.focus(row)
    tree.update()


def said(page):
    return page.window.status.text


def heading(page):
    return page.view.heading.cget("text")


def test_something_is_lent_by_keys_alone(page, drive):
    drive.typing("zsy")
    drive.keys("Return")
    drive.paste(page.form.widget("what"), "折叠桌")
    drive.keys("Return")
    drive.typing("4")
    drive.keys("Return")
    drive.typing("+4")
    drive.keys("Return")
    drive.paste(page.form.widget("purpose"), "招新")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Loan.select().count() == 1)
    loan = Loan.get()
    assert (loan.student_number, loan.borrower_name) == ("2024030101", "赵思远")
    assert (loan.what, loan.quantity, loan.due_back_on) == ("折叠桌", 4, FRIDAY)
    assert (loan.phone, loan.approver) == ("13800000000", "李老师")
    assert "已借出 借2026-0001：折叠桌 ×4，赵思远，应于 2026-11-27 归还" in said(page)
    assert page.view.table.rows()[0][:4] == ("在借", "11-27", "折叠桌", "4")
    assert page.form.text("borrower_name") == ""
    assert page.form.value("due_back_on") == TODAY + timedelta(days=7)


def test_what_is_missing_is_said_under_its_field(page, drive):
    fill(page, borrower_name="赵思远", phone="1", due_back_on=None)
    drive.keys("ctrl+s")
    assert page.form.problems() == ["请填写借用的物资。"]
    fill(page, what="折叠桌")
    drive.keys("ctrl+s")
    assert page.form.problems() == ["请填写应还日期。"]
    fill(page, borrower_name="99999", due_back_on=FRIDAY)
    drive.keys("ctrl+s")
    assert page.form.problems() == ["名册中没有“99999”，请核对学号，或填写姓名。"]
    assert Loan.select().count() == 0


def test_the_list_says_what_is_due_with_a_sign_and_a_word(page):
    for days in (0, 2, 3, 9):
        lent(days)
    back = lent(1)
    with clock.set_at(MONDAY + timedelta(days=2)):
        take_back(back, by=page.window.person, condition="完好")
        page.refresh()
        assert [row[0] for row in page.view.table.rows()] == [
            "‼ 逾期 2 天",
            "！今日应还",
            "· 明日应还",
            "在借",
            "✓ 已还清，逾期 1 天",
        ]
        assert heading(page) == "在借 4 · ！今日应还 1 · ‼ 逾期 1"


def test_a_part_is_taken_back_from_the_list_by_keys(page, drive):
    lent()
    page.refresh()
    mark(page)
    drive.wait_until(lambda: page.form.loan is not None)
    drive.pump(0.7)  # keys that come with a swipe must not open a row
    drive.keys("Return")
    assert page.form.task == "back"
    assert "借2026-0001　折叠桌 ×4" in page.form.value("subject")
    drive.typing("3")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "归还 3，还剩 1 未还" in said(page))
    assert page.form.task == "lend"
    assert page.view.table.rows()[0][3] == "4（剩 1）"
    mark(page)
    page.view.list_buttons["归还"].invoke()
    fill(page, returned_quantity=2)
    drive.keys("ctrl+s")
    assert page.form.problems() == ["归还数量请填 1 到 1 之间的整数。"]
    fill(page, returned_quantity=1, condition="桌腿弯了")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "已还清" in said(page))
    assert [entry["condition"] for entry in Loan.get().returns] == ["完好", "桌腿弯了"]


def test_what_was_typed_to_lend_is_kept_while_something_comes_back(page, drive):
    lent()
    page.refresh()
    fill(page, borrower_name="曾雨桐", what="音响")
    mark(page)
    page.view.list_buttons["归还"].invoke()
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "已还清" in said(page))
    typed = page.form.text("borrower_name"), page.form.text("what")
    assert typed == ("曾雨桐", "音响")


def test_a_loan_is_extended_and_esc_goes_back_to_lending(page, drive):
    lent()
    page.refresh()
    mark(page)
    page.view.list_buttons["延期"].invoke()
    drive.keys("ctrl+s")
    assert page.form.problems() == ["请填写延到哪一天。"]
    fill(page, new_due_on=FRIDAY)
    drive.keys("ctrl+s")
    assert page.form.problems() == ["请填写延期原因。"]
    fill(page, reason="活动延长")
    drive.keys("ctrl+s")
    problem = "延期后的应还日期要晚于 2026-11-27，也不能早于今天。"
    assert page.form.problems() == [problem]
    fill(page, new_due_on=FRIDAY + timedelta(days=3))
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "延至 2026-11-30" in said(page))
    mark(page)
    page.view.list_buttons["延期"].invoke()
    drive.keys("Escape")
    assert page.form.task == "lend"


def test_nothing_is_done_to_no_loan_or_to_one_that_is_back(page, drive, shown):
    back = lent()
    take_back(back, by=page.window.person, condition="完好")
    page.refresh()
    page.form.begin("back")
    drive.keys("ctrl+s")
    assert "请先在列表中选中一笔还没有还清的借用" in page.window.info.text
    mark(page)
    page.view.list_buttons["延期"].invoke()
    drive.wait_until(lambda: "✓ 已还清，不用再办理" in page.window.info.text)


def test_a_wrong_loan_is_void_with_a_reason(page, drive, shown):
    lent()
    page.refresh()
    mark(page)
    shown.answers = ["重复"]
    drive.keys("Delete")
    drive.wait_until(lambda: "已作废 借2026-0001" in said(page))
    assert page.view.table.rows()[0][0] == "作废"
    assert heading(page) == "在借 0"


def test_things_used_before_are_offered_by_part_and_initials(page, drive):
    for what in ("A4 纸", "折叠桌", "折叠椅"):
        lent(what=what)
    suggest = page.form.widget("what")._suggest
    assert [item.record for item in suggest("zdz")] == ["折叠桌"]
    assert len(suggest("")) == 3
    fill(page, what="a4")
    page.form.widget("what").resolve()
    assert page.form.text("what") == "a4"  # not changed behind one's back


def test_the_other_view_by_ctrl_tab_keeps_what_was_typed(page, drive):
    fill(page, what="音响")
    page.form.focus_field("what")
    drive.keys("ctrl+Tab")
    drive.wait_until(lambda: page.views.get() == "bookings")
    assert page.window.root.focus_get() is page.form.widget("venue")
    drive.keys("ctrl+Tab")
    drive.wait_until(lambda: page.views.get() == "loans")
    assert page.form.text("what") == "音响"


def apply(page, starts="1400", ends="1600", **more):
    fields = {
        "day": FRIDAY,
        "starts": starts,
        "ends": ends,
        "applicant_name": "赵思远",
        "organisation": "青协",
        "event": "迎新晚会",
        "people": 80,
        "phone": "8620",
    }
    fill(page, **fields | more)


def test_a_venue_is_booked_by_keys(venues, drive):
    page = venues
    assert page.form.text("people") == ""  # what stands there would be believed
    drive.keys("Return")  # the policy's venue stands there
    for text in ("27", "1400", "1600", "zsy"):
        drive.typing(text)
        drive.keys("Return")
    fill(page, organisation="青协", event="迎新晚会")
    page.form.focus_field("people")
    drive.typing("80")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Booking.select().count() == 1)
    booking = Booking.get()
    assert (booking.venue, booking.hours) == ("大学生活动中心", "14:00–16:00")
    assert (booking.people, booking.phone) == (80, "13800000000")
    assert "场2026-0001 已批准：大学生活动中心 11-27 周五 14:00–16:00" in said(page)
    row = page.view.table.rows()[0]
    assert row[:4] == ("11-27 周五", "14:00–16:00", "大学生活动中心", "✓ 已批准")
    assert heading(page) == "今天起已批准 1 场"


def test_what_is_free_shows_while_the_time_is_typed(venues, drive):
    page = venues
    apply(page)
    page.on_save()
    fill(page, day=FRIDAY)
    page.form.focus_field("starts")
    drive.typing("15")
    drive.wait_until(lambda: page.form.value("free"))
    assert page.form.value("free") == "11-27 空闲：08:00–14:00、16:00–22:00"
    drive.keys("Return")
    drive.typing("17")
    drive.wait_until(lambda: page.form.value("clash"))
    assert page.form.value("clash") == "⚠ 14:00–16:00 已批给青协（迎新晚会）"


def test_a_clash_is_refused_under_the_time_and_names_free_ones(venues, drive):
    page = venues
    apply(page)
    page.on_save()
    apply(page, "1500", "1700")
    page.on_save()
    (problem,) = page.form.problems()
    assert "已批给青协（迎新晚会，场2026-0001）" in problem
    assert "当天空闲：08:00–14:00、16:00–22:00" in problem
    assert page.window.root.focus_get() is page.form.widget("starts")
    assert Booking.select().count() == 1


def test_an_application_is_refused_with_its_reason(venues, drive):
    page = venues
    apply(page, status=BookingStatus.REFUSED)
    page.on_save()
    assert page.form.problems() == ["请填写不批准的原因。"]
    fill(page, reason="检修")
    page.on_save()
    assert Booking.get().reason == "检修"
    assert page.view.table.rows()[0][3] == "✗ 未批准"
    assert page.form.value("status") == BookingStatus.APPROVED  # for the next one


def test_a_booking_is_cancelled_from_the_list(venues, drive, shown):
    page = venues
    apply(page)
    page.on_save()
    mark(page)
    drive.pump(0.7)
    drive.keys("Return")
    assert "青协　迎新晚会　80 人" in shown[-1]
    shown.answers = ["雨天"]
    drive.keys("Delete")
    drive.wait_until(lambda: "已取消，这段时间又空闲了" in said(page))
    assert page.view.table.rows()[0][3] == "— 已取消"
    (booking,) = bookings_on(FRIDAY, this_desk())
    assert booking.reason == "雨天"


WRONG_APPLICATIONS = [
    ("day", None, "请填写使用日期。"),
    ("day", date(2026, 11, 1), "使用日期已经过去，请核对。"),
    ("starts", "25", "时间“25”看不懂，请填写成 08:30 或 0830。"),
    ("ends", "14", "结束时间要晚于开始时间，请核对。"),
    ("people", 0, "人数请填 1 到 99999 之间的整数。"),
    ("people", "", "人数请填写数字。"),
    ("approver", "13800000000", "批准人请填写姓名，“13800000000”不是姓名。"),
    ("event", "", "请填写活动名称。"),
]


def test_a_wrong_application_says_why(venues):
    for field, typed, problem in WRONG_APPLICATIONS:
        apply(venues, **{field: typed})
        venues.on_save()
        assert venues.form.problems() == [problem]
        assert Booking.select().count() == 0


@pytest.mark.parametrize("view", ["loans", "bookings"])
def test_ctrl_e_leads_to_the_ledger(page, drive, view):
    page.views.set(view)
    drive.keys("ctrl+e")
    drive.wait_until(lambda: page.window.page.title == "台账")
    assert page.window.page.form.value("ledger") == view


def test_an_assistant_names_who_approved(window, drive):
    window.sign_in(person_signing_in("2023010101"))
    window.show("loans")
    drive.pump()
    form = window.page.form
    assert form.text("approver") == ""
    suggested = [item.record.name for item in form.widget("approver")._suggest("")]
    assert "张小明" not in suggested and "李老师" in suggested
    window.lock()
    window.sign_in(person_signing_in("T002"))
    window.show("loans")
    assert form.text("approver") == "陈老师"


@pytest.mark.parametrize("view", ["loans", "bookings"])
def test_everything_fits_a_small_screen(page, drive, view):
    page.window.root.geometry("1024x640+0+0")
    page.views.set(view)
    drive.pump(0.2)
    button = page.form.primary
    root = page.window.root
    assert button.winfo_width() >= button.winfo_reqwidth()
    bottom = button.winfo_rooty() + button.winfo_height()
    assert bottom <= root.winfo_rooty() + root.winfo_height()
