"""转办登记: what one desk sent on to another, who took it, and the answer (P10)."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals, joined
from exports.ledgers.marks import LATE
from exports.ledgers.masks import mask_phone
from exports.ledgers.numbers import numbers_of
from exports.ledgers.selection import Selection
from models.cases import Case, cases_of
from models.clock import between
from models.steps import StepKind, VisitStep
from models.visits import Visit, materials_text


class Referral(NamedTuple):
    """One sending on, with what came after it until the next one."""

    case: Case
    sent: VisitStep
    after: Sequence[VisitStep]
    is_last: bool

    def first(self, kind: StepKind) -> VisitStep | None:
        return next((step for step in self.after if step.kind == kind), None)

    @property
    def sender(self) -> str:
        return self.sent.by_desk_name or self.case.visit.desk_name

    @property
    def sender_uid(self) -> str:
        return self.sent.by_desk_uid or self.case.visit.desk_uid


def _referrals(chosen: Selection) -> list[Referral]:
    """By when they were sent; of a desk those it sent and those sent to it."""
    sent_then = VisitStep.at.between(*between(chosen.first, chosen.last))
    sent = VisitStep.select(VisitStep.visit_uid).where(
        (VisitStep.kind == StepKind.REFERRED) & sent_then
    )
    visits = list(Visit.select().where(Visit.uid.in_(sent)))
    found = [line for case in cases_of(visits) for line in _of_case(case)]
    desk = chosen.desk_uid
    return sorted(
        (
            line
            for line in found
            if chosen.first <= line.sent.at.date() <= chosen.last
            and desk in ("", line.sender_uid, line.sent.desk_uid)
        ),
        key=lambda line: (line.sent.at, line.sent.uid),
    )


def _of_case(case: Case) -> list[Referral]:
    places = [
        at for at, step in enumerate(case.steps) if step.kind == StepKind.REFERRED
    ]
    return [
        Referral(case, case.steps[at], case.steps[at + 1 : end], end == len(case.steps))
        for at, end in pairwise([*places, len(case.steps)])
    ]


def _who(line: Referral) -> str:
    visit = line.case.visit
    return "\n".join(filter(None, [visit.visitor_name, visit.phone]))


def _materials(line: Referral) -> str:
    return materials_text(line.case.visit.materials) or "无"


def _taken(line: Referral) -> str:
    taken = line.first(StepKind.TAKEN)
    if taken is not None:
        return f"{taken.person_name}\n{taken.at:%m-%d %H:%M}"
    return "" if line.case.is_closed else "未签收"


def _result(line: Referral) -> str:
    """How the case ended, or where it is: told by the last sending on of a case."""
    case = line.case
    if not line.is_last:
        return "再转办"
    if case.closing is None:
        return case.status_label
    return f"{case.status_label}：{case.closing.note}"


def _answered(line: Referral) -> str:
    told = line.first(StepKind.NOTIFIED)
    return f"{told.at:%Y-%m-%d %H:%M}" if told else ""


def _note(line: Referral) -> str:
    visit = line.case.visit
    return joined(
        LATE.text if visit.late_entry else "",
        f"作废：{visit.void_reason}" if visit.is_void else "",
        *line.case.contradictions,
    )


def _totals(lines: Sequence[Referral]) -> Totals:
    counts = Counter(line.sent.desk_name for line in lines)
    to = "、".join(f"{desk} {count}" for desk, count in sorted(counts.items()))
    waiting = sum(_taken(line) == "未签收" for line in lines)
    closing = f"合计　共转办 {len(lines)} 次" + (f"：{to}" if to else "")
    said = f"{closing}{f'；未签收 {waiting} 次' if waiting else ''}。"
    return Totals(said, numbers=numbers_of(line.case.visit for line in lines))


REFERRALS: ComputedLedger[Referral] = ComputedLedger(
    code="referrals",
    title="转办登记",
    columns=(
        LineColumn("时间", lambda line: f"{line.sent.at:%Y-%m-%d %H:%M}", 16),
        LineColumn("编号", lambda line: line.case.visit.number, 24.1),
        LineColumn("办事人及电话", _who, 18.8, mask=mask_phone),
        LineColumn("事项", lambda line: line.case.visit.service_name, 17, left=True),
        LineColumn(
            "首问负责人", lambda line: line.case.visit.first_receiver_name, 10.8
        ),
        LineColumn("转出窗口", lambda line: line.sender, 17, left=True),
        LineColumn("转至", lambda line: line.sent.desk_name, 17, left=True),
        LineColumn("移交材料", _materials, 17, left=True),
        LineColumn("转办说明", lambda line: line.sent.note, 17, left=True),
        LineColumn("签收", _taken, 17),
        LineColumn("结果", _result, 20.2, left=True),
        LineColumn("反馈时间", _answered, 16),
        LineColumn("备注", _note, 17, left=True),
    ),
    lines=_referrals,
    visit=lambda line: line.case.visit,
    totals=_totals,
    key=("编号", "时间"),
    narrowed_by=("desk",),
)
