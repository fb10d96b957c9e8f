"""Reserved seal numbers (断电表): a blank sheet printed for when the power fails.

The numbers of a sheet are the next ones of the seal; live entries go on behind them.
Afterwards the paper rows are copied in under the same numbers, and the rest is voided:
every number of the sheet becomes a line of the ledger.
"""

from peewee import IntegerField, TextField

from models.base import DayField, MomentField, Record


class SealReservation(Record):
    """A sheet with the numbers *first* to *last* of a seal and year."""

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    year = IntegerField(verbose_name="年度")
    first = IntegerField(verbose_name="预留起号")
    last = IntegerField(verbose_name="预留止号")
    for_day = DayField(verbose_name="备用日期")
    reserved_at = MomentField(verbose_name="打印时间")
    person_uid = TextField(verbose_name="打印人标识")
    person_name = TextField(verbose_name="打印人")
    settled_at = MomentField(null=True, verbose_name="补录时间")
    settler_uid = TextField(default="", verbose_name="补录人标识")
    settler_name = TextField(default="", verbose_name="补录人")
    used = IntegerField(default=0, verbose_name="已用号数")
    void_reason = TextField(default="", verbose_name="未用作废原因")

    class Meta:
        table_name = "seal_reservation"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
