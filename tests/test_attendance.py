"""Checking in and out by the plan, at every awkward moment (P14, P17, P19, P23)."""

from datetime import date, timedelta

import pytest
from duty import MONDAY, at, clock_at, line, person, put_in_force

import models
from models import CoverReason, RecordedBy, UserError, WarningKind, clock

TUESDAY = MONDAY + timedelta(days=1)
A, B, C = "2024110201", "2024110202", "2024110203"


@pytest.fixture
def planned(station, assistant, other_assistant):
    """Monday 08:30–10:00 with 曾单 as A, 10:00–12:00 with 王芳, each else as B."""
    put_in_force(
        station,
        [
            line("08:30", "10:00", assistant, other_assistant),
            line("10:00", "12:00", other_assistant, assistant),
        ],
    )
    return station


def swipe(number, hours, day=MONDAY):
    with clock_at(hours, day):
        return models.swipe(number)


def lines(day=MONDAY, number=None, hours="20:00"):
    with clock_at(hours, day):
        found = models.duty_lines(day, day)
    return [line for line in found if number in (None, line.who.number)]


def test_a_card_checks_a_in_at_the_planned_shift_and_out_again(planned):
    came = swipe(A, "08:26")
    assert came.kind == "in"
    assert came.attendance.post == "A"
    assert came.attendance.planned_from == at("08:30")
    assert came.attendance.planned_to == at("10:00")
    assert came.attendance.department_name == "教务处"
    gone = swipe(A, "10:03")
    assert gone.kind == "out"
    assert gone.attendance.paid_minutes == 90
    assert (gone.attendance.late_minutes, gone.attendance.early_minutes) == (0, 0)


def test_a_second_swipe_within_a_minute_does_nothing(planned):
    swipe(A, "08:26:00")
    assert swipe(A, "08:26:59").kind == "repeat"
    assert swipe(A, "08:27:00").kind == "out"
    assert swipe(A, "08:27:30").kind == "repeat"
    assert len(lines(number=A, hours="08:28")) == 1


def test_a_late_a_is_late_by_the_minutes_beyond_the_grace(planned):
    assert swipe(A, "08:35").attendance.late_minutes == 0
    swipe(A, "09:00")
    (first, *_) = lines(number=A)
    assert (first.late, first.early) == (0, 60)


def test_the_grace_is_a_setting(planned):
    models.open_database(planned.office)
    office = person("B0001")
    with clock_at("07:30"):
        models.set_rules(by=office, starts_on=MONDAY, late_grace=0)
        assert models.rules_on(MONDAY).late_grace == 0


def test_b_is_asked_whether_it_takes_the_place_of_a_who_is_away(planned):
    asked = swipe(B, "08:31")
    assert asked.kind == "ask"
    assert asked.arrival.absent.name == "曾单"
    with clock_at("08:31"):
        came = models.check_in(
            person(B),
            cover_for=asked.arrival.absent,
            cover_reason=CoverReason.CLASS,
        )
    assert (came.post, came.cover_for_name, came.late_minutes) == ("B", "曾单", 0)


def test_b_beside_a_is_asked_nothing(planned):
    swipe(A, "08:28")
    came = swipe(B, "08:31")
    assert came.kind == "in"
    assert (came.attendance.post, came.attendance.cover_for_uid) == ("B", "")


def test_one_place_is_taken_by_one_person_at_a_time(planned):
    with clock_at("08:31"):
        models.check_in(person(B))
        models.check_in(
            person(C),
            cover_for=person(A),
            cover_reason=CoverReason.CLASS,
            forced_reason="老师安排",
        )
    row = models.open_attendance(person(B))
    with clock_at("08:40"), pytest.raises(UserError, match="赵六正在替曾单"):
        models.stand_in(row, reason=CoverReason.CLASS, by=person(B))


def test_nobody_left_before_they_came_and_what_they_say_is_kept(station, assistant):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("13:30", "15:00", assistant)],
    )
    swipe(A, "08:29")
    with clock_at("13:25"):
        with pytest.raises(UserError, match="不能早于签到时间"):
            models.check_in(person(A), left_at=at("08:00"))
        with pytest.raises(UserError, match="不能晚于现在"):
            models.check_in(person(A), left_at=at("14:00"))
        models.check_in(person(A), left_at=at("11:20"))
    first, *_ = lines(number=A)
    assert first.fact.checked_out_at == at("10:00")
    assert first.fact.attendance.note == "本人说 09-07 11:20 离开"


