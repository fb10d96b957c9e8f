"""考勤规则: grace, limits and rates as versions by date, in the units people say."""

import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from desk import dialogs
from desk.pages.time_section import refusal
from desk.pages.time_versions import RuleVersionsSection, state_of
from desk.widgets.table import Column
from models import clock
from models.errors import UserError
from models.rules import RANGES, WorkRules, set_rules


class Unit(NamedTuple):
    """How a stored whole number is shown: 480 minutes as 8 hours."""

    name: str
    factor: int


MINUTES, HOURS, YUAN = Unit("分钟", 1), Unit("小时", 60), Unit("元/时", 100)

VALUES: dict[str, tuple[str, Unit]] = {
    "rate_a": ("A 岗酬金", YUAN),
    "rate_b": ("B 岗酬金", YUAN),
    "week_limit": ("学期周限", HOURS),
    "month_limit": ("学期月限", HOURS),
    "vacation_week_limit": ("假期周限", HOURS),
    "vacation_month_limit": ("假期月限", HOURS),
    "early_minutes": ("提前签到", MINUTES),
    "late_grace": ("迟到宽限", MINUTES),
    "early_grace": ("早退宽限", MINUTES),
    "rounding_minutes": ("工时取整", MINUTES),
    "alarm_minutes": ("空岗提醒", MINUTES),
    "adjoining_minutes": ("连班间隔", MINUTES),
}


class RulesSection(RuleVersionsSection):
    """A sheet of March is reckoned with the rules of March."""

    name = "考勤规则"
    form_title = "考勤与酬金规则"
    effect = (
        "迟到早退、工时、上限和酬金按当天执行的规则计算；新规则从开始执行日期起用，"
        "之前的日子仍按原规则；同一天再保存就是更正那一版。上限留空为不限。各窗口下次同步后生效。"
    )

    empty = "还没有录入规则，现在按左边的值执行。"
    rules = WorkRules
    fields = VALUES
    columns = (
        Column("开始执行", lambda rules: rules.starts_on, 6),
        Column("状态", state_of, 4),
        Column("A/B 岗", lambda rules: _rates_of(rules), 6),
        Column("学期周/月", lambda rules: _limits_of(rules, ""), 6),
        Column("假期周/月", lambda rules: _limits_of(rules, "vacation_"), 6),
        Column("宽限 迟/早", lambda r: f"{r.late_grace}/{r.early_grace} 分", 6),
        Column("取整", lambda r: f"{r.rounding_minutes} 分", 4, stretch=True),
    )

    def add_field(self, name: str) -> None:
        """With its unit in the label."""
        label, unit = VALUES[name]
        self.form.add_entry(name, f"{label} {unit.name}")
        stored = getattr(WorkRules, name).verbose_name
        self.form.add_words(name, stored.partition("（")[0])

    def on_new(self) -> None:
        """Ctrl+N: today's values, from the first of next month."""
        self.form.clear()
        self.begin_with_present(first_of_next_month(clock.today()))

    def typed(self, value: int | None, name: str) -> str:
        """In the unit people say."""
        return in_unit(value, VALUES[name][1])

    def read(self, text: str, name: str) -> int | None:
        """From the unit people say."""
        return read_value(text, name)

    def changes(self, before: WorkRules, values: dict[str, int | None]) -> list[str]:
        """In the units people say."""
        return changes_in_words(before, values)

    def write(self, starts_on: date, values: dict[str, int | None]) -> bool:
        """Asks first when days that are over would be reckoned anew."""
        if starts_on < clock.today() and not self._may_reckon_anew(starts_on):
            return False
        try:
            set_rules(by=self.window.person, starts_on=starts_on, **values)
        except UserError as error:
            # Here the values are hours, whatever unit they are stored in.
            raise UserError(str(error).replace("（分钟）", "")) from error
        return True

    def _may_reckon_anew(self, starts_on: date) -> bool:
        return dialogs.confirm(
            self,
            f"开始执行日期 {starts_on} 已经过去，这天以来的迟到早退、工时和酬金会"
            "按新规则重新计算（已核定的月份不变）。",
            yes="从那天起执行",
        )


def first_of_next_month(day: date) -> date:
    """When new rules usually begin: a month is paid by one set of rules."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def in_unit(value: int | None, unit: Unit) -> str:
    """A stored value as it is typed; no limit is nothing."""
    if value is None:
        return ""
    return f"{Decimal(value) / unit.factor:f}"


def read_value(text: str, name: str) -> int | None:
    """What was typed, as it is stored; the refusal speaks in the unit of the field."""
    (label, unit), allowed = VALUES[name], RANGES[name]
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(unit.name).strip()
    if not plain:
        if allowed.may_be_none:
            return None
        raise refusal(f"请填写{label}。", name)
    least = in_unit(allowed.least, unit) if allowed.least == 0 or unit == MINUTES else 0
    words = (
        f"{label}请填 {least} 到 {in_unit(allowed.most, unit)} 之间的{unit.name}数。"
    )
    try:
        stored = Decimal(plain) * unit.factor
    except InvalidOperation:
        raise refusal(words, name) from None
    if not stored.is_finite() or not allowed.least <= stored <= allowed.most:
        raise refusal(words, name)
    if stored != int(stored):
        finest = {HOURS: "整分钟，例如 7.5", YUAN: "分，例如 18.50"}
        raise refusal(f"{label}请填到{finest.get(unit, '整数')}。", name)
    return int(stored)


def changes_in_words(before: WorkRules, values: dict[str, int | None]) -> list[str]:
    """`A 岗酬金 18→20 元/时` for each value that is another one."""
    words = []
    for name, value in values.items():
        old, (label, unit) = getattr(before, name), VALUES[name]
        if old != value:
            was, now = (in_unit(v, unit) or "不限" for v in (old, value))
            words.append(f"{label} {was}→{now} {unit.name}")
    return words


def _rates_of(rules: WorkRules) -> str:
    return f"{in_unit(rules.rate_a, YUAN)}/{in_unit(rules.rate_b, YUAN)} 元"


def _limits_of(rules: WorkRules, season: str) -> str:
    week, month = (
        in_unit(getattr(rules, f"{season}{span}_limit"), HOURS) or "不限"
        for span in ("week", "month")
    )
    return f"{week}/{month}"
