"""Months of pay balance, whatever is worked, corrected, decided and repriced (P27)."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError
from stories import CREW, take_over, undone

import models
from models import Attendance, Excess, UserError, clock
from models.base import db
from models.hours import limits_on
from models.pay import ExcessDecision, PayMonth
from models.paylines import Minutes, PayLine, month_days

MONTHS = (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1))
DEPARTMENTS = ("教务处", "学生处")
CHOICES = tuple(Excess)


class Work(NamedTuple):
    """A check-in: who, on which day of the month, when, how long, and in what post."""

    who: int
    day: int
    begins: int
    length: int
    post: str
    department: int
    needs_approval: bool


class Change(NamedTuple):
    """A correction, or an approval of what waits, of any check-in so far."""

    which: int
    new_in: int
    length: int


class Month(NamedTuple):
    work: list[Work]
    changes: list[Change]
    # One of CHOICES for each of the crew, should there be too much.
    choices: tuple[int, int, int]
    rules: dict[str, int]
    # Rules from a day of this month, or of the month before: a late change of rates.
    rules_on: int


_WORK = st.builds(
    Work,
    who=st.sampled_from((0, 0, 1, 2)),
    day=st.integers(1, 28),
    begins=st.integers(8 * 60, 20 * 60),
    length=st.integers(0, 300),
    post=st.sampled_from("AAB"),
    department=st.sampled_from((0, 0, 0, 1)),
    needs_approval=st.sampled_from((False, False, False, True)),
)
_CHANGE = st.builds(
    Change,
    which=st.integers(0, 50),
    new_in=st.integers(-60, 120),
    length=st.integers(0, 400),
)
_MONTH = st.builds(
    Month,
    work=st.lists(_WORK, max_size=9),
    changes=st.lists(_CHANGE, max_size=4),
    choices=st.tuples(*[st.integers(0, 2)] * 3),
    rules=st.fixed_dictionaries(
        {},
        optional={
            "week_limit": st.integers(300, 480),
            "month_limit": st.integers(480, 520),
            "rate_a": st.integers(0, 4000),
            "rate_b": st.integers(1000, 2000),
            "rounding_minutes": st.sampled_from((1, 5, 30)),
        },
    ),
    rules_on=st.integers(-30, 27),
)

plays = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Books:
    """The office's pay, month by month."""

    def __init__(self) -> None:
        self.by = models.person_signing_in("B0001")
        self.teachers = [models.person_signing_in(n) for n in ("T001", "T008")]
        self.people = [models.person_signing_in(number) for number in CREW]
        self.desk = models.desk_by_code("jiaowu")
        self.rows: list[Attendance] = []

    def live(self, month: date, said: Month) -> None:
        """Work of the month, then corrections of any month, in the next one."""
        for work in said.work:
            self.work(month, work)
        after = datetime.combine(month_days(month)[1] + timedelta(days=1), time(9))
        if said.rules:
            starts_on = month + timedelta(days=said.rules_on)
            models.set_rules(by=self.by, starts_on=starts_on, **said.rules)
        with clock.set_at(after):
            for change in said.changes:
                self.change(change)

    def work(self, month: date, work: Work) -> None:
        person = self.people[work.who]
        department = models.department_by_name(DEPARTMENTS[work.department])
        day = datetime.combine(month.replace(day=work.day), time.min)
        came = day + timedelta(minutes=work.begins)
        row = Attendance(
            station="desk",
            person_uid=person.uid,
            person_number=person.number,
            person_name=person.name,
            desk_uid=self.desk.uid,
            desk_name=self.desk.name,
            department_uid=department.uid,
            department_name=department.name,
            post=work.post,
            planned_from=came - timedelta(minutes=work.length % 40),
            planned_to=came + timedelta(minutes=250),
            checked_in_at=came,
            checked_out_at=came + timedelta(minutes=work.length),
            needs_approval=work.needs_approval,
        )
        take_over(row)
        self.rows.append(row)

    def change(self, change: Change) -> None:
        if not self.rows:
            return
        row = self.rows[change.which % len(self.rows)]
        teacher = self.teachers[row.department_name != DEPARTMENTS[0]]
        subject = row
        waiting = models.verdict_of(row).verdict == models.Verdict.WAITING
        if not (row.needs_approval and waiting and change.length % 2):
            new_in = row.checked_in_at + timedelta(minutes=change.new_in)
            subject = models.request_correction(
                by=self.by,
                attendance=row,
                new_in=new_in,
                new_out=new_in + timedelta(minutes=change.length),
                reason="核对监控",
            )
        for by in (teacher, self.by):
            models.decide(subject, by=by, approved=True)

    def close(self, month: date, choices: tuple[int, int, int]) -> PayMonth:
        """Decide about every excess, approve and close."""
        after = datetime.combine(month_days(month)[1] + timedelta(days=1), time(10))
        with clock.set_at(after):
            for line in models.pay_lines(month):
                if line.needs_decision:
                    self.decide(month, line, choices)
            return models.close_month(
                models.approve_month(month, by=self.by), by=self.by
            )

    def decide(self, month: date, line: PayLine, choices: tuple[int, int, int]) -> None:
        who = [person.uid for person in self.people].index(line.person_uid)
        models.decide_excess(
            by=self.by,
            month=month,
            person_uids=[line.person_uid],
            choice=CHOICES[choices[who]],
            consent=True,
            note="按规定",
        )


