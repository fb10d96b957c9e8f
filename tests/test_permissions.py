"""Who may do what: the table itself, and that operations ask it."""

import pytest

import models
from models import PersonRole
from models.errors import UserError
from models.permissions import (
    OPERATION_LABELS,
    RIGHTS,
    Operation,
    Scope,
    may,
    require,
    who_may,
)

ROLES = (PersonRole.ASSISTANT, PersonRole.TEACHER, PersonRole.OFFICE)

# Operation: what an assistant, a teacher and the office may do, each first on what is
# their own department's and then on another's.  "+" yes, "-" no, "s" only on what is
# their own, "o" only on what is not about themselves.
TABLE = {
    Operation.VISIT_TAKE: "++ ++ --",
    Operation.VISIT_VOID: "ss +- --",
    Operation.VISIT_RATE: "++ ++ --",
    Operation.CASE_WORK: "+- +- --",
    Operation.CASE_EXTEND: "+- +- --",
    Operation.SLIP_TEMPLATE: "-- +- ++",
    Operation.LOAN: "+- +- --",
    Operation.LOAN_VOID: "ss +- --",
    Operation.BOOKING: "+- +- --",
    Operation.SEAL_USE: "+- +- --",
    Operation.SEAL_VOID: "ss +- --",
    Operation.SEAL_TRANSFER: "ss ss --",
    Operation.SEAL_TAKE_OUT: "-- ss --",
    Operation.SEAL_RESERVE: "+- +- --",
    Operation.SEAL_REGISTER: "-- -- ++",
    Operation.SEAL_DISPOSE: "-- -- ++",
    Operation.HAND_OVER: "++ ++ ++",
    Operation.TAKE_OVER: "++ ++ ++",
    Operation.CATALOGUE: "-- -- ++",
    Operation.CASE_RULES: "-- -- ++",
    Operation.PEOPLE: "-- -- ++",
    Operation.ROSTER: "-- -- ++",
    Operation.STATION: "-- -- ++",
    Operation.LOCAL_SETTINGS: "-- ++ ++",
    Operation.TIME_SETTINGS: "-- -- ++",
    Operation.PLAN_EDIT: "-- +- ++",
    Operation.PLAN_DECIDE: "-- -- ++",
    Operation.TIMETABLE_EDIT: "-- ++ ++",
    Operation.CORRECTION_REQUEST: "ss ++ ++",
    Operation.ATTENDANCE_REVIEW: "-- o- oo",
    Operation.PAY: "-- -- ++",
    Operation.PIN_RESET: "-- +- ++",
    Operation.SCREEN_PIN: "-- ++ ++",
    Operation.OPINION_READ: "-- o- oo",
    Operation.SETTLE: "-- +- ++",
    Operation.ERASE: "-- -- ++",
}

# May it be done on what is about oneself, and on what is about somebody else?
MARKS = {
    "+": (True, True),
    "-": (False, False),
    "s": (True, False),
    "o": (False, True),
}

CELLS = [
    (operation, role, own, mark)
    for operation, line in TABLE.items()
    for role, marks in zip(ROLES, line.split(), strict=True)
    for own, mark in zip((True, False), marks, strict=True)
]


@pytest.mark.parametrize(("operation", "role", "own", "mark"), CELLS)
def test_the_table_says_who_may(operation, role, own, mark, station):
    person = models.Person(number="X1", name="某人", role=role, department_uid="mine")
    departments = ["mine"] if own else ["theirs"]
    answers = tuple(
        may(person, operation, departments=departments, about=about)
        for about in (person.uid, "somebody")
    )
    assert answers == MARKS[mark]


def test_every_operation_stands_in_the_table_and_has_a_name():
    assert set(RIGHTS) == set(TABLE) == set(Operation) == set(OPERATION_LABELS)


def test_a_refusal_names_the_operation_and_who_may(station, assistant):
    with pytest.raises(UserError, match="排班由本部门的老师或中心办公室办理"):
        require(assistant, Operation.PLAN_EDIT, departments=["elsewhere"])
    for operation in Operation:
        assert who_may(operation), f"nobody may {operation}"


def test_a_role_of_a_newer_program_may_do_nothing(station):
    auditor = models.Person(number="X2", name="审计", role="auditor")
    assert not any(may(auditor, operation) for operation in Operation)
    assert all(rights.of("auditor") == Scope.NONE for rights in RIGHTS.values())


def test_an_assistant_on_duty_for_a_department_works_for_it(station, assistant):
    other = models.department_by_name("团委")
    asked = {"departments": [other.uid]}
    assert not may(assistant, Operation.CASE_WORK, **asked)
    attendance = models.check_in(assistant)
    attendance.department_uid = other.uid
    with models.transaction():
        attendance.write(by=assistant)
    assert may(assistant, Operation.CASE_WORK, **asked)
    models.check_out(attendance)
    assert not may(assistant, Operation.CASE_WORK, **asked)


def test_a_teacher_on_duty_elsewhere_decides_nothing_there(station, teacher):
    other = models.department_by_name("团委")
    attendance = models.check_in(teacher)
    attendance.department_uid = other.uid
    with models.transaction():
        attendance.write(by=teacher)
    for operation in (Operation.PLAN_EDIT, Operation.ATTENDANCE_REVIEW):
        assert not may(teacher, operation, departments=[other.uid])


def test_nobody_reads_an_opinion_about_themselves(station, teacher, assistant):
    mine = [teacher.department_uid]
    asked = {"departments": mine, "about": teacher.uid}
    assert not may(teacher, Operation.OPINION_READ, **asked)
    assert may(teacher, Operation.OPINION_READ, departments=mine, about=assistant.uid)
    office = models.person_signing_in("B0001")
    assert may(office, Operation.OPINION_READ, about=teacher.uid)
    assert not may(office, Operation.OPINION_READ, about=office.uid)
