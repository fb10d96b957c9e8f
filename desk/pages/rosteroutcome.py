"""The last steps of a roster: what it would do, and what it has done."""

import tkinter
from typing import Any, NamedTuple

from desk import dialogs
from desk.pages.rostersteps import Step
from desk.widgets.form import Form
from desk.widgets.table import Column
from exports.roster import Roster, RosterResult, export_rejected

COUNTS = {
    "new": ("新增", "名册里没有的学生"),
    "updated": ("更新", "资料有变化"),
    "skipped": ("跳过", "已有且相同，或文件里重复"),
}
WORKBOOK = [("Excel 工作簿", "*.xlsx")]
EXPORT = "导出被拒绝的行"


class Refused(NamedTuple):
    """A row that is not taken over, as it stands in the file."""

    row: int
    number: str
    name: str
    reason: str


COLUMNS = [
    Column("行", lambda item: item.row, 3),
    Column("学号", lambda item: item.number, 7),
    Column("姓名", lambda item: item.name, 5),
    Column("没有导入的原因", lambda item: item.reason, 24, stretch=True),
]


def refused_rows(roster: Roster) -> list[Refused]:
    """The rejected rows with what they say."""
    return [
        Refused(row, *roster.said.get(row, ("", ""))[:2], reason)
        for row, reason in roster.rejected
    ]


def read_in_words(roster: Roster) -> str:
    """What of the file was read, and what was left."""
    lines = [f"工作表“{roster.sheet}”" if roster.sheet else "整个文件"]
    if roster.unread_sheets:
        names = "、".join(f"“{name}”" for name in roster.unread_sheets)
        lines.append(f"没有读：{names}（也像名册，可回第 1 步另选）")
    if roster.passed_over:
        lines.append(f"略过 {len(roster.passed_over)} 行（重复的表头、合计或落款）")
    return "\n".join(lines)


class OutcomeStep(Step):
    """Counts on the left, the refused rows on the right, to be sent back."""

    heading = ""

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master, page)
        self.result: RosterResult | None = None
        form = self.form = Form(self, title=self.heading, command=self.go_on)
        self.put_left(form)
        form.add_fact("read", "读了")
        for name, (label, _) in COUNTS.items():
            form.add_fact(name, label)
        form.add_fact("rejected", "拒绝")
        self._build_buttons()
        self.build_list(
            name=type(self).__name__,
            columns=COLUMNS,
            empty="没有被拒绝的行。",
            buttons={EXPORT: self.on_export},
        )
        self.show_heading("被拒绝的行")

    def _build_buttons(self) -> None:
        raise NotImplementedError

    def go_on(self) -> None:
        """What the primary button does."""
        raise NotImplementedError

    def bring(self, result: RosterResult) -> None:
        """Show what came of the file."""
        self.result = result
        for name, (_, meaning) in COUNTS.items():
            count = getattr(result, name)
            self.form.set(name, f"{count:,} 人（{meaning}）" if count else "0 人")
        self.form.set("rejected", f"{len(result.rejected):,} 行")
        self.form.set("read", read_in_words(result.roster))
        self.table.show(refused_rows(result.roster))
        self.settle(busy=False)

    def settle(self, *, busy: bool) -> None:
        super().settle(busy=busy)
        refused = self.result is not None and bool(self.result.rejected)
        self.list_buttons[EXPORT].configure(
            state="normal" if refused and not busy else "disabled"
        )

    def on_export(self) -> None:
        """Write the refused rows into a workbook that can be put right."""
        if self.result is None or not self.result.rejected:
            return
        roster = self.result.roster
        path = dialogs.choose_new_file(
            self,
            title=EXPORT,
            name=f"{self.page.path.stem}_被拒绝的行.xlsx",
            folder=self.page.path.parent,
            kinds=WORKBOOK,
        )
        if path is not None:
            self.page.run(
                lambda report: export_rejected(roster, path),
                on_done=lambda count: self.window.say(
                    f"已导出 {count} 行到“{path.name}”，改好后可以直接导入这个文件。"
                ),
                words="正在导出…",
            )


class CheckStep(OutcomeStep):
    """Nothing is written yet."""

    heading = "检查结果（还没有写入）"

    def _build_buttons(self) -> None:
        self.import_button = self.form.add_button(
            "导入", self.form.submit, primary=True
        )
        self.back_button = self.add_back()

    def settle(self, *, busy: bool) -> None:
        super().settle(busy=busy)
        result = self.result
        if result is None or not (result.new or result.updated):
            self.import_button.configure(state="disabled")

    def focus_first(self) -> None:
        """At the import, where there is something to import."""
        ready = str(self.import_button.cget("state")) != "disabled"
        (self.import_button if ready else self.back_button).focus_set()

    def go_on(self) -> None:
        self.page.take_over()


class ResultStep(OutcomeStep):
    """The roster is in the database."""

    heading = "导入结果"

    def _build_buttons(self) -> None:
        self.again_button = self.form.add_button(
            "再导一份", self.form.submit, primary=True
        )

    def focus_first(self) -> None:
        """At the next file."""
        self.again_button.focus_set()

    def go_on(self) -> None:
        self.page.start_anew()
