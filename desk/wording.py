"""How Chinese texts are kept together where the window wraps them."""

import re

MOST_QUOTED = 40  # characters: pasted by mistake, it may be thousands


def unbroken(text: str) -> str:
    """Keep a number and its unit, or `A 岗`, in one line."""
    return re.sub(r"(?<=[\dA-Z]) (?=[\u4e00-\u9fff])", "\u00a0", text)


def in_short(text: str) -> str:
    """Cut what a refusal quotes of something long, and keep it in one line."""
    return re.sub("“([^”]*)”", _cut, text)


def _cut(quoted: re.Match[str]) -> str:
    shown = "".join(char if char.isprintable() else " " for char in quoted[1])
    return f"“{shown if len(shown) <= MOST_QUOTED else shown[:MOST_QUOTED] + '…'}”"
