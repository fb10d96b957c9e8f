"""One of a few choices, all in sight, picked by its digit, the arrows or a click."""

import tkinter
from collections.abc import Mapping
from typing import Any

import ttkbootstrap as ttk


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
        self._columns = columns
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
            row, column = divmod(index, columns)
            button.grid(row=row, column=column, sticky="ew", padx=(0, 3), pady=(0, 3))
            self._bind_keys(button)
            self.buttons[value] = button
        for column in range(min(columns, len(choices))):
            self.columnconfigure(column, weight=1, uniform="choice")
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

    def _bind_keys(self, button: ttk.Radiobutton) -> None:
        steps = {"Left": -1, "Right": 1, "Up": -self._columns, "Down": self._columns}
        for key, step in steps.items():
            button.bind(f"<{key}>", lambda event, step=step: self._step(step))
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
