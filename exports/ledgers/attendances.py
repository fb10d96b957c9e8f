"""签到签退表: who was at which desk, who was not, and the minutes that count.

Its lines are those of `models.duty`, as are those of hours and pay.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.groups import Group, Grouping
from exports.ledgers.ledger import Totals, joined, label_of
from exports.ledgers.marks import SYSTEM
from exports.ledgers.masks import mask_number
from exports.ledgers.selection import Selection
from models import calendar
from models.attendance import (
    COVER_REASON_LABELS,
    POST_LABELS,
    RECORDED_BY_LABELS,
    Attendance,
    RecordedBy,
)
from models.corrections import Correction
from models.duty import DutyLine, duty_lines
from models.facts import Fact, FactState
from models.hours import clock_hours

_method = label_of(RECORDED_BY_LABELS)
_post = label_of(POST_LABELS)
_reason = label_of(COVER_REASON_LABELS)


class Sighting(NamedTuple):
    """A line and where it stands in the term: asked once for each shift and day."""

    duty: DutyLine
    place: str

    @property
    def fact(self) -> Fact | None:
        return self.duty.fact


def _sightings(chosen: Selection) -> list[Sighting]:
    lines = duty_lines(
        chosen.first,
        chosen.last,
        desk_uid=chosen.desk.uid if chosen.desk else "",
        person_uid=chosen.worker.uid if chosen.worker else "",
    )
    department = chosen.department.uid if chosen.department else ""
    places: dict[object, str] = {}
    found = []
    for line in lines:
        if department not in ("", line.department_uid) or not is_known(line, chosen):
            continue
        key = line.planned or line.begins
        if key not in places:
            places[key] = place_of(line)
        found.append(Sighting(line, places[key]))
    # Each desk by itself, in the policy's order.
    return sorted(found, key=_desk)


def is_known(line: DutyLine, chosen: Selection) -> bool:
    """Who came is recorded; who did not is known at the desk of the shift alone."""
    return line.fact is not None or chosen.desk_uid in ("", line.desk_uid)


def place_of(line: DutyLine) -> str:
    """`第9周` over `周一 3–4节`; the weekday alone outside a term."""
    weekday = f"周{calendar.WEEKDAYS[line.begins.weekday()]}"
    return line.place.replace(" ", "\n", 1) or weekday


def planned_hours(line: Sighting) -> str:
    """`08:30–10:00`; "" for whoever came outside any plan."""
    planned = line.duty.planned
    return f"{planned[0]:%H:%M}–{planned[1]:%H:%M}" if planned else ""


def _came(line: Sighting) -> str:
    return f"{line.fact.checked_in_at:%H:%M}" if line.fact else ""


def _left(line: Sighting) -> str:
    if line.fact is None:
        return ""
    came, left = line.fact.checked_in_at, line.fact.checked_out_at
    if left is None:
        return "未签退"
    return f"{left:%H:%M}" if left.date() == came.date() else f"{left:%m-%d %H:%M}"


def _cover(line: Sighting) -> str:
    """Whose place was taken, or who took it."""
    if line.fact is not None:
        name = line.fact.cover_for_name
        return f"替{name}" if name else ""
    return f"由{'、'.join(line.duty.covered_by)}代" if line.duty.covered_by else ""


def _missed(line: Sighting) -> str:
    duty = line.duty
    if duty.is_absent:
        return "缺勤"
    parts = [f"迟到{duty.late}分"] * bool(duty.late)
    return "\n".join(parts + [f"早退{duty.early}分"] * bool(duty.early))


def _cover_reason(line: Sighting) -> str:
    return _reason(line.fact.cover_reason) if line.fact else ""


def _counted(line: Sighting) -> str:
    """A teacher's stay is not paid, and no hours are shown for it."""
    pays = line.fact is None or line.fact.pays
    return clock_hours(line.duty.paid) if pays else ""


def methods_of(line: Sighting) -> str:
    if line.fact is None:
        return ""
    came, left = line.fact.method_in, line.fact.method_out
    if not left or came == left:
        return _method(came)
    return f"{_method(came)}/{_method(left)}"


def _note(line: Sighting) -> str:
    fact = line.fact
    if fact is None:
        return ""
    twice = line.duty.twice
    return joined(
        SYSTEM.text if fact.method_out == RecordedBy.SYSTEM else "",
        _standing(line.duty, fact),
        _corrected(fact.correction),
        "更正待审核" if fact.asked else "",
        _as_recorded(fact.attendance) if fact.attendance else "",
        f"与另一班重复 {twice} 分不计" if twice else "",
    )


