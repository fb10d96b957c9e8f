"""A real window on a display of its own, and a station to show in it."""

import gc
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from closing import bindings_of, close_window
from driver import Driver, screen

os.environ["TTKBOOTSTRAP_STRICT"] = "1"  # a misspelt bootstyle is an error

from desk import dialogs, repairs, theme
from desk.window import MainWindow
from exports.sync import enrolment, sync
from exports.sync.share import read_marker
from models import storage
from models.base import transaction
from models.desks import department_by_name, desk_by_code
from models.installation import set_share
from models.people import PersonRole, add_person, person_signing_in
from models.pinyin import initials_of
from models.seals import register_seal
from models.students import Student

SCREEN = "1920x1080x24"
USUAL_SIZE = "1366x740+0+0"  # a screen of 768 lines less the title bar
FAILURES = Path(__file__).parents[1] / "failures"


def pytest_configure(config):
    config.addinivalue_line("markers", "real_dialogs: modal dialogs are not replaced")


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
    gc.collect()
    gc.freeze()  # what is there stays: close_window need not look through it
    root.geometry(USUAL_SIZE)
    root.deiconify()
    root.update()
    yield root
    root.destroy()
    gc.enable()


@pytest.fixture
def drive(root):
    return Driver(root)


PEOPLE = (
    ("T001", "李老师", PersonRole.TEACHER, "0001110001"),
    ("T002", "陈老师", PersonRole.TEACHER, "0001110002"),
    ("2023010101", "张小明", PersonRole.ASSISTANT, "0002220001"),
    ("2023010102", "王芳", PersonRole.ASSISTANT, "0002220002"),
)
STUDENTS = (
    ("2024030101", "赵思远"),
    ("2024030102", "曾雨桐"),
    ("2024030215", "单文博"),
    ("000123", "阿依古丽·买买提"),
)


def make_centre(folder):
    """An office, a share, and the desk 教务 let in and synced, all in *folder*."""
    office, desk, shared = (folder / name for name in ("office", "desk", "share"))
    enrolment.found_centre(
        office,
        share_folder=shared,
        centre_name="学生事务服务中心",
        number="9001",
        name="周主任",
        card="0009001001",
        recovery_file=folder / "recovery.key",
        key_in_file=True,
    )
    head = person_signing_in("9001")
    teaching = department_by_name("教务处")
    added = [
        add_person(
            by=head, number=number, name=name, role=role, department=teaching, card=card
        )
        for number, name, role, card in PEOPLE
    ]
    place = desk_by_code("jiaowu")
    register_seal(by=head, department=teaching, desk=place, keeper=added[0])
    with transaction():
        for number, name in STUDENTS:
            Student(
                number=number,
                name=name,
                class_name="软件2401",
                college="信息学院",
                phone="13800000000",
                initials=initials_of(name),
            ).write(by=head)
    storage.close_database()
    enrolment.join_centre(
        desk,
        share_folder=shared,
        marker=read_marker(shared),
        name="教务事务窗口",
        key_in_file=True,
    )
    storage.close_database()
    storage.open_database(office)
    enrolment.approve(enrolment.requests()[0], desk=place, by=head)
    for place in (office, desk):
        storage.open_database(place)
        sync()
    storage.close_database()


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """The centre every test gets a copy of."""
    folder = tmp_path_factory.mktemp("centre")
    make_centre(folder)
    return folder


@pytest.fixture
def centre(tmp_path, original):
    """A centre of this test's own: `office`, `desk` and `share`; nothing is open."""
    folder = tmp_path / "centre"
    shutil.copytree(original, folder)
    for name in ("office", "desk"):
        storage.open_database(folder / name)
        set_share(str(folder / "share"))
        storage.close_database()
    yield folder
    storage.close_database()


@pytest.fixture
def station(centre):
    """The folder of the desk, its database open."""
    storage.open_database(centre / "desk")
    return centre / "desk"


@pytest.fixture
def office(centre):
    """The folder of the office, its database open."""
    storage.open_database(centre / "office")
    return centre / "office"


def open_window(root, folder):
    root.geometry(USUAL_SIZE)
    root.kept = bindings_of(root)
    window = MainWindow(root, folder)
    if theme.mode() != "light":
        theme.set_mode(root, "light")
    window.pack(fill="both", expand=True)
    window.open_station()
    root.update()
    root.focus_force()
    window.page.focus_first()
    root.update()
    return window


@pytest.fixture
def window(root, station):
    """The desk's window, nobody signed in."""
    window = open_window(root, station)
    yield window
    close_window(root, window)


@pytest.fixture
def office_window(root, office):
    """The office's window, nobody signed in."""
    window = open_window(root, office)
    yield window
    close_window(root, window)


@pytest.fixture
def after_kill(root, drive):
    """Opens the window of a folder anew, as after a kill: `after_kill(folder, who)`."""
    opened = []

    def open_again(folder, number):
        while opened:
            close_window(root, opened.pop())
        window = open_window(root, folder)
        opened.append(window)
        window.sign_in(person_signing_in(number))
        drive.pump()
        return window

    yield open_again
    for window in opened:
        close_window(root, window)


@pytest.fixture
def first_run(root):
    """Opens the window on a folder without data, as the first start does."""
    opened = []

    def open_on(folder):
        root.kept = bindings_of(root)
        window = MainWindow(root, folder)
        window.pack(fill="both", expand=True)
        window.show_setup()
        root.update()
        opened.append(window)
        return window

    yield open_on
    for window in opened:
        close_window(root, window)
    storage.close_database()


@pytest.fixture
def at_work(window, drive):
    """The desk's window with teacher 李老师 signed in."""
    window.sign_in(person_signing_in("T001"))
    drive.pump()
    return window


@pytest.fixture
def at_office(office_window, drive):
    """The office's window with its first person signed in."""
    office_window.sign_in(person_signing_in("9001"))
    drive.pump()
    return office_window


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
    monkeypatch.setattr(
        dialogs, "show_crash", lambda parent, text, folder: said.append(text)
    )
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
    if not os.environ.get("DISPLAY"):
        return
    FAILURES.mkdir(exist_ok=True)
    screen().save(FAILURES / f"{item.name.replace('/', '_')[:80]}.png")