def test_b_who_is_there_already_takes_the_place_of_a(planned):
    with clock_at("08:31"):
        models.check_in(person(B))
    row = models.open_attendance(person(B))
    with clock_at("10:00"), pytest.raises(UserError, match="10:00 已经结束"):
        models.stand_in(row, reason=CoverReason.ILLNESS, by=person(B))
    with clock_at("08:50"):
        standing = models.stand_in(row, reason=CoverReason.ILLNESS, by=person(B))
        assert standing.cover_for_name == "曾单"
        with pytest.raises(UserError, match="已经在替"):
            models.stand_in(standing, reason=CoverReason.ILLNESS, by=person(B))
    swipe(B, "09:55")
    assert sum(line.paid for line in lines(number=B)) == 19 + 65
    missing = next(line for line in lines(number=A) if line.fact is None)
    assert missing.covered_by == ("王芳",)
    assert not missing.is_absent


def test_a_returning_in_the_middle_of_the_cover_is_neither_late_nor_absent(planned):
    with clock_at("08:30"):
        models.check_in(
            person(B), cover_for=person(A), cover_reason=CoverReason.TRAINING
        )
    back = swipe(A, "09:20")
    assert back.kind == "in"
    assert back.attendance.late_minutes == 0
    swipe(A, "10:01")
    swipe(B, "10:20")
    (a_line,) = lines(number=A)
    assert (a_line.late, a_line.early, a_line.paid) == (0, 0, 40)
    cover, own = lines(number=B)
    assert (cover.paid, cover.fact.cover_for_name) == (90, "曾单")
    assert (own.post, own.paid, own.early) == ("A", 20, 100)
    with clock_at("20:00"):
        (gap,) = models.gaps_between(MONDAY, MONDAY)
    assert (gap.shift.begins, gap.minutes) == (at("10:00"), 100)


def test_an_a_who_leaves_early_into_cover_is_not_early(planned):
    swipe(A, "08:30")
    swipe(A, "09:10")
    with clock_at("09:10"):
        models.check_in(
            person(B), cover_for=person(A), cover_reason=CoverReason.PERSONAL
        )
    swipe(B, "10:00:30")
    (a_line,) = lines(number=A)
    assert (a_line.early, a_line.paid) == (0, 40)


def test_two_shifts_in_a_row_become_two_rows_by_one_swipe_in_and_one_out(
    station, assistant
):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("10:05", "12:00", assistant)],
    )
    swipe(A, "08:29")
    assert swipe(A, "12:01").kind == "out"
    first, second = lines(number=A)
    assert (first.paid, second.paid) == (90, 115)
    assert (first.early, second.late) == (0, 0)


def test_a_swipe_between_two_shifts_in_a_row_goes_on_into_the_second(
    station, assistant
):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("10:00", "12:00", assistant)],
    )
    swipe(A, "08:29")
    assert swipe(A, "10:02").kind == "next"
    assert swipe(A, "10:02:30").kind == "repeat"
    assert swipe(A, "11:58").kind == "out"
    assert [line.paid for line in lines(number=A)] == [90, 118]


def test_a_check_out_forgotten_before_a_break_is_asked_for_at_the_next_shift(
    station, assistant
):
    put_in_force(
        station,
        [line("08:30", "10:00", assistant), line("13:30", "15:00", assistant)],
    )
    swipe(A, "08:29")
    asked = swipe(A, "13:25")
    assert asked.kind == "ask"
    assert asked.arrival.forgotten.planned_to == at("10:00")
    with clock_at("13:25"):
        models.check_in(person(A), left_at=at("09:40"))
    first, *_ = lines(number=A)
    assert first.fact.attendance.method_out == RecordedBy.SYSTEM
    assert first.fact.attendance.needs_approval
    assert (first.paid, first.pending) == (0, 70)


def test_a_forgotten_check_out_never_counts_past_the_planned_end(planned):
    swipe(A, "08:29")
    with clock_at("08:20", TUESDAY):
        came = models.check_in(
            person(A), forced_reason="帮忙", left_at=at("07:00", TUESDAY)
        )
    assert came.checked_in_at == at("08:20", TUESDAY)
    (line_,) = lines(number=A)
    assert line_.fact.checked_out_at == at("10:00")
    assert line_.pending == 90


