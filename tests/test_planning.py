"""What is doubtful about a plan, and who is free for a shift of it."""

import time
from datetime import date, timedelta

import pytest
from duty import MONDAY, TERM_ENDS, at, line, person, put_in_force
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from models import PlanWarningKind, clock
from models.plan_contents import clean_shift, clean_stay

A, B, C = "2024110201", "2024110202", "2024110203"
NAMES = "甲乙丙丁戊己"


@pytest.fixture
def chief(office):
    """The office is open, its clock on the first Monday of a term."""
    with clock.set_at(at("07:00")):
        by = person("B0001")
        models.set_term(by=by, name="第一学期", starts_on=MONDAY, ends_on=TERM_ENDS)
        yield by


def plan_of(by, *shifts, stays=(), desk="jiaowu", department="教务处", **dates):
    """A plan that is not saved."""
    plan = models.new_plan(
        by=by,
        desk=models.desk_by_code(desk),
        department=models.department_by_name(department),
        **{"starts_on": MONDAY, "ends_on": TERM_ENDS} | dates,
    )
    plan.shifts = [clean_shift(shift) for shift in shifts]
    plan.stays = [clean_stay(stay) for stay in stays]
    return plan


def stay(teacher, begins="14:00", ends="16:00", weekday=0, weeks="all"):
    return {
        "weekday": weekday,
        "weeks": weeks,
        "from": begins,
        "to": ends,
        "teacher": models.who(teacher),
    }


def lesson(weekday, first, last, weeks="all", name="高等数学"):
    return dict(weekday=weekday, first=first, last=last, weeks=weeks, name=name)


def has_classes(by, number, *lessons):
    term = models.terms()[0]
    models.save_timetable(person(number), by=by, term=term, lessons=list(lessons))


def texts(plan, *kinds):
    return [w.text for w in models.plan_warnings(plan) if w.kind in kinds]


# -- clashes ------------------------------------------------------------------


def test_a_class_in_the_way_is_named_with_its_periods_and_weeks(chief):
    has_classes(chief, A, lesson(0, 1, 2))
    has_classes(chief, B, lesson(0, 1, 2, "odd", "英语"), lesson(1, 1, 2))
    has_classes(chief, C, lesson(0, 1, 2, [2, 3, 4], "体育"))
    plan = plan_of(chief, line("08:30", "10:00", person(A), person(B), person(C)))
    assert texts(plan, PlanWarningKind.CLASH) == [
        "周一 08:30–10:00 A 岗曾单有课：周一 1–2节 高等数学",
        "周一 08:30–10:00 B 岗王芳有课：周一 1–2节 英语（单周）",
        "周一 08:30–10:00 B 岗赵六有课：周一 1–2节 体育（第2–4周）",
    ]
    found = models.plan_warnings(plan)
    assert {w.shift_key for w in found[:3]} == {plan.shifts[0]["key"]}


def test_a_class_of_odd_weeks_is_not_in_the_way_of_a_shift_of_even_ones(chief):
    has_classes(chief, A, lesson(0, 1, 2, "odd"))
    plan = plan_of(chief, line("08:30", "10:00", person(A), weeks="even"))
    assert texts(plan, PlanWarningKind.CLASH) == []
    plan.shifts[0]["weeks"] = "odd"
    assert texts(plan, PlanWarningKind.CLASH) == [
        "周一 08:30–10:00（单周） A 岗曾单有课：周一 1–2节 高等数学"
    ]


def test_a_class_that_ends_when_the_shift_begins_is_not_in_the_way(chief):
    has_classes(chief, A, lesson(0, 1, 2))
    ends = models.periods_on(MONDAY)[1].ends
    plan = plan_of(chief, line(f"{ends:%H:%M}", "12:00", person(A)))
    assert texts(plan, PlanWarningKind.CLASH) == []


