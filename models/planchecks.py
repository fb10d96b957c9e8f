"""What may be wrong with a plan in itself: clashes, hours, posts and people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from models.attendance import minutes_between
from models.calendar import holds_in
from models.engagements import Engagements, Line, common_times
from models.hours import limits_on
from models.people import Person, PersonStatus
from models.rules import rules_on
from models.shifts import is_on
from models.terms import monday_of
from models.timetables import weeks_label


class PlanWarningKind(StrEnum):
    CLASH = "clash"
    GAP = "gap"
    OUTSIDE = "outside"
    NO_A = "no_a"
    NO_B = "no_b"
    NO_STAY = "no_stay"
    HOURS = "hours"
    UNTRAINED = "untrained"
    LEFT = "left"
    NEVER = "never"


class PlanWarning(NamedTuple):
    """Something to look at: in a shift or stay, in two, or at a time without any."""

    kind: str
    text: str
    shift_key: str = ""
    other_key: str = ""
    weekday: int | None = None
    from_time: str = ""
    to_time: str = ""


# -- clashes ------------------------------------------------------------------


def classes(view: Engagements) -> Iterator[PlanWarning]:
    for line in (*view.shifts, *view.stays):
        for post, who in line.posts:
            for classes in view.classes_by_name(who["uid"], line):
                said = view.class_text(classes, line)
                text = f"{line.when} {post}{who['name']}有课：{said}"
                yield PlanWarning(PlanWarningKind.CLASH, text, line.key)


def doubles(view: Engagements) -> Iterator[PlanWarning]:
    """One person in two lines at a time, of which at least one is the plan's own."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in (*view.shifts, *view.stays, *view.others):
        for _, who in line.posts:
            lines[who["uid"]].append(line)
    for uid, theirs in lines.items():
        for one, other in combinations(theirs, 2):
            times = common_times(one.times, other.times) if one.is_own else []
            if times:
                name = next(who["name"] for _, who in one.posts if who["uid"] == uid)
                weeks = view.weeks_note(times, one)
                text = (
                    f"{name}同时排在 {one.name} {one.post_of(uid)}"
                    f"和 {other.name} {other.post_of(uid)}{weeks}"
                )
                yield PlanWarning(PlanWarningKind.CLASH, text, one.key, other.key)


# -- posts and people -----------------------------------------------------------


def without_a(view: Engagements) -> Iterator[PlanWarning]:
    for line in view.shifts:
        if not line.a_uid:
            text = f"{line.when} 还没有 A 岗，不能报送"
            yield PlanWarning(PlanWarningKind.NO_A, text, line.key)


def without_b(view: Engagements) -> Iterator[PlanWarning]:
    for line in view.shifts:
        if not line.part["b"]:
            text = f"{line.when} 没有 B 岗，A 岗离开时无人代替"
            yield PlanWarning(PlanWarningKind.NO_B, text, line.key)


def without_stay(view: Engagements) -> Iterator[PlanWarning]:
    """Every week with shifts a teacher is to come once (P21)."""
    served, stayed = (
        sorted({monday_of(begins.date()) for ln in lines for begins, _ in ln.times})
        for lines in (view.shifts, view.stays)
    )
    missing = [monday for monday in served if monday not in stayed]
    if missing and not view.plan.stays:
        text = "没有安排教师驻岗，每周至少要有一次"
        yield PlanWarning(PlanWarningKind.NO_STAY, text)
    elif missing:
        weeks = _weeks_named(view, missing)
        yield PlanWarning(PlanWarningKind.NO_STAY, f"{weeks}没有教师驻岗")


def _weeks_named(view: Engagements, mondays: Iterable[date]) -> str:
    """`第3、5周`; weeks outside a term by their Monday."""
    numbers, others = [], []
    for monday in mondays:
        # A term may begin in the middle of its first week.
        days = (monday + timedelta(days=n) for n in range(7))
        week = next(filter(None, map(view.week_on, days)), None)
        if week is None:
            others.append(f"{monday.month}月{monday.day}日那周")
        else:
            numbers.append(week.number)
    named = ["第" + weeks_label(sorted(set(numbers)))] if numbers else []
    return "、".join([*named, *others])


