"""Under the list of 台账: how far an export is, and what can be done with its file."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.files import NoProgramError, open_with_system
from desk.printers import print_on
from desk.widgets.progress import Progress
from models.errors import UserError
from models.progress import Report


class LedgerResult(ttk.Frame):
    """Its progress while something is exported, then the buttons for what came of it.

    `exported` is the last file, or the folder of several.
    """

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master)
        self._window = window
        self.exported: Path | None = None
        gap = theme.text_width(self, 0.5)
        self.columnconfigure(0, weight=1)
        self.progress = Progress(self, window.jobs)
        self.progress.grid(row=0, column=0, sticky="ew", pady=(gap, 0))
        self.progress.grid_remove()
        self._actions = ttk.Frame(self)
        self._actions.grid(row=1, column=0, sticky="ew", pady=(gap, 0))
        self.show_button = self._button("所在文件夹", self.show)
        self.print_button = self._button("打印", self.print)
        self.open_button = self._button("打开", self.open, bootstyle="primary")
        for button in (self.show_button, self.print_button, self.open_button):
            button.pack(side="right", padx=(gap, 0))
        self.words = ttk.Label(self._actions, style="Muted.TLabel", justify="left")
        self.words.pack(side="left", fill="x", expand=True)
        self.words.bind(
            "<Configure>",
            lambda event: self.words.configure(wraplength=max(event.width, 1)),
        )
        self.tell("")

    def _button(self, text: str, command: Any, **options: Any) -> ttk.Button:
        return ttk.Button(self._actions, text=text, command=command, **options)

    def tell(self, text: str, exported: Path | None = None) -> None:
        """How it went; with a file or a folder, what can be done with it."""
        self.exported = exported or self.exported
        self.words.configure(text=text)
        is_file = exported is not None and exported.is_file()
        for button, able in (
            (self.open_button, exported is not None),
            (self.print_button, is_file and exported.suffix == ".docx"),
            (self.show_button, is_file),
        ):
            button.configure(state="normal" if able else "disabled")
        self._actions.grid() if text else self._actions.grid_remove()

    @property
    def _file(self) -> Path:
        if self.exported is None:
            raise UserError("还没有导出，请先导出。")
        return self.exported

    def open(self) -> None:
        """Open what was exported last."""
        open_with_system(self._file)

    def show(self) -> None:
        """Open the folder of what was exported last."""
        open_with_system(self._file.parent)

    def print(self) -> None:
        """Send it to the printer chosen in 设置; without one Word prints it."""
        path, printer = self._file, self._window.settings.printer
        if not path.exists():
            raise UserError(f"“{path}”已经不在原处，请重新导出。")

        def send(report: Report) -> bool:
            report(0, 1, f"正在送到打印机“{printer}”")
            return bool(printer) and print_on(path, printer)

        def sent(is_printed: bool) -> None:
            if is_printed:
                self._window.say(f"已送到打印机“{printer}”：{path.name}")
                return
            try:
                open_with_system(path)
            except NoProgramError:
                self._window.say(f"没有能打开它的程序，请到文件夹中打开：{path}")
                return
            tried = f"没能直接送到打印机“{printer}”，" if printer else ""
            self._window.say(f"{tried}正在打开 {path.name}，请在其中打印。")

        self._window.jobs.start(send, on_done=sent)
