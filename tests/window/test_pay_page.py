"""工时酬金 in the real window: decide, approve, print, close."""

from datetime import date, timedelta
from threading import Event

import pytest
from docx import Document
from duty import MONDAY, at, line, make_plan, person, work

import models
from desk.pages.payrows import month_before, usual_month
from exports.sync import sync
from models import clock, storage
from models.base import transaction
from models.drafts import drafts
from models.people import person_signing_in

ZHANG, WANG = "2023010101", "2023010102"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
WAIT_SECONDS = 8
PAYDAY = date(2026, 10, 9)
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


def put_in_force():
    """For a week 张小明 08:00–11:00, 王芳 13:00–16:00; the office is open."""
    zhang, wang = person(ZHANG), person(WANG)
    shifts = [line("08:00", "11:00", zhang, weekday=n) for n in range(5)]
    shifts += [line("13:00", "16:00", wang, weekday=n) for n in range(5)]
    with clock.set_at(at("07:00")):
        make_plan(person("9001"), shifts, ends_on=DAYS[-1])


def work_a_week(centre, days_of_wang):
    storage.open_database(centre / "office")
    put_in_force()
    with clock.set_at(at("07:30")):
        sync()
        storage.open_database(centre / "desk")
        sync()
    for day in DAYS:
        work(ZHANG, day, "08:00", "11:00")
        if day in days_of_wang:
            work(WANG, day, "13:00", "16:00")
    with clock.set_at(at("18:00", DAYS[-1])):
        for place in ("desk", "office"):
            storage.open_database(centre / place)
            sync()
    storage.close_database()


@pytest.fixture
def worked(centre):
    """张小明 has worked 15 hours of a week that pays 8, 王芳 3; the office knows."""
    work_a_week(centre, [MONDAY])
    return centre


@pytest.fixture
def both_worked(centre):
    """王芳 has worked as much as 张小明."""
    work_a_week(centre, DAYS)
    return centre


def open_page(request, drive, tmp_path):
    window = request.getfixturevalue("at_office")
    window.settings.ledger_folder = str(tmp_path)
    window.root.focus_force()
    drive.keys("shift+F6")
    settle(window.page, drive)
    drive.pump(0.3)  # past the time a list that got the focus ignores Enter
    return window.page


@pytest.fixture
def on_payday():
    with clock.set_at(at("09:00", PAYDAY)):
        yield


@pytest.fixture
def page(worked, on_payday, request, drive, tmp_path):
    """September on October 9th, with the first person of the office signed in."""
    return open_page(request, drive, tmp_path)


@pytest.fixture
def page_of_two(both_worked, on_payday, request, drive, tmp_path):
    return open_page(request, drive, tmp_path)


def settle(page, drive):
    """Until nothing runs and the month is shown."""
    drive.wait_until(
        lambda: page.view is not None and not page.busy and not page.window.jobs.running
    )
    drive.pump(0.05)


def focused(page):
    return page.window.root.focus_get()


def row_of(page, name):
    return next(row for row in page.table.rows() if row[1] == name)


def mark(page, drive, *names):
    tree = page.table.tree
    tree.selection_set(
        [row for row in tree.get_children() if tree.set(row, "1") in names]
    )
    drive.pump()


def lines_of(month):
    return {line.person_name: line for line in models.pay_lines(month)}


def text_of(path):
    tables = Document(str(path)).tables
    return "\n".join(c.text for t in tables for row in t.rows for c in row.cells)


def test_a_month_is_decided_approved_printed_and_closed_by_keys(
    page, drive, shown, tmp_path
):
    assert page.table.selected().line.person_name == "张小明"
    drive.keys("Return", "3", "Return")
    drive.typing("not asked to")
    drive.keys("ctrl+s")
    settle(page, drive)
    assert lines_of(SEPTEMBER)["张小明"].refused == 420
    assert focused(page) is page.bar.approve_button
    drive.keys("space")
    settle(page, drive)
    assert models.month_of(SEPTEMBER).status == "approved"
    assert page.bar.status.cget("text") == "已审批"
    drive.keys("space")
    settle(page, drive)
    assert focused(page) is page.sheets.open_button
    hours = page.sheets.exported
    drive.keys("shift+Tab", "space")
    settle(page, drive)
    pay = page.sheets.exported
    assert hours.name == "工时统计表_2026-09.docx" and hours.parent == tmp_path
    assert "15:00" in text_of(hours)
    assert pay.name == "酬金发放表_2026-09.docx"
    assert "144.00" in text_of(pay) and "54.00" in text_of(pay)
    shown.answers = [True]
    walk_to(page, drive, page.bar.close_button)
    drive.keys("space")
    settle(page, drive)
    assert "不能再改" in shown[0]
    assert models.month_of(SEPTEMBER).status == "closed"
    assert page.bar.status.cget("text") == "已结束"


