"""Rules as versions by date: each holds from its day until the next version starts.

What was reckoned for a day comes out the same whenever it is reckoned again.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, NamedTuple, Self

from models.base import DayField, Record, db, table_of


class Range(NamedTuple):
    """The values a rule may have."""

    least: int
    most: int
    may_be_none: bool = False


class DatedRules(Record):
    """One version; its rules are the fields that `ranges` names."""

    audience = "all"
    written_by = "office"
    ranges: ClassVar[Mapping[str, Range]] = {}

    starts_on = DayField(index=True, verbose_name="开始执行日期")

    @classmethod
    def on(cls, day: date) -> Self:
        """The version in force on *day*; the usual values before any were set."""
        table = table_of(cls)
        row = db.execute_sql(
            f"{table.select_sql} WHERE starts_on <= {db.param} "
            "ORDER BY starts_on DESC, uid DESC LIMIT 1",
            (day.isoformat(),),
        ).fetchone()
        return cls(starts_on=day) if row is None else table.record_of(row)

    @classmethod
    def versions(cls) -> list[Self]:
        """All versions, newest first."""
        return list(cls.select().order_by(cls.starts_on.desc()))

    @classmethod
    def with_values(cls, starts_on: date, values: Mapping[str, int | None]) -> Self:
        """The version from a day on, to be written; what is not named stays as it was.

        Earlier versions stay; the same day again corrects that day's version.
        """
        rules = cls.get_or_none(cls.starts_on == starts_on)
        if rules is None:
            before = cls.on(starts_on)
            kept = {name: getattr(before, name) for name in cls.ranges}
            rules = cls(starts_on=starts_on, **kept)
        for name, value in values.items():
            setattr(rules, name, value)
        return rules
