"""用印: kept while refused, corrected by a new line, and done by a few keys."""

from datetime import timedelta

import pytest
from sealdesk import mark, record_use, the_seal, uses

from models import clock
from models.custody import TransferKind, transfer_seal
from models.errors import UserError
from models.handovers import hand_over
from models.outings import take_out
from models.people import person_signing_in
from models.reservations import reserve_numbers
from models.seal_uses import SealUse, refuse_seal_use

TEACHER, COLLEAGUE, ASSISTANT = "T001", "T002", "2023010101"


@pytest.fixture
def page(at_work, drive):
    at_work.show("seals")
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


@pytest.fixture
def seals(page):
    for name, value in {
        "applicant": "王家长",
        "unit": "软件2401",
        "document_title": "在读证明",
        "purpose": "申请贷款",
        "approver": "陈老师",
        "document_number": "教〔2026〕7 号",
        "note": "加急",
    }.items():
        page.form.set(name, value)
    return page


@pytest.fixture
def pressed(at_work):
    """The keys that reached the window, without Ctrl and Shift by themselves."""
    names = []
    root = at_work.root
    before = root.bind_all("<KeyPress>")

    def note(event):
        if not event.keysym.startswith(("Control", "Shift")):
            names.append(event.keysym)

    root.bind_all("<KeyPress>", note, add="+")
    yield names
    root.tk.call("bind", "all", "<KeyPress>", before or "")


def test_who_may_not_seal_is_told_before_filling_in(at_work, drive):
    at_work.sign_in(person_signing_in(ASSISTANT))
    at_work.show("seals")
    locked = at_work.page.form.widget("locked")
    assert "李老师保管，只有保管人可以登记用印" in locked.said
    assert locked.winfo_manager()
    at_work.sign_in(person_signing_in(TEACHER))
    at_work.show("seals")
    assert not locked.winfo_manager()


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
    assert seals.window.root.focus_get() is seals.form.widget("students").entry
    assert SealUse.select().count() == 0


# -- by a few keys ----------------------------------------------------------------


def test_a_usual_use_takes_a_dozen_keys_and_no_mouse(page, drive, pressed):
    record_use()
    page.refresh()
    drive.keys("z", "s", "Return")  # the unit comes with the student
    drive.keys("z", "d", "Return", "Return")  # the purpose with the document
    drive.keys("c", "l", "Return", "ctrl+s")
    drive.wait_until(lambda: len(uses()) == 2, "the use")
    use = uses()[1]
    assert (use.applicant, use.unit) == ("赵思远", "软件2401")
    assert (use.document_title, use.purpose) == ("在读证明", "申请贷款")
    assert use.approver == "陈老师"
    assert len(pressed) <= 12
    assert page.window.root.focus_get() is page.form.widget("applicant")


def test_the_last_use_is_repeated_for_the_next_person_in_four_keys(
    page, drive, pressed
):
    record_use(copies=2, impressions=4)
    page.refresh()
    drive.keys("ctrl+d", "s", "w", "Return", "ctrl+s")
    drive.wait_until(lambda: len(uses()) == 2, "the use")
    use = uses()[1]
    assert (use.applicant, use.document_title) == ("单文博", "在读证明")
    assert (use.copies, use.impressions) == (2, 4)
    assert len(pressed) <= 5


def test_a_new_text_that_begins_like_an_old_one_stays_as_typed(page, drive):
    record_use(document_title="在读证明（英文）")
    page.refresh()
    title = page.form.widget("document_title")
    drive.paste(title, "在读证明")
    drive.wait_until(lambda: title.is_open, "the list")
    drive.keys("Return")
    assert page.form.text("document_title") == "在读证明"


def test_a_number_is_typed_over_and_drives_the_impressions(page, drive):
    page.form.focus_field("copies")
    drive.typing("38")
    assert page.form.counts() == {"copies": 38, "impressions": 38}
    drive.keys("Return")
    drive.typing("76")
    page.form.focus_field("copies")
    drive.typing("40")
    assert page.form.counts() == {"copies": 40, "impressions": 76}


# -- in sight -----------------------------------------------------------------------


