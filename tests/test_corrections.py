"""Corrections and approvals: two bosses decide, the original stays (P12, P14)."""

from datetime import timedelta

import pytest
from duty import MONDAY, at, clock_at, line, person, put_in_force, sync_both
from peewee import IntegrityError

import models
from exports.sync import sync
from models import (
    Approval,
    Attendance,
    Correction,
    RecordedBy,
    Side,
    UserError,
    Verdict,
)
from models.base import db, table_of
from models.facts import facts_between

TUESDAY = MONDAY + timedelta(days=1)
A, B, C = "2024110201", "2024110202", "2024110203"


@pytest.fixture
def planned(station, assistant, other_assistant):
    """Monday 08:30–10:00, 曾单 as A and 王芳 as B; Tuesday the other way round."""
    put_in_force(
        station,
        [
            line("08:30", "10:00", assistant, other_assistant),
            line("08:30", "10:00", other_assistant, assistant, weekday=1),
        ],
    )
    return station


def worked(number=A, begins="08:50", ends="09:40", day=MONDAY):
    with clock_at(begins, day):
        models.check_in(person(number))
    with clock_at(ends, day):
        return models.leave(models.open_attendance(person(number)))


def ask(by="T001", new_in="08:30", new_out="10:00", hours="13:00", **more):
    """A request about the Monday."""
    said = {"reason": "核对监控", **more}
    if isinstance(new_in, str):
        new_in, new_out = at(new_in), at(new_out)
    with clock_at(hours, said.pop("on", MONDAY)):
        return models.request_correction(
            by=person(by), new_in=new_in, new_out=new_out, **said
        )


def office_says(centre, subject, approved=True, note="", hours="14:00", day=MONDAY):
    """The office decides at its own PC; afterwards the desk knows, and is open."""
    sync_both(centre, at(hours, day))
    models.open_database(centre.office)
    with clock_at(hours, day):
        models.decide(
            type(subject).get_by_id(subject.uid),
            by=person("B0001"),
            approved=approved,
            note=note,
        )
    sync_both(centre, at(hours, day))


def teacher_says(subject, approved=True, note="", hours="13:30", day=MONDAY):
    with clock_at(hours, day):
        return models.decide(subject, by=person("T001"), approved=approved, note=note)


def shift_on(day=MONDAY):
    return models.shifts_on(day)[0]


def line_of(number=A, day=MONDAY):
    with clock_at("20:00", day + timedelta(days=1)):
        return [x for x in models.duty_lines(day, day) if x.who.number == number][-1]


def as_recorded(row):
    stored = table_of(Attendance).values_of(Attendance.get_by_id(row.uid))
    return list(stored)


def test_a_correction_counts_once_both_have_approved_and_the_original_stays(planned):
    row = worked()
    before = as_recorded(row)
    correction = ask(attendance=row)
    assert (correction.old_in, correction.old_out) == (at("08:50"), at("09:40"))
    assert (line_of().paid, line_of().late) == (50, 20)
    assert line_of().fact.asked.uid == correction.uid
    teacher_says(correction)
    assert models.verdict_of(correction).verdict == Verdict.WAITING
    assert line_of().paid == 50
    office_says(planned, correction)
    assert models.verdict_of(correction).verdict == Verdict.APPROVED
    counted = line_of()
    assert (counted.paid, counted.late, counted.early) == (90, 0, 0)
    assert counted.fact.correction.uid == correction.uid
    assert counted.fact.attendance.checked_in_at == at("08:50")
    assert as_recorded(row) == before


def test_the_office_alone_is_not_enough(planned):
    row = worked()
    correction = ask(attendance=row)
    office_says(planned, correction)
    assert line_of().paid == 50
    teacher_says(correction, hours="15:00")
    assert line_of().paid == 90


def test_a_refusal_by_the_department_ends_it_and_says_why(planned):
    correction = ask(attendance=worked())
    with pytest.raises(UserError, match="写明不同意的原因"):
        teacher_says(correction, approved=False)
    teacher_says(correction, approved=False, note="监控里没有人")
    assert models.verdict_of(correction).verdict == Verdict.REFUSED
    assert models.waiting_approvals() == []
    with pytest.raises(UserError, match="已经被退回"):
        teacher_says(correction)
    assert line_of().paid == 50


