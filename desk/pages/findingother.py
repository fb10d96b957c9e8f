"""What 查找 has of the kind of record that is not in front."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk.pages.findingbar import KIND_LABELS, SEAL_USES, VISITS, FindingBar
from models.finding import find_seal_uses, find_visits

AT_ONCE = 50  # rows a page: what is painted before one scrolls
FIND = {VISITS: find_visits, SEAL_USES: find_seal_uses}


def count_text(rows: int, has_more: bool) -> str:
    """Never more than is known."""
    return f"{rows:,} 条以上" if has_more else f"{rows:,} 条"


class OtherKind(ttk.Button):
    """Stands before *hint* while the other kind has something; turns to it."""

    def __init__(
        self, hint: ttk.Label, bar: FindingBar, gap: int, turn: Callable[[], object]
    ) -> None:
        super().__init__(hint.master, command=turn, takefocus=False)
        self._hint, self._bar, self._gap = hint, bar, gap

    def hide(self) -> None:
        self.pack_forget()

    def ask(self) -> str:
        """Show how many there are; what to say where this kind has none."""
        kind = self._bar.other_kind
        text, chosen = self._bar.question(kind)
        page = FIND[kind](text, limit=AT_ONCE, **chosen)
        if page.backlog or not page.rows:
            return ""
        count = count_text(len(page.rows), page.after is not None)
        here, other = KIND_LABELS[self._bar.kind], KIND_LABELS[kind]
        self.configure(text=f"{other}里有 {count}（Ctrl+Tab）")
        self.pack(side="left", padx=(0, self._gap * 2), before=self._hint)
        return f"{here}里没有；{other}里有 {count}，按 Ctrl+Tab 查看。"


def bind_ctrl_tab(widget: tkinter.Misc, turn: Callable[[], str]) -> None:
    """Wherever the focus is on the page."""
    widget.bind("<Control-Tab>", lambda event: turn())
    for child in widget.winfo_children():
        bind_ctrl_tab(child, turn)
