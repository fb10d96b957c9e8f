"""How Chinese texts are kept together where the window wraps them."""

import re
from collections.abc import Callable, Iterator
from functools import cache

LONELY = 3  # characters, with the full stop
MOST_QUOTED = 40  # characters: pasted by mistake, it may be thousands


def unbroken(text: str) -> str:
    """Keep a number and its unit, or `A 岗`, in one line."""
    return re.sub(r"(?<=[\dA-Z]) (?=[\u4e00-\u9fff])", "\u00a0", text)


# What stays in one line: what opens with what follows; a number, a word or a single
# character; what closes with what went before, and the spaces after it.
_PIECE = re.compile(
    r"[“‘（《〔]*(?:[!-~–]+|.)(?:\u00a0(?:[!-~–]+|.))*"
    r"[，。；：、？！”’）》〕…—·]*[ \u3000]*"
)


def folded(text: str, room: float, measure: Callable[[str], float]) -> str:
    """Break lines where Chinese may be: no number in two, no lone comma in front.

    Nor is a last character left alone in a line, where a shorter line can spare more.
    """
    measure = cache(measure)
    lines = []
    for line in unbroken(text).split("\n"):
        broken = _broken(line, room, measure)
        if len(broken) > 1 and len(broken[-1]) <= LONELY:
            shorter = _broken(line, room - measure("字") * LONELY, measure)
            broken = shorter if len(shorter) == len(broken) else broken
        lines += broken
    return "\n".join(lines)


def _broken(line: str, room: float, measure: Callable[[str], float]) -> list[str]:
    lines, used, out = [], 0.0, ""
    for piece in _pieces(line, room, measure):
        if out and used + measure(piece.rstrip()) > room:
            lines.append(out.rstrip())
            used, out = 0.0, ""
        used, out = used + measure(piece), out + piece
    return [*lines, out]


def _pieces(line: str, room: float, measure: Callable[[str], float]) -> Iterator[str]:
    """What stays in one line; what is longer than that, as a path, breaks anywhere."""
    for piece in _PIECE.findall(line):
        yield from piece if measure(piece.rstrip()) > room else (piece,)


def in_short(text: str) -> str:
    """Cut what a refusal quotes of something long, and keep it in one line."""
    return re.sub("“([^”]*)”", _cut, text)


def _cut(quoted: re.Match[str]) -> str:
    shown = "".join(char if char.isprintable() else " " for char in quoted[1])
    return f"“{shown if len(shown) <= MOST_QUOTED else shown[:MOST_QUOTED] + '…'}”"
