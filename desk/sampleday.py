"""A day at one desk of the sample college, through the operations of the window."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import models
from models import (
    Attendance,
    Desk,
    Person,
    Service,
    ServiceKind,
    StepKind,
    Student,
    UserError,
    Visit,
    VisitChannel,
    VisitOutcome,
    clock,
)
from models.seals import Seal

# How many of a hundred visits end how.
OUTCOMES = {
    VisitOutcome.DONE: 38,
    VisitOutcome.ENQUIRY: 28,
    VisitOutcome.PROMISED: 16,
    VisitOutcome.NOTIFIED: 8,
    VisitOutcome.REFERRED: 6,
    VisitOutcome.REFUSED: 4,
}
CHANNELS = [VisitChannel.IN_PERSON] * 8 + [VisitChannel.PHONE, VisitChannel.ONLINE]
DOCUMENTS = (
    ("在读证明", "办理助学贷款"),
    ("成绩单", "专转本报名"),
    ("实习协议", "顶岗实习"),
    ("就业协议书", "毕业生签约"),
    ("社团活动申请表", "举办社团活动"),
    ("缓考申请表", "因病缓考"),
)


@dataclass
class Crew:
    """Who works at one desk: A, three B, and a teacher for each department."""

    desk: Desk
    assistants: list[Person]
    teachers: list[Person]


def crew_of(desk: Desk) -> Crew:
    at = [d.uid for d in models.desks()].index(desk.uid)
    served = {department.uid for department in models.departments_of(desk)}
    teachers = models.people(models.PersonRole.TEACHER)
    return Crew(
        desk,
        [models.person_signing_in(f"20241102{at * 4 + n + 1:02d}") for n in range(4)],
        [teacher for teacher in teachers if teacher.department_uid in served],
    )


def work_day(day: date, visits: int, chance: random.Random) -> None:
    """One day at the desk whose database is open."""
    crew = crew_of(models.this_desk())
    students = list(Student.select().order_by(Student.number).limit(2_000))
    events = [
        *_attendance_events(day, crew, chance),
        *_visit_events(day, crew, visits, students, chance),
        *_seal_events(day, crew, students, chance),
        *_handover_events(day, crew),
    ]
    for moment, act in sorted(events, key=lambda event: event[0]):
        with clock.set_at(moment):
            act()


Event = tuple[datetime, Callable[[], object]]


def _at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second))


def _attendance_events(day: date, crew: Crew, chance: random.Random) -> Iterator[Event]:
    """A from 8:30, B in class hours as cover for A, another B in the afternoon."""
    first, cover, later, _spare = crew.assistants
    planned = [(_at(day, 8, 30), _at(day, 10)), (_at(day, 13, 30), _at(day, 17))]

    def shift(person: Person, **more) -> None:
        models.check_in(person, method="card", forced_reason="试运行", **more)

    def out(person: Person) -> Callable[[], object]:
        return lambda: models.check_out(_open(person), by=person, method="card")

    late = timedelta(minutes=chance.choice((-6, -4, -3, -1, 4)))
    yield planned[0][0] + late, lambda: shift(first)
    yield _at(day, 10, 2), out(first)
    yield (
        _at(day, 10, 3),
        lambda: shift(
            cover,
            post="B",
            cover_for=first,
            cover_reason=chance.choice(list(models.COVER_REASON_LABELS)),
        ),
    )
    yield _at(day, 12, 1), out(cover)
    yield planned[1][0] - timedelta(minutes=2), lambda: shift(later)
    yield _at(day, 17, 2), out(later)


def _open(person: Person) -> Attendance:
    attendance = models.open_attendance(person)
    if attendance is None:
        raise UserError(f"{person.name}没有签到。")
    return attendance


def _visit_events(
    day: date,
    crew: Crew,
    count: int,
    students: list[Student],
    chance: random.Random,
) -> Iterator[Event]:
    """Visits over the opening hours, and yesterday's cases brought to an end."""
    services = models.services_of(crew.desk)
    others = [desk for desk in models.desks() if desk.uid != crew.desk.uid]
    outcomes = chance.choices(list(OUTCOMES), list(OUTCOMES.values()), k=count)
    # Each outcome occurs somewhere even on a quiet day.
    outcomes[: len(OUTCOMES)] = list(OUTCOMES)[: len(outcomes)]
    for outcome in outcomes:
        moment = _moment(day, chance)
        handler = crew.assistants[
            0 if moment.hour < 10 else 1 if moment.hour < 13 else 2
        ]
        service = _service_for(outcome, services, chance)
        act = _visit(outcome, service, handler, chance.choice(students), others, chance)
        yield moment, act
    for case in models.open_cases(crew.desk)[: max(1, count // 10)]:
        yield _moment(day, chance), _finish(case, crew.assistants[2])


def _moment(day: date, chance: random.Random) -> datetime:
    """Some time in the opening hours, 8:35 to 11:55 or 13:35 to 16:45."""
    minutes = chance.randrange(200 + 190)
    begins = _at(day, 8, 35) if minutes < 200 else _at(day, 13, 35)
    return begins + timedelta(minutes=minutes % 200, seconds=chance.randrange(60))


def _service_for(
    outcome: VisitOutcome, services: list[Service], chance: random.Random
) -> Service:
    kind = {
        VisitOutcome.ENQUIRY: ServiceKind.ENQUIRY,
        VisitOutcome.PROMISED: ServiceKind.PROMISED,
        VisitOutcome.DONE: ServiceKind.INSTANT,
    }.get(outcome)
    return chance.choice([s for s in services if kind in (None, s.kind)] or services)


def _visit(
    outcome: VisitOutcome,
    service: Service,
    handler: Person,
    student: Student,
    others: list[Desk],
    chance: random.Random,
) -> Callable[[], object]:
    named = outcome != VisitOutcome.ENQUIRY or chance.random() < 0.5
    rating = chance.choice((None, None, 5, 5, 5, 4, 3))
    materials = [
        {"name": name, "count": 1}
        for name in service.materials.split("、")
        if name and outcome == VisitOutcome.PROMISED
    ]
    result = {
        VisitOutcome.DONE: "当场办妥",
        VisitOutcome.NOTIFIED: "缺学生证原件，已一次性告知",
        VisitOutcome.REFUSED: "不符合办理条件，已说明",
        VisitOutcome.REFERRED: "不属本窗口，已转办",
    }.get(outcome, "")
    fields = {
        "channel": chance.choice(CHANNELS),
        "refer_to": chance.choice(others) if outcome == VisitOutcome.REFERRED else None,
    }

    def act() -> None:
        visit = models.record_visit(
            by=handler,
            service=service,
            outcome=outcome,
            student=student if named else None,
            materials=materials,
            result=result,
            **fields,
        )
        if rating and named:
            models.rate_visit(visit, rating, by=handler)

    return act


def _finish(case: Visit, by: Person) -> Callable[[], object]:
    def act() -> None:
        models.add_step(case, StepKind.PROGRESS, by=by, note="部门已审核")
        models.finish_case(case, by=by, result="已办结，通知学生领取")

    return act


def _seal_events(
    day: date, crew: Crew, students: list[Student], chance: random.Random
) -> Iterator[Event]:
    """Uses of each seal by whoever holds it; the second teacher has it after noon."""
    for at, seal in enumerate(models.seals_of(crew.desk)):
        for moment in sorted(_moment(day, chance) for _ in range(chance.randint(3, 6))):
            yield moment, _use(seal, chance.choice(students), chance)
        keeper, second = (
            t for t in crew.teachers if t.department_uid == seal.department_uid
        )
        yield (
            _at(day, 12, 10 + at),
            _hand_seal(seal, keeper, second, crew.assistants[1]),
        )
        yield (
            _at(day, 16, 50 + at),
            _hand_seal(seal, second, keeper, crew.assistants[2]),
        )


def _use(seal: Seal, student: Student, chance: random.Random) -> Callable[[], object]:
    title, purpose = chance.choice(DOCUMENTS)
    copies, fate = chance.randint(1, 4), chance.random()

    def act() -> None:
        holder = Person.get(Person.uid == models.holder_of(seal).uid)
        asked = {
            "by": holder,
            "seal": seal,
            "applicant": student.name,
            "unit": student.college or student.class_name,
            "document_title": title,
        }
        if fate < 0.06:
            models.refuse_seal_use(**asked, reason="表格没有学院签字")
            return
        use = models.record_seal_use(
            **asked,
            purpose=purpose,
            copies=copies,
            impressions=copies,
            approver=holder.name,
            student=student,
        )
        if fate > 0.95:
            models.void_seal_use(use, by=holder, reason="份数登记错误，另行登记")

    return act


def _hand_seal(
    seal: Seal, giver: Person, receiver: Person, witness: Person
) -> Callable[[], object]:
    return lambda: models.transfer_seal(
        seal, by=giver, receiver=receiver, witness=witness, reason="交接班"
    )


def _handover_events(day: date, crew: Crew) -> Iterator[Event]:
    """At noon to the afternoon's assistant, in the evening to tomorrow's."""
    first, cover, later, _spare = crew.assistants
    for moment, outgoing, incoming, objection in (
        (_at(day, 12), cover, later, ""),
        (
            _at(day, 17),
            later,
            first,
            "饮水机无水，已报后勤" if day.day % 5 == 0 else "",
        ),
    ):
        yield moment, lambda by=outgoing: models.hand_over(by=by)
        yield (
            moment + timedelta(seconds=40),
            lambda by=incoming, objection=objection: _take_over(by, objection),
        )


def _take_over(by: Person, objection: str) -> None:
    handover = models.waiting_handover()
    if handover is not None:
        models.take_over(handover, by=by, objection=objection)
