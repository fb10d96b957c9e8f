"""How long personal data are kept (保存期限): rules of the office, off until set.

A number of days for each kind, from the day a matter was over; none means it is kept.
When a period is over the content is erased (`models.erasure`), and what is counted
stays.  Never touched: seals, attendance, pay, handovers, and who decided what.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from peewee import IntegerField

from models.base import db, transaction
from models.dated_rules import DatedRules, Range
from models.erasure import (
    EraseCause,
    EraseScope,
    RowRef,
    counted,
    steps_of_visits,
    write_order,
)
from models.errors import UserError
from models.installation import installation
from models.journal import OWN, Stream
from models.people import Person
from models.permissions import Operation, require

# Shorter periods would erase what the ledgers of a term still need.
_DESK, _OFFICE = Range(30, 3_650, may_be_none=True), Range(365, 10_950, True)

RANGES: dict[str, Range] = {
    "desk_days": _DESK,
    "visit_days": _OFFICE,
    "loan_days": _OFFICE,
    "booking_days": _OFFICE,
    "student_days": _OFFICE,
}

# What is offered when somebody switches it on.  The law wants the shortest time that
# the purpose needs; a college's archive rules may say more.
SUGGESTED: dict[str, int] = {
    "desk_days": 180,
    "visit_days": 1_095,
    "loan_days": 1_095,
    "booking_days": 1_095,
    "student_days": 730,
}

# Rows erased in one transaction, and in one exchange: others wait for it.
AT_ONCE = 500


class RetentionRules(DatedRules):
    """The periods in force from a day until the next version starts, in days."""

    ranges = RANGES

    desk_days = IntegerField(null=True, verbose_name="窗口电脑：办公室确认后")
    visit_days = IntegerField(null=True, verbose_name="来访和办件：办结后")
    loan_days = IntegerField(null=True, verbose_name="物资借用：还清后")
    booking_days = IntegerField(null=True, verbose_name="场馆使用：用毕后")
    student_days = IntegerField(null=True, verbose_name="学生名册：离校后")

    class Meta:
        table_name = "retention_rules"

    @property
    def is_on(self) -> bool:
        return any(getattr(self, name) is not None for name in RANGES)


def retention_on(day: date) -> RetentionRules:
    """The periods in force on *day*; none before any were set."""
    return RetentionRules.on(day)


def set_retention(
    *, by: Person, starts_on: date, **values: int | None
) -> RetentionRules:
    """Let new periods hold from a day on; what is not named stays as it was then."""
    require(by, Operation.ERASE)
    for name, value in values.items():
        _check(name, value)
    with transaction():
        return RetentionRules.with_values(starts_on, values).write(by=by)


def _check(name: str, value: int | None) -> None:
    if name not in RANGES:
        raise TypeError(f"no period is called {name}")
    least, most, _ = RANGES[name]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (is_number and least <= value <= most):
        label = getattr(RetentionRules, name).verbose_name
        error = UserError(
            f"“{label}”请填 {least} 到 {most} 之间的整数天数，不删除请留空。"
        )
        error.field = name
        raise error


class Due(NamedTuple):
    """Rows of one kind whose period is over."""

    kind: str
    rows: list[RowRef]


_OVER = {
    # Whom another desk served to the end keeps an open row at the first one.
    "visit": "is_void = TRUE OR finished_at < {day} OR EXISTS (SELECT 1 "
    "FROM visit_step c WHERE c.visit_uid = t.uid AND c.at < {day} "
    "AND c.kind IN ('finished', 'refused'))",
    "loan": "is_void = TRUE OR returned_at < {day}",
    "booking": "ends_at < {day}",
}
_BEGUN = {"visit": "arrived_at", "loan": "lent_at", "booking": "ends_at"}
_KIND_OF = {"visit": "visit_days", "loan": "loan_days", "booking": "booking_days"}


def due_for_erasure(today: date, *, most: int | None = None) -> list[Due]:
    """What would be erased on *today*, and nothing is: at a desk what the office has
    confirmed, at the office what nobody needs any more."""
    rules, found = retention_on(today), []
    is_office = installation().is_office
    for table, kind in _KIND_OF.items():
        days = getattr(rules, kind if is_office else "desk_days")
        if days is not None:
            before = today - timedelta(days=days)
            rows = list(_over(table, before, is_office=is_office, most=most))
            found.append(Due(kind if is_office else "desk_days", rows))
    if is_office and rules.student_days is not None:
        before = today - timedelta(days=rules.student_days)
        found.append(Due("student_days", list(_gone(before, most))))
    return [due for due in found if due.rows]


def _over(
    table: str, before: date, *, is_office: bool, most: int | None
) -> Iterator[RowRef]:
    """Rows that were over before a day, with content; at a desk its own, confirmed."""
    day = f"'{before.isoformat()}'"
    over = _OVER[table].format(day=day)
    if table == "visit":
        over = f"({over}) AND {_CLOSED_FOR_GOOD.format(day=day)}"
    limit = "" if most is None else f" LIMIT {most}"
    mine = "" if is_office else f" AND station = {db.param}"
    values = () if is_office else (installation().station_uid,)
    rows = db.execute_sql(
        f'SELECT uid, revision FROM "{table}" t WHERE {_BEGUN[table]} < {day} '
        f"AND ({over}){mine} AND {_HAS_CONTENT.format(db.param)} "
        f"ORDER BY uid{limit}",
        (*values, table),
    )
    confirmed = None if is_office else Stream.get_by_id(OWN).confirmed_upto
    for uid, revision in rows.fetchall():
        if confirmed is None or _written_upto(table, uid) <= confirmed:
            yield RowRef(table, uid, revision)


# A step that came later may have reopened it.
_CLOSED_FOR_GOOD = (
    "NOT EXISTS (SELECT 1 FROM visit_step s WHERE s.visit_uid = t.uid "
    "AND (s.at >= {day} OR s.kind = 'reopened' AND NOT EXISTS "
    "(SELECT 1 FROM visit_step e WHERE e.visit_uid = t.uid "
    "AND e.kind IN ('finished', 'refused') AND e.uid > s.uid)))"
)
_HAS_CONTENT = (
    "EXISTS (SELECT 1 FROM journal j WHERE j.row_uid = t.uid "
    "AND j.table_name = {} AND j.payload IS NOT NULL)"
)


def _written_upto(table: str, uid: str) -> int:
    """The last own entry of a row, steps of a visit included."""
    rows = [uid, *(step.uid for step in _steps_of(table, uid))]
    marks = ", ".join([db.param] * len(rows))
    last = db.execute_sql(
        f"SELECT MAX(seq) FROM journal WHERE stream = {OWN} AND row_uid IN ({marks})",
        rows,
    ).fetchone()[0]
    return last or 0


def _steps_of(table: str, uid: str) -> Sequence[RowRef]:
    return steps_of_visits([uid]) if table == "visit" else ()


def _gone(before: date, most: int | None) -> Iterator[RowRef]:
    """Students who left: since when, the newest entry of their line says."""
    limit = "" if most is None else f" LIMIT {most}"
    rows = db.execute_sql(
        "SELECT uid, revision FROM student t WHERE status = 'left' AND number <> '' "
        "AND (SELECT MAX(j.at) FROM journal j WHERE j.row_uid = t.uid "
        f"AND j.table_name = 'student') < {db.param} ORDER BY uid{limit}",
        (before.isoformat(),),
    )
    for uid, revision in rows.fetchall():
        yield RowRef("student", uid, revision)


def count_due(today: date) -> dict[str, int]:
    """A dry run for people: how many rows of each kind."""
    counts: dict[str, int] = {}
    for due in due_for_erasure(today):
        counts[due.kind] = counts.get(due.kind, 0) + len(due.rows)
    return counts


def erase_what_is_due(today: date, *, by: Person | None = None) -> dict[str, int]:
    """Erase some of what is due, journalled; rows of each table.

    Called after each exchange.  At a desk only what lies here goes; what the office
    erases goes everywhere.
    """
    if not retention_on(today).is_on:
        return {}
    everywhere = installation().is_office
    erased: dict[str, int] = {}
    for due in due_for_erasure(today, most=AT_ONCE):
        visits = [row.uid for row in due.rows if row.table == "visit"]
        rows = [*due.rows, *steps_of_visits(visits)]
        label = getattr(RetentionRules, due.kind).verbose_name
        days = getattr(retention_on(today), due.kind)
        with transaction():
            write_order(
                rows,
                scope=EraseScope.EVERYWHERE if everywhere else EraseScope.STATION,
                cause=EraseCause.RETENTION,
                reason=f"{label} {days} 天",
                by=by,
            )
        for table, count in counted(rows).items():
            erased[table] = erased.get(table, 0) + count
    return erased
