"""台账: choose a ledger and a period, read it here, export just that."""

import tkinter
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.pages.ledgerform import RECORDS, LedgerForm
from desk.pages.ledgerlist import LedgerList, is_paper
from desk.pages.ledgerresult import LedgerResult
from desk.settings import save_settings
from models.errors import UserError

DONE = "导出没有完成，原有文件没有改动。"


class LedgersPage(LedgerList):
    """What is chosen left is shown right, and is what an export holds."""

    title = "台账"
    save_words = "导出"
    form_width = 25

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        # Brings in Word's libraries: only when this page is first shown.
        from exports.ledgers import ledgers_here
        from exports.sheets import PAPERS

        self.ledgers = {one.code: one for one in (*ledgers_here(), *PAPERS)}
        form = self.form = LedgerForm(
            self,
            window,
            self.ledgers,
            on_choice=self._find_soon,
            command=self._export,
        )
        self.put_left(form)
        self.export_button = form.add_button("导出", form.submit, primary=True)
        self.batch_button = form.add_button(
            "全部台账", lambda: form.submit(self._export_all)
        )
        self.folder_button = form.add_button("换个文件夹", self.on_choose_folder)
        self.build_view()
        self.result = LedgerResult(self.list_side, window)
        self.result.grid(row=2, column=0, sticky="ew")

    def refresh(self) -> None:
        """Offer what there is now, and list what is chosen."""
        self.form.offer()

    def choose_ledger(self, code: str, *, desk_uid: str = "") -> None:
        """Offer this ledger, at the office of one desk or of all; the rest is still to
        be chosen."""
        self.form.set("ledger", code)
        if self.window.here.is_office:
            self.form.set("desk", desk_uid or None)
        self.form.on_ledger()

    def focus_first(self) -> None:
        """Begin with the ledger."""
        self.form.focus_field("ledger")

    def question(self) -> tuple[Any, Any, str]:
        """What the form says, as an export takes it."""
        from exports.ledgers import Selection

        form, (first, last) = self.form, self.form.days
        if first is None or last is None:
            return form.ledger, None, "请填写开始日期和“至”哪一天，这里就列出台账。"
        if first > last:
            return form.ledger, None, "开始日期不能晚于结束日期，请重新选择。"
        narrowed = {name: form.record(name) for name in RECORDS}
        chosen = Selection(first, last, **narrowed, masked=form.is_masked)
        return form.ledger, chosen, ""

    def on_read(self, ledger: Any, rows: int) -> None:
        """A form is never split; how a ledger is, follows from its rows."""
        self.form.propose_split(0 if is_paper(ledger) else rows)

    # -- exporting ----------------------------------------------------------

    def _export(self) -> None:
        form = self.form
        first, last = form.period
        path, split, is_masked = form.path, form.split, form.is_masked
        ledger, chosen, refused = self.question()
        if chosen is None:
            raise UserError(refused)
        if not self._may_replace([path] if split == "none" else []):
            return
        person, narrowed = self.window.person, {n: form.record(n) for n in RECORDS}

        def task(report: Any) -> Any:
            from exports.ledgers import Split, export_ledger
            from exports.sheets import export_paper

            if is_paper(ledger):
                return export_paper(ledger, path, chosen, person=person)
            return export_ledger(
                ledger,
                path,
                first=first,
                last=last,
                **narrowed,
                person=person,
                masked=is_masked,
                split=Split(split),
                report=report,
            )

        self._run(task, self._on_exported, f"正在导出《{ledger.title}》…")

    def _export_all(self) -> None:
        """Every ledger of the period, in a folder of its own."""
        from exports.ledgers.batches import batch_files, batch_folder, export_ledgers

        form = self.form
        first, last = form.period
        desk, department = form.record("desk"), form.record("department")
        place = department.name if department else desk.name if desk else ""
        folder = batch_folder(form.folder, place, first, last)
        books = [one for one in self.ledgers.values() if not is_paper(one)]
        suffix = form.value("suffix")
        if not self._may_replace(
            batch_files(folder, books, place, first, last, suffix)
        ):
            return
        person, is_masked = self.window.person, form.is_masked

        def task(report: Any) -> Any:
            return export_ledgers(
                folder,
                books,
                first=first,
                last=last,
                desk=desk,
                department=department,
                person=person,
                masked=is_masked,
                suffix=suffix,
                report=report,
            )

        self._run(task, self._on_all_exported, "正在导出全部台账…")

    def _may_replace(self, paths: list[Path]) -> bool:
        there = [path.name for path in paths if path.exists()]
        if not there:
            return True
        what = f"“{there[0]}”" + (f"等 {len(there)} 个文件" if there[1:] else "")
        question = f"{what}已经存在，要用新导出的替换吗？"
        return dialogs.confirm(self, question, yes="替换")

    def _run(self, task: Any, on_done: Any, words: str) -> None:
        self._remember()
        self.result.progress.run(
            task, on_done=on_done, on_end=self._on_end, words=words
        )
        self.result.tell("")
        for button in (self.export_button, self.batch_button):
            button.configure(state="disabled")

    def _on_end(self) -> None:
        for button in (self.export_button, self.batch_button):
            button.configure(state="normal")
        self.result.tell(DONE)

    def _on_exported(self, done: Any) -> None:
        several = len(done.paths) > 1
        what = f"分为 {len(done.paths)} 个文件，第一个是" if several else "已保存为"
        self._say_done(
            f"共 {done.rows} 条，{what}\n{done.path}",
            f"已导出 {done.path.name}，共 {done.rows} 条。",
            done.path,
        )

    def _on_all_exported(self, done: Any) -> None:
        words = f"{len(done.results)} 本台账共 {done.rows} 条，已保存在\n{done.folder}"
        if done.left_out:
            words += f"\n没有导出（不能按所选范围导出）：{'、'.join(done.left_out)}"
        short = f"已导出 {len(done.results)} 本台账，共 {done.rows} 条。"
        self._say_done(words, short, done.folder)

    def _say_done(self, words: str, short: str, exported: Path) -> None:
        self.result.tell(words, exported)
        if self.window.page is self:
            self.result.open_button.focus_set()
        self.window.say(short)

    def _remember(self) -> None:
        settings, form = self.window.settings, self.form
        settings.ledger_folder = str(form.folder)
        settings.ledger_format = form.value("suffix")
        settings.masked = bool(form.value("masked"))
        save_settings(self.window.folder, settings)

    # -- keys and buttons ---------------------------------------------------

    def on_choose_folder(self) -> None:
        """Another place for the file."""
        folder = dialogs.choose_folder(self, title="台账保存到哪个文件夹")
        if folder is not None:
            self.form.set("folder", str(folder))

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_export(self) -> None:
        """Ctrl+E."""
        self.form.submit()

    def on_escape(self) -> None:
        """Stop the export."""
        if self.result.progress.winfo_manager():
            self.result.progress.cancel()
