"""What is decided on, as lines of a list: corrections and check-ins alike."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from desk.pages.dutyrows import span
from desk.pages.listing import day_text
from desk.widgets.table import Column, Keyset
from models import clock
from models.approvals import SIDE_LABELS, VERDICT_LABELS, Approval, Decided
from models.attendance import Attendance
from models.corrections import Correction
from models.keysets import Page
from models.people import Person, PersonRole
from models.reviews import settled_page, waiting_page


class Row(NamedTuple):
    """Something decided on, or to be decided, whatever kind it is."""

    uid: str
    subject: Correction | Attendance
    decided: Decided

    @classmethod
    def of(cls, subject: Correction | Attendance, decided: Decided) -> "Row":
        return cls(subject.uid, subject, decided)

    @property
    def correction(self) -> Correction | None:
        return self.subject if isinstance(self.subject, Correction) else None

    @property
    def original(self) -> tuple[datetime | None, datetime | None]:
        if isinstance(self.subject, Correction):
            return self.subject.old_in, self.subject.old_out
        return self.subject.checked_in_at, self.subject.checked_out_at

    @property
    def day(self) -> date:
        came = self.subject.planned_from or self.original[0]
        if came is None and self.correction:
            came = self.correction.new_in
        return came.date() if came else clock.today()


def planned(row: Row) -> str:
    begins, ends = row.subject.planned_from, row.subject.planned_to
    return span(begins, ends) if begins else "未排班"


def original(row: Row) -> str:
    return span(*row.original) if row.original[0] else "没有签到"


def asked_for(row: Row) -> str:
    """What would count, if it is approved."""
    wanted = row.correction
    if wanted is None:
        return "按原记录计时"
    if wanted.new_in == wanted.new_out:
        return "当时不在岗"
    return span(wanted.new_in, wanted.new_out)


def reason(row: Row) -> str:
    if row.correction is not None:
        return row.correction.reason
    subject = row.subject
    assert isinstance(subject, Attendance)
    closed = ["签退由系统代签"] * (subject.method_out == "system")
    return "，".join(filter(None, [*closed, subject.note, *subject.warning_labels]))


def decided_by(row: Row) -> str:
    """`办公室待审核；部门 李老师 同意`: what waits first, a list may cut the rest."""
    taken = [_in_words(approval) for approval in row.decided.approvals]
    missing = SIDE_LABELS.keys() - {a.side for a in row.decided.approvals}
    if row.decided.verdict == "waiting":
        sides = [SIDE_LABELS[side] for side in SIDE_LABELS if side in missing]
        taken.insert(0, f"{'、'.join(sides)}待审核")
    return "；".join(taken)


def _in_words(approval: Approval) -> str:
    verdict = "同意" if approval.approved else "不同意"
    note = f"（{approval.note}）" if approval.note else ""
    return f"{approval.side_label} {approval.decider_name} {verdict}{note}"


def verdict(row: Row) -> str:
    return VERDICT_LABELS.get(row.decided.verdict, row.decided.verdict)


SHARED = [
    Column("姓名", lambda row: row.subject.person_name, 3.5),
    Column("日期", lambda row: f"{row.day:%m-%d}", 2.5),
    Column("原记录", original, 5.5),
    Column("申请改为", asked_for, 5.5),
    Column("班次", planned, 5.5),
]
WAITING_COLUMNS = [
    *SHARED,
    Column("审核情况", decided_by, 14, stretch=True),
    Column("原因", reason, 8, stretch=True),
]
DECIDED_COLUMNS = [
    SHARED[0],
    Column("日期", lambda row: day_text(row.day), 5),
    *SHARED[2:],
    Column("结果", verdict, 3.5),
    Column("审核情况", decided_by, 10, stretch=True),
    Column("原因", reason, 8, stretch=True),
]


def department_seen_by(person: Person) -> str:
    """Whose attendance concerns a person; "" for everybody's."""
    return "" if person.role == PersonRole.OFFICE else person.department_uid


def waiting_rows(department_uid: str) -> Keyset:
    """What is to be decided, the oldest first."""
    return _rows(waiting_page, department_uid)


def settled_rows(department_uid: str) -> Keyset:
    """What was decided, the latest first."""
    return _rows(settled_page, department_uid)


def _rows(page_of: Callable[..., Page], department_uid: str) -> Keyset:
    def fetch(after: Any) -> tuple[list[Row], Any]:
        page = page_of(department_uid, after)
        return [Row.of(*found) for found in page.rows], page.after

    return Keyset(fetch)
