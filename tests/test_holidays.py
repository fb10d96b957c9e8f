"""The State Council's tables day by day, and what the office says instead."""

from datetime import date, timedelta

import pytest

import models
from models import DayKind, SpecialDay, SpecialDayKind, UserError, journal

# 国办发明电〔2024〕12号 and 〔2025〕7号: first and last day off, and the days worked.
NOTICES = {
    2025: (
        {
            "元旦": ("01-01", "01-01"),
            "春节": ("01-28", "02-04"),
            "清明": ("04-04", "04-06"),
            "劳动节": ("05-01", "05-05"),
            "端午": ("05-31", "06-02"),
            "国庆节、中秋": ("10-01", "10-08"),
        },
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        {
            "元旦": ("01-01", "01-03"),
            "春节": ("02-15", "02-23"),
            "清明": ("04-04", "04-06"),
            "劳动节": ("05-01", "05-05"),
            "端午": ("06-19", "06-21"),
            "中秋": ("09-25", "09-27"),
            "国庆节": ("10-01", "10-07"),
        },
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}

SPORTS = date(2026, 11, 12)


def days_off(year: int) -> dict[date, str]:
    found = {}
    for name, (first, last) in NOTICES[year][0].items():
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last}"):
            found[day] = name
            day += timedelta(days=1)
    return found


def days_worked(year: int) -> list[date]:
    return [date.fromisoformat(f"{year}-{text}") for text in NOTICES[year][1].split()]


def every_day_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range(365)]


def expected_kind(day: date) -> DayKind:
    if day in days_off(day.year):
        return DayKind.HOLIDAY
    if day in days_worked(day.year):
        return DayKind.MOVED_WORKDAY
    return DayKind.WEEKEND if day.weekday() > 4 else DayKind.WORKDAY


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_is_what_the_state_council_said(office, year):
    off = days_off(year)
    for day in every_day_of(year):
        found = models.day_of(day)
        assert found.kind == expected_kind(day), day
        assert found.is_known
        assert models.is_working_day(day) == found.is_working, day
        if day in off:
            assert found.name in off[day].split("、"), day
    assert [d.kind for d in models.days_between(date(year, 1, 1), date(year, 12, 31))]


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_has_the_working_days_of_the_notice(office, year):
    weekdays = [day for day in every_day_of(year) if day.weekday() < 5]
    expected = len([day for day in weekdays if day not in days_off(year)])
    expected += len(days_worked(year))
    found = models.working_days_between(date(year, 1, 1), date(year, 12, 31))
    assert found == expected == {2025: 248, 2026: 248}[year]


def test_a_moved_saturday_follows_friday_and_a_sunday_monday(office):
    assert models.day_of(date(2026, 10, 10)).weekday == 4
    assert models.day_of(date(2026, 9, 20)).weekday == 0
    assert models.day_of(date(2026, 10, 10)).label == "国庆节 调休上班"


def test_the_office_says_whose_timetable_a_moved_day_follows(chief):
    models.set_special_day(
        by=chief, day=date(2026, 10, 10), kind="workday", name="国庆节", follows=2
    )
    found = models.day_of(date(2026, 10, 10))
    assert (found.kind, found.weekday) == (DayKind.MOVED_WORKDAY, 2)


def test_the_office_closes_the_college_and_takes_it_back(chief):
    models.set_special_day(by=chief, day=SPORTS, kind="closed", name="运动会")
    found = models.day_of(SPORTS)
    assert (found.kind, found.name, found.is_working) == (
        DayKind.CLOSED,
        "运动会",
        False,
    )
    assert models.working_day_after(SPORTS - timedelta(days=1), 1) == date(2026, 11, 13)
    models.set_special_day(by=chief, day=SPORTS, kind="usual")
    assert models.day_of(SPORTS).kind == DayKind.WORKDAY
    assert SpecialDay.get().revision == 2


def test_usual_brings_the_state_councils_day_back(chief):
    day = date(2026, 10, 1)
    models.set_special_day(by=chief, day=day, kind="workday")
    assert models.day_of(day).kind == DayKind.WORKDAY
    models.set_special_day(by=chief, day=day, kind="usual")
    assert models.day_of(day).name == "国庆节"


def test_a_working_day_of_the_state_council_can_be_off_here(chief):
    day = date(2026, 10, 10)
    models.set_special_day(by=chief, day=day, kind="holiday", name="国庆节")
    assert not models.is_working_day(day)


def test_a_year_nobody_knows_counts_weekdays_and_says_so(office):
    assert models.day_of(date(2035, 10, 1)) == (
        *(date(2035, 10, 1), DayKind.WORKDAY, "", 0, False),
    )
    assert models.day_of(date(2035, 10, 6)).kind == DayKind.WEEKEND
    assert models.working_days_between(date(2035, 10, 1), date(2035, 10, 7)) == 5
    assert not models.year_is_known(2035)
    notice = models.unknown_year_notice(date(2026, 12, 1), date(2028, 1, 5))
    assert notice.startswith("2027、2028 年的放假安排还没有录入")
    assert models.unknown_year_notice(date(2026, 12, 31)) == ""


