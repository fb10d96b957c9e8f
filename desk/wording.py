"""How Chinese texts are kept together where the window wraps them."""

import re


def unbroken(text: str) -> str:
    """Keep a number and its unit, or `A 岗`, in one line."""
    return re.sub(r"(?<=[\dA-Z]) (?=[\u4e00-\u9fff])", "\u00a0", text)
