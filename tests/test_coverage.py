"""Posts nobody holds, the alarm, and whose teacher has not come (P19, P21).

And what a desk does about whoever stands in, comes around midnight, or forgets to go.
"""

from datetime import date, datetime, timedelta

import pytest
from duty import MONDAY, at, clock_at, line, make_plan, person, put_in_force, sync_both
from stories import file_plan, take_over

import models
from exports.sync import sync
from models import Attendance, CoverReason, UserError, clock

TUESDAY = MONDAY + timedelta(days=1)
A, B, C = "2024110201", "2024110202", "2024110203"
# 国庆节, a Monday to Sunday; the day before it is a Wednesday of work.
HOLIDAY = date(2026, 10, 5)


@pytest.fixture
def planned(station, assistant, other_assistant):
    """Mondays 08:30–10:00, 曾单 as A and 王芳 as B."""
    put_in_force(station, [line("08:30", "10:00", assistant, other_assistant)])
    return station


def come(number, hours, day=MONDAY, **said):
    with clock_at(hours, day):
        return models.check_in(person(number), **said)


def go(number, hours, day=MONDAY):
    with clock_at(hours, day):
        return models.leave(models.open_attendance(person(number)))


def gaps(hours="20:00", day=MONDAY, first=None, desk=None):
    """Each gap's parts as `08:30-08:45`."""
    with clock_at(hours, day):
        found = models.gaps_between(first or day, day, desk)
    return [
        [f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in gap.parts] for gap in found
    ]


def alarm(hours, day=MONDAY):
    with clock_at(hours, day):
        return models.unmanned_shift(models.this_desk())


def test_a_shift_nobody_came_to_is_one_gap(planned):
    assert gaps() == [["08:30-10:00"]]


def test_a_gap_grows_while_the_shift_is_on_and_is_none_before(planned):
    assert gaps("08:30") == []
    assert gaps("08:35") == []  # not longer than the alarm waits
    assert gaps("08:45") == [["08:30-08:45"]]


def test_what_b_holds_is_no_gap(planned):
    come(B, "08:32")
    go(B, "09:00")
    come(A, "09:20")
    go(A, "09:58")
    assert gaps() == [["08:30-08:32", "09:00-09:20", "09:58-10:00"]]


def test_a_cover_and_an_a_who_returns_leave_no_gap(planned):
    come(A, "08:30")
    go(A, "08:50")
    come(B, "08:50", cover_for=person(A), cover_reason=CoverReason.CLASS)
    come(A, "09:30")
    go(B, "09:35")
    go(A, "10:00")
    assert gaps() == []


def test_gaps_of_a_minute_or_two_add_up_to_one_that_counts(planned):
    for begins, ends in (("08:30", "08:40"), ("08:43", "09:00"), ("09:03", "10:00")):
        come(A, begins)
        go(A, ends)
    assert gaps() == [["08:40-08:43", "09:00-09:03"]]


def test_a_refused_check_in_leaves_its_gap(planned, teacher):
    come(A, "08:30")
    with clock_at("09:00", TUESDAY):
        (row,) = models.close_all_forgotten(after=timedelta())
    assert gaps() == []
    with clock_at("10:00", TUESDAY):
        models.decide(row, by=teacher, approved=False, note="监控里没有人")
    assert gaps() == [["08:30-10:00"]]


def test_a_substitute_who_was_not_there_after_all_covered_nobody(planned, teacher):
    come(B, "08:30", cover_for=person(A), cover_reason=CoverReason.CLASS)
    row = go(B, "10:00")
    with clock_at("13:00"):
        asked = models.request_correction(
            by=teacher,
            attendance=row,
            new_in=at("08:30"),
            new_out=at("08:30"),
            reason="监控里没有人",
        )
        models.decide(asked, by=teacher, approved=True)
    sync_both(planned, at("13:10"))
    models.open_database(planned.office)
    with clock_at("13:20"):
        models.decide(
            models.Correction.get_by_id(asked.uid), by=person("B0001"), approved=True
        )
    sync_both(planned, at("13:30"))
    with clock_at("20:00"):
        lines = models.duty_lines(MONDAY, MONDAY)
    (missing,) = [x for x in lines if x.fact is None]
    assert (missing.is_absent, missing.covered_by) == (True, ())
    assert gaps() == [["08:30-10:00"]]


def test_a_shift_over_midnight_is_held_by_whoever_comes_after_it(station, assistant):
    put_in_force(station, [line("22:00", "02:00", assistant)])
    come(A, "00:30", TUESDAY)
    go(A, "01:50", TUESDAY)
    expected = [["22:00-00:30", "01:50-02:00"]]
    assert gaps("20:00", TUESDAY, first=MONDAY) == expected
    with clock_at("20:00", TUESDAY):
        (gap,) = models.gaps_between(MONDAY, MONDAY)
        assert gap.minutes == 160
        assert models.gaps_between(TUESDAY, TUESDAY) == []


