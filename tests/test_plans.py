"""Shift plans: versions, filing at the office, and what they mean day by day."""

from datetime import date, timedelta

import pytest
from duty import MONDAY, TERM_ENDS, at, clock_at, line, person, put_in_force, sync_both

import models
from models import PlanDecision, ShiftPlan, UserError, clock
from models.base import db
from models.plan_contents import clean_shift

TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
A, B, C = "2024110201", "2024110202", "2024110203"


def draft(by="T001", **changes):
    """A plan of 教务处 at its desk, on Monday mornings."""
    said = {
        "by": person(by),
        "desk": models.desk_by_code("jiaowu"),
        "department": models.department_by_name("教务处"),
        "starts_on": MONDAY,
        "ends_on": TERM_ENDS,
    }
    plan = models.new_plan(**said | changes)
    if not plan.shifts:
        models.save_plan(
            plan, by=person(by), shifts=[line("08:30", "10:00", person(A), person(B))]
        )
    return plan


def filed(moment, **changes):
    """A plan the office makes, submits and accepts at once."""
    with clock.set_at(moment):
        plan = draft(by="B0001", **changes)
        models.submit_plan(plan, by=person("B0001"))
        return models.accept_plan(plan, by=person("B0001"))


def hours_on(day, desk=None):
    return [(s.hours, s.a.name if s.a else "") for s in models.shifts_on(day, desk)]


# -- versions -----------------------------------------------------------------


def test_every_plan_of_a_department_at_a_desk_is_the_next_version(station):
    assert [draft().version, draft().version] == [1, 2]


def test_a_new_version_copies_the_newest_and_shares_no_key_with_it(station):
    first = draft()
    teacher = models.who(person("T001"))
    stay = {"weekday": 2, "from": "14:00", "to": "16:00", "teacher": teacher}
    models.save_plan(first, by=person("T001"), stays=[stay])
    second = draft(like=first)
    assert [s["a"]["name"] for s in second.shifts] == ["曾单"]
    assert second.shifts[0]["key"] != first.shifts[0]["key"]
    assert second.stays[0]["teacher"] == first.stays[0]["teacher"]
    assert second.stays[0]["key"] != first.stays[0]["key"]


def test_lines_are_kept_in_the_order_of_the_week_and_keep_their_keys(station):
    plan = draft()
    key = plan.shifts[0]["key"]
    more = [line("8：00", "0830", person(C)), line("09:00", "10:00", None, weekday=4)]
    models.save_plan(plan, by=person("T001"), shifts=[more[1], *plan.shifts, more[0]])
    stored = ShiftPlan.get_by_id(plan.uid)
    assert [s["from"] for s in stored.shifts] == ["08:00", "08:30", "09:00"]
    assert stored.shifts[1]["key"] == key


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weekday": 7}, "星期几"),
        ({"weeks": "third"}, "单周或双周"),
        ({"from": "25:00"}, "不是时间"),
        ({"from": ""}, "不是时间"),
        ({"to": "08:30"}, "不能相同"),
    ],
)
def test_a_shift_that_makes_no_sense_is_refused(station, changes, message):
    plan = draft()
    with pytest.raises(UserError, match=message):
        models.save_plan(
            plan, by=person("T001"), shifts=[line("08:30", "10:00", None) | changes]
        )
    assert len(ShiftPlan.get_by_id(plan.uid).shifts) == 1


def test_nobody_is_in_a_shift_twice(station):
    plan = draft()
    with pytest.raises(UserError, match="只能排一次"):
        twice = line("08:30", "10:00", person(A), person(A))
        models.save_plan(plan, by=person("T001"), shifts=[twice])


def test_dates_the_wrong_way_round_or_too_far_apart_are_refused(station):
    plan = draft()
    for ends_on, message in (
        (MONDAY - timedelta(days=1), "不能早于"),
        (MONDAY + timedelta(days=400), "最长一年"),
    ):
        with pytest.raises(UserError, match=message):
            models.save_plan(plan, by=person("T001"), ends_on=ends_on)


# -- who may ------------------------------------------------------------------


def test_an_assistant_plans_nothing(station):
    with pytest.raises(UserError, match="本部门的老师或中心办公室"):
        draft(by=A)
    plan = draft()
    for operation in (models.save_plan, models.submit_plan):
        with pytest.raises(UserError, match="本部门的老师或中心办公室"):
            operation(plan, by=person(A))


def test_a_teacher_of_another_department_plans_nothing_here(centre):
    models.open_database(centre.office)
    models.add_person(
        by=person("B0001"),
        number="T900",
        name="别处老师",
        role="teacher",
        department=models.department_by_name("学生处"),
    )
    sync_both(centre, at("07:00"))
    with pytest.raises(UserError, match="本部门的老师"):
        draft(by="T900")


def test_a_department_plans_only_where_it_serves(station):
    with pytest.raises(UserError, match=r"不在.*服务"):
        draft(desk=models.desk_by_code("xuesheng"))


