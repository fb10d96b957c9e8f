"""补录 in the real window: lines of paper are copied in, all or nothing."""

from datetime import date, datetime

import pytest

from desk.pages.laterows import record_rows
from desk.pages.latevisits import read_moment
from models import clock
from models.cases import case_of
from models.errors import UserError
from models.visits import Visit, VisitOutcome, visits_on

NOW = datetime(2026, 11, 23, 16, 30)


@pytest.fixture(autouse=True)
def afternoon():
    """Late enough that the lines of the morning lie in the past."""
    with clock.set_at(NOW):
        yield


@pytest.fixture
def page(at_work, drive):
    at_work.root.focus_force()
    drive.keys("ctrl+F9")
    drive.wait_until(lambda: at_work.page.enters_paper, "the sheet")
    drive.pump(0.1)
    return at_work.page


def named(page, start):
    return next(s for s in page.services if s.name.startswith(start))


def rows_of(page):
    return page.late.grid_of_rows


def test_lines_of_paper_are_typed_and_taken_down_by_keys_alone(page, drive):
    grid = rows_of(page)
    assert grid.has_focus()
    for keys in ("0830", "Return", "zs", "Return", "xjz", "Return"):
        drive.keys(keys) if keys == "Return" else drive.typing(keys)
    drive.keys("Down", "Home")
    for keys in ("0915", "Return", "cyt", "Return", "mx", "Return"):
        drive.keys(keys) if keys == "Return" else drive.typing(keys)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "the visits")

    later, first = visits_on(clock.today())
    assert first.student_number == "2024030101" and first.late_entry
    assert first.arrived_at == datetime(2026, 11, 23, 8, 30)
    assert (first.outcome, later.outcome) == (VisitOutcome.DONE, VisitOutcome.PROMISED)
    assert later.due_on == date(2026, 11, 30)
    assert not page.enters_paper
    assert [row[5] for row in page.table.rows()] == ["补录", "补录"]
    said = page.window.status.text
    assert f"已补录 2 条（{first.number} 至 {later.number}）" in said
    assert page.window.root.focus_get() is page.form.widget("visitor")


