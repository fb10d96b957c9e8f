"""办件: open cases across days, what is due, and what happens to them next."""

import tkinter
from collections.abc import Sequence
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.caserows import (
    VIEWS,
    Row,
    columns,
    day_in_words,
    facts_of,
    rows_at,
    rows_of,
    story,
)
from desk.pages.deskfilter import DeskFilter
from desk.pages.listing import ListingPage
from desk.slips import print_slip
from desk.widgets.choice import Choice
from desk.widgets.form import Form
from desk.widgets.formdrafts import together
from desk.widgets.reading import Reading
from models.calendar import is_working_day
from models.casechecks import NOTE_NEEDED, is_taking_back, possible_steps
from models.casefold import Case
from models.cases import add_step, case_of
from models.desks import Desk, desks, this_desk
from models.errors import UserError
from models.permissions import Operation, may, who_may
from models.steps import STEP_KIND_LABELS, StepKind
from models.urgency import Urgency
from models.visits import Visit, answering_for

EMPTY = {
    "open": "没有未办结的办件。\n承诺办结和转办的来访会出现在这里。",
    "due": "今天没有到期或超期的办件。",
    "come": "没有等本窗口接办的转办件。",
    "waiting": "没有在等学生补材料的办件。",
    "sent": "没有转出后等回音的办件。",
}
# What a promise may be given with; elsewhere the field has no meaning.
_MAY_PROMISE = (
    StepKind.EXTENDED,
    StepKind.COMPLETE,
    StepKind.TAKEN,
    StepKind.REOPENED,
)
OFFICE_READS = "业务由部门办理，办公室在这里查看和督办，不能改动。"
STORY_LINES = 5
LEAST_LINES = 5.5  # of the list: its titles and two rows


