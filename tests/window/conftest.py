"""A real window on a display of its own, and a station to show in it."""

import gc
import logging
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

os.environ["TTKBOOTSTRAP_STRICT"] = "1"  # a misspelt bootstyle is an error

from desk import dialogs, repairs, theme
from desk.window import MainWindow
from models import storage
from models.base import set_station, transaction
from models.centre import found_centre
from models.desks import department_by_name, desk_by_code
from models.people import PersonRole, add_person
from models.pinyin import initials_of
from models.seals import register_seal
from models.stations import Station
from models.students import Student

SCREEN = "1366x768x24"
WAIT_SECONDS = 8
ARTIFACTS = Path(__file__).parent / "artifacts"


@pytest.fixture(scope="session")
def display():
    """A display of our own, so that no desktop's windows get in the way."""
    if sys.platform == "win32" or shutil.which("Xvfb") is None:
        if sys.platform != "win32" and not os.environ.get("DISPLAY"):
            pytest.skip("no display, and Xvfb is not installed")
        yield None
        return
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", SCREEN]
    server = subprocess.Popen(
        [*command, "-dpi", "96", "-nolisten", "tcp"],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as answer:
        number = answer.readline().strip()
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = f":{number}"
    manager = None
    if shutil.which("openbox"):
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    yield f":{number}"
    for process in (manager, server):
        if process is not None:
            process.terminate()
            process.wait()
    os.environ.pop("DISPLAY") if before is None else os.environ.update(DISPLAY=before)


@pytest.fixture(scope="session")
def root(display):
    """The one root of the process."""
    root = theme.create_root("test")
    repairs.install(root)
    gc.disable()  # as the program does: see desk.jobs
    root.geometry("1366x740+0+0")
    root.deiconify()
    root.update()
    yield root
    root.destroy()
    gc.enable()


class Driver:
    """Hands and eyes for a test: waits, real keys, pictures."""

    def __init__(self, root):
        self.root = root

    def pump(self, seconds=0.0):
        """Let the window work for a while, at least once."""
        until = time.monotonic() + seconds
        self.root.update()
        while time.monotonic() < until:
            self.root.update()
            time.sleep(0.002)

    def wait_until(self, condition, what=""):
        """Let the window work until *condition()* holds."""
        until = time.monotonic() + WAIT_SECONDS
        while not condition():
            if time.monotonic() > until:
                pytest.fail(f"waited in vain for {what or condition}")
            self.root.update()
            time.sleep(0.002)

    def keys(self, *names, delay=12):
        """Press real keys one after the other: `Return`, `ctrl+s`, `z`."""
        self._xdotool("key", "--delay", str(delay), *names)

    def typing(self, text, delay=12):
        """Type ASCII text with real keys, as a person or a card reader does."""
        self._xdotool("type", "--delay", str(delay), "--", text)

    def _xdotool(self, *arguments):
        assert shutil.which("xdotool"), "xdotool is needed for real keys"
        process = subprocess.Popen(["xdotool", *arguments])
        while process.poll() is None:  # Tk must answer the server while keys come
            self.root.update()
            time.sleep(0.001)
        assert process.returncode == 0
        self.pump(0.03)

    def paste(self, widget, text):
        """Chinese goes in by the clipboard: no key has it."""
        widget.clipboard_clear()
        widget.clipboard_append(text)
        widget.focus_force()
        self.root.update()
        widget.event_generate("<<Paste>>")
        self.root.update()

    def picture(self, path):
        """A picture of the whole screen."""
        self.pump(0.05)
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], check=True)


@pytest.fixture
def drive(root):
    return Driver(root)


