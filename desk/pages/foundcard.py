"""One found record in full, with what can be done with it and by which keys."""

import tkinter
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.foundactions import (
    SEAL_USE_ACTIONS,
    VISIT_ACTIONS,
    Action,
    Row,
    actions_of,
    refusals,
)
from desk.pages.foundrows import Section, card_of
from desk.widgets.reading import lie_flat, show_bar_of_text


class FoundCard(ttk.Frame):
    """Its buttons call *page*'s methods, as the keys do; `row` is what is shown."""

    def __init__(self, page: Any) -> None:
        super().__init__(page, bootstyle="bordered", padding=page.gap)
        self._page = page
        self._gap = page.gap
        self.row: Row | None = None
        self.rowconfigure(2, weight=1)
        self.columnconfigure(0, weight=1)
        self.title = ttk.Label(self, style="Heading.TLabel")
        self.title.grid(row=0, column=0, sticky="w", pady=(0, self._gap))
        self.tools = ttk.Frame(self)
        self.tools.grid(row=0, column=1, sticky="e", pady=(0, self._gap))
        self._build_details()
        self._build_buttons()
        # A swipe while a button has the focus must not press it.
        dialogs.KeyGuard(self).settle()

    def _build_details(self) -> None:
        self.why_not = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.why_not.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.bind("<Configure>", self._wrap, add="+")
        self.details = ttk.ScrolledText(
            self, wrap="word", width=1, height=1, auto_hide=False
        )
        self.details.grid(row=2, column=0, columnspan=2, sticky="nsew")
        text = self.details.text
        text.configure(state="disabled", takefocus=True, font="TkDefaultFont")
        lie_flat(text)
        show_bar = partial(show_bar_of_text, self.details)
        # When idle: the lines are then as many as the new width makes them.
        for event in ("<Configure>", "<<WidgetViewSync>>"):
            text.bind(event, lambda event: self.after_idle(show_bar), add="+")
        text.tag_configure("heading", font="DeskBold", spacing1=self._gap)
        text.tag_configure("line", lmargin2=theme.text_width(self, 1))
        text.bind("<Delete>", lambda event: self._page.on_void())

    def _build_buttons(self) -> None:
        """One a name: both kinds of record are voided."""
        self.buttons: dict[str, ttk.Button] = {}
        for action in (*VISIT_ACTIONS, *SEAL_USE_ACTIONS):
            if action.name not in self.buttons:
                self.buttons[action.name] = self._button(action)
        self.back_button = ttk.Button(
            self.tools, text="返回（Esc）", command=self._page.close_card
        )

    def _button(self, action: Action) -> ttk.Button:
        command = getattr(self._page, action.name)
        return ttk.Button(self.tools, text=action.button, command=command)

    def show(self, row: Row) -> None:
        """A record as it stands now."""
        self.row = row
        title, sections = card_of(row)
        self.title.configure(text=title)
        self._offer(row)
        self._tell(sections)

    def _offer(self, row: Row) -> None:
        for button in self.tools.pack_slaves():
            button.pack_forget()
        why_not, labels = refusals(row), {}
        for action in actions_of(row):
            why = why_not[action.name]
            button = self.buttons[action.name]
            button.configure(state="disabled" if why else "normal")
            button.pack(side="left", padx=(0, self._gap))
            if why:
                labels.setdefault(why, []).append(action.label)
        self.back_button.pack(side="left")
        told = [f"不能{'、'.join(names)}：{why}" for why, names in labels.items()]
        self.why_not.configure(text="\n".join(told))
        self.why_not.grid() if told else self.why_not.grid_remove()

    def _tell(self, sections: list[Section]) -> None:
        text = self.details.text
        text.configure(state="normal")
        text.delete("1.0", "end")
        for section in sections:
            text.insert("end", section.title + "\n", "heading")
            text.insert("end", "".join(f"{line}\n" for line in section.lines), "line")
        text.configure(state="disabled")

    def _wrap(self, event: tkinter.Event) -> None:
        self.why_not.configure(wraplength=max(event.width - 4 * self._gap, 1))

    def focus_set(self) -> None:
        """Into the text: the arrows scroll it."""
        self.details.text.focus_set()
