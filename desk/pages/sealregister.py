"""The form of 印章管理: one thing to do at a time with a seal of the register."""

from typing import Any

from desk.pages.cardfield import CardForm, people_here
from desk.pages.registerrows import holder_words
from desk.pages.sealdisposal import assign, destroy, stop_or_resume, why_not
from desk.pages.sealentry import TEXTS, change, register
from desk.pages.time_section import refusal
from desk.suggestions import name_of, suggest_people
from models.clock import today
from models.desks import Department, Desk, departments, departments_of, desks
from models.disposals import SealDisposal
from models.errors import UserError
from models.people import Person, PersonRole, people, typed_number
from models.seals import Seal, SealState, policy_name
from models.stations import stations

TASKS = {
    "register": "登记",
    "change": "更改",
    "stop": "停用恢复",
    "assign": "调配",
    "destroy": "销毁",
}
_FACTS = "kind aliases material engraving storage_place enabled_on assistants note"
FIELDS = {
    "register": f"department name desk keeper {_FACTS}",
    "change": f"subject {_FACTS}",
    "stop": "subject on reason approver",
    "assign": "subject desk station keeper reason approver",
    "destroy": "subject lost on reason approver method witness1 witness2 place note",
}
BUTTONS = {
    "register": "登记",
    "change": "保存更改",
    "stop": "停用",
    "assign": "调配",
    "destroy": "登记销毁",
}
USUAL_KIND = "业务专用章"


