"""How slow work says how far it is; whoever listens may raise to cancel it."""

from collections.abc import Callable

# Done, total, and what is being done, in words for people.
Report = Callable[[int, int, str], None]


def unheard(done: int, total: int, text: str) -> None:
    """Report to nobody."""
