"""Approvals: what the two bosses decided, and what their decisions come to (P12).

The department's teacher and the office each approve or refuse (双重管理); a decision is
never taken back, and only both together approve.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from peewee import BooleanField, TextField

from models.base import MomentField, Record
from models.installation import installation


class Verdict(StrEnum):
    """What the decisions about one thing come to."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


VERDICT_LABELS: dict[str, str] = {
    Verdict.WAITING: "待审核",
    Verdict.APPROVED: "已同意",
    Verdict.REFUSED: "未同意",
}


class Side(StrEnum):
    """Of the two bosses (P12).  Stored and synced: never rename a value."""

    DEPARTMENT = "department"
    OFFICE = "office"


SIDE_LABELS: dict[str, str] = {Side.DEPARTMENT: "部门", Side.OFFICE: "办公室"}


class Approval(Record):
    """One boss's decision about a correction or a check-in; it is never taken back."""

    audience = "all"
    written_by = "all"
    only_added = True

    # The uid of the `Correction` or `Attendance`.
    subject_uid = TextField(index=True, verbose_name="事项标识")
    side = TextField(verbose_name="审核方")
    approved = BooleanField(verbose_name="同意")
    note = TextField(default="", verbose_name="意见")
    decided_at = MomentField(verbose_name="审核时间")
    decider_uid = TextField(verbose_name="审核人标识")
    decider_name = TextField(verbose_name="审核人")

    class Meta:
        table_name = "approval"

    @property
    def side_label(self) -> str:
        return SIDE_LABELS.get(self.side, self.side)


class Decided(NamedTuple):
    """The verdict about one thing, when it fell, and the decisions it rests on."""

    verdict: Verdict
    at: datetime | None
    approvals: tuple[Approval, ...]


NOT_DECIDED = Decided(Verdict.WAITING, None, ())


def verdict_of(subject: Record) -> Decided:
    """What was decided so far about a correction or a check-in."""
    return verdicts([subject.uid]).get(subject.uid, NOT_DECIDED)


def verdicts(uids: Sequence[str]) -> dict[str, Decided]:
    """The decisions about several things by their uid; those without any are left out.

    A decision of the office counts only when the office's own station signed it.
    """
    office = installation().office_uid
    found: dict[str, list[Approval]] = {}
    for at in range(0, len(uids), 500):
        query = Approval.select().where(Approval.subject_uid.in_(uids[at : at + 500]))
        for approval in query.order_by(Approval.decided_at, Approval.uid):
            # A side nobody knows of is no second boss.
            if approval.side == Side.DEPARTMENT or (
                approval.side == Side.OFFICE and approval.station == office
            ):
                found.setdefault(approval.subject_uid, []).append(approval)
    return {uid: _verdict(approvals) for uid, approvals in found.items()}


def _verdict(approvals: Iterable[Approval]) -> Decided:
    """Each side's first decision counts, should two PCs have taken one each."""
    first: dict[str, Approval] = {}
    for approval in approvals:
        first.setdefault(approval.side, approval)
    taken = tuple(first.values())
    refused = [approval for approval in taken if not approval.approved]
    if refused:
        return Decided(Verdict.REFUSED, refused[0].decided_at, taken)
    if len(taken) == len(Side):
        return Decided(Verdict.APPROVED, max(a.decided_at for a in taken), taken)
    return Decided(Verdict.WAITING, None, taken)
