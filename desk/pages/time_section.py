"""What the sections of 时间设置 share: a form, a list, and what saving does."""

import re
import tkinter
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.widgets.clocktime import read_time
from desk.widgets.datefield import read_date
from desk.widgets.form import Form
from desk.widgets.reading import Words
from desk.widgets.table import Column, Table
from desk.wording import unbroken
from models.calendar import WEEKDAYS
from models.errors import UserError
from models.planchecks import hours_text

_WEEKDAY_DIGITS = str.maketrans("一二三四五六日天七", "123456777")


class TimeSection(ListingPage):
    """One tab.  A change is told with its date and with what it changes."""

    name = ""
    effect = ""
    form: Form

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.configure(padding=self.gap * 2)

    def build_section(
        self,
        *,
        columns: list[Column],
        empty: str,
        buttons: dict[str, Callable[[], None]] | None = None,
        on_open: Callable[[Any], None] | None = None,
        is_void: Callable[[Any], bool] = lambda record: False,
        effect_below: bool = True,
    ) -> Table:
        """The list, with what a change means under it unless the form says so."""
        table = self.build_list(
            name=type(self).__name__,
            columns=columns,
            empty=empty,
            buttons=buttons,
            on_open=on_open,
            is_void=is_void,
        )
        if effect_below:
            self._build_effect(table.master)
        return table

    def _build_effect(self, side: Any) -> None:
        label = Words(side, style="Hint.TLabel")
        label.say(self.effect)
        label.grid(row=3, column=0, sticky="ew", pady=(self.gap, 0))
        side.bind(
            "<Configure>",
            lambda event: label.wrap_at(event.width - self.gap),
            add="+",
        )

    def tell(self, text: str) -> None:
        """Say what was saved, and when the desks have it."""
        self.window.say(f"{text}各窗口下次同步后生效。")

    def one_selected(self) -> Any:
        """The marked row, or what to do first."""
        record = self.table.selected()
        if record is None:
            raise UserError("请先在列表中选中一行。")
        return record

    # -- kept for the next start ----------------------------------------------

    def changed_uid(self) -> str:
        """The record that the form changes; "" for a new one."""
        return ""

    def change_again(self, uid: str) -> None:
        """Bring that record into the form."""

    def draft(self) -> dict[str, Any] | None:
        """What was typed, and which record it changes."""
        typed = self.form.draft(apart=self.form.chosen_fields())
        return typed and {"form": typed, "changes": self.changed_uid()}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """What was typed at an earlier start."""
        self.refresh()
        self.change_again(kept["changes"])
        self.form.bring_draft(kept["form"])
        self.refresh()

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()


def refusal(text: str, field: str) -> UserError:
    """A refusal to be shown under the field of that name."""
    error = UserError(text)
    error.field = field
    return error


def ask_date(
    parent: tkinter.Misc, text: str, *, initial: date, least: date, yes: str
) -> date | None:
    """Ask for a day from *least* on; asks again, with what was typed, until it is."""
    typed, problem = initial.isoformat(), ""
    while True:
        answer = dialogs.ask_text(
            parent,
            unbroken(f"{problem}{text}"),
            title="请填写日期",
            yes=yes,
            initial=typed,
        )
        if answer is None:
            return None
        typed = answer
        try:
            day = read_date(answer)
        except UserError as error:
            problem = f"{error}\n"
            continue
        if day is not None and day >= least:
            return day
        problem = f"日期不能早于 {least}。\n"


def weekday_name(weekday: int) -> str:
    """`周一`."""
    return f"周{WEEKDAYS[weekday]}"


def read_weekdays(text: str) -> list[int]:
    """The weekdays meant by `1-5`, `135`, `一至五` or `周二、周四`; Monday is 0."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"周|星期|礼拜|[\s,、;]", "", plain).translate(_WEEKDAY_DIGITS)
    found: set[int] = set()
    rest = plain
    for first, last in re.findall(r"([1-7])[-~至到—–]([1-7])", plain):
        if first > last:
            break
        found.update(range(int(first) - 1, int(last)))
    rest = re.sub(r"[1-7][-~至到—–][1-7]", "", plain)
    if not plain or re.sub("[1-7]", "", rest) or (rest != plain and not found):
        raise UserError("星期请写成 1-5、135 或 周二、周四 的样子。")
    found.update(int(digit) - 1 for digit in rest)
    return sorted(found)


def hours_in_words(begins: str, ends: str) -> str:
    """`08:30–10:00`, or `22:00–次日 01:00`, of times as they are stored."""
    return f"{begins}–{'次日 ' if ends <= begins else ''}{ends}"


def past_midnight(begins: str, ends: str) -> str:
    """`到次日 01:00，共 3 小时` of times as typed; "" within a day or half typed."""
    try:
        first, last = read_time(begins), read_time(ends)
    except UserError:
        return ""
    if last >= first:
        return ""
    minutes = (last.hour - first.hour + 24) * 60 + last.minute - first.minute
    return f"到次日 {last:%H:%M}，共 {hours_text(minutes)}"


def read_names(text: str) -> list[str]:
    """Names parted by 、 or commas."""
    plain = unicodedata.normalize("NFKC", text)
    return [name for name in re.split(r"[、,;\s]+", plain) if name]


def span_in_words(first: date | None, last: date | None) -> str:
    """`2026-09-01 起`, `至 2026-10-31`, both, or `长期`."""
    if first is None and last is None:
        return "长期"
    begins = f"{first} 起" if first else ""
    ends = f"至 {last}" if last else ""
    return f"{begins}{ends}".replace("起至", "至")
