"""Lists of cases: what is open, here, sent away, due.

Open cases are a handful among a million visits.  SQL finds the few that may be open,
from two small indexes; only those are worked out from their steps.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from models.base import db, table_of
from models.casefold import Case, fold
from models.desks import Desk, this_desk
from models.steps import VisitStep
from models.urgency import Reckoning
from models.visits import Visit

# SQLite takes 32,766 values in a statement.
_AT_ONCE = 10_000
_MOST_KEPT = 20_000

# A visit's revision, and how many steps there are with the newest of them: steps are
# only ever added.
Stamp = tuple[int, str]
_STAMPED = """uid, revision,
    (SELECT COUNT(*) || ' ' || MAX(s.uid) FROM visit_step s
     WHERE s.visit_uid = visit.uid)"""

# Closed by a desk that may not write the visit's row, and never reopened.
_CLOSED_ELSEWHERE = """
    EXISTS (SELECT 1 FROM visit_step s WHERE s.visit_uid = visit.uid
            AND s.kind IN ('finished', 'refused'))"""

# Another desk reopened it, which the visit's row cannot tell; its steps can.
_REOPENED = """
    (SELECT DISTINCT visit_uid AS reopened FROM visit_step
     WHERE kind = 'reopened') again
    CROSS JOIN visit ON uid = reopened"""
_PERHAPS_REOPENED = """
    (finished_at IS NULL
     OR EXISTS (SELECT 1 FROM visit_step s WHERE s.visit_uid = visit.uid
                AND s.kind = 'reopened' AND s.station <> visit.station))"""


def case_of(visit: Visit) -> Case:
    """What a visit's case has come to."""
    return cases_of([visit])[0]


def cases_of(visits: Iterable[Visit]) -> list[Case]:
    """The cases of visits, in their order; one query for all steps."""
    visits = list(visits)
    steps = _steps_by_visit([visit.uid for visit in visits])
    return [fold(visit, steps[visit.uid]) for visit in visits]


def _steps_by_visit(uids: Sequence[str]) -> dict[str, list[VisitStep]]:
    table, found = table_of(VisitStep), defaultdict(list)
    for start in range(0, len(uids), _AT_ONCE):
        some = uids[start : start + _AT_ONCE]
        marks = ", ".join([db.param] * len(some))
        rows = db.execute_sql(
            f"{table.select_sql} WHERE visit_uid IN ({marks})", tuple(some)
        )
        for row in rows.fetchall():
            step = table.record_of(row)
            found[step.visit_uid].append(step)
    return found


def steps_of(visit: Visit) -> list[VisitStep]:
    """The steps of a case, each after those it follows."""
    return case_of(visit).steps


def is_closed(visit: Visit) -> bool:
    return case_of(visit).is_closed


def open_cases(desk: Desk | None = None) -> list[Visit]:
    """The visits (of a desk) whose cases are open, whoever has them now."""
    cases = [case for case in _perhaps_open(desk) if not case.is_closed]
    return [case.visit for case in sorted(cases, key=_by_promise)]


def all_open_cases(desk: Desk | None = None) -> list[Case]:
    """Every open case known here, or those that *desk* has, most urgent first."""
    return _most_urgent_first(
        case
        for case in _perhaps_open()
        if not case.is_closed and (desk is None or case.desk_uid == desk.uid)
    )


def cases_here() -> list[Case]:
    """The open cases that this desk has: its own, and those referred to it."""
    return all_open_cases(this_desk())


def cases_sent() -> list[Case]:
    """This desk's cases that another desk has, or has closed and nobody told yet."""
    here = this_desk()
    return _most_urgent_first(
        case
        for case in _perhaps_open(here, closed_elsewhere=True)
        if case.desk_uid != here.uid and not (case.is_closed and case.is_told)
    )


def _perhaps_open(
    desk: Desk | None = None, *, closed_elsewhere: bool = False
) -> list[Case]:
    """The cases that may be open, each once."""
    condition = "NOT is_void"
    values: list[str] = []
    if desk is not None:
        condition, values = f"{condition} AND desk_uid = {db.param}", [desk.uid]
    unfinished = f"{condition} AND finished_at IS NULL"
    if not closed_elsewhere:
        unfinished = f"{unfinished} AND NOT {_CLOSED_ELSEWHERE}"
    # A plain UNION would be sorted by walking through the whole table; the index is
    # named so that no statistics can ever lead to that of all visits of the desk.
    rows = db.execute_sql(
        f"SELECT {_STAMPED} FROM visit INDEXED BY visit_open WHERE {unfinished} "
        f"UNION ALL SELECT {_STAMPED} FROM {_REOPENED} "
        f"WHERE {condition} AND {_PERHAPS_REOPENED}",
        (*values, *values),
    )
    stamps = {uid: (revision, steps) for uid, revision, steps in rows.fetchall()}
    return _worked_out(stamps)


class _Worked(threading.local):
    """The cases worked out by this thread, as long as its connection is the same."""

    connection: Any = None

    def __init__(self) -> None:
        self.cases: dict[str, tuple[Stamp, Case]] = {}

    def known(self, uid: str, stamp: Stamp) -> bool:
        """Has nobody changed the case since, nor tried to?"""
        before, case = self.cases.get(uid, (None, None))
        if case is None or before != stamp:
            return False
        return case.visit.revision == stamp[0] and not case.visit.is_dirty()


_worked = _Worked()


def _worked_out(stamps: dict[str, Stamp]) -> list[Case]:
    """The cases of these visits; only those that are not as they were are read.

    Of 5,000 that takes half a second, to see that they are the same 15 ms.
    """
    if _worked.connection is not db.connection() or len(_worked.cases) > _MOST_KEPT:
        _worked.connection, _worked.cases = db.connection(), {}
    new = [uid for uid, stamp in stamps.items() if not _worked.known(uid, stamp)]
    for case in cases_of(_visits(new)):
        uid = case.visit.uid
        _worked.cases[uid] = stamps[uid], case
    return [_worked.cases[uid][1] for uid in stamps]


def _visits(uids: Sequence[str]) -> list[Visit]:
    table, found = table_of(Visit), []
    for start in range(0, len(uids), _AT_ONCE):
        some = uids[start : start + _AT_ONCE]
        marks = ", ".join([db.param] * len(some))
        sql = f"{table.select_sql} WHERE uid IN ({marks})"
        rows = db.execute_sql(sql, tuple(some)).fetchall()
        found += map(table.record_of, rows)
    return found


def _by_promise(case: Case) -> tuple:
    return case.due_on or date.max, case.visit.arrived_at, case.visit.uid


def _most_urgent_first(cases: Iterable[Case]) -> list[Case]:
    reckoning = Reckoning()
    return sorted(
        cases, key=lambda case: (-reckoning.urgency_of(case), *_by_promise(case))
    )
