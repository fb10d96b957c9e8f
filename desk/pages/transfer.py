"""移交印章: the card in which giver, receiver and witness sign (P16)."""

import tkinter
from typing import Any

from desk.pages.handoverwords import used_in_words
from desk.pages.signing import Signature, SignEntry, SignForm
from models.custody import (
    TRANSFER_KIND_LABELS,
    Custody,
    SealTransfer,
    TransferKind,
    custody_of,
    stands_in_for,
    transfer_seal,
)
from models.desks import this_desk
from models.errors import UserError
from models.people import Person
from models.seal_sums import sums_since_transfer
from models.seal_transfers import SignedBy
from models.seals import Seal

# What somebody who goes with a seal in hand may do.
NOW, LATER = "now", "later"
GOING = {NOW: "现在移交（Enter）", LATER: "稍后再交（Esc）"}
EXPECTED = {
    TransferKind.COLLECTED: "缴回时由中心办公室的人员接收。",
    TransferKind.TEMPORARY: "可以由别的部门的老师代管。",
}


class TransferCard(SignForm):
    """Tells the page `on_transferred` when done, and `on_escape` to go back.

    For somebody *going* it first asks whether they hand the seal over now: a swipe
    meanwhile is another's, and the page hears of it by `on_swiped`.
    """

    def __init__(
        self, page: Any, master: tkinter.Misc | None = None, *, going: bool = False
    ) -> None:
        super().__init__(
            master or page,
            title="移交印章",
            command=self._transfer,
            window=page.window,
            on_swiped=page.on_swiped if going else None,
        )
        self._page, self._going = page, going
        self._seal: Seal | None = None
        self._custody: Custody | None = None
        self._giver: Signature | None = None
        page.put_left(self)
        self._build_facts()
        self._build_terms()
        self._build_signatures()
        self._build_remarks()
        self.add_button("确认移交", self.submit, primary=True)
        self.add_button("稍后再交" if going else "返回", page.on_escape)
        self.start_over()

    def _build_facts(self) -> None:
        self.add_fact("seal", SealTransfer.seal_name.verbose_name)
        self.add_fact("from", SealTransfer.giver_name.verbose_name)
        self.add_fact("numbers", "保管期间")
        if self._going:
            self.add_choice("going", "印章去向", GOING, columns=2)

    def _build_terms(self) -> None:
        self.add_choice(
            "kind",
            SealTransfer.kind.verbose_name,
            TRANSFER_KIND_LABELS,
            on_change=self._on_kind,
        )
        self.add_date("until", SealTransfer.until.verbose_name)
        self.add_words("until", "期限")
        for name in ("approver", "reason"):
            self.add_entry(name, getattr(SealTransfer, name).verbose_name)
        self.add_words("kind", "移交类别", "不是临时代管")

    def _build_signatures(self) -> None:
        for name in ("giver", "receiver", "witness"):
            self.add_sign(name, getattr(SealTransfer, f"{name}_name").verbose_name)
        self.add_words("giver", "只有保管人")
        self.add_words("receiver", "本部门的人", "接收印章", "学生助理保管")
        self.add_words("witness", "监交")
        self.add_fact("hint", "")

    def _build_remarks(self) -> None:
        """Filled in as usual, so below what has to be signed: on a low screen the
        signatures were out of sight."""
        for name in ("condition", "place", "note"):
            self.add_entry(name, getattr(SealTransfer, name).verbose_name)

    # -- what is handed over --------------------------------------------------

    def offer(self, seal: Seal, giver: Person | None = None, signed: str = "") -> None:
        """The seal to be handed over.  The giver is who is signed in, or *giver*,
        who has signed as *signed* says; anybody else has to sign here."""
        self._seal, self._custody = seal, custody_of(seal)
        if giver is None:
            giver, signed = self.window.person, SignedBy.SESSION
        assert giver is not None
        self._giver = Signature(giver, signed) if self._may_give(giver) else None
        if not signed:
            self._giver = None
        self.start_over()
        self.set("seal", seal.name)
        self.set("from", self._giver_words())
        self.set("numbers", kept_words(seal))
        self.guard()

    def _may_give(self, person: Person) -> bool:
        assert self._seal is not None and self._custody is not None
        holder = self._custody.holder
        return holder.uid == person.uid or stands_in_for(holder, person, self._seal)

    def _giver_words(self) -> str:
        assert self._custody is not None
        holder = self._custody.holder
        if self._giver is None:
            return f"{holder.name}（请本人在下面签字）"
        if self._giver.person.uid != holder.uid:
            return f"{holder.name}（已离岗），由{self._giver.person.name}代交"
        return self._giver.words

    def start_over(self) -> None:
        """Empty but for what is usual."""
        self.clear(keep=("seal", "from", "numbers"))
        lent = self._custody is not None and self._custody.lender is not None
        self.set("kind", TransferKind.RETURN if lent else TransferKind.HANDOVER)
        self.set("condition", "完好")
        self.set("place", this_desk().name)
        self.show_field("giver", self._giver is None and self._seal is not None)

    def _on_kind(self, kind: str) -> None:
        """Show what this kind of transfer needs; who signed another kind has not
        signed this one."""
        lent = kind == TransferKind.TEMPORARY
        for name in ("until", "approver"):
            self.show_field(name, lent)
        if self.text("reason") in ("", *TRANSFER_KIND_LABELS.values()):
            self.set("reason", TRANSFER_KIND_LABELS.get(kind, ""))
        for name in ("receiver", "witness"):
            self.set(name, None)
        expected = EXPECTED.get(TransferKind(kind), "")
        if kind == TransferKind.RETURN and self._custody and self._custody.lender:
            expected = f"还给{self._custody.lender.name}，由本人签字接收。"
        sign = "刷卡或输入学号、工号后按 Enter 签字。"
        if self._going:
            sign = "先按 Enter，再刷卡或输入学号签字。"
        self.set("hint", f"{expected}{sign}")

    def focus_first(self) -> None:
        """Where one begins: what is usual is filled in, so with the signatures."""
        if self._going:
            return self.focus_field("going")
        self.focus_field("giver" if self._fields["giver"].shown else "receiver")

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        if self._going and step > 0 and widget is self.widget("going"):
            if self.value("going") == LATER:
                self._page.on_escape()
            else:
                self.focus_field("giver" if self._fields["giver"].shown else "receiver")
            return "break"
        return super()._walk(widget, step)

    def _after_signing(self, name: str, widget: SignEntry) -> None:
        """What stands below the last signature is filled in already."""
        if name == "witness":
            self.primary.focus_set()
        else:
            super()._after_signing(name, widget)

    # -- signing --------------------------------------------------------------

    def check_signing(self, name: str, person: Person) -> None:
        """Three people sign, each for themselves."""
        giver = self._giver or self.value("giver")
        receiver: Signature | None = self.value("receiver")
        if name == "giver":
            if not self._may_give(person):
                assert self._custody is not None
                raise UserError(
                    f"印章现在由{self._custody.holder.name}保管，请由保管人签字。"
                )
        elif giver is not None and person.uid == giver.person.uid:
            raise UserError(f"{person.name}是移交人，请由另一个人签字。")
        elif name == "witness" and receiver and person.uid == receiver.person.uid:
            raise UserError(f"{person.name}是接收人，监交要由第三人签字。")

    def _transfer(self) -> None:
        if self._seal is None:
            raise UserError("请选择印章。")
        if self._going and self.value("going") == LATER:
            return self._page.on_escape()
        if self._giver is not None and self._giver.method == SignedBy.SESSION:
            if self.window.person.uid != self._giver.person.uid:
                raise UserError("登录的人已经换了，请返回后重新办理移交。")
        giver = self._giver or self.signature("giver")
        receiver, witness = self.signature("receiver"), self.signature("witness")
        done = transfer_seal(
            self._seal,
            by=giver.person,
            receiver=receiver.person,
            witness=witness.person,
            kind=self.value("kind"),
            until=self.value("until") if self._fields["until"].shown else None,
            signed=(giver.method, receiver.method, witness.method),
            **{
                name: self.text(name)
                for name in ("reason", "approver", "condition", "place", "note")
            },
        )
        self.start_over()
        self.window.watch.look()
        self._page.on_transferred(done)


def kept_words(seal: Seal) -> str:
    """What the giver answers for: numbers, uses and impressions."""
    sums = sums_since_transfer(seal)
    if sums["first"] is None:
        return "本人保管期间没有用印"
    return f"本人保管期间 {used_in_words(sums)}"
