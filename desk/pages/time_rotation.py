"""轮值: how the units of a joint desk take turns (P13), and whose turn comes next."""

import tkinter
from datetime import date
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk.pages.time_section import TimeSection, read_names, refusal, weekday_name
from desk.pages.time_turns import TURNS_SHOWN, NextTurn, next_turns
from desk.widgets.form import Form
from desk.widgets.table import Column, Table
from models import clock
from models.desks import (
    TURN_LABELS,
    Department,
    Desk,
    departments_of,
    desks,
    set_rotation,
)
from models.errors import UserError

ARRANGEMENTS_SHOWN = 2
ROWS_WHEN_EMPTY = 4  # room for why it is empty, below the headings


class Arrangement(NamedTuple):
    """One entry of a desk's rotation."""

    desk: Desk
    starts_on: date
    every: str
    units: list[dict[str, str]]

    @property
    def uid(self) -> str:
        return f"{self.desk.uid}{self.starts_on}"

    @property
    def order(self) -> str:
        return "、".join(unit["name"] for unit in self.units)

    @property
    def state(self) -> str:
        if self.starts_on > clock.today():
            return "未开始"
        begun = [e for e in self.desk.rotation if e["starts_on"] <= f"{clock.today()}"]
        newest = max(entry["starts_on"] for entry in begun)
        return "现行" if newest == self.starts_on.isoformat() else "已更换"


