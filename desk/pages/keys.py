"""找回密钥: the database key is lost; the recovery key or the printed code opens it."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.opening import open_station
from desk.widgets.form import Form
from desk.widgets.reading import Words
from models import keyrecovery
from models.errors import UserError

WIDTH = 44  # Chinese characters


class KeyPage(ttk.Frame):
    """Two ways in one card; afterwards the station is simply open."""

    title = "找回密钥"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, style="Chrome.TFrame")
        self.window = window
        pad = theme.text_width(self, 1)
        card = ttk.Frame(self, bootstyle="bordered", padding=pad * 2)
        card.place(relx=0.5, rely=0.45, anchor="center")
        ttk.Label(card, text="找回密钥", style="Title.TLabel").pack(anchor="w")
        words = Words(card)
        words.say(
            "本机的数据是加密的，密钥不见了，记录本身没有丢失。"
            "用下面两个办法之一取回密钥后，程序会把它存回原处，以后照常打开。"
        )
        words.wrap_at(theme.text_width(self, WIDTH))
        words.pack(anchor="w", pady=(pad // 2, pad))
        form = self.form = Form(card, title="用其中一样", command=self._use)
        form.add_entry("file", "恢复密钥文件")
        form.add_words("file", "恢复密钥", "U 盘")
        form.add_entry("code", "或打印的应急码")
        form.add_words("code", "应急码")
        self.open_button = form.add_button("打开", form.submit, primary=True)
        form.add_button("选择恢复密钥文件", self._choose)
        form.area.master.configure(height=theme.line_height(self) * 6)
        form.pack(fill="x", pady=(0, pad))
        self.back_button = ttk.Button(card, text="返回", command=self.on_escape)
        self.back_button.pack(anchor="w")

    def refresh(self) -> None:
        """Nothing is known but what is typed."""

    def focus_first(self) -> None:
        """Begin with the file."""
        self.form.focus_field("file")

    def _choose(self) -> None:
        path = dialogs.choose_file(
            self, title="选择恢复密钥文件", kinds=[("恢复密钥", "*.txt *.key")]
        )
        if path is not None:
            self.form.set("file", str(path))

    def _use(self) -> None:
        file, code = self.form.text("file"), self.form.text("code")
        if not file and not code:
            raise UserError(
                "请插入恢复密钥 U 盘，选择上面的“中心恢复密钥.txt”；或输入应急码。"
            )
        with self.form.about("file" if file else "code"):
            recovery_file = Path(file) if file else None
            keyrecovery.recover(
                self.window.folder, recovery_file=recovery_file, code=code
            )
        self._go_on()

    def _go_on(self) -> None:
        self.form.clear()
        self.window.show_opened(open_station(self.window.folder))
        self.window.info.show(
            "密钥已找回并存好，以后照常打开；记录没有丢失。", "success"
        )

    def on_escape(self) -> None:
        """Back to what was the matter."""
        self.window.show_opened(open_station(self.window.folder))
