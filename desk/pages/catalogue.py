"""窗口事项 (office): what every desk offers, changed in versions, and why (P2, P15)."""

import tkinter
from datetime import timedelta
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.catalogueform import CatalogueForm
from desk.pages.cataloguerows import (
    ItemRow,
    change_words,
    item_rows,
    kind_words,
    one_line,
)
from desk.pages.listing import ListingPage
from desk.pages.servicecard import show_service_card
from desk.widgets.reading import Words
from desk.widgets.table import Column, Table
from models.catalogue import changes_between, changes_of
from models.clock import today
from models.errors import UserError
from models.services import Service

COLUMNS = [
    Column("窗口", lambda row: row.desk_name, 7),
    Column("事项", lambda row: row.service.name, 9, stretch=True),
    Column("状态", lambda row: row.state, 6),
    Column("件型", kind_words, 5),
    Column("版本", lambda row: row.service.version, 2),
    Column("责任部门", lambda row: row.service.department_name, 5),
]
CHANGES = [
    Column("登记", lambda change: f"{change.at:%Y-%m-%d}", 5),
    Column("类别", lambda change: change.kind_label, 4),
    Column("生效", lambda change: change.effective_on, 5),
    Column("变更后", lambda change: one_line(change.after), 10, stretch=True),
    Column("依据", lambda change: one_line(change.basis), 10.5),
]
SHOWN_FOR = timedelta(days=365)
LEAST_LINES = 7  # of text: the titles and three rows


class CataloguePage(ListingPage):
    """Nothing is overwritten: the list shows today, the history what was before."""

    title = "窗口事项"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.form = CatalogueForm(self, self)
        self.put_left(self.form)
        self.build_list(
            name="catalogue",
            columns=COLUMNS,
            empty="还没有事项。",
            buttons={
                "事项卡": self.on_card,
                "停办": self.on_void,
                "调整": self._on_change,
            },
            on_open=lambda row: self._change(row),
            is_void=lambda row: row.is_over,
        )
        self._build_history(self.table.master)
        self.form.refresh()
        self.form.begin(None)

    def _build_history(self, side: Any) -> None:
        self.history_heading = ttk.Label(side, style="Heading.TLabel")
        self.history_heading.grid(row=2, column=0, sticky="w", pady=self.gap)
        self.history = Table(
            side,
            name="catalogue_history",
            columns=CHANGES,
            empty="还没有变更记录。\n在左边新增、停办或改时限，这里就有记录。",
            height=4,
            on_open=lambda change: dialogs.warn(self, change_words(change)),
        )
        self.history.grid(row=3, column=0, sticky="nsew")
        hint = Words(side, style="Hint.TLabel")
        hint.say("选中一条按 Enter 看全文；Word 记录在“台账”的窗口事项变更记录。")
        hint.grid(row=4, column=0, sticky="ew", pady=(self.gap, 0))
        hint.bind("<Configure>", lambda event: hint.wrap_at(event.width), add="+")
        # In a low window the history is the shorter one, and both have rows.
        side.rowconfigure(1, weight=5, minsize=theme.line_height(self) * LEAST_LINES)
        side.rowconfigure(3, weight=1)
        dialogs.KeyGuard(self.history.tree).settle()
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_history(), add="+"
        )

    def refresh(self) -> None:
        """Show the catalogue and what was decided."""
        self.form.refresh()
        rows = item_rows()
        self.table.show(rows)
        offered = sum(not row.is_over for row in rows)
        over = len(rows) - offered
        self.show_heading(
            f"事项 {offered} 项" + (f"，已停办 {over} 项" if over else "")
        )
        self.window.say_rows(f"共 {len(rows)} 项")
        self._show_history()

    def focus_first(self) -> None:
        """Begin with what is to be done."""
        self.form.focus_field("task")

    def _show_history(self) -> None:
        row = self.table.selected()
        if row is None:
            self.history_heading.configure(text="近一年的变更")
            self.history.show(changes_between(today() - SHOWN_FOR, today()))
        else:
            self.history_heading.configure(text=f"“{row.service.name}”的变更")
            self.history.show(changes_of(row.service))

    def _one_selected(self) -> ItemRow:
        row = self.table.selected()
        if row is None:
            raise UserError("请先在列表中选中一个事项。")
        return row

    def _change(self, row: ItemRow) -> None:
        self.form.begin(row.service)
        self.form.focus_field("name")

    def _on_change(self) -> None:
        self._change(self._one_selected())

    def on_void(self) -> None:
        """Delete, or the button: the marked item is to be retired."""
        self.form.begin(self._one_selected().service, "retire")
        self.form.focus_field("ends_on")

    def on_card(self) -> None:
        """What the desks read of the marked item."""
        show_service_card(self, self._one_selected().service)

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.begin(None)
        self.focus_first()

    def draft(self) -> dict[str, Any] | None:
        """What was typed, and which service it changes."""
        typed = self.form.draft(apart=self.form.chosen_fields())
        service = self.form.service
        return typed and {"form": typed, "service": service.uid if service else ""}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The change is begun again, with what was typed."""
        service = Service.get_or_none(Service.uid == kept["service"])
        self.form.begin(service, kept["form"]["task"])
        self.form.bring_draft(kept["form"])

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_saved(self, told: str) -> None:
        """The form has changed the catalogue."""
        self.form.begin(None)
        self.refresh()
        self.focus_first()
        self.window.say(f"{told}各窗口下次同步后生效。")
