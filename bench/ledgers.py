"""Measure the Word export of a ledger against its limit and against python-docx.

    python bench/ledgers.py                     50,000 rows, five paired runs
    python bench/ledgers.py --linear            and 200,000 rows
    python bench/ledgers.py --open              time to open 2,000 rows in LibreOffice
    python bench/ledgers.py --ledger seal_uses  the real ledger of 15 columns
    python bench/ledgers.py --ledger seal_uses --batches  every tenth for 50 students

The rows are seal uses in an encrypted station database, journalled like any others.
The limit is fetching the rows with the same query (as plain tuples, nothing converted)
and zlib over the same document.xml: no writer can do without either.  python-docx is
taken in its fastest form, `for row in table.rows`, at 10,000 rows for both.  Quote the
ratios: they are medians of runs that took turns in one process.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from unittest.mock import patch
from zipfile import ZipFile

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docx import Document

from exports.ledgers import (
    Column,
    Ledger,
    Selection,
    export_ledger,
    ledger_by_code,
    writer,
)
from exports.ledgers import ledger as ledger_module
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


def limit_of(ledger: Ledger, path: Path) -> Callable[[], None]:
    """Fetching the rows of *ledger* and zlib over the XML of its export at *path*."""
    fields = [field for column in ledger.columns for field in column.fields]
    query = ledger.query(Selection(FIRST, LAST)).select(*fields)
    with ZipFile(path) as parts:
        xml = parts.read("word/document.xml")

    def fetch_and_zip() -> None:
        for _ in db.execute(query):
            pass
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        for at in range(0, len(xml), 1 << 20):
            packer.compress(xml[at : at + (1 << 20)])
        packer.flush()

    return fetch_and_zip


def with_python_docx(ledger: Ledger, path: Path) -> None:
    rows = list(ledger_module._texts(ledger, ledger.query(Selection(FIRST, LAST))))
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(ledger.columns))
    table.style = "Table Grid"
    for row, values in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, values, strict=True):
            cell.text = text
    document.save(str(path))


def compare(
    title: str, ours: Callable, theirs: Callable, repeat: int, goal: str
) -> None:
    ours(), theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(repeat)]
    mine, other = (median(side) for side in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(
        f"{title}: {mine:.3f} s / {other:.3f} s = {ratio:.2f}"
        f" (1/ratio {1 / ratio:.1f}), goal {goal}",
        flush=True,
    )


def measure_speed(
    folder: Path, ledger: Ledger, rows: int, repeat: int, batches: bool
) -> None:
    path = folder / "台账.docx"
    at_place(folder, rows, batches)
    export(ledger, path)
    compare(
        f"{rows} rows: export / (fetch + zlib)",
        lambda: export(ledger, path),
        limit_of(ledger, path),
        repeat,
        "<= 3",
    )
    print(f"  {path.stat().st_size / 1e6:.1f} MB", flush=True)
    close_database()
    here = [sys.executable, __file__, "--ledger", ledger.code, "--rows", str(rows)]
    here += [*["--batches"] * batches, "--child", str(folder)]
    peak = subprocess.run(here, check=True, capture_output=True, text=True)
    print(
        f"  peak memory of a process that exports: {peak.stdout.strip()}, goal <= 100"
    )


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


def measure_python_docx(folder: Path, ledger: Ledger, repeat: int) -> None:
    at_place(folder, 10_000)
    compare(
        "10000 rows: export / python-docx",
        lambda: export(ledger, folder / "a.docx"),
        lambda: with_python_docx(ledger, folder / "b.docx"),
        repeat,
        "<= 0.04 (x25)",
    )
    close_database()


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


def measure_opening(folder: Path, ledger: Ledger, repeat: int) -> None:
    """LibreOffice lays the whole document out to make a PDF."""
    if not shutil.which("soffice"):
        raise SystemExit("--open needs LibreOffice")
    at_place(folder, 2_000)
    export(ledger, folder / "split.docx")
    with patch.object(writer, "ROWS_PER_TABLE", 10**9):
        export(ledger, folder / "whole.docx")
    close_database()

    def to_pdf(name: str) -> Callable[[], None]:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf"]
        command += ["--outdir", str(folder), str(folder / name)]
        return lambda: subprocess.run(command, check=True, capture_output=True)

    compare(
        "2000 rows to PDF: split / one table",
        to_pdf("split.docx"),
        to_pdf("whole.docx"),
        repeat,
        "<= 0.45",
    )


def main() -> None:
    ledgers = {"ten": TEN, "seal_uses": REAL}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ledger", choices=ledgers, default="ten")
    parser.add_argument("--batches", action="store_true")
    parser.add_argument("--linear", action="store_true")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    ledger = ledgers[chosen.ledger]
    if chosen.child:
        at_place(chosen.child, chosen.rows, chosen.batches)
        export(ledger, chosen.child / "child.docx")
        print(peak_memory())
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.open:
            measure_opening(folder, ledger, chosen.repeat)
            return
        measure_speed(folder, ledger, chosen.rows, chosen.repeat, chosen.batches)
        if not chosen.batches:
            measure_python_docx(folder, ledger, chosen.repeat)
        if chosen.linear:
            measure_speed(folder, ledger, 4 * chosen.rows, chosen.repeat, False)
            measure_growth(folder, ledger, chosen.rows, chosen.repeat)


if __name__ == "__main__":
    main()
