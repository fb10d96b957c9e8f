"""What time it is at the college.

China keeps one time zone without daylight saving (UTC+8).  Records are stamped in it
whatever zone the PC believes in, so that a PC that was set up wrongly, or the office
abroad, never shifts a ledger by hours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))

_standing_at: datetime | None = None


def now() -> datetime:
    """The present moment as a naive datetime in UTC+8, whole seconds."""
    if _standing_at is not None:
        return _standing_at
    return datetime.now(CHINA).replace(microsecond=0, tzinfo=None)


def today() -> date:
    return now().date()


def stamp() -> str:
    """The present moment for the journal: ISO 8601 with its offset."""
    return now().isoformat() + "+08:00"


@contextmanager
def set_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at *moment*: for the sample days and for tests."""
    global _standing_at
    before, _standing_at = _standing_at, moment.replace(microsecond=0)
    try:
        yield
    finally:
        _standing_at = before


def between(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of *first* to the last second of *last*."""
    return datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59))
