"""Rules of work (勤工助学规则): grace, limits and rates, as versions by date.

A sheet of March is reckoned with the rules of March whenever it is printed.  The
limits are those of 教财〔2018〕12号: 8 hours a week and 40 a month in term.
"""

from datetime import date

from peewee import IntegerField

from models.base import transaction
from models.dated_rules import DatedRules, Range
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require

_WEEK, _MONTH = 7 * 24 * 60, 31 * 24 * 60

RANGES: dict[str, Range] = {
    "early_minutes": Range(0, 240),
    "late_grace": Range(0, 120),
    "early_grace": Range(0, 120),
    "rounding_minutes": Range(1, 60),
    "rate_a": Range(0, 100_000),
    "rate_b": Range(0, 100_000),
    "week_limit": Range(1, _WEEK, may_be_none=True),
    "month_limit": Range(1, _MONTH, may_be_none=True),
    "vacation_week_limit": Range(1, _WEEK, may_be_none=True),
    "vacation_month_limit": Range(1, _MONTH, may_be_none=True),
    "alarm_minutes": Range(1, 120),
    "adjoining_minutes": Range(0, 120),
}


class WorkRules(DatedRules):
    """The rules in force from a day until the next version starts.

    Times are minutes, rates are fen an hour; no limit is null.
    """

    ranges = RANGES

    early_minutes = IntegerField(default=30, verbose_name="最早提前签到（分钟）")
    late_grace = IntegerField(default=5, verbose_name="迟到宽限（分钟）")
    early_grace = IntegerField(default=5, verbose_name="早退宽限（分钟）")
    rounding_minutes = IntegerField(default=1, verbose_name="工时取整（分钟）")
    rate_a = IntegerField(default=1800, verbose_name="A 岗酬金（分/小时）")
    rate_b = IntegerField(default=1500, verbose_name="B 岗酬金（分/小时）")
    week_limit = IntegerField(
        default=480, null=True, verbose_name="学期内周上限（分钟）"
    )
    month_limit = IntegerField(
        default=2400, null=True, verbose_name="学期内月上限（分钟）"
    )
    vacation_week_limit = IntegerField(null=True, verbose_name="假期周上限（分钟）")
    vacation_month_limit = IntegerField(null=True, verbose_name="假期月上限（分钟）")
    alarm_minutes = IntegerField(default=5, verbose_name="无人到岗提醒（分钟）")
    adjoining_minutes = IntegerField(default=15, verbose_name="连班间隔（分钟）")

    class Meta:
        table_name = "work_rules"


def rules_on(day: date) -> WorkRules:
    """The rules in force on *day*; the usual ones before any were set."""
    return WorkRules.on(day)


def rules_versions() -> list[WorkRules]:
    """All versions, newest first."""
    return WorkRules.versions()


def set_rules(*, by: Person, starts_on: date, **values: int | None) -> WorkRules:
    """Let new values hold from a day on; what is not named stays as it was then.

    Earlier versions stay; the same day again corrects that day's version.
    """
    require(by, Operation.TIME_SETTINGS)
    for name, value in values.items():
        _check(name, value)
    with transaction():
        rules = WorkRules.with_values(starts_on, values)
        _check_limits(rules)
        return rules.write(by=by)


def _check(name: str, value: int | None) -> None:
    if name not in RANGES:
        raise TypeError(f"no rule is called {name}")
    allowed, label = RANGES[name], getattr(WorkRules, name).verbose_name
    if value is None:
        if not allowed.may_be_none:
            raise UserError(f"请填写“{label}”。")
    elif isinstance(value, bool) or not isinstance(value, int):
        raise UserError(f"“{label}”请填整数。")
    elif not allowed.least <= value <= allowed.most:
        raise UserError(f"“{label}”请填 {allowed.least} 到 {allowed.most} 之间的整数。")


def _check_limits(rules: WorkRules) -> None:
    for week, month in (
        ("week_limit", "month_limit"),
        ("vacation_week_limit", "vacation_month_limit"),
    ):
        a_week, a_month = getattr(rules, week), getattr(rules, month)
        if a_week is not None and a_month is not None and a_month < a_week:
            week_label, month_label = (
                getattr(WorkRules, name).verbose_name for name in (week, month)
            )
            raise UserError(f"“{month_label}”不能小于“{week_label}”，请核对。")
