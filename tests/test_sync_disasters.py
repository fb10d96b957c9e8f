"""The office put back or built anew, and the share wiped or put back."""

import shutil

import msgspec
import pytest
from disasters import (
    alarms,
    forget_witnesses,
    keep,
    kinds,
    put_back,
    rounds,
    states,
    wipe,
)
from exchange import (
    Forger,
    add_station,
    approve_all,
    assert_alike,
    exchange,
    join,
    work,
)

import models
from exports.sync import share, sync, sync_state
from exports.sync.batch import Followed
from models import Person, UserError, epochs, journal
from models.epochs import EpochChange
from models.journal import OWN, Stream
from models.people import PersonRole
from models.troubles import Conflict, Quarantine


def hire(office, name: str) -> str:
    """A person more, in the office's records; their uid."""
    models.open_database(office)
    return models.add_person(
        by=models.person_signing_in("B0001"),
        number=f"2024{len(list(Person.select())):06d}",
        name=name,
        role=PersonRole.ASSISTANT,
        department=models.department_by_name("教务处"),
    ).uid


def rename(office, uid: str, name: str) -> None:
    models.open_database(office)
    with models.transaction():
        person = Person.get_by_id(uid)
        person.name = name
        person.write(by=models.person_signing_in("B0001"))


def name_of(folder, uid: str) -> str | None:
    models.open_database(folder)
    person = Person.get_or_none(Person.uid == uid)
    return person and person.name


HOW = ("database alone", "no witness")


@pytest.mark.parametrize("how", HOW)
def test_an_office_put_back_begins_anew_and_reads_again_what_it_had_said(centre, how):
    other = add_station(centre, "xuesheng")
    desks = (centre.station, other)
    work(centre.station)
    rounds(centre, *desks, times=2)
    known = hire(centre.office, "原名")
    rounds(centre, *desks, times=1)
    backup = keep(centre.office)
    hired = hire(centre.office, "后来的人")
    rename(centre.office, known, "改名")
    for desk in desks:
        work(desk)
    rounds(centre, *desks, times=2)
    followed = models.installation().followed_epoch
    put_back(backup, centre.office, database_only=how == HOW[0])
    if how == "no witness":
        forget_witnesses(centre.office)
    rename(centre.office, known, "又改名")  # it does not know yet what it forgot
    rounds(centre, *desks)
    assert_alike(centre.office, *desks)
    for folder in (centre.office, *desks):
        assert name_of(folder, hired) == "后来的人"
        assert name_of(folder, known) == "又改名"
    assert {row.row_uid for row in Conflict.select()} == {known}
    models.open_database(centre.office)
    assert {row.row_uid for row in Conflict.select()} == {known}
    change = EpochChange.get(EpochChange.station == models.station_uid())
    assert (change.reason, change.before) == ("rolled_back", followed)
    assert Quarantine.select().count() == 0
    for desk in desks:
        models.open_database(desk)
        assert models.installation().followed_epoch == change.epoch > followed
        assert kinds(desk) == set()


def test_an_office_put_back_with_the_share_gone_learns_it_from_its_desks(centre):
    """It goes on under its old epoch: the desks see that it contradicts itself, do not
    follow it there, and tell it how far they had read."""
    work(centre.station)
    rounds(centre, centre.station, times=1)
    backup = keep(centre.office)
    lost = hire(centre.office, "后来的人")
    work(centre.station)
    rounds(centre, centre.station, times=2)
    put_back(backup, centre.office)
    forget_witnesses(centre.office)
    wipe(centre.share)
    new = hire(centre.office, "另一个人")
    exchange(centre.office)
    assert EpochChange.select().count() == 0  # nothing tells it yet
    exchange(centre.station)
    assert name_of(centre.station, new) is None
    assert "倒回过；本机没有采用" in dict(alarms(centre.station))["office_differs"]
    (result,) = exchange(centre.office)
    assert "办公室的数据被倒回过" in result.trouble
    text = dict(alarms(centre.office))["office_forgot"]
    assert "教务窗口 1 号机读到过办公室发布的第" in text
    rounds(centre, centre.station)
    length = journal.tip()[0]
    assert states(centre.station) == (length, 0, 0)
    assert name_of(centre.station, new) == name_of(centre.office, new) == "另一个人"
    # What nobody can give back is named; the desk keeps what it had heard.
    assert (name_of(centre.office, lost), name_of(centre.station, lost)) == (
        None,
        "后来的人",
    )
    models.open_database(centre.office)
    assert models.verify().faults == []
    rounds(centre, centre.station, times=2)
    models.open_database(centre.office)
    assert EpochChange.select().count() == 1


