"""What visits and seal uses are found by: their texts, and the filters they fit.

Rows come as the database has them, as named tuples: making records of them would take
most of the time.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from models.base import db, table_of
from models.casefold import fold
from models.pinyin import initials_of
from models.searchwords import Searched, mark, searched
from models.steps import VisitStep
from models.visits import OPENING_OUTCOMES, VISIT_OUTCOME_LABELS, Visit

VOID = "void"
OPEN = "open"

_initials = lru_cache(maxsize=1 << 14)(initials_of)


def texts_of_visits(rows: Sequence[Any]) -> list[Searched]:
    """For rows of `visit`; their steps are looked up."""
    steps = _steps_of([row.uid for row in rows])
    return [_text_of_visit(row, steps.get(row.uid, [])) for row in rows]


def _steps_of(uids: list[str]) -> dict[str, list[VisitStep]]:
    table, found = table_of(VisitStep), defaultdict(list)
    marks = ", ".join([db.param] * len(uids))
    sql = f"{table.select_sql} WHERE visit_uid IN ({marks})"
    for row in db.execute_sql(sql, uids).fetchall():
        step = table.record_of(row)
        found[step.visit_uid].append(step)
    return found


def _text_of_visit(row: Any, steps: list[VisitStep]) -> Searched:
    name = row.visitor_name
    texts = (
        row.number,
        row.number.rpartition("-")[2].lstrip("0"),  # 001 is also found as 1
        row.student_number,
        name,
        "".join(filter(str.isalnum, name)),  # 买买提·吐尔逊 also without the dot
        _initials(name),
        row.class_name,
        row.service_name,
        row.result,
        row.note,
        row.void_reason,
        *_listed(row.materials),
        *(step.note for step in steps),
    )
    marks = [mark("d", row.desk_uid), mark("s", row.service_uid)]
    return searched(texts, [*marks, *_status_marks(row, steps)])


def _status_marks(row: Any, steps: list[VisitStep]) -> list[str]:
    """A void visit counts as nothing else."""
    if row.is_void:
        return [mark("o", VOID)]
    if _is_open(row, steps):
        return [mark("o", row.outcome), mark("o", OPEN)]
    return [mark("o", row.outcome)]


def _is_open(row: Any, steps: list[VisitStep]) -> bool:
    known = row.outcome in VISIT_OUTCOME_LABELS
    if not steps and known and row.outcome not in OPENING_OUTCOMES:
        return False  # most visits: nothing to fold
    return not fold(table_of(Visit).record_of(row), steps).is_closed


def _listed(stored: str) -> list[str]:
    """The texts in a list of materials or students, however it is written."""
    return [] if stored == "[]" else _texts_in(json.loads(stored))


def _texts_in(items: Any) -> list[str]:
    if isinstance(items, dict):
        items = list(items.values())
    if isinstance(items, list):
        return [text for item in items for text in _texts_in(item)]
    return [items] if isinstance(items, str) else []


def texts_of_seal_uses(rows: Sequence[Any]) -> list[Searched]:
    """For rows of `seal_use`."""
    return [_text_of_seal_use(row) for row in rows]


def _text_of_seal_use(row: Any) -> Searched:
    listed = _listed(row.students)
    texts = (
        f"{row.year}-{row.number:04d}",
        str(row.number),
        row.applicant,
        _initials(row.applicant),
        row.unit,
        row.document_title,
        row.document_number,
        row.purpose,
        row.student_number,
        row.note,
        row.refused_reason,
        row.void_reason,
        *listed,
    )
    students = {number for number in (row.student_number, *listed) if number}
    marks = [mark("s", number) for number in students]
    return searched(texts, [mark("p", row.seal_uid), *marks])