def walk_to(page, drive, widget):
    for _ in range(30):
        if focused(page) is widget:
            return
        drive.keys("Tab")
    pytest.fail("Tab never comes to it")


def test_the_list_shows_hours_excess_and_money(page):
    assert row_of(page, "张小明") == (
        *(ZHANG, "张小明", "教务处", "15:00", "", "", "7:00", "待处理"),
        *("8:00", "", "144.00"),
    )
    assert page.heading.cget("text") == (
        "2 人，工时 18:00，超出 7:00，计薪 11:00，198.00 元"
    )


def test_what_stands_against_approval_is_said_with_what_to_do(page):
    said = page.bar.advice.cget("text")
    assert "没有处理：张小明" in said and "按此处理" in said
    assert str(page.bar.approve_button.cget("state")) == "disabled"
    assert "审批后" in page.bar.hint.cget("text")


def test_a_month_that_is_not_over_can_be_looked_at_only(page, drive):
    page.bar.choose_month(OCTOBER)
    settle(page, drive)
    assert page.view.month == OCTOBER
    assert "没有工时" in page.bar.advice.cget("text")
    assert str(page.bar.approve_button.cget("state")) == "disabled"


@pytest.mark.parametrize(
    ("choice", "field", "words"),
    [("volunteer", "consent", "本人同意"), ("refused", "note", "写明原因")],
)
def test_what_a_decision_lacks_is_said_under_its_field(
    page, drive, choice, field, words
):
    page.form.set("choice", choice)
    page.form.decide_button.invoke()
    settle(page, drive)
    (problem,) = page.form.problems()
    assert words in problem
    assert focused(page) is page.form.widget(field)
    assert lines_of(SEPTEMBER)["张小明"].needs_decision
    page.form.set(field, "未经安排" if field == "note" else True)
    page.form.decide_button.invoke()
    settle(page, drive)
    assert page.form.problems() == []
    assert lines_of(SEPTEMBER)["张小明"].decision == choice


def test_a_reason_is_asked_for_only_where_one_is_needed(page):
    form = page.form
    for choice, asked in (("next_month", ""), ("volunteer", "consent")):
        form.set("choice", choice)
        for name in ("consent", "note"):
            assert bool(form.widget(name).winfo_manager()) == (name == asked)


def test_a_reason_and_whom_it_is_about_outlive_a_kill(page_of_two, after_kill, drive):
    page = page_of_two
    mark(page, drive, "王芳")
    page.form.widget("choice").set("refused")
    assert page.draft() is None
    page.form.widget("note").insert(0, "未经安排")
    before = page.draft()
    page.window.drafts.look_everywhere()
    window = after_kill(page.window.folder, "9001")
    window.drafts.bring_drafts()
    page = window.pages["pay"]
    assert page.draft() == before  # the month is still being reckoned
    window.show("pay")
    settle(page, drive)
    assert page.draft() == before
    assert page.form.value("who") == "王芳 7:00"
    page.on_save()
    settle(page, drive)
    assert lines_of(SEPTEMBER)["王芳"].refused == 420
    assert drafts() == []


def test_one_decision_is_made_about_all_that_are_marked(page_of_two, drive):
    page = page_of_two
    drive.keys("ctrl+a")
    assert page.form.value("who") == "2 行，合计 14:00"
    drive.keys("ctrl+s")
    settle(page, drive)
    decided = {name: x.decision for name, x in lines_of(SEPTEMBER).items()}
    assert decided == {"张小明": "next_month", "王芳": "next_month"}
    assert "已处理 2 人" in page.window.status.text


def test_the_mark_goes_on_to_the_next_who_waits(page_of_two, drive):
    page = page_of_two
    assert page.table.selected().line.person_name == "张小明"
    drive.keys("ctrl+s")
    settle(page, drive)
    assert page.table.selected().line.person_name == "王芳"
    assert focused(page) is page.table.tree


