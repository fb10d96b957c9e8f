"""What commands say: answers on standard output, all else on standard error."""

import argparse
import json
import sys
from typing import Any


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def answer(chosen: argparse.Namespace, result: dict[str, Any], words: str) -> None:
    """The result as JSON if it was asked for, in words otherwise."""
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    else:
        print(words, flush=True)


class Progress:
    """One line on standard error: overwritten on a screen, new ones in a log."""

    def __init__(self) -> None:
        self._screen = sys.stderr is not None and sys.stderr.isatty()
        self._said = ""

    def __call__(self, done: int, total: int, text: str) -> None:
        if not self._screen and text == self._said:
            return
        self._said = text
        share = f"{100 * done // total:3d}% " if total > 1 else ""
        print(
            f"\r{share}{text}\x1b[K" if self._screen else f"{share}{text}",
            end="" if self._screen else "\n",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        if self._screen and self._said:
            print(file=sys.stderr)