def test_whoever_never_comes_back_is_closed_by_the_system(planned):
    swipe(A, "08:29")
    with clock_at("12:00"):
        assert models.close_all_forgotten(after=timedelta()) == []
        assert [row.person_name for row in models.overstayed(models.this_desk())] == [
            "曾单"
        ]
    with clock_at("08:00", MONDAY + timedelta(days=6)):
        assert models.close_all_forgotten() == []
        assert models.on_duty(models.this_desk()) == []
    with clock_at("10:01", MONDAY + timedelta(days=7)):
        (closed,) = models.close_all_forgotten()
    assert closed.checked_out_at == at("10:00")
    assert closed.needs_approval


def test_a_shift_over_midnight_is_checked_out_of_after_midnight(station, assistant):
    put_in_force(station, [line("22:00", "01:00", assistant)])
    assert swipe(A, "21:55").attendance.planned_to == at("01:00", TUESDAY)
    assert swipe(A, "01:02", TUESDAY).kind == "out"
    (line_,) = lines(number=A)
    assert (line_.day, line_.paid) == (MONDAY, 180)
    with clock_at("02:00", TUESDAY):
        assert models.duty_lines(TUESDAY, TUESDAY) == []


def test_whoever_comes_after_midnight_finds_the_shift_that_began_before(
    station, assistant
):
    put_in_force(station, [line("22:00", "01:00", assistant)])
    came = swipe(A, "00:10", TUESDAY)
    assert came.attendance.planned_from == at("22:00")
    assert came.attendance.late_minutes == 130


def test_a_clock_that_was_set_back_pays_nothing_and_waits_for_approval(planned):
    swipe(A, "09:00")
    gone = swipe(A, "08:40")
    assert gone.kind == "out"
    assert gone.attendance.paid_minutes == 0
    assert gone.attendance.needs_approval
    assert WarningKind.CLOCK in gone.attendance.warnings


def test_a_check_in_after_the_clock_was_set_back_is_marked(planned):
    swipe(A, "09:00")
    swipe(A, "09:30")
    with clock_at("08:45"):
        came = models.check_in(
            person(B), cover_for=person(A), cover_reason=CoverReason.CLASS
        )
    assert WarningKind.CLOCK in came.warnings
    assert came.needs_approval


def test_a_clock_that_once_stood_years_ahead_does_not_doubt_all_that_follows(planned):
    with clock_at("08:30", date(2031, 1, 6)):
        models.check_out(models.check_in(person(C), forced_reason="时钟错了"))
    assert swipe(A, "08:30").attendance.warnings == []


def test_b_does_not_take_the_post_of_a_by_saying_so(planned):
    swipe(A, "08:28")
    with clock_at("08:30"), pytest.raises(UserError, match="A 岗不是王芳"):
        models.check_in(person(B), post="A")


def test_too_early_is_refused_without_a_reason_and_marked_with_one(planned):
    asked = swipe(A, "07:00")
    assert asked.kind == "ask"
    assert [c.kind for c in asked.arrival.forced] == [WarningKind.EARLY]
    with clock_at("07:00"):
        with pytest.raises(UserError, match="提前超过 30 分钟"):
            models.check_in(person(A))
        came = models.check_in(person(A), forced_reason="布置大厅")
    assert came.warnings == [WarningKind.EARLY]
    assert came.forced_reason == "布置大厅"
    assert came.planned_from == at("08:30")


def test_somebody_in_no_plan_is_marked_and_waits_for_approval(planned):
    asked = swipe(C, "08:40")
    assert [c.kind for c in asked.arrival.forced] == [WarningKind.UNPLANNED]
    with clock_at("08:40"):
        came = models.check_in(person(C), forced_reason="老师临时安排")
    assert came.needs_approval
    swipe(C, "10:30")
    (line_,) = lines(number=C)
    assert (line_.paid, line_.pending) == (0, 80)


def test_at_a_desk_without_any_plan_a_card_is_enough_but_waits_for_approval(
    station, assistant
):
    came = swipe(A, "08:30")
    assert came.kind == "in"
    assert came.attendance.needs_approval
    swipe(A, "10:00")
    (line_,) = lines(number=A)
    assert (line_.paid, line_.pending) == (0, 90)


def test_somebody_still_in_training_needs_a_reason(planned):
    models.open_database(planned.office)
    office = person("B0001")
    department = models.department_by_name("教务处")
    models.add_person(
        by=office,
        number="2024110209",
        name="新人",
        role="assistant",
        department=department,
        in_training=True,
    )
    from exports.sync import sync

    sync()
    models.open_database(planned.station)
    sync()
    kinds = [c.kind for c in swipe("2024110209", "08:40").arrival.forced]
    assert WarningKind.UNTRAINED in kinds


