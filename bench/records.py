"""Measure recording one visit durably against a raw one-row insert.

    python bench/records.py            1,000 of each, taken in turns; then one `verify`

The limit is stdlib sqlite3, WAL, synchronous=FULL, one row with the same columns and
as many indexes a commit.  Ours is `record_visit` as the window calls it: checks,
encrypted database, journal entry, hash.  Quote the ratio of the medians.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from conftest import found_small_centre

import models
from models.base import table_of
from models.uids import new_uid


def raw_table(path: Path) -> tuple[sqlite3.Connection, str]:
    """A plain table like `visit`, and its insert."""
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    columns = table_of(models.Visit).columns
    plain.execute(f"CREATE TABLE visit ({', '.join(columns)}, PRIMARY KEY (uid))")
    for at, column in enumerate(("number", "student_number", "arrived_at, uid")):
        plain.execute(f"CREATE INDEX visit_{at} ON visit ({column})")
    return plain, f"INSERT INTO visit VALUES ({', '.join('?' * len(columns))})"


def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        found_small_centre(root)
        models.open_database(root / "jiaowu")
        by = models.person_signing_in("2024110201")
        student = models.student_by_number("2023110001")
        service = models.services_of(models.this_desk())[0]
        plain, insert = raw_table(root / "raw.db")
        raw, ours = [], []
        for _ in range(count):
            started = time.perf_counter()
            visit = models.record_visit(
                by=by, service=service, outcome="done", student=student
            )
            ours.append(time.perf_counter() - started)
            row = table_of(models.Visit).values_of(visit)
            row[0] = new_uid()
            started = time.perf_counter()
            plain.execute(insert, row)
            raw.append(time.perf_counter() - started)
        base, full = median(raw) * 1e3, median(ours) * 1e3
        print(f"raw insert   {base:6.3f} ms")
        print(f"record_visit {full:6.3f} ms = {full / base:.2f} x raw (goal 3)")
        started = time.perf_counter()
        found = models.verify()
        spent = time.perf_counter() - started
        print(f"verify       {found.entries / spent:,.0f} entries/s, {found.faults}")
        models.close_database()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    measure(parser.parse_args().count)