def test_a_refusal_by_the_office_ends_what_the_department_approved(planned):
    correction = ask(attendance=worked())
    teacher_says(correction)
    office_says(planned, correction, approved=False, note="时间不符")
    verdict, _, approvals = models.verdict_of(correction)
    assert verdict == Verdict.REFUSED
    assert [(x.side, x.note) for x in approvals] == [
        (Side.DEPARTMENT, ""),
        (Side.OFFICE, "时间不符"),
    ]
    assert line_of().paid == 50


def test_after_a_refusal_another_request_may_be_made(planned):
    row = worked()
    teacher_says(ask(attendance=row), approved=False, note="请写清楚")
    again = ask(attendance=row, reason="刷卡机坏了", hours="13:40")
    teacher_says(again, hours="13:50")
    office_says(planned, again)
    assert line_of().paid == 90


def test_a_second_request_waits_until_the_first_is_decided(planned):
    row = worked()
    correction = ask(attendance=row)
    with pytest.raises(UserError, match="已经有一份更正在等审核"):
        ask(attendance=row, by=A)
    teacher_says(correction)
    with pytest.raises(UserError, match="已经有一份更正在等审核"):
        ask(attendance=row)


def test_an_approved_correction_holds_until_both_approve_another(planned):
    row = worked()
    first = ask(attendance=row)
    teacher_says(first)
    office_says(planned, first)
    second = ask(attendance=row, new_in="09:00", new_out="09:30", hours="15:00")
    assert line_of().paid == 90
    teacher_says(second, hours="15:10")
    assert line_of().paid == 90
    office_says(planned, second, hours="15:30")
    assert line_of().paid == 30
    third = ask(attendance=row, hours="16:00")
    office_says(planned, third, approved=False, note="不能再改", hours="16:30")
    assert line_of().paid == 30


def test_assistants_ask_for_themselves_and_teachers_for_anyone(planned):
    row = worked()
    with pytest.raises(UserError, match="申请考勤更正由学生助理本人"):
        ask(by=B, attendance=row)
    assert ask(by=A, attendance=row).requester_name == "曾单"
    with pytest.raises(UserError, match="申请考勤更正由学生助理本人"):
        ask(by=B, person=person(A), shift=shift_on())


def test_a_reason_is_given_and_times_that_can_be(planned):
    row = worked()
    for said, words in (
        ({"reason": " "}, "写明更正原因"),
        ({"new_in": "10:00", "new_out": "09:00"}, "不能早于签到"),
        ({"new_out": "13:01"}, "不能晚于现在"),
    ):
        with pytest.raises(UserError, match=words):
            ask(attendance=row, **said)
    with pytest.raises(UserError, match="超过 16 小时"):
        ask(
            attendance=row,
            new_in=at("08:30"),
            new_out=at("01:00", TUESDAY),
            on=TUESDAY,
        )


@pytest.mark.parametrize("days", [-40, -2, 2, 40])
def test_a_correction_stays_at_the_day_of_its_shift(planned, days):
    """Else a check-in of one month could be moved to where no month counts it."""
    row = worked()
    other = MONDAY + timedelta(days=days)
    with pytest.raises(UserError, match="离得太远"):
        ask(
            attendance=row,
            new_in=at("08:30", other),
            new_out=at("10:00", other),
            on=MONDAY + timedelta(days=50),
        )


def test_an_open_check_in_is_closed_before_it_is_corrected(planned):
    with clock_at("08:30"):
        row = models.check_in(person(A))
    with pytest.raises(UserError, match="还没有签退"):
        ask(attendance=row, hours="09:00", new_out="08:50")


def test_a_witness_is_somebody_else_who_was_there(planned):
    row = worked()
    for other in (A, "T001"):
        with pytest.raises(UserError, match="另一个人"):
            ask(attendance=row, witness=person(other))
    asked = ask(attendance=row, witness=person(B))
    assert (asked.witness_name, asked.witness_uid) == ("王芳", person(B).uid)


