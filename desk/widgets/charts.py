"""Charts on a canvas: they follow theme and fonts, and are walked through by keys.

Tab leads in; the arrows move a ring from part to part, Enter or a click opens the list
behind it.  Nothing is told by colour alone.
"""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import font
from typing import Any, NamedTuple

from desk import dialogs, theme

Box = tuple[float, float, float, float]


class Bar(NamedTuple):
    """One day: `day` above `weekday` on the axis; `is_off` when nobody works."""

    key: Any
    day: str
    weekday: str
    value: int
    words: str
    is_off: bool = False
    is_today: bool = False


class Chart(tkinter.Canvas):
    """Has parts, one of which is marked; `on_open(key)` hears of Enter and clicks."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_open: Callable[[Any], None],
        lines: float,
        on_mark: Callable[[str], None] = lambda words: None,
    ) -> None:
        super().__init__(master, highlightthickness=0, borderwidth=0, takefocus=1)
        self._on_open, self._on_mark, self._lines = on_open, on_mark, lines
        self.parts: list[Any] = []
        self.at = 0
        self.boxes: list[Box] = []
        self._empty = ""
        for key, step in (("Left", -1), ("Up", -1), ("Right", 1), ("Down", 1)):
            self.bind(f"<{key}>", lambda event, step=step: self._step(step))
        self.bind("<Home>", lambda event: self._go(0))
        self.bind("<End>", lambda event: self._go(len(self.parts) - 1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda event: self._open())
        self.bind("<Button-1>", self._on_click)
        for event in ("<FocusIn>", "<FocusOut>"):
            self.bind(event, lambda event: self._draw_ring(), add="+")
        self.bind("<Configure>", lambda event: self._draw())
        self.bind("<<ThemeChanged>>", lambda event: self._draw(), add="+")
        # A card swiped here must not open what is marked.
        dialogs.KeyGuard(self).settle()
        self.fit()

    def fit(self) -> None:
        """Measure the fonts again."""
        self._font = font.nametofont("DeskSmall", root=self)
        self._line = self._font.metrics("linespace")
        self.configure(width=self._line * 8, height=round(self._line * self._lines))
        self._draw()

    def show(self, parts: Sequence[Any], empty: str = "") -> None:
        """Draw these parts, or why there are none; the ring stays where it was."""
        parts = list(parts)
        if (parts, empty) == (self.parts, self._empty):
            return
        keys = [part.key for part in parts]
        before = self.parts[self.at].key if self.parts else None
        self.at = keys.index(before) if before in keys else self._first(parts)
        self.parts, self._empty = parts, empty
        self._draw()

    def _first(self, parts: Sequence[Any]) -> int:
        return 0

    # -- drawing --------------------------------------------------------------

    def _draw(self) -> None:
        self.delete("all")
        self.configure(background=theme.colour("bg"))
        self.boxes = []
        wide, high = self.winfo_width(), self.winfo_height()
        if wide <= 1:
            return
        if self.parts:
            self._draw_parts(wide, high)
        else:
            self.create_text(
                *(wide / 2, high / 2),
                text=self._empty,
                width=wide * 0.9,
                justify="center",
                font="TkDefaultFont",
                fill=theme.colour("muted"),
            )
        self._draw_ring()

    def _draw_parts(self, wide: int, high: int) -> None:
        """Fills `boxes`, one for each part."""
        raise NotImplementedError

    def _text(self, x: float, y: float, text: str, **options: Any) -> None:
        options.setdefault("fill", theme.colour("fg"))
        options.setdefault("font", self._font)
        self.create_text(x, y, text=text, **options)

    def _draw_ring(self) -> None:
        """Around the marked part, with the focus only."""
        self.delete("ring")
        focused = str(self.tk.call("focus")) == str(self)
        if focused and self.at < len(self.boxes):
            self.create_rectangle(
                *self.boxes[self.at],
                outline=theme.colour("primary_text"),
                width=2,
                tags="ring",
            )
        self._on_mark(self._words() if focused and self.parts else "")

    def _words(self) -> str:
        """What the marked part says in full."""
        raise NotImplementedError

    # -- keys and clicks --------------------------------------------------------

    def _step(self, step: int) -> str:
        return self._go(self.at + step)

    def _go(self, at: int) -> str:
        if 0 <= at < len(self.parts):
            self.at = at
            self._draw_ring()
        return "break"

    def _open(self) -> str:
        if self.parts:
            self._on_open(self.parts[self.at].key)
        return "break"

    def _on_click(self, event: tkinter.Event) -> None:
        self.focus_set()
        for at, (left, top, right, foot) in enumerate(self.boxes):
            if left <= event.x <= right and top <= event.y <= foot:
                self._go(at)
                self._open()
                return


class BarChart(Chart):
    """A bar a day, its number above it.  Days off are hollow, and say 休."""

    def _first(self, parts: Sequence[Bar]) -> int:
        return len(parts) - 1

    def _draw_parts(self, wide: int, high: int) -> None:
        line = self._line
        step = wide / len(self.parts)
        foot = high - line * 2.2
        top = line * 1.3
        most = max(bar.value for bar in self.parts) or 1
        bold = font.nametofont("DeskBold", root=self)
        for at, bar in enumerate(self.parts):
            middle = step * (at + 0.5)
            head = foot - (foot - top) * bar.value / most
            self._draw_bar(bar, middle, step * 0.3, head, foot)
            self._text(middle, head - 1, str(bar.value), anchor="s")
            self._label(bar, middle, foot, step, bold)
            self.boxes.append((step * at + 2, 2, step * (at + 1) - 2, high - 2))
        self.create_line(0, foot, wide, foot, fill=theme.colour("border"))

    def _draw_bar(
        self, bar: Bar, middle: float, half: float, head: float, foot: float
    ) -> None:
        if bar.value:
            self.create_rectangle(
                *(middle - half, head, middle + half, foot),
                fill=theme.colour("bg" if bar.is_off else "primary"),
                outline=theme.colour("primary_text"),
                dash=(3, 2) if bar.is_off else (),
            )

    def _label(
        self, bar: Bar, middle: float, foot: float, step: float, bold: font.Font
    ) -> None:
        """Two lines; of today in the surface of what is chosen."""
        line = self._line
        if bar.is_today:
            self.create_rectangle(
                *(middle - step / 2 + 2, foot + 2, middle + step / 2 - 2),
                foot + line * 2.1,
                fill=theme.colour("chosen"),
                width=0,
            )
        shade = theme.colour("muted" if bar.is_off else "fg")
        for number, text in enumerate((bar.day, bar.weekday)):
            self._text(
                *(middle, foot + 2 + line * number),
                text,
                anchor="n",
                fill=theme.colour("fg") if bar.is_today else shade,
                font=bold if bar.is_today and number else self._font,
            )

    def _words(self) -> str:
        return self.parts[self.at].words
