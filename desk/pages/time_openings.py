"""服务时间: when each desk is open (P17, P18, P31)."""

import tkinter
from datetime import date, timedelta
from typing import Any

from desk import dialogs
from desk.pages.time_notice import export_notice
from desk.pages.time_section import (
    TimeSection,
    ask_date,
    hours_in_words,
    past_midnight,
    read_weekdays,
    refusal,
    span_in_words,
    unbroken,
    weekday_name,
)
from desk.widgets.clocktime import read_time
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.base import transaction
from models.desks import Desk, desks
from models.errors import UserError
from models.openings import (
    OPENING_SEASON_LABELS,
    OpeningHours,
    OpeningSeason,
    add_opening,
    end_opening,
    openings_of,
)
from models.terms import WEEKS_LABELS

USUAL_WEEKDAYS = "1-5"


class OpeningsSection(TimeSection):
    """Hours are never changed: the old ones end, the new ones begin."""

    name = "服务时间"
    effect = (
        "窗口是否开放、错时服务统计和《服务时间安排》按这里，从启用日期起算。改时间请先停用旧时段，"
        "再添加新时段；已过去的日子不受影响，各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        form = self.form = Form(self, title="添加服务时间", command=self._save)
        self.put_left(form)
        form.add_list("desk", "窗口", on_change=self._show_list)
        form.add_choice(
            "season",
            "时段类型",
            OPENING_SEASON_LABELS,
            on_change=lambda season: self._on_season(),
        )
        form.add_entry("weekdays", "星期")
        form.add_date("day", "值班日期")
        form.add_words("day", "某一天的值班")
        form.add_choice("weeks", "周次", WEEKS_LABELS)
        form.add_entry("from_time", "开始时间")
        form.add_words("from_time", "开始和结束时间相同", "重叠")
        form.add_entry("to_time", "结束时间")
        form.add_fact("span", "")
        for name in ("from_time", "to_time"):
            form.widget(name).bind("<KeyRelease>", lambda e: self._show_span(), add="+")
        form.add_date("starts_on", "启用日期")
        form.add_date("ends_on", "停用日期")
        form.add_words("ends_on", "停用日期不能早于")
        form.add_entry("note", "说明")
        form.add_button("添加", form.submit, primary=True)
        form.add_button("清空", self.on_new)
        self.build_section(
            columns=[
                Column("何时", _day_of, 6),
                Column("时间", _hours_of, 9),
                Column("类型", lambda hours: hours.season_label, 3),
                Column("周次", lambda h: WEEKS_LABELS.get(h.weeks, ""), 3),
                Column("有效期", _span_of, 11),
                Column("说明", lambda hours: hours.note, 5, stretch=True),
            ],
            empty="这个窗口还没有服务时间，请在左边添加。",
            buttons={
                "停用选中": self.on_void,
                "导出服务时间安排": self.on_export,
            },
            is_void=_is_over,
        )
        self._on_season()
        self._write_usual()

    def refresh(self) -> None:
        """Offer the desks, those of another time too."""
        today = clock.today()
        known = {desk.uid: desk for desk in desks()}
        for desk in Desk.select():
            if desk.closes_on is None or desk.closes_on >= today:
                known.setdefault(desk.uid, desk)
        self.form.set_choices("desk", [(d.name, d.uid) for d in known.values()])
        self._show_list()

    def focus_first(self) -> None:
        """Begin with the desk."""
        self.form.focus_field("desk")

    def on_new(self) -> None:
        """Ctrl+N: the desk stays."""
        self.form.clear(keep=("desk", "season"))
        self._on_season()
        self._write_usual()
        self.form.focus_field("from_time")

    def _write_usual(self) -> None:
        form = self.form
        if not form.text("weekdays") and form.value("season") != OpeningSeason.DUTY:
            form.set("weekdays", USUAL_WEEKDAYS)
        form.set("starts_on", clock.today())

    def _on_season(self) -> None:
        form, season = self.form, self.form.value("season")
        self._show_span()
        is_duty = season == OpeningSeason.DUTY
        form.show_field("day", is_duty)
        form.show_field("weeks", season != OpeningSeason.VACATION)
        if season == OpeningSeason.VACATION:
            form.set("weeks", "all")
        usual = form.text("weekdays") in ("", USUAL_WEEKDAYS)
        if usual:
            form.set("weekdays", "" if is_duty else USUAL_WEEKDAYS)

    def _show_span(self) -> None:
        form = self.form
        span = past_midnight(form.text("from_time"), form.text("to_time"))
        form.set("span", unbroken(span))
        form.show_field("span", bool(span))

    def _desk(self) -> Desk:
        uid = self.form.value("desk")
        desk = next((desk for desk in Desk.select() if desk.uid == uid), None)
        if desk is None:
            raise refusal("请选择窗口。", "desk")
        return desk

    def _show_list(self) -> None:
        if self.form.value("desk") is None:
            self.table.show([])
            return
        desk = self._desk()
        hours = sorted(openings_of(desk), key=_is_over)
        self.table.show(hours)
        here = sum(not _is_over(one) for one in hours)
        self.show_heading(f"{desk.name}：{here} 个时段")
        self.window.say_rows(f"{here} 个时段")

    # -- adding -------------------------------------------------------------

    def _save(self) -> None:
        form = self.form
        desk, day = self._desk(), form.value("day")
        is_duty = form.value("season") == OpeningSeason.DUTY
        hours = hours_in_words(self._time("from_time"), self._time("to_time"))
        if is_duty and day is not None:
            if form.text("weekdays"):
                raise refusal("填了值班日期就不要再填星期，请清空其中一项。", "day")
            if not self._means_next_day(hours):
                return
            self._add(desk, day=day)
            when = f"{day} 当天"
        else:
            weekdays = self._weekdays(is_duty)
            if not self._means_next_day(hours):
                return
            with transaction():
                for weekday in weekdays:
                    self._add_weekday(desk, weekday)
            names = "、".join(weekday_name(weekday) for weekday in weekdays)
            when = f"{names}（{self._span_in_words()}）"
        words = f"{desk.name} {when} {hours}"
        self.on_new()
        self._show_list()
        self.tell(f"已添加：{words} 开放。")

    def _means_next_day(self, hours: str) -> bool:
        """Hours that end before they begin are more often a slip than a night."""
        form = self.form
        span = past_midnight(form.text("from_time"), form.text("to_time"))
        return not span or dialogs.confirm(
            self, unbroken(f"{hours} 跨过零点：{span}。确定要添加吗？"), yes="添加"
        )

    def _weekdays(self, is_duty: bool) -> list[int]:
        text = self.form.text("weekdays")
        if not text and is_duty:
            raise refusal("请填写星期，或填写值班日期。", "weekdays")
        try:
            return read_weekdays(text)
        except UserError as error:
            raise refusal(str(error), "weekdays") from error

    def _span_in_words(self) -> str:
        form = self.form
        return span_in_words(form.value("starts_on"), form.value("ends_on"))

    def _add_weekday(self, desk: Desk, weekday: int) -> None:
        form = self.form
        try:
            self._add(
                desk,
                weekday=weekday,
                weeks=form.value("weeks"),
                starts_on=form.value("starts_on"),
                ends_on=form.value("ends_on"),
            )
        except UserError as error:
            if "重叠" not in str(error):
                raise
            text = f"{weekday_name(weekday)}{error}"
            raise refusal(text, "from_time") from error

    def _time(self, name: str) -> str:
        """A time typed as `18:30`, `1830` or `9`."""
        text = self.form.text(name)
        if not text:
            raise refusal(f"请填写{self.form.label(name)}。", name)
        try:
            return f"{read_time(text):%H:%M}"
        except UserError as error:
            raise refusal(str(error), name) from error

    def _add(self, desk: Desk, **when: Any) -> None:
        form = self.form
        add_opening(
            by=self.window.person,
            desk=desk,
            season=form.value("season"),
            from_time=self._time("from_time"),
            to_time=self._time("to_time"),
            note=form.text("note"),
            **when,
        )

    # -- ending ---------------------------------------------------------------

    def on_void(self) -> None:
        """Delete, or the button: the marked hours hold no longer."""
        chosen = [hours for hours in self.table.selection() if not _is_over(hours)]
        if not chosen:
            raise UserError("请先在列表中选中还在使用的时段，可以选多个。")
        weekly = [hours for hours in chosen if hours.day is None]
        begins = clock.today()
        if weekly:
            asked = self._ask_end(weekly)
            if asked is None:
                return
            begins = asked
        elif not dialogs.confirm(
            self,
            f"取消 {'、'.join(str(hours.day) for hours in chosen)} 的值班开放？",
            yes="取消值班",
            no="保留",
        ):
            return
        with transaction():
            for hours in chosen:
                last = begins - timedelta(days=1) if hours.day is None else None
                end_opening(hours, by=self.window.person, ends_on=last)
        self._show_list()
        self.tell(f"已停用 {len(chosen)} 个时段，{begins} 起不再开放。")

    def _ask_end(self, weekly: list[OpeningHours]) -> date | None:
        first = weekly[0]
        more = f" 等 {len(weekly)} 个时段" if len(weekly) > 1 else ""
        return ask_date(
            self,
            f"{_day_of(first)} {_hours_of(first)}{more}从哪天起不再开放？"
            "之前的日子不变。",
            initial=clock.today(),
            least=clock.today(),
            yes="停用",
        )

    def on_export(self) -> None:
        """Ctrl+E: the notice 服务时间安排 in Word, as of today."""
        export_notice(self, clock.today())


def _day_of(hours: OpeningHours) -> str:
    return str(hours.day) if hours.day else weekday_name(hours.weekday)


def _hours_of(hours: OpeningHours) -> str:
    return hours_in_words(hours.from_time, hours.to_time)


def _span_of(hours: OpeningHours) -> str:
    if hours.day is not None:
        return "当天"
    words = span_in_words(hours.starts_on, hours.ends_on)
    return f"{words}（已停用）" if _is_over(hours) else words


def _is_over(hours: OpeningHours) -> bool:
    last = hours.day or hours.ends_on
    return last is not None and last < clock.today()