def test_one_person_in_two_shifts_at_a_time_is_told_once_for_both(chief):
    plan = plan_of(
        chief,
        line("08:30", "10:00", person(A), person(B)),
        line("09:30", "11:00", person(C), person(A), weeks="even"),
        line("10:00", "12:00", person(B), weeks="odd"),
    )
    (found,) = [
        w for w in models.plan_warnings(plan) if w.kind == PlanWarningKind.CLASH
    ]
    assert found.text == (
        "曾单同时排在 周一 08:30–10:00 A 岗和 周一 09:30–11:00（双周） B 岗（双周）"
    )
    assert {found.shift_key, found.other_key} == {s["key"] for s in plan.shifts[:2]}


def test_odd_and_even_weeks_never_clash(chief):
    plan = plan_of(
        chief,
        line("08:30", "10:00", person(A), weeks="odd"),
        line("08:30", "10:00", person(A), weeks="even"),
    )
    assert texts(plan, PlanWarningKind.CLASH) == []


def test_two_shifts_in_a_row_never_clash(chief):
    plan = plan_of(
        chief,
        line("08:30", "10:00", person(A)),
        line("10:00", "12:00", person(A)),
    )
    assert texts(plan, PlanWarningKind.CLASH) == []
    plan.shifts.reverse()
    assert texts(plan, PlanWarningKind.CLASH) == []


def test_a_shift_over_midnight_meets_the_next_morning(chief):
    plan = plan_of(
        chief,
        line("22:00", "02:00", person(A)),
        line("01:00", "03:00", person(A), weekday=1),
    )
    assert len(texts(plan, PlanWarningKind.CLASH)) == 1


def test_a_plan_in_force_at_another_desk_counts_and_its_own_older_version_not(centre):
    models.open_database(centre.office)
    theirs = [line("09:00", "11:00", person(B), person(A), weeks="odd")]
    put_in_force(centre, theirs, desk="xuesheng", department="学生处")
    models.open_database(centre.office)
    put_in_force(centre, [line("08:30", "10:00", person(A))])
    models.open_database(centre.office)
    with clock.set_at(at("07:30")):
        plan = plan_of(person("B0001"), line("08:30", "10:00", person(A)))
        (text,) = texts(plan, PlanWarningKind.CLASH)
    assert text == (
        "曾单同时排在 周一 08:30–10:00 A 岗"
        "和 学生事务窗口 周一 09:00–11:00（单周） B 岗（单周）"
    )


def test_a_teacher_who_is_to_be_at_two_places_is_a_clash(chief):
    teacher = person("T001")
    plan = plan_of(chief, stays=[stay(teacher), stay(teacher, "15:00", "17:00")])
    (text,) = texts(plan, PlanWarningKind.CLASH)
    assert "李老师同时排在" in text and "驻岗" in text
    plan.stays = plan.stays[:1]
    has_classes(chief, "T001", lesson(0, 5, 6, name="程序设计"))
    (text,) = texts(plan, PlanWarningKind.CLASH)
    assert text.startswith("周一 14:00–16:00 驻岗李老师有课")


# -- opening hours ------------------------------------------------------------


def whole_week(*who):
    return [
        line(begins, ends, person(A), person(B), weekday=weekday)
        for weekday in range(5)
        for begins, ends in (("08:30", "12:00"), ("13:30", "17:00"))
    ]


def test_hours_that_nobody_covers_are_told_once(chief):
    shifts = whole_week()
    assert texts(plan_of(chief, *shifts), PlanWarningKind.GAP) == []
    shifts[0] |= {"to": "11:00"}
    shifts[1] |= {"weeks": "even"}
    shifts[2] |= {"a": None}
    plan = plan_of(chief, *shifts)
    assert texts(plan, PlanWarningKind.GAP) == [
        "周一 11:00–12:00 没有 A 岗",
        "周一 13:30–17:00 没有 A 岗（单周）",
        "周二 08:30–12:00 没有 A 岗",
    ]
    gap = next(w for w in models.plan_warnings(plan) if w.kind == PlanWarningKind.GAP)
    assert (gap.weekday, gap.from_time, gap.to_time) == (0, "11:00", "12:00")


