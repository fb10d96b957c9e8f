"""时间设置: what the office sets, by keyboard, with refusals at the field."""

from datetime import date, datetime, timedelta

import docx
import pytest

from desk.pages.time_desks import read_services
from desk.pages.time_rules import in_unit, read_value
from desk.pages.time_section import read_weekdays
from desk.pages.time_terms import read_periods
from desk.pages.time_year import read_year
from models import calendar, clock
from models.desks import desk_by_code
from models.errors import UserError
from models.openings import openings_of
from models.people import Person, PersonRole, PersonStatus, add_person, people
from models.rules import rules_on, rules_versions
from models.services import services_of
from models.terms import period_tables, set_term, terms

TODAY = date(2026, 11, 2)
TABS = "学期 作息 放假调休 服务时间 轮值 临时窗口 考勤规则 培训".split()
NEXT_SYNC = "各窗口下次同步后生效"


@pytest.fixture(autouse=True)
def november():
    with clock.set_at(datetime(2026, 11, 2, 9)):
        yield


@pytest.fixture
def page(at_office, drive):
    at_office.show("timesettings")
    at_office.root.focus_force()
    at_office.page.focus_first()
    drive.pump(0.1)
    return at_office.page


@pytest.fixture
def opened(page, drive):
    """Opens a tab and gives its section."""

    def open_tab(name):
        section = page.open_section(name)
        drive.pump(0.05)
        return section

    return open_tab


def said(section):
    return section.window.status.text


def fill(section, **values):
    for name, value in values.items():
        section.form.set(name, value)


def select(section, at):
    tree = section.table.tree
    tree.selection_set(tree.get_children()[at])
    section.table.tree.update()


# -- 学期 ----------------------------------------------------------------------


def test_a_term_is_entered_by_keys_alone(page, drive):
    section = page.section
    drive.paste(section.form.widget("name"), "第二学期")
    drive.keys("Return")
    drive.typing("2027-03-01")
    drive.keys("Return")
    drive.typing("2027-07-10")
    drive.keys("ctrl+s")
    drive.wait_until(terms, "the term")
    (term,) = terms()
    assert (term.starts_on, term.ends_on) == (date(2027, 3, 1), date(2027, 7, 10))
    assert "自 2027-03-01 起，共 19 周" in said(section)
    assert NEXT_SYNC in said(section)
    assert section.table.rows()[0][0] == "第二学期"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, "请填写学期名称"),
        ({"starts_on": None}, "请填写开始日期"),
        ({"ends_on": date(2026, 8, 1)}, "不能早于开始日期"),
        ({"ends_on": date(2027, 9, 1)}, "周，最多 30 周"),
        ({"starts_on": date(2026, 7, 1)}, "重叠"),
    ],
)
def test_a_term_that_makes_no_sense_is_refused_at_the_field(opened, values, problem):
    section = opened("学期")
    by = section.window.person
    set_term(
        by=by, name="旧学期", starts_on=date(2026, 3, 2), ends_on=date(2026, 7, 10)
    )
    typed = {
        "name": "新学期",
        "starts_on": date(2026, 9, 7),
        "ends_on": date(2027, 1, 22),
    }
    fill(section, **{**typed, **values})
    section.form.primary.invoke()
    assert problem in section.form.problems()[0]
    assert len(terms()) == 1
    kept = "name" if "name" not in values else "starts_on"
    assert section.form.value(kept) == typed[kept]  # nothing typed is lost


def test_moving_the_first_week_of_a_term_is_asked_for(opened, shown, drive):
    section = opened("学期")
    by = section.window.person
    first, last = date(2026, 9, 7), date(2027, 1, 22)
    set_term(by=by, name="第一学期", starts_on=first, ends_on=last)
    section.refresh()
    select(section, 0)
    section.list_buttons["修改"].invoke()
    assert section.form.value("doing") == "修改“第一学期”"
    section.form.set("starts_on", date(2026, 9, 14))
    shown.answers = [False, True]
    section.form.primary.invoke()
    assert "单双周" in shown[0] and "重新编号" in shown[0]
    assert terms()[0].starts_on == first
    section.form.primary.invoke()
    assert terms()[0].starts_on == date(2026, 9, 14)
    assert section.form.value("doing") == "录入新学期"


# -- 作息 ----------------------------------------------------------------------


