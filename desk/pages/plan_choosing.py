"""Choosing a version of a plan: the list, the card it has, its week."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk.pages import plan_words as words
from desk.pages.plan_editing import EditingPage
from desk.widgets.table import Table
from models.desks import this_desk
from models.plans import may_plan

EDITING_HINT = "方向键移动；Enter 或 N 在此添加班次"
CHECK_MS = 40


class ChoosingPage(EditingPage):
    """The part of 排班 that shows the chosen version."""

    buttons: dict[str, ttk.Button]
    plan_table: Table

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._check_timer = ""
        self._versions: dict[str, words.Listed] = {}
        self._shown_to = ""
        self.for_planners: dict[ttk.Button, str] = {}  # with what stands on them

    def show_card(self, name: str) -> None:
        """Bring a card to the front; shift and import take the list's room too."""
        for other in self.cards.values():
            other.grid_remove()
        self.card = name
        self.form.grid(row=1, column=0, sticky="nsew")
        if name in ("shift", "import"):
            self.plan_table.grid_remove()
        else:
            self.plan_table.grid()

    def refresh(self) -> None:
        """Show the versions there are now; what is being edited stays."""
        everything = words.listed_plans()
        if self.window.here.is_office:
            everything.sort(key=lambda listed: not listed.is_waiting)
        else:
            everything.sort(key=self._is_elsewhere)
        self._let_go()
        self._versions = {listed.uid: listed for listed in everything}
        person = self.window.person.uid
        if self._shown_to != person and not self.has_changes():
            self.listed = None  # another person begins with what is theirs
            self.card = "plan"
        self._shown_to = person
        here = self.listed.uid if self.listed else ""
        self.plan_table.show(everything)
        self._offer_new()
        if here in self._versions and self.card == "new":
            self.listed = self._versions[here]
            self._show_week()  # a new version is being thought of
        elif here in self._versions:
            self._choose(here)
        elif everything:
            self._choose(everything[0].uid)
        else:
            self.listed = None
            self._show_plan()
        self.window.say_rows(f"{len(everything)} 份")

    def _is_elsewhere(self, listed: words.Listed) -> tuple[bool, bool]:
        """For sorting: the own desk first, there the own department."""
        plan, person = listed.plan, self.window.person
        return (
            plan.desk_uid != this_desk().uid,
            plan.department_uid != person.department_uid,
        )

    def _offer_new(self) -> None:
        desk = None if self.window.here.is_office else this_desk()
        self.cards["new"].offer(desk, self.window.person)
        self._show_rights()

    def _show_rights(self) -> None:
        """Who makes no plans sees on the buttons who does."""
        able = self._may_begin
        for button, text in self.for_planners.items():
            button.configure(
                text=text if able else f"{text.split()[0]}（限老师）",
                state="normal" if able else "disabled",
            )

    def _check_soon(self) -> None:
        if self._check_timer:
            self.after_cancel(self._check_timer)
        self._check_timer = self.after(CHECK_MS, self._check)

    def focus_first(self) -> None:
        """Begin with the week, or with what makes the first version."""
        if self.card in ("new", "shift", "import"):
            names = {"new": "desk", "shift": "from", "import": "path"}
            self.form.focus_field(names[self.card])
        else:
            self.week.grid_.focus_set()

    def _choose(self, uid: str) -> None:
        """Mark a version in the list; what is marked is shown."""
        tree = self.plan_table.tree
        row = self.plan_table.row_of(self._versions[uid])
        if tree.selection() != (row,):
            tree.selection_set(row)
            tree.focus(row)
        tree.see(row)
        self._show(self._versions[uid])

    def _on_chosen(self) -> None:
        listed = self.plan_table.selected()
        if listed is None or (self.listed and listed.uid == self.listed.uid):
            return
        self._hint_unsaved()
        self._show(listed)

    def _show(self, listed: words.Listed) -> None:
        self._put_by()
        self.listed = listed
        if not listed.is_editable:
            self._unsaved.pop(listed.uid, None)
        if self.card not in ("shift", "import"):
            self._show_plan()
        else:
            self._show_week()

    def _show_plan(self) -> None:
        """The card of the chosen version, and its week."""
        if self.listed is None:
            self.show_card("new")
        elif self.listed.is_editable:
            self._show_draft()
        else:
            mine = may_plan(self.window.person, self.plan.department_uid)
            self.cards["fact"].show(self.listed, may_copy=mine)
            self.show_card("fact")
        self._show_week()

    def _show_draft(self) -> None:
        held = self._hold()
        card = self.cards["plan"]
        card.show(self.listed.plan)
        held.as_shown = card.snapshot()
        if held.typed is not None:
            card.restore(held.typed)
        self.show_card("plan")

    def _show_week(self) -> None:
        """Draw the week, and look for what is doubtful soon."""
        self._show_heading()
        for name in ("submit", "accept", "return", "plan"):
            if name in self.buttons:
                able = self._may(name)
                self.buttons[name].configure(state="normal" if able else "disabled")
        self.week.show(self.plan, EDITING_HINT if self._can_edit else "")
        self._check_soon()

    def _may(self, name: str) -> bool:
        if self.listed is None:
            return False
        if name == "submit":
            return self._can_edit
        return name == "plan" or self.listed.is_waiting

    def _show_heading(self) -> None:
        if self.listed is None:
            self.week.heading.configure(text="还没有排班，请先新建一版")
            return
        mark = "● 未保存　" if self.has_unsaved else ""
        text = f"{mark}{self.listed.title}　{self.listed.state}"
        self.week.heading.configure(text=text)

    def _check(self) -> None:
        """Say what is doubtful about the version as it is now."""
        self._check_timer = ""
        self.week.plan = self._as_typed()
        self.week.check(is_over=self.listed is None or words.is_over(self.listed))
        if self.card != "import":
            self.week.list_warnings()
        self._show_heading()

    def destroy(self) -> None:
        if self._check_timer:
            self.after_cancel(self._check_timer)
        super().destroy()
