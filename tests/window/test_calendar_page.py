"""日历: a month in words and colours, moved through by keys."""

import time
from datetime import date, datetime

import pytest
from duty import line, make_plan, person

import models
from desk import theme
from desk.pages.calendar_day import month_later
from exports.sync import sync
from models import clock, storage
from models.cases import finish_case
from models.reception import record_visit
from models.visits import VisitOutcome

MONDAY_OF_WEEK_9 = date(2026, 11, 2)


def put_plan_in_force():
    """A term, and a shift of A and B on Mondays and Fridays; the office is open."""
    a, b, teacher = (person(n) for n in ("2023010101", "2023010102", "T001"))
    shifts = [line("08:30", "10:00", a, b, weekday=day) for day in (0, 4)]
    # On Tuesdays B is on alone.
    shifts.append(line("08:30", "10:00", b, weekday=1))
    stay = {"weekday": 0, "weeks": "odd", "from": "14:00", "to": "16:00"}
    with clock.set_at(datetime(2026, 9, 1, 8)):
        make_plan(
            person("9001"), shifts, stays=[{**stay, "teacher": models.who(teacher)}]
        )


@pytest.fixture
def planned(centre):
    """The centre with a plan in force, known at the desk; nothing is open."""
    storage.open_database(centre / "office")
    put_plan_in_force()
    sync()
    storage.open_database(centre / "desk")
    sync()
    storage.close_database()


@pytest.fixture
def november():
    with clock.set_at(datetime(2026, 11, 2, 9)):
        yield


@pytest.fixture
def page(planned, november, at_work, drive):
    at_work.show("calendar")
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


def test_the_month_is_chinese_and_begins_on_monday(page):
    assert page.heading.cget("text") == "2026年11月"
    names = [label.cget("text") for label in page.grid_view._week_days]
    assert names == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    # 1 November 2026 is a Sunday, the last of its row.
    assert page.grid_view.label_of(date(2026, 11, 1)).grid_info()["column"] == 7
    assert "9周" in [label.cget("text") for label in page.grid_view._week_nbs]


def test_keys_move_the_day_and_the_month(page, drive):
    grid = page.grid_view
    assert grid.day == MONDAY_OF_WEEK_9
    drive.keys("Right", "Down")
    assert grid.day == date(2026, 11, 10)
    drive.keys("Up", "Left", "Left")
    assert grid.day == date(2026, 11, 1)
    drive.keys("Left")  # over the edge of the month
    assert grid.day == date(2026, 10, 31)
    assert page.heading.cget("text") == "2026年10月"
    drive.keys("Prior")
    assert grid.day == date(2026, 9, 30)
    drive.keys("Next", "Next")
    assert grid.day == date(2026, 11, 30)
    drive.keys("Home")
    assert grid.day == MONDAY_OF_WEEK_9
    assert page.heading.cget("text") == "2026年11月"


def test_a_click_shows_the_day_and_gives_the_keys_to_the_grid(page, drive):
    page.person_field.widget.focus_set()
    cell = page.grid_view.label_of(date(2026, 11, 17))
    cell.event_generate("<Button-1>", x=5, y=5)
    drive.pump()
    assert page.day_label.cget("text") == "2026年11月17日 周二"
    assert page.window.root.focus_get() is page.grid_view


def test_a_day_tells_week_hours_shifts_and_stays_in_words(page):
    words = page.details_text()
    assert "第9周 周一（单周）" in words
    assert "08:30–12:00、13:30–17:00" in words
    assert "08:30–10:00 1–2节　教务处" in words
    assert "A 张小明　B 王芳" in words
    assert "14:00–16:00　教务处 李老师" in words
    assert page.grid_view.text_of(MONDAY_OF_WEEK_9) == "2 今\n岗1 驻1"
    page.choose(date(2026, 11, 9))
    assert "（双周）" in page.details_text()
    assert "教师驻岗" not in page.details_text()


def test_days_off_and_moved_days_are_named_in_the_cell_and_beside_it(page):
    page.choose(date(2026, 10, 1))
    assert page.grid_view.text_of(date(2026, 10, 1)) == "1 休\n国庆节"
    assert page.details_text().startswith("放假：国庆节")
    assert "不开放" in page.details_text()
    moved = date(2026, 10, 10)
    page.choose(moved)
    assert page.grid_view.text_of(moved).startswith("10 班")
    assert "调休上班：国庆节，按周五上课和值班" in page.details_text()
    assert "A 张小明" in page.details_text()  # Friday's shift


def test_what_falls_due_stands_on_its_day_until_it_is_finished(page):
    by, desk = page.window.person, models.this_desk()
    service = next(s for s in models.services_of(desk) if s.kind == "promised")
    visit = record_visit(
        by=by, service=service, outcome=VisitOutcome.PROMISED, visitor_name="王家长"
    )
    page.refresh()
    page.choose(visit.due_on)
    assert "结1" in page.grid_view.text_of(visit.due_on)
    assert visit.number in page.details_text()
    assert "王家长" in page.details_text()
    assert "超期" not in page.details_text()
    with clock.set_at(datetime(2026, 11, 25, 9)):
        page.refresh()
        assert "（已超期）" in page.details_text()
    finish_case(visit, by=by, result="已办")
    page.refresh()
    assert "结1" not in page.grid_view.text_of(visit.due_on)


