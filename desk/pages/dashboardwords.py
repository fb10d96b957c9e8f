"""What the cards of the dashboard say, and where each line leads."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from desk.keymap import key_of_page
from desk.pages.dashboardcards import Line
from desk.sealwatch import late_words
from desk.syncstate import SIGNS, sync_words
from desk.widgets.charts import Bar
from desk.widgets.donut import Slice
from models import clock
from models.attendance import Attendance, minutes_between
from models.calendar import DAY_KIND_LABELS, WEEKDAYS, DayKind, days_between
from models.custody import custody_of, seals_kept_at
from models.desks import Desk
from models.deskstates import OpenCases, next_shift, objections_since
from models.handovers import Handover
from models.outings import open_outing
from models.seals import SEAL_STATE_LABELS, Seal, SealState
from models.services import items
from models.shifts import Shift
from models.visitcounts import By, Count, total, visit_counts
from models.visits import VISIT_OUTCOME_LABELS

DAYS_SHOWN = 14
SLICES = 6
OTHERS = ""  # the key of all services that have no slice of their own
OBJECTIONS_DAYS = 14
MOST_TOLD = 2  # of what is amiss with sync; the page about it has all

Go = Callable[[], None]


class Ways:
    """The pages that the dashboard leads to."""

    def __init__(self, window: Any) -> None:
        self._window = window

    def page(self, name: str) -> Go:
        """To a page as it stands."""
        return lambda: self._window.show(name)

    def cases(self, view: str, desk: Desk | None = None) -> Go:
        """To the cases of one view; at the office of one desk or of all."""

        def go() -> None:
            self._window.show("cases")
            self._window.page.show_view(view, desk.uid if desk else "")

        return go

    def visits(self, first: date, last: date, **filters: Any) -> Go:
        """To the visits of some days."""
        chosen = {"first": first, "last": last, **filters}
        return lambda: self._window.open_finding(kind="visits", **chosen)

    def ledger(self, code: str, desk: Desk | None = None) -> Go:
        """To a ledger of one desk or of all: there the office reads what has no page
        of its own."""

        def go() -> None:
            self._window.show("ledgers")
            self._window.page.choose_ledger(code, desk_uid=desk.uid if desk else "")

        return go


def moment_words(moment: datetime) -> str:
    """`10:17`, with the day where that is not today."""
    same = moment.date() == clock.today()
    return f"{moment:%H:%M}" if same else f"{moment:%m-%d %H:%M}"


# -- at a desk ---------------------------------------------------------------------


def duty_lines(rows: Sequence[Attendance], desk: Desk, ways: Ways) -> list[Line]:
    """Who is there, at which post and since when; and who comes next."""
    to = ways.page("attendance")
    lines = [
        Line(f"{r.person_name}　{r.post_label}　{moment_words(r.checked_in_at)} 起", to)
        for r in rows
    ]
    if not lines:
        key = key_of_page("attendance")
        lines = [Line(f"现在没有人在岗。去签到（{key}）", to, "Waiting.TLabel")]
    return [*lines, Line(_next_words(next_shift(desk)), ways.page("plans"))]


def _next_words(shift: Shift | None) -> str:
    if shift is None:
        return f"一周内没有排班。去排班（{key_of_page('plans')}）"
    day = ""
    if shift.begins.date() != clock.today():
        day = f"{shift.begins:%m-%d} 周{WEEKDAYS[shift.begins.weekday()]} "
    names = "、".join(who.name for who in shift.people) or "还没有定人"
    return f"下一班 {day}{shift.hours}　{names}"


def case_lines(cases: OpenCases, ways: Ways, desk: Desk | None = None) -> list[Line]:
    """How many are open, due today, and late."""
    return [
        Line("未办结", ways.cases("open", desk), figure=f"{cases.open}"),
        _alert("！今日到期", ways.cases("due", desk), cases.due_today, "Waiting"),
        _alert("‼ 超期", ways.cases("due", desk), cases.overdue, "Bad"),
    ]


def _alert(text: str, go: Go, count: int, style: str) -> Line:
    """A figure; a sign says without its colour that something is amiss."""
    if not count:
        return Line(text.lstrip("！‼ "), go, figure="0")
    return Line(text, go, f"{style}.TLabel", f"{count}")


def seal_lines(desk: Desk, ways: Ways) -> list[Line]:
    """Each seal with its holder and what is amiss with it."""
    to = ways.page("seals")
    lines = [seal_line(seal, to) for seal in seals_kept_at(desk)]
    nothing = "本窗口没有印章，由中心办公室登记。去同步"
    none = Line(f"{nothing}（{key_of_page('sync')}）", ways.page("sync"))
    return lines or [none]


def seal_line(seal: Seal, to: Go) -> Line:
    custody, outing = custody_of(seal), open_outing(seal)
    words, style = f"{custody.holder.name} 保管", "TLabel"
    if outing is not None:
        late = outing.due_back_at < clock.now()
        words = f"{outing.carrier_name} 带到{outing.place}"
        words += f"，应于 {moment_words(outing.due_back_at)} 归还"
        style = "Bad.TLabel" if late else "Waiting.TLabel"
        words += "，‼ 超时" if late else ""
    elif custody.until is not None:
        style = "Bad.TLabel" if custody.is_over else "Waiting.TLabel"
        words = f"{custody.holder.name} 代管至 {custody.until:%m-%d}"
        words += "，‼ 已到期" if custody.is_over else ""
    if seal.state != SealState.ACTIVE:
        words += f"，已{SEAL_STATE_LABELS.get(seal.state, seal.state)}"
    return Line(f"{seal.name}\n{words}", to, style)


def handover_lines(
    waiting: Sequence[Handover], to: Go, desk: Desk | None = None
) -> list[Line]:
    """What nobody has taken over yet, and what was taken over with an objection."""
    lines = [
        Line(f"！ {_waiting_words(handover, with_desk=desk is None)}", to, "Bad.TLabel")
        for handover in waiting
    ]
    lines = lines or [Line("没有等待接班的交班。", to)]
    since = clock.today() - timedelta(days=OBJECTIONS_DAYS)
    objections = objections_since(since, desk)
    if objections:
        lines.append(Line(f"近两周有异议 {objections} 次", to, "Waiting.TLabel"))
    return lines


def _waiting_words(handover: Handover, *, with_desk: bool) -> str:
    since = handover.outgoing_signed_at
    waited = late_words(minutes_between(since, clock.now()))
    where = f"{handover.desk_name}：" if with_desk else ""
    who = f"{where}{handover.outgoing_name}"
    return f"{who} {moment_words(since)} 交班，等待接班 {waited}"


def sync_lines(state: Any, synced_at: datetime | None, ways: Ways) -> list[Line]:
    """Where the records are, when they were last exchanged, what is missing."""
    to = ways.page("sync")
    words, kind = sync_words(state)
    styles = {
        "good": "Good.TLabel",
        "neutral": "TLabel",
        "waiting": "Waiting.TLabel",
        "bad": "Bad.TLabel",
    }
    when = f"上次 {moment_words(synced_at)}" if synced_at else "还没有同步过"
    lines = [
        Line("未上传", to, figure=f"{state.waiting:,}"),
        Line("待确认", to, figure=f"{state.published:,}"),
        Line("已确认", to, figure=f"{state.confirmed:,}"),
        Line(f"{SIGNS[kind]} {words}　{when}", to, styles[kind]),
    ]
    if state.missing:
        text = f"‼ 缺 {len(state.missing)} 段数据，等待补齐"
        lines.append(Line(text, to, "Bad.TLabel"))
    told = [*state.alarms, *state.silent]
    more = len(told) - MOST_TOLD
    lines += [Line(f"‼ {text}", to, "Bad.TLabel") for text in told[:MOST_TOLD]]
    if more > 0:
        lines.append(Line(f"……另有 {more} 项，去数据同步", to, "Bad.TLabel"))
    return lines


# -- visits ------------------------------------------------------------------------


def visit_lines(desk: Desk | None, ways: Ways) -> list[Line]:
    """Today's visits, what students thought of them, and how they ended."""
    today = clock.today()
    found = visit_counts(today, today, by=By.OUTCOME, desk=desk)
    whole = total(found)
    to = ways.visits(today, today, desk=desk)
    mean = f"{whole.average:.1f}" if whole.average else "—"
    lines = [
        Line("来访", to, figure=f"{whole.visits}"),
        Line("件数", to, figure=f"{whole.quantity}"),
        Line(f"评分（{whole.rated} 人）", to, figure=mean),
    ]
    for outcome, label in VISIT_OUTCOME_LABELS.items():
        if outcome in found:
            go = ways.visits(today, today, desk=desk, status=outcome)
            lines.append(Line(f"{label} {found[outcome].visits}", go))
    if not whole.visits:
        lines.append(_nothing_today(desk, ways))
    return lines


