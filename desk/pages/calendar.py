"""日历: a month of days off, shifts, stays and due dates, and each day in words."""

import tkinter
from datetime import date, timedelta
from tkinter import font
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import key_of_page
from desk.pages.calendar_day import (
    LEGEND,
    Month,
    day_heading,
    day_sections,
    month_later,
    read_month,
)
from desk.pages.calendar_month import MonthCalendar
from desk.suggestions import name_of, suggest_people
from desk.widgets import fields
from desk.widgets.page import Page
from desk.widgets.reading import lie_flat
from desk.wording import folded
from models import clock
from models.desks import Desk, desks, this_desk
from models.people import Person, people

GRID_SHARE, DAY_SHARE = 5, 3  # of the width
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class CalendarPage(Page):
    """The keys stay with the grid: arrows move the day, pages the month."""

    title = "日历"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.rowconfigure(0, weight=0)
        self.rowconfigure(2, weight=1)
        self.columnconfigure(0, weight=GRID_SHARE, uniform="half")
        self.columnconfigure(1, weight=DAY_SHARE, uniform="half")
        self.month: Month | None = None
        self._said: list[str] = []  # of the day, each line whole
        self._told_in = 0  # pixels
        self._person: Person | None = None
        self._build_bar()
        self.notice = ttk.Label(self, style="Waiting.TLabel", justify="left")
        self.notice.grid(row=1, column=0, columnspan=2, sticky="w", pady=self.gap // 2)
        self._build_grid()
        self._build_day()
        self.bind("<Configure>", lambda event: self.fit())

    # -- building -------------------------------------------------------------

    def _build_bar(self) -> None:
        bar = self._bar = ttk.Frame(self)
        bar.grid(row=0, column=0, columnspan=2, sticky="ew")
        bar.columnconfigure(1, weight=1)
        moving = self._moving = ttk.Frame(bar)
        self.previous_button = ttk.Button(
            moving, text="‹ 上月", command=lambda: self.move_months(-1)
        )
        self.heading = ttk.Label(moving, style="Heading.TLabel", anchor="center")
        self.next_button = ttk.Button(
            moving, text="下月 ›", command=lambda: self.move_months(+1)
        )
        self.today_button = ttk.Button(moving, text="今天", command=self.on_today)
        for part in (self.previous_button, self.heading, self.next_button):
            part.pack(side="left", padx=(0, self.gap))
        self.today_button.pack(side="left")
        choosing = self._choosing = ttk.Frame(bar)
        self.desk_field = fields.list_field(choosing, "窗口", self._on_desk)
        self.person_field = fields.suggest_field(
            choosing,
            "人员",
            lambda text: suggest_people(people(), text),
            on_pick=self._on_person,
            fill=name_of,
            width=10,
        )
        self.person_field.widget.variable.trace_add("write", self._on_person_typed)
        self.mine_button = ttk.Button(choosing, text="我的班", command=self.on_mine)
        shown = [self.person_field]
        if self.window.here.is_office:
            shown.insert(0, self.desk_field)
        for field in shown:
            label = ttk.Label(choosing, text=field.label, style="Muted.TLabel")
            label.pack(side="left", padx=(0, self.gap // 2))
            field.widget.pack(side="left", padx=(0, self.gap))
        self.desk_field.widget.configure(width=16)
        self.mine_button.pack(side="left")

    def _build_grid(self) -> None:
        side = ttk.Frame(self)
        side.grid(row=2, column=0, sticky="nsew", padx=(0, self.gap * 2))
        side.rowconfigure(0, weight=1)
        side.columnconfigure(0, weight=1)
        # The rim shows where the keys go.
        self._rim = ttk.Frame(side, style="Line.TFrame", padding=2)
        self._rim.grid(row=0, column=0, sticky="nsew")
        grid = self.grid_view = MonthCalendar(self._rim, self.choose)
        grid.pack(fill="both", expand=True)
        self.legend = ttk.Label(
            side, text="   ".join(LEGEND), style="Hint.TLabel", justify="left"
        )
        self.legend.grid(row=1, column=0, sticky="ew", pady=(self.gap, 0))
        for key, days in {"Left": -1, "Right": +1, "Up": -7, "Down": +7}.items():
            grid.bind(f"<{key}>", lambda event, days=days: self._on_arrow(days))
        grid.bind("<Prior>", lambda event: self.move_months(-1))
        grid.bind("<Next>", lambda event: self.move_months(+1))
        grid.bind("<Home>", lambda event: self.on_today())
        grid.bind("<FocusIn>", lambda event: self._show_focus(True), add="+")
        grid.bind("<FocusOut>", lambda event: self._show_focus(False), add="+")

    def _build_day(self) -> None:
        card = ttk.Frame(self, bootstyle="bordered", padding=self.gap)
        card.grid(row=2, column=1, sticky="nsew")
        card.rowconfigure(1, weight=1)
        card.columnconfigure(0, weight=1)
        self.day_label = ttk.Label(card, style="Heading.TLabel")
        self.day_label.grid(row=0, column=0, sticky="ew", pady=(0, self.gap))
        self.details = ttk.ScrolledText(
            card, wrap="word", width=1, height=1, auto_hide=False
        )
        self.details.grid(row=1, column=0, sticky="nsew")
        text = self.details.text
        text.configure(state="disabled", takefocus=True, font="TkDefaultFont")
        lie_flat(text)
        text.tag_configure("heading", font="DeskBold", spacing1=self.gap)
        text.tag_configure("more", lmargin1=theme.text_width(self, 1))
        text.bind("<Configure>", lambda event: self._on_details_resized(), add="+")

    # -- showing ----------------------------------------------------------------

    def refresh(self) -> None:
        """Read the month again."""
        if self.window.here.is_office:
            everywhere = [("全部窗口", None)]
            self.desk_field.widget.choices = [
                *everywhere,
                *((desk.name, desk.uid) for desk in desks()),
            ]
            before = self.desk_field.read()
            lines = [line for line, _ in self.desk_field.widget.choices]
            self.desk_field.widget.configure(values=lines)
            self.desk_field.write(before)
        self._load(self.grid_view.day if self.month else clock.today())

    def focus_first(self) -> None:
        """The keys begin in the grid."""
        self.grid_view.focus_set()

    def choose(self, day: date) -> None:
        """Show a day, and its month if it is another one."""
        day = min(max(day, EARLIEST), LATEST)
        if self.month is None or day.replace(day=1) != self.month.first:
            self._load(day)
        else:
            self._show(day)

    def move_months(self, count: int) -> str:
        """The same day of another month."""
        self.choose(month_later(self.grid_view.day, count))
        return "break"

    def on_today(self) -> str:
        """Home: today."""
        self.choose(clock.today())
        return "break"

    def _load(self, day: date) -> None:
        self.month = read_month(day, self._desk(), self._person)
        self._cells, self._weeks = self.month.cells(), self.month.weeks()
        self.heading.configure(text=f"{day.year}年{day.month}月")
        self.notice.configure(text=self._notice(self.month.notice))
        self.notice.grid() if self.month.notice else self.notice.grid_remove()
        shifts = sum(map(len, self.month.shifts.values()))
        self.window.say_rows(f"本月 {shifts} 班")
        self._show(day)

    def _show(self, day: date) -> None:
        assert self.month is not None
        self.grid_view.show(day, self._cells, self._weeks)
        self.day_label.configure(text=day_heading(day))
        text = self.details.text
        text.configure(state="normal")
        text.delete("1.0", "end")
        self._said = []
        for section in day_sections(self.month, day):
            if section.heading:
                self._said.append(section.heading)
                text.insert("end", f"{section.heading}\n", "heading")
            for line in section.lines:
                self._tell(line)
        text.configure(state="disabled")
        self._fit_details()

    def _tell(self, line: str) -> None:
        """A line of the day, broken as Chinese is where it is too long."""
        self._said.append(line)
        text = self.details.text
        measure = font.nametofont("TkDefaultFont", root=self).measure
        indent = theme.text_width(self, 1)
        room = text.winfo_width() - 2 * (int(str(text["padx"])) + 1) - indent
        whole = measure(line) <= room + indent or room <= indent
        parts = [line] if whole else folded(line, room, measure).split("\n")
        for at, part in enumerate(parts):
            text.insert("end", f"{part}\n", "more" if at else "line")

    def _on_details_resized(self) -> None:
        width = self.details.text.winfo_width()
        if self.month is not None and width != self._told_in:
            self._told_in = width
            self._show(self.grid_view.day)

    def _fit_details(self) -> None:
        """A scrollbar only where there is something to scroll."""
        self.details.text.update_idletasks()
        if self.details.text.yview() == (0.0, 1.0):
            self.details.hide_scrollbars()
        else:
            self.details.show_scrollbars()

    def _notice(self, text: str) -> str:
        """At the office also where the year is entered."""
        if not text or not self.window.here.is_office:
            return text
        return f"{text}（“时间设置”的“放假调休”，{key_of_page('timesettings')}）"

    def details_text(self) -> str:
        """What the list beside the month says."""
        return "\n".join(self._said)

    def _desk(self) -> Desk | None:
        if not self.window.here.is_office:
            return this_desk()
        uid = self.desk_field.read()
        return next((desk for desk in desks() if desk.uid == uid), None)

    def _show_focus(self, here: bool) -> None:
        self._rim.configure(style="Popup.TFrame" if here else "Line.TFrame")

    def fit(self) -> None:
        """Choices beside the month's name, or below where that is too narrow."""
        width = self.winfo_width()
        if width <= 1:
            return
        longest = font.nametofont("DeskHeading", root=self).measure("2026年12月")
        self.heading.configure(
            width=-(-longest // font.nametofont("DeskHeading", root=self).measure("0"))
        )
        parts = self._moving.winfo_reqwidth() + self._choosing.winfo_reqwidth()
        beside = parts + self.gap * 4 <= width
        self._moving.grid(row=0, column=0, sticky="w", pady=self.gap // 2)
        self._choosing.grid(
            row=0 if beside else 1,
            column=1 if beside else 0,
            columnspan=1 if beside else 2,
            sticky="e" if beside else "w",
            pady=self.gap // 2,
        )
        self.notice.configure(wraplength=width - self.gap * 4)
        grid_width = (width - self.gap * 4) * GRID_SHARE // (GRID_SHARE + DAY_SHARE)
        self.legend.configure(wraplength=max(grid_width - self.gap * 2, 1))
        self.day_label.configure(wraplength=max(width - grid_width - self.gap * 4, 1))
        self.details.text.tag_configure("more", lmargin1=theme.text_width(self, 1))

    # -- choosing -----------------------------------------------------------------

    def _on_arrow(self, days: int) -> str:
        self.choose(self.grid_view.day + timedelta(days=days))
        return "break"

    def _on_desk(self) -> None:
        self._load(self.grid_view.day)

    def _on_person(self, person: Person | None) -> None:
        self._person = person
        words = "全部班次" if person is not None else "我的班"
        self.mine_button.configure(text=words)
        self._load(self.grid_view.day)

    def _on_person_typed(self, *_: str) -> None:
        # An emptied field means everyone again.
        if self._person is not None and not self.person_field.widget.get():
            self._on_person(None)

    def on_mine(self) -> None:
        """The shifts of who is signed in; once more: everyone's."""
        person = None if self._person is not None else self.window.person
        self.person_field.write(person)
        self._on_person(person)

    def on_find(self) -> None:
        """Ctrl+F: somebody's own shifts."""
        self.person_field.widget.focus_set()
        self.person_field.widget.selection_range(0, "end")

    def stop_finding(self) -> bool:
        """Esc: everyone again."""
        if self._person is None:
            return False
        self.person_field.write(None)
        self._on_person(None)
        return True
