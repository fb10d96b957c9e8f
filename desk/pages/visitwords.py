"""What the fields of a visit say, and how its lines read in the list."""

import re

from desk.pages.caserows import day_in_words
from desk.suggestions import StudentPick, suggest_people
from desk.widgets.suggest import Suggestion
from desk.widgets.table import Column
from desk.wording import unbroken
from models import clock
from models.calendar import working_day_after
from models.casefold import Case
from models.casepromises import promise_of
from models.desks import Desk, departments_of, desks, this_desk
from models.errors import UserError
from models.people import people
from models.services import Service, ServiceKind
from models.steps import StepKind
from models.visits import Visit, VisitOutcome

MATERIAL = re.compile(r"(.+?)\s*(?:[×xX*]\s*(\d+))?")
# What a service of a kind usually ends with.
USUAL_OUTCOMES: dict[str, str] = {
    ServiceKind.INSTANT: VisitOutcome.DONE,
    ServiceKind.PROMISED: VisitOutcome.PROMISED,
    ServiceKind.ENQUIRY: VisitOutcome.ENQUIRY,
}
# Hints have no full stop: wrapped, it came to stand alone in a line.
ENQUIRY_TIME = "咨询台时间：各窗口事项都可受理，选中即转给该窗口"
RATINGS = {stars: f"{stars} 分" for stars in range(1, 6)}
SEE_ABOVE = "这个人来过，见上面的再来原因"
LACKING = "还缺什么"
NOT_COMPLETE = "补齐材料后才计时；请在下面写明还缺什么"

COLUMNS = [
    Column("编号", lambda visit: visit.number.split("-")[-1], 2.5),
    Column("时间", lambda visit: f"{visit.arrived_at:%H:%M}", 3),
    Column("姓名", lambda visit: visit.visitor_name or "（未留名）", 7),
    Column("事项", lambda visit: visit.service_name, 9, stretch=True),
    Column(
        "处理情况",
        lambda visit: "作废" if visit.is_void else visit.outcome_label,
        4.5,
    ),
    Column("班级/单位", lambda visit: visit.class_name, 6),
    Column("承办人", lambda visit: visit.handler_name, 4),
]
MARKS_AT = 5  # a narrow list shows as many columns as it can, from the left


def read_materials(text: str) -> list[dict]:
    """`申请表×2、成绩单` as names and counts."""
    items = []
    for part in re.split(r"[、，,;；]", text):
        match = MATERIAL.fullmatch(part.strip())
        if match:
            items.append({"name": match[1], "count": int(match[2] or 1)})
    return items


def read_stranger(pick: StudentPick | None, text: str) -> str:
    """The name of somebody the roster does not have; "" for a student, or nobody."""
    unknown = unknown_number_words(pick, text)
    if unknown:
        raise UserError(f"来访人{unknown}")
    return "" if pick else text


def unknown_number_words(pick: StudentPick | None, text: str) -> str:
    """What is said of a number that the roster does not have; "" for anything else."""
    if pick is None and text.isascii() and text and not any(map(str.isalpha, text)):
        return unbroken(f"“{text}”不在名册中，请核对学号，或填写姓名。")
    return ""


def suggest_colleagues(text: str) -> list[Suggestion]:
    """Who may have dealt with a visit: those of this desk's departments first."""
    here = {department.uid for department in departments_of(this_desk())}
    return suggest_people(
        sorted(people(), key=lambda person: person.department_uid not in here), text
    )


def not_a_colleague(what: str) -> str:
    """What is said of a name that nobody at the centre has."""
    return f"请从候选中选择{what}，空着就是本人。"


def other_desks() -> list[Desk]:
    """Where a visit may be referred to."""
    here = this_desk()
    return [desk for desk in desks() if desk.uid != here.uid]


def usual_outcome(service: Service) -> str:
    """Another desk's service is passed on to it."""
    if service.desk_uid and service.desk_uid != this_desk().uid:
        return VisitOutcome.REFERRED
    return USUAL_OUTCOMES.get(service.kind, VisitOutcome.DONE)


def promise_words(service: Service) -> str:
    """`应办结 11-30 周一，5 个工作日`, as it would be recorded now."""
    days = max(service.working_days, 1)
    due_on = working_day_after(clock.today(), days)
    return unbroken(f"应办结 {day_in_words(due_on)}，{days} 个工作日")


def resumed_words(case: Case) -> str:
    """What the case is promised when saved now: `…续办，应办结 11-30 周一`."""
    due_on = promise_of(case, StepKind.COMPLETE)
    until = f"，应办结 {day_in_words(due_on)}" if due_on else ""
    return unbroken(f"保存后 {case.visit.number} 记为材料齐全，续办{until}")


def marks_of(visit: Visit, *, waits: bool) -> str:
    """What sets a visit apart: `补录 · 第 2 次 · 待补材料`."""
    marks = [
        "补录" if visit.late_entry else "",
        f"第 {visit.trip} 次" if visit.trip > 1 else "",
        "待补材料" if waits and not visit.is_void else "",
    ]
    return " · ".join(filter(None, marks))
