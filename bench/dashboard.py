"""Measure what the dashboard asks at 1,000,000 visits.

    python bench/dashboard.py                  10,000 and 1,000,000 visits
    python bench/dashboard.py --keep FOLDER    keep the databases and use them again

The databases are those of `bench/finding.py`.  A month and a year of visits by service
are counted by reading the visits of these days, by a covering index, and
from the daily counts (`visit_counts`, through peewee and the items of the catalogue);
then with a day of new entries still to be read.  Quote medians and the ratios.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import found_small_centre
from finding import fill

import models
from models import visitcounter
from models.base import db
from models.visitcounts import By, visit_counts

SIZES = (10_000, 1_000_000)
YEAR = date(2024, 9, 1), date(2025, 8, 31)
MONTH = date(2025, 3, 1), date(2025, 3, 31)
COVERING = (
    "CREATE INDEX IF NOT EXISTS bench_covering ON visit "
    "(arrived_at, service_uid, is_void, quantity, rating)"
)


def by_reading(first: date, last: date, index: str) -> list[tuple]:
    """By service, from the visits, in the order of an index."""
    return db.execute_sql(
        "SELECT service_uid, COUNT(*), SUM(quantity), COUNT(rating), TOTAL(rating) "
        f"FROM visit {index} WHERE arrived_at >= ? AND arrived_at < ? AND NOT is_void "
        "GROUP BY service_uid",
        (first.isoformat(), (last + timedelta(days=1)).isoformat()),
    ).fetchall()


def ways(first: date, last: date) -> dict[str, Callable[[], object]]:
    """The same question in its ways, and the others the page asks."""
    return {
        "service, visits read": lambda: by_reading(
            first, last, "INDEXED BY visit_arrived_at_uid"
        ),
        "service, covering index": lambda: by_reading(
            first, last, "INDEXED BY bench_covering"
        ),
        **{
            f"{by}, daily counts": lambda by=by: visit_counts(first, last, by=by)
            for by in (By.SERVICE, By.DAY, By.OUTCOME, By.DESK)
        },
    }


def timed(asked: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """Median ms of each; not in turns, for what reads much drives out all the rest."""
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for name, question in asked.items():
        for _ in range(turns):
            started = time.perf_counter()
            question()
            spent[name].append((time.perf_counter() - started) * 1e3)
    return {name: median(times) for name, times in spent.items()}


def measure(root: Path, count: int, turns: int) -> None:
    folder = root / str(count)
    if not folder.exists():
        found_small_centre(folder)
        models.open_database(folder / "jiaowu")
        fill(count)
    models.open_database(folder / "jiaowu")
    db.execute_sql("DROP INDEX IF EXISTS bench_covering")
    visitcounter.forget()
    started = time.perf_counter()
    steps = [started]
    visitcounter.catch_up(report=lambda *told: steps.append(time.perf_counter()))
    longest = max(b - a for a, b in pairwise(steps))
    spent = time.perf_counter() - started
    print(f"{count:,} visits: counted in {spent:.1f} s, a step {longest * 1e3:.0f} ms")
    db.execute_sql(COVERING)
    for title, days in (("month", MONTH), ("year", YEAR)):
        told = timed(ways(*days), turns)
        ours = told["service, daily counts"]
        for name, spent in told.items():
            print(f"  {title:6}{name:26}{spent:9.2f} ms{spent / ours:8.1f} x")
    db.execute_sql("DROP INDEX bench_covering")
    measure_backlog(turns)
    models.close_database()


def measure_backlog(turns: int) -> None:
    """The same year while the last 100 entries are still to be read."""
    db.execute_sql(
        "UPDATE visit_count_upto SET (entry, hash) = (SELECT id, hash FROM journal "
        "WHERE id = (SELECT MAX(id) - 100 FROM journal))"
    )
    asked = {"behind": lambda: visit_counts(*YEAR, by=By.SERVICE)}
    today = visitcounter.touched(visitcounter.cursor().entry, 1 << 60)
    last = date.fromisoformat(max(day for day in today if day < "2026-09"))
    asked["today, behind"] = lambda: visit_counts(last, last, by=By.OUTCOME)
    for name, spent in timed(asked, turns).items():
        print(f"  100 entries behind, {name:20}{spent:9.2f} ms")
    visitcounter.catch_up()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        place = arguments.keep.absolute() if arguments.keep else Path(made)
        for size in SIZES:
            measure(place, size, arguments.turns)
