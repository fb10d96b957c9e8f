"""The week of a plan: the grid, the line under the cursor, and what is doubtful."""

import tkinter
from collections.abc import Callable, Iterable
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages import plan_words as words
from desk.pages.time_section import unbroken
from desk.widgets.table import Column, Table
from desk.widgets.weekgrid import SLOT, WeekGrid
from models.desks import desks
from models.planning import PlanWarning, plan_warnings

NEW_MINUTES = 120  # of a shift begun where there is no gap to fill

COLUMNS = [
    Column("提醒", lambda found: found[0], 4),
    Column("内容", lambda found: found[1], 30, stretch=True),
]


class PlanWeek(ttk.Frame):
    """`show()` draws a plan; `check()` looks for what is doubtful about it."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_open: Callable[[str], None],
        on_add: Callable[[int, int], None],
        on_remove: Callable[[str], None],
        on_told: Callable[[str], None],
    ) -> None:
        super().__init__(master)
        self.plan: Any = None
        self.warnings: list[PlanWarning] = []
        self._hint = ""
        self._on_told = on_told
        gap = theme.text_width(self, 0.5)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.heading = ttk.Label(self, style="Heading.TLabel")
        self.heading.grid(row=0, column=0, sticky="w", pady=(0, gap // 2))
        self.grid_ = WeekGrid(
            self,
            on_open=on_open,
            on_add=on_add,
            on_remove=on_remove,
            on_move=self._say_line,
        )
        self.grid_.grid(row=1, column=0, sticky="nsew")
        self.detail = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.detail.grid(row=2, column=0, sticky="w", pady=gap // 2)
        self.table = Table(
            self,
            name="plan_week",
            columns=COLUMNS,
            empty="没有需要提醒的问题。",
            on_open=lambda found: self._go_to(found[2], focus=True),
            height=4,
        )
        dialogs.KeyGuard(self.table.tree).settle()
        self.table.grid(row=3, column=0, sticky="nsew")
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._on_marked(), add="+"
        )
        self.bind("<Configure>", lambda event: self.fit())

    def fit(self) -> None:
        """Most of the height is the grid's."""
        if self.winfo_width() > 1:
            for label in (self.heading, self.detail):
                label.configure(wraplength=self.winfo_width())
            rows = self.winfo_height() / (theme.line_height(self) * theme.ROW_HEIGHT)
            self.table.tree.configure(height=max(1, round(rows / 5)))

    def show(self, plan: Any, hint: str) -> None:
        """Draw a plan, or an empty week; *hint* is said of an empty cell."""
        self.plan, self._hint = plan, hint
        if plan is None:
            self.grid_.show([])
        else:
            desk = next((d for d in desks() if d.uid == plan.desk_uid), None)
            self.grid_.show(
                words.blocks_of(plan, self.warnings),
                open_hours=words.open_hours_of(desk) if desk else [],
                gaps=words.gaps_of(self.warnings),
            )
        self._say_line()

    def check(self, *, is_over: bool) -> None:
        """Find out what is doubtful, unless nobody need worry any more."""
        self.warnings = plan_warnings(self.plan) if self.plan and not is_over else []
        self.show(self.plan, self._hint)

    def list_warnings(self) -> None:
        self.table.show([(words.KIND_LABELS[w.kind], w.text, w) for w in self.warnings])

    def list_rejected(self, rejected: Iterable[Any]) -> None:
        """The rows of a file that were not taken, instead of the warnings."""
        self.table.show([(f"第{one.row}行", one.reason, None) for one in rejected])

    def part(self, key: str) -> dict[str, Any] | None:
        """The line of the plan behind a block."""
        parts = [*self.plan.shifts, *self.plan.stays] if self.plan else []
        return next((part for part in parts if part.get("key") == key), None)

    def hours_for(self, weekday: int, minute: int) -> tuple[str, str]:
        """What a new shift in a cell begins with: the gap there, else two hours."""
        for gap in self.grid_.gaps:
            touches = gap.begins < minute + SLOT and minute < gap.ends
            if gap.weekday == weekday and touches:
                return _clock(gap.begins), _clock(gap.ends)
        return _clock(minute), _clock(minute + NEW_MINUTES)

    def _say_line(self) -> None:
        """The line under the cursor in full, with what is doubtful about it.

        Always two lines of text: the week must not jump as one walks through it.
        """
        part = self.part(self.grid_.key) if self.grid_.key else None
        if part is None:
            self.detail.configure(text=f"{self._hint}\n")
            return
        doubts = [
            warning.text
            for warning in self.warnings
            if part.get("key") in (warning.shift_key, warning.other_key)
        ]
        more = f"（共 {len(doubts)} 条）" if len(doubts) > 1 else ""
        told = f"！{doubts[0]}{more}" if doubts else ""
        text = f"{words.line_in_words(part)}\n{told}"
        self.detail.configure(text=unbroken(text))

    def _on_marked(self) -> None:
        found = self.table.selected()
        if found is not None:
            self._on_told(found[1])
            self._go_to(found[2], focus=False)

    def _go_to(self, warning: PlanWarning | None, *, focus: bool) -> None:
        """Show the shift a warning is about, or the hours nobody covers."""
        if warning is None:
            return
        if warning.shift_key:
            self.grid_.select(warning.shift_key)
        elif warning.weekday is not None:
            minute = words.minutes_of(warning.from_time)
            self.grid_.select_time(warning.weekday, minute)
        if focus:
            self.grid_.focus_set()


def _clock(minutes: int) -> str:
    minutes %= 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
