"""Working days: nights, weekends and statutory holidays never count (P22).

Holidays and 调休 come from `chinesecalendar` for the years it knows; in other years
Monday to Friday are taken as working days.
"""

from datetime import date, timedelta


def is_working_day(day: date) -> bool:
    import chinese_calendar  # 19 ms: only when a deadline is reckoned

    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def working_day_after(day: date, count: int) -> date:
    """The day that is *count* working days after *day*; *day* itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