def test_a_loan_and_the_numbers_on_paper_are_in_sight(page):
    teacher, colleague = map(person_signing_in, (TEACHER, COLLEAGUE))
    until = clock.today() + timedelta(days=3)
    reserve_numbers(the_seal(), by=teacher, count=20, for_day=clock.today())
    transfer_seal(
        the_seal(),
        by=teacher,
        receiver=colleague,
        witness=person_signing_in(ASSISTANT),
        reason="出差",
        kind=TransferKind.TEMPORARY,
        until=until,
        approver="周主任",
    )
    page.refresh()
    said = page.form.value("holder")
    assert f"陈老师（临时代管至 {until}，李老师移交）" in said
    assert said.endswith("-0021")
    assert "0001–0020 留存" in page.form.value("sheets")


def test_a_seal_that_is_out_says_where_and_what_to_do(page):
    take_out(
        the_seal(),
        by=person_signing_in(TEACHER),
        unit="软件学院",
        applicant="张三",
        reason="签约",
        place="行政楼",
        approver="周主任",
        due_back_at=clock.now() + timedelta(hours=2),
    )
    assert page.outing_button.cget("text") == "外带"
    page.refresh()
    assert "李老师带到行政楼" in page.form.value("locked")
    assert page.form.value("locked").endswith("\u00a0归还；回来后按“归还”登记")
    assert page.outing_button.cget("text") == "归还"
    page.outing_button.invoke()
    page.front.set("checker", COLLEAGUE)
    page.front.primary.invoke()
    assert page.outing_button.cget("text") == "外带"


# -- void, refused, corrected ---------------------------------------------------------


def test_a_correction_is_a_new_line_and_both_are_shown_as_such(page, drive, shown):
    use = record_use(copies=1, impressions=1)
    page.form.set("applicant", "半句话")
    mark(page, use)
    page.table.focus_set()
    drive.keys("ctrl+m")
    assert page.form.text("document_title") == "在读证明"
    assert "更正" in page.form.value("mode")
    page.form.set("copies", 3)
    shown.answers = ["份数写错"]
    drive.keys("ctrl+s")
    drive.wait_until(lambda: len(uses()) == 2, "the new line")
    old, new = uses()
    assert old.is_void
    assert "份数写错" in old.void_reason
    assert (new.copies, new.impressions, new.corrects_uid) == (3, 3, old.uid)
    assert [row[2] for row in page.table.rows()] == ["已用印·更正", "已更正"]
    assert page.form.text("applicant") == "半句话"


def test_what_was_just_saved_is_corrected_or_void_at_once(seals, drive, shown):
    drive.keys("ctrl+s")
    drive.wait_until(lambda: uses(), "the use")
    assert seals.table.selected() == uses()[0]
    drive.keys("ctrl+m")
    drive.wait_until(lambda: seals.correcting, "the correction")
    seals.form.set("note", "特急")
    shown.answers = ["漏写备注", "登记有误"]
    drive.keys("ctrl+s")
    drive.wait_until(lambda: len(uses()) == 2, "the new line")
    seals.table.focus_set()
    drive.keys("Delete")
    drive.wait_until(lambda: uses()[1].is_void, "the void line")


def test_esc_gives_a_correction_up_and_what_was_typed_comes_back(seals, drive):
    use = record_use()
    mark(seals, use)
    seals.list_buttons["更正"].invoke()
    assert seals.form.text("note") == ""
    drive.keys("Escape")
    assert seals.form.text("note") == "加急"
    assert seals.save_button.cget("text") == "登记用印"
    assert len(uses()) == 1


def test_a_refused_line_is_corrected_as_a_refusal(page, shown):
    by = person_signing_in(TEACHER)
    use = refuse_seal_use(
        by=by,
        seal=the_seal(),
        applicant="张三",
        unit="校外",
        document_title="介绍信",
        reason="空白",
    )
    mark(page, use)
    page.on_correct()
    page.form.set("refused_reason", "内容空白")
    shown.answers = ["原因不全"]
    page.save_button.invoke()
    assert uses()[1].refused_reason == "内容空白"
    assert page.table.rows()[0][2] == "拒印·更正"


def test_a_void_line_is_not_corrected(page, shown):
    use = record_use()
    mark(page, use)
    shown.answers = ["点错了"]
    page.on_void()
    mark(page, use)
    with pytest.raises(UserError, match="已经作废"):
        page.on_correct()


def test_a_page_that_is_left_keeps_what_was_typed(seals, drive):
    drive.keys("F2")
    drive.keys("F3")
    assert seals.form.text("note") == "加急"


def test_until_a_handover_is_taken_over_the_seal_says_so(page):
    hand_over(by=person_signing_in(ASSISTANT))
    page.refresh()
    assert "只锁印章：请先接班" in page.form.value("locked")
    assert "F6" in page.form.value("locked")
