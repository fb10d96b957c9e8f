"""来访登记台账: everyone who came, called or wrote."""

import json

from peewee import Case, fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    joined,
    label_of,
    moment_of,
    time_of,
)
from models.base import db
from models.cases import CLOSING_STEPS
from models.offhours import OrdinaryHours
from models.services import SERVICE_KIND_LABELS
from models.steps import StepKind, VisitStep
from models.visits import (
    OPENING_OUTCOMES,
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    Visit,
    VisitOutcome,
    materials_text,
)

_outcome = label_of(VISIT_OUTCOME_LABELS)


def _closing_step(field):
    """*field* of the step that closed a visit's case; null while the case is open.

    The last step that closed or reopened counts.  Asked only of the few visits that
    opened a case, the rest were finished at once.
    """
    turns = [*CLOSING_STEPS, StepKind.REOPENED]
    last = VisitStep.alias()
    shown = Case(None, [(last.kind == StepKind.REOPENED, None)], getattr(last, field))
    step = (
        last.select(shown)
        .where((last.visit_uid == Visit.uid) & last.kind.in_(turns))
        .order_by(last.at.desc(), last.uid.desc())
        .limit(1)
    )
    return Case(None, [(Visit.outcome.in_(OPENING_OUTCOMES), step)], None)


def _service(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{name}（{quantity}件）"


def _materials(stored: str | None) -> str:
    return materials_text(json.loads(stored)) if stored and stored != "[]" else ""


def _referred_to():
    """The desk that a visit was last referred to; asked of the few that were."""
    sent = VisitStep.alias()
    desk = (
        sent.select(sent.desk_name)
        .where((sent.visit_uid == Visit.uid) & (sent.kind == StepKind.REFERRED))
        .order_by(sent.at.desc(), sent.uid.desc())
        .limit(1)
    )
    return Case(None, [(Visit.outcome == VisitOutcome.REFERRED, desk)], None)


def _handled(
    outcome: str, due_on: str | None, desk: str | None, result: str, closed: str | None
) -> str:
    said = _outcome(outcome)
    said += f"（至{desk}）" if desk else ""
    said += f"（应于{due_on}办结）" if due_on else ""
    return joined(said, result, closed or "")


def _finished(at_once: str | None, closed_at: str | None) -> str:
    return moment_of(closed_at or at_once)


def _rating(stars: int | None) -> str:
    return f"{stars}分" if stars else ""


def _note(late: int, void: int, reason: str, note: str) -> str:
    return joined("补录" if late else "", f"作废：{reason}" if void else "", note)


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
    return Totals(f"{closing}。")


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
    return f"；按当值单位：{parts}" if parts else ""


VISITS = Ledger(
    code="visits",
    title="来访登记台账",
    columns=(
        Column(Visit.number, width=24.1),
        Column(Visit.arrived_at, heading="日期", text=day_of, width=16),
        Column(Visit.arrived_at, heading="时间", text=time_of, width=8.2),
        Column(Visit.visitor_name, width=10.5),
        Column(Visit.student_number, width=16.9),
        Column(Visit.class_name, heading="班级/学院", width=13.7, left=True),
        Column(Visit.phone, width=18.6),
        Column(
            Visit.service_name, Visit.quantity, text=_service, width=16.9, left=True
        ),
        Column(Visit.channel, text=label_of(VISIT_CHANNEL_LABELS), width=7.3),
        Column(Visit.service_kind, text=label_of(SERVICE_KIND_LABELS), width=7.3),
        Column(
            Visit.materials,
            heading="所收材料及数量",
            text=_materials,
            width=13.6,
            left=True,
        ),
        Column(Visit.first_receiver_name, width=10.5),
        Column(Visit.handler_name, width=10.5),
        Column(
            Visit.outcome,
            Visit.due_on,
            _referred_to(),
            Visit.result,
            _closing_step("note"),
            text=_handled,
            width=17,
            left=True,
        ),
        Column(Visit.finished_at, _closing_step("at"), text=_finished, width=16),
        Column(Visit.rating, text=_rating, width=7.3),
        Column(
            Visit.late_entry,
            Visit.is_void,
            Visit.void_reason,
            Visit.note,
            heading="备注",
            text=_note,
            width=10.5,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("编号",),
)
