"""Disposals of seals (印章停用、销毁): the office stops, assigns and destroys (P16)."""

from enum import StrEnum

from peewee import TextField

from models.base import DayField, ListField, MomentField, Record


class DisposalKind(StrEnum):
    """What became of a seal.  Stored and synced: never rename a value."""

    STOPPED = "stopped"
    RESUMED = "resumed"
    ASSIGNED = "assigned"
    DESTROYED = "destroyed"


DISPOSAL_KIND_LABELS: dict[str, str] = {
    DisposalKind.STOPPED: "停用",
    DisposalKind.RESUMED: "恢复启用",
    DisposalKind.ASSIGNED: "调配",
    DisposalKind.DESTROYED: "销毁",
}


class SealDisposal(Record):
    """One decision of the office about a seal, with who handed it in and who saw."""

    audience = "all"
    written_by = "office"
    only_added = True

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="保管部门")
    kind = TextField(verbose_name="处置")
    on = DayField(verbose_name="处置日期")
    at = MomentField(verbose_name="登记时间")
    reason = TextField(verbose_name="原因")
    approver = TextField(default="", verbose_name="批准人")
    # Who handed the seal in, who has it since, and where it is kept.
    giver_name = TextField(default="", verbose_name="缴回人")
    receiver_uid = TextField(default="", verbose_name="接收人标识")
    receiver_name = TextField(default="", verbose_name="接收人")
    place = TextField(default="", verbose_name="封存地点")
    method = TextField(default="", verbose_name="销毁方式")
    # [{"uid", "name"}]: at least two who saw the seal destroyed.
    witnesses = ListField(verbose_name="监销人")
    desk_name = TextField(default="", verbose_name="调配至窗口")
    person_uid = TextField(verbose_name="经办人标识")
    person_name = TextField(verbose_name="经办人")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal_disposal"

    @property
    def kind_label(self) -> str:
        return DISPOSAL_KIND_LABELS.get(self.kind, self.kind)
