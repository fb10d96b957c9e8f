"""Cases in a ledger that is read by a query: a visit's steps come along as JSON.

Only the few visits that opened a case bring any.  What a case has come to is worked
out from its steps by `models.casefold` and not in SQL: what follows what is told by
the steps each of them had seen.
"""

import json
from functools import lru_cache
from typing import Any

from peewee import Case as When
from peewee import fn

from models.base import table_of
from models.casefold import Case, fold
from models.steps import VisitStep
from models.visits import OPENING_OUTCOMES, Visit

# The rows of a table are shown column by column; each case is worked out once.
_KEPT = 1024

_OF_VISIT = (
    *("outcome", "arrived_at", "desk_uid", "desk_name", "due_on", "finished_at"),
    *("materials_complete", "is_void", "result", "station"),
)


def _steps() -> Any:
    step = VisitStep.alias()
    columns = [getattr(step, name) for name in table_of(VisitStep).columns]
    steps = step.select(fn.json_group_array(fn.json_array(*columns))).where(
        step.visit_uid == Visit.uid
    )
    return When(None, [(Visit.outcome.in_(OPENING_OUTCOMES), steps)], None)


# What a column asks for to show something of the visit's case.
CASE_FIELDS = (_steps(), *(getattr(Visit, name) for name in _OF_VISIT))


@lru_cache(_KEPT)
def case_in(steps: str | None, *values: Any) -> Case | None:
    """The case in the stored values of `CASE_FIELDS`; None when there is none."""
    if steps is None:
        return None
    stored = dict(zip(_OF_VISIT, values, strict=True))
    visit = table_of(Visit)
    row = [stored.get(column) for column in visit.columns]
    records = map(table_of(VisitStep).record_of, json.loads(steps))
    return fold(visit.record_of(row), list(records))
