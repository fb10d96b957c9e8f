"""印章管理 (office): the register of seals, who has them, and what became of them."""

import tkinter
from typing import Any

from desk.pages.listing import ListingPage
from desk.pages.registerrows import SealRow, card_lines, is_destroyed, seal_rows
from desk.pages.sealregister import SealForm
from desk.widgets.reading import Reading
from desk.widgets.table import Column
from models.errors import UserError
from models.seals import SealState

COLUMNS = [
    Column("印章", lambda row: row.seal.name, 15),
    Column("窗口", lambda row: row.desk_name, 9.8),
    Column("保管人", lambda row: row.holder, 10, stretch=True),
    Column("状态", lambda row: row.state, 4),
    Column("部门", lambda row: row.seal.department_name, 5),
    Column("助理用印", lambda row: _assistants(row), 4),
    Column("启用日期", lambda row: row.seal.enabled_on, 5),
]
CARD_LINES = 9


class SealSetupPage(ListingPage):
    """The office keeps the register; the desks' records are only read here."""

    title = "印章管理"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.form = SealForm(self, self)
        self.save_button = self.form.save_button
        self.put_left(self.form)
        self.build_list(
            name="seal_setup",
            columns=COLUMNS,
            empty="还没有登记印章。\n在左边选择保管部门和保管人，登记第一枚。",
            buttons={"更改": self._on_change},
            on_open=lambda row: self._on_change(),
            is_void=lambda row: is_destroyed(row.seal),
        )
        self._build_card(self.table.master)
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )

    def _build_card(self, side: Any) -> None:
        side.rowconfigure(1, weight=3)
        side.rowconfigure(2, weight=2)
        self.card = Reading(side, height=CARD_LINES)
        self.card.grid(row=2, column=0, sticky="nsew", pady=(self.gap, 0))

    def refresh(self) -> None:
        """Show the register, the marked seal kept."""
        self.form.refresh()
        rows = seal_rows()
        self.table.show(rows)
        in_use = sum(row.seal.state == SealState.ACTIVE for row in rows)
        rest = f"，启用 {in_use} 枚" if in_use != len(rows) else ""
        self.show_heading(f"印章 {len(rows)} 枚{rest}")
        self.window.say_rows(f"{len(rows)} 枚")
        items = self.table.tree.get_children()
        if items and not self.table.tree.selection():
            self.table.tree.selection_set(items[0])
            self.table.tree.focus(items[0])
        self._show_marked()

    def focus_first(self) -> None:
        """Begin with what is to be done."""
        self.form.focus_field("task")

    def _show_marked(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        row: SealRow | None = self.table.selected()
        self.form.show_seal(row.seal if row else None)
        lines = card_lines(row.seal) if row else ["在上面选中一枚印章看它的经过。"]
        self.card.say("\n".join(lines))

    def _on_change(self) -> None:
        if self.table.selected() is None:
            raise UserError("请先在列表中选中一枚印章。")
        self.form.begin("change")
        self.form.focus_field("kind")

    def on_saved(self, told: str) -> None:
        """The form has changed the register; the next task begins empty."""
        self.form.begin(self.form.task)
        self.refresh()
        self.focus_first()
        self.window.say(f"{told}各窗口下次同步后生效。")

    def on_new(self) -> None:
        """Ctrl+N: begin to register one."""
        self.form.begin("register")
        self.form.focus_field("department")

    def draft(self) -> dict[str, Any] | None:
        """What was typed about a seal, or to register one."""
        typed = self.form.draft(apart=self.form.chosen_fields())
        seal = self.form.seal
        return typed and {"form": typed, "seal": seal.uid if seal else ""}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The seal is marked again; registering one needs none."""
        for item, row in zip(self.table.tree.get_children(), seal_rows(), strict=False):
            if row.seal.uid == kept["seal"]:
                self.table.tree.selection_set(item)
        self._show_marked()
        self.form.bring_draft(kept["form"])

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.require_possible()
        self.form.submit()


def _assistants(row: SealRow) -> str:
    return "可以" if row.seal.assistants_may_use else "否"
