"""台账: choose a ledger and a period, read it here, export just that to Word."""

import tkinter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.files import open_with_system, usual_folder
from desk.pages.ledgerlist import LedgerList
from desk.pages.ledgerwords import can_narrow
from desk.settings import save_settings
from desk.widgets.form import Form
from desk.widgets.progress import Progress
from exports.naming import file_name, periods
from models import clock
from models.desks import departments, desks, this_desk
from models.errors import UserError
from models.seals import seals


class LedgersPage(LedgerList):
    """What is chosen left is shown right, and is what an export holds."""

    title = "台账"
    form_width = 25

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.exported: Path | None = None
        self._proposed = ""
        # Brings in Word's libraries: only when this page is first shown.
        from exports.ledgers import LEDGERS

        self.ledgers = {ledger.code: ledger for ledger in LEDGERS}
        self._build_form()
        self.build_view()
        self._build_result()

    def _build_form(self) -> None:
        form = self.form = Form(self, title="", command=self._export)
        self.put_left(form)
        titles = [(ledger.title, code) for code, ledger in self.ledgers.items()]
        form.add_list("ledger", "台账", titles, on_change=self._on_ledger)
        names = {name: name for name in periods(clock.today())}
        form.add_choice("period", "期间", names, on_change=self._on_period)
        for name, label in (("first", "从"), ("last", "至")):
            field = form.add_date(name, label)
            for event in ("<FocusOut>", "<Return>"):
                field.entry.bind(event, lambda event: self._on_choice(), add="+")
        form.add_words("first", "开始日期", "日期")
        form.add_list("desk", "窗口", on_change=self._on_choice)
        form.add_list("seal", "印章", on_change=self._on_choice)
        form.add_list("department", "部门", on_change=self._on_choice)
        form.add_entry("name", "文件名")
        form.add_entry("folder", "保存到")
        self.export_button = form.add_button("导出 Word", form.submit, primary=True)
        self.folder_button = form.add_button("换个文件夹", self.on_choose_folder)
        kept = self.window.settings.ledger_folder
        form.set("folder", kept or str(usual_folder()))
        form.set("period", "本月")

    def _build_result(self) -> None:
        """Under the list, while and after something is exported."""
        side = self.list_side
        self.progress = Progress(side, self.window.jobs)
        self.progress.grid(row=2, column=0, sticky="ew", pady=(self.gap, 0))
        self.progress.grid_remove()
        self.actions = ttk.Frame(side)
        self.actions.grid(row=3, column=0, sticky="ew", pady=(self.gap, 0))
        self.show_button = ttk.Button(
            self.actions, text="所在文件夹", command=self.on_show
        )
        self.show_button.pack(side="right", padx=(self.gap, 0))
        self.open_button = ttk.Button(
            self.actions, text="打开", command=self.on_open, bootstyle="primary"
        )
        self.open_button.pack(side="right", padx=(self.gap, 0))
        self.result = ttk.Label(self.actions, style="Muted.TLabel", justify="left")
        self.result.pack(side="left", fill="x", expand=True)
        self.result.bind(
            "<Configure>",
            lambda event: self.result.configure(wraplength=max(event.width, 1)),
        )
        self._tell("")

    def _tell(self, text: str, *, is_done: bool = False) -> None:
        """How the export went; with a file, what can be done with it."""
        self.result.configure(text=text)
        for button in (self.open_button, self.show_button):
            button.configure(state="normal" if is_done else "disabled")
        self.actions.grid() if text else self.actions.grid_remove()

    def refresh(self) -> None:
        """Offer the desks, seals and departments there are now."""
        form, here = self.form, self.window.here
        at_desk = [this_desk()] if not here.is_office else desks()
        everyone = [("全部窗口", None)] if here.is_office else []
        form.set_choices("desk", everyone + [(d.name, d.uid) for d in at_desk])
        form.set_choices(
            "seal", [("全部印章", None), *((s.name, s.uid) for s in seals())]
        )
        form.set_choices(
            "department",
            [("全部部门", None), *((d.name, d.uid) for d in departments())],
        )
        if form.widget("first").entry.get() == "":
            self._on_period(form.value("period"))
        self._on_ledger()

    def choose_ledger(self, code: str, *, desk_uid: str = "") -> None:
        """Offer this ledger, at the office of one desk or of all; the rest is still to
        be chosen."""
        self.form.set("ledger", code)
        if self.window.here.is_office:
            self.form.set("desk", desk_uid or None)
        self._on_ledger()

    def focus_first(self) -> None:
        """Begin with the ledger."""
        self.form.focus_field("ledger")

    def _on_ledger(self) -> None:
        """Offer only what this ledger can be narrowed by."""
        ledger = self.ledgers[self.form.value("ledger")]
        for name, records in (("seal", seals()), ("department", departments())):
            fits = bool(records) and can_narrow(ledger, name, records[0])
            if not fits:
                self.form.set(name, None)
            self.form.show_field(name, fits)
        self._on_choice()

    def _on_period(self, name: str) -> None:
        first, last = periods(clock.today())[name]
        self.form.set("first", first)
        self.form.set("last", last)
        self._on_choice()

    def _on_choice(self) -> None:
        """The list and the name of the file follow what is chosen."""
        self.propose_name()
        self._find_soon()

    def _chosen(self, name: str, records: list[Any]) -> Any:
        uid = self.form.value(name)
        return next((record for record in records if record.uid == uid), None)

    def _days(self) -> tuple[date | None, date | None]:
        """The period; None for a day that nobody can read."""
        days: list[date | None] = []
        for name in ("first", "last"):
            day: date | None = None
            with suppress(UserError):  # said under the field when it is exported
                day = self.form.value(name)
            days.append(day)
        return days[0], days[1]

    def question(self) -> tuple[Any, Any, str]:
        """What the form says, as an export takes it."""
        from exports.ledgers import Selection

        ledger, (first, last) = self.ledgers[self.form.value("ledger")], self._days()
        if first is None or last is None:
            return ledger, None, "请填写开始日期和“至”哪一天，这里就列出台账。"
        if first > last:
            return ledger, None, "开始日期不能晚于结束日期，请重新选择。"
        desk, seal = self._chosen("desk", desks()), self._chosen("seal", seals())
        department = self._chosen("department", departments())
        return ledger, Selection(first, last, desk, seal, department), ""

    def propose_name(self) -> None:
        """Keep the file name in step with the choices, unless it was typed over."""
        form = self.form
        now = form.text("name")
        if now and now != self._proposed:
            return
        first, last = self._days()
        if first is None or last is None:
            return
        chosen = {name: form.value(name) for name in ("seal", "department", "desk")}
        place = next(
            (form.widget(name).get() for name, uid in chosen.items() if uid), ""
        )
        title = self.ledgers[form.value("ledger")].title
        self._proposed = file_name(title, place.split("—")[0], first, last)
        form.set("name", self._proposed)

    # -- exporting ----------------------------------------------------------

    def _export(self) -> None:
        form = self.form
        first, last = form.value("first"), form.value("last")
        if first is None:
            raise UserError("请填写开始日期。")
        if last is None:
            raise UserError("请填写“至”哪一天。")
        name = form.text("name")
        if not name:
            raise UserError("请填写文件名。")
        folder = Path(form.text("folder")).expanduser()
        if not form.text("folder") or not folder.is_dir():
            raise UserError("要保存到的文件夹不存在，请重新选择。")
        path = folder / (name if name.endswith(".docx") else f"{name}.docx")
        if path.exists() and not dialogs.confirm(
            self, f"“{path.name}”已经存在，要用新导出的替换它吗？", yes="替换"
        ):
            return
        self._remember(folder)
        self._start(path)

    def _start(self, path: Path) -> None:
        from exports.ledgers import export_ledger

        person = self.window.person
        ledger, chosen, refused = self.question()
        if chosen is None:
            raise UserError(refused)

        def task(report: Any) -> Any:
            return export_ledger(
                ledger,
                path,
                first=chosen.first,
                last=chosen.last,
                desk=chosen.desk,
                seal=chosen.seal,
                department=chosen.department,
                person=person,
                report=report,
            )

        self.progress.run(
            task,
            on_done=self._on_exported,
            on_end=self._on_end,
            words=f"正在导出《{ledger.title}》…",
        )
        self._tell("")
        self.export_button.configure(state="disabled")

    def _on_end(self) -> None:
        self.export_button.configure(state="normal")
        self._tell("导出没有完成，原有文件没有改动。")

    def _on_exported(self, done: Any) -> None:
        self.exported = done.path
        self._tell(f"共 {done.rows} 条，已保存为\n{done.path}", is_done=True)
        if self.window.page is self:
            self.open_button.focus_set()
        self.window.say(f"已导出 {done.path.name}，共 {done.rows} 条。")

    def _remember(self, folder: Path) -> None:
        self.window.settings.ledger_folder = str(folder)
        save_settings(self.window.folder, self.window.settings)

    # -- keys and buttons ---------------------------------------------------

    def on_choose_folder(self) -> None:
        """Another place for the file."""
        folder = dialogs.choose_folder(self, title="台账保存到哪个文件夹")
        if folder is not None:
            self.form.set("folder", str(folder))

    def on_open(self) -> None:
        """Open what was exported last."""
        if self.exported is not None:
            open_with_system(self.exported)

    def on_show(self) -> None:
        """Open the folder of what was exported last."""
        if self.exported is not None:
            open_with_system(self.exported.parent)

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_export(self) -> None:
        """Ctrl+E."""
        self.form.submit()

    def on_escape(self) -> None:
        """Stop the export."""
        if self.progress.winfo_manager():
            self.progress.cancel()
