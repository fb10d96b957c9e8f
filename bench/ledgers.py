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
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ledger_ways import AGAINST, REAL, TEN, WAYS, at_place, export

from exports.ledgers import Ledger, writer
from models import close_database


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


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
