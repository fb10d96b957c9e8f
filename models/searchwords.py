"""Texts cut into what the search index holds, and what was typed into what to ask.

Chinese is written without blanks, so every character and every pair of neighbours is
a token; of Latin letters and digits every beginning is, so that a number or initials
are found while they are being typed.  Up to two characters, or one run of letters or
digits, a token says all; more is checked against the text itself.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

# `JW20261123-001` is the runs jw20261123 and 001; within a run that mixes letters and
# digits each kind is also found by itself.  The whole run must be a token as well:
# `JW2022` as jw and 2022 would be looked for in every student number that begins so.
_RUNS = re.compile(r"[a-z0-9]+|[^\W0-9a-z_]+")
_KINDS = re.compile(r"[a-z]+|[0-9]+")
LONGEST_RUN = 24
# More narrows no further, and a pasted page must not become an endless query.
MOST_TOKENS = 40
# Begins the tokens that stand for a filter: no typed text has it at its beginning.
MARK = "§"


def plain(text: str) -> str:
    """*text* as it is compared: full-width forms and capitals do not count."""
    return unicodedata.normalize("NFKC", text).casefold()


class Searched(NamedTuple):
    """What a row is found by: its tokens, and the text behind them."""

    tokens: frozenset[str]
    text: str


@lru_cache(maxsize=1 << 14)
def cut(text: str) -> Searched:
    """Every token under which *text* is found, and how it is compared."""
    compared = plain(text)
    found: set[str] = set()
    for run in _RUNS.findall(compared):
        if run.isascii():
            for part in {run, *_KINDS.findall(run)}:
                most = min(len(part), LONGEST_RUN)
                found.update(part[:end] for end in range(1, most + 1))
        else:
            found.update(run)
            found.update(map("".join, pairwise(run)))
    return Searched(frozenset(found), compared)


def searched(texts: Iterable[str], marks: Iterable[str]) -> Searched:
    """All *texts* together, with the marks of the filters that fit the row."""
    parts = [cut(text) for text in texts if text]
    tokens = frozenset(marks).union(*(part.tokens for part in parts))
    return Searched(tokens, "\n".join([part.text for part in parts]))


@lru_cache(maxsize=1 << 12)
def mark(kind: str, value: str) -> str:
    """The token of a filter: only letters and digits reach the index unchanged."""
    return MARK + kind + "".join(c for c in plain(value) if c.isalnum())


class Wanted(NamedTuple):
    """What must hold for a row: one token of each group, and every phrase."""

    groups: tuple[frozenset[str], ...] = ()
    phrases: tuple[str, ...] = ()

    def fits(self, row: Searched) -> bool:
        return all(group & row.tokens for group in self.groups) and all(
            phrase in row.text for phrase in self.phrases
        )

    def beyond(self, row: Searched) -> "Wanted":
        """What *row* does not say."""
        groups = tuple(g for g in self.groups if not g & row.tokens)
        return Wanted(groups, tuple(p for p in self.phrases if p not in row.text))

    def but_phrases(self) -> "Wanted":
        """Only what no token says."""
        return self._replace(groups=())

    def said_by(self, texts: Iterable[str]) -> bool:
        """Does a list say it, without cutting all of it into tokens?"""
        text = plain("\n".join(texts))
        return all(phrase in text for phrase in self.phrases) and all(
            any(_begins_in(token, text) for token in group) for group in self.groups
        )

    def narrowed(self, marks: Iterable[str]) -> "Wanted":
        """Also one of these marks."""
        return self._replace(groups=(*self.groups, frozenset(marks)))

    @property
    def match(self) -> str:
        """The same as a query of FTS5, without the phrases."""
        either = (" OR ".join(f'"{t}"' for t in sorted(g)) for g in self.groups)
        return " AND ".join(f"({tokens})" for tokens in either)


def _begins_in(token: str, text: str) -> bool:
    """Letters and digits count at the beginning of their run only, as in `cut`."""
    if not token.isascii():
        return token in text
    before = "[a-z]" if token[0].isalpha() else "[0-9]"
    return re.search(f"(?<!{before}){token}", text) is not None


def wanted(text: str) -> Wanted:
    """What was typed: several words narrow the search together."""
    tokens: dict[str, None] = {}
    phrases = []
    for word in plain(text).split():
        runs = _RUNS.findall(word)
        for run in runs:
            tokens.update(dict.fromkeys(_asked(run)))
        if [word] != [token for run in runs for token in _asked(run)]:
            phrases.append(word)
    groups = [frozenset((token,)) for token in tokens][:MOST_TOKENS]
    return Wanted(tuple(groups), tuple(phrases))


def _asked(run: str) -> Iterable[str]:
    """The fewest tokens that say what a run does."""
    if run.isascii():
        return (run[:LONGEST_RUN],)
    return map("".join, pairwise(run)) if len(run) > 1 else (run,)