def test_periods_are_changed_as_lines(opened, drive):
    section = opened("作息")
    select(section, 0)
    section.table.tree.focus_force()
    drive.pump(0.3)  # past the time a list ignores keys
    drive.keys("Return")
    form = section.form
    drive.wait_until(lambda: form.text("name") == "夏季作息", "the table")
    assert form.value("periods").splitlines()[0] == "1  08:00-08:45"
    form.set("periods", "1 8:10-8:55\n9：05～9：50\n第3节 10:10—10:55")
    form.primary.invoke()
    assert period_tables()[0].periods == [
        {"number": 1, "from": "08:10", "to": "08:55"},
        {"number": 2, "from": "09:05", "to": "09:50"},
        {"number": 3, "from": "10:10", "to": "10:55"},
    ]
    assert "共 3 节" in said(section) and NEXT_SYNC in said(section)


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("periods", "1 08:00-08:45\n2 八点", "第 2 行“2 八点”看不懂"),
        ("periods", "1 08:00-08:45\n3 09:00-09:45", "依次编号"),
        ("periods", "1 08:00-08:45\n2 08:30-09:15", "第 2 节与上一节的时间重叠"),
        ("periods", "", "请填写 1 到 20 节"),
        ("first_day", "", "请填写起始日"),
        ("first_day", "13-40", "起止日请写成"),
        ("first_day", "04-01", "重叠"),
        ("name", "", "请填写作息时间的名称"),
    ],
)
def test_periods_that_make_no_sense_are_refused_and_kept(opened, field, typed, problem):
    section = opened("作息")
    before = period_tables()[0].periods
    select(section, 0)
    section.list_buttons["修改"].invoke()
    section.form.set(field, typed)
    section.form.primary.invoke()
    assert problem in section.form.problems()[0]
    target = section.form._fields[field]
    assert target.is_wrong and target.read() == typed
    assert period_tables()[0].periods == before


def test_lines_of_periods_are_read_with_and_without_numbers():
    assert [p["number"] for p in read_periods("08:00-08:45\n\n2. 09:00至09:45")] == [
        1,
        2,
    ]
    with pytest.raises(UserError, match="第 1 行"):
        read_periods("1")


# -- 放假与调休 ------------------------------------------------------------------


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
        "2031-02-30 春节": "第 1 行：看不懂日期",
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


# -- 服务时间 ------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
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
    ],
)
def test_hours_that_make_no_sense_are_refused_at_the_field(
    opened, values, field, problem
):
    section = opened("服务时间")
    before = len(openings_of(desk_by_code("dangtuan")))
    typed = {"weekdays": "1-5", "from_time": "18:00", "to_time": "20:00"}
    fill(section, **{**typed, **values, "note": "晚间"})
    section.form.primary.invoke()
    assert problem in section.form.problems()[0]
    assert section.form._fields[field].is_wrong
    assert section.form.text("note") == "晚间"
    assert len(openings_of(desk_by_code("dangtuan"))) == before


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


# -- 轮值 ----------------------------------------------------------------------


def test_the_preview_follows_what_is_typed_and_saving_keeps_it(opened, drive):
    section = opened("轮值")
    form = section.form
    assert form.widget("desk").get() == "党团事务窗口"
    assert form.text("units") == "党委工作部、团委"
    form.set("every", "half_day")
    drive.pump()
    rows = section.preview.rows()
    assert len(rows) == 10
    assert rows[0] == ("2026-11-02 周一", "上午", "党委工作部")
    assert rows[1] == ("2026-11-02 周一", "下午", "团委")
    form.set("every", "week")
    section.on_swap()
    assert section.preview.rows()[1] == ("2026-11-09 周一", "一周", "党委工作部")
    form.primary.invoke()
    desk = desk_by_code("dangtuan")
    assert calendar.unit_on(desk, TODAY).name == "团委"
    assert calendar.unit_on(desk, date(2026, 11, 9)).name == "党委工作部"
    assert "自 2026-11-02 起按周轮值：团委、党委工作部" in said(section)
    assert section.table.rows()[0][-1] == "现行"


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"units": "团委、教务处"}, "units", "“教务处”不在这个窗口服务，可填"),
        ({"units": "团委"}, "units", "至少要有两个不同的部门"),
        ({"starts_on": None}, "starts_on", "请填写从哪天起"),
        ({"starts_on": date(2026, 11, 1)}, "starts_on", "已经过去"),
    ],
)
def test_turns_that_make_no_sense_are_refused(opened, values, field, problem):
    section = opened("轮值")
    fill(section, **values)
    section.form.primary.invoke()
    assert problem in section.form.problems()[0]
    assert section.form._fields[field].is_wrong
    assert desk_by_code("dangtuan").rotation == []


