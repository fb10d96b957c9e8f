"""Tab through a window: where it stops, and whether one sees that it does."""

import itertools
import os
import time
import tkinter
from collections import Counter

from PIL import ImageGrab

from desk.palettes import contrast

STOPS = "TButton TMenubutton TEntry TSpinbox TCombobox TCheckbutton TRadiobutton"
KINDS = {*STOPS.split(), "Treeview", "Text", "Listbox", "Canvas", "TNotebook"}
# The button at the side of a field: F4 and Ctrl+K do the same in the field.
WITH_A_KEY = {"DateField", "StudentsField"}
MOST_STOPS = 150
SETTLED_SECONDS = 0.5
LEAST_CONTRAST = 3.0
# As people press Tab: not in the burst of a card reader.
times = itertools.count(10_000, 1_000)


def is_stop(widget):
    """Whether Tab must come by: it can be worked with, and does not say no."""
    if widget.winfo_class() not in KINDS:
        return False
    try:
        state = str(widget.cget("state"))
    except tkinter.TclError:  # a list has none
        state = "normal"
    takes = str(widget.cget("takefocus"))
    if widget.winfo_class() == "Canvas" and takes != "1":
        return False  # only drawn on
    if type(widget.master).__name__ in WITH_A_KEY and takes in ("0", "False"):
        return False
    if widget.winfo_class() == "TRadiobutton" and takes in ("0", "False"):
        return False  # one of a row that has another stop
    return state != "disabled"


def is_in_sight(widget):
    """Viewable, and not covered: not even by what says that a list is empty."""
    if not widget.winfo_viewable():
        return False
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    wide, high = widget.winfo_width(), widget.winfo_height()
    places = [(0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]
    for across, down in places:
        x, y = left + round(wide * across), top + round(high * down)
        there = widget.winfo_containing(x, y)
        if there is not None and f"{there}.".startswith(f"{widget}."):
            return True
    return False


def walk(root, key="<Tab>", most=MOST_STOPS):
    """The widgets that get the focus in turn, until it comes round, and those of
    them that are not in sight when they have it."""
    first = here = root.focus_get()
    stops, unseen = [first], []
    while len(stops) < most:
        here.event_generate(key, time=next(times))
        root.update()
        here = root.focus_get()
        if here is first or here is None:
            break
        stops.append(here)
        if not is_in_sight(here) and not _comes_into_sight(root, here):
            unseen.append(here)
    return stops, unseen


def _comes_into_sight(root, widget):
    """What scrolls may need a moment."""
    until = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < until and not is_in_sight(widget):
        root.update()
    return is_in_sight(widget)


def picture_of(widget):
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    box = (x, y, x + widget.winfo_width(), y + widget.winfo_height())
    return ImageGrab.grab(box, xdisplay=os.environ.get("DISPLAY", "")).convert("RGB")


def change(before, after):
    """How many pixels differ so much that an outline of them can be seen."""
    counts = Counter(zip(pixels_of(before), pixels_of(after), strict=True))
    return sum(
        count
        for (one, other), count in counts.items()
        if one != other and contrast(f"#{one}", f"#{other}") >= LEAST_CONTRAST
    )


def pixels_of(picture):
    """Each as rrggbb."""
    text = picture.tobytes().hex()
    return [text[at : at + 6] for at in range(0, len(text), 6)]