def _standing(duty: DutyLine, fact: Fact) -> str:
    if fact.state == FactState.PENDING:
        return f"待审核 {clock_hours(duty.pending)}" if duty.pending else "待审核"
    return "审核未通过，不计" if fact.state == FactState.REFUSED else ""


def _corrected(correction: Correction | None) -> str:
    if correction is None:
        return ""
    if correction.old_in is None:
        return f"补签：{correction.reason}"
    old_out = f"{correction.old_out:%H:%M}" if correction.old_out else "未签退"
    return f"已更正：原 {correction.old_in:%H:%M}–{old_out}，因{correction.reason}"


def _as_recorded(attendance: Attendance) -> str:
    warned = "、".join(attendance.warning_labels)
    if attendance.forced_reason:
        warned = f"（{warned}）" if warned else ""
        warned = f"说明原因后签到：{attendance.forced_reason}{warned}"
    return joined(warned, "" if attendance.uniform else "未着装", attendance.note)


def _totals(lines: Sequence[Sighting]) -> Totals:
    return Totals(f"合计　{_sums(lines)}")


def _by_desk(lines: Sequence[Sighting]) -> list[Group]:
    """The lines of several desks are in the order of the desks."""
    found = []
    for _, some in groupby(lines, key=_desk):
        here = list(some)
        title = f"窗口：{here[-1].duty.desk_name}"
        found.append(Group(title, len(here), f"小计　{_sums(here)}"))
    return found


def _desk(line: Sighting) -> str:
    return line.duty.desk_uid


def _sums(lines: Sequence[Sighting]) -> str:
    """Minutes that wait for approval are named, and not among those that count."""
    duties = [line.duty for line in lines]
    people = len({duty.who.uid for duty in duties})
    paid = sum(duty.paid for duty in duties)
    waiting = [
        duty for duty in duties if duty.fact and duty.fact.state == FactState.PENDING
    ]
    said = f"{people} 人，共 {len(lines)} 条，计薪工时 {in_words(paid)}"
    if waiting:
        pending = in_words(sum(duty.pending for duty in waiting))
        said += f"（另有待审核 {len(waiting)} 条 {pending}）"
    late = sum(duty.late > 0 for duty in duties)
    early = sum(duty.early > 0 for duty in duties)
    absent = sum(duty.is_absent for duty in duties)
    return f"{said}；迟到 {late} 次，早退 {early} 次，缺勤 {absent} 次。"


def in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} 小时 {rest} 分"


ATTENDANCES: ComputedLedger[Sighting] = ComputedLedger(
    code="attendances",
    title="签到签退表",
    columns=(
        LineColumn("日期", lambda line: line.duty.day.isoformat(), 16.2),
        LineColumn("教学周\n星期 节次", lambda line: line.place, 18.5),
        LineColumn("窗口", lambda line: line.duty.desk_name, 20, left=True),
        LineColumn("姓名", lambda line: line.duty.who.name, 12.5),
        LineColumn(
            "学号/工号", lambda line: line.duty.who.number, 18.3, mask=mask_number
        ),
        LineColumn("岗别", lambda line: _post(line.duty.post), 9.5),
        LineColumn("应到—应离", planned_hours, 18),
        LineColumn("签到", _came, 9.2),
        LineColumn("签退", _left, 10),
        LineColumn("代班", _cover, 17.6),
        LineColumn("迟到/早退\n/缺勤", _missed, 16.5),
        LineColumn("事由", _cover_reason, 8),
        LineColumn("工时", _counted, 9),
        LineColumn("方式", methods_of, 11.8),
        LineColumn("备注", _note, 29.9, left=True),
    ),
    lines=_sightings,
    totals=_totals,
    groups=Grouping(_by_desk, when=lambda chosen: chosen.desk is None),
    key=("日期", "姓名", "应到—应离", "签到"),
    narrowed_by=("desk", "department", "worker"),
    by_the_clock=True,
    footnotes=(
        "注：工时为应到应离与实际在岗重合的时间，同一时间只计一次，待审核的不计。"
        "补签——没有签到记录，"
        "经部门和办公室同意后补记；已更正——经部门和办公室同意改用更正的时间，"
        "原记录保留。缺勤——A 岗未到且无人代班。",
    ),
)
