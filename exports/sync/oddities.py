"""What came in whole and is odd all the same: told to people, and changed by nobody.

Steps of two desks that contradict each other stand in the case as they are; and what a
newer program wrote is kept as it came until this one is upgraded.
"""

from collections.abc import Sequence

import msgspec

from exports.sync import batch
from models import migrations
from models.base import db
from models.caselists import cases_of
from models.journal import Stream
from models.troubles import Conflict
from models.visits import Visit

CHUNK = 500
ODD_STEPS = "办件步骤有矛盾"


def note(stream: Stream, header: batch.Header, fresh: Sequence[batch.Arrived]) -> None:
    """In the transaction of the merge, when the rows are in their tables."""
    if fresh and header.schema > 1 + len(migrations.STEPS):
        stream.newer_from = stream.newer_from or fresh[0].line.seq
        stream.newer_schema = max(stream.newer_schema, header.schema)
    steps = [e.line for e in fresh if e.line.table == "visit_step" and e.line.payload]
    for at in range(0, len(steps), CHUNK):
        _note_contradictions(stream, steps[at : at + CHUNK])


def _note_contradictions(stream: Stream, lines: Sequence[batch.Line]) -> None:
    by_visit = _cases_of_several(lines)
    if not by_visit:
        return
    for case in cases_of(Visit.select().where(Visit.uid.in_(list(by_visit)))):
        if not case.contradictions:
            continue
        line = by_visit[case.visit.uid]
        told = "；".join(case.contradictions)
        Conflict.insert(
            sender=stream.sender,
            epoch=stream.epoch,
            seq=line.seq,
            table_name=line.table,
            row_uid=line.row,
            reason=f"{ODD_STEPS}（{case.visit.number}）：{told}",
            line=msgspec.json.encode(line).decode(),
            set_aside=False,
        ).on_conflict_ignore().execute()


def _cases_of_several(lines: Sequence[batch.Line]) -> dict[str, batch.Line]:
    """The new steps by visit, of closed cases that several stations had to do with."""
    marks = ", ".join([db.param] * len(lines))
    rows = db.execute_sql(
        "SELECT n.uid, n.visit_uid FROM visit_step n "
        f"WHERE n.uid IN ({marks}) AND EXISTS (SELECT 1 FROM visit_step s "
        "WHERE s.visit_uid = n.visit_uid AND s.kind IN ('finished', 'refused')) "
        "AND EXISTS (SELECT 1 FROM visit_step s "
        "WHERE s.visit_uid = n.visit_uid AND s.station <> n.station)",
        [line.row for line in lines],
    ).fetchall()
    visit_of = dict(rows)
    return {visit_of[line.row]: line for line in lines if line.row in visit_of}
