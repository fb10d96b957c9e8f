"""The first and the last number of a ledger, for the line at the foot of its pages."""

from collections.abc import Iterable
from typing import Any

from peewee import fn

from exports.ledgers.selection import Query
from models.base import tuples_of

# Each desk numbers by itself; of more of them the line has no room.
_MOST_DESKS = 3


def numbers_in(query: Query) -> str:
    """`JW20261102-001 至 JW20261130-014`, of the records of a query.

    Their model has a `number` and a `desk_uid`.
    """
    model: Any = query.model
    spans = (
        query.select(fn.MIN(model.number), fn.MAX(model.number))
        .order_by()
        .group_by(model.desk_uid)
    )
    return _text(tuples_of(spans))


def numbers_of(records: Iterable[Any]) -> str:
    """The same of records that were read."""
    spans: dict[str, tuple[str, str]] = {}
    for record in records:
        number = record.number
        first, last = spans.get(record.desk_uid, (number, number))
        spans[record.desk_uid] = min(first, number), max(last, number)
    return _text(spans.values())


def _text(spans: Iterable[tuple[str, str]]) -> str:
    found = sorted(span for span in spans if span[0])
    if len(found) > _MOST_DESKS:
        return f"{len(found)} 个窗口各自编号"
    return "、".join(f"{a} 至 {b}" if a != b else a for a, b in found)