def test_duty_on_one_date_wants_an_a_too(chief):
    models.add_opening(
        by=chief,
        desk=models.desk_by_code("jiaowu"),
        season="duty",
        day=date(2026, 10, 2),
        from_time="09:00",
        to_time="11:00",
    )
    plan = plan_of(chief, *whole_week())
    assert texts(plan, PlanWarningKind.GAP) == ["10月2日 09:00–11:00 没有 A 岗"]
    duty = clean_shift(line("09:00", "11:00", person(A)) | {"day": "2026-10-02"})
    plan.shifts.append(duty)
    assert texts(plan, PlanWarningKind.GAP, PlanWarningKind.OUTSIDE) == []


def test_where_units_take_turns_only_the_own_turn_is_a_gap(chief):
    desk = models.desk_by_code("dangtuan")
    units = models.departments_of(desk)
    models.set_rotation(desk, by=chief, starts_on=MONDAY, every="half_day", units=units)
    plan = plan_of(chief, desk="dangtuan", department=units[0].name)
    gaps = texts(plan, PlanWarningKind.GAP)
    # Two half days a day: the first unit has every morning.
    assert gaps == [f"周{day} 08:30–12:00 没有 A 岗" for day in "一二三四五"]
    plan.shifts = [clean_shift(line("14:00", "16:00", person(A)))]
    assert texts(plan, PlanWarningKind.NEVER) == [
        f"周一 14:00–16:00 轮值时这段时间轮不到{units[0].name}"
    ]


def test_a_shift_outside_the_opening_hours_is_told(chief):
    plan = plan_of(
        chief,
        line("11:30", "13:00", person(A)),
        line("09:00", "10:00", person(A), weekday=6),
        line("08:30", "12:00", person(A), weekday=1),
    )
    assert texts(plan, PlanWarningKind.OUTSIDE) == [
        "周一 11:30–13:00 不在窗口服务时间内（服务时间 08:30–12:00、13:30–17:00）",
        "周日 09:00–10:00 不在窗口服务时间内（当天不开放）",
    ]


def test_a_desk_without_hours_says_so_instead_of_finding_fault(chief):
    desk = models.desk_by_code("jiaowu")
    for hours in models.openings_of(desk):
        models.end_opening(hours, by=chief, ends_on=MONDAY - timedelta(days=900))
    with models.transaction():
        for hours in models.openings_of(desk):
            hours.is_void = True
            hours.write(by=chief)
    plan = plan_of(chief, line("08:30", "10:00", person(A)))
    (text,) = texts(plan, PlanWarningKind.GAP, PlanWarningKind.OUTSIDE)
    assert "服务时间还没有录入" in text


def test_a_shift_that_never_takes_place_is_told(chief):
    plan = plan_of(
        chief,
        line("08:30", "10:00", person(A), weeks="even"),
        ends_on=MONDAY + timedelta(days=4),
    )
    (text,) = texts(plan, PlanWarningKind.NEVER)
    assert text == "周一 08:30–10:00（双周） 在 2026-09-07 至 2026-09-11 间一次也没有"


# -- posts, stays, hours, people ----------------------------------------------


def test_a_shift_without_b_or_without_a_is_told(chief):
    plan = plan_of(chief, line("08:30", "10:00", None, person(B)))
    assert len(texts(plan, PlanWarningKind.NO_A)) == 1
    assert texts(plan, PlanWarningKind.NO_B) == []
    plan = plan_of(chief, line("08:30", "10:00", person(A)))
    assert texts(plan, PlanWarningKind.NO_A) == []
    assert len(texts(plan, PlanWarningKind.NO_B)) == 1


def test_weeks_without_a_teachers_stay_are_told(chief):
    shifts = whole_week()
    (text,) = texts(plan_of(chief, *shifts), PlanWarningKind.NO_STAY)
    assert text == "没有安排教师驻岗，每周至少要有一次"
    dates = {"ends_on": MONDAY + timedelta(days=27)}
    stays = [stay(person("T001"), weeks="odd")]
    plan = plan_of(chief, *shifts, stays=stays, **dates)
    (text,) = texts(plan, PlanWarningKind.NO_STAY)
    assert text == "第2、4周没有教师驻岗"
    plan.stays[0]["weeks"] = "all"
    assert texts(plan, PlanWarningKind.NO_STAY) == []


