"""Hours to money: limits, decisions, months that are closed (P27)."""

from datetime import date, timedelta

import pytest
from duty import MONDAY, at, line, person, put_in_force, sync_both, work

import models
from models import Excess, UserError, clock

A, B = "2024110201", "2024110202"
SEPTEMBER = date(2026, 9, 1)
OCTOBER = date(2026, 10, 1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def september(station, assistant, other_assistant):
    """A works Mondays to Fridays 08:00–11:00 from September 7th, B on Mondays only."""
    put_in_force(
        station,
        [
            *(line("08:00", "11:00", assistant, weekday=day) for day in range(5)),
            line("13:00", "15:00", other_assistant),
        ],
    )
    return station


def office_at(centre, day, hours="18:00"):
    """What the desk has recorded lies at the office, whose database is open."""
    sync_both(centre, at(hours, day))
    models.open_database(centre.office)
    return person("B0001")


def lines_of(month):
    return {line.person_name: line for line in models.pay_lines(month)}


def balances(pay_line):
    assert pay_line.worked + pay_line.carried_in + pay_line.adjusted == (
        pay_line.paid + pay_line.carried_out + pay_line.volunteer + pay_line.refused
    )


def test_hours_within_the_limits_are_paid_at_the_rate_of_the_post(september):
    work(A, MONDAY, "08:00", "11:00")
    work(B, MONDAY, "12:50", "14:30")
    office_at(september, MONDAY)
    lines = lines_of(SEPTEMBER)
    assert (lines["曾单"].worked, lines["曾单"].paid) == (180, 180)
    assert lines["曾单"].daily == {7: 180}
    assert lines["曾单"].amount == 3 * 1800
    assert lines["王芳"].paid == 90
    assert lines["曾单"].department_name == "教务处"


def test_time_beyond_the_week_is_shown_and_waits_for_a_decision(september):
    for day in range(5):
        work(A, MONDAY + timedelta(days=day), "08:00", "11:00")
    by = office_at(september, MONDAY + timedelta(days=4))
    line_ = lines_of(SEPTEMBER)["曾单"]
    assert (line_.worked, line_.paid, line_.excess) == (900, 480, 420)
    assert line_.needs_decision
    with clock.set_at(at("09:00", date(2026, 10, 9))):
        with pytest.raises(UserError, match="没有处理：曾单"):
            models.approve_month(SEPTEMBER, by=by)
        with pytest.raises(UserError, match="本人同意"):
            models.decide_excess(
                by=by,
                month=SEPTEMBER,
                person_uids=[line_.person_uid],
                choice="volunteer",
            )
        models.decide_excess(
            by=by,
            month=SEPTEMBER,
            person_uids=[line_.person_uid],
            choice=Excess.NEXT_MONTH,
        )
        approved = models.approve_month(SEPTEMBER, by=by)
    line_ = lines_of(SEPTEMBER)["曾单"]
    balances(line_)
    assert line_.carried_out == 420
    assert approved.status == "approved"
    (october,) = [x for x in models.pay_lines(OCTOBER) if x.person_name == "曾单"]
    assert (october.carried_in, october.paid) == (420, 420)
    balances(october)


def test_a_decision_is_about_the_time_it_was_made_on_and_no_more(september):
    for day in range(4):
        work(A, MONDAY + timedelta(days=day), "08:00", "11:00")
    by = office_at(september, MONDAY + timedelta(days=3))
    uid = lines_of(SEPTEMBER)["曾单"].person_uid
    (decision,) = models.decide_excess(
        by=by, month=SEPTEMBER, person_uids=[uid], choice="volunteer", consent=True
    )
    assert decision.minutes == 240
    assert lines_of(SEPTEMBER)["曾单"].volunteer == 240
    models.open_database(september.station)
    work(A, MONDAY + timedelta(days=4), "08:00", "11:00")
    office_at(september, MONDAY + timedelta(days=4))
    line_ = lines_of(SEPTEMBER)["曾单"]
    assert (line_.excess, line_.volunteer) == (420, 0)
    assert line_.needs_decision


@pytest.mark.parametrize(
    ("choice", "more"),
    [("volunteer", {"consent": True}), ("refused", {"note": "未经安排"})],
)
def test_the_other_decisions_leave_nothing_for_the_next_month(september, choice, more):
    for day in range(5):
        work(A, MONDAY + timedelta(days=day), "08:00", "11:00")
    by = office_at(september, MONDAY + timedelta(days=4))
    uid = lines_of(SEPTEMBER)["曾单"].person_uid
    models.decide_excess(
        by=by, month=SEPTEMBER, person_uids=[uid], choice=choice, **more
    )
    line_ = lines_of(SEPTEMBER)["曾单"]
    balances(line_)
    assert getattr(line_, choice) == 420
    with clock.set_at(at("09:00", date(2026, 10, 9))):
        models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
    assert "曾单" not in lines_of(OCTOBER)


def test_a_month_is_approved_when_it_is_over_and_closed_for_good(september):
    work(A, MONDAY, "08:00", "11:00")
    by = office_at(september, MONDAY)
    with (
        clock.set_at(at("09:00", date(2026, 9, 30))),
        pytest.raises(UserError, match="还没有过完"),
    ):
        models.approve_month(SEPTEMBER, by=by)
    with clock.set_at(at("09:00", OCTOBER)):
        month = models.approve_month(SEPTEMBER, by=by)
        month = models.reopen_month(month, by=by, reason="漏了一人")
        assert models.month_of(SEPTEMBER) is None
        month = models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
        with pytest.raises(UserError, match="已结束"):
            models.reopen_month(month, by=by, reason="再改")
        with pytest.raises(UserError, match="已结束"):
            models.approve_month(SEPTEMBER, by=by)


def test_an_approved_month_must_be_closed_before_the_next_is_approved(september):
    work(A, MONDAY, "08:00", "11:00")
    by = office_at(september, MONDAY)
    with clock.set_at(at("09:00", NOVEMBER)):
        models.approve_month(SEPTEMBER, by=by)
        with pytest.raises(UserError, match="先结束 2026-09"):
            models.approve_month(OCTOBER, by=by)


def test_nobody_still_checked_in_is_passed_over(september):
    with clock.set_at(at("08:00")):
        models.check_in(person(A))
    by = office_at(september, MONDAY)
    with (
        clock.set_at(at("09:00", OCTOBER)),
        pytest.raises(UserError, match="没有签退：曾单"),
    ):
        models.approve_month(SEPTEMBER, by=by)


def test_a_correction_after_the_month_was_closed_counts_in_the_next(september):
    work(A, MONDAY, "08:00", "09:00")
    by = office_at(september, MONDAY)
    with clock.set_at(at("09:00", OCTOBER)):
        models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
        correct(A, MONDAY, "08:00", "11:00", by)
    assert lines_of(SEPTEMBER)["曾单"].worked == 60
    later = lines_of(OCTOBER)["曾单"]
    assert later.adjusted_parts == {"2026-09": {("A", 1800): 120}}
    assert later.amount == 2 * 1800
    balances(later)
    with clock.set_at(at("09:00", NOVEMBER)):
        models.close_month(models.approve_month(OCTOBER, by=by), by=by)
    assert "曾单" not in lines_of(NOVEMBER)  # counted once, not in every month


def test_a_correction_downwards_is_a_debt_that_goes_on(september):
    work(A, MONDAY, "08:00", "11:00")
    by = office_at(september, MONDAY)
    with clock.set_at(at("09:00", OCTOBER)):
        models.close_month(models.approve_month(SEPTEMBER, by=by), by=by)
        correct(A, MONDAY, "08:00", "09:00", by)
    later = lines_of(OCTOBER)["曾单"]
    balances(later)
    assert (later.amount, later.paid, later.carried_out) == (0, 0, -120)
    with clock.set_at(at("09:00", NOVEMBER)):
        models.close_month(models.approve_month(OCTOBER, by=by), by=by)
    assert lines_of(NOVEMBER)["曾单"].carried_in == -120


def correct(number, day, new_in, new_out, by):
    """A correction by the office, approved by both; the office's database is open."""
    attendance = models.Attendance.get(
        models.Attendance.person_uid == person(number).uid
    )
    correction = models.request_correction(
        by=by,
        attendance=attendance,
        new_in=at(new_in, day),
        new_out=at(new_out, day),
        reason="核对监控",
    )
    models.decide(correction, by=person("T001"), approved=True)
    models.decide(correction, by=by, approved=True)


def test_what_waits_for_approval_is_not_paid_until_it_is_approved(september):
    with clock.set_at(at("08:00")):
        models.check_in(person(A))
    with clock.set_at(at("07:00", MONDAY + timedelta(days=1))):
        (closed,) = models.close_all_forgotten(after=timedelta())
    by = office_at(september, MONDAY + timedelta(days=1))
    line_ = lines_of(SEPTEMBER)["曾单"]
    assert (line_.worked, line_.pending) == (0, 180)
    attendance = models.Attendance.get_by_id(closed.uid)
    models.decide(attendance, by=person("T001"), approved=True)
    models.decide(attendance, by=by, approved=True)
    assert lines_of(SEPTEMBER)["曾单"].worked == 180


def test_a_rate_that_changes_in_mid_month_changes_nothing_earned_before(september):
    work(A, MONDAY, "08:00", "11:00")
    work(A, MONDAY + timedelta(days=1), "08:00", "11:00")
    by = office_at(september, MONDAY)
    models.set_rules(by=by, starts_on=MONDAY + timedelta(days=1), rate_a=2400)
    line_ = lines_of(SEPTEMBER)["曾单"]
    assert line_.paid_parts == {("A", 1800): 180, ("A", 2400): 180}
    assert line_.amount == 3 * 1800 + 3 * 2400


def test_only_the_office_decides_about_pay(september, teacher):
    models.open_database(september.office)
    for act in (
        lambda by: models.approve_month(SEPTEMBER, by=by),
        lambda by: models.decide_excess(
            by=by, month=SEPTEMBER, person_uids=[""], choice="refused", note="不"
        ),
    ):
        with pytest.raises(UserError, match="中心办公室"):
            act(teacher)


def test_fen_are_rounded_once_at_the_end():
    pay_line = models.PayLine("", "", "", "", "", "")
    for minutes, amount in ((1, 30), (7, 210), (0, 0)):
        pay_line.paid_parts = {("A", 1800): minutes}
        assert pay_line.amount == amount
    pay_line.paid_parts = {("A", 1805): 1, ("B", 1505): 1}
    assert pay_line.amount == round((1805 + 1505) / 60)
    pay_line.paid_parts = {("A", 1830): 1}
    assert pay_line.amount == 31  # 30.5 fen


def test_a_week_over_two_months_has_one_limit(station, assistant):
    last_of_november = date(2026, 11, 30)  # a Monday
    put_in_force(
        station,
        [line("08:00", "12:00", assistant, weekday=day) for day in range(3)],
        starts_on=last_of_november,
    )
    for day in range(3):
        work(A, last_of_november + timedelta(days=day), "08:00", "12:00")
    office_at(station, last_of_november + timedelta(days=2))
    november, december = lines_of(NOVEMBER)["曾单"], lines_of(DECEMBER)["曾单"]
    assert (november.paid, november.excess) == (240, 0)
    assert (december.paid, december.excess) == (240, 240)
