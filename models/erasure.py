"""Erasing personal data (个人信息删除): ordered, journalled, and told everywhere.

The content of a journal entry goes, with its salt; number, time, table and digest stay,
so every chain still verifies and nothing that is counted changes.  Of a row the fields
named here are blanked.  What is left of it is a record of its own, so that a row whose
entries hold nothing any more can still be proven and made again.

Of the seal ledger nothing is erased unless somebody says so: it is kept by other rules.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from peewee import IntegerField, TextField

from models import clock
from models.base import (
    ListField,
    MomentField,
    Record,
    db,
    table_of,
    transaction,
    tuples_of,
)
from models.bookings import Booking
from models.caselists import cases_of
from models.errors import UserError
from models.loans import Loan
from models.people import Person
from models.permissions import Operation, require
from models.seal_lines import SealUse
from models.steps import VisitStep
from models.students import Student, StudentStatus
from models.visits import Visit

GONE = "（已删除）"  # where a name was

# Of each table: what is blanked, and with what.  Empty fields stay empty.
PERSONAL: dict[str, dict[str, str]] = {
    "visit": dict.fromkeys(
        (
            "student_uid",
            "student_number",
            "class_name",
            "phone",
            "result",
            "note",
            "void_reason",
        ),
        "",
    )
    | {"visitor_name": GONE},
    "visit_step": {"note": ""},
    "loan": dict.fromkeys(
        (
            "student_uid",
            "student_number",
            "organisation",
            "phone",
            "purpose",
            "note",
            "void_reason",
        ),
        "",
    )
    | {"borrower_name": GONE, "extensions": "[]"},
    "booking": dict.fromkeys(
        (
            "student_uid",
            "student_number",
            "organisation",
            "event",
            "phone",
            "reason",
            "note",
        ),
        "",
    )
    | {"applicant_name": GONE},
    "seal_use": dict.fromkeys(
        (
            "student_number",
            "document_title",
            "document_number",
            "purpose",
            "refused_reason",
            "note",
            "void_reason",
        ),
        "",
    )
    | {"applicant": GONE, "students": "[]"},
    "student": dict.fromkeys(
        ("number", "class_name", "college", "phone", "initials"), ""
    )
    | {"name": GONE, "status": StudentStatus.LEFT},
}

MOST_ROWS = 500  # named by one order: it travels as one entry


class EraseScope(StrEnum):
    """Where.  Stored and synced: never rename a value."""

    EVERYWHERE = "everywhere"
    STATION = "station"


class EraseCause(StrEnum):
    """Why.  Stored and synced: never rename a value."""

    REQUEST = "request"
    RETENTION = "retention"
    FOLLOW_UP = "follow_up"


ERASE_SCOPE_LABELS: dict[str, str] = {
    EraseScope.EVERYWHERE: "所有电脑",
    EraseScope.STATION: "仅本机",
}

ERASE_CAUSE_LABELS: dict[str, str] = {
    EraseCause.REQUEST: "本人要求或核实后删除",
    EraseCause.RETENTION: "保存期限已满",
    EraseCause.FOLLOW_UP: "窗口补报的同一人记录",
}


class Erasure(Record):
    """Somebody ordered that content be erased.  It holds no personal data itself."""

    audience = "all"
    written_by = "all"
    only_added = True

    at = MomentField(verbose_name="时间")
    scope = TextField(verbose_name="范围")
    cause = TextField(verbose_name="依据")
    reason = TextField(verbose_name="说明")
    # The person meant, by what tells nobody anything once the roster forgets them.
    student_uid = TextField(default="", verbose_name="学生标识")
    follows_uid = TextField(default="", verbose_name="所据删除")
    # [[table, uid of the row, revision up to which it is erased]]
    rows = ListField(verbose_name="记录")
    person_uid = TextField(default="", verbose_name="经办人标识")
    person_name = TextField(default="", verbose_name="经办人")

    class Meta:
        table_name = "erasure"

    @property
    def scope_label(self) -> str:
        return ERASE_SCOPE_LABELS.get(self.scope, self.scope)

    @property
    def cause_label(self) -> str:
        return ERASE_CAUSE_LABELS.get(self.cause, self.cause)


class ErasedRow(Record):
    """What is left of a row: written by every station that had it."""

    written_by = "all"
    only_added = True

    at = MomentField(verbose_name="时间")
    erasure_uid = TextField(index=True, verbose_name="所据删除")
    about_table = TextField(verbose_name="表")
    row_uid = TextField(index=True, verbose_name="记录标识")
    upto = IntegerField(verbose_name="删除至版次")
    rest = ListField(default=dict, verbose_name="保留的内容")

    class Meta:
        table_name = "erased_row"


class RowRef(NamedTuple):
    """Revisions of a row, up to one."""

    table: str
    uid: str
    upto: int


class Erased(NamedTuple):
    """What an order came to, for people: rows of each table."""

    order: Erasure
    counts: dict[str, int]


def blanked(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row, as a payload holds it, without what tells of a person."""
    blanks = PERSONAL[table]
    return {
        name: blanks[name] if name in blanks and value not in ("", "[]") else value
        for name, value in row.items()
    }


def but_for_blanks(model: type[Record]) -> str:
    """The condition of a trigger that refuses any change but blanking; "" refuses all.

    SQLite and PostgreSQL understand it alike.
    """
    blanks = PERSONAL.get(model._meta.table_name)
    if blanks is None:
        return ""
    changes = []
    for name in table_of(model).columns:
        changed = f'NEW."{name}" IS DISTINCT FROM OLD."{name}"'
        if name in blanks:
            changed = (
                f"({changed} AND NEW.\"{name}\" IS DISTINCT FROM '{blanks[name]}')"
            )
        changes.append(changed)
    return f"WHEN {' OR '.join(changes)} "


