"""When somebody else knows more of this station than it does: what follows, and who is
told.

A desk says in the header of each batch how far it has read the office.  An office that
does not have that entry was put back to an older state: it goes on under a new epoch
above all that were heard of, and the desks send again what it does not confirm.
"""

from collections.abc import Sequence
from datetime import timedelta

from exports.sync import batch
from exports.sync.publish import hash_of_entry
from models import clock, epochs
from models.alarms import AlarmKind, raise_alarm
from models.base import db
from models.epochs import EpochChange, EpochReason, number_of
from models.errors import UserError
from models.installation import Installation
from models.journal import OWN, Stream
from models.stations import Station

# A label that lies further ahead than any history of restores is a made-up one.
MOST_AHEAD = 100

# Two PCs with one identity would push each other on for ever.
MOST_CHANGES = 5
WITHIN = timedelta(hours=1)


SHUT_OUT = (
    "办公室恢复以后还没有批准这台工作站，请联系中心办公室重新批准；"
    "记录都在本机，批准以后全部重新上传。"
)


BEHIND = (
    "共享文件夹里中心办公室的数据比本机读过的旧，办公室可能被倒回过："
    "已告知办公室并重新申请加入，请联系中心办公室核对；记录都在本机。"
)


class Forgotten(Exception):
    """A station has read of this office what this office does not have."""

    def __init__(self, followed: batch.Followed) -> None:
        super().__init__(followed)
        self.followed = followed


def begin_anew_behind(here: Installation, last: int) -> str:
    """Own entries up to *last* lie on the share that are not here."""
    _refuse_endless(here)
    epochs.open_epoch(EpochReason.ROLLED_BACK, seen=last)
    epochs.tell_what_went(here)
    return "共享文件夹里有本机发出而本机没有的记录：已换用新的编号段，请再同步一次。"


def check_followed(
    here: Installation, station: Station, heard: Sequence[batch.Header]
) -> None:
    """Do I have what a station says it has read of me?  Raises `Forgotten`."""
    for followed in dict.fromkeys(header.followed for header in heard):
        if followed.epoch == here.epoch:
            outbox = Stream.get_or_none(
                (Stream.sender == here.station_uid)
                & (Stream.addressee == station.station_uid)
                & (Stream.epoch == here.epoch)
            )
            common = (followed.upto, followed.head)
            own = (followed.own_upto, followed.own_head)
            if _lacks(Stream.get_by_id(OWN), *common) or _lacks(outbox, *own):
                raise Forgotten(followed)
        elif followed.epoch > here.epoch and _is_likely(here, followed.epoch):
            raise Forgotten(followed)


def _lacks(stream: Stream | None, upto: int, head: str) -> bool:
    if not upto:
        return False
    return stream is None or hash_of_entry(stream, upto) != head


def _is_likely(here: Installation, epoch: str) -> bool:
    try:
        ahead = number_of(epoch) - number_of(here.epoch)
    except ValueError:
        return False
    return 0 <= ahead <= MOST_AHEAD


def begin_anew_after(here: Installation, station: Station, forgotten: Forgotten) -> str:
    """What a station has read shows that this office was put back."""
    _refuse_endless(here)
    followed = forgotten.followed
    same = followed.epoch == here.epoch
    epochs.open_epoch(
        EpochReason.ROLLED_BACK,
        above=followed.epoch,
        seen=followed.upto if same else 0,
    )
    words = (
        f"{station.name}读到过办公室发布的第 {followed.upto} 条，本机没有："
        "办公室的数据被倒回过。已换用新的编号段，各窗口会重新上传；"
        "请核对最近改过的人员、事项和印章资料。"
    )
    raise_alarm(
        AlarmKind.OFFICE_FORGOT,
        words,
        station=station.station_uid,
        about=f"{followed.epoch} {followed.upto}",
    )
    return words


def _refuse_endless(here: Installation) -> None:
    since = clock.now() - WITHIN
    recent = EpochChange.select().where(
        (EpochChange.station == here.station_uid) & (EpochChange.at > since)
    )
    if recent.count() >= MOST_CHANGES:
        raise UserError(
            "本机一再与共享文件夹里的记录不符，可能有另一台电脑在用同一身份："
            "已停止同步，请联系中心办公室，停用其中一台。"
        )


def newest_begun(station_uid: str) -> int:
    """The stream of the epoch that a station began last, by when it came here."""
    (newest,) = db.execute_sql(
        "SELECT MAX(s.id) FROM stream s JOIN epoch_change e ON e.station = s.sender "
        f"AND e.epoch = s.epoch WHERE s.sender = {db.param} AND NOT s.own",
        (station_uid,),
    ).fetchone()
    return newest or 0


def is_older(station_uid: str, epoch: str, newest: int) -> bool:
    """Was this epoch here before stream *newest* was begun?"""
    copy = Stream.select().where(
        (Stream.sender == station_uid)
        & ~Stream.own
        & (Stream.epoch == epoch)
        & (Stream.id < newest)
    )
    return copy.exists()


def tell_reopened(station: Station) -> None:
    """A station went on under a new epoch: the office should know why."""
    for change in EpochChange.select().where(
        EpochChange.station == station.station_uid
    ):
        lost = ""
        if change.seen > change.kept:
            lost = f"，丢了第 {change.kept + 1}–{change.seen} 条"
        raise_alarm(
            AlarmKind.STATION_REOPENED,
            f"{station.name}：{change.reason_label}，保留 {change.kept} 条流水{lost}，"
            "已换用新的编号段全部重新上传。请核对这台电脑是否恢复过或换过；"
            "如果没有，可能有人复制了它的数据。",
            station=station.station_uid,
            about=change.epoch,
        )


def tell_two_alive(station: Station, epoch: str) -> None:
    """After a station began anew, its older epoch went on: there are two of it."""
    raise_alarm(
        AlarmKind.TWO_ALIVE,
        f"{station.name}：换用新的编号段以后，旧的编号段又送来记录，"
        "可能有两台电脑在用同一身份。两边的记录都已保存，没有重复计数；"
        "请查明后注销其中一台。",
        station=station.station_uid,
        about=epoch,
    )


def is_shut_out(here: Installation) -> bool:
    """Did I follow the office to an epoch of which I can read nothing?"""
    (furthest,) = db.execute_sql(
        f"SELECT MAX(upto) FROM stream WHERE sender = {db.param} "
        f"AND epoch = {db.param} AND NOT own",
        (here.office_uid, here.followed_epoch),
    ).fetchone()
    return furthest == 0


def is_behind(here: Installation) -> bool:
    """Does what the office says to all end before what I have read of it?

    One put back to before I was let in does not listen to me: a person has to be told.
    """
    said = (Stream.sender == here.office_uid) & (Stream.addressee == "all")
    now = (Stream.epoch == here.followed_epoch) & ~Stream.own
    return Stream.select().where(said & now & (Stream.published_upto > 0)).exists()
