"""The form of 窗口事项: one thing to change at a time, with what it rests on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.pages.time_section import refusal
from desk.widgets.form import Form
from models.clock import today
from models.deskchanges import rename_desk, set_department_phone, set_enquiry_desk
from models.desks import Department, Desk, departments, departments_of
from models.servicechanges import add_service, change_service, retire_service
from models.services import SERVICE_KIND_LABELS, Service, ServiceKind, versions_of

TASKS = {"service": "事项", "retire": "停办", "desk": "窗口", "phone": "电话"}

# What a task asks for; the basis, always.
FIELDS = {
    "service": "subject desk department name kind working_days materials guide place "
    "phone starts_on",
    "retire": "subject ends_on",
    "desk": "desk name takes_enquiries",
    "phone": "department phone",
}

# Fields of a service that are typed as they are stored.
_TEXTS = ("name", "materials", "place", "phone")


class CatalogueForm(Form):
    """`begin` with a service, or with none to add one; tells the page when done."""

    def __init__(self, master: Any, page: Any) -> None:
        super().__init__(master, title="", command=self._save)
        self._page = page
        self.service: Service | None = None
        self.add_choice(
            "task", "调整", TASKS, columns=4, on_change=lambda _: self._on_task()
        )
        self.add_fact("subject", "对象")
        self.add_list("desk", "窗口", on_change=self._on_desk)
        self.add_list("department", "责任部门", on_change=self._on_department)
        self.add_entry("name", "名称")
        self.add_choice(
            "kind",
            "件型",
            SERVICE_KIND_LABELS,
            columns=3,
            on_change=lambda _: self._on_kind(),
        )
        days = self.add_number("working_days", "承诺工作日", initial=3, most=365)
        # Else a 4 typed behind the 3 would promise 43 days.
        days.bind("<FocusIn>", lambda event: days.selection_range(0, "end"), add="+")
        self.add_entry("materials", "所需材料")
        self.add_text("guide", "办理流程", height=3)
        self.add_entry("place", "办理地点")
        self.add_entry("phone", "咨询电话")
        self.add_check("takes_enquiries", "非集中服务期间兼咨询台", initial=False)
        self.add_date("starts_on", "生效日期")
        self.add_date("ends_on", "最后办理日")
        self.add_entry("basis", "依据")
        self.need("desk", "请选择窗口。")
        self.need("name", "请填写事项名称。", when=lambda: self.task == "service")
        self.add_button("保存", self.submit, primary=True)
        self.add_button("清空", page.on_new)

    # -- what is to be changed ----------------------------------------------------

    def begin(self, service: Service | None, task: str = "service") -> None:
        """Change or retire *service*; without one, add a new one."""
        self.service = service
        self.clear(keep=("task", "desk", "department", "basis"))
        self.set("task", task)  # writes the fields of that task too

    @property
    def task(self) -> str:
        return self.value("task")

    def refresh(self) -> None:
        """Offer the desks and departments there are now."""
        open_now = [
            desk
            for desk in Desk.select().order_by(Desk.uid)
            if desk.closes_on is None or desk.closes_on >= today()
        ]
        self._desks = {desk.uid: desk for desk in open_now}
        self.set_choices("desk", [(desk.name, desk.uid) for desk in open_now])
        self._offer_departments()

    def _desk(self) -> Desk:
        desk = self._desks.get(self.value("desk"))
        if desk is None:
            raise refusal("请选择窗口。", "desk")
        return desk

    def _department(self) -> Department:
        uid = self.value("department")
        for department in departments():
            if department.uid == uid:
                return department
        raise refusal("请选择责任部门。", "department")

    def _offer_departments(self) -> None:
        desk = self._desks.get(self.value("desk"))
        offered = departments()
        if self.task == "service" and desk is not None:
            offered = departments_of(desk, max(today(), desk.opens_on or today()))
        self.set_choices("department", [(d.name, d.uid) for d in offered])

    def _on_task(self) -> None:
        self.clear_problems()
        asked = (*FIELDS[self.task].split(), "task", "basis")
        for name in self._fields:
            self.show_field(name, name in asked)
        write = {
            "service": self._write_service,
            "retire": self._write_subject,
            "desk": self._write_desk,
            "phone": self._write_phone,
        }
        write[self.task]()

    def _on_desk(self) -> None:
        self._write_desk() if self.task == "desk" else self._offer_departments()

    def _on_department(self) -> None:
        if self.task == "phone":
            self._write_phone()

    def _on_kind(self) -> None:
        promised = self.value("kind") == ServiceKind.PROMISED
        self.show_field("working_days", promised and self.task == "service")

    def _write_subject(self) -> None:
        service = self.service
        if service is None:
            nothing = {"service": "新增一个事项", "retire": "请先在列表中选中事项"}
            self.set("subject", nothing[self.task])
        else:
            verb = "调整" if self.task == "service" else "停办"
            later = [v for v in versions_of(service) if v.first_day > today()]
            planned = f"；{later[-1].starts_on} 起另有新版本" if later else ""
            words = f"{verb}“{service.name}”，第 {service.version} 版{planned}"
            self.set("subject", words)
        self.set("ends_on", today())

    def _write_service(self) -> None:
        service = self.service
        self._write_subject()
        if service is not None:
            self.set("desk", service.desk_uid)
        self._offer_departments()
        if service is not None:
            self.set("department", service.department_uid)
        for name in (*_TEXTS, "guide"):
            self.set(name, getattr(service, name) if service else "")
        self.set("kind", service.kind if service else ServiceKind.INSTANT)
        self.set("working_days", (service.working_days if service else 0) or 3)
        begins = service.first_day if service else today()
        self.set("starts_on", max(today(), begins))
        self._on_kind()

    def _write_desk(self) -> None:
        desk = self._desks.get(self.value("desk"))
        self.set("name", desk.name if desk else "")
        self.set("takes_enquiries", bool(desk and desk.takes_enquiries))

    def _write_phone(self) -> None:
        self._offer_departments()
        uid = self.value("department")
        self.set("phone", next(d.phone for d in departments() if d.uid == uid))

    def bring_draft(self, kept: Mapping[str, Any]) -> None:
        """The task is chosen already; its desk says which departments there are."""
        self.set("desk", kept["desk"])
        self._offer_departments()
        super().bring_draft({n: v for n, v in kept.items() if n != "task"})

    # -- saving -------------------------------------------------------------------

    def _save(self) -> None:
        save = {
            "service": self._save_service,
            "retire": self._retire,
            "desk": self._save_desk,
            "phone": self._save_phone,
        }
        self._page.on_saved(save[self.task]())

    def _decided(self) -> dict[str, Any]:
        return {"by": self._page.window.person, "basis": self.text("basis")}

    def _day(self, name: str) -> date:
        day = self.value(name)
        if day is None:
            raise refusal(f"请填写{self.label(name)}。", name)
        return day

    def _typed(self) -> dict[str, Any]:
        typed: dict[str, Any] = {name: self.text(name) for name in _TEXTS}
        typed["guide"] = self.value("guide")
        typed["kind"] = self.value("kind")
        promised = typed["kind"] == ServiceKind.PROMISED
        typed["working_days"] = self.value("working_days") if promised else 0
        return typed

    def _save_service(self) -> str:
        begins = self._day("starts_on")
        if self.service is not None:
            changed = change_service(
                self.service, starts_on=begins, **self._changed(), **self._decided()
            )
            return f"“{changed.name}”第 {changed.version} 版自 {begins} 起执行。"
        added = add_service(
            desk=self._desk(),
            department=self._department(),
            starts_on=begins,
            **self._typed(),
            **self._decided(),
        )
        return f"“{added.name}”自 {begins} 起办理。"

    def _changed(self) -> dict[str, Any]:
        """Only what was typed anew: the rest is what the version of that day has."""
        assert self.service is not None
        changed: dict[str, Any] = {
            name: value
            for name, value in self._typed().items()
            if value != getattr(self.service, name)
        }
        if self.value("desk") != self.service.desk_uid:
            changed["desk"] = self._desk()
        if self.value("department") != self.service.department_uid:
            changed["department"] = self._department()
        return changed

    def _retire(self) -> str:
        if self.service is None:
            raise refusal("请先在列表中选中要停办的事项。", "")
        last = self._day("ends_on")
        retire_service(self.service, ends_on=last, **self._decided())
        return f"“{self.service.name}”办理至 {last}，次日起停办。"

    def _save_desk(self) -> str:
        desk, name = self._desk(), self.text("name")
        takes = self.value("takes_enquiries")
        done = []
        if takes != desk.takes_enquiries:
            set_enquiry_desk(desk, takes_enquiries=takes, **self._decided())
            done.append("兼咨询台" if takes else "不再兼咨询台")
        if name != desk.name or not done:
            before = desk.name
            rename_desk(desk, name=name, **self._decided())
            done.append(f"由“{before}”更名")
        return f"“{desk.name}”{'，'.join(done)}。"

    def _save_phone(self) -> str:
        department = self._department()
        set_department_phone(department, phone=self.text("phone"), **self._decided())
        return f"{department.name}电话改为 {department.phone or '无'}。"
