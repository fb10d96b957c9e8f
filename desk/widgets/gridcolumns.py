"""The columns of an entry grid, and how what is typed or pasted into them is read."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from desk.widgets.clocktime import read_time
from desk.widgets.datefield import read_date
from desk.widgets.suggest import Suggestion, find_again, key_of
from models.errors import UserError

QUOTED = re.compile(r'"(?=[^\t\r\n])((?:[^"]|"")*)"(?=\t|\r|\n|$)')
DITTO = ("〃", "″", '"', "”", "“", "同上")
NOTHING_ABOVE = "上面没有可以照抄的内容，请直接填写。"
# More names than these nobody reads in a refusal.
MOST_NAMED = 4
PLAIN = re.compile(r"[^\t\r\n]*")


@dataclass(frozen=True)
class GridColumn:
    """One column; `width` is in Chinese characters.

    `suggest` and `fill` are those of a `SuggestEntry`.  A "fact" cannot be typed: its
    `fill` makes it from the `GridRow`.  `choices` maps stored values to their labels.
    `initial` (text, record or stored value) is written when its row gets its first
    text; a row that holds nothing else counts as empty.  In a *closed* one a text has
    no meaning but the record it fits.
    """

    name: str
    heading: str
    width: float = 6
    kind: Literal["text", "number", "choice", "suggest", "time", "date", "fact"] = (
        "text"
    )
    suggest: Callable[[str], Sequence[Suggestion]] | None = None
    fill: Callable[[Any], str] = str
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    initial: Any = ""
    closed: bool = False

    def found(self, text: str) -> Sequence[Suggestion]:
        """The lines of the type-ahead list for what was typed."""
        if self.kind == "choice":
            lines = enumerate(self.choices.items(), 1)
            return [
                Suggestion(f"{at} {label}", value)
                for at, (value, label) in lines
                if text in label or str(at).startswith(text)
            ]
        return self.suggest(text) if self.kind == "suggest" and self.suggest else ()

    def shown(self, record: Any) -> str:
        """What the cell reads for a picked record."""
        if self.kind == "choice":
            return self.choices.get(record, str(record))
        return self.fill(record)

    def read(self, text: str) -> "Cell":
        """What was typed or pasted, with what it clearly means; raises nothing."""
        text = " ".join(text.split())
        if self.kind in ("number", "time", "date"):
            return self._read_plain(text)
        found = self.found(text) if text else ()
        exact = [item for item in found if self.shown(item.record) == text]
        if len(exact) == 1:
            found = exact
        # A name only means a record when it is exactly that one's, for it may be a
        # stranger's; a number or initials mean the first.
        elif self.kind == "suggest" and not text.isascii():
            found = found if self.closed and len(found) == 1 else ()
        elif self.kind == "choice" and len(found) > 1 and not text.isdecimal():
            found = ()
        if not found:
            return Cell(text)
        return Cell(self.shown(found[0].record), found[0].record)

    def _read_plain(self, text: str) -> "Cell":
        typed = unicodedata.normalize("NFKC", text)
        try:
            if self.kind == "number" and typed.isdecimal():
                return Cell(typed, int(typed))
            if self.kind == "time" and typed:
                moment = read_time(typed)
                return Cell(f"{moment:%H:%M}", moment)
            if self.kind == "date" and typed:
                day = read_date(typed)
                return Cell("" if day is None else day.isoformat(), day)
        except UserError:
            pass  # stands as typed; `problem_of` says what is wrong with it
        return Cell(text)

    def to_json(self, cell: "Cell") -> Any:
        """What stands in a cell, as JSON has it: its text, and what it was read as."""
        if isinstance(cell.record, datetime):
            return [cell.text, cell.record.isoformat()]
        key = key_of(cell.record) if self.kind == "suggest" else ""
        return [cell.text, key] if key else cell.text

    def from_json(self, packed: Any) -> "Cell":
        """The cell again; only its text where what was picked is no more."""
        if isinstance(packed, str):
            return Cell(packed) if self.kind == "suggest" else self.read(packed)
        text, key = packed
        if self.kind == "suggest":
            return Cell(text, find_again(self.found, text, key))
        return Cell(text, datetime.fromisoformat(key))

    def problem_of(self, cell: "Cell") -> str:
        """What a person must put right in this cell; "" if nothing."""
        if not cell.text:
            missing = self.required and self.kind != "fact"
            return f"请填写{self.heading}。" if missing else ""
        if cell.text in DITTO:
            return NOTHING_ABOVE
        if self.closed and cell.record is None:
            return self._unclear(cell.text)
        if cell.record is not None or self.kind in ("text", "suggest", "fact"):
            return ""
        if self.kind == "number":
            return f"{self.heading}请填写数字。"
        if self.kind == "choice":
            return f"{self.heading}请从列表中选择：{'、'.join(self.choices.values())}。"
        try:
            read_time(cell.text) if self.kind == "time" else read_date(cell.text)
        except UserError as error:
            return str(error)
        return ""

    def _unclear(self, text: str) -> str:
        """What is said of a text that fits no record, or several."""
        names = [self.shown(item.record) for item in self.found(text)]
        if not names:
            return f"没有“{text}”，请从候选中选择{self.heading}。"
        more = f"等 {len(names)} 个" if len(names) > MOST_NAMED else ""
        named = "、".join(names[:MOST_NAMED])
        return f"“{text}”可以是{named}{more}，请写全或从候选中选择{self.heading}。"


class Cell(NamedTuple):
    """What a cell reads, and the record, number, time or stored value behind it."""

    text: str = ""
    record: Any = None


class GridRow(NamedTuple):
    """A row with its number as shown, from 1; `records` are None where only typed."""

    number: int
    label: str
    text: dict[str, str]
    records: dict[str, Any]


def read_block(text: str) -> list[list[str]]:
    """The cells of what a sheet (Excel, WPS) put on the clipboard.

    A cell with a line break comes in quotation marks, with those inside doubled.
    """
    lines: list[list[str]] = [[]]
    at = 0
    while True:
        quoted = QUOTED.match(text, at)
        plain = PLAIN.match(text, at)
        assert plain is not None
        found = quoted or plain
        cell = quoted[1].replace('""', '"') if quoted else plain[0]
        lines[-1].append(" ".join(cell.split()))
        at = found.end()
        if at >= len(text):
            break
        if text[at] != "\t":
            at += text.startswith("\r\n", at)
            lines.append([])
        at += 1
    while len(lines) > 1 and not any(lines[-1]):
        lines.pop()
    return lines
