"""Which records a ledger or a sheet is to show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from peewee import Field, ModelSelect

from exports.ledgers.masks import mask_number
from models.base import Record, station_uid
from models.clock import between, today
from models.desks import Department, Desk
from models.errors import UserError
from models.installation import installation
from models.people import Person
from models.seals import Seal
from models.stations import Station

# A select whose columns the ledger fills in.
Query: TypeAlias = "ModelSelect[Any]"

_CHOICES = {"desk": "窗口", "seal": "印章", "department": "部门", "worker": "人员"}


@dataclass(frozen=True)
class Selection:
    """Which records a ledger is to show."""

    first: date
    last: date
    desk: Desk | None = None
    seal: Seal | None = None
    department: Department | None = None
    # Whose records: somebody who works at the centre.
    worker: Person | None = None
    # The day of the print: what is late is late as of then.
    on: date = field(default_factory=today)
    # The station whose own records are meant; "" for those of all, as at the office.
    recorder: str = field(default_factory=lambda: recorder_here())
    # Telephones and numbers of students are shown in part.
    masked: bool = False

    def narrow(self, query: Query, *, at: Field, **fields: Field) -> Query:
        """*query* for the period, by its time *at*, and what else was chosen.

        *fields* are those that hold the uid of a desk, a seal and so on.  Of a desk
        it is the work of its station alone: cases that were referred are there as
        well, and are in the ledger of whoever recorded them.
        """
        self.require_only(fields)
        query = query.where(at.between(*between(self.first, self.last)))
        recorded: type[Record] = at.model  # pyright: ignore[reportAttributeAccessIssue]
        if recorded.written_by == "desk" and self.recorder:
            query = query.where(recorded.station == self.recorder)
        for name, place in fields.items():
            chosen = getattr(self, name)
            if chosen is not None:
                query = query.where(place == chosen.uid)
        return query

    @property
    def desk_uid(self) -> str:
        """The desk that was chosen, or that of the recorder; "" for all desks."""
        if self.desk is not None:
            return self.desk.uid
        station = Station.get_or_none(Station.station_uid == self.recorder)
        return station.desk_uid if station is not None else ""

    def require_only(self, known: Iterable[str]) -> None:
        """Raise `UserError` for a choice that a ledger has no field for.

        An export that silently holds more than was asked for is a wrong ledger.
        """
        for name in _CHOICES.keys() - set(known):
            if getattr(self, name) is not None:
                what = _CHOICES[name]
                raise UserError(f"这本台账不能按{what}导出，请去掉{what}后再试。")

    def __str__(self) -> str:
        """The line under the title."""
        return self._narrowed(self.days)

    @property
    def days(self) -> str:
        return f"期间：{day_in_words(self.first)}至{day_in_words(self.last)}"

    @property
    def as_register(self) -> str:
        """The line under the title of what shows how things stand on a day."""
        days = f"截至 {day_in_words(self.on)}"
        if self.last < self.on:
            days += f"（{day_in_words(self.last)}以前的）"
        return self._narrowed(days)

    def _narrowed(self, days: str) -> str:
        parts = [days]
        if self.desk:
            parts.append(f"窗口：{self.desk.name}")
        if self.department:
            parts.append(f"部门：{self.department.name}")
        if self.seal:
            parts.append(f"印章：{self.seal.name}")
        if self.worker:
            number = self.worker.number
            number = mask_number(number) if self.masked else number
            parts.append(f"人员：{self.worker.name}（{number}）")
        return "　　".join(parts)


def recorder_here() -> str:
    return "" if installation().is_office else station_uid()


def day_in_words(day: date) -> str:
    """2026年11月3日: GB/T 9704 writes days and months without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
