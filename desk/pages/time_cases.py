"""办件规则: when a case is warned of, and to whom it is raised, as versions by date."""

import tkinter
import unicodedata
from typing import Any, NamedTuple

from desk.pages.time_section import TimeSection, refusal
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.case_rules import (
    RANGES,
    CaseRules,
    case_rules_on,
    case_rules_versions,
    set_case_rules,
)
from models.errors import UserError


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


class CaseRulesSection(TimeSection):
    """Cases are reckoned with the rules of the day on which one looks."""

    name = "办件规则"
    effect = (
        "只影响提醒和上报，不改动任何办件，也不会自动办结。从开始执行日期起按新规则提醒，"
        "之前的版本保留可查；同一天再保存就是更正那一版。各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._shown = False
        form = self.form = Form(self, title="限时办结规则", command=self._save)
        self.put_left(form)
        form.add_date("starts_on", "开始执行日期")
        for name, value in VALUES.items():
            form.add_entry(name, value.label)
            form.add_words(name, getattr(CaseRules, name).verbose_name)
            form.add_fact(f"{name}_meaning", "")
            form.set(f"{name}_meaning", f"（{value.unit}）{value.meaning}")
            form.widget(f"{name}_meaning").configure(style="Hint.TLabel")
        form.add_button("保存", form.submit, primary=True)
        form.add_button("恢复现行", self.on_new)
        self.build_section(
            columns=[
                Column("开始执行", lambda rules: rules.starts_on, 5),
                Column("状态", _state_of, 3),
                Column("临期", lambda rules: f"{rules.soon_days} 天", 2.5),
                Column("接办", lambda rules: f"{rules.take_days} 天", 2.5),
                Column("报部门/办公室", _late_of, 6.5),
                Column("待补", lambda rules: f"{rules.waiting_days} 天", 2.5),
                Column("跨班", lambda rules: f"{rules.shifts} 班", 3, stretch=True),
            ],
            empty="还没有设置规则，现按左边的值",
            on_open=self._show,
        )

    def refresh(self) -> None:
        """Show the versions; the form begins with what holds now."""
        versions = case_rules_versions()
        self.table.show(versions)
        self.show_heading(f"规则 {len(versions)} 版")
        self.window.say_rows(f"{len(versions)} 版规则")
        if not self._shown:
            self.on_new()

    def focus_first(self) -> None:
        """Begin with the day."""
        self.form.focus_field("starts_on")

    def on_new(self) -> None:
        """Ctrl+N: the values that hold, to be changed from today."""
        self._shown = True
        self._show(case_rules_on(clock.today()))
        self.form.set("starts_on", clock.today())

    def _show(self, rules: CaseRules) -> None:
        self.form.clear_problems()
        self.form.set("starts_on", rules.starts_on)
        for name in VALUES:
            self.form.set(name, getattr(rules, name))

    def _save(self) -> None:
        form = self.form
        starts_on = form.value("starts_on")
        if starts_on is None:
            raise refusal("请填写开始执行日期。", "starts_on")
        values = {name: read_number(form.text(name), name) for name in VALUES}
        before = case_rules_on(starts_on)
        changes = [
            f"{value.label} {getattr(before, name)}→{values[name]} 个{value.unit}"
            for name, value in VALUES.items()
            if getattr(before, name) != values[name]
        ]
        if not changes:
            raise UserError(f"与 {starts_on} 已执行的规则相同，没有需要保存的改动。")
        set_case_rules(by=self.window.person, starts_on=starts_on, **values)
        self.refresh()
        self.tell(f"自 {starts_on} 起：{'，'.join(changes)}。")


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


def _state_of(rules: CaseRules) -> str:
    today = clock.today()
    if rules.starts_on > today:
        return "未开始"
    return "现行" if case_rules_on(today).uid == rules.uid else "已更换"
