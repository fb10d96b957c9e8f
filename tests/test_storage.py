import os
import shutil
import sqlite3
import stat
import sys
import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from peewee import TextField
from playhouse.migrate import migrate as apply

import models
from models import UserError, migrations, storage
from models.alarms import open_alarms
from models.base import db
from models.epochs import last_change, require_certain_numbers
from models.journal import Stream
from models.mishaps import Damaged
from models.pins import has_pin
from models.settling import settlements
from models.tables import RECORDS
from models.timetables import has_class

OLD_FILES = Path(__file__).parent / "old_files"


def test_settings_that_keep_what_was_saved(station):
    assert db.pragma("journal_mode") == "wal"
    assert db.pragma("synchronous") == 2  # FULL
    assert db.pragma("foreign_keys") == 1


def test_without_the_key_nothing_can_be_read(station):
    models.record_enquiry(by=models.person_signing_in("2024110201"))
    models.close_database()
    path = station.station / "desk.db"
    assert not path.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT * FROM visit")
    everything = b"".join(
        file.read_bytes()
        for file in station.station.iterdir()
        if "key" not in file.name
    )
    for text in ("曾单", "张伟", "13800000001", "2023110001"):
        assert text.encode() not in everything


def test_a_wrong_key_is_told_apart_and_changes_nothing(station):
    models.close_database()
    key = station.station / "desk.key"
    os.chmod(key, 0o600)
    key.write_text("0" * 64)
    with pytest.raises(UserError, match="密钥不符"):
        models.open_database(station.station)
    key.unlink()
    with pytest.raises(UserError, match="找不到本机数据的密钥"):
        models.open_database(station.station)


def test_a_file_put_back_alone_or_damaged_further_in_says_what_to_do(station):
    ((page,),) = db.execute_sql(
        "SELECT rootpage FROM sqlite_master WHERE name = 'installation'"
    ).fetchall()
    models.close_database()
    path = station.station / "desk.db"
    whole = bytearray(path.read_bytes())
    at = (page - 1) * 4096 + 100
    for content in (
        (station.office / "desk.db").read_bytes(),  # under another key
        bytes(whole[:at] + b"broken" + whole[at + 6 :]),
    ):
        path.write_bytes(content)
        with pytest.raises(Damaged, match="请不要删除任何文件：打开程序，按提示从备份"):
            models.open_database(station.station)
        assert path.read_bytes() == content and db.is_closed()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_folder_and_files_are_for_their_owner_only(station):
    for path in (station.station, *station.station.iterdir()):
        rights = stat.S_IMODE(path.stat().st_mode)
        if path.name in ("", station.station.name, "desk.key", "desk.db"):
            assert rights & 0o077 == 0, path


@pytest.mark.parametrize("place", [r"\\server\share\desk", "//server/share/desk"])
def test_a_database_on_a_share_is_refused(place):
    with pytest.raises(UserError, match="本机硬盘"):
        storage.refuse_shared_place(Path(place))


@pytest.mark.parametrize("name", ["OneDrive - 学院", "坚果云", "Dropbox"])
def test_a_database_in_a_synced_folder_is_refused(tmp_path, name):
    with pytest.raises(UserError, match="同步文件夹"):
        storage.refuse_shared_place(tmp_path / name / "desk")


def test_a_folder_is_not_set_up_twice(station):
    with pytest.raises(UserError, match="已经有工作站"):
        models.create_database(station.station, identity={}, stream={})


def test_another_thread_gets_its_own_connection(station):
    seen = []

    def work():
        with models.connection():
            seen.append(models.Student.select().count())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [3]
    assert models.Student.select().count() == 3


def test_a_newer_file_is_refused(station):
    db.user_version = 99
    with pytest.raises(UserError, match="更新的程序版本"):
        models.open_database(station.station)


def test_a_step_upgrades_and_keeps_a_copy(station):
    def a_visit_has_a_colour(migrator):
        apply(migrator.add_column("visit", "colour", TextField(default="")))

    models.record_enquiry(by=models.person_signing_in("2024110201"))
    path = station.station / "desk.db"
    before = db.user_version
    migrations.migrate(db, path, steps=[*migrations.STEPS, a_visit_has_a_colour])
    assert db.user_version == before + 1
    assert "colour" in {column.name for column in db.get_columns("visit")}
    assert models.Visit.select().count() == 1
    assert (station.station / f"desk-before-v{before + 1}.db").exists()


