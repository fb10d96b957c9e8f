"""Working days, teaching weeks and periods: what every deadline and plan asks."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models import UserError
from models.base import db

on_one_database = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

days = st.dates(date(2024, 6, 1), date(2029, 12, 31))


@pytest.fixture
def term(chief):
    """From a Tuesday over new year; week 1 begins on 31 August."""
    return models.set_term(
        by=chief,
        name="2026—2027学年第一学期",
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 1, 17),
    )


@pytest.fixture
def changed(chief):
    """Years with everything in them: overrides, an entered year, unknown years."""
    for day, kind in (
        (date(2026, 11, 12), "closed"),
        (date(2026, 10, 10), "holiday"),
        (date(2026, 10, 7), "workday"),
        (date(2027, 3, 6), "workday"),
        (date(2027, 3, 8), "usual"),
        (date(2027, 3, 13), "closed"),
    ):
        models.set_special_day(by=chief, day=day, kind=kind, name="另行安排")
    models.enter_year(
        by=chief,
        year=2028,
        holidays={date(2028, 1, n): "元旦" for n in (1, 2, 3)},
        workdays={date(2028, 1, 8): "元旦"},
    )


@on_one_database
@given(day=days, count=st.integers(0, 400))
def test_working_day_after_is_counting_day_by_day(changed, day, count):
    expected, left = day, count
    while left > 0:
        expected += timedelta(days=1)
        left -= models.is_working_day(expected)
    assert models.working_day_after(day, count) == expected


@on_one_database
@given(first=days, length=st.integers(-5, 900))
def test_working_days_between_is_counting_day_by_day(changed, first, length):
    last = first + timedelta(days=length)
    one_by_one = sum(
        models.is_working_day(first + timedelta(days=n)) for n in range(length + 1)
    )
    assert models.working_days_between(first, last) == one_by_one
    assert sum(day.is_working for day in models.days_between(first, last)) == one_by_one


@on_one_database
@given(day=days, count=st.integers(1, 60))
def test_counting_there_and_back_agrees(changed, day, count):
    due = models.working_day_after(day, count)
    assert models.working_days_between(day + timedelta(days=1), due) == count


def test_a_deadline_asks_the_database_once(changed, monkeypatch):
    asked = []
    execute = db.execute_sql

    def listen(*args):
        asked.append(args)
        return execute(*args)

    monkeypatch.setattr(db.obj, "execute_sql", listen)
    monkeypatch.setitem(vars(db), "execute_sql", listen)
    for count in (1, 5, 10, 60):
        asked.clear()
        models.working_day_after(date(2026, 1, 30), count)
        assert len(asked) == 1


def test_a_promise_over_the_national_holiday_skips_it(office):
    assert models.working_day_after(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_teaching_weeks_run_over_new_year(term):
    weeks = {
        date(2026, 9, 1): 1,
        date(2026, 9, 6): 1,
        date(2026, 9, 7): 2,
        date(2026, 12, 31): 18,
        date(2027, 1, 3): 18,
        date(2027, 1, 4): 19,
        date(2027, 1, 17): 20,
    }
    for day, number in weeks.items():
        found = models.teaching_week(day)
        assert (found.term.uid, found.number) == (term.uid, number), day
    assert term.weeks == 20
    for day in (date(2026, 8, 31), date(2027, 1, 18)):
        assert models.teaching_week(day) is None


def test_odd_and_even_weeks(term):
    odd, even, vacation = date(2026, 9, 1), date(2026, 9, 7), date(2026, 8, 1)
    assert models.in_weeks("odd", odd) and not models.in_weeks("even", odd)
    assert models.in_weeks("even", even) and not models.in_weeks("odd", even)
    assert models.in_weeks([1, 3], odd) and not models.in_weeks([1, 3], even)
    assert models.in_weeks("all", odd) and models.in_weeks("all", vacation)
    for weeks in ("odd", "even", [1]):
        assert not models.in_weeks(weeks, vacation)


def test_periods_change_with_the_season(office):
    summer, winter = (models.periods_on(date(2026, 9, 30)), date(2026, 10, 1))
    assert len(summer) == 10
    assert summer[4] == (5, time(14), time(14, 45))
    assert models.periods_on(winter)[4] == (5, time(13, 30), time(14, 15))
    assert models.periods_on(date(2027, 2, 28)) == models.periods_on(winter)


@pytest.mark.parametrize(
    ("begins", "ends", "found"),
    [
        ("08:00", "09:40", (1, 2)),
        ("08:45", "08:55", None),
        ("08:44", "10:01", (1, 3)),
        ("07:00", "23:00", (1, 10)),
        ("20:09", "07:00", (10, 10)),
    ],
)
def test_the_periods_touched(office, begins, ends, found):
    day = date(2026, 11, 23)
    first = datetime.combine(day, time.fromisoformat(begins))
    last = datetime.combine(day, time.fromisoformat(ends))
    last += timedelta(days=last < first)
    assert models.periods_between(first, last) == found


def test_a_place_in_the_term_in_words(term):
    at = datetime(2026, 11, 23, 10, 10)
    assert models.place_in_term(at) == "第13周 周一 3节"
    assert models.place_in_term(at, at.replace(hour=11, minute=40)) == (
        "第13周 周一 3–4节"
    )
    assert models.place_in_term(at.replace(hour=22)) == "第13周 周一"
    assert models.place_in_term(at.replace(month=8)) == ""


def test_terms_newest_first_and_put_right_in_place(chief, term):
    second = models.set_term(
        by=chief,
        name="2026—2027学年第二学期",
        starts_on=date(2027, 2, 22),
        ends_on=date(2027, 7, 4),
    )
    assert [t.uid for t in models.terms()] == [second.uid, term.uid]
    models.set_term(
        by=chief,
        name=second.name,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 7, 4),
        term=second,
    )
    assert models.term_on(date(2027, 2, 25)) is None
    assert models.term_on(date(2027, 3, 1)).revision == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": " "}, "学期名称"),
        ({"name": "2026—2027学年第一学期"}, "已经有了"),
        ({"ends_on": date(2027, 2, 1)}, "不能早于"),
        ({"ends_on": date(2027, 9, 20)}, "最多 30 周"),
        ({"starts_on": date(2027, 1, 17)}, "重叠"),
    ],
)
def test_a_wrong_term_is_refused(chief, term, said, message):
    usual = {
        "name": "2026—2027学年第二学期",
        "starts_on": date(2027, 2, 22),
        "ends_on": date(2027, 7, 4),
    }
    with pytest.raises(UserError, match=message):
        models.set_term(by=chief, **{**usual, **said})
    assert len(models.terms()) == 1


ONE = {"number": 1, "from": "8：00", "to": "08:45"}


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ([], "1 到 20 节"),
        ([{**ONE, "number": 2}], "依次编号"),
        ([{**ONE, "from": "8点"}], "第 1 节的开始时间请写成"),
        ([{**ONE, "to": "24:00"}], "第 1 节的结束时间请写成"),
        ([{**ONE, "to": "08:00"}], "晚于开始"),
        ([ONE, {"number": 2, "from": "08:40", "to": "09:00"}], "重叠"),
    ],
)
def test_wrong_periods_are_refused(chief, periods, message):
    winter = models.period_tables()[1]
    with pytest.raises(UserError, match=message):
        models.set_period_table(
            by=chief,
            name=winter.name,
            first_day="10-1",
            last_day="04/30",
            periods=periods,
            table=winter,
        )


def test_periods_are_kept_as_they_are_meant(chief):
    winter = models.period_tables()[1]
    said = {"name": " 冬季 ", "last_day": "4-30", "periods": [ONE], "table": winter}
    with pytest.raises(UserError, match=r"“夏季作息”.*重叠"):
        models.set_period_table(by=chief, first_day="9-30", **said)
    with pytest.raises(UserError, match="月和日"):
        models.set_period_table(by=chief, first_day="13-1", **said)
    models.set_period_table(by=chief, first_day="１０-15", **said)
    kept = models.period_tables()[1]
    assert (kept.first_day, kept.last_day, kept.name) == ("10-15", "04-30", "冬季")
    assert models.periods_on(date(2026, 12, 1)) == [(1, time(8), time(8, 45))]
    assert models.periods_on(date(2026, 10, 5)) == []


@pytest.mark.parametrize("number", ["T001", "2024110201"])
def test_only_the_office_changes_terms_and_periods(office, number):
    by = models.person_signing_in(number)
    with pytest.raises(UserError, match="中心办公室"):
        models.set_term(
            by=by, name="学期", starts_on=date(2027, 3, 1), ends_on=date(2027, 7, 1)
        )
    with pytest.raises(UserError, match="中心办公室"):
        models.set_period_table(
            by=by, name="作息", first_day="05-01", last_day="05-02", periods=[ONE]
        )
