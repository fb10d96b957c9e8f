"""台账导出: choose a ledger and a period, get a Word document."""

import re
import tkinter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.files import open_with_system, usual_folder
from desk.settings import save_settings
from desk.widgets.form import Form
from desk.widgets.page import Page
from desk.widgets.progress import Progress
from models import clock
from models.desks import departments, desks, this_desk
from models.errors import UserError
from models.seals import seals

UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def periods(today: date) -> dict[str, tuple[date, date]]:
    """The periods people ask for, as first and last day."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return {
        "今天": (today, today),
        "本周": (monday, today),
        "本月": (month, today),
        "上月": (before, month - timedelta(days=1)),
        "今年": (today.replace(month=1, day=1), today),
    }


def file_name(title: str, place: str, first: date, last: date) -> str:
    """`印章使用登记台账_教务处_2026-11.docx`; the days when not within one month."""
    if first == last:
        when = first.isoformat()
    elif (first.year, first.month) == (last.year, last.month) and first.day == 1:
        when = f"{first:%Y-%m}"
    else:
        when = f"{first.isoformat()}至{last.isoformat()}"
    parts = [part for part in (title, place, when) if part]
    return UNFIT.sub("", "_".join(parts)) + ".docx"


def can_narrow(ledger: Any, name: str, record: Any) -> bool:
    """Whether *ledger* has a field for the choice *name*, such as a seal."""
    from exports.ledgers import Selection

    today = clock.today()
    try:
        ledger.check(Selection(today, today, **{name: record}))
    except UserError:
        return False
    return True


class LedgersPage(Page):
    """Export runs in the worker; the window stays usable."""

    title = "台账导出"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.exported: Path | None = None
        self._proposed = ""
        # Brings in Word's libraries: only when this page is first shown.
        from exports.ledgers import LEDGERS

        self.ledgers = {ledger.code: ledger for ledger in LEDGERS}
        self._build_form()
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
            field.entry.bind("<FocusOut>", lambda event: self.propose_name(), add="+")
        form.add_words("first", "开始日期", "日期")
        form.add_list("desk", "窗口", on_change=self.propose_name)
        form.add_list("seal", "印章", on_change=self.propose_name)
        form.add_list("department", "部门", on_change=self.propose_name)
        form.add_entry("name", "文件名")
        form.add_entry("folder", "保存到")
        self.export_button = form.add_button("导出 Word", form.submit, primary=True)
        self.folder_button = form.add_button("换个文件夹", self.on_choose_folder)
        kept = self.window.settings.ledger_folder
        form.set("folder", kept or str(usual_folder()))
        form.set("period", "本月")

    def _build_result(self) -> None:
        self.columnconfigure(1, weight=1)
        side = ttk.Frame(self)
        side.grid(row=0, column=1, sticky="nsew")
        side.columnconfigure(0, weight=1)
        self.heading = ttk.Label(side, text="导出结果", style="Heading.TLabel")
        self.heading.grid(row=0, column=0, sticky="w", pady=self.gap)
        self.result = ttk.Label(
            side,
            style="Muted.TLabel",
            wraplength=theme.text_width(self, 40),
            justify="left",
            text="选择台账和期间，按“导出 Word”或 Ctrl+S。导出时可以继续使用其他页面。",
        )
        self.result.grid(row=1, column=0, sticky="w")
        self.progress = Progress(side, self.window.jobs)
        self.progress.grid(row=2, column=0, sticky="ew", pady=self.gap * 2)
        self.progress.grid_remove()
        self.actions = ttk.Frame(side)
        self.actions.grid(row=3, column=0, sticky="w", pady=self.gap * 2)
        self.open_button = ttk.Button(
            self.actions, text="打开", command=self.on_open, bootstyle="primary"
        )
        self.open_button.pack(side="left")
        self.show_button = ttk.Button(
            self.actions, text="所在文件夹", command=self.on_show
        )
        self.show_button.pack(side="left", padx=self.gap)
        self.actions.grid_remove()

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

    def choose_ledger(self, code: str) -> None:
        """Offer this ledger; which days and of whom is still to be chosen."""
        self.form.set("ledger", code)
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
        self.propose_name()

    def _on_period(self, name: str) -> None:
        first, last = periods(clock.today())[name]
        self.form.set("first", first)
        self.form.set("last", last)
        self.propose_name()

    def propose_name(self) -> None:
        """Keep the file name in step with the choices, unless it was typed over."""
        form = self.form
        now = form.text("name")
        if now and now != self._proposed:
            return
        try:
            first, last = form.value("first"), form.value("last")
        except UserError:
            return
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
        self._start(path, first, last)

    def _start(self, path: Path, first: date, last: date) -> None:
        from exports.ledgers import export_ledger

        form = self.form
        ledger, person = self.ledgers[form.value("ledger")], self.window.person

        def by_uid(records: list, name: str) -> Any:
            uid = form.value(name)
            return next((record for record in records if record.uid == uid), None)

        desk = by_uid(desks(), "desk")
        seal, department = by_uid(seals(), "seal"), by_uid(departments(), "department")

        def task(report: Any) -> Any:
            return export_ledger(
                ledger,
                path,
                first=first,
                last=last,
                desk=desk,
                seal=seal,
                department=department,
                person=person,
                report=report,
            )

        self.progress.run(
            task,
            on_done=self._on_exported,
            on_end=self._on_end,
            words=f"正在导出《{ledger.title}》…",
        )
        self.actions.grid_remove()
        self.result.configure(text="")
        self.export_button.configure(state="disabled")

    def _on_end(self) -> None:
        self.export_button.configure(state="normal")
        self.result.configure(text="导出没有完成，原有文件没有改动。")

    def _on_exported(self, done: Any) -> None:
        self.exported = done.path
        self.result.configure(text=f"共 {done.rows} 条，已保存为\n{done.path}")
        self.actions.grid()
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
