"""考勤更正登记: other times that were asked for, and what both bosses decided (P12).

The original stays as it was recorded and stands beside what it was changed to.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals
from exports.ledgers.masks import mask_number
from exports.ledgers.selection import Selection
from models.approvals import VERDICT_LABELS, Decided, Side, Verdict
from models.corrections import Correction, corrections_between
from models.reviews import department_of


class Asked(NamedTuple):
    """A request, and what was decided."""

    correction: Correction
    decided: Decided


def _requests(chosen: Selection) -> list[Asked]:
    """By when they were asked, the oldest first; at a desk those about its shifts."""
    found = [Asked(*pair) for pair in corrections_between(chosen.first, chosen.last)]
    return [line for line in reversed(found) if _is_chosen(line.correction, chosen)]


def _is_chosen(correction: Correction, chosen: Selection) -> bool:
    department, worker = chosen.department, chosen.worker
    return (
        chosen.desk_uid in ("", correction.desk_uid)
        and (department is None or department_of(correction) == department.uid)
        and (worker is None or correction.person_uid == worker.uid)
    )


def _who(line: Asked) -> str:
    return f"{line.correction.person_name}\n{line.correction.person_number}"


def _shift(line: Asked) -> str:
    begins, ends = line.correction.planned_from, line.correction.planned_to
    if begins is None or ends is None:
        return "不在排班内"
    return f"{begins:%Y-%m-%d}\n{begins:%H:%M}–{ends:%H:%M}"


def _old(line: Asked) -> str:
    correction = line.correction
    if correction.old_in is None:
        return "没有记录"
    return _times(correction.old_in, correction.old_out)


def _new(line: Asked) -> str:
    correction = line.correction
    if correction.new_in == correction.new_out:
        return "没有到岗"
    return _times(correction.new_in, correction.new_out)


def _times(came: datetime, left: datetime | None) -> str:
    if left is None:
        return f"{came:%m-%d}\n{came:%H:%M}–未签退"
    until = f"{left:%H:%M}" if left.date() == came.date() else f"{left:%m-%d %H:%M}"
    return f"{came:%m-%d}\n{came:%H:%M}–{until}"


def _opinion(line: Asked, side: Side) -> str:
    """`同意` over who said so and when; what was refused says why."""
    said = next((a for a in line.decided.approvals if a.side == side), None)
    if said is None:
        return "待审核" if line.decided.verdict == Verdict.WAITING else "—"
    words = "同意" if said.approved else "不同意"
    words += f"：{said.note}" if said.note else ""
    return f"{words}\n{said.decider_name} {said.decided_at:%m-%d}"


def _result(line: Asked) -> str:
    label, at = VERDICT_LABELS[line.decided.verdict], line.decided.at
    return f"{label}\n{at:%Y-%m-%d}" if at else label


def _totals(lines: Sequence[Asked]) -> Totals:
    counts = Counter(line.decided.verdict for line in lines)
    parts = "、".join(
        f"{label} {counts[Verdict(verdict)]}"
        for verdict, label in VERDICT_LABELS.items()
        if counts[Verdict(verdict)]
    )
    closing = f"合计　共申请 {len(lines)} 次"
    return Totals(f"{closing}：{parts}。" if parts else f"{closing}。")


CORRECTIONS: ComputedLedger[Asked] = ComputedLedger(
    code="corrections",
    title="考勤更正登记",
    columns=(
        LineColumn(
            "申请时间",
            lambda line: f"{line.correction.requested_at:%Y-%m-%d %H:%M}",
            16.2,
        ),
        LineColumn("姓名", _who, 18.3, mask=mask_number),
        LineColumn("窗口", lambda line: line.correction.desk_name, 18, left=True),
        LineColumn("岗别", lambda line: line.correction.post_label, 9.5),
        LineColumn("班次", _shift, 17.5),
        LineColumn("原签到签退", _old, 18),
        LineColumn("更正为", _new, 18),
        LineColumn("更正原因", lambda line: line.correction.reason, 24.7, left=True),
        LineColumn("证明人", lambda line: line.correction.witness_name, 11.5),
        LineColumn("申请人", lambda line: line.correction.requester_name, 11.5),
        LineColumn("部门意见", lambda line: _opinion(line, Side.DEPARTMENT), 22.3),
        LineColumn("办公室意见", lambda line: _opinion(line, Side.OFFICE), 22.3),
        LineColumn("结果", _result, 16.5),
    ),
    lines=_requests,
    totals=_totals,
    key=("申请时间", "姓名", "班次"),
    narrowed_by=("desk", "department", "worker"),
    footnotes=(
        "注：部门和办公室都同意的，考勤按更正的时间计；原来的签到签退记录保留不动。",
    ),
)
