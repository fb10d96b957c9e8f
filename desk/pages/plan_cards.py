"""The cards of 排班: a new version, a draft, a fixed version, a timetable file."""

import tkinter
from collections.abc import Callable
from datetime import date
from os.path import expanduser, isfile  # unlike Path's, never raise
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.pages.plan_words import (
    Listed,
)
from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from models import clock
from models.desks import Department, Desk, departments_of, desks
from models.errors import UserError
from models.people import Person, PersonRole, people
from models.plan_contents import PLAN_PATTERN_LABELS, PlanPattern
from models.plans import ShiftPlan, may_plan
from models.terms import Term, term_on, terms

KINDS = [("课表", "*.xlsx *.xls *.csv"), ("所有文件", "*.*")]
PATTERNS = {
    PlanPattern.FULL: "全日制",
    PlanPattern.FIXED: "定期制",
}
COPY = "照此新建一版"
LIKE = {"empty": "空白", "newest": "照最新一版"}


def term_ahead() -> Term | None:
    """The term of today, else the next one."""
    today = clock.today()
    coming = [term for term in terms() if term.starts_on > today]
    return term_on(today) or (coming[-1] if coming else None)


class NewCard(Form):
    """新建一版: of which department at which desk, from when to when, like which."""

    def __init__(self, master: tkinter.Misc, on_make: Callable[[], None]) -> None:
        super().__init__(master, title="新建一版排班", command=on_make)
        self._person: Person | None = None
        self._here: Desk | None = None
        self._where: dict[str, tuple[Desk, list[Department]]] = {}
        self.add_list("desk", "窗口", on_change=self.offer_departments)
        self.add_list("department", "部门")
        self.add_date("starts_on", "开始日期")
        self.add_date("ends_on", "结束日期")
        self.add_choice("pattern", "办理日", PATTERNS, columns=2)
        self.add_choice("like", "内容", LIKE, columns=2)
        self.add_button("新建", self.submit, primary=True)

    def offer(self, desk: Desk | None, person: Person) -> None:
        """Offer where *person* may plan, at first here, and the dates of the term."""
        is_first = self._person is None or self._person.uid != person.uid
        self._person, self._here = person, desk
        self._where = {
            one.uid: (one, mine)
            for one in desks()
            if (mine := [d for d in departments_of(one) if may_plan(person, d.uid)])
        }
        choices = [(one.name, uid) for uid, (one, _) in self._where.items()]
        self.set_choices("desk", choices)
        if is_first:
            self.propose_own()
        self.offer_departments()
        term = term_ahead()
        if term is not None and not self.widget("starts_on").entry.get():
            self.set("starts_on", max(term.starts_on, clock.today()))
            self.set("ends_on", term.ends_on)

    def propose_own(self) -> None:
        """This desk, and the department of whoever is here."""
        here, person = self._here, self._person
        if here is not None and here.uid in self._where:
            self.set("desk", here.uid)
        elif self._where:
            self.set("desk", next(iter(self._where)))
        self.offer_departments()
        if person and person.department_uid in [one.uid for one in self._departments()]:
            self.set("department", person.department_uid)

    def _departments(self) -> list[Department]:
        """Those of the chosen desk whose plans the person may make."""
        return self._where[self.desk.uid][1] if self.desk else []

    def offer_departments(self) -> None:
        choices = [(one.name, one.uid) for one in self._departments()]
        self.set_choices("department", choices)

    @property
    def desk(self) -> Desk | None:
        return self._where.get(self.value("desk"), (None, []))[0]

    @property
    def department(self) -> Department | None:
        uid = self.value("department")
        return next((one for one in self._departments() if one.uid == uid), None)

    def dates(self) -> tuple[date, date]:
        starts_on, ends_on = self.value("starts_on"), self.value("ends_on")
        if starts_on is None or ends_on is None:
            missing = "开始日期" if starts_on is None else "结束日期"
            raise UserError(f"请填写{missing}。")
        return starts_on, ends_on


