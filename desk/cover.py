"""What lies over the whole window: the lock, and the screens for students.

Nothing of the desk is seen or reached while it is there: dialogs are hidden, lists
that stand open are closed, the keys of the table do nothing, and the focus stays
inside.  Taken away, it gives back everything as it was.
"""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import asking, theme
from models import clock

CLOCK_MS = 5000
STEPS = {"<<NextWindow>>": 1, "<<PrevWindow>>": -1}


class Cover(ttk.Frame):
    """`rise()` lays it over the window, `go()` takes it away; one at a time."""

    title = ""

    def __init__(self, window: Any) -> None:
        # Of the root, as lists of suggestions are: over everything in the window.
        super().__init__(window.root, style="Chrome.TFrame")
        self.window, self.root = window, window.root
        self._focused = self.title_below = ""
        self._timers: dict[str, str] = {}
        self.time = ttk.Label(self, style="Chrome.TLabel")

    # -- coming and going ---------------------------------------------------

    def rise(self) -> None:
        """Cover the window."""
        self._focused = str(self.tk.call("focus"))
        self._close_lists()
        self.window.cover = self
        self.window.note.hide()
        self.window.keys.close_sheet()
        asking.hide()
        self.title_below = self.root.title()
        # The name of the program, and nothing of what is below.
        program = self.title_below.split(" — ")[0]
        self.root.title(f"{program} — {self.title}")
        self.place(relx=0, rely=0, relwidth=1, relheight=1)
        self.lift()
        self.update_idletasks()  # the keys go to nothing that is not there yet
        self.root.bind("<FocusIn>", lambda event: self._keep_focus())
        for sequence, step in STEPS.items():
            self.root.bind(sequence, lambda event, step=step: self._step(step))
        self._show_time()
        if self._focused:
            self.root.focus_force()  # the dialog that had it is out of sight
        self.focus_first()

    def go(self) -> None:
        """Give the window back, dialogs and focus as they were."""
        for name in list(self._timers):
            self.stop(name)
        for sequence in ("<FocusIn>", *STEPS):
            self.root.unbind(sequence)
        self.window.cover = None
        self.root.title(self.title_below)
        self.destroy()
        asking.bring_back()
        if not asking.count():
            self._give_focus_back()

    def _give_focus_back(self) -> None:
        there = self._focused
        if there and int(self.tk.call("winfo", "exists", there)):
            if int(self.tk.call("winfo", "viewable", there)):
                self.tk.call("focus", there)
                return
        if self.window.page is not None:
            self.window.page.focus_first()

    def _close_lists(self) -> None:
        """Menus and lists of comboboxes are windows of their own, with a grab."""
        for name in self.tk.splitlist(self.tk.call("wm", "stackorder", ".")):
            if str(name).endswith(".popdown"):
                box = self.tk.call("winfo", "parent", name)
                self.tk.call("ttk::combobox::Unpost", box)
            elif self.tk.call("winfo", "class", name) == "Menu":
                self.tk.call("tk::MenuUnpost", "")

    # -- what subclasses say ------------------------------------------------

    def focus_first(self) -> None:
        """Where the keys belong."""
        raise NotImplementedError

    def may_close(self) -> bool:
        """Whether the program may end now."""
        raise NotImplementedError

    # -- focus --------------------------------------------------------------

    def _keep_focus(self) -> None:
        """A page below, told of something, has taken the focus: it belongs here."""
        there = str(self.tk.call("focus"))
        if there and there != str(self) and not there.startswith(f"{self}."):
            self.focus_first()

    def _step(self, step: int) -> str:
        stops = self._stops(self)
        here = self.tk.call("focus")
        names = [str(stop) for stop in stops]
        at = names.index(str(here)) if str(here) in names else -step
        if stops:
            stops[(at + step) % len(stops)].focus_set()
        return "break"

    def _stops(self, widget: tkinter.Misc) -> list[Any]:
        found: list[Any] = []
        for child in widget.winfo_children():
            if int(self.tk.call("tk::FocusOK", child)):
                found.append(child)
            found += self._stops(child)
        return found

    # -- time ---------------------------------------------------------------

    def _show_time(self) -> None:
        now = clock.now()
        self.time.configure(text=f"{now:%H:%M}")
        self.later("clock", CLOCK_MS, self._show_time)

    def later(self, name: str, wait: int, what: Any) -> None:
        """Call *what* in *wait* milliseconds, instead of what *name* waited for."""
        self.stop(name)
        self._timers[name] = self.after(wait, what)

    def stop(self, name: str) -> None:
        """Do not do it."""
        if name in self._timers:
            self.after_cancel(self._timers.pop(name))

    def pad(self, characters: float = 1) -> int:
        """Pixels of so many Chinese characters."""
        return theme.text_width(self, characters)
