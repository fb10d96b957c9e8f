"""Two histories under one epoch: a copied disk, or an older state put back.

The first that came is kept.  The entries of the second are kept as conflicts until the
station sends them again under an epoch of their own, and a person is told.
"""

from collections.abc import Sequence

import msgspec

from exports.sync import batch
from models import clock
from models.alarms import AlarmKind, raise_alarm
from models.base import db, transaction, tuples_of
from models.installation import Installation
from models.journal import Stream
from models.stations import Station
from models.troubles import Conflict

REASON = "同一编号已有另一种内容"

# Between an epoch and what tells the second history from the first: no stream is named
# so, and none of its entries is taken for set aside.
BRANCH = "/"


def _branch(stream: Stream, entry: batch.Arrived) -> str:
    return f"{stream.epoch}{BRANCH}{entry.hash[:16]}"


def keep(stream: Stream, entries: Sequence[batch.Arrived]) -> None:
    """Keep those entries of a second history that are nowhere in the journal."""
    for entry in entries:
        line = entry.line
        known = db.execute_sql(
            "SELECT 1 FROM journal j JOIN stream s ON s.id = j.stream "
            f"WHERE s.sender = {db.param} AND j.row_uid = {db.param} "
            f"AND j.revision = {db.param} AND j.digest = {db.param}",
            (stream.sender, line.row, line.revision, entry.digest),
        ).fetchone()
        if known is None:
            Conflict.insert(
                sender=stream.sender,
                epoch=_branch(stream, entry),
                seq=line.seq,
                table_name=line.table,
                row_uid=line.row,
                reason=REASON,
                line=msgspec.json.encode(line).decode(),
            ).on_conflict_ignore().execute()


def settle(stream: Stream, fresh: Sequence[batch.Arrived]) -> None:
    """A second history that has now come as a stream of its own is kept there."""
    label = Conflict.epoch.contains(BRANCH)
    kept = tuples_of(
        Conflict.select(Conflict.id, Conflict.epoch).where(
            (Conflict.sender == stream.sender) & label & Conflict.closed_at.is_null()
        )
    )
    if not kept:
        return
    came = {entry.hash[:16] for entry in fresh}
    done = [number for number, epoch in kept if epoch.partition(BRANCH)[2] in came]
    if done:
        closed = Conflict.update(closed_at=clock.now())
        closed.where(Conflict.id.in_(done)).execute()


def tell(here: Installation, stream: Stream, header: batch.Header) -> None:
    """Raise the alarm, in the name of the desk or of the office."""
    if stream.sender in (here.office_uid, here.station_uid):
        raise_alarm(
            AlarmKind.OFFICE_DIFFERS,
            f"中心办公室发来的第 {header.first}–{header.last} 条与以前收到的不一致，"
            "它的数据可能被倒回过；本机没有采用，已告知办公室。",
            station=stream.sender,
            about=stream.epoch,
        )
        _speak_at_once(here)
        return
    station = Station.get_or_none(Station.station_uid == stream.sender)
    raise_alarm(
        AlarmKind.FORK,
        f"{station.name if station else '一台工作站'}：第 {header.first}–{header.last} "
        "条收到两种内容，这台电脑的数据可能被复制或倒回过。先到的已采用，"
        "后到的另行保存；请查明哪台电脑是真的，并注销另一台。",
        station=stream.sender,
        about=stream.epoch,
    )


def ask_whether_behind(here: Installation, stream: Stream, end: int) -> None:
    """Tell the office how far I have read it when what it says on the share ends
    earlier: it, or the share, was put back.  Once for each such end."""
    behind = end if end < stream.upto else 0
    if behind == stream.published_upto:
        return
    with transaction():
        stream.published_upto = behind
        stream.save()
        if behind:
            _speak_at_once(here)


def _speak_at_once(here: Installation) -> None:
    """Let a sign of life be due: its header says how far the office was read."""
    mine = Stream.own & (Stream.sender == here.station_uid)
    Stream.update(said_at=None).where(mine).execute()