# -- 临时窗口 ------------------------------------------------------------------


def fill_desk(section, **values):
    department = dict(section.form.widget("leading").choices)["学生处"]
    usual = {
        "name": "迎新窗口",
        "code": "yingxin",
        "prefix": "yx",
        "leading": department,
        "others": "保卫处",
        "opens_on": date(2026, 11, 10),
        "closes_on": date(2026, 11, 20),
        "services": "报到咨询\n材料盖章 即办\n学籍核对 承诺 3",
    }
    fill(section, **{**usual, **values})


def test_a_temporary_desk_opens_with_services_and_closes(opened, shown):
    section = opened("临时窗口")
    fill_desk(section)
    section.form.primary.invoke()
    desk = desk_by_code("yingxin")
    assert not desk.in_service(TODAY) and desk.in_service(date(2026, 11, 20))
    offered = services_of(desk, date(2026, 11, 10))
    assert [(s.name, s.kind, s.working_days) for s in offered] == [
        ("报到咨询", "enquiry", 0),
        ("材料盖章", "instant", 0),
        ("学籍核对", "promised", 3),
    ]
    row = section.table.rows()[-1]
    assert row[0] == "迎新窗口" and row[2] == "学生处、保卫处" and row[-1] == "未启用"
    assert "2026-11-10 至 2026-11-20" in said(section) and NEXT_SYNC in said(section)
    select(section, -1)
    shown.answers = ["2026-11-15"]
    section.list_buttons["停用窗口"].invoke()
    assert desk_by_code("yingxin").closes_on == date(2026, 11, 15)


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"code": "迎新"}, "code", "窗口代码请用"),
        ({"code": "jiaowu"}, "code", "代码“jiaowu”已有窗口用过"),
        ({"prefix": "1"}, "prefix", "编号前缀请用"),
        ({"name": ""}, "name", "请填写窗口名称"),
        ({"name": "教务事务窗口"}, "name", "已有窗口用过"),
        ({"others": "后勤部"}, "others", "没有部门“后勤部”"),
        ({"closes_on": None}, "closes_on", "请填写停用日期"),
        ({"closes_on": date(2026, 11, 9)}, "closes_on", "停用日期不能早于启用日期"),
        ({"services": "学籍核对 承诺"}, "services", "第 1 行“学籍核对”是承诺件"),
    ],
)
def test_a_desk_that_makes_no_sense_is_refused_at_the_field(
    opened, values, field, problem
):
    section = opened("临时窗口")
    fill_desk(section, **values)
    section.form.primary.invoke()
    assert problem in section.form.problems()[0]
    assert section.form._fields[field].is_wrong
    if field != "services":
        assert "材料盖章 即办" in section.form.value("services")


def test_services_are_read_from_lines():
    assert read_services("报到 咨询\n学籍核对 5天\n开 门 即办") == [
        ("报到", "enquiry", 0),
        ("学籍核对", "promised", 5),
        ("开 门", "instant", 0),
    ]


# -- 考勤规则 ------------------------------------------------------------------


