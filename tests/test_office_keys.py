"""The office's keys on two sticks, and the office set up again from them."""

import shutil

import exchange as exchange_module
import pytest
from exchange import add_station, assert_alike, exchange, rows_by, work

import models
from exports.sync import enrolment, officekeys, share, sync, sync_state
from exports.sync.refounding import refound_centre
from models import UserError, epochs, journal
from models.alarms import open_alarms
from models.epochs import EpochChange
from models.pay import ExcessDecision
from models.tables import RECORDS

PASSPHRASE = "青山 铁锅 灯塔 走廊 三七"


@pytest.fixture(scope="session")
def exported(small_centre, tmp_path_factory):
    """Two sticks with the keys of the small centre's office, made once."""
    sticks = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    models.open_database(small_centre / "office")
    by = models.person_signing_in("B0001")
    made = officekeys.export_office_keys(
        sticks, passphrase=PASSPHRASE, again=PASSPHRASE, by=by
    )
    assert models.installation().keys_saved_at is not None
    models.close_database()
    return made


@pytest.fixture(scope="session")
def secrets(exported):
    """What the passphrase takes out of the second stick: opened once, it is slow."""
    return officekeys.read_office_keys(exported[1], PASSPHRASE)


def keys_saved_at():
    return models.installation().keys_saved_at


def alike(office, *desks):
    """As `assert_alike`, but for the office's own note that it began anew."""
    models.open_database(office)
    assert models.db.execute_sql("SELECT COUNT(*) FROM epoch_change").fetchone() == (1,)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            exchange_module, "RECORDS", [m for m in RECORDS if m != EpochChange]
        )
        assert_alike(office, *desks)


def refound(centre, secrets, **more):
    """The old PC is gone: what it had is only on the sticks and on the share."""
    models.close_database()
    if centre.office.exists():
        shutil.rmtree(centre.office)
    fields = {"share_folder": centre.share, "key_in_file": True} | more
    return refound_centre(centre.office, office_keys=secrets, **fields)


def test_both_sticks_hold_the_keys_and_the_passphrase_opens_them(
    exported, secrets, centre
):
    here = models.open_database(centre.office)
    one, two = (path.read_bytes() for path in exported)
    assert one == two and here.sign_seed.encode() not in one
    assert secrets.identity == (here.sign_seed, here.age_identity)
    assert secrets.fingerprint == share.read_marker(centre.share).fingerprint
    with pytest.raises(UserError, match="口令不对"):
        officekeys.read_office_keys(exported[0], PASSPHRASE + " ")
    with pytest.raises(UserError, match="不是办公室密钥文件"):
        officekeys.read_office_keys(centre.root / "recovery.key", PASSPHRASE)


@pytest.mark.parametrize(
    ("typed", "again", "why"),
    [
        ("abc", "abc", "太弱"),
        ("1" * 40, "1" * 40, "太弱"),
        ("123456789012345678", "123456789012345678", "太弱"),
        (PASSPHRASE, PASSPHRASE + "八", "不一致"),
        (PASSPHRASE + " ", PASSPHRASE + " ", "空格"),
    ],
)
def test_a_weak_or_mistyped_passphrase_is_refused(chief, tmp_path, typed, again, why):
    sticks, before = [tmp_path / "a", tmp_path / "b"], keys_saved_at()
    for stick in sticks:
        stick.mkdir()
    with pytest.raises(UserError, match=why):
        officekeys.export_office_keys(sticks, passphrase=typed, again=again, by=chief)
    assert [*tmp_path.glob("?/*")] == []
    assert models.installation().keys_saved_at == before


def test_the_keys_go_to_two_sticks_and_nowhere_else(centre, chief, tmp_path):
    def export(*folders, by=chief):
        return officekeys.export_office_keys(
            folders, passphrase=PASSPHRASE, again=PASSPHRASE, by=by
        )

    stick, other = tmp_path / "a", tmp_path / "b"
    stick.mkdir()
    other.mkdir()
    for folders, why in (
        ((stick, stick), "两个不同的"),
        ((stick,), "两个不同的"),
        ((stick, centre.share), "不能放在共享文件夹"),
        ((centre.office, stick), "不能放在数据文件夹"),
        ((stick, tmp_path / "none"), "插好 U 盘"),
    ):
        with pytest.raises(UserError, match=why):
            export(*folders)
    with pytest.raises(UserError, match="由中心办公室办理"):
        export(stick, other, by=models.person_signing_in("T001"))
    (other / officekeys.file_name()).touch()
    with pytest.raises(UserError, match="已经存在"):
        export(stick, other)
    assert [*stick.iterdir()] == []
    models.open_database(centre.station)
    with pytest.raises(UserError, match="只在办公室电脑上"):
        export(stick, other)


def test_a_stick_that_keeps_something_else_takes_both_copies_back(
    chief, tmp_path, monkeypatch
):
    sticks, before = [tmp_path / "a", tmp_path / "b"], keys_saved_at()
    for stick in sticks:
        stick.mkdir()
    write = officekeys._write

    def half(place, sealed):
        write(place, sealed if place.parent.name == "a" else sealed[:-1])

    monkeypatch.setattr(officekeys, "_write", half)
    monkeypatch.setattr(officekeys.keys, "encrypt_by_passphrase", lambda *_: b"sealed")
    with pytest.raises(UserError, match="两份都已撤回"):
        officekeys.export_office_keys(
            sticks, passphrase=PASSPHRASE, again=PASSPHRASE, by=chief
        )
    assert [*tmp_path.glob("?/*")] == []
    assert models.installation().keys_saved_at == before


