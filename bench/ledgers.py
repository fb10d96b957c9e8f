"""Measure the exports of a ledger against their limit and against other ways.

    python bench/ledgers.py                     50,000 rows, five paired runs
    python bench/ledgers.py --linear            and 200,000 rows
    python bench/ledgers.py --open              time to open 2,000 rows in LibreOffice
    python bench/ledgers.py --sizes             and 2,000 to 50,000 rows, once each
    python bench/ledgers.py --ledger seal_uses  the real ledger of 15 columns
    python bench/ledgers.py --ledger seal_uses --batches  every tenth for 50 students

The rows are seal uses in an encrypted station database, journalled like any others;
every way reads them there.  The limit is fetching the rows with the same query (as
plain tuples, nothing converted) and zlib over the same document.xml: no writer can do
without either.  python-docx is taken in its fastest form, `for row in table.rows`, at
10,000 rows; docxtpl with a loop over a row of its template at 2,000; XlsxWriter, which
our workbooks are written with, bare and in constant memory.  Each is beside ours at the
same rows.  Quote the ratios: they are medians of runs that took turns in one process.
Memory is that of a process that does nothing else.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import NamedTuple
from unittest.mock import patch
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docx import Document
from xlsxwriter import Workbook

from exports.ledgers import (
    Column,
    Ledger,
    Selection,
    export_ledger,
    ledger_by_code,
    writer,
)
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


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


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


def measure_ways(
    folder: Path, ledger: Ledger, rows: int, repeat: int, batches: bool
) -> None:
    """All of them take turns; each in the database of its number of rows."""
    names = [name for name in WAYS if not batches or not WAYS[name].rows]
    times: dict[str, list[float]] = {name: [] for name in names}
    sizes: dict[str, float] = {}
    for turn in range(repeat + 1):
        for name in names:
            way = WAYS[name]
            at_place(folder, way.rows or rows, batches and not way.rows)
            path = folder / f"{'ours' if name == 'limit' else name}{way.suffix}"
            taken = timed(lambda way=way, path=path: way.write(ledger, path))
            sizes[name] = path.stat().st_size / 1e6
            close_database()
            if turn:  # the first is for warming up
                times[name].append(taken)
    print(f"{'way':22} {'rows':>7} {'s':>7} {'MB':>6} {'memory':>8}  ours / it")
    for name in names:
        way = WAYS[name]
        size = "" if name == "limit" else f"{sizes[name]:.1f}"
        memory = "" if name == "limit" else peak_of(folder, ledger, name, rows, batches)
        print(
            f"{way.title:22} {way.rows or rows:7} {median(times[name]):7.3f} {size:>6}"
            f" {memory:>8}  {against(times, name)}",
            flush=True,
        )


def against(times: dict[str, list[float]], name: str) -> str:
    ours = AGAINST.get(name)
    if ours is None:
        return "goal <= 100 MiB" if name == "ours" else ""
    pairs = zip(times[ours], times[name], strict=True)
    ratio = median(a / b for a, b in pairs)
    said = f"{ratio:.2f}" if ratio > 0.5 else f"1/{1 / ratio:.0f}"
    return f"{said}  {WAYS[name].goal}"


def peak_of(folder: Path, ledger: Ledger, name: str, rows: int, batches: bool) -> str:
    rows = WAYS[name].rows or rows
    here = [sys.executable, __file__, "--ledger", ledger.code, "--rows", str(rows)]
    here += [*["--batches"] * batches, "--child", str(folder), "--way", name]
    peak = subprocess.run(here, check=True, capture_output=True, text=True)
    return peak.stdout.strip()


def at_place(folder: Path, rows: int, batches: bool = False) -> None:
    place = folder / f"station-{rows}-{batches:d}"
    if not place.exists():
        fill(place, rows, batches)
    open_database(place)


def peak_memory() -> str:
    """Of this process.  getrusage() would tell the parent's, which lives on in it."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return f"{int(line.split()[1]) / 1024:.0f} MiB"


def measure_growth(folder: Path, ledger: Ledger, rows: int, repeat: int) -> None:
    """Time per row at four times the rows against time per row now."""
    times: dict[int, list[float]] = {rows: [], 4 * rows: []}
    for _ in range(repeat):
        for size, taken in times.items():
            at_place(folder, size)
            taken.append(timed(lambda: export(ledger, folder / "c.docx")) / size)
            close_database()
    pairs = zip(times[4 * rows], times[rows], strict=True)
    ratio = median(large / small for large, small in pairs)
    print(f"time per row, {4 * rows} rows / {rows} rows: {ratio:.2f}, goal <= 1.1")


def to_pdf(folder: Path, name: str) -> Callable[[], object]:
    """LibreOffice lays the whole document out to make a PDF."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), str(folder / name)]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def measure_opening(folder: Path, ledger: Ledger, repeat: int) -> None:
    if not shutil.which("soffice"):
        raise SystemExit("--open needs LibreOffice")
    at_place(folder, 2_000)
    export(ledger, folder / "split.docx")
    with patch.object(writer, "ROWS_PER_TABLE", 10**9):
        export(ledger, folder / "whole.docx")
    close_database()

    to_pdf(folder, "split.docx")(), to_pdf(folder, "whole.docx")()
    pairs = [
        (timed(to_pdf(folder, "split.docx")), timed(to_pdf(folder, "whole.docx")))
        for _ in range(repeat)
    ]
    ratio = median(split / whole for split, whole in pairs)
    print(f"2000 rows to PDF: split / one table = {ratio:.2f}, goal <= 0.45")


def measure_sizes(folder: Path, ledger: Ledger) -> None:
    """Where a file becomes too much: of it comes `splits.ROWS_PER_FILE`."""
    for rows in (2_000, 5_000, 10_000, 20_000, 50_000):
        at_place(folder, rows)
        export(ledger, folder / "size.docx")
        close_database()
        taken = timed(to_pdf(folder, "size.docx"))
        print(f"{rows} rows to PDF: {taken:.1f} s", flush=True)


def main() -> None:
    ledgers = {"ten": TEN, "seal_uses": REAL}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ledger", choices=ledgers, default="ten")
    parser.add_argument("--batches", action="store_true")
    parser.add_argument("--linear", action="store_true")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    ledger = ledgers[chosen.ledger]
    if chosen.child:
        way = WAYS[chosen.way]
        at_place(chosen.child, chosen.rows, chosen.batches)
        way.write(ledger, chosen.child / f"child{way.suffix}")
        print(peak_memory())
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.open:
            measure_opening(folder, ledger, chosen.repeat)
        if chosen.sizes:
            measure_sizes(folder, ledger)
        if chosen.open or chosen.sizes:
            return
        measure_ways(folder, ledger, chosen.rows, chosen.repeat, chosen.batches)
        if chosen.linear:
            measure_growth(folder, ledger, chosen.rows, chosen.repeat)


if __name__ == "__main__":
    main()
