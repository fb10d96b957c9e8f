"""工作台: today at a glance, over this desk or, at the office, over all of them.

Whatever it shows leads to the list behind it.  Nothing here waits for anything slow:
while the visits are still being counted it says so, and fills in when that is done.
"""

import tkinter
from collections.abc import Callable
from datetime import date
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.jobs import Jobs
from desk.pages import dashboardoffice, dashboardwords
from desk.pages.dashboardcards import Card, DeskLines, Line, Link, into_sight
from desk.pages.dashboardwords import Ways
from desk.widgets.charts import BarChart
from desk.widgets.choice import Choice
from desk.widgets.donut import Donut
from desk.widgets.page import Page
from desk.widgets.scrolling import Scrolled, follow_size
from models import clock, readonly, visitcounter, visitcounts
from models.attendance import on_duty
from models.desks import Desk, this_desk
from models.deskstates import (
    DeskState,
    OpenCases,
    desk_states,
    open_cases_by_desk,
    waiting_handovers,
)
from models.handovers import waiting_handover
from models.installation import installation
from models.services import items
from models.storage import on_server
from models.visitcounts import SPAN_LABELS, span_days

CARDS = {
    "duty": "在岗",
    "cases": "办件",
    "visits": "今日来访",
    "seals": "印章",
    "handover": "交接班",
    "sync": "同步",
}
MOST_ACROSS = 3
# Of all desks, four across: the lists of the desks and the charts need the height.
ALL_ACROSS = {
    "duty": (0, 0, 1),
    "cases": (0, 1, 1),
    "visits": (0, 2, 2),
    "sync": (0, 3, 2),
    "seals": (1, 0, 1),
    "handover": (1, 1, 1),
}
CARD_WIDTH, CHART_WIDTH = 17, 24  # Chinese characters, at the least
CHART_LINES = 6.8
COUNTING = "正在统计来访…"
NOT_COUNTED = "只读状态，没有统计来访。"
# With more journal entries to read than this the worker reads them at once.
MANY = 50


