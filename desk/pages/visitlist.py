"""今日来访: the list of the visits page, and what is done to one of its lines."""

import tkinter
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.pages.visitwords import COLUMNS, MARKS_AT, marks_of
from desk.slips import print_slip
from desk.widgets.table import Column
from models import clock
from models.cases import CaseStatus, case_of, cases_here, cases_of
from models.desks import this_desk
from models.errors import UserError
from models.urgency import Reckoning, Urgency
from models.visits import Visit, visits_on, void_visit

NO_VISITS = "今天还没有来访登记。\n在左边输入学号、姓名或拼音首字母开始。"
COUNT_MS = 300


class VisitList(ListingPage):
    """Today's visits, newest first; `saved` is the one taken down last."""

    # There it is first of all the case of the student in the form.
    keys_not_of_rows = ("on_open_case",)

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.saved: Visit | None = None
        self._waiting: set[str] = set()
        self._visits: list[Visit] = []
        self._day = clock.today()
        self._count_timer = ""

    def build_today(self) -> None:
        """The right half of the page."""
        columns = list(COLUMNS)
        columns.insert(MARKS_AT, Column("标记", self._marks_of, 6))
        self.build_list(
            name="visits",
            columns=columns,
            empty=NO_VISITS,
            buttons={
                "作废": self.on_void,
                "打印单据": self.on_print,
                "补录": self.on_late_entry,
                "办结": self.on_finish,
                "未办结": self.on_cases,
                "请学生评价": self.on_ask_rating,
            },
            on_open=lambda visit: self.on_finish(),
            is_void=lambda visit: visit.is_void,
        )
        self.cases_button = self.list_buttons["未办结"]

    def show_today(self) -> None:
        """Read today's visits, and how many cases are open."""
        known = [*self._visits, self.saved] if self.saved else self._visits
        self._day = clock.today()
        self._visits = visits_on(self._day, this_desk(), known=known)
        pending = [visit for visit in self._visits if _is_pending(visit)]
        self._waiting = {
            case.visit.uid
            for case in cases_of(pending)
            if case.status == CaseStatus.WAITING
        }
        self.table.show(self._visits)
        self._say_count()
        self._count_soon()

    def add_today(self, visit: Visit) -> None:
        """*visit* was just taken down: the others need not be read again for it."""
        newest = self._visits[0].arrived_at if self._visits else visit.arrived_at
        if clock.today() != self._day or visit.arrived_at < newest:
            return self.show_today()
        self._visits = [visit, *self._visits]
        if _is_pending(visit) and case_of(visit).status == CaseStatus.WAITING:
            self._waiting.add(visit.uid)
        self.table.put_first(visit)
        self._say_count()
        self._count_soon()

    def _say_count(self) -> None:
        valid = sum(not visit.is_void for visit in self._visits)
        self.show_heading(f"今日来访 {valid} 次", NO_VISITS)
        self.window.say_rows(f"今日 {len(self._visits)} 条")

    def _count_soon(self) -> None:
        """After the next visitor can be typed: working cases out takes a moment."""
        if self._count_timer:
            self.after_cancel(self._count_timer)
        self._count_timer = self.after(COUNT_MS, self._count)

    def _count(self) -> None:
        self._count_timer = ""
        if self.window.person is None:  # signed out meanwhile
            return
        cases = cases_here()
        reckoning = Reckoning()
        due = sum(reckoning.urgency_of(case) >= Urgency.TODAY for case in cases)
        text = f"未办结 {len(cases)} 件" + (f"，！到期 {due}" if due else "")
        self.cases_button.configure(text=text)

    def destroy(self) -> None:
        """Nothing is counted any more."""
        if self._count_timer:
            self.after_cancel(self._count_timer)
        super().destroy()

    def _marks_of(self, visit: Visit) -> str:
        return marks_of(visit, waits=visit.uid in self._waiting)

    def on_print(self) -> None:
        """Ctrl+P: the slip of the marked visit, which is the one saved last."""
        print_slip(self.window, self.table.selected() or self.saved)

    def on_ask_rating(self) -> None:
        """Ctrl+5: five faces for the student of the marked visit, or the last one."""
        from desk.ratingscreen import RatingScreen

        visit = self.table.selected() or self.saved
        if visit is None:
            raise UserError("请先登记，或在列表中选中一条来访，再请学生评价。")
        RatingScreen.begin(self.window, Visit.get(Visit.uid == visit.uid))

    def on_cases(self) -> None:
        """The cases of this desk that are still open."""
        self.window.show("cases")

    def on_finish(self) -> None:
        """To the marked case, to close it with its result."""
        self.open_case(self.table.selected())

    def open_case(self, visit: Visit | None) -> None:
        """Go to the page of cases, to the case of *visit*."""
        if visit is None:
            raise UserError("请先在列表中选中一件，再打开它的办件。")
        if not case_of(visit).steps:
            raise UserError(f"{visit.number} 是{visit.outcome_label}，没有后续办件。")
        self.window.show("cases")
        self.window.page.show_case(visit)

    def on_void(self) -> None:
        """Delete, or the button: void the marked visit, with a reason."""
        visit = self.table.selected()
        if visit is None:
            raise UserError("请先在列表中选中一条记录，再作废。")
        reason = dialogs.ask_text(
            self,
            f"作废\u00a0{visit.number}（{visit.visitor_name or '咨询'}，"
            f"{visit.service_name}）。记录会保留并标明作废，请写明原因：",
            title="作废来访登记",
            yes="作废",
        )
        if reason:
            void_visit(visit, by=self.window.person, reason=reason)
            self.on_voided(visit)
            self.show_today()
            self.window.say(f"已作废 {visit.number}。")

    def on_voided(self, visit: Visit) -> None:
        """Nothing more can be added to it."""
        if self.saved == visit:
            self.saved = None


def _is_pending(visit: Visit) -> bool:
    return visit.finished_at is None and not visit.is_void
