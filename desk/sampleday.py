"""A day at one desk of the sample college, through the operations of the window."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import models
from desk.sampleduty import Event, Presence, duty_events
from models import (
    Desk,
    Person,
    PersonRole,
    Service,
    ServiceKind,
    StepKind,
    Student,
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
    """Who works at one desk: assistants, and the teachers of its departments."""

    desk: Desk
    presence: Presence
    teachers: list[Person]


def crew_of(desk: Desk) -> Crew:
    served = {department.uid for department in models.departments_of(desk)}
    assistants, teachers = (
        [person for person in models.people(role) if person.department_uid in served]
        for role in (PersonRole.ASSISTANT, PersonRole.TEACHER)
    )
    return Crew(desk, Presence(assistants), teachers)


def visitors() -> list[Student]:
    return list(Student.select().order_by(Student.number).limit(2_000))


def work_day(
    day: date,
    visits: int,
    students: list[Student],
    chance: random.Random,
    *,
    is_busy: bool = True,
) -> datetime:
    """One day at the desk whose database is open; returns when the last one left.

    Seals and shifts are handed over on busy days only.
    """
    crew = crew_of(models.this_desk())
    events = [
        *duty_events(day, crew.desk, crew.presence, chance),
        *_visit_events(day, crew, visits, students, chance),
        *_seal_events(day, crew, students, chance, is_busy),
    ]
    if is_busy:
        events += _handover_events(day, crew)
    events.sort(key=lambda event: event[0])
    for moment, act in events:
        with clock.set_at(moment):
            act()
    return events[-1][0]


def _at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second))


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
        service = _service_for(outcome, services, chance)
        act = _visit(
            outcome, service, crew.presence, chance.choice(students), others, chance
        )
        yield moment, act
    for case in models.open_cases(crew.desk)[: max(1, count // 10)]:
        yield _moment(day, chance), _finish(case, crew.presence)


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
    presence: Presence,
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
        handler = presence.on_duty
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


def _finish(case: Visit, presence: Presence) -> Callable[[], object]:
    def act() -> None:
        by = presence.on_duty
        models.add_step(case, StepKind.PROGRESS, by=by, note="部门已审核")
        models.finish_case(case, by=by, result="已办结，通知学生领取")

    return act


def _seal_events(
    day: date,
    crew: Crew,
    students: list[Student],
    chance: random.Random,
    is_busy: bool,
) -> Iterator[Event]:
    """Uses of each seal by whoever holds it; the second teacher has it after noon."""
    for at, seal in enumerate(models.seals_of(crew.desk)):
        for _ in range(chance.randint(3, 6) if is_busy else 1):
            yield _moment(day, chance), _use(seal, chance.choice(students), chance)
        keeper, second = (
            t for t in crew.teachers if t.department_uid == seal.department_uid
        )
        if is_busy:
            yield (
                _at(day, 12, 10 + at),
                _hand_seal(seal, keeper, second, crew.presence),
            )
            yield (
                _at(day, 16, 50 + at),
                _hand_seal(seal, second, keeper, crew.presence),
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
    seal: Seal, giver: Person, receiver: Person, presence: Presence
) -> Callable[[], object]:
    return lambda: models.transfer_seal(
        seal,
        by=giver,
        receiver=receiver,
        witness=presence.on_duty,
        reason="交接班",
    )


def _handover_events(day: date, crew: Crew) -> Iterator[Event]:
    """At noon to the afternoon's assistant, in the evening to tomorrow's."""
    objection = "饮水机无水，已报后勤" if day.day % 5 == 0 else ""
    for moment, said in ((_at(day, 11, 59), ""), (_at(day, 16, 59), objection)):
        yield moment, lambda: models.hand_over(by=crew.presence.on_duty)
        yield moment + timedelta(seconds=40), _taking_over(crew, said)


def _taking_over(crew: Crew, objection: str) -> Callable[[], object]:
    """By whoever comes next; the one who hands over cannot do both."""

    def act() -> None:
        waiting = models.waiting_handover()
        if waiting is None:
            return
        others = [p for p in crew.presence.crew if p.uid != waiting.outgoing_uid]
        models.take_over(waiting, by=others[0], objection=objection)

    return act
