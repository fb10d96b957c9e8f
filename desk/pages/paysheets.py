"""导出: the sheets of a month as Word documents, and where they are put."""

import tkinter
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.bars import cut_to_width
from desk.files import open_with_system, usual_folder
from desk.settings import save_settings
from desk.widgets.progress import Progress
from exports.naming import file_name
from models.desks import Department
from models.errors import UserError
from models.paylines import month_days
from models.people import Person
from models.progress import Report

SHEETS = {"hours": "工时统计表", "pay": "酬金发放表"}


def export_sheet(
    code: str,
    month: date,
    path: Path,
    department: Department | None,
    person: Person,
    report: Report,
) -> Any:
    """Write one of SHEETS; the worker brings in Word's libraries."""
    report(0, 1, f"正在导出{SHEETS[code]}")
    from exports.ledgers import export_ledger, ledger_by_code

    first, last = month_days(month)
    return export_ledger(
        ledger_by_code(code),
        path,
        first=first,
        last=last,
        department=department,
        person=person,
        report=report,
    )


class SheetBar(ttk.Frame):
    """A button for each sheet, the folder, and the progress of what runs."""

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master)
        self._page = page
        self._said = ""
        self.exported: Path | None = None
        self.columnconfigure(4, weight=1)
        self.export_buttons = {
            code: ttk.Button(
                self, text=f"导出{title}", command=partial(self.export, code)
            )
            for code, title in SHEETS.items()
        }
        self.open_button = ttk.Button(
            self, text="打开", command=self.on_open, bootstyle="primary"
        )
        self.folder_button = ttk.Button(
            self, text="换个文件夹", command=self.on_choose_folder
        )
        buttons = (*self.export_buttons.values(), self.open_button, self.folder_button)
        for column, button in enumerate(buttons):
            button.grid(row=0, column=column, padx=(0, page.gap))
        self.open_button.grid_remove()
        # It asks for no width: a long path pushes no button out.
        self._place = ttk.Label(self, style="Muted.TLabel", width=1)
        self._place.grid(row=0, column=4, sticky="ew")
        self._place.bind("<Configure>", lambda event: self._cut())
        self.progress = Progress(self, page.window.jobs)
        self.progress.grid(row=1, column=0, columnspan=5, sticky="ew", pady=page.gap)
        self.progress.grid_remove()

    def allow(self, able: bool) -> None:
        """Whether there is something to export."""
        for button in self.export_buttons.values():
            button.configure(state="normal" if able else "disabled")

    def refresh(self) -> None:
        """Say where the next sheet goes."""
        self._say(f"保存到：{self._folder()}")

    def focus_first(self) -> None:
        """The sheet that is printed first."""
        self.export_buttons["hours"].focus_set()

    def _folder(self) -> Path:
        return Path(self._page.window.settings.ledger_folder or usual_folder())

    @property
    def text(self) -> str:
        """What it says about the place, whole."""
        return self._said

    def _say(self, text: str) -> None:
        self._said = text
        self._cut()

    def _cut(self) -> None:
        self._place.configure(text=cut_to_width(self._place, self._said))

    def export(self, code: str) -> None:
        """Write a sheet of the month that is shown."""
        month, folder = self._page.month_shown(), self._folder()
        if not folder.is_dir():
            raise UserError("要保存到的文件夹不存在，请按“换个文件夹”另选一个。")
        department = self._page.bar.department
        title = SHEETS[code] + ("草稿" if self._page.is_draft else "")
        place = department.name if department else ""
        path = folder / file_name(title, place, *month_days(month))
        if path.exists() and not dialogs.confirm(
            self, f"“{path.name}”已经存在，要用新导出的替换它吗？", yes="替换"
        ):
            return
        person = self._page.window.person
        self._page.run(
            partial(export_sheet, code, month, path, department, person),
            on_done=self._on_exported,
            words=f"正在导出{SHEETS[code]}…",
            changes=False,
        )

    def _on_exported(self, done: Any) -> None:
        self.exported = done.path
        self._say(f"已保存：{done.path}")
        self.open_button.grid()
        window = self._page.window
        if window.page is self._page:
            self.open_button.focus_set()
        window.say(f"已导出 {done.path.name}，共 {done.rows} 行。")

    def on_choose_folder(self) -> None:
        """Another place for the sheets; the ledgers go there too."""
        folder = dialogs.choose_folder(self, title="表格保存到哪个文件夹")
        if folder is not None:
            window = self._page.window
            window.settings.ledger_folder = str(folder)
            save_settings(window.folder, window.settings)
            self.refresh()

    def on_open(self) -> None:
        """Open what was exported last."""
        if self.exported is not None:
            open_with_system(self.exported)