def test_rules_are_typed_in_hours_and_yuan_and_begin_next_month(opened):
    section = opened("考勤规则")
    form = section.form
    assert form.value("starts_on") == date(2026, 12, 1)
    assert (form.text("rate_a"), form.text("week_limit")) == ("18", "8")
    fill(section, rate_a="20.5", week_limit="7.5", vacation_week_limit="40")
    form.primary.invoke()
    assert form.problems() == []
    rules = rules_on(date(2026, 12, 1))
    assert (rules.rate_a, rules.week_limit, rules.vacation_week_limit) == (
        2050,
        450,
        2400,
    )
    assert rules_on(date(2026, 11, 30)).rate_a == 1800
    assert "自 2026-12-01 起：A 岗酬金 18→20.5 元/时" in said(section)
    assert "假期周限 不限→40 小时" in said(section)
    assert section.table.rows()[0][:2] == ("2026-12-01", "未开始")


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("rate_a", "十八", "A 岗酬金请填 0 到 1000 之间的元/时数"),
        ("rate_a", "18.005", "请填到分"),
        ("rate_a", "", "请填写A 岗酬金"),
        ("week_limit", "200", "到 168 之间的小时数"),
        ("week_limit", "7.51", "请填到整分钟"),
        ("late_grace", "-1", "0 到 120 之间的分钟数"),
        ("late_grace", "nan", "0 到 120 之间的分钟数"),
        ("month_limit", "5", "不能小于"),
        ("starts_on", None, "请填写开始执行日期"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_its_own_unit(
    opened, field, typed, problem
):
    section = opened("考勤规则")
    section.form.set("rate_b", "16")
    section.form.set(field, typed)
    section.form.primary.invoke()
    (shown,) = section.form.problems()
    assert problem in shown and "（分钟）" not in shown
    assert section.form.text("rate_b") == "16"
    assert rules_versions() == []


def test_rules_of_the_past_are_asked_for_and_no_change_is_refused(opened, shown):
    section = opened("考勤规则")
    section.form.primary.invoke()
    assert "没有需要保存的改动" in section.window.info.text
    fill(section, starts_on=date(2026, 10, 1), late_grace="10")
    shown.answers = [False]
    section.form.primary.invoke()
    assert "重新计算" in shown[0]
    assert rules_versions() == []


def test_values_go_to_their_units_and_back():
    for name, text in {
        "rate_a": "18.5",
        "month_limit": "40",
        "late_grace": "5",
    }.items():
        from desk.pages.time_rules import VALUES

        assert in_unit(read_value(text, name), VALUES[name][1]) == text
    assert read_value(" ４０ 小时", "month_limit") == 2400
    assert read_value("", "vacation_week_limit") is None


# -- 培训 ----------------------------------------------------------------------


def test_several_people_finish_training_on_one_day(opened, drive):
    section = opened("培训")
    by = section.window.person
    teacher = next(p for p in people() if p.number == "T001")
    add_person(
        by=by,
        number="2026010101",
        name="新老师",
        role=PersonRole.TEACHER,
        department=next(iter(_departments(teacher))),
        in_training=True,
    )
    section.refresh()
    assert section.table.rows()[0][1] == "新老师"
    assert section.table.rows()[0][-1] == "培训中"
    section.list_buttons["全选"].invoke()
    drive.pump()
    assert section.form.value("who").startswith("3 人：新老师")
    section.form.set("on", date(2026, 11, 3))
    section.form.primary.invoke()
    assert "培训日期不能晚于今天" in section.form.problems()[0]
    section.form.set("on", date(2026, 11, 1))
    section.form.primary.invoke()
    person = Person.get(Person.number == "2026010101")
    assert person.status == PersonStatus.ACTIVE
    assert person.trained_on == date(2026, 11, 1)
    assert section.table.rows() == []
    assert NEXT_SYNC in said(section) or "下次同步" in said(section)


def _departments(person):
    from models.desks import departments

    return [d for d in departments() if d.uid == person.department_uid]


# -- the page ------------------------------------------------------------------


def test_ctrl_tab_goes_through_the_tabs_and_keeps_what_was_typed(page, drive):
    drive.paste(page.form.widget("name"), "写了一半")
    names = []
    for _ in range(8):
        drive.keys("ctrl+Tab")
        drive.pump(0.05)
        names.append(page.section.name)
    assert names == [*TABS[1:], TABS[0]]
    assert page.form.text("name") == "写了一半"
    assert page.window.root.focus_get() is page.form.widget("name")


def test_every_tab_says_from_when_it_holds_and_that_desks_get_it_at_the_sync(opened):
    for name in TABS:
        section = opened(name)
        assert "下次同步" in section.effect
        assert "起" in section.effect or "登记后" in section.effect


@pytest.mark.parametrize("size", ["1366x740", "1024x640"])
@pytest.mark.parametrize("zoom", [100, 150])
def test_every_tab_keeps_its_buttons_on_screen(page, opened, root, drive, size, zoom):
    root.geometry(f"{size}+0+0")
    window = page.window
    while window.settings.zoom < zoom:
        window.zoom_in()
    drive.pump(0.1)
    for name in TABS:
        section = opened(name)
        for button in (section.form.primary, *section.list_buttons.values()):
            right = button.winfo_rootx() - root.winfo_rootx() + button.winfo_width()
            foot = button.winfo_rooty() - root.winfo_rooty() + button.winfo_height()
            assert button.winfo_viewable(), (name, button.cget("text"))
            assert right <= root.winfo_width(), (name, button.cget("text"))
            assert foot <= root.winfo_height(), (name, button.cget("text"))
            assert button.winfo_width() >= button.winfo_reqwidth()
        tree = section.table.tree
        assert tree.winfo_height() > int(root.style.lookup("Treeview", "rowheight")) * 2
    window.zoom_reset()
