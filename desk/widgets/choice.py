"""One of a few choices, all in sight, picked by its digit, the arrows or a click."""

import tkinter
from collections.abc import Mapping
from typing import Any

import ttkbootstrap as ttk

GAP = 3


class Choice(ttk.Frame):
    """A block of buttons that is one stop for Tab.  `get()` gives the value."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        choices: Mapping[str, str],
        columns: int = 3,
        on_change: Any = None,
    ) -> None:
        super().__init__(master)
        self._values = list(choices)
        self._columns = self._most_columns = columns
        self.variable = ttk.StringVar(self, self._values[0])
        self.buttons: dict[str, ttk.Radiobutton] = {}
        for index, (value, label) in enumerate(choices.items()):
            button = ttk.Radiobutton(
                self,
                text=f"{index + 1} {label}",
                value=value,
                variable=self.variable,
                style="Choice.Toolbutton",
            )
            self._bind_keys(button)
            self.buttons[value] = button
        self._lay_out(columns)
        self.bind("<Configure>", lambda event: self.fit())
        self.variable.trace_add("write", lambda *_: self._on_change(on_change))
        self._mark_stop()

    def get(self) -> str:
        """The chosen value."""
        return self.variable.get()

    def set(self, value: str) -> None:
        """Choose *value*."""
        self.variable.set(value)

    def focus_set(self) -> None:
        """Focus the chosen button."""
        self.buttons[self.get()].focus_set()

    @property
    def line_height(self) -> int:
        """Pixels one line of buttons takes."""
        return max(button.winfo_reqheight() for button in self.buttons.values())

    def fit(self) -> None:
        """As many columns as show every label whole in the width there is."""
        width = self.winfo_width()
        widest = max(button.winfo_reqwidth() for button in self.buttons.values())
        if width > 1:
            columns = max(1, min(self._most_columns, width // (widest + GAP)))
            if columns != self._columns:
                self._lay_out(columns)

    def _lay_out(self, columns: int) -> None:
        self._columns = columns
        for index, button in enumerate(self.buttons.values()):
            row, column = divmod(index, columns)
            button.grid(
                row=row, column=column, sticky="ew", padx=(0, GAP), pady=(0, GAP)
            )
        for column in range(self._most_columns):
            used = column < min(columns, len(self.buttons))
            group = "choice" if used else ""
            self.columnconfigure(column, weight=int(used), uniform=group)

    def _bind_keys(self, button: ttk.Radiobutton) -> None:
        for key, step in {"Left": -1, "Right": 1}.items():
            button.bind(f"<{key}>", lambda event, step=step: self._step(step))
        for key, way in {"Up": -1, "Down": 1}.items():
            button.bind(
                f"<{key}>", lambda event, way=way: self._step(way * self._columns)
            )
        for digit in range(1, len(self._values) + 1):
            for key in (f"<Key-{digit}>", f"<KP_{digit}>"):
                button.bind(key, lambda event, digit=digit: self._pick(digit - 1))
            # Without its own binding Ctrl+1 would count as 1.
            button.bind(f"<Control-Key-{digit}>", lambda event: None)

    def _step(self, step: int) -> str:
        self._pick(self._values.index(self.get()) + step)
        return "break"

    def _pick(self, index: int) -> None:
        if 0 <= index < len(self._values):
            self.variable.set(self._values[index])
            self.focus_set()

    def _on_change(self, on_change: Any) -> None:
        self._mark_stop()
        if on_change is not None:
            on_change(self.get())

    def _mark_stop(self) -> None:
        for value, button in self.buttons.items():
            button.configure(takefocus=value == self.get())
