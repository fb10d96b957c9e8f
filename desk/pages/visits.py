"""来访登记: take down who came and for what; today's list beside it."""

import tkinter
from typing import Any

from desk.keymap import key_of_action
from desk.pages.parked import ParkedEntries
from desk.pages.servicecard import show_service_card
from desk.pages.visitform import FACTS, MATTER, VISITOR, VisitForm
from desk.pages.visitlist import VisitList
from desk.pages.visittaking import Taken, take_down
from desk.pages.visitwords import ENQUIRY_TIME
from desk.slips import slip_offer
from desk.suggestions import ServiceIndex, StudentIndex
from desk.widgets.formdrafts import together
from models.calendar import unknown_year_notice
from models.desks import this_desk
from models.enquiries import is_enquiry_time
from models.errors import UserError
from models.quicklist import pin_service, unpin_service
from models.reception import record_enquiry
from models.services import Service
from models.visits import Visit

# These choose their first line by themselves, or only show something.
APART = (*FACTS, "refer_to", "repeat_cause", "goes_on")


class VisitsPage(VisitList):
    """A usual visit: student, Enter, service, Enter, Ctrl+S."""

    title = "来访登记"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._last: dict[str, Any] = {}
        self._everywhere = False
        self._build_form()
        self.build_today()
        # The sheet for lines of paper; made when it is first needed.
        self.late: Any = None

    def _build_form(self) -> None:
        form = self.form = VisitForm(
            self, command=self._save, on_open_case=self.on_open_case
        )
        self.put_left(form)
        self.save_button = form.add_button("保存并新建", form.submit, primary=True)
        self.more_button = form.add_button("同人下一项", self.on_same_visitor)
        self.enquiry_button = form.add_button("+1 咨询", self.on_add_enquiry)
        self.clear_button = form.add_button("清空", self.on_new)
        self._parked = ParkedEntries(form, named_by=("visitor", "service"), apart=APART)

    @property
    def students(self) -> StudentIndex:
        return self.form.students

    @property
    def services(self) -> list[Service]:
        """What this desk offers itself."""
        return list(self.form.services.own)

    def refresh(self) -> None:
        """Show today's visits; read services and roster when they have changed."""
        self._read_services()
        self.form.students = self.window.students
        self.form.show_desks()
        self.show_today()

    def _read_services(self) -> None:
        here = this_desk()
        now = self._everywhere = is_enquiry_time(here)
        self.form.services = ServiceIndex.of_desk(here, everywhere=now)
        self.form.tell("enquiry_time", ENQUIRY_TIME if now else "")

    def focus_first(self) -> None:
        """Ready for the next visitor, or for the next line of paper."""
        if self.enters_paper:
            self.late.show()
        else:
            self.form.focus_field("visitor")

    # -- taking down --------------------------------------------------------

    def _save(self) -> None:
        taken = self._take_down()
        self._start_next()
        self._show_taken(taken)

    def _save_and_go_on(self) -> None:
        taken = self._take_down()
        self.form.go_on(taken.visit)
        self._show_taken(taken)

    def _take_down(self) -> Taken:
        taken = take_down(self.form, by=self.window.person)
        self._last, self.saved = self.form.snapshot(), taken.visit
        return taken

    def _start_next(self) -> None:
        self.form.clear()
        if is_enquiry_time(this_desk()) != self._everywhere:
            self._read_services()
        self.focus_first()

    def _show_taken(self, taken: Taken) -> None:
        if taken.resumed is None:
            self.add_today(taken.visit)
        else:  # that visit may stand in the list too
            self.show_today()
        self._say_recorded(taken)

    def _say_recorded(self, taken: Taken) -> None:
        visit = taken.visit
        self.mark(visit)
        said = [
            visit.visitor_name or "咨询",
            visit.service_name,
            visit.outcome_label,
            f"第 {visit.trip} 次来访" if visit.trip > 1 else "",
        ]
        due = f"，应于 {visit.due_on} 办结" if visit.due_on else taken.resumed_words
        offer = slip_offer(visit, key_of_action("on_print"))
        self.window.say(
            f"已登记 {visit.number}：{' · '.join(filter(None, said))}{due}"
            + (f"。{offer}。" if offer else "")
        )
        if visit.due_on:
            notice = unknown_year_notice(visit.arrived_at.date(), visit.due_on)
            if notice:
                self.window.info.show(notice, "warning")

    # -- keys and buttons ---------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S."""
        self.late.save() if self.enters_paper else self.form.submit()

    def on_same_visitor(self) -> None:
        """Ctrl+J: save, and take down what else the same person came for.

        On an empty form it goes on with the visitor who was saved last.
        """
        self._require_form()
        if not self._parked.is_blank():
            self.form.submit(self._save_and_go_on)
        elif self.saved is None:
            raise UserError("请先登记第一项，再按同人下一项。")
        else:
            kept = {name: self._last[name] for name in (*VISITOR, "occasion")}
            self.form.restore(kept)
            self.form.go_on(self.saved)

    def on_new(self) -> None:
        """Ctrl+N: empty the form; Ctrl+D brings back what was last saved."""
        self._require_form()
        self._start_next()

    def on_repeat(self) -> None:
        """Ctrl+D: the matter of the last entry, for the next person in the queue."""
        self._require_form()
        if not self._last:
            raise UserError("还没有可以沿用的上一条登记。")
        self.form.restore({name: self._last[name] for name in MATTER})
        self.focus_first()

    def on_add_enquiry(self) -> None:
        """Ctrl+1: one more enquiry, nobody named, nothing typed is touched.

        It is about the service in the form, or about nothing in particular.
        """
        visit = record_enquiry(
            by=self.window.person, service=self.form.value("service")
        )
        self.add_today(visit)
        self.window.say(f"已记一次咨询：{visit.service_name}")

    def on_park(self) -> None:
        """F9: put what is being typed aside for somebody more urgent."""
        self._require_form()
        if self._parked.is_blank():
            self.window.say("登记表还是空的，没有要挂起的内容。")
            return
        count = self._parked.park()
        self._start_next()
        self.window.say(f"已挂起，共 {count} 条；按 Shift+F9 取回。")

    def on_unpark(self) -> None:
        """Shift+F9: take back what was parked last; what is being typed is parked."""
        self._require_form()
        said = self._parked.take_back()
        # Somebody goes on with it: a digit typed must not take the place of a name.
        self.form.focus_field("visitor", replaces=False)
        self.window.say(said)

    def on_card(self) -> None:
        """Ctrl+K: what there is to tell about the chosen service."""
        show_service_card(self, self._chosen_service("查看"))

    def on_pin(self) -> None:
        """Ctrl+G: let the quick list begin with the chosen service, or no longer."""
        service = self._chosen_service("置顶")
        if service.desk_uid != this_desk().uid:
            raise UserError("只能置顶本窗口的事项，请另选一个。")
        pinned = self.form.services.is_pinned(service)
        unpin_service(service) if pinned else pin_service(service)
        self._read_services()
        done = "不再置顶" if pinned else "已置顶，空着事项框按 ↓ 就在最前"
        self.window.say(f"“{service.name}”{done}。")

    def _chosen_service(self, why: str) -> Service:
        self._require_form()
        service = self.form.value("service")
        if service is None:
            self.form.focus_field("service")
            raise UserError(f"请先选好事项，再{why}。")
        return service

    def _require_form(self) -> None:
        if self.enters_paper:
            raise UserError("请先登记补录表，或按 Esc 收起，再登记来访。")

    def on_open_case(self) -> None:
        """Ctrl+O: the case that waits for this student, else the marked one."""
        case = self.form.waiting_case()
        self.open_case(case.visit if case else self.table.selected())

    def on_voided(self, visit: Visit) -> None:
        super().on_voided(visit)
        self.form.forget_visit(visit)

    def on_late_entry(self) -> None:
        """Ctrl+F9: lines of paper, all at once."""
        self._late_card().show()

    def _late_card(self) -> Any:
        from desk.pages.latevisits import LateVisitsCard

        if self.late is None:
            self.late = LateVisitsCard(self)
        return self.late

    @property
    def enters_paper(self) -> bool:
        """Whether the sheet for lines of paper lies over the page."""
        return self.late is not None and self.late.is_shown

    def on_escape(self) -> None:
        """Esc: put the lines of paper away; what was typed there is kept."""
        if self.enters_paper:
            self.late.hide()
            self.focus_first()

    def on_entered(self, visits: list[Visit]) -> None:
        """The lines of paper are taken down."""
        self.show_today()
        self.focus_first()
        first, last = visits[0].number, visits[-1].number
        named = first if len(visits) == 1 else f"{first} 至 {last}"
        self.window.say(f"已补录 {len(visits)} 条（{named}）；往日的在“查找”里看。")

    # -- kept for the next start ----------------------------------------------

    parks_drafts = True  # what is being typed need not be finished first

    def draft(self) -> dict[str, Any] | None:
        """The form, what is put aside, and the lines of paper."""
        return together(
            form=self.form.draft(),
            parked=self._parked.draft(),
            late=self.late and self.late.draft(),
        )

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """What is being typed stays in front; the rest is put aside behind it."""
        parked, form = kept.get("parked", []), kept.get("form")
        if form and self._parked.is_blank():
            self.form.bring_draft(form)
        elif form:
            parked = [*parked, form]
        self._parked.bring_draft(parked)
        if "late" in kept:
            self._late_card().bring_draft(kept["late"])