def test_the_office_comes_back_on_another_pc_and_the_desks_simply_go_on(
    centre, secrets
):
    second = add_station(centre, "xuesheng")
    work(centre.station)
    exchange(centre.station, centre.office, centre.station)
    before = models.open_database(centre.office)
    length, head = journal.tip()
    theirs = rows_by(before.station_uid)
    # Published and not yet taken over by the old office, and not even published.
    work(centre.station, 2)
    exchange(centre.station)
    work(second, 2)
    here = refound(centre, secrets)
    assert here.epoch > before.epoch and here.followed_epoch == here.epoch
    assert (here.office_key, here.realm) == (before.office_key, before.realm)
    hashes = models.db.execute_sql("SELECT hash FROM journal WHERE stream = 1")
    assert hashes.fetchall()[length - 1] == (head,)
    mine = rows_by(here.station_uid)
    mine.pop("epoch_change"), theirs.pop("epoch_change")
    assert mine == theirs
    exchange(centre.office, centre.station, second, centre.office)
    exchange(centre.station, second)
    assert all(sync_state().approved for _ in exchange(centre.station, second))
    alike(centre.office, centre.station, second)
    models.open_database(centre.office)
    assert not models.Conflict.select().exists()
    # And it is the office: it lets stations in and writes what the desks get.
    third = add_station(centre, "jiuye")
    work(third, 1)
    exchange(third, centre.office, third, centre.station, second)
    alike(centre.office, centre.station, second, third)


def test_what_no_longer_lies_on_the_share_is_sent_again_to_the_new_office(
    centre, secrets
):
    work(centre.station, 3)
    exchange(centre.station, centre.office, centre.station)
    assert sync_state().confirmed > 0
    shutil.rmtree(centre.share / "up")
    refound(centre, secrets)
    sync()
    assert not models.Visit.select().exists()
    exchange(centre.station, centre.office, centre.station)
    alike(centre.office, centre.station)


def test_a_damaged_file_is_made_up_for_by_another_that_holds_the_same(centre, secrets):
    add_station(centre, "xuesheng")  # all was sealed and published once more
    files = sorted((centre.share / "down" / "all").rglob("*.batch"))
    assert len(files) > 1
    files[0].write_bytes(b"damaged")
    refound(centre, secrets)
    assert len(models.stations()) == 2


def test_two_pasts_on_the_share_are_not_taken_for_one(centre, secrets):
    """A longer one that the office gave up goes on with nothing of the newer one."""
    old = models.open_database(centre.office).epoch
    told = [centre.share / "down" / place / old for place in ("all", "office")]
    models.close_database()
    kept = shutil.copytree(centre.office, centre.root / "kept")
    hire_and_publish(centre.office, *range(6))
    models.close_database()
    shutil.rmtree(centre.office)
    kept.rename(centre.office)
    for place in told:
        place.rename(centre.root / f"away-{place.parent.name}")
    models.open_database(centre.office)
    epochs.open_epoch("restored")
    hire_and_publish(centre.office, 9)
    for place in told:
        (centre.root / f"away-{place.parent.name}").rename(place)
    refound(centre, secrets)
    names = {person.name for person in models.people(models.PersonRole.ASSISTANT)}
    assert "新人9" in names and not names & {f"新人{n}" for n in range(6)}
    assert models.verify().faults == []


def hire_and_publish(office, *numbers):
    models.open_database(office)
    for number in numbers:
        models.add_person(
            by=models.person_signing_in("B0001"),
            number=f"20250000{number}",
            name=f"新人{number}",
            role=models.PersonRole.ASSISTANT,
            department=models.department_by_name("教务处"),
        )
        sync()


def test_keys_and_share_have_to_be_of_one_centre(centre, secrets, tmp_path):
    other = tmp_path / "other"
    enrolment.found_centre(
        other / "office",
        share_folder=other / "share",
        centre_name="另一个中心",
        number="B0009",
        name="钱主任",
        recovery_file=tmp_path / "recovery.key",
        key_in_file=True,
    )
    with pytest.raises(UserError, match="不是同一个中心"):
        refound(centre, secrets, share_folder=other / "share")
    assert not centre.office.exists()
    shutil.rmtree(centre.share / "down")
    with pytest.raises(UserError, match="改用办公室的备份"):
        refound(centre, secrets)
    with pytest.raises(UserError, match="没有工作站的数据"):
        models.open_database(centre.office)


@pytest.mark.parametrize("is_kept", [True, False])
def test_what_the_office_wrote_for_itself_alone_comes_back_or_is_told_to_be_lost(
    centre, secrets, chief, is_kept
):
    with models.transaction():
        decided = ExcessDecision(
            month="2026-10",
            person_uid=chief.uid,
            person_name=chief.name,
            choice="pay",
            minutes=9,
        ).write(by=chief)
    sync()
    kept = centre.share / "down" / "office"
    shutil.rmtree(kept)
    sync()  # what is gone is put there again
    if not is_kept:
        shutil.rmtree(kept)
    refound(centre, secrets)
    told = [alarm.text for alarm in open_alarms() if "内容没能" in alarm.text]
    faults = models.verify().faults
    if is_kept:
        assert ExcessDecision.get().uid == decided.uid
        assert told == faults == []
    else:
        assert not ExcessDecision.select().exists()
        assert len(told) == len(faults) == 1 and "自己的 1 条记录" in told[0]
