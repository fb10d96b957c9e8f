"""What stands in the calendar: a month read at once, and one day of it in words."""

import calendar as months
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from desk.pages.calendar_month import Cell
from models import calendar, clock
from models.calendar import WEEKDAYS, Day, DayKind
from models.cases import Case, all_open_cases
from models.desks import TURN_LABELS, Desk, desks
from models.people import Person
from models.shifts import Shift, Stay, shifts_between, stays_between
from models.terms import terms

NO_TERMS = "还没有录入学期，由中心办公室在“时间设置”录入"
SIGNS = {DayKind.HOLIDAY: "休", DayKind.MOVED_WORKDAY: "班", DayKind.CLOSED: "停"}
LOOKS = {
    DayKind.WEEKEND: "weekend",
    DayKind.HOLIDAY: "holiday",
    DayKind.MOVED_WORKDAY: "moved",
    DayKind.CLOSED: "closed",
}
# The blanks do not break: a sign stays with its word.
LEGEND = (
    "休\N{NO-BREAK SPACE}放假",
    "班\N{NO-BREAK SPACE}调休上班",
    "停\N{NO-BREAK SPACE}全院停办",
    "今\N{NO-BREAK SPACE}今天",
    "岗\N{NO-BREAK SPACE}值班班次",
    "驻\N{NO-BREAK SPACE}教师驻岗",
    "结\N{NO-BREAK SPACE}应办结的事项",
)


class Month(NamedTuple):
    """A month at a desk (None: at all of them), of everyone or of one person."""

    first: date
    desk: Desk | None
    person: Person | None
    days: dict[date, Day]
    shifts: dict[date, list[Shift]]
    stays: dict[date, list[Stay]]
    cases: dict[date, list[Case]]
    notice: str

    def cells(self) -> dict[date, Cell]:
        """What the grid says of each day."""
        return {day: self._cell(day) for day in self.days}

    def _cell(self, day: date) -> Cell:
        what = self.days[day]
        marks = (
            ("岗", len(self.shifts.get(day, ()))),
            ("驻", len(self.stays.get(day, ()))),
            ("结", len(self.cases.get(day, ()))),
        )
        return Cell(
            SIGNS.get(what.kind, ""),
            what.name,
            tuple(mark for mark in marks if mark[1]),
            LOOKS.get(what.kind, "plain"),
        )

    def weeks(self) -> dict[int, str]:
        """Row of the grid -> `9周`; rows outside a term have none."""
        found = {}
        for day in self.days:
            row = (self.first.weekday() + day.day - 1) // 7
            if row not in found:
                week = calendar.teaching_week(day)
                if week is not None:
                    found[row] = f"{week.number}周"
        return found


def read_month(first: date, desk: Desk | None, person: Person | None) -> Month:
    """Everything of the month of *first*; a person's shifts are those at any desk."""
    first = first.replace(day=1)
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    shifts: Iterable[Shift] = shifts_between(first, last, None if person else desk)
    stays: Iterable[Stay] = stays_between(first, last)
    cases: Iterable[Case] = all_open_cases(desk)
    if person is not None:
        shifts = [shift for shift in shifts if shift.post_of(person.uid)]
        stays = [stay for stay in stays if stay.teacher.uid == person.uid]
        cases = [case for case in cases if case.visit.handler_uid == person.uid]
    elif desk is not None:
        stays = [stay for stay in stays if stay.desk_uid == desk.uid]
    month = Month(
        first,
        desk,
        person,
        {what.day: what for what in calendar.days_between(first, last)},
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        calendar.unknown_year_notice(first, last),
    )
    for shift in shifts:
        month.shifts[shift.begins.date()].append(shift)
    for stay in stays:
        month.stays[stay.begins.date()].append(stay)
    for case in cases:
        if case.due_on is not None and first <= case.due_on <= last:
            month.cases[case.due_on].append(case)
    return month


class Section(NamedTuple):
    """A heading and the lines under it."""

    heading: str
    lines: list[str]


def day_heading(day: date) -> str:
    """`2026年11月5日 周四（今天）`."""
    today = "（今天）" if day == clock.today() else ""
    weekday = WEEKDAYS[day.weekday()]
    return f"{day.year}年{day.month}月{day.day}日 周{weekday}{today}"


