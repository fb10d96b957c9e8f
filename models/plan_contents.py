"""What a plan says, and how its shifts and stays are written down (P18, P19).

A plan and the office's decision about it both hold it.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from peewee import IntegerField, TextField

from models.base import DayField, ListField, Record
from models.calendar import WEEKDAYS
from models.errors import UserError
from models.people import Person
from models.terms import WEEKS_LABELS
from models.uids import new_uid

LONGEST_SHIFT = 12 * 60  # minutes; more is an end typed before the beginning


class PlanPattern(StrEnum):
    """The whole week, or certain days of it (P18).  Stored: never rename a value."""

    FULL = "full"
    FIXED = "fixed"


PLAN_PATTERN_LABELS: dict[str, str] = {
    PlanPattern.FULL: "每周全日制",
    PlanPattern.FIXED: "每周定期制",
}


class PlanContent(Record):
    """What a plan and the decision about it both hold."""

    audience = "all"

    desk_uid = TextField(index=True, verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="部门")
    version = IntegerField(verbose_name="版本")
    pattern = TextField(default=PlanPattern.FULL, verbose_name="办理日")
    starts_on = DayField(verbose_name="开始日期")
    ends_on = DayField(verbose_name="结束日期")
    # {"key", "weekday" or "day", "weeks", "from", "to", "a": who or None, "b": [who]}
    shifts = ListField(verbose_name="班次")
    # {"key", "weekday" or "day", "weeks", "from", "to", "teacher": who}
    stays = ListField(verbose_name="教师驻岗")
    author_uid = TextField(verbose_name="报送人标识")
    author_name = TextField(verbose_name="报送人")
    note = TextField(default="", verbose_name="备注")

    @property
    def pattern_label(self) -> str:
        return PLAN_PATTERN_LABELS.get(self.pattern, self.pattern)


def who(person: Person) -> dict[str, str]:
    """A person as a plan names them."""
    return {"uid": person.uid, "number": person.number, "name": person.name}


def clean_shift(shift: dict[str, Any]) -> dict[str, Any]:
    """A shift as a plan keeps it."""
    a, others = shift.get("a"), list(shift.get("b") or ())
    uids = [person["uid"] for person in [a, *others] if person]
    if len(uids) != len(set(uids)):
        raise UserError("同一个班里，一个人只能排一次，请核对 A 岗和 B 岗。")
    return {
        "key": shift.get("key") or new_uid(),
        **_clean_time(shift),
        "a": _clean_who(a) if a else None,
        "b": [_clean_who(person) for person in others],
    }


def clean_stay(stay: dict[str, Any]) -> dict[str, Any]:
    """A teacher's stay as a plan keeps it."""
    if not stay.get("teacher"):
        raise UserError("请选择驻岗老师。")
    return {
        "key": stay.get("key") or new_uid(),
        **_clean_time(stay),
        "teacher": _clean_who(stay["teacher"]),
    }


def _clean_who(person: dict[str, str]) -> dict[str, str]:
    return {name: str(person[name]) for name in ("uid", "number", "name")}


def _clean_time(part: dict[str, Any]) -> dict[str, Any]:
    """When: a weekday of all, odd or even weeks, or one date; and from when to when."""
    begins, ends = clean_hour(part.get("from", "")), clean_hour(part.get("to", ""))
    if begins == ends:
        raise UserError("开始和结束时间不能相同。")
    if _minutes_between(begins, ends) > LONGEST_SHIFT:
        overnight = "次日 " if ends < begins else ""
        raise UserError(
            f"{begins} 到{overnight}{ends} 超过 {LONGEST_SHIFT // 60} 小时，"
            "请核对开始和结束时间。"
        )
    when: dict[str, Any]
    if part.get("day"):
        when = {"day": date.fromisoformat(str(part["day"])).isoformat()}
    else:
        weekday, weeks = part.get("weekday"), part.get("weeks", "all")
        if weekday not in range(7):
            raise UserError("请选择星期几。")
        if weeks not in WEEKS_LABELS:
            raise UserError("请选择每周、单周或双周。")
        when = {"weekday": weekday, "weeks": weeks}
    return {**when, "from": begins, "to": ends}


def _minutes_between(begins: str, ends: str) -> int:
    """Hours that end before they begin end on the next day."""
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in (begins, ends))
    return (last - first) % (24 * 60)


def clean_hour(text: str) -> str:
    """`8:30`, `0830`, `８：30` as `08:30`."""
    straight = unicodedata.normalize("NFKC", str(text)).strip()
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})|(\d{2})(\d{2})", straight)
    hour, minute = (found[1] or found[3], found[2] or found[4]) if found else ("", "")
    if not found or int(hour) > 23 or int(minute) > 59:
        raise UserError(f"“{text}”不是时间，请写成 08:30 这样。")
    return f"{int(hour):02d}:{minute}"


def when_of(part: dict[str, Any]) -> str:
    """`周一 08:30–10:00（单周）`, or `10月1日 08:30–10:00`."""
    hours = f"{part['from']}–{part['to']}"
    if part.get("day"):
        day = date.fromisoformat(part["day"])
        return f"{day.month}月{day.day}日 {hours}"
    weeks = part.get("weeks", "all")
    mark = "" if weeks == "all" else f"（{WEEKS_LABELS.get(weeks, weeks)}）"
    return f"周{WEEKDAYS[part['weekday']]} {hours}{mark}"


def in_order(parts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By date or weekday, then by the hour they begin."""
    return sorted(
        parts, key=lambda p: (p.get("day", ""), p.get("weekday", -1), p["from"])
    )
