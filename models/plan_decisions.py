"""Decisions about plans (备案): what is in force at every station (P20).

The office's decision holds a copy of the plan: a plan made at one PC reaches the others
only through the office, and nothing changes under its number.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from peewee import BooleanField, TextField

from models import clock
from models.base import DayField, Record, db, table_of, transaction
from models.desks import Desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.plan_contents import PlanContent

if TYPE_CHECKING:
    from models.plans import ShiftPlan


class PlanDecision(PlanContent):
    """The office accepts a plan with number and date (备案), or returns it."""

    written_by = "office"
    only_added = True

    plan_uid = TextField(index=True, verbose_name="排班标识")
    accepted = BooleanField(verbose_name="同意备案")
    number = TextField(default="", verbose_name="备案编号")
    decided_on = DayField(verbose_name="备案日期")
    # A version never changes what was in force before it was accepted.
    in_force_from = DayField(null=True, verbose_name="生效日期")
    reason = TextField(default="", verbose_name="退回原因")
    decider_name = TextField(verbose_name="备案人")

    class Meta:
        table_name = "plan_decision"


def decision_of(plan: "ShiftPlan") -> PlanDecision | None:
    """What the office said to a plan; None while it waits."""
    return (
        PlanDecision.select()
        .where(PlanDecision.plan_uid == plan.uid)
        .order_by(PlanDecision.uid.desc())
        .first()
    )


def accept_plan(plan: "ShiftPlan", *, by: Person, number: str = "") -> PlanDecision:
    """File the plan under a number (备案); without one the next free one is taken."""
    with transaction():
        _require_waiting(plan, by)
        today = clock.today()
        before = _newest(plan.desk_uid, plan.department_uid, max(plan.starts_on, today))
        number = number.strip() or next_plan_number(today.year)
        if PlanDecision.select().where(PlanDecision.number == number).exists():
            raise UserError(f"备案编号“{number}”已经用过，请换一个。")
        return _decide(
            plan,
            by=by,
            accepted=True,
            number=number,
            in_force_from=max(plan.starts_on, today) if before else plan.starts_on,
        )


def return_plan(plan: "ShiftPlan", *, by: Person, reason: str) -> PlanDecision:
    """Send the plan back; the department makes a new version of it."""
    if not reason.strip():
        raise UserError("请写明退回原因。")
    with transaction():
        _require_waiting(plan, by)
        return _decide(plan, by=by, accepted=False, reason=reason.strip())


def _require_waiting(plan: "ShiftPlan", by: Person) -> None:
    require(by, Operation.PLAN_DECIDE)
    if plan.is_draft:
        raise UserError("这份排班还没有报送，不能备案。")
    if decision_of(plan) is not None:
        raise UserError("这份排班已经处理过了。")


def _decide(plan: "ShiftPlan", *, by: Person, **said: Any) -> PlanDecision:
    copied = {
        name: getattr(plan, name)
        for name in PlanContent._meta.fields
        if name not in Record._meta.fields
    }
    return PlanDecision(
        **copied,
        plan_uid=plan.uid,
        decided_on=clock.today(),
        decider_name=by.name,
        **said,
    ).write(by=by)


def next_plan_number(year: int) -> str:
    """`AB〔2026〕3号`: the office's own count of the plans it filed in a year."""
    start = f"AB〔{year}〕"
    filed = PlanDecision.select(PlanDecision.number).where(
        PlanDecision.number.startswith(start)
    )
    counted = [d.number.removeprefix(start).removesuffix("号") for d in filed]
    return f"{start}{max([int(n) for n in counted if n.isdecimal()], default=0) + 1}号"


def _newest(desk_uid: str, department_uid: str, day: date) -> PlanDecision | None:
    return next(
        (
            plan
            for plan in plans_in_force(day)
            if (plan.desk_uid, plan.department_uid) == (desk_uid, department_uid)
        ),
        None,
    )


def accepted_plans(desk: Desk | None = None) -> list[PlanDecision]:
    """Every plan ever accepted, the newest in force first."""
    table = table_of(PlanDecision)
    at_desk = f"AND desk_uid = {db.param}" if desk else ""
    rows = db.execute_sql(
        f"{table.select_sql} WHERE accepted {at_desk} "
        "ORDER BY in_force_from DESC, version DESC",
        (desk.uid,) if desk else (),
    ).fetchall()
    return [table.record_of(row) for row in rows]


def plans_in_force(day: date, desk: Desk | None = None) -> list[PlanDecision]:
    """The plan of each department at each desk that holds on a day."""
    return in_force_among(accepted_plans(desk), day)


def in_force_among(accepted: Sequence[PlanDecision], day: date) -> list[PlanDecision]:
    """Those of `accepted_plans` that hold on a day: the newest begun, if not over."""
    newest: dict[tuple[str, str], PlanDecision] = {}
    for plan in accepted:
        if plan.in_force_from is not None and plan.in_force_from <= day:
            newest.setdefault((plan.desk_uid, plan.department_uid), plan)
    return [plan for plan in newest.values() if plan.ends_on >= day]


def plans_between(first: date, last: date) -> list[PlanDecision]:
    """The plans that hold on any of some days, by desk and department.

    One that a newer version replaced within these days is among them.
    """
    replaced: dict[tuple[str, str], date] = {}
    found = []
    for plan in accepted_plans():
        begins, whose = plan.in_force_from, (plan.desk_uid, plan.department_uid)
        if begins is None:
            continue
        ends = min(plan.ends_on, replaced.get(whose, date.max) - timedelta(days=1))
        replaced[whose] = begins
        if begins <= min(ends, last) and ends >= first:
            found.append(plan)
    # They came the newest first, and sorting keeps that order among equals.
    return sorted(found[::-1], key=lambda plan: (plan.desk_uid, plan.department_uid))
