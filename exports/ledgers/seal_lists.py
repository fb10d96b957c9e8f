"""附件：用印名单: every student of the batches in the ledger of seal uses (P6)."""

import json
from collections.abc import Iterator

from exports.ledgers.annex import Annex, ListColumn, listed
from exports.ledgers.masks import mask_number
from exports.ledgers.selection import Query
from models.base import db, tuples_of
from models.seal_uses import SealUse
from models.students import Student

CHUNK = 100


def _lines(query: Query) -> Iterator[tuple[str, ...]]:
    """One for each batch, in the order of the ledger."""
    fields = (
        *(SealUse.year, SealUse.number, SealUse.seal_name),
        *(SealUse.document_title, SealUse.students),
    )
    cursor = db.execute(query.where(SealUse.students != "[]").select(*fields))
    names: dict[str, str] | None = None
    while rows := cursor.fetchmany(CHUNK):
        # Not asked for student by student, and not at all when there is no batch.
        if names is None:
            names = dict(tuples_of(Student.select(Student.number, Student.name)))
        for year, number, seal, title, stored in rows:
            students = json.loads(stored or "[]")
            if len(students) > 1:
                entries = [f"{one} {names.get(one, '')}".rstrip() for one in students]
                line = f"{year}-{number:04d}", seal, title, str(len(students))
                yield *line, listed(entries)


SEAL_LISTS = Annex(
    title="附件：用印名单",
    columns=(
        ListColumn("编号", 15.5),
        ListColumn("印章", 20.2, left=True),
        ListColumn("文件名称", 22, left=True),
        ListColumn("人数", 8.2),
        ListColumn("学号、姓名", 159.1, left=True, mask=mask_number),
    ),
    key=("编号", "印章"),
    lines=_lines,
)