def test_a_new_office_epoch_voids_what_the_old_one_confirmed(centre):
    """And an older one is never followed again, whatever the share brings back."""
    work(centre.station)
    rounds(centre, centre.station, times=1)
    length = journal.tip()[0]
    assert states(centre.station) == (length, 0, 0)
    snapshot = keep(centre.share)
    models.open_database(centre.office)
    first = models.installation().epoch
    epoch = epochs.open_epoch("restored")
    exchange(centre.office)
    with_both = keep(centre.share)
    models.open_database(centre.station)
    # Only the word of the new office is read, nothing else has moved.
    result = exchange(centre.station)[0]
    assert states(centre.station) == (length, 0, 0)  # its receipt came along
    assert models.installation().followed_epoch == epoch and result.trouble == ""
    put_back(snapshot, centre.share)
    exchange(centre.station)
    assert models.installation().followed_epoch == epoch
    assert states(centre.station) == (length, 0, 0)
    put_back(with_both, centre.share)
    rounds(centre, centre.station, times=1)
    assert_alike(centre.office, centre.station)
    # Without the receipt nothing is confirmed, and the files are what they were.
    models.open_database(centre.office)
    epochs.open_epoch("restored", above=first)
    exchange(centre.office)
    uid = models.open_database(centre.station).station_uid
    third = max((centre.share / "down" / uid).iterdir())
    shutil.move(third, centre.root / "late")
    exchange(centre.station)
    assert states(centre.station) == (0, length, 0)
    wipe(centre.share / "up" / "..")
    exchange(centre.station)
    assert states(centre.station) == (0, length, 0)
    assert len(list(centre.share.glob("up/*/*/*"))) > 0  # there once more
    rounds(centre, centre.station, times=2)
    assert_alike(centre.office, centre.station)


def test_a_share_put_back_to_an_older_state_changes_nothing(centre):
    other = add_station(centre, "xuesheng")
    desks = (centre.station, other)
    for desk in desks:
        work(desk)
    rounds(centre, *desks, times=1)
    snapshot = keep(centre.share)
    hire(centre.office, "后来的人")
    for desk in desks:
        work(desk)
    rounds(centre, *desks, times=2)
    work(centre.station, 1)
    exchange(centre.station)  # 已上传, and then gone from the share
    put_back(snapshot, centre.share)
    confirmed, _published, _waiting = states(centre.station)
    rounds(centre, *desks, times=1)
    assert states(centre.station)[0] > confirmed
    assert_alike(centre.office, *desks)
    late = add_station(centre, "houqin")
    rounds(centre, *desks, late, times=1)
    assert_alike(centre.office, *desks, late)
    for folder in (centre.office, *desks, late):
        models.open_database(folder)
        state = sync_state()
        assert (state.quarantined, state.conflicts, state.missing) == (0, 0, [])
        assert kinds(folder) == set() and EpochChange.select().count() == 0


def test_a_marker_is_never_made_again_after_a_restore(centre):
    """Not even by an office put back to the day it was founded."""
    models.open_database(centre.office)
    with models.transaction():
        models.installation().__class__.update(synced_at=None).execute()
        Stream.update(published_upto=0).where(Stream.id == OWN).execute()
    epochs.open_epoch("restored")
    (centre.share / share.MARKER).unlink()
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        with pytest.raises(UserError, match="标记"):
            sync()
    assert not (centre.share / share.MARKER).exists()


def test_a_desk_gone_bad_cannot_drive_the_office_through_its_epochs(centre):
    """A label far ahead is a made-up one; each claim costs the desk its name."""
    bad = add_station(centre, "xuesheng")
    work(bad, 1)
    exchange(bad, centre.office, bad)
    before = models.open_database(centre.office).epoch
    for label in ("9999ffffffffffff", "x", "0000aaaaaaaaaaaa"):
        forger = Forger(bad, centre.share)
        claim = Followed(epoch=label, upto=5, head="0" * 64)
        forger.length, forger.head, forger.uses = place(centre, bad)
        forger.publish(forger.line("x", b"{}"), header={"followed": claim})
        exchange(centre.office)
        assert models.installation().epoch == before
    forger.length, forger.head, forger.uses = place(centre, bad)
    forger.publish(
        forger.line("x", b"{}"),
        header={"followed": Followed(epoch=before, upto=3, head="0" * 64)},
    )
    assert "xuesheng 1 号机" in exchange(centre.office)[0].trouble
    assert models.installation().epoch[:4] == "0002"


