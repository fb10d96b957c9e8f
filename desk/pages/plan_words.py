"""How a plan is shown: its state in words, its lines as blocks, what is doubtful."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from desk.pages.time_section import hours_in_words
from desk.widgets.weekblocks import DAY_MINUTES, Block, Stretch, minutes_of
from models import clock
from models.openings import openings_of
from models.plan_contents import when_of
from models.plan_decisions import PlanDecision, plans_in_force
from models.planning import Candidate, PlanWarning, PlanWarningKind, hours_text
from models.plans import ShiftPlan, plans_of
from models.terms import WEEKS_LABELS

KIND_LABELS: dict[str, str] = {
    PlanWarningKind.CLASH: "！冲突",
    PlanWarningKind.GAP: "！空班",
    PlanWarningKind.NO_A: "！缺 A 岗",
    PlanWarningKind.OUTSIDE: "时段",
    PlanWarningKind.NEVER: "日期",
    PlanWarningKind.HOURS: "！工时",
    PlanWarningKind.LEFT: "！离岗",
    PlanWarningKind.UNTRAINED: "培训",
    PlanWarningKind.NO_B: "缺 B 岗",
    PlanWarningKind.NO_STAY: "驻岗",
}
# What alone makes no shift doubtful enough for a sign in the grid.
MILD = (PlanWarningKind.NO_B,)


class Listed(NamedTuple):
    """A version in the list: the plan, or the decision if it was made elsewhere."""

    plan: ShiftPlan | PlanDecision
    decision: PlanDecision | None
    state: str

    @property
    def uid(self) -> str:
        return plan_uid(self.plan)

    @property
    def is_waiting(self) -> bool:
        return self.decision is None and not self.is_draft

    @property
    def is_draft(self) -> bool:
        return isinstance(self.plan, ShiftPlan) and self.plan.is_draft

    @property
    def is_editable(self) -> bool:
        return self.is_draft and self.plan.is_mine

    @property
    def title(self) -> str:
        plan = self.plan
        return f"{plan.desk_name} · {plan.department_name} 第{plan.version}版"

    @property
    def short(self) -> str:
        """For a list: which desk it is stands over the week."""
        return f"{self.plan.department_name} 第{self.plan.version}版"


def plan_uid(plan: ShiftPlan | PlanDecision) -> str:
    return plan.plan_uid if isinstance(plan, PlanDecision) else plan.uid


def listed_plans() -> list[Listed]:
    """Every version known here, the newest first."""
    decisions = {d.plan_uid: d for d in PlanDecision.select()}
    holding = {d.uid for d in plans_in_force(clock.today())}
    known = plans_of()
    found = [
        Listed(plan, decision, state_of(plan, decision, holding))
        for plan in known
        for decision in [decisions.pop(plan.uid, None)]
    ]
    found += [Listed(d, d, state_of(d, d, holding)) for d in decisions.values()]
    return sorted(found, key=lambda one: one.uid, reverse=True)


def state_of(plan: Any, decision: PlanDecision | None, holding: set[str]) -> str:
    """`已备案 AB〔2026〕3号`, `已退回（原因）`, and so on; *holding* are in force."""
    if decision is None:
        if plan.is_draft:
            return "草稿" if plan.is_mine else "草稿（另一台电脑）"
        return "已报送待备案"
    if not decision.accepted:
        return f"已退回（{decision.reason}）"
    today = clock.today()
    if decision.ends_on < today:
        return f"已到期 {decision.number}"
    begun = decision.in_force_from is not None and decision.in_force_from <= today
    if begun and decision.uid not in holding:
        return f"已被新版代替 {decision.number}"
    return f"已备案 {decision.number}"


def is_over(listed: Listed) -> bool:
    """Nobody need worry about its faults any more."""
    return listed.state.startswith(("已退回", "已到期", "已被新版"))


# -- the grid -----------------------------------------------------------------


def blocks_of(plan: Any, warnings: Iterable[PlanWarning]) -> list[Block]:
    """The shifts and stays of a plan as the week grid draws them."""
    doubtful = {
        key
        for warning in warnings
        if warning.kind not in MILD
        for key in (warning.shift_key, warning.other_key)
    }
    return [_block(part, doubtful) for part in (*plan.shifts, *plan.stays)]


def _block(part: dict[str, Any], doubtful: set[str]) -> Block:
    begins, ends = minutes_of(part["from"]), minutes_of(part["to"])
    weekday, mark = part.get("weekday", 0), ""
    if part.get("day"):
        day = date.fromisoformat(part["day"])
        weekday, mark = day.weekday(), f"{day.month}/{day.day}"
    elif part["weeks"] != "all":
        mark = WEEKS_LABELS[part["weeks"]][0]
    is_stay = "teacher" in part
    key = part.get("key", "")
    return Block(
        key,
        weekday,
        begins,
        ends if ends > begins else DAY_MINUTES,
        hours_in_words(part["from"], part["to"]),
        (part["teacher"]["name"],) if is_stay else tuple(_post_lines(part)),
        mark,
        is_stay,
        key in doubtful,
    )


def _post_lines(part: dict[str, Any]) -> list[str]:
    others = " ".join(person["name"] for person in part["b"])
    return [f"A {part['a']['name'] if part['a'] else '（缺）'}", f"B {others or '—'}"]


def open_hours_of(desk: Any) -> list[Stretch]:
    """When the desk is open in a usual week."""
    return [
        Stretch(
            hours.weekday,
            minutes_of(hours.from_time),
            DAY_MINUTES if hours.over_midnight else minutes_of(hours.to_time),
        )
        for hours in openings_of(desk)
        if hours.weekday is not None and hours.season != "vacation"
    ]


def gaps_of(warnings: Iterable[PlanWarning]) -> list[Stretch]:
    """Where the grid says that nobody is there."""
    return [
        Stretch(
            warning.weekday,
            minutes_of(warning.from_time),
            minutes_of(warning.to_time) or DAY_MINUTES,
            "缺 A" + warning.text.partition("没有 A 岗")[2],
        )
        for warning in warnings
        if warning.kind == PlanWarningKind.GAP and warning.weekday is not None
    ]


def line_in_words(part: dict[str, Any]) -> str:
    """A whole shift or stay in a line."""
    when = _when(part)
    if "teacher" in part:
        return f"{when}　驻岗 {part['teacher']['name']}"
    a = part["a"]["name"] if part["a"] else "（缺）"
    others = "、".join(person["name"] for person in part["b"]) or "（无）"
    return f"{when}　A 岗 {a}　B 岗 {others}"


def _when(part: dict[str, Any]) -> str:
    hours = hours_in_words(part["from"], part["to"])
    return when_of(part).replace(f"{part['from']}–{part['to']}", hours)


# -- people -------------------------------------------------------------------


def free_for_all(found: Sequence[list[Candidate]]) -> list[Candidate]:
    """Who is free for several shifts; for each what is in the way in any of them."""
    if len(found) == 1:
        return found[0]
    by_person: dict[str, list[Candidate]] = {}
    for one in itertools.chain(*found):
        by_person.setdefault(one.person.uid, []).append(one)
    together = [_together(theirs) for theirs in by_person.values()]
    return sorted(together, key=lambda one: not one.is_free)


def _together(theirs: list[Candidate]) -> Candidate:
    left = [one.minutes_left for one in theirs if one.minutes_left is not None]
    return theirs[0]._replace(
        class_name=next((one.class_name for one in theirs if one.class_name), ""),
        clashes=tuple(clash for one in theirs for clash in one.clashes),
        minutes_left=min(left, default=None),
    )


def candidate_in_words(one: Candidate, department_uid: str) -> str:
    """`曾雨桐  2024…  空闲，还可排 5 小时`, or what is in the way."""
    person = one.person
    notes = []
    if person.department_uid != department_uid:
        notes.append(person.department_name)
    if person.status != "active":
        notes.append(person.status_label)
    note = f"（{'，'.join(notes)}）" if notes else ""
    return f"{person.name}{note}  {_availability(one)}  {person.number}"


def _availability(one: Candidate) -> str:
    if one.class_name:
        return one.class_name
    if one.clashes:
        return f"已排 {one.clashes[0]}"
    if one.minutes_left is None:
        return "空闲"
    if not one.minutes_left:
        return "空闲，工时已满"
    return f"空闲，还可排 {hours_text(one.minutes_left)}"