@pytest.fixture
def books(centre):
    """The office, with a term and a teacher for either department."""
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    models.set_term(
        by=by, name="一", starts_on=date(2026, 9, 7), ends_on=date(2027, 1, 22)
    )
    models.add_person(
        by=by,
        number="T008",
        name="学生处老师",
        role="teacher",
        department=models.department_by_name("学生处"),
    )
    return centre


def worth(parts: Minutes) -> int:
    return sum(rate * minutes for (_, rate), minutes in parts.items())


def balances(line: PayLine) -> None:
    """In minutes and in money."""
    assert line.worked + line.carried_in + line.adjusted == (
        line.paid + line.carried_out + line.volunteer + line.refused
    )
    came = worth(line.worked_parts) + worth(line.carried_in_parts)
    came += sum(worth(parts) for parts in line.adjusted_parts.values())
    went = (line.paid_parts, line.excess_parts, line.debt_parts)
    assert came == sum(worth(parts) for parts in went)
    assert min(line.worked, line.paid, line.amount, line.excess, line.pending) >= 0
    assert all(minutes >= 0 for minutes in line.excess_parts.values())
    assert line.amount == (worth(line.paid_parts) * 2 + 60) // 120


def agrees_with_the_sheet(month: date, lines: list[PayLine]) -> None:
    """The sums of the sheet of check-ins are those of the pay, day by day."""
    daily: dict = defaultdict(lambda: defaultdict(int))
    for duty in models.duty_lines(*month_days(month)):
        if duty.paid:
            daily[duty.who.uid, duty.department_uid][duty.day.day] += duty.paid
    found = {
        (line.person_uid, line.department_uid): line.daily
        for line in lines
        if line.daily
    }
    assert found == daily
    for line in lines:
        assert sum(line.daily.values()) == line.worked


def keeps_the_limit(month: date, lines: list[PayLine]) -> None:
    days = [month + timedelta(days=n) for n in range(month_days(month)[1].day)]
    limits = [limits_on(day, models.rules_on(day))[1] for day in days]
    most = max(10**9 if limit is None else limit for limit in limits)
    paid: dict[str, int] = defaultdict(int)
    for line in lines:
        paid[line.person_uid] += line.paid
    assert all(minutes <= most for minutes in paid.values())


@plays
@given(chain=st.lists(_MONTH, min_size=3, max_size=3))
def test_a_chain_of_months_balances_and_pays_nothing_twice(chain, books):
    with undone():
        office = Books()
        settled = settled_worth = 0
        for month, said in zip(MONTHS, chain, strict=False):
            office.live(month, said)
            drafted = models.pay_lines(month)
            agrees_with_the_sheet(month, drafted)
            pay_month = office.close(month, said.choices)
            lines = models.pay_lines(month)
            keeps_the_limit(month, lines)
            for line in lines:
                balances(line)
                settled += line.paid + line.volunteer + line.refused
                settled_worth += worth(line.paid_parts)
                if line.decision in (Excess.VOLUNTEER, Excess.REFUSED):
                    settled_worth += worth(line.excess_parts)
            refuses_any_change(pay_month)
        # What is corrected after the last month was closed counts in the fourth.
        with clock.set_at(datetime(2026, 12, 20, 9)):
            for which in range(3):
                office.change(Change(which * 7, 30, 100 + which))
        left = models.pay_lines(MONTHS[3])
        still = sum(x.worked + x.carried_in + x.adjusted for x in left)
        effective = models.duty_lines(MONTHS[0], month_days(MONTHS[3])[1])
        assert settled + still == sum(duty.paid for duty in effective)
        still_worth = sum(
            worth(parts)
            for x in left
            for parts in (
                x.worked_parts,
                x.carried_in_parts,
                *x.adjusted_parts.values(),
            )
        )
        assert settled_worth + still_worth == sum(map(price, effective))


def price(duty) -> int:
    rules = models.rules_on(duty.day)
    return duty.paid * (rules.rate_a if duty.post == "A" else rules.rate_b)


def refuses_any_change(pay_month: PayMonth) -> None:
    by = models.person_signing_in("B0001")
    with pytest.raises(UserError, match="已结束"):
        models.reopen_month(pay_month, by=by, reason="再改")
    with pytest.raises(UserError):
        models.close_month(pay_month, by=by)
    for change in ("UPDATE pay_month SET lines = '[]'", "DELETE FROM pay_month"):
        with (
            pytest.raises(IntegrityError, match=r"never changes|never deleted"),
            models.transaction(),
        ):
            db.execute_sql(f"{change} WHERE uid = ?", (pay_month.uid,))


def a_shift(day: int, length: int = 60, department: int = 0) -> Work:
    return Work(0, day, 9 * 60, length, "A", department, needs_approval=False)


