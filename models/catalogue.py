"""The catalogue (窗口事项): what desks offer, in versions with dates (P2, P15).

A change is a new version from a day on; records keep the names they were made with.
Each change is noted with its basis, for the 窗口事项变更记录.
"""

from enum import StrEnum

from peewee import IntegerField, TextField

from models.base import DayField, Local, MomentField, Record


class ChangeKind(StrEnum):
    """What changed in the catalogue.  Stored and synced: never rename a value."""

    SERVICE_ADDED = "service_added"
    SERVICE_CHANGED = "service_changed"
    SERVICE_RETIRED = "service_retired"
    DESK_OPENED = "desk_opened"
    DESK_RENAMED = "desk_renamed"
    DESK_CLOSED = "desk_closed"


CHANGE_KIND_LABELS: dict[str, str] = {
    ChangeKind.SERVICE_ADDED: "新增事项",
    ChangeKind.SERVICE_CHANGED: "调整事项",
    ChangeKind.SERVICE_RETIRED: "停办事项",
    ChangeKind.DESK_OPENED: "开设窗口",
    ChangeKind.DESK_RENAMED: "窗口更名",
    ChangeKind.DESK_CLOSED: "停用窗口",
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


class PinnedService(Local):
    """A service that this PC's quick list always begins with."""

    item_uid = TextField(unique=True)
    position = IntegerField()

    class Meta:
        table_name = "pinned_service"
