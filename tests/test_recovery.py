"""The walks of docs/recovery.md, step by step, each with real databases.

Every walk ends with nothing lost that was shown as 已确认, and with what the page says
of the rest.
"""

import io
import shutil
import sys

import pytest
from exchange import exchange, join, rows_by, work

import models
from desk.commands import run
from exports import backup
from exports.sync import enrolment, sync, sync_state
from models import Conflict, Station, UserError, journal, keystore
from models.base import db
from models.journal import OWN

OLD = "教务窗口 1 号机"
PASSPHRASE = "青山 铁锅 灯塔 走廊 三七"


@pytest.fixture
def desk(monkeypatch):
    """The command line, with lines typed into it; None when it refuses."""

    def command(*arguments, typed=""):
        models.close_database()
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = run([*map(str, arguments)])
        models.close_database()
        return code

    return command


class Before:
    """What was confirmed at the desk, and what came later."""

    def __init__(self, centre):
        work(centre.station, 2)
        exchange(centre.station, centre.office, centre.station)
        self.uid = models.installation().station_uid
        self.confirmed = sync_state().confirmed
        self.heads = hashes(self.confirmed)
        self.rows = rows_by(self.uid)
        self.backup = None

    def published(self, centre):
        """Work that lies on the share, and the office has not seen."""
        work(centre.station, 1)
        exchange(centre.station)
        assert sync_state().published > 0
        self.rows = rows_by(self.uid)
        return self

    def only_here(self, centre):
        work(centre.station, 1)
        assert sync_state().waiting > 0
        self.lost = {row[0] for rows in rows_by(self.uid).values() for row in rows} - {
            row[0] for rows in self.rows.values() for row in rows
        }
        return self


def hashes(upto):
    rows = db.execute_sql(
        "SELECT hash FROM journal WHERE stream = ? AND seq <= ? ORDER BY seq",
        (OWN, upto),
    )
    return rows.fetchall()


def all_is_well(*folders):
    for folder in folders:
        models.open_database(folder)
        assert models.verify().faults == []
        assert not Conflict.select().exists()


def assert_has(folder, rows_of, rows):
    """The database in *folder* holds every one of these rows, to the letter."""
    models.open_database(folder)
    there = rows_by(rows_of)
    for name, wanted in rows.items():
        assert {*map(repr, wanted)} <= {*map(repr, there[name])}, name


def make_backup(centre, folder, to):
    models.open_database(folder)
    made = backup.make_backup(to)
    models.close_database()
    return made.path


def test_a_desks_pc_died_and_there_is_a_backup(centre, desk, tmp_path):
    before = Before(centre)
    disk = make_backup(centre, centre.station, tmp_path / "disk")
    before.published(centre).only_here(centre)
    models.close_database()
    shutil.rmtree(centre.station)  # the PC
    new = centre.root / "new-pc"
    stick = centre.root / "recovery.key"
    assert desk("restore", disk, "--recovery", stick, "--yes", "--data", new) == 0
    exchange(new, centre.office, new, centre.office, new)
    assert_has(new, before.uid, before.rows)
    assert_has(centre.office, before.uid, before.rows)
    # What was never published is the one thing that is lost, and is said to be.
    for folder in (new, centre.office):
        models.open_database(folder)
        there = {row[0] for rows in rows_by(before.uid).values() for row in rows}
        assert before.lost.isdisjoint(there)
    work(new, 1)
    exchange(new, centre.office, new)
    assert sync_state().waiting == sync_state().published == 0
    all_is_well(centre.office, new)


def test_a_desks_pc_died_and_there_is_no_backup(centre):
    before = Before(centre).published(centre).only_here(centre)
    models.close_database()
    shutil.rmtree(centre.station)
    exchange(centre.office)  # 1: what was published is taken in first
    new = centre.root / "new-pc"
    join(centre, new, name="教务窗口 2 号机")  # 2
    models.open_database(centre.office)
    (request,) = enrolment.requests()  # 3
    enrolment.replace_station(
        Station.get(Station.name == OLD),
        request,
        by=models.person_signing_in("B0001"),
        reason="硬盘损坏",
    )
    exchange(centre.office, new)  # 4
    assert_has(new, before.uid, before.rows)
    assert_has(centre.office, before.uid, before.rows)
    models.open_database(new)
    (seal,) = models.seals_of(models.this_desk())
    assert models.next_seal_number(seal, models.clock.today().year) == 3
    work(new, 1)  # 5: the lost use is copied in from paper and gets its number
    exchange(new, centre.office, new)
    assert sync_state().waiting == sync_state().published == 0
    all_is_well(centre.office, new)


def test_the_offices_pc_died_and_there_is_a_backup(centre, desk, tmp_path):
    before = Before(centre)
    disk = make_backup(centre, centre.office, tmp_path / "disk")
    models.open_database(centre.office)
    models.add_person(
        by=models.person_signing_in("B0001"),
        number="2024110299",
        name="钱七",
        role=models.PersonRole.ASSISTANT,
        department=models.department_by_name("教务处"),
    )
    exchange(centre.office)  # published after the backup was made
    before.published(centre)
    exchange(centre.office, centre.station)
    confirmed = sync_state().confirmed
    models.close_database()
    shutil.rmtree(centre.office)
    stick = centre.root / "recovery.key"
    done = desk("restore", disk, "--recovery", stick, "--yes", "--data", centre.office)
    assert done == 0
    exchange(centre.office, centre.station, centre.office, centre.station)
    assert models.person_signing_in("2024110299").name == "钱七"
    assert sync_state().confirmed >= confirmed
    assert_has(centre.office, before.uid, before.rows)
    assert models.person_signing_in("2024110299").name == "钱七"
    all_is_well(centre.office, centre.station)