def test_who_comes_after_midnight_is_in_the_day_of_the_shift(station, assistant):
    put_in_force(station, [line("22:00", "02:00", assistant)])
    come(A, "00:30", TUESDAY)
    go(A, "02:00", TUESDAY)
    with clock_at("20:00", TUESDAY):
        (late,) = models.duty_lines(MONDAY, MONDAY)
        assert (late.paid, late.late, late.is_absent) == (90, 150, False)
        assert models.duty_lines(TUESDAY, TUESDAY) == []


def test_who_comes_before_midnight_finds_the_shift_right_after_it(station, assistant):
    put_in_force(station, [line("00:10", "02:00", assistant, weekday=1)])
    came = come(A, "23:50")
    assert came.planned_from == at("00:10", TUESDAY)
    assert came.warnings == []
    go(A, "02:00", TUESDAY)
    with clock_at("20:00", TUESDAY):
        (paid,) = models.duty_lines(TUESDAY, TUESDAY)
    assert paid.paid == 110


def test_a_shift_of_tomorrow_is_not_come_to_today(planned):
    """Only what begins right after midnight is looked for on the evening before."""
    with clock_at("23:50", MONDAY - timedelta(days=1)):
        assert models.arrival_of(person(A)).shift is None


def test_the_alarm_says_which_shift_waits(planned):
    assert alarm("08:34") is None
    assert alarm("08:35").begins == at("08:30")
    assert alarm("09:59").begins == at("08:30")
    assert alarm("10:00") is None
    come(B, "08:40")
    assert alarm("08:40") is None


def test_the_alarm_is_not_stilled_by_a_check_out_somebody_forgot(station, assistant):
    put_in_force(
        station,
        [
            line("08:30", "10:00", assistant),
            line("13:30", "15:00", person(B), assistant),
        ],
    )
    come(A, "08:30")
    assert alarm("09:50") is None
    assert alarm("13:36").begins == at("13:30")
    assert gaps("14:00") == [["13:30-14:00"]]
    come(B, "13:40")
    assert alarm("13:41") is None


def test_an_a_who_forgot_to_check_out_does_not_hinder_the_substitute(
    station, assistant, other_assistant
):
    put_in_force(
        station,
        [
            line("08:30", "10:00", assistant),
            line("13:30", "15:00", assistant, other_assistant),
        ],
    )
    come(A, "08:30")
    with clock_at("13:40"):
        arrival = models.arrival_of(person(B))
        assert arrival.absent.name == "曾单"
        row = models.check_in(person(B))
        standing = models.stand_in(row, reason=CoverReason.CLASS, by=person(B))
    assert standing.cover_for_name == "曾单"


def test_who_helps_outside_the_plan_may_stand_in_but_waits_for_approval(planned):
    row = come(C, "08:40", forced_reason="老师安排")
    with clock_at("08:50"):
        standing = models.stand_in(row, reason=CoverReason.ILLNESS, by=person(C))
    assert standing.cover_for_name == "曾单"
    assert standing.needs_approval
    assert standing.warnings == row.warnings
    assert standing.forced_reason == "老师安排"


def test_standing_in_after_the_clock_was_set_back_waits_for_approval(planned):
    row = come(B, "09:30")
    with clock_at("08:30"):
        standing = models.stand_in(row, reason=CoverReason.CLASS, by=person(B))
    assert "clock" in standing.warnings
    assert standing.needs_approval
    go(B, "10:00")
    with clock_at("20:00"):
        assert sum(x.paid for x in models.duty_lines(MONDAY, MONDAY)) == 0


def test_only_the_place_of_the_a_of_the_shift_can_be_taken(planned):
    for number, absent in ((B, C), (A, B)):
        with (
            clock_at("08:40"),
            pytest.raises(UserError, match="A 岗是曾单"),
        ):
            models.check_in(
                person(number), cover_for=person(absent), cover_reason="class"
            )


def test_a_b_who_leaves_early_is_not_early(planned):
    come(A, "08:30")
    come(B, "08:40")
    assert go(B, "09:00").early_minutes == 0
    assert go(A, "09:00").early_minutes == 60


def test_a_check_in_that_is_closed_is_not_closed_again(station, assistant):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("10:00", "12:00", assistant)],
    )
    come(A, "08:30")
    with clock_at("09:40"):
        row = models.leave(models.open_attendance(person(A)))
    with clock_at("11:00"), pytest.raises(UserError, match="已经签退"):
        models.leave(row)
    assert Attendance.select().count() == 1
    assert Attendance.get().checked_out_at == at("09:40")


