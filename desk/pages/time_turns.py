"""Whose turn comes next at a joint desk, by an arrangement that is not saved yet."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models import calendar, clock
from models.desks import Department, Desk, Turn
from models.terms import monday_of

TURNS_SHOWN = 10


class NextTurn(NamedTuple):
    """Whose turn it is from a day on."""

    day: date
    half: str
    unit: str


def next_turns(
    desk: Desk, starts_on: date, every: str, units: list[Department]
) -> list[NextTurn]:
    """The next turns if *desk* had this arrangement."""
    entry = {
        "starts_on": starts_on.isoformat(),
        "every": every,
        "units": [{"uid": unit.uid, "name": unit.name} for unit in units],
    }
    imagined = Desk(rotation=[entry])
    turns = []
    for moment, half in _moments(max(starts_on, clock.today()), every):
        unit = calendar.unit_on(imagined, moment)
        if unit is not None:
            turns.append(NextTurn(moment.date(), half, unit.name))
        if len(turns) == TURNS_SHOWN:
            break
    return turns


def _moments(day: date, every: str) -> Iterator[tuple[datetime, str]]:
    morning, afternoon = time(9), time(14)
    if every == Turn.WEEK:
        yield datetime.combine(day, morning), "本周"
        for week in range(1, TURNS_SHOWN):
            monday = monday_of(day) + timedelta(weeks=week)
            yield datetime.combine(monday, morning), "一周"
        return
    day -= timedelta(days=1)
    while True:
        day = calendar.working_day_after(day, 1)
        if every == Turn.DAY:
            yield datetime.combine(day, morning), "全天"
        else:
            yield datetime.combine(day, morning), "上午"
            yield datetime.combine(day, afternoon), "下午"
