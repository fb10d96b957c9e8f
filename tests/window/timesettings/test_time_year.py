"""放假与调休: one day, or a year as lines."""

from datetime import date

from timesections import NEXT_SYNC, fill, said, select

from desk.pages.time_year import read_year
from models import calendar


def test_one_day_is_closed_with_its_reason(opened):
    section = opened("放假调休")
    assert ("2026-10-01", "周四", "放假", "国庆节", "", "国务院公布") in (
        section.table.rows()
    )
    fill(section, day=date(2026, 11, 20), kind="closed")
    section.form.primary.invoke()
    assert "请填写名称" in section.form.problems()[0]
    section.form.set("name", "运动会")
    section.form.primary.invoke()
    assert calendar.day_of(date(2026, 11, 20)).name == "运动会"
    assert ("2026-11-20", "周五", "全院停办", "运动会", "", "办公室录入") in (
        section.table.rows()
    )
    assert "2026-11-20" in said(section) and NEXT_SYNC in said(section)


def test_a_moved_day_says_whose_timetable_it_follows(opened):
    section = opened("放假调休")
    fill(section, day=date(2026, 11, 21), kind="workday")
    assert section.form._fields["follows"].shown
    section.form.set("follows", 2)
    section.form.primary.invoke()
    what = calendar.day_of(date(2026, 11, 21))
    assert (what.kind, what.weekday) == (calendar.DayKind.MOVED_WORKDAY, 2)
    assert "按周三开放和排班" in said(section)
    section.form.set("kind", "holiday")
    assert not section.form._fields["follows"].shown


def test_an_unknown_year_is_pasted_as_a_whole(opened, drive):
    section = opened("放假调休")
    form = section.form
    form.set("year", 2031)
    section.refresh()
    assert "还没有录入" in form.value("source")
    assert section.table.rows() == []
    form.set("mode", "year")
    drive.pump()
    drive.paste(
        form.widget("lines"),
        "2031-01-01 元旦\n1月23日至29日 春节\n2031-01-19 上班 按周四\n2/1 上班 春节\n",
    )
    form.primary.invoke()
    assert form.problems() == []
    assert calendar.year_is_known(2031)
    assert calendar.day_of(date(2031, 1, 27)).name == "春节"
    assert calendar.day_of(date(2031, 1, 19)).weekday == 3
    assert calendar.day_of(date(2031, 2, 1)).weekday == 4  # a Saturday's nearest
    assert "放假 8 天，调休上班 2 天" in said(section)
    assert len(section.table.rows()) == 10


def test_a_bad_line_of_a_year_is_named_and_everything_stays(opened):
    section = opened("放假调休")
    section.form.set("year", 2031)
    section.form.set("mode", "year")
    for text, problem in {
        "2031-01-01 元旦\n元月二日 放假": "第 2 行：“元月二日 放假”要先写日期",
        "2031-02-30 春节": "第 1 行：2031 年 2 月没有 30 日",
        "2031-01-01": "后面要写节日名称",
        "2031-01-05至01-02 元旦": "起止日期不对",
        "2030-12-31 元旦": "2030-12-31 不在 2031 年",
        "2031-01-01 元旦\n2031-01-06 上班": "本来就上班",
        "": "请填写 2031 年的放假日期",
    }.items():
        section.form.set("lines", text)
        section.form.primary.invoke()
        assert problem in section.form.problems()[0]
        assert section.form.value("lines") == text
    assert not calendar.year_is_known(2031)


def test_a_known_year_is_offered_as_lines_and_replaced_only_when_confirmed(
    opened, shown
):
    section = opened("放假调休")
    form = section.form
    form.set("mode", "year")
    lines = form.value("lines").splitlines()
    assert "2026-10-01 国庆节" in lines
    assert "2026-10-10 上班 按周五 国庆节" in lines
    form.set("lines", "\n".join(line for line in lines if "10-10" not in line))
    shown.answers = [False, True]
    form.primary.invoke()
    assert calendar.is_working_day(date(2026, 10, 10))
    form.primary.invoke()
    assert "已有安排" in shown[1]
    assert not calendar.is_working_day(date(2026, 10, 10))
    assert calendar.day_of(date(2026, 10, 1)).name == "国庆节"


def test_what_was_typed_of_a_year_outlives_looking_at_another(opened):
    section = opened("放假调休")
    section.form.set("mode", "year")
    section.form.set("lines", "2027-01-01 元旦")
    section.form.set("year", 2027)
    section.refresh()
    assert section.form.value("lines") == "2027-01-01 元旦"


def test_another_year_is_shown_as_soon_as_it_is_typed(opened, drive):
    section = opened("放假调休")
    section.form.focus_field("year")
    drive.keys("ctrl+a")
    drive.typing("2025")
    drive.keys("Return")
    drive.wait_until(lambda: "2025 年" in section.heading.cget("text"), "the year")
    days = [row[0] for row in section.table.rows()]
    assert "2025-10-06" in days and not any(day < "2025" for day in days)
    select(section, 0)
    section.form.focus_field("year")
    drive.keys("Tab")  # the same year: the marked row stays marked
    assert section.table.selected().day == date(2025, 1, 1)


def test_a_year_is_read_in_the_ways_people_write_it():
    said = read_year("10月1日—3日 国庆节放假\n2031.10.4 调休上班 按星期一上课\n", 2031)
    assert list(said.holidays) == [date(2031, 10, day) for day in (1, 2, 3)]
    assert set(said.holidays.values()) == {"国庆节"}
    assert said.workdays == {date(2031, 10, 4): ""}
    assert said.follows == {date(2031, 10, 4): 0}