def _nothing_today(desk: Desk | None, ways: Ways) -> Line:
    if desk is None:
        go, key = ways.page("sync"), key_of_page("sync")
        return Line(f"今天还没有收到来访。去同步（{key}）", go)
    go, key = ways.page("visits"), key_of_page("visits")
    return Line(f"今天还没有来访。去登记（{key}）", go)


def bars(desk: Desk | None) -> list[Bar]:
    """The visits of the last days; none where there were none at all."""
    today = clock.today()
    first = today - timedelta(days=DAYS_SHOWN - 1)
    found = visit_counts(first, today, by=By.DAY, desk=desk)
    if not found:
        return []
    made = []
    for day in days_between(first, today):
        value = found.get(day.day.isoformat(), Count()).visits
        made.append(_bar(day, value, today=today, is_first=day.day == first))
    return made


def _bar(day: Any, value: int, *, today: date, is_first: bool) -> Bar:
    on, weekday = day.day, WEEKDAYS[day.day.weekday()]
    mark = "" if day.is_working else "休"
    if day.kind == DayKind.MOVED_WORKDAY:
        mark = "班"
    label = day.label or DAY_KIND_LABELS[DayKind.WORKDAY]
    return Bar(
        key=on,
        day=f"{on:%m-%d}" if is_first or on.day == 1 else f"{on:%d}",
        weekday="今天" if on == today else f"{weekday}{mark}",
        value=value,
        words=f"{on:%m-%d} 周{weekday}（{label}）{value} 次来访，Enter 查看",
        is_off=not day.is_working,
        is_today=on == today,
    )


def slices(first: date, last: date, desk: Desk | None) -> list[Slice]:
    """The services most asked for, the most first, and all others together."""
    found = visit_counts(first, last, by=By.SERVICE, desk=desk)
    names = {versions[-1].item: versions[-1].name for versions in items()}
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].visits, pair[0]))
    made = [
        Slice(item, names.get(item, "目录外的事项"), count.visits)
        for item, count in ranked[:SLICES]
    ]
    others = sum(count.visits for _, count in ranked[SLICES:])
    if others:
        kinds = len(ranked) - SLICES
        made.append(Slice(OTHERS, f"其他 {kinds} 项", others))
    return made
