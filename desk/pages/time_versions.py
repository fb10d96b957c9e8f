"""What the tabs of rules by date share: a version as a form, all of them as a list."""

import tkinter
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from desk.pages.time_section import TimeSection, refusal
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.dated_rules import DatedRules
from models.errors import UserError


class RuleVersionsSection(TimeSection):
    """The form begins with the rules that hold now."""

    form_title = ""
    empty = ""
    rules: ClassVar[type[DatedRules]]
    fields: ClassVar[Iterable[str]] = ()
    columns: ClassVar[tuple[Column, ...]] = ()

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._shown = False
        form = self.form = Form(self, title=self.form_title, command=self._save)
        self.put_left(form)
        form.add_date("starts_on", "开始执行日期")
        for name in self.fields:
            self.add_field(name)
        form.add_button("保存", form.submit, primary=True)
        form.add_button("恢复现行", self.on_new)
        self.build_section(
            columns=list(self.columns), empty=self.empty, on_open=self.show_version
        )

    # -- what each tab says for itself --

    def add_field(self, name: str) -> None:
        """Ask for one rule in the form."""
        raise NotImplementedError

    def typed(self, value: int | None, name: str) -> Any:
        """A stored value as it is typed."""
        return value

    def read(self, text: str, name: str) -> int | None:
        """What was typed, as it is stored; UserError when it makes no sense."""
        raise NotImplementedError

    def changes(self, before: Any, values: dict[str, Any]) -> list[str]:
        """In words, what is other than *before*."""
        raise NotImplementedError

    def write(self, starts_on: date, values: dict[str, Any]) -> bool:
        """Let the values hold from that day on; False when that was not wanted."""
        raise NotImplementedError

    # -- the form and the list --

    def refresh(self) -> None:
        """Show the versions; the form begins with what holds now."""
        versions = self.rules.versions()
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
        self.begin_with_present(clock.today())

    def begin_with_present(self, starts_on: date) -> None:
        """The values that hold today, to be changed from a day on."""
        self._shown = True
        self.show_version(self.rules.on(clock.today()))
        self.form.set("starts_on", starts_on)

    def show_version(self, rules: Any) -> None:
        """Bring one version into the form."""
        self.form.clear_problems()
        self.form.set("starts_on", rules.starts_on)
        for name in self.fields:
            self.form.set(name, self.typed(getattr(rules, name), name))

    def _save(self) -> None:
        form = self.form
        starts_on = form.value("starts_on")
        if starts_on is None:
            raise refusal("请填写开始执行日期。", "starts_on")
        values = {name: self.read(form.text(name), name) for name in self.fields}
        changes = self.changes(self.rules.on(starts_on), values)
        if not changes:
            raise UserError(f"与 {starts_on} 已执行的规则相同，没有需要保存的改动。")
        if self.write(starts_on, values):
            self.refresh()
            self.tell(f"自 {starts_on} 起：{'，'.join(changes)}。")


def state_of(rules: DatedRules) -> str:
    """Whether a version holds today, later, or no longer."""
    today = clock.today()
    if rules.starts_on > today:
        return "未开始"
    return "现行" if type(rules).on(today).uid == rules.uid else "已更换"
