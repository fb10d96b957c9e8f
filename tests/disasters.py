"""What the tests of disasters do to a centre: put back, copy, wipe."""

import shutil
from pathlib import Path

import pytest
from exchange import exchange

import models
from exports.sync import sync_state
from models import journal, machine, witness
from models.alarms import Alarm
from models.base import db
from models.installation import Installation


def keep(place: Path) -> Path:
    """A copy of a folder as it is now."""
    models.close_database()
    copy = place.with_name(f"{place.name}-kept-{len(list(place.parent.iterdir()))}")
    shutil.copytree(place, copy)
    return copy


def put_back(copy: Path, place: Path, *, database_only: bool = False) -> None:
    """The older state of a folder, or of its database alone, in place of the newer."""
    models.close_database()
    if database_only:
        for name in ("desk.db-wal", "desk.db-shm"):
            (place / name).unlink(missing_ok=True)
        shutil.copy(copy / "desk.db", place / "desk.db")
    else:
        shutil.rmtree(place)
        shutil.copytree(copy, place)


def forget_witnesses(folder: Path) -> None:
    """Neither beside the database nor where the system keeps state."""
    models.open_database(folder)
    for place in witness.places():
        place.unlink(missing_ok=True)
        witness._written.pop(place, None)
    models.close_database()


def wipe(share: Path) -> None:
    for part in ("up", "down", "enrol"):
        if (share / part).exists():
            shutil.rmtree(share / part)


def on_machines(names: dict[Path, str], patch: pytest.MonkeyPatch) -> None:
    """What the PC is called on which the data of a folder are used."""

    def machine_name() -> str:
        place = Path(str(db.database))
        return next(names[folder] for folder in place.parents if folder in names)

    patch.setattr(machine, "machine_name", machine_name)


def never_looked_at(*folders: Path) -> None:
    for folder in folders:
        models.open_database(folder)
        with models.transaction():
            Installation.update(machine="").execute()


def rounds(centre, *desks: Path, times: int = 3) -> None:
    for _ in range(times):
        exchange(*desks, centre.office)
    exchange(*desks)


def alarms(folder: Path) -> list[tuple[str, str]]:
    """Kind and text of what is open at a place, in the order it was raised."""
    models.open_database(folder)
    return [(alarm.kind, alarm.text) for alarm in Alarm.select().order_by(Alarm.id)]


def kinds(folder: Path) -> set[str]:
    return {kind for kind, _text in alarms(folder)}


def states(folder: Path) -> tuple[int, int, int]:
    models.open_database(folder)
    state = sync_state()
    assert state.confirmed + state.published + state.waiting == journal.tip()[0]
    return state.confirmed, state.published, state.waiting


def seal_numbers(folder: Path) -> list[int]:
    models.open_database(folder)
    return sorted(use.number for use in models.SealUse.select())