def test_a_case_stands_on_the_day_that_was_promised_last(page):
    by, desk = page.window.person, models.this_desk()
    service = next(s for s in models.services_of(desk) if s.kind == "promised")
    visit = record_visit(
        by=by, service=service, outcome=VisitOutcome.PROMISED, visitor_name="王家长"
    )
    later = models.working_day_after(visit.due_on, 1)
    models.extend_case(visit, by=by, note="需会签", due_on=later)
    page.refresh()
    page.choose(later)
    assert visit.number in page.details_text()
    assert "结1" not in page.grid_view.text_of(visit.due_on)
    models.pause_case(visit, by=by, note="缺照片")
    page.refresh()
    assert "结1" not in page.grid_view.text_of(later)


def test_one_persons_own_shifts_can_be_chosen_and_left_again(page, drive):
    tuesday = date(2026, 11, 3)
    assert "岗1" in page.grid_view.text_of(tuesday)
    drive.keys("ctrl+f")
    drive.typing("2023010101")
    field = page.person_field.widget
    drive.wait_until(lambda: field.is_open, "the suggestion")
    drive.keys("Return")
    assert "岗" not in page.grid_view.text_of(tuesday)
    assert "张小明的值班班次" in page.details_text()
    assert "（A 岗）" in page.details_text()
    assert page.mine_button.cget("text") == "全部班次"
    drive.keys("Escape")
    assert "岗1" in page.grid_view.text_of(tuesday)
    assert field.get() == ""


def test_emptying_the_name_shows_everyone_again(page, drive):
    page.mine_button.invoke()
    assert "李老师的教师驻岗" in page.details_text()
    drive.keys("ctrl+f", "BackSpace")
    drive.wait_until(lambda: "的教师驻岗" not in page.details_text(), "everyone")


def test_an_unknown_year_says_so_in_plain_words(page, drive):
    assert not page.notice.winfo_ismapped()
    page.choose(date(2035, 3, 1))
    drive.pump()
    assert page.notice.winfo_ismapped()
    assert "2035 年的放假安排还没有录入" in page.notice.cget("text")
    assert "放假安排未录入" in page.details_text()


def test_the_legend_explains_every_sign_of_the_cells(page):
    legend = page.legend.cget("text")
    for sign in "休班停今岗驻结":
        assert sign in legend


def test_the_grid_follows_theme_and_zoom(page, drive):
    window, grid = page.window, page.grid_view
    page.choose(date(2026, 10, 8))
    cell = grid.label_of(date(2026, 10, 1))

    def ground():
        return str(grid.style.lookup(cell.cget("style"), "background"))

    assert ground() == theme.colour("success_soft")
    window.looks.toggle_mode()
    drive.pump()
    assert theme.mode() == "dark"
    assert ground() == theme.colour("success_soft")
    before = grid._font.metrics("linespace")
    window.looks.zoom_in()
    window.looks.zoom_in()
    drive.pump()
    assert grid._font.metrics("linespace") > before
    window.looks.zoom_reset()


@pytest.mark.parametrize("size", ["1366x740", "1024x640"])
@pytest.mark.parametrize("zoom", [100, 150])
def test_no_cell_says_more_than_it_has_room_for(page, root, drive, size, zoom):
    root.geometry(f"{size}+0+0")
    window = page.window
    while window.settings.zoom < zoom:
        window.looks.zoom_in()
    page.choose(date(2026, 10, 8))
    drive.pump(0.1)
    for day in range(1, 32):
        cell = page.grid_view.label_of(date(2026, 10, day))
        assert cell.winfo_reqwidth() <= cell.winfo_width() + 1, cell.cget("text")
        assert cell.winfo_reqheight() <= cell.winfo_height() + 1, cell.cget("text")
    window.looks.zoom_reset()


def test_another_month_is_there_at_once(page, drive):
    took = []
    for _ in range(6):
        begun = time.perf_counter()
        page.move_months(-1)
        drive.root.update_idletasks()
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.1, took


def test_the_office_sees_all_desks_or_one(planned, november, at_office, drive):
    by = at_office.person
    desk = models.desk_by_code("houqin")
    units = models.departments_of(desk)
    models.set_rotation(
        desk, by=by, starts_on=date(2026, 9, 7), every="half_day", units=units
    )
    at_office.show("calendar")
    page = at_office.page
    words = page.details_text()
    assert "教务事务窗口　08:30–12:00" in words
    assert "当值单位" in words and "上午 " in words and "上下午轮值" in words
    assert "教务事务窗口 教务处" in words
    other = dict(page.desk_field.widget.choices)["学生事务窗口"]
    page.desk_field.write(other)
    page._on_desk()
    assert "岗" not in page.grid_view.text_of(MONDAY_OF_WEEK_9)
    assert "咨询值班" in page.details_text()


def test_the_office_is_told_where_an_unknown_year_is_entered(at_office, drive):
    at_office.show("calendar")
    at_office.page.choose(date(2035, 3, 1))
    drive.pump()
    words = at_office.page.notice.cget("text")
    assert "“放假调休”，Ctrl+F8" in words


def test_the_last_day_of_a_shorter_month_is_taken():
    assert month_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert month_later(date(2026, 1, 31), -1) == date(2025, 12, 31)
    assert month_later(date(2026, 12, 5), 1) == date(2027, 1, 5)
