"""Backups: made while others write, proven, kept by rotation, and put back whole."""

import os
import shutil
import stat
import subprocess
import threading
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from commandline import answer, desk

import models
from exports import backup
from exports.backup import found, making, plan, restoring
from exports.backup.facts import opened
from exports.backup.trailer import append_trailer, read_trailer
from exports.ledgers import export_ledger, ledger_by_code
from exports.sync import sync
from models import UserError, clock, journal, keystore, mishaps, putback, readonly
from models.base import db
from models.epochs import EpochChange
from models.installation import installation
from models.soundness import Check
from models.sqlite import StationFile

NOON = datetime(2026, 11, 23, 12, 0)


def visits():
    return models.Visit.select().count()


def record(number="2024110201"):
    return models.record_enquiry(by=models.person_signing_in(number))


@pytest.fixture
def made(station):
    """A station with one visit, and its backup."""
    record()
    return Path(backup.back_up().here.path)


# -- making ---------------------------------------------------------------------


def test_a_backup_is_one_private_file_that_shows_nothing_without_a_key(made, station):
    here = installation()
    assert made.name.isascii() and here.station_uid[-12:] in made.name
    assert made.name.startswith("desk-jiaowu-") and clock.today().strftime(
        "%Y%m%d"
    ) in (made.name)
    if os.name == "posix":
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    data = made.read_bytes()
    assert not data.startswith(b"SQLite format 3")
    key = keystore.key_of(station.station)
    for text in (key, here.name, here.age_identity, "曾单", "张伟", "2023110001"):
        assert text.encode() not in data
    with pytest.raises(backup.NeedsKey, match="恢复密钥"):
        backup.open_backup(made, station.root / "elsewhere")
    with opened(made, key, immutable=True) as copy:  # any SQLCipher can
        assert copy.execute_sql("SELECT COUNT(*) FROM visit").fetchone() == (1,)


def test_a_backup_is_of_one_moment_while_another_connection_writes(
    station, monkeypatch
):
    """One commit after every page that is copied: none gets in, none is waited for."""
    monkeypatch.setattr(making, "PAGES", 20)
    path, key = station.station / "desk.db", keystore.key_of(station.station)
    steps = []
    record()
    before = journal.tip()
    writer = making.StationFile(str(path), passphrase=f"x'{key}'", autoconnect=False)
    with writer.connection_context():

        def report(done, total, text):
            if text == "正在备份":
                steps.append(done)
                assert len(steps) < 500, "it begins again after every commit"
                writer.execute_sql(
                    "INSERT OR REPLACE INTO draft (id, place, person_uid, person_name,"
                    " payload, saved_at) VALUES (1, 'x', '', '', ?, '2026-11-23')",
                    ("x" * 5000 * len(steps),),
                )
                if len(steps) == 3:
                    record()

        one = backup.make_backup(station.root / "stick", report=report)
    assert len(steps) > 5 and visits() == 2
    facts = backup.open_backup(one.path, station.station).facts
    assert (facts.seq, facts.head, facts.counts["visit"]) == (*before, 1)


def test_a_copy_that_does_not_hold_never_counts(station, monkeypatch):
    """What the disk gives back is not what was written: a byte, or older pages."""
    place = station.root / "stick"

    def spoilt(how):
        copy = making._copy

        def and_spoil(source, part, key, report):
            facts = copy(source, part, key, report)
            return how(part, facts)

        monkeypatch.setattr(making, "_copy", and_spoil)
        with pytest.raises(UserError, match=r"核对不符|损坏"):
            backup.make_backup(place)
        monkeypatch.setattr(making, "_copy", copy)
        assert list(place.iterdir()) == []

    def flip(part, facts):
        with part.open("r+b") as file:
            file.seek(40_000)
            byte = file.read(1)
            file.seek(40_000)
            file.write(bytes([byte[0] ^ 1]))
        return facts

    spoilt(flip)
    monkeypatch.setattr("logging.Logger.error", lambda *said: None)
    spoilt(
        lambda part, facts: (
            making.facts_of
            and facts.__class__(
                **{name: getattr(facts, name) for name in facts.__struct_fields__}
                | {"seq": facts.seq + 1}
            )
        )
    )


