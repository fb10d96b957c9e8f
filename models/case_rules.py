"""Rules of cases (限时办结规则, P22): when one is warned of and to whom it is raised.

Days are working days.  Nothing here changes a case: what is late is only shown, to
more people the later it is.
"""

from peewee import IntegerField

from models.base import DayField, Record


class CaseRules(Record):
    """The rules in force from a day until the next version starts."""

    audience = "all"
    written_by = "office"

    starts_on = DayField(index=True, verbose_name="开始执行日期")
    soon_days = IntegerField(default=1, verbose_name="提前几个工作日提醒")
    take_days = IntegerField(default=1, verbose_name="转来几个工作日内接办")
    department_days = IntegerField(default=1, verbose_name="超期几个工作日报部门")
    office_days = IntegerField(default=3, verbose_name="超期几个工作日报办公室")
    waiting_days = IntegerField(default=10, verbose_name="待补材料几个工作日提醒")
    shifts = IntegerField(default=3, verbose_name="几个班次未完成报部门")

    class Meta:
        table_name = "case_rules"