class PlanCard(Form):
    """A draft: its dates and the rest beside its lines."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_save: Callable[[], None],
        on_revert: Callable[[], None],
    ) -> None:
        super().__init__(master, title="", command=on_save)
        self.add_date("starts_on", "开始日期")
        self.add_date("ends_on", "结束日期")
        self.add_choice("pattern", "办理日", PATTERNS, columns=2)
        self.add_entry("note", ShiftPlan.note.verbose_name)
        self.save_button = self.add_button("保存", self.submit, primary=True)
        self.revert_button = self.add_button("放弃修改", on_revert)

    def show(self, plan: ShiftPlan) -> None:
        for name in ("starts_on", "ends_on", "pattern", "note"):
            self.set(name, getattr(plan, name))
        self.clear_problems()


class FactCard(Form):
    """A version that is fixed: what it is and what the office said."""

    def __init__(self, master: tkinter.Misc, on_copy: Callable[[], None]) -> None:
        super().__init__(master, title="", command=on_copy)
        for name, label in (
            ("dates", "起止"),
            ("pattern", "办理日"),
            ("author", "报送"),
            ("state", "状态"),
            ("decided", "办公室"),
            ("note", "备注"),
        ):
            self.add_fact(name, label)
        self.copy_button = self.add_button(COPY, self.submit, primary=True)

    def show(self, listed: Listed, *, may_copy: bool) -> None:
        self.copy_button.configure(
            text=COPY if may_copy else f"{COPY}（限本部门老师）",
            state="normal" if may_copy else "disabled",
        )
        plan, decision = listed.plan, listed.decision
        at = getattr(plan, "submitted_at", None)
        sent = f" {at:%Y-%m-%d %H:%M}" if at else ""
        self.set("dates", f"{plan.starts_on} 至 {plan.ends_on}")
        self.set("pattern", PLAN_PATTERN_LABELS.get(plan.pattern, plan.pattern))
        self.set("author", f"{plan.author_name}{sent}")
        self.set("state", listed.state)
        said = f"{decision.decider_name} {decision.decided_on}" if decision else "—"
        if decision is not None and decision.in_force_from:
            said += f"，{decision.in_force_from} 起生效"
        self.set("decided", said)
        self.set("note", plan.note or "—")


class TimetableCard(Form):
    """导入课表: a file, and whose it is when the file does not say."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_import: Callable[[], None],
        on_cancel: Callable[[], None],
    ) -> None:
        super().__init__(master, title="导入课表", command=on_import)
        self.add_entry("path", "课表文件")
        self.add_words("path", "文件", "表头", "学号一列")
        self.add_suggest(
            "person",
            "谁的课表",
            suggest=lambda text: suggest_people(people(PersonRole.ASSISTANT), text),
            fill=name_of,
        )
        self.add_words("person", "先选择是谁")
        self.add_fact("hint", "")
        self.set("hint", "文件里有学号时不用选人，可以一次导入几个人的课表。")
        self.add_fact("result", "结果")
        self.add_button("导入", self.submit, primary=True)
        self.add_button("选择文件", self.on_choose)
        self.add_button("返回", on_cancel)

    def on_choose(self) -> None:
        """Pick the file."""
        path = dialogs.choose_file(self, title="选择课表文件", kinds=KINDS)
        if path is not None:
            self.set("path", str(path))
            self.primary.focus_set()

    def path(self) -> Path:
        path = Path(expanduser(self.text("path")))
        if not self.text("path") or not isfile(path):
            raise UserError("没有找到这个文件，请重新选择。")
        return path

    def tell(self, result: Any) -> None:
        """Whose timetables were taken over."""
        said = [
            f"{label} {len(found)} 人（{'、'.join(p.name for p in found[:6])}）"
            for label, found in (
                ("新增", result.new),
                ("更新", result.replaced),
                ("没有变化", result.unchanged),
            )
            if found
        ]
        said.append(f"共 {result.lessons} 条课程")
        if result.rejected:
            said.append(f"没有导入 {len(result.rejected)} 行，见右下方")
        self.set("result", "\n".join(said))
