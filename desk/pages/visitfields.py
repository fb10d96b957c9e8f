"""The fields of a visit: what is usual stands first, what is rare stays below."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from desk.pages.visitrepeat import CAUSES, goes_on_choices
from desk.pages.visitwords import (
    LACKING,
    NOT_COMPLETE,
    RATINGS,
    other_desks,
    promise_words,
    resumed_words,
    suggest_colleagues,
    usual_outcome,
)
from desk.suggestions import ServiceIndex, StudentIndex, StudentPick, name_of
from desk.widgets.form import Form
from models.casefold import Case
from models.services import Service
from models.visits import (
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    VisitOutcome,
)

# What a queue of visitors may have in common.
PINNABLE = ("service", "outcome", "result", "materials", "channel", "note", "handler")


class VisitFields(Form):
    """Which fields there are, and which of them have a meaning for what is chosen."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        command: Callable[[], None],
        on_open_case: Callable[[], None],
    ) -> None:
        super().__init__(master, title="", command=command)
        self.students, self.services = StudentIndex([]), ServiceIndex()
        # The case that waits for this student in the chosen matter.
        self.resumable: Case | None = None
        self._build_who(on_open_case)
        self._build_matter()
        self._build_rare()

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
        self.add_fact("unknown", "").configure(style="Waiting.TLabel")
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
        self.add_list("goes_on", "这次来", on_change=self.show_what_counts)
        self.add_choice(
            "outcome",
            Visit.outcome.verbose_name,
            VISIT_OUTCOME_LABELS,
            on_change=lambda outcome: self.show_what_counts(),
        )
        tick = self.add_check(
            "complete", Visit.materials_complete.verbose_name, initial=True
        )
        tick.configure(command=self.show_what_counts)
        self.add_fact("promise", "").configure(style="Muted.TLabel")
        self.add_list("refer_to", "转至窗口")
        self.add_words("refer_to", "转到哪个窗口", "选别的窗口")

    def _build_rare(self) -> None:
        self.add_entry("result", Visit.result.verbose_name)
        self.add_words("result", LACKING)
        self.add_entry("materials", Visit.materials.verbose_name)
        channels = [(label, value) for value, label in VISIT_CHANNEL_LABELS.items()]
        self.add_list("channel", Visit.channel.verbose_name, channels)
        self.add_number("quantity", Visit.quantity.verbose_name)
        date = self.add_date("due_on", Visit.due_on.verbose_name)
        for event in ("<KeyRelease>", "<FocusOut>"):
            date.entry.bind(event, lambda event: self.show_promise(), add="+")
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
        self.offer_pins(*PINNABLE)
        self.pins.followers["service"] = ("outcome", "refer_to")

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

    def show_resumable(self, case: Case | None) -> None:
        """Whoever brings what was missing goes on with their case, unless they say."""
        self.resumable = case
        self.set_choices("goes_on", goes_on_choices(case) if case else [])
        self.set("goes_on", case is not None)
        self.show_field("goes_on", case is not None)

    @property
    def resumed(self) -> Case | None:
        """The case that this visit goes on with; its own outcome follows from that."""
        return self.resumable if self.value("goes_on") else None

    def show_what_counts(self) -> None:
        """Only what has a meaning for the outcome, and what would be promised."""
        own, outcome = self.resumed is None, self.value("outcome")
        promised = own and outcome == VisitOutcome.PROMISED
        self.show_field("outcome", own)
        self.show_field("refer_to", own and outcome == VisitOutcome.REFERRED)
        self.show_field("complete", promised)
        lacks = promised and not self.value("complete")
        caption = LACKING if lacks else self.label("result")
        self._fields["result"].caption.configure(text=caption)
        self.show_promise()

    def show_promise(self) -> None:
        """What the student will be told, before it is saved."""
        promised = self.value("outcome") == VisitOutcome.PROMISED
        told = self._promise_words() if promised else ""
        if self.resumed:
            promised, told = False, resumed_words(self.resumed)
        self.show_field("due_on", promised and self.value("complete"))
        self.tell("promise", told)

    def _promise_words(self) -> str:
        service: Service | None = self.value("service")
        if not self.value("complete"):
            return NOT_COMPLETE
        if self.widget("due_on").entry.get().strip() or service is None:
            return ""
        return promise_words(service)
