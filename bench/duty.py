"""Measure duty and pay on sample terms: what grows, and how.

    python -m desk demo D1 --weeks 5 && … --weeks 10 … && … --weeks 20
    python bench/duty.py D1 D2 D3

For each folder: comparing plan with fact over the whole term (`duty_lines`), against
merely fetching the same check-ins with their journal entries; the draft of the last
month of pay; and what a card asks at a desk (`arrival_of`), against `record_visit`'s
own limit, one durable row.  Medians of five; quote the ratios.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import models
from models import Attendance, clock
from models.base import db

RUNS = 5


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds, the median of some runs."""
    spent = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1e3)
    return median(spent)


def fetch() -> list[tuple]:
    return db.execute_sql(
        "SELECT a.*, j.hash FROM attendance a JOIN journal j ON j.row_uid = a.uid"
    ).fetchall()


def measure_office(folder: Path) -> None:
    models.open_database(folder)
    first, last = (
        datetime.fromisoformat(str(moment)).date()
        for moment in db.execute_sql(
            "SELECT MIN(checked_in_at), MAX(checked_in_at) FROM attendance"
        ).fetchone()
    )
    rows = Attendance.select().count()
    fetched, compared = timed(fetch), timed(lambda: models.duty_lines(first, last))
    month = timed(lambda: models.pay_lines(next_month(last)))
    print(f"{folder.parent.name}: {rows} check-ins, {first} to {last}")
    print(f"  fetch        {fetched:8.1f} ms")
    print(
        f"  duty_lines   {compared:8.1f} ms = {compared / fetched:.1f} x fetch, "
        f"{compared / rows * 1e3:.0f} us a check-in"
    )
    print(f"  draft of pay {month:8.1f} ms")
    models.close_database()


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def measure_desk(folder: Path) -> None:
    """A card at the desk, on the last working day of the sample."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(folder, Path(place) / "desk")
        models.open_database(Path(place) / "desk")
        last = Attendance.select().order_by(Attendance.checked_in_at.desc()).first()
        moment = last.checked_in_at.replace(hour=23, minute=30)
        person = models.Person.get(models.Person.uid == last.person_uid)
        with clock.set_at(moment):
            asked = timed(lambda: models.arrival_of(person))
            visit = timed(lambda: models.record_enquiry(by=person))
        print(f"  arrival_of   {asked:8.1f} ms = {asked / visit:.1f} x an enquiry")
        models.close_database()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    for root in parser.parse_args().folders:
        measure_office(root / "office")
        measure_desk(root / "stations" / "jiaowu")
