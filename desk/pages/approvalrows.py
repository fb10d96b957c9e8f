"""What is decided on, as lines of a list: corrections and check-ins alike."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from desk.pages.dutyrows import span
from desk.widgets.table import Column
from models import clock
from models.approvals import SIDE_LABELS, VERDICT_LABELS, Approval, Decided, verdicts
from models.attendance import Attendance
from models.corrections import Correction, corrections_between
from models.facts import facts_between
from models.people import Person, PersonRole
from models.reviews import department_of

DAYS_SHOWN = timedelta(days=60)


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
    *SHARED,
    Column("结果", verdict, 3.5),
    Column("审核情况", decided_by, 10, stretch=True),
    Column("原因", reason, 8, stretch=True),
]


def department_seen_by(person: Person) -> str:
    """Whose attendance concerns a person; "" for everybody's."""
    return "" if person.role == PersonRole.OFFICE else person.department_uid


def decided_rows(department_uid: str) -> list[Row]:
    """What was settled in the last 60 days, the latest first."""
    today = clock.today()
    since = today - DAYS_SHOWN
    rows = [Row.of(*found) for found in corrections_between(since, today)]
    waited = [
        fact.attendance
        for fact in facts_between(since, today)
        if fact.attendance and fact.attendance.needs_approval
    ]
    known = verdicts([attendance.uid for attendance in waited])
    rows += [Row.of(a, known[a.uid]) for a in waited if a.uid in known]
    settled = [
        row
        for row in rows
        if row.decided.at and department_uid in ("", department_of(row.subject))
    ]
    return sorted(settled, key=lambda row: (row.decided.at, row.uid), reverse=True)