def test_more_than_the_weeks_hours_as_a_is_told_and_b_does_not_count(chief):
    shifts = [line("08:30", "12:00", person(A), person(B), weekday=n) for n in range(2)]
    # The Sunday after that works for the holiday, as a third Monday.
    dates = {"ends_on": MONDAY + timedelta(days=11)}
    assert texts(plan_of(chief, *shifts, **dates), PlanWarningKind.HOURS) == []
    shifts.append(line("08:30", "10:00", person(A), person(B), weekday=2, weeks="odd"))
    (text,) = texts(plan_of(chief, *shifts, **dates), PlanWarningKind.HOURS)
    assert text == "曾单一周排 A 岗 8 小时 30 分，超过每周上限 8 小时（第1周）"


def test_more_than_the_months_hours_is_told(chief):
    models.set_rules(by=chief, starts_on=MONDAY, month_limit=600)
    shifts = [line("08:30", "12:00", person(A))]
    dates = {"ends_on": date(2026, 11, 1)}
    (text,) = texts(plan_of(chief, *shifts, **dates), PlanWarningKind.HOURS)
    # Four Mondays, and a Sunday that works for a holiday.
    assert text == "曾单一个月排 A 岗 17 小时 30 分，超过每月上限 10 小时（9月、10月）"


def test_the_untrained_and_those_who_left_are_told(chief):
    new = models.add_person(
        by=chief,
        number="2026110001",
        name="新同学",
        role="assistant",
        department=models.department_by_name("教务处"),
        in_training=True,
    )
    left = person(C)
    plan = plan_of(chief, line("08:30", "10:00", new, left))
    models.end_service(left, by=chief)
    assert texts(plan, PlanWarningKind.UNTRAINED) == [
        "新同学还没有完成上岗培训（培训）"
    ]
    assert texts(plan, PlanWarningKind.LEFT) == ["赵六已经离岗"]


# -- who is free --------------------------------------------------------------


def test_those_who_are_free_come_first_with_most_hours_left(chief):
    has_classes(chief, C, lesson(0, 1, 2))
    shifts = [
        line("08:30", "10:00", None),
        line("13:30", "15:30", person(A), person(B), weekday=2),
    ]
    plan = plan_of(chief, *shifts)
    found = models.free_for(plan, plan.shifts[0])
    assert [one.person.name for one in found] == ["王芳", "曾单", "赵六"]
    assert [one.is_free for one in found] == [True, True, False]
    assert found[2].class_name == "周一 1–2节 高等数学"
    assert [(one.planned_minutes, one.minutes_left) for one in found[:2]] == [
        (0, 480),
        (120, 360),
    ]


def test_who_is_in_the_shift_already_or_has_left_is_not_proposed(chief):
    models.end_service(person(C), by=chief)
    plan = plan_of(chief, line("08:30", "10:00", person(A)))
    found = models.free_for(plan, plan.shifts[0])
    assert [one.person.name for one in found] == ["王芳"]


def test_the_shift_itself_neither_clashes_nor_counts(chief):
    plan = plan_of(chief, line("08:30", "10:00", person(A)))
    moved = plan.shifts[0] | {"a": None, "from": "09:00"}
    (found,) = [one for one in models.free_for(plan, moved) if one.person.number == A]
    assert found.is_free
    assert found.planned_minutes == 0


def test_another_shift_at_the_time_is_said(chief):
    plan = plan_of(
        chief,
        line("08:30", "10:00", None),
        line("09:00", "11:00", person(B), person(A)),
    )
    found = {one.person.number: one for one in models.free_for(plan, plan.shifts[0])}
    assert found[A].clashes == ("周一 09:00–11:00 B 岗",)
    assert found[B].clashes == ("周一 09:00–11:00 A 岗",)
    assert found[C].is_free


