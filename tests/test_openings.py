"""When a desk is open: weekly hours, evenings, duty, holidays, terms."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models import OpeningHours, OpeningSeason, UserError, clock

MONDAY = date(2026, 11, 23)
NATIONAL_DAY = date(2026, 10, 1)


@pytest.fixture
def here(office):
    """A desk with the usual hours."""
    return models.desk_by_code("jiaowu")


@pytest.fixture
def term(chief):
    """Week 13 is that of 23 November."""
    return models.set_term(
        by=chief, name="第一学期", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 17)
    )


@pytest.fixture
def bare(chief):
    """A desk without any hours."""
    return models.open_desk(
        by=chief,
        code="linshi",
        prefix="LS",
        name="临时窗口",
        departments=[models.department_by_name("教务处")],
        opens_on=date(2026, 9, 1),
        closes_on=date(2027, 8, 31),
    )


def hours(desk, day):
    return [
        f"{opening.begins:%H:%M}–{opening.ends:%H:%M}{'值班' * opening.is_duty}"
        for opening in models.openings_on(desk, day)
    ]


def at(day, text):
    return datetime.fromisoformat(f"{day} {text}")


def test_a_new_centre_is_open_from_monday_to_friday(here):
    for n in range(5):
        assert hours(here, MONDAY + timedelta(days=n)) == ["08:30–12:00", "13:30–17:00"]
    assert hours(here, MONDAY + timedelta(days=5)) == []
    for text, is_open in (
        ("08:29:59", False),
        ("08:30:00", True),
        ("11:59:59", True),
        ("12:00:00", False),
        ("13:30:00", True),
        ("17:00:00", False),
    ):
        assert models.is_open(here, at(MONDAY, text)) == is_open, text


def test_the_evening_is_duty(office):
    desk = models.desk_by_code("xuesheng")
    assert hours(desk, MONDAY)[-1] == "18:30–20:30值班"
    assert models.openings_on(desk, MONDAY)[-1].note == "咨询值班"
    assert models.is_open(desk, at(MONDAY, "19:00"))
    assert len(hours(desk, MONDAY + timedelta(days=4))) == 2


def test_holidays_are_off_and_moved_working_days_have_the_hours_they_follow(
    chief, here
):
    assert hours(here, NATIONAL_DAY) == []
    assert hours(here, date(2026, 10, 10)) == ["08:30–12:00", "13:30–17:00"]
    models.add_opening(
        by=chief, desk=here, weekday=5, from_time="9:00", to_time="11：00"
    )
    assert hours(here, date(2026, 11, 28)) == ["09:00–11:00"]
    assert hours(here, date(2026, 10, 10)) == ["08:30–12:00", "13:30–17:00"]
    assert hours(here, date(2026, 10, 3)) == []


def test_a_closed_day_is_off(chief, here):
    models.set_special_day(by=chief, day=MONDAY, kind="closed", name="校庆")
    assert hours(here, MONDAY) == []


@pytest.mark.parametrize("day", [NATIONAL_DAY, date(2026, 11, 29), MONDAY])
def test_duty_on_a_date_always_holds(chief, here, day):
    models.set_special_day(by=chief, day=MONDAY, kind="closed", name="校庆")
    models.add_opening(
        by=chief,
        desk=here,
        day=day,
        from_time="10:00",
        to_time="15:00",
        season="duty",
        note="节日值班",
    )
    assert hours(here, day) == ["10:00–15:00值班"]
    assert hours(here, day + timedelta(days=7 * 20)) != ["10:00–15:00值班"]


def test_vacation_has_hours_of_its_own(chief, here, term):
    vacation = date(2027, 1, 20)
    assert models.is_term_time(MONDAY) and not models.is_term_time(vacation)
    assert hours(here, vacation) == []
    models.add_opening(
        by=chief,
        desk=here,
        weekday=2,
        from_time="09:00",
        to_time="11:00",
        season=OpeningSeason.VACATION,
    )
    assert hours(here, vacation) == ["09:00–11:00"]
    assert hours(here, date(2026, 11, 25)) == ["08:30–12:00", "13:30–17:00"]


def test_without_any_term_every_day_is_term_time(here):
    assert models.is_term_time(date(2027, 8, 2))
    assert hours(here, date(2027, 8, 2)) == ["08:30–12:00", "13:30–17:00"]


def test_odd_and_even_weeks_by_the_teaching_week(chief, bare, term):
    for weeks, from_time in (("odd", "09:00"), ("even", "10:00")):
        models.add_opening(
            by=chief,
            desk=bare,
            weekday=0,
            from_time=from_time,
            to_time="11:00",
            weeks=weeks,
        )
    assert hours(bare, MONDAY) == ["09:00–11:00"]
    assert hours(bare, MONDAY + timedelta(days=7)) == ["10:00–11:00"]


def test_hours_over_midnight_end_on_the_next_day(chief, bare):
    models.add_opening(
        by=chief, desk=bare, weekday=4, from_time="22:00", to_time="02:00"
    )
    friday = date(2026, 11, 27)
    (opening,) = models.openings_on(bare, friday)
    assert opening.ends == datetime(2026, 11, 28, 2)
    for moment, is_open in (
        (at(friday, "01:00"), False),
        (at(friday, "21:59"), False),
        (at(friday, "22:00"), True),
        (at(friday + timedelta(days=1), "00:00"), True),
        (at(friday + timedelta(days=1), "01:59:59"), True),
        (at(friday + timedelta(days=1), "02:00"), False),
    ):
        assert models.is_open(bare, moment) == is_open, moment


def test_hours_to_midnight_adjoin_the_next_day(chief, bare):
    for weekday, from_time, to_time in ((0, "20:00", "00:00"), (1, "00:00", "01:00")):
        models.add_opening(
            by=chief,
            desk=bare,
            weekday=weekday,
            from_time=from_time,
            to_time=to_time,
        )
    midnight = datetime(2026, 11, 24)
    for seconds in (-1, 0, 1):
        assert models.is_open(bare, midnight + timedelta(seconds=seconds))


def test_a_desk_is_open_between_its_dates_only(chief, here):
    desk = models.open_desk(
        by=chief,
        code="yingxin",
        prefix="YX",
        name="迎新服务窗口",
        departments=[models.department_by_name("学生处")],
        opens_on=date(2026, 11, 24),
        closes_on=date(2026, 11, 25),
    )
    for weekday in range(5):
        models.add_opening(
            by=chief, desk=desk, weekday=weekday, from_time="20:00", to_time="02:00"
        )
    found = [
        bool(models.openings_on(desk, MONDAY + timedelta(days=n))) for n in range(4)
    ]
    assert found == [False, True, True, False]
    assert models.is_open(desk, datetime(2026, 11, 25, 1))
    assert not models.is_open(desk, datetime(2026, 11, 26, 1))


def test_hours_start_and_end_and_what_has_been_stays(chief, here):
    with clock.set_at(at(MONDAY, "10:00")):
        evening = models.add_opening(
            by=chief,
            desk=here,
            weekday=0,
            from_time="18:00",
            to_time="20:00",
            starts_on=MONDAY - timedelta(days=7),
        )
        models.end_opening(evening, by=chief)
    assert len(hours(here, MONDAY - timedelta(days=14))) == 2
    assert len(hours(here, MONDAY - timedelta(days=7))) == 3
    assert len(hours(here, MONDAY)) == 2
    with pytest.raises(UserError, match="已经停用"):
        models.end_opening(evening, by=chief, ends_on=MONDAY)


def test_new_hours_follow_those_they_replace(chief, here):
    morning = models.openings_of(here)[0]
    assert (morning.weekday, morning.from_time) == (0, "08:30")
    models.end_opening(morning, by=chief, ends_on=MONDAY)
    new = models.add_opening(
        by=chief, desk=here, weekday=0, from_time="09:00", to_time="12:00"
    )
    assert new.starts_on == MONDAY + timedelta(days=1)
    assert hours(here, MONDAY)[0] == "08:30–12:00"
    assert hours(here, MONDAY + timedelta(days=7))[0] == "09:00–12:00"


def test_hours_that_never_held_are_void(chief, here):
    with clock.set_at(at(MONDAY, "10:00")):
        later = models.add_opening(
            by=chief,
            desk=here,
            weekday=0,
            from_time="18:00",
            to_time="20:00",
            starts_on=MONDAY,
        )
        assert models.end_opening(later, by=chief).is_void
        duty = models.add_opening(
            by=chief,
            desk=here,
            day=MONDAY,
            from_time="18:00",
            to_time="20:00",
            season="duty",
        )
    with (
        clock.set_at(at(MONDAY + timedelta(days=1), "10:00")),
        pytest.raises(UserError, match="已经过去"),
    ):
        models.end_opening(duty, by=chief)
    with clock.set_at(at(MONDAY, "10:00")):
        models.end_opening(duty, by=chief)
    assert len(hours(here, MONDAY)) == 2
    assert OpeningHours.select().where(OpeningHours.is_void).count() == 2


def test_duty_beside_the_usual_hours_counts_no_minute_twice(chief, here):
    models.add_opening(
        by=chief,
        desk=here,
        day=MONDAY,
        from_time="11:00",
        to_time="18:00",
        season="duty",
    )
    assert hours(here, MONDAY) == ["08:30–12:00", "12:00–18:00值班"]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    asked=st.lists(
        st.tuples(
            st.sampled_from(["term", "duty"]),
            *[st.integers(0, 47).map(lambda n: f"{n // 2:02d}:{n % 2 * 30:02d}")] * 2,
        ),
        max_size=5,
    )
)
def test_open_is_being_in_one_of_the_hours_of_that_day_or_the_evening_before(
    chief, bare, asked
):
    day = date(2026, 11, 24)
    for opening in models.openings_of(bare, on=day):
        models.end_opening(opening, by=chief, ends_on=day - timedelta(days=7))
    expected = []
    for season, from_time, to_time in asked:
        try:
            models.add_opening(
                by=chief,
                desk=bare,
                weekday=1,
                starts_on=day,
                season=season,
                from_time=from_time,
                to_time=to_time,
            )
        except UserError:
            continue
        ends = at(day, to_time)
        ends += timedelta(days=ends <= at(day, from_time))
        expected.append((at(day, from_time), ends))
    found = models.openings_on(bare, day)
    assert all(a.ends <= b.begins for a, b in pairwise(found))
    for half_hour in range(96):
        moment = datetime.combine(day, datetime.min.time())
        moment += timedelta(minutes=30 * half_hour)
        should = any(begins <= moment < ends for begins, ends in expected)
        assert models.is_open(bare, moment) == should, moment


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"from_time": "8点半"}, "开始时间请写成"),
        ({"to_time": "25:00"}, "结束时间请写成"),
        ({"to_time": "18:00"}, "相同"),
        ({"season": "summer"}, "学期、假期或值班"),
        ({"weeks": "third"}, "每周、单周或双周"),
        ({"weekday": None}, "只填一项"),
        ({"weekday": 7}, "周一到周日"),
        ({"day": MONDAY}, "只填一项"),
        ({"day": MONDAY, "weekday": None}, "只有值班"),
        ({"season": "vacation", "weeks": "odd"}, "没有单双周"),
        (
            {"day": MONDAY, "weekday": None, "season": "duty", "weeks": "odd"},
            "不分单双周",
        ),
        ({"starts_on": MONDAY, "ends_on": NATIONAL_DAY}, "不能早于"),
        ({"from_time": "16:59"}, "13:30–17:00 重叠"),
        ({"from_time": "16:59", "to_time": "01:00"}, "13:30–17:00 重叠"),
    ],
)
def test_wrong_hours_are_refused(chief, here, said, message):
    usual = {"weekday": 0, "from_time": "18:00", "to_time": "20:00"}
    before = OpeningHours.select().count()
    with pytest.raises(UserError, match=message):
        models.add_opening(by=chief, desk=here, **{**usual, **said})
    assert OpeningHours.select().count() == before


@pytest.mark.parametrize("number", ["T001", "2024110201"])
def test_only_the_office_changes_hours(here, number):
    by = models.person_signing_in(number)
    with pytest.raises(UserError, match="中心办公室"):
        models.add_opening(
            by=by, desk=here, weekday=0, from_time="18:00", to_time="20:00"
        )
    with pytest.raises(UserError, match="中心办公室"):
        models.end_opening(models.openings_of(here)[0], by=by)


def test_hours_of_more_than_twelve_hours_are_a_slip_of_the_pen(chief, bare):
    with pytest.raises(UserError, match="到次日 16:00 超过 12 小时"):
        models.add_opening(
            by=chief, desk=bare, from_time="17:00", to_time="16:00", weekday=0
        )


@pytest.mark.parametrize(
    ("weekday", "begins", "is_refused"),
    [(1, "01:30", True), (1, "02:00", False), (0, "01:30", False), (2, "01:30", False)],
)
def test_hours_past_midnight_meet_those_of_the_next_day(
    chief, bare, weekday, begins, is_refused
):
    models.add_opening(
        by=chief, desk=bare, from_time="22:00", to_time="02:00", weekday=0
    )

    def add():
        models.add_opening(
            by=chief, desk=bare, from_time=begins, to_time="05:00", weekday=weekday
        )

    if is_refused:
        with pytest.raises(UserError, match="重叠"):
            add()
    else:
        add()
