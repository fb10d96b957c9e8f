"""Every operation is tried by everybody: what the table says is what happens (P12)."""

import importlib
import inspect
import pkgutil
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import officedoors
import pytest
from doors import ABOUT, CHIEF, DOORS, HOLDER, NOW, SOON, Door
from exchange import exchange
from sealing import add_teacher, hand, person
from smallcentre import Centre

import exports
import models
from models import PersonRole, UserError, clock
from models.approvals import Verdict, verdict_of
from models.permissions import OPERATION_LABELS, RIGHTS, Operation, Scope, who_may

NEWER = "X001"

# Who tries each door: their role, and are they of 教务处, whose business it is?
PEOPLE = {
    "2024110201": (PersonRole.ASSISTANT, True),
    "2024110202": (PersonRole.ASSISTANT, True),
    "2024110301": (PersonRole.ASSISTANT, False),
    "T001": (PersonRole.TEACHER, True),
    "T002": (PersonRole.TEACHER, True),
    "T101": (PersonRole.TEACHER, False),
    CHIEF: (PersonRole.OFFICE, False),
    # Of a role that only a newer program knows.
    NEWER: ("auditor", True),
}

AT_THE_DESK = "whoever is at the desk PC writes for whoever stands there (代签); it is "
AT_THE_DESK += "marked how, and what is odd waits for approval by both sides"
PART = "a part of operations that have asked"
ASKS = "asks or answers, and writes nothing"

# Functions that take `by` and do not ask the table, and why.
UNASKED = {
    "attendance.check_out": AT_THE_DESK,
    "checkins.check_in": AT_THE_DESK,
    "checkins.check_in_of": AT_THE_DESK,
    "swipes.leave": AT_THE_DESK,
    "swipes.stand_in": AT_THE_DESK,
    "swipes.swipe_of": AT_THE_DESK,
    "attendance.close_at": PART,
    "attendance.close_forgotten": PART,
    "catalogue.note_change": PART,
    "alarms.settle_alarm": PART,
    "erasing.erase_rows": PART,
    "erasure.write_order": PART,
    "retention.erase_what_is_due": "what the office ordered for all of an age",
    "keysets.page_of": f"{ASKS}; `by` is what it is ordered by",
    "journal.append": PART,
    "journal.append_entries": PART,
    "openings.write_usual_hours": PART,
    "servicechanges.write_service": PART,
    "steps.write_step": PART,
    "applications.require_here": ASKS,
    "custody.require_user": ASKS,
    "custody.stands_in_for": ASKS,
    "permissions.may": ASKS,
    "permissions.require": ASKS,
    "permissions.works_for": ASKS,
    "plans.may_plan": ASKS,
    "reviews.side_of": ASKS,
    "slip_samples.sample_of": ASKS,
    "slip_samples.sample_visit": ASKS,
    "timetables.require_teacher_or_office": ASKS,
    "visitcounts.visit_counts": f"{ASKS}; `by` is what it counts by",
}


@pytest.fixture(scope="module")
def everybody(small_centre: Path, tmp_path_factory) -> Iterator[Centre]:
    """The small centre with people of other departments, a term, a seal handed in,
    and a correction that 曾单 asked for."""
    root = tmp_path_factory.mktemp("doors") / "centre"
    shutil.copytree(small_centre, root)
    centre = Centre(root)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        models.set_share(str(centre.share))
    with clock.set_at(NOW - timedelta(days=1)):
        fill_office(centre)
        exchange(centre.office, centre.station)
    fill_desk()
    exchange(centre.station, centre.office)
    yield centre
    models.close_database()


def fill_office(centre: Centre) -> None:
    models.open_database(centre.office)
    by = person(CHIEF)
    keeper = add_teacher(by, "T101", "白老师", "团委")
    add_teacher(by, "T201", "学工老师", "学生处")
    models.add_person(
        by=by,
        number="2024110301",
        name="外人",
        role=PersonRole.ASSISTANT,
        department=models.department_by_name("团委"),
    )
    models.set_term(by=by, name="学期", starts_on=NOW.date(), ends_on=SOON)
    models.register_seal(
        by=by,
        department=models.department_by_name("团委"),
        desk=models.desk_by_code("jiaowu"),
        keeper=keeper,
    )


def fill_desk() -> None:
    """曾单 came twice; of one coming a correction is asked for."""
    with clock.set_at(NOW - timedelta(days=1)):
        seal = models.seal_by_name("团委")
        hand(seal, person("T101"), person(CHIEF), person(ABOUT), kind="collected")
    for hours in (26, 1):
        with clock.set_at(NOW - timedelta(hours=hours)):
            came = models.check_in(person(ABOUT), forced_reason="试")
        with clock.set_at(NOW - timedelta(hours=hours, minutes=-30)):
            models.check_out(came)
        if hours == 26:
            times = {"new_in": came.checked_in_at, "new_out": came.checked_in_at}
            with clock.set_at(NOW - timedelta(hours=20)):
                models.request_correction(
                    by=person(ABOUT), attendance=came, reason="没有来", **times
                )


