"""The pictures of the manual: the real window on the sample college, made anew.

    .venv/bin/python docs/pictures.py [NAME ...]

Needs Xvfb and openbox, as the tests of the window do.  The college and its day are
always the same, so a picture changes only when the window does.
"""

import gc
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageGrab

import models
from desk import repairs, theme
from desk.checkinscreen import CheckInScreen
from desk.demo import make_demo
from desk.ratingscreen import RatingScreen
from desk.samplecollege import codes, sync_at
from desk.sampleday import visitors, work_day
from desk.sampleseals import Turn
from desk.window import MainWindow
from exports.sync import enrolment
from exports.sync.share import read_marker
from models import clock
from models.pins import has_screen_pin, set_screen_pin

PICTURES = Path(__file__).parent / "pictures"
SIZE = "1366x768"
COLOURS = 256  # text and plain surfaces: half of the bytes, and no difference
NOW = datetime(2026, 11, 25, 10, 20)  # a Wednesday in term, in the middle of a morning
DAYS, VISITS, MORNING = 3, 200, 40
DESK, TEACHER, OFFICE = "jiaowu", "J003", "B0001"


class Picture(NamedTuple):
    """One picture: who stands where, and what was done before it was taken."""

    name: str
    page: str = ""
    act: Callable[[Any, Any], None] = lambda window, page: None
    at: str = DESK
    who: str = TEACHER


def choose_visitor(window: Any, page: Any) -> None:
    """Initials typed, and the names they may mean."""
    page.form.focus_field("visitor")
    window.root.update()
    page.form.widget("visitor").insert("end", "zw")


def enter_late(window: Any, page: Any) -> None:
    page.on_late_entry()


def list_students(window: Any, page: Any) -> None:
    page.on_card()


def show_help(window: Any, page: Any) -> None:
    window.root.event_generate("<F1>")


def lock(window: Any, page: Any) -> None:
    window.lock()


def rate(window: Any, page: Any) -> None:
    """The screen that a student sees after a visit."""
    _set_pin(window)
    here = models.visits_on(clock.today(), models.this_desk())
    RatingScreen.begin(window, next(visit for visit in here if visit.rating is None))


def check_in(window: Any, page: Any) -> None:
    _set_pin(window)
    CheckInScreen.begin(window)


def _set_pin(window: Any) -> None:
    if not has_screen_pin():
        set_screen_pin("314159", by=window.person)


def hand_over(window: Any, page: Any) -> None:
    """Signed by who goes: now the next one takes over."""
    page.outgoing.set("note", "打印机缺墨，已报后勤")
    page.outgoing.submit()


def check_roster(window: Any, page: Any) -> None:
    """The second step: which column is what."""
    page.file.form.set("path", str(ROOT / "tests" / "samples" / "roster.xlsx"))
    page.on_save()
    settle(window.root, 1.0)


PICTURES_OF = [
    Picture("setup", at="nothing", who=""),
    Picture("waiting", at="new", who=""),
    Picture("signin", who=""),
    Picture("dashboard", "dashboard"),
    Picture("visits", "visits", choose_visitor),
    Picture("visits-late", "visits", enter_late),
    Picture("cases", "cases"),
    Picture("seals", "seals"),
    Picture("seals-students", "seals", list_students),
    Picture("attendance", "attendance"),
    Picture("handover", "handover"),
    Picture("loans", "loans"),
    Picture("finding", "finding"),
    Picture("ledgers", "ledgers"),
    Picture("approvals", "approvals"),
    Picture("calendar", "calendar"),
    Picture("plans", "plans"),
    Picture("sliptemplates", "sliptemplates"),
    Picture("sync", "sync"),
    Picture("settings", "settings"),
    Picture("help", "visits", show_help),
    Picture("lock", "visits", lock),
    Picture("checkinscreen", "attendance", check_in),
    Picture("ratingscreen", "visits", rate),
    Picture("handover-taken", "handover", hand_over),
    Picture("office-dashboard", "dashboard", at="office", who=OFFICE),
    Picture("people", "people", at="office", who=OFFICE),
    Picture("seal_setup", "seal_setup", at="office", who=OFFICE),
    Picture("catalogue", "catalogue", at="office", who=OFFICE),
    Picture("roster", "roster", check_roster, at="office", who=OFFICE),
    Picture("timesettings", "timesettings", at="office", who=OFFICE),
    Picture("pay", "pay", at="office", who=OFFICE),
    Picture("office-sync", "sync", at="office", who=OFFICE),
]


