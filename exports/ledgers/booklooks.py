"""How the cells of a workbook look, and how high a text makes its row."""

from functools import lru_cache
from math import ceil
from typing import Any

from xlsxwriter import Workbook

from exports.ledgers.styles import BODY_FONT, HEADING_FONT, TITLE_FONT

MM_PER_POINT = 25.4 / 72
# Lines of text to their size.
_LEADING = 1.36
# Above and below a cell's text, in points, and the height of a row of one line.
_ABOVE, _LOWEST, _HIGHEST = 4, 15, 409
# Nobody measures every cell to its end: a higher row there is not.
_MOST_LINES = 60
# What stands across all columns, in points.
ACROSS_SIZE = 10


class Formats:
    """The looks of cells, made once for a workbook."""

    def __init__(self, book: Workbook, size: float) -> None:
        self.size = size

        def made(font: str, size: float, **more: Any) -> Any:
            look = {"font_name": font, "font_size": size, "text_wrap": True}
            # Text even when somebody goes into the cell and out again.
            return book.add_format(
                {**look, "valign": "vcenter", "num_format": "@"} | more
            )

        line = {"border": 1}
        self.centre = made(TITLE_FONT, 14, align="center")
        self.title = made(TITLE_FONT, 18, align="center")
        self.plain = made(BODY_FONT, ACROSS_SIZE)
        self.heading = made(HEADING_FONT, size, align="center", **line)
        # Two cells that look like one: a merged one could not be sorted by.
        sides = {"left": 1, "right": 1}
        self.upper = made(HEADING_FONT, size, align="center", top=1, **sides)
        self.lower = made(HEADING_FONT, size, align="center", bottom=1, **sides)
        self.left = made(BODY_FONT, size, align="left", **line)
        self.centred = made(BODY_FONT, size, align="center", **line)
        self.number = made(BODY_FONT, size, align="center", **line, num_format="0")
        self.narrow = made(
            BODY_FONT, size, align="center", **line, text_wrap=False, shrink=True
        )
        self.group = made(HEADING_FONT, ACROSS_SIZE, align="left", **line)


@lru_cache(maxsize=8192)
def lines_of(text: str, held: float) -> int:
    """How many it takes where *held* halves of a character go into one.

    In UTF-8 a Chinese character has three bytes and a letter one, which is half as
    wide or, where 仿宋 is missing, somewhat more.
    """
    if len(text) > _MOST_LINES * held:
        return _MOST_LINES
    widths = (
        len(line) * 0.825 + len(line.encode()) * 0.425 for line in text.split("\n")
    )
    return sum(max(1, ceil(width / held)) for width in widths)


def points_of(lines: int, size: float) -> float:
    return min(_HIGHEST, max(_LOWEST, round(lines * size * _LEADING + _ABOVE)))
