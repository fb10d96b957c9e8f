"""A centre to test with: an office, one desk station, a share between them.

Each test has its own databases, made once a session and copied.  The tests in
`ON_BOTH` run twice: with the office's records in a file, and on a PostgreSQL server
that the session starts.  `--office-on=server` runs every test with the latter.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cluster
import pytest
from smallcentre import Centre, found_small_centre

import models
from models import Desk, Person, Seal, Service
from models.keystore import key_of
from models.postgres import Server, remember

# What an office does with its records: these run on a file and on a server.
ON_BOTH = {
    "test_catalogue.py",
    "test_erasure.py::test_a_person_is_erased_at_every_station_and_everything_still_counts",
    "test_finding.py",
    "test_journal.py",
    "test_openings.py::test_hours_start_and_end_and_what_has_been_stays",
    "test_plans.py",
    "test_relayed_rows.py",
    "test_retention.py::test_when_the_office_erases_it_goes_everywhere_and_seals_stay",
    "test_revocation.py::test_the_new_pc_of_a_desk_goes_on_with_all_that_was_confirmed",
    "test_roster_import.py",
    "test_server.py",
    "test_settling.py::test_a_file_is_asked_for_again_in_both_directions",
    "test_settling.py::test_the_other_content_becomes_a_new_revision_of_its_author",
    "test_settling.py::test_the_office_may_not_rewrite_what_a_desk_recorded",
    "test_sync.py",
    "test_sync_epochs.py::test_a_desk_is_heard_of_every_day_and_missed_after_three",
    "test_sync_hostile.py",
    "test_sync_relay.py",
    "test_sync_relay_hostile.py",
    "test_verification.py",
    "test_visitcounts.py",
}
FILE, SERVER = "file", "server"
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def small_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("centre")
    found_small_centre(root)
    return root


@pytest.fixture(scope="session")
def postgres() -> Iterator[cluster.Cluster]:
    """A PostgreSQL server of this session's own."""
    with cluster.running() as server:
        yield server


class Pattern(NamedTuple):
    """The small centre with its office on a server, and the database there."""

    root: Path
    database: str


@pytest.fixture(scope="session")
def server_centre(
    postgres: cluster.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Pattern:
    made = Pattern(tmp_path_factory.mktemp("server"), postgres.create())
    found_small_centre(made.root, Server(postgres.url(made.database)))
    return made


@pytest.fixture
def office_on(request: pytest.FixtureRequest) -> str:
    """Where the office's records are in this test."""
    return getattr(request, "param", request.config.getoption("office_on"))


@pytest.fixture
def _pattern(
    office_on: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Path]:
    """The folders of a small centre, whose office opens a database of its own."""
    root = tmp_path / "centre"
    if office_on == FILE:
        shutil.copytree(request.getfixturevalue("small_centre"), root)
        yield root
        return
    pattern = request.getfixturevalue("server_centre")
    server = request.getfixturevalue("postgres")
    shutil.copytree(pattern.root, root)
    name = server.create(pattern.database)
    remember(root / "office", Server(server.url(name)), key_of(root / "office"))
    yield root
    server.drop(name)


@pytest.fixture
def centre(_pattern: Path) -> Iterator[Centre]:
    """A copy of the small centre, nothing opened."""
    made = Centre(_pattern)
    made.find_share()
    yield made
    models.close_database()


@pytest.fixture
def station(centre: Centre) -> Centre:
    """The desk's station is open."""
    models.open_database(centre.station)
    return centre


@pytest.fixture
def office(centre: Centre) -> Centre:
    """The office is open."""
    models.open_database(centre.office)
    return centre


@pytest.fixture
def chief(office: Centre) -> Person:
    """Who runs the office, which is open."""
    return models.person_signing_in("B0001")


@pytest.fixture
def teacher(station: Centre) -> Person:
    return models.person_signing_in("T001")


@pytest.fixture
def second_teacher(station: Centre) -> Person:
    return models.person_signing_in("T002")


@pytest.fixture
def assistant(station: Centre) -> Person:
    return models.person_signing_in("2024110201")


@pytest.fixture
def other_assistant(station: Centre) -> Person:
    return models.person_signing_in("2024110202")


@pytest.fixture
def desk(station: Centre) -> Desk:
    return models.this_desk()


@pytest.fixture
def service(desk: Desk) -> Service:
    return Service.get((Service.desk_uid == desk.uid) & (Service.name == "免修申办"))


@pytest.fixture
def seal(desk: Desk) -> Seal:
    return models.seals_of(desk)[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--office-on", dest="office_on", default=FILE, choices=(FILE, SERVER)
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    both = "office_on" in metafunc.fixturenames and "office_on" not in chosen
    # Where a desk's own file is open, the office has no part.
    both = both and "station" not in metafunc.fixturenames
    file = Path(metafunc.module.__file__).name
    both = both and not ON_BOTH.isdisjoint(
        {file, f"{file}::{metafunc.function.__name__}"}
    )
    if both and metafunc.config.getoption("office_on") == FILE:
        metafunc.parametrize("office_on", (FILE, SERVER), indirect=True)


MEMORY = Path("/dev/shm")
ROOM = 2**30  # bytes; what passed is deleted at once, so some 200 MiB are in use


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of the window wait a good deal."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Temporary folders in memory: on a disk every commit waits until it is written.
    Witnesses of the tests' databases are kept apart from those of this PC.

    `TMPDIR=/var/tmp python -m pytest` takes the disk all the same.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):
        is_executable = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        if is_executable and shutil.disk_usage(MEMORY).free > ROOM:
            os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="state-")


# They take longest: begun last, one worker would be left alone with them.
SLOWEST = ("test_kill.py", "test_sample_term.py", "test_commands.py", "test_start.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest first, then the window's, and the many short ones at the end."""
    items.sort(
        key=lambda item: (
            item.path.name not in SLOWEST,
            "window" not in item.path.parts,
        )
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """In CI a skipped test is a failure: what is not run is not known."""
    skipped = terminalreporter.stats.get("skipped", [])
    if os.environ.get("CI") and skipped:
        terminalreporter.write_line(f"CI: {len(skipped)} skipped is a failure")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
