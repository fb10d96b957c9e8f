"""Sync by itself: when, what is told of it, and that a dead share stops nothing."""

import subprocess
import sys
import threading
from datetime import datetime
from threading import Event

import pytest
from oddshare import OddShare

from desk.autosync import EVERY, FIRST, LATEST, LEAVE, PROBE, SILENT, AutoSync
from desk.newsflash import QUIET_MS, TOUCHED_AT
from exports.sync import sync, sync_state, turn
from models import clock, storage
from models.alarms import AlarmKind, raise_alarm
from models.caselists import open_cases
from models.desks import this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.visits import VisitOutcome


class Clockwork:
    """Seconds that grow when the test says so."""

    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


def wind(window):
    """The window's sync, by a clock of the test's own, and without its ticking."""
    clockwork = Clockwork()
    window.autosync = AutoSync(window, now=clockwork, chance=lambda: 0.5)
    window.autosync.is_on = True
    return window.autosync, clockwork


@pytest.fixture
def auto(at_work):
    return wind(at_work)


def waiting_visit(window):
    """Something that is not on the share yet."""
    window.page.on_add_enquiry()


def told(window):
    return window.status.sync.cget("text")


def done(drive, window):
    drive.wait_until(lambda: not window.autosync.jobs.running, "the exchange")


def test_it_runs_by_itself_waits_longer_while_the_share_is_away_and_is_back_at_once(
    at_work, auto, drive, centre, shown
):
    auto, at = auto
    waiting_visit(at_work)
    focused = at_work.focus_get()
    auto.start()
    auto.look()
    assert not auto.jobs.running and told(at_work) == "● 1 条未上传"
    at.at += FIRST
    auto.look()
    assert auto.jobs.running and told(at_work) == "● 同步中 · 1 条未上传"
    done(drive, at_work)
    auto.look()
    assert told(at_work) == "● 1 条已上传，待确认"
    at.at += EVERY - 1
    auto.look()
    assert not auto.jobs.running
    (centre / "share").rename(centre / "away")
    waits = []
    for minute in range(5):
        began = at.at = auto._due
        with clock.set_at(datetime(2026, 11, 23, 10, 12 + minute)):
            auto.look()
            done(drive, at_work)
            auto.look()
            assert told(at_work) == "✖ 共享不可用 自 10:12 · 1 条已上传，待确认"
        waits.append(auto._due - began)
    assert waits == [EVERY, EVERY * 2, EVERY * 4, LATEST, LATEST]
    at.at += PROBE
    auto.look()
    drive.wait_until(lambda: not auto._probing.running, "a look for the marker")
    auto.look()
    assert not auto.jobs.running
    (centre / "away").rename(centre / "share")
    at.at += PROBE
    auto.look()
    drive.wait_until(lambda: not auto._probing.running, "a look for the marker")
    auto.look()
    assert auto.jobs.running
    done(drive, at_work)
    auto.look()
    assert told(at_work) == "● 1 条已上传，待确认"
    assert (at_work.focus_get(), shown, at_work.info.text) == (focused, [], "")


