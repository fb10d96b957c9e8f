"""从备份恢复: choose a file, see what is in it and what is not, put it back."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, restorewords, theme
from desk.widgets.form import Form
from desk.widgets.progress import Progress
from desk.widgets.reading import Words
from models import storage
from models.errors import UserError
from models.progress import Report

FACTS = ("工作站", "中心", "备份时间", "记录", "流水")
BACKUPS = [("备份文件", "*.backup")]
KEYS = [("恢复密钥", "*.txt *.key"), ("所有文件", "*")]


class RestorePage(ttk.Frame):
    """One card: the file above, below it what is in it.  Esc goes back."""

    title = "从备份恢复"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        pad = theme.text_width(master, 2)
        super().__init__(master, padding=pad)
        self.window = window
        self.contents: Any = None
        self._missing: Any = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        ttk.Label(self, text="从备份恢复", style="Title.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, pad // 2)
        )
        self._build_form()
        self.missing = Words(self)
        self.progress = Progress(self, window.jobs)
        self.progress.grid(row=2, column=0, sticky="ew", pady=(pad // 2, 0))
        self.progress.grid_remove()

    def _build_form(self) -> None:
        form = self.form = Form(self, title="备份文件", command=self._open)
        form.grid(row=1, column=0, sticky="nsew")
        form.add_entry("file", "备份文件")
        form.add_words("file", "备份文件", "这份备份")
        form.add_entry("recovery", "恢复密钥")
        form.add_words("recovery", "恢复密钥", "打开这份备份要用密钥")
        form.add_entry("code", "应急码")
        form.add_words("code", "应急码")
        for label in FACTS:
            form.add_fact(label, label)
        form.add_fact("missing", "会缺少的")
        self.open_button = form.add_button("打开查看", form.submit, primary=True)
        self.restore_button = form.add_button("恢复…", self.on_restore)
        form.add_button("选择备份文件", self._choose_file)
        self.key_button = form.add_button("选择恢复密钥", self._choose_key)
        self.back_button = form.add_button("返回", self.on_escape)
        for name in ("file", "recovery", "code"):
            form.widget(name).bind(
                "<KeyRelease>", lambda event: self._forget_other(), add="+"
            )

    def begin(self, path: Path | None) -> None:
        """Start anew, with a file that is chosen already or none."""
        self._show_key(False)
        for name in ("recovery", "code"):
            self.form.set(name, "")
        self.form.clear_problems()
        self.form.set("file", str(path or self._newest() or ""))
        self._forget()
        if path is not None:
            self.form.submit()

    def _newest(self) -> Path | None:
        from exports.backup import known_backups

        there = known_backups(self.window.folder)
        return there[0].path if there else None

    def refresh(self) -> None:
        """Nothing changes by itself."""

    def focus_first(self) -> None:
        """Begin with the file."""
        self.form.focus_field("file")

    def _show_key(self, shown: bool) -> None:
        for name in ("recovery", "code"):
            self.form.show_field(name, shown)
        self.key_button.configure(state="normal" if shown else "disabled")

    def _choose_file(self) -> None:
        file = dialogs.choose_file(self, title="选择备份文件", kinds=BACKUPS)
        if file is not None:
            self.form.set("file", str(file))
            self._forget()
            self.form.submit()

    def _choose_key(self) -> None:
        file = dialogs.choose_file(self, title="选择恢复密钥", kinds=KEYS)
        if file is not None:
            self.form.set("recovery", str(file))
            self._forget()

    # -- opening ------------------------------------------------------------

    def _forget_other(self) -> None:
        if self.contents is not None:
            self._forget()

    def _forget(self) -> None:
        self.contents = self._missing = None
        for label in (*FACTS, "missing"):
            self.form.set(label, "")
            self.form.show_field(label, False)
        self.restore_button.configure(state="disabled")
        self.form.make_primary(self.open_button)

    def on_save(self) -> None:
        """Ctrl+S or Ctrl+Enter: the next step."""
        self.form.primary.invoke()

    def _open(self) -> None:
        """Open and read all of it, in the worker."""
        self._forget()
        if not self.form.text("file"):
            raise UserError("请选择备份文件。")
        path, data = Path(self.form.text("file")), self.window.folder
        recovery, code = self.form.text("recovery"), self.form.text("code")

        def task(report: Report) -> Any:
            from exports import backup

            try:
                contents = backup.open_backup(
                    path,
                    data,
                    recovery_file=Path(recovery) if recovery else None,
                    code=code,
                    report=report,
                )
                report(0, 1, "正在与现有数据和共享文件夹比较")
                return contents, backup.missing_from(contents, data)
            except UserError as error:
                return error

        self.progress.run(
            task,
            on_done=self._on_opened,
            words="正在打开备份核对",
            connected=False,
        )

    def _on_opened(self, outcome: Any) -> None:
        if isinstance(outcome, UserError):
            self._show_key(self._is_about_key(outcome) or self._has_key_fields())
            if not self.form.show_problem(str(outcome), outcome.field):
                raise outcome
            return
        self.contents, self._missing = outcome
        for label, text in restorewords.facts_words(self.contents):
            self.form.show_field(label, True)
            self.form.set(label, text)
        lines = restorewords.missing_words(self.contents, self._missing)
        self.form.show_field("missing", True)
        self.form.set("missing", "\n".join(lines))
        self.restore_button.configure(state="normal")
        self.form.make_primary(self.restore_button)
        self.restore_button.focus_set()

    def _is_about_key(self, error: UserError) -> bool:
        from exports.backup import NeedsKey

        return isinstance(error, NeedsKey)

    def _has_key_fields(self) -> bool:
        return str(self.key_button.cget("state")) == "normal"

    # -- putting back -------------------------------------------------------

    def on_restore(self) -> None:
        """Ask once more, then restore in the worker."""
        contents, data = self.contents, self.window.folder
        if contents is None or Path(self.form.text("file")) != contents.path:
            self._forget()
            raise UserError("请先打开备份，看过里面的内容再恢复。")
        if not dialogs.confirm(
            self,
            f"恢复“{contents.facts.name}” {contents.made_at:%Y-%m-%d %H:%M} 的备份？"
            "现在的数据文件会留在旁边，不会删除。",
            yes="恢复",
            danger=True,
        ):
            return
        storage.close_database()

        def task(report: Report) -> Any:
            from exports import backup

            try:
                return backup.restore(contents, data, report=report)
            finally:
                storage.close_database()

        self.progress.run(
            task,
            on_done=self._on_restored,
            words="正在恢复数据",
            connected=False,
        )

    def _on_restored(self, done: Any) -> None:
        self._forget()
        self.window.open_restored(restorewords.done_words(done.aside))

    def on_escape(self) -> None:
        """Stop what runs, or go back to where one came from."""
        if self.progress.winfo_manager():
            self.progress.cancel()
        else:
            self.window.leave_restore()