def test_only_the_office_decides(station):
    plan = draft()
    models.submit_plan(plan, by=person("T001"))
    with pytest.raises(UserError, match="由中心办公室办理"):
        models.accept_plan(plan, by=person("T001"))
    with pytest.raises(UserError, match="由中心办公室办理"):
        models.return_plan(plan, by=person("T001"), reason="不好")


# -- submitting ---------------------------------------------------------------


def test_a_submitted_plan_never_changes(station):
    plan = draft()
    with clock_at("09:00"):
        models.submit_plan(plan, by=person("T001"))
    assert plan.submitted_at == at("09:00")
    with pytest.raises(UserError, match="新建一版"):
        models.save_plan(plan, by=person("T001"), note="改一下")
    with pytest.raises(UserError, match="新建一版"):
        models.submit_plan(plan, by=person("T001"))
    with pytest.raises(Exception, match="a submitted plan never changes"):
        db.execute_sql("UPDATE shift_plan SET note = 'x'")


def test_an_empty_plan_or_one_without_an_a_is_not_submitted(station):
    plan = draft()
    models.save_plan(plan, by=person("T001"), shifts=[line("08:30", "10:00", None)])
    with pytest.raises(UserError, match="没有 A 岗"):
        models.submit_plan(plan, by=person("T001"))
    models.save_plan(plan, by=person("T001"), shifts=[])
    with pytest.raises(UserError, match="还是空的"):
        models.submit_plan(plan, by=person("T001"))


# -- the office's decision ----------------------------------------------------


def test_filed_plans_are_numbered_by_the_year(office):
    assert filed(at("08:00")).number == "AB〔2026〕1号"
    assert filed(at("09:00")).number == "AB〔2026〕2号"
    assert filed(at("09:00", date(2027, 1, 4))).number == "AB〔2027〕1号"


def test_a_number_may_be_given_but_not_twice(office):
    by = person("B0001")
    first, second = draft(by="B0001"), draft(by="B0001")
    for plan in (first, second):
        models.submit_plan(plan, by=by)
    with clock_at("08:00"):
        decision = models.accept_plan(first, by=by, number=" AB〔2026〕7号 ")
        assert (decision.number, decision.decided_on) == ("AB〔2026〕7号", MONDAY)
        with pytest.raises(UserError, match="已经用过"):
            models.accept_plan(second, by=by, number="AB〔2026〕7号")
        assert models.decision_of(second) is None
        assert models.accept_plan(second, by=by).number == "AB〔2026〕8号"


def test_a_plan_is_decided_once_and_only_when_submitted(office):
    by, plan = person("B0001"), draft(by="B0001")
    with pytest.raises(UserError, match="还没有报送"):
        models.accept_plan(plan, by=by)
    models.submit_plan(plan, by=by)
    models.accept_plan(plan, by=by)
    for decide in (
        lambda: models.accept_plan(plan, by=by),
        lambda: models.return_plan(plan, by=by, reason="太晚"),
    ):
        with pytest.raises(UserError, match="已经处理过"):
            decide()


def test_a_plan_is_returned_with_a_reason_and_never_in_force(office):
    by, plan = person("B0001"), draft(by="B0001")
    models.submit_plan(plan, by=by)
    with pytest.raises(UserError, match="退回原因"):
        models.return_plan(plan, by=by, reason=" ")
    models.return_plan(plan, by=by, reason="周三没有人")
    decision = models.decision_of(plan)
    assert (decision.accepted, decision.reason) == (False, "周三没有人")
    assert models.plans_in_force(MONDAY) == []


def test_a_new_version_never_changes_what_was_in_force_before_it(office):
    filed(at("07:00"))
    new = draft(by="B0001")
    models.save_plan(
        new, by=person("B0001"), shifts=[line("10:00", "12:00", person(C))]
    )
    models.submit_plan(new, by=person("B0001"))
    assert hours_on(NEXT_MONDAY) == [("08:30–10:00", "曾单")]
    with clock_at("12:00", NEXT_MONDAY):
        models.accept_plan(new, by=person("B0001"))
    assert hours_on(MONDAY) == [("08:30–10:00", "曾单")]
    assert hours_on(NEXT_MONDAY) == [("10:00–12:00", "赵六")]


def test_an_older_plan_does_not_come_back_when_the_newer_ends(office):
    filed(at("07:00"))
    filed(at("07:00", TUESDAY), starts_on=TUESDAY, ends_on=NEXT_MONDAY)
    assert models.shifts_on(NEXT_MONDAY)
    assert models.shifts_on(NEXT_MONDAY + timedelta(days=7)) == []


