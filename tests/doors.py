"""Every operation with arguments that are right: only who asks is left to say.

A door is made ready in the open database, in a transaction that is taken back; what
makes it ready returns what somebody then does.  What is about somebody is about 曾单,
what has a holder is held by 李老师, the business is that of 教务处 at its own desk.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from sealing import ASKED, hand, person, row, use
from templates import template

import models
from models import Person, Seal, Service, StepKind, VisitOutcome
from models.permissions import Operation as Op

NOW = datetime(2026, 11, 23, 10)
TODAY = NOW.date()
SOON, LATER = TODAY + timedelta(days=7), TODAY + timedelta(days=30)

ABOUT = "2024110201"  # 曾单, assistant of 教务处
HOLDER = "T001"  # 李老师, teacher of 教务处
CHIEF = "B0001"

Try = Callable[[Person], Any]


class Door(NamedTuple):
    """An operation: where it stands in the table and where it is done.

    *about* is the number of the person it is about.  Whom the table lets in may still
    be refused for another reason: *unless* is what that says.  Whom it does not let in
    hears the table's refusal, or *instead*.
    """

    name: str
    operation: Op
    at: str
    about: str
    unless: str
    instead: str
    ready: Callable[[], Try]


DOORS: list[Door] = []


def door(
    name: str,
    operation: Op,
    *places: str,
    about: str = "",
    unless: str = "",
    instead: str = "",
) -> Callable[[Callable[[], Try]], None]:
    """Enter what follows as the door of the operation *name*, `module.function`."""

    def enter(ready: Callable[[], Try]) -> None:
        for at in places or ("jiaowu",):
            DOORS.append(Door(name, operation, at, about, unless, instead, ready))

    return enter


def service() -> Service:
    return Service.get(Service.name == "免修申办")


def department(name: str = "教务处"):
    return models.department_by_name(name)


def other_desk():
    return models.desk_by_code("xuesheng")


def visit():
    """曾单 takes somebody down, with a promise."""
    return models.record_visit(
        by=person(ABOUT),
        service=service(),
        outcome=VisitOutcome.PROMISED,
        visitor_name="张伟",
    )


# -- visits and cases ----------------------------------------------------------


@door("reception.record_visit", Op.VISIT_TAKE)
def _():
    said = {"outcome": VisitOutcome.DONE, "visitor_name": "张伟"}
    return lambda by: models.record_visit(by=by, service=service(), **said)


@door("reception.record_enquiry", Op.VISIT_TAKE)
def _():
    return lambda by: models.record_enquiry(by=by)


@door("late_visits.record_late_visits", Op.VISIT_TAKE)
def _():
    yesterday = NOW - timedelta(days=1)
    line = models.LateVisit(yesterday, "张伟", service(), VisitOutcome.DONE)
    return lambda by: models.record_late_visits([line], by=by)


@door("visits.void_visit", Op.VISIT_VOID, about=ABOUT)
def _():
    matter = visit()
    return lambda by: models.void_visit(matter, by=by, reason="重复")


@door("visits.rate_visit", Op.VISIT_RATE)
def _():
    matter = visit()
    return lambda by: models.rate_visit(matter, 5, by=by)


@door("cases.add_step", Op.CASE_WORK)
def _():
    matter = visit()
    return lambda by: models.add_step(matter, StepKind.PROGRESS, by=by, note="在办")


def _worked(name: str, *before: str, **said: Any) -> None:
    """The door of a step, after another one that 李老师 has added."""
    operation = Op.CASE_EXTEND if name == "extend_case" else Op.CASE_WORK

    @door(f"cases.{name}", operation)
    def _():
        matter = visit()
        for each in before:
            _go_on(matter, each)
        more = {"desk": other_desk()} if name == "refer_case" else {}
        return lambda by: getattr(models, name)(matter, by=by, **said, **more)


def _go_on(matter, name: str) -> None:
    said = {
        "finish_case": {"result": "办好"},
        "refer_case": {"note": "归口", "desk": other_desk()},
        "pause_case": {"note": "缺表"},
    }[name]
    getattr(models, name)(matter, by=person(HOLDER), **said)


_worked("pause_case", note="缺表")
_worked("resume_case", "pause_case")
_worked("extend_case", note="会签", due_on=LATER)
_worked("refer_case", note="归口")
_worked("take_case", "refer_case", note="收回")
_worked("note_progress", note="在办")
_worked("finish_case", result="办好")
_worked("refuse_case", note="不符合条件")
_worked("notify_visitor", note="已告知")
_worked("reopen_case", "finish_case", note="有误")


@door("slip_templates.put_template", Op.SLIP_TEMPLATE, "jiaowu", "office")
def _():
    content, mine = template("{{ 编号 }}"), department()
    said = {"kind": "acceptance", "file_name": "a.docx", "content": content}
    return lambda by: models.put_template(by=by, department=mine, **said)


# -- loans and bookings ----------------------------------------------------------


def _lent(by: Person):
    said = dict.fromkeys(("what", "purpose", "approver", "phone"), "甲")
    return models.lend(by=by, borrower_name="张伟", due_back_on=SOON, **said)


@door("loans.lend", Op.LOAN)
def _():
    return _lent


@door("loans.take_back", Op.LOAN)
def _():
    loan = _lent(person(HOLDER))
    return lambda by: models.take_back(loan, by=by, condition="完好")


@door("loans.extend_loan", Op.LOAN)
def _():
    loan = _lent(person(HOLDER))
    return lambda by: models.extend_loan(loan, by=by, due_back_on=LATER, reason="续")


@door("loans.void_loan", Op.LOAN_VOID, about=ABOUT)
def _():
    loan = _lent(person(ABOUT))
    return lambda by: models.void_loan(loan, by=by, reason="错")


WANTED = models.Wanted("报告厅", SOON, time(14), time(16), "青协", "培训", 30)
APPLIED = dict.fromkeys(("approver", "applicant_name", "phone"), "甲")


@door("bookings.book_venue", Op.BOOKING)
def _():
    return lambda by: models.book_venue(WANTED, by=by, **APPLIED)


@door("bookings.refuse_booking", Op.BOOKING)
def _():
    return lambda by: models.refuse_booking(WANTED, by=by, reason="检修", **APPLIED)


@door("bookings.cancel_booking", Op.BOOKING)
def _():
    booking = models.book_venue(WANTED, by=person(HOLDER), **APPLIED)
    return lambda by: models.cancel_booking(booking, by=by, reason="改期")


# -- seals ---------------------------------------------------------------------


def seal() -> Seal:
    return models.seal_by_name("教务处")


@door("seal_uses.record_seal_use", Op.SEAL_USE, unless="只有保管人")
def _():
    return lambda by: use(by, seal())


@door("seal_uses.refuse_seal_use", Op.SEAL_USE, unless="只有保管人")
def _():
    said = {k: ASKED[k] for k in ("applicant", "unit", "document_title")}
    said["reason"] = "缺签字"
    return lambda by: models.refuse_seal_use(by=by, seal=seal(), **said)


@door("seal_uses.void_seal_use", Op.SEAL_VOID, about=HOLDER)
def _():
    line = use(person(HOLDER), seal())
    return lambda by: models.void_seal_use(line, by=by, reason="错")


@door("seal_uses.correct_seal_use", Op.SEAL_VOID, about=HOLDER)
def _():
    line = use(person(HOLDER), seal())
    return lambda by: models.correct_seal_use(line, by=by, reason="错", copies=2)


@door(
    "custody.transfer_seal",
    Op.SEAL_TRANSFER,
    about=HOLDER,
    instead="只有保管人可以移交",
)
def _():
    return lambda by: hand(seal(), by, person("T002"), person(ABOUT))


def _taken_out(by: Person):
    said = dict.fromkeys(("unit", "applicant", "reason", "place", "approver"), "甲")
    back = NOW + timedelta(hours=3)
    return models.take_out(seal(), by=by, due_back_at=back, **said)


@door(
    "outings.take_out",
    Op.SEAL_TAKE_OUT,
    about=HOLDER,
    instead="^登记用印由|只有保管人",
)
def _():
    return _taken_out


@door("outings.bring_back", Op.SEAL_TAKE_OUT, about=HOLDER)
def _():
    outing, said = _taken_out(person(HOLDER)), {"checker": person(ABOUT)}
    return lambda by: models.bring_back(outing, by=by, condition="完好", **said)


def _reserved(by: Person):
    return models.reserve_numbers(seal(), by=by, count=2, for_day=TODAY)


@door("reservations.reserve_numbers", Op.SEAL_RESERVE)
def _():
    return _reserved


@door("reservations.settle_reservation", Op.SEAL_RESERVE)
def _():
    sheet = _reserved(person(HOLDER))
    said = {"rows": [row(sheet.first, NOW)], "void_reason": "没有停电"}
    return lambda by: models.settle_reservation(sheet, by=by, **said)


@door("seals.register_seal", Op.SEAL_REGISTER, "office")
def _():
    said = {"department": department("学生处"), "keeper": person("T201")}
    return lambda by: models.register_seal(by=by, desk=other_desk(), **said)


@door("seals.change_seal", Op.SEAL_REGISTER, "office")
def _():
    return lambda by: models.change_seal(seal(), by=by, note="铜章")


def _handed_in() -> Seal:
    """The seal of 团委 lies at the office."""
    return models.seal_by_name("团委")


DECIDED = {"reason": "换章", "approver": "院长"}


@door("disposals.stop_seal", Op.SEAL_DISPOSE, "office")
def _():
    return lambda by: models.stop_seal(seal(), by=by, **DECIDED)


@door("disposals.resume_seal", Op.SEAL_DISPOSE, "office")
def _():
    models.stop_seal(seal(), by=person(CHIEF), **DECIDED)
    return lambda by: models.resume_seal(seal(), by=by, **DECIDED)


@door("disposals.assign_seal", Op.SEAL_DISPOSE, "office")
def _():
    said = {"desk": models.desk_by_code("dangtuan"), "keeper": person("T101")}
    return lambda by: models.assign_seal(_handed_in(), by=by, reason="调配", **said)


@door("disposals.destroy_seal", Op.SEAL_DISPOSE, "office")
def _():
    said = {"method": "粉碎", "witnesses": [person("T001"), person("T002")]} | DECIDED
    return lambda by: models.destroy_seal(_handed_in(), by=by, **said)
