"""The lines of paper of the 补录 sheet: their rarer columns, and what a line says."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.pages.visitwords import (
    RATINGS,
    not_a_colleague,
    other_desks,
    read_materials,
    suggest_colleagues,
    usual_outcome,
)
from desk.suggestions import name_of
from desk.widgets.gridcolumns import Cell, GridColumn, GridRow
from models.base import transaction
from models.late_visits import LateVisit, record_late_visits
from models.people import Person
from models.visits import VISIT_CHANNEL_LABELS, Visit, VisitChannel, rate_visit

# By which column a refusal is known; the first that occurs in it.
WORDS = (
    *(("来访人", "who"), ("名册", "who"), ("已经登记过", "who")),
    *(("来访时间", "at"), ("应办结日", "due"), ("改选处理情况", "outcome")),
    *(("材料", "result"), ("办理结果", "result"), ("窗口", "desk")),
    *(("件数", "quantity"), ("事项", "service"), ("处理情况", "outcome")),
)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class ColleagueColumn(GridColumn):
    """Somebody of the centre; empty for oneself."""

    def problem_of(self, cell: Cell) -> str:
        problem = super().problem_of(cell)
        if problem or not cell.text or cell.record is not None:
            return problem
        return not_a_colleague(self.heading)


def rare_columns() -> Sequence[GridColumn]:
    """What paper seldom says: at the right, where it is in nobody's way."""

    def colleague(name: str, heading: str) -> GridColumn:
        return ColleagueColumn(
            *(name, heading, 5.5, "suggest"), suggest=suggest_colleagues, fill=name_of
        )

    return (
        GridColumn(
            *("complete", Visit.materials_complete.verbose_name, 4.5, "choice"),
            choices={YES: "是", NO: "否"},
            initial=YES,
        ),
        GridColumn(
            *("channel", Visit.channel.verbose_name, 5, "choice"),
            choices=VISIT_CHANNEL_LABELS,
        ),
        GridColumn("quantity", Visit.quantity.verbose_name, 3, "number"),
        colleague("receiver", Visit.first_receiver_name.verbose_name),
        colleague("handler", Visit.handler_name.verbose_name),
        GridColumn("class_name", Visit.class_name.verbose_name, 6),
        GridColumn("phone", Visit.phone.verbose_name, 6.5),
        GridColumn(
            *("rating", Visit.rating.verbose_name, 4, "choice"),
            choices={str(stars): words for stars, words in RATINGS.items()},
        ),
    )


def record_rows(rows: Sequence[GridRow], *, by: Person) -> list[Visit]:
    """Take the lines down, with what was said of the service: all or none."""
    with transaction():
        visits = record_late_visits([entry_of(row) for row in rows], by=by)
        for row, visit in zip(rows, visits, strict=True):
            if row.records["rating"]:
                rate_visit(visit, int(row.records["rating"]), by=by)
    return visits


def entry_of(row: GridRow) -> LateVisit:
    """What a line of the sheet says; the outcome usual for its service by itself."""
    records, text = row.records, row.text
    service = records["service"]
    desk = records["desk"]
    if desk is None and service is not None:
        desk = next((d for d in other_desks() if d.uid == service.desk_uid), None)
    quantity = records["quantity"]
    return LateVisit(
        arrived_at=records["at"],
        visitor=records["who"].number if records["who"] else text["who"],
        service=service,
        outcome=records["outcome"] or (usual_outcome(service) if service else ""),
        result=text["result"],
        materials=read_materials(text["materials"]),
        note=text["note"],
        due_on=records["due"],
        refer_to=desk,
        channel=records["channel"] or VisitChannel.IN_PERSON,
        quantity=1 if quantity is None else quantity,
        class_name=text["class_name"],
        phone=text["phone"],
        materials_complete=records["complete"] != NO,
        first_receiver=records["receiver"],
        handler=records["handler"],
    )


def column_of(refusal: str) -> str:
    """The column that a refusal is about."""
    return next((name for word, name in WORDS if word in refusal), "")
