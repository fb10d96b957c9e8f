"""Desks (窗口) and the departments that serve at them.

A joint desk is served by several departments in turn (P13), and a department may
serve at several desks: n to m, with dates.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from peewee import BooleanField, IntegerField, TextField

from models.base import (
    DayField,
    ListField,
    Record,
    db,
    station_uid,
    table_of,
    transaction,
)
from models.clock import today
from models.errors import UserError

# The people and the services of a desk know its table; it asks for them when needed.
if TYPE_CHECKING:
    from models.people import Person


class Turn(StrEnum):
    """How often units change at a joint desk.  Stored: never rename a value."""

    DAY = "day"
    WEEK = "week"
    HALF_DAY = "half_day"


TURN_LABELS: dict[str, str] = {
    Turn.DAY: "按工作日轮值",
    Turn.WEEK: "按周轮值",
    Turn.HALF_DAY: "上下午轮值",
}


class Department(Record):
    """A unit of the college that answers for its business and its seal."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="部门")
    aliases = TextField(default="", verbose_name="别名")
    phone = TextField(default="", verbose_name="电话")

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
    # {"starts_on", "every", "units": [{"uid", "name"}]}; the newest begun one applies.
    rotation = ListField(verbose_name="轮值安排")
    version = IntegerField(default=1, verbose_name="版本")
    # 咨询台 (P10): outside the regular hours it takes matters of every desk.
    takes_enquiries = BooleanField(default=False, verbose_name="兼咨询台")

    class Meta:
        table_name = "desk"

    def in_service(self, day: date) -> bool:
        return (self.opens_on or date.min) <= day <= (self.closes_on or date.max)


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


def set_rotation(
    desk: Desk,
    *,
    by: "Person",
    starts_on: date,
    every: str,
    units: Sequence[Department],
) -> Desk:
    """Let departments of a joint desk take turns from a day on (P13).

    The first of *units* begins.  Earlier arrangements stay for the days before; the
    same first day again replaces that arrangement.
    """
    from models.permissions import Operation, require

    require(by, Operation.TIME_SETTINGS)
    if every not in TURN_LABELS:
        raise UserError("请选择按工作日、按周还是上下午轮值。")
    uids = [unit.uid for unit in units]
    if len(uids) < 2 or len(set(uids)) < len(uids):
        raise UserError("轮值至少要有两个不同的部门，请核对。")
    serving = {department.uid for department in departments_of(desk, starts_on)}
    for unit in units:
        if unit.uid not in serving:
            raise UserError(f"{unit.name}不在“{desk.name}”服务，不能参加轮值。")
    entry = {
        "starts_on": starts_on.isoformat(),
        "every": str(every),
        "units": [{"uid": unit.uid, "name": unit.name} for unit in units],
    }
    others = [e for e in desk.rotation if e["starts_on"] != entry["starts_on"]]
    with transaction():
        desk.rotation = sorted([*others, entry], key=lambda e: e["starts_on"])
        return desk.write(by=by)
