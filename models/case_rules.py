"""Rules of cases (限时办结规则, P22): when one is warned of and to whom it is raised.

Days are working days.  Nothing here changes a case: what is late is only shown, to
more people the later it is.
"""

from datetime import date

from peewee import IntegerField

from models.base import transaction
from models.dated_rules import DatedRules, Range
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require

RANGES: dict[str, Range] = {
    "soon_days": Range(0, 20),
    "take_days": Range(0, 20),
    "department_days": Range(1, 60),
    "office_days": Range(1, 60),
    "waiting_days": Range(1, 120),
    "shifts": Range(1, 99),
}


class CaseRules(DatedRules):
    """The rules in force from a day until the next version starts."""

    ranges = RANGES

    soon_days = IntegerField(default=1, verbose_name="提前几个工作日提醒")
    take_days = IntegerField(default=1, verbose_name="转来几个工作日内接办")
    department_days = IntegerField(default=1, verbose_name="超期几个工作日报部门")
    office_days = IntegerField(default=3, verbose_name="超期几个工作日报办公室")
    waiting_days = IntegerField(default=10, verbose_name="待补材料几个工作日提醒")
    shifts = IntegerField(default=3, verbose_name="几个班次未完成报部门")

    class Meta:
        table_name = "case_rules"


def case_rules_on(day: date) -> CaseRules:
    """The rules in force on *day*; the usual ones before any were set."""
    return CaseRules.on(day)


def case_rules_versions() -> list[CaseRules]:
    """All versions, newest first."""
    return CaseRules.versions()


def set_case_rules(*, by: Person, starts_on: date, **values: int) -> CaseRules:
    """Let new values hold from a day on; what is not named stays as it was then.

    Earlier versions stay; the same day again corrects that day's version.
    """
    require(by, Operation.CASE_RULES)
    for name, value in values.items():
        _check(name, value)
    with transaction():
        rules = CaseRules.with_values(starts_on, values)
        if rules.office_days < rules.department_days:
            raise _at("office_days", "报办公室不能早于报部门，请核对两个天数。")
        return rules.write(by=by)


def _check(name: str, value: int) -> None:
    if name not in RANGES:
        raise TypeError(f"no rule is called {name}")
    least, most, _ = RANGES[name]
    label = getattr(CaseRules, name).verbose_name
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        raise _at(name, f"“{label}”请填 {least} 到 {most} 之间的整数。")


def _at(name: str, text: str) -> UserError:
    error = UserError(text)
    error.field = name
    return error
