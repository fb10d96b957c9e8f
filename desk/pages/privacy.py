"""个人信息 (office): erase what is known of a student; how long things are kept."""

import tkinter
import unicodedata
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.pages.listing import ListingPage, moment_text
from desk.widgets.form import Form
from desk.widgets.reading import Words
from desk.widgets.table import Column
from models import clock
from models.erasing import rows_named
from models.erasure import (
    Erasure,
    counted,
    erase_person,
    orders,
    rows_of_student,
    waits_for_stations,
)
from models.errors import UserError
from models.retention import (
    RANGES,
    SUGGESTED,
    RetentionRules,
    count_due,
    retention_on,
    set_retention,
)
from models.settling import table_title

COLUMNS = [
    Column("时间", lambda row: moment_text(row.at), 6),
    Column("依据", lambda row: row.cause_label, 8),
    Column("说明", lambda row: row.reason, 9, stretch=True),
    Column("记录", lambda row: rows_text(counted(rows_named(row))), 9),
    Column("经办人", lambda row: row.person_name or "自动", 4),
    Column("各窗口", lambda row: how_far(row), 6),
]
OFF = (
    "现在没有设置保存期限：什么都不自动删除。填了天数的一项，期满后自动删除其中的个人信息，"
    "编号、事项、时间、件数都保留，统计和流水核对不受影响；用印、考勤、酬金、交接班不在内。"
    "留空就是不删除。"
)
ON = "现在按下面的天数自动删除，每次同步时进行；留空的一项不删除。"
STAYS = (
    "删除后不能恢复。已打印的台账、导出的文件和轮换掉之前的旧备份里还有，请另行处理。"
)


def rows_text(counts: dict[str, int]) -> str:
    """`来访 3、学生 1`."""
    return "、".join(f"{table_title(name)} {n}" for name, n in counts.items())


def how_far(order: Erasure) -> str:
    """Whether every station has done it."""
    waiting = waits_for_stations(order)
    return f"等 {waiting} 条确认" if waiting else "都已删除"


class PrivacyPage(ListingPage):
    """Erasing on the left above, periods below, what was erased on the right."""

    title = "个人信息"
    form_width = 30
    save_words = "保存期限"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(0, weight=6)
        left.rowconfigure(1, weight=7)
        self._build_erasing(left)
        self._build_periods(left)
        self.build_list(
            name="erasures", columns=COLUMNS, empty="还没有删除过个人信息。"
        )
        note = self.note = Words(self.list_side, style="Muted.TLabel")
        note.grid(row=2, column=0, sticky="ew", pady=(self.gap, 0))
        self.list_side.bind(
            "<Configure>", lambda event: note.wrap_at(event.width), add="+"
        )

    def _build_erasing(self, master: tkinter.Misc) -> None:
        form = self.form = Form(master, title="按学号删除", command=self._erase)
        form.grid(row=0, column=0, sticky="nsew", pady=(0, self.gap * 2))
        form.add_entry("number", "学号")
        form.add_entry("reason", "依据")
        form.add_words("reason", "删除的依据")
        form.add_check("with_seals", "连同单人用印", initial=False)
        self.erase_button = form.add_button("删除", form.submit, primary=True)

    def _build_periods(self, master: tkinter.Misc) -> None:
        form = self.periods = Form(master, title="保存期限", command=self._save)
        form.grid(row=1, column=0, sticky="nsew")
        for name in RANGES:
            form.add_entry(name, getattr(RetentionRules, name).verbose_name)
        self.save_button = form.add_button("保存期限", form.submit, primary=True)
        form.add_button("填入建议值", self.on_suggest)
        form.add_button("算一算", self.on_count)

    def refresh(self) -> None:
        """What was erased, and the periods in force."""
        found = orders()
        self.table.show(found)
        self.show_heading(lambda: f"删除记录 {self.count_text('次')}")
        self.window.say_rows(self.count_text("次"))
        rules = retention_on(clock.today())
        self.note.say(f"{ON if rules.is_on else OFF}\n{STAYS}")
        for name in RANGES:
            days = getattr(rules, name)
            self.periods.set(name, "" if days is None else f"{days} 天")

    def focus_first(self) -> None:
        """Begin with the number."""
        self.form.focus_field("number")

    def _erase(self) -> None:
        number, reason = self.form.text("number"), self.form.text("reason")
        with_seals = self.form.value("with_seals")
        rows = rows_of_student(number, with_seals=with_seals) if number else []
        what = rows_text(counted(rows))
        if rows and not dialogs.confirm(
            self,
            f"删除学号 {number} 的个人信息：{what}？所有窗口同步后一并删除，不能恢复。",
            yes="删除",
            danger=True,
        ):
            return
        erased = erase_person(
            number, by=self.window.person, reason=reason, with_seals=with_seals
        )
        self.form.clear()
        self.window.forget_roster()
        self.refresh()
        told = rows_text(erased.counts)
        self.window.say(f"已删除：{told}。同步后各窗口一并删除。")

    # -- periods --------------------------------------------------------------

    def _values(self) -> dict[str, int | None]:
        return {name: read_days(self.periods.text(name), name) for name in RANGES}

    def on_suggest(self) -> None:
        """Fill in what is usual; nothing is saved yet."""
        for name, days in SUGGESTED.items():
            self.periods.set(name, f"{days} 天")

    def on_count(self) -> None:
        """Count what is due by the saved periods; nothing is erased."""
        counts = count_due(clock.today())
        labels = {name: getattr(RetentionRules, name).verbose_name for name in RANGES}
        told = "、".join(f"{labels[kind]} {n} 条" for kind, n in counts.items())
        self.window.say(f"按已保存的期限，今天到期：{told or '没有'}。没有删除。")

    def _save(self) -> None:
        values = self._values()
        before = retention_on(clock.today())
        if not before.is_on and any(days is not None for days in values.values()):
            if not dialogs.confirm(
                self,
                "打开自动删除？期满的个人信息从下次同步起删除，不能恢复。",
                yes="打开",
                danger=True,
            ):
                return
        set_retention(by=self.window.person, starts_on=clock.today(), **values)
        self.refresh()
        self.window.say("保存期限已保存，各窗口下次同步后生效。")

    def on_save(self) -> None:
        """Ctrl+S: the periods; erasing is never one key away."""
        self.periods.submit()


def read_days(text: str, name: str) -> int | None:
    """`1095` or `1095 天`; empty: kept for good."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("天").strip()
    if not plain:
        return None
    if not plain.isdecimal():
        label = getattr(RetentionRules, name).verbose_name
        error = UserError(f"“{label}”请填天数，不删除请留空。")
        error.field = name
        raise error
    return int(plain)
