"""Long lists, a page at a time: each goes on where the one before ended.

Never by counting off rows, so that the last page of ten years comes as fast as the
first; and rows that are written meanwhile are neither skipped nor told twice.
"""

from typing import Any, NamedTuple

from peewee import Field

PAGE = 100

# What the last row of a page is sorted by, its uid last: where the next one goes on.
Place = tuple[Any, str]


class Page(NamedTuple):
    """Some rows; `after` fetches the next ones, None when there are no more."""

    rows: list[Any]
    after: Any


def page_of(
    query: Any,
    by: Field,
    *,
    after: Place | None = None,
    newest_first: bool = False,
    limit: int = PAGE,
) -> Page:
    """The next rows of *query* in the order of *by*, which an index should answer."""
    uid = by.model.uid
    if after is None:
        # Says nothing, but without a bound SQLite may sort the whole table instead.
        query = query.where(by >= "")
    else:
        at, last = after
        # The first half alone is what SQLite finds its way into the index by.
        if newest_first:
            query = query.where((by <= at) & ((by < at) | (uid < last)))
        else:
            query = query.where((by >= at) & ((by > at) | (uid > last)))
    order = (by.desc(), uid.desc()) if newest_first else (by, uid)
    rows = list(query.order_by(*order).limit(limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, (getattr(rows[-1], by.name), rows[-1].uid) if more else None)
