"""The help on the page in front, laid over it by F1: its section of the manual, and
the keys that work there."""

import re
import tkinter
from tkinter import font
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import Key
from desk.manual import Block, section, spans
from desk.sheet import Sheet
from desk.widgets.page import Page

WIDE = 44  # Chinese characters, as in a book
MOST_CELL = 16  # of a table, but for its last column
# Between Chinese characters, but not before or after what clings to one.  Tk wraps at
# spaces only, or else anywhere, within the name of a key as well.
BREAKS = re.compile(
    r"(?<=[\u3001-\u9fff\uff01-\uff60])(?<![（《“])(?![，。；：、！？）》”…\s])(?!$)"
)
NOTHING = "手册里还没有这一页的说明。"
KEYS_HERE = "这一页的按键"


def keys_of_page(keys: list[Key], page: Any, name: str) -> list[Key]:
    """Those of *keys* that open the page or that it answers itself."""
    return [
        key
        for key in keys
        if (key.page == name if key.page else _answers(page, key.action))
    ]


def _answers(page: Any, action: str) -> bool:
    """Every page has the method to find; some have nothing to find in."""
    own = getattr(type(page), action, None)
    return own is not None and (own is not Page.on_find or hasattr(page, "find_entry"))


class HelpSheet(Sheet):
    """The text takes the height there is; the arrows scroll it."""

    def __init__(
        self, master: tkinter.Misc, *, name: str, title: str, keys: list[Key]
    ) -> None:
        super().__init__(master, f"帮助 · {title}（F1 或 Esc 关闭，↑↓ 滚动）")
        self._name, self._keys = name, keys
        self._area = ttk.ScrolledText(self.inner, wrap="word", width=1, height=1)
        self._area.pack(fill="both", expand=True, padx=self.pad // 2, pady=self.pad)
        self.text = self._area.text
        self.fit()
        self.bind("<<ThemeChanged>>", lambda event: self.fit())
        self.take_keys(self.text)

    def fit(self) -> None:
        """Write it in the colours and the size of now."""
        most = [self.master.winfo_width(), self.master.winfo_height()]
        wide, high = min(theme.text_width(self, WIDE), most[0] - self.pad), most[1]
        self.place(relx=0.5, rely=0.5, anchor="center", width=wide, height=high)
        self._style()
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        blocks = section(self._name) or [Block("text", NOTHING)]
        for number, block in enumerate(blocks):
            if number or block.kind != "heading":  # the title of the sheet says it
                self._write(block, number)
        self._write_keys(len(blocks))
        self.text.delete("end - 1 chars")  # an empty line
        self.text.configure(state="disabled")
        self._shrink(high - self.pad)

    def _shrink(self, most: int) -> None:
        """As high as the text, up to *most*; no scrollbar for what is all in sight."""
        self.update_idletasks()
        whole = self.text.count("1.0", "end", "update", "ypixels")
        around = self.winfo_height() - self.text.winfo_height()
        high = (whole[0] if isinstance(whole, tuple) else whole) + around
        high += 2 * self.pad  # its own edges
        self.place_configure(height=min(high, most))
        if high <= most:
            self._area.hide_scrollbars()
        else:
            self._area.show_scrollbars()

    def _style(self) -> None:
        text, step = self.text, theme.text_width(self, 1)
        half = step // 2
        text.configure(
            font="TkDefaultFont",
            background=theme.colour("bg"),
            foreground=theme.colour("fg"),
            insertwidth=0,
            cursor="",
            padx=step,
            pady=half,
            spacing1=half // 2,
            spacing2=half // 2,
            spacing3=half // 2,
        )
        accent = {"foreground": theme.colour("primary_text")}
        text.tag_configure("heading", font="DeskHeading", spacing1=step, **accent)
        text.tag_configure("bold", font="DeskBold")
        text.tag_configure("thin", font=(self._family(), -1))
        text.tag_configure("key", font="DeskBold", **accent)
        for level in range(3):
            edge = step * 2 * level
            text.tag_configure(
                f"item{level}",
                lmargin1=edge,
                lmargin2=edge + step * 2,
                tabs=(edge + step * 2,),
            )

    def _family(self) -> str:
        return font.nametofont("TkDefaultFont", root=self).actual("family")

    def _write(self, block: Block, number: int) -> None:
        if block.kind == "table":
            self._write_table(block.rows, f"table{number}")
        elif block.kind in ("bullet", "number"):
            tag = f"item{min(block.level, 2)}"
            self._write_line(f"{block.sign}\t{block.text}", tag)
        else:
            self._write_line(block.text, block.kind)

    def _write_line(self, line: str, tag: str, look: str = "") -> None:
        for piece, style in spans(line):
            for number, part in enumerate(BREAKS.split(piece)):
                if number:
                    self.text.insert("end", " ", (tag, "thin"))
                self.text.insert("end", part, (tag, style or look))
        self.text.insert("end", "\n", (tag,))

    def _write_table(self, rows: tuple[tuple[str, ...], ...], tag: str) -> None:
        """Aligned by tab stops; the last column wraps under itself."""
        measure = font.nametofont("DeskBold", root=self).measure
        step = theme.text_width(self, 1)
        most, edge, stops = step * MOST_CELL, 0, []
        for column in range(max(len(row) for row in rows) - 1):
            cells = [plain(row[column]) for row in rows if column < len(row)]
            edge += min(max(measure(cell) for cell in cells), most) + step
            stops.append(edge)
        self.text.tag_configure(tag, tabs=tuple(stops), lmargin2=edge)
        for number, row in enumerate(rows):
            self._write_line("\t".join(row), tag, "" if number else "bold")

    def _write_keys(self, number: int) -> None:
        if self._keys:
            self._write(Block("heading", KEYS_HERE), number)
            rows = tuple((f"`{key.shown}`", key.text) for key in self._keys)
            self._write_table((("按键", "作用"), *rows), "keys")

    def scroll(self, step: int, unit: str) -> None:
        self.text.yview_scroll(step, unit)

    def scroll_to(self, end: float) -> None:
        self.text.see("end" if end else "1.0")  # `moveto` guesses at long lines


def plain(text: str) -> str:
    """Without the marks of bold and keys."""
    return "".join(piece for piece, _ in spans(text))
