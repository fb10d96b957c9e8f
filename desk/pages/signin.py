"""登录: one field that takes a number or a card."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from models.errors import UserError
from models.people import person_signing_in


class SignInPage(ttk.Frame):
    """The only page there is while nobody is signed in."""

    title = "登录"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, style="Chrome.TFrame")
        self.window = window
        self._build_card()

    def _build_card(self) -> None:
        pad = theme.text_width(self, 1)
        card = ttk.Frame(self, bootstyle="bordered", padding=pad * 2)
        card.place(relx=0.5, rely=0.42, anchor="center")
        self.station = ttk.Label(card, style="Accent.TLabel")
        self.station.pack(pady=(0, pad // 2))
        ttk.Label(card, text="请刷卡，或输入学号、工号", style="Title.TLabel").pack()
        self.field = ttk.Entry(card, font="DeskBig", width=18, justify="center")
        self.field.pack(pady=pad, ipady=pad // 4)
        self.field.bind("<Return>", lambda event: self.on_sign_in())
        self.field.bind("<KP_Enter>", lambda event: self.on_sign_in())
        self.problem = ttk.Label(
            card,
            style="Bad.TLabel",
            text=" ",
            wraplength=theme.text_width(self, 24),
            justify="center",
        )
        self.problem.pack()
        self.sign_in_button = ttk.Button(
            card, text="登录", command=self.on_sign_in, bootstyle="primary"
        )
        self.sign_in_button.pack(fill="x", pady=(pad // 2, 0))

    def refresh(self) -> None:
        """Empty the field for the next person."""
        self.station.configure(text=self.window.here.name)
        self.field.delete(0, "end")
        self.problem.configure(text=" ")

    def focus_first(self) -> None:
        """The card goes here."""
        self.field.focus_set()

    def on_sign_in(self) -> None:
        """Sign in whoever was typed or swiped."""
        try:
            person = person_signing_in(self.field.get())
        except UserError as error:
            # Under the field, and the field ready for the next swipe.
            self.problem.configure(text=str(error))
            self.field.selection_range(0, "end")
            self.field.focus_set()
            return
        self.window.sign_in(person)
