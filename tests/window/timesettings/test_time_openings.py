"""服务时间: hours of the desks, and their notice."""

from datetime import date, datetime, timedelta
from tkinter import font

import docx
import pytest
from timesections import NEXT_SYNC, TODAY, fill, said, select

from desk.pages.time_section import read_weekdays
from models import calendar
from models.desks import desk_by_code
from models.errors import UserError
from models.openings import openings_of


def test_an_evening_is_added_for_several_weekdays_at_once(opened, drive):
    section = opened("服务时间")
    fill(section, season="duty", weekdays="二、四", weeks="odd")
    fill(section, from_time="1830", to_time="20：30", note="咨询值班")
    section.form.primary.invoke()
    added = [h for h in openings_of(desk_by_code("dangtuan")) if h.season == "duty"]
    assert [(h.weekday, h.weeks, h.from_time) for h in added] == [
        (1, "odd", "18:30"),
        (3, "odd", "18:30"),
    ]
    assert added[0].starts_on == TODAY
    assert "周二、周四（2026-11-02 起）" in said(section) and NEXT_SYNC in said(section)


def test_one_weekday_that_overlaps_keeps_all_of_them_out(opened):
    section = opened("服务时间")
    desk = desk_by_code("dangtuan")
    fill(section, weekdays="三", from_time="1830", to_time="2030")
    section.form.primary.invoke()
    before = len(openings_of(desk))
    fill(section, weekdays="1-5", from_time="1900", to_time="2000")
    section.form.primary.invoke()
    assert "周三与已有的 18:30–20:30 重叠" in section.form.problems()[0]
    assert len(openings_of(desk)) == before
    assert section.form.text("from_time") == "1900"


def test_duty_of_one_date_needs_no_weekday(opened):
    section = opened("服务时间")
    fill(
        section,
        season="duty",
        day=date(2026, 11, 15),
        from_time="9:00",
        to_time="11:00",
    )
    section.form.primary.invoke()
    desk = desk_by_code("dangtuan")
    (opening,) = calendar.openings_on(desk, date(2026, 11, 15))
    assert opening.is_duty and opening.begins == datetime(2026, 11, 15, 9)


def test_hours_past_midnight_are_said_while_typing_and_asked_for(opened, drive, shown):
    section = opened("服务时间")
    form, desk = section.form, desk_by_code("dangtuan")
    before = len(openings_of(desk))
    fill(section, weekdays="六", from_time="2200", to_time="")
    form.focus_field("to_time")
    drive.typing("0100")
    assert form.value("span") == "到次日 01:00，共 3\u00a0小时"
    shown.answers = [False, True]
    form.primary.invoke()
    assert shown == [
        "22:00–次日 01:00\u00a0跨过零点：到次日 01:00，共 3\u00a0小时。确定要添加吗？"
    ]
    assert len(openings_of(desk)) == before and form.text("to_time") == "0100"
    form.primary.invoke()
    assert len(openings_of(desk)) == before + 1
    assert "周六（2026-11-02 起） 22:00–次日 01:00 开放" in said(section)
    assert not form.widget("span").winfo_manager()


def test_hours_past_midnight_are_shown_whole_in_the_list(opened, root, drive, shown):
    section = opened("服务时间")
    shown.answers = [True]
    fill(section, weekdays="六", from_time="22:00", to_time="10:00")
    section.form.primary.invoke()
    root.geometry("1024x640+0+0")
    drive.pump(0.1)
    assert "22:00–次日 10:00" in [row[1] for row in section.table.rows()]
    measure = font.nametofont("TkDefaultFont", root=root).measure
    assert section.table.tree.column("1", "width") > measure("22:00–次日 10:00 ")


NO_HOURS = [
    ({"from_time": "八点"}, "from_time", "时间“八点”看不懂"),
    ({"to_time": ""}, "to_time", "请填写结束时间"),
    ({"weekdays": "周八"}, "weekdays", "星期请写成"),
    ({"weekdays": "5-1"}, "weekdays", "星期请写成"),
    ({"from_time": "09:00", "to_time": "10:00"}, "from_time", "周一与已有的"),
    ({"ends_on": date(2026, 1, 1)}, "ends_on", "停用日期不能早于"),
    ({"season": "duty", "weekdays": ""}, "weekdays", "或填写值班日期"),
    (
        {"season": "duty", "weekdays": "1", "day": date(2026, 12, 1)},
        "day",
        "不要再填星期",
    ),
]


def test_hours_that_make_no_sense_are_refused_at_the_field(opened):
    section = opened("服务时间")
    before = len(openings_of(desk_by_code("dangtuan")))
    for values, field, problem in NO_HOURS:
        right = {name: section.form._fields[name].read() for name in values}
        typed = {"weekdays": "1-5", "from_time": "18:00", "to_time": "20:00"}
        fill(section, **{**typed, **values, "note": "晚间"})
        section.form.primary.invoke()
        assert problem in section.form.problems()[0]
        assert section.form._fields[field].is_wrong
        assert section.form.text("note") == "晚间"
        assert len(openings_of(desk_by_code("dangtuan"))) == before
        fill(section, **right)


def test_hours_end_from_a_day_on_and_the_past_stays(opened, shown):
    section = opened("服务时间")
    desk = desk_by_code("dangtuan")
    monday = date(2026, 11, 9)
    assert len(calendar.openings_on(desk, monday)) == 2
    select(section, 0)
    shown.answers = ["昨天", "乱写", "2026-11-09"]
    section.list_buttons["停用选中"].invoke()
    assert "周一 08:30–12:00从哪天起不再开放" in shown[0]
    assert "日期不能早于 2026-11-02" in shown[1]
    assert "看不懂日期" in shown[2]
    assert len(calendar.openings_on(desk, monday)) == 1
    assert len(calendar.openings_on(desk, monday - timedelta(days=7))) == 2
    assert "2026-11-09 起不再开放" in said(section)


def test_a_question_keeps_a_number_and_its_unit_in_one_line(opened, shown):
    section = opened("服务时间")
    tree = section.table.tree
    tree.selection_set(tree.get_children()[:7])
    shown.answers = [None]
    section.list_buttons["停用选中"].invoke()
    assert "等 7\u00a0个时段从哪天起" in shown[0]


def test_nothing_marked_ends_nothing(opened):
    section = opened("服务时间")
    section.window.report_error(UserError, UserError("x"), None)
    section.list_buttons["停用选中"].invoke()
    assert "请先在列表中选中" in section.window.info.text


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("1-5", [0, 1, 2, 3, 4]),
        ("135", [0, 2, 4]),
        ("周二、周四", [1, 3]),
        ("一至三，日", [0, 1, 2, 6]),
        ("星期六", [5]),
    ],
)
def test_weekdays_are_read_as_people_write_them(text, weekdays):
    assert read_weekdays(text) == weekdays


def test_the_notice_of_hours_is_exported_from_any_tab(page, drive, shown, tmp_path):
    path = tmp_path / "服务时间安排.docx"
    shown.answers = [path]
    drive.keys("ctrl+e")
    window = page.window
    drive.wait_until(lambda: "已保存为" in window.info.text, "the notice")
    assert page.section.name == "服务时间"
    rows = docx.Document(path).tables[0].rows
    assert any("教务事务窗口" in cell.text for row in rows for cell in row.cells)
    assert window.info.action.cget("text") == "打开"
