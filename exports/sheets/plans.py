"""AB 岗备案表: a plan as its department sends it and the office files it (P20)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from exports.ledgers.computed import LineColumn, texts_of
from exports.ledgers.ledger import ExportResult
from exports.ledgers.masks import MASKED_NOTE, Masking, mask_number, mask_phone
from exports.ledgers.selection import Selection, day_in_words
from exports.ledgers.sheet import Place
from exports.naming import in_file_name
from exports.sheets.form import Form, form, merged, write_forms
from models.attendance import POST_LABELS, Post
from models.base import db
from models.calendar import WEEKDAYS
from models.masking import must_mask
from models.people import Person
from models.plan_decisions import PlanDecision, decision_of, plans_between
from models.plans import ShiftPlan
from models.terms import WEEKS_LABELS

TITLE = "AB 岗备案表"
NO_DATE = "　　　　年　　月　　日"
MAKER = (Place(0, "制表人：{maker}"),)


class Planned(NamedTuple):
    """One person on one line of the plan."""

    part: Mapping[str, Any]
    post: str
    who: Mapping[str, str]
    person: Person | None

    @property
    def day(self) -> str:
        """`周一`, `周一\n单周`, or the date of a duty."""
        if self.part.get("day"):
            return self.part["day"]
        weekday = f"周{WEEKDAYS[self.part['weekday']]}"
        weeks = self.part["weeks"]
        return weekday if weeks == "all" else f"{weekday}\n{WEEKS_LABELS[weeks]}"

    @property
    def hours(self) -> str:
        return f"{self.part['from']}–{self.part['to']}"

    @property
    def trained_on(self) -> str:
        trained = self.person and self.person.trained_on
        return trained.isoformat() if trained else ""


COLUMNS: tuple[LineColumn[Planned], ...] = (
    LineColumn("办理日", lambda line: line.day, 23),
    LineColumn("时段", lambda line: line.hours, 26),
    LineColumn("岗别", lambda line: line.post, 25),
    LineColumn("姓名", lambda line: line.who.get("name", ""), 27),
    LineColumn(
        "学号/工号", lambda line: line.who.get("number", ""), 28, mask=mask_number
    ),
    LineColumn("班级", lambda line: line.person.class_name if line.person else "", 40),
    LineColumn(
        "电话",
        lambda line: line.person.phone if line.person else "",
        30,
        mask=mask_phone,
    ),
    LineColumn("培训日期", lambda line: line.trained_on, 26),
)


def export_plan(
    plan: ShiftPlan | PlanDecision, path: Path, *, person: Person | None = None
) -> ExportResult:
    """Write the plan to *path*; what the office has not decided stays for the pen."""
    masked = person is not None and must_mask(person)
    return write_forms({path: _form(plan, person, masked)})


def export_plans(
    path: Path, chosen: Selection, person: Person | None = None
) -> ExportResult:
    """Write the plans in force at some time of the period, each to a file of its own.

    Several are named after *path*: `AB岗备案表_教务处.docx`.  With none it is a report
    of none.
    """
    masked = chosen.masked or (person is not None and must_mask(person))
    with db.atomic("DEFERRED"):
        plans = _plans(chosen)
        forms = {
            path.with_stem(f"{path.stem}_{name}") if name else path: _form(
                plan, person, masked
            )
            for plan, name in zip(plans, _names(plans), strict=True)
        }
        return write_forms(forms or {path: _none(chosen, person)})


def plan_rows(chosen: Selection) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings and rows of all these plans as one list."""
    with db.atomic("DEFERRED"):
        rows = [
            (plan.department_name, plan.desk_name, f"第 {plan.version} 版", *cells)
            for plan in _plans(chosen)
            for cells in _texts(_lines(plan), chosen.masked)
        ]
    return ["部门", "窗口", "版本", *(column.heading for column in COLUMNS)], rows


def _plans(chosen: Selection) -> list[PlanDecision]:
    """At a desk its own; what the plans of others say is not its business."""
    department = chosen.department.uid if chosen.department else ""
    return [
        plan
        for plan in plans_between(chosen.first, chosen.last)
        if chosen.desk_uid in ("", plan.desk_uid)
        and department in ("", plan.department_uid)
    ]


