"""How a week of shifts is drawn: seven columns of hours with blocks in them.

Nothing is told by colour alone: a stay is a narrow dashed strip with 驻 in it, a
doubtful block has a sign with an exclamation mark.
"""

import tkinter
from tkinter import font

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.weekblocks import Block, Stretch, lanes, stay_letters

WEEKDAYS = "一二三四五六日"
SLOT = 30  # minutes of a cell
USUAL = (8 * 60, 18 * 60)  # shown even when nothing is there
LEAST_SLOT = 0.8  # lines of text; with less of a window it scrolls
EMPTY_COLUMN = 0.45  # of another's width, for a weekend without anything


class WeekDrawing(ttk.Frame):
    """The hours of a week on a canvas that scrolls; the days above it stay."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master, style="Line.TFrame", padding=1)
        self.blocks: list[Block] = []
        self.open_hours: list[Stretch] = []
        self.gaps: list[Stretch] = []
        self._first, self._last = USUAL
        self._places: dict[str, tuple[float, float, float, float]] = {}
        self.head = tkinter.Canvas(self, highlightthickness=0, takefocus=0)
        self.body = tkinter.Canvas(
            self, highlightthickness=0, takefocus=1, height=1, width=1
        )
        self._bar = ttk.Scrollbar(self, command=self.body.yview)
        self.body.configure(yscrollcommand=self._on_scrolled)
        self.head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.body.grid(row=1, column=0, sticky="nsew")
        self._bar.grid(row=1, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.body.bind("<Configure>", lambda event: self._draw())
        self.bind("<<ThemeChanged>>", lambda event: self._draw(), add="+")
        self.fit()

    def _on_scrolled(self, first: str, last: str) -> None:
        self._bar.set(first, last)
        whole = (float(first), float(last)) == (0.0, 1.0)
        self._bar.grid_remove() if whole else self._bar.grid()

    def fit(self) -> None:
        """Measure the fonts again."""
        self._font = font.nametofont("DeskSmall", root=self)
        self._line = self._font.metrics("linespace")
        self.head.configure(height=round(self._line * 1.5))
        self._draw()

    def _draw(self) -> None:
        width, height = self.body.winfo_width(), self.body.winfo_height()
        body = self.body
        for canvas, ground in ((self.head, "chrome"), (body, "chrome")):
            canvas.delete("all")
            canvas.configure(background=theme.colour(ground))
        span = self._last - self._first
        self._scale = max(height / span, self._line * LEAST_SLOT / SLOT)
        self._height = span * self._scale
        body.configure(
            scrollregion=(0, 0, width, self._height), yscrollincrement=self._line
        )
        self._edges = self._column_edges(width)
        self._draw_ground()
        self._places = {}
        for weekday in range(7):
            self._draw_day([b for b in self.blocks if b.weekday == weekday], weekday)
        self._draw_cursor()

    def _column_edges(self, width: int) -> list[float]:
        """Where each day begins, and where the last one ends."""
        used = {span.weekday for span in (*self.blocks, *self.open_hours)}
        shares = [1 if day < 5 or day in used else EMPTY_COLUMN for day in range(7)]
        left = self._font.measure("00:00") + self._line // 2
        edges = [float(left)]
        for share in shares:
            edges.append(edges[-1] + max(width - left, 0) * share / sum(shares))
        return edges

    def _y(self, minute: float) -> float:
        return (minute - self._first) * self._scale

    def _draw_ground(self) -> None:
        body, line, edges = self.body, theme.colour("border"), self._edges
        for hours in self.open_hours:
            body.create_rectangle(
                *(edges[hours.weekday], self._y(hours.begins)),
                *(edges[hours.weekday + 1], self._y(hours.ends)),
                fill=theme.colour("inputbg"),
                width=0,
            )
        for minute in range(self._first, self._last, 60):
            y = self._y(minute)
            body.create_line(edges[0], y, edges[-1], y, fill=line)
            body.create_text(
                *(edges[0] - self._line // 4, y + 1),
                text=f"{minute // 60:02d}:00",
                anchor="ne",
                font=self._font,
                fill=theme.colour("muted"),
            )
        for weekday, edge in enumerate(edges[:7]):
            body.create_line(edge, 0, edge, self._height, fill=line)
            self.head.create_text(
                *((edge + edges[weekday + 1]) / 2, self._line * 0.75),
                text=self._day_name(weekday, edges[weekday + 1] - edge),
                font="DeskBold",
                fill=theme.colour("fg"),
            )
        for gap in self.gaps:
            self._draw_gap(gap)

    def _day_name(self, weekday: int, room: float) -> str:
        name = f"周{WEEKDAYS[weekday]}"
        wide = font.nametofont("DeskBold", root=self).measure(name)
        return name if wide < room else name[1:]

    def _draw_gap(self, gap: Stretch) -> None:
        left, right = self._edges[gap.weekday] + 3, self._edges[gap.weekday + 1] - 3
        self.body.create_rectangle(
            *(left, self._y(gap.begins) + 2, right, self._y(gap.ends) - 2),
            outline=theme.colour("danger_text"),
            dash=(2, 4),
        )
        self.body.create_text(
            *((left + right) / 2, self._y(gap.begins) + 4),
            text=theme.fitting(self._font, gap.text, right - left - 4),
            anchor="n",
            font=self._font,
            fill=theme.colour("danger_text"),
        )

    def _draw_day(self, blocks: list[Block], weekday: int) -> None:
        stays = [block for block in blocks if block.is_stay]
        shifts = [block for block in blocks if not block.is_stay]
        left, right = self._edges[weekday] + 2, self._edges[weekday + 1] - 2
        strip = self._line * 1.25
        stay_lanes = lanes(stays)
        strips = max((count for _, count in stay_lanes.values()), default=0)
        for block in shifts:
            lane, count = lanes(shifts)[block.key]
            wide = (right - left - strips * strip) / count
            self._draw_shift(block, left + lane * wide, left + (lane + 1) * wide - 1)
        for block in stays:
            end = right - (strips - 1 - stay_lanes[block.key][0]) * strip
            self._draw_stay(block, end - strip + 1, end)

    def _place(self, block: Block, left: float, right: float) -> list[float]:
        place = (left, self._y(block.begins) + 1, right, self._y(block.ends) - 1)
        self._places[block.key] = place
        return list(place)

    def _draw_shift(self, block: Block, left: float, right: float) -> None:
        place = self._place(block, left, right)
        doubt = block.is_doubtful
        self.body.create_rectangle(
            *place,
            fill=theme.colour("chosen"),
            outline=theme.colour("danger_text" if doubt else "primary_text"),
        )
        bar = max(self._line // 5, 3)
        self.body.create_rectangle(
            *(left, place[1], left + bar, place[3]),
            fill=theme.colour("primary_text"),
            width=0,
        )
        room = right - left - bar - 5
        sign = self._line if doubt else 0
        texts = [self._hours_in(block, room - sign), *block.names]
        for number, text in enumerate(texts):
            y = place[1] + 1 + number * self._line
            if number and y + self._line > place[3] + 2:
                break
            self.body.create_text(
                *(left + bar + 3, y),
                text=self._name_in(text, room - (0 if number else sign)),
                anchor="nw",
                font=self._font,
                fill=theme.colour("fg"),
            )
        if doubt:
            self._draw_sign(right - self._line * 0.5, place[1] + self._line * 0.55)

    def _name_in(self, text: str, room: float) -> str:
        """A post with its people; where room is short the people alone."""
        whole, alone = map(self._font.measure, (text, text[2:]))
        if text[1:2] == " " and (alone <= room < whole):
            text = text[2:]
        return theme.fitting(self._font, text, room)

    def _hours_in(self, block: Block, room: float) -> str:
        """As much as there is room for, the mark first: the place tells the hours."""
        mark = f"{block.mark} " if block.mark else ""
        for text in (f"{mark}{block.hours}", f"{mark}{block.hours[:5]}"):
            if self._font.measure(text) <= room:
                return text
        return mark.strip()

    def _draw_stay(self, block: Block, left: float, right: float) -> None:
        place = self._place(block, left, right)
        doubt = block.is_doubtful
        self.body.create_rectangle(
            *place,
            fill=theme.colour("success_soft"),
            outline=theme.colour("danger_text" if doubt else "success_text"),
            dash=(4, 3),
        )
        y = place[1] + 1 + (self._line if doubt else 0)
        room = int((place[3] + 2 - y) // self._line)
        for letter in stay_letters(block, room):
            self.body.create_text(
                *((left + right) / 2, y),
                text=letter,
                anchor="n",
                font=self._font,
                fill=theme.colour("fg"),
            )
            y += self._line
        if doubt:
            self._draw_sign((left + right) / 2, place[1] + self._line * 0.55)

    def _draw_sign(self, x: float, y: float) -> None:
        half = self._line * 0.45
        self.body.create_polygon(
            *(x, y - half, x + half, y + half * 0.8, x - half, y + half * 0.8),
            fill=theme.colour("danger"),
        )
        self.body.create_text(
            x, y + half * 0.15, text="!", font="DeskBold", fill="#ffffff"
        )

    def _draw_cursor(self) -> None:
        """Nothing by itself."""
