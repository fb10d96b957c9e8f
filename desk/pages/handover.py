"""交接班: summed up from the records, signed by who goes and by who comes."""

import tkinter
from datetime import datetime, timedelta
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.handoverwords import remark_lines, summary_lines
from desk.pages.leaving import Leaving
from desk.pages.listing import ListingPage, day_text
from desk.slips import print_record
from desk.widgets.form import Form
from desk.widgets.formdrafts import together
from desk.widgets.reading import Reading
from desk.widgets.table import Column, Keyset
from models.desks import this_desk
from models.errors import UserError
from models.handovers import (
    Handover,
    draft_handover,
    hand_over,
    handovers_at,
    last_handover,
    take_over,
    waiting_handover,
)
from models.people import person_signing_in
from models.seal_transfers import SignedBy
from models.slip_templates import SlipKind

# A handover with nothing in it so soon after the last one is most likely a slip.
SOON = timedelta(minutes=30)
LINES_SHOWN = (3, 24)
SWIPED_TOO_SOON = "刚才的刷卡没有记录：移交印章先按 Enter；稍后再交按 Esc。然后再刷卡。"
SEALS_LOCKED = "印章已锁定，接班后解锁；来访照常登记。"
WHO_TAKES_OVER = "接班人刷卡，或输入学号、工号。"


def _moment(at: datetime) -> str:
    return f"{day_text(at.date())} {at:%H:%M}"


COLUMNS = [
    Column("交接时间", lambda row: _moment(row.shift_to), 8),
    Column("交班人", lambda row: row.outgoing_name, 4),
    Column("接班人", lambda row: row.incoming_name or "—", 4),
    Column("来访", lambda row: row.visit_count, 2.5),
    Column("未完成", lambda row: len(row.open_items), 3),
    Column("状态", lambda row: row.status_label, 8, stretch=True),
]


