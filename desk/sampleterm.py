"""What follows the days of the sample college: corrections, approvals, pay."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import models
from desk.sampleplan import teachers_of
from models import (
    Attendance,
    Correction,
    DutyLine,
    Excess,
    Person,
    PersonStatus,
    RecordedBy,
    Side,
    clock,
)
from models.pay import obstacles
from models.paylines import month_days
from models.reviews import Waiting

# Of a hundred late, absent or forgotten, so many ask for a correction ...
ASKING = 50
# ... and of a hundred requests one side refuses so many.
REFUSED = 12

# Whoever begins in training is trained after so many days of the term.
TRAINING_DAYS = 18


def ask_for_corrections(first: date, last: date, chance: random.Random) -> None:
    """At the desk: those who were late, absent or closed by the system ask."""
    here = models.this_desk()
    for line in models.duty_lines(first, last, desk_uid=here.uid):
        if not _has_reason(line) or chance.randrange(100) >= ASKING:
            continue
        person = models.person_signing_in(line.who.number)
        models.request_correction(by=person, **_request(line, person, chance))


def _has_reason(line: DutyLine) -> bool:
    if line.is_absent:
        return True
    attendance = line.fact.attendance if line.fact else None
    if attendance is None or attendance.checked_out_at is None or line.planned is None:
        return False
    return line.late > 0 or attendance.method_out == RecordedBy.SYSTEM


def _request(line: DutyLine, person: Person, chance: random.Random) -> dict[str, Any]:
    assert line.planned is not None  # see _has_reason
    begins, ends = line.planned
    if line.fact is None:
        others = [p for p in models.people("assistant") if p.uid != person.uid]
        return {
            "shift": line.shift,
            "new_in": begins,
            "new_out": ends,
            "reason": "读卡器没有反应，当时在岗",
            "witness": chance.choice(others),
        }
    times = line.fact
    if line.late:
        new_in, new_out = begins, times.checked_out_at
        reason = "准时到岗，先处理设备故障，后刷卡"
    else:
        new_in, new_out = times.checked_in_at, ends - timedelta(minutes=5)
        reason = "走时忘记刷卡"
    return {
        "attendance": times.attendance,
        "new_in": new_in,
        "new_out": max(new_in, new_out or ends),
        "reason": reason,
    }


def decide_at_desk(chance: random.Random) -> None:
    """The departments' teachers decide what waits for them (双重管理, P12)."""
    for department in models.departments_of(models.this_desk()):
        first, second = teachers_of(department)
        for waiting in models.waiting_approvals(department.uid):
            by = second if waiting.subject.person_uid == first.uid else first
            _decide(waiting, Side.DEPARTMENT, by, chance)


def decide_at_office(chance: random.Random, *, by: Person) -> None:
    for waiting in models.waiting_approvals():
        _decide(waiting, Side.OFFICE, by, chance)


def _decide(waiting: Waiting, side: Side, by: Person, chance: random.Random) -> None:
    if side not in waiting.waits_for:
        return
    approved = chance.randrange(100) >= REFUSED
    note = "" if approved else "没有旁证，请补充说明"
    models.decide(waiting.subject, by=by, approved=approved, note=note)


def finish_trainings(first: date, *, by: Person) -> None:
    """One of those in training is ready after some weeks."""
    if clock.today() < first + timedelta(days=TRAINING_DAYS):
        return
    assistants = models.people("assistant")
    if any(p.trained_on and p.trained_on > first for p in assistants):
        return
    learning = [p for p in assistants if p.status == PersonStatus.TRAINING]
    for person in learning[:1]:
        models.finish_training(person, by=by, on=clock.today())


def months_of(first: date, last: date) -> Iterator[date]:
    """The first day of each month that some days lie in."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def close_months(first: date, last: date, *, by: Person) -> None:
    """Decide on excess, approve and close every month that is over."""
    for month in months_of(first, last):
        if models.month_of(month) is not None or clock.today() <= month_days(month)[1]:
            continue
        lines = models.pay_lines(month)
        for at, line in enumerate(x for x in lines if x.needs_decision):
            choice = list(Excess)[at % len(Excess)]
            models.decide_excess(
                by=by,
                month=month,
                person_uids=[line.person_uid],
                choice=choice,
                consent=choice == Excess.VOLUNTEER,
                note="未经老师同意超时" if choice == Excess.REFUSED else "",
            )
        if not obstacles(month):
            models.close_month(models.approve_month(month, by=by), by=by)


def sums_of_term(first: date, last: date) -> dict[str, int | str]:
    """What the office knows of some days; time in minutes, money in fen."""
    lines = models.duty_lines(first, last)
    months = [models.pay_lines(month) for month in closed_months(first, last)]
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "shifts": len(models.shifts_between(first, last)),
        "attendances": Attendance.select().count(),
        "covers": sum(bool(x.fact and x.fact.cover_for_uid) for x in lines),
        "absences": sum(line.is_absent for line in lines),
        "corrections": Correction.select().count(),
        "minutes": sum(line.paid for line in lines),
        "pending_minutes": sum(line.pending for line in lines),
        "months_closed": len(months),
        "pay_fen": sum(line.amount for lines_ in months for line in lines_),
    }


def closed_months(first: date, last: date) -> list[date]:
    return [month for month in months_of(first, last) if models.month_of(month)]