def test_a_plan_made_at_the_desk_is_filed_at_the_office_and_comes_back(centre):
    models.open_database(centre.station)
    with clock_at("09:00"):
        plan = draft()
        models.submit_plan(plan, by=person("T001"))
    sync_both(centre, at("09:05"))
    models.open_database(centre.office)
    (waiting,) = models.plans_of()
    assert (waiting.uid, waiting.shifts) == (plan.uid, plan.shifts)
    with clock_at("09:10"):
        models.accept_plan(waiting, by=person("B0001"))
    sync_both(centre, at("09:15"))
    decision = models.decision_of(ShiftPlan.get_by_id(plan.uid))
    assert (decision.accepted, decision.number) == (True, "AB〔2026〕1号")
    assert hours_on(MONDAY) == [("08:30–10:00", "曾单")]
    assert [p.uid for p in models.plans_in_force(MONDAY)] == [decision.uid]


def test_a_draft_of_the_office_is_not_changed_at_the_desk(centre):
    models.open_database(centre.office)
    draft(by="B0001")
    sync_both(centre, at("09:00"))
    (plan,) = models.plans_of()
    with pytest.raises(UserError, match="另一台电脑"):
        models.save_plan(plan, by=person("T001"), note="x")


# -- what a plan means day by day ---------------------------------------------


def test_odd_and_even_weeks_take_turns(centre):
    put_in_force(
        centre,
        [
            line("08:30", "10:00", person_of(centre, A), weeks="odd"),
            line("08:30", "10:00", person_of(centre, B), weeks="even"),
        ],
    )
    names = [hours_on(MONDAY + timedelta(weeks=n))[0][1] for n in range(3)]
    assert names == ["曾单", "王芳", "曾单"]


def person_of(centre, number):
    models.open_database(centre.office)
    return person(number)


def test_holidays_are_off_and_a_moved_working_day_is_on(centre):
    who = person_of(centre, A)
    days = [line("08:30", "10:00", who, weekday=n) for n in range(5)]
    put_in_force(centre, days)
    national = [date(2026, 10, 1) + timedelta(days=n) for n in range(7)]
    assert [hours_on(day) for day in national] == [[]] * 7
    moved = date(2026, 9, 20)  # a Sunday that works for the holiday
    assert moved.weekday() == 6 and models.is_working_day(moved)
    assert hours_on(moved) == [("08:30–10:00", "曾单")]
    assert hours_on(moved + timedelta(days=7)) == []


def test_duty_on_a_holiday_is_planned_by_its_date(centre):
    who = person_of(centre, A)
    duty = line("09:00", "11:00", who) | {"day": "2026-10-02"}
    decision = put_in_force(centre, [duty])
    assert "weekday" not in decision.shifts[0]
    assert hours_on(date(2026, 10, 2)) == [("09:00–11:00", "曾单")]
    assert hours_on(date(2026, 10, 9)) == []


def test_a_shift_over_midnight_ends_on_the_next_day(centre):
    put_in_force(centre, [line("22:00", "01:30", person_of(centre, A))])
    (shift,) = models.shifts_on(MONDAY)
    assert shift.begins == at("22:00")
    assert shift.ends == at("01:30", TUESDAY)
    assert models.shifts_on(TUESDAY) == []


def test_at_a_joint_desk_only_the_unit_on_turn_serves(centre):
    models.open_database(centre.office)
    by, desk = person("B0001"), models.desk_by_code("dangtuan")
    units = models.departments_of(desk)
    with clock_at("07:00"):
        models.set_rotation(desk, by=by, starts_on=MONDAY, every="week", units=units)
    who = person(A)
    for unit in units:
        put_in_force(
            centre,
            [line("08:30", "10:00", who)],
            desk="dangtuan",
            department=unit.name,
        )
    serving = [
        [s.department_name for s in models.shifts_on(MONDAY + timedelta(weeks=n))]
        for n in range(3)
    ]
    assert serving == [[units[0].name], [units[1].name], [units[0].name]]


def test_stays_of_teachers_follow_the_plan(centre):
    models.open_database(centre.office)
    teacher = models.who(person("T001"))
    stay = {
        "weekday": 2,
        "weeks": "odd",
        "from": "14:00",
        "to": "16:00",
        "teacher": teacher,
    }
    put_in_force(centre, [line("08:30", "10:00", person(A))], stays=[stay])
    found = models.stays_between(MONDAY, MONDAY + timedelta(days=13))
    assert [(s.begins, s.teacher.name) for s in found] == [
        (at("14:00", MONDAY + timedelta(days=2)), "李老师")
    ]
    assert PlanDecision.get().stays[0]["key"]


@pytest.mark.parametrize(("begins", "ends"), [("22:30", "22:00"), ("08:00", "20:30")])
def test_a_shift_of_more_than_twelve_hours_is_a_slip_of_the_pen(begins, ends):
    shift = {"weekday": 0, "weeks": "all", "from": begins, "to": ends}
    with pytest.raises(UserError, match="超过 12 小时"):
        clean_shift(shift)


def test_a_shift_may_end_after_midnight():
    shift = {"weekday": 0, "weeks": "all", "from": "22:00", "to": "01:00"}
    assert clean_shift(shift)["to"] == "01:00"
