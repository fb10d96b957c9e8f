"""时间设置 (office): everything the calendar goes by, a tab each."""

import tkinter
from contextlib import suppress
from typing import Any

import ttkbootstrap as ttk

from desk.pages.time_cases import CaseRulesSection
from desk.pages.time_desks import DesksSection
from desk.pages.time_holidays import HolidaysSection
from desk.pages.time_openings import OpeningsSection
from desk.pages.time_rotation import RotationSection
from desk.pages.time_rules import RulesSection
from desk.pages.time_section import TimeSection
from desk.pages.time_terms import PeriodsSection, TermsSection
from desk.pages.time_training import TrainingSection
from desk.widgets.form import Form
from desk.widgets.formdrafts import together
from desk.widgets.page import Page

SECTIONS: tuple[type[TimeSection], ...] = (
    TermsSection,
    PeriodsSection,
    HolidaysSection,
    OpeningsSection,
    RotationSection,
    DesksSection,
    RulesSection,
    CaseRulesSection,
    TrainingSection,
)


class TimeSettingsPage(Page):
    """Tabs are made when first shown, and kept with what was typed.

    Ctrl+Tab goes to the next tab; the keys of the window go to the tab in front.
    """

    title = "时间设置"
    save_words = "保存"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.columnconfigure(0, weight=1)
        self.tabs = ttk.Notebook(self)
        self.tabs.grid(row=0, column=0, sticky="nsew")
        self.tabs.enable_traversal()
        self._frames: list[ttk.Frame] = []
        self._sections: dict[int, TimeSection] = {}
        self._shown = 0
        for section in SECTIONS:
            frame = ttk.Frame(self.tabs)
            frame.rowconfigure(0, weight=1)
            frame.columnconfigure(0, weight=1)
            # A tab takes the room there is: a long form scrolls.
            frame.grid_propagate(False)
            self.tabs.add(frame, text=section.name)
            self._frames.append(frame)
        self.tabs.bind("<<NotebookTabChanged>>", lambda event: self._on_tab())

    @property
    def section(self) -> TimeSection:
        """The tab in front, made now if it never was."""
        at = self.tabs.index("current")
        if at not in self._sections:
            section = SECTIONS[at](self._frames[at], self.window)
            section.grid(row=0, column=0, sticky="nsew")
            self._sections[at] = section
            self._leave_texts_by_ctrl_tab(section.form)
        return self._sections[at]

    def _leave_texts_by_ctrl_tab(self, form: Form) -> None:
        """In other forms Ctrl+Tab puts a tab into a large text."""
        for widget in form.area.winfo_children():
            if isinstance(widget, tkinter.Text):
                widget.bind("<Control-Tab>", lambda event: self._turn(+1))
                for keys in ("<Control-Shift-Tab>", "<Control-ISO_Left_Tab>"):
                    with suppress(tkinter.TclError):  # a key of X11 only
                        widget.bind(keys, lambda event: self._turn(-1))

    def _turn(self, step: int) -> str:
        self.tabs.select((self.tabs.index("current") + step) % len(SECTIONS))
        return "break"

    def open_section(self, name: str) -> TimeSection:
        """Bring the tab of that name to the front."""
        names = [section.name for section in SECTIONS]
        self.tabs.select(names.index(name))
        self._on_tab()
        return self.section

    @property
    def form(self) -> Form:
        """The form of the tab in front."""
        return self.section.form

    def _on_tab(self) -> None:
        at = self.tabs.index("current")
        if self.window.page is self and at != self._shown:
            self._shown = at
            self.window.forget_refusal()
            self.section.refresh()
            self.section.focus_first()

    def draft(self) -> dict[str, Any] | None:
        """What was typed in each tab."""
        made = self._sections.values()
        return together(**{section.name: section.draft() for section in made})

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The tabs come to the front one after the other."""
        for at, section in enumerate(SECTIONS):
            if section.name in kept:
                self.tabs.select(at)
                self.section.bring_draft(kept[section.name])

    def refresh(self) -> None:
        """Show the tab in front as the database has it."""
        self.section.refresh()

    def focus_first(self) -> None:
        """Begin where the tab begins."""
        self.section.focus_first()

    def on_save(self) -> None:
        """Ctrl+S."""
        self.section.on_save()

    def on_new(self) -> None:
        """Ctrl+N."""
        new = getattr(self.section, "on_new", None)
        if new is not None:
            new()

    def on_void(self) -> None:
        """Delete, in a list that has something to end."""
        void = getattr(self.section, "on_void", None)
        if void is not None:
            void()

    def on_find(self) -> None:
        """Ctrl+F."""
        self.section.on_find()

    def stop_finding(self) -> bool:
        """Esc."""
        return self.section.stop_finding()

    def on_export(self) -> None:
        """Ctrl+E: 服务时间安排, from whichever tab."""
        section = self.open_section(OpeningsSection.name)
        assert isinstance(section, OpeningsSection)
        section.on_export()