def test_a_year_the_office_enters_is_known(chief):
    models.enter_year(
        by=chief,
        year=2035,
        holidays={date(2035, 10, n): "国庆节" for n in range(1, 8)},
        workdays={date(2035, 9, 29): "国庆节"},
    )
    assert models.year_is_known(2035)
    assert models.unknown_year_notice(date(2035, 1, 1), date(2035, 12, 31)) == ""
    assert models.day_of(date(2035, 10, 1)).name == "国庆节"
    assert models.day_of(date(2035, 9, 29)).kind == DayKind.MOVED_WORKDAY
    assert models.day_of(date(2035, 9, 28)).is_known
    assert models.working_day_after(date(2035, 9, 28), 2) == date(2035, 10, 8)
    assert models.entered_years() == [2035]


def test_a_year_entered_again_is_corrected_and_closed_days_stay(chief):
    models.set_special_day(by=chief, day=date(2035, 5, 8), kind="closed", name="校庆")
    old = {date(2035, 10, 1): "国庆节", date(2035, 10, 2): "国庆节"}
    models.enter_year(by=chief, year=2035, holidays=old, workdays={})
    models.enter_year(
        by=chief, year=2035, holidays={date(2035, 10, 1): "国庆节"}, workdays={}
    )
    assert models.is_working_day(date(2035, 10, 2))
    assert not models.is_working_day(date(2035, 10, 1))
    assert models.day_of(date(2035, 5, 8)).kind == DayKind.CLOSED
    kinds = {row.day.day: row.kind for row in SpecialDay.select()}
    assert kinds == {8: "closed", 1: "holiday", 2: "usual"}


def test_the_same_year_again_writes_nothing(chief):
    said = {"holidays": {date(2035, 10, 1): "国庆节"}, "workdays": {}}
    models.enter_year(by=chief, year=2035, **said)
    before = journal.Entry.select().count()
    models.enter_year(by=chief, year=2035, **said)
    assert journal.Entry.select().count() == before


def test_a_year_the_library_knows_is_replaced_as_a_whole(chief):
    models.enter_year(
        by=chief, year=2026, holidays={date(2026, 1, 1): "元旦"}, workdays={}
    )
    assert models.is_working_day(date(2026, 10, 1))
    assert not models.is_working_day(date(2026, 10, 10))
    assert models.working_days_between(date(2026, 1, 1), date(2026, 12, 31)) == 260


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"year": 35}, "四位数"),
        ({"holidays": {}}, "放假日期"),
        ({"holidays": {date(2034, 10, 1): "国庆节"}}, "不在 2035 年"),
        ({"holidays": {date(2035, 10, 1): " "}}, "什么节日"),
        ({"workdays": {date(2035, 10, 8): "国庆节"}}, "不是周六或周日"),
        ({"workdays": {date(2035, 10, 1): "国庆节"}}, "既放假又上班"),
    ],
)
def test_a_wrong_year_is_refused(chief, said, message):
    usual = {
        "year": 2035,
        "holidays": {date(2035, 10, 1): "国庆节"},
        "workdays": {},
    }
    with pytest.raises(UserError, match=message):
        models.enter_year(by=chief, **{**usual, **said})
    assert not models.year_is_known(2035)
    assert SpecialDay.select().count() == 0


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"kind": "party"}, "请选择"),
        ({"kind": "closed"}, "填写名称"),
        ({"kind": "holiday", "name": "校庆", "follows": 1}, "请清空"),
        ({"kind": "workday", "follows": 7}, "周一到周日"),
    ],
)
def test_a_wrong_special_day_is_refused(chief, said, message):
    with pytest.raises(UserError, match=message):
        models.set_special_day(by=chief, day=SPORTS, **said)


@pytest.mark.parametrize("number", ["T001", "2024110201"])
def test_only_the_office_changes_days(office, number):
    by = models.person_signing_in(number)
    with pytest.raises(UserError, match="中心办公室"):
        models.set_special_day(by=by, day=SPORTS, kind=SpecialDayKind.USUAL)
    with pytest.raises(UserError, match="中心办公室"):
        models.enter_year(
            by=by, year=2035, holidays={date(2035, 10, 1): "国庆节"}, workdays={}
        )


def test_days_are_entered_on_the_offices_pc(station):
    chief = models.person_signing_in("B0001")
    with pytest.raises(UserError, match="办公室的电脑"):
        models.set_special_day(by=chief, day=SPORTS, kind="closed", name="运动会")
