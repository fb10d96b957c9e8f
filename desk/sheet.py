"""A sheet laid over the page to be read: the help, and the list of keys."""

import tkinter

import ttkbootstrap as ttk

from desk import theme

STEPS = {
    **{"<Up>": (-1, "units"), "<Down>": (1, "units")},
    **{"<Prior>": (-1, "pages"), "<Next>": (1, "pages"), "<space>": (1, "pages")},
}


class Sheet(ttk.Frame):
    """It has the focus while it is there, and gives it back."""

    def __init__(self, master: tkinter.Misc, title: str) -> None:
        super().__init__(master, style="Popup.TFrame", padding=1)
        self.pad = theme.text_width(self, 1)
        self.inner = ttk.Frame(self)
        self.inner.pack(fill="both", expand=True)
        self.title = ttk.Label(self.inner, text=title, style="Heading.TLabel")
        self.title.pack(
            side="top", anchor="w", padx=self.pad, pady=(self.pad, self.pad // 2)
        )
        self._before: tkinter.Misc | None = self.focus_get()

    def take_keys(self, widget: tkinter.Misc) -> None:
        """The arrows scroll: *widget* has the focus, and Tab does not leave it."""
        for key, (step, unit) in STEPS.items():
            widget.bind(key, lambda event, s=step, u=unit: self._step(s, u))
        for key, end in (("<Home>", 0), ("<End>", 1)):
            widget.bind(key, lambda event, end=end: self._go(end))
        for key in ("<Tab>", "<<PrevWindow>>"):
            widget.bind(key, lambda event: "break")
        self.lift()
        widget.focus_set()

    def _step(self, step: int, unit: str) -> str:
        self.scroll(step, unit)
        return "break"

    def _go(self, end: float) -> str:
        self.scroll_to(end)
        return "break"

    def scroll(self, step: int, unit: str) -> None:
        """Some lines or pages on."""
        raise NotImplementedError

    def scroll_to(self, end: float) -> None:
        """To the beginning (0) or the end (1)."""
        raise NotImplementedError

    def destroy(self) -> None:
        """Give the focus back to where it was."""
        before = self._before
        super().destroy()
        if before is not None and before.winfo_exists() and before.winfo_viewable():
            before.focus_set()