@contextmanager
def screen() -> Iterator[None]:
    """A display of the size of a usual office PC, with a window manager."""
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", f"{SIZE}x24"]
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(
        [*command, "-dpi", "96", "-nolisten", "tcp"], pass_fds=[writable], **quiet
    )
    os.close(writable)
    with os.fdopen(readable) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    manager = subprocess.Popen(["openbox", "--sm-disable"], **quiet)
    try:
        yield
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


@contextmanager
def college_folder() -> Iterator[Path]:
    """Always the same place, for some pages show where things lie."""
    folder = Path(tempfile.gettempdir()) / "样例中心"
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["HOME"] = str(folder / "文档")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def build_college(folder: Path) -> None:
    """Some days of the sample college, and the morning of one more."""
    with clock.set_at(NOW):
        make_demo(folder, days=DAYS, visits=VISITS, seed=1, report=lambda *_: None)
    chance, students = random.Random(2), []
    for code in codes():
        models.open_database(folder / "stations" / code)
        students = students or visitors()
        turn = Turn(DAYS, False, False)
        morning = {"is_fresh": True, "until": NOW - timedelta(minutes=2)}
        work_day(NOW.date(), MORNING, students, chance, turn, **morning)
    with clock.set_at(NOW - timedelta(minutes=1)):
        for code in codes()[1:]:
            sync_at(folder / "stations" / code)
        models.close_database()
        share = folder / "share"
        enrolment.join_centre(
            folder / "new",
            share_folder=share,
            marker=read_marker(share),
            name="教务窗口 2 号机",
            key_in_file=True,
        )
        sync_at(folder / "office")
        models.close_database()


def settle(root: Any, seconds: float = 0.6) -> None:
    """Let timers come due and the screen be painted."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        root.update()
        time.sleep(0.01)


def take(root: Any, college: Path, picture: Picture) -> None:
    """Open the window anew, do what the picture shows, and keep the screen."""
    folder = college / picture.at
    if not folder.exists():
        folder = college / "stations" / picture.at
    if picture.at != "nothing":
        models.open_database(folder)
    window = MainWindow(root, folder)
    theme.set_mode(root, "light")
    window.pack(fill="both", expand=True)
    window.show_setup() if picture.at == "nothing" else window.open_station()
    settle(root, 0.2)
    if picture.who:
        window.sign_in(models.person_signing_in(picture.who))
    if picture.page:
        window.show(picture.page)
    settle(root)
    corner = {"x": root.winfo_screenwidth() - 1, "y": 0}  # over nothing that lights up
    root.event_generate("<Motion>", warp=True, **corner)
    picture.act(window, window.page)
    settle(root)
    shot = ImageGrab.grab(xdisplay=os.environ["DISPLAY"]).convert("RGB")
    # The colours there are: an average of them would paint a sign in another one.
    few = shot.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    few.save(PICTURES / f"{picture.name}.png", optimize=True)
    window.destroy()
    root.update()
    models.close_database()
    gc.collect()
    print(picture.name)


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    wanted = [p for p in PICTURES_OF if not names or p.name in names]
    unknown = set(names) - {picture.name for picture in PICTURES_OF}
    if unknown:
        sys.exit(f"no such picture: {', '.join(sorted(unknown))}")
    PICTURES.mkdir(exist_ok=True)
    with screen(), college_folder() as college:
        build_college(college)
        for name in ("nothing", "文档"):
            (college / name).mkdir(exist_ok=True)  # the home, too
        root = theme.create_root("pictures")
        repairs.install(root)
        gc.disable()  # as the program does: see desk.jobs
        root.attributes("-zoomed", True)
        root.deiconify()
        settle(root)
        with clock.set_at(NOW):
            for picture in wanted:
                take(root, college, picture)
        root.destroy()


if __name__ == "__main__":
    main(sys.argv[1:])