class DashboardPage(Page):
    """Tab goes from line to line, the arrows through the charts; Enter opens."""

    title = "工作台"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        # A worker of its own: counting must not keep sync from running.
        self._counting = Jobs(self)
        self._ways = Ways(window)
        self._states: list[DeskState] = []
        self._steps: list[Callable[[], None]] = []
        self._timer = ""
        self.is_office = window.here.is_office
        self.columnconfigure(0, weight=1)
        self.area = Scrolled(self, padding=(0, 0, self.gap, 0))
        self.area.grid(row=0, column=0, sticky="nsew")
        self.top = ttk.Frame(self.area)
        self.top.grid(row=0, column=0, sticky="ew")
        self.cards = {name: Card(self.top, title) for name, title in CARDS.items()}
        self.desk_lines: DeskLines | None = None
        if self.is_office:
            self.desk_lines = DeskLines(self.area, dashboardoffice.DESK_TITLES)
            place = {"padx": (0, self.gap), "pady": (0, self.gap)}
            self.desk_lines.grid(row=1, column=0, sticky="ew", **place)
        self.low = ttk.Frame(self.area)
        self.low.grid(row=2, column=0, sticky="nsew")
        # As high as the window at least: the charts take what is left over.
        self._strut = ttk.Frame(self.area, width=1)
        self._strut.grid(row=0, column=1, rowspan=3)
        self.area.columnconfigure(0, weight=1)
        self.area.rowconfigure(2, weight=1)
        self._build_bars()
        self._build_services()
        self._across = (0, False)
        self.area.master.bind("<Configure>", lambda event: self.fit(), add="+")
        follow_size(self.area)

    # -- building -------------------------------------------------------------

    def _build_bars(self) -> None:
        card = self.bars_card = ttk.Frame(
            self.low, bootstyle="bordered", padding=self.gap
        )
        head = ttk.Frame(card)
        head.pack(fill="x")
        ttk.Label(head, text="近 14 天来访", style="Heading.TLabel").pack(side="left")
        # Packed last: in a narrow card the words are cut, not the heading.
        self.bars_words = ttk.Label(head, style="Muted.TLabel")
        self.bars_words.pack(side="left", padx=(self.gap * 2, 0))
        self._bars_told = ""
        self.bars = BarChart(
            card,
            on_open=lambda day: self._ways.visits(day, day, desk=self._desk)(),
            on_mark=self._tell_bar,
            lines=CHART_LINES,
        )
        self.bars.pack(fill="both", expand=True)
        self.bars_action = Link(head)
        self.bars_action.show(self._first_step())

    def _build_services(self) -> None:
        card = self.services_card = ttk.Frame(
            self.low, bootstyle="bordered", padding=self.gap
        )
        head = ttk.Frame(card)
        head.pack(fill="x")
        ttk.Label(head, text="来访事项", style="Heading.TLabel").pack(side="left")
        self.span = Choice(
            head, choices=SPAN_LABELS, columns=4, on_change=lambda _: self._on_span()
        )
        self.span.pack(side="left", fill="x", expand=True, padx=(self.gap * 2, 0))
        self.services = Donut(card, on_open=self._open_service, lines=CHART_LINES)
        self.services.pack(fill="both", expand=True)
        for key, step in (("Left", -1), ("Right", 1)):
            self.services.bind(f"<{key}>", lambda event, by=step: self._step_span(by))
        self.span.set("month")
        stops = (self.bars, self.services, *self.span.buttons.values())
        for stop in stops:
            stop.bind("<FocusIn>", lambda event: into_sight(event.widget), add="+")

    def _first_step(self) -> Line:
        """What to do where there are no visits to draw."""
        if self.is_office:
            return Line("去同步，收取各窗口的记录", self._ways.page("sync"))
        return Line("去登记来访", self._ways.page("visits"))

    def fit(self) -> None:
        """As many cards beside each other as there is room for."""
        super().fit()
        room = self.area.master.winfo_width()
        least = theme.text_width(self, CARD_WIDTH)
        most = MOST_ACROSS + self.is_office
        across = max(1, min(most, room // least)) if room > 1 else MOST_ACROSS
        beside = room // theme.text_width(self, CHART_WIDTH) >= 2
        if self._across != (across, beside):
            self._across = (across, beside)
            self._lay_out(across, beside)
        high = self.area.master.winfo_height() - 2
        if high != self._strut.winfo_reqheight():
            # While it was lower the focus may have scrolled it away.
            self._strut.configure(height=high)
            self.area.yview_moveto(0)
            self.after_idle(self._see_focus)

    def _see_focus(self) -> None:
        focused = self.focus_displayof()
        if focused is not None and str(focused).startswith(f"{self.area}."):
            into_sight(focused)

    def _lay_out(self, across: int, beside: bool) -> None:
        near = {"sticky": "nsew", "padx": (0, self.gap), "pady": (0, self.gap)}
        for at, (name, card) in enumerate(self.cards.items()):
            row, column, high = at // across, at % across, 1
            if across > MOST_ACROSS:
                row, column, high = ALL_ACROSS[name]
            card.grid(row=row, column=column, rowspan=high, **near)
        # What is last has the rim of the page below it.
        near["pady"] = 0 if beside else (0, self.gap)
        self.bars_card.grid(row=0, column=0, **near)
        self.low.rowconfigure(0, weight=1)
        self.low.rowconfigure(1, weight=1 - beside)
        self.services_card.grid(row=1 - beside, column=int(beside), **near)
        for block, count in ((self.top, across), (self.low, 1 + beside)):
            for column in range(MOST_ACROSS + 1):
                used = column < count
                # Of columns that span others Tk makes no equal ones.
                block.columnconfigure(
                    column, weight=int(used), uniform="card" if used else ""
                )

    # -- showing ----------------------------------------------------------------

    @property
    def _desk(self) -> Desk | None:
        return None if self.is_office else this_desk()

    def refresh(self) -> None:
        """All as it is now; the first card at once, for the focus goes there."""
        self._show_duty()
        self.look()
        if not visitcounts.is_ready() or visitcounter.backlog() > MANY:
            self._count()

    def look(self) -> None:
        """Once a minute: texts change, nothing moves."""
        self._soon(
            self._show_duty,
            self._show_cases,
            self._show_visits,
            self._show_bars,
            self._show_services,
            self._show_seals,
            self._show_handover,
            self._show_sync,
            self.fit,
        )

    def _soon(self, *steps: Callable[[], None]) -> None:
        """One step after the other: no key waits for all of them."""
        self._steps += [step for step in steps if step not in self._steps]
        if not self._timer:
            self._timer = self.after(1, self._next)

    def _next(self) -> None:
        self._timer = ""
        if self.window.person is None:  # signed out in between
            self._steps.clear()
            return
        step = self._steps.pop(0)
        if self._steps:
            self._timer = self.after(1, self._next)
        step()

    def _show_duty(self) -> None:
        desk, card = self._desk, self.cards["duty"]
        if desk is None:
            self._states = desk_states()
            card.show(dashboardoffice.duty_lines(self._states, self._ways))
        else:
            card.show(dashboardwords.duty_lines(on_duty(desk), desk, self._ways))

    def _show_cases(self) -> None:
        desk = self._desk
        if desk is None:
            sums = zip(*(state.cases for state in self._states), strict=True)
            cases = OpenCases(*map(sum, sums))
        else:
            cases = open_cases_by_desk(desk).get(desk.uid, OpenCases())
        self.cards["cases"].show(dashboardwords.case_lines(cases, self._ways))

    def _show_seals(self) -> None:
        desk, ways = self._desk, self._ways
        at_desk, at_office = dashboardwords.seal_lines, dashboardoffice.seal_lines
        self.cards["seals"].show(at_desk(desk, ways) if desk else at_office(ways))

    def _show_handover(self) -> None:
        desk, to = self._desk, self._ways.page("handover")
        if desk is None:
            waiting, to = waiting_handovers(), self._ways.ledger("handovers")
        else:
            waiting = list(filter(None, [waiting_handover()]))
        self.cards["handover"].show(dashboardwords.handover_lines(waiting, to, desk))

    def _show_sync(self) -> None:
        # Brings in the crypto libraries, which the status bar needs as well.
        from exports.sync import sync_state

        lines = dashboardwords.sync_lines
        if self.is_office:
            lines = dashboardoffice.sync_lines
        shown = lines(sync_state(), installation().synced_at, self._ways)
        self.cards["sync"].show([*shown, *self._backup_lines()])

    def _backup_lines(self) -> list[Line]:
        """Only when somebody must see to it."""
        from exports.backup import read_state, warning_of

        if on_server() is not None:
            return []
        words = warning_of(read_state(self.window.folder))
        to = self._ways.page("settings")
        return [Line(f"‼ 备份：{words}", to, "Bad.TLabel")] if words else []

    # -- visits -----------------------------------------------------------------

    def _show_visits(self) -> None:
        """What the counts say; while they are made, that they are."""
        if not visitcounts.is_ready():
            self._say_counting(NOT_COUNTED if readonly.is_on() else COUNTING)
            return
        card = self.cards["visits"]
        card.show(dashboardwords.visit_lines(self._desk, self._ways), across=2)
        if self.desk_lines is not None:
            self.desk_lines.show(dashboardoffice.desk_rows(self._states, self._ways))

    def _show_bars(self) -> None:
        if not visitcounts.is_ready():
            return
        bars = dashboardwords.bars(self._desk)
        self.bars.show(bars, "近 14 天没有来访。")
        count = sum(bar.value for bar in bars)
        self._bars_told = f"共 {count:,} 次；空心柱是休息日" if bars else ""
        self._tell_bar("")
        self.bars.configure(takefocus=bool(bars))
        if bars:
            self.bars_action.pack_forget()
        else:
            self.bars_action.pack(side="right")

    def _show_services(self) -> None:
        if not visitcounts.is_ready():
            return
        first, last = self._days()
        parts = dashboardwords.slices(first, last, self._desk)
        self.services.show(parts, f"{SPAN_LABELS[self.span.get()]}还没有来访。")
        self.services.configure(takefocus=bool(parts))

    def _say_counting(self, words: str) -> None:
        self.cards["visits"].show([Line(words, self._ways.page("finding"))])
        self.bars.show([], words)
        self.services.show([], words)

    def _tell_bar(self, words: str) -> None:
        self.bars_words.configure(text=words or self._bars_told)

    def _count(self) -> None:
        """Read on in the journal, in the background."""
        if not self._counting.running and not readonly.is_on():
            self._counting.start(
                lambda report: visitcounter.catch_up(report=report),
                on_progress=self._on_progress,
                on_done=lambda nothing: self.look(),
            )

    def _on_progress(self, done: int, total: int, text: str) -> None:
        if not visitcounts.is_ready():
            self._say_counting(f"{text}… {done:,} / {total:,}")

    # -- spans and services -------------------------------------------------------

    def _days(self) -> tuple[date, date]:
        return span_days(self.span.get(), clock.today())

    def _on_span(self) -> None:
        self._soon(self._show_services)

    def _step_span(self, step: int) -> str:
        names = list(SPAN_LABELS)
        at = names.index(self.span.get()) + step
        if 0 <= at < len(names):
            self.span.set(names[at])
        return "break"

    def _open_service(self, key: str) -> None:
        first, last = self._days()
        versions = {found[-1].item: found[-1] for found in items()}
        # All the others together are no filter: their days alone are.
        filters = {"service": versions[key]} if key in versions else {}
        self._ways.visits(first, last, desk=self._desk, **filters)()

    # -- keys -----------------------------------------------------------------------

    def focus_first(self) -> None:
        """The first line of the first card."""
        self.cards["duty"].shown()[0].focus_set()

    def destroy(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
        self._counting.close()
        super().destroy()
