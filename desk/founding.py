"""What a PC can become at its first run: the office, a desk, or a place to try."""

import shutil
from os.path import isfile
from pathlib import Path
from typing import Any

from models import storage
from models.errors import UserError
from models.progress import Report

RECOVERY_FILE = "中心恢复密钥.txt"
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
    password: str = "",
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
        server=server_at(database, password_file, password=password)
        if database
        else None,
    )


def ask_before_founding(share: str, recovery: str, database: str, password: str) -> Any:
    """The share and the file for the recovery key, if a centre can be founded there.

    Nothing is made yet: a share or a server that does not answer keeps one waiting.
    """
    from exports.sync.share import refuse_taken
    from models import postgres

    place = existing_folder(share)
    if not Path(recovery).is_dir():
        raise UserError("请选择恢复密钥存到哪个文件夹，最好是 U 盘。")
    if database:
        postgres.refuse_taken(postgres.server_at(database, password=password))
    refuse_taken(place)
    return place, Path(recovery) / RECOVERY_FILE


def existing_folder(share: str) -> Path:
    """The place as this system wants it; asks the share, which may hang."""
    from exports.sync.sharenames import share_place

    place = share_place(share)
    if isfile(place):
        raise UserError("这是一个文件，请选择文件夹。")
    return Path(place)


def office_keys_in(key_file: Path, passphrase: str) -> Any:
    """What `refound` needs of the stick."""
    from exports.sync.officekeys import read_office_keys

    return read_office_keys(key_file, passphrase)


def refound(
    folder: Path, *, share_folder: Path, office_keys: Any, report: Report
) -> None:
    """Make this PC the office of its old centre; its database is open afterwards."""
    from exports.sync.refounding import refound_centre

    refound_centre(
        folder, office_keys=office_keys, share_folder=share_folder, report=report
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
