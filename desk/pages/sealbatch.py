"""名单: the students of a batch, shown in place of the form (P6).

They are pasted, read from a file, or taken one after the other by number or card.
"""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.studentlists import (
    Listed,
    ListLine,
    check_list,
    read_list,
    summary_of,
)
from desk.suggestions import StudentPick, name_of
from desk.widgets.gridcolumns import read_block
from desk.widgets.reading import Words
from desk.widgets.suggest import SuggestEntry
from desk.widgets.table import Column, Table
from models.errors import UserError
from models.people import people, typed_number
from models.progress import Report

KINDS = [("名单（Excel、WPS、文本）", "*.xlsx *.xls *.csv *.txt"), ("所有文件", "*")]
HINT = (
    "刷卡、输学号或姓名后按 Enter；复制好的名单（表格、聊天）按 Ctrl+V。"
    "选中一行按 Enter 改正，按 Delete 删去。"
)
COLUMNS = [
    Column("学号", lambda line: line.number or "—", 6),
    Column("姓名", lambda line: line.name, 4),
    Column("核对", lambda line: line.problem, 24, stretch=True),
    Column("班级", lambda line: line.class_name, 6),
]
MOST_NAMED = 5


class BatchCard(ttk.Frame):
    """Gives the page `on_batch(numbers)`; put away it keeps its lines."""

    def __init__(self, page: Any) -> None:
        pad = theme.text_width(page, 1)
        super().__init__(page, bootstyle="bordered", padding=pad)
        self._page = page
        self._asked_again = ""
        self.listed: list[Listed] = []
        self.lines: list[ListLine] = []
        # A long list is not looked up anew for each student who comes.
        self._known: dict[Listed, ListLine] = {}
        page.put_left(self)
        # As wide as the form was: running text would ask for all of the page.
        self.grid_propagate(False)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(4, weight=1)
        ttk.Label(self, text="学生名单", style="Heading.TLabel").grid(sticky="w")
        self._build_entry(pad)
        hint = Words(self, style="Muted.TLabel")
        hint.say(HINT)
        hint.grid(row=2, sticky="ew")
        hint.bind("<Configure>", lambda event: hint.wrap_at(event.width - pad // 3))
        self.count = ttk.Label(self, style="Heading.TLabel")
        self.count.grid(row=3, sticky="w", pady=(pad // 2, pad // 4))
        self.table = Table(
            self,
            name="seal_batch",
            columns=COLUMNS,
            empty="名单还是空的。",
            on_open=self._correct,
            is_void=lambda line: line.is_twice,
        )
        self.table.grid(row=4, sticky="nsew")
        self._build_bar(pad)
        self._show()

    # -- building -----------------------------------------------------------

    def _build_entry(self, pad: int) -> None:
        line = ttk.Frame(self)
        line.grid(row=1, sticky="ew", pady=pad // 3)
        line.columnconfigure(1, weight=1)
        ttk.Label(line, text="学生").grid(row=0, column=0, padx=(0, pad // 2))
        self.entry = SuggestEntry(
            line,
            suggest=lambda text: self._page.form.students.suggest(text),
            on_pick=self._take_pick,
            fill=name_of,
        )
        self.entry.grid(row=0, column=1, sticky="ew")
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, self._on_enter, add="+")
        self.problem = ttk.Label(line, style="Error.TLabel", justify="left")
        self.problem.grid(row=1, column=0, columnspan=2, sticky="ew")
        line.bind(
            "<Configure>",
            lambda event: self.problem.configure(wraplength=event.width - pad // 3),
        )
        self.problem.grid_remove()

    def _build_bar(self, pad: int) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=5, sticky="ew", pady=(pad // 2, 0))
        self.take_button = ttk.Button(
            bar, text="用这份名单", command=self.submit, bootstyle="primary"
        )
        self.file_button = ttk.Button(bar, text="从文件…", command=self.on_file)
        self.clear_button = ttk.Button(bar, text="清空", command=self.on_clear)
        self.close_button = ttk.Button(
            bar, text="返回（Esc）", command=self._page.on_escape
        )
        buttons = (self.take_button, self.file_button, self.clear_button)
        for button in (*buttons, self.close_button):
            button.pack(side="left", padx=(0, pad // 2))
        for widget in (self.entry, self.table.tree, *buttons):
            widget.bind("<<Paste>>", self._on_paste, add="+")

    # -- shown --------------------------------------------------------------

    def offer(self, numbers: list[str]) -> None:
        """The list that was taken over before, or what is not taken over yet."""
        self._known.clear()  # the roster may have changed meanwhile
        if numbers and numbers != self.numbers():
            self.listed = [Listed(number) for number in numbers]
        self._show()

    def focus_first(self) -> None:
        self.entry.focus_set()

    def forget(self) -> None:
        """The next entry begins with an empty list."""
        self.listed = []
        self._say("")
        self.entry.set_text("")
        self._show()

    def draft(self) -> list[list[str]] | None:
        """The lines, unless they are taken over."""
        is_taken = self.numbers() == self._page.form.batch
        return None if is_taken else [list(line) for line in self.listed]

    def bring_draft(self, kept: list[list[str]]) -> None:
        """The lines of an earlier start."""
        self.listed = [Listed(*line) for line in kept]
        self._show()

    def numbers(self) -> list[str]:
        """The students of the list, each once, in its order."""
        return [line.number for line in self.lines if line.counts]

    def _show(self) -> None:
        self.lines = check_list(self.listed, self._index, self._known)
        self.table.show(self.lines)
        self.count.configure(text=summary_of(self.lines) if self.lines else "")

    def _add(self, listed: list[Listed]) -> None:
        self.listed += listed
        self._say("")
        self._show()
        children = self.table.tree.get_children()
        if children:
            self.table.tree.see(children[-1])

    def _say(self, text: str) -> None:
        self.problem.configure(text=text)
        self.problem.grid() if text else self.problem.grid_remove()

    # -- one after the other --------------------------------------------------

    def _take_pick(self, pick: StudentPick) -> None:
        self.entry.set_text("")
        self._add([Listed(pick.number)])

    def _on_enter(self, event: Any) -> str:
        """A picked student is taken already; the rest is a card, or a stranger."""
        typed = typed_number(self.entry.get())
        if not typed:
            return "break"
        holder = next((p for p in people() if p.card and p.card == typed), None)
        if holder is not None:  # an assistant's card is known, by their number
            typed = holder.number
        listed = read_list([[self.entry.get() if holder is None else typed]])
        known = all(not line.problem for line in check_list(listed, self._index))
        if listed and (known or self._asked_again == typed):
            self._asked_again = ""
            self.entry.set_text("")
            self._add(listed)
        else:
            self._ask_again(typed)
        return "break"

    @property
    def _index(self) -> Any:
        return self._page.form.students

    def _ask_again(self, typed: str) -> None:
        """The roster has no card numbers: say so, and let a stranger be kept."""
        self._asked_again = typed
        self._say(
            f"名册里没有“{typed}”（只有学号，没有学生卡号）。请核对学号，"
            "或按姓名来选；确实要照录，再按一次 Enter。"
        )
        self.entry.selection_range(0, "end")
        self.entry.icursor("end")

    # -- many at once -----------------------------------------------------------

    def _on_paste(self, event: Any) -> str | None:
        """A single word goes into the field, to be looked for there."""
        try:
            text = self.clipboard_get()
        except tkinter.TclError:  # nothing was copied
            return None
        listed = read_list(read_block(text))
        plain = len(text.split()) == 1 and len(listed) < 2
        if plain and event.widget is self.entry:
            return None
        if not listed:
            raise UserError("剪贴板里没有找到学号或姓名，请复制名单后再粘贴。")
        self._add(listed)
        return "break"

    def on_file(self) -> None:
        """Take the students of a file."""
        path = dialogs.choose_file(self, title="选择学生名单", kinds=KINDS)
        if path is None:
            return

        def read(report: Report) -> list[Listed]:
            from exports.roster.tables import read_tables

            rows = (row for table in read_tables(Path(path)) for row in table.rows)
            return read_list(list(rows))

        def done(listed: list[Listed]) -> None:
            if not listed:
                raise UserError("文件里没有找到学号或姓名，请核对后重选。")
            self._add(listed)
            self._page.window.say(f"从“{Path(path).name}”读到 {len(listed)} 行。")

        self._page.window.jobs.start(read, on_done=done)

    # -- put right ----------------------------------------------------------------

    def _correct(self, line: ListLine) -> None:
        """Into the field with it, to be typed anew."""
        del self.listed[self._place(line)]
        self._show()
        self.entry.set_text(line.number or line.name)
        self.entry.focus_set()
        self.entry.selection_range(0, "end")

    def _place(self, line: ListLine) -> int:
        return next(at for at, other in enumerate(self.lines) if other is line)

    def remove_marked(self) -> None:
        """Delete: the marked lines."""
        marked = {self._place(line) for line in self.table.selection()}
        if not marked:
            raise UserError("请先选中要删去的行。")
        self.listed = [x for at, x in enumerate(self.listed) if at not in marked]
        self._show()

    def on_clear(self) -> None:
        """Begin anew, if that is really meant."""
        if self.listed and not dialogs.confirm(
            self, f"清空名单里的 {len(self.listed)} 行？", yes="清空", danger=True
        ):
            return
        self.forget()
        self.focus_first()

    # -- taken over ---------------------------------------------------------------

    def submit(self) -> None:
        """Ctrl+S: every line has a number, and strangers are meant."""
        without = [line.name for line in self.lines if not line.number]
        if without:
            raise UserError(
                f"名单里还有 {len(without)} 行没有学号（{_named(without)}），"
                "请补学号或删去。"
            )
        strangers = [line.number for line in self.lines if line.is_unknown]
        if strangers and not dialogs.confirm(
            self,
            f"有 {len(strangers)} 个学号不在名册：{_named(strangers)}。"
            "确认照原样写进名单（非在册）？",
            yes="照录",
        ):
            return
        self._page.on_batch(self.numbers())


def _named(words: list[str]) -> str:
    shown = "、".join(words[:MOST_NAMED])
    return f"{shown} 等" if len(words) > MOST_NAMED else shown
