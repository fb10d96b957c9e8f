"""What a ledger is: a title, a list of columns and a query.

Rows are read as they are stored (times are ISO text, choices their code, lists JSON),
since converting them first would take longer than writing the document.  A column says
how its stored values are shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from peewee import Field, ModelSelect

from exports.files import replacing
from exports.ledgers.shell import Sheet
from exports.ledgers.writer import ROWS_PER_TABLE, Report, write_ledger
from models.base import db
from models.clock import between, today
from models.desks import Department, Desk
from models.errors import UserError
from models.installation import installation
from models.people import Person
from models.seals import Seal

# A select whose columns the ledger fills in.
Query: TypeAlias = "ModelSelect[Any]"

OPEN_IN_WORD = "文件正在被 Word 打开，请关闭后再导出。"


class Column:
    """A column of a ledger: stored values of one or more fields, shown as one text.

    *fields* are peewee fields or expressions; *text* gets one argument for each.
    *width* is in millimetres of the 225 the table has; widths that come to another sum
    are scaled.  The heading is the field's own label unless another one is given.
    Texts of columns that are *left* aligned may run over several lines.
    """

    def __init__(
        self,
        *fields: Any,
        width: float,
        heading: str = "",
        text: Callable[..., str] | None = None,
        left: bool = False,
    ) -> None:
        if not heading and isinstance(fields[0], Field):
            heading = str(fields[0].verbose_name or "")
        if not heading:
            raise ValueError("a column of an expression needs a heading")
        self.fields, self.width, self.heading = fields, width, heading
        self.text, self.left = text or plain, left


@dataclass(frozen=True)
class Selection:
    """Which records a ledger is to show."""

    first: date
    last: date
    desk: Desk | None = None
    seal: Seal | None = None
    department: Department | None = None

    def narrow(
        self,
        query: Query,
        *,
        at: Field,
        desk: Field | None = None,
        seal: Field | None = None,
        department: Field | None = None,
    ) -> Query:
        """*query* for the period, by its time *at*, and what else was chosen.

        Raises `UserError` for a choice the ledger has no field for: an export that
        silently holds more than was asked for is a wrong ledger.
        """
        query = query.where(at.between(*between(self.first, self.last)))
        for chosen, field, what in (
            (self.desk, desk, "窗口"),
            (self.seal, seal, "印章"),
            (self.department, department, "部门"),
        ):
            if chosen is None:
                continue
            if field is None:
                raise UserError(f"这本台账不能按{what}导出，请去掉{what}后再试。")
            query = query.where(field == chosen.uid)
        return query

    def __str__(self) -> str:
        """The line under the title."""
        parts = [f"期间：{day_in_words(self.first)}至{day_in_words(self.last)}"]
        if self.desk:
            parts.append(f"窗口：{self.desk.name}")
        if self.department:
            parts.append(f"部门：{self.department.name}")
        if self.seal:
            parts.append(f"印章：{self.seal.name}")
        return "　　".join(parts)


class Totals(NamedTuple):
    """What a ledger adds up to."""

    # The merged last row.
    closing: str
    # An addition to the line under the title, such as the range of numbers.
    subtitle: str = ""


@dataclass(frozen=True)
class Ledger:
    """A book of records as people print and file it."""

    code: str
    title: str
    columns: tuple[Column, ...]
    # The records of a selection in their order; which fields is up to the columns.
    query: Callable[[Selection], Query]
    # Gets the same query.
    totals: Callable[[Query], Totals]


class ExportResult(NamedTuple):
    path: Path
    rows: int


def export_ledger(
    ledger: Ledger,
    path: Path,
    *,
    first: date,
    last: date,
    desk: Desk | None = None,
    seal: Seal | None = None,
    department: Department | None = None,
    person: Person | None = None,
    report: Report | None = None,
) -> ExportResult:
    """Write the records from *first* to *last* as a Word document to *path*.

    *person* is who exports, printed as 制表人.  *report* is called with rows done,
    rows in all and a text after every table; what it raises cancels the export, and
    the file that was there before stays.  Needs an open connection.
    """
    if first > last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    chosen = Selection(first, last, desk, seal, department)
    query = ledger.query(chosen)
    # One deferred transaction: rows and totals are of the same moment, while others
    # go on recording.
    with db.atomic("DEFERRED"), replacing(path, busy=OPEN_IN_WORD) as file:
        expected = query.count()
        totals = ledger.totals(query)
        sheet = _sheet(ledger, chosen, totals, person)
        written = write_ledger(
            file,
            sheet,
            _texts(ledger, query),
            closing=totals.closing,
            expected=expected,
            report=report,
        )
        if written != expected:
            raise RuntimeError(f"{written} rows written of {expected}")
    return ExportResult(path, written)


def _sheet(
    ledger: Ledger, chosen: Selection, totals: Totals, person: Person | None
) -> Sheet:
    columns = ledger.columns
    subtitle = str(chosen)
    if totals.subtitle:
        subtitle = f"{subtitle}　　{totals.subtitle}"
    return Sheet(
        title=ledger.title,
        centre=installation().centre_name,
        subtitle=subtitle,
        headings=tuple(column.heading for column in columns),
        weights=tuple(column.width for column in columns),
        centred=tuple(not column.left for column in columns),
        maker=person.name if person else "",
        filed_on=day_in_words(today()),
    )


def _texts(ledger: Ledger, query: Query) -> Iterator[tuple[str, ...]]:
    """The rows of the ledger as they are printed.

    Some hundred rows at a time and column by column, which takes half the time that
    going through each row's cells does.
    """
    fields: list[Any] = []
    cells = []
    for column in ledger.columns:
        start = len(fields)
        fields.extend(column.fields)
        cells.append((column.text, start, len(fields)))
    cursor = db.execute(query.select(*fields))
    while batch := cursor.fetchmany(ROWS_PER_TABLE):
        values = list(zip(*batch, strict=True))
        texts = [map(text, *values[start:end]) for text, start, end in cells]
        yield from zip(*texts, strict=True)


def day_in_words(day: date) -> str:
    """2026年11月3日: GB/T 9704 writes days and months without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


# How stored values are shown.


def plain(value: Any) -> str:
    return "" if value is None else str(value)


def day_of(moment: str | None) -> str:
    """`2026-11-23` of a stored time."""
    return moment[:10] if moment else ""


def time_of(moment: str | None) -> str:
    """`09:05` of a stored time."""
    return moment[11:16] if moment else ""


def moment_of(moment: str | None) -> str:
    """`2026-11-23 09:05` of a stored time."""
    return moment[:16] if moment else ""


def label_of(labels: dict[Any, str]) -> Callable[[str | None], str]:
    """Shows a stored choice; one of a newer program is shown as it is."""
    known = {str(code): label for code, label in labels.items()}
    return lambda code: known.get(code, code) if code else ""


def joined(*parts: str) -> str:
    """The parts that say something, as one remark."""
    return "；".join(part for part in parts if part)


def hours_of(minutes: int | None) -> str:
    """`3:30`: decimals of an hour would not add up to the total."""
    hours, rest = divmod(minutes or 0, 60)
    return f"{hours}:{rest:02d}"
