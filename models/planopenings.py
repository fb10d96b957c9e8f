"""A plan against its desk's opening hours: what nobody covers, and shifts outside.

Looked at on typical days, so that an office's hours are told once and not week by week.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from models import calendar
from models.attendance import Interval
from models.calendar import WEEKDAYS
from models.engagements import Engagements
from models.facts import subtract
from models.openings import openings_of
from models.planchecks import PlanWarning, PlanWarningKind
from models.terms import monday_of


class _Hours(NamedTuple):
    """A part of a typical day."""

    weekday: int
    from_time: str
    to_time: str
    day: str  # "10月1日" of duty on one date

    @property
    def text(self) -> str:
        day = self.day or f"周{WEEKDAYS[self.weekday]}"
        return f"{day} {self.from_time}–{self.to_time}"


def gaps(view: Engagements) -> Iterator[PlanWarning]:
    hours = openings_of(view.desk)
    if not hours:
        text = "窗口的服务时间还没有录入，没有核对空班，请联系中心办公室。"
        yield PlanWarning(PlanWarningKind.GAP, text)
        return
    covered = [
        time
        for line in (*view.shifts, *view.others)
        if line.a_uid and line.plan.desk_uid == view.desk.uid
        for time in line.times
    ]
    dated = {h.day for h in hours if h.day is not None}
    kinds: set[str] = set()
    found: dict[_Hours, set[str]] = defaultdict(set)
    for day, kind in _typical_days(view, dated):
        kinds.add(kind)
        for begins, ends in _uncovered(view, day.day, covered):
            date_text = f"{day.day.month}月{day.day.day}日" if kind == "date" else ""
            weekday = day.day.weekday()
            part = _Hours(weekday, f"{begins:%H:%M}", f"{ends:%H:%M}", date_text)
            found[part].add(kind)
    for part, where in sorted(found.items()):
        mark = "" if where >= kinds - {"date"} else _weeks_mark(where)
        text = f"{part.text} 没有 A 岗{mark}"
        yield PlanWarning(PlanWarningKind.GAP, text, "", "", *part[:3])


def _weeks_mark(kinds: set[str]) -> str:
    labels = {"odd": "单周", "even": "双周", "vacation": "假期"}
    said = "、".join(labels[kind] for kind in labels if kind in kinds)
    return f"（{said}）" if said else ""


def _uncovered(
    view: Engagements, day: date, covered: Iterable[Interval]
) -> list[Interval]:
    noon = datetime.combine(day, time(12))
    parts = []
    for opening in calendar.openings_on(view.desk, day):
        begins, ends = opening.begins, opening.ends
        halves = [(begins, min(ends, noon)), (max(begins, noon), ends)]
        whole = [(begins, ends)] if not view.desk.rotation else halves
        for half in whole:
            if half[0] < half[1] and view.is_turn(view.plan, half[0]):
                parts += subtract(half, covered)
    return parts


def _typical_days(
    view: Engagements, dated: set[date]
) -> Iterator[tuple[calendar.Day, str]]:
    """An odd and an even teaching week and one of the vacation; days of duty."""
    for day in view.days:
        if day.day in dated:
            yield day, "date"
    weeks: dict[date, list[calendar.Day]] = defaultdict(list)
    for day in view.days:
        weeks[monday_of(day.day)].append(day)
    kinds: dict[str, list[list[calendar.Day]]] = defaultdict(list)
    for days in weeks.values():
        week = view.week_on(days[-1].day)
        kind = ("even", "odd")[week.number % 2] if week else "vacation"
        kinds[kind].append(days)
    # Where units take turns, so many weeks until each had every day of the week.
    rotation = view.desk.rotation
    count = max((len(entry["units"]) for entry in rotation), default=1)
    for kind, candidates in kinds.items():
        candidates.sort(key=_ordinary_days, reverse=True)
        for days in candidates[:count]:
            yield from ((day, kind) for day in days if day.day not in dated)


def _ordinary_days(days: Iterable[calendar.Day]) -> int:
    usual = (calendar.DayKind.WORKDAY, calendar.DayKind.WEEKEND)
    return sum(day.kind in usual for day in days)


def outside(view: Engagements) -> Iterator[PlanWarning]:
    if not openings_of(view.desk):
        return
    typical = {day.day for day, _ in _typical_days(view, set())}
    open_on: dict[date, list[Interval]] = {}
    for line in view.shifts:
        usual = [time for time in line.times if time[0].date() in typical]
        for begins, ends in usual or line.times[:1]:
            day = begins.date()
            if day not in open_on:
                opens = calendar.openings_on(view.desk, day)
                open_on[day] = [(one.begins, one.ends) for one in opens]
            if subtract((begins, ends), open_on[day]):
                hours = "、".join(f"{b:%H:%M}–{e:%H:%M}" for b, e in open_on[day])
                told = f"服务时间 {hours}" if hours else "当天不开放"
                text = f"{line.when} 不在窗口服务时间内（{told}）"
                yield PlanWarning(PlanWarningKind.OUTSIDE, text, line.key)
                break
