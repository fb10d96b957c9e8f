"""借用场馆: things lent, and venues booked; one of the two at a time (P5)."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.bookinglist import BookingView
from desk.pages.loanlist import LoanView
from desk.suggestions import StudentIndex
from desk.widgets.choice import Choice
from desk.widgets.formdrafts import together

VIEWS = {"loans": "物资", "bookings": "场馆"}
VIEW_CLASSES: dict[str, Any] = {"loans": LoanView, "bookings": BookingView}


class LoansPage(ttk.Frame):
    """Each view is made when first looked at and keeps what was typed.

    Ctrl+Tab goes to the other one, from whichever field.
    """

    title = "借用场馆"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master)
        self.window = window
        self.students = StudentIndex([])
        self.rowconfigure(1, weight=1)
        self.columnconfigure(1, weight=1)
        self._views: dict[str, Any] = {}
        pad = theme.text_width(self, 0.8)
        self.views = Choice(self, choices=VIEWS, columns=2, on_change=self._on_view)
        self.views.grid(row=0, column=0, sticky="w", padx=pad, pady=(0, pad // 2))
        hint = ttk.Label(self, text="Ctrl+Tab 切换", style="Hint.TLabel")
        hint.grid(row=0, column=1, sticky="w", pady=(0, pad // 2))

    @property
    def view(self) -> Any:
        """The view in front, made now if it never was."""
        name = self.views.get()
        if name not in self._views:
            view = self._views[name] = VIEW_CLASSES[name](self, self.window)
            self._turn_by_ctrl_tab(view)
        return self._views[name]

    @property
    def form(self) -> Any:
        """The form in front."""
        return self.view.form

    def _turn_by_ctrl_tab(self, widget: tkinter.Misc) -> None:
        widget.bind("<Control-Tab>", lambda event: self._turn())
        for child in widget.winfo_children():
            self._turn_by_ctrl_tab(child)

    def _turn(self) -> str:
        names = list(VIEWS)
        self.views.set(names[names.index(self.views.get()) - 1])
        self.focus_first()
        return "break"

    def _on_view(self, name: str) -> None:
        self.window.forget_refusal()
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen view as it is now."""
        self.students = self.window.students
        for other in self._views.values():
            other.grid_remove()
        self.view.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self.view.refresh()

    def focus_first(self) -> None:
        """Where one begins in the view in front."""
        self.view.focus_first()

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self.view.on_new()

    def on_void(self) -> None:
        """Delete, in the list."""
        self.view.on_void()

    def draft(self) -> dict[str, Any] | None:
        """What was typed in each view."""
        return together(**{n: view.draft() for n, view in self._views.items()})

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The view with something typed comes to the front."""
        for name in VIEWS:
            if name in kept:
                self.views.set(name)
                self.view.bring_draft(kept[name])

    def on_find(self) -> None:
        """Ctrl+F."""
        self.view.on_find()

    def stop_finding(self) -> bool:
        """Esc."""
        return self.view.stop_finding()

    def on_escape(self) -> None:
        """Esc: away from taking back or extending."""
        back = getattr(self.view, "on_escape", None)
        if back is not None:
            back()

    def on_export(self) -> None:
        """Ctrl+E: to the ledger of the view in front."""
        code = self.view.code
        self.window.show("ledgers")
        self.window.page.form.set("ledger", code)
