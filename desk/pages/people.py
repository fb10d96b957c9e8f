"""人员管理 (office): let people in, and let them go."""

import tkinter
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.widgets.form import Form
from desk.widgets.table import Column
from models.desks import departments
from models.errors import UserError
from models.people import (
    PERSON_ROLE_LABELS,
    Person,
    PersonRole,
    PersonStatus,
    add_person,
    end_service,
    people,
    typed_number,
)

COLUMNS = [
    Column("学号/工号", lambda person: person.number, 6),
    Column("姓名", lambda person: person.name, 4),
    Column("身份", lambda person: person.role_label, 5),
    Column("部门", lambda person: person.department_name, 6),
    Column("班级", lambda person: person.class_name, 6),
    Column("卡号", lambda person: person.card, 6, stretch=True),
    Column("状态", lambda person: person.status_label, 3),
]


class PeoplePage(ListingPage):
    """Everyone who may sign in at a desk."""

    title = "人员管理"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        form = self.form = Form(self, title="添加人员", command=self._save)
        self.put_left(form)
        form.add_entry("number", Person.number.verbose_name)
        form.add_words("number", "学号", "工号")
        form.add_entry("name", Person.name.verbose_name)
        form.add_choice(
            "role",
            Person.role.verbose_name,
            PERSON_ROLE_LABELS,
            columns=3,
            on_change=lambda _: self._propose_training(),
        )
        form.add_check("in_training", "还要上岗培训", initial=True)
        form.add_list("department", Person.department_name.verbose_name)
        form.add_entry("class_name", Person.class_name.verbose_name)
        form.add_entry("card", Person.card.verbose_name)
        form.add_entry("phone", Person.phone.verbose_name)
        self.save_button = form.add_button("添加", form.submit, primary=True)
        form.add_button("清空", self.on_new)
        self.build_list(
            name="people",
            columns=COLUMNS,
            empty="还没有人员。",
            buttons={"离岗": self.on_void},
        )

    def refresh(self) -> None:
        """Show everyone who is here now."""
        choices = [(department.name, department.uid) for department in departments()]
        self.form.set_choices("department", choices)
        everyone = people()
        self.table.show(everyone)
        self.show_heading(f"在岗人员 {len(everyone)} 人")
        self.window.say_rows(f"{len(everyone)} 人")

    def focus_first(self) -> None:
        """Begin with the number; a card can be swiped into its field."""
        self.form.focus_field("number")

    def _save(self) -> None:
        form = self.form
        try:
            person = self._add()
        except UserError as error:
            # A number or card somebody has already: the error quotes it.
            for name in ("number", "card"):
                typed = typed_number(form.text(name))
                if typed and f"“{typed}”" in str(error):
                    form.show_problem(str(error), name)
                    return
            raise
        # The next one is most likely of the same kind and department.
        self._clear()
        self.refresh()
        self.focus_first()
        next_step = ""
        if person.status == PersonStatus.TRAINING:
            next_step = "培训完成后请在“时间设置 → 培训”登记。"
        self.window.say(f"已添加{person.role_label}{person.name}。{next_step}")

    def _clear(self) -> None:
        self.form.clear(keep=("role", "department"))
        self._propose_training()

    def _propose_training(self) -> None:
        """Assistants are trained for the post first (P14)."""
        is_assistant = self.form.value("role") == PersonRole.ASSISTANT
        self.form.set("in_training", is_assistant)

    def _add(self) -> Person:
        form = self.form
        uid = form.value("department")
        return add_person(
            by=self.window.person,
            number=form.text("number"),
            name=form.text("name"),
            role=form.value("role"),
            department=next((d for d in departments() if d.uid == uid), None),
            card=form.text("card"),
            phone=form.text("phone"),
            class_name=form.text("class_name"),
            in_training=form.value("in_training"),
        )

    def on_void(self) -> None:
        """Delete, or the button: the marked person has left."""
        person = self.table.selected()
        if person is None:
            raise UserError("请先选中一个人。")
        if dialogs.confirm(
            self,
            f"{person.name}（{person.number}）离岗后不能再登录和签到，记录保留。"
            "同步后各窗口生效。",
            yes="确认离岗",
            danger=True,
        ):
            end_service(person, by=self.window.person)
            self.refresh()
            self.window.say(f"{person.name}已离岗。")

    def draft(self) -> dict[str, Any] | None:
        """Whoever is being added."""
        return self.form.draft(apart=self.form.chosen_fields())

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """Whoever was being added."""
        self.form.bring_draft(kept)

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self._clear()
        self.focus_first()
