"""The dialogs that wait for an answer, so that they can be hidden all at once.

Each waits in an event loop of its own inside the one before: only the innermost can
end, and what opened it goes on before anything else does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Waiting(Protocol):
    """A dialog, as far as hiding it goes."""

    def appear(self) -> None:
        """Stand in front of all else, with the keys."""

    def disappear(self) -> None:
        """Be out of sight and let others have the keys; the question stays open."""

    def close(self, answer: object) -> None:
        """Answer and go away."""


_waiting: list[Waiting] = []
_covered = _giving_up = False
_natives = 0


@contextmanager
def waiting(dialog: Waiting) -> Iterator[None]:
    """While *dialog* waits.  It appears now, or when nothing covers the window."""
    _waiting.append(dialog)
    try:
        if _giving_up:
            dialog.close(None)
        elif not _covered:
            dialog.appear()
        yield
    finally:
        _waiting.remove(dialog)


@contextmanager
def native() -> Iterator[None]:
    """While a dialog of the system is open, which nobody but its user can hide."""
    global _natives
    _natives += 1
    try:
        yield
    finally:
        _natives -= 1


def anything_native() -> bool:
    """Whether a dialog of the system is open."""
    return _natives > 0


def count() -> int:
    """How many dialogs wait, seen or not."""
    return len(_waiting)


def innermost() -> Waiting | None:
    """The one that has the keys, or would have them."""
    return _waiting[-1] if _waiting else None


def hide() -> None:
    """Something covers the window: no dialog is in sight until `bring_back`."""
    global _covered
    if not _covered:
        _covered = True
        for dialog in reversed(_waiting):
            dialog.disappear()


def bring_back() -> None:
    """Nothing covers the window any more; the innermost has the keys again."""
    global _covered, _giving_up
    hidden = list(_waiting) if _covered and not _giving_up else []
    _covered = _giving_up = False
    for dialog in hidden:
        dialog.appear()


def give_up() -> None:
    """Answer every dialog with None, also those that come until `bring_back`.

    What opened them goes on when the caller has returned to the event loop.
    """
    global _giving_up
    _giving_up = True
    for dialog in reversed(list(_waiting)):
        dialog.close(None)