def test_all_who_wait_are_marked_at_once_even_while_searching(page_of_two, drive):
    page = page_of_two
    page.on_find()
    drive.paste(page.find_entry, "王芳")
    drive.wait_until(lambda: len(page.table.rows()) == 1)
    page.form.all_button.invoke()
    drive.pump()
    assert page.form.value("who") == "2 行，合计 14:00"
    drive.keys("ctrl+s")
    settle(page, drive)
    page.form.all_button.invoke()
    assert "没有待处理" in page.window.info.text


def test_nothing_is_decided_about_people_within_the_limits(page, drive):
    mark(page, drive, "王芳")
    assert str(page.form.decide_button.cget("state")) == "disabled"
    assert "没有超出" in page.form.value("who")
    drive.keys("ctrl+s")
    assert "没有超出" in page.window.info.text


def test_the_days_of_the_marked_person_are_shown(page, drive):
    days = page.days.table.rows()
    assert len(days) == 5
    assert days[0][:6] == (
        "09-07 周一",
        "A 岗",
        "08:00–11:00",
        "08:00",
        "11:00",
        "3:00",
    )
    assert "A 岗 8:00 × 18.00 元" in page.days.explanation.cget("text")
    mark(page, drive, "王芳", "张小明")
    assert page.days.table.rows() == []


def test_the_marks_of_a_day_are_shown_in_full(page, drive):
    tree = page.days.table.tree
    tree.selection_set(tree.get_children()[-1])
    drive.pump()
    said = page.days.explanation.cget("text")
    assert "09-11 周五" in said and "超周上限" in said


def test_a_department_narrows_list_and_sums(page, drive):
    page.bar.choose_department(models.department_by_name("学生处").uid)
    assert page.table.rows() == []
    page.bar.choose_department(models.department_by_name("教务处").uid)
    assert len(page.table.rows()) == 2


def test_an_approval_is_taken_back_with_a_reason(page, drive, shown):
    drive.keys("ctrl+s")
    settle(page, drive)
    page.bar.approve_button.invoke()
    settle(page, drive)
    assert str(page.form.decide_button.cget("state")) == "disabled"
    assert "已审批，不能再改" in page.form.value("who")
    shown.answers = [None, "漏了一人"]
    page.bar.reopen_button.invoke()
    assert models.month_of(SEPTEMBER) is not None
    page.bar.reopen_button.invoke()
    settle(page, drive)
    assert models.month_of(SEPTEMBER) is None
    assert page.bar.status.cget("text") == "草稿"


def test_a_closed_month_offers_nothing_but_the_sheets(page, drive, shown):
    drive.keys("ctrl+s")
    settle(page, drive)
    page.bar.approve_button.invoke()
    settle(page, drive)
    shown.answers = [False, True]
    page.bar.close_button.invoke()
    assert models.month_of(SEPTEMBER).status == "approved"
    page.bar.close_button.invoke()
    settle(page, drive)
    for button in (
        page.bar.approve_button,
        page.bar.reopen_button,
        page.bar.close_button,
    ):
        assert str(button.cget("state")) == "disabled"
    assert "不能再改" in page.bar.advice.cget("text")
    assert str(page.sheets.export_buttons["pay"].cget("state")) == "normal"


def test_a_draft_is_named_one_and_an_older_sheet_is_asked_for(
    page, drive, shown, tmp_path
):
    drive.keys("ctrl+e")
    settle(page, drive)
    path = tmp_path / "工时统计表草稿_2026-09.docx"
    assert page.sheets.exported == path
    assert str(path) in page.sheets.text
    path.write_bytes(b"mine")
    shown.answers = [False]
    drive.keys("ctrl+e")
    assert "已经存在" in shown[0]
    assert path.read_bytes() == b"mine"


def test_a_folder_that_is_gone_is_refused_and_another_taken(
    page, drive, shown, tmp_path
):
    page.window.settings.ledger_folder = str(tmp_path / "gone")
    drive.keys("ctrl+e")
    assert "换个文件夹" in page.window.info.text
    shown.answers = [tmp_path]
    page.sheets.folder_button.invoke()
    drive.keys("ctrl+e")
    settle(page, drive)
    assert page.sheets.exported.parent == tmp_path


def test_the_month_chosen_last_is_shown_however_fast_one_chooses(page, drive):
    seen = set()

    def is_settled():
        seen.add(page.view.month if page.view else None)
        return not page.busy and not page.window.jobs.running

    page.bar.choose_month(OCTOBER)
    drive.wait_until(lambda: page.window.jobs.running, "the worker to begin with it")
    page.bar.choose_month(month_before(SEPTEMBER))
    drive.wait_until(is_settled)
    assert seen == {None, month_before(SEPTEMBER)}
    assert page.table.rows() == []


