"""The real program, typed into with real keys and killed: nothing typed is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models import storage
from models.drafts import drafts
from models.visits import Visit

PROGRAM = Path(__file__).parents[2]
CARD = "0001110001"  # of 李老师
WAIT_SECONDS = 40

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="keys of X11")


def until(condition, what):
    return within(WAIT_SECONDS, condition) or pytest.fail(f"waited in vain for {what}")


def within(seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    return None


def xdotool(*arguments):
    done = subprocess.run(["xdotool", *arguments], capture_output=True, text=True)
    return done.stdout.strip()


def windows():
    """What has a title; Tk does not tell the process of a window."""
    return set(xdotool("search", "--onlyvisible", "--name", ".").split())


class Program:
    """The program in a process of its own, somebody signed in."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "desk", "--data", str(folder)]
        self.there_before = windows()
        self.process = subprocess.Popen(command, cwd=PROGRAM)
        self.window = ""

    def sign_in(self):
        (self.window,) = until(lambda: windows() - self.there_before, "the window")
        xdotool("windowactivate", "--sync", self.window)
        until(self.has_focus, "the focus")
        until(self.swipe, "the first page")
        self.keys("ctrl+n")  # what comes with the page goes to its first field late

    def swipe(self):
        """Again, should the card have come before its field."""
        self.keys(*CARD, "Return")
        return within(WAIT_SECONDS / 4, lambda: "来访登记" in self.title())

    def restore(self, before):
        """Again, should the key have come before the offer."""
        self.keys("ctrl+shift+F9")
        return within(WAIT_SECONDS / 4, lambda: drafts()[0].saved_at != before)

    def has_focus(self):
        xdotool("windowfocus", self.window)
        return xdotool("getwindowfocus") == self.window

    def title(self):
        return xdotool("getwindowname", self.window)

    def keys(self, *names):
        xdotool("key", "--delay", "12", *names)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start(display, station):
    started = []

    def program():
        started.append(Program(station))
        started[-1].sign_in()
        return started[-1]

    yield program
    for each in started:
        if each.process.poll() is None:
            each.kill()


def test_what_was_typed_before_a_kill_is_restored_and_saved(start, station):
    program = start()
    program.keys(*"2024030102", "Return")  # 曾雨桐, as Enter picks her
    program.keys("Down", "Return")  # the first service of the quick list
    program.keys("1", "Return", *"lacks")
    kept = until(lambda: [d for d in drafts() if "lacks" in d.payload], "the draft")
    assert kept[0].person_name == "李老师"
    program.kill()
    assert Visit.select().count() == 0

    program = start()
    before = kept[0].saved_at
    until(lambda: program.restore(before), "the restoring")
    program.keys("ctrl+s")
    visit = until(lambda: Visit.select().first(), "the visit")
    assert (visit.visitor_name, visit.student_number) == ("曾雨桐", "2024030102")
    assert visit.service_name and (visit.outcome, visit.result) == ("done", "lacks")
    assert visit.phone == "13800000000"
    until(lambda: not drafts(), "the end of the draft")
    program.kill()
    storage.close_database()
