"""签到屏: a card in, a card out, on a screen that shows nothing else."""

import tkinter
from collections.abc import Callable
from datetime import datetime
from itertools import zip_longest
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk.kiosk import Kiosk
from desk.pages.cardfield import who_typed
from desk.pages.pinforms import PinQuestion
from desk.pages.questions import Questions
from desk.pages.swipebanner import SwipeBanner
from desk.pinpad import PinPad
from models import clock
from models.arrivals import Arrival, arrival_of
from models.attendance import RecordedBy, attendances_on
from models.checkins import check_in
from models.custody import seals_held_by
from models.desks import this_desk
from models.errors import UserError
from models.handovers import waiting_handover
from models.people import Person
from models.pins import has_pin
from models.swipes import Swipe, swipe_of

REST_MS = 15_000  # a result is read by then, and is nobody else's business
GIVE_UP_MS = 60_000  # a question that nobody answers keeps the next one waiting
LAST = 10
TO_THE_DESK = "不方便在这里填写的，请按“取消”，到窗口办理。"


class Passed(NamedTuple):
    """Somebody came or went."""

    at: datetime
    word: str
    name: str


def last_passed() -> list[Passed]:
    """Who came and went here today, the latest first; names and nothing else."""
    passed = []
    for row in attendances_on(clock.today(), this_desk()):
        passed.append(Passed(row.checked_in_at, "签到", row.person_name))
        if row.checked_out_at and row.method_out != RecordedBy.SYSTEM:
            passed.append(Passed(row.checked_out_at, "签退", row.person_name))
    return sorted(passed, reverse=True)[:LAST]


class BigBanner(SwipeBanner):
    """Read from two steps away."""

    def show(self, kind: str, text: str, detail: str) -> None:
        """As the banner of the page, only larger."""
        super().show(kind, text, detail)
        for label in (self.sign, self.result):
            label.configure(style=f"{kind}.BarHuge.TLabel")


