"""签到签退: one big field for the card, a plain result, today's list."""

import tkinter
from collections.abc import Callable
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk.pages.cardfield import CardForm, who_typed
from desk.pages.correcting import CorrectionForm
from desk.pages.dutypage import NOT_NOW, DutyPage
from desk.pages.dutyrows import duty_rows, hours_lines
from desk.pages.leaving import Leaving
from desk.pages.pinforms import PinQuestion, PinSetting
from desk.pages.questions import SWIPED, Questions, StandIn
from desk.pages.swipebanner import SwipeBanner
from desk.widgets.form import Form
from desk.widgets.formdrafts import together
from models import clock
from models.arrivals import Arrival, arrival_of
from models.attendance import POST_LABELS, Attendance, Post, RecordedBy
from models.checkins import check_in
from models.desks import this_desk
from models.errors import UserError
from models.people import Person, PersonRole
from models.pins import has_pin
from models.plan_decisions import plans_in_force
from models.swipes import Swipe, swipe_of

NO_SIGNATURE = "刷卡已按签到签退处理；签收印章请先按 Enter，再刷卡。"
POSTS = {post: POST_LABELS[post] for post in (Post.A, Post.B)}


class Asked(NamedTuple):
    """A check-in that waits for answers, and what goes with it."""

    person: Person
    method: str
    said: dict[str, Any]