@contextmanager
def taken_back() -> Iterator[None]:
    """All that is done inside leaves no trace."""
    with pytest.raises(ZeroDivisionError), models.transaction():
        yield
        raise ZeroDivisionError


def lets_in(door: Door, number: str) -> bool:
    """What the table says, reckoned here once more."""
    role, own = PEOPLE[number]
    scope = RIGHTS[door.operation].of(role)
    others = number != door.about
    return {
        Scope.NONE: False,
        Scope.SELF: not others,
        Scope.OWN: own,
        Scope.OTHERS: others,
        Scope.OWN_OTHERS: own and others,
        Scope.ANY: True,
    }[scope]


def open_at(centre: Centre, place: str) -> None:
    """Opened once for many tries: nothing they do stays."""
    folder = centre.root / place
    if models.base.db.is_closed() or Path(models.base.db.database).parent != folder:
        models.open_database(folder)


# Their arguments would need a file, or forty hours of work: tested at length elsewhere.
NEVER_HERE = (
    *("roster.importing.import_roster", "timetables.importing.import_timetables"),
    "pay.decide_excess",
)


def who(number: str) -> models.Person:
    if number != NEWER:
        return person(number)
    mine = person(HOLDER).department_uid
    return models.Person(number=NEWER, name="审计", role="auditor", department_uid=mine)


def trial(door: Door, number: str):
    return pytest.param(door, number, id=f"{door.name}-{door.at}-{number}")


@pytest.mark.parametrize(
    ("door", "number"), [trial(door, number) for door in DOORS for number in PEOPLE]
)
def test_who_may_and_nobody_else_does_it(everybody, door, number):
    open_at(everybody, door.at)
    refusal = f"{OPERATION_LABELS[door.operation]}由{who_may(door.operation)}办理"
    with clock.set_at(NOW), taken_back():
        do, by = door.ready(), who(number)
        before = models.row_counts(), models.journal.tip()
        try:
            do(by)
        except UserError as error:
            if lets_in(door, number):
                assert refusal not in str(error)
                assert door.unless and re.search(door.unless, str(error)), error
            else:
                others = door.instead and re.search(door.instead, str(error))
                assert others or refusal in str(error)
            assert (models.row_counts(), models.journal.tip()) == before
        else:
            assert lets_in(door, number), f"{number} was let in"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.name}-{door.at}")
def test_every_door_opens_to_somebody(everybody, door):
    """Else the refusals above would prove nothing."""
    open_at(everybody, door.at)
    opened = []
    for number in PEOPLE:
        with clock.set_at(NOW), taken_back():
            do = door.ready()
            try:
                do(who(number))
            except UserError:
                continue
            opened.append(number)
    assert opened or door.name in NEVER_HERE


def operations() -> Iterator[str]:
    """Every public function of models and exports that is told who acts."""
    for package in (models, exports):
        for module in modules_of(package):
            short = module.__name__.split(".", 1)[1]
            for name, found in vars(module).items():
                own = getattr(found, "__module__", "") == module.__name__
                if own and inspect.isfunction(found) and not name.startswith("_"):
                    if "by" in inspect.signature(found).parameters:
                        yield f"{short}.{name}"


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def test_no_operation_is_without_a_door():
    assert officedoors.BASIS  # its doors are entered when it is read
    known = {door.name for door in DOORS}
    assert not known & set(UNASKED)
    assert set(operations()) == known | set(UNASKED)


def test_every_row_of_the_table_has_a_door():
    """There is no opinion book yet: of opinions there is the rule alone."""
    assert {door.operation for door in DOORS} == set(Operation) - {
        Operation.OPINION_READ
    }


BUSINESS = ("visit_", "case_work", "case_extend", "seal_use", "seal_void")
BUSINESS += ("seal_transfer", "seal_take_out", "seal_reserve", "loan", "booking")


def test_the_office_changes_no_record_of_a_departments_business():
    rows = [operation for operation in Operation if operation.startswith(BUSINESS)]
    assert len(rows) == 13
    assert all(RIGHTS[operation].office == Scope.NONE for operation in rows)


def test_a_department_alone_approves_no_attendance(everybody):
    """It gives its opinion; without the office's nothing counts."""
    open_at(everybody, "jiaowu")
    with clock.set_at(NOW), taken_back():
        asked = models.Correction.get()
        models.decide(asked, by=person(HOLDER), approved=True)
        assert verdict_of(asked).verdict != Verdict.APPROVED
        with pytest.raises(UserError, match="已经审核过"):
            models.decide(asked, by=person("T002"), approved=True)
        with pytest.raises(UserError, match="在办公室的电脑上"):
            models.decide(asked, by=person(CHIEF), approved=True)


def test_nobody_decides_on_their_own_attendance(everybody):
    open_at(everybody, "office")
    with clock.set_at(NOW), taken_back():
        asked = models.Correction.get()
        asked.person_uid = person(CHIEF).uid
        with pytest.raises(UserError, match="自己的考勤"):
            models.decide(asked, by=person(CHIEF), approved=True)
