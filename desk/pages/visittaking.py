"""Taking down what stands in the form of a visit."""

from typing import Any, NamedTuple

from desk.pages.visitform import VisitForm
from desk.pages.visitrepeat import NOT_THE_SAME
from desk.pages.visitwords import not_a_colleague, read_materials, read_stranger
from desk.suggestions import StudentPick
from models.base import transaction
from models.casefold import Case
from models.cases import case_of, resume_case
from models.desks import Desk, desks
from models.errors import UserError
from models.people import Person
from models.reception import record_visit
from models.visits import RepeatCause, Visit, VisitOutcome, rate_visit


class Taken(NamedTuple):
    """A visit that was taken down, and the case it brought what was missing for."""

    visit: Visit
    resumed: Case | None = None

    @property
    def resumed_words(self) -> str:
        """`，JW20261120-003 材料齐全，应于 2026-11-30 办结`; "" where none was."""
        if self.resumed is None:
            return ""
        due = self.resumed.due_on
        until = f"，应于 {due} 办结" if due else ""
        return f"，{self.resumed.visit.number} 材料齐全，续办{until}"


def take_down(form: VisitForm, *, by: Person) -> Taken:
    """Record the visit; UserError for what is missing or cannot be.

    What somebody brings for a case that waits is done with that: the case goes on,
    and no second one is opened beside it.
    """
    form.look_again()
    service = form.value("service")
    if service is None:
        raise UserError("请从候选中选择事项。")
    rating, waits = form.value("rating"), form.resumed
    with transaction():
        visit = record_visit(
            by=by,
            service=service,
            channel=form.value("channel"),
            quantity=form.value("quantity"),
            materials=read_materials(form.text("materials")),
            note=form.text("note"),
            handler=_handler(form),
            occasion=form.coming.first if form.coming else None,
            **_who(form),
            **(_resuming(form, waits) if waits else _opening(form)),
        )
        if waits:
            resume_case(waits.visit, by=by, note="学生补来材料")
            waits = case_of(waits.visit)
        return Taken(rate_visit(visit, rating, by=by) if rating else visit, waits)


def _handler(form: VisitForm) -> Person | None:
    """Nobody when it is whoever takes the visit down."""
    if form.value("handler") is None and form.text("handler"):
        raise UserError(not_a_colleague(form.label("handler")))
    return form.value("handler")


def _who(form: VisitForm) -> dict[str, Any]:
    pick: StudentPick | None = form.value("visitor")
    return {
        "student": pick.student if pick else None,
        "visitor_name": read_stranger(pick, form.text("visitor")),
        "class_name": form.text("class_name"),
        "phone": form.text("phone"),
    }


def _resuming(form: VisitForm, waits: Case) -> dict[str, Any]:
    """Handing in what was missing is a coming of its own, and ends with that."""
    said = [f"补齐 {waits.visit.number} 的材料，续办", form.text("result")]
    return {
        "outcome": VisitOutcome.DONE,
        "result": "；".join(filter(None, said)),
        "follows": waits.visit,
        "repeat_cause": RepeatCause.MATERIALS,
    }


def _opening(form: VisitForm) -> dict[str, Any]:
    """The outcome, with what has a meaning only for it, and why they come again."""
    cause = form.value("repeat_cause") if form.earlier else NOT_THE_SAME
    outcome = form.value("outcome")
    promised = outcome == VisitOutcome.PROMISED
    complete = not promised or form.value("complete")
    referred = outcome == VisitOutcome.REFERRED
    chosen = form.value("refer_to") if referred else None
    return {
        "outcome": outcome,
        "result": form.text("result"),
        "follows": form.earlier.visit if form.earlier and cause else None,
        "repeat_cause": cause,
        "materials_complete": complete,
        "due_on": form.value("due_on") if promised and complete else None,
        "refer_to": _desk(chosen) if chosen else None,
    }


def _desk(uid: str) -> Desk | None:
    return next((desk for desk in desks() if desk.uid == uid), None)
