"""The catalogue (窗口事项): what desks offer, in versions with dates (P2, P15).

A change is a new version from a day on; records keep the names they were made with.
Each change is noted with its basis, for the 窗口事项变更记录.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from peewee import TextField

from models import clock
from models.base import DayField, MomentField, Record
from models.desks import Department, Desk
from models.errors import UserError
from models.people import Person
from models.services import Service


class ChangeKind(StrEnum):
    """What changed in the catalogue.  Stored and synced: never rename a value."""

    SERVICE_ADDED = "service_added"
    SERVICE_CHANGED = "service_changed"
    SERVICE_RETIRED = "service_retired"
    DESK_OPENED = "desk_opened"
    DESK_RENAMED = "desk_renamed"
    DESK_CHANGED = "desk_changed"
    DESK_CLOSED = "desk_closed"
    DEPARTMENT_CHANGED = "department_changed"


CHANGE_KIND_LABELS: dict[str, str] = {
    ChangeKind.SERVICE_ADDED: "新增事项",
    ChangeKind.SERVICE_CHANGED: "调整事项",
    ChangeKind.SERVICE_RETIRED: "停办事项",
    ChangeKind.DESK_OPENED: "开设窗口",
    ChangeKind.DESK_RENAMED: "窗口更名",
    ChangeKind.DESK_CHANGED: "调整窗口",
    ChangeKind.DESK_CLOSED: "停用窗口",
    ChangeKind.DEPARTMENT_CHANGED: "部门电话",
}


class CatalogueChange(Record):
    """One decision about desks and services, with what it rests on."""

    audience = "all"
    written_by = "office"
    only_added = True

    at = MomentField(index=True, verbose_name="登记时间")
    kind = TextField(verbose_name="变更类别")
    subject_uid = TextField(verbose_name="对象标识")
    desk_uid = TextField(default="", verbose_name="窗口标识")
    desk_name = TextField(default="", verbose_name="窗口")
    department_name = TextField(default="", verbose_name="责任部门")
    before = TextField(default="", verbose_name="变更前")
    after = TextField(default="", verbose_name="变更后")
    effective_on = DayField(verbose_name="生效日期")
    # 审议依据: the minutes or the decision of the leading group.
    basis = TextField(default="", verbose_name="依据")
    person_uid = TextField(verbose_name="登记人标识")
    person_name = TextField(verbose_name="登记人")

    class Meta:
        table_name = "catalogue_change"

    @property
    def kind_label(self) -> str:
        return CHANGE_KIND_LABELS.get(self.kind, self.kind)


def note_change(
    kind: ChangeKind,
    subject: Service | Desk | Department,
    *,
    by: Person,
    desk: Desk | None,
    departments: Iterable[str],
    effective_on: date,
    before: str = "",
    after: str = "",
    basis: str = "",
) -> CatalogueChange:
    """Write down a change, inside the transaction that makes it."""
    return CatalogueChange(
        at=clock.now(),
        kind=kind,
        subject_uid=subject.item if isinstance(subject, Service) else subject.uid,
        desk_uid=desk.uid if desk else "",
        desk_name=desk.name if desk else "",
        department_name="、".join(departments),
        before=before,
        after=after,
        effective_on=effective_on,
        basis=basis.strip(),
        person_uid=by.uid,
        person_name=by.name,
    ).write(by=by)


def refusal(text: str, field: str) -> UserError:
    """A refusal that a form shows under the field of that name."""
    error = UserError(text)
    error.field = field
    return error


def require_basis(basis: str) -> None:
    """What is decided about windows rests on something (P2: 审议)."""
    if not basis.strip():
        raise refusal("请填写依据，例如“领导小组第 3 次会议纪要”。", "basis")


def changes_between(
    first: date, last: date, desk: Desk | None = None
) -> list[CatalogueChange]:
    """The changes that were entered from *first* to *last*, newest first."""
    query = CatalogueChange.select().where(
        CatalogueChange.at.between(*clock.between(first, last))
    )
    if desk is not None:
        query = query.where(CatalogueChange.desk_uid == desk.uid)
    return list(query.order_by(CatalogueChange.at.desc(), CatalogueChange.uid.desc()))


def changes_of(subject: Service | Desk | Department) -> list[CatalogueChange]:
    """What was decided about one item, desk or department, newest first."""
    uid = subject.item if isinstance(subject, Service) else subject.uid
    query = CatalogueChange.select().where(CatalogueChange.subject_uid == uid)
    return list(query.order_by(CatalogueChange.at.desc(), CatalogueChange.uid.desc()))
