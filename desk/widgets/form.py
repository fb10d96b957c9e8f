"""A card: fields that scroll, and a button bar that is always in sight.

At 150 % scaling a Save button at the end of the fields fell off the screen.
"""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.choice import Choice
from desk.widgets.datefield import DateField
from desk.widgets.suggest import SuggestEntry, Suggestion
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
        target: tkinter.Misc | None = None,
    ) -> None:
        self.label, self.widget = label, widget
        self.read, self.write = read, write
        self.target = target if target is not None else widget
        self.parts: list[tkinter.Misc] = []
        self.problem: ttk.Label | None = None
        self.blank: Any = read()
        self.shown = True
        # Words by which a refusal is known to be about this field.
        self.words = [label] if label else []


class Form(ttk.Frame):
    """Fields by name.  `submit()` runs the command; what it refuses is shown here."""

    def __init__(
        self, master: tkinter.Misc, *, title: str, command: Callable[[], None]
    ) -> None:
        super().__init__(master, bootstyle="bordered", padding=1)
        self._command = command
        self._fields: dict[str, Field] = {}
        self._wrapped_at = 0
        pad = theme.text_width(self, 1)
        self._pad = pad
        if title:
            ttk.Label(self, text=title, style="Heading.TLabel").pack(
                anchor="w", padx=pad, pady=(pad * 2 // 3, 0)
            )
        self.bar = ttk.Frame(self)
        self.bar.pack(side="bottom", fill="x", padx=pad, pady=pad * 2 // 3)
        self.area = ttk.ScrolledFrame(self, padding=(pad, pad // 2, pad // 2, 0))
        self.area.pack(side="top", fill="both", expand=True)
        self.area.columnconfigure(1, weight=1)
        for part in (self.area, self.area.master):
            # When idle: the grid has then found its new widths.
            part.bind("<Configure>", lambda event: self.after_idle(self._fit), add="+")

    # -- building -----------------------------------------------------------

    def add_entry(self, name: str, label: str, **options: Any) -> ttk.Entry:
        """A line of text."""
        entry = ttk.Entry(self.area, **options)

        def write(text: Any) -> None:
            entry.delete(0, "end")
            entry.insert(0, "" if text is None else str(text))

        self._add(name, Field(label, entry, read=entry.get, write=write))
        return entry

    def add_number(
        self, name: str, label: str, *, initial: int = 1, most: int = 9999
    ) -> ttk.Spinbox:
        """A whole number; `value()` gives an int and refuses anything else."""
        box = ttk.Spinbox(self.area, from_=0, to=most, width=8)
        box.set(initial)

        def read() -> int:
            text = box.get().strip()
            if not text.isdecimal():
                raise UserError(f"{label}请填写数字。")
            return int(text)

        self._add(name, Field(label, box, read=read, write=box.set), sticky="w")
        return box

    def add_list(
        self,
        name: str,
        label: str,
        choices: Sequence[tuple[str, Any]] = (),
        on_change: Callable[[], None] = lambda: None,
    ) -> ttk.Combobox:
        """A closed list; `value()` gives what stands behind the chosen line."""
        box = ttk.Combobox(self.area, state="readonly")
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

        self._add(name, Field(label, box, read=read, write=write))
        self.set_choices(name, choices)
        self._fields[name].blank = read()
        box.bind("<<ComboboxSelected>>", lambda event: on_change())
        box.bind("<Key>", lambda event: _pick_by_digit(box, event, on_change))
        return box

    def set_choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Put other lines into a closed list; keeps the chosen one if still there."""
        field = self._fields[name]
        before = field.read()
        box = field.widget
        box.choices = list(choices)
        box.configure(values=[text for text, _ in box.choices])
        field.write(before)
        if box.current() < 0 and box.choices:
            box.current(0)

    def add_choice(
        self,
        name: str,
        label: str,
        choices: Mapping[str, str],
        *,
        columns: int = 3,
        on_change: Callable[[str], None] | None = None,
    ) -> Choice:
        """One of a few, all in sight."""
        choice = Choice(
            self.area, choices=choices, columns=columns, on_change=on_change
        )
        self._add(name, Field(label, choice, read=choice.get, write=choice.set))
        for button in choice.buttons.values():
            self._bind_walk(button, choice)
        return choice

    def add_suggest(
        self,
        name: str,
        label: str,
        *,
        suggest: Callable[[str], Sequence[Suggestion]],
        on_pick: Callable[[Any], None] = lambda record: None,
        fill: Callable[[Any], str] = str,
        all_when_empty: bool = False,
    ) -> SuggestEntry:
        """Type-ahead; `value()` gives the picked record or None, `text()` the text."""
        entry = SuggestEntry(
            self.area,
            suggest=suggest,
            on_pick=on_pick,
            fill=fill,
            all_when_empty=all_when_empty,
        )

        def write(value: Any) -> None:
            if value is None or isinstance(value, str):
                entry.set_text(value or "")
            else:
                entry.set_record(value)

        self._add(
            name,
            Field(label, entry, read=lambda: entry.record, write=write),
        )
        return entry

    def add_date(self, name: str, label: str) -> DateField:
        """A date that may be empty."""
        widget = DateField(self.area)
        field = Field(
            label, widget, read=widget.read, write=widget.write, target=widget.entry
        )
        self._add(name, field)
        return widget

    def add_check(self, name: str, label: str, *, initial: bool) -> ttk.Checkbutton:
        """A tick."""
        variable = ttk.BooleanVar(self, initial)
        tick = ttk.Checkbutton(self.area, text=label, variable=variable)
        self._add(
            name, Field("", tick, read=lambda: bool(variable.get()), write=variable.set)
        )
        return tick

    def add_text(self, name: str, label: str, *, height: int = 3) -> ttk.Text:
        """Several lines of text."""
        text = ttk.Text(self.area, height=height, width=20, wrap="word", undo=True)

        def write(value: Any) -> None:
            text.delete("1.0", "end")
            text.insert("1.0", value or "")

        read = lambda: text.get("1.0", "end").strip()  # noqa: E731
        self._add(name, Field(label, text, read=read, write=write), walk=False)
        return text

    def add_fact(self, name: str, label: str) -> ttk.Label:
        """A line that only shows something."""
        fact = ttk.Label(self.area, text="", wraplength=theme.text_width(self, 19))

        def write(value: Any) -> None:
            fact.configure(text="" if value is None else str(value))

        read = lambda: fact.cget("text")  # noqa: E731
        self._add(name, Field(label, fact, read=read, write=write), walk=False)
        return fact

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

    def _add(
        self, name: str, field: Field, *, sticky: str = "ew", walk: bool = True
    ) -> None:
        row = len(self._fields) * 2
        gap = self._pad // 5
        label = ttk.Label(self.area, text=field.label)
        label.grid(
            row=row, column=0, sticky="nw", padx=(0, self._pad // 2), pady=gap * 2
        )
        field.widget.grid(row=row, column=1, sticky=sticky, pady=gap)
        field.problem = ttk.Label(
            self.area, style="Error.TLabel", wraplength=theme.text_width(self, 19)
        )
        field.problem.grid(row=row + 1, column=1, sticky="w")
        field.problem.grid_remove()
        field.parts = [label, field.widget]
        self._fields[name] = field
        field.target.bind("<FocusIn>", lambda event: self._bring_into_view(event), "+")
        if walk:
            self._bind_walk(field.target, field.widget)

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
        return self._fields[name].read()

    def text(self, name: str) -> str:
        """What stands in a line of text."""
        return str(self._fields[name].widget.get()).strip()

    def set(self, name: str, value: Any) -> None:
        """Write a field."""
        self._fields[name].write(value)

    def widget(self, name: str) -> Any:
        """The widget of a field."""
        return self._fields[name].widget

    def label(self, name: str) -> str:
        """How a field is called."""
        return self._fields[name].label

    def show_field(self, name: str, shown: bool) -> None:
        """Take a field away where it has no meaning, or bring it back."""
        field = self._fields[name]
        if shown == field.shown:
            return
        field.shown = shown
        for part in field.parts:
            part.grid() if shown else part.grid_remove()
        if not shown and field.problem is not None:
            field.problem.grid_remove()

    def add_words(self, name: str, *words: str) -> None:
        """Other words by which a refusal speaks of this field."""
        self._fields[name].words.extend(words)

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Empty every field but those to keep, and forget what was wrong."""
        for name, field in self._fields.items():
            if name not in keep:
                field.write(field.blank)
        self.clear_problems()

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, to be put back with `restore`."""
        typed = {}
        for name, field in self._fields.items():
            widget = field.widget
            if isinstance(widget, SuggestEntry):
                typed[name] = widget.record or widget.get()
            elif isinstance(widget, DateField):
                typed[name] = widget.entry.get()
            elif isinstance(widget, ttk.Spinbox):
                typed[name] = widget.get()
            else:
                typed[name] = field.read()
        return typed

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot."""
        for name, value in typed.items():
            widget = self._fields[name].widget
            if isinstance(widget, DateField):
                widget.entry.delete(0, "end")
                widget.entry.insert(0, value)
            else:
                self._fields[name].write(value)

    def focus_field(self, name: str) -> None:
        """Put the cursor into a field."""
        self._focus(self._fields[name])

    # -- what is wrong --------------------------------------------------------

    def submit(self, command: Callable[[], None] | None = None) -> None:
        """Run the command.  A refusal naming one of our labels is shown under it."""
        self.clear_problems()
        for field in self._fields.values():
            if isinstance(field.widget, SuggestEntry):
                field.widget.resolve()
        try:
            (command or self._command)()
        except UserError as error:
            if not self.show_problem(str(error), getattr(error, "field", "")):
                raise

    def show_problem(self, text: str, name: str = "") -> bool:
        """Say *text* under the field it is about, and go there; False if none is.

        The field is the named one, else the one with the longest label in *text*.
        """
        field = self._fields.get(name)
        if field is None or not field.shown:
            named = [
                (len(word), field)
                for field in self._fields.values()
                for word in field.words
                if field.shown and word in text
            ]
            if not named:
                return False
            field = max(named, key=lambda found: found[0])[1]
        assert field.problem is not None
        field.problem.configure(text=text)
        field.problem.grid()
        if hasattr(field.target, "state"):
            field.target.state(["invalid"])
        self._focus(field)
        return True

    def problems(self) -> list[str]:
        """What is shown as wrong now, top to bottom."""
        return [
            field.problem.cget("text")
            for field in self._fields.values()
            if field.problem is not None and field.problem.winfo_manager()
        ]

    def clear_problems(self) -> None:
        """Forget what was wrong."""
        for field in self._fields.values():
            assert field.problem is not None
            field.problem.grid_remove()
            if hasattr(field.target, "state"):
                field.target.state(["!invalid"])

    # -- walking --------------------------------------------------------------

    def _focus(self, field: Field) -> None:
        field.target.focus_set()
        if isinstance(field.target, ttk.Entry):
            field.target.selection_range(0, "end")
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
        _, _, width, _ = self.area.grid_bbox(1, 0)
        if width > self._pad * 4 and width != self._wrapped_at:
            self._wrapped_at = width
            for field in self._fields.values():
                for label in (field.problem, field.widget):
                    if isinstance(label, ttk.Label):
                        label.configure(wraplength=width)
        if self.area.winfo_reqheight() > self.area.master.winfo_height():
            self.area.show_scrollbars()
        else:
            self.area.hide_scrollbars()

    def _bring_into_view(self, event: tkinter.Event) -> None:
        self._see(event.widget)

    def _see(self, widget: tkinter.Misc) -> None:
        """ScrolledFrame does not follow the keyboard's focus by itself."""
        self.area.update_idletasks()
        canvas = self.area.master
        height, whole = canvas.winfo_height(), self.area.winfo_height()
        if whole <= height:
            return
        top = widget.winfo_rooty() - self.area.winfo_rooty()
        bottom = top + widget.winfo_height() + theme.line_height(self)
        shown = canvas.winfo_rooty() - self.area.winfo_rooty()
        if top < shown:
            self.area.yview_moveto(max(top - self._pad, 0) / whole)
        elif bottom > shown + height:
            self.area.yview_moveto((bottom - height) / whole)


def _pick_by_digit(
    box: ttk.Combobox, event: tkinter.Event, on_change: Callable[[], None]
) -> str | None:
    """A digit picks that line of a closed list."""
    if event.char.isdecimal() and 1 <= int(event.char) <= len(box["values"]):
        box.current(int(event.char) - 1)
        on_change()
        return "break"
    return None