def test_who_signs_for_another_is_noted_also_between_two_shifts(station, assistant):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("10:00", "12:00", assistant)],
    )
    come(A, "08:30")
    teacher = person("T001")
    with clock_at("10:02"):
        done = models.swipe_of(person(A), method="proxy", by=teacher)
    assert done.kind == "next"
    entries = models.journal.Entry
    entry = entries.get(entries.row_uid == done.attendance.uid)
    assert entry.person == teacher.uid


def test_late_and_early_are_never_longer_than_the_shift(planned, teacher):
    come(A, "08:00")
    go(A, "08:10")
    with clock_at("20:00"):
        (mine,) = models.duty_lines(MONDAY, MONDAY)
    assert (mine.late, mine.early) == (0, 90)


def test_a_holiday_has_no_shift_no_gap_and_no_alarm(planned):
    assert gaps("20:00", HOLIDAY) == []
    assert alarm("09:00", HOLIDAY) is None
    assert alarm("09:00", HOLIDAY + timedelta(days=7)) is not None


def test_duty_planned_for_the_holiday_itself_is_to_be_held(station, assistant):
    duty = {**line("09:00", "11:00", assistant), "day": HOLIDAY.isoformat()}
    put_in_force(station, [duty])
    assert gaps("20:00", HOLIDAY) == [["09:00-11:00"]]


def test_each_desk_has_its_own_gaps(planned):
    """Who is at one desk is not at another: seen at the office."""
    come(A, "08:30")
    go(A, "10:00")
    other = models.desk_by_code("xuesheng")
    file_plan([line("09:00", "10:00", person(C))], desk=other)
    take_over(
        Attendance(
            station="another",
            person_uid=person(C).uid,
            person_number=C,
            person_name="赵六",
            desk_uid=other.uid,
            desk_name=other.name,
            checked_in_at=at("09:30"),
            checked_out_at=at("10:00"),
        )
    )
    assert gaps() == [["09:00-09:30"]]
    assert gaps(desk=models.this_desk()) == []
    assert gaps(desk=other) == [["09:00-09:30"]]


def test_at_a_joint_desk_only_the_unit_on_turn_has_to_come(office):
    by = person("B0001")
    desk = models.desk_by_code("dangtuan")
    first, second = models.departments_of(desk)
    with clock_at("07:00"):
        models.set_term(by=by, name="一", starts_on=MONDAY, ends_on=date(2027, 1, 22))
        models.set_rotation(
            desk, by=by, starts_on=MONDAY, every="week", units=[first, second]
        )
        for unit, number in ((first, A), (second, B)):
            shifts = [line("08:30", "10:00", person(number))]
            make_plan(by, shifts, desk=desk.code, department=unit.name)
    found = {}
    for day in (MONDAY, MONDAY + timedelta(days=7)):
        with clock.set_at(datetime.combine(day, datetime.max.time())):
            found[day] = [
                gap.shift.department_uid for gap in models.gaps_between(day, day)
            ]
    assert list(found.values()) == [[first.uid], [second.uid]]


def reports(day=MONDAY):
    return {report.department.name: report for report in models.stays_in_week(day)}


def test_a_stay_counts_for_the_week_from_monday_to_sunday(planned):
    come("T001", "09:00", MONDAY + timedelta(days=6))
    go("T001", "09:30", MONDAY + timedelta(days=6))
    with clock_at("20:00", MONDAY + timedelta(days=9)):
        assert reports()["教务处"].has_come
        assert reports(MONDAY + timedelta(days=5))["教务处"].has_come
        assert not reports(MONDAY + timedelta(days=7))["教务处"].has_come
        assert not reports(MONDAY - timedelta(days=7))["教务处"].has_come


def test_an_assistant_is_not_a_teacher_who_came(planned):
    come(A, "08:30")
    with clock_at("09:00"):
        assert not reports()["教务处"].has_come


def test_a_stay_that_was_corrected_away_is_none(planned):
    come("T001", "09:00")
    row = go("T001", "09:30")
    with clock_at("13:00"):
        asked = models.request_correction(
            by=person("T002"),
            attendance=row,
            new_in=at("09:00"),
            new_out=at("09:00"),
            reason="刷错了卡",
        )
        models.decide(asked, by=person("T002"), approved=True)
    sync_both(planned, at("13:10"))
    models.open_database(planned.office)
    with clock_at("13:20"):
        models.decide(
            models.Correction.get_by_id(asked.uid), by=person("B0001"), approved=True
        )
    sync()
    with clock_at("14:00"):
        assert not reports()["教务处"].has_come


def test_every_department_that_serves_is_listed_and_no_other(planned):
    serving = {
        department.uid
        for desk in models.desks(MONDAY)
        for department in models.departments_of(desk, MONDAY)
    }
    with clock_at("20:00"):
        assert {r.department.uid for r in models.stays_in_week(MONDAY)} == serving
