"""来访登记: take down who came and for what; today's list beside it."""

import re
import tkinter
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.pages.parked import ParkedEntries
from desk.suggestions import StudentIndex, StudentPick, name_of, suggest_services
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.calendar import unknown_year_notice
from models.cases import finish_case, is_closed, open_cases
from models.desks import desks, this_desk
from models.errors import UserError
from models.reception import record_enquiry, record_visit
from models.services import Service, ServiceKind, services_of
from models.visits import (
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    VisitOutcome,
    visits_of,
    visits_on,
    void_visit,
)

COLUMNS = [
    Column("编号", lambda visit: visit.number.split("-")[-1], 2.5),
    Column("时间", lambda visit: f"{visit.arrived_at:%H:%M}", 3),
    Column("姓名", lambda visit: visit.visitor_name or "（未留名）", 4.5),
    Column("班级/单位", lambda visit: visit.class_name, 7),
    Column("事项", lambda visit: visit.service_name, 10, stretch=True),
    Column(
        "处理情况",
        lambda visit: "作废" if visit.is_void else visit.outcome_label,
        5,
    ),
    Column("承办人", lambda visit: visit.handler_name, 4),
]
NO_VISITS = "今天还没有来访登记。\n在左边输入学号、姓名或拼音首字母开始。"
MATERIAL = re.compile(r"(.+?)\s*(?:[×xX*]\s*(\d+))?")
# What a service of a kind usually ends with.
USUAL_OUTCOMES = {
    ServiceKind.INSTANT: VisitOutcome.DONE,
    ServiceKind.PROMISED: VisitOutcome.PROMISED,
    ServiceKind.ENQUIRY: VisitOutcome.ENQUIRY,
}


def read_materials(text: str) -> list[dict]:
    """`申请表×2、成绩单` as names and counts."""
    items = []
    for part in re.split(r"[、，,;；]", text):
        match = MATERIAL.fullmatch(part.strip())
        if match:
            items.append({"name": match[1], "count": int(match[2] or 1)})
    return items


