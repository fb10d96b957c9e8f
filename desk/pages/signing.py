"""Fields in which somebody signs: by card, or by typing their own number."""

import tkinter
from collections.abc import Callable
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk.pages.questions import LEAST_OF_A_CARD, PAUSE_MS, SwipeGuard
from desk.widgets.fields import Field
from desk.widgets.form import Form
from models.errors import UserError
from models.people import Person, person_signing_in
from models.seal_transfers import SIGNED_BY_LABELS
from models.swipes import method_of

NOT_A_SIGNATURE = "刚才的刷卡没有记录：签字请先把光标放到要签字的一栏，再刷卡。"


class Signature(NamedTuple):
    """Who signed, and how (`SignedBy`)."""

    person: Person
    method: str

    @property
    def words(self) -> str:
        """`王芳（学生助理） 刷卡签字`."""
        how = SIGNED_BY_LABELS.get(self.method, self.method)
        return f"{self.person.name}（{self.person.role_label}） {how}签字"


class SignEntry(ttk.Entry):
    """`sign()` makes a signature of a swiped card or a typed number.

    There is nothing to choose from: who is picked from a list has not signed.  Any
    change takes the signature back.
    """

    def __init__(self, master: tkinter.Misc) -> None:
        self.variable = ttk.StringVar(master)
        super().__init__(master, textvariable=self.variable)
        self.signature: Signature | None = None
        self._setting = False
        self.variable.trace_add("write", self._on_typed)
        self.bind("<Key>", self._on_key)
        self.bind("<<Paste>>", lambda event: self._begin_anew())

    def sign(self, check: Callable[[Person], None]) -> Signature:
        """Sign with what was typed; UserError when that is nobody who may."""
        if self.signature is None:
            text = self.get()
            person = person_signing_in(text)
            check(person)
            self.show(Signature(person, method_of(text, person)))
        assert self.signature is not None
        return self.signature

    def show(self, signature: "Signature | str | None") -> None:
        """A signature, plain text that is none yet, or nothing."""
        self._setting = True
        is_signed = isinstance(signature, Signature)
        self.signature = signature if isinstance(signature, Signature) else None
        self.variable.set(signature.words if is_signed else signature or "")
        self.icursor("end")
        self._setting = False

    def _on_key(self, event: tkinter.Event) -> None:
        """A card swiped over a name begins anew, wherever the cursor stands."""
        edits = event.keysym in ("BackSpace", "Delete")
        if edits or (event.char and event.char.isprintable()):
            self._begin_anew()

    def _begin_anew(self) -> None:
        if self.signature is not None:
            self.show(None)

    def _on_typed(self, *_: str) -> None:
        if not self._setting:
            self.signature = None


class SignField(Field):
    """What stands there is a signature, or a text that may become one."""

    widget: SignEntry

    def typed(self) -> Any:
        return self.widget.signature or self.widget.get()


class SigningGuard(SwipeGuard):
    """A swipe signs where the cursor is in a field for it, and nowhere else."""

    def __init__(self, form: "SignForm") -> None:
        super().__init__(form)
        self._burst = ""

    def _on_key(self, event: tkinter.Event) -> None:
        if event.time - self._last_key >= PAUSE_MS:
            self._burst = ""
        if event.char.isascii() and event.char.isalnum():
            self._burst += event.char
        super()._on_key(event)

    def _on_press(self, event: tkinter.Event) -> str | None:
        is_text = isinstance(event.widget, tkinter.Entry) and event.keysym != "space"
        typed = is_text and self._fast < LEAST_OF_A_CARD  # Enter there only walks
        if typed or isinstance(event.widget, SignEntry):
            # Whatever has the cursor next takes the same Enter for a part of a burst.
            self._last_key, self._fast, self._burst = event.time, 0, ""
            return None
        stopped = super()._on_press(event)
        self._burst = ""  # the next card may come at once
        return stopped

    def _on_escape(self, event: tkinter.Event) -> str | None:
        return None  # the window asks the page

    def swiped(self) -> str:
        """The card that was swiped where nothing is to be signed."""
        return self._burst


class SignForm(Form):
    """A form with fields to sign in.  Enter in one signs, and goes on."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        title: str,
        command: Callable[[], None],
        window: Any,
        on_swiped: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(master, title=title, command=command)
        self.window = window
        self._on_swiped = on_swiped
        self._guard = SigningGuard(self)

    def add_sign(self, name: str, label: str) -> SignEntry:
        """`value()` gives the `Signature`, or None while there is none."""
        entry = SignEntry(self.area)
        field = SignField(
            label, entry, read=lambda: entry.signature, write=lambda it: entry.show(it)
        )
        field.kept = False  # nobody signs for another start
        return self._add(name, field)

    def signature(self, name: str) -> Signature:
        """Who signed in this field, also when Enter has not been pressed there."""
        with self.about(name):
            entry: SignEntry = self.widget(name)
            if not entry.get().strip():
                raise UserError(f"请{self.label(name)}本人刷卡，或输入学号、工号。")
            return entry.sign(lambda person: self.check_signing(name, person))

    def check_signing(self, name: str, person: Person) -> None:
        """Refuse, with a UserError, who may not sign in the field *name*."""

    def guard(self) -> None:
        """What is swiped while this comes up is no answer to it."""
        self._guard.settle()

    def on_swiped(self, text: str) -> None:
        """A card where nothing is signed; it has left no trace in the form."""
        card = self._guard.swiped()
        if self._on_swiped is not None and len(card) >= LEAST_OF_A_CARD:
            self._on_swiped(card)
        else:
            self.window.status.say(NOT_A_SIGNATURE)
            self.window.info.show(NOT_A_SIGNATURE, "warning")

    def on_escape(self) -> None:
        """Nothing of its own: see `SigningGuard`."""

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        if step > 0 and isinstance(widget, SignEntry) and widget.get().strip():
            name = next(n for n, f in self._fields.items() if f.widget is widget)
            self.submit(lambda: self._sign_and_go_on(name, widget))
            return "break"
        return super()._walk(widget, step)

    def _sign_and_go_on(self, name: str, widget: SignEntry) -> None:
        self.signature(name)
        self._after_signing(name, widget)

    def _after_signing(self, name: str, widget: SignEntry) -> None:
        super()._walk(widget, +1)