def test_the_week_limit_looks_ahead_to_the_end_of_the_shift(station, assistant):
    put_in_force(
        station,
        [line("08:00", "12:30", assistant, weekday=day) for day in (0, 1)],
    )
    swipe(A, "08:00")
    swipe(A, "12:30")
    asked = swipe(A, "08:00", TUESDAY)
    assert asked.kind == "ask"
    (caution,) = asked.arrival.forced
    assert caution.kind == WarningKind.WEEK_LIMIT
    assert "4 小时 30 分" in caution.text
    assert "共 9 小时" in caution.text


def test_a_teacher_is_checked_in_as_staying_and_is_not_paid(planned):
    came = swipe("T001", "09:00")
    assert (came.kind, came.attendance.post) == ("in", "stay")
    assert swipe("T001", "11:00").attendance.paid_minutes == 0
    with clock_at("12:00"):
        teaching = next(
            r for r in models.stays_in_week(MONDAY) if r.department.name == "教务处"
        )
        others = [
            r.department.name for r in models.stays_in_week(MONDAY) if not r.stays
        ]
    assert teaching.has_come
    assert "学生处" in others


def test_an_a_nobody_replaced_is_absent_once_the_shift_is_over(planned):
    assert not [line for line in lines(hours="09:59", number=A) if line.is_absent]
    (absent,) = lines(hours="10:00", number=A)
    assert absent.is_absent


def test_a_correction_to_the_same_moment_makes_the_shift_absent(planned, teacher):
    swipe(A, "08:30")
    gone = swipe(A, "10:00").attendance
    approve(planned, gone, at("08:30"), at("08:30"))
    assert [line.is_absent for line in lines(number=A)] == [False, True]


def approve(centre, attendance, new_in, new_out, hours="13:00"):
    """A correction that both bosses approve; the station is open afterwards."""
    from exports.sync import sync

    with clock_at(hours):
        correction = models.request_correction(
            by=person("T001"),
            attendance=attendance,
            new_in=new_in,
            new_out=new_out,
            reason="核对监控",
        )
        models.decide(correction, by=person("T001"), approved=True)
        sync()
        models.open_database(centre.office)
        sync()
        models.decide(
            models.Correction.get_by_id(correction.uid),
            by=person("B0001"),
            approved=True,
        )
        sync()
        models.open_database(centre.station)
        sync()
    return correction


def test_nobody_at_the_post_raises_the_alarm_until_somebody_comes(planned):
    desk = models.this_desk()
    with clock_at("08:34"):
        assert models.unmanned_shift(desk) is None
    with clock_at("08:35"):
        assert models.unmanned_shift(desk).begins == at("08:30")
    with clock_at("08:36"):
        models.check_in(person(B))
        assert models.unmanned_shift(desk) is None


def test_the_alarm_comes_again_when_everybody_has_left(planned):
    swipe(A, "08:30")
    swipe(A, "09:00")
    desk = models.this_desk()
    with clock_at("09:04"):
        assert models.unmanned_shift(desk) is None
    with clock_at("09:06"):
        assert models.unmanned_shift(desk).begins == at("08:30")


def test_gaps_are_the_minutes_nobody_was_there(planned):
    swipe(A, "08:40")
    swipe(A, "09:30")
    with clock_at("12:30"):
        first, second = models.gaps_between(MONDAY, MONDAY)
    assert first.minutes == 10 + 30
    assert second.minutes == 120


def test_leaving_the_centre_ends_checking_in(planned):
    with clock_at("08:30"):
        gone = person(C)
        gone.status = "left"
        with pytest.raises(UserError, match="不在岗"):
            models.check_in(gone)


def test_nobody_stands_in_for_themselves_or_without_a_reason(planned):
    with clock_at("08:30"):
        with pytest.raises(UserError, match="不能替自己"):
            models.check_in(person(A), cover_for=person(A), cover_reason="class")
        with pytest.raises(UserError, match="请选择代班事由"):
            models.check_in(person(B), cover_for=person(A))


def test_nobody_is_checked_in_twice_at_once(planned):
    swipe(A, "08:30")
    with clock_at("08:40"), pytest.raises(UserError, match="还没有签退"):
        models.check_in(person(A))


def test_the_uniform_is_noted(planned):
    with clock.set_at(at("08:30")):
        assert models.check_in(person(A), uniform=False).uniform is False
