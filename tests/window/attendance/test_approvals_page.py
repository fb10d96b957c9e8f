"""考勤审核: both bosses decide, one by one or together."""

import pytest
from attendancepage import TUESDAY, WANG, ZHANG, cells_cut
from duty import at, person

import models
from exports.sync import sync
from models import clock, storage


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
    office.sign_in(person("9001"))
    office.show("approvals")
    assert office.page.view.table.rows()[0][0] == "张小明"
    office.page.view.approve_button.invoke()
    assert office.page.view.table.rows() == []
    office.page.views.set("decided")
    assert office.page.view.table.rows()[0][5] == "已同意"
    sync()

    storage.open_database(centre / "desk")
    sync()
    window.sign_in(person("T001"))
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
    window.sign_in(person(WANG))
    window.show("approvals")
    view = window.page.view
    assert view.table.count == 1
    assert not view.approve_button.winfo_manager()
    assert not view.form.widget("note").winfo_manager()
    assert "老师和中心办公室审核" in view.form.value("why_not")


def test_whoever_decides_finds_the_note_and_the_buttons_after_an_assistant(requested):
    window = requested.window
    for number, is_shown in ((WANG, False), ("T001", True)):
        window.lock()
        window.sign_in(person(number))
        window.show("approvals")
        view = window.page.view
        window.root.update()
        assert bool(view.form.widget("note").winfo_ismapped()) == is_shown
        for button in (view.approve_button, view.refuse_button):
            assert bool(button.winfo_ismapped()) == is_shown


@pytest.fixture
def two_wait(page, at_time):
    """Two check-ins without a plan, on Tuesday."""
    for number, hours in ((ZHANG, "09:00"), (WANG, "09:05")):
        with clock.set_at(at(hours, TUESDAY)):
            models.check_in(person(number), forced_reason="加班")
        with clock.set_at(at("10:00", TUESDAY)):
            models.check_out(models.open_attendance(person(number)))
    at_time("10:30", TUESDAY)
    page.window.show("approvals")
    return page.window.page.view


def test_after_a_decision_the_next_one_that_waits_is_marked(two_wait):
    first, second = [row[0] for row in two_wait.table.rows()]
    assert two_wait.table.selected().subject.person_name == first
    two_wait.approve_button.invoke()
    assert two_wait.table.selected().subject.person_name == second
    assert str(two_wait.approve_button.cget("state")) == "normal"
    two_wait.approve_button.invoke()
    assert models.Approval.select().count() == 2
    assert str(two_wait.approve_button.cget("state")) == "disabled"


def test_what_still_waits_is_read_in_full(two_wait, drive, root):
    root.geometry("1180x700+0+0")
    two_wait.approve_button.invoke()
    drive.pump(0.1)
    waits = [cells[5].split("；")[0] for cells in two_wait.table.rows()]
    assert waits == ["办公室待审核", "部门、办公室待审核"]
    assert cells_cut(two_wait.table, ["审核情况"], until="；") == []


def test_several_are_approved_together(two_wait, drive):
    view = two_wait
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
    models.check_in(person("T001"))
    view.refresh()
    assert ("教务处", "已驻岗") in {row[:2] for row in view.table.rows()}
    view.list_buttons["上一周"].invoke()
    assert "08-31" in view.heading.cget("text")
    assert ("教务处", "✖ 未驻岗") in {row[:2] for row in view.table.rows()}
