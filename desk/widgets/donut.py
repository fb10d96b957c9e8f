"""A donut with a legend: the parts of a whole."""

import math
from typing import Any, NamedTuple

from desk import theme
from desk.widgets.charts import Box, Chart

# Fill and text of the slices, in their order; each pair is tested for its contrast.
SHADES = (
    ("primary", None),
    ("success", None),
    ("warning", None),
    ("info", None),
    ("secondary", None),
    ("chosen", "fg"),
    ("active", "fg"),
)


class Slice(NamedTuple):
    """One part of a whole."""

    key: Any
    label: str
    value: int


class Donut(Chart):
    """Parts of a whole, and beside it a line for each: number, name, count, share.

    The same number stands in the slice where there is room, so that no colour need be
    told from another.
    """

    def fit(self) -> None:
        """Measure the fonts again."""
        super().fit()
        self.configure(width=self._line * 20)

    def _draw_parts(self, wide: int, high: int) -> None:
        size = min(high - 6, wide * 0.42, self._line * 11)
        ring = (4, (high - size) / 2, 4 + size, (high + size) / 2)
        whole = sum(part.value for part in self.parts)
        self._draw_ring_of_slices(ring, whole)
        self._draw_lines(size + self._line, wide, high, whole)

    def _draw_ring_of_slices(self, ring: Box, whole: int) -> None:
        left, top, right, foot = ring
        begins = 90.0
        for at, part in enumerate(self.parts):
            extent = -360 * part.value / whole
            self._draw_slice(at, ring, begins, extent)
            begins += extent
        hole = (right - left) * 0.22
        self.create_oval(
            *(left + hole, top + hole, right - hole, foot - hole),
            fill=theme.colour("bg"),
            outline=theme.colour("bg"),
        )
        middle = ((left + right) / 2, (top + foot) / 2)
        self._text(middle[0], middle[1] - self._line / 2, f"{whole:,}", font="DeskBold")
        self._text(
            *(middle[0], middle[1] + self._line / 2),
            "次来访",
            fill=theme.colour("muted"),
        )

    def _draw_slice(self, at: int, ring: Box, begins: float, extent: float) -> None:
        fill, text = _shade(at)
        look = {"fill": fill, "outline": theme.colour("bg"), "width": 2}
        if extent <= -360:  # an arc of a whole turn is none
            self.create_oval(*ring, **look)
        else:
            self.create_arc(*ring, start=begins, extent=extent, **look)
        radius = (ring[2] - ring[0]) / 2
        if abs(math.radians(extent)) * radius * 0.78 < self._line:
            return
        angle = math.radians(begins + extent / 2)
        self._text(
            (ring[0] + ring[2]) / 2 + math.cos(angle) * radius * 0.78,
            (ring[1] + ring[3]) / 2 - math.sin(angle) * radius * 0.78,
            str(at + 1),
            fill=text,
        )

    def _draw_lines(self, left: float, wide: int, high: int, whole: int) -> None:
        """The legend, in the middle of the height."""
        line, count = self._line, len(self.parts)
        step = min(line * 1.5, high / count)
        top = (high - step * count) / 2
        right = wide - line * 0.4
        share_left = right - self._font.measure("100.0%") - line * 0.5
        widest = max(self._font.measure(f"{part.value:,}") for part in self.parts)
        for at, part in enumerate(self.parts):
            y = top + step * (at + 0.5)
            self._draw_number(at, left, y)
            room = share_left - widest - line - (left + line * 1.6)
            self._text(
                left + line * 1.6,
                y,
                theme.fitting(self._font, part.label, room),
                anchor="w",
            )
            self._text(share_left, y, f"{part.value:,}", anchor="e")
            self._text(
                *(right, y),
                share_words(part.value, whole),
                anchor="e",
                fill=theme.colour("muted"),
            )
            self.boxes.append((left - 2, y - step / 2 + 1, wide - 2, y + step / 2 - 1))

    def _draw_number(self, at: int, left: float, y: float) -> None:
        fill, text = _shade(at)
        half = self._line * 0.55
        self.create_rectangle(
            *(left + 2, y - half, left + 2 + half * 2.2, y + half),
            fill=fill,
            outline=theme.colour("border"),
        )
        self._text(left + 2 + half * 1.1, y, str(at + 1), fill=text)

    def _words(self) -> str:
        part = self.parts[self.at]
        whole = sum(part.value for part in self.parts)
        return f"{part.label} {part.value:,} 次，{share_words(part.value, whole)}"


def _shade(at: int) -> tuple[str, str]:
    fill, text = SHADES[min(at, len(SHADES) - 1)]
    return theme.colour(fill), theme.colour(text) if text else "#ffffff"


def share_words(value: int, whole: int) -> str:
    """`24%`; what is not nothing is never told as 0."""
    share = 100 * value / whole if whole else 0
    return f"{share:.0f}%" if share >= 1 or not value else "<1%"
