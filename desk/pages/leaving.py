"""印章跟人走: whoever goes with a seal in hand is asked at once to hand it over."""

import tkinter
from collections.abc import Callable
from typing import Any, NamedTuple

from desk.pages.transfer import TransferCard
from desk.sealwatch import outside_words
from models.custody import SealTransfer, holder_of, seals_held_by
from models.outings import open_outing
from models.people import Person
from models.seals import Seal


class Going(NamedTuple):
    """A seal, who goes with it, and how they signed ("" when somebody else did it)."""

    seal: Seal
    person: Person
    signed: str


class Leaving:
    """The transfer card of a page on which people go, one seal after the other.

    Nobody is kept here: what is put off stays in the header until it is settled.
    *on_change* is called when there is another seal to ask about, or none any more;
    *on_swiped* hears of cards that were not meant for the card.
    """

    def __init__(
        self,
        window: Any,
        master: tkinter.Misc,
        *,
        on_change: Callable[[], None],
        on_swiped: Callable[[str], None],
    ) -> None:
        self.window, self.on_swiped = window, on_swiped
        self._on_change = on_change
        self._going: list[Going] = []
        self.card = TransferCard(self, master, going=True)

    def put_left(self, card: TransferCard) -> None:
        """Where the page has its other cards; out of sight at first."""
        card.grid(row=1, column=0, sticky="nsew")
        card.grid_remove()

    @property
    def asks(self) -> bool:
        """Whether somebody has gone who is asked about a seal."""
        return bool(self._going)

    def ask(self, person: Person, signed: str) -> None:
        """*person* goes.  A seal that is outside is not here to be handed over: it
        is only said."""
        known = {going.seal.uid for going in self._going}
        before, outside = len(self._going), []
        for seal in seals_held_by(person):
            outing = open_outing(seal)
            if outing is not None:
                outside.append(outside_words(outing))
            elif seal.uid not in known:
                self._going.append(Going(seal, person, signed))
        if len(self._going) > before == 0:
            self._offer()
        if outside:
            self.window.say(f"{'；'.join(outside)}。")

    def settle(self, back: Person | None = None) -> None:
        """Forget what was settled elsewhere meanwhile, or by somebody's coming
        *back*."""
        before = self._going
        self._going = [
            going
            for going in before
            if holder_of(going.seal).uid == going.person.uid
            and (back is None or back.uid != going.person.uid)
        ]
        if self._going and self._going[0] is not before[0]:
            self._offer()
        elif before and not self._going:
            self._on_change()

    def _offer(self) -> None:
        seal, person, signed = self._going[0]
        self.card.offer(seal, person, signed)
        more = len(self._going) - 1
        after = f"（之后还有 {more} 枚）" if more else ""
        self.card.set("seal", f"{seal.name}{after}")
        self._on_change()

    def _next(self) -> None:
        self._going = self._going[1:]
        self.card.start_over()
        if self._going:
            self._offer()
        else:
            self._on_change()

    def on_transferred(self, done: SealTransfer) -> None:
        """All have signed."""
        self._next()
        self.window.say(
            f"{done.seal_name}已由{done.giver_name}移交给{done.receiver_name}。"
        )

    def on_escape(self) -> None:
        """Later: the seal stays with its keeper, and the header says so."""
        going = self._going[0]
        self._next()
        self.window.watch.look()
        self.window.say(f"{going.seal.name}仍由{going.person.name}保管，请尽快移交。")
