"""排班 in the real window: what its tests do and read there."""

from exports.sync import sync
from models import storage

A, B, C = "2023010101", "2023010102", "2023010103"


def exchange(centre, last="desk"):
    """Office, desk and office again; *last* stays open."""
    for name in ("desk", "office", "desk", last):
        storage.open_database(centre / name)
        sync()


def focus(page):
    return page.window.root.focus_get()


def type_shift(page, drive, begins, ends, a, *others):
    """Fill the card of a new shift, from the hours on, as a person types."""
    drive.pump(0.1)
    drive.typing(begins)
    drive.keys("Return")
    drive.typing(ends)
    drive.keys("Return")
    for typed in (a, *others):
        drive.typing(typed)
        drive.pump(0.3)
        drive.keys("Return")
        drive.pump(0.1)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: page.card == "plan", "the shift to be kept")
    drive.pump(0.2)


def warned(page, kind):
    return [w.text for w in page.week.warnings if w.kind == kind]
