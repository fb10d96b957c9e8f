"""Initials of a Chinese name, for finding somebody with a few keys.

Surnames are read differently from the same character in a word (曾 zēng, not céng;
单 shàn, not dān), and people at the desk type what they hear.  So every reading of
every character counts: 曾单 is found by any of `cd cc cs zd zc zs`.
"""

import os
import unicodedata
from functools import cache

MOST_VARIANTS = 16
# Readings the dictionary lacks: the other 吉 of U+20BB7, and 费 bì, a surname of
# its own.
_ADDED = {"𠮷": "j", "费": "b", "費": "b"}
# ā á ǎ à: the marks of the four tones; what has none comes last.
_TONES = "\u0304\u0301\u030c\u0300"


def initials_of(name: str) -> str:
    """All initials of *name* in lower case, blank-separated, the likeliest first.

    Letters and digits stay, dots and blanks go, a character that nobody can read is
    left out.  At most `MOST_VARIANTS`; every reading of the surname is among them.
    """
    variants = [(0, "")]
    for position, character in enumerate(unicodedata.normalize("NFKC", name)):
        initials = _initials_of_character(character)
        if len(initials) == 1:
            variants = [(cost, text + initials) for cost, text in variants]
        elif initials:
            # An unusual reading costs its rank, but in the surname it costs nothing.
            weight = 1 if position else 0
            variants = sorted(
                (
                    (cost + rank * weight, text + initial)
                    for cost, text in variants
                    for rank, initial in enumerate(initials)
                ),
                key=lambda variant: variant[0],
            )[:MOST_VARIANTS]
    return " ".join(text for _cost, text in variants)


@cache
def _initials_of_character(character: str) -> str:
    """The different initials of its readings, the commonest first: `cz` for 曾."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    readings = _readings().get(ord(character), "")
    found = [
        unicodedata.normalize("NFD", text)[0] for text in readings.split(",") if text
    ]
    found += _ADDED.get(character, "")
    if not found and character.isalpha() and not _is_han(character):
        found = [character.lower()]
    return "".join(dict.fromkeys(found))


def sounds_of(text: str) -> tuple[tuple[str, int, str], ...]:
    """What *text* is sorted by, character by character: sound, tone, then itself.

    The commonest reading counts.  Letters stand among the sounds, without their case.
    """
    return tuple(map(_sound_of, text))


@cache
def _sound_of(character: str) -> tuple[str, int, str]:
    reading = _readings().get(ord(character), "").split(",")[0]
    if character.isascii() or not reading:
        return character.lower(), 0, character
    marks = unicodedata.normalize("NFD", reading)
    letters = "".join(mark for mark in marks if mark.isascii())
    tone = next((_TONES.index(mark) for mark in marks if mark in _TONES), len(_TONES))
    return letters, tone, character


def _is_han(character: str) -> bool:
    return "IDEOGRAPH" in unicodedata.name(character, "IDEOGRAPH")


@cache
def _readings() -> dict[int, str]:
    # Without its 2.5 MB of phrases pypinyin loads in 45 ms instead of 150.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict
