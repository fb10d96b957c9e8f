"""Today's list of the page of check-ins, and what its buttons do."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.pages.correcting import CorrectionForm
from desk.pages.dutyrows import (
    COLUMNS,
    DutyRow,
    about_words,
    forgotten_by,
    name_cell,
)
from desk.pages.leaving import Leaving
from desk.pages.listing import ListingPage
from desk.pages.questions import StandIn
from desk.pages.swipebanner import SwipeBanner, shift_words
from desk.watch import refuse_own
from desk.widgets.form import Form
from models import clock
from models.attendance import Attendance, RecordedBy
from models.errors import UserError
from models.handovers import waiting_handover
from models.people import Person, person_signing_in
from models.swipes import leave, stand_in

EMPTY = "今天还没有人签到，也没有排班。\n在左边刷卡，或输入学号、工号、姓名后按 Enter。"
NOT_NOW = "填好后按下面的按钮；要签到先按 Esc 返回。"


class DutyPage(ListingPage):
    """The right half: who is on duty today, and what can be done about a line.

    The left half belongs to the page itself: a banner, and one form in front.
    """

    banner: SwipeBanner
    form: Form
    standing_in: StandIn
    correcting: CorrectionForm
    leaving: Leaving

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._standing: Attendance | None = None

    def bring_form(self, form: Form) -> None:
        """Bring a form of the left half to the front."""
        raise NotImplementedError

    def refresh_all(self) -> None:
        """Show what has just been recorded."""
        raise NotImplementedError

    def build_duty_list(self) -> None:
        """The list with its buttons, and under it the marked line in full."""
        self.build_list(
            name="attendance",
            columns=COLUMNS,
            empty=EMPTY,
            buttons={
                "申请更正": self.on_correct,
                "替 A 岗": self.on_stand_in,
                "代签退": self.on_check_out,
                "签到屏": self.on_check_in_screen,
            },
        )
        self._build_about()

    def _build_about(self) -> None:
        """Under the list: the marked row in full, and the hours of that person."""
        side = self.table.master
        self.about = ttk.Label(side, style="Muted.TLabel", justify="left")
        self.about.grid(row=2, column=0, sticky="ew", pady=(self.gap, 0))
        side.bind(
            "<Configure>",
            lambda event: self.about.configure(wraplength=max(event.width, 100)),
        )
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self.show_about(), add="+"
        )

    def on_check_in_screen(self) -> None:
        """A screen for cards alone; the PIN of the screens leads back."""
        from desk.checkinscreen import CheckInScreen

        CheckInScreen.begin(self.window)

    def show_about(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        row: DutyRow | None = self.table.selected()
        if row is None or row.who is None:
            self.about.configure(text="选中一行，看这个人的工时。")
            return
        self.about.configure(text=about_words(row))

    def point_on(self, person: Person, was_told: bool) -> None:
        """What is to be done next by somebody who has just come.

        *was_told* that the system closes the shift they did not check out of.
        """
        if waiting_handover() is not None:
            self.window.info.show(
                "有一份交班还没有人接，请先接班。",
                "warning",
                ("去接班（F6）", lambda: self.window.show("handover")),
            )
            return
        row = None if was_told else forgotten_by(person)
        if row is not None:
            self.window.info.show(
                f"{person.name} {row.checked_in_at:%m-%d %H:%M} 签到后没有签退，系统按 "
                f"{row.checked_out_at:%H:%M} 代签退，待审核。时间不对请申请更正。",
                "warning",
                ("申请更正", lambda: self.correct(person, uid=row.uid)),
            )

    def on_check_out(self) -> None:
        """Check out somebody who is not here any more, as 代签."""
        row: DutyRow | None = self.table.selected()
        if row is None or not row.is_here or row.attendance is None:
            raise UserError("请先在今日列表中选中一个还在岗的人，再代签退。")
        refuse_own(row.attendance, self.window.person)
        name = name_cell(row)
        if not dialogs.confirm(
            self,
            f"{name}已经离开了吗？签退时间记为现在 {clock.now():%H:%M}，"
            "方式记为“代签”，不能撤回。",
            yes=f"代{name}签退",
        ):
            return
        left = leave(row.attendance, by=self.window.person, method=RecordedBy.PROXY)
        self.banner.say_gone(left)
        self.refresh_all()
        gone = Person.get_or_none(Person.uid == left.person_uid)
        if gone is not None:
            self.leaving.ask(gone, "")  # they have signed nothing themselves

    def on_stand_in(self) -> None:
        """B, who is here, takes the place of A from now on."""
        row: DutyRow | None = self.table.selected()
        if row is None or not row.is_here or row.line is None or row.line.post != "B":
            raise UserError("请先在今日列表中选中在岗的 B 岗，再替 A 岗。")
        absent = row.shift.a.name if row.shift and row.shift.a else "A 岗"
        self.banner.show("info", "替 A 岗", NOT_NOW)
        self._standing = row.attendance
        self.standing_in.clear()
        self.standing_in.set("who", f"{name_cell(row)}，从现在起代{absent}的班")
        self.bring_form(self.standing_in)

    def answer_standing_in(self) -> None:
        if self._standing is None:
            return
        reason = self.standing_in.value("reason")
        row = stand_in(self._standing, reason=reason, by=self.window.person)
        self._standing = None
        self.bring_form(self.form)
        text = shift_words(row)
        self.banner.show("success", f"{row.person_name} 已替 A 岗", text)
        self.refresh_all()

    def on_correct(self) -> None:
        """Ask for other times: of the marked row, or of the person signed in."""
        row: DutyRow | None = self.table.selected()
        if row is not None and row.is_here:
            raise UserError(f"{name_cell(row)}还没有签退，请先签退再申请更正。")
        if row is not None and row.line is None:
            raise UserError("这一班还没有结束，结束后才能申请更正。")
        if row is not None and row.asked is not None:
            raise UserError("这一班已经有一份更正在等审核，请等审核完再申请。")
        who = row.who if row is not None and row.who else self.window.person
        self.correct(who, row=row)

    def correct(self, who: Any, *, row: DutyRow | None = None, uid: str = "") -> None:
        self.window.info.hide()
        self.banner.show("info", "申请更正", NOT_NOW)
        self.correcting.ask(person_signing_in(who.number), row, uid)
        self.bring_form(self.correcting)

    def requested(self, person: Person) -> None:
        self.bring_form(self.form)
        self.banner.rest()
        self.refresh_all()
        self.window.say(f"已为{person.name}申请更正，等部门老师和办公室审核。")