class SealForm(CardForm):
    """`show_seal` says what the tasks are about; the page is told when one is done."""

    def __init__(self, master: Any, page: Any) -> None:
        super().__init__(master, title="", command=self._save)
        self.page = page
        self.seal: Seal | None = None
        self._task, self._draft = "register", {}
        self.add_choice(
            "task", "办理", TASKS, columns=5, on_change=lambda _: self._on_task()
        )
        self.add_fact("subject", "印章")
        self.add_fact("why_not", "说明")
        self._build_place()
        self._build_decision()
        self._build_facts()
        self.save_button = self.add_button("登记", self.submit, primary=True)
        self.add_button("清空", page.on_new)
        self._write_register()
        self._show_fields()

    # -- building -----------------------------------------------------------

    def _build_place(self) -> None:
        self.add_list(
            "department",
            Seal.department_name.verbose_name,
            on_change=self._on_department,
        )
        self.add_words("department", "已经登记过了")
        self.add_fact("name", "名称")
        self.add_list("desk", "放在窗口", on_change=self._offer_stations)
        self.add_list("station", "登记电脑")
        self.add_suggest(
            "keeper",
            "保管人",
            suggest=lambda text: suggest_people(self._keepers(), text),
            fill=name_of,
        )
        self.add_words("keeper", "保管")

    def _build_decision(self) -> None:
        self.add_check("lost", "遗失（找不到实物）", initial=False)
        self.widget("lost").configure(command=self._on_lost)
        self.add_date("on", SealDisposal.on.verbose_name)
        for name in ("reason", "approver", "method"):
            self.add_entry(name, getattr(SealDisposal, name).verbose_name)
        for name, label in (("witness1", "监销人一"), ("witness2", "监销人二")):
            entry = self.add_card(name, label)
            entry.bind(
                "<FocusOut>", lambda event, name=name: self._name_swiped(name), add="+"
            )
        self.add_words("witness2", "监销人")
        self.add_entry("place", "销毁地点")

    def _build_facts(self) -> None:
        for name in TEXTS[:-1]:
            self.add_entry(name, getattr(Seal, name).verbose_name)
        self.add_date("enabled_on", Seal.enabled_on.verbose_name)
        self.add_check("assistants", "学生助理可以用印", initial=False)
        self.add_entry("note", Seal.note.verbose_name)

    # -- what it is about ---------------------------------------------------

    @property
    def task(self) -> str:
        return self.value("task")

    def refresh(self) -> None:
        """Offer the departments and desks there are now."""
        known = [(department.name, department.uid) for department in departments()]
        self.set_choices("department", known)
        self.set_choices("desk", [(desk.name, desk.uid) for desk in desks()])
        self._offer_stations()
        if self.task == "register":
            self._on_department()

    def begin(self, task: str) -> None:
        """Go to a task, from its beginning."""
        self.set("task", task)
        self._draft = {}
        self._write()
        self.clear_problems()

    def show_seal(self, seal: Seal | None) -> None:
        """Another seal was marked, or the marked one is not as it was."""
        is_another = (seal and seal.uid) != (self.seal and self.seal.uid)
        self.seal = seal
        if is_another and self.task != "register":
            self._write()
            self.clear_problems()
        self._say_why_not()

    def _on_task(self) -> None:
        if self._task == "register" != self.task:
            self._draft = self.snapshot()
        self._task = self.task
        self.clear_problems()
        self._show_fields()
        self._write()

    def _show_fields(self) -> None:
        asked = ("task", *FIELDS[self.task].split())
        for name in self._fields:
            self.show_field(name, name in asked)
        self._show_lost()
        self._offer_stations()
        self._say_why_not()

    def _write(self) -> None:
        if self.task == "register":
            self._write_register()
        else:
            self._write_about(self.seal)
        self._say_why_not()

    def _write_register(self) -> None:
        if self._draft:
            self.restore({k: v for k, v in self._draft.items() if k != "task"})
            return
        kept = ("task", "department", "desk", "name", "station")
        for name, field in self._fields.items():
            if name not in kept:
                self.set(name, field.blank)
        self.set("kind", USUAL_KIND)
        self.set("enabled_on", today())

    def _write_about(self, seal: Seal | None) -> None:
        for name in ("reason", "approver", "method", "place", "keeper"):
            self.set(name, "")
        for name in ("witness1", "witness2"):
            self.set(name, None)
        self.set("on", today())
        self.set("lost", False)
        self._show_lost()
        for name in TEXTS:
            self.set(name, getattr(seal, name) if seal else "")
        self.set("enabled_on", seal.enabled_on if seal else None)
        self.set("assistants", bool(seal and seal.assistants_may_use))
        if seal and self.task == "destroy":
            self.set("note", "")  # of the destruction, not of the register
        if seal and self.task == "assign":
            self.set("desk", seal.desk_uid)
            self._offer_stations()

    def _say_why_not(self) -> None:
        seal, task = self.seal, self.task
        self.set("subject", f"{seal.name}\n{_standing(seal)}" if seal else "")
        self.show_field("subject", bool(seal) and task != "register")
        reason = why_not(task, seal, lost=self.value("lost"))
        self.set("why_not", reason)
        self.show_field("why_not", bool(reason))
        self.save_button.configure(
            text=self._button_text(), state="disabled" if reason else "normal"
        )

    def _button_text(self) -> str:
        stopped = self.seal is not None and self.seal.state == SealState.STOPPED
        if self.task == "stop" and stopped:
            return "恢复启用"
        if self.task == "destroy" and self.value("lost"):
            return "登记遗失"
        return BUTTONS[self.task]

    def _on_lost(self) -> None:
        self._show_lost()
        self._say_why_not()

    def _show_lost(self) -> None:
        """What is lost was neither destroyed nor seen destroyed."""
        seen = self.task == "destroy" and not self.value("lost")
        for name in ("method", "witness1", "witness2", "place"):
            self.show_field(name, seen)

    # -- choosing -----------------------------------------------------------

    def department(self) -> Department | None:
        """The one the seal belongs to, chosen or as registered."""
        registering = self.task == "register" or self.seal is None
        uid = self.value("department") if registering else self.seal.department_uid
        return next((d for d in departments() if d.uid == uid), None)

    def desk(self) -> Desk:
        """The desk that was chosen."""
        uid = self.value("desk")
        for desk in desks():
            if desk.uid == uid:
                return desk
        raise refusal("请选择放在哪个窗口。", "desk")

    def keeper(self) -> Person:
        """Whoever is to have the seal."""
        keeper = self.value("keeper")
        if keeper is None:
            text = "请从候选中选择保管人；没有时先到“人员管理”添加。"
            raise refusal(text, "keeper")
        return keeper

    def _keepers(self) -> list[Person]:
        """Everyone, the department's own teachers first."""
        department = self.department()
        uid = department.uid if department else ""

        def is_remote(person: Person) -> tuple[bool, bool]:
            return person.department_uid != uid, person.role != PersonRole.TEACHER

        return sorted(people(), key=is_remote)

    def _on_department(self) -> None:
        department = self.department()
        if department is None:
            return
        self.set("name", policy_name(department))
        for desk in desks():
            if department.uid in {served.uid for served in departments_of(desk)}:
                self.set("desk", desk.uid)
                return

    def _offer_stations(self) -> None:
        """Which PC keeps the ledger is asked where a desk has several."""
        there = [
            (station.name, station)
            for station in stations()
            if station.desk_uid == self.value("desk") and station.revoked_after is None
        ]
        self.set_choices("station", there)
        self.show_field("station", self.task == "assign" and len(there) > 1)

    def _name_swiped(self, name: str) -> None:
        """A card or number becomes the name, so that one sees who was meant."""
        if not self.winfo_exists() or self.value(name) is not None:
            return
        typed = typed_number(self.text(name))
        for person in people_here() if typed else ():
            if typed in (person.number, person.card):
                self.set(name, person)

    # -- saving -------------------------------------------------------------

    def require_possible(self) -> None:
        """Ctrl+S comes also while the button is off: say why, as the form does."""
        reason = self.value("why_not")
        if reason:
            raise UserError(reason)

    def _save(self) -> None:
        save = {
            "register": lambda: register(self),
            "change": lambda: change(self),
            "stop": lambda: stop_or_resume(self),
            "assign": lambda: assign(self),
            "destroy": lambda: destroy(self),
        }
        told = save[self.task]()
        if told:
            self.page.on_saved(told)


def _standing(seal: Seal) -> str:
    return f"{seal.state_label}　保管人 {holder_words(seal)}"
