"""Reading a payload as the values of a row: each column has its type or is refused.

What the office's pages read must be readable.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, NamedTuple

import msgspec
from peewee import BooleanField, Field, IntegerField

from exports.sync import batch
from models.base import DayField, ListField, MomentField, Record, table_of
from models.jsontext import UNREADABLE

Values = tuple[Any, ...]


def values_in(model: type[Record], payload: Any) -> Values:
    """The values in the order of the columns.  Raises `BadBatch`."""
    return all_values_in(model, [payload])[0]


def all_values_in(model: type[Record], payloads: Iterable[Any]) -> list[Values]:
    """The same of many; what stands in a column more than once is looked at once."""
    shape = _shape_of(model)
    try:
        rows = [*map(msgspec.structs.astuple, map(shape.decode, payloads))]
        for at, check in shape.checks:
            for text in {row[at] for row in rows} - {None}:
                check(text)
    except (*UNREADABLE, ValueError) as error:
        raise batch.BadBatch(f"批次里的记录无法读取：{error}") from error
    return rows


class _Shape(NamedTuple):
    """How rows of one table are read."""

    decode: Callable[[Any], Any]
    checks: list[tuple[int, Callable[[Any], None]]]


@cache
def _shape_of(model: type[Record]) -> _Shape:
    """A column that an older station does not know yet holds the model's default."""
    table, fields = table_of(model), model._meta.sorted_fields
    defaults = dict(zip(table.columns, table.values_of(model()), strict=True))
    own = ("uid", "revision", "station")
    struct = msgspec.defstruct(
        model.__name__,
        [
            (name, _type_of(field))
            if name in own
            else (name, _type_of(field), defaults[name])
            for name, field in zip(table.columns, fields, strict=True)
        ],
        kw_only=True,
    )
    checks = [
        (at, CHECKS[kind])
        for at, field in enumerate(fields)
        for kind in CHECKS
        if isinstance(field, kind)
    ]
    return _Shape(msgspec.json.Decoder(struct).decode, checks)


INTEGER = Annotated[int, msgspec.Meta(ge=-(1 << 62), le=1 << 62)]


def _type_of(field: Field) -> Any:
    kind: Any = str
    if isinstance(field, BooleanField):
        kind = bool
    elif isinstance(field, IntegerField):
        kind = INTEGER
    return kind | None if field.null else kind


def _check_moment(text: str) -> None:
    if datetime.fromisoformat(text).isoformat(" ", "seconds") != text:
        raise ValueError(f"not a moment: {text!r}")


def _check_day(text: str) -> None:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"not a day: {text!r}")


def _check_list(text: str) -> None:
    if text != "[]":
        msgspec.json.decode(text, type=list[Any] | dict[str, Any])


CHECKS: dict[type[Field], Callable[[Any], None]] = {
    MomentField: _check_moment,
    DayField: _check_day,
    ListField: _check_list,
}
