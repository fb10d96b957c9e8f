"""What a person sees of backups, of a damaged file, and of a full disk."""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from closing import bindings_of, close_window

from desk import main
from desk.opening import open_station
from desk.pages.settingsbackup import BackupCard
from desk.window import MainWindow
from exports import backup
from exports.ledgers import export_ledger, ledger_by_code
from models import clock, readonly, storage
from models.base import station_file
from models.drafts import drafts
from models.installation import installation
from models.people import person_signing_in
from models.reception import record_enquiry
from models.students import Student
from models.visits import Visit

NOON = datetime(2026, 11, 23, 12, 0)


@pytest.fixture
def start(root):
    """Starts the program on a folder, as `open_window` does."""
    opened = []

    def on(folder):
        while opened:
            close_window(root, opened.pop())
        root.kept = bindings_of(root)
        window = MainWindow(root, folder)
        opened.append(window)
        window.pack(fill="both", expand=True)
        window.show_opened(open_station(folder))
        root.update()
        return window

    yield on
    for window in opened:
        close_window(root, window)
    storage.close_database()
    readonly.forget_copies()


@pytest.fixture
def saved(station):
    """The desk with one visit in a backup and a second one after it; closed."""
    record()
    backup.back_up()
    record()
    storage.close_database()
    return station


def record():
    return record_enquiry(by=person_signing_in("2023010101"))


def spoil(folder):
    path = folder / "desk.db"
    with path.open("r+b") as file:
        for at in range(50, path.stat().st_size, 9999):
            file.seek(at)
            file.write(b"broken")


def done(window, drive):
    drive.wait_until(lambda: not window.jobs.running, "the worker")
    drive.pump(0.05)


# -- damaged, newer, gone ----------------------------------------------------------


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_damaged_file_is_told_and_restored_step_by_step(start, saved, drive, shown):
    whole = (saved / "desk.db").read_bytes()
    spoil(saved)
    window = start(saved)
    page = window.page
    assert page.title == "数据打不开" and "不要删除任何文件" in page.words.said
    assert len(page.restore_buttons) == 1 and page.winfo_viewable()
    page.buttons["again"].invoke()
    assert "还是打不开" in page.state.said
    (saved / "desk.db").write_bytes(whole)  # it was a loose cable
    page.buttons["again"].invoke()
    drive.pump()
    assert window.page.title != page.title and storage.FILE in os.listdir(saved)
    storage.close_database()
    spoil(saved)
    window = start(saved)
    window.page.restore_buttons[0].invoke()
    done(window, drive)
    page = window.page
    assert "教务事务窗口" in page.form.value("工作站")
    assert "来访 1" in page.form.value("记录")
    assert "打不开" in page.form.value("missing")
    shown.answers += [False, True]
    page.restore_button.invoke()
    assert not window.jobs.running and not (saved / "restore-new").exists()
    page.restore_button.invoke()
    done(window, drive)
    assert "已恢复" in window.info.text and "before-restore-" in window.info.text
    assert Visit.select().count() == 1 and not station_file.damages()
    (aside,) = saved.glob("before-restore-*")
    assert (aside / "desk.db").read_bytes() != whole
    drive.wait_until(lambda: window.care.is_checked)
    window.sign_in(person_signing_in("T001"))
    record()
    assert window.status.text == "" and not window.care.bar.is_shown


def test_on_a_new_pc_the_recovery_key_opens_a_backup(
    start, saved, centre, drive, shown, tmp_path
):
    window = start(tmp_path / "new")
    setup = window.page
    setup.buttons["restore"].invoke()
    setup.restore_button.invoke()
    page = window.page
    (found,) = backup.found_in(saved / "backup")
    stray = tmp_path / "照片.backup"
    stray.write_bytes(b"x" * 99)
    for file, words in ((tmp_path / "none", "找不到"), (stray, "不是本程序的备份")):
        page.form.set("file", str(file))
        page.form.primary.invoke()
        done(window, drive)
        assert words in page.form.problems()[0]
    page.form.set("file", str(found.path))
    page.form.primary.invoke()
    done(window, drive)
    assert "要用密钥" in page.form.problems()[0]
    assert page.form.widget("recovery").winfo_viewable()
    assert str(page.restore_button.cget("state")) == "disabled"
    page.form.set("recovery", str(stray))
    page.form.primary.invoke()
    done(window, drive)
    assert "不是恢复密钥文件" in page.form.problems()[0]
    shown.answers += [centre / "recovery.key"]
    page.key_button.invoke()
    page.on_save()
    done(window, drive)
    # The office confirmed nothing of it yet; the share was asked all the same.
    assert "会缺少" in page.form.label("missing") and page.contents is not None
    page.form.set("file", str(stray))  # pasted with the mouse
    page.on_save()
    assert page.contents is None and "请先打开" in window.info.text
    page.form.set("file", str(found.path))
    page.on_save()
    done(window, drive)
    shown.answers += [True]
    page.on_save()
    done(window, drive)
    assert window.page.title not in (page.title, "开始使用")
    assert installation().name == "教务事务窗口" and Visit.select().count() == 1
    assert not list((tmp_path / "new").glob("before-restore-*"))
    storage.close_database()
    assert open_station(tmp_path / "new").state == "ready"


