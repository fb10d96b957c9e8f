"""签到签退: one big field for the card, a plain result, today's list."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.listing import ListingPage
from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.attendance import (
    COVER_REASON_LABELS,
    POST_LABELS,
    Attendance,
    Post,
    RecordedBy,
    attendances_on,
    check_out,
    open_attendance,
)
from models.desks import this_desk
from models.errors import UserError
from models.handovers import waiting_handover
from models.people import people, person_signing_in
from models.swipes import Swipe, check_in, method_of, swipe


def note_of(attendance: Attendance) -> str:
    """Cover, way of recording and what is to be approved, in one cell."""
    parts = []
    if attendance.cover_for_name:
        parts.append(
            f"代{attendance.cover_for_name}（{attendance.cover_reason_label}）"
        )
    if not attendance.uniform:
        parts.append("未着装")
    if attendance.needs_approval:
        parts.append("待审核")
    return "，".join(parts)


COLUMNS = [
    Column("姓名", lambda row: row.person_name, 4),
    Column("岗别", lambda row: row.post_label, 3),
    Column("签到", lambda row: f"{row.checked_in_at:%H:%M}", 3),
    Column(
        "签退",
        lambda row: f"{row.checked_out_at:%H:%M}" if row.checked_out_at else "在岗",
        3,
    ),
    Column("方式", lambda row: row.method_in_label, 3.5),
    Column("代班与备注", note_of, 8, stretch=True),
]


class AttendancePage(ListingPage):
    """A swipe checks in, the next one checks out; no other key is needed."""

    title = "签到签退"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(1, weight=1)
        self._build_banner(left)
        self._build_form(left)
        self.build_list(
            columns=COLUMNS,
            empty="今天还没有人签到。\n在左边刷卡，或输入学号、工号后按 Enter。",
            buttons={"代签退": self.on_check_out},
        )

    def _build_banner(self, master: tkinter.Misc) -> None:
        self.banner = ttk.Frame(master, style="info.Bar.TFrame", padding=self.gap * 2)
        self.banner.grid(row=0, column=0, sticky="ew", pady=(0, self.gap * 2))
        self.result = ttk.Label(self.banner, style="info.BarBig.TLabel")
        self.result.pack(anchor="w")
        self.detail = ttk.Label(
            self.banner,
            style="info.Bar.TLabel",
            wraplength=theme.text_width(self, 27),
            justify="left",
        )
        self.detail.pack(anchor="w")
        self._show_result("info", "请刷卡", "再刷一次即为签退；60 秒内重复刷卡不计。")

    def _build_form(self, master: tkinter.Misc) -> None:
        form = self.form = Form(master, title="", command=self._swipe)
        form.grid(row=1, column=0, sticky="nsew")
        field = form.add_entry("card", "卡号或学号", font="DeskBig")
        # Enter in this field is the card reader's: it records, it does not walk on.
        for key in ("<Return>", "<KP_Enter>"):
            field.bind(key, self._on_card)
        form.add_words("card", "学号", "刷卡", "卡号", "不在岗", "签到")
        form.add_choice("post", Attendance.post.verbose_name, POST_LABELS, columns=2)
        form.add_suggest(
            "cover_for",
            "代谁的班",
            suggest=lambda text: suggest_people(people(), text),
            fill=name_of,
        )
        form.add_words("cover_for", "代班")
        reasons = [(label, value) for value, label in COVER_REASON_LABELS.items()]
        form.add_list("reason", "代班事由", [("（不代班）", ""), *reasons])
        form.add_check(
            "uniform", Attendance.uniform.verbose_name + "规范", initial=True
        )
        form.add_entry("note", Attendance.note.verbose_name)
        self.save_button = form.add_button("签到 / 签退", form.submit, primary=True)

    def refresh(self) -> None:
        """Show who has been here today."""
        rows = attendances_on(clock.today(), this_desk())
        self.table.show(rows)
        there = sum(row.checked_out_at is None for row in rows)
        self.show_heading(f"今日 {len(rows)} 人次，在岗 {there} 人")
        self.window.say_rows(f"今日 {len(rows)} 条")

    def focus_first(self) -> None:
        """The card goes here."""
        self.form.focus_field("card")

    def _on_card(self, event: tkinter.Event) -> str:
        self.form.submit()
        return "break"

    def _swipe(self) -> None:
        try:
            done = self._record(self.form.text("card"))
        except UserError as error:
            self._show_result("danger", "没有记录", str(error))
            raise
        self._say(done)
        self.form.clear()
        self.refresh()
        self.focus_first()
        if done.kind == "in" and waiting_handover() is not None:
            self.window.info.show(
                "有一份交班还没有人接，请先接班。",
                "warning",
                ("去接班（F6）", lambda: self.window.show("handover")),
            )

    def _record(self, text: str) -> Swipe:
        form = self.form
        cover = form.value("cover_for")
        if form.text("cover_for") and cover is None:
            raise UserError("请从候选中选择代谁的班。")
        plain = form.value("uniform") and not form.text("note") and cover is None
        person = person_signing_in(text)
        if open_attendance(person) is not None:
            return swipe(text)
        if plain and not form.value("reason") and form.value("post") == Post.A:
            done = swipe(text)
            if done.kind != "ask":
                return done
        if form.value("reason") and cover is None:
            raise UserError("选了代班事由，请填写代谁的班。")
        attendance = check_in(
            person,
            post=Post.B if cover else form.value("post"),
            method=method_of(text, person),
            cover_for=cover,
            cover_reason=form.value("reason") or None,
            forced_reason=form.text("note"),
            uniform=form.value("uniform"),
            note=form.text("note"),
        )
        return Swipe("in", person, attendance)

    def _say(self, done: Swipe) -> None:
        name, row = done.person.name, done.attendance
        if done.kind == "repeat":
            self._show_result("warning", f"{name} 重复刷卡", "60 秒内的重复刷卡不计。")
            return
        if done.kind == "in":
            detail = f"{row.checked_in_at:%H:%M} · {row.post_label}　{note_of(row)}"
            self._show_result("success", f"{name} 签到成功", detail)
        else:
            hours, minutes = divmod(row.paid_minutes, 60)
            detail = f"{row.checked_out_at:%H:%M} · 本次 {hours} 小时 {minutes} 分钟"
            self._show_result("success", f"{name} 签退成功", detail)
        self.window.update_status()

    def _show_result(self, kind: str, text: str, detail: str) -> None:
        self.banner.configure(style=f"{kind}.Bar.TFrame")
        self.result.configure(style=f"{kind}.BarBig.TLabel", text=text)
        self.detail.configure(style=f"{kind}.Bar.TLabel", text=detail.strip())

    def on_check_out(self) -> None:
        """Check out somebody who is not here any more, as 代签."""
        row = self.table.selected()
        if row is None:
            raise UserError("请先在今日列表中选中要代签退的人。")
        check_out(row, by=self.window.person, method=RecordedBy.PROXY)
        self._show_result("success", f"{row.person_name} 已代签退", "方式记为“代签”。")
        self.refresh()
        self.focus_first()

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.clear()
        self.focus_first()
