"""打不开: the data are there and cannot be opened as they are; a person decides."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.care import UNOPENABLE
from desk.files import open_log_folder
from desk.opening import READ_ONLY, TROUBLE, Opening, look_only, open_station
from desk.widgets.reading import Words
from models.errors import UserError

MOST_LISTED = 6
WIDTH = 46  # Chinese characters


class TroublePage(ttk.Frame):
    """Says what is the matter, lists the backups, and offers four ways."""

    title = "数据打不开"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, style="Chrome.TFrame")
        self.window = window
        self.opening = Opening(TROUBLE)
        pad = self._pad = theme.text_width(self, 1)
        self.card = ttk.Frame(self, bootstyle="bordered", padding=pad * 2)
        self.card.place(relx=0.5, rely=0.45, anchor="center")
        self.heading = ttk.Label(self.card, style="Title.TLabel")
        self.heading.pack(anchor="w")
        self.words = Words(self.card)
        self.words.pack(anchor="w", pady=(pad // 2, pad))
        self.list_title = ttk.Label(self.card, style="Heading.TLabel")
        self.list_title.pack(anchor="w")
        self.list = ttk.Frame(self.card)
        self.list.pack(anchor="w", fill="x", pady=(pad // 3, pad))
        self.buttons: dict[str, ttk.Button] = {}
        self.restore_buttons: list[ttk.Button] = []
        self._build_buttons()
        self.state = Words(self.card, style="Bad.TLabel")
        self.state.pack(anchor="w", pady=(pad // 2, 0))

    def _build_buttons(self) -> None:
        line = ttk.Frame(self.card)
        line.pack(anchor="w")
        for name, text, command in (
            ("again", "再试一次", self.on_refresh),
            ("keys", "找回密钥…", self.window.show_lost_key),
            ("restore", "选择其他备份…", self._on_choose),
            ("look", "只读打开", self._on_look),
            ("log", "打开日志文件夹", lambda: open_log_folder(self.window.folder)),
        ):
            button = ttk.Button(line, text=text, command=command)
            button.pack(side="left", padx=(0, self._pad // 2))
            button.bind("<Return>", lambda event: event.widget.invoke())
            self.buttons[name] = button
        self.buttons["again"].configure(bootstyle="primary")

    def tell(self, opening: Opening) -> None:
        """What is the matter this time."""
        self.opening = opening
        self.refresh()

    def refresh(self) -> None:
        """Show it, with the backups there are now."""
        room = theme.text_width(self, WIDTH)
        self.heading.configure(text=self.opening.title)
        for words, text in ((self.words, self.opening.text), (self.state, "")):
            words.wrap_at(room)
            words.say(text)
        look = "normal" if self.opening.can_look else "disabled"
        self.buttons["look"].configure(state=look)
        self._list_backups()

    def _list_backups(self) -> None:
        from exports.backup import known_backups

        for child in self.list.winfo_children():
            child.destroy()
        self.restore_buttons = []
        there = known_backups(self.window.folder)[:MOST_LISTED]
        self.list_title.configure(
            text="最近的备份"
            if there
            else "没有找到备份；其他硬盘或 U 盘上有的请选择。"
        )
        for row, found in enumerate(there):
            text = f"{found.made_at:%Y-%m-%d %H:%M}"
            ttk.Label(self.list, text=text).grid(row=row, column=0, sticky="w")
            place = Words(self.list, style="Muted.TLabel")
            place.say(str(found.path.parent))
            place.wrap_at(theme.text_width(self, WIDTH - 22))
            place.grid(row=row, column=1, sticky="w", padx=self._pad)
            button = ttk.Button(
                self.list,
                text="查看并恢复",
                command=lambda path=found.path: self._go(path),
            )
            button.grid(row=row, column=2, sticky="e", pady=self._pad // 8)
            button.bind("<Return>", lambda event: event.widget.invoke())
            self.restore_buttons.append(button)
        self.list.columnconfigure(1, weight=1)

    def focus_first(self) -> None:
        """Begin with trying again."""
        self.buttons["again"].focus_set()

    def on_refresh(self) -> None:
        """Try to open it once more (F5)."""
        opening = open_station(self.window.folder)
        if opening.state == TROUBLE:
            self.tell(opening)
            self.state.say("✖ 还是打不开。")
            return
        self.window.show_opened(opening)

    def _on_choose(self) -> None:
        self._go(None)

    def _go(self, path: Path | None) -> None:
        self.window.show_restore(path)

    def _on_look(self) -> None:
        opening = look_only(self.window.folder)
        if opening.state != READ_ONLY:
            raise UserError("只读也打不开：请从备份恢复。")
        self.window.show_opened(opening, UNOPENABLE)
