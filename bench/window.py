"""Measure the window from a key to the painted result, at 1,000,000 visits.

    python bench/window.py                      20,000 students
    python bench/window.py --students 100000
    python bench/window.py --keep FOLDER        keep the database and use it again

The real window on a display of its own (Xvfb).  A key is timed from `event_generate`
until everything it caused is drawn: `update`, and one round trip to the X server.
What waits for a pause in typing (150 ms) is timed from the end of the pause.  Quote
each beside one frame (16.7 ms) and beside the bare cost of a key, never alone.
"""

import argparse
import gc
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import finding
from conftest import found_small_centre

import models
from exports.sync import sync
from models import Student, clock, searchindex
from models.handovers import hand_over, last_handover, take_over
from models.pinyin import initials_of
from models.visits import Visit

VISITS = 1_000_000
TODAY = 120  # visits already in today's list
FRAME = 1000 / 60
CHUNK = 5_000
TURNS = 40
SIZE = "1366x740"


# -- what there is ----------------------------------------------------------------


def make(folder: Path, visits: int, students: int) -> None:
    """An office with a roster, and a desk with its visits of five years."""
    found_small_centre(folder)
    models.open_database(folder / "office")
    by, chance = models.person_signing_in("B0001"), random.Random(students)
    for start in range(0, students, CHUNK):
        rows = [_student(n, chance) for n in range(start, start + CHUNK)]
        with models.transaction():
            Student.write_new(rows, by=by)
    sync()
    models.open_database(folder / "jiaowu")
    sync()
    finding.fill(visits)
    searchindex.catch_up()
    models.close_database()


def _student(n: int, chance: random.Random) -> Student:
    given = "".join(chance.choices(finding.GIVEN, k=chance.choice((1, 2, 2))))
    name = chance.choice(finding.SURNAMES) + given
    return Student(
        number=f"{2019 + n % 6}9{n:06d}",
        name=name,
        class_name=f"{chance.choice(finding.CLASSES)}{19 + n % 6}{n % 12 + 1:02d}",
        college="信息学院",
        phone="",
        initials=initials_of(name),
    )


def begin_the_day() -> None:
    """A usual morning is in today's list."""
    by, here = models.person_signing_in("2024110201"), models.this_desk()
    service = next(s for s in models.services_of(here) if s.kind == "instant")
    if last_handover(here) is None:
        take_over(hand_over(by=by), by=models.person_signing_in("T001"))
    for _ in range(TODAY - len(models.visits_on(clock.today()))):
        models.record_visit(by=by, service=service, outcome="done", visitor_name="王伟")


# -- the window -------------------------------------------------------------------