@pytest.mark.parametrize(("number", "post", "rate"), [(A, "A", 90), (B, "B", 90)])
def test_a_missed_check_in_of_a_and_of_b_is_made_good(planned, number, post, rate):
    asked = ask(by=number, shift=shift_on())
    assert (asked.attendance_uid, asked.post) == ("", post)
    assert not [x for x in lines_on(MONDAY) if x.fact]
    teacher_says(asked)
    office_says(planned, asked)
    made_good = line_of(number)
    assert (made_good.paid, made_good.post, made_good.late) == (rate, post, 0)
    assert made_good.fact.method_in == RecordedBy.LATER
    assert made_good.fact.attendance is None
    absent = [x.who.number for x in lines_on(MONDAY) if x.is_absent]
    assert absent == ([] if number == A else [A])


def lines_on(day):
    with clock_at("20:00", day):
        return models.duty_lines(day, day)


def test_a_missed_check_in_is_asked_for_once_and_only_of_ones_own_shift(planned):
    ask(by=A, shift=shift_on())
    with pytest.raises(UserError, match="已经有一份更正在等审核"):
        ask(by="T001", person=person(A), shift=shift_on())
    with pytest.raises(UserError, match="不在这一班的排班里"):
        ask(by=C, shift=shift_on())
    worked(B, "08:30", "10:00")
    with pytest.raises(UserError, match="有签到记录"):
        ask(by=B, shift=shift_on())
    with pytest.raises(UserError, match="选择要补签的班次"):
        ask(by=B)


def test_a_missed_check_in_can_be_corrected_again(planned):
    """Both requests are about one shift: only the one approved last counts."""
    early, late = at("23:50", MONDAY - timedelta(days=1)), at("00:10", TUESDAY)
    for new_in, new_out, hour in ((late, late, 15), (early, at("09:00"), 16)):
        asked = ask(
            by=A,
            shift=shift_on(),
            new_in=new_in,
            new_out=new_out,
            hours=f"{hour}:00",
            on=TUESDAY,
        )
        teacher_says(asked, hours=f"{hour}:10", day=TUESDAY)
        office_says(planned, asked, hours=f"{hour}:30", day=TUESDAY)
    assert facts_between(TUESDAY, TUESDAY) == []
    days = [MONDAY - timedelta(days=1), MONDAY, TUESDAY]
    with clock_at("20:00", TUESDAY):
        one_by_one = [x for day in days for x in models.duty_lines(day, day)]
    assert [x.paid for x in one_by_one if x.fact] == [30]


def forgotten():
    with clock_at("08:30"):
        models.check_in(person(A))
    with clock_at("08:00", TUESDAY):
        (row,) = models.close_all_forgotten(after=timedelta())
    return row


def test_a_forgotten_check_out_counts_once_both_have_approved(planned):
    row = forgotten()
    assert [x.subject.uid for x in models.waiting_approvals()] == [row.uid]
    assert (line_of().paid, line_of().pending) == (0, 90)
    teacher_says(row, day=TUESDAY)
    (waiting,) = models.waiting_approvals()
    assert waiting.waits_for == [Side.OFFICE]
    office_says(planned, row, day=TUESDAY)
    assert (line_of().paid, line_of().pending) == (90, 0)
    assert models.waiting_approvals() == []


def test_a_forgotten_check_out_that_is_refused_counts_nothing(planned):
    row = forgotten()
    teacher_says(row, approved=False, note="九点就走了", day=TUESDAY)
    assert (line_of().paid, line_of().pending, line_of().is_absent) == (0, 0, False)


def test_a_correction_settles_a_check_in_that_waits(planned):
    row = forgotten()
    asked = ask(by=A, attendance=row, new_out="09:10", on=TUESDAY)
    assert len(models.waiting_approvals()) == 2
    teacher_says(asked, day=TUESDAY)
    office_says(planned, asked, day=TUESDAY)
    assert models.waiting_approvals() == []
    assert line_of().paid == 40


def test_what_needs_no_approval_gets_none(planned):
    with pytest.raises(UserError, match="不需要审核"):
        teacher_says(worked())


def test_nobody_approves_time_that_is_not_over(planned):
    with clock_at("08:40"):
        row = models.check_in(person(C), forced_reason="老师安排")
    with pytest.raises(UserError, match="还没有签退"):
        teacher_says(row, hours="09:00")


