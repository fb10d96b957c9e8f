"""The form of 场馆使用: what is asked for, and what came of it."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from desk.pages.askingform import AskingForm
from desk.widgets.clocktime import read_time
from models.bookings import (
    USUAL_VENUE,
    Booking,
    BookingStatus,
    Wanted,
    book_venue,
    clashing,
    free_times,
    refuse_booking,
    venues_used,
)
from models.desks import this_desk
from models.errors import UserError

RESULTS = {BookingStatus.APPROVED: "批准", BookingStatus.REFUSED: "不批准"}
TIMES = ("starts", "ends")


class BookingForm(AskingForm):
    """While place and time are typed it shows what is free; the view is told of
    what was saved."""

    def __init__(self, view: Any) -> None:
        super().__init__(view, command=self._save)
        self._look_timer = ""
        self.add_used(
            "venue", Booking.venue.verbose_name, lambda: venues_used(this_desk())
        )
        self.add_date("day", "使用日期")
        self.add_entry("starts", Booking.starts_at.verbose_name)
        self.add_entry("ends", Booking.ends_at.verbose_name)
        self.add_fact("free", "").configure(style="Muted.TLabel")
        self.add_fact("clash", "").configure(style="Waiting.TLabel")
        self.add_asker("applicant_name", Booking.applicant_name.verbose_name)
        for name in ("organisation", "event"):
            self.add_entry(name, getattr(Booking, name).verbose_name)
        # Nobody yet: a number that stands there unasked would be believed.
        self.add_number("people", Booking.people.verbose_name, initial=None, most=99999)
        self.add_entry("phone", Booking.phone.verbose_name)
        self.add_choice(
            "status",
            Booking.status.verbose_name,
            RESULTS,
            on_change=lambda _: self._on_status(),
        )
        self.add_entry("reason", "不批准原因")
        self.add_words("reason", "不批准的原因")
        self.add_approver(Booking.approver.verbose_name)
        self.add_entry("note", Booking.note.verbose_name)
        self.save_button = self.add_button("保存并新建", self.submit, primary=True)
        self.add_button("清空", view.on_new)
        self._watch_what_is_asked()
        self._on_status()

    def _watch_what_is_asked(self) -> None:
        self.widget("venue").variable.trace_add("write", lambda *_: self._look_soon())
        for name in ("day", *TIMES):
            target = self._fields[name].target
            for event in ("<KeyRelease>", "<FocusOut>", "<<Paste>>"):
                target.bind(event, lambda event: self._look_soon(), add="+")

    def start_over(self) -> None:
        """Ready for the next application."""
        self.clear()
        self.set("venue", USUAL_VENUE)
        self.offer_approver(anew=True)
        self.look()

    def _on_status(self) -> None:
        refused = self.value("status") == BookingStatus.REFUSED
        self.show_field("reason", refused)
        self.look()

    # -- what is free --------------------------------------------------------

    def _look_soon(self) -> None:
        """When idle: the field that changed has its text by then."""
        if not self._look_timer:
            self._look_timer = self.after_idle(self.look)

    def look(self) -> None:
        """Show what is free on the day, and what is in the way."""
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        day = None
        with suppress(UserError):  # half typed
            day = self.value("day")
        venue = self.text("venue")
        self._tell("free", free_words(venue, day) if venue and day else "")
        self._tell("clash", self._clash_words(venue, day) if venue and day else "")

    def _tell(self, name: str, text: str) -> None:
        if text != self.value(name):
            self.set(name, text)
        self.show_field(name, bool(text))

    def _clash_words(self, venue: str, day: date) -> str:
        with suppress(UserError):  # half typed
            starts, ends = (read_time(self.text(name)) for name in TIMES)
            wanted = Booking(
                desk_uid=this_desk().uid,
                venue=venue,
                starts_at=datetime.combine(day, starts),
                ends_at=datetime.combine(day, ends),
            )
            clash = clashing(wanted)
            if clash is not None:
                return f"⚠ {clash.hours} 已批给{clash.organisation}（{clash.event}）"
        return ""

    # -- saving ----------------------------------------------------------------

    def wanted(self) -> Wanted:
        """Which venue when, and for what."""
        day = self.value("day")
        with self.about("day"):
            if day is None:
                raise UserError("请填写使用日期。")
        times = {}
        for name in TIMES:
            with self.about(name):
                times[name] = read_time(self.text(name))
        return Wanted(
            venue=self.text("venue"),
            day=day,
            organisation=self.text("organisation"),
            event=self.text("event"),
            people=self.value("people"),
            **times,
        )

    def _save(self) -> None:
        said = {
            "by": self.person,
            "approver": self.text("approver"),
            "note": self.text("note"),
            **self.who(),
        }
        if self.value("status") == BookingStatus.REFUSED:
            reason = self.text("reason")
            booking = refuse_booking(self.wanted(), reason=reason, **said)
        else:
            booking = book_venue(self.wanted(), **said)
        self.view.on_saved(booking)

    def destroy(self) -> None:
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        super().destroy()


def free_words(venue: str, day: date) -> str:
    """When the venue is free on a day."""
    free = "、".join(str(span) for span in free_times(venue, day, this_desk()))
    return f"{day:%m-%d} 空闲：{free}" if free else f"{day:%m-%d} 没有空闲。"
