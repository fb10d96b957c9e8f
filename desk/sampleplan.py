"""The time setting of the sample college: terms, turns, timetables and shift plans."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import models
from models import Department, Desk, Person, PersonRole, Term, Turn

TERM_WEEKS = 20

# The last one only where the desk is open in the evening.
SLOTS = (
    ("08:30", "10:00"),
    ("10:00", "12:00"),
    ("13:30", "15:15"),
    ("15:15", "17:00"),
)
EVENING = ("18:30", "20:30")
EVENING_DESK, EVENING_WEEKDAYS = "xuesheng", range(4)

# Here five assistants share all the shifts and now and then go past their limit.
EAGER_DESK, EAGER = "xuesheng", 5

TURNS = {"dangtuan": Turn.DAY, "houqin": Turn.WEEK}

COURSES = (
    "高等数学 大学英语 程序设计基础 机械制图 电工电子 思想道德与法治 体育 "
    "数据库应用 会计基础 市场营销 服装设计 纺织材料 计算机网络"
).split()
# Two periods each: 1–2, 3–4, 5–6, 7–8, about the times of SLOTS.
BLOCKS = len(SLOTS)
LESSONS_A_WEEK = 7


class Place(NamedTuple):
    """A line of a weekly plan before anybody is named; block 4 is the evening."""

    weekday: int
    block: int

    @property
    def hours(self) -> tuple[str, str]:
        return EVENING if self.block == BLOCKS else SLOTS[self.block]


def lay_terms(first: date, until: date, *, by: Person) -> list[Term]:
    """Terms of 20 weeks end to end from the Monday *first* until *until* is in one."""
    laid = []
    while not laid or laid[-1].ends_on < until:
        ends = first + timedelta(weeks=TERM_WEEKS, days=-1)
        name = f"{first.year}年{first.month}月开学的学期"
        laid.append(models.set_term(by=by, name=name, starts_on=first, ends_on=ends))
        first = ends + timedelta(days=1)
    return laid


def take_turns(on: date, *, by: Person) -> None:
    """The units of the joint desks serve by rotation (P13)."""
    for code, every in TURNS.items():
        desk = models.desk_by_code(code)
        units = models.departments_of(desk)
        models.set_rotation(desk, by=by, starts_on=on, every=every, units=units)


def places_of(desk: Desk) -> list[Place]:
    places = [Place(day, block) for day in range(5) for block in range(BLOCKS)]
    if desk.code == EVENING_DESK:
        places += [Place(day, BLOCKS) for day in EVENING_WEEKDAYS]
    return places


def crew_for(department: Department) -> list[Person]:
    """The department's assistants, by number."""
    return [
        person
        for person in models.people(PersonRole.ASSISTANT)
        if person.department_uid == department.uid
    ]


def posts_of(desk: Desk, crew: list[Person]) -> dict[Place, Person]:
    """Who is A at each place of the week, in turn."""
    first = crew[: EAGER if desk.code == EAGER_DESK else len(crew)]
    return {place: first[at % len(first)] for at, place in enumerate(places_of(desk))}


def give_timetables(terms: list[Term], chance: random.Random, *, by: Person) -> None:
    """A timetable for every assistant; for some a course meets a shift of their own."""
    for desk in models.desks():
        for department in models.departments_of(desk):
            crew = crew_for(department)
            posts = posts_of(desk, crew)
            for person in crew:
                mine = [place for place, a in posts.items() if a.uid == person.uid]
                lessons = _lessons(mine, chance)
                for term in terms:
                    models.save_timetable(person, by=by, term=term, lessons=lessons)


def _lessons(mine: list[Place], chance: random.Random) -> list[dict[str, Any]]:
    free = [
        Place(day, block)
        for day in range(5)
        for block in range(BLOCKS)
        if Place(day, block) not in mine
    ]
    held = [
        (place, "all")
        for place in chance.sample(free, min(LESSONS_A_WEEK, len(free) // 2))
    ]
    by_day = [place for place in mine if place.block < BLOCKS]
    if by_day and chance.random() < 0.35:
        weeks = chance.choice(["odd", "even", list(range(3, 9)), list(range(10, 17))])
        held.append((chance.choice(by_day), weeks))
    return [
        {
            "weekday": place.weekday,
            "first": place.block * 2 + 1,
            "last": place.block * 2 + 2,
            "weeks": weeks,
            "name": chance.choice(COURSES),
        }
        for place, weeks in held
    ]


def plan_at_desk(terms: list[Term], first: date) -> None:
    """At the desk whose database is open its teachers draft and submit their plans."""
    desk = models.this_desk()
    for department in models.departments_of(desk):
        crew = crew_for(department)
        teacher = teachers_of(department)[0]
        for term in terms:
            plan = models.new_plan(
                by=teacher,
                desk=desk,
                department=department,
                starts_on=max(first, term.starts_on),
                ends_on=term.ends_on,
            )
            models.save_plan(
                plan,
                by=teacher,
                shifts=list(_shifts(desk, crew, term)),
                stays=[_stay(department, teacher)],
            )
            models.submit_plan(plan, by=teacher)


def teachers_of(department: Department) -> list[Person]:
    return [
        person
        for person in models.people(PersonRole.TEACHER)
        if person.department_uid == department.uid
    ]


def _shifts(desk: Desk, crew: list[Person], term: Term) -> Iterator[dict[str, Any]]:
    """A and two or three B, if possible such as have no course at that time."""
    taken = {
        (person.uid, lesson["weekday"], (lesson["first"] - 1) // 2)
        for person in crew
        if (timetable := models.timetable_of(person.uid, term)) is not None
        for lesson in timetable.lessons
        if lesson["weeks"] == "all"
    }
    for place, a in posts_of(desk, crew).items():
        at = crew.index(a)
        # Whoever comes next in turn, but those with a course only if need be.
        ring = sorted(
            crew[at + 1 :] + crew[:at], key=lambda b: (b.uid, *place) in taken
        )
        free = [b for b in ring if (b.uid, *place) not in taken]
        others = free[:3] if len(free) > 1 else ring[:2]
        yield {
            "weekday": place.weekday,
            "weeks": "all",
            "from": place.hours[0],
            "to": place.hours[1],
            "a": models.who(a),
            "b": [models.who(b) for b in others],
        }


def _stay(department: Department, teacher: Person) -> dict[str, Any]:
    at = [d.uid for d in models.departments()].index(department.uid)
    return {
        "weekday": at % 5,
        "weeks": "all",
        "from": "14:00",
        "to": "16:00",
        "teacher": models.who(teacher),
    }


def file_plans(*, by: Person) -> None:
    """The office accepts every plan that waits, by the order of desks."""
    for plan in sorted(models.plans_of(), key=lambda plan: (plan.starts_on, plan.uid)):
        if not plan.is_draft and models.decision_of(plan) is None:
            models.accept_plan(plan, by=by)
