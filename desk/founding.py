"""What a PC can become at its first run: the office, a desk, or a place to try."""

import shutil
from pathlib import Path
from typing import Any

from models import storage

TRIAL = "trial"
COMPLETE = "complete"
TRIAL_DESK = "jiaowu"
TRIAL_DAYS, TRIAL_VISITS = 2, 60


def found(
    folder: Path,
    *,
    centre_name: str,
    share_folder: Path,
    recovery_file: Path,
    number: str,
    name: str,
    database: str = "",
    password_file: Path | None = None,
) -> None:
    """Make this PC the office of a new centre; its database is open afterwards.

    *database* is the URL of a PostgreSQL database that shall hold the records.
    """
    from exports.sync.enrolment import found_centre
    from models.postgres import server_at

    found_centre(
        folder,
        share_folder=share_folder,
        centre_name=centre_name,
        number=number,
        name=name,
        recovery_file=recovery_file,
        server=server_at(database, password_file) if database else None,
    )


def refound(
    folder: Path, *, share_folder: Path, key_file: Path, passphrase: str
) -> None:
    """Make this PC the office of its old centre; its database is open afterwards."""
    from exports.sync.officekeys import read_office_keys
    from exports.sync.refounding import refound_centre

    refound_centre(
        folder,
        office_keys=read_office_keys(key_file, passphrase),
        share_folder=share_folder,
    )


def marker_of(share_folder: Path) -> Any:
    """Who the share belongs to; `fingerprint` is what people compare."""
    from exports.sync.share import read_marker

    return read_marker(share_folder)


def join(folder: Path, *, share_folder: Path, marker: Any, name: str) -> None:
    """Make this PC a desk that asks to be let in; its database is open afterwards."""
    from exports.sync.enrolment import join_centre

    join_centre(folder, share_folder=share_folder, marker=marker, name=name)


def own_fingerprint() -> str:
    """This station's fingerprint: 8 groups of 4."""
    from exports.sync.enrolment import my_request
    from models.installation import installation

    return my_request(installation()).fingerprint


def trial_folder(folder: Path) -> Path:
    """Where the sample college of this PC lies, or would lie."""
    return folder / TRIAL


def make_trial(folder: Path, report: Any) -> Path:
    """Build the sample college, unless there is one; the folder of its desk.

    One that was interrupted is of no use to anybody and is built anew.
    """
    from desk.demo import make_demo

    root = trial_folder(folder)
    if not (root / COMPLETE).exists():
        if root.exists():
            shutil.rmtree(root)
        try:
            make_demo(root, days=TRIAL_DAYS, visits=TRIAL_VISITS, seed=1, report=report)
        finally:
            storage.close_database()
        (root / COMPLETE).touch()
    return root / "stations" / TRIAL_DESK
