"""A ledger becomes a file or several, Word or a workbook by the ending of its name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from exports.files import replacing_all, require_free
from exports.ledgers.annex import attached
from exports.ledgers.groups import Cells, Group, cut
from exports.ledgers.heads import heading_texts
from exports.ledgers.ledger import (
    OPEN_IN_EXCEL,
    OPEN_IN_WORD,
    Book,
    ExportResult,
    Reading,
    headings_of,
    subtitle_of,
    summary_of,
)
from exports.ledgers.proof import CELLS, PROOF, chain_words, proof_of
from exports.ledgers.selection import Selection, day_in_words
from exports.ledgers.sheet import CELLS_MARK, Attached, Sheet
from exports.ledgers.splits import (
    Part,
    Split,
    month_path,
    months_of,
    part_path,
    parts_of,
)
from models.base import db
from models.clock import today
from models.desks import Department, Desk
from models.errors import UserError
from models.installation import installation
from models.masking import must_mask
from models.people import Person
from models.progress import Report, unheard
from models.seals import Seal

_BUSY = {".docx": OPEN_IN_WORD, ".xlsx": OPEN_IN_EXCEL}


@dataclass(frozen=True)
class _File:
    """One file and what goes into it."""

    path: Path
    chosen: Selection
    reading: Reading
    part: Part

    @property
    def groups(self) -> Sequence[Group]:
        part = self.part
        if part.of == 1:
            return self.reading.groups
        return cut(self.reading.groups, part.skipped, part.skipped + part.rows)


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
    """Write the records from *first* to *last* to *path*, .docx or .xlsx.

    *worker* is whose records, *person* who exports, printed as 制表人.  *split* makes
    several files named after *path*, all of them or none.  *report* is called with rows
    done, rows in all and a text after every table; what it raises cancels the export,
    and the files that were there before stay.  Needs an open connection.
    """
    if first > last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    busy = _BUSY.get(path.suffix.lower())
    if busy is None:
        raise UserError(
            "台账可以导出为 Word（.docx）或 Excel（.xlsx），请改文件名的结尾。"
        )
    masked = masked or (person is not None and must_mask(person))
    chosen = Selection(first, last, desk, seal, department, worker, masked=masked)
    periods = _periods(ledger, path, chosen, split)
    if split != Split.ROWS:
        for one in periods:
            require_free(one, busy=busy)
    report = report or unheard
    report(0, 0, "正在读取")
    # One deferred transaction: rows and totals are of the same moment, while others
    # go on recording.
    with db.atomic("DEFERRED"):
        files = _files(ledger, periods, split)
        paths = tuple(file.path for file in files)
        with replacing_all(paths, busy=busy) as targets:
            _write(ledger, files, targets, person, report)
    return ExportResult(paths[0], sum(file.part.rows for file in files), paths)


def _periods(
    ledger: Book, path: Path, chosen: Selection, split: Split
) -> dict[Path, Selection]:
    """The files by period: one each for most, with the name it has then."""
    found = {path: chosen}
    if split == Split.MONTH:
        if ledger.is_register:
            raise UserError(
                f"《{ledger.title}》是截至某一天的登记，不能按月分，请导出为一个文件。"
            )
        found = {month_path(path, one.first): one for one in months_of(chosen)}
    for one in found.values():
        ledger.check(one)
    return found


def _files(ledger: Book, periods: dict[Path, Selection], split: Split) -> list[_File]:
    found = []
    for path, chosen in periods.items():
        reading = ledger.read(chosen)
        parts = [Part(rows=reading.count)]
        if split == Split.ROWS:
            parts = parts_of(reading.count)
        for part in parts:
            name = part_path(path, part.number) if part.of > 1 else path
            found.append(_File(name, chosen, reading, part))
    return found


def _write(
    ledger: Book,
    files: Sequence[_File],
    targets: Iterator[BinaryIO],
    person: Person | None,
    report: Report,
) -> None:
    total = sum(file.part.rows for file in files)
    before = 0
    # Those cut from one reading go on where the one before ended.
    lines: Iterator[Cells] = iter(())
    for file, target in zip(files, targets, strict=True):
        part, reading = file.part, file.reading
        if part.number == 1:
            lines = iter(reading.lines)
        sheet = _sheet(ledger, file, person)
        written = _writer_for(file.path)(
            target,
            sheet,
            islice(lines, part.rows) if part.of > 1 else lines,
            annex=_annex(ledger, sheet, file),
            closing=part.closing(reading.totals.closing),
            expected=part.rows,
            groups=file.groups,
            skipped=part.skipped,
            report=_told(report, before, total, file if len(files) > 1 else None),
        )
        if written != part.rows:
            raise RuntimeError(f"{written} rows written of {part.rows}")
        before += written


def _writer_for(path: Path) -> Callable[..., int]:
    """Loaded now: whoever only looks at a ledger need not wait for their libraries."""
    if path.suffix.lower() == ".docx":
        from exports.ledgers.writer import write_ledger

        return write_ledger
    from exports.ledgers.workbook import write_workbook

    return write_workbook


def _annex(ledger: Book, sheet: Sheet, file: _File) -> Attached | None:
    """Of several files the last has it, where the totals stand."""
    if ledger.annex is None or not file.part.is_last:
        return None
    return attached(ledger.annex, sheet, file.reading.annexed)


def _told(report: Report, before: int, total: int, file: _File | None) -> Report:
    """Of one file's rows, as those of all."""

    def heard(done: int, rows: int, text: str) -> None:
        named = f"{text} {file.path.name}" if file else text
        report(before + done, total, named)

    return heard


def _sheet(ledger: Book, file: _File, person: Person | None) -> Sheet:
    chosen, reading, part = file.chosen, file.reading, file.part
    columns, headings = ledger.columns_of(chosen), headings_of(ledger, chosen)
    heads = ledger.heads_of(chosen)
    proof = proof_of(
        ledger.code,
        heading_texts(headings, heads),
        chosen,
        part,
        whole=reading.count if part.of > 1 else 0,
        heading_rows=2 if heads else 1,
    )
    return Sheet(
        title=ledger.title_of(chosen),
        centre=installation().centre_name,
        subtitle=subtitle_of(ledger, chosen, reading.totals, part),
        headings=headings,
        heads=heads,
        weights=tuple(column.width for column in columns),
        centred=tuple(not column.left for column in columns),
        counting=tuple(column.counts for column in columns),
        maker=person.name if person else "",
        filed_on=day_in_words(today()),
        signatures=ledger.signatures,
        footnotes=ledger.footnotes,
        row_height=ledger.row_height,
        portrait=ledger.portrait,
        chain=chain_words(proof.streams),
        summary="　　".join(
            filter(None, [part.words, summary_of(ledger, chosen, reading)])
        ),
        properties={PROOF: proof.text, CELLS: CELLS_MARK},
    )
