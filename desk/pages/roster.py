"""名册导入 (office): look first, then take over."""

import tkinter
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.widgets.form import Form
from desk.widgets.progress import Progress
from desk.widgets.table import Column
from models.errors import UserError

COLUMNS = [
    Column("行", lambda item: item.row, 3),
    Column("没有导入的原因", lambda item: item.reason, 24, stretch=True),
]
KINDS = [("名册", "*.xlsx *.xls *.csv"), ("所有文件", "*.*")]
COUNTS = {"new": "新增", "updated": "更新", "skipped": "跳过", "rejected": "拒绝"}


def read_in_words(roster: Any) -> str:
    """What of the file was read, and what was left."""
    lines = [f"工作表“{roster.sheet}”" if roster.sheet else "整个文件"]
    if roster.unread_sheets:
        names = "、".join(f"“{name}”" for name in roster.unread_sheets)
        lines.append(f"没有读：{names}（也像名册，请另存后再导入）")
    if roster.passed_over:
        lines.append(f"略过 {len(roster.passed_over)} 行（重复的表头、合计或落款）")
    return "\n".join(lines)


class RosterPage(ListingPage):
    """A dry run comes before every import, and nothing is written by it."""

    title = "名册导入"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.checked: Path | None = None
        form = self.form = Form(self, title="学生名册", command=self._check)
        self.put_left(form)
        form.add_entry("path", "名册文件")
        form.add_words("path", "文件", "表头", "工作表")
        form.add_fact("hint", "")
        form.set(
            "hint",
            "支持 .xlsx、.xls 和 .csv。会自动找到表头，名册里没有的学生不会被删除。",
        )
        form.add_fact("read", "读了")
        for name, label in COUNTS.items():
            form.add_fact(name, label)
        self.check_button = form.add_button("检查", form.submit, primary=True)
        self.import_button = form.add_button("导入", lambda: form.submit(self._import))
        self.import_button.configure(state="disabled")
        self.choose_button = form.add_button("选择文件", self.on_choose)
        self.build_list(
            columns=COLUMNS, empty="选择名册文件后，这里列出没有导入的行和原因。"
        )
        self.show_heading("检查结果")
        self.progress = Progress(self, self.window.jobs)
        self.progress.grid(row=1, column=0, columnspan=2, sticky="ew", pady=self.gap)
        self.progress.grid_remove()

    def focus_first(self) -> None:
        """Begin with the file."""
        self.form.focus_field("path")

    def on_choose(self) -> None:
        """Pick the file, and check it at once."""
        path = dialogs.choose_file(self, title="选择学生名册", kinds=KINDS)
        if path is not None:
            self.form.set("path", str(path))
            self.form.submit()

    def _path(self) -> Path:
        path = Path(self.form.text("path")).expanduser()
        if not self.form.text("path") or not path.is_file():
            raise UserError("没有找到这个文件，请重新选择。")
        return path

    def _check(self) -> None:
        self._run(self._path(), dry_run=True)

    def _import(self) -> None:
        path = self._path()
        if path != self.checked:
            raise UserError("文件换过了，请先检查，再导入。")
        self._run(path, dry_run=False)

    def _run(self, path: Path, *, dry_run: bool) -> None:
        from exports.roster import import_roster

        person = self.window.person

        def done(result: Any) -> None:
            self._show(result, path, dry_run)

        self.progress.run(
            lambda report: import_roster(
                path, by=person, dry_run=dry_run, report=report
            ),
            on_done=done,
            on_end=self._on_end,
            words="正在检查…" if dry_run else "正在导入…",
        )
        self.checked = None
        for button in (self.check_button, self.import_button):
            button.configure(state="disabled")

    def _on_end(self) -> None:
        self.check_button.configure(state="normal")
        if self.window.page is self:
            # Where one goes on after an error; after a success the next button.
            self.form.focus_field("path")

    def _show(self, result: Any, path: Path, dry_run: bool) -> None:
        for name in ("new", "updated", "skipped"):
            self.form.set(name, f"{getattr(result, name):,} 人")
        self.form.set("rejected", f"{len(result.rejected):,} 行")
        self.form.set("read", read_in_words(result.roster))
        self.table.show(result.rejected)
        words = "检查结果" if dry_run else "导入结果"
        self.show_heading(words, "没有被拒绝的行。")
        if dry_run:
            self.checked = path
            if result.new or result.updated:
                self.import_button.configure(state="normal")
                if self.window.page is self:
                    self.import_button.focus_set()
            self.window.say("检查完成，还没有写入任何数据。")
        else:
            self.window.forget_roster()
            self.window.say(f"已导入：新增 {result.new} 人，更新 {result.updated} 人。")

    def on_save(self) -> None:
        """Ctrl+S: the next step."""
        if self.checked is not None:
            self.form.submit(self._import)
        else:
            self.form.submit()

    def on_escape(self) -> None:
        """Stop; an import that is stopped leaves nothing behind."""
        if self.progress.winfo_manager():
            self.progress.cancel()
