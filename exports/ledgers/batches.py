"""All ledgers of a period at once: 本月本部门全部台账."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from exports.ledgers.export import ExportResult, export_ledger
from exports.ledgers.ledger import Book
from exports.ledgers.selection import Selection
from exports.naming import days, file_name, in_file_name
from models.desks import Department, Desk
from models.errors import UserError
from models.people import Person
from models.progress import Report, unheard
from models.seals import Seal


class Batch(NamedTuple):
    """What was written, and which ledgers were left out, each with the reason."""

    folder: Path
    results: list[ExportResult]
    left_out: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(result.rows for result in self.results)


def batch_folder(under: Path, place: str, first: date, last: date) -> Path:
    """`台账_教务处_2026-11` in *under*."""
    parts = ("台账", place, days(first, last))
    return under / in_file_name("_".join(filter(None, parts)))


def batch_files(
    folder: Path,
    books: Sequence[Book],
    place: str,
    first: date,
    last: date,
    suffix: str = ".docx",
) -> list[Path]:
    """The file of each ledger, in their order."""
    return [
        folder / file_name(book.title, place, first, last, suffix) for book in books
    ]


def export_ledgers(
    folder: Path,
    books: Sequence[Book],
    *,
    first: date,
    last: date,
    desk: Desk | None = None,
    seal: Seal | None = None,
    department: Department | None = None,
    worker: Person | None = None,
    person: Person | None = None,
    masked: bool = False,
    suffix: str = ".docx",
    report: Report | None = None,
) -> Batch:
    """Write each of *books* into *folder*, made when it is missing.

    Also those without records: a report of none is a report.  One that cannot be
    narrowed to what was chosen is left out and named, for it would hold more than
    was asked for.  *report* counts the ledgers; what it raises cancels, and the files
    written until then stay, each of them whole.
    """
    chosen = Selection(first, last, desk, seal, department, worker)
    wanted, left_out = _sorted_out(books, chosen)
    place = department.name if department else desk.name if desk else ""
    _make(folder)
    paths = batch_files(folder, wanted, place, first, last, suffix)
    results = [
        export_ledger(
            turn.book,
            path,
            first=first,
            last=last,
            desk=desk,
            seal=seal,
            department=department,
            worker=worker,
            person=person,
            masked=masked,
            report=turn.begun(),
        )
        for path, turn in zip(paths, _turns(wanted, report), strict=True)
    ]
    return Batch(folder, results, left_out)


class _Turn(NamedTuple):
    """The turn of one ledger: its number is told, whatever it tells of its rows."""

    book: Book
    done: int
    ledgers: int
    report: Report

    def begun(self) -> Report:
        self.tell()
        return self.tell

    def tell(self, rows: int = 0, total: int = 0, text: str = "") -> None:
        self.report(self.done, self.ledgers, f"正在写《{self.book.title}》")


def _turns(books: Sequence[Book], report: Report | None) -> list[_Turn]:
    many, heard = len(books), report or unheard
    return [_Turn(book, done, many, heard) for done, book in enumerate(books)]


def _sorted_out(
    books: Sequence[Book], chosen: Selection
) -> tuple[list[Book], dict[str, str]]:
    """Those that can show what was chosen, and why each of the others cannot."""
    if chosen.first > chosen.last:
        raise UserError("开始日期不能晚于结束日期，请重新选择。")
    left_out = {book.title: why for book in books if (why := _refused(book, chosen))}
    wanted = [book for book in books if book.title not in left_out]
    if not wanted:
        raise UserError("所选的范围没有可以导出的台账，请换一个部门或窗口。")
    return wanted, left_out


def _refused(book: Book, chosen: Selection) -> str:
    """Why *book* cannot show just that; "" when it can."""
    try:
        book.check(chosen)
    except UserError as error:
        return str(error)
    return ""


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise UserError(f"文件夹“{folder.parent}”不存在，请换一个位置。") from error
    except OSError as error:
        raise UserError(f"不能在“{folder.parent}”里建文件夹，请换一个位置。") from error
