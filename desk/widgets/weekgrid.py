"""A week as a grid one can walk through by keys.

The arrows go from cell to cell and from block to block, Enter opens, Insert or N adds,
Delete removes.
"""

import tkinter
from collections.abc import Callable, Sequence

from desk import dialogs, theme
from desk.widgets.weekblocks import DAY_MINUTES, Block, Stretch
from desk.widgets.weekdrawing import SLOT, USUAL, WeekDrawing

CONTROL = 0x4


class WeekGrid(WeekDrawing):
    """`show()` fills it; the callbacks tell what the person wants."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_open: Callable[[str], None],
        on_add: Callable[[int, int], None],
        on_remove: Callable[[str], None],
        on_move: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_open, self._on_add = on_open, on_add
        self._on_remove, self._on_move = on_remove, on_move
        self.weekday, self.minute, self.key = 0, USUAL[0], ""
        super().__init__(master)
        self._bind_keys()

    def _bind_keys(self) -> None:
        body = self.body
        for key, way in {
            "Left": (-1, 0),
            "Right": (1, 0),
            "Up": (0, -1),
            "Down": (0, 1),
        }.items():
            body.bind(f"<{key}>", lambda event, way=way: self._step(*way))
        body.bind("<Home>", lambda event: self._go_in_day(0))
        body.bind("<End>", lambda event: self._go_in_day(-1))
        body.bind("<Next>", lambda event: self._go_to_block(+1))
        body.bind("<Prior>", lambda event: self._go_to_block(-1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            body.bind(key, self._on_enter)
        for key in ("<Insert>", "<n>", "<N>"):
            body.bind(key, self._on_new)
        body.bind("<Delete>", self._on_delete)
        body.bind("<Button-1>", self._on_click)
        body.bind("<Double-Button-1>", self._on_double_click)
        for event in ("<FocusIn>", "<FocusOut>"):
            body.bind(event, lambda event: self._draw_cursor(), add="+")
        for sequence, step in (("<Button-4>", -2), ("<Button-5>", 2)):
            body.bind(sequence, lambda event, step=step: self._scroll(step))
        body.bind(
            "<MouseWheel>", lambda event: self._scroll(-2 if event.delta > 0 else 2)
        )
        # A card swiped here must not open what is under the cursor.
        dialogs.KeyGuard(body).settle()

    # -- what is shown --------------------------------------------------------

    def show(
        self,
        blocks: Sequence[Block],
        *,
        open_hours: Sequence[Stretch] = (),
        gaps: Sequence[Stretch] = (),
    ) -> None:
        """Draw a week; the cursor stays where it is."""
        self.blocks = sorted(blocks, key=lambda b: (b.weekday, b.begins, b.ends))
        self.open_hours, self.gaps = list(open_hours), list(gaps)
        spans = [*self.blocks, *self.open_hours]
        first = min([USUAL[0], *(span.begins for span in spans)])
        last = max([USUAL[1], *(span.ends for span in spans)])
        self._first = first // 60 * 60
        self._last = min(-(-last // 60) * 60, DAY_MINUTES)
        self.minute = max(self._first, min(self.minute, self._last - SLOT))
        if self.block is None:
            self.key = ""
        self._draw()

    @property
    def block(self) -> Block | None:
        """The block under the cursor."""
        return next((block for block in self.blocks if block.key == self.key), None)

    def select(self, key: str) -> None:
        """Put the cursor on a block."""
        block = next((b for b in self.blocks if b.key == key), None)
        if block is not None:
            self._go(block.weekday, block.begins // SLOT * SLOT, block.key)

    def select_time(self, weekday: int, minute: int) -> None:
        """Put the cursor on a cell, or on the block that is there."""
        here = self._blocks_at(weekday, minute)
        self._go(weekday, minute // SLOT * SLOT, here[0].key if here else "")

    def focus_set(self) -> None:
        """Focus the hours."""
        self.body.focus_set()

    # -- moving ---------------------------------------------------------------

    def _go(self, weekday: int, minute: int, key: str) -> None:
        self.weekday, self.key = weekday, key
        self.minute = max(self._first, min(minute, self._last - SLOT))
        self._draw_cursor()
        self._see()
        self._on_move()

    def _blocks_at(self, weekday: int, minute: int) -> list[Block]:
        """The blocks that touch a cell, from left to right."""
        cell = minute // SLOT * SLOT
        return self._blocks_in(weekday, cell, cell + SLOT)

    def _blocks_in(self, weekday: int, begins: int, ends: int) -> list[Block]:
        touched = [
            block
            for block in self.blocks
            if block.weekday == weekday and block.begins < ends and begins < block.ends
        ]
        return sorted(touched, key=lambda block: self._places.get(block.key, (0,))[0])

    def _step(self, across: int, down: int) -> str:
        here = self.block
        if across:
            self._step_across(across)
            return "break"
        if here is None:
            minute = self.minute + down * SLOT
        elif down > 0:
            minute = -(-here.ends // SLOT) * SLOT
        else:
            minute = (here.begins - 1) // SLOT * SLOT
        if self._first <= minute < self._last:
            there = self._blocks_at(self.weekday, minute)
            same = [b for b in there if here is not None and b.is_stay == here.is_stay]
            self._go(self.weekday, minute, (same or there)[0].key if there else "")
        return "break"

    def _step_across(self, step: int) -> None:
        """To the block beside this one, else to the next day."""
        here = self.block
        if here is not None:
            beside = self._blocks_in(self.weekday, here.begins, here.ends)
            at = beside.index(here) + step
            if 0 <= at < len(beside):
                minute = max(self.minute, beside[at].begins // SLOT * SLOT)
                self._go(self.weekday, minute, beside[at].key)
                return
        weekday = self.weekday + step
        if 0 <= weekday < 7:
            there = self._blocks_at(weekday, self.minute)
            key = there[0 if step > 0 else -1].key if there else ""
            self._go(weekday, self.minute, key)

    def _go_in_day(self, which: int) -> str:
        today = [block for block in self.blocks if block.weekday == self.weekday]
        if today:
            self.select(today[which].key)
        else:
            self._go(self.weekday, self._last if which else self._first, "")
        return "break"

    def _go_to_block(self, step: int) -> str:
        """The next or previous block of the week."""
        here = self.block
        if here is not None:
            at = self.blocks.index(here) + step
        else:
            cell = (self.weekday, self.minute)
            before = sum((b.weekday, b.begins) < cell for b in self.blocks)
            at = before if step > 0 else before - 1
        if 0 <= at < len(self.blocks):
            self.select(self.blocks[at].key)
        return "break"

    # -- keys and clicks ------------------------------------------------------

    def _on_enter(self, event: tkinter.Event) -> str | None:
        if event.state & CONTROL:
            return None  # Ctrl+Enter saves
        self._open_or_add()
        return "break"

    def _open_or_add(self) -> None:
        if self.key:
            self._on_open(self.key)
        else:
            self._on_add(self.weekday, self.minute)

    def _on_new(self, event: tkinter.Event) -> str | None:
        if event.state & CONTROL:
            return None
        self._on_add(self.weekday, self.minute)
        return "break"

    def _on_delete(self, event: tkinter.Event) -> str:
        if self.key:
            self._on_remove(self.key)
        return "break"

    def _on_click(self, event: tkinter.Event) -> None:
        self.body.focus_set()
        x, y = self.body.canvasx(event.x), self.body.canvasy(event.y)
        for key, (left, top, right, bottom) in self._places.items():
            if left <= x <= right and top <= y <= bottom:
                self.select(key)
                return
        weekday = sum(x >= edge for edge in self._edges[1:7])
        minute = self._first + int(y / self._scale) if x >= self._edges[0] else 0
        if minute:
            self._go(weekday, minute // SLOT * SLOT, "")

    def _on_double_click(self, event: tkinter.Event) -> str:
        self._open_or_add()
        return "break"

    def _scroll(self, units: int) -> str:
        self.body.yview_scroll(units, "units")
        return "break"

    def _see(self) -> None:
        """Scroll the cursor into sight."""
        height, whole = self.body.winfo_height(), self._height
        if whole <= height:
            return
        top = (self.minute - self._first) * self._scale
        bottom = top + SLOT * self._scale
        shown = self.body.canvasy(0)
        if top < shown:
            self.body.yview_moveto(top / whole)
        elif bottom > shown + height:
            self.body.yview_moveto((bottom - height) / whole)

    def _draw_cursor(self) -> None:
        """A ring around the block or cell: whole with the focus, else dashed."""
        self.body.delete("cursor")
        place = self._places.get(self.key)
        if place is None:
            left, right = self._edges[self.weekday], self._edges[self.weekday + 1]
            top = self._y(self.minute)
            place = (left + 2, top + 2, right - 2, top + SLOT * self._scale - 2)
        focused = str(self.body.tk.call("focus")) == str(self.body)
        self.body.create_rectangle(
            *place,
            outline=theme.colour("fg" if focused else "muted"),
            width=3 if focused else 1,
            dash=() if focused else (3, 3),
            tags="cursor",
        )
