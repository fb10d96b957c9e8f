"""A field that suggests as one types, in a list inside the same window.

No pop-up window: an override-redirect one loses the focus, the input method and
the grab of a dialog.
"""

import tkinter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import theme

DEBOUNCE_MS = 150
ROWS_SHOWN = 8


class Suggestion(NamedTuple):
    """One line of the list: what it reads, and the record behind it."""

    text: str
    record: Any


def key_of(record: Any) -> str:
    """By what a record is found again at another start: the item of a service whatever
    its version, the number of a student, else the uid.  A text has none."""
    names = (getattr(record, name, "") for name in ("item", "uid", "number"))
    return next(filter(None, names), "")


def find_again(
    suggest: Callable[[str], Sequence[Suggestion]], text: str, key: str
) -> Any:
    """The record with that key among what is suggested for *text*, else for the key;
    None when it is there no more."""
    for sought in (text, key) if key else ():
        for item in suggest(sought):
            if key_of(item.record) == key:
                return item.record
    return None


class SuggestEntry(ttk.Entry):
    """Type-ahead.  `record` is what was picked; typing on forgets it again."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        suggest: Callable[[str], Sequence[Suggestion]],
        on_pick: Callable[[Any], None] = lambda record: None,
        fill: Callable[[Any], str] = str,
        all_when_empty: bool = False,
        **options: Any,
    ) -> None:
        self.variable = ttk.StringVar(master)
        super().__init__(master, textvariable=self.variable, **options)
        self.record: Any = None
        self._suggest, self._on_pick, self._fill = suggest, on_pick, fill
        self._all_when_empty = all_when_empty
        self._timer = ""
        self._setting = False
        self._shown = False
        self._found: Sequence[Suggestion] = ()
        self._popup: ttk.Frame | None = None
        self.listbox: tkinter.Listbox | None = None
        self.variable.trace_add("write", self._on_typed)
        for keys, step in (("<Down>", 1), ("<Up>", -1), ("<Next>", 7), ("<Prior>", -7)):
            self.bind(keys, lambda event, step=step: self._on_arrow(step))
        self.bind("<Return>", self._on_return)
        self.bind("<KP_Enter>", self._on_return)
        self.bind("<Escape>", self._on_escape)
        self.bind("<FocusOut>", self._on_focus_out)
        self.bind("<Destroy>", lambda event: self._stop_timer())

    @property
    def is_open(self) -> bool:
        """Whether the list is on screen."""
        return self._shown

    def set_record(self, record: Any) -> None:
        """Show *record* as picked, or nothing for None; asks no one."""
        self._write("" if record is None else self._fill(record))
        self.record = record
        self.close()

    def set_text(self, text: str) -> None:
        """Show plain text, with no record behind it; suggests nothing."""
        self._write(text)
        self.record = None
        self.close()

    def to_json(self, typed: Any) -> Any:
        """A record that was picked, or the text that stands here, as JSON has it."""
        if typed is None or isinstance(typed, str):
            return typed or ""
        return {"text": self._fill(typed), "key": key_of(typed)}

    def from_json(self, packed: Any) -> Any:
        """The record again; its text when it is no more."""
        if not isinstance(packed, dict):
            return packed
        record = find_again(self._suggest, packed["text"], packed["key"])
        return packed["text"] if record is None else record

    def close(self) -> None:
        """Take the list away."""
        self._stop_timer()
        self._shown = False
        if self._popup is not None:
            self._popup.place_forget()

    def resolve(self) -> None:
        """Make of what was typed and not yet picked what it clearly means.

        A number or initials mean the first suggestion, as Enter would; a name only
        means a record when it is exactly that one's, for it may be a stranger's.
        """
        text = self.get().strip()
        if self.record is not None or not text:
            return
        self._stop_timer()
        self._found = self._suggest(text)
        exact = [item for item in self._found if self._fill(item.record) == text]
        if len(exact) == 1:
            self._found = exact
        elif not text.isascii() or not self._found:
            return self.close()
        self._pick(0)

    # -- typing -------------------------------------------------------------

    def _write(self, text: str) -> None:
        self._setting = True
        self.variable.set(text)
        self.icursor("end")
        self._setting = False

    def _on_typed(self, *_: str) -> None:
        if self._setting:
            return
        self.record = None
        self._stop_timer()
        self._timer = self.after(DEBOUNCE_MS, self._search)

    def _stop_timer(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""

    def _search(self) -> None:
        self._timer = ""
        text = self.get().strip()
        self._found = self._suggest(text) if text or self._all_when_empty else ()
        if self._found and self._has_focus():
            self._open()
        else:
            self.close()

    def _has_focus(self) -> bool:
        return str(self.tk.call("focus")) == str(self)

    # -- the list -----------------------------------------------------------

    def _open(self) -> None:
        if self._popup is None:
            self._build_list()
        assert self._popup is not None and self.listbox is not None
        self.listbox.delete(0, "end")
        self.listbox.insert("end", *(item.text for item in self._found))
        self.listbox.configure(
            height=min(len(self._found), ROWS_SHOWN),
            selectbackground=theme.colour("chosen"),
            selectforeground=theme.colour("fg"),
        )
        self._mark(0)
        self._place_list()

    def _build_list(self) -> None:
        top = self.winfo_toplevel()
        # The frame is the border: a Listbox's own cannot follow the theme.
        self._popup = ttk.Frame(top, style="Popup.TFrame", padding=1)
        self.listbox = ttk.Listbox(
            self._popup,
            exportselection=False,
            takefocus=False,
            activestyle="none",
            borderwidth=0,
            highlightthickness=0,
        )
        self.listbox.pack(fill="both", expand=True)
        self.listbox.bind("<ButtonRelease-1>", self._on_click)
        self.bind(
            "<Destroy>",
            lambda event, popup=self._popup: popup.destroy(),
            add="+",
        )

    def _place_list(self) -> None:
        assert self._popup is not None
        top = self.winfo_toplevel()
        self._popup.update_idletasks()
        longest = max(len(item.text) for item in self._found) + 2
        width = max(self.winfo_width(), theme.text_width(self, min(longest, 34)))
        x = self.winfo_rootx() - top.winfo_rootx()
        y = self.winfo_rooty() - top.winfo_rooty() + self.winfo_height()
        height = self._popup.winfo_reqheight()
        if y + height > top.winfo_height():
            y = max(self.winfo_rooty() - top.winfo_rooty() - height, 0)
        x = max(min(x, top.winfo_width() - width), 0)
        self._popup.place(x=x, y=y, width=width)
        self._popup.lift()
        self._shown = True

    def _mark(self, index: int) -> None:
        assert self.listbox is not None
        self.listbox.selection_clear(0, "end")
        self.listbox.selection_set(index)
        self.listbox.see(index)

    def _marked(self) -> int:
        assert self.listbox is not None
        chosen = self.listbox.curselection()
        return int(chosen[0]) if chosen else 0

    def _on_arrow(self, step: int) -> str:
        if self.is_open:
            self._mark(max(0, min(self._marked() + step, len(self._found) - 1)))
        elif step > 0:
            self._stop_timer()
            self._found = self._suggest(self.get().strip())
            if self._found:
                self._open()
        return "break"

    def _on_return(self, event: tkinter.Event) -> None:
        """Pick the marked line, then let the form walk to the next field."""
        if self._timer:  # typed faster than the list came
            self._stop_timer()
            self._search()
        if self.is_open:
            self._pick(self._marked())

    def _on_click(self, event: tkinter.Event) -> None:
        assert self.listbox is not None
        self._pick(self.listbox.nearest(event.y))
        self.focus_set()

    def _pick(self, index: int) -> None:
        record = self._found[index].record
        self._found = ()
        self.set_record(record)
        self._on_pick(record)

    def _on_escape(self, event: tkinter.Event) -> str | None:
        if self.is_open:
            self.close()
            return "break"
        return None

    def _on_focus_out(self, event: tkinter.Event) -> None:
        # Taken away when idle, not now: a click into the list comes after this.
        self.after_idle(self._close_if_left)

    def _close_if_left(self) -> None:
        if self.winfo_exists() and not self._has_focus():
            pointed = self.winfo_containing(*self.winfo_pointerxy())
            if pointed is not self.listbox:
                self.close()