def test_nobody_decides_about_themselves_or_another_department(planned):
    models.open_database(planned.office)
    office = person("B0001")
    other = models.department_by_name("学生处")
    models.add_person(
        by=office, number="T009", name="外来老师", role="teacher", department=other
    )
    sync()
    models.open_database(planned.station)
    sync()
    correction = ask(attendance=worked())
    for by in ("T009", A, B):
        with (
            clock_at("14:00"),
            pytest.raises(UserError, match=r"本部门的老师|自己的考勤"),
        ):
            models.decide(correction, by=person(by), approved=True)


def test_a_side_decides_once(planned):
    correction = ask(attendance=worked())
    teacher_says(correction)
    with pytest.raises(UserError, match="部门已经审核过"):
        teacher_says(correction, approved=False, note="又想了想")
    with clock_at("14:00"), pytest.raises(UserError, match="部门已经审核过"):
        models.decide(correction, by=person("T002"), approved=True)


def test_the_office_decides_at_its_own_pc_only(planned):
    correction = ask(attendance=worked())
    with clock_at("14:00"), pytest.raises(UserError, match="办公室的电脑上"):
        models.decide(correction, by=person("B0001"), approved=True)


@pytest.mark.parametrize("side", ["office", "dean", ""])
def test_a_decision_forged_at_a_desk_is_nobodys(planned, side):
    """The rows a desk's station writes itself pass the merge: they must not count."""
    correction = ask(attendance=worked())
    teacher_says(correction)
    with models.transaction():
        Approval(
            subject_uid=correction.uid,
            side=side,
            approved=True,
            decided_at=at("13:31"),
            decider_uid=person("B0001").uid,
            decider_name="顾主任",
        ).write(by=person("B0001"))
    sync_both(planned, at("14:00"))
    for folder in (planned.office, planned.station):
        models.open_database(folder)
        assert models.verdict_of(correction).verdict == Verdict.WAITING
        assert line_of().paid == 50
    office_says(planned, correction, hours="15:00")
    assert models.verdict_of(correction).verdict == Verdict.APPROVED


def test_a_correction_made_at_the_office_comes_to_the_desk(planned):
    row = worked()
    sync_both(planned, at("12:00"))
    models.open_database(planned.office)
    correction = ask(by="B0001", attendance=Attendance.get_by_id(row.uid))
    with clock_at("13:10"):
        models.decide(correction, by=person("B0001"), approved=True)
    sync_both(planned, at("13:20"))
    (waiting,) = models.waiting_approvals()
    assert waiting.waits_for == [Side.DEPARTMENT]
    teacher_says(waiting.subject)
    assert line_of().paid == 90
    sync_both(planned, at("14:00"))
    models.open_database(planned.office)
    assert line_of().paid == 90


def test_corrections_and_decisions_are_only_ever_added(planned):
    """By the operations, and by the database itself."""
    correction = ask(attendance=worked())
    approval = teacher_says(correction)
    decision = models.PlanDecision.get()
    for row in (correction, approval):
        with models.transaction(), pytest.raises(TypeError, match="only ever added"):
            row.write(by=person("T001"))
    for row in (correction, approval, decision):
        name = table_of(type(row)).name
        for change in (f'UPDATE "{name}" SET uid = uid', f'DELETE FROM "{name}"'):
            with pytest.raises(IntegrityError, match=r"only ever added|never deleted"):
                db.execute_sql(change)
    assert Correction.get().new_out == at("10:00")


def test_a_plan_that_was_submitted_never_changes(planned):
    models.open_database(planned.office)
    plan = models.ShiftPlan.get()
    with clock_at("07:30"), pytest.raises(UserError, match="已经报送"):
        models.save_plan(plan, by=person("B0001"), shifts=[])
    with pytest.raises(IntegrityError, match="submitted plan never changes"):
        db.execute_sql("UPDATE shift_plan SET shifts = '[]'")
    with pytest.raises(IntegrityError, match="only ever added"):
        db.execute_sql("UPDATE plan_decision SET shifts = '[]'")
