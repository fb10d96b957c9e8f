"""What a merge could not take: kept for a person to see, never dropped silently."""

from peewee import IntegerField, TextField

from models.base import Local, MomentField
from models.clock import now


class Quarantine(Local):
    """A file of the shared folder that is not what it should be."""

    path = TextField(unique=True, verbose_name="文件")
    reason = TextField(verbose_name="原因")
    found_at = MomentField(default=now, verbose_name="发现时间")

    class Meta:
        table_name = "quarantine"


class Conflict(Local):
    """An entry or row that contradicts one that is already here."""

    sender = TextField(verbose_name="工作站")
    epoch = TextField()
    seq = IntegerField()
    table_name = TextField()
    row_uid = TextField()
    reason = TextField(verbose_name="原因")
    # The line as it came, so that nothing is lost.
    line = TextField()
    found_at = MomentField(default=now, verbose_name="发现时间")

    class Meta:
        table_name = "conflict"
        indexes = ((("sender", "epoch", "seq", "row_uid"), True),)
