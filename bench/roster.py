"""Measure the import of a roster against merely reading the same workbook.

    python bench/roster.py [--rows 20000] [--runs 5]

The workbook has 8 columns.  Peers, in the same process and taking turns: calamine
alone, openpyxl in its read-only form, pypinyin alone (one lookup a name, all readings).
The import is the whole operation: read, check, compare, initials, encrypted database
with FULL synchronisation, journal with hash chain; every run begins with a new station.
Quote the ratios and the medians of the same run.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "samples"))

from make_roster import save, students, workbook_of
from openpyxl import load_workbook
from pypinyin import Style, pinyin
from python_calamine import CalamineWorkbook

import models
from exports.roster import import_roster, read_roster
from exports.sync import enrolment
from models.pinyin import initials_of


def new_station(folder: Path) -> models.Person:
    models.close_database()
    enrolment.found_centre(
        folder / "office",
        share_folder=folder / "share",
        centre_name="测量",
        number="B0001",
        name="办公室",
        recovery_file=folder / "recovery.key",
        key_in_file=True,
    )
    return models.person_signing_in("B0001")


def read_by_calamine(path: Path) -> None:
    book = CalamineWorkbook.from_path(path)
    book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def read_by_openpyxl(path: Path) -> None:
    book = load_workbook(path, read_only=True)
    for _row in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()


def measured(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_run(path: Path, other: Path, names: list[str]) -> dict[str, float]:
    """Seconds of each way, in turn."""
    times = {
        "calamine, reading alone": measured(lambda: read_by_calamine(path)),
        "openpyxl read-only, reading alone": measured(lambda: read_by_openpyxl(path)),
        "pypinyin, all readings": measured(
            lambda: [
                pinyin(name, style=Style.FIRST_LETTER, heteronym=True) for name in names
            ]
        ),
        "initials_of": measured(lambda: [initials_of(name) for name in names]),
        "read_roster": measured(lambda: read_roster(path)),
    }
    with tempfile.TemporaryDirectory() as folder:
        by = new_station(Path(folder))
        for title, file, dry_run in (
            ("dry run, empty database", path, True),
            ("import, all new", path, False),
            ("dry run, all known", path, True),
            ("import, all known", path, False),
            ("import, all changed", other, False),
        ):
            times[title] = measured(
                lambda file=file, dry_run=dry_run: import_roster(
                    file, by=by, dry_run=dry_run
                )
            )
        models.close_database()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    rows = students(chosen.rows)
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder, "a.xlsx"), Path(folder, "b.xlsx")
        save(workbook_of(rows), path)
        save(workbook_of([(*row[:5], "新" + row[5], row[6]) for row in rows]), other)
        names = [row[1] for row in rows]
        one_run(path, other, names)  # imports and caches
        runs = [one_run(path, other, names) for _ in range(chosen.runs)]
    floor = "calamine, reading alone"
    peer = "openpyxl read-only, reading alone"
    print(f"{chosen.rows:,} rows, medians of {chosen.runs} runs")
    print(f"{'':36}{'ms':>8}{'× calamine':>12}{'× openpyxl':>12}")
    for title in runs[0]:
        ms = median(run[title] for run in runs) * 1000
        ratios = [
            median(run[title] / run[base] for run in runs) for base in (floor, peer)
        ]
        print(f"{title:36}{ms:8.0f}{ratios[0]:12.2f}{ratios[1]:12.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")


if __name__ == "__main__":
    main()
