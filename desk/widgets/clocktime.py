"""Times of day as people type them: `0830`, `8:30`, `8：30`, `830`."""

import re
import unicodedata
from datetime import datetime, time, timedelta

from models.errors import UserError

TYPED = re.compile(r"(\d{1,2})[:.点时]?(\d{2})分?|(\d{1,2})[点时]?")


def read_time(text: str) -> time:
    """The time of day; UserError for anything else."""
    typed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    match = TYPED.fullmatch(typed)
    if match is not None:
        hour, minute = int(match[1] or match[3]), int(match[2] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise UserError(f"时间“{text.strip()}”看不懂，请填写成 08:30 或 0830。")


def moment_from(begins: datetime, text: str) -> datetime:
    """The first moment from *begins* on with the typed time of day.

    A shift may end after midnight; the minute of *begins* itself counts as its own.
    """
    moment = datetime.combine(begins.date(), read_time(text))
    if moment < begins.replace(second=0):
        moment += timedelta(days=1)
    return moment
