"""Shift plans (AB 岗排班): who is on duty at a desk, week by week (P18, P19, P20).

A department makes a plan for a desk and submits it as version n; the office accepts it
with a number and a date, and from then on it is in force.  What is in force at every
station is the office's decision, which holds a copy of the plan: a plan made at one PC
reaches the others only through the office, and nothing changes under its number.
A change is a new version.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from peewee import BooleanField, IntegerField, TextField

from models import clock
from models.base import (
    DayField,
    ListField,
    MomentField,
    Record,
    db,
    station_uid,
    table_of,
    transaction,
)
from models.desks import Department, Desk, departments_of
from models.errors import UserError
from models.people import Person, PersonRole, require_office
from models.uids import new_uid

WEEKDAYS = "一二三四五六日"
WEEKS_LABELS = {"all": "每周", "odd": "单周", "even": "双周"}


class PlanPattern(StrEnum):
    """The whole week, or certain days of it (P18).  Stored: never rename a value."""

    FULL = "full"
    FIXED = "fixed"


PLAN_PATTERN_LABELS: dict[str, str] = {
    PlanPattern.FULL: "每周全日制",
    PlanPattern.FIXED: "每周定期制",
}


class PlanStatus(StrEnum):
    """Stored and synced: never rename a value."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class _Content(Record):
    """What a plan says; a plan and the decision about it both hold it."""

    audience = "all"

    desk_uid = TextField(index=True, verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="部门")
    version = IntegerField(verbose_name="版本")
    pattern = TextField(default=PlanPattern.FULL, verbose_name="办理日")
    starts_on = DayField(verbose_name="开始日期")
    ends_on = DayField(verbose_name="结束日期")
    # {"key", "weekday" or "day", "weeks", "from", "to", "a": who or None, "b": [who]}
    shifts = ListField(verbose_name="班次")
    # {"key", "weekday" or "day", "weeks", "from", "to", "teacher": who}
    stays = ListField(verbose_name="教师驻岗")
    author_uid = TextField(verbose_name="报送人标识")
    author_name = TextField(verbose_name="报送人")
    note = TextField(default="", verbose_name="备注")

    @property
    def pattern_label(self) -> str:
        return PLAN_PATTERN_LABELS.get(self.pattern, self.pattern)


class ShiftPlan(_Content):
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


class PlanDecision(_Content):
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


# A plan that was submitted stays as it was submitted.
TRIGGERS = [
    """CREATE TRIGGER shift_plan_submitted BEFORE UPDATE ON shift_plan
       WHEN OLD.status <> 'draft'
       BEGIN SELECT RAISE(ABORT, 'a submitted plan never changes'); END""",
]


def who(person: Person) -> dict[str, str]:
    """A person as a plan names them."""
    return {"uid": person.uid, "number": person.number, "name": person.name}


def may_plan(by: Person, department_uid: str) -> bool:
    """The department plans, the office files; either may make the plan (P12, P20)."""
    if by.role == PersonRole.OFFICE:
        return True
    return by.role == PersonRole.TEACHER and by.department_uid == department_uid


def _require_planner(by: Person, department_uid: str) -> None:
    if not may_plan(by, department_uid):
        raise UserError("排班由本部门的老师或中心办公室安排，请由他们登录后操作。")


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
        plan.shifts = _in_order([clean_shift(shift) for shift in shifts])
    if stays is not None:
        plan.stays = _in_order([clean_stay(stay) for stay in stays])
    if note is not None:
        plan.note = note.strip()
    with transaction():
        return plan.write(by=by)


def _require_draft(plan: ShiftPlan) -> None:
    if not plan.is_draft:
        raise UserError("已经报送的排班不能再改，请新建一版。")
    if not plan.is_mine:
        raise UserError("这份草稿是在另一台电脑上做的，请到那台电脑上修改。")


def clean_shift(shift: dict[str, Any]) -> dict[str, Any]:
    """A shift as a plan keeps it."""
    a, others = shift.get("a"), list(shift.get("b") or ())
    uids = [person["uid"] for person in [a, *others] if person]
    if len(uids) != len(set(uids)):
        raise UserError("同一个班里，一个人只能排一次，请核对 A 岗和 B 岗。")
    return {
        "key": shift.get("key") or new_uid(),
        **_clean_time(shift),
        "a": _clean_who(a) if a else None,
        "b": [_clean_who(person) for person in others],
    }


