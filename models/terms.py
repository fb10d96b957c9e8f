"""Terms (学期) with their teaching weeks, and the periods (节次) of a school day."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from peewee import TextField

from models.base import DayField, ListField, Record, db, table_of, transaction
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require

MOST_WEEKS = 30

MOST_PERIODS = 20

# Which teaching weeks; a line of a plan or a lesson need not be of all.
WEEKS_LABELS: dict[str, str] = {"all": "每周", "odd": "单周", "even": "双周"}


class Term(Record):
    """A term.  Its week 1 is the week, Monday to Sunday, that contains `starts_on`."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="学期")
    starts_on = DayField(index=True, verbose_name="开始日期")
    ends_on = DayField(verbose_name="结束日期")

    class Meta:
        table_name = "term"

    def week_of(self, day: date) -> int:
        return (day - monday_of(self.starts_on)).days // 7 + 1

    @property
    def weeks(self) -> int:
        return self.week_of(self.ends_on)


class PeriodTable(Record):
    """The times of the periods (作息时间), in force on the same days of every year."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="作息时间")
    # "MM-DD", both included; the last may be before the first: over new year.
    first_day = TextField(verbose_name="起始日")
    last_day = TextField(verbose_name="截止日")
    periods = ListField(verbose_name="节次")

    class Meta:
        table_name = "period_table"

    def covers(self, day: date) -> bool:
        return f"{day:%m-%d}" in _DaysOfYear(self.first_day, self.last_day)


class _DaysOfYear:
    """From one "MM-DD" to another, over new year if the last is the earlier."""

    def __init__(self, first: str, last: str) -> None:
        self.first, self.last = first, last

    def __contains__(self, day: str) -> bool:
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    def meets(self, other: "_DaysOfYear") -> bool:
        return self.first in other or other.first in self


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def typed_time(text: str, what: str = "时间") -> str:
    """A time of day as typed, e.g. `8：00`, as it is stored: `08:00`."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text)))
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", plain, re.ASCII)
    if found is None:
        raise UserError(f"{what}请写成 08:30 这样的形式。")
    return f"{int(found[1]):02d}:{found[2]}"


def set_term(
    *, by: Person, name: str, starts_on: date, ends_on: date, term: Term | None = None
) -> Term:
    """Enter a term, or put right the one given."""
    require(by, Operation.TIME_SETTINGS)
    name = " ".join(name.split())
    if not name:
        raise UserError("请填写学期名称，例如“2026—2027学年第一学期”。")
    if ends_on < starts_on:
        raise UserError("学期的结束日期不能早于开始日期，请核对。")
    changed = term or Term(name=name, starts_on=starts_on, ends_on=ends_on)
    weeks = ((ends_on - monday_of(starts_on)).days // 7) + 1
    if weeks > MOST_WEEKS:
        raise UserError(f"这个学期有 {weeks} 周，最多 {MOST_WEEKS} 周，请核对日期。")
    with transaction():
        for other in terms():
            if other.uid == changed.uid:
                continue
            if other.name == name:
                raise UserError(f"“{name}”已经有了，请选中它修改，或换一个名称。")
            if other.starts_on <= ends_on and starts_on <= other.ends_on:
                raise UserError(
                    f"日期与“{other.name}”（{other.starts_on} 至 {other.ends_on}）"
                    "重叠，请核对。"
                )
        changed.name, changed.starts_on, changed.ends_on = name, starts_on, ends_on
        return changed.write(by=by)


def terms() -> list[Term]:
    """All terms, newest first."""
    return list(Term.select().order_by(Term.starts_on.desc()))


def term_on(day: date) -> Term | None:
    """The term that *day* lies in; None in the vacation."""
    table, text = table_of(Term), day.isoformat()
    row = db.execute_sql(
        f"{table.select_sql} WHERE starts_on <= {db.param} AND ends_on >= {db.param}",
        (text, text),
    ).fetchone()
    return None if row is None else table.record_of(row)


def set_period_table(
    *,
    by: Person,
    name: str,
    first_day: str,
    last_day: str,
    periods: Iterable[Mapping[str, Any]],
    table: PeriodTable | None = None,
) -> PeriodTable:
    """Enter the periods of a part of the year, or put right the table given.

    *periods* are `{"number": 1, "from": "08:00", "to": "08:45"}`, in order.
    """
    require(by, Operation.TIME_SETTINGS)
    name = " ".join(name.split())
    if not name:
        raise UserError("请填写作息时间的名称，例如“夏季作息”。")
    days = _DaysOfYear(_day_of_year(first_day), _day_of_year(last_day))
    kept = _checked_periods(periods)
    changed = table or PeriodTable()
    with transaction():
        for other in period_tables():
            theirs = _DaysOfYear(other.first_day, other.last_day)
            if other.uid != changed.uid and days.meets(theirs):
                raise UserError(
                    f"日期与“{other.name}”（{other.first_day} 至 {other.last_day}）"
                    "重叠，请先改短其中一个。"
                )
        changed.name, changed.periods = name, kept
        changed.first_day, changed.last_day = days.first, days.last
        return changed.write(by=by)


def _day_of_year(text: str) -> str:
    """`5-1` or `05-01` as `05-01`."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("/", "-")
    try:
        return f"{datetime.strptime(f'2024-{plain}', '%Y-%m-%d'):%m-%d}"
    except ValueError:
        raise UserError("起止日请写成“05-01”这样的月和日。") from None


def _checked_periods(periods: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for at, period in enumerate(periods, start=1):
        number = period.get("number", at)
        if not isinstance(number, int) or number != at:
            raise UserError("节次要从第 1 节起依次编号，请核对。")
        begins = typed_time(period["from"], f"第 {at} 节的开始时间")
        ends = typed_time(period["to"], f"第 {at} 节的结束时间")
        if ends <= begins:
            raise UserError(f"第 {at} 节的结束时间要晚于开始时间，请核对。")
        if kept and begins < kept[-1]["to"]:
            raise UserError(f"第 {at} 节与上一节的时间重叠，请核对。")
        kept.append({"number": at, "from": begins, "to": ends})
    if not 1 <= len(kept) <= MOST_PERIODS:
        raise UserError(f"请填写 1 到 {MOST_PERIODS} 节的时间。")
    return kept


def period_tables() -> list[PeriodTable]:
    return list(PeriodTable.select().order_by(PeriodTable.uid))
