"""A look once a minute at who is on duty at this desk, and at where its seals are.

What was recorded in that minute is read into the search index then, too.
"""

from collections.abc import Callable, Container, Sequence
from datetime import date, datetime
from typing import Any

from desk.jobs import Jobs
from desk.sealwatch import seal_alarms
from models import clock, searchindex
from models.attendance import (
    Attendance,
    Post,
    RecordedBy,
    attendances_on,
    close_all_forgotten,
    minutes_between,
    on_duty,
    overstayed,
)
from models.calendar import unit_on
from models.coverage import unmanned_shift
from models.desks import Desk, this_desk
from models.errors import UserError
from models.people import Person
from models.shifts import Shift
from models.swipes import leave

LOOK_MS = 60_000
# Journal entries a minute: for their 10 ms a save can wait.
INDEXED_A_LOOK = 50


def duty_words(rows: Sequence[Attendance]) -> str:
    """`在岗：曾单（A）、王芳（代A）`; whoever stood in stands by once A is back."""
    here = {row.person_uid for row in rows}
    names = [f"{row.person_name}（{_post_of(row, here)}）" for row in rows]
    return f"在岗：{'、'.join(names)}" if names else "现在没有人在岗"


def _post_of(row: Attendance, here: Container[str]) -> str:
    if row.cover_for_uid and row.cover_for_uid not in here:
        return "代A"
    return row.post if row.post in (Post.A, Post.B) else row.post_label


def alarm_words(shift: Shift, since: datetime) -> str:
    """Which shift nobody holds, for how long, and who should."""
    posts = [f"A 岗 {shift.a.name}"] if shift.a else []
    if shift.b:
        posts.append("B 岗 " + "、".join(who.name for who in shift.b))
    minutes = minutes_between(since, clock.now())
    return (
        f"{shift.hours} 的班已经 {minutes} 分钟没有人在岗：{'，'.join(posts)}。"
        "请联系他们，或刷卡替班。"
    )


def refuse_own(row: Attendance, person: Person) -> None:
    """Whoever presses the button is still here, and has a card of their own."""
    if row.person_uid == person.uid:
        raise UserError("这是您自己：离开时请刷卡签退，不用代签退。")


class DutyWatch:
    """Keeps header and alarm true.  It changes texts only: no focus, no widgets.

    What somebody has read and closed does not come back for the same shift.
    """

    def __init__(self, window: Any) -> None:
        self._window = window
        self._timer = ""
        # Not on the Tk thread: the first name reads the pinyin of all characters, and
        # now and then the disk has to be waited for (30 to 60 ms, with 6 the rule).
        self._indexing: Jobs | None = None
        self._closed_on: date | None = None
        self._read: set[str] = set()
        self._shown = ""
        window.alarm.close_button.configure(command=self._on_read)

    def start(self) -> None:
        """Look now, and every minute from now on."""
        self.stop()
        self._timer = self._window.after(LOOK_MS, self._tick)
        self.look()

    def stop(self) -> None:
        """Somebody has signed out, or the window closes."""
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""
        if self._indexing is not None:
            self._indexing.close()
            self._indexing = None

    def _tick(self) -> None:
        self._timer = self._window.after(LOOK_MS, self._tick)
        self.look()
        self._look_at_page()
        self._index_a_little()

    def _index_a_little(self) -> None:
        """So that finding need not.  Much is left to 查找 and sync, which show it."""
        if self._window.jobs.running:
            return
        if not 0 < searchindex.backlog() <= searchindex.SOON:
            return
        if self._indexing is None:
            self._indexing = Jobs(self._window)
        if not self._indexing.running:
            self._indexing.start(
                lambda report: searchindex.catch_up(most=INDEXED_A_LOOK, report=report),
                on_done=lambda left: None,
            )

    def look(self) -> None:
        """Read who is here; nothing while nobody could see it or a job is writing."""
        window = self._window
        if window.person is None or window.here is None or window.jobs.running:
            return
        if not window.here.is_office:
            self._look_at_desk()

    def _look_at_page(self) -> None:
        """The page in front, if it tells of now, has its texts put right."""
        window = self._window
        look = getattr(window.page, "look", None)
        if look is not None and window.person is not None and not window.jobs.running:
            look()

    def _look_at_desk(self) -> None:
        window = self._window
        desk = this_desk()
        if self._closed_on != clock.today():
            close_all_forgotten()
            self._closed_on = clock.today()
        rows = on_duty(desk)
        unit = unit_on(desk, clock.now()) if desk.rotation else None
        words = duty_words(rows)
        window.header.show_duty(f"今日 {unit.name} · {words}" if unit else words)
        window.header.show_seals(seal_alarms(desk))
        if not self._warn_of_absence(desk, rows) and not self._ask_who_stayed(rows):
            self._show("")

    def _warn_of_absence(self, desk: Desk, rows: Sequence[Attendance]) -> bool:
        shift = None if rows else unmanned_shift(desk)
        if shift is None:
            return False
        left = [
            row.checked_out_at
            for row in attendances_on(clock.today(), desk)
            if row.checked_out_at and row.checked_out_at < clock.now()
        ]
        words = alarm_words(shift, max([shift.begins, *left]))
        action = ("去签到（F4）", lambda: self._window.show("attendance"))
        self._show(f"{shift.key} {shift.begins}", words, "danger", action)
        return True

    def _ask_who_stayed(self, rows: Sequence[Attendance]) -> bool:
        now = clock.now()
        if not any(row.planned_to and row.planned_to < now for row in rows):
            return False
        for row in overstayed(this_desk()):
            if row.uid not in self._read:
                text = (
                    f"{row.person_name} {row.planned_to:%H:%M} 下班，还没有签退。"
                    "已经离开了吗？还在岗请点“知道了”。"
                )
                action = ("已离开，代签退", lambda row=row: self._check_out(row))
                self._show(row.uid, text, "warning", action)
                return True
        return False

    def _check_out(self, row: Attendance) -> None:
        refuse_own(row, self._window.person)
        leave(row, by=self._window.person, method=RecordedBy.PROXY)
        self._window.say(f"{row.person_name}已代签退。")
        self._window.refresh_attendance()
        self.look()

    def _show(
        self,
        key: str,
        text: str = "",
        kind: str = "warning",
        action: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        self._shown = key
        bar = self._window.alarm
        if not key or key in self._read:
            bar.hide()
        elif bar.text != text:
            bar.show(text, kind, action)

    def _on_read(self) -> None:
        self._read.add(self._shown)
        self.look()
