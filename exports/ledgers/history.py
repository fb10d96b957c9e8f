"""Does the journal digest of a printed ledger belong to the history kept here?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from exports.ledgers.past import Place
from exports.ledgers.proof import Head
from models import journal
from models.base import db, station_uid
from models.installation import installation
from models.journal import Stream, digest_of, genesis, next_hash
from models.progress import Report
from models.stations import Station

CHUNK = 2_000


@dataclass
class Chain:
    """What became of the streams that a ledger names."""

    # None: not all of them are here.
    holds: bool | None = True
    # Where each of them stood; None when that cannot be told here.
    places: list[Place] | None = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def chain_of(heads: Sequence[Head], report: Report) -> Chain:
    """Find each stream, follow its hashes up to there, and compare the last."""
    chain = Chain()
    names = {station.station_uid: station.name for station in Station.select()}
    for head in heads:
        _look_at(head, names.get(head.sender, "中心办公室"), chain, report)
    if chain.faults:
        chain.holds = False
    elif chain.places is None:
        chain.holds = None
    chain.notes = list(dict.fromkeys(chain.notes))
    return chain


def _look_at(head: Head, name: str, chain: Chain, report: Report) -> None:
    streams = list(
        Stream.select()
        .where((Stream.sender == head.sender) & (Stream.addressee == head.addressee))
        .order_by((Stream.epoch == head.epoch).desc(), Stream.id)
    )
    # After a restore a station goes on in a new epoch, with the entries it kept.
    stream = next((s for s in streams if journal.tip(s.id)[0] >= head.seq), None)
    if stream is None:
        if head.seq:
            _miss(head, name, streams, chain)
        return
    if chain.places is not None:
        chain.places.append(Place(stream.id, head.seq))
    fault = _fault_in(stream, head, report)
    if fault:
        chain.faults.append(f"{name}的{fault}")


def _miss(head: Head, name: str, streams: Sequence[Stream], chain: Chain) -> None:
    """Not here: on its own station entries were lost, elsewhere they never came."""
    chain.places = None
    if head.sender == station_uid():
        chain.faults.append(
            f"本机的流水没有第 {head.seq} 条：打印之后本机的历史被换过或截短。"
        )
    elif streams and installation().is_office:
        chain.notes.append(f"{name}的流水还没有收到第 {head.seq} 条，请同步后再核验。")
    else:
        chain.notes.append(f"本机没有{name}的流水，请到导出的电脑或办公室核验。")


def _fault_in(stream: Stream, head: Head, report: Report) -> str:
    """The first entry up to *head* that is not as it was written, in words."""
    last = genesis(installation().realm, stream.sender, stream.addressee)
    for *fields, stored, salt, payload in _entries(stream, head.seq):
        seq = fields[0]
        if stored != next_hash(last, *fields):
            return f"流水第 {seq} 条或上一条被改动过"
        if payload is not None and digest_of(salt, payload) != fields[7]:
            return f"流水第 {seq} 条的内容被改动过"
        last = stored
        if not seq % CHUNK:
            report(seq, head.seq, "正在核对流水")
    if last != head.hash:
        return f"流水第 {head.seq} 条不是打印时的那一条：历史被改写过"
    return ""


def _entries(stream: Stream, upto: int) -> Any:
    return db.execute_sql(
        "SELECT seq, at, person, table_name, row_uid, revision, audience, digest, "
        "hash, salt, CAST(payload AS BLOB) FROM journal "
        "WHERE stream = ? AND seq <= ? ORDER BY seq",
        (stream.id, upto),
    )
