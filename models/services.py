"""Services (服务事项): what a desk does, for which department, within how many days."""

from datetime import date
from enum import StrEnum

from peewee import IntegerField, TextField

from models.base import DayField, Record
from models.clock import today
from models.desks import Department, Desk, in_force
from models.errors import UserError
from models.people import Person


class ServiceKind(StrEnum):
    """How a service is finished (P4, P22).  Stored and synced: never rename a value."""

    INSTANT = "instant"
    PROMISED = "promised"
    ENQUIRY = "enquiry"


SERVICE_KIND_LABELS: dict[str, str] = {
    ServiceKind.INSTANT: "即办",
    ServiceKind.PROMISED: "承诺",
    ServiceKind.ENQUIRY: "咨询",
}


class Service(Record):
    """One item of the catalogue.  A change is a new version with its own dates."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="事项")
    kind = TextField(verbose_name="件型")
    desk_uid = TextField(index=True, verbose_name="窗口标识")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="责任部门")
    materials = TextField(default="", verbose_name="所需材料")
    working_days = IntegerField(default=0, verbose_name="承诺工作日")
    starts_on = DayField(null=True, verbose_name="启用日期")
    ends_on = DayField(null=True, verbose_name="停用日期")
    initials = TextField(default="", verbose_name="拼音首字母")
    # What stays the same through all versions ("" for the uid of the first one).
    item_uid = TextField(default="", index=True, verbose_name="事项编号标识")
    version = IntegerField(default=1, verbose_name="版本")
    guide = TextField(default="", verbose_name="办理流程")
    place = TextField(default="", verbose_name="办理地点")
    phone = TextField(default="", verbose_name="咨询电话")

    class Meta:
        table_name = "service"

    @property
    def item(self) -> str:
        """The identity that all versions of the service share."""
        return self.item_uid or self.uid

    @property
    def kind_label(self) -> str:
        return SERVICE_KIND_LABELS.get(self.kind, self.kind)


def services_of(desk: Desk, on: date | None = None) -> list[Service]:
    """What *desk* offers on a day, in the catalogue's order."""
    condition = in_force(Service, "starts_on", "ends_on", on or today())
    return list(
        Service.select()
        .where((Service.desk_uid == desk.uid) & condition)
        .order_by(Service.uid)
    )


def write_service(
    desk: Desk,
    department: Department,
    *,
    by: Person,
    name: str,
    kind: str,
    working_days: int,
    starts_on: date,
) -> Service:
    """Enter what a new desk offers; runs inside the transaction that opens it."""
    from models.pinyin import initials_of

    name = name.strip()
    if not name:
        raise UserError("请填写事项名称。")
    if kind not in SERVICE_KIND_LABELS:
        raise UserError(f"请选择“{name}”是即办、承诺还是咨询。")
    promised = kind == ServiceKind.PROMISED
    if promised and not 1 <= working_days <= 365:
        raise UserError(f"“{name}”是承诺件，请填写 1 到 365 个工作日。")
    return Service(
        name=name,
        kind=kind,
        desk_uid=desk.uid,
        department_uid=department.uid,
        department_name=department.name,
        working_days=working_days if promised else 0,
        starts_on=starts_on,
        initials=initials_of(name),
    ).write(by=by)
