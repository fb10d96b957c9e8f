"""学期 and 作息: by keyboard, with refusals at the field."""

from datetime import date

import pytest
from timesections import NEXT_SYNC, fill, said, select

from desk.pages.time_terms import read_day_of_year, read_periods
from models.errors import UserError
from models.terms import period_tables, set_term, terms

# -- 学期 ------------------------------------------------------------------------


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


NO_TERMS = [
    ({"name": ""}, "请填写学期名称"),
    ({"starts_on": None}, "请填写开始日期"),
    ({"ends_on": date(2026, 8, 1)}, "不能早于开始日期"),
    ({"ends_on": date(2027, 9, 1)}, "周，最多 30 周"),
    ({"starts_on": date(2026, 7, 1)}, "重叠"),
]


def test_a_term_that_makes_no_sense_is_refused_at_the_field(opened):
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
    for values, problem in NO_TERMS:
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


# -- 作息 ------------------------------------------------------------------------


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


NO_PERIODS = [
    ("periods", "1 08:00-08:45\n2 八点", "第 2 行“2 八点”看不懂"),
    ("periods", "1 08:00-08:45\n3 09:00-09:45", "依次编号"),
    ("periods", "1 08:00-08:45\n2 08:30-09:15", "第 2 节与上一节的时间重叠"),
    ("periods", "", "请填写 1 到 20 节"),
    ("first_day", "", "请填写起始日"),
    ("first_day", "13-40", "起止日请写成"),
    ("first_day", "04-01", "重叠"),
    ("name", "", "请填写作息时间的名称"),
]


def test_periods_that_make_no_sense_are_refused_and_kept(opened):
    section = opened("作息")
    before = period_tables()[0].periods
    for field, typed, problem in NO_PERIODS:
        select(section, 0)
        section.list_buttons["修改"].invoke()
        section.form.set(field, typed)
        section.form.primary.invoke()
        assert problem in section.form.problems()[0]
        target = section.form._fields[field]
        assert target.is_wrong and target.read() == typed
        assert period_tables()[0].periods == before


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("0501", "05-01"),
        ("5月1日", "05-01"),
        ("５/1", "05-01"),
        ("02-29", "02-29"),
        ("0229", "02-29"),
        ("2026-05-01", "05-01"),
        ("15", "15"),
        ("+1", "+1"),
        ("今天", "今天"),
        ("1340", "1340"),
    ],
)
def test_a_day_of_every_year_is_read_as_dates_are(typed, day):
    assert read_day_of_year(typed) == day


def test_the_first_day_of_periods_may_be_typed_in_four_digits(opened):
    section = opened("作息")
    select(section, 0)
    section.list_buttons["修改"].invoke()
    before = period_tables()[0].first_day
    section.form.set("first_day", before.replace("-", ""))
    section.form.primary.invoke()
    assert section.form.problems() == [] and period_tables()[0].first_day == before


def test_lines_of_periods_are_read_with_and_without_numbers():
    assert [p["number"] for p in read_periods("08:00-08:45\n\n2. 09:00至09:45")] == [
        1,
        2,
    ]
    with pytest.raises(UserError, match="第 1 行"):
        read_periods("1")
