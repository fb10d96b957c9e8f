"""Words of the seal ledger: those used lately are offered as one types."""

import re
from collections.abc import Sequence
from functools import cache

from desk.widgets.suggest import Suggestion
from models.errors import UserError
from models.pinyin import initials_of

NUMBER = re.compile(r"(?=.*\d)[0-9A-Za-z]{4,20}")
SEPARATORS = re.compile(r"[\s、，,;；]+")

# Reading a character takes its time when the first is asked for; words come again.
_initials = cache(initials_of)


def read_students(text: str) -> list[str]:
    """The numbers in a list of students; UserError for anything that is none."""
    numbers = [part for part in SEPARATORS.split(text) if part]
    for number in numbers:
        if not NUMBER.fullmatch(number):
            raise UserError(
                f"学生名单请填学号，用顿号或空格隔开；“{number}”不是学号，"
                "其他说明请写在备注。"
            )
    return numbers


def suggest_words(words: Sequence[str], text: str) -> list[Suggestion]:
    """Those of *words* that hold *text*, or begin with these initials in small letters.

    What was typed stands first itself, for a new text may begin like an old one:
    Enter never makes another of it.  Initials mean the first suggestion.
    """
    text = text.strip()
    holding = [word for word in words if text.lower() in word.lower() and word != text]
    if not text:
        return [Suggestion(word, word) for word in holding]
    if text.isascii() and text.isalpha() and text.islower() and not holding:
        return [Suggestion(w, w) for w in words if _begins(w, text)]
    return [Suggestion(word, word) for word in (text, *holding)] if holding else []


def _begins(word: str, initials: str) -> bool:
    return any(reading.startswith(initials) for reading in _initials(word).split())
