"""A form of one record or month, in the style of the ledgers and by their writer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from exports.files import replacing
from exports.ledgers.book import Heading
from exports.ledgers.groups import Cells
from exports.ledgers.ledger import OPEN_IN_WORD, ExportResult
from exports.ledgers.selection import day_in_words
from exports.ledgers.sheet import SIGNATURES, Place, Sheet
from models.clock import today
from models.errors import UserError
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


class Form(NamedTuple):
    """A sheet with its lines, ready to be written."""

    sheet: Sheet
    rows: Sequence[Cells]
    closing: str = ""


def write_form(
    path: Path, sheet: Sheet, rows: Iterable[Cells], *, closing: str
) -> ExportResult:
    return write_forms({path: Form(sheet, list(rows), closing)})


def write_forms(forms: Mapping[Path, Form]) -> ExportResult:
    """Write all of them, or none."""
    from exports.ledgers.writer import write_ledger  # takes a while to load

    written = 0
    with ExitStack() as files:
        for path, form in forms.items():
            if path.suffix.lower() != ".docx":
                raise UserError(
                    "这张表要签字盖章，只导出 Word，文件名请以 .docx 结尾。"
                )
            file = files.enter_context(replacing(path, busy=OPEN_IN_WORD))
            written += write_ledger(file, form.sheet, form.rows, closing=form.closing)
    paths = tuple(forms)
    return ExportResult(paths[0], written, paths)


def unmerged(rows: Iterable[Cells]) -> list[tuple[str, ...]]:
    """Rows with every cell said again that goes on with the one above."""
    said: list[tuple[str, ...]] = []
    for row in rows:
        above = said[-1] if said else ("",) * len(row)
        said.append(
            tuple(
                over if text is None else text
                for text, over in zip(row, above, strict=True)
            )
        )
    return said


def merged(group: Iterable[Sequence[str]], columns: int) -> Iterator[Cells]:
    """The first *columns* cells of a row go on with those above while they agree."""
    above: Sequence[str] = ()
    for row in group:
        same = 0
        while same < columns and row[same : same + 1] == above[same : same + 1]:
            same += 1
        yield [*[None] * same, *row[same:]]
        above = row
