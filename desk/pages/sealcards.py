"""What is shown in place of the form of seal uses, or over the whole page of seals."""

import tkinter
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from desk.pages.listing import ListingPage
from desk.pages.sealform import SealForm
from desk.pages.sealrows import sheet_words
from desk.pages.transfer import TransferCard
from desk.slips import offer_transfer_form
from desk.widgets.formdrafts import together
from models.custody import SealTransfer
from models.desks import this_desk
from models.errors import UserError
from models.outings import SealOuting
from models.reservations import SealReservation, open_reservations
from models.seals import Seal

# Made when they are first wanted: the page is the one opened most after the first.
CARDS = {
    "batch": ("sealbatch", "BatchCard"),
    "outage": ("outagesheet", "OutageCard"),
    "rows": ("outagerows", "OutageRows"),
    "outing": ("outing", "OutingCard"),
}


class SealCards(ListingPage):
    """A card is shown where the form is by `show_card`, until Esc or `close_card`.

    It is made with this page, `put_left` itself, and has `submit` for Ctrl+S; where it
    has them, `focus_first` and `start_over` (before it is put away) are called.
    """

    form: SealForm

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.front: Any = None
        self.cards: dict[str, Any] = {}

    def seal(self) -> Seal:
        """The chosen seal; UserError when there is none."""
        raise NotImplementedError

    def show_seal(self) -> None:
        """Where the chosen seal is, who may use it, and its next number."""

    def show_list(self) -> None:
        """What was written today."""

    @property
    def rows_shown(self) -> Any:
        """The rows of a paper sheet while they lie over the page, or None."""
        rows = self.cards.get("rows")
        return rows if rows is not None and rows.is_shown else None

    # -- cards in place of the form -------------------------------------------

    def show_card(self, card: Any) -> None:
        """Show *card* (made with this page, `put_left`) where the form is."""
        self.require_no_rows()
        if self.front is not None and self.front is not card:
            self.front.grid_remove()
        self.front = card
        self.form.grid_remove()
        card.grid()
        self.focus_card()

    def focus_card(self) -> bool:
        """Where one begins in what is in front; False when that is the form."""
        if self.rows_shown is not None:
            self.rows_shown.rows.focus_set()
        elif self.front is not None:
            focus = getattr(self.front, "focus_first", None)
            focus() if focus else self.front.focus_field("receiver")
        else:
            return False
        return True

    def put_away(self) -> bool:
        """Back from what is in front; False when that was the form."""
        if self.rows_shown is not None:
            self.rows_shown.hide()
            self.focus_first()
        elif self.front is not None:
            self.close_card()
        else:
            return False
        return True

    def require_no_rows(self) -> None:
        """Refuse what would go on unseen, under the rows of a paper sheet."""
        if self.rows_shown is not None:
            raise UserError("请先补录断电表，或按 Esc 收起。")

    def require_form(self) -> None:
        """Refuse what belongs to the form while something is in front of it."""
        self.require_no_rows()
        if self.front is not None:
            raise UserError("请先完成当前的卡片，或按 Esc 返回用印登记。")

    def close_card(self) -> None:
        """Back to the form."""
        if self.front is None:
            return
        card, self.front = self.front, None
        getattr(card, "start_over", lambda: None)()
        card.grid_remove()
        self.form.grid()
        self.show_seal()
        self.form.focus_field("applicant")

    def card(self, name: str) -> Any:
        """A card by name, made when it is first wanted."""
        if name not in self.cards:
            module, made = CARDS[name]
            card = getattr(import_module(f"desk.pages.{module}"), made)(self)
            self.cards[name] = card
            if name != "rows":
                card.grid_remove()
        return self.cards[name]

    def build_transfer(self) -> None:
        """The card for handing a seal over."""
        self.transfer = TransferCard(self)
        self.transfer.grid_remove()
        self.confirm_transfer = self.transfer.primary

    def on_transfer(self) -> None:
        """Show the transfer card."""
        self.transfer.offer(self.seal())
        self.show_card(self.transfer)

    def on_transferred(self, done: SealTransfer) -> None:
        """All have signed."""
        self.close_card()
        offer_transfer_form(self.window, done)

    def on_take_out(self) -> None:
        """Show the card for a seal taken outside, or brought back."""
        self.card("outing").offer(self.seal())
        self.show_card(self.card("outing"))

    def on_outing(self, done: SealOuting) -> None:
        """The seal has left, or is back and checked."""
        self.close_card()
        if done.returned_at is None:
            back = f"应于 {done.due_back_at:%m-%d %H:%M} 归还"
            self.window.say(f"{done.seal_name}已带出，{back}。")
        else:
            self.window.say(f"{done.seal_name}已归还。")

    def on_card(self) -> None:
        """Ctrl+K: the list of students of a batch."""
        self.card("batch").offer(self.form.batch)
        self.show_card(self.card("batch"))

    def on_batch(self, numbers: Sequence[str]) -> None:
        """The list is taken over."""
        self.close_card()
        self.form.take_batch(numbers)
        begun = bool(self.form.text("applicant"))
        self.form.focus_field("document_title" if begun else "applicant")
        self.window.say(f"已带入名单 {len(numbers)} 人，份数 {len(numbers)}。")

    def forget_batch(self) -> None:
        """The next entry has no list yet."""
        if "batch" in self.cards:
            self.cards["batch"].forget()

    # -- the sheet for when the power fails -----------------------------------

    def on_print(self) -> None:
        """Ctrl+P: set numbers apart and print them."""
        self.card("outage").offer(self.seal())
        self.show_card(self.card("outage"))

    def on_late_entry(self) -> None:
        """Ctrl+F9: copy the oldest sheet in."""
        waiting = open_reservations(this_desk())
        if not waiting:
            raise UserError("没有等着补录的断电表。要备用请先按“断电表”留号并打印。")
        self.copy_in(waiting[0])

    def copy_in(self, sheet: SealReservation) -> None:
        """Lay the rows of a paper sheet over the page."""
        self.card("rows").show(sheet)

    def on_settled(self, sheet: SealReservation) -> None:
        """Every number of the sheet is a line of the ledger."""
        self.card("rows").hide()
        self.close_card()
        self.show_seal()
        self.show_list()
        self.form.forget_words()
        self.window.say(
            f"断电表 {sheet_words(sheet)} 已补录：用了 {sheet.used} 个号，"
            f"作废 {sheet.count - sheet.used} 个号；往日的在“查找”里看。"
        )

    # -- kept for the next start ----------------------------------------------

    def draft_of_cards(self) -> dict[str, Any] | None:
        """A list not taken over yet, rows of paper, and the card of a seal."""
        batch, rows = self.cards.get("batch"), self.cards.get("rows")
        return together(
            batch=batch and batch.draft(),
            rows=rows and rows.draft(),
            shown=rows and rows.is_shown and rows.draft() and rows.sheet.uid,
            seal=self._draft_of_front(),
        )

    def _draft_of_front(self) -> dict[str, Any] | None:
        names = {self.transfer: "transfer", self.cards.get("outing"): "outing"}
        name = names.get(self.front) if self.front is not None else None
        typed = self.front.draft() if name else None
        return typed and {"card": name, "seal": self.seal().uid, "typed": typed}

    def bring_cards(self, kept: dict[str, Any]) -> None:
        """What was in front comes to the front again."""
        if "seal" in kept:
            self._bring_front(**kept["seal"])
        if "batch" in kept:
            self.card("batch").bring_draft(kept["batch"])
            self.on_card()
        if "rows" in kept:
            self.card("rows").bring_draft(kept["rows"])
        for sheet in open_reservations(this_desk()):
            if sheet.uid == kept.get("shown"):
                self.copy_in(sheet)

    def _bring_front(self, card: str, seal: str, typed: dict[str, Any]) -> None:
        self.form.set("seal", seal)
        self.on_transfer() if card == "transfer" else self.on_take_out()
        self.front.bring_draft(typed)
