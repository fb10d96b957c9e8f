"""Passing referred cases on, among many visits that were not referred.

    python bench/relay.py [VISITS] [CASES ...]

One desk has VISITS at the office; then it refers CASES new ones to another desk at
once, and once more as many, and so on.  Seconds the office needs to pass each lot on,
seconds the other desk needs to take it over, and an idle exchange at the end.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "bench")]

import conftest  # noqa: E402
import exchange  # noqa: E402
from sync import backlog, took  # noqa: E402

import models  # noqa: E402
from exports.sync import relay, sync  # noqa: E402
from models import Visit, VisitStep  # noqa: E402
from models.uids import new_uid  # noqa: E402


def refer_many(count: int) -> None:
    """*count* visits of the open station, each with its referral."""
    by = models.person_signing_in("2024110201")
    desk = models.desk_by_code("xuesheng")
    pattern = dict(Visit.select().first().__data__) | {"revision": 0}
    visits = [
        Visit(**pattern | {"uid": new_uid(), "number": f"JW20261124-{n:06d}"})
        for n in range(count)
    ]
    steps = [
        VisitStep(
            visit_uid=visit.uid,
            visit_number=visit.number,
            kind="referred",
            at=visit.arrived_at,
            person_uid=by.uid,
            person_name=by.name,
            desk_uid=desk.uid,
            desk_name=desk.name,
        )
        for visit in visits
    ]
    with models.transaction():
        Visit.write_new(visits, by=by)
        VisitStep.write_new(steps, by=by)


class Watch:
    """Takes the time of what the exchange does inside."""

    def __init__(self) -> None:
        self.seconds, self.work = 0.0, relay.pass_on

    def __call__(self, *arguments) -> int:
        begun = time.perf_counter()
        added = self.work(*arguments)
        self.seconds = time.perf_counter() - begun
        return added


def main(visits: int = 50_000, *cases: int) -> None:
    relay.pass_on = watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "centre"
        conftest.found_small_centre(root)
        centre = conftest.Centre(root)
        to = exchange.add_station(centre, "xuesheng")
        models.open_database(centre.station)
        backlog(visits)
        exchange.exchange(centre.station, centre.office)
        print(f"{visits} visits, none referred: {watch.seconds:6.2f} s to look through")
        for count in cases or (1_000, 2_000, 4_000, 2_000):
            models.open_database(centre.station)
            refer_many(count)
            exchange.exchange(centre.station, centre.office)
            passed = watch.seconds
            models.open_database(to)
            taken = took(sync)
            print(
                f"{count:6} cases: {passed:6.2f} s to pass on, {taken:6.2f} s to take"
                f" over, {2 * count / passed:8,.0f} entries/s"
            )
        models.open_database(centre.office)
        sync()
        idle = statistics.median(took(sync) for _ in range(9))
        print(
            f"idle: {1_000 * idle:.1f} ms, of it passing on {1e3 * watch.seconds:.2f}"
        )
        models.close_database()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
