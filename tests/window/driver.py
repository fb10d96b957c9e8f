"""Hands and eyes for the tests of the window."""

import os
import shutil
import subprocess
import time

import pytest
from PIL import ImageGrab

WAIT_SECONDS = 20  # tests run side by side on slow machines


def screen():
    """A picture of the whole display."""
    return ImageGrab.grab(xdisplay=os.environ.get("DISPLAY", ""))


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

    def wait_until(self, condition, what="", seconds=WAIT_SECONDS):
        """Let the window work until *condition()* holds."""
        until = time.monotonic() + seconds
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

    def keys_ahead(self, *names):
        """Press real keys before the window works on the first of them."""
        subprocess.run(["xdotool", "key", "--delay", "3", *names], check=True)

    def swipe(self, card):
        """As a reader does: digits and Enter, some milliseconds apart."""
        self.keys(*card, "Return", delay=3)

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
        screen().save(path)