@contextmanager
def display() -> Iterator[None]:
    """A display of our own."""
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", "1366x768x24"]
    server = subprocess.Popen(
        [*command, "-dpi", "96", "-nolisten", "tcp"],
        pass_fds=[writable],
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    try:
        yield
    finally:
        server.terminate()
        server.wait()


class Bench:
    """The window, a watch, and what it showed."""

    def __init__(self, folder: Path) -> None:
        from desk import repairs, theme
        from desk.window import MainWindow

        self.spent: dict[str, list[float]] = {}
        # Of the processor, in this thread: on a busy machine, and beside a worker that
        # counts, the truer one.
        self.own: dict[str, list[float]] = {}
        self.root = theme.create_root("bench")
        repairs.install(self.root)
        gc.disable()  # as the program does
        self.root.geometry(f"{SIZE}+0+0")
        self.window = MainWindow(self.root, folder)
        self.root.report_callback_exception = self._stop  # a dialog would wait
        self.window.pack(fill="both", expand=True)
        self.window.open_station()
        self.root.deiconify()
        self.root.update()
        self.root.focus_force()
        self.window.sign_in(models.person_signing_in("T001"))
        self.settle()

    def _stop(self, kind: type, error: BaseException, trace: Any) -> None:
        traceback.print_exception(kind, error, trace)
        os._exit(1)

    def timed(self, name: str, run: Callable[[], Any]) -> None:
        """From *run* until all of it is painted."""
        started, own = time.perf_counter(), time.thread_time()
        run()
        self.root.update()
        self.root.winfo_pointerxy()  # a round trip: the server has drawn what came
        own = (time.thread_time() - own) * 1000
        spent = (time.perf_counter() - started) * 1000
        self.spent.setdefault(name, []).append(spent)
        self.own.setdefault(name, []).append(own)

    def key(self, name: str, sequence: str) -> None:
        """One key into whatever has the focus, as a real one."""
        to = self.root.focus_get() or self.root
        self.timed(name, lambda: to.event_generate(sequence))

    def settle(self, seconds: float = 0.0) -> None:
        """Let the window do what it does by itself."""
        until = time.monotonic() + seconds
        self.root.update()
        while time.monotonic() < until:
            self.root.update()
            time.sleep(0.005)
        gc.collect()

    @property
    def page(self) -> Any:
        return self.window.page


def type_visitors(bench: Bench, turns: int) -> None:
    """Letters, the list, Enter, the service, Ctrl+S."""
    chance = random.Random(1)
    for turn in range(turns):
        bench.page.focus_first()
        bench.settle()
        visitor = bench.page.form.widget("visitor")
        typed = f"2022{9000000 + turn * 6 + 3:07d}" if turn % 3 == 0 else ""
        typed = typed or "".join(chance.choices("zwlcyhmjx", k=3))
        for letter in typed:
            bench.key("letter into the visitor's field", f"<Key-{letter}>")
            visitor._stop_timer()
            suggest = visitor._suggest
            started = time.perf_counter()
            suggest(visitor.get())
            spent = (time.perf_counter() - started) * 1000
            bench.spent.setdefault("… suggestion alone", []).append(spent)
            bench.timed("… its list painted", visitor._search)
        bench.key("Down in the list", "<Down>")
        if visitor.is_open:
            bench.key("Enter: picked, next field", "<Return>")
        service = bench.page.form.widget("service")
        service.focus_set()
        bench.settle()
        for letter in "zm":
            bench.key("letter into the service's field", f"<Key-{letter}>")
            service._stop_timer()
            bench.timed("… its list painted (service)", service._search)
        bench.key("Enter: service picked", "<Return>")
        bench.key("Tab", "<Tab>")
        bench.key("letter into a plain field", "<Key-a>")
        before = bench.page.table.count
        bench.key("Ctrl+S: saved, row painted", "<Control-s>")
        if bench.page.form.problems():
            bench.key("Ctrl+N", "<Control-n>")
        else:
            assert bench.page.table.count == before + 1
        bench.settle()


def press_keys(bench: Bench, turns: int) -> None:
    """Counting, parking, lists, pages, looks."""
    window = bench.window
    for _ in range(turns):
        bench.key("Ctrl+1: counted, row painted", "<Control-Key-1>")
        bench.settle()
        bench.page.form.widget("visitor").insert(0, "王")
        bench.key("F9: put aside", "<F9>")
        bench.key("Shift+F9: taken back", "<Shift-F9>")
        bench.key("Ctrl+N", "<Control-n>")
        bench.settle()
        if hasattr(window, "drafts"):
            bench.page.form.widget("visitor").insert(0, "王")
            bench.timed("draft kept", window.drafts.look)
            bench.key("Ctrl+N", "<Control-n>")
        bench.timed("the minute's watch", window.watch.look)
        bench.timed("sync state read", window._show_status)
    bench.page.table.tree.focus_set()
    for key in ("Down", "Up", "Next", "Prior", "End", "Home", "Control-a"):
        for _ in range(turns):
            bench.key(f"{key} in today's list", f"<{key}>")
    entry = bench.page.find_entry
    entry.focus_set()
    for letter in "wangweiwang"[:turns]:
        bench.key("letter into the list's search", f"<Key-{letter}>")
        bench.timed("… rows painted", bench.page._find)
    entry.delete(0, "end")
    bench.settle(0.3)


def switch_pages(bench: Bench, turns: int) -> None:
    """Every page by its key: made at first, then only brought."""
    from desk.keymap import KEYS
    from desk.pages import pages_of

    names = {entry.name for entry in pages_of(bench.window.here)}
    keys = [key for key in KEYS if key.page in names]
    for turn in range(turns):
        for key in keys:
            bench.root.focus_force()
            said = "made" if turn == 0 else "shown"
            bench.key(f"{key.shown} {key.page} {said}", key.sequences[0])
            if bench.window.last_read.is_waiting:  # a key in that moment waits for it
                name = f"… {key.page} read when painted"
                bench.timed(name, bench.window.last_read.read_now)
            bench.settle(0.02)
    by = models.person_signing_in("2024110201")
    for _ in range(turns):
        for key in keys:
            models.record_enquiry(by=by)
            bench.root.focus_force()
            bench.key(f"{key.shown} {key.page} after a record", key.sequences[0])
            bench.settle(0.02)
    bench.key("F2 visits shown", "<F2>")


def find(bench: Bench, turns: int) -> None:
    """查找 over all years."""
    bench.window.show("finding")
    bench.settle(0.3)
    page = bench.page
    entry = next(e for e in (getattr(page, "find_entry", None),) if e is not None)
    for turn in range(turns):
        text = ("zw", "王", "证明", "2021", "张伟", "签字", "没有这样的")[turn % 7]
        entry.focus_set()
        entry.delete(0, "end")
        bench.settle(0.4)
        entry.insert(0, text)
        bench.key("letter into 查找", "<Key-space>")
        bench.timed("… found, rows painted", page._find)
        page.table.tree.focus_set()
        bench.key("End in what was found", "<End>")
        bench.key("PageDown in what was found", "<Next>")
        bench.settle()


def change_looks(bench: Bench, turns: int) -> None:
    bench.window.show("visits")
    bench.settle()
    for _ in range(turns):
        bench.key("Ctrl+T", "<Control-t>")
        bench.settle()


def bare(bench: Bench, turns: int) -> None:
    """A key that does nothing."""
    for _ in range(turns):
        bench.key("a key that does nothing", "<Key-Shift_L>")


def run(folder: Path, turns: int) -> None:
    models.open_database(folder / "jiaowu")
    searchindex.catch_up()
    begin_the_day()
    with display():
        started = time.perf_counter()
        bench = Bench(folder / "jiaowu")
        opened = (time.perf_counter() - started) * 1000
        bare(bench, turns * 3)
        type_visitors(bench, turns)
        press_keys(bench, turns)
        switch_pages(bench, max(turns // 4, 6))  # the first time is apart
        find(bench, turns)
        change_looks(bench, max(turns // 8, 3))
        bare(bench, turns * 3)
        show(bench.spent, bench.own)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"window opened in {opened:.0f} ms; at most {memory:.0f} MB resident")
        bench.window.destroy()
        bench.root.destroy()
    models.close_database()


def show(spent: dict[str, list[float]], own: dict[str, list[float]]) -> None:
    bare_key = _at(spent["a key that does nothing"], 50)
    print(f"{Visit.select().count():,} visits, {Student.select().count():,} students")
    heads = ("p50", "p99", "frames", "x bare", "cpu p50", "cpu p99")
    print(f"{'from the key, in ms':42}", *(f"{head:>8}" for head in heads))
    for name, times in spent.items():
        half, most = _at(times, 50), _at(times, 99)
        cpu = [_at(own.get(name, times), percent) for percent in (50, 99)]
        cells = (half, most, half / FRAME, half / bare_key, *cpu)
        late = "  !" if most > FRAME else ""
        print(f"{name:42}", *(f"{cell:8.1f}" for cell in cells), late)


def _at(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        place = (arguments.keep or Path(made)).absolute()
        place /= f"{arguments.visits}-{arguments.students}"
        if not place.exists():
            make(place, arguments.visits, arguments.students)
        run(place, arguments.turns)
