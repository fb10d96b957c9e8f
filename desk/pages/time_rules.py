"""考勤规则: grace, limits and rates as versions by date, in the units people say."""

import tkinter
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from desk import dialogs
from desk.pages.time_section import TimeSection, refusal
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.errors import UserError
from models.rules import RANGES, WorkRules, rules_on, rules_versions, set_rules


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


class RulesSection(TimeSection):
    """A sheet of March is reckoned with the rules of March."""

    name = "考勤规则"
    effect = (
        "迟到早退、工时、上限和酬金按当天执行的规则计算；新规则从开始执行日期起用，"
        "之前的日子仍按原规则；同一天再保存就是更正那一版。上限留空为不限。各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._shown = False
        form = self.form = Form(self, title="考勤与酬金规则", command=self._save)
        self.put_left(form)
        form.add_date("starts_on", "开始执行日期")
        for name, (label, unit) in VALUES.items():
            form.add_entry(name, f"{label} {unit.name}")
            stored = getattr(WorkRules, name).verbose_name
            form.add_words(name, stored.partition("（")[0])
        form.add_button("保存", form.submit, primary=True)
        form.add_button("恢复现行", self.on_new)
        self.build_section(
            columns=[
                Column("开始执行", lambda rules: rules.starts_on, 6),
                Column("状态", _state_of, 4),
                Column("A/B 岗", _rates_of, 6),
                Column("学期周/月", lambda r: _limits_of(r, ""), 6),
                Column("假期周/月", lambda r: _limits_of(r, "vacation_"), 6),
                Column("宽限 迟/早", _graces_of, 6),
                Column("取整", lambda r: f"{r.rounding_minutes} 分", 4, stretch=True),
            ],
            empty="还没有录入规则，现按左边的值",
            on_open=self._show,
        )

    def refresh(self) -> None:
        """Show the versions; the form begins with what holds now."""
        versions = rules_versions()
        self.table.show(versions)
        self.show_heading(f"规则 {len(versions)} 版")
        self.window.say_rows(f"{len(versions)} 版规则")
        if not self._shown:
            self.on_new()

    def focus_first(self) -> None:
        """Begin with the day."""
        self.form.focus_field("starts_on")

    def on_new(self) -> None:
        """Ctrl+N: today's values, from the first of next month."""
        self._shown = True
        self.form.clear()
        self._show(rules_on(clock.today()))
        self.form.set("starts_on", first_of_next_month(clock.today()))

    def _show(self, rules: WorkRules) -> None:
        self.form.clear_problems()
        self.form.set("starts_on", rules.starts_on)
        for name, (_, unit) in VALUES.items():
            self.form.set(name, in_unit(getattr(rules, name), unit))

    def _save(self) -> None:
        form = self.form
        starts_on = form.value("starts_on")
        if starts_on is None:
            raise refusal("请填写开始执行日期。", "starts_on")
        values = {name: read_value(form.text(name), name) for name in VALUES}
        before = rules_on(starts_on)
        changes = changes_in_words(before, values)
        if not changes:
            raise UserError(f"与 {starts_on} 已执行的规则相同，没有需要保存的改动。")
        if starts_on < clock.today() and not self._may_reckon_anew(starts_on):
            return
        try:
            set_rules(by=self.window.person, starts_on=starts_on, **values)
        except UserError as error:
            # Here the values are hours, whatever unit they are stored in.
            raise UserError(str(error).replace("（分钟）", "")) from error
        self.refresh()
        self.tell(f"自 {starts_on} 起：{'，'.join(changes)}。")

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


def _state_of(rules: WorkRules) -> str:
    today = clock.today()
    if rules.starts_on > today:
        return "未开始"
    return "现行" if rules_on(today).uid == rules.uid else "已更换"


def _rates_of(rules: WorkRules) -> str:
    return f"{in_unit(rules.rate_a, YUAN)}/{in_unit(rules.rate_b, YUAN)} 元"


def _limits_of(rules: WorkRules, season: str) -> str:
    week, month = (
        in_unit(getattr(rules, f"{season}{span}_limit"), HOURS) or "不限"
        for span in ("week", "month")
    )
    return f"{week}/{month}"


def _graces_of(rules: WorkRules) -> str:
    return f"{rules.late_grace}/{rules.early_grace} 分"
