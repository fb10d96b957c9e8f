"""How cases are shown: which there are in a view, their lines, their story in words."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from desk.widgets.table import Column
from models import clock
from models.calendar import WEEKDAYS
from models.casefold import Case, CaseStatus
from models.cases import all_open_cases, cases_sent
from models.desks import Desk
from models.steps import StepKind, VisitStep
from models.urgency import URGENCY_LABELS, Reckoning, Urgency, overdue_days

VIEWS = {
    "open": "未办结",
    "due": "到期与超期",
    "come": "待接办",
    "waiting": "待补材料",
    "sent": "转出待回",
}

# The sign says without its colour what a word beside it says too.
SIGNS = {
    Urgency.SOON: "·",
    Urgency.TODAY: "！",
    Urgency.OVERDUE: "‼",
    Urgency.DEPARTMENT: "‼",
    Urgency.OFFICE: "‼",
}


# What is due of a case that waits to be taken is that somebody takes it.
_NOT_TAKEN = {"临期": "待接办", "今日到期": "今日应接办", "超期": "接办超期"}


class Row(NamedTuple):
    """A case in the list, and how urgent it is today."""

    case: Case
    urgency: Urgency
    # The desk that looks; "" at the office.
    here_uid: str = ""

    @property
    def uid(self) -> str:
        return self.case.visit.uid

    @property
    def state(self) -> str:
        label = self.case.status_label
        return f"⚠ {label}" if self.case.contradictions else label

    @property
    def due(self) -> str:
        if self.case.is_paused and not self.case.is_closed:
            return "（停表）"
        return f"{self.case.due_on:%m-%d}" if self.case.due_on else "—"

    @property
    def reminder(self) -> str:
        """`‼ 超期 3 天·报办公室`; of one that waits to be taken, when it should be."""
        if self.case.is_closed:
            return "" if self.case.is_told else "！ 请告知来访人"
        sign, label = SIGNS.get(self.urgency, ""), URGENCY_LABELS[self.urgency]
        days = overdue_days(self.case)
        if self.case.status == CaseStatus.REFERRED and not days:
            for before, after in _NOT_TAKEN.items():
                label = label.replace(before, after)
        elif days and label.startswith("超期"):
            label = label.replace("超期", f"超期 {days} 天", 1)
        return f"{sign} {label}".strip()

    @property
    def way(self) -> str:
        """Where a case came from, or went to, as its first desk or another sees it."""
        case = self.case
        if case.desk_uid == case.visit.desk_uid:
            return ""
        if case.visit.desk_uid == self.here_uid:
            return f"→ {_in_short(case.desk_name)}"
        return f"自 {_in_short(case.visit.desk_name)}"


def _in_short(desk_name: str) -> str:
    """`后勤（保卫）` of 后勤（保卫）事务窗口: what tells it from the other desks."""
    return desk_name.removesuffix("窗口").removesuffix("事务") or desk_name


def columns(*, at_office: bool) -> list[Column]:
    """A desk has its own cases but for those on their way; the office has all.

    Narrow windows leave out the last ones, never what is late.
    """
    if at_office:
        where = Column("现在窗口", lambda row: row.case.desk_name, 8)
    else:
        where = Column("转办", lambda row: row.way, 7.5)
    return [
        Column("编号", lambda row: row.case.visit.number, 7.5),
        Column("来访人", lambda row: row.case.visit.visitor_name or "（未留名）", 6),
        Column("提醒", lambda row: row.reminder, 9),
        Column("应办结", lambda row: row.due, 3.3),
        Column("事项", lambda row: row.case.visit.service_name, 9, stretch=True),
        Column("状态", lambda row: row.state, 5),
        where,
    ]


def rows_of(view: str, here: Desk | None) -> list[Row]:
    """The cases of a view at a desk; at the office (*here* None) those of all desks."""
    if view == "sent":
        cases = cases_sent() if here else [c for c in all_open_cases() if _is_sent(c)]
        # What was answered is to be told: that comes first.
        cases.sort(key=lambda case: not case.is_closed)
    else:
        cases = all_open_cases(here)
    reckoning = Reckoning()
    here_uid = here.uid if here else ""
    rows = [Row(case, reckoning.urgency_of(case), here_uid) for case in cases]
    return [row for row in rows if _BELONGS[view](row)]


def rows_at(rows: list[Row], view: str, desk_uid: str) -> list[Row]:
    """Those that a desk has now, or has sent away; all of them for no desk."""
    if not desk_uid:
        return rows
    if view == "sent":
        return [row for row in rows if row.case.visit.desk_uid == desk_uid]
    return [row for row in rows if row.case.desk_uid == desk_uid]


def _is_sent(case: Case) -> bool:
    return case.desk_uid != case.visit.desk_uid


_BELONGS: dict[str, Callable[[Row], bool]] = {
    "open": lambda row: True,
    "due": lambda row: row.urgency >= Urgency.TODAY,
    "come": lambda row: row.case.status == CaseStatus.REFERRED,
    "waiting": lambda row: row.case.is_paused,
    "sent": lambda row: True,
}


def day_in_words(day: date | None) -> str:
    """`11-30 周一`, with the year when it is another."""
    if day is None:
        return ""
    year = "" if day.year == clock.today().year else f"{day.year}-"
    return f"{year}{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def promise_words(case: Case) -> str:
    """What the student was promised, and whether the clock runs."""
    if case.is_paused and not case.is_closed:
        since = day_in_words(case.paused_on)
        before = f"，原定 {day_in_words(case.promised_on)}" if case.promised_on else ""
        return f"{since}起停表：{case.pause_reason}{before}"
    if case.due_on is None:
        return "没有承诺时限"
    late = overdue_days(case)
    moved = f"，已延期 {case.extensions} 次" if case.extensions else ""
    return day_in_words(case.due_on) + moved + (f"，已超期 {late} 天" if late else "")


def facts_of(case: Case) -> dict[str, str]:
    """What the card of a case says, by the name of its line."""
    visit = case.visit
    who = [visit.visitor_name or "（未留名）", visit.class_name, visit.phone]
    where = case.desk_name
    if case.desk_uid != visit.desk_uid:
        where += f"（来访在{visit.desk_name}）"
    return {
        "about": f"{visit.number}　{visit.service_name}\n{case.status_label}",
        "who": "　".join(filter(None, who)),
        "where": where,
        "promise": promise_words(case),
        "wrong": "\n".join(case.contradictions),
    }


def story(case: Case) -> list[str]:
    """What happened, a paragraph a step, the newest last."""
    visit = case.visit
    begun = f"{visit.arrived_at:%m-%d %H:%M} 来访"
    lines = [f"{begun}　{visit.desk_name} {visit.first_receiver_name}"]
    lines += [step_words(step, visit.desk_name) for step in case.steps]
    if case.missing:
        lines.append("（还有步骤没有同步到本机）")
    return lines


def step_words(step: VisitStep, desk_name: str) -> str:
    """`11-23 10:05 转办　教务事务窗口 李老师 → 党团事务窗口：请核实`."""
    where = f"{step.by_desk_name or desk_name} {step.person_name}"
    to = f" → {step.desk_name}" if step.kind == StepKind.REFERRED else ""
    due = f"（应办结 {day_in_words(step.due_on)}）" if step.due_on else ""
    note = f"：{step.note}" if step.note else ""
    return f"{step.at:%m-%d %H:%M} {step.kind_label}　{where}{to}{due}{note}"
