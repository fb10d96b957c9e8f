"""名册导入 (office): choose a file, match its columns, look, take over."""

import tkinter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desk.pages.rosterfile import FileStep
from desk.pages.rostermatch import MatchStep
from desk.pages.rosteroutcome import CheckStep, ResultStep
from desk.pages.rostersteps import Step, StepLine
from desk.widgets.page import Page
from desk.widgets.progress import Progress
from exports.roster import RosterResult, Sheet, import_roster
from models.errors import UserError

FILE, MATCH, CHECK, RESULT = range(4)


class RosterPage(Page):
    """A dry run comes before every import, and nothing is written by it."""

    title = "名册导入"
    save_words = "下一步"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.configure(padding=0)  # each step has its own
        self.rowconfigure(0, weight=0)
        self.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)
        self.line = StepLine(self)
        self.line.grid(row=0, column=0, sticky="w", padx=self.gap * 2, pady=self.gap)
        self.file, self.matching = FileStep(self, self), MatchStep(self, self)
        self.checking, self.result = CheckStep(self, self), ResultStep(self, self)
        self.steps: list[Step] = [self.file, self.matching, self.checking, self.result]
        self.progress = Progress(self, window.jobs)
        self.progress.grid(
            row=2, column=0, sticky="ew", padx=self.gap * 2, pady=self.gap
        )
        self.progress.grid_remove()
        self.here = FILE
        self.path = Path()
        # What was checked, and is to be taken over as it was then.
        self._checked: tuple[Any, str, dict[str, int | None]] | None = None
        self._show(FILE)

    @property
    def step(self) -> Step:
        """The step in front."""
        return self.steps[self.here]

    def _show(self, here: int) -> None:
        self.step.grid_remove()
        self.here = here
        self.line.show(here)
        self.step.grid(row=1, column=0, sticky="nsew")
        if self.window.page is self:
            self.window.note.hide()  # what it told was of the step that goes
            self.window.status.say("")
            self.step.focus_first()

    # -- from step to step --------------------------------------------------

    def match(self, path: Path, sheet: Sheet) -> None:
        """The file is chosen: which column is what?"""
        self.path = path
        self.matching.bring(sheet, path.name)
        self._show(MATCH)

    def check(self, sheet: Sheet, columns: dict[str, int | None]) -> None:
        """Compare with the roster there is; writes nothing."""
        self._checked = (self.stamp_of(self.path), sheet.name, columns)

        def done(result: RosterResult) -> None:
            self.checking.bring(result)
            self._show(CHECK)
            self.window.say(
                "检查完成，还没有写入任何数据。"
                if result.new or result.updated
                else "检查完成，没有要新增或更新的学生。"
            )

        self._import(dry_run=True, on_done=done, words="正在检查…")

    def take_over(self) -> None:
        """Write what was checked."""
        assert self._checked is not None
        if self.stamp_of(self.path) != self._checked[0]:
            raise UserError("文件改过了，请回到第 1 步重新选择。")

        def done(result: RosterResult) -> None:
            self.window.forget_roster()
            self.result.bring(result)
            self._show(RESULT)
            self.window.say(f"已导入：新增 {result.new} 人，更新 {result.updated} 人。")

        self._import(dry_run=False, on_done=done, words="正在导入…")

    def _import(
        self, *, dry_run: bool, on_done: Callable[[RosterResult], None], words: str
    ) -> None:
        assert self._checked is not None
        path, person, (_, sheet, columns) = self.path, self.window.person, self._checked
        self.run(
            lambda report: import_roster(
                path,
                by=person,
                sheet=sheet,
                columns=columns,
                dry_run=dry_run,
                report=report,
            ),
            on_done=on_done,
            words=words,
        )

    def go_back(self) -> None:
        """The step before, as it was left; what is in the database stays there."""
        if self.here in (MATCH, CHECK):
            self._show(self.here - 1)

    def start_anew(self) -> None:
        """Another file."""
        self.file.start_anew()
        self._show(FILE)

    @staticmethod
    def stamp_of(path: Path) -> tuple[str, int, int]:
        """Tells a file from itself after a change."""
        if not path.is_file():
            raise UserError("文件不见了，请回到第 1 步重新选择。")
        known = path.stat()
        return str(path), known.st_mtime_ns, known.st_size

    # -- work ---------------------------------------------------------------

    def run(
        self,
        task: Callable[[Any], Any],
        *,
        on_done: Callable[[Any], None],
        words: str,
    ) -> None:
        """Do slow work; meanwhile the step in front waits."""
        self.progress.run(task, on_done=on_done, on_end=self._on_end, words=words)
        self.step.settle(busy=True)
        self.progress.cancel_button.focus_set()

    def _on_end(self) -> None:
        """Where one goes on after an error or 取消; a success leads elsewhere."""
        self.step.settle(busy=False)
        if str(self.progress.cancel_button.cget("state")) == "disabled":
            self.window.status.say("已取消。")
        if self.window.page is self:
            self.step.focus_first()

    # -- keys ---------------------------------------------------------------

    def focus_first(self) -> None:
        """Go on where one was."""
        self.step.focus_first()

    def on_save(self) -> None:
        """Ctrl+S: the next step."""
        self.step.on_save()

    def on_export(self) -> None:
        """Ctrl+E: the refused rows as a workbook."""
        self.step.on_export()

    def on_find(self) -> None:
        """Ctrl+F: look for something in the list in front."""
        self.step.on_find()

    def stop_finding(self) -> bool:
        """Esc: the whole list again; False when it was whole."""
        return self.step.stop_finding()

    def on_escape(self) -> None:
        """Stop what runs (nothing is left behind by it), else go a step back."""
        if self.progress.winfo_manager():
            self.progress.cancel()
        else:
            self.go_back()
