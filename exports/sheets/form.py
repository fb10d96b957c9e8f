"""A form of one record or month, in the style of the ledgers and by their writer."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from exports.files import replacing
from exports.ledgers.ledger import OPEN_IN_WORD, ExportResult, Heading
from exports.ledgers.selection import day_in_words
from exports.ledgers.shell import SIGNATURES, Place, Sheet
from exports.ledgers.writer import Cells, write_ledger
from models.clock import today
from models.installation import installation
from models.people import Person

GAP = "　　"


def form(
    title: str,
    columns: Sequence[Heading],
    *,
    subtitle: Iterable[str],
    person: Person | None,
    signatures: tuple[Place, ...] = SIGNATURES,
    footnotes: Iterable[str] = (),
    boxes: tuple[str, ...] = (),
    merges: bool = False,
    row_height: float = 0,
) -> Sheet:
    """What is printed around the lines; *person* is who made it."""
    return Sheet(
        title=title,
        centre=installation().centre_name,
        subtitle=GAP.join(subtitle),
        headings=tuple(column.heading for column in columns),
        weights=tuple(column.width for column in columns),
        centred=tuple(not column.left for column in columns),
        maker=person.name if person else "",
        filed_on=day_in_words(today()),
        signatures=signatures,
        footnotes=tuple(note for note in footnotes if note),
        boxes=boxes,
        merges=merges,
        row_height=row_height,
    )


def write_form(
    path: Path, sheet: Sheet, rows: Iterable[Cells], *, closing: str
) -> ExportResult:
    with replacing(path, busy=OPEN_IN_WORD) as file:
        return ExportResult(path, write_ledger(file, sheet, rows, closing=closing))


def merged(group: Iterable[Sequence[str]], columns: int) -> Iterator[Cells]:
    """The first *columns* cells of a row go on with those above while they agree."""
    above: Sequence[str] = ()
    for row in group:
        same = 0
        while same < columns and row[same : same + 1] == above[same : same + 1]:
            same += 1
        yield [*[None] * same, *row[same:]]
        above = row
