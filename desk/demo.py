"""The sample college: an office and six desks that work some days.

Everything goes through the same operations as in the window, at a clock that is set;
the people are invented.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import models
from exports.ledgers import LEDGERS, export_ledger
from exports.roster import import_roster
from exports.sync import enrolment, share, sync, sync_state
from models import (
    Attendance,
    Desk,
    Handover,
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
from models.seal_uses import SealUse
from models.seals import Seal
from models.workdays import is_working_day

ROSTER = Path(__file__).parent.parent / "tests" / "samples" / "roster.xlsx"

TEACHERS = "周敏 吴国强 郑晓燕 王建华 冯丽 陈志远 褚文静 卫东升".split()
SECOND_TEACHERS = "蒋玉兰 沈卫平 韩雪梅 杨立新 朱海燕 秦少华 尤美玲 许永康".split()
ASSISTANTS = (
    "曾雨桐 单子涵 仇思远 查梦琪 翟浩然 覃诗雨 何俊杰 吕欣怡 施宇轩 张可馨 孔令辉 "
    "曹雅静 严明哲 华诗涵 金泽宇 魏佳怡 陶梓萱 姜一鸣 戚若曦 谢天宇 邹雨欣 喻文博 "
    "柏思琪 水清扬"
).split()

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

Report = Callable[[int, int, str], None]


@dataclass
class Crew:
    """Who works at one desk: A, three B, and a teacher for each department."""

    desk: Desk
    assistants: list[Person]
    teachers: list[Person]


def make_demo(
    root: Path, *, days: int, visits: int, seed: int, report: Report
) -> dict[str, object]:
    """Build and work the sample college in *root*; returns the summary.

    *visits* is the number of visits of all six desks together on one working day.
    """
    if days < 1 or visits < 0:
        raise UserError("天数至少为 1，来访数不能为负数。")
    if root.exists() and any(root.iterdir()):
        raise UserError(f"文件夹“{root}”不是空的，请换一个文件夹。")
    root = root.absolute()
    chance, worked = random.Random(seed), working_days(days)
    total = len(worked) * 6 + 8
    report(0, total, "正在建立样例中心")
    opening = datetime.combine(worked[0] - timedelta(days=1), time(15, 0))
    with clock.set_at(opening):
        found_sample(root, report)
    for at, day in enumerate(worked):
        for place, code in enumerate(codes()):
            report(at * 6 + place + 2, total, f"{day:%m月%d日} {code}")
            share_of_day = visits // 6 + (place < visits % 6)
            models.open_database(root / "stations" / code)
            work_day(day, share_of_day, chance)
            with clock.set_at(datetime.combine(day, time(17, 30))):
                sync()
        with clock.set_at(datetime.combine(day, time(17, 45))):
            sync_at(root / "office")
    report(total - 4, total, "正在收取回执")
    with clock.set_at(datetime.combine(worked[-1], time(18, 0))):
        return conclude(root, worked)


def codes() -> list[str]:
    return [plan.code for plan in models.centre.DESKS]


def working_days(count: int) -> list[date]:
    """The last *count* working days before today, oldest first."""
    found, day = [], clock.today()
    while len(found) < count:
        day -= timedelta(days=1)
        if is_working_day(day):
            found.append(day)
    return found[::-1]


def sync_at(folder: Path) -> None:
    models.open_database(folder)
    sync()


def found_sample(root: Path, report: Report) -> None:
    """Office, roster, people, seals, and six stations let in."""
    root.mkdir(parents=True, exist_ok=True)
    shared = root / "share"
    enrolment.found_centre(
        root / "office",
        share_folder=shared,
        centre_name="沙洲职业工学院“一站式”学生社区服务中心（样例）",
        number="B0001",
        name="顾主任",
        card="9000000001",
        recovery_file=root / "recovery.key",
        key_in_file=True,
    )
    office = models.person_signing_in("B0001")
    import_roster(ROSTER, by=office)
    add_staff(office)
    marker = share.read_marker(shared)
    for code in codes():
        desk = models.desk_by_code(code)
        folder = root / "stations" / code
        models.close_database()
        enrolment.join_centre(
            folder,
            share_folder=shared,
            marker=marker,
            name=f"{desk.name} 1 号机",
            key_in_file=True,
        )
        models.open_database(root / "office")
    let_in(office)
    sync()
    for code in codes():
        sync_at(root / "stations" / code)


def let_in(office: Person) -> None:
    """Approve the six requests, each at the desk its name begins with."""
    for request in enrolment.requests():
        desk = next(d for d in models.desks() if request.name.startswith(d.name))
        enrolment.approve(request, desk=desk, by=office)


def add_staff(office: Person) -> None:
    """Two teachers and the seal for each department, four assistants for each desk."""
    for at, department in enumerate(models.departments()):
        keeper, _second = (
            models.add_person(
                by=office,
                number=f"{prefix}{at + 1:03d}",
                name=names[at],
                role=models.PersonRole.TEACHER,
                department=department,
                card=f"{card}{at + 1:08d}",
            )
            for prefix, card, names in (
                ("J", "80", TEACHERS),
                ("K", "81", SECOND_TEACHERS),
            )
        )
        desk = next(
            desk
            for desk in models.desks()
            if department.uid in {d.uid for d in models.departments_of(desk)}
        )
        models.register_seal(by=office, department=department, desk=desk, keeper=keeper)
    for at, name in enumerate(ASSISTANTS):
        desk = models.desks()[at // 4]
        models.add_person(
            by=office,
            number=f"20241102{at + 1:02d}",
            name=name,
            role=models.PersonRole.ASSISTANT,
            department=models.departments_of(desk)[0],
            card=f"70{at + 1:08d}",
            class_name="勤工助学",
        )


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
    planned = [(_at(day, 8, 30), _at(day, 12)), (_at(day, 13, 30), _at(day, 17))]

    def shift(person: Person, begins: datetime, ends: datetime, **more) -> None:
        models.check_in(
            person, planned_from=begins, planned_to=ends, method="card", **more
        )

    def out(person: Person) -> Callable[[], object]:
        return lambda: models.check_out(_open(person), by=person, method="card")

    late = timedelta(minutes=chance.choice((-6, -4, -3, -1, 4)))
    yield planned[0][0] + late, lambda: shift(first, *planned[0])
    yield _at(day, 10, 2), out(first)
    yield (
        _at(day, 10, 3),
        lambda: shift(
            cover,
            _at(day, 10),
            planned[0][1],
            post="B",
            cover_for=first,
            cover_reason=chance.choice(list(models.COVER_REASON_LABELS)),
        ),
    )
    yield _at(day, 12, 1), out(cover)
    yield planned[1][0] - timedelta(minutes=2), lambda: shift(later, *planned[1])
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


def counts_by_station() -> dict[str, dict[str, int]]:
    """For each desk's station, the rows of the four records in the open database."""
    names = {desk.uid: desk.code for desk in models.desks()}
    counts: dict[str, dict[str, int]] = {}
    for station in models.stations():
        counts[names[station.desk_uid]] = {
            title: model.select().where(model.station == station.station_uid).count()
            for title, model in (
                ("visits", Visit),
                ("seal_uses", SealUse),
                ("attendances", Attendance),
                ("handovers", Handover),
            )
        }
    return counts


def conclude(root: Path, worked: list[date]) -> dict[str, object]:
    """Fetch the receipts, count on both sides, and export the ledgers."""
    stations, confirmed, unconfirmed = {}, 0, 0
    for code in codes():
        sync_at(root / "stations" / code)
        stations[code] = counts_by_station()[code]
        state = sync_state()
        confirmed += state.confirmed
        unconfirmed += state.published + state.waiting
    models.open_database(root / "office")
    at_office = counts_by_station().values()
    ledgers = []
    for ledger in LEDGERS:
        path = root / "ledgers" / f"{ledger.title}_{worked[-1]:%Y-%m}.docx"
        path.parent.mkdir(exist_ok=True)
        made = export_ledger(ledger, path, first=worked[0], last=worked[-1])
        ledgers.append(
            {"name": ledger.title, "path": str(made.path), "rows": made.rows}
        )
    return {
        "stations": stations,
        "office": {
            key: sum(counts[key] for counts in at_office)
            for key in ("visits", "seal_uses", "attendances", "handovers")
        },
        "confirmed": confirmed,
        "unconfirmed": unconfirmed,
        "ledgers": ledgers,
    }
