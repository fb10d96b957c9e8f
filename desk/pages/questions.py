"""What only a person can answer at a check-in, asked in place and in one step."""

import tkinter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from desk import dialogs
from desk.widgets.clocktime import moment_from
from desk.widgets.form import Form
from models import clock
from models.arrivals import Arrival
from models.attendance import COVER_REASON_LABELS, Attendance
from models.errors import UserError

# This many keys at the speed of a reader are a card and no answer, even if a busy PC
# took its time over some of them.  A time of day is shorter.
LEAST_OF_A_CARD = 6
PAUSE_MS = 250
STANDING_BY = "none"
SWIPED = "刚才的刷卡没有记录：请先回答这里的问题，按 Enter 确认或 Esc 取消，再刷卡。"


class SwipeGuard(dialogs.KeyGuard):
    """A card that is swiped into a question neither answers it nor stays in it."""

    def __init__(self, form: "AskForm") -> None:
        super().__init__(form)
        self._form = form
        self._fast = 0
        self._before: dict[str, Any] = {}
        form.bind_class(self._tag, "<Escape>", self._on_escape)

    def _on_key(self, event: tkinter.Event) -> None:
        gap = event.time - self._last_key
        if gap >= PAUSE_MS:
            self._fast, self._before = 0, self._form.snapshot()
        # An input method sends a whole word at once: only a card's characters count.
        if gap < dialogs.BURST_MS and event.char.isascii() and event.char.isalnum():
            self._fast += 1
        super()._on_key(event)

    def _on_press(self, event: tkinter.Event) -> str | None:
        if event.keysym == "space":
            if isinstance(event.widget, tkinter.Entry):
                return self._on_key(event)  # text, however fast it is typed
            return super()._on_press(event)
        goes_on = event.time - self._last_key < PAUSE_MS
        if goes_on and self._fast >= LEAST_OF_A_CARD:
            self._last_key = event.time
            self._form.restore(self._before)
            self._form.on_swiped(SWIPED)
            return "break"
        return super()._on_press(event)

    def _on_escape(self, event: tkinter.Event) -> str | None:
        if getattr(event.widget, "is_open", False):
            return None  # closes the list of suggestions first
        self._form.on_escape()
        return "break"


class AskForm(Form):
    """A card that takes the place of another until it is answered or given up."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        title: str,
        command: Callable[[], None],
        on_cancel: Callable[[], None],
        on_escape: Callable[[], None],
        on_swiped: Callable[[str], None],
    ) -> None:
        super().__init__(master, title=title, command=command)
        self.on_cancel, self.on_escape = on_cancel, on_escape
        self.on_swiped = on_swiped
        self._guard = SwipeGuard(self)

    def finish(self, yes: str) -> None:
        """Add the buttons, after the fields."""
        self.add_button(yes, self.submit, primary=True)
        self.cancel_button = self.add_button("取消（Esc）", self.on_cancel)

    def guard(self) -> None:
        """A key that comes with the question cannot be its answer."""
        self._guard.settle()

    def add_reasons(self, name: str, reasons: dict[str, str]) -> None:
        """Why somebody takes the place of A; 0 means nobody does."""
        choice = self.add_choice(name, "代班事由", reasons, columns=2)
        for button in choice.buttons.values() if STANDING_BY in reasons else ():
            for key in ("<Key-0>", "<KP_0>"):
                button.bind(key, lambda event: choice.set(STANDING_BY))


class Questions(AskForm):
    """Asks what an `Arrival` leaves open.  Enter answers it all."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, title="签到前请确认", **options)
        self._arrival: Arrival | None = None
        self.add_fact("forgotten", "上次")
        self.add_entry("left", "离开时间", width=8)
        self.add_words("left", "时间")
        self.add_fact("absent", "A 岗")
        self.add_reasons(
            "reason", {**COVER_REASON_LABELS, STANDING_BY: "不代班，在旁备岗"}
        )
        self.add_fact("cautions", "提醒")
        self.add_entry("forced", "签到原因")
        self.add_words("forced", "写明原因")
        self.finish("确认签到（Enter）")

    def ask(self, arrival: Arrival) -> None:
        """Show only what is open; what was typed for the same person stays."""
        before, self._arrival = self._arrival, arrival
        if before is None or before.person.uid != arrival.person.uid:
            self.clear()
            self.set("reason", arrival.reason or STANDING_BY)
        self._ask_forgotten(arrival.forgotten, before)
        absent, shift = arrival.absent, arrival.shift
        if absent and shift:
            self.set("absent", f"{shift.hours}的班，{absent.name}不在岗。由您代班吗？")
        listed = [f"● {caution.text}" for caution in arrival.cautions]
        self.set("cautions", "\n".join(listed))
        for name, shown in (
            ("absent", absent is not None),
            ("reason", absent is not None),
            ("cautions", bool(listed)),
            ("forced", bool(arrival.forced)),
        ):
            self.show_field(name, shown)

    def _ask_forgotten(self, row: Attendance | None, before: Arrival | None) -> None:
        self.show_field("forgotten", row is not None)
        self.show_field("left", row is not None and row.planned_to is not None)
        if row is None:
            return
        came = f"{row.checked_in_at:%m-%d %H:%M} 签到，没有签退"
        if row.planned_to is None:
            self.set(
                "forgotten", f"{came}。\n当时没有排班，不计工时；\n不对请申请更正。"
            )
            return
        self.set("forgotten", f"{came}。\n几点离开的？（系统代签退，待审核）")
        if before is None or before.forgotten is None or not self.text("left"):
            self.set("left", f"{row.planned_to:%H:%M}")

    @property
    def asks_when_left(self) -> bool:
        """Whether somebody is told of a check-out they forgot."""
        return self._fields["forgotten"].shown

    def focus_question(self) -> None:
        """The first thing to answer."""
        for name in ("left", "reason", "forced"):
            if self._fields[name].shown:
                return self.focus_field(name)
        self.primary.focus_set()

    def answers(self) -> dict[str, Any]:
        """For `check_in`."""
        arrival = self._arrival
        assert arrival is not None
        said: dict[str, Any] = {"forced_reason": self.text("forced")}
        if arrival.absent is not None and self.value("reason") != STANDING_BY:
            said["cover_for"] = arrival.absent
            said["cover_reason"] = self.value("reason")
        row = arrival.forgotten
        if row is not None and row.planned_to is not None:
            said["left_at"] = self._left_at(row.checked_in_at, row.planned_to)
        return said

    def _left_at(self, came: datetime, planned: datetime) -> datetime:
        with self.about("left"):
            left = moment_from(came, self.text("left"), planned)
            if left < came:
                raise UserError(f"离开时间早于签到时间 {came:%H:%M}。")
            if left > clock.now():
                raise UserError("离开时间不能晚于现在。")
        return left

    def forget(self) -> None:
        """The question is over."""
        self._arrival = None
        self.clear()

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        """Enter answers everything; only what is still missing is asked for."""
        forced = self._fields["forced"]
        if step < 0:
            return super()._walk(widget, step)
        if forced.shown and not self.text("forced") and widget is not forced.widget:
            self.focus_field("forced")
        else:
            self.submit()
        return "break"


class StandIn(AskForm):
    """B, who is here, takes the place of A from now on: only the reason is asked."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, title="替 A 岗", **options)
        self.add_fact("who", "B 岗")
        self.add_reasons("reason", COVER_REASON_LABELS)
        self.finish("确认代班（Enter）")

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        if step < 0:
            return super()._walk(widget, step)
        self.submit()
        return "break"
