"""Batches of every released program are read, and of programs that are still to come.

How the files were made says `golden/make.py`; they are never made again.
"""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from exchange import Forger, exchange, stored, work

import models
from exports.sync import batch, merge, share, sync_state, upgrading
from exports.sync.projection import Sender
from models import clock, migrations, settling
from models.base import db, set_station
from models.installation import Installation, StationKind, installation
from models.journal import Stream
from models.progress import unheard
from models.tables import RECORD_BY_NAME
from models.troubles import Quarantine
from models.visits import Visit

GOLDEN = Path(__file__).parent / "golden"
RELEASED = sorted(path.name for path in GOLDEN.glob("schema*"))


def test_there_is_one_of_every_schema_that_was_released():
    released = [int(name.removeprefix("schema")) for name in RELEASED]
    old_files = GOLDEN.parent / "old_files"
    kept = sorted(int(path.name[1:]) for path in old_files.iterdir())
    assert released == kept == list(range(1, 2 + len(migrations.STEPS)))


@pytest.fixture(params=RELEASED)
def golden(request, tmp_path):
    folder = tmp_path / "golden"
    shutil.copytree(GOLDEN / request.param, folder)
    keys = json.loads((folder / "keys.json").read_text("utf-8"))
    assert keys["schema"] == int(request.param.removeprefix("schema"))
    return folder, keys


def belong_to(keys: dict, kind: str) -> Installation:
    """The open database as if it were of that centre."""
    uid = keys["office" if kind == StationKind.OFFICE else "station"]
    secret = "office_identity" if kind == StationKind.OFFICE else "station_identity"
    Installation.update(
        realm=keys["realm"],
        station_uid=uid,
        kind=kind,
        office_uid=keys["office"],
        office_key=keys["office_key"],
        age_identity=keys[secret],
    ).execute()
    set_station(uid, kind)
    return installation()


def test_the_office_reads_what_every_released_desk_has_published(office, golden):
    folder, keys = golden
    marker = share.read_marker(folder)
    assert (marker.realm, marker.office_key) == (keys["realm"], keys["office_key"])
    here = belong_to(keys, StationKind.OFFICE)
    sender = Sender(keys["station"], StationKind.DESK, keys["station_key"])
    up = folder / "up" / keys["station"] / keys["station_epoch"]
    assert merge.merge_stream(here, sender, "office", up, unheard) == 4
    assert Quarantine.select().count() == 0 and sync_state().conflicts == 0
    rows = db.execute_sql(
        "SELECT uid, number, visitor_name, result FROM visit WHERE station = ? "
        "ORDER BY uid",
        (keys["station"],),
    ).fetchall()
    assert [list(row) for row in rows] == keys["visits"]
    use = models.SealUse.get(models.SealUse.station == keys["station"])
    assert (use.applicant, use.number) == ("张伟", 1)
    copy = Stream.get(Stream.sender == keys["station"])
    assert (copy.upto, copy.seal_count, copy.newer_from) == (4, 1, 0)


def test_a_desk_reads_what_every_released_office_has_published(station, golden):
    folder, keys = golden
    here = belong_to(keys, StationKind.DESK)
    office = Sender(keys["office"], StationKind.OFFICE, keys["office_key"])
    read = 0
    for addressee in ("all", keys["station"]):
        down = folder / "down" / addressee / keys["office_epoch"]
        read += merge.merge_stream(here, office, addressee, down, unheard)
    assert Quarantine.select().count() == 0 and read > 80
    mine = models.Person.station == keys["office"]
    assert models.Person.select().where(mine).count() == keys["people"]
    inbox = Stream.get(Stream.addressee == keys["station"])
    from exports.sync.receipts import _last_receipt

    receipt = _last_receipt(inbox, keys["station_epoch"])
    assert receipt is not None and (receipt.upto, receipt.again) == (4, "")


# -- programs that are still to come ---------------------------------------------------


def test_what_a_newer_program_adds_is_kept_as_it_came_and_shown_after_the_upgrade(
    centre, monkeypatch
):
    work(centre.station, 1)
    exchange(centre.station, centre.office)
    visit = Visit.get()
    forger = Forger(centre.station, centre.share)
    newer = stored(visit) | {"revision": 2, "note": "改", "mood": "高兴"}
    loan = models.Loan(
        number="借2026-0001",
        desk_uid=visit.desk_uid,
        desk_name=visit.desk_name,
        department_uid="",
        department_name="",
        what="雨伞",
        borrower_name="张伟",
        phone="1",
        purpose="下雨",
        approver="李老师",
        lender_uid="",
        lender_name="",
        lent_at=clock.now(),
        due_back_on=clock.today(),
        station=visit.station,
        revision=1,
    )
    with monkeypatch.context() as older:
        older.delitem(RECORD_BY_NAME, "loan")  # this program does not know it yet
        forger.publish(
            forger.line("visit", newer),
            forger.line("loan", stored(loan)),
            forger.line("mood", {"uid": "ab", "revision": 1, "what": "未来的表"}),
            header={"schema": 99},
        )
        exchange(centre.office)
        assert Visit.get().note == "改" and models.Loan.select().count() == 0
        assert settling.waiting_for_upgrade() == {"loan": 1, "mood": 1}
        assert sync_state().quarantined == sync_state().conflicts == 0
        exchange(centre.office)
        assert models.Loan.select().count() == 0  # not upgraded yet
    payloads = db.execute_sql(
        "SELECT payload FROM journal WHERE payload LIKE '%高兴%' "
        "OR payload LIKE '%未来%'"
    ).fetchall()
    assert len(payloads) == 2
    # The upgrade: now the loan is known, and a column of the visit as well.
    db.execute_sql("UPDATE visit SET note = ''")
    monkeypatch.setattr(upgrading.migrations, "STEPS", range(98))
    assert upgrading.project_what_waits(installation()) == 2
    assert (Visit.get().note, models.Loan.get().what) == ("改", "雨伞")
    assert Stream.select().where(Stream.newer_from > 0).count() == 0
    triggers = "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE '%only_added'"
    assert db.execute_sql(triggers).fetchone()[0] > 5
    monkeypatch.undo()
    assert models.verify().faults == []


def test_a_format_beyond_this_program_waits_and_says_so(centre):
    work(centre.station, 1)
    exchange(centre.station, centre.office)
    forger = Forger(centre.station, centre.share)
    line = forger.line("visit", stored(Visit.get()) | {"revision": 2, "note": "改"})
    path = forger.publish(line, header={"min_reader": batch.READER + 1})
    exchange(centre.office)
    state = sync_state()
    assert (state.quarantined, Visit.get().note) == (1, "")
    assert "请先升级" in Quarantine.get().reason
    assert [(gap.first, gap.last) for gap in state.missing] == [(3, 3)]
    # The others go on, and after the upgrade the very file is read.
    data = path.read_bytes()
    header = msgspec.json.decode(data.split(b"\n")[1])
    assert header["min_reader"] == batch.READER + 1
    monkey = pytest.MonkeyPatch()
    monkey.setattr(batch, "READER", batch.READER + 1)
    exchange(centre.office)
    monkey.undo()
    assert Visit.get().note == "改" and sync_state().quarantined == 0
