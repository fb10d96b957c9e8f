"""What is drawn in a week: blocks and stretches of hours, and where they have room."""

from collections.abc import Sequence
from typing import NamedTuple

DAY_MINUTES = 24 * 60


class Block(NamedTuple):
    """A shift or stay; times in minutes of the day, both within it."""

    key: str
    weekday: int
    begins: int
    ends: int
    hours: str
    names: tuple[str, ...]
    mark: str = ""  # 单, 双, or a date
    is_stay: bool = False
    is_doubtful: bool = False


class Stretch(NamedTuple):
    """Hours of a weekday: open ones, or such that nobody covers."""

    weekday: int
    begins: int
    ends: int
    text: str = ""


def minutes_of(text: str) -> int:
    """`08:30` as 510."""
    return int(text[:2]) * 60 + int(text[3:])


def lanes(blocks: Sequence[Block]) -> dict[str, tuple[int, int]]:
    """For each block which lane it is drawn in, and of how many (one day's blocks)."""
    placed: dict[str, tuple[int, int]] = {}
    group: list[tuple[Block, int]] = []
    until = -1

    def close() -> None:
        count = max((lane for _, lane in group), default=0) + 1
        placed.update({block.key: (lane, count) for block, lane in group})
        group.clear()

    for block in sorted(blocks, key=lambda b: (b.begins, b.mark == "双", b.ends)):
        if block.begins >= until:
            close()
        taken = {lane for other, lane in group if other.ends > block.begins}
        lane = next(n for n in range(len(taken) + 1) if n not in taken)
        group.append((block, lane))
        until = max(until, block.ends)
    close()
    return placed


def stay_letters(block: Block, room: int) -> str:
    """What stands in a strip of *room* letters: part of a name is no other name."""
    name = "".join(block.names)
    for words in (name, surname_of(name)):
        letters = f"驻{block.mark}{words}"
        if len(letters) <= room:
            return letters
    return f"驻{block.mark}"[: max(room, 0)]


def surname_of(name: str) -> str:
    """Four characters are a surname of two and two more, as a rule."""
    return name[:2] if len(name) == 4 else name[:1]
