"""What a file holds, before it is decided which column is what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from exports.roster.cells import plain_text
from exports.roster.choosing import column_titles
from exports.roster.headings import NEEDED, Heading, likely_heading
from exports.roster.reading import with_joined_cells
from exports.roster.tables import Table, read_tables
from models.errors import UserError
from models.progress import Report, unheard

SAMPLES = 5


@dataclass(frozen=True)
class Sheet:
    """One sheet that may be a roster.  Columns count from 0, rows from 1."""

    name: str  # "" for a text file
    titles: list[str]  # over each column, "" where nothing stands
    columns: dict[str, int]  # field -> the column it was found in
    heading_row: int
    samples: list[tuple[int, list[str]]]  # the first rows below: number and cells
    rows: int  # rows below the headings that are not blank

    @property
    def is_roster(self) -> bool:
        """Whether all that must be known was found by its heading."""
        return all(field in self.columns for field in NEEDED)


def sheets_of(path: str | Path, *, report: Report = unheard) -> list[Sheet]:
    """The sheets that look like rosters, else all that have a table.

    `UserError` when there is none, or the file cannot be read.  *report* raises to
    cancel.
    """
    report(0, 1, "正在读取文件")
    sheets: list[Sheet] = []
    complaint = UserError("文件里没有可见的工作表，请核对后重选。")
    for place, table in enumerate(read_tables(path)):
        report(place, place + 1, "正在读取文件")
        try:
            heading = likely_heading(table.rows)
        except UserError as error:
            complaint = error if table.rows else complaint
            continue
        sheet = _sheet_of(table, heading)
        if sheet.rows:
            sheets.append(sheet)
        else:
            complaint = UserError("表头下面没有学生，请核对文件后重选。")
    if not sheets:
        raise complaint
    return [sheet for sheet in sheets if sheet.is_roster] or sheets


def _sheet_of(table: Table, heading: Heading) -> Sheet:
    titles = column_titles(table.rows, heading)
    rows = with_joined_cells(table, heading)
    return Sheet(
        name=table.name,
        titles=titles,
        columns=heading.columns,
        heading_row=heading.row + 1,
        samples=[
            (number, _texts(row, len(titles)))
            for number, row in islice(_filled(rows, heading), SAMPLES)
        ],
        rows=sum(1 for _ in _filled(rows, heading)),
    )


def _filled(
    rows: Sequence[Sequence[object]], heading: Heading
) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows below the headings that hold something, with their numbers."""
    for index in range(heading.last_row + 1, len(rows)):
        if any(cell not in (None, "") for cell in rows[index]):
            yield index + 1, rows[index]


def _texts(row: Sequence[object], width: int) -> list[str]:
    texts = [plain_text(cell) for cell in row[:width]]
    return texts + [""] * (width - len(texts))