def hours(view: Engagements) -> Iterator[PlanWarning]:
    names = {ln.a_uid: ln.part["a"]["name"] for ln in view.shifts if ln.a_uid}
    keys = {ln.a_uid: ln.key for ln in reversed(view.shifts) if ln.a_uid}
    limits = Limits()
    for uid, name in names.items():
        weeks = view.minutes_by_week(uid)
        over = [m for m, minutes in sorted(weeks.items()) if limits.week(m) < minutes]
        if over:
            most = max(over, key=lambda monday: weeks[monday])
            text = (
                f"{name}一周排 A 岗 {hours_text(weeks[most])}，超过每周上限 "
                f"{hours_text(limits.week(most))}（{_weeks_named(view, over)}）"
            )
            yield PlanWarning(PlanWarningKind.HOURS, text, keys[uid])
        yield from _month_hours(view, uid, name, keys[uid], limits)


def _month_hours(
    view: Engagements, uid: str, name: str, key: str, limits: "Limits"
) -> Iterator[PlanWarning]:
    months: dict[date, int] = defaultdict(int)
    for begins, ends in view.times_as_a(uid):
        months[begins.date().replace(day=1)] += minutes_between(begins, ends)
    over = [m for m, minutes in sorted(months.items()) if limits.month(m) < minutes]
    if over:
        most = max(over, key=lambda month: months[month])
        named = "、".join(f"{month.month}月" for month in over)
        text = (
            f"{name}一个月排 A 岗 {hours_text(months[most])}，超过每月上限 "
            f"{hours_text(limits.month(most))}（{named}）"
        )
        yield PlanWarning(PlanWarningKind.HOURS, text, key)


def people_left(view: Engagements) -> Iterator[PlanWarning]:
    lines: dict[str, Line] = {}
    for line in (*view.shifts, *view.stays):
        for _, who in line.posts:
            lines.setdefault(who["uid"], line)
    known = {p.uid: p for p in Person.select().where(Person.uid.in_(list(lines)))}
    for uid, line in lines.items():
        name = next(who["name"] for _, who in line.posts if who["uid"] == uid)
        person = known.get(uid)
        left = _leaves(person, view.plan.ends_on)
        if left:
            yield PlanWarning(PlanWarningKind.LEFT, name + left, line.key)
        elif person is not None and person.status != PersonStatus.ACTIVE:
            text = f"{name}还没有完成上岗培训（{person.status_label}）"
            yield PlanWarning(PlanWarningKind.UNTRAINED, text, line.key)


def _leaves(person: Person | None, last: date) -> str:
    """How to say that somebody will not be there to the last day; "" if they will."""
    if person is None:
        return "不在人员名单里"
    if person.status == PersonStatus.LEFT:
        return "已经离岗"
    if person.ends_on is not None and person.ends_on < last:
        return f" {person.ends_on.month}月{person.ends_on.day}日离岗，排班到 {last}"
    return ""


# -- limits ---------------------------------------------------------------------


NO_LIMIT = 10**6


class Limits:
    """Minutes a week and a month may have, remembered."""

    def __init__(self) -> None:
        self._known: dict[date, tuple[int, int]] = {}

    def week(self, monday: date) -> int:
        # By its Wednesday: a term may begin or end within the week.
        return self._on(monday + timedelta(days=2))[0]

    def month(self, first: date) -> int:
        return self._on(first + timedelta(days=14))[1]

    def _on(self, day: date) -> tuple[int, int]:
        if day not in self._known:
            week, month = limits_on(day, rules_on(day))
            self._known[day] = (
                NO_LIMIT if week is None else week,
                NO_LIMIT if month is None else month,
            )
        return self._known[day]


def hours_text(minutes: int) -> str:
    """`8 小时`, `7 小时 30 分`, `45 分钟`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时" + (f" {rest} 分" if rest else "")


def never(view: Engagements) -> Iterator[PlanWarning]:
    plan = view.plan
    for line in view.shifts:
        if line.times:
            continue
        if _is_due_without_turns(view, line):
            text = f"{line.when} 轮值时这段时间轮不到{plan.department_name}"
        else:
            text = f"{line.when} 在 {plan.starts_on} 至 {plan.ends_on} 间一次也没有"
        yield PlanWarning(PlanWarningKind.NEVER, text, line.key)


def _is_due_without_turns(view: Engagements, line: Line) -> bool:
    def in_weeks(weeks: str, day: date) -> bool:
        return holds_in(weeks, view.week_on(day))

    return any(is_on(line.part, day, in_weeks) for day in view.days)
