"""For people who work without a mouse, or without seeing the window.

Tk tells screen readers on Windows nothing of its widgets by itself.

The library is optional, and young: what it cannot do goes to the log, and the window
works without it.
"""

import logging
import tkinter
from typing import Any

import ttkbootstrap as ttk

log = logging.getLogger(__name__)

SETTLED_MS = 100  # then a page shown for the first time has found its heights

_library: Any = None  # None until it is at work


def enable(root: tkinter.Misc) -> None:
    """Let screen readers see the widgets of *root*, where the library is installed."""
    global _library
    try:
        import tk_uia

        strategy = tk_uia.enable(root)
    except ImportError:
        log.info("no tk_uia: screen readers are told nothing")
    except Exception:
        log.warning("tk_uia does not start; the window goes on", exc_info=True)
    else:
        log.info("tk_uia: %s", strategy)
        _library = tk_uia


def label_for(label: tkinter.Misc, widget: tkinter.Misc) -> None:
    """Say that *widget* is called as *label* reads."""
    if _library is None or not label.cget("text"):
        return
    try:
        _library.label_for(label, widget)
    except Exception:
        log.warning("tk_uia does not name %s", widget, exc_info=True)


def follow_focus(root: tkinter.Misc) -> None:
    """What gets the keyboard comes into sight: a ScrolledFrame does not see to it."""
    root.bind_all("<FocusIn>", _on_focus, add="+")


def _on_focus(event: tkinter.Event) -> None:
    widget = event.widget
    if isinstance(widget, str) or not (areas := _areas_around(widget)):
        return
    if str(widget.tk.call("focus")) != str(widget):
        return  # what lies around it is told as well
    widget.after_idle(_bring_into_sight, widget)  # when it has its place
    from_top = [area for area in areas if area.master.canvasy(0) <= 0]
    # Of the root: a timer of a widget that is gone would be an error.
    widget.winfo_toplevel().after(SETTLED_MS, _stay_at_top, widget, from_top)


def _areas_around(widget: tkinter.Misc) -> list[Any]:
    """The scrolled frames it lies in, from the inside out."""
    found, around = [], widget.master
    while around is not None:
        if isinstance(around, ttk.ScrolledFrame):
            found.append(around)
        around = around.master
    return found


def _bring_into_sight(widget: tkinter.Misc) -> None:
    if not widget.winfo_exists():
        return
    for area in _areas_around(widget):
        canvas = area.master
        shown, whole = canvas.winfo_height(), area.winfo_height()
        top = widget.winfo_rooty() - canvas.winfo_rooty()
        over = top + widget.winfo_height() - shown
        if whole > shown and (top < 0 or over > 0):
            above = canvas.winfo_rooty() - area.winfo_rooty()
            area.yview_moveto(max(above + (top if top < 0 else over), 0) / whole)
            area.update_idletasks()


def _stay_at_top(widget: tkinter.Misc, areas: list[Any]) -> None:
    """While a page was laid out for the first time its heading may have gone up."""
    for area in areas if widget.winfo_exists() else ():
        foot = widget.winfo_rooty() + widget.winfo_height() - area.winfo_rooty()
        if area.master.canvasy(0) > 0 and foot <= area.master.winfo_height():
            area.yview_moveto(0)
