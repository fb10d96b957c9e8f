"""Signs in a row for what was not recorded as it happened, explained below the table.

The word stands beside the sign, in the remarks; the note only in documents where the
sign occurs.  The signs are those that printed registers use; 仿宋 and 宋体 have them.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Mark(NamedTuple):
    """*text* as it stands in a row, and what it means."""

    text: str
    meaning: str


LATE = Mark("※补录", "当时没有登记，事后补登，所记时间是事情发生的时间")
SYSTEM = Mark("△系统代签", "忘记签退，由系统按应离时间代为签退，审核后才计工时")
ESTIMATED = Mark("○时间估计", "没有逐条记下时间，按前后的登记估计")

MARKS = (LATE, SYSTEM, ESTIMATED)


def occurring(text: str, marks: Iterable[Mark] = MARKS) -> set[Mark]:
    """Those that stand in the text of some rows."""
    return {mark for mark in marks if mark.text in text}


def note_of(marks: Iterable[Mark], *, goes_on: bool = False) -> str:
    """The note that explains *marks*; one that *goes_on* follows another note."""
    found = set(marks)
    told = "".join(f"{m.text}——{m.meaning}。" for m in MARKS if m in found)
    return told if goes_on or not told else f"注：{told}"
