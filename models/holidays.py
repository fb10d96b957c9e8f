"""Days that are not what their weekday says: what the office enters by hand.

The State Council's table comes from `chinesecalendar` for the years it knows.  What the
office enters goes before it, and a year entered here replaces the library's altogether.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from peewee import IntegerField, TextField

from models.base import DayField, Record, transaction
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require


class SpecialDayKind(StrEnum):
    """Stored and synced: never rename a value."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"
    CLOSED = "closed"
    USUAL = "usual"


SPECIAL_DAY_KIND_LABELS: dict[str, str] = {
    SpecialDayKind.HOLIDAY: "放假",
    SpecialDayKind.WORKDAY: "上班",
    SpecialDayKind.CLOSED: "全院停办",
    SpecialDayKind.USUAL: "照常",
}


class SpecialDay(Record):
    """What the office says of one day; one row a day, changed in place.

    "usual" takes back what was said before.
    """

    audience = "all"
    written_by = "office"

    day = DayField(index=True, verbose_name="日期")
    kind = TextField(verbose_name="类型")
    name = TextField(default="", verbose_name="名称")
    # 0 Monday to 6 Sunday: whose timetable is taught on a moved working day.
    follows = IntegerField(null=True, verbose_name="按周几上课")

    class Meta:
        table_name = "special_day"

    @property
    def kind_label(self) -> str:
        return SPECIAL_DAY_KIND_LABELS.get(self.kind, self.kind)


class HolidayYear(Record):
    """A year whose holidays the office has entered as a whole."""

    audience = "all"
    written_by = "office"

    year = IntegerField(index=True, verbose_name="年份")

    class Meta:
        table_name = "holiday_year"


def set_special_day(
    *, by: Person, day: date, kind: str, name: str = "", follows: int | None = None
) -> SpecialDay:
    """Say what a day is, before the State Council's table and the weekday."""
    require(by, Operation.TIME_SETTINGS)
    name = " ".join(name.split())
    if kind not in SPECIAL_DAY_KIND_LABELS:
        raise UserError("请选择这一天是放假、上班、全院停办还是照常。")
    if kind in (SpecialDayKind.HOLIDAY, SpecialDayKind.CLOSED) and not name:
        raise UserError("请填写名称，例如“校庆”。")
    if follows is not None and kind != SpecialDayKind.WORKDAY:
        raise UserError("只有上班的日子才有“按周几上课”，请清空。")
    if follows is not None and follows not in range(7):
        raise UserError("“按周几上课”请选周一到周日。")
    with transaction():
        return _write_day(day, kind, name, follows, by)


def _write_day(
    day: date, kind: str, name: str, follows: int | None, by: Person
) -> SpecialDay:
    """Write what is new only: a year entered twice leaves no second revisions."""
    row = SpecialDay.get_or_none(SpecialDay.day == day) or SpecialDay(day=day)
    if row.revision and (row.kind, row.name, row.follows) == (kind, name, follows):
        return row
    row.kind, row.name, row.follows = kind, name, follows
    return row.write(by=by)


def enter_year(
    *, by: Person, year: int, holidays: Mapping[date, str], workdays: Mapping[date, str]
) -> HolidayYear:
    """Enter a whole year's 放假安排 from the State Council's notice, or correct it.

    Days of the year that an earlier entry had and this one has not are usual again;
    what the office closed for itself (运动会、校庆) stays.
    """
    require(by, Operation.TIME_SETTINGS)
    _check_year(year, holidays, workdays)
    said = {day: (SpecialDayKind.HOLIDAY, name) for day, name in holidays.items()}
    said |= {day: (SpecialDayKind.WORKDAY, name) for day, name in workdays.items()}
    with transaction():
        for row in special_days(date(year, 1, 1), date(year, 12, 31)):
            if row.kind != SpecialDayKind.CLOSED:
                said.setdefault(row.day, (SpecialDayKind.USUAL, ""))
        for day, (kind, name) in sorted(said.items()):
            before = SpecialDay.get_or_none(SpecialDay.day == day)
            kept = before.follows if before and before.kind == kind else None
            _write_day(day, kind, name.strip(), kept, by)
        entered = HolidayYear.get_or_none(HolidayYear.year == year)
        return entered or HolidayYear(year=year).write(by=by)


def _check_year(
    year: int, holidays: Mapping[date, str], workdays: Mapping[date, str]
) -> None:
    if not 2000 <= year <= 2100:
        raise UserError("年份请填 2000 到 2100 之间的四位数。")
    if not holidays:
        raise UserError(f"请填写 {year} 年的放假日期。")
    for day in (*holidays, *workdays):
        if day.year != year:
            raise UserError(f"{day} 不在 {year} 年，请单独设置这一天。")
    for day in workdays:
        if day in holidays:
            raise UserError(f"{day} 既放假又上班，请核对。")
        if day.weekday() < 5:
            raise UserError(f"{day} 不是周六或周日，本来就上班，请核对。")
    for day, name in holidays.items():
        if not name.strip():
            raise UserError(f"请填写 {day} 是什么节日。")


def special_days(first: date, last: date) -> list[SpecialDay]:
    """What the office entered from *first* to *last*, by date."""
    between = SpecialDay.day.between(first, last)
    return list(SpecialDay.select().where(between).order_by(SpecialDay.day))


def entered_years() -> list[int]:
    return [row.year for row in HolidayYear.select().order_by(HolidayYear.year)]
