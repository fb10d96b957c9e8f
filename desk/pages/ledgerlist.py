"""The chosen ledger on screen: the rows an export would print, a page at a time."""

import tkinter
from collections.abc import Sequence
from typing import Any

from desk.jobs import Jobs
from desk.pages.ledgerwords import refusal
from desk.pages.listing import ListingPage
from desk.widgets.table import Column, Keyset
from models.errors import UserError
from models.visits import Visit

NO_ROWS = "这段时间没有记录（零报告）。\n可以换一段期间或另一本台账。"
READING = "正在读取…"
# In Chinese characters: on paper a text runs over several lines, here over one.
MOST_WIDTH = 20
ROWS_MEASURED = 100
NARROW = 0.56  # of a letter or a digit


def is_paper(ledger: Any) -> bool:
    """A form to be signed, not a list of records."""
    return hasattr(ledger, "read_rows")


def read_view(ledger: Any, chosen: Any, sought: str, report: Any) -> tuple[Any, Any]:
    """The headings of a ledger or a form, and its rows as they are printed."""
    from exports.ledgers.viewing import Shown, View, view_ledger

    if not is_paper(ledger):
        view = view_ledger(ledger, chosen, sought=sought, report=report)
        return [column.heading for column in ledger.columns_of(chosen)], view
    report(0, 0, "")
    read, sought = ledger.read_rows(chosen), sought.lower()
    rows = [Shown(cells) for cells in read.rows if sought in "\n".join(cells).lower()]
    return read.headings, View(rows, len(rows))


def screen_columns(headings: Sequence[str], rows: list[Any]) -> list[Column]:
    """The columns of the Word file, as wide as the texts of the first rows."""
    columns = []
    for place, heading in enumerate(headings):
        title = _one_line(heading)
        texts = [title, *(row.cells[place] for row in rows[:ROWS_MEASURED])]
        width = min(max(map(_width, texts)), MOST_WIDTH)
        width = max(width, _width(title) + 1)  # room for the arrow of the order
        columns.append(Column(title, lambda row, place=place: row.cells[place], width))
    return columns


def _width(text: str) -> float:
    return sum(1 if ord(character) > 0x2000 else NARROW for character in text)


def _one_line(heading: str) -> str:
    return heading.replace("\n/", "/").replace("\n", " ")


class LedgerList(ListingPage):
    """`question()` says which ledger and which rows of it, or why there are none."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        # A worker of its own: while one ledger is exported another can be read.
        self._reading = Jobs(self)
        self._asks_again, self._enters_list = False, False
        self._is_measured = False

    def build_view(self) -> None:
        """The right half of the page."""
        self.build_list(
            columns=[Column("", str)],
            empty=READING,
            name="ledger",
            on_open=self.open_record,
            is_void=lambda row: row.is_void,
            wide=True,
        )

    def question(self) -> tuple[Any, Any, str]:
        """The ledger, a `Selection` or None, and why there is none."""
        raise NotImplementedError

    def on_read(self, ledger: Any, rows: int) -> None:
        """All of *ledger* that is asked for has so many rows."""

    @property
    def is_reading(self) -> bool:
        """Whether rows are on their way."""
        return self._reading.running or bool(self._find_timer)

    def read(self) -> None:
        """Fetch what is asked for; only the newest question is answered."""
        if self._reading.running:
            self._asks_again = True
            self._reading.cancel()
            return
        self._asks_again = False
        ledger, chosen, why_not = self.question()
        why_not = why_not or refusal(ledger, chosen)
        if why_not:
            self.table.show([])
            self.table.say_when_empty(why_not)
            self._say(ledger.title, "")
            return
        sought = self.find_entry.get().strip()
        self._reading.start(
            lambda report: read_view(ledger, chosen, sought, report),
            on_done=lambda read: self._on_read(ledger, chosen, sought, *read),
            on_progress=lambda *_: self._say(ledger.title, READING),
            on_end=self._on_read_end,
        )

    def _on_read_end(self) -> None:
        if self._asks_again:
            self.read()

    def _on_read(
        self, ledger: Any, chosen: Any, sought: str, headings: Any, view: Any
    ) -> None:
        if self._reading.running:
            return  # something else was asked for meanwhile
        self._show_columns(ledger, headings, view.rows)
        self.table.say_when_empty(
            f"没有找到“{sought}”，按 Esc 清除。" if sought else NO_ROWS
        )
        opens = any(row.record for row in view.rows[:1])
        self.table.on_open = self.open_record if opens else None
        rows = view.rows if view.after is None else _pages(ledger, chosen, view)
        self.table.show(rows)
        count = f"{view.count:,} 条{'以上' if view.is_more else ''}"
        self._say(ledger.title, f"找到 {count}" if sought else f"共 {count}")
        if not sought:
            self.on_read(ledger, view.count)
        if self._enters_list:
            self._enters_list = False
            self.table.enter()

    def _show_columns(self, ledger: Any, headings: Sequence[str], rows: list) -> None:
        """Those of the ledger; measured anew when there is more to measure."""
        name = f"ledger_{ledger.code}"
        own = getattr(ledger, "columns", ())
        if len(headings) != len(own):  # a month's has as many as the month has days
            name += f"_{len(headings)}"
        if name != self.table.name or (rows and not self._is_measured):
            self._is_measured = bool(rows)
            self.table.set_columns(screen_columns(headings, rows), name=name)

    def _say(self, title: str, count: str) -> None:
        self.heading.configure(text=f"{title}　{count}".rstrip())
        if self.window.page is self:
            self.window.say_rows(count)

    def _find(self) -> None:
        self._find_timer = ""
        self.read()

    def _go_to_list(self, event: tkinter.Event) -> str:
        if self._find_timer:
            self.after_cancel(self._find_timer)
            self._find()
        if self._reading.running:
            self._enters_list = True
        else:
            self.table.enter()
        return "break"

    def open_record(self, row: Any) -> None:
        """Enter: the visit or the seal use itself, on the page of finding."""
        from exports.ledgers.viewing import record_of

        record = record_of(row)
        if record is None:
            raise UserError("这一行没有单独的记录可以打开，请到“查找”里查找。")
        is_visit = isinstance(record, Visit)
        on = (record.arrived_at if is_visit else record.used_at).date()
        kind = "visits" if is_visit else "seal_uses"
        self.window.open_finding(kind, first=on, last=on)
        self.window.page.open_card(record)

    def destroy(self) -> None:
        self._reading.close()
        super().destroy()


def _pages(ledger: Any, chosen: Any, view: Any) -> Keyset:
    """The page that was read, and those behind it."""
    from exports.ledgers.viewing import page_of

    def fetch(after: Any) -> tuple[list[Any], Any]:
        if after is None:
            return view.rows, view.after
        return page_of(ledger, chosen, after)

    return Keyset(fetch)