def _names(plans: Sequence[PlanDecision]) -> list[str]:
    """What tells their files from one another: as little as does."""
    if len(plans) < 2:
        return [""] * len(plans)
    told = [
        (plan.department_name, plan.desk_name, f"第{plan.version}版") for plan in plans
    ]
    for parts in (1, 2):
        names = ["_".join(name[:parts]) for name in told]
        if len(set(names)) == len(names):
            return [in_file_name(name) for name in names]
    return [in_file_name("_".join(name)) for name in told]


def _texts(lines: Iterable[Planned], masked: bool) -> Iterator[tuple[str, ...]]:
    texts = texts_of(COLUMNS, lines)
    return Masking().rows(COLUMNS, texts) if masked else texts


def _form(plan: ShiftPlan | PlanDecision, person: Person | None, masked: bool) -> Form:
    decision = plan if isinstance(plan, PlanDecision) else decision_of(plan)
    lines = list(_lines(plan))
    note = Masking().words(plan.note) if masked else plan.note
    sheet = form(
        TITLE,
        COLUMNS,
        subtitle=[*_subtitle(plan, decision), *[f"（{MASKED_NOTE}）"] * masked],
        person=person,
        signatures=MAKER,
        footnotes=[f"备注：{note}" if note else ""],
        boxes=(_department_box(plan), _office_box(decision)),
        merges=True,
    )
    rows = [
        row
        for _, shift in groupby(lines, key=lambda line: line.part)
        for row in merged(_texts(shift, masked), 3)
    ]
    return Form(sheet, rows, _closing(plan, lines))


def _none(chosen: Selection, person: Person | None) -> Form:
    return Form(form(TITLE, COLUMNS, subtitle=[str(chosen)], person=person), [])


def _lines(plan: ShiftPlan | PlanDecision) -> Iterator[Planned]:
    """Each shift with its A and every B, then the stays of the teachers."""
    people = {person.uid: person for person in Person.select()}

    def planned(part: Mapping[str, Any], post: str, who: Mapping[str, str]) -> Planned:
        return Planned(part, post, who, people.get(who.get("uid", "")))

    for shift in plan.shifts:
        yield planned(shift, POST_LABELS[Post.A], shift["a"] or {})
        for who in shift["b"]:
            yield planned(shift, POST_LABELS[Post.B], who)
    for stay in plan.stays:
        yield planned(stay, "指导教师\n驻岗", stay["teacher"])


def _subtitle(
    plan: ShiftPlan | PlanDecision, decision: PlanDecision | None
) -> list[str]:
    begins, ends = plan.starts_on, plan.ends_on
    if decision is not None and decision.in_force_from is not None:
        begins = decision.in_force_from
    return [
        f"部门：{plan.department_name}",
        f"窗口：{plan.desk_name}",
        f"办理方式：{plan.pattern_label}",
        f"版本：第 {plan.version} 版",
        f"有效期：{day_in_words(begins)}至{day_in_words(ends)}",
    ]


def _closing(plan: ShiftPlan | PlanDecision, lines: list[Planned]) -> str:
    def people(label: str) -> int:
        return len(
            {line.who["uid"] for line in lines if line.post == label and line.who}
        )

    return (
        f"合计　{len(plan.shifts)} 个班次，A 岗 {people(POST_LABELS[Post.A])} 人，"
        f"B 岗 {people(POST_LABELS[Post.B])} 人，指导教师驻岗 {len(plan.stays)} 次。"
    )


def _department_box(plan: ShiftPlan | PlanDecision) -> str:
    sent = plan
    if isinstance(plan, PlanDecision):
        sent = ShiftPlan.get_or_none(ShiftPlan.uid == plan.plan_uid)
    submitted_at = sent.submitted_at if isinstance(sent, ShiftPlan) else None
    return (
        "报送部门意见：\n\n\n"
        "负责人（签字）：　　　　　　　　（公章）\n"
        f"报送人：{plan.author_name}　　报送日期：{_date(submitted_at)}"
    )


def _office_box(decision: PlanDecision | None) -> str:
    said = number = filed_by = ""
    if decision is not None:
        said = "同意备案。" if decision.accepted else f"退回修改：{decision.reason}"
        number, filed_by = decision.number, decision.decider_name
    return (
        f"中心办公室备案意见：{said}\n\n"
        f"备案编号：{number}\n"
        f"备案人：{filed_by}　　　　　　　　（公章）\n"
        f"备案日期：{_date(decision.decided_on if decision else None)}"
    )


def _date(day: date | None) -> str:
    return day_in_words(day) if day else NO_DATE
