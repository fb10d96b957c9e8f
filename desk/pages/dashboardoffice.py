"""What the dashboard says at the office: over all desks, and of each of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desk.keymap import key_of_page
from desk.pages import dashboardwords
from desk.pages.dashboardcards import Line
from desk.pages.dashboardwords import Ways, moment_words, seal_line
from models import clock
from models.custody import custody_overdue, seals_kept_at
from models.desks import desks
from models.deskstates import DeskState
from models.outings import outings_due
from models.visitcounts import By, Count, visit_counts

DESK_TITLES = ("窗口", "今日来访", "在岗", "未办结", "超期", "待接班", "收到记录至")


def duty_lines(states: Sequence[DeskState], ways: Ways) -> list[Line]:
    """How many are where; which desks have nobody."""
    to = ways.ledger("attendances")
    people = sum(len(state.on_duty) for state in states)
    empty = sum(not state.on_duty for state in states)
    lines = [
        Line("人在岗", to, figure=f"{people}"),
        Line("个窗口有人", to, figure=f"{len(states) - empty}"),
    ]
    if empty:
        lines.append(Line(f"{empty} 个窗口现在没有人", to, "Waiting.TLabel"))
    return lines


def seal_lines(ways: Ways) -> list[Line]:
    """Which seals are not where they belong; or that all are."""
    to, lines, count = ways.page("seal_setup"), [], 0
    for desk in desks():
        kept = seals_kept_at(desk)
        count += len(kept)
        amiss = {seal.uid for seal in custody_overdue(desk)}
        amiss |= {outing.seal_uid for outing in outings_due(desk)}
        lines += [seal_line(seal, to) for seal in kept if seal.uid in amiss]
    said = "代管和外带都没有逾期" if not lines else f"{len(lines)} 枚逾期未还"
    if not count:
        return [Line(f"还没有印章。去登记（{key_of_page('seal_setup')}）", to)]
    style = "Bad.TLabel" if lines else "TLabel"
    return [Line("枚印章", to, figure=f"{count}"), Line(said, to, style), *lines]


def desk_rows(states: Sequence[DeskState], ways: Ways) -> list[list[Line]]:
    """A row of `DESK_TITLES` for each desk; each cell leads to what it counts."""
    today = clock.today()
    found = visit_counts(today, today, by=By.DESK)
    rows = []
    for state in states:
        desk, cases, waiting = state.desk, state.cases, state.waiting
        visits = ways.visits(today, today, desk=desk)
        count = found.get(desk.uid, Count()).visits
        late = f"‼ {cases.overdue}" if cases.overdue else "0"
        since = f"！ {moment_words(waiting.outgoing_signed_at)}" if waiting else "—"
        heard = moment_words(state.heard_until) if state.heard_until else "还没有"
        bad = "Bad.TLabel"
        rows.append(
            [
                Line(desk.name, visits),
                Line(f"{count}", visits),
                Line(f"{len(state.on_duty)}", ways.ledger("attendances", desk)),
                Line(f"{cases.open}", ways.cases("open", desk)),
                Line(late, ways.cases("due", desk), bad if cases.overdue else "TLabel"),
                Line(
                    since, ways.ledger("handovers", desk), bad if waiting else "TLabel"
                ),
                Line(heard, ways.page("sync")),
            ]
        )
    return rows


def sync_lines(state: Any, synced_at: datetime | None, ways: Ways) -> list[Line]:
    """The office publishes; nobody confirms it."""
    lines = dashboardwords.sync_lines(state, synced_at, ways)
    figures = [
        Line("待发布", lines[0].go, figure=f"{state.waiting:,}"),
        Line("已发布", lines[0].go, figure=f"{state.published + state.confirmed:,}"),
    ]
    return [*figures, *lines[3:]]
