"""What the keys of the table do in the window."""

from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from desk.keymap import KEYS, Key, keys_of
from models.errors import UserError

if TYPE_CHECKING:
    from desk.sheet import Sheet


class WindowKeys:
    """Binds every key once; the page in front answers first, then the window."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._sheet: Sheet | None = None

    def bind(self) -> None:
        """From now on keys do what the table says."""
        for key in KEYS:
            for sequence in key.sequences:
                self._bind(sequence, key)
                letter = sequence[-2:-1]
                if sequence == f"<Control-{letter}>" and letter.islower():
                    # With Caps Lock on the keysym is the capital letter.
                    self._bind(f"<Control-{letter.upper()}>", key)

    def _bind(self, sequence: str, key: Key) -> None:
        self._window.root.bind(sequence, lambda event: self._on_key(key))

    def release(self) -> None:
        """The window closes: keys do nothing any more."""
        for key in KEYS:
            for sequence in key.sequences:
                self._window.root.unbind(sequence)

    def _on_key(self, key: Key) -> str | None:
        window = self._window
        if window.cover is not None:
            return "break"  # what lies over the window knows no keys of the table
        if key.page:
            window.show(key.page)
            return "break"
        if key.action == "on_void" and not isinstance(
            window.root.focus_get(), ttk.Treeview
        ):
            return None  # Delete belongs to the text field
        if key.action == "on_escape":
            self._on_escape()
            return "break"
        for answers in (window.page, window, window.looks, window.drafts, self):
            target = getattr(answers, key.action, None)
            if target is not None:
                window.last_read.settle()
                target()
                break
        return "break"

    def _on_escape(self) -> None:
        page, info = self._window.page, self._window.info
        if self.close_sheet():
            return
        if info.is_shown:
            info.hide()
        elif hasattr(page, "stop_finding") and page.stop_finding():
            page.focus_first()
        elif hasattr(page, "on_escape"):
            page.on_escape()

    def pin_field(self) -> None:
        """Keep after saving what stands in the field with the focus, or no longer."""
        from desk.widgets.form import Form

        widget = self._window.root.focus_get()
        while widget is not None and not isinstance(widget, Form):
            widget = widget.master
        if widget is None:
            raise UserError("请先把光标放进旁边有图钉的一项，再按键保留。")
        self._window.say(widget.pin_field())

    def show_keys(self) -> None:
        """Show the sheet of keys over the page, or take it away."""
        from desk.keysheet import KeySheet

        if not self._close(KeySheet):
            self._sheet = KeySheet(self._window, self._keys())

    def show_help(self) -> None:
        """Show the help on the page in front over it, or take it away."""
        from desk.helpsheet import HelpSheet, keys_of_page

        window = self._window
        if window.page is not None and not self._close(HelpSheet):
            name = next(n for n, page in window.pages.items() if page is window.page)
            keys = keys_of_page(self._keys(), window.page, name)
            self._sheet = HelpSheet(
                window, name=name, title=window.page.title, keys=keys
            )

    def _keys(self) -> list[Key]:
        return keys_of(self._window.here)

    def _close(self, kind: "type[Sheet]") -> bool:
        """Whatever sheet is there goes; True if it was of this *kind*."""
        was = isinstance(self._sheet, kind)
        self.close_sheet()
        return was

    def close_sheet(self) -> bool:
        """Take the sheet away; False where there is none."""
        if self._sheet is None:
            return False
        self._sheet.destroy()
        self._sheet = None
        return True
