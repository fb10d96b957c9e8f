"""请假替岗登记: when A was away and why, who stood in, and who approved it (P19).

Its lines are those of `models.duty`: every check-in for somebody else, and every A who
did not come and had nobody to stand in.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from exports.ledgers.attendances import (
    Sighting,
    in_words,
    is_known,
    methods_of,
    place_of,
    planned_hours,
)
from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals, joined, label_of
from exports.ledgers.marks import SYSTEM
from exports.ledgers.masks import mask_number
from exports.ledgers.selection import Selection
from models.approvals import NOT_DECIDED, SIDE_LABELS, VERDICT_LABELS, Decided, verdicts
from models.attendance import COVER_REASON_LABELS, POST_LABELS, RecordedBy
from models.base import tuples_of
from models.duty import DutyLine, duty_lines
from models.facts import Fact
from models.hours import clock_hours
from models.people import Person
from models.shifts import Who

_reason = label_of(COVER_REASON_LABELS)
_post = label_of(POST_LABELS)

NOT_SAID = "未说明"


class Away(NamedTuple):
    """Somebody who was away from a shift; `duty.fact` is who stood in, if anybody."""

    duty: DutyLine
    who: Who
    decided: Decided

    @property
    def cover(self) -> Fact | None:
        return self.duty.fact

    @property
    def sighting(self) -> Sighting:
        return Sighting(self.duty, place_of(self.duty))

    @property
    def why(self) -> str:
        said = _reason(self.cover.cover_reason) if self.cover else ""
        return said or NOT_SAID


def _aways(chosen: Selection) -> list[Away]:
    numbers = dict(tuples_of(Person.select(Person.uid, Person.number)))
    desk = chosen.desk.uid if chosen.desk else ""
    lines = [
        line
        for line in duty_lines(chosen.first, chosen.last, desk_uid=desk)
        if is_known(line, chosen)
        and (line.is_absent or (line.fact is not None and line.fact.cover_for_uid))
    ]
    decided = verdicts([_judged(line.fact) for line in lines if line.fact])
    found = []
    for line in lines:
        who, fact = line.who, line.fact
        if fact is not None:
            uid = fact.cover_for_uid
            who = Who(uid, numbers.get(uid, ""), fact.cover_for_name)
        verdict = decided.get(_judged(fact), NOT_DECIDED) if fact else NOT_DECIDED
        found.append(Away(line, who, verdict))
    return [away for away in found if _is_chosen(away, chosen)]


def _is_chosen(away: Away, chosen: Selection) -> bool:
    """Of a person: the shifts they were away from, and those they stood in for."""
    department, worker = chosen.department, chosen.worker
    if department is not None and department.uid != away.duty.department_uid:
        return False
    return worker is None or worker.uid in (away.who.uid, away.duty.who.uid)


def _judged(fact: Fact) -> str:
    """What the two bosses decide on: the correction that holds, else the check-in."""
    return fact.correction.uid if fact.correction else fact.uid


def _named(who: Who) -> str:
    return "\n".join(filter(None, [who.name, who.number]))


def _substitute(line: Away) -> str:
    return _named(line.duty.who) if line.cover else ""


def _cover_post(line: Away) -> str:
    return _post(line.cover.post) if line.cover else ""


def _counted(line: Away) -> str:
    return clock_hours(line.duty.paid) if line.cover else ""


def _stood_in(line: Away) -> str:
    fact = line.cover
    if fact is None:
        return ""
    came, left = fact.checked_in_at, fact.checked_out_at
    return f"{came:%H:%M}–{f'{left:%H:%M}' if left else '未签退'}"


def _approved(line: Away) -> str:
    """Both bosses, where they were asked; else the plan the office has filed."""
    fact = line.cover
    if fact is None:
        return ""
    asked = fact.correction is not None or (
        fact.attendance is not None and fact.attendance.needs_approval
    )
    if asked:
        names = [
            f"{SIDE_LABELS.get(one.side, one.side)} {one.decider_name}"
            for one in line.decided.approvals
        ]
        return "\n".join([*names, VERDICT_LABELS[line.decided.verdict]])
    shift = line.duty.shift
    return f"按备案排班\n{shift.plan_number}" if shift else ""


def _note(line: Away) -> str:
    fact = line.cover
    if fact is None:
        return "无人替岗"
    attendance = fact.attendance
    return joined(
        SYSTEM.text if fact.method_out == RecordedBy.SYSTEM else "",
        attendance.forced_reason if attendance else "",
        attendance.note if attendance else "",
        f"更正：{fact.correction.reason}" if fact.correction else "",
    )


def _totals(lines: Sequence[Away]) -> Totals:
    covered = [line for line in lines if line.cover is not None]
    counts = Counter(line.why for line in lines)
    reasons = "、".join(f"{why} {count}" for why, count in counts.most_common())
    closing = f"合计　共离岗 {len(lines)} 次" + (f"：{reasons}" if reasons else "")
    minutes = sum(line.duty.paid for line in covered)
    closing += f"；有人替岗 {len(covered)} 次，计薪工时 {in_words(minutes)}"
    alone = len(lines) - len(covered)
    return Totals(f"{closing}{f'；无人替岗 {alone} 次' if alone else ''}。")


COVERS: ComputedLedger[Away] = ComputedLedger(
    code="covers",
    title="请假替岗登记",
    columns=(
        LineColumn("日期", lambda line: line.duty.day.isoformat(), 16.2),
        LineColumn("教学周\n星期 节次", lambda line: line.sighting.place, 18.5),
        LineColumn("窗口", lambda line: line.duty.desk_name, 26.3, left=True),
        LineColumn("应到—应离", lambda line: planned_hours(line.sighting), 18),
        LineColumn("离岗人", lambda line: _named(line.who), 18.3, mask=mask_number),
        LineColumn("离岗\n事由", lambda line: line.why, 10.7),
        LineColumn("替岗人", _substitute, 18.3, mask=mask_number),
        LineColumn("岗别", _cover_post, 9.5),
        LineColumn("替岗时间", _stood_in, 18),
        LineColumn("工时", _counted, 9),
        LineColumn("方式", lambda line: methods_of(line.sighting), 11.8),
        LineColumn("审批", _approved, 24),
        LineColumn("备注", _note, 26.3, left=True),
    ),
    lines=_aways,
    totals=_totals,
    key=("日期", "离岗人", "应到—应离", "替岗人"),
    narrowed_by=("desk", "department", "worker"),
    by_the_clock=True,
    footnotes=(
        "注：A 岗因上课、实训、实习等离岗，由 B 岗代替；在已备案的排班内替岗不另审批，"
        "排班以外的由部门和办公室审核。无人替岗——A 岗未到，也没有人代替。",
    ),
)
