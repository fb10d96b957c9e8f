"""学期 and 作息: terms with their teaching weeks, and the times of the periods."""

import re
import tkinter
import unicodedata
from datetime import date
from typing import Any

from desk import dialogs
from desk.pages.time_section import TimeSection, refusal, unbroken
from desk.widgets.datefield import read_date
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.errors import UserError
from models.terms import (
    PeriodTable,
    Term,
    monday_of,
    period_tables,
    set_period_table,
    set_term,
    terms,
)

LEAP_DAY = date(2028, 2, 29)  # so that 0229 is a day


class TermsSection(TimeSection):
    """A term is entered once, before it begins."""

    name = "学期"
    effect = (
        "教学周、单双周、排班和服务时间都按学期推算。第1周是开始日期所在的那一周"
        "（周一至周日）。改动从学期开始日期起算，各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._term: Term | None = None
        form = self.form = Form(self, title="学期", command=self._save)
        self.put_left(form)
        form.add_fact("doing", "正在")
        form.add_entry("name", "名称")
        form.add_words("name", "学期名称", "已经有了")
        form.need("name", "请填写学期名称，例如“2026—2027学年第一学期”。")
        for name, field in (("starts_on", Term.starts_on), ("ends_on", Term.ends_on)):
            entry = form.add_date(name, field.verbose_name).entry
            entry.bind("<FocusOut>", lambda event: self._count(), add="+")
        form.add_words("starts_on", "重叠")
        form.add_words("ends_on", "周，最多")
        form.add_fact("weeks", "教学周")
        form.add_button("保存", form.submit, primary=True)
        form.add_button("新学期", self.on_new)
        self.build_section(
            columns=[
                Column("学期", lambda term: term.name, 12, stretch=True),
                Column("开始", lambda term: term.starts_on, 4.6),
                Column("结束", lambda term: term.ends_on, 4.6),
                Column("周数", lambda term: term.weeks, 2),
                Column("现在", _place_of, 4),
            ],
            empty="还没有录入学期。没有学期就没有教学周和单双周，请在左边录入本学期。",
            buttons={"修改": lambda: self._change(self.one_selected())},
            on_open=self._change,
        )
        self._show_doing()

    def refresh(self) -> None:
        """Show the terms."""
        known = terms()
        self.table.show(known)
        self.show_heading(f"学期 {len(known)} 个")
        self.window.say_rows(f"{len(known)} 个学期")

    def focus_first(self) -> None:
        """Begin with the name."""
        self.form.focus_field("name")

    def on_new(self) -> None:
        """Ctrl+N: another term."""
        self._term = None
        self.form.clear()
        self._show_doing()
        self.focus_first()

    def _show_doing(self) -> None:
        words = f"修改“{self._term.name}”" if self._term else "录入新学期"
        self.form.set("doing", words)
        self.form.show_field("weeks", bool(self.form.value("weeks")))

    def changed_uid(self) -> str:
        return self._term.uid if self._term else ""

    def change_again(self, uid: str) -> None:
        for term in terms():
            if term.uid == uid:
                self._change(term)

    def _change(self, term: Term) -> None:
        self._term = term
        self.form.clear_problems()
        for name in ("name", "starts_on", "ends_on"):
            self.form.set(name, getattr(term, name))
        self._show_doing()
        self._count()
        self.form.focus_field("starts_on")

    def _count(self) -> None:
        """How many weeks that makes, as soon as both days make sense."""
        try:
            first, last = self.form.value("starts_on"), self.form.value("ends_on")
        except UserError:
            return
        if first and last and first <= last:
            weeks = (last - monday_of(first)).days // 7 + 1
            monday = monday_of(first)
            words = f"共 {weeks} 周，第 1 周从 {monday}（周一）开始"
            self.form.set("weeks", unbroken(words))
            self.form.show_field("weeks", True)

    def _save(self) -> None:
        form = self.form
        days: dict[str, date] = {}
        for name in ("starts_on", "ends_on"):
            day = form.value(name)
            if day is None:
                raise refusal(f"请填写{form.label(name)}。", name)
            days[name] = day
        if not self._may_renumber(days["starts_on"]):
            return
        term = set_term(
            by=self.window.person, name=form.text("name"), term=self._term, **days
        )
        self.on_new()
        self.refresh()
        self.tell(
            f"已保存“{term.name}”：自 {term.starts_on} 起，共 {term.weeks} 周，"
            "教学周和单双周按它计算。"
        )

    def _may_renumber(self, starts_on: date) -> bool:
        """Another first week turns odd weeks into even ones."""
        term = self._term
        if term is None or monday_of(term.starts_on) == monday_of(starts_on):
            return True
        return dialogs.confirm(
            self,
            f"“{term.name}”的第 1 周从 {monday_of(term.starts_on)} 改到 "
            f"{monday_of(starts_on)}：各教学周重新编号，单双周的班次和服务时间"
            "可能互换，已过去的日子也按新的周次显示。",
            yes="改动教学周",
        )


def _place_of(term: Term) -> str:
    today = clock.today()
    if today < term.starts_on:
        return "未开始"
    if today > term.ends_on:
        return "已结束"
    return f"第 {term.week_of(today)} 周"


class PeriodsSection(TimeSection):
    """Summer's and winter's times of the periods, typed as lines."""

    name = "作息"
    effect = (
        "每年在起止日之间使用这张作息表；截止日早于起始日时跨过元旦。"
        "签到签退表、课表和日历上的节次按它换算，从保存起各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._period_table: PeriodTable | None = None
        form = self.form = Form(self, title="作息时间", command=self._save)
        self.put_left(form)
        form.add_fact("doing", "正在")
        form.add_entry("name", "名称")
        form.need("name", "请填写作息时间的名称，例如“夏季作息”。")
        form.add_entry("first_day", PeriodTable.first_day.verbose_name)
        form.add_words("first_day", "起止日", "重叠，请先改短")
        form.add_entry("last_day", PeriodTable.last_day.verbose_name)
        form.add_text("periods", "各节时间", height=11)
        form.add_words("periods", "节")
        form.add_button("保存", form.submit, primary=True)
        form.add_button("新作息表", self.on_new)
        self.build_section(
            columns=[
                Column("作息表", lambda table: table.name, 6),
                Column("起止日", _days_of, 8),
                Column("节数", lambda table: len(table.periods), 3),
                Column("各节时间", _times_of, 20, stretch=True),
            ],
            empty="还没有作息时间。没有它就不知道第几节是几点，请在左边录入。",
            buttons={"修改": lambda: self._change(self.one_selected())},
            on_open=self._change,
        )
        self._show_doing()

    def refresh(self) -> None:
        """Show the tables."""
        known = period_tables()
        self.table.show(known)
        self.show_heading(f"作息时间 {len(known)} 张")
        self.window.say_rows(f"{len(known)} 张作息表")

    def focus_first(self) -> None:
        """Begin with the name."""
        self.form.focus_field("name")

    def on_new(self) -> None:
        """Ctrl+N: another table."""
        self._period_table = None
        self.form.clear()
        self._show_doing()
        self.focus_first()

    def _show_doing(self) -> None:
        table = self._period_table
        self.form.set("doing", f"修改“{table.name}”" if table else "录入新作息表")

    def changed_uid(self) -> str:
        return self._period_table.uid if self._period_table else ""

    def change_again(self, uid: str) -> None:
        for table in period_tables():
            if table.uid == uid:
                self._change(table)

    def _change(self, table: PeriodTable) -> None:
        self._period_table = table
        self.form.clear_problems()
        for name in ("name", "first_day", "last_day"):
            self.form.set(name, getattr(table, name))
        self.form.set("periods", periods_as_lines(table.periods))
        self._show_doing()
        self.form.focus_field("periods")

    def _save(self) -> None:
        form = self.form
        for name in ("first_day", "last_day"):
            if not form.text(name):
                raise refusal(f"请填写{form.label(name)}，例如 05-01。", name)
        table = set_period_table(
            by=self.window.person,
            name=form.text("name"),
            first_day=read_day_of_year(form.text("first_day")),
            last_day=read_day_of_year(form.text("last_day")),
            periods=read_periods(form.value("periods")),
            table=self._period_table,
        )
        self.on_new()
        self.refresh()
        self.tell(
            f"已保存“{table.name}”：每年 {_days_of(table)} 共 {len(table.periods)} 节，"
            "这段时间的节次按它换算。"
        )


def read_day_of_year(text: str) -> str:
    """`0501`, `5月1日`, `5/1` as `05-01`; what is no such day is returned as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\D.*|\d{0,2}", plain):  # no month in it: 15, +1, 今天
        return plain
    try:
        day = read_date(plain, today=LEAP_DAY)
    except UserError:
        return plain
    return f"{day:%m-%d}" if day else plain


def _days_of(table: PeriodTable) -> str:
    return f"{table.first_day} 至 {table.last_day}"


def _times_of(table: PeriodTable) -> str:
    return "　".join(f"{p['number']} {p['from']}–{p['to']}" for p in table.periods)


def periods_as_lines(periods: list[dict[str, Any]]) -> str:
    """As they are typed: `1  08:00-08:45`, one a line."""
    return "\n".join(f"{p['number']}  {p['from']}-{p['to']}" for p in periods)


_PERIOD = re.compile(
    r"(?:第?\s*(\d{1,2})\s*节?[\s.、:]+)?(\d{1,2}:\d{2})\s*[-~至到—–]+\s*(\d{1,2}:\d{2})"
)


def read_periods(text: str) -> list[dict[str, Any]]:
    """The periods from lines like `1  08:00-08:45`; the number may be left out."""
    found: list[dict[str, Any]] = []
    for at, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line).strip()
        if not plain:
            continue
        match = _PERIOD.fullmatch(plain)
        if match is None:
            raise refusal(
                f"第 {at} 行“{plain}”看不懂，请写成“1  08:00-08:45”，一行一节。",
                "periods",
            )
        number, begins, ends = match.groups()
        number = int(number) if number else len(found) + 1
        found.append({"number": number, "from": begins, "to": ends})
    return found
