"""排班: the versions left, the week of the chosen one right, below what is doubtful."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.files import open_with_system, usual_folder
from desk.pages import plan_words as words
from desk.pages.ledgers import UNFIT
from desk.pages.plan_cards import FactCard, NewCard, PlanCard, TimetableCard, term_ahead
from desk.pages.shift_card import ShiftCard
from desk.widgets.form import Form
from desk.widgets.page import Page
from desk.widgets.table import Column, Table
from desk.widgets.weekgrid import WeekGrid
from models import clock
from models.desks import desks, this_desk
from models.errors import UserError
from models.planning import PlanWarning, plan_warnings
from models.plans import (
    accept_plan,
    may_plan,
    new_plan,
    next_plan_number,
    return_plan,
    save_plan,
    submit_plan,
)

SIDE_WIDTH = 25  # Chinese characters
MOST_FOR_SIDE = 0.42  # of the page, where that is less
CHECK_MS = 40
ROWS_OF_A_TALL_PAGE = 20

PLAN_COLUMNS = [
    Column("排班", lambda listed: listed.title, 12, stretch=True),
    Column("状态", lambda listed: listed.state, 7),
]
WARNING_COLUMNS = [
    Column("提醒", lambda found: found[0], 4),
    Column("内容", lambda found: found[1], 30, stretch=True),
]


class Unsaved:
    """What was changed in a draft and is not in the database yet."""

    def __init__(self, plan: Any) -> None:
        self.plan = plan
        self.lines_changed = False
        self.typed: dict[str, Any] | None = None  # of the card, while another is shown
        self.as_shown: dict[str, Any] = {}


class PlansPage(Page):
    """Edits stay in memory, version by version, until they are saved."""

    title = "排班"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.listed: words.Listed | None = None
        self.warnings: list[PlanWarning] = []
        self._unsaved: dict[str, Unsaved] = {}
        self._check_timer = ""
        self.rowconfigure(0, weight=0)
        self.rowconfigure(1, weight=1)
        self.columnconfigure(1, weight=1)
        self._build_buttons()
        self._build_side()
        self._build_week()
        self.bind("<Configure>", lambda event: self.fit())
        self.bind("<Unmap>", self._on_left)
        self.fit()

    # -- building -----------------------------------------------------------

    def _build_buttons(self) -> None:
        bar = self._list_bar = ttk.Frame(self)
        bar.grid(row=0, column=0, columnspan=2, sticky="ew")
        texts = {
            "new": ("新建一版", self.on_new),
            "submit": ("报送", self.on_submit),
            "accept": ("备案", self.on_accept),
            "return": ("退回", self.on_return),
            "import": ("导入课表", self.on_timetables),
            "plan": ("导出备案表", self.on_export),
            "openings": ("导出服务时间", self.on_export_openings),
        }
        if not self.window.here.is_office:
            del texts["accept"], texts["return"]
        self.buttons = {
            name: ttk.Button(bar, text=text, command=command)
            for name, (text, command) in texts.items()
        }
        self._parts = list(self.buttons.values())
        bar.bind("<Configure>", lambda event: self._flow(), add="+")

    def _flow(self) -> None:
        super()._flow()
        for button in self._parts:
            button.grid(padx=(0, self.gap), sticky="w")

    def _build_side(self) -> None:
        side = self._side = ttk.Frame(self)
        side.grid(row=1, column=0, sticky="nsew", padx=(0, self.gap * 2))
        side.columnconfigure(0, weight=1)
        side.rowconfigure(1, weight=1)
        side.grid_propagate(False)
        self.plan_table = Table(
            side, columns=PLAN_COLUMNS, empty="还没有排班。", height=4
        )
        dialogs.KeyGuard(self.plan_table.tree).settle()
        self.plan_table.grid(row=0, column=0, sticky="nsew", pady=(0, self.gap))
        tree = self.plan_table.tree
        tree.bind("<<TreeviewSelect>>", lambda event: self._on_chosen(), add="+")
        tree.bind("<Return>", lambda event: self.grid_.focus_set())
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
        self.card = "new"

    def _build_week(self) -> None:
        right = ttk.Frame(self)
        right.grid(row=1, column=1, sticky="nsew")
        right.columnconfigure(0, weight=1)
        right.rowconfigure(1, weight=1)
        self.heading = ttk.Label(right, style="Heading.TLabel")
        self.heading.grid(row=0, column=0, sticky="w", pady=(0, self.gap // 2))
        self.grid_ = WeekGrid(
            right,
            on_open=self._open_line,
            on_add=self._add_line,
            on_remove=self._remove,
            on_move=self._say_line,
        )
        self.grid_.grid(row=1, column=0, sticky="nsew")
        self.detail = ttk.Label(right, style="Muted.TLabel", justify="left")
        self.detail.grid(row=2, column=0, sticky="w", pady=self.gap // 2)
        self.detail.bind("<Configure>", lambda event: self._wrap(right), add="+")
        self.warning_table = Table(
            right,
            columns=WARNING_COLUMNS,
            empty="没有需要提醒的问题。",
            on_open=lambda found: self._go_to(found[2], focus=True),
            height=4,
        )
        dialogs.KeyGuard(self.warning_table.tree).settle()
        self.warning_table.grid(row=3, column=0, sticky="nsew")
        tree = self.warning_table.tree
        tree.bind("<<TreeviewSelect>>", lambda event: self._on_warning(), add="+")

    def _wrap(self, right: ttk.Frame) -> None:
        if right.winfo_width() > 1:
            self.detail.configure(wraplength=right.winfo_width() - self.gap)

    def fit(self) -> None:
        """The side keeps its width; the week gets the rest."""
        width = theme.text_width(self, SIDE_WIDTH)
        if self.winfo_width() > 1:
            width = min(width, round(self.winfo_width() * MOST_FOR_SIDE))
        self.columnconfigure(0, minsize=width)
        self._side.configure(width=width)
        rows = self.winfo_height() / (theme.line_height(self) * theme.ROW_HEIGHT)
        self.plan_table.tree.configure(height=4 if rows > ROWS_OF_A_TALL_PAGE else 3)
        self.warning_table.tree.configure(height=max(1, round(rows / 5.5)))
        self._flow()

    # -- what is shown --------------------------------------------------------

    @property
    def form(self) -> Form:
        """The card in front."""
        return self.cards[self.card]

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
        self._versions = {listed.uid: listed for listed in everything}
        here = self.listed.uid if self.listed else ""
        self.plan_table.show(everything)
        self._offer_new()
        if here in self._versions:
            self._choose(here)
        elif everything:
            self._choose(everything[0].uid)
        else:
            self.listed = None
            self._show_plan()
        self.window.say_rows(f"{len(everything)} 份")

    def _offer_new(self) -> None:
        desk = None if self.window.here.is_office else this_desk()
        self.cards["new"].offer(desk, self.window.person.department_uid)

    def focus_first(self) -> None:
        """Begin with the week, or with what makes the first version."""
        if self.card in ("new", "shift", "import"):
            names = {"new": "desk", "shift": "from", "import": "path"}
            self.form.focus_field(names[self.card])
        else:
            self.grid_.focus_set()

    def _choose(self, uid: str) -> None:
        """Mark a version in the list; what is marked is shown."""
        tree = self.plan_table.tree
        rows = dict(zip(self._versions, tree.get_children(), strict=False))
        if tree.selection() != (rows[uid],):
            tree.selection_set(rows[uid])
            tree.focus(rows[uid])
        tree.see(rows[uid])
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
        # A job or another window may have sent or removed it meanwhile.
        if not listed.is_editable:
            self._unsaved.pop(listed.uid, None)
        if self.card not in ("shift", "import"):
            self._show_plan()
        else:
            self._show_week()

    def _put_by(self) -> None:
        """Remember what is typed in the draft's card."""
        held = self._held
        if held is not None and self.card == "plan":
            held.typed = self.cards["plan"].snapshot()

    @property
    def _held(self) -> Unsaved | None:
        return self._unsaved.get(self.listed.uid) if self.listed else None

    @property
    def plan(self) -> Any:
        """The chosen version as it is edited."""
        if self.listed is None:
            return None
        held = self._held
        return held.plan if held else self.listed.plan

    def _show_plan(self) -> None:
        """The card of the chosen version, and its week."""
        if self.listed is None:
            self.show_card("new")
        elif self.listed.is_editable:
            self._show_draft()
        else:
            self.cards["fact"].show(self.listed)
            self.show_card("fact")
        self._show_week()

    def _show_draft(self) -> None:
        held = self._unsaved.setdefault(self.listed.uid, Unsaved(self.listed.plan))
        card = self.cards["plan"]
        card.show(self.listed.plan)
        held.as_shown = card.snapshot()
        if held.typed is not None:
            card.restore(held.typed)
        self.show_card("plan")

    @property
    def has_unsaved(self) -> bool:
        """Whether the chosen version differs from what is in the database."""
        held = self._held
        if held is None:
            return False
        typed = held.typed
        if self.card == "plan":
            typed = self.cards["plan"].snapshot()
        return held.lines_changed or (typed is not None and typed != held.as_shown)

    def _show_week(self) -> None:
        """Draw the week, and look for what is doubtful soon."""
        self._show_heading()
        for name in ("submit", "accept", "return", "plan"):
            if name in self.buttons:
                able = self._may(name)
                self.buttons[name].configure(state="normal" if able else "disabled")
        self._draw_week()
        if self._check_timer:
            self.after_cancel(self._check_timer)
        self._check_timer = self.after(CHECK_MS, self._check)

    def _may(self, name: str) -> bool:
        if self.listed is None:
            return False
        if name == "submit":
            return self.listed.is_editable
        return name == "plan" or self.listed.is_waiting

    def _show_heading(self) -> None:
        if self.listed is None:
            self.heading.configure(text="还没有排班，请先新建一版")
            return
        mark = "● 未保存　" if self.has_unsaved else ""
        text = f"{mark}{self.listed.title}　{self.listed.state}"
        self.heading.configure(text=text)

    def _draw_week(self) -> None:
        plan = self.plan
        if plan is None:
            self.grid_.show([])
            return
        desk = next((d for d in desks() if d.uid == plan.desk_uid), None)
        self.grid_.show(
            words.blocks_of(plan, self.warnings),
            open_hours=words.open_hours_of(desk) if desk else [],
            gaps=words.gaps_of(self.warnings),
        )
        self._say_line()

    def _check(self) -> None:
        """List what is doubtful about the version as it is now."""
        self._check_timer = ""
        self.warnings = []
        if self.plan is not None and not words.is_over(self.listed):
            self._take_dates()
            self.warnings = plan_warnings(self.plan)
        self._draw_week()
        if self.card != "import":
            rows = [(words.KIND_LABELS[w.kind], w.text, w) for w in self.warnings]
            self.warning_table.show(rows)
        self._show_heading()

    def _take_dates(self) -> None:
        """Reckon with the dates that stand in the card, if they are dates."""
        if not self.listed.is_editable or self.card != "plan":
            return
        card, plan = self.cards["plan"], self.plan
        try:
            starts_on, ends_on = card.value("starts_on"), card.value("ends_on")
        except UserError:
            return  # said when it is saved
        if starts_on and ends_on and 0 <= (ends_on - starts_on).days <= 370:
            plan.starts_on, plan.ends_on = starts_on, ends_on

    # -- going about the week ---------------------------------------------------

    def _part(self, key: str) -> dict[str, Any] | None:
        parts = [*self.plan.shifts, *self.plan.stays] if self.plan else []
        return next((part for part in parts if part.get("key") == key), None)

    def _say_line(self) -> None:
        """The line under the cursor in full, with what is doubtful about it."""
        part = self._part(self.grid_.key) if self.grid_.key else None
        if part is None:
            hint = "方向键移动；Enter 或 N 在此添加班次" if self._can_edit else ""
            self.detail.configure(text=f"{hint}\n")
            return
        doubts = [
            warning.text
            for warning in self.warnings
            if part["key"] in (warning.shift_key, warning.other_key)
        ]
        # Always two lines: the week must not jump as one walks through it.
        more = f"（共 {len(doubts)} 条）" if len(doubts) > 1 else ""
        told = f"！{doubts[0]}{more}" if doubts else ""
        self.detail.configure(text=f"{words.line_in_words(part)}\n{told}")

    def _on_warning(self) -> None:
        found = self.warning_table.selected()
        if found is not None:
            self.window.status.say(found[1])
            self._go_to(found[2], focus=False)

    def _go_to(self, warning: Any, *, focus: bool) -> None:
        """Show the shift a warning is about, or the hours nobody covers."""
        if not isinstance(warning, PlanWarning):
            return
        if warning.shift_key:
            self.grid_.select(warning.shift_key)
        elif warning.weekday is not None:
            minute = words.minutes_of(warning.from_time)
            self.grid_.select_time(warning.weekday, minute)
        if focus:
            self.grid_.focus_set()

    # -- editing lines ------------------------------------------------------------

    @property
    def _can_edit(self) -> bool:
        return bool(
            self.listed
            and self.listed.is_editable
            and may_plan(self.window.person, self.plan.department_uid)
        )

    def _require_editable(self) -> None:
        if self.listed is None:
            raise UserError("请先新建一版排班。")
        if not self.listed.is_draft:
            raise UserError("已经报送的排班不能再改，请新建一版。")
        if not self.listed.is_editable:
            raise UserError("这份草稿是在另一台电脑上做的，请到那台电脑上修改。")
        if not self._can_edit:
            raise UserError("排班由本部门的老师或中心办公室安排，请由他们登录后操作。")

    def _open_line(self, key: str) -> None:
        self._require_editable()
        self._edit(self._part(key), is_new=False)

    def _add_line(self, weekday: int, minute: int) -> None:
        self._require_editable()
        begins, ends = self._free_stretch(weekday, minute)
        part = {"weekday": weekday, "weeks": "all", "from": begins, "to": ends}
        self._edit(part, is_new=True)

    def _free_stretch(self, weekday: int, minute: int) -> tuple[str, str]:
        """A gap as a whole, else two hours from the cell on."""
        for gap in self.grid_.gaps:
            if gap.weekday == weekday and gap.begins < minute + 30 <= gap.ends + 29:
                return _clock(gap.begins), _clock(gap.ends)
        return _clock(minute), _clock(minute + 120)

    def _edit(self, part: dict[str, Any], *, is_new: bool) -> None:
        self._put_by()
        self.show_card("shift")
        self.cards["shift"].open(self.plan, part, is_new=is_new)
        self.form.focus_field("from" if is_new else "a" if "a" in part else "teacher")

    def _keep(self) -> None:
        """Put the line of the card into the version, which is saved later."""
        self._require_editable()
        part = self.cards["shift"].part()
        self._change_lines(part["key"], part)
        self.window.say(f"已排：{words.line_in_words(part)}。保存后写入。")

    def _remove(self, key: str) -> None:
        self._require_editable()
        part = self._part(key)
        if part is not None and dialogs.confirm(
            self, f"要删除 {words.line_in_words(part)} 吗？", yes="删除", danger=True
        ):
            self._change_lines(key, None)
            self.window.say("已删除，保存后写入。")

    def _change_lines(self, key: str, part: dict[str, Any] | None) -> None:
        plan = self.plan
        shifts = [one for one in plan.shifts if one.get("key") != key]
        stays = [one for one in plan.stays if one.get("key") != key]
        if part is not None:
            (stays if "teacher" in part else shifts).append(part)
        plan.shifts, plan.stays = shifts, stays
        self._held.lines_changed = True
        self._show_plan()
        self._check()
        if part is not None:
            self.grid_.select(key)
        self.grid_.focus_set()

    def _close_shift(self) -> None:
        """Back to the week; asks first when something was typed."""
        if self.cards["shift"].is_changed and not dialogs.confirm(
            self, "这一班的修改还没有保留，要放弃吗？", yes="放弃修改", danger=True
        ):
            return
        self._show_plan()
        self.grid_.focus_set()

    # -- versions -----------------------------------------------------------------

    def on_new(self) -> None:
        """Ctrl+N, or the button: the next version, of the chosen desk at first."""
        if self.card == "shift":
            raise UserError("请先保留或取消正在编辑的这一班。")
        self._put_by()
        card = self.cards["new"]
        if self.plan is not None:
            card.set("desk", self.plan.desk_uid)
            card.offer_departments()
            card.set("department", self.plan.department_uid)
            card.set("like", "newest")
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
            if listed.plan.desk_uid == desk.uid
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
        self.grid_.focus_set()

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

    def on_submit(self) -> None:
        """报送: fixed from now on, and on its way to the office."""
        self._require_editable()
        if self.card == "shift":
            raise UserError("请先保留或取消正在编辑的这一班。")
        self._check()
        told = f"还有 {len(self.warnings)} 条提醒。" if self.warnings else ""
        question = f"报送{self.listed.title}？{told}报送后不能再改，要改须新建一版。"
        if not dialogs.confirm(self, question, yes="报送"):
            return
        if self.has_unsaved:
            self._save()
        plan = submit_plan(self.plan, by=self.window.person)
        self._show_saved(plan)
        self.window.say(f"{self.listed.title}已报送，等待办公室备案。")

    def on_accept(self) -> None:
        """备案 (office): under the next number, unless another is typed."""
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
        reason = dialogs.ask_text(
            self, f"退回{self.listed.title}的原因：", title="退回", yes="退回"
        )
        if reason is not None:
            return_plan(self.plan, by=self.window.person, reason=reason)
            self.refresh()
            self.window.say(f"{self.listed.title}已退回。")

    # -- unsaved edits ------------------------------------------------------------

    def _hint_unsaved(self) -> None:
        if self.listed is not None and self.has_unsaved:
            self.window.status.say(
                f"{self.listed.title}有未保存的修改，已留着；回到这一版可继续。"
            )

    def _on_left(self, event: tkinter.Event) -> None:
        """Another page comes to the front."""
        if event.widget is self and self.winfo_exists():
            if self.card == "shift" and self.cards["shift"].is_changed:
                self.window.status.say("排班里有一班还没有保留，回到排班页可继续。")
            else:
                self._hint_unsaved()

    # -- files --------------------------------------------------------------------

    def on_timetables(self) -> None:
        """导入课表."""
        if self.card == "shift":
            raise UserError("请先保留或取消正在编辑的这一班。")
        self._put_by()
        self.show_card("import")
        self.form.focus_field("path")

    def _import(self) -> None:
        from exports.timetables import import_timetables

        term = term_ahead()
        if term is None:
            raise UserError("还没有录入学期，请先由中心办公室在校历中录入。")
        card = self.cards["import"]
        result = import_timetables(
            card.path(),
            by=self.window.person,
            term=term,
            person=card.value("person"),
        )
        card.tell(result)
        self.warning_table.show(
            [(f"第{one.row}行", one.reason, None) for one in result.rejected]
        )
        self.window.say(f"{term.name}课表：{len(result.found)} 人，已导入。")
        self._show_week()

    def on_export(self) -> None:
        """Ctrl+E: 备案表 of the chosen version."""
        from exports.sheets import export_plan

        if self.listed is None:
            raise UserError("请先选择一版排班。")
        if self.has_unsaved:
            raise UserError("请先保存，再导出备案表。")
        listed, person = self.listed, self.window.person
        path = self._new_file(f"AB岗备案表_{listed.title}")
        if path is not None:
            record = listed.decision or listed.plan
            self._export(lambda: export_plan(record, path, person=person), path)

    def on_export_openings(self) -> None:
        """服务时间安排 of all desks, as of today."""
        from exports.sheets import export_openings

        today, person = clock.today(), self.window.person
        path = self._new_file(f"服务时间安排_{today.isoformat()}")
        if path is not None:
            self._export(lambda: export_openings(path, on=today, person=person), path)

    def _new_file(self, name: str) -> Path | None:
        kept = self.window.settings.ledger_folder
        folder = Path(kept) if kept and Path(kept).is_dir() else usual_folder()
        name = UNFIT.sub("", name.replace(" · ", "_")) + ".docx"
        return dialogs.choose_new_file(self, title="导出到", name=name, folder=folder)

    def _export(self, write: Any, path: Path) -> None:
        def done(result: Any) -> None:
            self.window.say(f"已导出 {path.name}。")
            open_with_system(path)

        self.window.jobs.start(lambda report: write(), on_done=done)

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

    def destroy(self) -> None:
        if self._check_timer:
            self.after_cancel(self._check_timer)
        super().destroy()


def _clock(minutes: int) -> str:
    minutes %= 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
