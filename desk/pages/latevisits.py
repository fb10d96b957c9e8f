"""补录: lines of paper, copied into a sheet and taken down all at once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.laterows import column_of, rare_columns, record_rows
from desk.pages.visitwords import other_desks
from desk.suggestions import name_of
from desk.widgets.clocktime import read_time
from desk.widgets.datefield import DateField, read_date
from desk.widgets.entrygrid import EntryGrid
from desk.widgets.gridcolumns import DITTO, Cell, GridColumn, GridRow
from desk.widgets.suggest import Suggestion
from models import clock
from models.errors import UserError
from models.visits import VISIT_OUTCOME_LABELS

HINT = (
    "日期照上面填，跨天的写成 11-20 10:30。处理情况空着，就按事项：即办为当场办结，"
    "承诺为承诺办结，别的窗口的为转办。少填的列在右边。可以从 Excel 或 WPS 整块粘贴。"
)
SECONDS = re.compile(r"(:\d{2}):\d{2}$")


def read_moment(text: str, day: date) -> datetime:
    """`10:30` on *day*, or `11-20 10:30`, also as a sheet (Excel, WPS) has it."""
    before, _, time = SECONDS.sub(r"\1", text.strip()).rpartition(" ")
    return datetime.combine(read_date(before) or day, read_time(time))


def moment_words(moment: datetime) -> str:
    """`11-20 10:30`, with the year when it is another."""
    year = "" if moment.year == clock.today().year else f"{moment.year}-"
    return f"{year}{moment:%m-%d %H:%M}"


@dataclass(frozen=True)
class MomentColumn(GridColumn):
    """Day and time; a time alone is on the day that `preset` gives."""

    preset: Callable[[], date] = clock.today

    def read(self, text: str) -> Cell:
        text = " ".join(text.split())
        if not text or text in DITTO:
            return Cell(text)
        try:
            moment = read_moment(text, self.preset())
        except UserError:
            return Cell(text)  # stands as typed; `problem_of` says what is wrong
        return Cell(self.shown(moment), moment)

    def problem_of(self, cell: Cell) -> str:
        problem = super().problem_of(cell)
        if problem or not cell.text or cell.record is not None:
            return problem
        try:
            read_moment(cell.text, self.preset())
        except UserError as error:
            return str(error)
        return ""


class LateVisitsCard(ttk.Frame):
    """Laid over the page, which gets `on_entered`; put away it keeps its lines."""

    def __init__(self, page: Any) -> None:
        pad = theme.text_width(page, 1)
        super().__init__(page, style="Popup.TFrame", padding=1)
        self._page = page
        self.is_shown = False
        self._day: date | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        inner = ttk.Frame(self, padding=(pad, pad // 2))
        inner.grid(sticky="nsew")
        inner.columnconfigure(0, weight=1)
        inner.rowconfigure(2, weight=1)
        self._build_head(inner, pad)
        self.hint = ttk.Label(inner, text=HINT, style="Hint.TLabel", justify="left")
        self.hint.grid(row=1, column=0, sticky="ew", pady=(0, pad // 3))
        self.hint.bind(
            "<Configure>", lambda event: self.hint.configure(wraplength=event.width)
        )
        self.grid_of_rows = EntryGrid(
            inner, columns=self._columns(), rows=12, growing=True
        )
        self.grid_of_rows.grid(row=2, column=0, sticky="nsew")
        self._build_foot(inner, pad)

    # -- building -----------------------------------------------------------

    def _build_head(self, inner: ttk.Frame, pad: int) -> None:
        head = ttk.Frame(inner)
        head.grid(row=0, column=0, sticky="ew", pady=(0, pad // 3))
        ttk.Label(head, text="补录纸质登记", style="Heading.TLabel").pack(side="left")
        self.day_field = DateField(head)
        self.day_field.pack(side="right")
        ttk.Label(head, text="各行日期").pack(side="right", padx=pad // 2)
        self.day_field.entry.bind("<FocusOut>", lambda event: self._on_day(), add="+")
        for key in ("<Return>", "<KP_Enter>"):
            self.day_field.entry.bind(key, self._go_to_rows, add="+")

    def _build_foot(self, inner: ttk.Frame, pad: int) -> None:
        foot = ttk.Frame(inner)
        foot.grid(row=3, column=0, sticky="ew", pady=(pad // 2, 0))
        self.save_button = ttk.Button(
            foot, text="全部登记（Ctrl+S）", command=self.save, bootstyle="primary"
        )
        self.clear_button = ttk.Button(foot, text="清空", command=self.clear)
        self.close_button = ttk.Button(
            foot, text="收起（Esc）", command=self._page.on_escape
        )
        for button in (self.save_button, self.clear_button, self.close_button):
            button.pack(side="left", padx=(0, pad // 2))

    def _columns(self) -> Sequence[GridColumn]:
        form = self._page.form
        return (
            MomentColumn(
                *("at", "日期时间", 6.5),
                required=True,
                fill=moment_words,
                preset=self.day,
            ),
            GridColumn(
                *("who", "学号或姓名", 6, "suggest"),
                suggest=lambda text: form.students.suggest(text),
                fill=name_of,
            ),
            GridColumn(
                *("service", "事项", 9, "suggest"),
                required=True,
                closed=True,
                suggest=self._suggest_service,
                fill=name_of,
            ),
            GridColumn(
                *("outcome", "处理情况", 5.5, "choice"), choices=VISIT_OUTCOME_LABELS
            ),
            GridColumn("result", "办理结果", 8),
            GridColumn("materials", "材料", 6),
            GridColumn("note", "备注", 5),
            GridColumn("due", "应办结日", 6, "date"),
            GridColumn(
                *("desk", "转至窗口", 7, "suggest"),
                closed=True,
                suggest=_suggest_desks,
                fill=name_of,
            ),
            *rare_columns(),
        )

    def _suggest_service(self, text: str) -> list[Suggestion]:
        """A name that this desk has too means its own."""
        found: dict[str, Suggestion] = {}
        for line in self._page.form.services.suggest(text):
            found.setdefault(line.record.name, line)
        return list(found.values())

    # -- shown and put away ---------------------------------------------------

    def show(self) -> None:
        """Lay the sheet over the page, as it was left."""
        if not self.is_shown:
            self.is_shown = True
            self.refresh()
            self.place(relx=0, rely=0, relwidth=1, relheight=1)
            self.lift()
        self.grid_of_rows.focus_set()

    def hide(self) -> None:
        """Give the page back."""
        self.is_shown = False
        self.place_forget()

    def refresh(self) -> None:
        """A sheet with nothing in it is about today."""
        if not self.count:
            self._day = clock.today()
            self.day_field.write(self._day)

    @property
    def count(self) -> int:
        """How many lines are not taken down yet."""
        return len(self.grid_of_rows.snapshot()["rows"])

    def clear(self) -> None:
        """Empty the sheet, if that is really meant."""
        if self.count and not dialogs.confirm(
            self, f"清空补录表里的 {self.count} 行？", yes="清空", danger=True
        ):
            return
        self.grid_of_rows.clear()
        self.grid_of_rows.focus_set()

    def draft(self) -> dict[str, Any] | None:
        """The lines not taken down yet, for the next start."""
        return self.grid_of_rows.draft()

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """Lines of an earlier start, below those typed since."""
        self.refresh()
        self.grid_of_rows.bring_draft(kept)

    # -- the day ----------------------------------------------------------------

    def day(self) -> date:
        """The day of a line that has only a time; UserError for nonsense."""
        return self.day_field.read() or clock.today()

    def _go_to_rows(self, event: Any) -> str:
        self.grid_of_rows.focus_set()
        return "break"

    def _on_day(self) -> None:
        """Lines that were on the day before follow."""
        before, self._day = self._day, self.day()
        if before is None or before == self._day:
            return
        for row in self.grid_of_rows.rows():
            moment = row.records["at"]
            if moment is not None and moment.date() == before:
                moved = datetime.combine(self._day, moment.time())
                self.grid_of_rows.write(row.number, at=moved)

    # -- taking down ------------------------------------------------------------

    def save(self) -> None:
        """All lines or none; what is refused is marked in its cell."""
        self._on_day()
        self.grid_of_rows.submit(self._record)

    def _record(self, rows: list[GridRow]) -> None:
        try:
            visits = record_rows(rows, by=self._page.window.person)
        except UserError as error:
            error.field = column_of(str(error))
            raise
        self.grid_of_rows.clear()
        self.hide()
        self._page.on_entered(visits)


def _suggest_desks(text: str) -> list[Suggestion]:
    text = text.strip().lower()
    return [
        Suggestion(desk.name, desk)
        for desk in other_desks()
        if text in desk.name or desk.code.startswith(text)
    ]
