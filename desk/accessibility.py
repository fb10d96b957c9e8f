"""What screen readers on Windows are told: Tk says nothing of its widgets by itself.

The library is optional, and young: what it cannot do goes to the log, and the window
works without it.
"""

import logging
import tkinter
from typing import Any

log = logging.getLogger(__name__)

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
