"""Publishing, merging and verifying, against the raw work that cannot be avoided.

    python bench/sync.py [ENTRIES] [RUNS] [server]

Each run makes a station's backlog in a new centre; medians of the runs, and the ratio
to the raw limit measured in the same run.  With `server` the office's records are on a
PostgreSQL server, which is started here (without fsync).

Times are of the processor, this program's and the server's for it: on a PC that others
use as well, the clock on the wall says little.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

import msgspec
import zstandard

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import cluster  # noqa: E402
import conftest  # noqa: E402

import models  # noqa: E402
from exports.sync import publish, sync  # noqa: E402
from models import journal  # noqa: E402
from models.base import db, execute_many, table_of  # noqa: E402
from models.journal import Stream  # noqa: E402
from models.postgres import Server  # noqa: E402
from models.storage import on_server  # noqa: E402
from models.uids import new_uid  # noqa: E402


def took(work: Callable[[], object]) -> float:
    begun = used()
    work()
    return used() - begun


def used() -> float:
    """Seconds of the processor so far; those of the server for this connection too."""
    if on_server() is None or db.is_closed():
        return time.process_time()
    path = Path(f"/proc/{db.connection().info.backend_pid}/stat")
    ticks = path.read_text("ascii").rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def backlog(count: int) -> None:
    """*count* visits in the open station's journal."""
    by = models.person_signing_in("2024110201")
    service = models.services_of(models.this_desk())[0]
    pattern = models.record_visit(
        by=by,
        service=service,
        outcome=models.VisitOutcome.DONE,
        visitor_name="张伟",
        phone="13800000001",
        class_name="软件2301",
        result="当场办妥",
    )
    fields = dict(pattern.__data__) | {"revision": 0}
    visits = (
        models.Visit(**fields | {"uid": new_uid(), "number": f"JW20261123-{n:06d}"})
        for n in range(count)
    )
    with models.transaction():
        models.Visit.write_new(visits, by=by)


def raw_publish() -> float:
    """Fetch the entries, compress and hash them: what any publisher has to do."""

    def work() -> None:
        rows = db.execute_sql("SELECT * FROM journal WHERE stream = 1").fetchall()
        plain = b"\n".join(row[10].encode() for row in rows)
        sha256(zstandard.ZstdCompressor(level=3).compress(plain)).hexdigest()

    return took(work)


def raw_merge(folder: Path) -> float:
    """Insert the same entries and rows again, batch by batch, nothing checked."""
    table = table_of(models.Visit)
    entries = db.execute_sql(
        f"SELECT {journal.COLUMNS} FROM journal WHERE table_name = 'visit'"
    ).fetchall()
    rows = [list(row) for row in db.execute_sql(table.select_sql).fetchall()]
    length = len(entries)
    uid = table.places["uid"]
    # Behind all that is there, as what is new always comes.
    again = [
        (row[0], row[1] + length, *row[2:5], f"f{row[5]}", *row[6:]) for row in entries
    ]
    for row in rows:
        row[uid] = f"f{row[uid]}"

    def work() -> None:
        for at in range(0, len(rows), publish.ENTRIES):
            some = slice(at, at + publish.ENTRIES)
            with models.transaction():
                execute_many(journal.insert_sql(), again[some])
                execute_many(table.insert_sql, rows[some])

    if on_server() is not None:
        return took(work)
    models.close_database()
    copy = folder.with_name("raw")
    shutil.copytree(folder, copy)
    models.open_database(copy)
    return took(work)


def raw_verify() -> float:
    """Fetch and hash every entry once, decode every payload."""

    def work() -> None:
        for row in db.execute_sql("SELECT * FROM journal"):
            payload = row[10].encode()
            sha256(payload).hexdigest()
            msgspec.json.decode(payload)

    return took(work)


def one_run(
    root: Path, count: int, server: Server | None
) -> dict[str, tuple[float, float]]:
    """Seconds of each piece of work, and of its raw limit."""
    conftest.found_small_centre(root, server)
    office, station = root / "office", root / "jiaowu"
    models.open_database(station)
    backlog(count)
    raw, published = raw_publish(), took(sync)
    idle_station = statistics.median(took(sync) for _ in range(9))
    models.open_database(office)
    merged = took(sync)
    idle_office = statistics.median(took(sync) for _ in range(9))
    verified, raw_verified = took(models.verify), raw_verify()
    assert models.Visit.select().count() == count + 1
    # The same entries once more, under other file names.
    models.open_database(station)
    own = Stream.get_by_id(journal.OWN)
    publish.stand_at(own, 0)
    sync()
    models.open_database(office)
    again = took(sync)
    assert models.verify().faults == []
    return {
        "publish": (published, raw),
        "merge": (merged, raw_merge(office)),
        "same again": (again, raw),
        "verify": (verified, raw_verified),
        "idle, station": (idle_station, 0.02),
        "idle, office": (idle_office, 0.02),
    }


def main(count: int = 20_000, runs: int = 5, *, on: str = "") -> None:
    results = []
    with cluster.running() if on else nullcontext() as servers:
        for number in range(runs):
            server = Server(servers.url(servers.create())) if servers else None
            with tempfile.TemporaryDirectory() as folder:
                results.append(one_run(Path(folder) / "centre", count, server))
                models.close_database()
            print(f"run {number + 1} of {runs}", file=sys.stderr)
    print(f"{count} entries, medians of {runs} runs")
    for name in results[0]:
        times = [result[name][0] for result in results]
        ratio = statistics.median(r[name][0] / r[name][1] for r in results)
        middle = statistics.median(times)
        if name.startswith("idle"):
            print(f"{name:14} {1_000 * middle:8.1f} ms")
        else:
            print(f"{name:14} {count / middle:10,.0f} entries/s  {ratio:5.1f} × raw")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    main(*numbers, on="server" if "server" in sys.argv else "")
