"""`kill -9` at any moment of set-up, work and sync: nothing that was there is lost.

`KILLS=60 python -m pytest tests/test_kill.py` makes a longer campaign.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from exchange import assert_alike, exchange

import models
from desk import commands
from exports.sync import enrolment, share
from models.installation import installation
from models.stations import this_station
from models.storage import FILE
from models.uids import new_uid

KILLS = int(os.environ.get("KILLS", "8"))
CODES = [plan.code for plan in models.centre.DESKS]
PROGRAM = Path(__file__).parent.parent


def start(*arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "desk", *map(str, arguments)],
        cwd=PROGRAM,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def kill_after(seconds: float, running: subprocess.Popen) -> bool:
    """Kill it after so long; False when it was done before."""
    with running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def demo(root: Path) -> subprocess.Popen:
    return start("demo", root, "--days", 1, "--visits", 30, "--json")


@pytest.fixture(scope="module")
def demo_takes(tmp_path_factory) -> float:
    begun = time.monotonic()
    running = demo(tmp_path_factory.mktemp("whole") / "demo")
    running.communicate()
    assert running.returncode == 0
    return time.monotonic() - begun


def is_there(folder: Path) -> bool:
    return (folder / FILE).exists()


@pytest.mark.parametrize("number", range(KILLS))
def test_kill_the_sample_college_at_any_moment(tmp_path, capsys, demo_takes, number):
    chance = random.Random(number)
    root = tmp_path / "demo"
    kill_after(demo_takes * (number + chance.random()) / KILLS, demo(root))
    office, folders = root / "office", [root / "stations" / code for code in CODES]
    there = [folder for folder in (office, *folders) if is_there(folder)]
    for folder in (office, *folders):
        if folder not in there:
            assert_refused(folder, capsys)
    for folder in there:
        models.open_database(folder)
        assert models.verify().faults == []
    if office not in there:
        assert there == []
        make_again(root)
        return
    stations = [folder for folder in folders if folder in there]
    exchange(office, *stations, office, *stations)
    let_in = []
    for folder in stations:
        models.open_database(folder)
        if this_station() is not None:
            let_in.append(folder)
    assert_alike(office, *let_in)
    join_again(root, [folder for folder in folders if folder not in there])


def assert_refused(folder: Path, capsys) -> None:
    """One line of Chinese and exit code 1, not a traceback."""
    for command in ("sync", "verify", "status"):
        capsys.readouterr()
        assert commands.run([command, "--data", str(folder), "--json"]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "没有工作站的数据" in line


def make_again(root: Path) -> None:
    enrolment.found_centre(
        root / "office",
        share_folder=root / "share",
        centre_name="样例中心",
        number="B0001",
        name="顾主任",
        recovery_file=root / "recovery-2.key",
        key_in_file=True,
    )
    exchange(root / "office")
    assert models.verify().faults == []


def join_again(root: Path, folders: list[Path]) -> None:
    for folder in folders[:1]:
        models.close_database()
        enrolment.join_centre(
            folder,
            share_folder=root / "share",
            marker=share.read_marker(root / "share"),
            name="补设 1 号机",
            key_in_file=True,
        )
        exchange(folder)
        assert models.verify().faults == []


BACKLOG = 6_000


@pytest.fixture(scope="module")
def backlog(small_centre: Path, tmp_path_factory) -> Path:
    """A centre whose desk has worked for a month without the share."""
    root = tmp_path_factory.mktemp("backlog") / "centre"
    shutil.copytree(small_centre, root)
    for name in ("office", "jiaowu"):
        models.open_database(root / name)
        models.set_share(str(root / "share"))
    by, desk = models.person_signing_in("2024110201"), models.this_desk()
    service = models.services_of(desk)[0]
    pattern = models.record_visit(
        by=by, service=service, outcome=models.VisitOutcome.DONE, visitor_name="张伟"
    )
    fields = dict(pattern.__data__) | {"revision": 0}
    with models.transaction():
        models.Visit.write_new(
            [
                models.Visit(**fields | {"uid": new_uid(), "number": f"JW-{n:06d}"})
                for n in range(BACKLOG)
            ],
            by=by,
        )
    models.close_database()
    return root


@pytest.mark.parametrize("number", range(KILLS))
def test_kill_a_sync_with_a_backlog_at_any_moment(tmp_path, backlog, number):
    chance = random.Random(1_000 + number)
    root = tmp_path / "centre"
    shutil.copytree(backlog, root)
    office, station = root / "office", root / "jiaowu"
    for folder in (office, station):
        models.open_database(folder)
        models.set_share(str(root / "share"))
    models.close_database()
    for folder, takes in ((station, 0.25), (office, 0.5), (station, 0.1)):
        running = start("sync", "--data", folder, "--json")
        assert running.stderr is not None
        running.stderr.readline()  # the first word of progress: it has begun
        kill_after(takes * (number + chance.random()) / KILLS, running)
        models.open_database(folder)
        assert models.verify().faults == []
        exchange(folder)
    exchange(office, station)
    assert_alike(office, station)
    models.open_database(station)
    up = root / "share" / "up" / installation().station_uid / installation().epoch
    assert not [path for path in up.iterdir() if path.suffix == ".part"]