def make_station(folder, *, kind="desk"):
    """A data folder as an approved desk (教务) or the office has it, with people.

    The rows of the office are written here as if the station were the office for a
    moment; how they really come is the business of the sync tests.
    """
    blank = dict.fromkeys(
        ("epoch", "sign_seed", "age_identity", "office_uid", "office_key"), "00"
    )
    storage.create_database(
        folder,
        identity={
            **blank,
            "station_uid": "station-1",
            "kind": kind,
            "name": "教务事务窗口" if kind == "desk" else "中心办公室",
            "realm": "realm-1",
            "centre_name": "学生事务服务中心",
            "office_recipient": "",
            "recovery_recipient": "",
            "approved": True,
        },
        stream={"sender": "station-1", "addressee": "office", "epoch": "00"},
        key_in_file=True,
    )
    set_station("station-1", "office")
    office = found_centre(number="9001", name="周主任", card="0009001001")
    teaching = department_by_name("教务处")
    desk = desk_by_code("jiaowu")
    people = [
        ("T001", "李老师", PersonRole.TEACHER, "0001110001"),
        ("T002", "陈老师", PersonRole.TEACHER, "0001110002"),
        ("2023010101", "张小明", PersonRole.ASSISTANT, "0002220001"),
        ("2023010102", "王芳", PersonRole.ASSISTANT, "0002220002"),
    ]
    added = [
        add_person(
            by=office, number=number, name=name, role=role, department=teaching, card=c
        )
        for number, name, role, c in people
    ]
    register_seal(by=office, department=teaching, desk=desk, keeper=added[0])
    with transaction():
        for number, name in (
            ("2024030101", "赵思远"),
            ("2024030102", "曾雨桐"),
            ("2024030215", "单文博"),
            ("000123", "阿依古丽·买买提"),
        ):
            Student(
                number=number,
                name=name,
                class_name="软件2401",
                college="信息学院",
                phone="13800000000",
                initials=initials_of(name),
            ).write(by=office)
        if kind == "desk":
            Station(
                station_uid="station-1",
                kind="desk",
                name="教务事务窗口",
                desk_uid=desk.uid,
                sign_key="",
                recipient="",
            ).write(by=office)
    set_station("station-1", kind)


@pytest.fixture
def station(tmp_path):
    """The folder of a desk's station, its database open."""
    folder = tmp_path / "station"
    make_station(folder)
    yield folder
    storage.close_database()


@pytest.fixture
def office(tmp_path):
    """The folder of the office's station, its database open."""
    folder = tmp_path / "office"
    make_station(folder, kind="office")
    yield folder
    storage.close_database()


def _open_window(root, folder):
    window = MainWindow(root, folder)
    theme.set_mode(root, "light")
    window.pack(fill="both", expand=True)
    window.open_station()
    root.update()
    root.focus_force()
    window.page.focus_first()
    root.update()
    return window


def _close_window(root, window):
    running = window.jobs.running
    window.destroy()
    root.update()
    gc.collect()
    assert not running, "the test left a job running"


@pytest.fixture
def window(root, station):
    """The desk's window, nobody signed in."""
    window = _open_window(root, station)
    yield window
    _close_window(root, window)


@pytest.fixture
def office_window(root, office):
    """The office's window, nobody signed in."""
    window = _open_window(root, office)
    yield window
    _close_window(root, window)


@pytest.fixture(autouse=True)
def shown(request, monkeypatch):
    """What modal dialogs would say; a real one would hang the test.

    `shown.answers` are given to `ask_text` and `confirm` in turn.  A test marked
    `real_dialogs` gets the real ones.
    """
    said = Shown()
    if "real_dialogs" in request.keywords:
        return said
    monkeypatch.setattr(dialogs, "warn", lambda parent, text: said.append(text))
    monkeypatch.setattr(dialogs, "show_crash", lambda parent, text: said.append(text))
    for name in ("ask_text", "confirm"):
        monkeypatch.setattr(dialogs, name, said.answer)
    for name in ("choose_file", "choose_new_file", "choose_folder"):
        monkeypatch.setattr(dialogs, name, said.answer)
    return said


class Shown(list):
    """Texts shown, and the answers still to be given."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def answer(self, parent, text="", **options):
        self.append(text or options.get("title", ""))
        if not self.answers:
            pytest.fail(f"unexpected dialog: {self[-1]}")
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def no_errors_logged(caplog):
    """Fail on any ERROR: Tk swallows what a callback raises, the log does not."""
    yield
    for when in ("setup", "call"):
        errors = [
            record
            for record in caplog.get_records(when)
            if record.levelno >= logging.ERROR
        ]
        assert not errors, "\n".join(
            logging.Formatter().format(record) for record in errors
        )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A picture of the screen where a test failed."""
    outcome = yield
    report = outcome.get_result()
    if report.when != "call" or not report.failed:
        return
    if not os.environ.get("DISPLAY") or not shutil.which("import"):
        return
    ARTIFACTS.mkdir(exist_ok=True)
    (ARTIFACTS / ".gitignore").write_text("*\n", encoding="ascii")
    name = item.name.replace("/", "_")[:80]
    subprocess.run(
        ["import", "-window", "root", str(ARTIFACTS / f"{name}.png")], check=False
    )
