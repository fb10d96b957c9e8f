"""Taking down what stands in the form of a visit."""

from typing import Any

from desk.pages.visitform import VisitForm
from desk.pages.visitrepeat import NOT_THE_SAME
from desk.pages.visitwords import not_a_colleague, read_materials, read_stranger
from desk.suggestions import StudentPick
from models.base import transaction
from models.desks import desks
from models.errors import UserError
from models.people import Person
from models.reception import record_visit
from models.visits import Visit, VisitOutcome, rate_visit


def take_down(form: VisitForm, *, by: Person) -> Visit:
    """Record the visit; UserError for what is missing or cannot be."""
    form.look_again()
    service = form.value("service")
    if service is None:
        raise UserError("请从候选中选择事项。")
    cause = form.value("repeat_cause") if form.earlier else NOT_THE_SAME
    rating = form.value("rating")
    with transaction():
        visit = record_visit(
            by=by,
            service=service,
            channel=form.value("channel"),
            quantity=form.value("quantity"),
            materials=read_materials(form.text("materials")),
            result=form.text("result"),
            note=form.text("note"),
            handler=_handler(form),
            occasion=form.coming.first if form.coming else None,
            follows=form.earlier.visit if form.earlier and cause else None,
            repeat_cause=cause,
            **_who(form),
            **_outcome(form),
        )
        return rate_visit(visit, rating, by=by) if rating else visit


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


def _outcome(form: VisitForm) -> dict[str, Any]:
    """The outcome, with what has a meaning only for it."""
    outcome = form.value("outcome")
    promised = outcome == VisitOutcome.PROMISED
    complete = not promised or form.value("complete")
    referred = outcome == VisitOutcome.REFERRED
    chosen = form.value("refer_to") if referred else None
    return {
        "outcome": outcome,
        "materials_complete": complete,
        "due_on": form.value("due_on") if promised and complete else None,
        "refer_to": next((desk for desk in desks() if desk.uid == chosen), None),
    }
