"""What a ledger's file and period are called, and what narrows it."""

import re
from datetime import date, timedelta
from typing import Any

from models import clock
from models.errors import UserError

UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def periods(today: date) -> dict[str, tuple[date, date]]:
    """The periods people ask for, as first and last day."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return {
        "今天": (today, today),
        "本周": (monday, today),
        "本月": (month, today),
        "上月": (before, month - timedelta(days=1)),
        "今年": (today.replace(month=1, day=1), today),
    }


def file_name(title: str, place: str, first: date, last: date) -> str:
    """`印章使用登记台账_教务处_2026-11.docx`; the days when not within one month."""
    if first == last:
        when = first.isoformat()
    elif (first.year, first.month) == (last.year, last.month) and first.day == 1:
        when = f"{first:%Y-%m}"
    else:
        when = f"{first.isoformat()}至{last.isoformat()}"
    parts = [part for part in (title, place, when) if part]
    return UNFIT.sub("", "_".join(parts)) + ".docx"


def can_narrow(ledger: Any, name: str, record: Any) -> bool:
    """Whether *ledger* has a field for the choice *name*, such as a seal."""
    from exports.ledgers import Selection

    today = clock.today()
    try:
        ledger.check(Selection(today, today, **{name: record}))
    except UserError:
        return False
    return True
