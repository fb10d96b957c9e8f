"""What a card did, in big words and a colour: never by the colour alone."""

import tkinter
from collections.abc import Sequence

import ttkbootstrap as ttk

from desk import theme
from desk.pages.dutyrows import hours_lines
from models import clock
from models.arrivals import in_hours
from models.attendance import Attendance, Post, minutes_between, on_duty
from models.desks import this_desk
from models.hours import hours_of
from models.people import Person, PersonRole
from models.rules import rules_on
from models.swipes import Swipe

SIGNS = {"info": "●", "success": "✔", "warning": "▲", "danger": "✖"}
READY = "再刷一次即为签退；60 秒内重复刷卡不计。"


class SwipeBanner(ttk.Frame):
    """`show` says anything, `say` what came of a swipe."""

    def __init__(self, master: tkinter.Misc) -> None:
        self._pad = theme.text_width(master, 1)
        super().__init__(master, style="info.Bar.TFrame", padding=self._pad)
        self.sign = ttk.Label(self, style="info.BarBig.TLabel")
        self.result = ttk.Label(self, style="info.BarBig.TLabel")
        self.detail = ttk.Label(self, style="info.Bar.TLabel", justify="left")
        self.sign.grid(row=0, column=0, sticky="nw", padx=(0, self._pad // 2))
        self.result.grid(row=0, column=1, sticky="w")
        self.detail.grid(row=1, column=0, columnspan=2, sticky="w")
        self.columnconfigure(1, weight=1)  # a long detail must not push the result
        self.bind("<Configure>", self._wrap)
        self.rest()

    def rest(self) -> None:
        """Nothing has happened, or it is over."""
        self.show("info", "请刷卡", READY)

    def _wrap(self, event: tkinter.Event) -> None:
        wide = event.width - self._pad * 5 // 2
        beside = self.sign.winfo_reqwidth() + self._pad // 2
        self.result.configure(wraplength=max(wide - beside, 100))
        self.detail.configure(wraplength=max(wide, 100))

    def show(self, kind: str, text: str, detail: str) -> None:
        """`kind` is info, success, warning or danger."""
        self.configure(style=f"{kind}.Bar.TFrame")
        self.sign.configure(style=f"{kind}.BarBig.TLabel", text=SIGNS[kind])
        self.result.configure(style=f"{kind}.BarBig.TLabel", text=text)
        self.detail.configure(style=f"{kind}.Bar.TLabel", text=detail.strip())

    def say(self, done: Swipe) -> None:
        """Name and result, then the shift, then the hours of the person."""
        name, row = done.person.name, done.attendance
        assert row is not None
        if done.kind == "repeat":
            state = "已签到" if row.checked_out_at is None else "已签退"
            words = f"{state}；60 秒内的重复刷卡不计。"
            return self.show("warning", f"{name} 重复刷卡", words)
        if done.kind == "out":
            return self.say_gone(row, "签退成功", _hours(done.person))
        kind, title = "success", "签到成功"
        if done.kind == "next":
            title = "已转入下一班"
            lines = [f"上一班已签退，接着上 {shift_words(row)}。"]
            lines.append("要离开，请过 1 分钟再刷一次卡。")
        else:
            lines = [f"{row.checked_in_at:%H:%M} · {shift_words(row)}"]
            if amiss := amiss_words(row):
                kind, title = "warning", "签到成功，请注意"
                lines.append(amiss)
        lines += _hours(done.person)
        self.show(kind, f"{name} {title}", "\n".join(lines))

    def say_gone(
        self, row: Attendance, title: str = "已代签退", hours: Sequence[str] = ()
    ) -> None:
        """A check-out, and whether it was too early."""
        kind = "success"
        lines = [f"{row.checked_out_at:%H:%M} · 本次计 {in_hours(row.paid_minutes)}"]
        if early := early_words(row):
            kind, title = "warning", f"{title}，请注意"
            lines.append(early)
        self.show(kind, f"{row.person_name} {title}", "\n".join([*lines, *hours]))


def shift_words(row: Attendance) -> str:
    """`B 岗 · 08:30–10:00 的班 · 代曾单（上课）`."""
    parts = [row.post_label]
    if row.planned_from and row.planned_to:
        parts.append(f"{row.planned_from:%H:%M}–{row.planned_to:%H:%M} 的班")
    if row.cover_for_name:
        parts.append(f"代{row.cover_for_name}（{row.cover_reason_label}）")
    return " · ".join(parts)


def amiss_words(row: Attendance) -> str:
    """What is not as it should be at a check-in; "" when nothing is."""
    parts = [f"迟到 {row.late_minutes} 分"] * bool(row.late_minutes)
    parts += row.warning_labels
    parts += ["未着装"] * (not row.uniform) + ["待审核"] * row.needs_approval
    return "，".join(parts)


def early_words(row: Attendance) -> str:
    """What a check-out before the planned end means for the post; "" when nothing."""
    if row.early_minutes:
        return f"早退 {row.early_minutes} 分"
    early = minutes_between(row.checked_out_at, row.planned_to)
    if not row.cover_for_uid or early <= rules_on(clock.today()).early_grace:
        return ""
    is_held = any(
        one.post == Post.A or one.cover_for_uid for one in on_duty(this_desk())
    )
    return f"提前 {early} 分离开" + ("" if is_held else "，A 岗空岗")


def _hours(person: Person) -> list[str]:
    if person.role != PersonRole.ASSISTANT:
        return []
    return hours_lines(hours_of(person.uid, clock.today(), here=this_desk()))
