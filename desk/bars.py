"""The strips of the window: header, info bar, status bar, and the passing note."""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import font
from typing import TypeGuard

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import Key
from desk.syncstate import SIGNS

NOTE_MS = 2500


def cut_to_width(label: tkinter.Misc, text: str) -> str:
    """As much of *text* as the label has room for."""
    room = label.winfo_width()
    face = font.nametofont("TkDefaultFont", root=label)
    return text if room <= 1 else theme.fitting(face, text, room)


class Header(ttk.Frame):
    """Title of the page on the left, who works where on the right.

    `seals` tells what is amiss with the seals; the window puts it under the header.
    """

    def __init__(self, master: tkinter.Misc, *, on_lock: Callable[[], None]) -> None:
        super().__init__(master)
        pad = theme.text_width(self, 1)
        self.seals = InfoBar(master, closable=False)
        self.title = ttk.Label(self, style="Title.TLabel")
        self.title.pack(side="left", padx=(pad, 0), pady=pad // 2)
        self.lock_button = ttk.Button(
            self, text="锁定", command=on_lock, bootstyle="ghost", icon="lock"
        )
        self.lock_button.pack(side="right", padx=(0, pad // 2))
        self.person = ttk.Label(self, style="Muted.TLabel")
        self.person.pack(side="right", padx=pad // 2)
        # Packed last: a long list of names pushes nothing out.
        self._duty_text = ""
        self.duty = ttk.Label(self, style="Muted.TLabel", anchor="e", width=1)
        self.duty.pack(side="left", fill="x", expand=True, padx=(pad, 0))
        self.duty.bind("<Configure>", lambda event: self._cut())

    def show_duty(self, text: str) -> None:
        """Who is on duty at this desk now, in the room there is."""
        if text != self._duty_text:  # said every minute, and drawn only when new
            self._duty_text = text
            self._cut()

    def show_seals(self, lines: Sequence[str]) -> None:
        """One line for each seal that somebody must see to; it cannot be closed."""
        text = "\n".join(lines)
        if not text:
            self.seals.hide()
        elif text != self.seals.text:
            self.seals.show(text, "danger")

    def _cut(self) -> None:
        self.duty.configure(text=cut_to_width(self.duty, self._duty_text))


class InfoBar(ttk.Frame):
    """One message that stays until it is dealt with: text, an action, a cross.

    One that is not *closable* goes only when its reason is gone.
    """

    def __init__(self, master: tkinter.Misc, *, closable: bool = True) -> None:
        super().__init__(master, style="info.Bar.TFrame")
        pad = theme.text_width(self, 1)
        self._icon = ttk.Label(self, style="info.BarIcon.TLabel", text="●")
        self._icon.pack(side="left", padx=(pad, pad // 3), pady=pad // 3)
        self.label = ttk.Label(self, style="info.Bar.TLabel", justify="left")
        self.label.pack(side="left", fill="x", expand=True)
        self.close_button = ttk.Button(
            self, text="知道了", command=self.hide, bootstyle="neutral"
        )
        if closable:
            self.close_button.pack(side="right", padx=(0, pad // 2), pady=pad // 4)
        self.action = ttk.Button(self, bootstyle="primary")
        self.other = ttk.Button(self, bootstyle="neutral")
        self.bind("<Configure>", self._wrap)

    @property
    def is_shown(self) -> bool:
        """Whether there is a message."""
        return bool(self.winfo_manager())

    def show(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], None]] | None = None,
        other: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show *text*; `action` is the label and command of a button, `other` of one
        that stands behind it."""
        signs = {"info": "●", "success": "✔", "warning": "▲", "danger": "✖"}
        self.configure(style=f"{kind}.Bar.TFrame")
        self._icon.configure(style=f"{kind}.BarIcon.TLabel", text=signs[kind])
        self.label.configure(style=f"{kind}.Bar.TLabel", text=text)
        for button, shown in ((self.other, other), (self.action, action)):
            button.pack_forget()
            if shown is not None:
                button.configure(text=shown[0], command=shown[1])
                button.pack(side="right", padx=theme.text_width(self, 0.5))
        self.grid()

    def hide(self) -> None:
        """Take the message away."""
        self.grid_remove()

    @property
    def text(self) -> str:
        """What it says; empty when there is no message."""
        return self.label.cget("text") if self.is_shown else ""

    def _wrap(self, event: tkinter.Event) -> None:
        taken = theme.text_width(self, 6)
        if self.close_button.winfo_manager():
            taken += self.close_button.winfo_reqwidth()
        for button in (self.action, self.other):
            if button.winfo_manager():
                taken += button.winfo_reqwidth()
        self.label.configure(wraplength=max(event.width - taken, 100))


class StatusBar(ttk.Frame):
    """Last result; sync state as sign, word and colour; rows; the useful keys."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master, style="Chrome.TFrame")
        pad = theme.text_width(self, 0.8)
        self._hints = ttk.Label(self, style="ChromeHint.TLabel")
        self._pad, self._text = pad, ""
        self.rows = ttk.Label(self, style="ChromeHint.TLabel")
        self.rows.pack(side="right", padx=pad)
        self.sync = ttk.Label(self, style="ChromeHint.TLabel", cursor="hand2")
        self.sync.pack(side="right", padx=pad)
        # Packed last: what it says never pushes the others out.
        self.message = ttk.Label(self, style="Chrome.TLabel", anchor="w", width=1)
        self.message.pack(side="left", fill="x", expand=True, padx=pad, pady=pad // 4)
        self.message.bind("<Configure>", lambda event: self._cut())

    @property
    def text(self) -> str:
        """The message, whole."""
        return self._text

    def say(self, text: str) -> None:
        """Show a message in the room there is."""
        self._text = " ".join(text.split())
        self._cut()

    def _cut(self) -> None:
        self.message.configure(text=cut_to_width(self.message, self._text))

    def show_hints(self, keys: list[Key]) -> None:
        """The keys are of use to somebody signed in only; none for no keys."""
        if keys:
            hints = "   ".join(
                f"{key.shown.split(' 或 ')[0]} "
                f"{key.text.split('，')[0].split('：')[-1]}"
                for key in keys
                if key.hint
            )
            told = f"F1 帮助   Ctrl+/ 快捷键   {hints}"
            if told != self._hints.cget("text"):  # else all beside it moves for nothing
                self._hints.configure(text=told)
            if not self._hints.winfo_manager():
                self._hints.pack(side="right", padx=self._pad, before=self.message)
        else:
            self._hints.pack_forget()

    def forget(self) -> None:
        """Nobody is signed in and nothing is open."""
        self.say("")
        self.show_hints([])
        for label in (self.sync, self.rows):
            label.configure(text="")

    def show_sync(self, text: str, kind: str) -> None:
        """`kind` is good, neutral, waiting or bad; the sign says it as well."""
        styles = {"good": "Good", "neutral": "Hint", "waiting": "Waiting", "bad": "Bad"}
        style = styles[kind]
        self.sync.configure(text=f"{SIGNS[kind]} {text}", style=f"Chrome{style}.TLabel")


class PassingNote(ttk.Frame):
    """A result, shown for some seconds over the header, where nothing is read or typed.

    Where there is no header, or a message lies on it, the lower right corner has to do.
    It is a part of the window and not a window: it cannot take the focus.
    """

    def __init__(self, master: tkinter.Misc, *, content: tkinter.Misc) -> None:
        super().__init__(master, style="success.Bar.TFrame")
        self._content = content
        pad = self._pad = theme.text_width(self, 0.8)
        self._sign = ttk.Label(self, text="✔", style="success.BarIcon.TLabel")
        self._sign.pack(side="left", padx=(pad, pad // 2), pady=pad // 2)
        self.label = ttk.Label(self, style="success.Bar.TLabel")
        self.label.pack(side="left", padx=(0, pad))
        self._timer = ""

    def show(self, text: str, header: tkinter.Misc | None = None) -> None:
        """Show *text* and take it away by itself; over *header* if it is free."""
        gap = theme.text_width(self, 1.5)
        room = self._content.winfo_width() - gap * 5
        self.label.configure(text=text, wraplength=max(room, gap * 5))
        if self._fits(header):
            self.place(in_=header, relx=0.5, rely=0.5, x=0, y=0, anchor="center")
        else:
            corner = {"relx": 1.0, "rely": 1.0, "x": -gap, "y": -gap * 2}
            self.place(in_=self._content, **corner, anchor="se")
        self.lift()
        if self._timer:
            self.after_cancel(self._timer)
        self._timer = self.after(NOTE_MS, self.hide)

    def _fits(self, header: tkinter.Misc | None) -> TypeGuard[tkinter.Misc]:
        """By what its parts ask for: its own size is known when all is laid out."""
        parts = (self._sign, self.label)
        wide = sum(part.winfo_reqwidth() for part in parts) + self._pad * 5 // 2
        high = max(part.winfo_reqheight() for part in parts)
        high = max(high, self._sign.winfo_reqheight() + self._pad // 2 * 2)
        return (
            header is not None
            and wide <= header.winfo_width()
            and high <= header.winfo_height()
        )

    def hide(self) -> None:
        """Take it away."""
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""
        self.place_forget()

    def destroy(self) -> None:
        self.hide()
        super().destroy()
