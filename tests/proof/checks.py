"""What must hold after a fault, asked by a process that had no part in it."""

import traceback
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from exchange import assert_alike, exchange, rows_by

import models
from desk.settings import load_settings
from exports import backup
from models import SealUse, Visit, clock
from models.base import db
from models.drafts import drafts
from models.installation import installation
from models.troubles import Quarantine
from proof import deeds
from proof.deeds import FOUNDING, Places, Told

ZOOMS = (110, 150)  # before and after


def whole(folder: Path) -> None:
    """The database opens, all of it holds, and the journal's chain verifies."""
    models.open_database(folder)
    answers = [row[0] for row in db.execute_sql("PRAGMA integrity_check").fetchall()]
    assert answers == ["ok"], answers
    assert models.verify().faults == []


def kept(places: Places, told: Sequence[Told], restored: bool) -> None:
    """Everything that was told is there."""
    models.open_database(places.station)
    visits = {row.uid for row in Visit.select(Visit.uid)}
    uses = {row.uid for row in SealUse.select(SealUse.uid)}
    texts = {draft.payload for draft in drafts()}
    for kind, value in told:
        if kind == "visit" or (kind == "waiting" and not restored):
            assert value in visits, f"visit {value} was told and is gone"
        if kind == "seal_use":
            assert value in uses, f"seal use {value} was told and is gone"
        if kind == "draft" and not restored:
            assert value in texts, "a draft was told and is gone"


def files_are_whole(places: Places, told: Sequence[Told], old: dict[str, str]) -> None:
    """Each paper is the old edition or a whole new one, each backup opens."""
    told_papers = {value for kind, value in told if kind == "paper"}
    for name in {*old, *told_papers}:
        data = (places.papers / name).read_bytes()
        if name in told_papers or sha256(data).hexdigest() != old[name]:
            _is_document(places.papers / name)
    zoom = load_settings(places.station).zoom
    assert zoom in ZOOMS, f"settings are gone: zoom {zoom}"
    assert ("settings", "150") not in told or zoom == 150
    backups = {one.path.name: one.path for one in backup.found_in(places.stick)}
    assert {value for kind, value in told if kind == "backup"} <= set(backups)
    assert backups, "the old backup is gone"
    for path in backups.values():
        backup.open_backup(path, places.station)


def _is_document(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            assert archive.testzip() is None
    except BadZipFile as error:
        raise AssertionError(f"{path.name} is half a file") from error


def nothing_is_left(places: Places) -> None:
    """A call that failed cleans up after itself; only who was killed leaves parts."""
    parts = [path for path in places.root.rglob("*.part") if "up" not in path.parts]
    assert not parts, f"left behind: {parts}"


def exchanged(places: Places) -> None:
    """The other side reads all that is on the share."""
    for folder in (places.office, places.station):
        models.open_database(folder)
        models.set_share(str(places.share))
    exchange(places.station, places.office, places.station, places.office)
    exchange(places.station)
    apart = _apart(places)
    assert not apart, f"the office has not what the station has: {apart}"
    assert_alike(places.office, places.station)
    models.open_database(places.office)
    assert Quarantine.select().count() == 0
    parts = [*(places.share / "up").rglob("*.part")]
    assert not parts, f"not swept: {parts}"


def _apart(places: Places) -> list[tuple[str, tuple]]:
    """Rows of the station that are not alike at both."""
    mine = rows_by(models.open_database(places.station).station_uid)
    here = installation().station_uid
    models.open_database(places.office)
    theirs = rows_by(here)
    return [
        (table, row)
        for table, rows in mine.items()
        for row in {*rows} ^ {*theirs[table]}
    ]


def editions(places: Places) -> dict[str, str]:
    """The papers there are, by what is in them."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in places.papers.iterdir()
        if path.suffix != ".part"
    }


def _is_restored(places: Places) -> bool:
    models.open_database(places.station)
    return not installation().epoch.startswith("0001")


def examine(
    root: Path,
    names: tuple[str, ...],
    told: list[Told],
    old: dict[str, str],
    tidy: bool,
) -> None:
    """Raises for what does not hold after *names* were done and *told* was said."""
    deeds.stay_within(root)
    places = Places(root)
    if names[0] in FOUNDING:
        return _examine_founding(places, told)
    # A program that was killed is started again a moment later, not in the same one.
    with clock.set_at(clock.now() + timedelta(seconds=2)):
        whole(places.station)
        whole(places.office)
        if not _is_restored(places):  # else the office gives it back, below
            kept(places, told, False)
        files_are_whole(places, told, old)
        if tidy:
            nothing_is_left(places)
        again: list[Told] = []
        for folder in (places.office, places.station):
            models.open_database(folder)
            models.set_share(str(places.share))
        for name in dict.fromkeys(names):
            deeds.DEEDS[name](places, lambda *said: again.append(said))
        assert again, f"the next {names[0]} said nothing"
        exchanged(places)
        kept(places, [*told, *again], _is_restored(places))
        # Of the backups of a day the newest stays.
        fixed = [one for one in told if one[0] != "backup"]
        files_are_whole(places, [*fixed, *again], old)


def _examine_founding(places: Places, told: list[Told]) -> None:
    """What was told of is there; else it can be made, there or in another folder."""
    second = places.root / "second"
    if told:
        whole(second)
        models.set_share(str(places.root / "second-share"))
        exchange(second)
        key = places.root / "second-recovery.key"
        assert "AGE-SECRET-KEY-1" in key.read_text()
        return
    models.close_database()
    again = Places(places.root / "again")
    again.root.mkdir()
    said: list[Told] = []
    deeds.found(again, lambda *one: said.append(one))
    assert said


def answer(said: Connection, *arguments: object) -> None:
    """`examine` in a process of its own: what does not hold, "" when all does."""
    try:
        examine(*arguments)  # type: ignore[arg-type]
        said.send("")
    except BaseException:
        said.send(traceback.format_exc(limit=-6))