def test_the_departments_own_come_before_the_free_of_others(chief):
    models.add_person(
        by=chief,
        number="2024000001",
        name="别处同学",
        role="assistant",
        department=models.department_by_name("学生处"),
    )
    plan = plan_of(chief, line("08:30", "10:00", None))
    names = [one.person.name for one in models.free_for(plan, plan.shifts[0])]
    assert names == ["曾单", "王芳", "赵六", "别处同学"]


def test_a_plan_of_twenty_shifts_and_sixty_people_is_looked_through_at_once(chief):
    everyone = crowd(chief, 60)
    plan = plan_of(
        chief, *(line("08:30", "12:00", everyone[n], weekday=n % 5) for n in range(20))
    )
    begun = time.perf_counter()
    models.plan_warnings(plan)
    models.free_for(plan, plan.shifts[0])
    assert time.perf_counter() - begun < 2  # 0.08 s here


def crowd(by, count):
    """Assistants, each with a timetable that differs."""
    department, term = models.department_by_name("教务处"), models.terms()[0]
    everyone = []
    for n in range(count):
        made = models.add_person(
            by=by,
            number=f"2025{n:06d}",
            name=f"{NAMES[n % 6]}{n}",
            role="assistant",
            department=department,
        )
        weeks = ("all", "odd", "even", [1, 2, 3, 9])
        lessons = [
            lesson(
                (n + at) % 5, 1 + 2 * (at % 4), 2 + 2 * (at % 4), weeks[(n + at) % 4]
            )
            for at in range(4 + n % 5)
        ]
        models.save_timetable(made, by=by, term=term, lessons=lessons)
        everyone.append(made)
    return everyone


HOURS = [f"{hour:02d}:{minute}" for hour in range(24) for minute in ("00", "30")]
# From half an hour to twelve; some go past midnight.
SPANS = [
    (begins, HOURS[(at + length) % len(HOURS)])
    for at, begins in enumerate(HOURS)
    for length in range(1, 25)
]


@st.composite
def plans(draw, size):
    """Shifts that name people by their places, and one shift to be filled."""
    shifts = []
    for _ in range(draw(st.integers(1, 7))):
        begins, ends = draw(st.sampled_from(SPANS))
        names = draw(st.lists(st.integers(0, size - 1), max_size=3, unique=True))
        weeks = draw(st.sampled_from(["all", "odd", "even"]))
        shifts.append((begins, ends, draw(st.integers(0, 6)), weeks, names))
    return shifts


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shape=plans(6))
def test_who_is_proposed_as_free_never_clashes_when_put_in(crowded, shape):
    plan, everyone = crowded
    plan.shifts = [
        clean_shift(
            line(
                begins,
                ends,
                *([everyone[n] for n in names] or [None]),
                weekday=weekday,
                weeks=weeks,
            )
        )
        for begins, ends, weekday, weeks, names in shape
    ]
    target = plan.shifts[0]
    before = set(texts(plan, PlanWarningKind.CLASH))
    for one in models.free_for(plan, target):
        target["b"].append(models.who(one.person))
        added = set(texts(plan, PlanWarningKind.CLASH)) - before
        target["b"].pop()
        assert bool(added) != one.is_free, (one, added)
        assert one.is_free == is_free_day_by_day(plan, target, one.person)


@pytest.fixture
def crowded(chief):
    everyone = crowd(chief, 6)
    return plan_of(chief, ends_on=MONDAY + timedelta(days=40)), everyone


def is_free_day_by_day(plan, target, who):
    """The same, asked of the calendar and the timetables one day after the other."""
    from models.shifts import hours_on, is_on

    days = models.days_between(plan.starts_on, plan.ends_on)
    wanted = [hours_on(day.day, target) for day in days if is_on(target, day)]
    taken = [
        hours_on(day.day, shift)
        for shift in plan.shifts
        if shift is not target
        and who.uid in {p["uid"] for p in [shift["a"], *shift["b"]] if p}
        for day in days
        if is_on(shift, day)
    ]
    return not any(
        models.has_class(who.uid, begins, ends)
        or any(begins < other[1] and other[0] < ends for other in taken)
        for begins, ends in wanted
    )
