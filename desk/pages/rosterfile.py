"""The first step of a roster: which file, and which of its sheets."""

import tkinter
from os.path import expanduser, isfile  # unlike Path's, never raise
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.pages.rostersteps import Step
from desk.widgets.form import Form
from desk.widgets.table import Column
from exports.roster import FIELD_NAMES, Sheet, sheets_of
from models.errors import UserError

KINDS = [("名册", "*.xlsx *.xls *.csv"), ("所有文件", "*.*")]


def sheet_name(sheet: Sheet) -> str:
    """How a sheet is called; a text file has only one, without a name."""
    return sheet.name or "整个文件"


def fields_found(sheet: Sheet) -> str:
    """The columns that were recognised by their headings."""
    names = [name for field, name in FIELD_NAMES.items() if field in sheet.columns]
    return "、".join(names) or "没有认出"


COLUMNS = [
    Column("工作表", sheet_name, 10),
    Column("行数", lambda sheet: f"{sheet.rows:,}", 5),
    Column("表头", lambda sheet: f"第 {sheet.heading_row} 行", 5),
    Column("认出的列", fields_found, 16, stretch=True),
]


class FileStep(Step):
    """Looks into the file; asks for the sheet where several may be meant."""

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master, page)
        self.sheets: list[Sheet] = []
        self._looked_at: Any = None
        form = self.form = Form(self, title="选择文件", command=self._go_on)
        self.put_left(form)
        form.add_entry("path", "名册文件")
        form.add_words("path", "文件", "表头", "工作表")
        form.add_list("sheet", "工作表")
        form.show_field("sheet", False)
        form.add_fact("hint", "")
        form.set(
            "hint",
            "可以是 Excel 表格或 csv 文件，表头会自动找到。"
            "文件里没有的学生不会被删除。",
        )
        self.next_button = form.add_button("下一步", form.submit, primary=True)
        self.choose_button = form.add_button("选择文件…", self.on_choose)
        self.build_list(
            name="roster_file",
            columns=COLUMNS,
            empty="选择名册文件后，这里列出文件里像名册的工作表。",
        )
        self.show_heading("文件内容")
        self.table.show([])

    def focus_first(self) -> None:
        """Begin with the file, or with the sheet where that is the question."""
        asked = len(self.sheets) > 1 and self._looked_at is not None
        self.form.focus_field("sheet" if asked else "path")

    def on_choose(self) -> None:
        """Pick the file, and look into it at once."""
        path = dialogs.choose_file(self, title="选择学生名册", kinds=KINDS)
        if path is not None:
            self.form.set("path", str(path))
            self.form.submit()

    def path(self) -> Path:
        """The file named; refused when it is not there."""
        path = Path(expanduser(self.form.text("path")))
        with self.form.about("path"):
            if not self.form.text("path") or not isfile(path):
                raise UserError("没有找到这个文件，请重新选择。")
        return path

    def start_anew(self) -> None:
        """Another file."""
        self.form.clear()
        self._forget()

    def _forget(self) -> None:
        self.sheets, self._looked_at = [], None
        self.form.show_field("sheet", False)
        self.table.show([])

    def _go_on(self) -> None:
        path = self.path()
        stamp = self.page.stamp_of(path)
        if stamp == self._looked_at:
            self.page.match(path, self.form.value("sheet"))
            return
        self._forget()
        self.page.run(
            lambda report: sheets_of(path, report=report),
            on_done=lambda sheets: self._show(path, stamp, sheets),
            words="正在读取文件…",
        )

    def _show(self, path: Path, stamp: Any, sheets: list[Sheet]) -> None:
        self.sheets, self._looked_at = sheets, stamp
        choices = [(sheet_name(sheet), sheet) for sheet in sheets]
        self.form.set_choices("sheet", choices)
        self.form.set("sheet", sheets[0])
        self.form.show_field("sheet", len(sheets) > 1)
        self.table.show(sheets)
        if len(sheets) == 1:
            self.page.match(path, sheets[0])
            return
        self.focus_first()
        self.window.say(f"文件里有 {len(sheets)} 张工作表，请选一张，再按下一步。")