class CasesPage(ListingPage):
    """The marked case left, with its next step; the list right, its story below."""

    title = "办件"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        if window.here.is_office:  # only facts are left of the list
            self.form_width = 25
        self.save_words = "导出台账" if window.here.is_office else "登记这一步"
        self._view, self._case, self._why = "open", None, ""
        self._wanted = ""
        self._build_form()
        self.build_list(
            name="cases",
            columns=columns(at_office=window.here.is_office),
            empty=EMPTY["open"],
            buttons={"打印单据": self.on_print},
            on_open=lambda row: self._go_to_step(),
        )
        self._build_views()
        self._build_story()
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )
        for key, step in (("<Left>", -1), ("<Right>", 1)):
            self.table.tree.bind(key, lambda event, step=step: self._step_view(step))

    # -- building -----------------------------------------------------------

    def _build_form(self) -> None:
        form = self.form = Form(self, title="办理", command=self._save)
        self.put_left(form)
        for name, label in (
            ("about", "办件"),
            ("who", "来访人"),
            ("where", "办理窗口"),
            ("promise", "应办结"),
            ("wrong", "⚠ 矛盾"),
            ("why_not", "说明"),
        ):
            form.add_fact(name, label)
        form.add_list("kind", "下一步", on_change=self._on_kind)
        form.add_entry("note", "说明")
        form.add_words("note", "请写明", "办理结果", "原因")
        form.add_list("desk", "转至窗口")
        form.add_words("desk", "哪个窗口", "别的窗口")
        form.add_date("due_on", "新应办结日")
        form.add_words("due_on", "应办结日")
        if self.window.here.is_office:
            self.save_button = form.add_button(
                "导出限时办结台账", self._to_ledger, primary=True
            )
        else:
            self.save_button = form.add_button("登记这一步", form.submit, primary=True)

    def _build_views(self) -> None:
        side = self.table.master
        for child in side.grid_slaves():
            child.grid(row=int(child.grid_info()["row"]) + 1)
        side.rowconfigure(1, weight=0)
        least = round(theme.line_height(self) * LEAST_LINES)
        side.rowconfigure(2, weight=3, minsize=least)
        bar = ttk.Frame(side)
        bar.grid(row=0, column=0, sticky="ew", pady=(0, self.gap))
        bar.columnconfigure(0, weight=1)
        self.views = Choice(bar, choices=VIEWS, columns=5, on_change=self._on_view)
        self.views.grid(row=0, column=0, sticky="ew")
        self.desk_filter: DeskFilter | None = None
        if self.window.here.is_office:
            # Beside the heading: in a narrow page the views need the width.
            tools = next(iter(self.list_buttons.values())).master
            self.desk_filter = DeskFilter(tools, on_change=self.refresh)
            first, *_ = tools.pack_slaves()
            self.desk_filter.pack(side="left", padx=(self.gap, 0), before=first)

    def _build_story(self) -> None:
        side = self.table.master
        side.rowconfigure(3, weight=1)
        self.story = Reading(side, height=STORY_LINES)
        self.story.grid(row=3, column=0, sticky="nsew", pady=(self.gap, 0))

    # -- showing ------------------------------------------------------------

    def refresh(self) -> None:
        """The chosen view as it is now, the marked case kept."""
        rows = rows_of(self._view, self._here)
        if self.desk_filter is not None:
            self.desk_filter.refresh()
            rows = rows_at(rows, self._view, self.desk_filter.desk_uid)
        self.table.show(rows)
        late = sum(row.urgency >= Urgency.OVERDUE for row in rows)
        said = f"{VIEWS[self._view]} {len(rows)} 件"
        said += f"，其中超期 {late} 件" if late else ""
        self.show_heading(said, EMPTY[self._view])
        self.window.say_rows(f"{len(rows)} 件")
        self._mark(rows)
        self._show_marked()

    @property
    def _here(self) -> Desk | None:
        return None if self.window.here.is_office else this_desk()

    def _mark(self, rows: Sequence[Row]) -> None:
        """The case asked for, else the one that was marked, else the first."""
        tree = self.table.tree
        wanted = next((row for row in rows if row.uid == self._wanted), None)
        self._wanted = ""
        item = self.table.row_of(wanted) if wanted else ""
        if not item and not tree.selection():
            item = next(iter(tree.get_children()), "")
        if item:
            tree.selection_set(item)
            tree.focus(item)
            tree.see(item)

    def show_case(self, visit: Visit) -> None:
        """Mark the case of *visit*, in the list of all open ones if it is there."""
        self._wanted = visit.uid
        if self.views.get() != "open":
            self.views.set("open")
        else:
            self.refresh()
        if self._case is None or self._case.visit.uid != visit.uid:
            self._show_case(case_of(visit))

    def show_view(self, name: str, desk_uid: str = "") -> None:
        """Show one view; at the office of one desk, or of all for no uid."""
        if self.desk_filter is not None:
            self.desk_filter.choose(desk_uid)
        if self.views.get() == name:
            self.refresh()
        else:
            self.views.set(name)

    def focus_first(self) -> None:
        """Into the list: the arrows walk, Enter goes to the next step."""
        self.table.focus_set()

    def _on_view(self, name: str) -> None:
        self._view = name
        self.refresh()

    def _step_view(self, step: int) -> str:
        """The arrows change the view without leaving the list."""
        names = list(VIEWS)
        self.views.set(names[(names.index(self._view) + step) % len(names)])
        return "break"

    def _show_marked(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        row: Row | None = self.table.selected()
        self._show_case(row.case if row else None)

    def _show_case(self, case: Case | None) -> None:
        is_another = _uid_of(case) != _uid_of(self._case)
        self._case = case
        facts = facts_of(case) if case else {"about": "（在右边选中一件）"}
        for name in ("about", "who", "where", "promise", "wrong"):
            self.form.set(name, facts.get(name, ""))
            self.form.show_field(name, bool(facts.get(name)))
        if is_another:
            self.form.clear_problems()
            self.form.set("note", "")
            self.form.set("due_on", None)
        self._offer_steps(case, anew=is_another)
        self._tell(story(case) if case else [])

    def _offer_steps(self, case: Case | None, *, anew: bool) -> None:
        """The steps there are now; for another case the likeliest stands first."""
        why_not = self._why_not(case)
        kinds = possible_steps(case, this_desk()) if case and not why_not else []
        if case and not why_not and not kinds:
            why_not = f"现在由“{case.desk_name}”办理，等它登记。"
        for name in ("kind", "note"):
            self.form.show_field(name, bool(kinds))
        self.form.set("why_not", why_not)
        self.form.show_field("why_not", bool(why_not))
        self._why = "" if kinds else why_not or "请先在列表中选中一件办件。"
        self.form.set_choices("kind", [(_label(k, case), k) for k in kinds])
        if anew and kinds:
            self.form.set("kind", kinds[0])
        self._on_kind()

    def _why_not(self, case: Case | None) -> str:
        if self.window.here.is_office:
            return OFFICE_READS
        if case is None:
            return ""
        departments = answering_for(case.visit)
        if may(self.window.person, Operation.CASE_WORK, departments=departments):
            return ""
        return f"由{who_may(Operation.CASE_WORK)}办理，请由他们登录后登记。"

    def _on_kind(self) -> None:
        kind = self.form.value("kind") if self._case else None
        self.form.show_field("desk", kind == StepKind.REFERRED)
        self.form.show_field("due_on", kind in _MAY_PROMISE)
        if kind == StepKind.REFERRED:
            here = this_desk()
            others = [(d.name, d.uid) for d in desks() if d.uid != here.uid]
            self.form.set_choices("desk", others)

    def _tell(self, lines: list[str]) -> None:
        self.story.grid() if lines else self.story.grid_remove()
        self.story.master.rowconfigure(3, weight=int(bool(lines)))
        self.story.say("\n".join(lines))
        self.story.text.see("end")

    def _to_ledger(self) -> None:
        self.window.show("ledgers")
        self.window.page.form.set("ledger", "promises")

    def _go_to_step(self) -> None:
        if not self._why:
            self.form.focus_field("kind")

    # -- the next step --------------------------------------------------------

    def _save(self) -> None:
        case, form = self._case, self.form
        if case is None or self._why:
            raise UserError(self._why)
        kind = StepKind(form.value("kind"))
        if kind in NOTE_NEEDED and not form.text("note"):
            with form.about("note"):
                raise UserError(NOTE_NEEDED[kind])
        chosen = form.value("desk") if kind == StepKind.REFERRED else None
        step = add_step(
            case.visit,
            kind,
            by=self.window.person,
            note=form.text("note"),
            desk=next((desk for desk in desks() if desk.uid == chosen), None),
            due_on=form.value("due_on") if kind in _MAY_PROMISE else None,
        )
        self._case = None  # the next step is chosen anew
        self.refresh()
        self.focus_first()
        due = f"，应办结 {day_in_words(step.due_on)}" if step.due_on else ""
        self.window.say(f"{step.visit_number} 已登记“{step.kind_label}”{due}。")
        if step.due_on and not is_working_day(step.due_on):
            self.window.info.show(
                f"{day_in_words(step.due_on)}不上班，请确认是不是这一天。", "warning"
            )

    def draft(self) -> dict[str, Any] | None:
        """The words of the next step, and which case it is of."""
        typed = self.form.draft(apart=("kind", "desk")) if self._case else None
        return together(form=typed, visit=typed and self._case and self._case.visit.uid)

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The case is marked again; a step that is not possible any more is over."""
        visit = Visit.get_or_none(Visit.uid == kept["visit"])
        if visit is None:
            return
        self.show_case(visit)
        if self._why:
            return
        kinds = [value for _, value in self.form.widget("kind").choices]
        if kept["form"]["kind"] in kinds:
            self.form.set("kind", kept["form"]["kind"])
            self._on_kind()
        self.form.bring_draft({n: v for n, v in kept["form"].items() if n != "kind"})

    def on_save(self) -> None:
        """Ctrl+S."""
        self.save_button.invoke()

    def on_print(self) -> None:
        """Ctrl+P: the slip of the marked case."""
        print_slip(self.window, self._case.visit if self._case else None)

    def on_new(self) -> None:
        """Ctrl+N: empty what was typed for the next step."""
        self.form.set("note", "")
        self.form.set("due_on", None)
        self.form.clear_problems()


def _uid_of(case: Case | None) -> str:
    return case.visit.uid if case else ""


def _label(kind: StepKind, case: Case | None) -> str:
    if kind == StepKind.TAKEN and case and is_taking_back(case, this_desk()):
        return "收回（对方还没有接办）"
    return STEP_KIND_LABELS[kind]
