"""What the office of the sample college decides: rules of cases, services, seals."""

from datetime import date, timedelta
from pathlib import Path

import models
from desk.sampleplan import teachers_of
from exports.slips import read_template
from models import Person, Seal, SealState, Service, SlipKind, clock

# A department's own template of 受理回执, and whose it is.
TEMPLATE = Path(__file__).parent.parent / "tests" / "samples" / "acceptance.docx"
TEMPLATE_DEPARTMENT = "教务处"

PHONES = "5600"  # each department's number goes on from here
BASIS = "沙工学服〔2026〕{}号"

# Changed after the first spell of days: one item is done faster, one is given up.
FASTER, FASTER_DAYS = "学生证办理", 3
GIVEN_UP = "火车购票优惠卡办理"
# Its seal is worn: it is stopped after the first spell and goes on after the next.
WORN_SEAL = "信管中心"
# Where a seal that was handed in goes next.
RECEIVING_DESK = "xuesheng"


def set_up(first: date, *, by: Person) -> None:
    """How cases are raised, and the departments' telephones."""
    models.set_case_rules(by=by, starts_on=first, take_days=1, waiting_days=5)
    for at, department in enumerate(models.departments(), start=1):
        phone = f"0512-{PHONES}{at:04d}"
        basis = BASIS.format(1)
        models.set_department_phone(department, by=by, phone=phone, basis=basis)


def put_own_template() -> None:
    """At the desk whose database is open, if its department has a template."""
    for department in models.departments_of(models.this_desk()):
        if department.name == TEMPLATE_DEPARTMENT:
            models.put_template(
                by=teachers_of(department)[0],
                kind=SlipKind.ACCEPTANCE,
                department=department,
                file_name=f"{TEMPLATE_DEPARTMENT}受理回执.docx",
                content=read_template(TEMPLATE),
            )


def decide(turn: int, *, by: Person) -> None:
    """After a spell of days, the first of which has the *turn* 0."""
    if turn == 0:
        _change_services(by)
    _stop_and_resume(turn, by)
    for seal in models.seals():
        if models.holder_of(seal).uid == by.uid:
            _assign(seal, by)


def _change_services(by: Person) -> None:
    today = clock.today()
    tomorrow, basis = today + timedelta(days=1), BASIS.format(12)
    models.change_service(
        _service(FASTER),
        by=by,
        starts_on=tomorrow,
        working_days=FASTER_DAYS,
        basis=basis,
    )
    models.retire_service(_service(GIVEN_UP), by=by, ends_on=today, basis=basis)


def _service(name: str) -> Service:
    found = (service for service, _ in models.all_services() if service.name == name)
    return next(found)


def _stop_and_resume(turn: int, by: Person) -> None:
    seal = models.seal_by_name(WORN_SEAL)
    if turn == 0:
        reason, approver = "印面磨损，送检", "中心主任"
        models.stop_seal(seal, by=by, reason=reason, approver=approver)
    elif seal.state == SealState.STOPPED:
        models.resume_seal(seal, by=by, reason="检修完好", approver="中心主任")


def _assign(seal: Seal, by: Person) -> None:
    """The office has it: to the desk that does its department's business now."""
    department = models.department_by_name(seal.department_name)
    models.assign_seal(
        seal,
        by=by,
        desk=models.desk_by_code(RECEIVING_DESK),
        keeper=teachers_of(department)[0],
        reason=f"{seal.department_name}业务并入学生事务窗口办理",
        approver="中心主任",
    )
