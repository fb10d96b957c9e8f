"""A ledger becomes a file: Word by its ending .docx."""

from datetime import date
from enum import StrEnum
from pathlib import Path

from exports.files import replacing
from exports.ledgers.annex import attached
from exports.ledgers.ledger import (
    OPEN_IN_WORD,
    Book,
    ExportResult,
    Reading,
    headings_of,
    subtitle_of,
)
from exports.ledgers.proof import CELLS, PROOF, chain_words, proof_of
from exports.ledgers.selection import Selection, day_in_words
from exports.ledgers.shell import CELLS_MARK, Sheet
from exports.ledgers.writer import write_ledger
from models.base import db
from models.clock import today
from models.desks import Department, Desk
from models.errors import UserError
from models.installation import installation
from models.masking import must_mask
from models.people import Person
from models.progress import Report
from models.seals import Seal


class Split(StrEnum):
    """Into how many files a ledger goes."""

    NONE = "none"
    # One for each calendar month of the period.
    MONTH = "month"
    ROWS = "rows"


def export_ledger(
    ledger: Book,
    path: Path,
    *,
    first: date,
    last: date,
    desk: Desk | None = None,
    seal: Seal | None = None,
    department: Department | None = None,
    worker: Person | None = None,
    person: Person | None = None,
    masked: bool = False,
    split: Split = Split.NONE,
    report: Report | None = None,
) -> ExportResult:
    """Write the records from *first* to *last* as a Word document to *path*.

    *worker* is whose records, *person* who exports, printed as 制表人.  *report* is
    called with rows done, rows in all and a text after every table; what it raises
    cancels the export, and the file that was there before stays.  Needs an open
    connection.
    """
    if first > last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    masked = masked or (person is not None and must_mask(person))
    chosen = Selection(first, last, desk, seal, department, worker, masked=masked)
    ledger.check(chosen)
    # One deferred transaction: rows and totals are of the same moment, while others
    # go on recording.
    with db.atomic("DEFERRED"), replacing(path, busy=OPEN_IN_WORD) as file:
        reading = ledger.read(chosen)
        sheet = _sheet(ledger, chosen, reading, person)
        written = write_ledger(
            file,
            sheet,
            reading.lines,
            annex=ledger.annex and attached(ledger.annex, sheet, reading.annexed),
            closing=reading.totals.closing,
            expected=reading.count,
            report=report,
        )
        if written != reading.count:
            raise RuntimeError(f"{written} rows written of {reading.count}")
    return ExportResult(path, written, (path,))


def _sheet(
    ledger: Book, chosen: Selection, reading: Reading, person: Person | None
) -> Sheet:
    columns, headings = ledger.columns_of(chosen), headings_of(ledger, chosen)
    proof = proof_of(ledger.code, headings, chosen, reading.count)
    return Sheet(
        title=ledger.title_of(chosen),
        centre=installation().centre_name,
        subtitle=subtitle_of(ledger, chosen, reading.totals),
        headings=headings,
        weights=tuple(column.width for column in columns),
        centred=tuple(not column.left for column in columns),
        maker=person.name if person else "",
        filed_on=day_in_words(today()),
        signatures=ledger.signatures,
        footnotes=ledger.footnotes,
        row_height=ledger.row_height,
        chain=chain_words(proof.streams),
        summary=reading.totals.footer
        or f"{ledger.days_of(chosen)}　　共 {reading.count} 条",
        properties={PROOF: proof.text, CELLS: CELLS_MARK},
    )
