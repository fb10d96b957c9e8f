"""Lists of cases: what is open, here, sent away, due.

Open cases are a handful among a million visits.  SQL finds the few that may be open,
from two small indexes; only those are worked out from their steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from models.base import db, table_of
from models.casefold import Case, fold
from models.desks import Desk, this_desk
from models.steps import VisitStep
from models.urgency import Reckoning
from models.visits import Visit

# SQLite takes 32,766 values in a statement.
_AT_ONCE = 10_000

# Closed by a desk that may not write the visit's row, and never reopened.
_CLOSED_ELSEWHERE = """
    EXISTS (SELECT 1 FROM visit_step s WHERE s.visit_uid = visit.uid
            AND s.kind IN ('finished', 'refused'))"""

# Another desk reopened it, which the visit's row cannot tell; its steps can.
_REOPENED = """
    (SELECT DISTINCT visit_uid AS reopened FROM visit_step WHERE kind = 'reopened')
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
    table = table_of(Visit)
    condition = "NOT is_void"
    values: list[str] = []
    if desk is not None:
        condition, values = f"{condition} AND desk_uid = {db.param}", [desk.uid]
    unfinished = f"{condition} AND finished_at IS NULL"
    if not closed_elsewhere:
        unfinished = f"{unfinished} AND NOT {_CLOSED_ELSEWHERE}"
    # A plain UNION would be sorted by walking through the whole table; the index is
    # named so that no statistics can ever lead to that of all visits of the desk.
    columns = ", ".join(f'"{column}"' for column in table.columns)
    rows = db.execute_sql(
        f"{table.select_sql} INDEXED BY visit_open WHERE {unfinished} UNION ALL "
        f"SELECT {columns} FROM {_REOPENED} WHERE {condition} AND {_PERHAPS_REOPENED}",
        (*values, *values),
    )
    visits = map(table.record_of, rows.fetchall())
    return cases_of({visit.uid: visit for visit in visits}.values())


def _by_promise(case: Case) -> tuple:
    return case.due_on or date.max, case.visit.arrived_at, case.visit.uid


def _most_urgent_first(cases: Iterable[Case]) -> list[Case]:
    reckoning = Reckoning()
    return sorted(
        cases, key=lambda case: (-reckoning.urgency_of(case), *_by_promise(case))
    )
