"""The left half of 台账: which ledger, which rows of it, and the file they go to."""

import tkinter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from desk.files import usual_folder
from desk.pages.ledgerwords import can_narrow
from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from exports.naming import OWN, file_name, periods, week_words
from models import clock
from models.desks import departments, desks, this_desk
from models.errors import UserError
from models.masking import must_mask
from models.people import people
from models.seals import seals

FORMATS = {".docx": "Word", ".xlsx": "Excel"}
# What a ledger may be narrowed by, and what there is of it.
RECORDS: dict[str, Callable[[], list[Any]]] = {
    "seal": seals,
    "department": departments,
    "worker": people,
    "desk": desks,
}


class LedgerForm(Form):
    """*on_choice* is told when other rows are asked for."""

    def __init__(
        self,
        master: tkinter.Misc,
        window: Any,
        ledgers: dict[str, Any],
        *,
        on_choice: Callable[[], None],
        command: Callable[[], None],
    ) -> None:
        super().__init__(master, title="", command=command)
        self._window, self._ledgers, self._tell = window, ledgers, on_choice
        self._proposed = ""
        titles = [(ledger.title, code) for code, ledger in ledgers.items()]
        self.add_list("ledger", "台账", titles, on_change=self.on_ledger)
        self.add_list("period", "期间", on_change=self.on_period)
        for name, label in (("first", "从"), ("last", "至")):
            field = self.add_date(name, label)
            for event in ("<FocusOut>", "<Return>"):
                field.entry.bind(event, lambda event: self._on_day(), add="+")
        self.add_words("first", "开始日期", "日期")
        self._add_choices()
        self.set("folder", window.settings.ledger_folder or str(usual_folder()))
        self.offer_periods()
        self.set("period", "本月")
        self.set("masked", window.settings.masked)
        self.set("suffix", window.settings.ledger_format)

    def _add_choices(self) -> None:
        for name, label in (("desk", "窗口"), ("seal", "印章"), ("department", "部门")):
            self.add_list(name, label, on_change=self._on_choice)
        worker = self.add_suggest(
            "worker",
            "人员",
            suggest=lambda text: suggest_people(people(), text),
            fill=name_of,
            on_pick=lambda record: self._on_choice(),
        )
        worker.bind("<FocusOut>", lambda event: self._on_choice(), add="+")
        tick = self.add_check("masked", "隐去电话、学号中间几位", initial=False)
        tick.configure(command=self._on_choice)
        self.add_choice(
            "suffix", "格式", FORMATS, on_change=lambda suffix: self.propose_name()
        )
        self.add_list("split", "分文件", [("一个文件", "none")])
        self.show_field("split", False)
        self.add_entry("name", "文件名")
        self.add_entry("folder", "保存到")

    # -- what is offered ------------------------------------------------------

    def offer_periods(self) -> None:
        """The periods of today; one whose days have moved on moves with them."""
        self._periods = periods(clock.today())
        week = week_words(clock.today())
        names = [
            (f"{n}（{week}）" if n == "本周" and week else n) for n in self._periods
        ]
        pairs = list(zip(names, self._periods, strict=True))
        self.set_choices("period", [*pairs, (OWN, OWN)])

    def offer(self) -> None:
        """The desks, seals and departments there are now."""
        here = self._window.here
        at_desk = desks() if here.is_office else [this_desk()]
        everyone = [("全部窗口", None)] if here.is_office else []
        self.set_choices("desk", everyone + [(d.name, d.uid) for d in at_desk])
        for name, every, records in (
            ("seal", "全部印章", seals()),
            ("department", "全部部门", departments()),
        ):
            self.set_choices(name, [(every, None), *((r.name, r.uid) for r in records)])
        masks = must_mask(self._window.person)
        if masks:
            self.set("masked", True)
        self.show_field("masked", not masks)
        self.offer_periods()
        if self.widget("first").entry.get() == "":
            self.on_period()
        self.on_ledger()

    def on_ledger(self) -> None:
        """Offer only what this ledger can be narrowed by."""
        every = {name: find() for name, find in RECORDS.items()}
        for name, records in every.items():
            fits = bool(records) and can_narrow(self.ledger, name, records[0])
            if not fits and name != "desk":  # at a desk there is just this one
                self.set(name, None)
            self.show_field(name, fits)
        self._on_choice()

    def on_period(self) -> None:
        """The days of the period that was chosen."""
        if self.value("period") == OWN:
            self.focus_field("first")
            return
        first, last = self._periods[self.value("period")]
        self.set("first", first)
        self.set("last", last)
        self._on_choice()

    def _on_day(self) -> None:
        """Days of one's own have no name."""
        days = self.days
        if None not in days and days != self._periods.get(self.value("period")):
            self.set("period", OWN)
        self._on_choice()

    def _on_choice(self) -> None:
        """The list and the name of the file follow what is chosen."""
        self.propose_name()
        self._tell()

    def propose_split(self, rows: int) -> None:
        """So many rows are to go into a file, or into several."""
        from exports.ledgers import SPLIT_LABELS
        from exports.ledgers.splits import Split, proposed

        first, last = self.days
        if first is None or last is None:
            return
        months = (first.year, first.month) < (last.year, last.month)
        fitting = {Split.NONE, *[Split.MONTH] * months, proposed(rows, first, last)}
        pairs = [(SPLIT_LABELS[one], str(one)) for one in Split if one in fitting]
        self.set_choices("split", pairs)
        if proposed(rows, first, last) != Split.NONE:
            self.set("split", str(proposed(rows, first, last)))
        self.show_field("split", len(pairs) > 1)

    # -- what is chosen -------------------------------------------------------

    @property
    def ledger(self) -> Any:
        return self._ledgers[self.value("ledger")]

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The period; None for a day that nobody can read."""
        days: list[date | None] = []
        for name in ("first", "last"):
            day: date | None = None
            with suppress(UserError):  # said under the field when it is exported
                day = self.value(name)
            days.append(day)
        return days[0], days[1]

    @property
    def period(self) -> tuple[date, date]:
        """The period of an export.  Raises `UserError` for one that is not whole."""
        first, last = self.value("first"), self.value("last")
        if first is None:
            raise UserError("请填写开始日期。")
        if last is None:
            raise UserError("请填写“至”哪一天。")
        return first, last

    def record(self, name: str) -> Any:
        """The desk, seal, department or person that was chosen; None for all."""
        if not self._fields[name].shown:
            return None
        if name == "worker":
            return self.value("worker")
        uid = self.value(name)
        return next((record for record in RECORDS[name]() if record.uid == uid), None)

    @property
    def is_masked(self) -> bool:
        return must_mask(self._window.person) or bool(self.value("masked"))

    @property
    def split(self) -> str:
        return self.value("split") if self._fields["split"].shown else "none"

    @property
    def folder(self) -> Path:
        """Raises `UserError` for one that is not there."""
        folder = Path(self.text("folder")).expanduser()
        if not self.text("folder") or not folder.is_dir():
            raise UserError("要保存到的文件夹不存在，请重新选择。")
        return folder

    @property
    def path(self) -> Path:
        """The file to write; a name without an ending gets that of the format."""
        name = self.text("name")
        if not name:
            raise UserError("请填写文件名。")
        suffix = self.value("suffix")
        return self.folder / (name if name.lower().endswith(suffix) else name + suffix)

    def propose_name(self) -> None:
        """Keep the file name in step with the choices, unless it was typed over."""
        now, suffix = self.text("name"), self.value("suffix")
        if now and now != self._proposed:
            stem, ending = Path(now).stem, Path(now).suffix
            if ending in FORMATS and ending != suffix:
                self.set("name", stem + suffix)
            return
        first, last = self.days
        if first is None or last is None:
            return
        place = next((self.text(name) for name in RECORDS if self.record(name)), "")
        place = place.split("—")[0]
        self._proposed = file_name(self.ledger.title, place, first, last, suffix)
        self.set("name", self._proposed)
