"""What people are engaged in on the dates of a plan: its own lines, others, classes.

Planning compares every line of a plan with every assistant's timetable.  So all that is
asked is read from the database once, and the calendar once a day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from models import calendar
from models.attendance import Interval, minutes_between
from models.desks import Desk
from models.plan_contents import when_of
from models.plan_decisions import PlanDecision, accepted_plans, in_force_among
from models.plans import ShiftPlan
from models.shifts import hours_on, is_on
from models.terms import WEEKS_LABELS, monday_of, period_tables, terms
from models.timetables import (
    Lesson,
    lessons_held,
    readable_lessons,
    timetables,
    weeks_label,
)

DAY = timedelta(days=1)

Plan = ShiftPlan | PlanDecision


class Line(NamedTuple):
    """A shift or stay of a plan, with every time it takes place."""

    plan: Plan
    part: dict[str, Any]
    times: list[Interval]
    is_own: bool

    @property
    def key(self) -> str:
        return self.part.get("key", "") if self.is_own else ""

    @property
    def posts(self) -> list[tuple[str, dict[str, str]]]:
        """Who it names, with the post: A, B, or 驻岗."""
        if "teacher" in self.part:
            return [("驻岗", self.part["teacher"])]
        a = [("A 岗", self.part["a"])] if self.part["a"] else []
        return [*a, *(("B 岗", person) for person in self.part["b"])]

    @property
    def a_uid(self) -> str:
        return (self.part.get("a") or {}).get("uid", "")

    @property
    def when(self) -> str:
        return when_of(self.part)

    @property
    def name(self) -> str:
        """When, and where unless it is the plan in question."""
        where = "" if self.is_own else f"{self.plan.desk_name} "
        return where + self.when

    def post_of(self, uid: str) -> str:
        return next((post for post, who in self.posts if who["uid"] == uid), "")


def common_times(
    times: Iterable[Interval], other: Sequence[Interval]
) -> list[Interval]:
    """Those of *times* that overlap one of *other*; both are in order."""
    found, at = [], 0
    for begins, ends in times:
        while at < len(other) and other[at][1] <= begins:
            at += 1
        if at < len(other) and other[at][0] < ends:
            found.append((begins, ends))
    return found


class Class(NamedTuple):
    """A lesson that falls into a line of the plan."""

    time: Interval
    lesson: Lesson


class Engagements:
    """All of it, for one plan; the plan's content as it is now, saved or not."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        # An evening's hours may reach into the next day.
        days = calendar.days_between(plan.starts_on, plan.ends_on + DAY)
        self._about = {day.day: day for day in days}
        self.days = days[:-1]
        self._terms = [
            term
            for term in terms()
            if term.starts_on <= plan.ends_on + DAY and plan.starts_on <= term.ends_on
        ]
        self._desks = {desk.uid: desk for desk in Desk.select()}
        self._units: dict[tuple[str, date, bool], str] = {}
        self._tables = [(t, calendar.periods_of(t)) for t in period_tables()]
        self._lessons = {
            (table.person_uid, term.uid): readable_lessons(table)
            for term in self._terms
            for table in timetables(term)
        }
        self._held: dict[tuple[str, date], list[Lesson]] = {}
        self.shifts = [self.line(part) for part in plan.shifts]
        self.stays = [self.line(part) for part in plan.stays]
        self.others = list(self._lines_of_others())

    @property
    def desk(self) -> Desk:
        return self._desks[self.plan.desk_uid]

    def line(self, part: dict[str, Any]) -> Line:
        """A line of the plan, or one that might become one."""
        return Line(self.plan, part, self._times(self.plan, part, self.days), True)

    def _lines_of_others(self) -> Iterator[Line]:
        """The other plans in force, each on the days it holds."""
        ours = (self.plan.desk_uid, self.plan.department_uid)
        accepted = [
            plan
            for plan in accepted_plans()
            if (plan.desk_uid, plan.department_uid) != ours
        ]
        days: dict[str, list[calendar.Day]] = defaultdict(list)
        for day in self.days if accepted else ():
            for plan in in_force_among(accepted, day.day):
                days[plan.uid].append(day)
        for plan in accepted:
            for part in [*plan.shifts, *plan.stays] if plan.uid in days else ():
                times = self._times(plan, part, days[plan.uid])
                yield Line(plan, part, times, False)

    def _times(
        self, plan: Plan, part: dict[str, Any], days: Iterable[calendar.Day]
    ) -> list[Interval]:
        times = (
            hours_on(day.day, part) for day in days if is_on(part, day, self._in_weeks)
        )
        if "teacher" in part:
            return list(times)
        return [time for time in times if self.is_turn(plan, time[0])]

    # -- the calendar, remembered ---------------------------------------------

    def _in_weeks(self, weeks: str, day: date) -> bool:
        return calendar.holds_in(weeks, self.week_on(day))

    def week_on(self, day: date) -> calendar.TeachingWeek | None:
        for term in self._terms:
            if term.starts_on <= day <= term.ends_on:
                return calendar.TeachingWeek(term, term.week_of(day))
        return None

    def is_turn(self, plan: Plan, moment: datetime) -> bool:
        """Is it the turn of the plan's department at a joint desk (P13)?"""
        desk = self._desks.get(plan.desk_uid)
        if desk is None or not desk.rotation:
            return True
        key = desk.uid, moment.date(), moment.hour >= 12
        if key not in self._units:
            half = datetime.combine(moment.date(), time(12 if key[2] else 0))
            unit = calendar.unit_on(desk, half)
            self._units[key] = unit.uid if unit else ""
        return self._units[key] in ("", plan.department_uid)

    def _periods(self, day: date) -> list[calendar.Period]:
        found = (periods for table, periods in self._tables if table.covers(day))
        return next(found, [])

    def weeks_note(self, times: Iterable[Interval], of: Line) -> str:
        """`（第1–8周）`: in which weeks, unless it is in all those of the line."""
        times = sorted(set(times))  # two lessons may fall into one shift
        if of.part.get("day") or times == of.times:
            return ""
        return f"（{self._weeks_text(times, of)}）"

    def _weeks_text(self, times: Sequence[Interval], of: Line) -> str:
        weeks = self._weeks_of(times)
        if None in weeks:
            days = [begins.date() for begins, _ in times]
            return "、".join(f"{day.month}月{day.day}日" for day in days)
        numbers = {week.number for week in weeks if week}
        served = {week.number for week in self._weeks_of(of.times) if week}
        for rest, kind in ((1, "odd"), (0, "even")):
            if numbers == {number for number in served if number % 2 == rest}:
                return WEEKS_LABELS[kind]
        return "第" + weeks_label(sorted(numbers))

    def _weeks_of(
        self, times: Iterable[Interval]
    ) -> list[calendar.TeachingWeek | None]:
        return [self.week_on(begins.date()) for begins, _ in times]

    # -- what people do -------------------------------------------------------

    def classes_in(self, uid: str, times: Iterable[Interval]) -> list[Class]:
        """The lessons of a person that overlap *times*."""
        found = []
        for begins, ends in times:
            day = begins.date()
            while datetime.combine(day, time.min) < ends:
                found += [
                    Class((begins, ends), lesson)
                    for lesson in self._lessons_on(uid, day)
                    if lesson.begins < ends and begins < lesson.ends
                ]
                day += DAY
        return found

    def _lessons_on(self, uid: str, day: date) -> list[Lesson]:
        if (uid, day) not in self._held:
            self._held[uid, day] = self._read_lessons(uid, day)
        return self._held[uid, day]

    def _read_lessons(self, uid: str, day: date) -> list[Lesson]:
        week = self.week_on(day)
        lessons = self._lessons.get((uid, week.term.uid)) if week else None
        if not lessons:
            return []
        return lessons_held(lessons, self._about[day], week, self._periods(day))

    def class_text(self, classes: Sequence[Class], of: Line) -> str:
        """`周一 3–4节 高等数学（第1–8周）`, of classes of one name."""
        lesson = classes[0].lesson
        day = lesson.begins.date()
        touched = [
            str(period.number)
            for period in self._periods(day)
            if period.begins < lesson.ends.time() and lesson.begins.time() < period.ends
        ]
        span = touched[0] if len(touched) == 1 else f"{touched[0]}–{touched[-1]}"
        weekday = calendar.WEEKDAYS[self._about[day].weekday]
        weeks = self.weeks_note((one.time for one in classes), of)
        return f"周{weekday} {span}节 {lesson.name}{weeks}"

    def classes_by_name(self, uid: str, line: Line) -> list[list[Class]]:
        """A person's classes in a line, course by course."""
        by_name: dict[str, list[Class]] = {}
        for one in self.classes_in(uid, line.times):
            by_name.setdefault(one.lesson.name, []).append(one)
        return list(by_name.values())

    def minutes_by_week(self, uid: str, without: str = "") -> dict[date, int]:
        """Minutes as A by the week's Monday, other plans included.

        A line of the plan with the key *without* does not count.
        """
        minutes: dict[date, int] = defaultdict(int)
        for begins, ends in self.times_as_a(uid, without):
            minutes[monday_of(begins.date())] += minutes_between(begins, ends)
        return minutes

    def times_as_a(self, uid: str, without: str = "") -> Iterator[Interval]:
        for line in (*self.shifts, *self.others):
            if line.a_uid == uid and not (without and line.key == without):
                yield from line.times
