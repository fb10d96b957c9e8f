"""限时办结台账: every promise, what moved it, and whether it was kept (P22)."""

from collections.abc import Sequence

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals, joined
from exports.ledgers.marks import LATE
from exports.ledgers.masks import mask_number
from exports.ledgers.numbers import numbers_of
from exports.ledgers.selection import Selection
from models.base import tuples_of
from models.cases import Case, CaseStatus, cases_of, overdue_days
from models.services import Service
from models.steps import StepKind
from models.visits import OPENING_OUTCOMES, Visit


class Promised:
    """A case and what its service promises."""

    def __init__(self, case: Case, days: int, chosen: Selection) -> None:
        self.case, self.days = case, days
        self.late = 0 if case.is_paused else overdue_days(case, chosen.on)


def _promised(chosen: Selection) -> list[Promised]:
    query = chosen.narrow(
        Visit.select().where(Visit.outcome.in_(OPENING_OUTCOMES)),
        at=Visit.arrived_at,
        desk=Visit.desk_uid,
        department=Visit.department_uid,
    )
    visits = list(query.order_by(Visit.arrived_at, Visit.uid))
    days = dict(tuples_of(Service.select(Service.uid, Service.working_days)))
    return [
        Promised(case, days.get(case.visit.service_uid, 0), chosen)
        for case in cases_of(visits)
    ]


def _applicant(line: Promised) -> str:
    visit = line.case.visit
    return "\n".join(filter(None, [visit.visitor_name, visit.student_number]))


def _limit(line: Promised) -> str:
    return f"{line.days} 个\n工作日" if line.days else ""


def _due(line: Promised) -> str:
    promised = line.case.promised_on
    return promised.isoformat() if promised else ""


def _worker(line: Promised) -> str:
    case = line.case
    last = case.closing.person_name if case.closing else case.visit.handler_name
    return f"{case.desk_name}\n{last}"


def _pauses(line: Promised) -> str:
    # A date would break at its hyphen where the line is too short for both.
    return "\n".join(
        f"{pause.since:%m-%d} 至\n{f'{pause.until:%m-%d}' if pause.until else '今'}："
        f"{pause.reason}"
        for pause in line.case.pauses
    )


def _closed(line: Promised) -> str:
    case = line.case
    if case.status == CaseStatus.VOID or case.closed_at is None:
        return case.status_label
    said = "" if case.status == CaseStatus.FINISHED else f"\n{case.status_label}"
    return f"{case.closed_at:%Y-%m-%d}{said}"


def _late(line: Promised) -> str:
    case = line.case
    if case.status == CaseStatus.VOID or case.promised_on is None:
        return ""
    if line.late:
        return f"超期\n{line.late} 天"
    return "否" if case.is_closed else "未到期"


def _extensions(line: Promised) -> str:
    return "\n".join(
        f"{step.at:%m-%d} 延至\n{step.due_on:%m-%d}：{step.note}"
        for step in line.case.steps
        if step.kind == StepKind.EXTENDED and step.due_on
    )


def _note(line: Promised) -> str:
    visit = line.case.visit
    return joined(
        LATE.text if visit.late_entry else "",
        f"作废：{visit.void_reason}" if visit.is_void else "",
        *line.case.contradictions,
        "有步骤未收到" if line.case.missing else "",
        visit.note,
    )


def _totals(lines: Sequence[Promised]) -> Totals:
    """Void cases are named, and in no other sum."""
    counted = [line for line in lines if line.case.status != CaseStatus.VOID]
    closed = [line for line in counted if line.case.is_closed]
    late = sum(line.late > 0 for line in closed)
    promised = [line for line in closed if line.case.promised_on]
    kept = len(promised) - late
    waiting = [line for line in counted if not line.case.is_closed]
    closing = f"合计　共 {len(counted)} 件，已办结 {len(closed)} 件"
    if promised:
        closing += f"，其中按时 {kept} 件（{kept / len(promised):.0%}）、超期 {late} 件"
        undated = len(closed) - len(promised)
        closing += f"、没有应办结日 {undated} 件" if undated else ""
    closing += f"；未办结 {len(waiting)} 件"
    overdue = sum(line.late > 0 for line in waiting)
    closing += f"，其中已超期 {overdue} 件" if overdue else ""
    void = len(lines) - len(counted)
    said = f"{closing}{f'；另有作废 {void} 件' if void else ''}。"
    return Totals(said, numbers=numbers_of(line.case.visit for line in lines))


PROMISES: ComputedLedger[Promised] = ComputedLedger(
    code="promises",
    title="限时办结台账",
    columns=(
        LineColumn("受理编号", lambda line: line.case.visit.number, 24.1),
        LineColumn(
            "受理日期", lambda line: f"{line.case.visit.arrived_at:%Y-%m-%d}", 16
        ),
        LineColumn("申请人", _applicant, 17.2, mask=mask_number),
        LineColumn("事项", lambda line: line.case.visit.service_name, 20.2, left=True),
        LineColumn(
            "材料齐全日",
            lambda line: f"{line.case.complete_on or ''}",
            16,
        ),
        LineColumn("承诺时限", _limit, 11.2),
        LineColumn("应办结日", _due, 16),
        LineColumn("承办", _worker, 20.4, left=True),
        LineColumn("暂停起止及原因", _pauses, 23.3, left=True),
        LineColumn("办结日期", _closed, 16),
        LineColumn("是否超期", _late, 11.5),
        LineColumn("延期原因", _extensions, 18.6, left=True),
        LineColumn("备注", _note, 14.5, left=True),
    ),
    lines=_promised,
    visit=lambda line: line.case.visit,
    totals=_totals,
    key=("受理编号",),
    narrowed_by=("desk", "department"),
    footnotes=(
        "注：承诺时限自材料齐全起按工作日计算；等待学生补材料期间停表，补齐后续算；"
        "超期天数为工作日，未办结的算到填报日。",
    ),
)
