"""A stranger who may write to the share, but holds no key."""

import os

import msgspec
import pytest
from exchange import assert_alike, batches_of, exchange, work

import models
from exports.sync import cycle, enrolment, keys, sync_state
from models import troubles
from models.journal import Stream
from models.troubles import Quarantine


def test_junk_pipes_links_and_folders_on_the_share_stop_nobody(centre):
    work(centre.station)
    exchange(centre.station)
    (path,) = batches_of(centre, centre.station)
    folder = path.parent
    name = f"0000000001-0000000009-{'ab' * 12}.batch"
    os.mkfifo(folder / name)
    (folder / f"0000000002-0000000009-{'ab' * 12}.batch").symlink_to("/dev/zero")
    (folder / f"0000000003-0000000009-{'ab' * 12}.batch").mkdir()
    (folder / f"9999999990-9999999999-{'ab' * 12}.batch").write_bytes(b"x")
    (folder / f"0000000001-9999999999-{'ab' * 12}.batch").write_bytes(b"x")
    (folder / os.fsdecode(b"\xff\xfe.batch")).write_bytes(b"x")
    for junk in ("x" * 16, "٠٠٠١" + "ab" * 6, "0001zzzzzzzzzzzz", ".."):
        (centre.share / "up" / folder.parent.name / junk).mkdir(exist_ok=True)
    (centre.share / "up" / folder.parent.name / "0002aaaaaaaaaaaa").write_bytes(b"x")
    exchange(centre.office)
    assert all(gap.last <= 9 for gap in sync_state().missing)  # as no batch is longer
    exchange(centre.station)
    for child in folder.iterdir():
        if child != path:
            child.rmdir() if child.is_dir() else child.unlink()
    exchange(centre.office)
    assert_alike(centre.office, centre.station)
    assert Quarantine.select().count() == 0 or models.open_database(centre.office)


def test_a_flood_of_made_up_files_and_epochs_is_bounded(centre, monkeypatch):
    monkeypatch.setattr(troubles, "MOST_QUARANTINED", 50)
    monkeypatch.setattr(cycle, "MOST_NEW_EPOCHS", 5)
    work(centre.station)
    exchange(centre.station)
    (path,) = batches_of(centre, centre.station)
    for number in range(40):
        fake = path.parent.with_name(f"{number:04d}" + "ab" * 6)
        fake.mkdir()
        for junk in range(20):
            name = f"0000000001-{junk + 1:010d}-{number:024x}.batch"
            (fake / name).write_bytes(b"x")
    exchange(centre.office)
    assert Quarantine.select().count() <= 50
    assert Stream.select().count() <= 20
    # The epoch that was known before the flood goes on.
    for fake in path.parent.parent.iterdir():
        if fake != path.parent:
            for junk in fake.iterdir():
                junk.unlink()
            fake.rmdir()
    exchange(centre.office, centre.station)
    state = sync_state()
    assert (state.published, state.waiting) == (0, 0)


def test_a_known_epoch_goes_on_in_the_middle_of_a_flood(centre):
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    folder = batches_of(centre, centre.station)[0].parent
    for number in range(100):
        folder.with_name(f"0000{number:012x}").mkdir()
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    assert sync_state().published == 0


def test_a_forged_office_is_not_believed(centre):
    """A batch in the office's folder, signed by an enrolled desk."""
    work(centre.station)
    exchange(centre.station)
    (path,) = batches_of(centre, centre.station)
    office = models.installation()
    down = centre.share / "down" / "all" / office.followed_epoch
    (down / path.name).write_bytes(path.read_bytes())
    exchange(centre.station)
    assert ["签名不符" in row.reason for row in Quarantine.select()] == [True]


def test_a_request_cannot_choose_its_folder_or_somebody_elses_identity(centre):
    office = models.open_database(centre.office)
    taken_uid = models.stations()[0].station_uid
    folder = centre.share / "enrol"
    for uid, name in (
        ("../../elsewhere", "坏"),
        ("a" * 32, "坏\n名"),
        ("a" * 32, "长" * 400),
        (taken_uid, "冒名"),
    ):
        stranger = keys.new_identity()
        request = enrolment.Request(
            1, office.realm, uid, name, stranger.sign_key, stranger.recipient
        )
        body = msgspec.json.encode(request)
        text = keys.sign(stranger.sign_seed, b"desk-request-1\0" + body)
        (folder / request.file_name).write_bytes(body + b"\n" + text.encode())
    (folder / ("a" * 32 + ".request")).write_bytes(b"\xff" * 99)
    (folder / ("b" * 32 + ".request")).mkdir()
    assert enrolment.requests() == []
    stranger = keys.new_identity()
    mine = enrolment.Request(
        1, office.realm, office.station_uid, "x", stranger.sign_key, stranger.recipient
    )
    with pytest.raises(models.UserError):
        enrolment.approve(
            mine,
            desk=models.desk_by_code("jiuye"),
            by=models.person_signing_in("B0001"),
        )