def test_cancelled_or_without_room_nothing_is_left_and_the_old_one_stays(
    made, station, tmp_path
):
    class Stopped(Exception):
        pass

    def stop(done, total, text):
        raise Stopped

    with pytest.raises(Stopped):
        backup.make_backup(made.parent, report=stop)
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="打不开或不能写入"):
        backup.make_backup(tmp_path / "file" / "stick")
    for name in ("OneDrive", "坚果云"):
        with pytest.raises(UserError, match="备份不能放在网盘同步文件夹"):
            backup.make_backup(tmp_path / name)
    with pytest.raises(UserError, match="备份只能放在本机硬盘"):
        backup.make_backup(Path("//server/share/backup"))


def test_rotation_keeps_days_weeks_and_months_and_never_by_the_clock_alone(tmp_path):
    keep, uid = plan.Keep(), "0" * 20 + "abcdef012345"
    day = datetime(2026, 1, 1, 17, 0)
    made = []
    for _ in range(400):
        path = tmp_path / found.file_name("jiaowu", uid, day)
        path.touch()
        found.rotate(uid, tmp_path, keep, made=path)
        made.append(path)
        day += timedelta(days=1)
    kept = [one.made_at.date() for one in backup.backups_of(uid, tmp_path)]
    newest = kept[0]
    assert kept[:7] == [newest - timedelta(days=days) for days in range(7)]
    months = {(one.year, one.month) for one in kept}
    assert len(months) == 12 and 15 <= len(kept) <= 23
    # The clock stands in 2099 for one backup: the others stay, and go on being made.
    far = tmp_path / found.file_name("jiaowu", uid, datetime(2099, 1, 1))
    far.touch()
    found.rotate(uid, tmp_path, keep, made=far)
    assert len(backup.backups_of(uid, tmp_path)) >= len(kept) - 2
    now = tmp_path / found.file_name("jiaowu", uid, day)
    now.touch()
    other = tmp_path / found.file_name("office", "1" * 32, datetime(2020, 1, 1))
    other.touch()
    (tmp_path / "照片.backup").touch()
    found.rotate(uid, tmp_path, plan.Keep(1, 0, 0), made=now)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {now.name, far.name, other.name, "照片.backup"}


def test_once_a_day_in_both_places_and_told_when_it_has_failed_for_days(
    station, tmp_path
):
    data, by = station.station, models.person_signing_in("T001")
    typed = {"days": "３", "weeks": "2", "months": "0", "warn_after": "2"}
    for folder, words in (
        (str(data / "x"), "不能放在数据文件夹"),
        ("stick", "完整的文件夹位置"),
        (str(tmp_path / "OneDrive"), "备份不能放在网盘"),
    ):
        with pytest.raises(UserError, match=words):
            backup.change_plan(data, by=by, folder=folder, **typed)
    with pytest.raises(UserError, match="保留的天数请填"):
        backup.change_plan(data, by=by, folder="", **typed | {"days": "0"})
    helper = models.person_signing_in("2024110201")
    with pytest.raises(UserError):
        backup.change_plan(data, by=helper, folder="", **typed)
    stick = tmp_path / "stick"
    kept = backup.change_plan(data, by=by, folder=str(stick), **typed)
    assert kept == plan.Plan(str(stick), plan.Keep(3, 2, 0), 2)
    with clock.set_at(NOON):
        backup.note_begun(data)
        assert backup.is_due(backup.read_state(data), clock.now())
        stick.touch()  # the stick is not there
        state = backup.back_up()
        assert state.here.made_at == NOON and not state.here.trouble
        assert "打不开或不能写入" in state.there.trouble
        assert not backup.is_due(state, clock.now())  # tried a moment ago
        assert backup.is_due(state, clock.now() + timedelta(hours=1))
        assert backup.warning_of(state) == ""
    with clock.set_at(NOON + timedelta(days=2)):
        assert "本机已有 2 天没有备份成功" in backup.warning_of(state)
        assert "第二份还没有备份成功过" in backup.warning_of(backup.back_up())
        stick.unlink()
        state = backup.back_up()
        assert (state.there.trouble, backup.warning_of(state)) == ("", "")
        assert len(backup.found_in(stick)) == 1
        assert not backup.is_due(state, clock.now())
    with clock.set_at(NOON + timedelta(days=4)):
        assert "本机已有 2 天没有备份成功" in backup.warning_of(state)
    with clock.set_at(NOON - timedelta(days=400)):  # the clock was set back
        assert backup.is_due(state, clock.now())


# -- opening --------------------------------------------------------------------


