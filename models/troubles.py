"""What a merge could not take: kept for a person to see, never dropped silently.

Lines are closed, not deleted: by a person (`models.settling`), or because what was
missing came otherwise.
"""

from peewee import BooleanField, IntegerField, TextField

from models import clock
from models.base import Local, MomentField
from models.clock import now

# Enough to see what is going on when somebody fills the share with rubbish.
MOST_QUARANTINED = 1_000

# Read the file again: with this answer a bad one is a trouble once more.
REREAD = "reread"


class Quarantine(Local):
    """A file of the shared folder that is not what it should be."""

    path = TextField(unique=True, verbose_name="文件")
    reason = TextField(verbose_name="原因")
    found_at = MomentField(default=now, verbose_name="发现时间")
    size = IntegerField(default=0, verbose_name="大小（字节）")
    # Since when nobody need look at it, and how a person settled it ("": by itself).
    closed_at = MomentField(null=True, verbose_name="了结时间")
    choice = TextField(default="", verbose_name="处理")

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
    closed_at = MomentField(null=True, verbose_name="了结时间")
    choice = TextField(default="", verbose_name="处理")
    # No row follows the entry.  Of what is only odd, one does.
    set_aside = BooleanField(default=True)

    class Meta:
        table_name = "conflict"
        indexes = ((("sender", "epoch", "seq", "row_uid"), True),)


def quarantine(place: str, reason: str, size: int = 0) -> None:
    """A file is bad.  What a person has taken note of stays so while it is the same."""
    known = Quarantine.get_or_none(Quarantine.path == place)
    if known is None:
        if Quarantine.select().count() < MOST_QUARANTINED:
            Quarantine.create(path=place, reason=reason, size=size)
        return
    settled = known.closed_at is not None
    if settled and (known.reason != reason or known.choice in ("", REREAD)):
        known.closed_at, known.choice, known.found_at = None, "", clock.now()
    known.reason, known.size = reason, size or known.size
    known.save()


def file_is_fine(place: str) -> None:
    """All that the file holds is here."""
    _close(Quarantine.path == place)


def file_is_gone(place: str) -> None:
    """It was taken away, and its entries came otherwise."""
    _close(Quarantine.path == place)


def _close(which: object) -> None:
    Quarantine.update(closed_at=clock.now()).where(
        which & Quarantine.closed_at.is_null()
    ).execute()


def open_files() -> list[Quarantine]:
    """Bad files that nobody has settled, the newest first."""
    waiting = Quarantine.select().where(Quarantine.closed_at.is_null())
    return list(waiting.order_by(Quarantine.id.desc()))


def open_conflicts() -> list[Conflict]:
    """Conflicts that nobody has settled, the newest first."""
    waiting = Conflict.select().where(Conflict.closed_at.is_null())
    return list(waiting.order_by(Conflict.id.desc()))


def settled_files() -> list[Quarantine]:
    closed = Quarantine.select().where(Quarantine.closed_at.is_null(False))
    return list(closed.order_by(Quarantine.closed_at.desc()))


def settled_conflicts() -> list[Conflict]:
    closed = Conflict.select().where(Conflict.closed_at.is_null(False))
    return list(closed.order_by(Conflict.closed_at.desc()))


def count_open() -> tuple[int, int]:
    """Bad files and conflicts that wait for a person."""
    return (
        Quarantine.select().where(Quarantine.closed_at.is_null()).count(),
        Conflict.select().where(Conflict.closed_at.is_null()).count(),
    )
