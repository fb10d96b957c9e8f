"""A card of the settings: a form as high as what is in it, for the page scrolls."""

import tkinter
from typing import Any

from desk.widgets.form import Form


class SettingsCard(Form):
    """`show()` puts in what is so now; `saves` tells whether Ctrl+S does something."""

    title = ""
    saves = False
    office_only = False

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, title=self.title, command=self.save)
        self.window = window
        self.build()
        if not self.bar.winfo_children():
            self.bar.pack_configure(pady=(0, self._pad // 2))
        self.area.bind("<Configure>", lambda event: self._grow(), add="+")

    def build(self) -> None:
        """The fields and buttons."""

    def show(self) -> None:
        """As it is now."""

    def save(self) -> None:
        """What the fields say holds from now on."""

    def inputs(self) -> list[tkinter.Misc]:
        """What of it can be filled in."""
        return [f.target for f in self._fields.values() if f.takes_input]

    def fit(self) -> None:
        """After a zoom the texts are of another size."""
        self._wrapped_at = 0
        self.after_idle(self._fit)

    def _grow(self) -> None:
        """All of it in sight."""
        high, canvas = self.area.winfo_reqheight(), self.area.master
        if canvas.winfo_reqheight() != high:
            canvas.configure(height=high)

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        """Enter goes on, over the last field of a card to its button or the next."""
        last = [f.widget for f in self._fields.values() if f.takes_input][-1]
        if step > 0 and widget is last and not hasattr(self, "primary"):
            to = widget.tk_focusNext()
            if to is not None:
                to.focus_set()
            return "break"
        return super()._walk(widget, step)
