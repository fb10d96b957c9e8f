"""The form of a visit: what is usual stands first, what is rare stays below."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from desk.keymap import key_of_action
from desk.pages.visitrepeat import (
    CAUSES,
    Coming,
    Earlier,
    earlier_of,
    likeliest_case,
    student_words,
    waiting_cases,
    waiting_words,
)
from desk.pages.visitwords import (
    NOT_COMPLETE,
    RATINGS,
    SEE_ABOVE,
    other_desks,
    promise_words,
    suggest_colleagues,
    usual_outcome,
)
from desk.suggestions import ServiceIndex, StudentIndex, StudentPick, name_of
from desk.widgets.form import Form
from models.casefold import Case
from models.repeats import Stranger
from models.services import Service
from models.students import Student
from models.visits import (
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    VisitOutcome,
)

# These follow from the other fields.
FACTS = ("coming", "enquiry_time", "about", "waits", "again", "promise", "known")
# What the next person in the queue may have come for too.
MATTER = (
    *("service", "outcome", "complete", "refer_to", "result", "materials"),
    *("channel", "quantity", "due_on", "note", "handler"),
)
VISITOR = ("visitor", "class_name", "phone", "channel")


class VisitForm(Form):
    """A usual visit: student, Enter, service, Enter, Ctrl+S.

    `coming` holds the visits before, when somebody came for several services.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        command: Callable[[], None],
        on_open_case: Callable[[], None],
    ) -> None:
        super().__init__(master, title="", command=command)
        self.students, self.services = StudentIndex([]), ServiceIndex()
        self.coming: Coming | None = None
        self.earlier: Earlier | None = None
        self.waiting: list[Case] = []
        self._looked_at: Any = None
        self._look_timer = ""
        self._build_who(on_open_case)
        self._build_matter()
        self._build_rare()
        for name in ("visitor", "service", "class_name", "phone"):
            self.widget(name).variable.trace_add("write", lambda *_: self._look_soon())
        for name in FACTS:
            self.tell(name, "")
        self.show_field("repeat_cause", False)
        self._on_outcome(self.value("outcome"))

    # -- building -----------------------------------------------------------

    def _build_who(self, on_open_case: Callable[[], None]) -> None:
        self.add_fact("coming", "").configure(style="Heading.TLabel")
        self.add_fact("enquiry_time", "").configure(style="Waiting.TLabel")
        self.add_suggest(
            "visitor",
            "来访人",
            suggest=lambda text: self.students.suggest(text),
            on_pick=self._on_student,
            fill=name_of,
        )
        self.add_fact("about", "").configure(style="Muted.TLabel")
        waits = self.add_fact("waits", "")
        waits.configure(style="Waiting.TLabel", cursor="hand2")
        waits.bind("<Button-1>", lambda event: on_open_case())

    def _build_matter(self) -> None:
        self.add_suggest(
            "service",
            Visit.service_name.verbose_name,
            suggest=lambda text: self.services.suggest(text),
            on_pick=self._on_service,
            fill=name_of,
            all_when_empty=True,
        )
        self.add_fact("again", "").configure(style="Waiting.TLabel")
        # Four characters: a longer caption would take the room of the choices.
        self.add_list("repeat_cause", "再来原因", CAUSES)
        self.add_words("repeat_cause", "再次来访的原因", "上次来访")
        self.add_choice(
            "outcome",
            Visit.outcome.verbose_name,
            VISIT_OUTCOME_LABELS,
            on_change=self._on_outcome,
        )
        tick = self.add_check(
            "complete", Visit.materials_complete.verbose_name, initial=True
        )
        tick.configure(command=self._show_promise)
        self.add_fact("promise", "").configure(style="Muted.TLabel")
        self.add_list("refer_to", "转至窗口")
        self.add_words("refer_to", "转到哪个窗口", "选别的窗口")

    def _build_rare(self) -> None:
        self.add_entry("result", Visit.result.verbose_name)
        self.add_entry("materials", Visit.materials.verbose_name)
        channels = [(label, value) for value, label in VISIT_CHANNEL_LABELS.items()]
        self.add_list("channel", Visit.channel.verbose_name, channels)
        self.add_number("quantity", Visit.quantity.verbose_name)
        date = self.add_date("due_on", Visit.due_on.verbose_name)
        for event in ("<KeyRelease>", "<FocusOut>"):
            date.entry.bind(event, lambda event: self._show_promise(), add="+")
        for name in ("class_name", "phone"):
            typed = ttk.StringVar(self)
            label = getattr(Visit, name).verbose_name
            self.add_entry(name, label, textvariable=typed).variable = typed
        self.add_fact("known", "").configure(style="Waiting.TLabel")
        self.add_entry("note", Visit.note.verbose_name)
        self.add_suggest(
            "handler",
            Visit.handler_name.verbose_name,
            suggest=suggest_colleagues,
            fill=name_of,
        )
        # A digit chooses so many points.
        points = [(words, stars) for stars, words in RATINGS.items()]
        self.add_list("rating", Visit.rating.verbose_name, [*points, ("未评价", None)])

    # -- what follows from what --------------------------------------------------

    def tell(self, name: str, text: str) -> None:
        """Show a line, or take it away for no text."""
        self.set(name, text)
        self.show_field(name, bool(text))

    def show_desks(self) -> None:
        """Where a visit may be referred to; nothing is chosen by itself."""
        chosen = self.value("refer_to")
        self.set_choices("refer_to", [(desk.name, desk.uid) for desk in other_desks()])
        self.set("refer_to", chosen)

    def _on_student(self, pick: StudentPick) -> None:
        student = pick.student
        if student is not None:
            self.set("class_name", student.class_name)
            self.set("phone", student.phone)

    def _on_service(self, service: Service) -> None:
        outcome = usual_outcome(service)
        self.set("outcome", outcome)
        if outcome == VisitOutcome.REFERRED:
            self.set("refer_to", service.desk_uid)

    def _on_outcome(self, outcome: str) -> None:
        self.show_field("refer_to", outcome == VisitOutcome.REFERRED)
        self.show_field("complete", outcome == VisitOutcome.PROMISED)
        self._show_promise()

    def _show_promise(self) -> None:
        promised = self.value("outcome") == VisitOutcome.PROMISED
        self.show_field("due_on", promised and self.value("complete"))
        self.tell("promise", self._promise_words() if promised else "")

    def _promise_words(self) -> str:
        """What the student will be told, before it is saved."""
        service: Service | None = self.value("service")
        if not self.value("complete"):
            return NOT_COMPLETE
        if self.widget("due_on").entry.get().strip() or service is None:
            return ""
        return promise_words(service)

    def _look_soon(self) -> None:
        """When idle: the field that changed has its record by then."""
        if not self._look_timer:
            self._look_timer = self.after_idle(self.look_again)

    def look_again(self) -> None:
        """Show what is known of this visitor and matter; nothing if neither changed."""
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        pick, service = self.value("visitor"), self.value("service")
        if self.coming and not self._is_same_visitor(pick):
            self.coming = None
        stranger = None if pick else self._stranger()
        known = pick.number if pick else stranger
        looked_at = (known, service and service.uid, self.coming)
        if looked_at == self._looked_at:
            return
        self._looked_at = looked_at
        self.tell("coming", self.coming.words if self.coming else "")
        self._show_known(pick.student if pick else stranger, service)
        self._show_promise()
        self._keep_in_sight()

    def _is_same_visitor(self, pick: StudentPick | None) -> bool:
        assert self.coming is not None
        first = self.coming.first
        name = pick.name if pick else self.text("visitor")
        number = pick.number if pick else ""
        return (number, name) == (first.student_number, first.visitor_name)

    def _stranger(self) -> Stranger | None:
        told = map(self.text, ("visitor", "class_name", "phone"))
        stranger = Stranger(*told)
        return stranger if stranger.can_be_told else None

    def _keep_in_sight(self) -> None:
        """What came or went above may have moved the field that is typed in."""
        typed_in = str(self.tk.call("focus"))
        for name in ("class_name", "phone"):
            if str(self.widget(name)) == typed_in:
                self._see(self.widget(name))

    def _show_known(
        self, who: Student | Stranger | None, service: Service | None
    ) -> None:
        student = who if isinstance(who, Student) else None
        self.waiting = waiting_cases(student) if student else []
        self.earlier = None
        if who and service:
            self.earlier = earlier_of(who, service, self.coming)
        self.tell("about", student_words(student, self.coming) if student else "")
        key = key_of_action("on_open_case")
        self.tell("waits", waiting_words(self.waiting, key))
        self.tell("again", self.earlier.words if self.earlier else "")
        # What is above may be out of sight where a stranger's phone is typed.
        self.tell("known", SEE_ABOVE if self.earlier and not student else "")
        self.show_field("repeat_cause", self.earlier is not None)
        if self.earlier:
            self.set("repeat_cause", self.earlier.cause)

    # -- typed, put aside, taken down -------------------------------------------

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Ready for the next visitor."""
        self.coming = None
        super().clear(keep=keep)
        self.look_again()

    def go_on(self, visit: Visit) -> None:
        """Ready for what else the same visitor came for; *visit* is the last."""
        before = self.coming
        super().clear(keep=VISITOR)
        self.coming = before.with_one_more() if before else Coming(visit)
        self.look_again()
        self.focus_field("service")

    def forget_visit(self, visit: Visit) -> None:
        """It is void: nothing can be added to its coming."""
        if self.coming and self.coming.first == visit:
            self.coming = None
            self.look_again()

    def waiting_case(self) -> Case | None:
        """The case that this visitor should bring something for, if there is one."""
        return likeliest_case(self.waiting, self.value("service"))

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, and whether it belongs to a coming."""
        return {**super().snapshot(), "occasion": self.coming}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot, or a part of one."""
        fields = {n: v for n, v in typed.items() if n not in ("occasion", *FACTS)}
        super().restore(fields)
        self.coming = typed.get("occasion", self.coming)
        self.look_again()
        super().restore({n: v for n, v in fields.items() if n == "repeat_cause"})
        self._show_promise()

    def destroy(self) -> None:
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        super().destroy()
