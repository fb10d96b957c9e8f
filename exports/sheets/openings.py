"""服务时间安排: when each desk is open, as the office puts it up (P17, P31)."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from exports.ledgers.computed import LineColumn
from exports.ledgers.groups import Cells
from exports.ledgers.ledger import ExportResult, joined
from exports.ledgers.selection import day_in_words
from exports.ledgers.sheet import Place
from exports.sheets.form import form, merged, unmerged, write_form
from models import calendar
from models.base import db
from models.calendar import WEEKDAYS, Day, DayKind
from models.desks import TURN_LABELS, Desk, in_force
from models.openings import (
    OPENING_SEASON_LABELS,
    OpeningHours,
    openings_of,
)
from models.people import Person
from models.terms import WEEKS_LABELS, term_on

EVENING = "17:30"
ON_DATES = "值班\n（按日期）"
SIGNATURES = (
    Place(0, "制表人：{maker}"),
    Place(60, "审核人："),
    Place(130, "（公章）"),
)


def _nothing(_: object) -> str:
    return ""


# Headings and widths; the cells are put together desk by desk.
COLUMNS: tuple[LineColumn[object], ...] = (
    LineColumn("窗口", _nothing, 24),
    LineColumn("说明", _nothing, 38, left=True),
    LineColumn("时段", _nothing, 16),
    *(LineColumn(f"周{name}", _nothing, 21) for name in WEEKDAYS),
)


def export_openings(
    path: Path, *, on: date, person: Person | None = None
) -> ExportResult:
    """Write the hours that hold on a day, and the duty still to come, to *path*."""
    with db.atomic("DEFERRED"):
        rows = _lines(on)
        sheet = form(
            "服务时间安排",
            COLUMNS,
            subtitle=[f"适用日期：{day_in_words(on)}", _season(on)],
            person=person,
            signatures=SIGNATURES,
            footnotes=[
                "注：法定节假日和全院停办的日子不办理业务，标明日期的值班除外；"
                "调休上班的日子按所补的星期办理。单周、双周按教学周计。",
                _days_off(on),
            ],
            merges=True,
        )
    return write_form(path, sheet, rows, closing="")


def openings_rows(on: date) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings and rows of what `export_openings` writes."""
    return [column.heading for column in COLUMNS], unmerged(_lines(on))


def _lines(on: date) -> list[Cells]:
    return [row for desk in _desks(on) for row in merged(_rows(desk, on), 2)]


def _desks(on: date) -> list[Desk]:
    """The desks in service, and those that will be."""
    later = Desk.opens_on > on
    condition = in_force(Desk, "opens_on", "closes_on", on) | later
    return list(Desk.select().where(condition).order_by(Desk.uid))


def _season(on: date) -> str:
    week = calendar.teaching_week(on)
    if week is None:
        return "学期：" + ("未录入" if calendar.is_term_time(on) else "假期")
    term = week.term
    return (
        f"学期：{term.name}（{day_in_words(term.starts_on)}"
        f"至{day_in_words(term.ends_on)}，第 {week.number} 教学周）"
    )


def _rows(desk: Desk, on: date) -> Iterator[list[str]]:
    """Of a desk: a row for each kind of hours it has, one if it has none."""
    hours = [opening for opening in openings_of(desk) if _holds(opening, on)]
    weekly = [opening for opening in hours if opening.day is None]
    dated = [opening for opening in hours if opening.day is not None]
    head = [desk.name, _about(desk, on)]
    kinds = [
        (str(label), [opening for opening in weekly if opening.season == season])
        for season, label in OPENING_SEASON_LABELS.items()
    ]
    said = [(label, some) for label, some in [*kinds, (ON_DATES, dated)] if some]
    for label, some in said or [("未安排", [])]:
        cells = [_cell(some, weekday) for weekday in range(7)]
        yield [*head, label, *cells]


def _holds(hours: OpeningHours, on: date) -> bool:
    if hours.day is not None:
        return hours.day >= on
    return (hours.starts_on or on) <= on <= (hours.ends_on or on)


def _cell(hours: Iterable[OpeningHours], weekday: int) -> str:
    chosen = [
        opening
        for opening in hours
        if weekday == (opening.day.weekday() if opening.day else opening.weekday)
    ]
    ordered = sorted(chosen, key=lambda opening: (opening.day or "", opening.from_time))
    return "\n".join(_hours(opening) for opening in ordered)


def _hours(hours: OpeningHours) -> str:
    """`08:30–11:30` and, on lines of their own, what else is to be known."""
    ends = f"次日{hours.to_time}" if hours.over_midnight else hours.to_time
    when = _short(hours.day) if hours.day else ""
    weeks = WEEKS_LABELS[hours.weeks] if hours.weeks != "all" else ""
    evening = "晚间" if hours.from_time >= EVENING and not hours.note else ""
    until = f"至{_short(hours.ends_on)}" if hours.ends_on else ""
    more = joined(weeks, hours.note or evening, until)
    return "\n".join(filter(None, (when, f"{hours.from_time}–{ends}", more)))


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _about(desk: Desk, on: date) -> str:
    """Where it is, from when to when it is there, and who takes turns (P8, P13)."""
    return "\n".join(
        part
        for part in (desk.position, _service_dates(desk, on), _turns(desk, on))
        if part
    )


def _service_dates(desk: Desk, on: date) -> str:
    begins = day_in_words(desk.opens_on) if desk.opens_on else ""
    if desk.closes_on is not None:
        return f"临时窗口：{begins}至{day_in_words(desk.closes_on)}"
    return f"{begins}起开放" if desk.opens_on and desk.opens_on > on else ""


def _turns(desk: Desk, on: date) -> str:
    begun = [turn for turn in desk.rotation if turn["starts_on"] <= on.isoformat()]
    unit = calendar.unit_on(desk, on)
    if unit is None:
        return ""
    entry = max(begun, key=lambda turn: turn["starts_on"])
    names = "、".join(each["name"] for each in entry["units"])
    started = day_in_words(date.fromisoformat(entry["starts_on"]))
    label = TURN_LABELS.get(entry["every"], entry["every"])
    return f"{started}起{label}：{names}；{_short(on)}为{unit.name}"


def _days_off(on: date) -> str:
    """The holidays and moved working days that are left of the term."""
    term = term_on(on)
    if term is None:
        return ""
    days = calendar.days_between(on, term.ends_on)
    off = [
        f"{name} {_span([day.day for day in group])}"
        for name, group in _stretches(days)
    ]
    years = range(on.year, term.ends_on.year + 1)
    unknown = [str(year) for year in years if not calendar.year_is_known(year)]
    moved = [
        f"{_short(day.day)}（按周{WEEKDAYS[day.weekday]}）"
        for day in days
        if day.kind == DayKind.MOVED_WORKDAY
    ]
    return joined(
        f"放假：{'、'.join(off)}" if off else "",
        f"调休上班：{'、'.join(moved)}" if moved else "",
        f"{'、'.join(unknown)} 年的放假安排另行通知" if unknown else "",
    )


def _stretches(days: Iterable[Day]) -> Iterator[tuple[str, list[Day]]]:
    """Days off in a row, by their name."""

    def why(day: Day) -> str:
        return day.label if day.kind in (DayKind.HOLIDAY, DayKind.CLOSED) else ""

    for name, group in groupby(days, key=why):
        if name:
            yield name, list(group)


def _span(days: list[date]) -> str:
    first, last = days[0], days[-1]
    return _short(first) if first == last else f"{_short(first)}至{_short(last)}"
