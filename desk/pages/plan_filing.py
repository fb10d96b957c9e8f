"""The way of a plan: its department submits it, the office files or returns it."""

from typing import Any

from desk import dialogs
from desk.pages.plan_choosing import ChoosingPage
from desk.pages.time_section import unbroken
from models import clock
from models.errors import UserError
from models.plan_decisions import accept_plan, next_plan_number, return_plan
from models.plans import submit_plan


class FilingPage(ChoosingPage):
    """The part of 排班 that fixes versions and decides about them."""

    def _save(self) -> None:
        """Write the draft as it is edited."""
        raise NotImplementedError

    def _show_saved(self, plan: Any) -> None:
        """Forget what was unsaved of a version, and show it as it is now."""
        raise NotImplementedError

    def on_submit(self) -> None:
        """报送: fixed from now on, and on its way to the office."""
        self._require_editable()
        self._require_no_shift()
        self._check()
        told = f"还有 {len(self.week.warnings)} 条提醒。" if self.week.warnings else ""
        question = f"报送{self.listed.title}？{told}报送后不能再改，要改须新建一版。"
        if not dialogs.confirm(self, unbroken(question), yes="报送"):
            return
        if self.has_unsaved:
            self._save()
        plan = submit_plan(self.plan, by=self.window.person)
        self._show_saved(plan)
        self.window.say(f"{self.listed.title}已报送，等待办公室备案。")

    def on_accept(self) -> None:
        """备案 (office): under the next number, unless another is typed."""
        self._require_waiting()
        number = dialogs.ask_text(
            self,
            f"同意{self.listed.title}备案，编号为：",
            title="备案",
            yes="备案",
            initial=next_plan_number(clock.today().year),
        )
        if number is not None:
            accept_plan(self.plan, by=self.window.person, number=number)
            self.refresh()
            self.window.say(f"{self.listed.title}{self.listed.state}。")

    def on_return(self) -> None:
        """退回 (office), with the reason."""
        self._require_waiting()
        reason = dialogs.ask_text(
            self, f"退回{self.listed.title}的原因：", title="退回", yes="退回"
        )
        if reason is not None:
            return_plan(self.plan, by=self.window.person, reason=reason)
            self.refresh()
            self.window.say(f"{self.listed.title}已退回。")

    def _require_waiting(self) -> None:
        if self.listed is None or not self.listed.is_waiting:
            raise UserError("请先在列表中选中一版已报送待备案的排班。")
