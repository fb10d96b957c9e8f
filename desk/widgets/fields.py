"""The kinds of fields a form is made of: each a widget with one way to read it."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from desk.widgets.choice import Choice
from desk.widgets.datefield import DateField
from desk.widgets.reading import Words
from desk.widgets.suggest import SuggestEntry
from models.errors import UserError


class Field:
    """One line of a form: label, widget, and room for what is wrong with it."""

    def __init__(
        self,
        label: str,
        widget: Any,
        *,
        read: Callable[[], Any],
        write: Callable[[Any], None],
        target: Any = None,
    ) -> None:
        self.label, self.widget = label, widget
        self.read, self.write = read, write
        # What takes the focus; a date field is more than its entry.
        self.target = target if target is not None else widget
        self.walks = True  # Enter goes on to the next field
        self.sticky = "ew"
        self.is_one_line = True  # else the label stands beside the first
        self.shown = True
        self.kept = True  # in a draft; what is secret or signs for somebody is not
        self.blank: Any = read()
        self.given: Any = None  # what stood there before anybody typed
        # Words by which a refusal is known to be about this field.
        self.words = [label] if label else []
        # Both are made by the form.
        self.caption: Any = None
        self.problem: Any = None
        self.beside: list[Any] = []  # what else stands in its line
        self._is_marked = False
        self._refused: Any = None  # what stood there when it was called wrong

    @property
    def takes_input(self) -> bool:
        """Whether a person can put something right here now."""
        if not self.shown or isinstance(self.widget, ttk.Label):
            return False
        try:
            state = str(self.target.cget("state"))
        except tkinter.TclError:  # a block of buttons has no state of its own
            return True
        closed_list = isinstance(self.widget, ttk.Combobox)
        return state != "disabled" and (closed_list or state != "readonly")

    @property
    def is_wrong(self) -> bool:
        """Whether a problem is shown."""
        return bool(self.problem.winfo_manager())

    def show(self, shown: bool) -> None:
        """Take the line away, or bring it back."""
        self.shown = shown
        for part in (self.caption, self.widget, *self.beside):
            part.grid() if shown else part.grid_remove()
        if not shown:
            self.problem.grid_remove()

    def mark(self, problem: str) -> None:
        """Say what is wrong; nothing for no text."""
        if not problem and not self._is_marked:
            return
        self._is_marked = bool(problem)
        self.problem.say(problem)
        self.problem.grid() if problem else self.problem.grid_remove()
        self._refused = self.typed() if problem else None
        if hasattr(self.target, "state"):
            self.target.state(["invalid" if problem else "!invalid"])

    def forget_if_edited(self) -> None:
        """The problem was about what stood there before."""
        if self.widget.winfo_exists() and self.is_wrong:
            if self.typed() != self._refused:
                self.mark("")

    def typed(self) -> Any:
        """What stands there, right or wrong, to be put back by `retype`."""
        if isinstance(self.widget, SuggestEntry):
            return self.widget.record or self.widget.get()
        if isinstance(self.widget, DateField):
            return self.widget.entry.get()
        if isinstance(self.widget, ttk.Spinbox):
            return self.widget.get()
        return self.read()

    def retype(self, typed: Any) -> None:
        """Put back what `typed` gave."""
        if isinstance(self.widget, DateField):
            self.widget.entry.delete(0, "end")
            self.widget.entry.insert(0, typed)
        else:
            self.write(typed)

    # -- kept for the next start ----------------------------------------------

    def take_as_given(self) -> None:
        """What stands there now was typed by nobody, or is saved."""
        self.given = self.typed()

    @property
    def is_typed(self) -> bool:
        """Whether somebody typed or chose what stands there."""
        return self.kept and self.typed() != self.given

    def to_json(self, typed: Any) -> Any:
        """What `typed` gave, as JSON has it."""
        if isinstance(self.widget, SuggestEntry):
            return self.widget.to_json(typed)
        if isinstance(typed, (str, int, float, type(None))):
            return typed
        return {"line": next((t for t, v in self.widget.choices if v == typed), "")}

    def from_json(self, packed: Any) -> Any:
        """What `to_json` gave, as `retype` takes it; blank for what is no more."""
        if isinstance(self.widget, SuggestEntry):
            return self.widget.from_json(packed)
        if isinstance(self.widget, Choice):
            return packed if packed in self.widget.buttons else self.blank
        if isinstance(packed, dict):
            lines = dict(self.widget.choices)
            return lines.get(packed.get("line"))
        return packed


def entry_field(master: tkinter.Misc, label: str, **options: Any) -> Field:
    """A line of text."""
    entry = ttk.Entry(master, **options)

    def write(text: Any) -> None:
        entry.delete(0, "end")
        entry.insert(0, "" if text is None else str(text))

    field = Field(label, entry, read=entry.get, write=write)
    field.kept = "show" not in options  # a password is written down nowhere
    return field


def number_field(
    master: tkinter.Misc, label: str, *, initial: int | None, most: int
) -> Field:
    """A whole number, empty at first for None; reading anything else is refused."""
    box = ttk.Spinbox(master, from_=0, to=most, width=8)
    box.set("" if initial is None else initial)

    def read() -> int:
        text = box.get().strip()
        if not text.isdecimal():
            raise UserError(f"{label}请填写数字。")
        return int(text)

    # What is blank is what stands there, a number or not.
    field = Field(label, box, read=box.get, write=box.set)
    field.read, field.sticky = read, "w"
    return field


def list_field(
    master: tkinter.Misc, label: str, on_change: Callable[[], None]
) -> Field:
    """A closed list; `widget.choices` holds (line, what stands behind it)."""
    box = ttk.Combobox(master, state="readonly")
    box.choices = []

    def read() -> Any:
        index = box.current()
        return box.choices[index][1] if index >= 0 else None

    def write(value: Any) -> None:
        for index, (_, choice) in enumerate(box.choices):
            if choice == value:
                box.current(index)
                return
        box.set("")

    def pick_by_digit(event: tkinter.Event) -> str | None:
        if event.char.isdecimal() and 1 <= int(event.char) <= len(box.choices):
            box.current(int(event.char) - 1)
            on_change()
            return "break"
        return None

    box.bind("<<ComboboxSelected>>", lambda event: on_change())
    box.bind("<Key>", pick_by_digit)
    return Field(label, box, read=read, write=write)


def choice_field(
    master: tkinter.Misc, label: str, choices: Mapping[str, str], **options: Any
) -> Field:
    """One of a few, all in sight."""
    choice = Choice(master, choices=choices, **options)
    field = Field(label, choice, read=choice.get, write=choice.set)
    field.is_one_line = False
    return field


def suggest_field(
    master: tkinter.Misc, label: str, suggest: Callable[[str], Sequence], **options: Any
) -> Field:
    """Type-ahead; reads the picked record, or None."""
    entry = SuggestEntry(master, suggest=suggest, **options)

    def write(value: Any) -> None:
        if value is None or isinstance(value, str):
            entry.set_text(value or "")
        else:
            entry.set_record(value)

    return Field(label, entry, read=lambda: entry.record, write=write)


def date_field(master: tkinter.Misc, label: str) -> Field:
    """A date that may be empty."""
    widget = DateField(master)
    return Field(
        label, widget, read=widget.read, write=widget.write, target=widget.entry
    )


def check_field(master: tkinter.Misc, label: str, *, initial: bool) -> Field:
    """A tick, with its label beside it."""
    variable = ttk.BooleanVar(master, initial)
    tick = ttk.Checkbutton(master, text=label, variable=variable)

    def read() -> bool:
        return bool(variable.get())

    return Field("", tick, read=read, write=variable.set)


def text_field(master: tkinter.Misc, label: str, *, height: int) -> Field:
    """Several lines of text; Enter starts a new line there."""
    text = ttk.Text(master, height=height, width=20, wrap="word", undo=True)

    def read() -> str:
        return text.get("1.0", "end").strip()

    def write(value: Any) -> None:
        text.delete("1.0", "end")
        text.insert("1.0", value or "")

    field = Field(label, text, read=read, write=write)
    field.walks = field.is_one_line = False
    return field


def fact_field(master: tkinter.Misc, label: str) -> Field:
    """A line that only shows something."""
    fact = Words(master, takefocus=False)

    def read() -> str:
        return fact.said

    def write(value: Any) -> None:
        fact.say("" if value is None else str(value))

    field = Field(label, fact, read=read, write=write)
    field.walks, field.is_one_line, field.sticky = False, False, "new"
    return field
