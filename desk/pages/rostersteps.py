"""The steps of bringing in a roster: where one is, and what each step has."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.listing import ListingPage
from desk.widgets.form import Form

STEPS = ("选择文件", "匹配列", "检查", "结果")
DONE, HERE, AHEAD = "✓", "●", "○"


class StepLine(ttk.Frame):
    """● 1 选择文件 ─ ○ 2 匹配列 …: where one is shows by mark and weight."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        gap = theme.text_width(self, 0.6)
        self.labels: list[ttk.Label] = []
        for place, _ in enumerate(STEPS):
            if place:
                line = ttk.Label(self, text="──", style="Muted.TLabel")
                line.pack(side="left", padx=gap)
            self.labels.append(ttk.Label(self))
            self.labels[-1].pack(side="left")
        self.show(0)

    def show(self, here: int) -> None:
        """The step with number *here*, from 0, is the one in front."""
        for place, label in enumerate(self.labels):
            mark = HERE if place == here else DONE if place < here else AHEAD
            label.configure(
                text=f"{mark} {place + 1} {STEPS[place]}",
                style="Accent.TLabel" if place == here else "Muted.TLabel",
            )


class Step(ListingPage):
    """One step: a card on the left whose primary button goes on, a list right."""

    form: Form

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master, page.window)
        self.page = page

    def add_back(self) -> ttk.Button:
        """The way to the step before; nothing chosen there is lost."""
        return self.form.add_button("上一步", self.page.go_back)

    def on_save(self) -> None:
        """Go on, as the primary button does."""
        self.form.primary.invoke()

    def on_export(self) -> None:
        """Nothing here to be taken along."""

    def settle(self, *, busy: bool) -> None:
        """While the file is being read, no button of the card does anything."""
        for button in self.form.bar.winfo_children():
            button.configure(state="disabled" if busy else "normal")
