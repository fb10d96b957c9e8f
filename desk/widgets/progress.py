"""A job that is running: bar, words, time left, and a way to stop it."""

import time
import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.jobs import Jobs, Task

# Sooner than this the remaining time is a guess that jumps about.
SETTLED_SECONDS = 2


class Progress(ttk.Frame):
    """Shown while its job runs.  One line: 已完成 n / total，约剩 s 秒."""

    def __init__(self, master: tkinter.Misc, jobs: Jobs) -> None:
        super().__init__(master)
        self._jobs = jobs
        self._started = 0.0
        gap = theme.text_width(self, 0.5)
        self.words = ttk.Label(self, style="Muted.TLabel")
        self.words.pack(anchor="w", pady=(0, gap // 2))
        line = ttk.Frame(self)
        line.pack(fill="x")
        self.cancel_button = ttk.Button(line, text="取消", command=self.cancel)
        self.cancel_button.pack(side="right", padx=(gap, 0))
        self.bar = ttk.Progressbar(line, maximum=1.0, bootstyle="primary")
        self.bar.pack(side="left", fill="x", expand=True)

    def run(
        self,
        task: Task,
        *,
        on_done: Callable[[Any], None],
        on_end: Callable[[], None] = lambda: None,
        words: str,
        connected: bool = True,
    ) -> None:
        """Run *task* and show how far it is."""

        def ended() -> None:
            self.grid_remove()
            on_end()

        self._jobs.start(
            task,
            on_done=on_done,
            on_progress=self.tell,
            on_end=ended,
            connected=connected,
        )
        self.show(words)

    def show(self, words: str) -> None:
        """Begin anew, with *words* until something is told."""
        self._started = time.monotonic()
        self.bar.configure(value=0)
        self.words.configure(text=words)
        self.cancel_button.configure(state="normal")
        self.grid()

    def cancel(self) -> None:
        """Ask the job to stop."""
        self.words.configure(text="正在取消…")
        self.cancel_button.configure(state="disabled")
        self._jobs.cancel()

    def tell(self, done: int, total: int, text: str) -> None:
        share = done / total if total else 0.0
        self.bar.configure(value=share)
        words = text or "正在处理"
        if total > 1:
            words += f"　{done:,} / {total:,}"
        spent = time.monotonic() - self._started
        if spent > SETTLED_SECONDS and 0 < share < 1:
            words += f"，约剩 {round(spent * (1 - share) / share)} 秒"
        if str(self.cancel_button.cget("state")) != "disabled":
            self.words.configure(text=words)
