"""What visits and seal uses are found by: their texts, and the filters they fit.

Rows come as the database has them, as named tuples: making records of them would take
most of the time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from models.base import db, table_of
from models.casefold import fold
from models.pinyin import initials_of
from models.searchwords import Searched, Wanted, mark, searched
from models.steps import VisitStep
from models.students import Student
from models.visits import OPENING_OUTCOMES, VISIT_OUTCOME_LABELS, Visit

VOID = "void"
OPEN = "open"

MOST_ASKED = 10_000  # values of a query: SQLite allows 32,766

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


def fitting_visits(rows: Sequence[Any], wanted: Wanted, alone: set[str]) -> list[Any]:
    """Those of *rows* of `visit` that say what is wanted, whatever the index says."""
    texts = texts_of_visits(rows)
    return [row for row, text in zip(rows, texts, strict=True) if wanted.fits(text)]


def _text_of_visit(row: Any, steps: list[VisitStep]) -> Searched:
    texts = (
        row.number,
        row.number.rpartition("-")[2].lstrip("0"),  # 001 is also found as 1
        row.student_number,
        *_of_name(row.visitor_name),
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


def _of_name(name: str) -> tuple[str, str, str]:
    """买买提·吐尔逊 is also found without the dot."""
    return name, _without_dots(name), _initials(name)


def _without_dots(name: str) -> str:
    return "".join(filter(str.isalnum, name))


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
    """For rows of `seal_use`; the names of their students are looked up."""
    return [
        searched([*_line(row), *students], _marks_of_line(row))
        for row, students in zip(rows, _students_of(rows), strict=True)
    ]


def fitting_seal_uses(
    rows: Sequence[Any], wanted: Wanted, alone: set[str]
) -> list[Any]:
    """Those of *rows* of `seal_use` that say what is wanted, in no order.

    The lists of batches are long: they are read only for what the line does not say
    and the index cannot have said of it, which stands *alone* at its place.
    """
    fitting, others, lacking = [], [], []
    for row in rows:
        is_alone = row.uid in alone
        marks = [] if is_alone else _marks_of_line(row)
        left = wanted.beyond(searched(_line(row), marks))
        if left.phrases or (left.groups and not is_alone):
            others.append(row)
            lacking.append(left.but_phrases() if is_alone else left)
        else:
            fitting.append(row)
    found = zip(others, lacking, _students_of(others), strict=True)
    return fitting + [row for row, left, texts in found if left.said_by(texts)]


def _line(row: Any) -> tuple[str, ...]:
    """What a line says by itself, without its students."""
    return (
        f"{row.year}-{row.number:04d}",
        str(row.number),
        *_of_name(row.applicant),
        row.unit,
        row.document_title,
        row.document_number,
        row.purpose,
        row.note,
        row.refused_reason,
        row.void_reason,
    )


def _marks_of_line(row: Any) -> list[str]:
    return [mark("p", row.seal_uid), *map(student_mark, _numbers_of(row))]


def _numbers_of(row: Any) -> list[str]:
    """The students a line names, alone or on the list of a batch."""
    return list(filter(None, (row.student_number, *_listed(row.students))))


def _students_of(rows: Sequence[Any]) -> list[list[str]]:
    """Number, name and initials of all the students each line names."""
    numbers = [_numbers_of(row) for row in rows]
    texts = _roster_of({number for line in numbers for number in line})
    return [
        [text for number in line for text in (number, *texts.get(number, ()))]
        for line in numbers
    ]


def _roster_of(numbers: Iterable[str]) -> dict[str, list[str]]:
    """What these students are called, whether they are still here or not."""
    rest, found = iter(numbers), defaultdict(list)
    table = table_of(Student).name
    while asked := list(islice(rest, MOST_ASKED)):
        marks = ", ".join([db.param] * len(asked))
        sql = f"SELECT number, name, initials FROM {table} WHERE number IN ({marks})"
        for number, name, initials in db.execute_sql(sql, asked).fetchall():
            found[number] += (name, initials)
            if not name.isalnum():
                found[number].append(_without_dots(name))
    return found


def student_mark(number: str) -> str:
    """The token of every line that names the student with this number."""
    return mark("s", number)