class VisitsPage(ListingPage):
    """A usual visit: student, Enter, service, Enter, Ctrl+S."""

    title = "来访登记"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.students = StudentIndex([])
        self.services: list[Service] = []
        self._last: dict[str, Any] = {}
        self._shows_cases = False
        self._build_form()
        self.build_list(
            columns=COLUMNS,
            empty=NO_VISITS,
            buttons={
                "作废": self.on_void,
                "办结": self.on_finish,
                "未办结": self.on_cases,
            },
            on_open=lambda visit: self.on_finish(),
            is_void=lambda visit: visit.is_void,
        )
        self.cases_button = self.list_buttons["未办结"]

    def _build_form(self) -> None:
        form = self.form = Form(self, title="", command=self._save)
        self.put_left(form)
        form.add_suggest(
            "visitor",
            "来访人",
            suggest=lambda text: self.students.suggest(text),
            on_pick=self._on_student,
            fill=name_of,
        )
        form.add_fact("about", "")
        form.show_field("about", False)
        form.add_suggest(
            "service",
            Visit.service_name.verbose_name,
            suggest=lambda text: suggest_services(self.services, text),
            on_pick=self._on_service,
            fill=name_of,
            all_when_empty=True,
        )
        form.add_choice(
            "outcome",
            Visit.outcome.verbose_name,
            VISIT_OUTCOME_LABELS,
            on_change=self._on_outcome,
        )
        form.add_list("refer_to", "转至窗口")
        form.add_words("refer_to", "转到哪个窗口", "选别的窗口")
        form.add_date("due_on", Visit.due_on.verbose_name)
        form.add_entry("result", Visit.result.verbose_name)
        form.add_entry("materials", Visit.materials.verbose_name)
        channels = [(label, value) for value, label in VISIT_CHANNEL_LABELS.items()]
        form.add_list("channel", Visit.channel.verbose_name, channels)
        form.add_number("quantity", Visit.quantity.verbose_name)
        form.add_entry("class_name", Visit.class_name.verbose_name)
        form.add_entry("phone", Visit.phone.verbose_name)
        form.add_entry("note", Visit.note.verbose_name)
        self.save_button = form.add_button("保存并新建", form.submit, primary=True)
        self.enquiry_button = form.add_button("+1 咨询", self.on_add_enquiry)
        self.clear_button = form.add_button("清空", self.on_new)
        self._on_outcome(form.value("outcome"))
        self._parked = ParkedEntries(
            form, named_by=("visitor", "service"), apart=("about", "refer_to")
        )

    def refresh(self) -> None:
        """Show today's visits; read services and roster when they have changed."""
        self.services = services_of(this_desk())
        if len(self.students) == 0 or self.window.roster_changed(self):
            self.students = StudentIndex.of_roster()
        here = this_desk()
        others = [(desk.name, desk.uid) for desk in desks() if desk.uid != here.uid]
        self.form.set_choices("refer_to", others)
        self._show_list()

    def focus_first(self) -> None:
        """Ready for the next visitor."""
        self.form.focus_field("visitor")

    def _show_list(self) -> None:
        cases = open_cases(this_desk())
        visits = visits_on(clock.today(), this_desk())
        valid = [visit for visit in visits if not visit.is_void]
        self.table.show(cases if self._shows_cases else visits)
        if self._shows_cases:
            self.show_heading(f"未办结 {len(cases)} 件", "没有未办结的事。")
            self.cases_button.configure(text="看今日来访")
        else:
            self.show_heading(f"今日来访 {len(valid)} 次", NO_VISITS)
            self.cases_button.configure(text=f"未办结 {len(cases)} 件")
        self.window.say_rows(f"今日 {len(visits)} 条")

    # -- the form -----------------------------------------------------------

    def _on_student(self, pick: StudentPick) -> None:
        student = pick.student
        if student is None:
            return
        self.form.set("class_name", student.class_name)
        self.form.set("phone", student.phone)
        about = [student.number, student.class_name]
        earlier = visits_of(student, clock.today())
        if earlier:
            about.append(f"今日已来过 {len(earlier)} 次：{earlier[-1].service_name}")
        self.form.set("about", "  ".join(filter(None, about)))
        self.form.show_field("about", True)

    def _on_service(self, service: Service) -> None:
        usual = USUAL_OUTCOMES.get(ServiceKind(service.kind), VisitOutcome.DONE)
        self.form.set("outcome", usual)

    def _on_outcome(self, outcome: str) -> None:
        self.form.show_field("refer_to", outcome == VisitOutcome.REFERRED)
        self.form.show_field("due_on", outcome == VisitOutcome.PROMISED)

    def _save(self) -> None:
        form = self.form
        service = form.value("service")
        if service is None:
            raise UserError("请从候选中选择事项。")
        pick: StudentPick | None = form.value("visitor")
        name = "" if pick else form.text("visitor")
        if name and name.isascii() and not any(map(str.isalpha, name)):
            raise UserError(f"来访人“{name}”不在名册中，请核对学号，或填写姓名。")
        outcome = form.value("outcome")
        referred = outcome == VisitOutcome.REFERRED
        chosen = form.value("refer_to") if referred else None
        visit = record_visit(
            by=self.window.person,
            service=service,
            outcome=outcome,
            channel=form.value("channel"),
            student=pick.student if pick else None,
            visitor_name=name,
            class_name=form.text("class_name"),
            phone=form.text("phone"),
            quantity=form.value("quantity"),
            materials=read_materials(form.text("materials")),
            result=form.text("result"),
            note=form.text("note"),
            due_on=form.value("due_on") if outcome == VisitOutcome.PROMISED else None,
            refer_to=next((desk for desk in desks() if desk.uid == chosen), None),
        )
        self._last = form.snapshot()
        self._start_next()
        self._say_recorded(visit)

    def _say_recorded(self, visit: Visit) -> None:
        due = f"，应于 {visit.due_on} 办结" if visit.due_on else ""
        self.window.say(
            f"已登记 {visit.number}：{visit.visitor_name or '咨询'} · "
            f"{visit.service_name} · {visit.outcome_label}{due}"
        )
        if visit.due_on:
            notice = unknown_year_notice(visit.arrived_at.date(), visit.due_on)
            if notice:
                self.window.info.show(notice, "warning")

    def _start_next(self) -> None:
        self.form.clear()
        self.form.show_field("about", False)
        self._show_list()
        self.focus_first()

    # -- keys and buttons ---------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_new(self) -> None:
        """Ctrl+N: empty the form; Ctrl+D brings back what was last saved."""
        self._start_next()

    def on_repeat(self) -> None:
        """Ctrl+D: the matter of the last entry, for the next person in the queue."""
        if not self._last:
            raise UserError("还没有可以沿用的上一条登记。")
        kept = {
            name: value
            for name, value in self._last.items()
            if name not in ("visitor", "about", "class_name", "phone")
        }
        self.form.restore(kept)
        self.focus_first()

    def on_add_enquiry(self) -> None:
        """Ctrl+1: one more enquiry, nobody named, nothing typed is touched.

        It is about the service in the form, or about nothing in particular.
        """
        visit = record_enquiry(
            by=self.window.person, service=self.form.value("service")
        )
        self._show_list()
        self.window.say(f"已记一次咨询：{visit.service_name}")

    def on_park(self) -> None:
        """F9: put what is being typed aside for somebody more urgent."""
        if self._parked.is_blank():
            self.window.say("登记表还是空的，没有要挂起的内容。")
            return
        count = self._parked.park()
        self._start_next()
        self.window.say(f"已挂起，共 {count} 条；按 Shift+F9 取回。")

    def on_unpark(self) -> None:
        """Shift+F9: take back what was parked last; what is being typed is parked."""
        said = self._parked.take_back()
        self.form.show_field("about", bool(self.form.value("about")))
        self.focus_first()
        self.window.say(said)

    def on_cases(self) -> None:
        """Today's visits, or the cases of this desk that are still open."""
        self._shows_cases = not self._shows_cases
        self._show_list()

    def on_finish(self) -> None:
        """Close the marked case with its result."""
        visit = self.table.selected()
        if visit is None or is_closed(visit):
            raise UserError("请先选中一件还没有办结的事，再办结。")
        result = dialogs.ask_text(
            self,
            f"办结 {visit.number}（{visit.visitor_name}，{visit.service_name}）。"
            "请填写办理结果：",
            title="办结",
            yes="办结",
        )
        if result:
            finish_case(visit, by=self.window.person, result=result)
            self._show_list()
            self.window.say(f"{visit.number} 已办结。")

    def on_void(self) -> None:
        """Delete, or the button: void the marked visit, with a reason."""
        visit = self.table.selected()
        if visit is None:
            raise UserError("请先在列表中选中一条记录，再作废。")
        reason = dialogs.ask_text(
            self,
            f"作废 {visit.number}（{visit.visitor_name or '咨询'}，"
            f"{visit.service_name}）。记录会保留并标明作废，请写明原因：",
            title="作废来访登记",
            yes="作废",
        )
        if reason:
            void_visit(visit, by=self.window.person, reason=reason)
            self._show_list()
            self.window.say(f"已作废 {visit.number}。")