def test_the_offices_pc_died_and_there_are_its_keys_on_a_stick(centre, desk, tmp_path):
    sticks = [tmp_path / "one", tmp_path / "two"]
    for stick in sticks:
        stick.mkdir()
    typed = f"{PASSPHRASE}\n{PASSPHRASE}\n"
    words = ("key", "export", *sticks, "--by", "B0001", "--data", centre.office)
    assert desk(*words, typed=typed) == 0
    before = Before(centre).published(centre).only_here(centre)
    models.open_database(centre.office)
    office_uid = models.installation().station_uid
    theirs = rows_by(office_uid)
    models.close_database()
    shutil.rmtree(centre.office)
    (file,) = sticks[1].iterdir()
    words = ("key", "refound", file, "--share", centre.share, "--data", centre.office)
    assert desk(*words, typed="Falsch\n") == 1
    assert desk(*words, typed=PASSPHRASE) == 0
    exchange(centre.office, centre.station, centre.office, centre.station)
    state, length = sync_state(), journal.tip()[0]
    assert (state.confirmed, state.waiting) == (length, 0)
    assert hashes(before.confirmed) == before.heads
    assert_has(centre.office, before.uid, rows_by(before.uid))
    assert_has(centre.office, office_uid, theirs)
    assert models.person_signing_in("B0001").name == "顾主任"
    all_is_well(centre.office, centre.station)


def test_the_share_died(centre, desk, tmp_path):
    before = Before(centre).published(centre).only_here(centre)
    models.close_database()
    shutil.rmtree(centre.share)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        with pytest.raises(UserError, match="没有找到服务中心的标记"):
            sync()
    assert not centre.share.exists()
    new = tmp_path / "new-share"
    words = ("key", "new-share", new, "--by", "T001", "--data", centre.office)
    assert desk(*words) == 1 and not new.exists()  # not everybody
    words = ("key", "new-share", new, "--by", "B0001", "--data", centre.office)
    assert desk(*words) == 0
    assert desk(*words) == 1  # and no share is taken over
    full = tmp_path / "full"
    full.mkdir()
    (full / "notes.txt").touch()
    words = ("key", "new-share", full, "--by", "B0001", "--data", centre.office)
    assert desk(*words) == 1 and len([*full.iterdir()]) == 1
    exchange(centre.office)
    models.open_database(centre.station)
    models.localsettings.change_share(str(new), by=models.person_signing_in("T001"))
    exchange(centre.station, centre.office, centre.station)
    state, length = sync_state(), journal.tip()[0]
    assert (state.confirmed, state.published, state.waiting) == (length, 0, 0)
    assert hashes(before.confirmed) == before.heads
    assert_has(centre.office, before.uid, rows_by(before.uid))
    # A new desk can join there: the office has published all of its own again.
    third = centre.root / "third"
    joined_at = centre._replace(root=tmp_path)
    (tmp_path / "share").symlink_to(new)
    join(joined_at, third, name="新窗口 1 号机")
    models.open_database(centre.office)
    (request,) = enrolment.requests()
    by, place = models.person_signing_in("B0001"), models.desk_by_code("jiuye")
    enrolment.approve(request, desk=place, by=by)
    exchange(centre.office, third)
    assert sync_state().approved and models.person_signing_in("T001")
    all_is_well(centre.office, centre.station, third)


def test_the_key_store_was_lost(centre, desk, tmp_path, capsys):
    before = Before(centre).only_here(centre)
    length = journal.tip()[0]
    page = tmp_path / "code.docx"
    assert desk("key", "code", "-o", page, "--data", centre.station) == 0
    code = _code_on(page)
    models.close_database()
    for typed, given in (
        (code, ()),
        ("", ("--recovery", centre.root / "recovery.key")),
    ):
        (centre.station / keystore.KEY_FILE).unlink()
        with pytest.raises(keystore.KeyLost, match="记录没有丢失"):
            models.open_database(centre.station)
        words = ("key", "test", "--data", centre.station)
        assert desk(*words) == 1
        assert "✗" in capsys.readouterr().out
        words = ("key", "recover", *given, "--data", centre.station)
        assert desk(*words, typed=typed) == 0
        words = ("key", "test", *given, *(("--code",) if code else ()))
        assert desk(*words, "--data", centre.station, typed=code) == 0
        assert "✗" not in capsys.readouterr().out
    models.open_database(centre.station)
    assert journal.tip()[0] == length and hashes(before.confirmed) == before.heads
    exchange(centre.station, centre.office, centre.station)
    assert sync_state().confirmed == length
    all_is_well(centre.office, centre.station)


def _code_on(page):
    from docx import Document

    lines = [line.text for line in Document(str(page)).paragraphs]
    return "-".join(word for line in lines[2:4] for word in line.split())


def test_the_page_tells_of_each_walk_and_of_every_command():
    from desk.keycommands import HANDLERS

    text = (models_root() / "docs" / "recovery.md").read_text("utf-8")
    for heading in ("窗口电脑坏了", "办公室电脑坏了", "共享文件夹没了", "密钥库丢了"):
        section = text.split(f"、{heading}")[1].split("\n## ")[0]
        assert "能找回：" in section and "1. " in section
    for task in HANDLERS:
        assert f"desk key {task}" in text


def models_root():
    from pathlib import Path

    return Path(__file__).parent.parent
