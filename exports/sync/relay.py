"""Passing referred cases on: the office tells each desk involved what the others did.

A case that was referred is the visit and all steps added to it.  They go to every
station of every desk involved, in the office's own stream to that station, each row
as its author wrote it.  A station gets no row back that it wrote itself.

Which cases moved is read from the journal behind a cursor of each stream; what of them
a stream has already is read from the stream itself.  So nothing is lost or sent twice,
whatever was cut short, and a stream begun anew gets everything once more.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from peewee import Field

from exports.sync import batch
from models import journal
from models.base import Record, db, transaction, tuples_of
from models.journal import Stream
from models.progress import Report
from models.stations import Station, stations
from models.steps import StepKind, VisitStep
from models.visits import Visit

# The tables whose rows are passed on.
RELAYED = ("visit", "visit_step")

# Journal entries looked through in one transaction: others wait for it to write.
ENTRIES = 5_000

CHUNK = 500

Outboxes = Sequence[tuple[Station, Stream]]

T = TypeVar("T")


class RowKey(NamedTuple):
    """One revision of a row."""

    table: str
    uid: str
    revision: int
    station: str


class _Visit(NamedTuple):
    uid: str
    revision: int
    station: str
    desk_uid: str


class _Step(NamedTuple):
    uid: str
    revision: int
    station: str
    visit_uid: str
    kind: str
    desk_uid: str


class _Case(NamedTuple):
    desks: set[str]
    rows: list[RowKey]


def pass_on(outboxes: Outboxes, report: Report) -> int:
    """Append to each station's stream what it lacks; the number of entries.

    The stream that is furthest behind goes first, and those at the same place go
    together: what is new is looked through once, not once for each station.
    """
    last, added = newest_entry(), 0
    while behind := [box for box in outboxes if box[1].relayed_upto < last]:
        places = sorted({stream.relayed_upto for _, stream in behind})
        start, following = places[0], [*places[1:], last][0]
        upto = min(start + ENTRIES, following)
        report(start, last, "正在转发转办的办件")
        with transaction():
            level = [box for box in behind if box[1].relayed_upto == start]
            added += _pass_on_between(start, upto, level)
            # The office's own entries behind the last one are none to pass on.
            _set_cursor(level, newest_entry() if upto == last else upto)
    return added


def newest_entry() -> int:
    """The id of the last entry of the journal, whosever it is."""
    return db.execute_sql("SELECT MAX(id) FROM journal").fetchone()[0] or 0


def _set_cursor(outboxes: Outboxes, upto: int) -> None:
    for _, stream in outboxes:
        stream.relayed_upto = upto
        stream.save()


def _pass_on_between(after: int, upto: int, outboxes: Outboxes) -> int:
    moved, added = _referred_and_moved(after, upto), 0
    desks = {station.station_uid: station.desk_uid for station in stations()}
    for some in in_chunks(moved):
        cases = _cases(some, desks)
        for station, stream in outboxes:
            wanted = [
                row
                for case in cases
                if station.desk_uid in case.desks
                for row in case.rows
                if row.station != station.station_uid
            ]
            added += _append(stream, wanted)
    return added


def _referred_and_moved(after: int, upto: int) -> list[str]:
    """The visits of referred cases of which something arrived after entry *after*."""
    arrived = (
        "SELECT j.row_uid FROM journal j JOIN stream s ON s.id = j.stream "
        f"WHERE j.id > {db.param} AND j.id <= {db.param} AND NOT s.own "
        "AND j.table_name = "
    )
    rows = db.execute_sql(
        f"SELECT DISTINCT row_uid FROM ({arrived} 'visit' UNION ALL "
        f"SELECT visit_uid FROM visit_step WHERE uid IN ({arrived} 'visit_step')) "
        "moved WHERE EXISTS (SELECT 1 FROM visit_step t "
        f"WHERE t.visit_uid = moved.row_uid AND t.kind = {db.param}) ORDER BY row_uid",
        (after, upto, after, upto, StepKind.REFERRED),
    )
    return [uid for (uid,) in rows.fetchall()]


def referred_among(visit_uids: Iterable[str]) -> list[str]:
    """Those whose case was referred, as far as the steps here say."""
    found = []
    for some in in_chunks(list(visit_uids)):
        among, uids = db.among(some)
        rows = db.execute_sql(
            "SELECT DISTINCT visit_uid FROM visit_step "
            f"WHERE visit_uid {among} AND kind = {db.param}",
            (*uids, StepKind.REFERRED),
        )
        found += [uid for (uid,) in rows.fetchall()]
    return found


def pass_by(after: int, lines: Sequence[batch.Line]) -> None:
    """Move the cursors over what came behind entry *after*, when no case was referred.

    In the transaction of the merge, with all at hand: to read those entries again took
    a tenth of the time that it takes to take them over.
    """
    rows = {name: [ln.row for ln in lines if ln.table == name] for name in RELAYED}
    visits = {*rows["visit"]}
    for some in in_chunks(rows["visit_step"]):
        of = VisitStep.select(VisitStep.visit_uid).where(VisitStep.uid.in_(some))
        visits |= {uid for (uid,) in tuples_of(of)}
    if not referred_among(visits):
        boxes = Stream.own & (Stream.id != journal.OWN)
        starts = tuples_of(Stream.select(Stream.relayed_upto).distinct().where(boxes))
        free = [start for (start,) in starts if not _came_between(start, after)]
        moved = Stream.update(relayed_upto=newest_entry())
        moved.where(boxes & Stream.relayed_upto.in_(free)).execute()


def _came_between(start: int, end: int) -> bool:
    """Is any entry of others behind *start*, up to *end*?"""
    rows = db.execute_sql(
        "SELECT 1 FROM journal j JOIN stream s ON s.id = j.stream "
        f"WHERE j.id > {db.param} AND j.id <= {db.param} AND NOT s.own LIMIT 1",
        (start, end),
    )
    return start < end and rows.fetchone() is not None


def _cases(visit_uids: Sequence[str], desk_of: dict[str, str]) -> list[_Case]:
    """The cases as they stand; one whose visit has not arrived yet waits for it."""
    steps: dict[str, list[_Step]] = {uid: [] for uid in visit_uids}
    for row in tuples_of(
        VisitStep.select(*_fields(VisitStep, _Step))
        .where(VisitStep.visit_uid.in_(visit_uids))
        .order_by(VisitStep.uid)
    ):
        step = _Step(*row)
        steps[step.visit_uid].append(step)
    visits = Visit.select(*_fields(Visit, _Visit)).where(Visit.uid.in_(visit_uids))
    return [
        _Case(
            _desks_involved(visit, steps[visit.uid], desk_of),
            _rows(visit, steps[visit.uid]),
        )
        for visit in (_Visit(*row) for row in tuples_of(visits.order_by(Visit.uid)))
    ]


def _fields(model: type[Record], row: type[_Visit | _Step]) -> list[Field]:
    return [getattr(model, name) for name in row._fields]


def _desks_involved(
    visit: _Visit, steps: Sequence[_Step], desk_of: dict[str, str]
) -> set[str]:
    """The visit's desk and those it was referred to, by one that had to do with it.

    Otherwise a desk could call for any visit whose uid it has come to know.
    """
    own = {visit.desk_uid, desk_of.get(visit.station, "")} - {""}
    desks, before = own, set()
    while desks != before:
        before = desks
        desks = own | {
            step.desk_uid
            for step in steps
            if step.kind == StepKind.REFERRED and desk_of.get(step.station) in before
        }
    return desks if desks != own else set()


def _rows(visit: _Visit, steps: Sequence[_Step]) -> list[RowKey]:
    """Referrals first: they tell the reader why the rest may come."""
    ordered = sorted(steps, key=lambda step: step.kind != StepKind.REFERRED)
    return [
        *(RowKey("visit_step", s.uid, s.revision, s.station) for s in ordered),
        RowKey("visit", visit.uid, visit.revision, visit.station),
    ]


def _append(stream: Stream, wanted: Iterable[RowKey]) -> int:
    """Append the rows that the stream does not hold in this revision."""
    added = 0
    for rows in in_chunks(list(wanted)):
        held, found = _entries_of(stream, rows)
        entries = [
            (row.table, row.uid, row.revision, found[row].encode())
            for row in rows
            if (row.uid, row.revision) not in held and row in found
        ]
        if entries:
            journal.append_entries(
                entries, by=None, audience=stream.addressee, stream=stream.id
            )
        added += len(entries)
    return added


def _entries_of(
    stream: Stream, rows: Sequence[RowKey]
) -> tuple[set[tuple[str, int]], dict[RowKey, str]]:
    """Which revisions the stream holds; and what the authors wrote, as it came first.

    What a merge set aside as a conflict is nobody's row.
    """
    among, uids = db.among([row.uid for row in rows])
    cursor = db.execute_sql(
        "SELECT j.id, j.stream, j.table_name, j.row_uid, j.revision, s.sender "
        "FROM journal j JOIN stream s ON s.id = j.stream "
        f"WHERE j.row_uid {among} AND j.payload IS NOT NULL "
        f"AND (s.id = {db.param} OR NOT s.own) AND {NOT_SET_ASIDE} ORDER BY j.id DESC",
        (*uids, stream.id),
    )
    held, places = set(), {}
    for number, in_stream, table, uid, revision, sender in cursor.fetchall():
        if in_stream == stream.id:
            held.add((uid, revision))
        else:
            places[RowKey(table, uid, revision, sender)] = number
    texts = dict(_payloads([places[row] for row in rows if row in places]))
    return held, {row: texts[places[row]] for row in rows if row in places}


NOT_SET_ASIDE = (
    "NOT EXISTS (SELECT 1 FROM conflict c WHERE c.row_uid = j.row_uid "
    "AND c.seq = j.seq AND c.sender = s.sender AND c.epoch = s.epoch AND c.set_aside)"
)


def _payloads(numbers: Sequence[int]) -> list[tuple[int, str]]:
    entry = journal.Entry
    return tuples_of(entry.select(entry.id, entry.payload).where(entry.id.in_(numbers)))


def in_chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), CHUNK):
        yield items[at : at + CHUNK]
