"""场馆: who uses which venue from today on."""

from typing import Any

from desk import dialogs
from desk.pages.bookingform import BookingForm
from desk.pages.caserows import day_in_words
from desk.pages.listing import ListingPage
from desk.widgets.table import Column, Keyset
from models.bookings import (
    Booking,
    BookingStatus,
    bookings_from,
    cancel_booking,
    count_approved_from,
)
from models.clock import today
from models.desks import this_desk
from models.errors import UserError

NONE_BOOKED = "今天起没有场馆使用申请。\n以前的在“台账”的场馆使用登记表。"
SIGNS = {BookingStatus.APPROVED: "✓", BookingStatus.REFUSED: "✗"}


def state_of(booking: Booking) -> str:
    """`✓ 已批准`."""
    return f"{SIGNS.get(booking.status, '—')} {booking.status_label}"


COLUMNS = [
    Column("日期", lambda booking: day_in_words(booking.starts_at.date()), 6),
    Column("时间", lambda booking: booking.hours, 5.5),
    Column("场馆", lambda booking: booking.venue, 7),
    Column("结果", state_of, 4.5),
    Column("使用单位", lambda booking: booking.organisation, 7),
    Column("活动", lambda booking: booking.event, 7, stretch=True),
    Column("申请人", lambda booking: booking.applicant_name, 4),
    Column("电话", lambda booking: booking.phone, 6),
    Column("人数", lambda booking: booking.people, 2.5),
    Column("编号", lambda booking: booking.number, 6),
]


class BookingView(ListingPage):
    """What was refused or cancelled stays in sight, muted."""

    code = "bookings"

    def __init__(self, page: Any, window: Any) -> None:
        super().__init__(page, window)
        self.page = page
        self.form = BookingForm(self)
        self.put_left(self.form)
        self.build_list(
            name="bookings",
            columns=COLUMNS,
            empty=NONE_BOOKED,
            buttons={"取消使用": self.on_void},
            on_open=lambda booking: dialogs.warn(self, booking_words(booking)),
            is_void=lambda booking: not booking.is_approved,
        )
        self.form.start_over()

    def refresh(self) -> None:
        """From today on, in the order of use."""
        day, here = today(), this_desk()
        self.table.show(Keyset(lambda after: bookings_from(day, here, after)))
        approved, now = count_approved_from(day, here)
        said = f"今天起已批准 {approved} 场"
        self.show_heading(said + (f"，其中今天 {now} 场" if now else ""), NONE_BOOKED)
        self.window.say_rows(self.count_text("条"))
        self.form.offer_approver(anew=False)
        self.form.look()

    def focus_first(self) -> None:
        """Where; the policy's own venue stands there already."""
        self.form.focus_field("venue")

    def on_saved(self, booking: Booking) -> None:
        """The form has taken an application down."""
        self.form.start_over()
        self.refresh()
        self.focus_first()
        day = day_in_words(booking.starts_at.date())
        where = f"{booking.venue} {day} {booking.hours}"
        self.window.say(f"{booking.number} {booking.status_label}：{where}。")

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.start_over()
        self.focus_first()

    def draft(self) -> dict[str, Any] | None:
        """What was typed."""
        return self.form.draft(apart=("status",))

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """What was typed at an earlier start."""
        self.form.bring_draft(kept)
        self.form.look()

    def on_void(self) -> None:
        """Delete, or the button: the marked booking is cancelled, the time is free."""
        booking = self.table.selected()
        if booking is None:
            raise UserError("请先在列表中选中一条场馆使用。")
        reason = dialogs.ask_text(
            self,
            f"取消 {booking.number}（{booking.venue}，{booking.starts_at:%m-%d} "
            f"{booking.hours}，{booking.organisation}）。请写明原因：",
            title="取消场馆使用",
            yes="取消使用",
        )
        if reason:
            cancel_booking(booking, by=self.window.person, reason=reason)
            self.refresh()
            self.window.say(f"{booking.number} 已取消，这段时间又空闲了。")


def booking_words(booking: Booking) -> str:
    """All there is to read of a booking."""
    asker = " ".join(
        filter(None, [booking.applicant_name, booking.student_number, booking.phone])
    )
    lines = [
        f"{booking.number}　{booking.status_label}",
        f"{booking.venue}　{day_in_words(booking.starts_at.date())} {booking.hours}",
        f"{booking.organisation}　{booking.event}　{booking.people} 人",
        f"申请人 {asker}",
        f"批准人 {booking.approver}　经办人 {booking.handler_name}",
        f"原因：{booking.reason}" if booking.reason else "",
        f"备注：{booking.note}" if booking.note else "",
    ]
    return "\n".join(filter(None, lines))