def test_a_desk_that_claims_words_nobody_said_to_it_is_heard_in_words(centre):
    """Let in just now: the office has said nothing to it alone."""
    bad = centre.root / "xuesheng"
    join(centre, bad, name="xuesheng 1 号机")
    approve_all(centre, "xuesheng")
    epoch = models.installation().epoch
    claim = Followed(epoch=epoch, own_upto=9, own_head="0" * 64)
    forger = Forger(bad, centre.share)
    forger.publish(forger.line("x", b"{}"), header={"followed": claim})
    assert "xuesheng 1 号机" in exchange(centre.office)[0].trouble


def place(centre, folder) -> tuple[int, str, tuple[int, str]]:
    uid = models.open_database(folder).station_uid
    models.open_database(centre.office)
    copy = Stream.get((Stream.sender == uid) & ~Stream.own)
    return copy.upto, copy.head, (copy.seal_count, copy.seal_head)


def test_messages_of_the_office_alone_give_back(centre):
    bad = add_station(centre, "xuesheng")
    work(bad, 1)
    exchange(bad, centre.office, bad)
    forger = Forger(bad, centre.share)
    for kind in ("returned", "recalled"):
        forger.publish(forger.line(kind, msgspec.json.encode({"epoch": "x"})))
        exchange(centre.office)
        assert "只有办公室" in Quarantine.select().order_by(Quarantine.id)[-1].reason


def test_a_fire_takes_share_and_office_and_the_desks_bring_theirs_back(centre):
    """An office from an old copy, an empty share with its marker: whatever the desks
    hold arrives, and nothing is shown as confirmed in between."""
    backup = keep(centre.office)
    other = add_station(centre, "xuesheng")
    desks = (centre.station, other)
    for _ in range(2):
        for desk in desks:
            work(desk)
        rounds(centre, *desks, times=1)
    put_back(backup, centre.office)
    forget_witnesses(centre.office)
    wipe(centre.share)
    exchange(centre.office, centre.station, centre.office)
    rounds(centre, centre.station)
    assert states(centre.station)[1:] == (0, 0)
    models.open_database(centre.office)
    uid = models.open_database(centre.station).station_uid
    models.open_database(centre.office)
    made = {row.station for row in models.Visit.select()}
    assert made == {uid} and models.verify().faults == []
    # The other was let in after the copy was made: nothing of it is there, and it says
    # so until it is let in once more.
    length = states(other)[0]
    assert "重新批准" in exchange(other)[0].trouble
    assert states(other) == (0, length, 0) and length
    approve_all(centre, "xuesheng")
    rounds(centre, *desks)
    assert states(other) == (length, 0, 0)
    models.open_database(centre.office)
    assert models.verify().faults == []
    assert len({row.station for row in models.Visit.select()}) == 2


def test_who_was_let_in_after_the_copy_is_told_that_the_office_has_nothing(centre):
    """Nobody else remembers it: the other desk was put back as well."""
    work(centre.station)
    rounds(centre, centre.station, times=2)
    copies = [(keep(place), place) for place in (centre.office, centre.station)]
    late = add_station(centre, "xuesheng")
    work(late)
    rounds(centre, late, times=2)
    length = states(late)[0]
    for copy, place in copies:
        put_back(copy, place)
        forget_witnesses(place)
    wipe(centre.share)
    exchange(centre.station, late, centre.office, late)
    assert "可能被倒回过" in exchange(late)[0].trouble
    approve_all(centre, "xuesheng")
    rounds(centre, late, centre.station)
    assert states(late) == (length, 0, 0) and sync_state().trouble == ""
    models.open_database(centre.office)
    assert {row.station for row in models.Visit.select()} >= {uid_of(late)}
    models.open_database(centre.office)
    assert models.verify().faults == []


def uid_of(folder) -> str:
    return models.open_database(folder).station_uid