def test_one_fault_keeps_all_lines_back_and_is_marked_in_its_cell(page, drive):
    grid = rows_of(page)
    service = named(page, "学籍证明").name
    grid.write(1, at="0830", who="zs", service=service)
    grid.write(3, at="0910", who="20249999", service=service)
    drive.keys("ctrl+s")
    drive.pump()
    assert Visit.select().count() == 0
    assert grid.problems() == [
        "第 3 行：“20249999”不在名册中，请核对学号，或填写姓名。"
    ]
    assert (grid.row + 1, grid.name) == (3, "who")
    grid.write(3, who="王家长")
    page.late.save_button.invoke()
    assert {visit.visitor_name for visit in Visit.select()} == {"赵思远", "王家长"}


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ({"at": "25:99"}, "at", "时间“25:99”看不懂"),
        ({"at": "23:50"}, "at", "来访时间不能晚于现在"),
        ({"at": "2/30 0900"}, "at", "没有 30 日"),
        ({"service": "没有的事项"}, "service", "没有“没有的事项”，请从候选中选择事项"),
        ({"desk": "没有的窗口"}, "desk", "没有“没有的窗口”"),
        ({"who": ""}, "who", "请填写来访人"),
        ({"outcome": "notified"}, "result", "请在办理结果里写明还缺什么"),
        ({"outcome": "referred"}, "desk", "请选择转到哪个窗口"),
        ({"outcome": "promised", "due": "11-20"}, "due", "应办结日不能早于来访日期"),
        ({"outcome": "done", "complete": "否"}, "outcome", "不能当场办结"),
        ({"outcome": "promised", "complete": "否"}, "result", "还缺什么材料"),
        ({"complete": "也许"}, "complete", "请从列表中选择：是、否"),
        ({"quantity": "0"}, "quantity", "件数请填 1 到 9999"),
        ({"quantity": "两"}, "quantity", "请填写数字"),
        ({"channel": "信鸽"}, "channel", "渠道请从列表中选择"),
        ({"receiver": "没有此人"}, "receiver", "请从候选中选择首问负责人"),
        ({"handler": "没有此人"}, "handler", "请从候选中选择承办人"),
        ({"rating": "6"}, "rating", "满意度请从列表中选择"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_wrong(page, cells, column, problem):
    line = {"at": "0830", "who": "zs", "service": named(page, "学籍证明").name}
    rows_of(page).write(2, **{**line, **cells})
    page.late.save_button.invoke()
    (told,) = rows_of(page).problems()
    assert told.startswith("第 2 行：") and problem in told
    assert rows_of(page).name == column
    assert Visit.select().count() == 0


def test_what_paper_seldom_says_is_taken_down_too(page):
    rows_of(page).write(
        1,
        at="0830",
        who="王家长",
        service=named(page, "学籍证明").name,
        outcome="promised",
        result="缺证明",
        complete="否",
        channel="电话",
        quantity="2",
        receiver="zxm",
        handler="王芳",
        class_name="某公司",
        phone="13800001111",
        rating="4",
    )
    page.late.save_button.invoke()
    visit = Visit.get()
    assert (visit.channel, visit.quantity, visit.rating) == ("phone", 2, 4)
    assert (visit.first_receiver_name, visit.handler_name) == ("张小明", "王芳")
    assert (visit.class_name, visit.phone) == ("某公司", "13800001111")
    assert not visit.materials_complete and visit.due_on is None
    assert case_of(visit).pause_reason == "缺证明"


def test_what_is_left_empty_is_what_is_usual(page):
    service = named(page, "学籍证明").name
    for row, complete in ((1, "是"), (2, "")):
        rows_of(page).write(row, at="0830", who="zs" if row == 1 else "zyt")
        rows_of(page).write(row, service=service)
        assert rows_of(page).rows()[row - 1].text["complete"] == "是"
        rows_of(page).write(row, complete=complete)
    page.late.save_button.invoke()
    assert Visit.select().count() == 2
    for visit in Visit.select():
        assert visit.materials_complete and visit.rating is None
        assert (visit.channel, visit.quantity) == ("in_person", 1)
        assert visit.first_receiver_name == visit.handler_name == "李老师"
        assert (visit.class_name, visit.phone) == ("软件2401", "13800000000")


def test_a_rating_that_is_refused_keeps_the_lines_back(page):
    service = named(page, "学籍证明").name
    rows_of(page).write(1, at="0830", who="zs", service=service, rating="5")
    rows = rows_of(page).rows()
    rows[0].records["rating"] = "9"  # no list offers it
    with pytest.raises(UserError, match="满意度"):
        record_rows(rows, by=page.window.person)
    assert Visit.select().count() == 0


@pytest.mark.parametrize("size", ["1366x740", "1024x640"])
def test_the_usual_columns_are_seen_and_the_rest_comes_into_sight(page, drive, size):
    grid = rows_of(page)
    page.window.root.geometry(size)
    drive.pump(0.2)
    usual = [column.name for column in grid.columns][:4]
    assert usual == ["at", "who", "service", "outcome"]
    assert grid.body.canvasx(0) == 0
    for column in (3, len(grid.columns) - 1):
        grid.go(0, column)
        drive.pump()
        left, _, right, _ = grid.box(0, column)
        seen_from = grid.body.canvasx(0)
        assert seen_from <= left and right <= seen_from + grid.body.winfo_width()
        assert (column == 3) == (seen_from == 0)
    drive.keys("Down", "Home")
    drive.wait_until(lambda: grid.body.canvasx(0) == 0, "the first column")


def test_another_desks_service_is_passed_on_to_that_desk(page):
    elsewhere = page.form.services.elsewhere
    other, desk = next(pair for pair in elsewhere if "党团" in pair[1].name)
    rows_of(page).write(1, at="0830", who="zs", service=other.name)
    page.late.save_button.invoke()
    assert Visit.get().outcome == VisitOutcome.REFERRED
    assert case_of(Visit.get()).desk_uid == desk.uid


def test_the_day_above_holds_for_all_lines_that_say_no_other(page, drive):
    grid = rows_of(page)
    for row, at in enumerate(("0830", "11-18 1500", ""), start=1):
        grid.write(row, at=at, who="zs")
    day = page.late.day_field
    day.entry.focus_force()
    day.entry.delete(0, "end")
    drive.typing("11-20")
    drive.keys("Return")
    drive.wait_until(grid.has_focus, "the grid")
    assert [row.text["at"] for row in grid.rows()] == ["11-20 08:30", "11-18 15:00", ""]
    grid.write(3, at="9:05")
    assert grid.rows()[2].text["at"] == "11-20 09:05"


def test_what_is_half_entered_survives_leaving(page, drive):
    rows_of(page).write(1, at="0830", who="王家长")
    drive.keys("F3")
    drive.keys("F2")
    assert page.enters_paper and rows_of(page).has_focus()
    drive.keys("Escape")
    drive.wait_until(lambda: not page.enters_paper, "the page")
    assert page.window.root.focus_get() is page.form.widget("visitor")
    assert page.window.may_close()  # kept for the next start, nobody is asked
    drive.keys("ctrl+F9")
    assert rows_of(page).rows()[0].text["who"] == "王家长"


def test_emptying_the_sheet_is_asked_about_first(page, shown):
    rows_of(page).write(1, at="0830", who="王家长")
    shown.answers = [False, True]
    page.late.clear_button.invoke()
    assert page.late.count == 1
    page.late.clear_button.invoke()
    assert page.late.count == 0 and "清空补录表里的 1 行" in shown[0]


def test_the_form_underneath_does_not_take_the_keys(page):
    with pytest.raises(UserError, match="按 Esc 收起"):
        page.on_park()
    with pytest.raises(UserError, match="请至少填写一行"):
        page.on_save()


@pytest.mark.parametrize(
    "text",
    ["1030", "10:30", "11-20 10:30", "2026/11/20 10:30:00", "11月20日 10点30"],
)
def test_a_moment_is_read_as_paper_and_sheets_have_it(text):
    assert read_moment(text, date(2026, 11, 20)) == datetime(2026, 11, 20, 10, 30)


def test_words_are_no_moment():
    with pytest.raises(UserError, match="看不懂"):
        read_moment("上午", date(2026, 11, 20))


def test_a_part_of_one_services_name_means_that_service(page, drive):
    grid = rows_of(page)
    whole = named(page, "学籍证明").name
    drive.typing("0830")
    drive.keys("Return")
    drive.typing("zs")
    drive.keys("Return")
    drive.paste(grid.editor, "籍证明")
    drive.keys("Tab")
    assert grid.rows()[0].text["service"] == whole


def test_a_text_that_fits_several_services_names_them(page):
    grid = rows_of(page)
    fitting = [line.record.name for line in page.late._suggest_service("办理")]
    assert len(fitting) > 1
    grid.write(1, at="0830", who="zs", service="办理")
    page.late.save_button.invoke()
    (told,) = grid.problems()
    assert all(name in told for name in fitting[:4])
    assert told.endswith("请写全或从候选中选择事项。") and grid.name == "service"