def test_the_status_says_who_else_syncs_what_is_confirmed_and_what_awaits_a_person(
    at_work, auto, drive, centre
):
    auto, at = auto
    waiting_visit(at_work)
    lock = at_work.folder / turn.LOCK
    program = (
        "import fcntl,sys; f=open(sys.argv[1],'ab'); fcntl.flock(f,fcntl.LOCK_EX);"
        "print('held',flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, lock],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"held\n"
    auto.soon()
    auto.look()
    done(drive, at_work)
    auto.look()
    assert told(at_work) == "● 正在另一程序同步 · 1 条未上传"
    other.communicate()
    at.at = auto._due
    auto.look()
    done(drive, at_work)
    for folder in (centre / "office", centre / "desk"):
        storage.open_database(folder)
        sync()
    auto.look()
    assert told(at_work) == "✔ 全部已确认"
    raise_alarm(AlarmKind.FORK, "同一编号有两种内容", station="s", about="1")
    auto.look()  # a change of the database shows at the next look, twice a second
    assert told(at_work) == "✖ 1 项待处理 · 全部已确认"
    at_work.status.sync.event_generate("<Button-1>")
    drive.pump()
    assert at_work.page.title == "数据同步"
    assert "同一编号有两种内容" in at_work.page.trouble.cget("text")


def test_a_share_that_does_not_answer_hinders_nobody_and_is_left_behind(
    at_work, auto, drive, centre
):
    auto, at = auto
    waiting_visit(at_work)
    odd = OddShare(centre / "share")
    odd.hanging = "centre.marker"
    with odd.mounted():
        auto.soon()
        auto.look()
        drive.wait_until(odd.asked.is_set, "a call on the share")
        ended = Event()
        at_work.jobs.start(lambda report: None, on_done=lambda _: ended.set())
        drive.wait_until(ended.is_set, "another job")
        at_work.on_refresh()
        waiting_visit(at_work)
        at.at += SILENT
        with clock.set_at(datetime(2026, 11, 23, 10, 12, 30)):
            auto.look()
            assert told(at_work) == "✖ 共享没有响应 自 10:12 · 2 条未上传"
        at_work.show("sync")
        at_work.page.on_refresh()
        assert "没有响应" in at_work.page.trouble.cget("text")
        at_work.page.on_escape()
        drive.pump()
        assert auto.jobs.running and not odd.gate.is_set()
        gone = []
        auto.leave(lambda: gone.append(True))  # nobody waits for it
        assert gone and not odd.gate.is_set()
        with turn.my_turn():  # nor does the next start
            pass
        (left,) = [t for t in threading.enumerate() if t.name == "sync"]
        odd.gate.set()
        left.join(20)
    assert not left.is_alive()
    assert sync_state().waiting == 2
    sync()
    assert sync_state().waiting == 0
    assert not list((centre / "share").rglob("*.part"))


def test_the_window_uploads_before_it_closes_but_waits_a_moment_only(
    at_work, auto, drive, centre
):
    auto, at = auto
    gone = []
    auto.leave(lambda: gone.append("nothing to send"))
    assert gone == ["nothing to send"]
    waiting_visit(at_work)
    auto.leave(lambda: gone.append("sent"))
    assert "不会丢失" in at_work.info.text and len(gone) == 1
    drive.wait_until(lambda: len(gone) == 2, "the end")
    assert sync_state().waiting == 0
    waiting_visit(at_work)
    odd = OddShare(centre / "share")
    odd.hanging = "centre.marker"
    with odd.mounted():
        auto.leave(lambda: gone.append("left"))
        drive.wait_until(odd.asked.is_set, "a call on the share")
        assert len(gone) == 2
        at.at += LEAVE
        drive.wait_until(lambda: len(gone) == 3, "the end")
        auto.leave(lambda: gone.append("again"))
        auto.leave(lambda: gone.append("at once"))
        assert gone[3:] == ["at once"]
    drive.wait_until(lambda: "sync" not in [t.name for t in threading.enumerate()])
    assert sync_state().waiting == 1


def case_at_desk(centre, name):
    storage.open_database(centre / "desk")
    record_visit(
        by=person_signing_in("2023010101"),
        service=services_of(this_desk())[0],
        outcome=VisitOutcome.PROMISED,
        visitor_name=name,
    )
    sync()
    storage.open_database(centre / "office")


def test_a_page_in_front_shows_what_came_in_when_nobody_types(at_office, drive, centre):
    auto, _at = wind(at_office)
    case_at_desk(centre, "赵思远")
    sync()
    at_office.show("cases")
    drive.pump()
    page = at_office.page
    assert len(page.table.rows()) == 1
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    marked = page.table.selected().uid
    case_at_desk(centre, "曾雨桐")
    tk = at_office.root.tk
    tk.call("set", TOUCHED_AT, tk.call("clock", "milliseconds"))  # a key, just now
    auto.soon()
    auto.look()
    done(drive, at_office)
    assert len(page.table.rows()) == 1
    page.find_entry.focus_set()
    page.find_entry.insert(0, "赵")
    drive.wait_until(lambda: page._find_timer == "")
    tk.call("set", TOUCHED_AT, int(tk.call("clock", "milliseconds")) - QUIET_MS)
    auto.look()
    assert len(open_cases()) == 2 and auto.news._waiting_page is page
    page.find_entry.delete(0, "end")
    drive.wait_until(lambda: page._find_timer == "")
    tk.call("set", TOUCHED_AT, int(tk.call("clock", "milliseconds")) - QUIET_MS)
    auto.look()
    assert len(page.table.rows()) == 2
    assert page.table.selected().uid == marked
    assert at_office.focus_get() is page.find_entry
