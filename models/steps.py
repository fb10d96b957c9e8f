"""Steps (办件步骤): what happened to a case, one after the other, only ever added."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from peewee import TextField

from models import clock
from models.base import DayField, ListField, MomentField, Record
from models.desks import Desk
from models.people import Person

if TYPE_CHECKING:
    from models.visits import Visit


class StepKind(StrEnum):
    """What happened to a case.  Stored and synced: never rename a value."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    COMPLETE = "complete"
    REFERRED = "referred"
    TAKEN = "taken"
    PROGRESS = "progress"
    EXTENDED = "extended"
    FINISHED = "finished"
    NOTIFIED = "notified"
    REOPENED = "reopened"
    REFUSED = "refused"


STEP_KIND_LABELS: dict[str, str] = {
    StepKind.ACCEPTED: "受理",
    StepKind.WAITING: "待补材料（停表）",
    StepKind.COMPLETE: "材料齐全（续表）",
    StepKind.REFERRED: "转办",
    StepKind.TAKEN: "接办",
    StepKind.PROGRESS: "进展",
    StepKind.EXTENDED: "延期",
    StepKind.FINISHED: "办结",
    StepKind.NOTIFIED: "告知",
    StepKind.REOPENED: "重开",
    StepKind.REFUSED: "不予受理",
}


class VisitStep(Record):
    """One thing that happened to a case; only ever added."""

    only_added = True

    visit_uid = TextField(index=True, verbose_name="来访标识")
    visit_number = TextField(verbose_name="来访编号")
    kind = TextField(verbose_name="步骤")
    at = MomentField(verbose_name="时间")
    person_uid = TextField(verbose_name="经手人标识")
    person_name = TextField(verbose_name="经手人")
    # For 转办: where to.  For 延期 and 受理: the promise that now holds.
    desk_uid = TextField(default="", verbose_name="转至窗口标识")
    desk_name = TextField(default="", verbose_name="转至窗口")
    due_on = DayField(null=True, verbose_name="应办结日")
    note = TextField(default="", verbose_name="说明")
    # Where it was done, and the last steps that were known there: what follows what
    # is told by these and not by the clocks of two PCs.
    by_desk_uid = TextField(default="", verbose_name="经手窗口标识")
    by_desk_name = TextField(default="", verbose_name="经手窗口")
    seen = ListField(verbose_name="已见步骤")

    class Meta:
        table_name = "visit_step"

    @property
    def kind_label(self) -> str:
        return STEP_KIND_LABELS.get(self.kind, self.kind)


# Cases that another desk closed keep their visit's row open: their end is looked up.
VisitStep.add_index(
    VisitStep.index(VisitStep.visit_uid, name="visit_step_closing").where(
        VisitStep.kind.in_((StepKind.FINISHED, StepKind.REFUSED))
    )
)

# Reopened cases are very few, and may be open whatever their visit's row says.
VisitStep.add_index(
    VisitStep.index(VisitStep.visit_uid, name="visit_step_reopened").where(
        VisitStep.kind == StepKind.REOPENED
    )
)


def write_step(
    visit: "Visit",
    kind: str,
    *,
    by: Person,
    here: Desk,
    seen: Sequence[str] = (),
    at: datetime | None = None,
    note: str = "",
    desk: Desk | None = None,
    due_on: date | None = None,
) -> VisitStep:
    """Add a step inside the running transaction; the caller has checked it.

    *here* is where it is done, *seen* the last steps known there.
    """
    return VisitStep(
        visit_uid=visit.uid,
        visit_number=visit.number,
        kind=kind,
        at=at or clock.now(),
        person_uid=by.uid,
        person_name=by.name,
        desk_uid=desk.uid if desk else "",
        desk_name=desk.name if desk else "",
        due_on=due_on,
        note=note.strip(),
        by_desk_uid=here.uid,
        by_desk_name=here.name,
        seen=list(seen),
    ).write(by=by)
