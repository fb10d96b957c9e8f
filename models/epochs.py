"""Epochs: a station whose past is in doubt goes on under a new label.

A stream is (station, epoch).  After a restore, on another machine, or when the office
holds other entries than this PC, the station's own stream goes on under a new random
epoch, and everything is published again under it.  Hashes do not name the epoch, so the
office sees where two histories part and that rows with the same content are the same.
"""

import secrets
from datetime import datetime
from enum import StrEnum

from peewee import IntegerField, TextField, fn

from models import clock, journal, machine, witness
from models.alarms import AlarmKind, raise_alarm
from models.base import MomentField, Record, transaction, tuples_of
from models.errors import UserError
from models.installation import Installation, installation
from models.journal import OWN, Stream

MOST_EPOCHS = 9_999  # the label holds four digits


class EpochReason(StrEnum):
    """Why a station began anew.  Stored and synced: never rename a value."""

    RESTORED = "restored"  # a person put a backup back
    REPLACED = "replaced"  # the data were moved to another PC
    CLONE = "clone"  # the data are on two PCs
    ROLLED_BACK = "rolled_back"  # an older state came back unannounced
    RECEIPT = "receipt"  # the office holds other entries


EPOCH_REASON_LABELS: dict[str, str] = {
    EpochReason.RESTORED: "从备份恢复",
    EpochReason.REPLACED: "换了电脑或硬盘被复制",
    EpochReason.CLONE: "数据在两台电脑上",
    EpochReason.ROLLED_BACK: "数据被倒回到较早的状态",
    EpochReason.RECEIPT: "办公室收到的记录与本机不一致",
}


class EpochChange(Record):
    """A station went on under a new epoch: said in its own journal."""

    audience = "all"
    written_by = "all"
    only_added = True

    at = MomentField(verbose_name="时间")
    epoch = TextField(verbose_name="新编号段")
    before = TextField(verbose_name="原编号段")
    reason = TextField(verbose_name="原因")
    kept = IntegerField(verbose_name="保留的条数")
    # How many own entries a witness saw under the old label: more than were kept when
    # the database was put back.
    seen = IntegerField(default=0, verbose_name="曾有的条数")

    class Meta:
        table_name = "epoch_change"

    @property
    def reason_label(self) -> str:
        return EPOCH_REASON_LABELS.get(self.reason, self.reason)


def new_epoch(number: int = 1) -> str:
    """A label for a stream: a number that orders the office's epochs, and chance."""
    return f"{number:04d}{secrets.token_hex(6)}"


def number_of(epoch: str) -> int:
    """The number of a label; 0 of none."""
    return int(epoch[:4] or 0)


def open_epoch(reason: str, *, above: str = "", seen: int = 0) -> str:
    """Go on under a new epoch and publish everything again; returns its label.

    It is numbered above every epoch this PC knows of and above *above*; *seen* own
    entries are known to have been there.  A desk then gives out no seal numbers until
    the office has said what it holds.
    """
    reason = EpochReason(reason)
    with transaction():
        here, own = installation(), Stream.get_by_id(OWN)
        kept, before = journal.tip()[0], here.epoch
        epoch = _next_label(here, above)
        _begin_anew(own, epoch)
        here.epoch = epoch
        here.machine = machine.machine_print(here.realm)
        if here.is_office:
            here.followed_epoch = epoch
        here.awaits_office = not here.is_office
        here.save()
        EpochChange(
            at=clock.now(),
            epoch=epoch,
            before=before,
            reason=reason,
            kept=kept,
            seen=seen,
        ).write(by=None)
        raise_alarm(
            AlarmKind.EPOCH_OPENED,
            f"{EPOCH_REASON_LABELS[reason]}：本机现有的 {kept} 条流水换用新的编号段，"
            "同步时全部重新上传，办公室核对后才显示已确认。",
            station=here.station_uid,
            about=epoch,
        )
    witness.note_tip(here)
    return epoch


def _next_label(here: Installation, above: str) -> str:
    known = Stream.select(fn.MAX(Stream.epoch)).where(Stream.sender == here.station_uid)
    newest = max(known.scalar() or "", here.epoch, here.followed_epoch, above)
    number = 1 + max(number_of(here.epoch), number_of(newest))
    if number > MOST_EPOCHS:
        raise UserError("编号段已经用完，请联系中心办公室重新设立这台工作站。")
    return new_epoch(number)


def _begin_anew(own: Stream, epoch: str) -> None:
    """Nothing of the own stream is published, nor confirmed, under the new label."""
    # Sealed to nobody yet: so all is published anew, and its old files are forgotten.
    own.epoch, own.sealed_to, own.seal_head = epoch, "", ""
    own.published_upto = own.confirmed_upto = own.seal_count = 0
    own.said_at = None
    own.save()


def left_epochs(here: Installation) -> set[str]:
    """The epochs that this PC has left, as it remembers."""
    left = EpochChange.select(EpochChange.before).where(
        EpochChange.station == here.station_uid
    )
    return {epoch for (epoch,) in tuples_of(left)} - {here.epoch}


def examine(here: Installation) -> str:
    """Is this database where, and as far as, it was left?  If not, begin anew.

    Asked when the program starts and before each exchange.  Returns the reason of a new
    epoch, "" when all is well.
    """
    behind = witness.rollback(here, lambda: left_epochs(here))
    if behind is not None:
        seen = behind.seq if behind.epoch == here.epoch else 0
        open_epoch(EpochReason.ROLLED_BACK, above=behind.epoch, seen=seen)
        tell_what_went(here)
        return EpochReason.ROLLED_BACK
    # A database on a server is used from several machines.
    mark = machine.machine_print(here.realm) if witness.places() else ""
    if mark and here.machine and mark != here.machine:
        open_epoch(EpochReason.REPLACED)
        return EpochReason.REPLACED
    if mark and not here.machine:
        with transaction():
            Installation.update(machine=mark).execute()
    return ""


def tell_what_went(here: Installation) -> None:
    """Name the entries that were written here and are here no more."""
    change = last_change(here.station_uid)
    if change is None or change.seen <= change.kept:
        return
    raise_alarm(
        AlarmKind.LOST_HERE,
        f"本机的数据比以前少了第 {change.kept + 1}–{change.seen} 条流水。"
        "其中上传过的由办公室发还，请先同步。",
        station=here.station_uid,
        about=change.epoch,
    )


def last_change(station_uid: str) -> EpochChange | None:
    """How a station came to its newest epoch; None while it has had only one."""
    said = EpochChange.select().where(EpochChange.station == station_uid)
    return said.order_by(EpochChange.uid.desc()).first()


def awaits_office_since() -> datetime | None:
    """Since when seal numbers wait for the office's word; None when they do not."""
    here = installation()
    change = last_change(here.station_uid) if here.awaits_office else None
    return change.at if change else None


def require_certain_numbers() -> None:
    """Refuse to number anything while the office may hold numbers this PC lost."""
    if awaits_office_since() is not None:
        raise UserError(
            "本机的数据恢复过，办公室可能还有本机没有的用印编号："
            "请先同步，等办公室答复后再登记用印，以免编号重复。"
        )