def test_months_are_approved_in_order(books):
    """What a month carries over would else be taken over twice."""
    office = Books()
    for month in (MONTHS[0], MONTHS[1], MONTHS[2]):
        office.work(month, a_shift(8))
    with clock.set_at(datetime(2026, 12, 1, 9)):
        for month in (MONTHS[1], MONTHS[2]):
            with pytest.raises(UserError, match="先审批并结束 2026-09"):
                models.approve_month(month, by=office.by)
    office.close(MONTHS[0], (0, 0, 0))
    with (
        clock.set_at(datetime(2026, 12, 1, 9)),
        pytest.raises(UserError, match="先审批并结束 2026-10"),
    ):
        models.approve_month(MONTHS[2], by=office.by)
    office.close(MONTHS[1], (0, 0, 0))
    office.close(MONTHS[2], (0, 0, 0))


def test_a_month_nobody_worked_in_may_be_passed_over_and_is_not_lost(books):
    """A desk that was long without the share brings its check-ins later."""
    office = Books()
    for month in (MONTHS[0], MONTHS[2]):
        office.work(month, a_shift(8))
        office.close(month, (0, 0, 0))
    office.work(MONTHS[1], a_shift(9, length=45))
    with (
        clock.set_at(datetime(2026, 12, 1, 9)),
        pytest.raises(UserError, match="2026-11 的工时已经审批"),
    ):
        models.approve_month(MONTHS[1], by=office.by)
    (december,) = models.pay_lines(MONTHS[3])
    assert december.adjusted_parts == {"2026-10": {("A", 1800): 45}}
    office.close(MONTHS[3], (0, 0, 0))
    assert models.pay_lines(date(2027, 1, 1)) == []


def test_beyond_the_month_nothing_is_paid_and_nothing_lost(books):
    """And a rate changed afterwards makes neither excess nor debt of it."""
    office = Books()
    models.set_rules(by=office.by, starts_on=MONTHS[0], month_limit=480)
    for day in (8, 15, 22):
        office.work(MONTHS[0], a_shift(day, length=240))
    (september,) = models.pay_lines(MONTHS[0])
    assert (september.paid, september.excess) == (480, 240)
    office.close(MONTHS[0], (0, 0, 0))
    models.set_rules(by=office.by, starts_on=MONTHS[0], rate_a=2000)
    (october,) = models.pay_lines(MONTHS[1])
    assert (october.carried_in, october.adjusted) == (240, 0)
    assert (october.paid, october.excess) == (240, 0)
    assert october.amount == 4 * 1800 + 12 * 200


def test_a_debt_at_one_department_makes_no_room_at_another(books):
    """It goes on to the next month: it would make the same room there again."""
    office = Books()
    models.set_rules(by=office.by, starts_on=MONTHS[0], month_limit=480)
    office.work(MONTHS[0], a_shift(8, length=100, department=1))
    office.close(MONTHS[0], (0, 0, 0))
    for day in (8, 15, 22):
        office.work(MONTHS[1], a_shift(day, length=240))
    with clock.set_at(datetime(2026, 10, 31, 9)):
        office.change(Change(0, 0, 0))
    for month in MONTHS[1:3]:
        lines = {line.department_name: line for line in models.pay_lines(month)}
        here, there = (lines[name] for name in DEPARTMENTS)
        assert (there.paid, there.carried_out) == (0, -100)
        assert (here.paid, here.excess) == ((480, 240), (240, 0))[
            MONTHS.index(month) - 1
        ]
        office.close(month, (0, 0, 0))
    # Work there makes it good, and room only for what is paid there.
    office.work(MONTHS[3], a_shift(8, length=130, department=1))
    (there,) = models.pay_lines(MONTHS[3])
    assert (there.paid, there.carried_out) == (30, 0)


def test_time_taken_back_is_never_paid_as_less_than_nothing(books):
    office = Books()
    office.work(MONTHS[0], a_shift(8, length=100))
    office.work(MONTHS[0], a_shift(9, length=120))
    office.close(MONTHS[0], (0, 0, 0))
    # The first day is worth more than was thought, the second never was.
    with clock.set_at(datetime(2026, 10, 9, 9)):
        models.set_rules(by=office.by, starts_on=date(2026, 9, 8), rate_a=5000)
        models.set_rules(by=office.by, starts_on=date(2026, 9, 9), rate_a=1800)
        office.change(Change(1, 0, 0))
    (october,) = models.pay_lines(MONTHS[1])
    assert october.adjusted == -120
    assert (october.paid, october.amount) == (0, 0)
    assert october.carried_out == -120
    balances(october)


def test_a_decision_about_excess_stands_once_the_month_is_approved(books):
    office = Books()
    for day in (8, 9, 10):
        office.work(MONTHS[0], a_shift(day, length=250))
    office.close(MONTHS[0], (1, 1, 1))
    (line,) = models.pay_lines(MONTHS[0])
    assert line.volunteer == 750 - 480
    with (
        clock.set_at(datetime(2026, 10, 9, 9)),
        pytest.raises(UserError, match="不能再改"),
    ):
        office.decide(MONTHS[0], line, (2, 2, 2))
    assert ExcessDecision.get().choice == Excess.VOLUNTEER
