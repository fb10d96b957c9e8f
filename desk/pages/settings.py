"""设置: this PC and its window.

Everybody sees it; what guards the PC is not everybody's to change.
"""

import tkinter
from contextlib import suppress
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.keycards import KeyCard, OfficeKeysCard
from desk.pages.settingsbackup import BackupCard
from desk.pages.settingscard import SettingsCard
from desk.pages.settingshere import HereCard, LimitsCard, ShareCard
from desk.pages.settingslock import IdleCard, ScreenPinCard
from desk.pages.settingslooks import LooksCard, PrinterCard
from desk.widgets.page import Page
from desk.widgets.scrolling import Scrolled, follow_size
from models.errors import UserError

# Two columns; what is changed most is left, where the focus begins.
COLUMNS: tuple[tuple[type[SettingsCard], ...], ...] = (
    (LooksCard, PrinterCard, IdleCard, ScreenPinCard, KeyCard),
    (HereCard, ShareCard, BackupCard, LimitsCard, OfficeKeysCard),
)
SETTLED_MS = 50
LEAST_COLUMN = 26  # Chinese characters; below, the columns stand under each other


class SettingsPage(Page):
    """Most is kept as soon as it is chosen; where there is a button, Ctrl+S does it."""

    title = "设置"
    save_words = "保存"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.columnconfigure(0, weight=1)
        self.area = Scrolled(self, padding=0)
        self.area.grid(row=0, column=0, sticky="nsew")
        follow_size(self.area)
        # A card that was lower for a moment takes the view back to the top.
        self.area.bind("<Configure>", lambda event: self._see_focus(), add="+")
        self.cards: dict[type[SettingsCard], SettingsCard] = {}
        self._columns: list[ttk.Frame] = []
        for cards in COLUMNS:
            column = ttk.Frame(self.area)
            column.columnconfigure(0, weight=1)
            here = [k for k in cards if window.here.is_office or not k.office_only]
            for row, kind in enumerate(here):
                card = kind(column, window)
                above = (self.gap if row else 0, 0)
                card.grid(row=row, column=0, sticky="ew", pady=above)
                self._follow_focus(card)
                self.cards[kind] = card
            self._columns.append(column)
        self.bind("<Configure>", lambda event: self.fit())

    def fit(self) -> None:
        """Side by side where there is room, else one under the other."""
        least = theme.text_width(self, LEAST_COLUMN) * len(self._columns)
        beside = self.winfo_width() >= least
        for number, column in enumerate(self._columns):
            row, place = (0, number) if beside else (number, 0)
            column.grid(
                row=row,
                column=place,
                sticky="new",
                padx=(0, self.gap * 2),
                pady=(self.gap if row else 0, 0),
            )
            self.area.columnconfigure(
                number,
                weight=int(beside or not number),
                uniform="cards" if beside else "",
            )

    def _follow_focus(self, card: SettingsCard) -> None:
        """What gets the keyboard comes into sight: a card itself never scrolls.

        Only of what takes it: a binding to the focus makes anything a stop of Tab.
        """
        for part in (*card.inputs(), *card.bar.winfo_children()):
            # Tk says the one at once, the other when the display has answered.
            for event in ("<<TraverseIn>>", "<FocusIn>"):
                part.bind(event, self._on_focus, add="+")

    def _on_focus(self, event: tkinter.Event) -> None:
        self._see(event.widget)
        # Cards may grow meanwhile, and Tk may take the view back to the top.
        self.after_idle(self._see, event.widget)
        self.after(SETTLED_MS, self._see_if_here, event.widget)

    def _see_if_here(self, part: tkinter.Misc) -> None:
        """Unless the keyboard has gone on: then that is to be seen."""
        if part.winfo_exists() and str(self.tk.call("focus")) == str(part):
            self._see(part)

    def _see_focus(self) -> None:
        with suppress(KeyError):  # the list of a combobox: Tk made it by itself
            part = self.focus_get()
            if part is not None and self._card_in_use() is not None:
                self.after_idle(self._see, part)

    def _see(self, part: tkinter.Misc) -> None:
        if not part.winfo_exists():
            return
        self.area.update_idletasks()
        canvas, whole = self.area.master, self.area.winfo_height()
        top = part.winfo_rooty() - self.area.winfo_rooty()
        bottom = top + part.winfo_height() + self.gap * 2
        shown, high = (
            canvas.winfo_rooty() - self.area.winfo_rooty(),
            canvas.winfo_height(),
        )
        if top < shown:
            self.area.yview_moveto(max(top - self.gap, 0) / whole)
        elif bottom > shown + high:
            self.area.yview_moveto((bottom - high) / whole)

    def refresh(self) -> None:
        """As it is now; what is half typed stays."""
        for card in self.cards.values():
            card.show()

    def focus_first(self) -> None:
        """Begin with the colours."""
        self.cards[LooksCard].focus_field("mode")

    def on_save(self) -> None:
        """Ctrl+S: the card with the focus."""
        card = self._card_in_use()
        if card is None or not card.saves:
            raise UserError("这一栏选好就已经保存，不用再按。")
        card.submit()

    def _card_in_use(self) -> SettingsCard | None:
        widget: Any = self.focus_get()
        while widget is not None and not isinstance(widget, SettingsCard):
            widget = widget.master
        return widget
