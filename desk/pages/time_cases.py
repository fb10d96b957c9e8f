"""办件规则: when a case is warned of, and to whom it is raised, as versions by date."""

import unicodedata
from datetime import date
from typing import Any, NamedTuple

from desk.pages.time_section import refusal
from desk.pages.time_versions import RuleVersionsSection, state_of
from desk.widgets.table import Column
from models.case_rules import RANGES, CaseRules, set_case_rules


class Value(NamedTuple):
    """How a value is asked for, and what it does."""

    label: str
    unit: str
    meaning: str


DAYS = "工作日"
VALUES: dict[str, Value] = {
    "soon_days": Value("临期提醒", DAYS, "应办结日前这么多天起，标“临期”。"),
    "take_days": Value("接办时限", DAYS, "转办件送出后，在这么多天内接办。"),
    "department_days": Value("超期报部门", DAYS, "超期满这么多天，报部门。"),
    "office_days": Value("超期报办公室", DAYS, "超期满这么多天，报办公室。"),
    "waiting_days": Value("待补提醒", DAYS, "停表等学生超过这么多天，提醒。"),
    "shifts": Value("跨班上报", "班次", "没有承诺的，交过这么多班未完，报部门。"),
}


class CaseRulesSection(RuleVersionsSection):
    """Cases are reckoned with the rules of the day on which one looks."""

    name = "办件规则"
    form_title = "限时办结规则"
    effect = (
        "只影响提醒和上报，不改动任何办件，也不会自动办结。从开始执行日期起按新规则提醒，"
        "之前的版本保留可查；同一天再保存就是更正那一版。各窗口下次同步后生效。"
    )
    empty = "还没有设置规则，现在按左边的值执行。"
    rules = CaseRules
    fields = VALUES
    columns = (
        Column("开始执行", lambda rules: rules.starts_on, 5),
        Column("状态", state_of, 3),
        Column("临期", lambda rules: f"{rules.soon_days} 天", 2.5),
        Column("接办", lambda rules: f"{rules.take_days} 天", 2.5),
        Column("报部门/办公室", lambda rules: _late_of(rules), 6.5),
        Column("待补", lambda rules: f"{rules.waiting_days} 天", 2.5),
        Column("跨班", lambda rules: f"{rules.shifts} 班", 3, stretch=True),
    )

    def add_field(self, name: str) -> None:
        """With its meaning under it."""
        label, unit, meaning = VALUES[name]
        form = self.form
        form.add_entry(name, label)
        form.add_words(name, getattr(CaseRules, name).verbose_name)
        form.add_fact(f"{name}_meaning", "")
        form.set(f"{name}_meaning", f"（{unit}）{meaning}")
        form.widget(f"{name}_meaning").configure(style="Hint.TLabel")

    def read(self, text: str, name: str) -> int:
        """A whole number."""
        return read_number(text, name)

    def changes(self, before: Any, values: dict[str, int]) -> list[str]:
        """`接办时限 1→2 个工作日` for each value that is another one."""
        return [
            f"{value.label} {getattr(before, name)}→{values[name]} 个{value.unit}"
            for name, value in VALUES.items()
            if getattr(before, name) != values[name]
        ]

    def write(self, starts_on: date, values: dict[str, int]) -> bool:
        """Nothing that was reckoned before changes, so nothing is asked."""
        set_case_rules(by=self.window.person, starts_on=starts_on, **values)
        return True


def read_number(text: str, name: str) -> int:
    """A whole number as typed, with its unit or without."""
    label, unit, _ = VALUES[name]
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(unit)
    plain = plain.removesuffix("个").strip()
    least, most, _ = RANGES[name]
    if not plain.isdecimal() or not least <= int(plain) <= most:
        raise refusal(f"{label}请填 {least} 到 {most} 之间的整数（{unit}）。", name)
    return int(plain)


def _late_of(rules: CaseRules) -> str:
    return f"{rules.department_days}/{rules.office_days} 天"
