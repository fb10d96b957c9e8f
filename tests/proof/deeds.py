"""What a station does while something fails, and what it says is saved.

Each deed tells of a thing only once the call that saves it has come back: what was
told must be there whatever happens next.
"""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from exchange import note_visit, use_seal
from smallcentre import Centre

import models
from desk.settings import Settings, save_settings
from exports import backup
from exports.ledgers import Split, export_ledger, ledger_by_code
from exports.sync import enrolment, sync
from models import clock, journal, mishaps
from models.base import db
from models.drafts import keep_draft
from models.installation import installation

Told = tuple[str, str]
Tell = Callable[[str, str], None]


class Places(Centre):
    """The folders of a centre with one desk, and where its papers go."""

    @property
    def papers(self) -> Path:
        return self.root / "papers"

    @property
    def stick(self) -> Path:
        return self.root / "stick"


def _open(folder: Path) -> None:
    """As in a window the database stays open from one deed to the next."""
    if db.is_closed() or Path(str(db.database)).parent != folder:
        models.open_database(folder)


def visit(places: Places, tell: Tell, kind: str = "visit") -> None:
    _open(places.station)
    tell(kind, note_visit("覃小燕").uid)


def seal_use(places: Places, tell: Tell) -> None:
    _open(places.station)
    (seal,) = models.seals_of(models.this_desk())
    tell("seal_use", use_seal(seal).uid)


def publish(places: Places, tell: Tell) -> None:
    _open(places.station)
    if not sync().trouble:
        tell("published", installation().epoch)


def merge(places: Places, tell: Tell) -> None:
    _open(places.office)
    if not sync().trouble:
        tell("merged", str(journal.tip()[0]))


def _export(places: Places, name: str, split: Split, tell: Tell) -> None:
    _open(places.station)
    today = clock.today()
    made = export_ledger(
        ledger_by_code("visits"),
        places.papers / name,
        first=today.replace(day=1) - timedelta(days=40),
        last=today,
        split=split,
    )
    for path in made.paths:
        tell("paper", path.name)


def export_word(places: Places, tell: Tell) -> None:
    _export(places, "来访.docx", Split.NONE, tell)


def export_sheet(places: Places, tell: Tell) -> None:
    _export(places, "来访.xlsx", Split.NONE, tell)


def export_split(places: Places, tell: Tell) -> None:
    _export(places, "按月.xlsx", Split.MONTH, tell)


def draft(places: Places, tell: Tell) -> None:
    _open(places.station)
    keep_draft("visits", '{"name": "覃小燕"}')
    tell("draft", '{"name": "覃小燕"}')


def settings(places: Places, tell: Tell) -> None:
    save_settings(places.station, Settings(zoom=150))
    tell("settings", "150")


def back_up(places: Places, tell: Tell) -> None:
    _open(places.station)
    tell("backup", str(backup.make_backup(places.stick).path.name))


def restore(places: Places, tell: Tell) -> None:
    """What was written after the backup and never left this PC goes with it."""
    (first, *_) = reversed(backup.found_in(places.stick))
    contents = backup.open_backup(first.path, places.station)
    tell("restored", backup.restore(contents, places.station).epoch)


def found(places: Places, tell: Tell) -> None:
    """A centre is founded, and its first desk asks to be let in."""
    enrolment.found_centre(
        places.root / "second",
        share_folder=places.root / "second-share",
        centre_name="第二中心",
        number="B0001",
        name="顾主任",
        recovery_file=places.root / "second-recovery.key",
        key_in_file=True,
    )
    tell("founded", installation().station_uid)


DEEDS: dict[str, Callable[[Places, Tell], None]] = {
    "visit": visit,
    "seal use": seal_use,
    "publish": publish,
    "merge": merge,
    "ledger .docx": export_word,
    "ledger .xlsx": export_sheet,
    "ledger split": export_split,
    "draft": draft,
    "settings": settings,
    "backup": back_up,
    "restore": restore,
}
# Only the power is cut in it: what it has begun is begun again from nothing.
FOUNDING = {"found": found}
KEPT = ("visit", "waiting", "seal_use")  # what is told of it before any fault
# A day at a station and at its office, for a power cut at any moment of it.
DAY = (
    *("visit", "seal use", "visit", "draft", "visit", "publish", "merge"),
    *("seal use", "settings", "visit", "backup", "publish"),
)


def stay_within(root: Path) -> None:
    """What the program keeps elsewhere in the system lies below *root* as well."""
    os.environ["XDG_STATE_HOME"] = str(root / "state")


def perform(names: tuple[str, ...], root: Path, said: Connection) -> None:
    """The body of a process that is going to fail: ready, go, and what was told."""
    stay_within(root)
    said.send(("ready", ""))
    said.recv()
    try:
        for name in names:
            (DEEDS | FOUNDING)[name](
                Places(root), lambda kind, value: said.send((kind, value))
            )
        models.close_database()
        said.send(("end", ""))
    except Exception as error:
        words = mishaps.told(error)
        place = "words" if words is not None else "no words"
        said.send((place, f"{words or ''} {type(error).__name__}: {error}"))


class Base(NamedTuple):
    """A centre that each step begins from a copy of, and what it told of.

    Every copy lies in the same place, so that what it knows of its share stays right.
    """

    root: Path
    place: Path
    told: list[Told]

    def copied(self) -> Path:
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.root, self.place)
        return self.place


def prepare(place: Path) -> Base:
    """Make of the small centre in *place* one where each deed has something to do.

    Some visits are confirmed, some are on the share and not read, some are new; a
    backup lies behind all but the first of them, and each paper has an old edition.
    """
    stay_within(place)
    told = list[Told]()
    _fill(Places(place), lambda kind, value: told.append((kind, value)))
    models.close_database()
    base = place.with_name("base")
    place.rename(base)
    return Base(base, place, [one for one in told if one[0] in KEPT])


def _fill(places: Places, tell: Tell) -> None:
    def nobody(kind: str, value: str) -> None:
        pass

    places.papers.mkdir()
    places.find_share()
    with clock.set_at(clock.now() - timedelta(days=32)):
        visit(places, tell)
    for deed in (visit, publish, merge, publish):
        deed(places, tell)
    back_up(places, nobody)
    for deed in (visit, seal_use, publish):
        deed(places, tell)
    for export in (export_word, export_sheet, export_split):
        export(places, nobody)
    save_settings(places.station, Settings(zoom=110))
    visit(places, tell, "waiting")
