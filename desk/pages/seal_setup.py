"""登记印章 (office): which seals there are, at which desk, kept by whom first."""

import tkinter
from typing import Any

from desk.pages.listing import ListingPage
from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from desk.widgets.table import Column
from models.custody import holder_of
from models.desks import Department, departments, departments_of, desks
from models.errors import UserError
from models.people import Person, PersonRole, people
from models.seals import Seal, register_seal, seals

COLUMNS = [
    Column("印章", lambda seal: seal.name, 12, stretch=True),
    Column("类型", lambda seal: seal.kind, 5),
    Column("现保管人", lambda seal: holder_of(seal).name, 4),
    Column("启用日期", lambda seal: seal.enabled_on, 5),
    Column("状态", lambda seal: seal.state_label, 3),
]


class SealSetupPage(ListingPage):
    """The name follows the policy: 部门—学生社区事务专用章."""

    title = "登记印章"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        form = self.form = Form(self, title="登记一枚印章", command=self._save)
        self.put_left(form)
        form.add_list(
            "department",
            Seal.department_name.verbose_name,
            on_change=self._on_department,
        )
        form.add_fact("name", Seal.name.verbose_name)
        form.add_list("desk", "放在哪个窗口")
        form.add_suggest(
            "keeper",
            Seal.keeper_name.verbose_name,
            suggest=lambda text: suggest_people(self._keepers(), text),
            fill=name_of,
        )
        form.add_words("keeper", "保管")
        form.add_entry("kind", Seal.kind.verbose_name)
        form.set("kind", "业务专用章")
        form.add_check("assistants", "学生助理可以用印", initial=False)
        form.add_entry("note", Seal.note.verbose_name)
        self.save_button = form.add_button("登记", form.submit, primary=True)
        self.build_list(columns=COLUMNS, empty="还没有登记印章。")

    def refresh(self) -> None:
        """Show the register."""
        choices = [(department.name, department.uid) for department in departments()]
        self.form.set_choices("department", choices)
        self.form.set_choices("desk", [(desk.name, desk.uid) for desk in desks()])
        self._on_department()
        known = seals()
        self.table.show(known)
        self.show_heading(f"印章 {len(known)} 枚")
        self.window.say_rows(f"{len(known)} 枚")

    def focus_first(self) -> None:
        """Begin with the department."""
        self.form.focus_field("department")

    def _department(self) -> Department | None:
        uid = self.form.value("department")
        return next((d for d in departments() if d.uid == uid), None)

    def _keepers(self) -> list[Person]:
        """Everyone, the department's own teachers first."""
        department = self._department()
        uid = department.uid if department else ""

        def is_remote(person: Person) -> tuple[bool, bool]:
            return person.department_uid != uid, person.role != PersonRole.TEACHER

        return sorted(people(), key=is_remote)

    def _on_department(self) -> None:
        department = self._department()
        if department is None:
            return
        self.form.set("name", f"{department.name}—学生社区事务专用章")
        for desk in desks():
            if department.uid in {served.uid for served in departments_of(desk)}:
                self.form.set("desk", desk.uid)
                return

    def _save(self) -> None:
        form = self.form
        department, keeper = self._department(), form.value("keeper")
        if department is None:
            raise UserError("请选择保管部门。")
        if keeper is None:
            raise UserError("请从候选中选择首任保管人；没有时先到“人员管理”添加。")
        uid = form.value("desk")
        seal = register_seal(
            by=self.window.person,
            department=department,
            desk=next(desk for desk in desks() if desk.uid == uid),
            keeper=keeper,
            assistants_may_use=form.value("assistants"),
            kind=form.text("kind"),
            note=form.text("note"),
        )
        form.clear(keep=("department", "desk", "kind", "name"))
        self.refresh()
        self.focus_first()
        self.window.say(f"已登记{seal.name}；同步后窗口即可使用。")

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()
