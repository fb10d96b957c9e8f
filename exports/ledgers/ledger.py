"""What a ledger is: a title, a list of columns, and where its lines come from.

Most come from a query.  Rows are then read as they are stored (times are ISO text,
choices their code, lists JSON), since converting them first would take longer than
writing the document.  A column says how its stored values are shown.  What has to be
reckoned first is a `ComputedLedger`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from peewee import Field, IntegerField

from exports.ledgers.annex import Annex
from exports.ledgers.book import Book, Reading, Totals
from exports.ledgers.groups import Grouping
from exports.ledgers.heads import Head
from exports.ledgers.masks import MASKED_NOTE, Mask, Masking
from exports.ledgers.selection import Query, Selection
from exports.ledgers.sheet import SIGNATURES, Place
from exports.ledgers.splits import WHOLE, Part
from models.base import db

OPEN_IN_WORD = "文件正在被 Word 打开，请关闭后再导出。"
OPEN_IN_EXCEL = "文件正在被 Excel 打开，请关闭后再导出。"

# Rows at a time.
FETCHED = 400


class Column:
    """A column of a ledger: stored values of one or more fields, shown as one text.

    *fields* are peewee fields or expressions; *text* gets one argument for each.
    *width* is in millimetres of the 225 the table has; widths that come to another sum
    are scaled.  The heading is the field's own label unless another one is given.
    Texts of columns that are *left* aligned may run over several lines.  *mask* hides
    parts of the text where that is asked for; without one all numbers of people are.
    """

    def __init__(
        self,
        *fields: Any,
        width: float,
        heading: str = "",
        text: Callable[..., str] | None = None,
        left: bool = False,
        mask: Mask | None = None,
    ) -> None:
        if not heading and isinstance(fields[0], Field):
            heading = str(fields[0].verbose_name or "")
        if not heading:
            raise ValueError("a column of an expression needs a heading")
        self.fields, self.width, self.heading = fields, width, heading
        self.text, self.left, self.mask = text or plain, left, mask

    @property
    def counts(self) -> bool:
        """Whether it holds whole numbers, shown as they are."""
        numbers = all(isinstance(field, IntegerField) for field in self.fields)
        return numbers and self.text is plain


class FixedShape:
    """A ledger that looks the same whatever is chosen, as most do."""

    title: str
    columns: Any
    is_register: bool
    heads: tuple[Head, ...]

    def columns_of(self, chosen: Selection) -> Sequence[Any]:
        return self.columns

    def heads_of(self, chosen: Selection) -> tuple[Head, ...]:
        return self.heads

    def title_of(self, chosen: Selection) -> str:
        return self.title

    def days_of(self, chosen: Selection) -> str:
        """A period, or for a register the day it stands at."""
        return chosen.as_register if self.is_register else str(chosen)


@dataclass(frozen=True)
class Ledger(FixedShape):
    """A book of records as people print and file it, read by a query."""

    code: str
    title: str
    columns: tuple[Column, ...]
    # The records of a selection in their order; which fields is up to the columns.
    query: Callable[[Selection], Query]
    # Gets the same query.
    totals: Callable[[Query], Totals]
    key: tuple[str, ...]
    footnotes: tuple[str, ...] = ()
    row_height: float = 0
    is_register: bool = False
    annex: Annex | None = None
    signatures: tuple[Place, ...] = SIGNATURES
    heads: tuple[Head, ...] = ()
    portrait: bool = False
    # Gets the same query, too.
    groups: Grouping[Query] | None = None
    kept_by_office: bool = False

    def check(self, chosen: Selection) -> None:
        self.query(chosen)

    def read(self, chosen: Selection) -> Reading:
        query, masking = self.query(chosen), masking_of(chosen)
        lists = self.annex.read(query, masking) if self.annex else ()
        lines = _texts(self, query, masking)
        groups = self.groups.of_selection(chosen, query) if self.groups else ()
        return Reading(query.count(), self.totals(query), lines, lists, groups)


class ExportResult(NamedTuple):
    """What was written: *path* is the first of the *paths* when it was split."""

    path: Path
    rows: int
    paths: tuple[Path, ...] = ()


def headings_of(ledger: Book, chosen: Selection) -> tuple[str, ...]:
    return tuple(column.heading for column in ledger.columns_of(chosen))


def subtitle_of(
    ledger: Book, chosen: Selection, totals: Totals, part: Part = WHOLE
) -> str:
    """The line under the title."""
    days = ledger.days_of(chosen)
    note = f"（{MASKED_NOTE}）" if chosen.masked else ""
    return "　　".join(filter(None, [days, totals.subtitle, part.words, note]))


def summary_of(ledger: Book, chosen: Selection, reading: Reading) -> str:
    """The last line of every page: period, numbers and how many there are."""
    totals = reading.totals
    if totals.footer:
        # It names the seals itself, and two names would not go into the line.
        return f"{chosen.days}　　{totals.footer}"
    # A page of a draft is none of the sheet that was approved.
    draft = ledger.title_of(chosen).removeprefix(ledger.title).strip()
    numbers = f"编号：{totals.numbers}" if totals.numbers else ""
    said = [draft, ledger.days_of(chosen), numbers, f"共 {reading.count} 条"]
    return "　　".join(filter(None, said))


def masking_of(chosen: Selection) -> Masking | None:
    return Masking() if chosen.masked else None


def _texts(
    ledger: Ledger, query: Query, masking: Masking | None
) -> Iterator[tuple[str, ...]]:
    """The rows of the ledger as they are printed."""
    for texts, _ in batches_of(ledger, query, masking=masking):
        yield from texts


def batches_of(
    ledger: Ledger, query: Query, *beside: Any, masking: Masking | None = None
) -> Iterator[tuple[Iterable[tuple[str, ...]], Sequence[Any]]]:
    """Some hundred rows at a time as they are printed, and the stored values of the
    fields *beside* of each.

    Column by column, which takes half the time that going through each row's cells
    does.
    """
    fields: list[Any] = list(beside)
    cells = []
    for column in ledger.columns:
        start = len(fields)
        fields.extend(column.fields)
        cells.append((column.text, start, len(fields)))
    cursor = db.execute(query.select(*fields))
    while batch := cursor.fetchmany(FETCHED):
        values = list(zip(*batch, strict=True))
        texts = [map(text, *values[start:end]) for text, start, end in cells]
        if masking is not None:
            masks = map(masking.of, ledger.columns)
            texts = [map(*pair) for pair in zip(masks, texts, strict=True)]
        stored = list(zip(*values[: len(beside)], strict=True)) if beside else ()
        yield zip(*texts, strict=True), stored


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


def in_year_of(moment: str, day: str) -> str:
    """`11-30` of a stored day, with its year when *moment* is of another."""
    return day.removeprefix(moment[:5])


def label_of(labels: dict[Any, str]) -> Callable[[str | None], str]:
    """Shows a stored choice; one of a newer program is shown as it is."""
    known = {str(code): label for code, label in labels.items()}
    return lambda code: known.get(code, code) if code else ""


def joined(*parts: str) -> str:
    """The parts that say something, as one remark."""
    return "；".join(part for part in parts if part)