def test_the_page_waits_for_another_job_instead_of_refusing(page, drive):
    go_on = Event()
    jobs = page.window.jobs
    jobs.start(lambda report: go_on.wait(WAIT_SECONDS), on_done=lambda _: None)
    before = page.view
    page.reload()
    drive.pump(0.2)
    assert "请稍候" in page.bar.advice.cget("text") and page.window.info.text == ""
    go_on.set()
    settle(page, drive)
    assert page.view is not before


def test_the_month_to_settle_is_offered_first(worked):
    storage.open_database(worked / "office")
    by = person_signing_in("9001")
    with clock.set_at(at("09:00", PAYDAY)):
        assert usual_month(PAYDAY) == SEPTEMBER
        zhang = person_signing_in(ZHANG)
        models.decide_excess(
            by=by, month=SEPTEMBER, person_uids=[zhang.uid], choice="next_month"
        )
        approved = models.approve_month(SEPTEMBER, by=by)
        assert usual_month(date(2026, 12, 5)) == SEPTEMBER
        models.close_month(approved, by=by)
        assert usual_month(PAYDAY) == OCTOBER


def test_the_oldest_month_with_work_is_offered_before_any_was_settled(worked):
    storage.open_database(worked / "office")
    with clock.set_at(at("09:00", date(2026, 12, 5))):
        assert usual_month(date(2026, 12, 5)) == SEPTEMBER
    with clock.set_at(at("20:00", DAYS[-1])):
        assert usual_month(DAYS[-1]) == SEPTEMBER  # not the empty one before


def test_of_two_months_that_wait_to_be_closed_the_newest_is_offered(worked):
    storage.open_database(worked / "office")
    by = person_signing_in("9001")
    with transaction():
        for month in ("2026-08", "2026-09"):
            models.PayMonth(month=month).write(by=by)
    assert usual_month(PAYDAY) == SEPTEMBER


def test_the_list_of_months_opens_with_this_month_in_sight(page, drive):
    box = page.bar._month.widget
    box.focus_set()
    drive.keys("Down")
    months = f"{box.tk.eval(f'ttk::combobox::PopdownWindow {box}')}.f.l"
    drive.wait_until(lambda: int(box.tk.call("winfo", "ismapped", months)))
    drive.pump(0.1)
    for row in (0, box.current()):
        assert box.tk.call(months, "bbox", row), row
    drive.keys("Escape")


def test_the_decision_has_room_in_a_small_window_in_large_print(page, drive):
    window = page.window
    window.root.geometry("1024x640+0+0")
    for _ in range(3):
        window.looks.zoom_in()
    drive.pump(0.2)
    form = page.form
    bottom = page.winfo_rooty() + page.winfo_height()
    choices = form.widget("choice").buttons.values()
    for widget in (*choices, form.decide_button, form.all_button):
        assert widget.winfo_viewable()
        assert widget.winfo_height() >= widget.winfo_reqheight()
        assert widget.winfo_rooty() + widget.winfo_height() <= bottom
    last = list(choices)[-1]
    assert last.winfo_rooty() + last.winfo_height() <= form.bar.winfo_rooty()
    assert page.table.tree.bbox(page.table.tree.get_children()[-1])
    assert not page.days.winfo_viewable()
    window.looks.zoom_reset()
    window.root.geometry("1366x740+0+0")
    drive.pump(0.2)
    assert page.days.winfo_viewable()
    assert page.lower.winfo_rooty() > page.table.winfo_rooty()


def test_the_buttons_of_the_month_stay_in_sight_in_large_print(page, drive):
    window = page.window
    window.root.geometry("1024x640+0+0")
    for _ in range(3):
        window.looks.zoom_in()
    drive.pump(0.1)
    edge = page.winfo_rootx() + page.winfo_width()
    for button in (page.bar.approve_button, page.bar.close_button):
        assert button.winfo_rootx() + button.winfo_reqwidth() <= edge
    window.looks.zoom_reset()
    window.root.geometry("1366x740+0+0")
    drive.pump(0.1)
    top = page.bar.status.winfo_rooty()
    assert page.bar.close_button.winfo_rooty() < top + page.bar.status.winfo_height()
