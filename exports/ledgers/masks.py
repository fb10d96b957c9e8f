"""Phone numbers and student numbers with some of their digits hidden.

A column says with `mask=` how its texts are hidden.  Any other is looked through for
what stands in free text: mobile numbers, and numbers of the shape those of the roster
have.  The numbers of records (编号) stay as they are: by them a print is checked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from models.base import tuples_of
from models.people import Person
from models.students import Student

MASKED_NOTE = "电话、学号已隐去部分数字"

Mask = Callable[[str], str]

# With the blanks and hyphens people put in: 138 0000 1111, +86 138-0000-1111.
_MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
_PHONE = re.compile(rf"{_MOBILE}|\d+(?:[-—]\d+)*")
_NUMBER = re.compile(r"[0-9A-Za-z]*\d[0-9A-Za-z]*", re.ASCII)
_DIGIT = re.compile(r"\d")

# A year of admission and what follows it; eight digits alone may be a day.
_USUAL = r"(?:19|20)\d{7,10}"
# What is shorter (B0001) is nobody's who studies here.
_SHORTEST = 6


def mask_phone(text: str) -> str:
    """`138****5678`; of a short number only the last two digits stay."""
    return _PHONE.sub(lambda found: _without_digits(found[0]), text)


def _without_digits(phone: str) -> str:
    places = [found.start() for found in _DIGIT.finditer(phone)]
    count = len(places)
    hidden = places[max(count - 8, 0) : -4] if count > 6 else places[:-2] or places
    characters = list(phone)
    for place in hidden:
        characters[place] = "*"
    return "".join(characters)


def mask_number(text: str) -> str:
    """`2023****17` for every number in *text*; one of few characters is a count."""
    return _NUMBER.sub(lambda found: _without_middle(found[0]), text)


def _without_middle(number: str) -> str:
    length = len(number)
    if length < 4:
        return number
    first, last = (4, 2) if length >= 8 else (1, 1)
    return f"{number[:first]}{'*' * (length - first - last)}{number[-last:]}"


def mask_name(text: str) -> str:
    """`张*`, `李**`."""
    return text[:1] + "*" * (len(text) - 1)


class Masked(Protocol):
    """What a column of any kind says of itself."""

    @property
    def mask(self) -> Mask | None: ...


class Masking:
    """How the columns of one export are masked; reads the roster's shapes once."""

    def __init__(self) -> None:
        shapes = "|".join([_USUAL, *sorted(_shapes())])
        numbers = rf"(?<![\dA-Za-z])(?:{shapes})(?![\dA-Za-z])"
        self._found = re.compile(f"({_MOBILE})|{numbers}")

    def of(self, column: Masked) -> Mask:
        return column.mask or self.words

    def words(self, text: str) -> str:
        """Free text without the numbers that stand in it."""
        return self._found.sub(_hidden, text)

    def rows(
        self, columns: Sequence[Masked], rows: Iterable[Sequence[str]]
    ) -> Iterator[tuple[str, ...]]:
        masks = [self.of(column) for column in columns]
        for row in rows:
            yield tuple(mask(text) for mask, text in zip(masks, row, strict=True))


def _hidden(found: re.Match[str]) -> str:
    return _without_digits(found[0]) if found[1] else _without_middle(found[0])


def _shapes() -> set[str]:
    """Of the numbers in the roster, as patterns: `20\\d{8}`."""
    shapes = {
        (number[:2], len(number), number[2:].isdecimal())
        for model in (Student, Person)
        for (number,) in tuples_of(model.select(model.number))
        if len(number) >= _SHORTEST
    }
    return {
        f"{re.escape(first)}{r'[0-9]' if plain else '[0-9A-Za-z]'}{{{length - 2}}}"
        for first, length, plain in shapes
    }
