"""What the file of a ledger is called, and the periods people ask for by name."""

import re
from datetime import date, timedelta

from models.calendar import teaching_week
from models.terms import Term, monday_of, term_on, terms

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')

OWN = "自定"


def periods(today: date) -> dict[str, tuple[date, date]]:
    """First and last day of each, in the order they are offered.

    One that is not over ends today.  Terms and teaching weeks are those entered; in
    the vacation there is no present term, and its last one is 上学期.
    """
    monday = monday_of(today)
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    year = today.replace(month=1, day=1)
    found = {
        "今天": (today, today),
        "昨天": (today - timedelta(days=1),) * 2,
        "本周": (monday, today),
        "上周": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "本月": (month, today),
        "上月": (before, month - timedelta(days=1)),
        "今年": (year, today),
        "去年": (year.replace(year=year.year - 1), year - timedelta(days=1)),
    }
    term = term_on(today)
    if term is not None:
        found["本学期"] = (term.starts_on, today)
    begun = term.starts_on if term else today
    ended = next((one for one in terms() if one.ends_on < begun), None)
    if ended is not None:
        found["上学期"] = (ended.starts_on, ended.ends_on)
    return found | _weeks(term or ended, today)


def _weeks(term: Term | None, today: date) -> dict[str, tuple[date, date]]:
    """The teaching weeks that have begun, the newest first."""
    if term is None:
        return {}
    monday = monday_of(term.starts_on)
    begun = min(term.weeks, term.week_of(today))
    return {
        f"第{number}教学周": (
            monday + timedelta(weeks=number - 1),
            min(today, monday + timedelta(weeks=number, days=-1)),
        )
        for number in range(begun, 0, -1)
    }


def week_words(day: date) -> str:
    """`第12教学周` for a day of a term; "" outside."""
    week = teaching_week(day)
    return f"第{week.number}教学周" if week else ""


def file_name(
    title: str, place: str, first: date, last: date, suffix: str = ".docx"
) -> str:
    """`印章使用登记台账_教务处_2026-11.docx`; the days when not within one month."""
    return in_file_name("_".join(filter(None, (title, place, days(first, last))))) + (
        suffix
    )


def days(first: date, last: date) -> str:
    """`2026-11-03`, `2026-11`, or `2026-10-05至2026-11-23`."""
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month) and first.day == 1:
        return f"{first:%Y-%m}"
    return f"{first.isoformat()}至{last.isoformat()}"


def in_file_name(text: str) -> str:
    """*text* without what Windows allows in no name."""
    return _UNFIT.sub("", text)