def erase_person(
    number: str, *, by: Person, reason: str, with_seals: bool = False
) -> Erased:
    """Erase what is known of a student as a visitor, at every station.

    Lines of the seal ledger stay unless *with_seals*, and those with a list of students
    always: they tell of others.  Who works at a desk stays in the records of work.
    """
    number = number.strip()
    if not number:
        raise UserError("请填写学号。")
    student = Student.get_or_none(Student.number == number)
    uid = student.uid if student else ""
    rows = rows_of_student(number, uid, with_seals=with_seals)
    if not rows:
        raise UserError("没有这个学号的记录，请核对学号。")
    return _order(rows, by=by, reason=reason, student_uid=uid)


def erase_record(record: Record, *, by: Person, reason: str) -> Erased:
    """Erase the personal data of one record, at every station; of a visit its steps."""
    name = type(record)._meta.table_name
    if name not in PERSONAL:
        raise UserError("这类记录没有需要删除的个人信息，或按规定必须保存。")
    rows = [RowRef(name, record.uid, record.revision)]
    if name == "visit":
        rows += steps_of_visits([record.uid])
    return _order(rows, by=by, reason=reason)


def _order(
    rows: Sequence[RowRef], *, by: Person, reason: str, student_uid: str = ""
) -> Erased:
    require(by, Operation.ERASE)
    if not reason.strip():
        error = UserError("请写明删除的依据，例如本人申请的日期。")
        error.field = "reason"
        raise error
    _refuse_unfinished(rows)
    with transaction():
        order = write_order(
            rows,
            scope=EraseScope.EVERYWHERE,
            cause=EraseCause.REQUEST,
            reason=reason.strip(),
            student_uid=student_uid,
            by=by,
        )
    return Erased(order, counted(rows))


def counted(rows: Iterable[RowRef]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
    return counts


def write_order(
    rows: Sequence[RowRef],
    *,
    scope: EraseScope,
    cause: EraseCause,
    reason: str,
    by: Person | None,
    student_uid: str = "",
    follows_uid: str = "",
) -> Erasure:
    """Write it down and carry it out here, in the running transaction."""
    from models.erasing import erase_rows

    orders = []
    for at in range(0, len(rows), MOST_ROWS):
        some = rows[at : at + MOST_ROWS]
        order = Erasure(
            at=clock.now(),
            scope=scope,
            cause=cause,
            reason=reason,
            student_uid=student_uid,
            follows_uid=follows_uid,
            rows=[list(row) for row in some],
            person_uid=by.uid if by else "",
            person_name=by.name if by else "",
        ).write(by=by)
        erase_rows(order, some, by=by)
        orders.append(order)
    return orders[0]


def _refuse_unfinished(rows: Iterable[RowRef]) -> None:
    rows = list(rows)
    uids = [row.uid for row in rows if row.table == "visit"]
    visits = Visit.select().where(Visit.uid.in_(uids))
    numbers = [case.visit.number for case in cases_of(visits) if not case.is_closed]
    loans = [row.uid for row in rows if row.table == "loan"]
    out = Loan.select().where(Loan.uid.in_(loans))
    numbers += [loan.number for loan in out if loan.is_out]
    if numbers:
        named = "、".join(numbers[:5])
        raise UserError(f"还有没办结的办件或没还清的借用（{named}），请先办结再删除。")


def rows_of_student(
    number: str, student_uid: str = "", *, with_seals: bool = False
) -> list[RowRef]:
    """All rows here about a student as a visitor."""
    rows: list[RowRef] = []
    for model in (Visit, Loan, Booking):
        mine = model.student_number == number
        if student_uid:
            mine |= model.student_uid == student_uid
        rows += _refs(model, mine)
    rows += steps_of_visits([row.uid for row in rows if row.table == "visit"])
    if with_seals:
        alone = (SealUse.student_number == number) & (SealUse.students == "[]")
        rows += _refs(SealUse, alone)
    return rows + _refs(Student, Student.number == number)


def steps_of_visits(uids: Sequence[str]) -> list[RowRef]:
    rows: list[RowRef] = []
    for at in range(0, len(uids), MOST_ROWS):
        rows += _refs(VisitStep, VisitStep.visit_uid.in_(uids[at : at + MOST_ROWS]))
    return rows


def _refs(model: type[Record], which: Any) -> list[RowRef]:
    name = model._meta.table_name
    query = model.select(model.uid, model.revision).where(which).order_by(model.uid)
    return [RowRef(name, uid, revision) for uid, revision in tuples_of(query)]


def orders() -> list[Erasure]:
    """All that were ever given here, the newest first."""
    return list(Erasure.select().order_by(Erasure.at.desc(), Erasure.uid.desc()))


def waits_for_stations(order: Erasure) -> int:
    """Of how many rows their own stations have not said yet that they are erased."""
    named = {(table, uid): upto for table, uid, upto in order.rows}
    waiting = 0
    for table, uid in named:
        row = db.execute_sql(
            f'SELECT station FROM "{table}" WHERE uid = {db.param}', (uid,)
        ).fetchone()
        said = ErasedRow.select().where(
            (ErasedRow.row_uid == uid) & (ErasedRow.station == (row[0] if row else ""))
        )
        waiting += row is not None and not said.exists()
    return waiting
