"""排班: the versions left, the week of the chosen one right, below what is doubtful."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.keymap import key_of_action
from desk.pages import plan_words as words
from desk.pages.plan_cards import FactCard, NewCard, PlanCard, TimetableCard
from desk.pages.plan_files import export_opening_hours, export_plan_form, import_from
from desk.pages.plan_filing import FilingPage
from desk.pages.plan_week import PlanWeek
from desk.pages.shift_card import ShiftCard
from desk.widgets.form import Form
from desk.widgets.table import Column, Table
from models.errors import UserError
from models.plans import may_plan, new_plan, save_plan

SIDE_WIDTH = 25  # Chinese characters
MOST_FOR_SIDE = 0.42  # of the page, where that is less
ROWS_OF_A_TALL_PAGE = 20

PLAN_COLUMNS = [
    Column("排班", lambda listed: listed.short, 8),
    Column("状态", lambda listed: listed.state, 9, stretch=True),
]


class PlansPage(FilingPage):
    """Edits stay in memory, version by version, until they are saved."""

    title = "排班"
    save_words = "保存"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.rowconfigure(0, weight=0)
        self.rowconfigure(1, weight=1)
        self.columnconfigure(1, weight=1)
        self._build_buttons()
        self._build_side()
        self._build_week()
        self.bind("<Configure>", lambda event: self.fit())
        self.fit()

    # -- building -----------------------------------------------------------

    def _build_buttons(self) -> None:
        bar = self._list_bar = ttk.Frame(self)
        bar.grid(row=0, column=0, columnspan=2, sticky="ew")
        texts = {
            "new": ("新建一版", "on_new"),
            "submit": ("报送", "on_submit"),
            "accept": ("备案", "on_accept"),
            "return": ("退回", "on_return"),
            "import": ("导入课表", "on_timetables"),
            "plan": ("导出备案表", "on_export"),
            "openings": ("导出服务时间", "on_export_openings"),
        }
        if not self.window.here.is_office:
            del texts["accept"], texts["return"]
        self.buttons = {
            name: ttk.Button(
                bar,
                text=f"{text} {key_of_action(action)}".strip(),
                command=getattr(self, action),
            )
            for name, (text, action) in texts.items()
        }
        bar.bind("<Configure>", lambda event: self._flow(), add="+")

    def _flow(self) -> None:
        """The buttons in as many lines as they need."""
        room, row, column, used = self._list_bar.winfo_width(), 0, 0, 0
        for button in self.buttons.values():
            wide = button.winfo_reqwidth() + self.gap
            if column and 1 < room < used + wide:
                row, column, used = row + 1, 0, 0
            button.grid(
                row=row,
                column=column,
                padx=(0, self.gap),
                pady=self.gap // 2,
                sticky="w",
            )
            column, used = column + 1, used + wide

    def _build_side(self) -> None:
        side = self._side = ttk.Frame(self)
        side.grid(row=1, column=0, sticky="nsew", padx=(0, self.gap * 2))
        side.columnconfigure(0, weight=1)
        side.rowconfigure(1, weight=1)
        side.grid_propagate(False)
        self.plan_table = Table(
            side,
            name="plans",
            columns=PLAN_COLUMNS,
            empty="还没有排班，请在下面新建。",
            height=4,
        )
        dialogs.KeyGuard(self.plan_table.tree).settle()
        self.plan_table.grid(row=0, column=0, sticky="nsew", pady=(0, self.gap))
        tree = self.plan_table.tree
        tree.bind("<<TreeviewSelect>>", lambda event: self._on_chosen(), add="+")
        tree.bind("<Return>", lambda event: self.week.grid_.focus_set())
        self.cards: dict[str, Form] = {
            "new": NewCard(side, self._make),
            "plan": PlanCard(side, on_save=self._save, on_revert=self.on_revert),
            "fact": FactCard(side, self.on_new),
            "shift": ShiftCard(
                side,
                on_keep=self._keep,
                on_remove=lambda: self._remove(self.cards["shift"].key),
                on_cancel=self._close_shift,
            ),
            "import": TimetableCard(
                side, on_import=self._import, on_cancel=self._show_plan
            ),
        }

        for button in (
            self.buttons["new"],
            self.buttons["import"],
            self.cards["new"].primary,
        ):
            self.for_planners[button] = button.cget("text")
        draft = self.cards["plan"]
        for name in ("starts_on", "ends_on"):
            entry = draft.widget(name).entry
            entry.bind("<FocusOut>", lambda event: self._check_soon(), add="+")
        draft.widget("note").bind(
            "<FocusOut>", lambda event: self._check_soon(), add="+"
        )

    def _build_week(self) -> None:
        week = self.week = PlanWeek(
            self,
            on_open=self._open_line,
            on_add=self._add_line,
            on_remove=self._remove,
            on_told=self.window.status.say,
        )
        week.grid(row=1, column=1, sticky="nsew")

    def fit(self) -> None:
        """The side keeps its width; the week gets the rest."""
        width = theme.text_width(self, SIDE_WIDTH)
        if self.winfo_width() > 1:
            width = min(width, round(self.winfo_width() * MOST_FOR_SIDE))
        self.columnconfigure(0, minsize=width)
        self._side.configure(width=width)
        rows = self.winfo_height() / (theme.line_height(self) * theme.ROW_HEIGHT)
        self.plan_table.tree.configure(height=4 if rows > ROWS_OF_A_TALL_PAGE else 3)
        self._flow()

    # -- versions -----------------------------------------------------------------

    def on_new(self) -> None:
        """Ctrl+N, or the button: the next version, of the chosen desk at first."""
        self._require_planner()
        self._require_no_shift()
        self._put_by()
        card, plan = self.cards["new"], self.plan
        if plan is not None and may_plan(self.window.person, plan.department_uid):
            card.set("desk", plan.desk_uid)
            card.offer_departments()
            card.set("department", plan.department_uid)
        else:
            card.propose_own()
        known = self._newest(card.desk, card.department)
        card.set("like", "newest" if known else "empty")
        self.show_card("new")
        card.focus_field("desk")

    def _make(self) -> None:
        card = self.cards["new"]
        desk, department = card.desk, card.department
        if desk is None or department is None:
            raise UserError("请选择窗口和部门。")
        starts_on, ends_on = card.dates()
        plan = new_plan(
            by=self.window.person,
            desk=desk,
            department=department,
            starts_on=starts_on,
            ends_on=ends_on,
            pattern=card.value("pattern"),
            like=self._newest(desk, department) if self._copies else None,
        )
        self.card = "plan"  # what is in front is made anew
        self._show_saved(plan)
        self.window.say(f"已新建第 {plan.version} 版草稿，请在右边的周表中排班。")

    @property
    def _copies(self) -> bool:
        return self.cards["new"].value("like") == "newest"

    def _newest(self, desk: Any, department: Any) -> Any:
        """The newest version as it is edited now."""
        found = [
            listed
            for listed in self._versions.values()
            if desk
            and department
            and listed.plan.desk_uid == desk.uid
            and listed.plan.department_uid == department.uid
        ]
        if not found:
            return None
        newest = max(found, key=lambda listed: listed.plan.version)
        held = self._unsaved.get(newest.uid)
        return held.plan if held else newest.plan

    def _show_saved(self, plan: Any) -> None:
        """Forget what was unsaved of a version, and show it as it is now."""
        self._unsaved.pop(words.plan_uid(plan), None)
        self.listed = words.Listed(plan, None, "")
        self.refresh()
        self.week.grid_.focus_set()

    def _save(self) -> None:
        self._require_editable()
        card, plan = self.cards["plan"], self.plan
        save_plan(
            plan,
            by=self.window.person,
            shifts=plan.shifts,
            stays=plan.stays,
            starts_on=card.value("starts_on"),
            ends_on=card.value("ends_on"),
            pattern=card.value("pattern"),
            note=card.text("note"),
        )
        self._show_saved(plan)
        self.window.say(f"{self.listed.title}已保存。")

    def on_revert(self) -> None:
        """Show the draft as it is in the database."""
        if not self.has_unsaved or dialogs.confirm(
            self, "要放弃这一版还没有保存的修改吗？", yes="放弃修改", danger=True
        ):
            self._unsaved.pop(self.listed.uid, None)
            self.card = "fact"  # nothing typed there is to be put by
            self.refresh()

    # -- files --------------------------------------------------------------------

    def on_timetables(self) -> None:
        """导入课表."""
        self._require_planner()
        self._require_no_shift()
        self._put_by()
        self.show_card("import")
        self.form.focus_field("path")

    def _import(self) -> None:
        result = import_from(self.cards["import"], self.window)
        self._check()
        self.week.list_rejected(result.rejected)

    def on_export(self) -> None:
        """Ctrl+E: 备案表 of the chosen version."""
        if self.listed is None:
            raise UserError("请先选择一版排班。")
        if self.has_unsaved:
            raise UserError("请先保存，再导出备案表。")
        record = self.listed.decision or self.listed.plan
        export_plan_form(record, self.listed.title, self)

    def on_export_openings(self) -> None:
        """服务时间安排."""
        export_opening_hours(self)

    # -- keys -----------------------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S: keep the shift, save the draft, make the version."""
        self.form.submit()

    def on_escape(self) -> None:
        """Back to the week."""
        if self.card == "shift":
            self._close_shift()
        elif self.card in ("new", "import"):
            self._show_plan()
            self.focus_first()