class AttendancePage(DutyPage):
    """A swipe checks in, the next one checks out; no other key is needed."""

    title = "签到签退"
    save_words = "签到或签退"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._asked: Asked | None = None
        left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(1, weight=1)
        self.banner = SwipeBanner(left)
        self.banner.grid(row=0, column=0, sticky="ew", pady=(0, self.gap * 2))
        self._build_form(left)
        self._build_questions(left)
        self.build_duty_list()

    def _build_form(self, master: tkinter.Misc) -> None:
        form = self.form = CardForm(master, title="", command=self._swipe)
        form.grid(row=1, column=0, sticky="nsew")
        self.card = form.add_card("card", "卡号、学号或姓名", font="DeskBig")
        # Enter in this field is the card reader's: it records, it does not walk on.
        for key in ("<Return>", "<KP_Enter>"):
            self.card.bind(key, self._on_card)
        form.add_words("card", "学号", "刷卡", "卡号", "不在岗", "签到")
        form.add_choice("post", Attendance.post.verbose_name, POSTS, columns=2)
        form.add_check(
            "uniform", Attendance.uniform.verbose_name + "规范", initial=True
        )
        form.add_entry("note", Attendance.note.verbose_name)
        self.save_button = form.add_button("签到 / 签退", form.submit, primary=True)
        self.pin_button = form.add_button("签到密码", self.on_pin)

    def _build_questions(self, master: tkinter.Misc) -> None:
        common = {
            "on_cancel": self._go_back,
            "on_escape": self._escape,
            "on_swiped": self._say_swiped,
        }
        self.questions = Questions(master, command=self._answer, **common)
        self.standing_in = StandIn(master, command=self.answer_standing_in, **common)
        self.correcting = CorrectionForm(
            master, window=self.window, on_done=self.requested, **common
        )
        self.pin_question = PinQuestion(master, **common)
        self.pin_setting = PinSetting(master, on_done=self._pin_done, **common)
        self._asking = (
            *(self.questions, self.standing_in, self.correcting),
            *(self.pin_question, self.pin_setting),
        )
        for form in self._asking:
            form.grid(row=1, column=0, sticky="nsew")
            form.grid_remove()
        self.leaving = Leaving(
            self.window,
            master,
            on_change=lambda: self.bring_form(self.form),
            on_swiped=self._swiped_over,
        )

    # -- what is shown ------------------------------------------------------

    def refresh(self) -> None:
        """Show who has been here today, and who is still to come."""
        self.leaving.settle()
        here, today = this_desk(), clock.today()
        self.form.show_field("post", not plans_in_force(today, here))
        rows = duty_rows(today, here)
        self.table.show(rows)
        came = sum(row.fact is not None for row in rows)
        there = sum(row.is_here for row in rows)
        self.show_heading(f"今日 {came} 人次，在岗 {there} 人")
        self.window.say_rows(f"今日 {len(rows)} 条")
        self.show_about()

    def focus_first(self) -> None:
        """The card goes here; or the answer, when something is asked."""
        form = self._in_front()
        if form is self.form:
            form.focus_field("card")
        elif form is self.leaving.card:
            form.focus_first()
        elif form is self.standing_in:
            form.focus_field("reason")
        else:
            form.focus_question()

    def _in_front(self) -> Any:
        fronts = (*self._asking, self.leaving.card)
        shown = [form for form in fronts if form.winfo_manager()]
        return shown[0] if shown else self.form

    def bring_form(self, form: Form) -> None:
        if self.window.info.text == SWIPED:
            self.window.info.hide()
        if self.window.status.text == SWIPED:
            self.window.status.say("")
        if form is self.form and self.leaving.asks:
            form = self.leaving.card  # it stands where the card field stood
        for other in (self.form, *self._asking, self.leaving.card):
            other.grid() if other is form else other.grid_remove()
        if form is not self.form:
            form.guard()
        self.focus_first()

    def _go_back(self) -> None:
        """To the card: what was asked is given up."""
        if self._in_front() is self.questions:
            self.banner.show("info", "没有签到", "已取消；要签到请重新刷卡。")
        else:
            self.banner.rest()
        self._asked = self._standing = None
        self.questions.forget()
        self.bring_form(self.form)

    # -- the card -----------------------------------------------------------

    def _on_card(self, event: tkinter.Event) -> str:
        self.form.submit()
        return "break"

    def _swipe(self) -> None:
        if self.card.is_open:
            self.window.status.say("有几个人符合，请用上下键选好，再按 Enter。")
            return
        self._come(self._who)

    def _swiped_over(self, text: str) -> None:
        """Somebody's card while it is asked whether a seal is handed over."""
        self._come(lambda: who_typed(text))
        if self._in_front() is self.leaving.card:
            self.window.say(NO_SIGNATURE)

    def _come(self, who: Callable[[], tuple[Person, str]]) -> None:
        try:
            person, method = who()
        except UserError as error:
            self.banner.show("danger", "没有记录", str(error))
            raise
        if has_pin(person):
            self.pin_question.ask(person, lambda: self._record(person, method))
            self.bring_form(self.pin_question)
        else:
            self._record(person, method)

    def _record(self, person: Person, method: str) -> None:
        self.bring_form(self.form)
        said = self._said(person)
        try:
            done = swipe_of(person, method=method, **said)
        except UserError as error:
            self.banner.show("danger", "没有记录", str(error))
            raise
        if done.kind == "ask" and done.arrival is not None:
            self._asked = Asked(person, method, said)
            self._ask(done.arrival)
            self.bring_form(self.questions)
        else:
            self._recorded(done)

    def _who(self) -> tuple[Person, str]:
        picked, text = self.form.value("card"), self.form.text("card")
        if picked is not None:
            return picked, RecordedBy.NUMBER
        return who_typed(text)

    def _said(self, person: Person) -> dict[str, Any]:
        """What goes with a check-in; the plan decides about the post, if any."""
        form = self.form
        free = form.widget("post").winfo_manager()
        chooses = free and person.role == PersonRole.ASSISTANT
        return {
            "post": form.value("post") if chooses else "",
            "uniform": form.value("uniform"),
            "note": form.text("note"),
        }

    def _ask(self, arrival: Arrival) -> None:
        self.questions.ask(arrival)
        words = "\n".join(hours_lines(arrival.hours)) if arrival.hours else ""
        self.banner.show("warning", f"{arrival.person.name}，请先确认", words)

    def _answer(self) -> None:
        """Check in with the answers; a refusal may ask for more."""
        if self._asked is None:
            return
        person, method, said = self._asked
        try:
            row = check_in(person, method=method, **said, **self.questions.answers())
        except UserError:
            self._ask(arrival_of(person))
            raise
        was_told = self.questions.asks_when_left
        self._asked = None
        self.questions.forget()
        self.bring_form(self.form)
        self._recorded(Swipe("in", person, row), was_told)

    def _recorded(self, done: Swipe, was_told: bool = False) -> None:
        self.banner.say(done)
        typed = self.form.text("note") if done.kind != "in" else ""
        picked = self.form.value("card") is not None  # which is no signature
        self.form.clear()
        self.form.set("note", typed)  # goes with a check-in only
        if done.kind == "in":
            self.leaving.settle(back=done.person)
        self.refresh_all()
        if done.kind == "in":
            self.point_on(done.person, was_told)
        elif done.kind == "out" and done.attendance is not None:
            signed = "" if picked else done.attendance.method_out
            self.leaving.ask(done.person, signed)

    def refresh_all(self) -> None:
        self.refresh()
        self.focus_first()
        self.window.update_status()
        self.window.watch.look()

    def on_pin(self) -> None:
        """Set the PIN of whoever stands in the card field, else of who signed in."""
        person = self.window.person
        if self.form.text("card"):
            self.card.resolve()
            person, _ = self._who()
        self.form.set("card", None)
        self.banner.show("info", "设置签到密码", NOT_NOW)
        self.pin_setting.ask(person, self.window.person)
        self.bring_form(self.pin_setting)

    def _pin_done(self, text: str) -> None:
        self.bring_form(self.form)
        self.banner.rest()
        self.window.say(text)

    def draft(self) -> dict[str, Any] | None:
        """The note of who comes next, and a correction that is being asked for."""
        asks = self._in_front() is self.correcting
        return together(
            form=self.form.draft(apart=("post", "uniform")),
            correcting=asks and self.correcting.draft(apart=("person", "subject")),
        )

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The correction comes to the front again."""
        if "form" in kept:
            self.form.bring_draft(kept["form"])
        if "correcting" in kept:
            self.correcting.bring_draft(kept["correcting"])
            self.banner.show("info", "申请更正", NOT_NOW)
            self.bring_form(self.correcting)

    # -- keys ---------------------------------------------------------------

    def _say_swiped(self, text: str) -> None:
        self.window.status.say(text)
        self.window.info.show(text, "warning")

    def on_save(self) -> None:
        """Ctrl+S."""
        self._in_front().submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self._go_back()
        self.form.clear()
        self.focus_first()

    def _escape(self) -> None:
        """Esc in a question: what lies over it goes first."""
        if not self.window.keys.close_sheet():
            self._go_back()

    def on_escape(self) -> None:
        """Esc, wherever the focus is."""
        if self._in_front() is self.leaving.card:
            self.leaving.on_escape()
        elif self._in_front() is not self.form:
            self._go_back()
