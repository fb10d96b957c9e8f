"""工时酬金 (office): a month from draft to closed, and what is paid for it (P27)."""

import tkinter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.jobs import Task
from desk.pages.listing import ListingPage
from desk.pages.paybar import MonthBar, advice, status_of
from desk.pages.paydays import DayPanel
from desk.pages.paydecision import DecisionCard
from desk.pages.paydrafts import PayDrafts
from desk.pages.payrows import PAY_COLUMNS, MonthView, put_numbers_right, sums, view_of
from desk.pages.paysheets import SheetBar
from models.errors import UserError
from models.pay import approve_month, close_month, month_of, reopen_month
from models.paylines import month_name
from models.progress import Report

# Drawing a new page beside a busy worker takes four times as long.
SOON_MS = 60
FORM_WIDTH = 26  # Chinese characters
MOST_FOR_FORM = 0.42  # of a narrow page
LEAST_LINES = 10  # of text: search, heading, and some rows of the list
FORM_LINES = 7


class PayPage(PayDrafts, ListingPage):
    """The month is reckoned in the worker whenever it may have changed."""

    title = "工时酬金"
    save_words = "按此处理"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.view: MonthView | None = None
        self.busy = ""
        self._retry = ""
        self._then: Callable[[], None] | None = None
        self._crowded = False
        self.bar = MonthBar(self, self)
        self.bar.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, self.gap))
        self._build_rows()
        self._build_lower()
        self.sheets = SheetBar(self, self)
        self.sheets.grid(row=3, column=0, columnspan=2, sticky="ew")
        self.rowconfigure(0, weight=0)
        for part in (self, self.bar):
            part.bind("<Configure>", lambda event: self._arrange(), add="+")
        self._put_lower()
        self.fit()

    def _build_rows(self) -> None:
        self.build_list(
            name="pay",
            columns=PAY_COLUMNS,
            empty="这个月没有工时。\n各窗口签退并同步后，这里列出每人的工时。",
            on_open=lambda row: self._on_open_row(),
            column=0,
        )
        put_numbers_right(self.table, PAY_COLUMNS)
        # The page begins with month and status; the list comes under them.
        self.table.master.grid_configure(row=1)
        # The sums stand in two lines beside the form, over the whole list.
        self.heading.grid(columnspan=3)
        self._list_bar.bind("<Configure>", self._wrap_sums, add="+")
        self.table.tree.bind("<<TreeviewSelect>>", lambda event: self._show_marked())

    def _wrap_sums(self, event: tkinter.Event) -> None:
        self.heading.configure(wraplength=event.width)

    def _build_lower(self) -> None:
        lower = self.lower = ttk.Frame(self)
        lower.rowconfigure(0, weight=1)
        lower.bind("<Configure>", lambda event: self._share_width())
        self.form = DecisionCard(lower, self)
        self.form.grid(row=0, column=0, sticky="nsew", padx=(0, self.gap * 2))
        self.days = DayPanel(lower)
        self.days.grid(row=0, column=1, sticky="nsew")

    def fit(self) -> None:
        """Measure again, for another size of the font."""
        super().fit()
        self._share_width()
        self._arrange()

    def _share_width(self) -> None:
        width = theme.text_width(self, FORM_WIDTH)
        if self.winfo_width() > 1:
            width = min(width, round(self.winfo_width() * MOST_FOR_FORM))
        self.lower.columnconfigure(0, minsize=width)

    def _arrange(self) -> None:
        """Where two lists and the form have no room, the form takes that of one."""
        line = theme.line_height(self)
        others = self.bar.winfo_reqheight() + self.sheets.winfo_reqheight()
        rest = self.winfo_height() - others
        crowded = 1 < self.winfo_height() and rest < line * (LEAST_LINES + FORM_LINES)
        self.rowconfigure(1, weight=3, minsize=0 if crowded else line * LEAST_LINES)
        if crowded != self._crowded:
            self._crowded = crowded
            self._put_lower()

    def _put_lower(self) -> None:
        """Form and days below the list; in a low page the form alone, beside it."""
        if self._crowded:
            self.days.grid_remove()
            beside = (self.gap * 2, 0)
            self.lower.grid(row=1, column=1, sticky="nsew", padx=beside, pady=0)
        else:
            self.days.grid()
            self.lower.grid(
                row=2, column=0, columnspan=2, sticky="nsew", padx=0, pady=self.gap
            )
        self.form.grid(padx=0 if self._crowded else (0, self.gap * 2))
        self.sheets.grid(pady=(self.gap if self._crowded else 0, 0))
        self.lower.columnconfigure(0, weight=int(self._crowded))
        self.lower.columnconfigure(1, weight=int(not self._crowded))
        self.rowconfigure(2, weight=int(not self._crowded))

    # -- the month ----------------------------------------------------------

    def refresh(self) -> None:
        """Offer the months and departments there are now, and reckon anew."""
        self.bar.refresh()
        self.sheets.refresh()
        self.reload()

    def focus_first(self) -> None:
        """Begin with the list."""
        self.table.focus_set()

    def reload(self) -> None:
        """Reckon the chosen month: soon, when the page is drawn and the worker free."""
        if self._retry:
            self.after_cancel(self._retry)
            self._retry = ""
        month = self.bar.month
        self.busy = f"正在核算 {month_name(month)}，请稍候…"
        self._retry = self.after(SOON_MS, self._reckon)
        if self.view is not None and self.view.month != month:
            self.view = None
            self.show_rows()
        self._show_state()

    def _reckon(self) -> None:
        jobs = self.window.jobs
        if jobs.running:
            self._retry = self.after(SOON_MS, self._reckon)
            return
        self._retry = ""
        jobs.start(
            partial(view_of, self.bar.month),
            on_done=self._on_reckoned,
            on_end=self._on_end,
        )

    def _on_end(self) -> None:
        if not self._retry:
            self.busy = ""
        self._show_state()

    def _on_reckoned(self, view: MonthView) -> None:
        if view.month != self.bar.month:
            return  # another one was chosen meanwhile, and is reckoned next
        self.view = view
        self.show_rows()
        self._show_state()
        then, self._then = self._then, None
        if then is not None:
            then()

    def show_rows(self) -> None:
        """The lines of the chosen department, and their sums."""
        department = self.bar.department
        uid = department.uid if department else ""
        rows = self.view.rows if self.view else []
        self._rows = [row for row in rows if uid in ("", row.line.department_uid)]
        self.table.show(self._rows)
        self.show_heading(sums(self._rows) if self._rows else "")
        if self.window.page is self:
            self.window.say_rows(f"{len(self._rows)} 行")
        if not self.table.selection() and (waiting := self._waiting()):
            self._mark(waiting[:1])
        self._show_marked()
        self.bring_kept()

    def _waiting(self) -> list[str]:
        """The items of the list that wait for a decision; none while searching."""
        if self.table.count != len(self._rows):
            return []
        waiting = (row for row in self._rows if row.line.needs_decision)
        return [self.table.row_of(row) for row in waiting]

    def _mark(self, names: list[str]) -> None:
        tree = self.table.tree
        tree.selection_set(names)
        tree.focus(names[0])
        tree.see(names[0])

    def mark_all_waiting(self) -> None:
        """All that wait, to be decided alike."""
        if self.stop_finding():
            self.after_cancel(self._find_timer)  # not later: what is found is marked
            self._find()
        waiting = self._waiting()
        if not waiting:
            raise UserError("没有待处理的人。")
        self._mark(waiting)
        self.form.focus_field("choice")

    def _show_marked(self) -> None:
        marked = self.table.selection()
        self.days.show(self.view, marked)
        view = self.view
        why_not = ""
        if view is not None and not view.is_draft:
            why_not = f"这个月{status_of(view)}，不能再改处理。"
        self.form.offer(marked, why_not, is_busy=bool(self.busy))

    # -- what is said about it ------------------------------------------------

    @property
    def is_draft(self) -> bool:
        """Whether what is shown may still change."""
        return self.view is not None and self.view.is_draft

    def month_shown(self) -> date:
        """The month of an operation; refused while it is being reckoned."""
        if self.busy or self.view is None:
            raise UserError(self.busy or advice(self.view))
        return self.view.month

    def _show_state(self) -> None:
        """What can be done now, said by every part of the page."""
        self.bar.show(self.view, self.busy)
        view = None if self.busy else self.view
        self.sheets.allow(view is not None and bool(view.rows))
        self._show_marked()

    # -- operations -----------------------------------------------------------

    def run(
        self,
        task: Task,
        *,
        on_done: Callable[[Any], None],
        words: str,
        changes: bool = True,
    ) -> None:
        """Run an operation in the worker, for each reckons the month again."""
        self.sheets.progress.run(
            task,
            on_done=on_done,
            on_end=self.reload if changes else self._on_end,
            words=words,
        )
        self.busy = words
        self._show_state()

    def _go_on(self, to: Callable[[], None]) -> None:
        """Move on when the month is shown again, unless the cursor moved meanwhile."""
        before = self._focus()

        def move() -> None:
            if self.window.page is self and self._focus() == before:
                to()

        self._then = move

    def _focus(self) -> str:
        """Its path: focus_get() fails while the list of a combobox is open."""
        return str(self.tk.call("focus"))

    def _on_open_row(self) -> None:
        """Enter or a double click: decide, or else look at the days."""
        if self.form.can_decide:
            self.form.focus_field("choice")
        elif self.days.winfo_ismapped():
            self.days.table.focus_set()

    def on_decided(self, count: int) -> None:
        """To the next one that waits, else to the approval."""
        self.window.say(f"已处理 {count} 人超出上限的工时。")
        self._go_on(self._to_next)

    def _to_next(self) -> None:
        if waiting := self._waiting():
            self._mark(waiting[:1])
            self.table.focus_set()
        elif self.view is not None and not self.view.obstacles:
            self.bar.approve_button.focus_set()

    def on_approve(self) -> None:
        """Freeze the month."""
        month, by = self.month_shown(), self.window.person

        def task(report: Report) -> None:
            report(0, 1, "正在审批")
            approve_month(month, by=by)

        def on_done(_: None) -> None:
            self.window.say(f"{month_name(month)} 的工时已审批，可以导出发放。")
            self._go_on(self.sheets.focus_first)

        self.run(task, on_done=on_done, words="正在审批…")

    def on_reopen(self) -> None:
        """Take the approval back."""
        approved = month_of(self.month_shown())
        if approved is None:
            raise UserError("这个月还没有审批，不用退回。")
        reason = dialogs.ask_text(
            self, "为什么要退回重算？", title="退回重算", yes="退回重算"
        )
        if reason is not None:
            reopen_month(approved, by=self.window.person, reason=reason)
            self.window.say(f"{approved.month} 的工时已退回，恢复为草稿。")
            self.reload()

    def on_close_month(self) -> None:
        """Make the month final."""
        approved = month_of(self.month_shown())
        if approved is None:
            raise UserError("请先审批，再结束这个月。")
        if dialogs.confirm(
            self,
            f"{approved.month} 结束后不能再改，也不能退回；以后的更正计入下一个月。"
            "请在酬金发放以后再结束。",
            yes="结束本月",
            danger=True,
        ):
            close_month(approved, by=self.window.person)
            self.window.say(f"{approved.month} 的工时已结束。")
            self.reload()

    # -- keys -----------------------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_export(self) -> None:
        """Ctrl+E."""
        self.sheets.export("hours")

    def on_escape(self) -> None:
        """Stop what is running."""
        if self.sheets.progress.winfo_manager():
            self.sheets.progress.cancel()

    def destroy(self) -> None:
        if self._retry:
            self.after_cancel(self._retry)
        super().destroy()
