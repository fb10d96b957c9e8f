"""Services (服务事项): what a desk does, for which department, within how many days.

An item of the catalogue has a row for each of its versions.  A version holds from its
first to its last day; one that was replaced before it began ends before it starts.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from peewee import IntegerField, TextField, fn

from models.base import DayField, Record
from models.clock import today
from models.desks import Department, Desk, desks, in_force


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

    @property
    def promise(self) -> str:
        """`承诺，5 个工作日`, or merely `即办`."""
        days = f"，{self.working_days} 个工作日" if self.working_days else ""
        return self.kind_label + days

    @property
    def first_day(self) -> date:
        return self.starts_on or date.min

    @property
    def last_day(self) -> date:
        return self.ends_on or date.max

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


# An item's place in the catalogue is its first version's.
_item = fn.COALESCE(fn.NULLIF(Service.item_uid, ""), Service.uid)


def services_of(desk: Desk, on: date | None = None) -> list[Service]:
    """What *desk* offers on a day, in the catalogue's order."""
    condition = in_force(Service, "starts_on", "ends_on", on or today())
    return list(
        Service.select()
        .where((Service.desk_uid == desk.uid) & condition)
        .order_by(_item, Service.uid)
    )


def versions_of(service: Service) -> list[Service]:
    """All versions of an item that ever held or shall hold, the earliest first."""
    found = Service.select().where(
        (Service.uid == service.item) | (Service.item_uid == service.item)
    )
    held = [version for version in found if version.first_day <= version.last_day]
    return sorted(held, key=lambda version: version.first_day)


def version_on(service: Service, day: date) -> Service | None:
    """The version of the same item that holds on a day; None when there is none."""
    for version in versions_of(service):
        if version.holds_on(day):
            return version
    return None


def items() -> list[list[Service]]:
    """Every item of the catalogue with its versions, as `versions_of` gives them.

    Those that were withdrawn before they were ever offered are left out.
    """
    found: dict[str, list[Service]] = {}
    for version in Service.select().order_by(_item, Service.uid):
        if version.first_day <= version.last_day:
            found.setdefault(version.item, []).append(version)
    return [
        sorted(versions, key=lambda version: version.first_day)
        for versions in found.values()
    ]


def all_services(on: date | None = None) -> list[tuple[Service, Desk]]:
    """What the desks in service offer on a day, desk by desk."""
    condition = in_force(Service, "starts_on", "ends_on", on or today())
    of_desk: dict[str, list[Service]] = {}
    for service in Service.select().where(condition).order_by(_item, Service.uid):
        of_desk.setdefault(service.desk_uid, []).append(service)
    return [
        (service, desk) for desk in desks(on) for service in of_desk.get(desk.uid, [])
    ]


def desk_of(service: Service) -> Desk:
    return Desk.get(Desk.uid == service.desk_uid)


class ServiceCard(NamedTuple):
    """What a desk tells about a service (P15); its department answers for it."""

    name: str
    desk_name: str
    department_name: str
    phone: str
    kind: str
    kind_label: str
    working_days: int
    materials: str
    guide: str
    place: str
    version: int
    starts_on: date | None
    ends_on: date | None


def card_of(service: Service) -> ServiceCard:
    """The card of a version; telephone and place are the item's own or, without one,
    those of its department and desk."""
    department = Department.get_or_none(Department.uid == service.department_uid)
    desk = Desk.get_or_none(Desk.uid == service.desk_uid)
    return ServiceCard(
        name=service.name,
        desk_name=desk.name if desk else "",
        department_name=service.department_name,
        phone=service.phone or (department.phone if department else ""),
        kind=service.kind,
        kind_label=service.kind_label,
        working_days=service.working_days,
        materials=service.materials,
        guide=service.guide,
        place=service.place or (desk.position if desk else ""),
        version=service.version,
        starts_on=service.starts_on,
        ends_on=service.ends_on,
    )