def test_a_newer_file_can_be_looked_at_and_a_lost_key_is_named(start, saved, drive):
    storage.open_database(saved)
    station_file.user_version = 99
    storage.close_database()
    before = (saved / "desk.db").read_bytes()
    window = start(saved)
    assert "更新的程序版本" in window.page.heading.cget("text")
    window.page.buttons["look"].invoke()
    drive.pump()
    assert window.care.bar.text.startswith("只读") and Visit.select().count() == 2
    assert (saved / "desk.db").read_bytes() == before
    storage.close_database()
    (saved / "desk.key").rename(saved / "kept.key")
    window = start(saved)
    assert "密钥" in window.page.heading.cget("text")
    assert str(window.page.buttons["look"].cget("state")) == "disabled"


def test_damage_found_while_working_turns_to_looking_only(start, saved, drive):
    window = start(saved)
    window.sign_in(person_signing_in("T001"))
    sql = "SELECT rootpage FROM sqlite_master WHERE name = 'student'"
    ((page,),) = station_file.execute_sql(sql).fetchall()
    station_file.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with (saved / "desk.db").open("r+b") as file:  # the list of students alone
        file.seek((page - 1) * 4096 + 900)
        file.write(b"broken")
    storage.open_database(saved)  # nothing is remembered
    window.after_idle(lambda: list(Student.select()))
    drive.wait_until(lambda: window.info.text)
    assert "有损坏" in window.info.text and "不要删除" in window.info.text
    drive.wait_until(lambda: window.care.is_checked)  # it was looked into at once
    assert "数据文件有损坏" in window.care.bar.text and readonly.is_on()
    assert backup.read_state(saved).damage
    window.update_status()
    drive.wait_until(lambda: "只读" in window.status.sync.cget("text"))
    window.care.bar.action.invoke()
    drive.pump()
    assert window.page.title == "从备份恢复" and window.sidebar is None
    window.page.back_button.invoke()
    drive.pump()


# -- no room ------------------------------------------------------------------------


