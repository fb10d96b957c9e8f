"""锁定: the window is covered until a card unlocks it, or brings somebody else."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import asking
from desk.cover import Cover
from models.errors import UserError
from models.people import Person, person_signing_in

UNWIND_MS = 20
KEPT = "没有填完的内容都还在。"
OPEN_QUESTION = "还有一个提问没有回答：{name}解锁后接着回答，换人则按取消处理。"
FINISH_FIRST = "还有没有完成的操作或没有登记的内容，请解锁后再退出。"


class LockScreen(Cover):
    """Whoever locked it goes on where they were; anybody else takes over (换人值班).

    Whoever takes over finds what was typed on the pages, but no open dialog: what
    the other person was asked is given up, as if they had pressed 取消.
    """

    title = "已锁定"

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._next: Person | None = None
        self._build_card()

    def _build_card(self) -> None:
        pad, person = self.pad(), self.window.person
        card = ttk.Frame(self, bootstyle="bordered", padding=pad * 2)
        card.place(relx=0.5, rely=0.45, anchor="center")
        top = ttk.Frame(card)
        top.pack(fill="x")
        ttk.Label(top, text=f"{self.title} · {person.name}", style="Title.TLabel").pack(
            side="left"
        )
        self.time = ttk.Label(top, style="Title.TLabel")
        self.time.pack(side="right", padx=(pad * 2, 0))
        self.station = ttk.Label(card, text=self.window.here.name, style="Muted.TLabel")
        self.station.pack(anchor="w", pady=(pad // 4, pad))
        self.words = self._add_text(card, self._words(person), "TLabel")
        self.field = ttk.Entry(card, font="DeskBig", width=18, justify="center")
        self.field.pack(fill="x", pady=(pad, pad // 2), ipady=pad // 4)
        for key in ("<Return>", "<KP_Enter>"):
            self.field.bind(key, lambda event: self.on_unlock())
        self.field.bind("<Key>", lambda event: self._on_key(), add="+")
        self.problem = self._add_text(card, " ", "Bad.TLabel")
        self.unlock_button = ttk.Button(
            card, text="解锁", command=self.on_unlock, bootstyle="primary"
        )
        self.unlock_button.pack(fill="x", pady=(pad // 2, 0))

    def _add_text(self, card: tkinter.Misc, text: str, style: str) -> ttk.Label:
        label = ttk.Label(
            card, text=text, style=style, wraplength=self.pad(26), justify="left"
        )
        label.pack(anchor="w")
        return label

    def _words(self, person: Person) -> str:
        asked = asking.count() > 0
        kept = OPEN_QUESTION.format(name=person.name) if asked else KEPT
        return (
            f"{person.name}刷卡，或输入学号、工号，接着工作。\n"
            f"换人值班：另一位直接刷自己的卡。\n{kept}"
        )

    def focus_first(self) -> None:
        """The card goes here."""
        self.field.focus_set()

    def _on_key(self) -> None:
        self.problem.configure(text=" ")

    # -- unlocking ----------------------------------------------------------

    def on_unlock(self) -> None:
        """Let the person of this card or number work."""
        if self._next is not None:
            return  # a second swipe while the first one is under way
        try:
            person = person_signing_in(self.field.get())
        except UserError as error:
            self._refuse(str(error))
            return
        if person.uid == self.window.person.uid:
            self.window.person = person  # as the office has them now
            self.go()
        else:
            self._take_over(person)

    def _refuse(self, text: str) -> None:
        self.problem.configure(text=text)
        self.field.selection_range(0, "end")
        self.field.focus_set()

    def _take_over(self, person: Person) -> None:
        self._next = person
        self.problem.configure(text=f"换人值班：{person.name}")
        asking.give_up()
        self.later("unwind", UNWIND_MS, self._hand_on)

    def _hand_on(self) -> None:
        """When all that asked has gone on: it must not act as somebody else."""
        if asking.count():
            self.later("unwind", UNWIND_MS, self._hand_on)
            return
        person, before = self._next, self.window.person
        assert person is not None
        self.go()
        self.window.sign_in(person)
        self.window.say(f"换人值班：现在是{person.name}，之前是{before.name}。")

    def may_close(self) -> bool:
        """Nothing that only exists in the window is lost by closing it unseen."""
        window = self.window
        is_idle = not asking.count() and not window.jobs.running
        if is_idle and window.drafts.is_all_kept():
            return True
        self._refuse(FINISH_FIRST)
        return False