def test_a_step_that_fails_leaves_the_file_as_it_was(station):
    def half(migrator):
        apply(migrator.add_column("visit", "colour", TextField(default="")))
        raise RuntimeError("power cut")

    before = db.user_version
    with pytest.raises(RuntimeError):
        migrations.migrate(
            db, station.station / "desk.db", steps=[*migrations.STEPS, half]
        )
    assert db.user_version == before
    assert "colour" not in {column.name for column in db.get_columns("visit")}


@pytest.mark.parametrize("name", ["v1", "v2", "v3", "v4", "v5"])
def test_a_file_of_every_shipped_version_opens_and_is_whole(tmp_path, name):
    """The files are never made again: they are what older programs left behind."""
    folder = tmp_path / name
    shutil.copytree(OLD_FILES / name, folder)
    models.open_database(folder)
    try:
        assert models.verify().faults == []
        assert models.Visit.select().count() == 3
        assert models.VisitStep.select().count() == 3
        copies = Stream.select().where(~Stream.own, Stream.upto > 0)
        assert copies.count() and all(copy.heard_at for copy in copies)
        assert models.Attendance.select().count() >= 1
        for model in RECORDS:
            columns = {column.name for column in db.get_columns(model._meta.table_name)}
            assert columns == set(model._meta.columns)
    finally:
        models.close_database()


def test_what_the_second_version_knew_of_time_is_all_there(tmp_path):
    shutil.copytree(OLD_FILES / "v2", tmp_path / "v2")
    models.open_database(tmp_path / "v2")
    try:
        monday = date(2026, 9, 7)
        first, second = models.duty_lines(monday, monday)
        assert (first.paid, first.fact.checked_in_at.hour) == (90, 8)
        assert first.fact.correction.reason == "读卡器没反应"
        assert (second.who.name, second.late, second.paid) == ("王芳", 30, 90)
        assert [plan.is_draft for plan in models.plans_of()] == [True, False]
        assert has_class(first.who.uid, *_lesson(monday)) == "高等数学"
    finally:
        models.close_database()


def test_what_the_third_version_knew_of_cases_and_seals_is_all_there(tmp_path):
    shutil.copytree(OLD_FILES / "v3", tmp_path / "v3")
    models.open_database(tmp_path / "v3")
    try:
        first, told, again = models.Visit.select().order_by(models.Visit.arrived_at)
        assert models.case_of(first).pause_reason == "缺证明材料"
        assert (again.follows_uid, again.trip) == (told.uid, 2)
        seal = models.seals_of(models.this_desk())[0]
        custody = models.custody_of(seal)
        assert (custody.holder.name, custody.until) == ("何老师", date(2026, 11, 25))
        assert models.open_outing(seal).place == "体育馆"
        assert models.next_seal_number(seal, 2026) == 6
        (sheet,) = models.open_reservations(models.this_desk())
        assert (sheet.first, sheet.last) == (3, 5)
        assert [use.corrects_number for use in models.SealUse.select()] == [
            "",
            "2026-0001",
        ]
        assert models.Loan.get().what == "音响"
    finally:
        models.close_database()


def test_what_the_fourth_version_kept_of_ratings_and_drafts_is_all_there(tmp_path):
    shutil.copytree(OLD_FILES / "v4", tmp_path / "v4")
    models.open_database(tmp_path / "v4")
    try:
        (rated,) = models.Visit.select().where(models.Visit.rating == 5)
        assert rated.rated_by == models.RatedBy.STUDENT
        (draft,) = models.drafts()
        assert (draft.place, draft.person_name) == ("visits", "曾单")
        assert has_pin(models.person_signing_in("2024110201"))
    finally:
        models.close_database()


def test_what_the_fifth_version_knew_of_its_past_is_all_there(tmp_path):
    shutil.copytree(OLD_FILES / "v5", tmp_path / "v5")
    models.open_database(tmp_path / "v5")
    try:
        change = last_change(models.installation().station_uid)
        assert (change.epoch, change.reason) == (
            models.installation().epoch,
            "restored",
        )
        (settled,) = settlements()
        assert settled.reason == "上周的备份，已与办公室核对" and open_alarms() == []
        with pytest.raises(UserError, match="等办公室答复"):
            require_certain_numbers()
    finally:
        models.close_database()


def _lesson(monday):
    tuesday = monday + timedelta(days=1)
    begins = datetime.combine(tuesday, time(8))
    return begins, begins + timedelta(hours=1)
