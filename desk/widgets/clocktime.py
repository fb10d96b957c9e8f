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
    if not typed:
        raise UserError("请填写时间，例如 08:30 或 0830。")
    raise UserError(f"时间“{text.strip()}”看不懂，请填写成 08:30 或 0830。")


def moment_from(begins: datetime, text: str, ends: datetime) -> datetime:
    """The moment meant by a typed time of day, in a shift from *begins* to *ends*.

    Only a shift that ends on a later day goes past midnight; then the moment nearer to
    the shift is meant.  Anything before *begins* is for the caller to refuse; the
    minute of *begins* itself counts as its own.
    """
    moment = datetime.combine(begins.date(), read_time(text))
    if moment == begins.replace(second=0):
        return begins
    if moment > begins or ends.date() <= begins.date():
        return moment
    after = moment + timedelta(days=1)
    return after if after - ends < begins - moment else moment
