"""培训: who is still in training, and on which day they finished (P14)."""

import tkinter
from typing import Any

from desk.pages.time_section import TimeSection, refusal
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.base import transaction
from models.errors import UserError
from models.people import Person, PersonRole, PersonStatus, finish_training, people


class TrainingSection(TimeSection):
    """Several people are trained at once: mark them all, give one date."""

    name = "培训"
    effect = (
        "登记后，培训中的人转为在岗，签到时不再提示“未培训”，培训日期写入备案表。"
        "从登记起生效，各窗口下次同步后可见。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        form = self.form = Form(self, title="登记培训", command=self._save)
        self.put_left(form)
        form.add_fact("who", "选中")
        form.add_date("on", "培训日期")
        form.add_button("登记培训", form.submit, primary=True)
        self.build_section(
            columns=[
                Column("学号/工号", lambda person: person.number, 6),
                Column("姓名", lambda person: person.name, 4),
                Column("身份", lambda person: person.role_label, 5),
                Column("部门", lambda person: person.department_name, 6),
                Column("班级", lambda person: person.class_name, 6, stretch=True),
                Column("状态", _state_of, 8),
            ],
            empty="没有待登记培训的人。新人在“人员管理”添加。",
            buttons={"全选": self.on_choose_all},
            on_open=lambda person: form.focus_field("on"),
        )
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_chosen(), add="+"
        )
        form.set("on", clock.today())

    def refresh(self) -> None:
        """Show whose training is not on record."""
        waiting = [person for person in people() if _is_waiting(person)]
        waiting.sort(key=lambda person: person.status != PersonStatus.TRAINING)
        self.table.show(waiting)
        self.show_heading(f"待登记培训 {len(waiting)} 人")
        self.window.say_rows(f"{len(waiting)} 人")
        self._show_chosen()

    def focus_first(self) -> None:
        """Begin in the list; without anybody marked, at the first."""
        rows = self.table.tree.get_children()
        if rows and not self.table.selection():
            self.table.tree.focus(rows[0])
            self.table.tree.selection_set(rows[0])
        self.table.focus_set()

    def on_choose_all(self) -> None:
        """Mark everyone."""
        self.table.tree.selection_set(self.table.tree.get_children())
        self.form.focus_field("on")

    def _show_chosen(self) -> None:
        chosen = self.table.selection()
        names = "、".join(person.name for person in chosen)
        words = f"{len(chosen)} 人：{names}" if chosen else "还没有选人，请在列表中选中"
        self.form.set("who", words)

    def _save(self) -> None:
        chosen = self.table.selection()
        if not chosen:
            raise UserError("请先在列表中选中要登记的人，可以按住 Shift 选多个。")
        day = self.form.value("on")
        if day is None:
            raise refusal("请填写培训日期。", "on")
        with transaction():
            for person in chosen:
                finish_training(person, by=self.window.person, on=day)
        self.refresh()
        self.focus_first()
        names = "、".join(person.name for person in chosen)
        self.tell(f"已登记 {names} 于 {day} 完成培训。")


def _is_waiting(person: Person) -> bool:
    if person.status == PersonStatus.TRAINING:
        return True
    return person.role == PersonRole.ASSISTANT and person.trained_on is None


def _state_of(person: Person) -> str:
    in_training = person.status == PersonStatus.TRAINING
    return "培训中" if in_training else f"{person.status_label}，无培训记录"
