"""A year's 放假安排 as lines of text, the way it is pasted from the notice."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from desk.pages.time_section import WEEKDAYS, refusal
from desk.widgets.datefield import read_date
from models.calendar import Day, DayKind
from models.errors import UserError

_RANGE = re.compile(r"\s*(?:[~至到]|--+|—+|–)\s*")
_FOLLOWS = re.compile(rf"按?\s*(?:周|星期)([{WEEKDAYS}天])(?:的课|上课|课)?")
_WORKS = re.compile("调休上班|补班|上班|上课")
LONGEST = timedelta(days=60)


class YearText(NamedTuple):
    """What was read: names by day, and which weekday a moved day follows."""

    holidays: dict[date, str]
    workdays: dict[date, str]
    follows: dict[date, int | None]


def read_year(text: str, year: int) -> YearText:
    """Read lines such as `2月5日至12日 春节` and `2027-02-14 上班 按周五`.

    A refusal names the line; days without a year are of *year*.
    """
    found = YearText({}, {}, {})
    for at, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line).strip()
        if not plain:
            continue
        try:
            _read_line(plain, year, found)
        except UserError as error:
            raise refusal(f"第 {at} 行：{error}", "lines") from error
    return found


def _read_line(line: str, year: int, found: YearText) -> None:
    match = re.fullmatch(
        r"([\d/.年月日-]+(?:\s*[~至到—–]+\s*[\d/.年月日-]+)?)\s*(.*)", line
    )
    if match is None:
        raise UserError(f"“{line}”要先写日期，例如“{year}-01-01 元旦”。")
    dates, rest = match.groups()
    days = _days(dates, year)
    if _WORKS.search(rest):
        follows = _FOLLOWS.search(rest)
        name = " ".join(_WORKS.sub("", _FOLLOWS.sub("", rest)).split())
        for day in days:
            found.workdays[day] = name
            weekday = (
                WEEKDAYS.index(follows[1].replace("天", "日")) if follows else None
            )
            found.follows[day] = weekday
    elif rest:
        found.holidays.update(dict.fromkeys(days, rest.removesuffix("放假").strip()))
    else:
        raise UserError(f"“{line}”后面要写节日名称，或写“上班”。")


def _days(text: str, year: int) -> list[date]:
    parts = _RANGE.split(text)
    first = read_date(parts[0], today=date(year, 1, 1))
    last = read_date(parts[-1], today=first or date(year, 1, 1))
    if first is None or last is None or len(parts) > 2:
        raise UserError(f"看不懂日期“{text}”。")
    if not first <= last <= first + LONGEST:
        raise UserError(f"“{text}”的起止日期不对，请核对。")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def year_as_lines(days: Iterable[Day]) -> str:
    """The days off and moved days of a year as they are typed."""
    lines = []
    for what in days:
        if what.kind == DayKind.HOLIDAY:
            lines.append(f"{what.day} {what.name}")
        elif what.kind == DayKind.MOVED_WORKDAY:
            follows = f"上班 按周{WEEKDAYS[what.weekday]} {what.name}"
            lines.append(f"{what.day} {follows}".strip())
    return "\n".join(lines)
