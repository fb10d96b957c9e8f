"""等待批准: what a new desk shows until the office has let it in."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import founding, theme
from desk.widgets.qrcode import QrCode
from models.stations import this_station

ASK_MS = 30_000


class WaitingPage(ttk.Frame):
    """Shows this station's fingerprint, and asks the share every half minute."""

    title = "等待批准"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, style="Chrome.TFrame")
        self.window = window
        self._timer = ""
        pad = theme.text_width(self, 1)
        card = ttk.Frame(self, bootstyle="bordered", padding=pad * 2)
        card.place(relx=0.5, rely=0.42, anchor="center")
        ttk.Label(card, text="等待中心办公室批准", style="Title.TLabel").pack()
        ttk.Label(
            card,
            text="请打电话给办公室，请他们在“数据同步”页逐组核对下面的指纹后批准（也可用手机扫码）：",
            style="Muted.TLabel",
        ).pack(pady=pad // 2)
        line = ttk.Frame(card)
        line.pack(pady=pad)
        self.fingerprint = ttk.Label(line, style="Title.TLabel", justify="center")
        self.fingerprint.pack(side="left", padx=(0, pad * 2))
        self.code = QrCode(line)
        self.code.pack(side="left")
        self.state = ttk.Label(
            card, style="Waiting.TLabel", wraplength=theme.text_width(self, 32)
        )
        self.state.pack()
        self.check_button = ttk.Button(
            card,
            text="现在检查（F5）",
            command=self.on_refresh,
            bootstyle="primary",
        )
        self.check_button.pack(pady=(pad, 0))

    def refresh(self) -> None:
        """Show the fingerprint and start asking."""
        groups = founding.own_fingerprint().split()
        self.fingerprint.configure(
            text="\n".join(" ".join(groups[at : at + 2]) for at in range(0, 8, 2))
        )
        self.code.say(f"{self.window.here.name}\n{' '.join(groups)}")
        self.state.configure(text="● 尚未批准，每半分钟自动检查一次")
        self._ask_later()

    def focus_first(self) -> None:
        """Enter checks."""
        self.check_button.focus_set()

    def on_refresh(self) -> None:
        """Ask the share now."""
        from exports.sync import sync

        if self.window.jobs.running:
            return
        self.state.configure(text="● 正在检查…")
        self.window.jobs.start(sync, on_done=self._on_synced, on_end=self._ask_later)

    def _on_synced(self, result: Any) -> None:
        if this_station() is not None:
            self._stop()
            self.window.open_station()
            return
        self.state.configure(text="● 尚未批准，每半分钟自动检查一次")

    def _ask_later(self) -> None:
        self._stop()
        self._timer = self.after(ASK_MS, self._ask)

    def _ask(self) -> None:
        self._timer = ""
        if self.winfo_ismapped():
            self.on_refresh()

    def _stop(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""

    def destroy(self) -> None:
        self._stop()
        super().destroy()
