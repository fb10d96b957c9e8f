"""Desks (窗口) and the departments that serve at them.

A joint desk is served by several departments in turn (P13), and a department may
serve at several desks: n to m, with dates.
"""

from datetime import date

from peewee import TextField

from models.base import DayField, Record, db, station_uid, table_of
from models.clock import today
from models.errors import UserError


class Department(Record):
    """A unit of the college that answers for its business and its seal."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="部门")
    aliases = TextField(default="", verbose_name="别名")

    class Meta:
        table_name = "department"


class Desk(Record):
    """A service window of the centre."""

    audience = "all"
    written_by = "office"

    code = TextField(verbose_name="代码")
    prefix = TextField(verbose_name="编号前缀")
    name = TextField(verbose_name="窗口")
    position = TextField(default="", verbose_name="位置")
    opens_on = DayField(null=True, verbose_name="启用日期")
    closes_on = DayField(null=True, verbose_name="停用日期")

    class Meta:
        table_name = "desk"


class DeskDepartment(Record):
    """From when to when a department serves at a desk."""

    audience = "all"
    written_by = "office"

    desk_uid = TextField(index=True, verbose_name="窗口标识")
    department_uid = TextField(verbose_name="部门标识")
    starts_on = DayField(null=True, verbose_name="开始日期")
    ends_on = DayField(null=True, verbose_name="结束日期")

    class Meta:
        table_name = "desk_department"


def in_force(model: type[Record], starts: str, ends: str, day: date):
    """The condition that *day* lies between two optional dates of *model*."""
    first, last = getattr(model, starts), getattr(model, ends)
    return (first.is_null() | (first <= day)) & (last.is_null() | (last >= day))


def desks(on: date | None = None) -> list[Desk]:
    """The desks in service on a day, in the policy's order."""
    condition = in_force(Desk, "opens_on", "closes_on", on or today())
    return list(Desk.select().where(condition).order_by(Desk.uid))


def desk_by_code(text: str) -> Desk:
    """The desk with this code, prefix or name."""
    text = text.strip()
    desk = Desk.get_or_none(
        (Desk.code == text.lower())
        | (Desk.prefix == text.upper())
        | (Desk.name == text)
    )
    if desk is None:
        known = "、".join(f"{desk.code}（{desk.name}）" for desk in desks())
        raise UserError(f"没有窗口“{text}”，可用：{known}。")
    return desk


def this_desk() -> Desk:
    """The desk this station stands at, or what to do when there is none yet."""
    table = table_of(Desk)
    columns = ", ".join(f'd."{column}"' for column in table.columns)
    row = db.execute_sql(
        f"SELECT {columns} FROM station s JOIN desk d ON d.uid = s.desk_uid "
        f"WHERE s.station_uid = {db.param}",
        (station_uid(),),
    ).fetchone()
    if row is None:
        raise UserError("本机还没有被办公室批准到某个窗口，请先同步或联系中心办公室。")
    return table.record_of(row)


def departments() -> list[Department]:
    return list(Department.select().order_by(Department.uid))


def department_by_name(text: str) -> Department:
    """The department with this name or one of its aliases (names vary, domain 3)."""
    text = text.strip()
    for department in departments():
        if text in (department.name, *department.aliases.split("、")):
            return department
    known = "、".join(department.name for department in departments())
    raise UserError(f"没有部门“{text}”，可用：{known}。")


def departments_of(desk: Desk, on: date | None = None) -> list[Department]:
    """The departments that serve at *desk* on a day."""
    condition = in_force(DeskDepartment, "starts_on", "ends_on", on or today())
    served = DeskDepartment.select(DeskDepartment.department_uid).where(
        (DeskDepartment.desk_uid == desk.uid) & condition
    )
    return list(
        Department.select().where(Department.uid.in_(served)).order_by(Department.uid)
    )