class HandoverPage(ListingPage):
    """Hand over, or, when one waits, take it over first."""

    title = "交接班"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.waiting: Handover | None = None
        self._build_summary()
        self._build_outgoing()
        self._build_incoming()
        self.leaving = Leaving(
            window, self.left, on_change=self._on_leaving, on_swiped=self._swiped_over
        )
        self.build_list(
            name="handovers",
            columns=COLUMNS,
            empty="还没有交接班记录。\n下班前在左边填好，签字交班。",
            buttons={"打印交接班记录": self.on_print},
        )

    def _build_summary(self) -> None:
        left = self.left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(1, weight=1)
        card = ttk.Frame(left, bootstyle="bordered", padding=self.gap * 2)
        self.summary_card = card
        card.grid(row=0, column=0, sticky="ew", pady=(0, self.gap * 2))
        self.summary_title = ttk.Label(card, style="Heading.TLabel")
        self.summary_title.pack(anchor="w")
        self.summary = Reading(card, height=LINES_SHOWN[0])
        self.summary.pack(fill="x", pady=(self.gap, 0))
        left.bind("<Configure>", lambda event: self._fit_summary(), add="+")
        self.summary.text.bind("<Configure>", lambda event: self._fit_summary(), "+")

    def _build_outgoing(self) -> None:
        form = self.outgoing = Form(self.left, title="交班", command=self._hand_over)
        form.grid(row=1, column=0, sticky="nsew")
        for name in ("items_missing", "faults", "instructions", "note"):
            form.add_entry(name, getattr(Handover, name).verbose_name)
        form.add_check("tidy", Handover.tidy.verbose_name, initial=True)
        self.hand_over_button = form.add_button("交班签字", form.submit, primary=True)

    def _build_incoming(self) -> None:
        form = self.incoming = Form(self.left, title="接班", command=self._take_over)
        form.grid(row=1, column=0, sticky="nsew")
        self._typed = ttk.StringVar(self)
        self._typed.trace_add("write", lambda *_: self._name_incoming())
        field = form.add_entry("person", "接班人", textvariable=self._typed)
        form.keep_out("person")
        for key in ("<Return>", "<KP_Enter>"):
            field.bind(key, self._on_person)
        form.add_words("person", "学号", "刷卡", "卡号")
        form.add_fact("hint", "")
        form.set("hint", WHO_TAKES_OVER)
        form.add_text("objection", Handover.objection.verbose_name, height=3)
        form.add_words("objection", "异议原因")
        self.take_over_button = form.add_button("接班", form.submit, primary=True)
        self.object_button = form.add_button("有异议接班", self.on_object)
        # A second swipe must not press what the first one led to.
        for button in (self.take_over_button, self.object_button):
            dialogs.KeyGuard(button).settle()
        form.grid_remove()

    def refresh(self) -> None:
        """Show the waiting handover, or what one would say now."""
        self.leaving.settle()
        self.waiting = waiting_handover()
        shift = self.waiting or draft_handover()
        lines = summary_lines(shift)
        if self.waiting is not None:
            signed = f"{self.waiting.outgoing_signed_at:%m-%d %H:%M}"
            self.summary_title.configure(
                text=f"{self.waiting.outgoing_name} 已于 {signed} 交班，等待接班"
            )
            lines += remark_lines(self.waiting)
            if shift.seal_ranges:
                lines.insert(0, SEALS_LOCKED)
        else:
            self.summary_title.configure(text="本班概况（由记录自动汇总）")
            self.hand_over_button.configure(
                text=f"交班签字（{self.window.person.name}）"
            )
        self._bring_card()
        self.summary.say("\n".join(lines))
        here = this_desk()
        self.table.show(Keyset(lambda after: handovers_at(here, after)))
        self.show_heading("交接班记录")
        self.window.say_rows(self.count_text("条"))

    def _in_front(self) -> Form:
        if self.leaving.asks:
            return self.leaving.card
        return self.incoming if self.waiting is not None else self.outgoing

    def _bring_card(self) -> None:
        """One card under the summary; a seal to hand over needs the whole height."""
        front = self._in_front()
        for card in (self.outgoing, self.incoming, self.leaving.card):
            card.grid() if card is front else card.grid_remove()
        if front is self.leaving.card:
            self.summary_card.grid_remove()
        else:
            self.summary_card.grid()
        self.after_idle(self._fit_summary)  # the card in front then has its height

    def _on_leaving(self) -> None:
        """There is another seal to ask about, or none any more."""
        if not self.leaving.asks and self.window.info.text == SWIPED_TOO_SOON:
            self.window.info.hide()
        self._bring_card()
        self.focus_first()

    def focus_first(self) -> None:
        """The first field of the card in front."""
        if self.leaving.asks:
            self.leaving.card.focus_first()
        elif self.waiting is not None:
            self.incoming.focus_field("person")
        else:
            self.outgoing.focus_field("items_missing")

    def _fit_summary(self) -> None:
        """As high as it is long, but no higher than the card below it can spare."""
        if not self.winfo_exists():
            return
        high, front = self.left.winfo_height(), self._in_front()
        if high <= 1 or front is self.leaving.card:
            return
        others = self.summary_card.winfo_reqheight() - self.summary.winfo_reqheight()
        others += front.height_of_all() + self.gap * 2
        least, most = LINES_SHOWN
        room = (high - others) // theme.line_height(self) - 1
        self.summary.fit_height(least, max(least, min(most, room)))

    def summary_text(self) -> str:
        """What the card says."""
        return self.summary.said

    def _hand_over(self) -> None:
        form = self.outgoing
        remarks = {
            name: form.text(name)
            for name in ("items_missing", "faults", "instructions", "note")
        }
        if not any(remarks.values()) and not self._surely():
            return
        done = hand_over(by=self.window.person, tidy=form.value("tidy"), **remarks)
        form.clear()
        self.refresh()
        self.leaving.ask(self.window.person, SignedBy.SESSION)
        self.focus_first()
        self.window.watch.look()
        self.window.say(f"{done.outgoing_name}已交班，等待接班人刷卡。")
        self.window.autosync.soon()

    def _surely(self) -> bool:
        """Ask before a second handover that has nothing in it."""
        last, shift = last_handover(this_desk()), draft_handover()
        used = any(seal["uses"] for seal in shift.seal_ranges)
        if last is None or shift.visit_count or used:
            return True
        since = last.incoming_signed_at or last.shift_to
        if shift.shift_to - since > SOON:
            return True
        return dialogs.confirm(
            self,
            f"{last.outgoing_name} {last.shift_to:%H:%M} 刚交过班，"
            f"之后没有来访也没有用印。由{self.window.person.name}再交一次班吗？",
            yes="再交一次",
        )

    def _name_incoming(self) -> None:
        """Say whose card or number it is, as soon as it is somebody's."""
        try:
            person = person_signing_in(self._typed.get())
        except UserError:  # not yet typed to its end; signing says what is wrong
            self.incoming.set("hint", WHO_TAKES_OVER)
        else:
            self.incoming.set("hint", f"{person.name}（{person.role_label}）")

    def _on_person(self, event: tkinter.Event) -> str:
        self.incoming.submit(self._go_on)
        return "break"

    def _go_on(self) -> None:
        person_signing_in(self._typed.get())
        self.take_over_button.focus_set()

    def _take_over(self) -> None:
        if self.waiting is None:
            raise UserError("没有等待接班的交班。")
        person = person_signing_in(self.incoming.text("person"))
        objection = self.incoming.value("objection")
        done = take_over(self.waiting, by=person, objection=objection)
        self.incoming.clear(keep=("hint",))
        self.window.sign_in(person)  # who took over is who works from now on
        words = "已接班（有异议）" if objection else "已接班"
        self.window.say(f"{done.incoming_name}{words}，现在由{person.name}登录。")
        self.window.autosync.soon()

    def on_object(self) -> None:
        """Take over, with what is wrong on record."""
        self.incoming.submit(self._take_over_objecting)

    def _take_over_objecting(self) -> None:
        if not self.incoming.value("objection"):
            raise UserError("请写明异议原因，例如数目不符、物品短缺。")
        self._take_over()

    def draft(self) -> dict[str, Any] | None:
        """The remarks of who goes, the objection of who comes."""
        objection = self.incoming.draft() if self.waiting else None
        return together(
            outgoing=self.outgoing.draft(),
            incoming=objection,
            waiting=objection and self.waiting and self.waiting.uid,
        )

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """An objection to what was taken over meanwhile is over."""
        if "outgoing" in kept:
            self.outgoing.bring_draft(kept["outgoing"])
        if self.waiting is not None and self.waiting.uid == kept.get("waiting"):
            self.incoming.bring_draft(kept["incoming"])

    def on_save(self) -> None:
        """Ctrl+S, in whichever card is in front."""
        self._in_front().submit()

    def on_escape(self) -> None:
        """Esc: the seal is handed over later."""
        if self.leaving.asks:
            self.leaving.on_escape()

    def on_print(self) -> None:
        """Ctrl+P: the form of the marked handover, else of the last one."""
        marked = self.table.selection()
        handover = marked[0] if marked else last_handover(this_desk())
        if handover is None:
            raise UserError("还没有交接班记录，交班签字后再打印。")
        print_record(self.window, SlipKind.HANDOVER, handover)

    def _swiped_over(self, text: str) -> None:
        """Whoever takes over has swiped before it is said what becomes of the seal."""
        self.window.status.say(SWIPED_TOO_SOON)
        self.window.info.show(SWIPED_TOO_SOON, "warning")