class CheckInScreen(Kiosk):
    """Nobody needs to be signed in for it: whoever swipes signs for themselves."""

    title = "签到屏"

    def build(self) -> None:
        """Banner and field left, who came and went right."""
        self._asked: tuple[Person, str] | None = None
        pad = self.pad()
        left = ttk.Frame(self.body, style="Chrome.TFrame")
        left.place(relwidth=0.62, relheight=1.0)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(1, weight=1)
        self.banner = BigBanner(left)
        self.banner.grid(row=0, column=0, sticky="ew", padx=pad * 2, pady=pad)
        self._build_card(left)
        self._build_questions(left)
        self._build_last()
        for form in (self.card_form, *self._asking):
            form.grid(row=1, column=0, sticky="nsew", padx=pad * 2, pady=(0, pad * 2))
            form.grid_remove()
        self._bring(self.card_form)

    def _build_card(self, left: tkinter.Misc) -> None:
        """The pad stands beside the field: under it, in large print, it had no room."""
        pad = self.pad()
        form = self.card_form = ttk.Frame(left, bootstyle="bordered", padding=pad)
        form.columnconfigure(0, weight=1)
        form.rowconfigure((0, 4), weight=1)
        title = ttk.Label(form, text="请刷卡，或输入学号、工号", style="Title.TLabel")
        self.field = ttk.Entry(form, font="DeskHuge", width=10, justify="center")
        for key in ("<Return>", "<KP_Enter>"):
            self.field.bind(key, lambda event: self.on_swipe())
        self.enter_button = ttk.Button(
            form,
            text="签到 / 签退",
            command=self.on_swipe,
            bootstyle="primary",
            takefocus=False,
        )
        title.grid(row=1, column=0)
        place = {"column": 0, "sticky": "ew", "padx": (0, pad), "ipady": pad // 3}
        self.field.grid(row=2, pady=pad, **place)
        self.enter_button.grid(row=3, **place)
        self.pinpad = PinPad(form, target=lambda: self.field)
        self.pinpad.grid(row=0, column=1, rowspan=5, sticky="ns")

    def _build_questions(self, left: tkinter.Misc) -> None:
        common = {
            "on_cancel": self._give_up,
            "on_escape": self._give_up,
            "on_swiped": lambda text: self.banner.show("warning", "还没有签到", text),
        }
        self.questions = Questions(
            left, command=lambda: self._try(self._answer, self.questions), **common
        )
        self.pin_question = PinQuestion(left, **common)
        pad = self.pin_pad = PinPad(
            self.pin_question, target=lambda: self.pin_question.widget("pin")
        )
        pad.pack(side="bottom", fill="x", padx=self.pad(), before=self.pin_question.bar)
        self._asking = (self.questions, self.pin_question)

    def _build_last(self) -> None:
        pad = self.pad()
        side = ttk.Frame(self.body, bootstyle="bordered", padding=pad)
        side.place(relx=0.62, relwidth=0.36, y=pad, relheight=1.0, height=-pad * 3)
        ttk.Label(side, text="最近签到签退", style="Title.TLabel").pack(anchor="w")
        self.last = [ttk.Label(side, font="DeskHeading") for _ in range(LAST)]
        for label in self.last:
            label.pack(anchor="w", pady=(pad // 2, 0))
        self._show_last()

    # -- what is shown ------------------------------------------------------

    def _show_last(self) -> None:
        lines = [f"{p.at:%H:%M}　{p.word}　{p.name}" for p in last_passed()]
        lines = lines or ["今天还没有人签到。"]
        for label, line in zip_longest(self.last, lines, fillvalue=""):
            label.configure(text=line)

    def _bring(self, form: Any) -> None:
        for other in (self.card_form, *self._asking):
            other.grid() if other is form else other.grid_remove()
        self._front = form
        if form is self.card_form:
            self.stop("give up")
        else:
            form.guard()
            self.later("give up", GIVE_UP_MS, self._give_up)
        if self.winfo_ismapped():
            self.update_idletasks()  # the keys go to nothing that is not there yet
            self.focus_first()

    def focus_body(self) -> None:
        """The card goes here; or the answer, when something is asked."""
        if self._front is self.card_form:
            self.field.focus_set()
        else:
            self._front.focus_question()

    def _rest_later(self) -> None:
        self.later("rest", REST_MS, self.banner.rest)

    # -- the card -----------------------------------------------------------

    def on_swipe(self) -> None:
        """Whose card it is comes or goes."""
        typed = self.field.get()
        self.field.delete(0, "end")
        self._try(lambda: self._come(*who_typed(typed)))

    def _try(self, what: Callable[[], None], form: Any = None) -> None:
        """What is refused is said here: the bar of the window is out of sight."""
        self.stop("rest")
        try:
            what()
        except UserError as error:
            self.banner.show("danger", "没有记录", str(error))
            if form is None or not form.winfo_manager():
                self._rest_later()
            else:
                form.show_problem(str(error), error.field)
                self.later("give up", GIVE_UP_MS, self._give_up)
            self.focus_first() if form is None else None

    def _come(self, person: Person, method: str) -> None:
        if has_pin(person):
            self.pin_question.ask(
                person, lambda: self._try(lambda: self._record(person, method))
            )
            self.pin_question.set("who", person.name)  # others read along
            self.banner.show("warning", f"{person.name}，请输入签到密码", "")
            self._bring(self.pin_question)
        else:
            self._record(person, method)

    def _record(self, person: Person, method: str) -> None:
        self._bring(self.card_form)
        done = swipe_of(person, method=method)
        if done.kind == "ask" and done.arrival is not None:
            self._asked = (person, method)
            self._ask(done.arrival)
        else:
            self._recorded(done)

    def _ask(self, arrival: Arrival) -> None:
        self.questions.ask(arrival)
        self.banner.show("warning", f"{arrival.person.name}，请先确认", TO_THE_DESK)
        self._bring(self.questions)

    def _answer(self) -> None:
        assert self._asked is not None
        person, method = self._asked
        try:
            row = check_in(person, method=method, **self.questions.answers())
        except UserError:
            self.questions.ask(arrival_of(person))  # it may ask for more by now
            raise
        self._recorded(Swipe("in", person, row))

    def _recorded(self, done: Swipe) -> None:
        self._forget()
        self.banner.say(done)
        also = _to_do_at_the_desk(done)
        if also:
            said = self.banner.result.cget("text").split(" ", 1)[1]
            detail = self.banner.detail.cget("text")
            self.banner.show("warning", said, f"{also}\n{detail}")
        self._show_last()
        self._rest_later()

    def _give_up(self) -> None:
        asked = self._front is not self.card_form
        self._forget()
        if asked:
            self.banner.show("info", "没有签到", "已取消；要签到请重新刷卡。")
            self._rest_later()

    def _forget(self) -> None:
        self._asked = None
        self.questions.forget()
        self._bring(self.card_form)


def _to_do_at_the_desk(done: Swipe) -> str:
    """What this screen cannot do: seals and shifts are handed over at the desk."""
    if done.kind == "out":
        held = "、".join(seal.name for seal in seals_held_by(done.person))
        return f"{held}还由您保管，请先到窗口移交。" if held else ""
    if done.kind == "in" and waiting_handover() is not None:
        return "有一份交班还没有人接，请到窗口接班。"
    return ""