class RotationSection(TimeSection):
    """The preview follows what is typed, before it is saved."""

    name = "轮值"
    effect = (
        "联合窗口按这里的顺序轮流当值，来访计入当值单位，不当值单位的班次不安排。"
        "从起始日起执行，之前的日子不变，各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._desks: list[Desk] = []
        form = self.form = Form(self, title="轮值安排", command=self._save)
        self.put_left(form)
        form.add_list("desk", "窗口", on_change=self._on_desk)
        form.check("desk", self._desk)
        form.add_choice(
            "every",
            "轮换",
            TURN_LABELS,
            columns=2,
            on_change=lambda every: self.show_preview(),
        )
        form.add_entry("units", "先后顺序")
        form.add_words("units", "轮值至少", "不在")
        entry = form.add_date("starts_on", "从哪天起").entry
        for widget in (entry, form.widget("units")):
            widget.bind("<FocusOut>", lambda event: self._preview_soon(), add="+")
        form.add_fact("effect", "")
        form.add_button("保存", form.submit, primary=True)
        form.add_button("换先后", self.on_swap)
        self.build_section(
            columns=[
                Column("窗口", lambda entry: entry.desk.name, 9.8),
                Column("从", lambda entry: entry.starts_on, 6),
                Column("轮换", lambda e: TURN_LABELS.get(e.every, e.every), 6),
                Column("先后顺序", lambda entry: entry.order, 8, stretch=True),
                Column("状态", lambda entry: entry.state, 4),
            ],
            empty="还没有轮值安排，请在左边填写。",
            on_open=self._change,
            effect_below=False,
        )
        # So few lines need no search, and the turns need its room.
        finding = self.find_entry.master
        self._parts.remove(finding)
        finding.grid_forget()
        self._build_preview()
        self._write_usual()

    def _build_preview(self) -> None:
        side = self.table.master
        # Arrangements are few; the turns get the rest of the page.
        self.table.tree.configure(height=ARRANGEMENTS_SHOWN)
        side.rowconfigure(1, weight=0)
        side.rowconfigure(2, weight=1)
        box = ttk.Frame(side)
        box.grid(row=2, column=0, sticky="nsew", pady=(self.gap, 0))
        box.rowconfigure(1, weight=1)
        box.columnconfigure(0, weight=1)
        self.preview_label = ttk.Label(box, style="Heading.TLabel")
        self.preview_label.grid(row=0, column=0, sticky="w", pady=(0, self.gap // 2))
        self.preview = Table(
            box,
            name="rotation_preview",
            columns=[
                Column("日期", _day_in_words, 7),
                Column("时段", lambda turn: turn.half, 2),
                Column("当值单位", lambda turn: turn.unit, 6, stretch=True),
            ],
            empty="填好左边的安排后，这里列出接下来的轮值。",
            height=TURNS_SHOWN,
        )
        self.preview.grid(row=1, column=0, sticky="nsew")

    def refresh(self) -> None:
        """Offer the joint desks, and show their arrangements."""
        self._desks = [desk for desk in desks() if len(departments_of(desk)) > 1]
        self.form.set_choices("desk", [(d.name, d.uid) for d in self._desks])
        entries = [
            Arrangement(
                desk,
                date.fromisoformat(entry["starts_on"]),
                entry["every"],
                entry["units"],
            )
            for desk in self._desks
            for entry in reversed(desk.rotation)
        ]
        self.table.tree.configure(
            height=ARRANGEMENTS_SHOWN if entries else ROWS_WHEN_EMPTY
        )
        self.table.show(entries)
        self.show_heading(f"轮值安排 {len(entries)} 个")
        self.window.say_rows(f"{len(entries)} 个安排")
        if not self.form.text("units"):
            self._on_desk()
        self.show_preview()

    def focus_first(self) -> None:
        """Begin with the desk."""
        self.form.focus_field("desk")

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.clear(keep=("desk", "every"))
        self._write_usual()
        self._on_desk()
        self.focus_first()

    def _write_usual(self) -> None:
        self.form.set("starts_on", clock.today())
        self.form.set("effect", self.effect)

    def on_find(self) -> None:
        """Ctrl+F: nothing to look for."""

    def on_swap(self) -> None:
        """Let the next unit begin."""
        names = read_names(self.form.text("units"))
        self.form.set("units", "、".join([*names[1:], *names[:1]]))
        self.show_preview()

    def _desk(self) -> Desk:
        uid = self.form.value("desk")
        desk = next((desk for desk in self._desks if desk.uid == uid), None)
        if desk is None:
            raise refusal("没有由几个部门共用的窗口，不用安排轮值。", "desk")
        return desk

    def _on_desk(self) -> None:
        """Propose the units in the order they have now."""
        if not self._desks:
            return
        desk = self._desk()
        names = [department.name for department in departments_of(desk)]
        if desk.rotation:
            names = [unit["name"] for unit in desk.rotation[-1]["units"]]
            self.form.set("every", desk.rotation[-1]["every"])
        self.form.set("units", "、".join(names))
        self.show_preview()

    def _change(self, entry: Arrangement) -> None:
        self.form.set("desk", entry.desk.uid)
        self.form.set("every", entry.every)
        self.form.set("units", entry.order)
        self.form.set("starts_on", entry.starts_on)
        self.show_preview()
        self.form.focus_field("units")

    def _units(self) -> list[Department]:
        serving = departments_of(self._desk(), self.form.value("starts_on"))
        known = {
            name: department
            for department in serving
            for name in (department.name, *department.aliases.split("、"))
        }
        units = []
        for name in read_names(self.form.text("units")):
            if name not in known:
                names = "、".join(department.name for department in serving)
                raise refusal(f"“{name}”不在这个窗口服务，可填：{names}。", "units")
            units.append(known[name])
        return units

    # -- preview ------------------------------------------------------------------

    def _preview_soon(self) -> None:
        # When idle: the date field has then made a date of what was typed.
        self.after_idle(lambda: self.winfo_exists() and self.show_preview())

    def show_preview(self) -> None:
        """The next turns as the form has them; nothing while it makes no sense."""
        turns: list[NextTurn] = []
        name = ""
        try:
            starts_on, units = self.form.value("starts_on"), self._units()
            name = self._desk().name
        except UserError:
            starts_on, units = None, []
        if starts_on is not None and len(units) > 1:
            every = self.form.value("every")
            turns = next_turns(self._desk(), starts_on, every, units)
        self.preview.show(turns)
        words = f"{name}接下来 {TURNS_SHOWN} 次" if turns else "接下来的轮值"
        self.preview_label.configure(text=words)

    # -- saving -------------------------------------------------------------------

    def _save(self) -> None:
        form = self.form
        starts_on = form.value("starts_on")
        if starts_on is None:
            raise refusal("请填写从哪天起。", "starts_on")
        if starts_on < clock.today():
            raise refusal("不能改动已经过去的轮值，请填今天或以后的日期。", "starts_on")
        units = self._units()
        every = form.value("every")
        desk = set_rotation(
            self._desk(),
            by=self.window.person,
            starts_on=starts_on,
            every=every,
            units=units,
        )
        self.refresh()
        names = "、".join(unit.name for unit in units)
        self.tell(f"{desk.name}自 {starts_on} 起{TURN_LABELS[every]}：{names}。")


def _day_in_words(turn: NextTurn) -> str:
    return f"{turn.day} {weekday_name(turn.day.weekday())}"
