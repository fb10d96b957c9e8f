"""Opening hours (服务时间) of the desks, with evenings and duty (P17, P18, P31).

The policy's annex with the hours is missing from its text: they are the office's data.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from peewee import BooleanField, IntegerField, TextField

from models.base import DayField, Record, db, table_of, transaction
from models.clock import today
from models.desks import Desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.terms import WEEKS_LABELS, typed_time

DAY_MINUTES = 24 * 60
LONGEST = 12 * 60  # more is a slip of the pen: the end was meant for the morning


class OpeningSeason(StrEnum):
    """When hours hold.  Stored and synced: never rename a value.

    Duty (值班) is outside the usual hours: of one date, which always holds, or of a
    weekday in term.
    """

    TERM = "term"
    VACATION = "vacation"
    DUTY = "duty"


OPENING_SEASON_LABELS: dict[str, str] = {
    OpeningSeason.TERM: "学期",
    OpeningSeason.VACATION: "假期",
    OpeningSeason.DUTY: "值班",
}


class OpeningHours(Record):
    """Hours of a desk on a weekday, or on one day."""

    audience = "all"
    written_by = "office"

    desk_uid = TextField(index=True, verbose_name="窗口标识")
    season = TextField(default=OpeningSeason.TERM, verbose_name="时段类型")
    weekday = IntegerField(null=True, verbose_name="星期")
    day = DayField(null=True, verbose_name="日期")
    weeks = TextField(default="all", verbose_name="周次")
    # "HH:MM"; hours that end at or before their beginning end on the next day.
    from_time = TextField(verbose_name="开始时间")
    to_time = TextField(verbose_name="结束时间")
    note = TextField(default="", verbose_name="说明")
    starts_on = DayField(null=True, verbose_name="启用日期")
    ends_on = DayField(null=True, verbose_name="停用日期")
    is_void = BooleanField(default=False, verbose_name="作废")

    class Meta:
        table_name = "opening_hours"

    @property
    def season_label(self) -> str:
        return OPENING_SEASON_LABELS.get(self.season, self.season)

    @property
    def over_midnight(self) -> bool:
        return self.to_time <= self.from_time

    def meets(self, other: "OpeningHours") -> bool:
        """Would both hold at the same moment, for the same reason?

        Hours past midnight may meet those of the next day.
        """
        if (self.desk_uid, self.season) != (other.desk_uid, other.season):
            return False
        if {self.weeks, other.weeks} == {"odd", "even"}:
            return False
        if not _dates_meet(self, other):
            return False
        mine = _minutes(self)
        return any(
            mine[0] < ends and begins < mine[1]
            for begins, ends in _minutes_seen_from(self, other)
        )


def _dates_meet(one: OpeningHours, other: OpeningHours) -> bool:
    return (one.starts_on or date.min) <= (other.ends_on or date.max) and (
        (other.starts_on or date.min) <= (one.ends_on or date.max)
    )


def _minutes(hours: OpeningHours) -> tuple[int, int]:
    begins, ends = (
        int(text[:2]) * 60 + int(text[3:]) for text in (hours.from_time, hours.to_time)
    )
    return begins, ends + DAY_MINUTES * hours.over_midnight


def _minutes_seen_from(
    one: OpeningHours, other: OpeningHours
) -> Iterator[tuple[int, int]]:
    """When *other* holds, counted from midnight before *one*: the days about it."""
    begins, ends = _minutes(other)
    for shift in (-1, 0, 1):
        if one.day is not None or other.day is not None:
            near = one.day is not None and other.day is not None
            holds = near and (other.day - one.day).days == shift  # pyright: ignore
        else:
            holds = other.weekday == ((one.weekday or 0) + shift) % 7
        if holds:
            yield begins + shift * DAY_MINUTES, ends + shift * DAY_MINUTES


def add_opening(
    *,
    by: Person,
    desk: Desk,
    from_time: str,
    to_time: str,
    weekday: int | None = None,
    day: date | None = None,
    season: str = OpeningSeason.TERM,
    weeks: str = "all",
    note: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> OpeningHours:
    """Open a desk on a weekday, or for duty on one day; hours may pass midnight.

    Without a first day they hold since ever, or from the end of those they replace.
    """
    require(by, Operation.TIME_SETTINGS)
    _check_when(season, weekday, day, weeks, starts_on, ends_on)
    hours = OpeningHours(
        desk_uid=desk.uid,
        season=season,
        weekday=weekday,
        day=day,
        weeks=weeks,
        from_time=typed_time(from_time, "开始时间"),
        to_time=typed_time(to_time, "结束时间"),
        note=note.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if hours.from_time == hours.to_time:
        raise UserError("开始和结束时间相同，请核对。")
    begins, ends = _minutes(hours)
    if ends - begins > LONGEST:
        raise UserError(
            f"{hours.from_time} 到{'次日 ' * hours.over_midnight}{hours.to_time} 超过 "
            f"{LONGEST // 60} 小时，请核对开始和结束时间。"
        )
    with transaction():
        present = openings_of(desk)
        if starts_on is None:
            _follow_ended(hours, present)
        for other in present:
            if hours.meets(other):
                raise UserError(
                    f"与已有的 {other.from_time}–{other.to_time} 重叠，"
                    "请先停用原来的时段，或改时间。"
                )
        return hours.write(by=by)


def _follow_ended(hours: OpeningHours, present: Sequence[OpeningHours]) -> None:
    for other in present:
        if other.ends_on is not None and hours.meets(other):
            hours.starts_on = other.ends_on + timedelta(days=1)


def _check_when(
    season: str,
    weekday: int | None,
    day: date | None,
    weeks: str,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    if season not in OPENING_SEASON_LABELS:
        raise UserError("请选择学期、假期或值班。")
    if weeks not in WEEKS_LABELS:
        raise UserError("请选择每周、单周或双周。")
    if (weekday is None) == (day is None):
        raise UserError("请选择星期；某一天的值班请填写日期，二者只填一项。")
    if weekday is not None and weekday not in range(7):
        raise UserError("星期请选周一到周日。")
    if day is not None and season != OpeningSeason.DUTY:
        raise UserError("只有值班可以填写某一天的日期，其他时段请选择星期。")
    if season == OpeningSeason.VACATION and weeks != "all":
        raise UserError("假期没有单双周，请选择每周。")
    if day is not None and (weeks != "all" or starts_on or ends_on):
        raise UserError("某一天的值班不分单双周，也不用填启用、停用日期。")
    if starts_on and ends_on and ends_on < starts_on:
        raise UserError("停用日期不能早于启用日期，请核对。")


def end_opening(
    opening: OpeningHours, *, by: Person, ends_on: date | None = None
) -> OpeningHours:
    """Let hours hold no longer than *ends_on*; unless it is given, no longer at all.

    What has been stays as it was; hours that never held are void.
    """
    require(by, Operation.TIME_SETTINGS)
    last = ends_on or today() - timedelta(days=1)
    with transaction():
        if opening.is_void or (opening.ends_on and opening.ends_on < last):
            raise UserError("这个时段已经停用了，请刷新后再看。")
        if opening.day is not None and opening.day < today():
            raise UserError("这一天的值班已经过去，不能再取消。")
        if opening.day is not None or (opening.starts_on and last < opening.starts_on):
            opening.is_void = True
        else:
            opening.ends_on = last
        return opening.write(by=by)


def openings_of(desk: Desk, on: date | None = None) -> list[OpeningHours]:
    """The hours of *desk* that are not void: all of them, or what may hold on a day."""
    table, values = table_of(OpeningHours), [desk.uid]
    condition = f"desk_uid = {db.param} AND NOT is_void"
    if on is not None:
        condition += (
            f" AND COALESCE(day, {db.param}) = {db.param}"
            f" AND COALESCE(starts_on, {db.param}) <= {db.param}"
            f" AND COALESCE(ends_on, {db.param}) >= {db.param}"
        )
        values += [on.isoformat()] * 6
    rows = db.execute_sql(
        f"{table.select_sql} WHERE {condition} "
        "ORDER BY day, season DESC, weekday, from_time, uid",
        values,
    )
    return [table.record_of(row) for row in rows.fetchall()]


def write_usual_hours(
    desk: Desk, hours: Sequence[dict[str, Any]], *, by: Person
) -> None:
    """The hours a new centre starts with; each is the fields of an `OpeningHours`."""
    OpeningHours.write_new(
        [OpeningHours(desk_uid=desk.uid, **fields) for fields in hours], by=by
    )