def test_a_file_that_was_changed_anywhere_is_refused(made, station, tmp_path):
    whole, spoilt = made.read_bytes(), tmp_path / made.name
    key = station.root / "recovery.key"
    end = len(whole)
    places = [0, 20, 4100, end // 2, *range(end - 1400, end, 41), end - 1]
    changed = [whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :] for at in places]
    cut = [whole[:at] for at in (0, 10, 4096, end // 2, end - 200, end - 1)]
    for data in (*changed, *cut, whole + b"x", whole + whole, b"{}" * 9000):
        spoilt.write_bytes(data)
        for given in (None, key):
            with pytest.raises(UserError):
                backup.open_backup(spoilt, station.station, recovery_file=given)
    # An older backup under the trailer of a newer one is not taken either.
    record()
    newer = backup.make_backup(made.parent).path.read_bytes()
    tail = newer[newer.rindex(b'{"v":1') :]
    spoilt.write_bytes(whole[: whole.rindex(b'{"v":1')] + tail)
    with pytest.raises(UserError, match="备份"):
        backup.open_backup(spoilt, station.station)


def test_a_true_backup_of_a_newer_program_or_under_another_name_is_refused(
    made, station, tmp_path
):
    key = keystore.kept_key(station.station)
    trailer = read_trailer(made)[0]
    plain = made.read_bytes()[: trailer.size]
    newer = tmp_path / "newer.db"
    newer.write_bytes(plain)
    database = StationFile(newer, passphrase=f"x'{key}'")
    database.execute_sql("PRAGMA user_version = 999")
    database.close()
    for data, changed, words in (
        (plain, {"v": 2}, "更新的程序"),
        (newer.read_bytes(), {}, "更新的程序"),
        (plain, {"station": "0" * 32}, "损坏"),
        (plain, {}, ""),
    ):
        path = tmp_path / made.name
        path.write_bytes(data)
        changed |= {"size": len(data), "digest": sha256(data).hexdigest()}
        append_trailer(path, msgspec.structs.replace(trailer, **changed), key)
        if words:
            with pytest.raises(UserError, match=words):
                backup.open_backup(path, station.station)
    assert backup.open_backup(path, station.station).facts.station == trailer.station


def test_what_came_after_is_told_by_the_database_and_by_the_office(
    made, station, tmp_path
):
    made = made.rename(tmp_path / made.name)
    contents = backup.open_backup(made, station.station)
    assert backup.missing_from(contents, station.station).lost == {}
    record()
    sync()
    models.open_database(station.office)
    sync()
    models.open_database(station.station)
    record()
    models.close_database()
    missing = backup.missing_from(contents, station.station)
    assert (missing.now, missing.lost) == (3, {"visit": 2})
    assert (missing.published, missing.confirmed) == (2, 2)
    # The old PC is gone: the share alone says what there was.
    shutil.rmtree(station.station)
    missing = backup.missing_from(contents, station.station)
    assert (missing.now, missing.published, missing.confirmed) == (None, 2, 2)
    (station.share / "centre.marker").unlink()
    assert backup.missing_from(contents, station.station).trouble


# -- putting back -----------------------------------------------------------------


def test_on_another_pc_the_recovery_key_or_the_code_brings_it_back(made, station):
    made = made.rename(station.root / made.name)
    epoch = installation().epoch
    models.close_database()
    new = station.root / "new pc"
    wrong = station.root / "wrong.key"
    wrong.write_text(
        "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS0SJQQ"
    )
    for key in (wrong, station.root / "none.key"):
        with pytest.raises(UserError):
            backup.open_backup(made, new, recovery_file=key)
    contents = backup.open_backup(
        made, new, recovery_file=station.root / "recovery.key"
    )
    shutil.rmtree(station.station)
    done = backup.restore(contents, new)
    assert (done.aside, visits()) == (None, 1)
    assert installation().epoch == done.epoch != epoch
    assert EpochChange.select().get().reason == "restored"
    assert not (new / "restore-new").exists()
    models.close_database()
    models.open_database(new)  # with a key of its own on this PC
    record()
    sync()
    models.open_database(station.office)
    sync()
    assert visits() == 2  # both, once


def test_the_old_station_is_kept_and_can_still_be_opened(made, station):
    record()
    contents = backup.open_backup(made, station.station)
    done = backup.restore(contents, station.station)
    assert visits() == 1
    models.close_database()
    models.open_database(done.aside)
    assert visits() == 2


def moves_of(folder, contents, monkeypatch, stop_at):
    """Restore, killed before the move number *stop_at*; how many there were."""
    moved, replace = [], os.replace

    class Killed(BaseException):
        pass

    def counting(source, target):
        if Path(target).parent == folder or "before-restore" in str(target):
            moved.append(str(target))
            if len(moved) == stop_at:
                raise Killed
        replace(source, target)

    monkeypatch.setattr(os, "replace", counting)
    try:
        backup.restore(contents, folder)
    except Killed:
        pass
    finally:
        monkeypatch.setattr(os, "replace", replace)
        models.close_database()
    return len(moved)


def test_killed_at_any_move_it_is_the_old_station_or_the_new_one(
    made, station, monkeypatch, tmp_path
):
    """The two differ in everything: records, key, and how the key is kept."""
    record()
    models.close_database()
    new_key = tmp_path / "home"
    contents = backup.open_backup(made, station.station)
    seen, at = set(), 0
    while True:
        at += 1
        folder = tmp_path / f"pc{at}"
        shutil.copytree(station.office, folder)
        (folder / "desk.code").write_bytes(b"slot of the old one")
        moves = moves_of(folder, contents, monkeypatch, at)
        models.open_database(folder)
        office = installation().is_office
        seen.add(office)
        assert office == (models.Visit.select().count() == 0)
        if office:
            assert (folder / "desk.code").exists()
        else:
            assert not (folder / "desk.code").exists()
            (aside,) = folder.glob("before-restore-*")
            models.close_database()
            models.open_database(aside)
            assert installation().is_office
        assert not (folder / "restore.commit").exists()
        models.close_database()
        shutil.rmtree(folder)
        if moves < at:
            break
    assert seen == {True, False} and at > 8 and not new_key.exists()


def test_what_fails_on_the_way_leaves_the_old_station(made, station, monkeypatch):
    contents = backup.open_backup(made, station.station)
    record()
    made.write_bytes(b"x" * 4096 * 100)  # the stick was swapped meanwhile
    with pytest.raises(UserError):
        backup.restore(contents, station.station)
    assert not (station.station / "restore-new").exists()
    monkeypatch.setattr(
        restoring.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(9, 9, 0)
    )
    with pytest.raises(UserError, match="硬盘空间不足，没有恢复"):
        backup.restore(contents, station.station)
    models.open_database(station.station)
    assert visits() == 2


# -- commands -------------------------------------------------------------------


def test_backup_and_restore_by_command(station, tmp_path):
    record()
    models.close_database()
    data = ["--data", str(station.station)]
    desk(*data, "backup", tmp_path / "stick")
    (one,) = backup.found_in(tmp_path / "stick")
    models.open_database(station.station)
    record()
    models.close_database()
    refused = desk(*data, "restore", one.path, code=1, says="不\n")
    for words in ("没有动", "来访 1", "没有上传过"):
        assert words in refused.stderr
    done = answer(*data, "restore", "--yes", one.path)
    assert Path(done["aside"]).is_dir() and done["trouble"] == ""
    models.open_database(station.station)
    assert visits() == 1
    models.close_database()
    checked = desk(*data, "doctor").stdout
    assert "数据文件完整" in checked and "备份：" in checked
    desk(*data, "backup", one.path, code=1)
    damage(station.station)
    assert "有损坏" in desk(*data, "doctor", code=1).stdout


# -- damage, looking only ----------------------------------------------------------


def damage(folder, share=0.8):
    path = folder / "desk.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place in range(int(size * share), size, 4096 * 7):
            file.seek(place)
            file.write(b"broken page")


def test_damage_is_found_by_either_check_and_a_check_can_be_stopped(station):
    models.close_database()
    folder = station.station
    assert Check(folder, full=False).run() == Check(folder, full=True).run() == ""
    stopped = Check(folder, full=True)
    stopped.stop()
    thread = threading.Thread(target=stopped.run)
    thread.start()
    thread.join()
    damage(folder)
    assert Check(folder, full=False).run() and Check(folder, full=True).run()
    models.open_database(folder)
    with pytest.raises(UserError, match="损坏"):
        backup.make_backup(folder / "backup")


def test_looking_only_everything_reads_and_every_write_is_refused(station):
    record()
    models.close_database()
    here = readonly.open_read_only(station.station)
    assert here.name and readonly.is_on() and visits() == 1
    before = sorted(file.name for file in station.station.iterdir())
    writes = [
        lambda: record(),
        lambda: models.keep_draft("visits", "{}"),
        lambda: models.set_share("/x"),
        sync,
        lambda: models.check_in(models.person_signing_in("2024110201")),
        lambda: db.execute_sql("DELETE FROM draft"),
    ]
    for write in writes:
        with pytest.raises(mishaps.ReadOnly, match="只读"):
            write()
    with models.transaction():  # reading in one moment is allowed
        assert visits() == 1
    models.close_database()
    assert sorted(file.name for file in station.station.iterdir()) == before
    models.open_database(station.station)
    assert not readonly.is_on()
    record()
    assert visits() == 2


# -- no room ------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MB, as full as a test wants it."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs root, to mount a small disk")
    yield place
    models.close_database()
    readonly.forget_copies()
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place):
    """Leave no room at all."""
    with (place / "filler").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def test_on_a_full_disk_nothing_is_saved_by_half_and_it_goes_on_with_room(
    station, small_disk, tmp_path
):
    models.close_database()
    data = small_disk / "station"
    shutil.copytree(station.station, data)
    models.open_database(data)
    record()
    before = visits(), journal.tip()
    fill(small_disk)
    refused = 0
    for _ in range(400):  # the log has room for some, then there is none
        try:
            record()
        except UserError as error:
            assert "硬盘空间不足，没有保存" in str(error)
            refused += 1
            if refused == 3:
                break
    assert refused == 3
    saved = visits()
    assert saved - before[0] == journal.tip()[0] - before[1][0]
    for write in (
        lambda: models.keep_draft("visits", "x" * 9000),
        lambda: models.set_share("/" + "x" * 9000),
    ):
        with pytest.raises(mishaps.DiskFull):
            write()
    with pytest.raises(UserError, match="空间不足"):
        backup.make_backup(data / "backup")
    with pytest.raises(UserError, match="空间不足"):
        plan.change_state(data, damage="x" * 5000)
    with pytest.raises(UserError, match="空间不足"):
        sync()
    target, days = small_disk / "台账.docx", {"first": NOON.date(), "last": NOON.date()}
    with pytest.raises(UserError, match="空间不足"):
        export_ledger(ledger_by_code("visits"), target, **days)
    assert {file.name for file in small_disk.iterdir()} == {"station", "filler"}
    assert backup.make_backup(tmp_path / "stick").path.exists()  # that one has room
    models.close_database()
    assert not readonly.can_write(data)
    readonly.open_read_only(data)  # as the next start does
    assert visits() == saved
    models.close_database()
    (small_disk / "filler").unlink()
    models.open_database(data)
    record()
    assert visits() == saved + 1 and not db.damages()


def test_in_a_protected_folder_what_lies_in_the_log_is_seen_as_well(
    station, small_disk
):
    models.close_database()
    data = small_disk / "station"
    shutil.copytree(station.station, data)
    models.open_database(data)
    record()  # in the log: nobody has closed it
    kept = small_disk / "kept"
    kept.mkdir()
    for name in ("desk.db", "desk.db-wal", "desk.key"):
        shutil.copy(data / name, kept / name)
    models.close_database()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert not readonly.can_write(kept)
    for folder in (kept, data):
        readonly.open_read_only(folder)
        assert visits() == 1
        with pytest.raises(mishaps.ReadOnly):
            record()
        models.close_database()


def test_a_stick_that_fills_up_while_writing_leaves_no_backup(
    station, small_disk, monkeypatch
):
    fill(small_disk)
    monkeypatch.setattr(
        making.shutil,
        "disk_usage",
        lambda place: shutil._ntuple_diskusage(9, 0, 1 << 40),
    )
    with pytest.raises(UserError, match=r"空间不足|没有写成"):
        backup.make_backup(small_disk / "stick")
    assert list((small_disk / "stick").iterdir()) == []


def test_a_restore_without_room_or_rights_leaves_all_as_it_was(
    made, station, small_disk
):
    contents = backup.open_backup(made, station.station)
    models.close_database()
    data = small_disk / "station"
    shutil.copytree(station.office, data)
    fill(small_disk)
    with pytest.raises(UserError, match="空间不足"):
        backup.restore(contents, data)
    assert not (data / putback.NEW).exists()
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UserError, match="不能写入"):
        backup.restore(contents, data)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert models.open_database(data).is_office