def clean_stay(stay: dict[str, Any]) -> dict[str, Any]:
    """A teacher's stay as a plan keeps it."""
    if not stay.get("teacher"):
        raise UserError("请选择驻岗老师。")
    return {
        "key": stay.get("key") or new_uid(),
        **_clean_time(stay),
        "teacher": _clean_who(stay["teacher"]),
    }


def _clean_who(person: dict[str, str]) -> dict[str, str]:
    return {name: str(person[name]) for name in ("uid", "number", "name")}


def _clean_time(part: dict[str, Any]) -> dict[str, Any]:
    """When: a weekday of all, odd or even weeks, or one date; and from when to when."""
    begins, ends = clean_hour(part.get("from", "")), clean_hour(part.get("to", ""))
    if begins == ends:
        raise UserError("开始和结束时间不能相同。")
    when: dict[str, Any]
    if part.get("day"):
        when = {"day": date.fromisoformat(str(part["day"])).isoformat()}
    else:
        weekday, weeks = part.get("weekday"), part.get("weeks", "all")
        if weekday not in range(7):
            raise UserError("请选择星期几。")
        if weeks not in WEEKS_LABELS:
            raise UserError("请选择每周、单周或双周。")
        when = {"weekday": weekday, "weeks": weeks}
    return {**when, "from": begins, "to": ends}


def clean_hour(text: str) -> str:
    """`8:30`, `0830`, `８：30` as `08:30`."""
    straight = unicodedata.normalize("NFKC", str(text)).strip()
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})|(\d{2})(\d{2})", straight)
    hour, minute = (found[1] or found[3], found[2] or found[4]) if found else ("", "")
    if not found or int(hour) > 23 or int(minute) > 59:
        raise UserError(f"“{text}”不是时间，请写成 08:30 这样。")
    return f"{int(hour):02d}:{minute}"


def when_of(part: dict[str, Any]) -> str:
    """`周一 08:30–10:00（单周）`, or `10月1日 08:30–10:00`."""
    hours = f"{part['from']}–{part['to']}"
    if part.get("day"):
        day = date.fromisoformat(part["day"])
        return f"{day.month}月{day.day}日 {hours}"
    weeks = part.get("weeks", "all")
    mark = "" if weeks == "all" else f"（{WEEKS_LABELS.get(weeks, weeks)}）"
    return f"周{WEEKDAYS[part['weekday']]} {hours}{mark}"


def _in_order(parts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        parts, key=lambda p: (p.get("day", ""), p.get("weekday", -1), p["from"])
    )


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


def decision_of(plan: ShiftPlan) -> PlanDecision | None:
    """What the office said to a plan; None while it waits."""
    return (
        PlanDecision.select()
        .where(PlanDecision.plan_uid == plan.uid)
        .order_by(PlanDecision.uid.desc())
        .first()
    )


def accept_plan(plan: ShiftPlan, *, by: Person, number: str = "") -> PlanDecision:
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


def return_plan(plan: ShiftPlan, *, by: Person, reason: str) -> PlanDecision:
    """Send the plan back; the department makes a new version of it."""
    if not reason.strip():
        raise UserError("请写明退回原因。")
    with transaction():
        _require_waiting(plan, by)
        return _decide(plan, by=by, accepted=False, reason=reason.strip())


def _require_waiting(plan: ShiftPlan, by: Person) -> None:
    require_office(by)
    if plan.is_draft:
        raise UserError("这份排班还没有报送，不能备案。")
    if decision_of(plan) is not None:
        raise UserError("这份排班已经处理过了。")


def _decide(plan: ShiftPlan, *, by: Person, **said: Any) -> PlanDecision:
    copied = {
        name: getattr(plan, name)
        for name in _Content._meta.fields
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


def plans_of(desk: Desk | None = None) -> list[ShiftPlan]:
    """The plans known at this station, newest first."""
    query = ShiftPlan.select()
    if desk is not None:
        query = query.where(ShiftPlan.desk_uid == desk.uid)
    return list(query.order_by(ShiftPlan.uid.desc()))


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
