"""A card: fields that scroll, and a button bar that is always in sight.

At 150 % scaling a Save button at the end of the fields fell off the screen.
"""

import tkinter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import ttkbootstrap as ttk

from desk import accessibility, theme
from desk.keymap import key_of_action
from desk.widgets import STARTED_ANEW, fields
from desk.widgets.choice import Choice
from desk.widgets.datefield import DateField
from desk.widgets.fields import Field
from desk.widgets.formchecks import FormChecks
from desk.widgets.formdrafts import FormDrafts
from desk.widgets.pins import Pins
from desk.widgets.reading import Words
from desk.widgets.scrolling import Scrolled, show_bar_if_needed
from desk.widgets.suggest import SuggestEntry
from desk.wording import in_short
from models.errors import UserError


class Form(FormChecks, FormDrafts, ttk.Frame):
    """Fields by name.  `submit()` runs the command; what it refuses is shown here."""

    def __init__(
        self, master: tkinter.Misc, *, title: str, command: Callable[[], None]
    ) -> None:
        super().__init__(master, bootstyle="bordered", padding=1)
        self._command = command
        self._fields: dict[str, Field] = {}
        self.pins = Pins()
        self._wrapped_at = 0
        self._see_timer, self._to_see = "", self
        pad = theme.text_width(self, 1)
        self._pad = pad
        if title:
            ttk.Label(self, text=title, style="Heading.TLabel").pack(
                anchor="w", padx=pad, pady=(pad * 2 // 3, 0)
            )
        self.bar = ttk.Frame(self)
        self.bar.pack(side="bottom", fill="x", padx=pad, pady=pad * 2 // 3)
        self.head = ttk.Frame(self)
        self.head.pack(side="top", fill="x", padx=pad)
        self.head.columnconfigure(1, weight=1)
        self.area = Scrolled(self, padding=(pad, pad // 2, pad // 2, 0))
        self.area.pack(side="top", fill="both", expand=True)
        self.area.columnconfigure(1, weight=1)
        self.bar.lift()  # Tab follows the stacking order: fields first, then buttons
        for part in (self.area, self.area.master):
            # When idle: the grid has then found its new widths.
            part.bind("<Configure>", lambda event: self.after_idle(self._fit), add="+")

    # -- building -----------------------------------------------------------

    def add_entry(self, name: str, label: str, **options: Any) -> ttk.Entry:
        """A line of text."""
        return self._add(name, fields.entry_field(self.area, label, **options))

    def add_number(
        self, name: str, label: str, *, initial: int | None = 1, most: int = 9999
    ) -> ttk.Spinbox:
        """A whole number; None is none yet."""
        field = fields.number_field(self.area, label, initial=initial, most=most)
        return self._add(name, field)

    def add_list(
        self,
        name: str,
        label: str,
        choices: Sequence[tuple[str, Any]] = (),
        on_change: Callable[[], None] = lambda: None,
    ) -> ttk.Combobox:
        """A closed list; `value()` gives what stands behind the chosen line."""
        field = fields.list_field(self.area, label, on_change)
        self._add(name, field)
        self.set_choices(name, choices)
        field.blank = field.read()
        return field.widget

    def set_choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Put other lines into a closed list; keeps the chosen one if still there."""
        field = self._fields[name]
        before, box, was_typed = field.read(), field.widget, field.is_typed
        box.choices = list(choices)
        box.configure(values=[text for text, _ in box.choices])
        field.write(before)
        if box.current() < 0 and box.choices:
            box.current(0)
        if not was_typed:
            field.take_as_given()

    def add_choice(
        self, name: str, label: str, choices: Mapping[str, str], **options: Any
    ) -> Choice:
        """One of a few, all in sight; `columns` and `on_change` as for `Choice`."""
        field = fields.choice_field(self.area, label, choices, **options)
        choice = self._add(name, field)
        for button in choice.buttons.values():
            self._bind_walk(button, choice)
        return choice

    def add_suggest(self, name: str, label: str, **options: Any) -> SuggestEntry:
        """Type-ahead, with the options of `SuggestEntry`.

        `value()` gives the picked record or None, `text()` what stands there.
        """
        return self._add(name, fields.suggest_field(self.area, label, **options))

    def add_date(self, name: str, label: str) -> DateField:
        """A date that may be empty."""
        return self._add(name, fields.date_field(self.area, label))

    def add_check(self, name: str, label: str, *, initial: bool) -> ttk.Checkbutton:
        """A tick."""
        return self._add(name, fields.check_field(self.area, label, initial=initial))

    def add_text(self, name: str, label: str, *, height: int = 3) -> ttk.Text:
        """Several lines of text."""
        return self._add(name, fields.text_field(self.area, label, height=height))

    def add_fact(self, name: str, label: str, *, stays: bool = False) -> ttk.Label:
        """A line that only shows something; one that *stays* never scrolls away."""
        area = self.head if stays else self.area
        return self._add(name, fields.fact_field(area, label))

    def add_button(
        self, text: str, command: Callable[[], None], *, primary: bool = False
    ) -> ttk.Button:
        """A button of the bar; the primary one stands first."""
        button = ttk.Button(
            self.bar,
            text=text,
            command=command,
            bootstyle="primary" if primary else "default",
        )
        button.pack(side="left", padx=(0, self._pad // 2))
        if primary:
            self.primary = button
        return button

    def make_primary(self, button: ttk.Button) -> None:
        """Another button is the next step: it stands out, and Enter ends there."""
        self.primary.configure(bootstyle="default")
        button.configure(bootstyle="primary")
        self.primary = button

    def offer_pins(self, *names: str) -> None:
        """These fields can be pinned: what stands there is kept after saving."""
        for name in names:
            self.pins.offer(name, self._fields[name], key=key_of_action("pin_field"))

    def pin_field(self) -> str:
        """Pin the field that has the focus, or no longer; what was done, in words."""
        name = self.pins.field_of(self.tk.call("focus"))
        if not name:
            raise UserError("请先把光标放进旁边有图钉的一项，再按键保留。")
        done = "保存后会保留" if self.pins.toggle(name) else "保存后不再保留"
        return f"“{self.label(name)}”{done}。"

    def _add(self, name: str, field: Field) -> Any:
        row = len(self._fields) * 2
        gap = self._pad // 5
        area = field.widget.master
        field.caption = ttk.Label(area, text=field.label)
        above = gap * 2
        if isinstance(field.widget, Choice):  # beside the first line of it
            high = field.caption.winfo_reqheight()
            above = gap + (field.widget.line_height - high) // 2
        field.caption.grid(
            row=row,
            column=0,
            sticky="w" if field.is_one_line else "nw",
            padx=(0, self._pad // 2),
            pady=(above, gap * 2),
        )
        between = gap * 2 if isinstance(field.widget, Words) else gap
        field.widget.grid(row=row, column=1, sticky=field.sticky, pady=between)
        field.problem = Words(area, style="Error.TLabel")
        field.problem.grid(row=row + 1, column=1, sticky="w")
        field.problem.grid_remove()
        self._fields[name] = field
        accessibility.label_for(field.caption, field.target)
        field.take_as_given()
        self._forget_when_edited(field)
        # ScrolledFrame does not follow the keyboard's focus by itself.
        field.target.bind("<FocusIn>", lambda event: self._see(event.widget), "+")
        if field.walks:
            self._bind_walk(field.target, field.widget)
        return field.widget

    def _forget_when_edited(self, field: Field) -> None:
        """What was wrong with a field is forgotten as soon as it is changed."""
        for event in ("<KeyRelease>", "<FocusOut>", "<ButtonRelease>"):
            field.target.bind(event, lambda event: self._check_soon(field), add="+")
        for event in ("<<ComboboxSelected>>", "<<Paste>>", "<<Cut>>"):
            field.target.bind(event, lambda event: self._check_soon(field), add="+")
        if isinstance(field.widget, Choice):
            field.widget.variable.trace_add(
                "write", lambda *_: field.forget_if_edited()
            )

    def _check_soon(self, field: Field) -> None:
        if field.is_wrong:
            self.after_idle(field.forget_if_edited)

    def _bind_walk(self, widget: tkinter.Misc, of: tkinter.Misc) -> None:
        for key in ("<Return>", "<KP_Enter>"):
            widget.bind(key, lambda event: self._walk(of, +1), add="+")
        for key in ("<Shift-Return>", "<Shift-KP_Enter>"):
            widget.bind(key, lambda event: self._walk(of, -1), add="+")
        for key in ("<Control-Return>", "<Control-KP_Enter>"):
            # Without its own binding Ctrl+Enter would count as Enter and walk.
            widget.bind(key, lambda event: None, add="+")

    # -- reading and writing --------------------------------------------------

    def value(self, name: str) -> Any:
        """What a field holds; UserError when that makes no sense."""
        with self.about(name):
            return self._fields[name].read()

    @contextmanager
    def about(self, name: str) -> Iterator[None]:
        """Whatever is refused within is refused of this field, and shown under it."""
        try:
            yield
        except UserError as error:
            error.field = error.field or name
            raise

    def text(self, name: str) -> str:
        """What stands in a line of text."""
        return str(self._fields[name].widget.get()).strip()

    def set(self, name: str, value: Any) -> None:
        """Write a field: from now on that stands there of itself."""
        self._fields[name].write(value)
        self._fields[name].take_as_given()
        self._fields[name].forget_if_edited()

    def widget(self, name: str) -> Any:
        """The widget of a field."""
        return self._fields[name].widget

    def label(self, name: str) -> str:
        """How a field is called."""
        return self._fields[name].label

    def show_field(self, name: str, shown: bool) -> None:
        """Take a field away where it has no meaning, or bring it back."""
        if shown != self._fields[name].shown:
            self._fields[name].show(shown)

    def add_words(self, name: str, *words: str) -> None:
        """Other words by which a refusal speaks of this field."""
        self._fields[name].words.extend(words)

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Empty every field but those to keep or pinned; forget what was wrong."""
        for name, field in self._fields.items():
            if name not in keep and name not in self.pins.names:
                field.write(field.blank)
        for field in self._fields.values():  # when all have followed each other
            field.take_as_given()
        self.clear_problems()
        self.event_generate(STARTED_ANEW)

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, to be put back with `restore`."""
        return {name: field.typed() for name, field in self._fields.items()}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot."""
        for name, value in typed.items():
            self._fields[name].retype(value)

    def focus_field(self, name: str, *, replaces: bool = True) -> None:
        """Put the cursor into a field: what is typed replaces what is there, or not."""
        self._focus(self._fields[name], replaces=replaces)

    # -- what is wrong --------------------------------------------------------

    def submit(self, command: Callable[[], None] | None = None) -> None:
        """Run the command.  A refusal naming one of our labels is shown under it."""
        self.clear_problems()
        self.event_generate(STARTED_ANEW)
        for field in self._fields.values():
            if isinstance(field.widget, SuggestEntry):
                field.widget.resolve()
        try:
            if command is None:
                self.check_fields()
            (command or self._command)()
        except UserError as error:
            if not self.show_problem(str(error), error.field):
                raise

    def show_problem(self, text: str, name: str = "") -> bool:
        """Say *text* under the field it is about, and go there; False if none is.

        The field is the named one, else the one with the longest label in *text*;
        always one that can be filled in, for the cursor goes there.
        """
        field = self._fields.get(name)
        if field is None or not field.takes_input:
            named = [
                (len(word), field)
                for field in self._fields.values()
                for word in field.words
                if field.takes_input and word in text
            ]
            if not named:
                return False
            field = max(named, key=lambda found: found[0])[1]
        field.mark(in_short(text))
        self._focus(field)
        return True

    def problems(self) -> list[str]:
        """What is shown as wrong now, top to bottom."""
        return [field.problem.said for field in self._fields.values() if field.is_wrong]

    def clear_problems(self) -> None:
        """Forget what was wrong."""
        for field in self._fields.values():
            field.mark("")

    # -- walking --------------------------------------------------------------

    def _focus(self, field: Field, *, replaces: bool = True) -> None:
        field.target.focus_set()
        if isinstance(field.target, (ttk.Entry, ttk.Spinbox)):
            field.target.selection_clear()
            if replaces:
                field.target.selection_range(0, "end")
            field.target.icursor("end")
        self._see(field.target)

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        fields = [
            field
            for field in self._fields.values()
            if field.shown and not isinstance(field.widget, ttk.Label)
        ]
        here = next(i for i, field in enumerate(fields) if field.widget is widget)
        there = here + step
        if there >= len(fields):
            self.primary.focus_set()
        elif there >= 0:
            self._focus(fields[there])
        return "break"

    def _fit(self) -> None:
        """Wrap the running text at the width there is; a scrollbar only if needed."""
        if not self.winfo_exists():
            return
        self.area.grid_location(0, 0)  # else the widths may be those from before
        _, _, width, _ = self.area.grid_bbox(1, 0)
        if width > self._pad * 4 and width != self._wrapped_at:
            self._wrapped_at = width
            for field in self._fields.values():
                for label in (field.problem, field.widget):
                    # Less the label's own border, which cut the last character.
                    if isinstance(label, Words):
                        label.wrap_at(width - self._pad // 3)
                    elif isinstance(label, ttk.Label):
                        label.configure(wraplength=width - self._pad // 3)
        show_bar_if_needed(self.area)

    def height_of_all(self) -> int:
        """Pixels it takes with every field in sight."""
        hidden = self.area.winfo_reqheight() - self.area.master.winfo_reqheight()
        return self.winfo_reqheight() + hidden

    def _see(self, widget: tkinter.Misc) -> None:
        """When idle: laying out twice what goes on changing takes twice as long."""
        self._to_see = widget
        if not self._see_timer:
            self._see_timer = self.after_idle(self._see_now)

    def destroy(self) -> None:
        if self._see_timer:
            self.after_cancel(self._see_timer)
            self._see_timer = ""
        super().destroy()

    def _see_now(self) -> None:
        self._see_timer = ""
        widget = self._to_see
        if not widget.winfo_exists():
            return
        self.area.update_idletasks()
        canvas = self.area.master
        height, whole = canvas.winfo_height(), self.area.winfo_height()
        if whole <= height:
            return
        top = widget.winfo_rooty() - self.area.winfo_rooty()
        # With room for what may be wrong with it.
        bottom = top + widget.winfo_height() + theme.line_height(self) + self._pad
        shown = canvas.winfo_rooty() - self.area.winfo_rooty()
        if top < shown:
            self.area.yview_moveto(max(top - self._pad, 0) / whole)
        elif bottom > shown + height:
            self.area.yview_moveto((bottom - height) / whole)
