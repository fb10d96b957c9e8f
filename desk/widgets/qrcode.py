"""A QR code, for a telephone to read: dark on white in any colours of the window.

Readers want a light margin of four modules, and modules of whole pixels.
"""

import tkinter

import ttkbootstrap as ttk

from desk import theme

QUIET = 4  # modules
# Not of the palette: many readers do not see light on dark.
PAPER, INK = "#ffffff", "#000000"


class QrCode(ttk.Canvas):
    """Nothing until `say` was called."""

    def __init__(self, master: tkinter.Misc, *, lines: float = 7) -> None:
        super().__init__(master, highlightthickness=0, borderwidth=0, takefocus=False)
        self._lines, self.said = lines, ""
        # When idle: ttkbootstrap has then painted it like any other canvas.
        self.bind("<<ThemeChanged>>", lambda event: self.after_idle(self._draw), "+")

    def say(self, text: str) -> None:
        """Show *text*, about as high as so many lines."""
        self.said = text
        self._draw()

    def _draw(self) -> None:
        if not self.winfo_exists() or not self.said:
            return
        import segno  # only two pages have need of it

        rows = list(segno.make(self.said, error="m", micro=False).matrix)
        count = len(rows) + 2 * QUIET
        side = max(round(theme.line_height(self) * self._lines / count), 2)
        self.delete("all")
        self.configure(width=side * count, height=side * count, background=PAPER)
        for y, row in enumerate(rows, start=QUIET):
            for x, is_dark in enumerate(row, start=QUIET):
                if is_dark:
                    at = (x * side, y * side, (x + 1) * side, (y + 1) * side)
                    self.create_rectangle(*at, fill=INK, width=0)