@pytest.fixture
def small(saved, tmp_path):
    """The desk's folder on a disk of 8 MB of its own."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs root, to mount a small disk")
    shutil.copytree(saved, place / "desk")
    yield place / "desk"
    storage.close_database()
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(folder):
    with (folder.parent / "filler").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def typed_visit(window):
    """A visit typed in, ready to be saved."""
    window.show("visits")
    page = window.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", next(s for s in page.services if s.kind == "enquiry"))
    page.form.widget("note").insert("end", "咨询转专业" * 40)  # by hand
    return page


def what_stands(page):
    names = ("visitor", "service", "note")
    return [page.form.text(name) for name in names]


def fill_the_log(window):
    """The log of the database has room for some writes more."""
    for _ in range(400):
        try:
            record()
        except Exception as error:
            assert "空间不足" in str(error)
            return
    pytest.fail("the disk is not full")


def test_on_a_full_disk_nothing_is_shown_as_saved_and_the_typed_stays(
    start, small, drive, shown
):
    window = start(small)
    window.sign_in(person_signing_in("T001"))
    drive.pump()
    page = typed_visit(window)
    fill(small)
    fill_the_log(window)
    count, typed = Visit.select().count(), what_stands(page)
    page.save_button.invoke()
    assert "硬盘空间不足，没有保存" in window.info.text
    assert what_stands(page) == typed and Visit.select().count() == count
    assert window.status.text.startswith("硬盘空间不足")
    assert not window.drafts.is_all_kept()
    window.show("settings")
    card = window.page.cards[BackupCard]
    card.set("days", "9")
    card.save_button.invoke()
    assert "空间不足" in window.info.text
    card.now_button.invoke()
    drive.wait_until(lambda: not window.autobackup.running)
    assert backup.read_state(small).plan.keep.days == 7
    assert len(backup.found_in(small / "backup")) == 1
    main.keep_geometry(window.root, window)  # the window can be closed all the same
    (small.parent / "filler").unlink()
    window.show("visits")
    page.save_button.invoke()
    assert Visit.select().count() == count + 1 and what_stands(page) != typed
    assert not station_file.damages() and drafts() == []


def test_without_room_at_the_start_one_looks_and_exports_until_there_is(
    start, small, drive, tmp_path
):
    storage.open_database(small)
    storage.close_database()
    fill(small)
    window = start(small)
    assert window.care.bar.text.startswith("只读：硬盘空间不足") and readonly.is_on()
    window.sign_in(person_signing_in("T001"))
    for name in ("dashboard", "finding", "attendance", "seals", "handover", "sync"):
        window.show(name)
        drive.pump(0.02)
        assert window.info.text == "", name
    page = typed_visit(window)
    typed = what_stands(page)
    page.save_button.invoke()
    assert "现在是只读状态" in window.info.text and what_stands(page) == typed
    days = {"first": clock.today(), "last": clock.today()}
    made = export_ledger(ledger_by_code("visits"), tmp_path / "台账.docx", **days)
    assert made.rows == 2
    window.care._try_again()
    drive.wait_until(lambda: window.care._look is None)
    assert readonly.is_on()
    (small.parent / "filler").unlink()
    window.care.bar.action.invoke()
    drive.wait_until(lambda: not readonly.is_on())
    assert not window.care.bar.is_shown and "恢复正常" in window.status.text
    window.show("visits")
    page.save_button.invoke()
    assert Visit.select().count() == 3


# -- the daily backup ---------------------------------------------------------------


def test_settings_back_up_and_the_dashboard_warns(at_work, drive, shown, tmp_path):
    window, folder = at_work, at_work.folder
    with clock.set_at(NOON):
        window.autobackup.when_due()
        drive.wait_until(lambda: not window.autobackup.running)
        assert len(backup.found_in(folder / "backup")) == 1
        tried = backup.read_state(folder).here
    with clock.set_at(NOON + timedelta(hours=3)):
        window.autobackup.when_due()  # today's is made
        drive.wait_until(lambda: not window.autobackup.running)
        assert backup.read_state(folder).here == tried
    window.show("settings")
    card = window.page.cards[BackupCard]
    assert "2026-11-23 12:00" in card.value("here")
    card.set("days", "0")
    card.save_button.invoke()
    assert "保留的天数" in card.problems()[0]
    card.set("days", "5")
    shown.answers += [tmp_path / "stick"]
    card.choose_button.invoke()
    assert card.value("folder") == str(tmp_path / "stick")
    with clock.set_at(NOON + timedelta(days=1)):
        card.now_button.invoke()
        assert "正在备份" in card.value("state")
        drive.wait_until(lambda: not window.autobackup.running)
        assert card.value("state") == "✔ 备份正常。"
        assert "2026-11-24 12:00" in card.value("there")
    assert [one.made_at.day for one in backup.found_in(folder / "backup")] == [24, 23]
    assert len(backup.found_in(tmp_path / "stick")) == 1
    window.sign_in(person_signing_in("2023010101"))
    card.save_button.invoke()
    assert "由老师或中心办公室办理" in window.info.text
    with clock.set_at(NOON + timedelta(days=9)):
        card.show()
        assert "已有 8 天没有备份成功" in card.value("state")
        window.show("dashboard")
        drive.pump(0.3)
        lines = [line.text for line in window.page._backup_lines()]
        assert lines == ["‼ 备份：本机已有 8 天没有备份成功。"]


def test_a_backup_is_cancelled_with_the_window_and_leaves_nothing(at_work, drive):
    at_work.autobackup.now()
    at_work.autobackup.cancel()
    drive.wait_until(lambda: not at_work.autobackup.running)
    place = at_work.folder / "backup"
    assert not place.exists() or all(
        Path(file).suffix == ".backup" for file in place.iterdir()
    )