def day_sections(month: Month, day: date) -> list[Section]:
    """The day in words: what it is, who is open, who is on, what falls due."""
    places = [month.desk] if month.desk else desks(day)
    found = [
        Section("", _kind_lines(month.days[day])),
        Section("服务时间", _opening_lines(places, day, several=month.desk is None)),
        Section("当值单位", _turn_lines(places, day)),
        Section(_of("值班班次", month), _shift_lines(month, day)),
        Section(_of("教师驻岗", month), _stay_lines(month, day)),
        Section(_of("应办结的事项", month), _case_lines(month, day)),
    ]
    return [section for section in found if section.lines]


def _of(heading: str, month: Month) -> str:
    return f"{month.person.name}的{heading}" if month.person else heading


def _kind_lines(what: Day) -> list[str]:
    label = calendar.DAY_KIND_LABELS[what.kind]
    kind = f"{label}：{what.name}" if what.name else label
    if what.weekday != what.day.weekday():
        kind += f"，按周{WEEKDAYS[what.weekday]}上课和值班"
    if not what.is_known:
        kind += "（放假安排未录入，按星期推算）"
    week = calendar.teaching_week(what.day)
    if week is None:
        return [kind, "不在学期内" if terms() else NO_TERMS]
    odd = "单周" if week.number % 2 else "双周"
    weekday = WEEKDAYS[what.day.weekday()]
    return [kind, f"第{week.number}周 周{weekday}（{odd}）", week.term.name]


def _opening_lines(
    places: Iterable[Desk], day: date, *, several: bool = False
) -> list[str]:
    lines = []
    for desk in places:
        hours = "、".join(
            f"{opening.begins:%H:%M}–{opening.ends:%H:%M}" + _note(opening)
            for opening in calendar.openings_on(desk, day)
        )
        closed = "不开放" if desk.in_service(day) else "未启用"
        lines.append(f"{desk.name}　{hours or closed}" if several else hours or closed)
    return lines


def _note(opening: calendar.Opening) -> str:
    words = opening.note or ("值班" if opening.is_duty else "")
    return f"（{words}）" if words else ""


def _turn_lines(places: Iterable[Desk], day: date) -> list[str]:
    """Morning and afternoon apart where units change at noon."""
    lines = []
    for desk in places:
        units = [
            calendar.unit_on(desk, datetime.combine(day, time(hour)))
            for hour in (9, 14)
        ]
        morning, afternoon = units
        if morning is None or afternoon is None:
            continue
        words = morning.name
        if morning != afternoon:
            words = f"上午 {morning.name}，下午 {afternoon.name}"
        lines.append(f"{desk.name}　{words}（{_every(desk, day)}）")
    return lines


def _every(desk: Desk, day: date) -> str:
    begun = [e for e in desk.rotation if e["starts_on"] <= day.isoformat()]
    entry = max(begun, key=lambda e: e["starts_on"])
    return TURN_LABELS.get(entry["every"], "轮值")


def _shift_lines(month: Month, day: date) -> list[str]:
    lines = []
    for shift in month.shifts.get(day, ()):
        where = "" if month.desk and not month.person else f"{shift.desk_name} "
        a = f"A {shift.a.name}" if shift.a else "A 未安排"
        b = f"　B {'、'.join(who.name for who in shift.b)}" if shift.b else ""
        post = f"（{shift.post_of(month.person.uid)} 岗）" if month.person else ""
        place = calendar.periods_between(shift.begins, shift.ends)
        periods = f" {_periods(place)}" if place else ""
        lines.append(f"{shift.hours}{periods}{post}　{where}{shift.department_name}")
        lines.append(f"　　{a}{b}")
    return lines


def _periods(found: tuple[int, int]) -> str:
    first, last = found
    return f"{first}节" if first == last else f"{first}–{last}节"


def _stay_lines(month: Month, day: date) -> list[str]:
    return [
        f"{stay.begins:%H:%M}–{stay.ends:%H:%M}　{stay.department_name} "
        f"{stay.teacher.name}" + ("" if month.desk else f"　{stay.desk_name}")
        for stay in month.stays.get(day, ())
    ]


def _case_lines(month: Month, day: date) -> list[str]:
    late = "（已超期）" if day < clock.today() else ""
    return [
        f"{case.visit.number}　{case.visit.service_name}　{case.visit.visitor_name}"
        f"　承办 {_worked_by(case)}{late}"
        for case in month.cases.get(day, ())
    ]


def _worked_by(case: Case) -> str:
    """Who took it down, or the desk that it was referred to since."""
    if case.desk_uid == case.visit.desk_uid:
        return case.visit.handler_name
    return case.desk_name


def month_later(day: date, count: int) -> date:
    """The same day *count* months later, or that month's last."""
    at = day.year * 12 + day.month - 1 + count
    year, month = divmod(at, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
