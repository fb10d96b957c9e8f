"""来访登记台账: everyone who came, called or wrote."""

import json
from typing import Any

from peewee import fn

from exports.ledgers.casefields import CASE_FIELDS, case_in
from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    in_year_of,
    joined,
    label_of,
    time_of,
)
from exports.ledgers.marks import LATE
from exports.ledgers.masks import mask_number, mask_phone
from exports.ledgers.numbers import numbers_in
from models.base import db
from models.casefold import Case
from models.offhours import OrdinaryHours
from models.services import SERVICE_KIND_LABELS
from models.steps import StepKind
from models.visits import (
    REPEAT_CAUSE_LABELS,
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    materials_text,
)

_outcome = label_of(VISIT_OUTCOME_LABELS)
_cause = label_of(REPEAT_CAUSE_LABELS)


def _service(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{name}（{quantity}件）"


def _materials(stored: str | None) -> str:
    return materials_text(json.loads(stored)) if stored and stored != "[]" else ""


def _handled(
    arrived_at: str, outcome: str, result: str, due_on: str | None, *stored: Any
) -> str:
    said, case, where = _outcome(outcome), case_in(*stored), ""
    if case is not None:
        sent = [step for step in case.steps if step.kind == StepKind.REFERRED]
        where = f"至{sent[-1].desk_name}" if sent else ""
        due_on = case.promised_on.isoformat() if case.promised_on else None
    due = f"应于 {in_year_of(arrived_at, due_on)}" if due_on else ""
    said += f"（{'，'.join(filter(None, [where, due]))}）" if where or due else ""
    closing = case.closing if case else None
    return joined(said, result, closing.note if closing else "")


def _finished(arrived_at: str, at_once: str | None, *stored: Any) -> str:
    """`11-25` over `15:40`; of another year than the visit `2027-` over `01-04`."""
    case = case_in(*stored)
    ended = at_once if case is None or case.closing is None else _stored_end(case)
    if not ended:
        return ""
    day = in_year_of(arrived_at, day_of(ended))
    return f"{day[:-5]}\n{day[-5:]}\n{time_of(ended)}".lstrip()


def _stored_end(case: Case) -> str:
    return case.closing.at.isoformat() if case.closing else ""


def _rating(stars: int | None) -> str:
    return f"{stars}分" if stars else ""


def _note(
    late: int, complete: int, trip: int, before: str, cause: str, *rest: Any
) -> str:
    void, reason, note = rest
    return joined(
        LATE.text if late else "",
        "" if complete else "材料待补",
        _repeat(trip, before, cause),
        f"作废：{reason}" if void else "",
        note,
    )


def _repeat(trip: int, before: str, cause: str) -> str:
    """`第 2 次来，上次 JW20261120-003，材料不全` (跑腿次数)."""
    if trip < 2:
        return ""
    parts = [f"第 {trip} 次来", f"上次 {before}" if before else "", _cause(cause)]
    return "，".join(part for part in parts if part)


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        Visit.select(),
        at=Visit.arrived_at,
        desk=Visit.desk_uid,
        department=Visit.department_uid,
    ).order_by(Visit.arrived_at, Visit.uid)


def _totals(query: Query) -> Totals:
    """Visits and pieces by outcome; void ones are named but not counted in."""
    counted = (
        query.select(
            Visit.outcome, Visit.is_void, fn.COUNT(Visit.uid), fn.SUM(Visit.quantity)
        )
        .order_by()
        .group_by(Visit.outcome, Visit.is_void)
        .tuples()
    )
    void, visits, pieces, outcomes = 0, 0, 0, {}
    for outcome, is_void, count, quantity in counted:
        if is_void:
            void += count
            continue
        visits, pieces = visits + count, pieces + quantity
        outcomes[outcome] = count
    known = [code for code in VISIT_OUTCOME_LABELS if code in outcomes]
    newer = [code for code in outcomes if code not in VISIT_OUTCOME_LABELS]
    parts = "、".join(f"{_outcome(code)} {outcomes[code]}" for code in known + newer)
    closing = f"合计　共 {visits} 次 {pieces} 件"
    if parts:
        closing += f"：{parts}"
    closing += _off_hours(query) + _by_unit(query)
    if void:
        closing += f"；另有作废 {void} 次"
    return Totals(f"{closing}。", numbers=numbers_in(query))


def _off_hours(query: Query) -> str:
    """The share of visits outside ordinary hours (错时服务, P17)."""
    ordinary, count, off = OrdinaryHours(), 0, 0
    moments = query.select(Visit.desk_uid, Visit.arrived_at).order_by()
    for desk_uid, moment in db.execute(moments.where(~Visit.is_void)):
        count += 1
        off += not ordinary.holds(desk_uid, moment)
    return f"；错时服务 {off} 次，占 {off / count:.0%}" if off else ""


def _by_unit(query: Query) -> str:
    """At joint desks the visits count to the unit whose turn it was (P13)."""
    counted = (
        query.select(Visit.duty_unit_name, fn.COUNT(Visit.uid))
        .where(~Visit.is_void & (Visit.duty_unit_name != ""))
        .order_by()
        .group_by(Visit.duty_unit_name)
        .tuples()
    )
    parts = "、".join(f"{name} {count}" for name, count in sorted(counted))
    return f"；联合窗口按当值单位：{parts}" if parts else ""


VISITS = Ledger(
    code="visits",
    title="来访登记台账",
    columns=(
        # Two lines: the number breaks at its hyphen, as most rows have two anyway.
        Column(Visit.number, width=19.6),
        Column(Visit.arrived_at, heading="日期", text=day_of, width=16),
        Column(Visit.arrived_at, heading="时间", text=time_of, width=8.2),
        Column(Visit.visitor_name, width=10.5),
        Column(Visit.student_number, width=16.9, mask=mask_number),
        Column(Visit.class_name, heading="班级/学院", width=12.7, left=True),
        Column(Visit.phone, width=18.6, mask=mask_phone),
        Column(
            Visit.service_name, Visit.quantity, text=_service, width=15.9, left=True
        ),
        Column(Visit.channel, text=label_of(VISIT_CHANNEL_LABELS), width=7.3),
        Column(Visit.service_kind, text=label_of(SERVICE_KIND_LABELS), width=7.3),
        Column(
            Visit.materials,
            heading="所收材料及数量",
            text=_materials,
            width=14,
            left=True,
        ),
        Column(Visit.first_receiver_name, width=10.5),
        Column(Visit.handler_name, width=10.5),
        Column(
            Visit.arrived_at,
            Visit.outcome,
            Visit.result,
            Visit.due_on,
            *CASE_FIELDS,
            heading="处理情况",
            text=_handled,
            width=25.4,
            left=True,
        ),
        Column(
            Visit.arrived_at,
            Visit.finished_at,
            *CASE_FIELDS,
            heading="办结时间",
            text=_finished,
            width=8.6,
        ),
        Column(Visit.rating, text=_rating, width=7.3),
        Column(
            Visit.late_entry,
            Visit.materials_complete,
            Visit.trip,
            Visit.follows_number,
            Visit.repeat_cause,
            Visit.is_void,
            Visit.void_reason,
            Visit.note,
            heading="备注",
            text=_note,
            width=15.6,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("编号",),
)
