"""Pins beside the fields of a form: what is pinned stays there after saving."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.choice import Choice
from desk.widgets.fields import Field

LOOKS = {False: ("pin-angle", "Muted.TLabel"), True: ("pin-angle-fill", "Pin.TLabel")}


class Pin(ttk.Label):
    """A pin, stuck in or not: its shape tells, and words when pointed at."""

    def __init__(
        self, master: tkinter.Misc, *, of: str, key: str, on_click: Callable[[], None]
    ) -> None:
        super().__init__(master, cursor="hand2", takefocus=False)
        self._of, self._key = of, key
        self._tip = ttk.ToolTip(self, text="")
        self.bind("<Button-1>", lambda event: on_click(), add="+")
        self.show(False)

    def show(self, stuck: bool) -> None:
        """Draw it stuck in, or not."""
        icon, style = LOOKS[stuck]
        self.configure(icon=icon, style=style)
        done = "不再保留" if stuck else "保存后保留"
        self._tip.configure(text=f"{done}“{self._of}”（{self._key}）")


class Pins:
    """Which fields of a form can keep what stands there, and which do: `names`."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        # What is chosen by itself for what is pinned.
        self.followers: dict[str, tuple[str, ...]] = {}
        self._offered: dict[str, tuple[Field, Pin]] = {}

    @property
    def standing(self) -> set[str]:
        """The fields that are not empty though nobody has begun to fill them in."""
        followers = (self.followers.get(name, ()) for name in self.names)
        return self.names.union(*followers)

    def offer(self, name: str, field: Field, *, key: str) -> None:
        """Put a pin beside a field; *key* is how the key for it is written."""
        area = field.widget.master
        pin = Pin(area, of=field.label, key=key, on_click=lambda: self.toggle(name))
        row = field.widget.grid_info()["row"]
        gap = theme.text_width(area, 0.3)
        if isinstance(field.widget, Choice):
            # Below the caption: the buttons need the whole width.
            field.widget.grid_configure(columnspan=2)
            pin.grid(row=row, column=0, sticky="sw", pady=(0, gap * 2))
        else:
            pin.grid(row=row, column=2, padx=(gap, 0))
        field.beside.append(pin)
        self._offered[name] = field, pin

    def toggle(self, name: str) -> bool:
        """Pin a field, or no longer; True when it is pinned now."""
        self.names ^= {name}
        self._offered[name][1].show(name in self.names)
        return name in self.names

    def release(self) -> None:
        """Take every pin out."""
        for name in set(self.names):
            self.toggle(name)

    def field_of(self, widget: Any) -> str:
        """The name of the field with a pin that *widget* belongs to, or ""."""
        for name, (field, _) in self._offered.items():
            if f"{widget}.".startswith((f"{field.widget}.", f"{field.target}.")):
                return name
        return ""
