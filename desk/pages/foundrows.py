"""How found visits and seal uses are shown: as rows, and one of them in full."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from desk.widgets.table import Column
from models.caselists import case_of
from models.desks import Desk
from models.seal_uses import SealUse
from models.steps import VisitStep
from models.visits import VISIT_CHANNEL_LABELS, Visit, materials_text

STUDENTS_A_LINE = 6


class Section(NamedTuple):
    """A part of the card: a heading and its lines."""

    title: str
    lines: list[str]


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def visit_columns(here: Desk | None) -> list[Column]:
    """At a desk only another one's name is told: the visit was passed on to here."""

    def place(visit: Visit) -> str:
        own = here is not None and visit.desk_uid == here.uid
        return "" if own else visit.desk_name

    return [
        Column("编号", lambda visit: visit.number, 8),
        Column("时间", lambda visit: _moment(visit.arrived_at), 8.5),
        Column("姓名", lambda visit: visit.visitor_name or "（未留名）", 9),
        Column("学号", lambda visit: visit.student_number, 6),
        Column("事项", lambda visit: visit.service_name, 12, stretch=True),
        Column("处理情况", _outcome, 5),
        Column("窗口" if here is None else "其他窗口", place, 9.8),
        Column("班级/单位", lambda visit: visit.class_name, 7),
        Column("承办人", lambda visit: visit.handler_name, 4),
    ]


def _outcome(visit: Visit) -> str:
    return "作废" if visit.is_void else visit.outcome_label


SEAL_USE_COLUMNS = [
    Column("编号", lambda use: use.number_text, 5),
    Column("时间", lambda use: _moment(use.used_at), 8.5),
    Column("用印人", lambda use: use.applicant, 6),
    Column("用印单位", lambda use: use.unit, 8.5),
    Column("文件名称", lambda use: use.document_title, 12, stretch=True),
    Column("学生", lambda use: _students(use), 6),
    Column("情况", lambda use: _state(use), 3),
    Column("印章", lambda use: use.seal_name, 14),
    Column("监印人", lambda use: use.sealer_name, 4),
]


def _students(use: SealUse) -> str:
    return f"{len(use.students)} 人" if use.students else use.student_number


def _state(use: SealUse) -> str:
    if use.is_void:
        return "作废"
    return "拒印" if use.refused_reason else "用印"


def card_of(row: Visit | SealUse) -> tuple[str, list[Section]]:
    """A record in full: what it is called, and what there is to read."""
    if isinstance(row, Visit):
        return f"来访 {row.number}", list(_visit_sections(row))
    return f"用印 {row.number_text}　{row.seal_name}", list(_seal_use_sections(row))


def _lines(row: Any, *fields: Any, **told: str) -> list[str]:
    """`label：text` for each field with something in it; *told* in other words."""
    texts = [(f, told.get(f.name, getattr(row, f.name))) for f in fields]
    return [f"{field.verbose_name}：{text}" for field, text in texts if text]


def _visit_sections(visit: Visit) -> Iterator[Section]:
    case = case_of(visit)
    who = (Visit.visitor_name, Visit.student_number, Visit.class_name, Visit.phone)
    yield Section("来访人", _lines(visit, *who) or ["（未留名）"])
    matter = _lines(
        visit,
        *(Visit.arrived_at, Visit.desk_name, Visit.channel, Visit.service_name),
        *(Visit.department_name, Visit.quantity, Visit.materials, Visit.outcome),
        *(Visit.result, Visit.due_on, Visit.finished_at, Visit.first_receiver_name),
        *(Visit.handler_name, Visit.rating, Visit.note, Visit.void_reason),
        arrived_at=_moment(visit.arrived_at) + ("（补录）" if visit.late_entry else ""),
        channel=VISIT_CHANNEL_LABELS.get(visit.channel, visit.channel),
        materials=materials_text(visit.materials),
        outcome=_outcome(visit),
        finished_at=_moment(visit.finished_at),
        due_on=str(case.due_on or ""),
    )
    yield Section("事项", [*matter, f"办件状态：{case.status_label}"])
    if visit.follows_number:
        trip = f"第 {visit.trip} 次为这件事来，上次是 {visit.follows_number}"
        yield Section("再次来访", [trip, *_lines(visit, Visit.repeat_cause)])
    steps = [_step_line(step) for step in case.steps]
    yield Section("办件步骤", steps or ["没有后续步骤。"])
    if case.contradictions:
        yield Section("步骤有矛盾", case.contradictions)


def _step_line(step: VisitStep) -> str:
    to = f"→ {step.desk_name}" if step.desk_name else ""
    due = f"应于 {step.due_on} 办结" if step.due_on else ""
    where = f"{step.by_desk_name} {step.person_name}".strip()
    parts = [_moment(step.at), where, step.kind_label, to, step.note, due]
    return "　".join(part for part in parts if part)


def _seal_use_sections(use: SealUse) -> Iterator[Section]:
    yield Section(
        "用印",
        _lines(
            use,
            *(SealUse.used_at, SealUse.desk_name, SealUse.unit, SealUse.applicant),
            *(SealUse.document_title, SealUse.document_number, SealUse.purpose),
            *(SealUse.copies, SealUse.impressions, SealUse.approver),
            *(SealUse.handler_name, SealUse.sealer_name, SealUse.student_number),
            *(SealUse.copy_kept, SealUse.refused_reason, SealUse.note),
            *(SealUse.void_reason, SealUse.corrects_number),
            used_at=_moment(use.used_at) + ("（补录）" if use.late_entry else ""),
        ),
    )
    if use.students:
        listed = [str(student) for student in use.students]
        lines = [
            "　".join(listed[at : at + STUDENTS_A_LINE])
            for at in range(0, len(listed), STUDENTS_A_LINE)
        ]
        yield Section(f"学生名单（{len(listed)} 人）", lines)
