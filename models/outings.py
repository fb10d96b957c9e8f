"""Seals taken outside (印章外带): by the holder, with a time to be back (P16)."""

from peewee import IntegerField, TextField

from models.base import MomentField, Record


class SealOuting(Record):
    """The seal left the desk in its holder's hands; coming back is checked."""

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    unit = TextField(verbose_name="申请部门")
    applicant = TextField(verbose_name="申请人")
    reason = TextField(verbose_name="外带事由")
    place = TextField(verbose_name="地点")
    approver = TextField(verbose_name="批准人")
    carrier_uid = TextField(verbose_name="携章人标识")
    carrier_name = TextField(verbose_name="携章人")
    out_at = MomentField(index=True, verbose_name="带出时间")
    due_back_at = MomentField(verbose_name="应还时间")
    returned_at = MomentField(null=True, verbose_name="归还时间")
    # What was sealed outside, as the carrier says it.
    documents = TextField(default="", verbose_name="用印文件")
    copies = IntegerField(default=0, verbose_name="用印份数")
    checker_uid = TextField(default="", verbose_name="验收人标识")
    checker_name = TextField(default="", verbose_name="验收人")
    condition = TextField(default="", verbose_name="归还状况")
    note = TextField(default="", verbose_name="备注")

    class Meta:
        table_name = "seal_outing"
