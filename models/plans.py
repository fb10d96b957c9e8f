"""Shift plans (AB 岗排班): who is on duty at a desk, week by week (P18, P19, P20).

A department makes a plan for a desk and submits it as version n; the office accepts it
with a number and a date (see `models.plan_decisions`), and from then on it is in force.
A change is a new version.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from peewee import TextField

from models import clock
from models.base import MomentField, station_uid, transaction
from models.desks import Department, Desk, departments_of
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, may, require
from models.plan_contents import (
    PLAN_PATTERN_LABELS,
    PlanContent,
    PlanPattern,
    clean_shift,
    clean_stay,
    in_order,
)
from models.plan_decisions import PlanDecision
from models.uids import new_uid


class PlanStatus(StrEnum):
    """Stored and synced: never rename a value."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class ShiftPlan(PlanContent):
    """A plan as its department makes it: a draft, then submitted and fixed."""

    written_by = "all"

    status = TextField(default=PlanStatus.DRAFT, verbose_name="状态")
    submitted_at = MomentField(null=True, verbose_name="报送时间")

    class Meta:
        table_name = "shift_plan"

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT

    @property
    def is_mine(self) -> bool:
        """Was it made at this station?  Only there can it be changed."""
        return self.station == station_uid()


# A plan that was submitted stays as it was submitted.
TRIGGERS = [
    """CREATE TRIGGER shift_plan_submitted BEFORE UPDATE ON shift_plan
       WHEN OLD.status <> 'draft'
       BEGIN SELECT RAISE(ABORT, 'a submitted plan never changes'); END""",
]


def may_plan(by: Person, department_uid: str) -> bool:
    """The department plans, the office files; either may make the plan (P12, P20)."""
    return may(by, Operation.PLAN_EDIT, departments=[department_uid])


def _require_planner(by: Person, department_uid: str) -> None:
    require(by, Operation.PLAN_EDIT, departments=[department_uid])


def new_plan(
    *,
    by: Person,
    desk: Desk,
    department: Department,
    starts_on: date,
    ends_on: date,
    pattern: str = PlanPattern.FULL,
    like: "ShiftPlan | PlanDecision | None" = None,
) -> ShiftPlan:
    """Begin the next version of a department's plan at a desk, empty or *like* one."""
    _require_planner(by, department.uid)
    if department.uid not in {d.uid for d in departments_of(desk, starts_on)}:
        raise UserError(f"{department.name}那时不在{desk.name}服务，请核对部门和窗口。")
    plan = ShiftPlan(
        desk_uid=desk.uid,
        desk_name=desk.name,
        department_uid=department.uid,
        department_name=department.name,
        version=_next_version(desk.uid, department.uid),
        author_uid=by.uid,
        author_name=by.name,
        shifts=[{**shift, "key": new_uid()} for shift in like.shifts] if like else [],
        stays=[{**stay, "key": new_uid()} for stay in like.stays] if like else [],
    )
    return save_plan(plan, by=by, starts_on=starts_on, ends_on=ends_on, pattern=pattern)


def _next_version(desk_uid: str, department_uid: str) -> int:
    """One more than any version known here; the office may have made some too."""
    known = [0]
    for model in (ShiftPlan, PlanDecision):
        versions = model.select(model.version).where(
            (model.desk_uid == desk_uid) & (model.department_uid == department_uid)
        )
        known += [plan.version for plan in versions]
    return max(known) + 1


def save_plan(
    plan: ShiftPlan,
    *,
    by: Person,
    shifts: Sequence[dict[str, Any]] | None = None,
    stays: Sequence[dict[str, Any]] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    pattern: str | None = None,
    note: str | None = None,
) -> ShiftPlan:
    """Keep a draft; what is not given stays as it is."""
    _require_planner(by, plan.department_uid)
    _require_draft(plan)
    starts_on, ends_on = starts_on or plan.starts_on, ends_on or plan.ends_on
    if starts_on is None or ends_on is None:
        raise UserError("请填写排班的开始日期和结束日期。")
    if ends_on < starts_on:
        raise UserError("结束日期不能早于开始日期。")
    if (ends_on - starts_on).days > 370:
        raise UserError("一份排班最长一年，请按学期报送。")
    if pattern is not None and pattern not in PLAN_PATTERN_LABELS:
        raise UserError("请选择办理日：每周全日制或每周定期制。")
    plan.starts_on, plan.ends_on = starts_on, ends_on
    plan.pattern = pattern or plan.pattern
    if shifts is not None:
        plan.shifts = in_order([clean_shift(shift) for shift in shifts])
    if stays is not None:
        plan.stays = in_order([clean_stay(stay) for stay in stays])
    if note is not None:
        plan.note = note.strip()
    with transaction():
        return plan.write(by=by)


def _require_draft(plan: ShiftPlan) -> None:
    if not plan.is_draft:
        raise UserError("已经报送的排班不能再改，请新建一版。")
    if not plan.is_mine:
        raise UserError("这份草稿是在另一台电脑上做的，请到那台电脑上修改。")


def submit_plan(plan: ShiftPlan, *, by: Person) -> ShiftPlan:
    """Send the plan to the office; it is fixed from now on."""
    _require_planner(by, plan.department_uid)
    _require_draft(plan)
    if not plan.shifts:
        raise UserError("排班还是空的，请先排班再报送。")
    if any(shift["a"] is None for shift in plan.shifts):
        raise UserError("还有班次没有 A 岗，请排好后再报送。")
    with transaction():
        plan.status, plan.submitted_at = PlanStatus.SUBMITTED, clock.now()
        plan.author_uid, plan.author_name = by.uid, by.name
        return plan.write(by=by)


def edited(plan: ShiftPlan, **changes: Any) -> ShiftPlan:
    """The plan as it would be with changes, not saved; the plan itself stays."""
    return ShiftPlan(**{**plan.__data__, **changes})


def plans_of(desk: Desk | None = None) -> list[ShiftPlan]:
    """The plans known at this station, newest first."""
    query = ShiftPlan.select()
    if desk is not None:
        query = query.where(ShiftPlan.desk_uid == desk.uid)
    return list(query.order_by(ShiftPlan.uid.desc()))
