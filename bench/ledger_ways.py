"""The ways to write a ledger that `ledgers.py` measures, and the rows they read.

The rows are seal uses in an encrypted station database, journalled like any others.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docx import Document
from xlsxwriter import Workbook

from exports.ledgers import Column, Ledger, Selection, export_ledger, ledger_by_code
from exports.ledgers.ledger import moment_of
from models import Person, SealUse, close_database, create_database, db, open_database

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
REAL = ledger_by_code("seal_uses")
TEN = Ledger(
    code="ten",
    title="十列台账",
    columns=(
        Column(SealUse.number, width=12),
        Column(SealUse.used_at, text=moment_of, width=25),
        Column(SealUse.seal_name, width=35, left=True),
        Column(SealUse.unit, width=25, left=True),
        Column(SealUse.applicant, width=15),
        Column(SealUse.document_title, width=38, left=True),
        Column(SealUse.purpose, width=30, left=True),
        Column(SealUse.copies, width=10),
        Column(SealUse.impressions, width=10),
        Column(SealUse.sealer_name, width=15),
    ),
    query=REAL.query,
    totals=REAL.totals,
    key=REAL.key,
)


def at_place(folder: Path, rows: int, batches: bool = False) -> None:
    place = folder / f"station-{rows}-{batches:d}"
    if not place.exists():
        fill(place, rows, batches)
    open_database(place)


def fill(folder: Path, rows: int, batches: bool) -> None:
    keys = "sign_seed age_identity office_uid office_key office_recipient"
    create_database(
        folder,
        identity={
            "station_uid": "s",
            "kind": "desk",
            "name": "窗口",
            "realm": "r",
            "centre_name": "沙洲职业工学院“一站式”学生社区服务中心",
            "epoch": "1",
            **dict.fromkeys([*keys.split(), "recovery_recipient"], "00" * 32),
        },
        stream={"sender": "s", "addressee": "office", "epoch": "1"},
        key_in_file=True,
    )
    person = Person(uid="p", name="李雨桐")
    for start in range(1, rows + 1, 10_000):
        some = range(start, min(start + 10_000, rows + 1))
        with db.atomic():
            SealUse.write_new((_use(n, batches) for n in some), by=person)
    close_database()


def _use(n: int, batches: bool) -> SealUse:
    titles = (
        "在读证明",
        "实习鉴定表（2026 届）",
        "就业协议书",
        "国家励志奖学金申请表 & 附件",
    )
    return SealUse(
        seal_uid="seal",
        seal_name="教务处—学生社区事务专用章",
        department_uid="d",
        desk_uid="k",
        desk_name="教务事务窗口",
        year=2026,
        number=n,
        used_at=datetime(2026, 1, 1, 8) + timedelta(minutes=n),
        unit=f"数控技术24{n % 40:02d}班",
        applicant="赵钱孙李周吴郑王"[n % 8] + "明月清风"[n % 4] + "轩涵"[n % 2],
        document_title=titles[n % 4],
        purpose=("办理银行卡", "毕业实习", "签约", "申请奖学金")[n % 4],
        copies=1 + n % 4,
        impressions=1 + n % 7,
        approver="王主任",
        handler_name="李雨桐",
        sealer_uid="t",
        sealer_name="陈建国",
        student_number=f"2024{n * 311 % 1_000_000:06d}",
        students=_batch(n) if batches and not n % 10 else [],
    )


def _batch(n: int) -> list[str]:
    return [f"2024{(n + at) * 7 % 12_000:06d}" for at in range(50)]


def export(ledger: Ledger, path: Path) -> None:
    export_ledger(ledger, path, first=FIRST, last=LAST)


def texts_of(ledger: Ledger) -> list[Sequence[str]]:
    return list(ledger.read(Selection(FIRST, LAST)).lines)


def as_limit(ledger: Ledger, path: Path) -> None:
    """Fetching the rows of *ledger* and zlib over the XML of its export at *path*."""
    fields = [field for column in ledger.columns for field in column.fields]
    for _ in db.execute(ledger.query(Selection(FIRST, LAST)).select(*fields)):
        pass
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    xml = _xml_of(path)
    for at in range(0, len(xml), 1 << 20):
        packer.compress(xml[at : at + (1 << 20)])
    packer.flush()


@cache
def _xml_of(path: Path) -> bytes:
    with ZipFile(path) as parts:
        return parts.read("word/document.xml")


def with_python_docx(ledger: Ledger, path: Path) -> None:
    rows = texts_of(ledger)
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(ledger.columns))
    table.style = "Table Grid"
    for row, values in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, values, strict=True):
            cell.text = text
    document.save(str(path))


def with_docxtpl(ledger: Ledger, path: Path) -> None:
    from docxtpl import DocxTemplate

    template = DocxTemplate(_template(len(ledger.columns)))
    template.render({"rows": texts_of(ledger)}, autoescape=True)
    template.save(path)


def _template(columns: int) -> BytesIO:
    document = Document()
    table = document.add_table(rows=3, cols=columns)
    table.style = "Table Grid"
    table.cell(0, 0).text = "{%tr for row in rows %}"
    for at in range(columns):
        table.cell(1, at).text = f"{{{{ row[{at}] }}}}"
    table.cell(2, 0).text = "{%tr endfor %}"
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def with_xlsxwriter(ledger: Ledger, path: Path) -> None:
    book = Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate(texts_of_stream(ledger)):
        for column, text in enumerate(row):
            page.write_string(at, column, text)
    book.close()


def texts_of_stream(ledger: Ledger) -> Iterable[Sequence[str]]:
    return ledger.read(Selection(FIRST, LAST)).lines


class Way(NamedTuple):
    """A way to write *rows* rows, or the *share* of those asked for."""

    title: str
    write: Callable[[Ledger, Path], None]
    suffix: str
    rows: int = 0
    # What ours, in the same format at the same rows, is measured against it.
    goal: str = ""


OURS, BOOK = "ours .docx", "ours .xlsx"
WAYS = {
    "ours": Way(OURS, export, ".docx"),
    "limit": Way("limit: fetch + zlib", as_limit, ".docx", goal="ours <= 3 x"),
    "book": Way(BOOK, export, ".xlsx"),
    "xlsxwriter": Way("XlsxWriter, bare", with_xlsxwriter, ".xlsx"),
    "ours-10000": Way(OURS, export, ".docx", 10_000),
    "python-docx": Way(
        "python-docx, fastest", with_python_docx, ".docx", 10_000, "ours <= 1/25"
    ),
    "ours-2000": Way(OURS, export, ".docx", 2_000),
    "docxtpl": Way("docxtpl, row loop", with_docxtpl, ".docx", 2_000),
}
AGAINST = {
    "limit": "ours",
    "xlsxwriter": "book",
    "python-docx": "ours-10000",
    "docxtpl": "ours-2000",
}
