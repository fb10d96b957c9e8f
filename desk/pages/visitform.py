"""The form of a visit: what is known of who came, and what they came for before."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desk.keymap import key_of_action
from desk.pages.visitfields import VisitFields
from desk.pages.visitrepeat import (
    Coming,
    Earlier,
    earlier_of,
    likeliest_case,
    same_case,
    student_words,
    waiting_cases,
    waiting_words,
)
from desk.pages.visitwords import SEE_ABOVE, read_stranger, unknown_number_words
from desk.suggestions import StudentPick
from models.casefold import Case
from models.errors import UserError
from models.repeats import Stranger
from models.services import Service
from models.students import Student
from models.visits import Visit, VisitOutcome

# These follow from the other fields.
FACTS = (
    *("coming", "enquiry_time", "unknown", "about", "waits", "again"),
    *("promise", "known"),
)
# What the next person in the queue may have come for too.
MATTER = (
    *("service", "outcome", "complete", "refer_to", "result", "materials"),
    *("channel", "quantity", "due_on", "note", "handler"),
)
VISITOR = ("visitor", "class_name", "phone", "channel")
# These begin with what is known of the visitor: put back when that is shown.
CHOSEN = ("repeat_cause", "goes_on")


class VisitForm(VisitFields):
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
        super().__init__(master, command=command, on_open_case=on_open_case)
        self.coming: Coming | None = None
        self.earlier: Earlier | None = None
        self.waiting: list[Case] = []
        self._looked_at: Any = None
        self._look_timer = ""
        for name in ("visitor", "service", "class_name", "phone"):
            self.widget(name).variable.trace_add("write", lambda *_: self._look_soon())
        visitor = self.widget("visitor")
        self.check("visitor", self._check_visitor)
        visitor.variable.trace_add("write", lambda *_: self.tell("unknown", ""))
        visitor.bind("<FocusOut>", lambda event: self._tell_unknown(), add="+")
        for name in FACTS:
            self.tell(name, "")
        self.show_resumable(None)
        self.show_what_counts()

    # -- what is known of the visitor -------------------------------------------

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
        self.show_what_counts()
        self._keep_in_sight()

    def _tell_unknown(self) -> None:
        """A number mistyped is told when the field is left, not only on saving."""
        typed = (self.value("visitor"), self.text("visitor"))
        self.tell("unknown", unknown_number_words(*typed))

    def _check_visitor(self) -> None:
        """A number that nobody has, or nobody where somebody must be named."""
        typed = self.text("visitor")
        read_stranger(self.value("visitor"), typed)
        anonymous = self.value("outcome") == VisitOutcome.ENQUIRY or self.coming
        if not typed and not anonymous:
            raise UserError("请填写来访人：输入学号或姓名。只有咨询可以不填。")

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
        coming = self.coming
        before = [c for c in self.waiting if not (coming and coming.holds(c.visit))]
        self.show_resumable(same_case(before, service))
        if self.earlier:
            self.set("repeat_cause", self.earlier.cause)

    def show_what_counts(self) -> None:
        """Why they come again needs no words where they go on with their case."""
        super().show_what_counts()
        again = self.earlier is not None and self.resumed is None
        self.show_field("repeat_cause", again)

    # -- typed, put aside, taken down -------------------------------------------

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Ready for the next visitor."""
        self.coming = None
        super().clear(keep=keep)
        if "service" in self.pins.names:
            self._outcome_of_pinned()
        self.look_again()

    def _outcome_of_pinned(self) -> None:
        service = self.value("service")
        if service is not None and "outcome" not in self.pins.names:
            self._on_service(service)

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
        chosen = {n: fields[n] for n in CHOSEN if fields.get(n) is not None}
        super().restore(chosen)
        self.show_what_counts()

    def is_typed_in(self, apart: Sequence[str] = ()) -> bool:
        """What else somebody came for is begun already."""
        return self.coming is not None or super().is_typed_in(apart)

    def to_json(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """With the coming it belongs to, by its first visit."""
        packed, coming = super().to_json(typed), typed["occasion"]
        if coming is not None:
            packed["occasion"] = [coming.first.uid, coming.count]
        return packed

    def from_json(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Without the coming where its first visit is void meanwhile."""
        uid, count = kept.get("occasion", ("", 0))
        first = Visit.get_or_none(Visit.uid == uid)
        coming = Coming(first, count) if first and not first.is_void else None
        return {**super().from_json(kept), "occasion": coming}

    def destroy(self) -> None:
        if self._look_timer:
            self.after_cancel(self._look_timer)
            self._look_timer = ""
        super().destroy()
