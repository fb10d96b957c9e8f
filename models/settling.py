"""Settling what a merge could not take (同步问题): each decision is a record.

Nothing is deleted and nothing is overwritten: the other content stays as it came, and
what is adopted becomes a new revision of its author's row.
"""

from enum import StrEnum
from typing import Any

import msgspec
from peewee import BooleanField, Field, TextField

from models import clock
from models.alarms import Alarm, settle_alarm
from models.attendance import POST_LABELS, RECORDED_BY_LABELS
from models.base import (
    MomentField,
    Record,
    db,
    may_write,
    station_uid,
    transaction,
)
from models.desks import Desk, departments_of, this_desk
from models.errors import UserError
from models.installation import installation
from models.journal import Stream
from models.people import Person
from models.permissions import Operation, require
from models.services import SERVICE_KIND_LABELS
from models.steps import STEP_KIND_LABELS
from models.troubles import Conflict, Quarantine
from models.visits import (
    RATED_BY_LABELS,
    REPEAT_CAUSE_LABELS,
    VISIT_CHANNEL_LABELS,
    VISIT_OUTCOME_LABELS,
    next_number,
)


class Choice(StrEnum):
    """What a person chose.  Stored and synced: never rename a value."""

    REREAD = "reread"
    RESEND = "resend"
    KEEP = "keep"
    ADOPT = "adopt"
    BOTH = "both"
    NOTED = "noted"


CHOICE_LABELS: dict[str, str] = {
    Choice.REREAD: "重新读取",
    Choice.RESEND: "请对方重发",
    Choice.KEEP: "保留现有",
    Choice.ADOPT: "采用另一份",
    Choice.BOTH: "两份都保留（另记一条）",
    Choice.NOTED: "已知悉",
}


class Settlement(Record):
    """How somebody settled one trouble, for whoever asks later."""

    written_by = "all"
    only_added = True

    at = MomentField(verbose_name="时间")
    # "file" or "conflict", and which: its path, or sender, epoch, number and row.
    subject = TextField(verbose_name="类别")
    about = TextField(index=True, verbose_name="对象")
    about_station = TextField(default="", verbose_name="来自工作站")
    about_table = TextField(default="", verbose_name="表")
    row_uid = TextField(default="", verbose_name="记录标识")
    trouble = TextField(verbose_name="问题")
    choice = TextField(verbose_name="处理")
    reason = TextField(default="", verbose_name="说明")
    # The record that was written on account of it.
    made_uid = TextField(default="", verbose_name="新记录标识")
    person_uid = TextField(verbose_name="处理人标识")
    person_name = TextField(verbose_name="处理人")

    class Meta:
        table_name = "settlement"

    @property
    def choice_label(self) -> str:
        return CHOICE_LABELS.get(self.choice, self.choice)


def sender_of(path: str) -> str:
    """The station in whose folder of the share a file lies; "" for the office's."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "up" else ""


def about_conflict(conflict: Conflict) -> str:
    return f"{conflict.sender} {conflict.epoch} {conflict.seq} {conflict.row_uid}"


def settlement_of(trouble: Quarantine | Conflict) -> Settlement | None:
    """How it was settled last; None when by itself, or not yet."""
    about = trouble.path if isinstance(trouble, Quarantine) else about_conflict(trouble)
    found = Settlement.select().where(Settlement.about == about)
    return found.order_by(Settlement.at.desc(), Settlement.uid.desc()).first()


# -- bad files ---------------------------------------------------------------------


def choices_for_file(file: Quarantine) -> list[Choice]:
    return [Choice.REREAD, Choice.RESEND, Choice.NOTED]


def settle_file(
    file: Quarantine, choice: str, *, by: Person, reason: str
) -> Settlement:
    """Read it again at the next exchange, ask for it again, or take note of it."""
    _require(by, choice, choices_for_file(file), reason)
    with transaction():
        fresh = Quarantine.get_by_id(file.id)
        if fresh.closed_at is not None:
            raise UserError("这个文件已经有人处理，请刷新。")
        fresh.closed_at, fresh.choice = clock.now(), choice
        fresh.save()
        settled = Settlement(
            subject="file",
            about=fresh.path,
            about_station=sender_of(fresh.path),
            trouble=fresh.reason,
            **_decided(choice, by, reason),
        ).write(by=by)
        if choice == Choice.RESEND:
            _ask_again(fresh.path, settled.uid)
    return settled


def _ask_again(path: str, mark: str) -> None:
    """The office's next receipt says so; what a desk asks, its settlement tells.

    What is still missing the receipt names, and the station publishes it again.
    """
    sender, epoch = sender_of(path), path.split("/")[-2]
    Stream.update(asked=mark).where(
        (Stream.sender == sender) & (Stream.epoch == epoch) & ~Stream.own
    ).execute()


# -- conflicts ---------------------------------------------------------------------


class FieldPair(msgspec.Struct):
    """One field of both contents, in words."""

    label: str
    mine: str
    other: str

    @property
    def differs(self) -> bool:
        return self.mine != self.other


NOT_HERE = "（没有）"
# Where a row of one's own beside it makes sense: somebody came, whatever was written.
NUMBERED = ("visit",)
UNCALLED = ("uid", "revision", "station")

# What stored words are called, by table and column.
WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("visit", "channel"): VISIT_CHANNEL_LABELS,
    ("visit", "outcome"): VISIT_OUTCOME_LABELS,
    ("visit", "service_kind"): SERVICE_KIND_LABELS,
    ("visit", "repeat_cause"): REPEAT_CAUSE_LABELS,
    ("visit", "rated_by"): RATED_BY_LABELS,
    ("visit_step", "kind"): STEP_KIND_LABELS,
    ("attendance", "post"): POST_LABELS,
    ("attendance", "method_in"): RECORDED_BY_LABELS,
    ("attendance", "method_out"): RECORDED_BY_LABELS,
}


def model_of(conflict: Conflict) -> type[Record] | None:
    from models.tables import RECORD_BY_NAME

    return RECORD_BY_NAME.get(conflict.table_name)


def other_content(conflict: Conflict) -> dict[str, Any]:
    """The content that was not taken; empty when it was erased since."""
    said = msgspec.json.decode(conflict.line).get("payload")
    return said if isinstance(said, dict) else {}


def kept_row(conflict: Conflict) -> Record | None:
    model = model_of(conflict)
    return model and model.get_or_none(model.uid == conflict.row_uid)


def pairs_of(conflict: Conflict) -> list[FieldPair]:
    """Both contents field by field, with their labels; without bare identities."""
    model, other = model_of(conflict), other_content(conflict)
    if model is None:
        return [
            FieldPair(name, NOT_HERE, _plain(value)) for name, value in other.items()
        ]
    row, table = kept_row(conflict), conflict.table_name
    pairs = []
    for field in model._meta.sorted_fields:
        name = field.column_name
        if name in UNCALLED or name.endswith("_uid"):
            continue
        mine = _worded(table, field, getattr(row, field.name)) if row else NOT_HERE
        theirs = (
            _worded(table, field, field.python_value(other[name]))
            if name in other
            else NOT_HERE
        )
        if (mine, theirs) != ("", ""):
            pairs.append(FieldPair(field.verbose_name or name, mine, theirs))
    return pairs


def _worded(name: str, field: Field, value: Any) -> str:
    if isinstance(field, BooleanField) and value is not None:
        return "是" if value else "否"
    text = _plain(value)
    return WORDS.get((name, field.column_name), {}).get(text, text)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(_plain(item) for item in value)
    if isinstance(value, dict):
        return "，".join(f"{name}：{_plain(item)}" for name, item in value.items())
    return str(value)


def choices_for_conflict(conflict: Conflict) -> list[Choice]:
    """What may be chosen here; why not the rest, the page says."""
    if not conflict.set_aside:
        return [Choice.NOTED]
    choices = [Choice.KEEP]
    model, row, other = model_of(conflict), kept_row(conflict), other_content(conflict)
    if model and other and row and row.station == station_uid():
        if not model.only_added:
            choices.append(Choice.ADOPT)
    if model and other and conflict.table_name in NUMBERED and _may_author(model):
        choices.append(Choice.BOTH)
    return [*choices, Choice.NOTED]


def _may_author(model: type[Record]) -> bool:
    return may_write(model, installation().kind)


def settle_conflict(
    conflict: Conflict, choice: str, *, by: Person, reason: str
) -> Settlement:
    """Carry the choice out and write it down, in one transaction."""
    _require(by, choice, choices_for_conflict(conflict), reason)
    with transaction():
        changed = (
            Conflict.update(closed_at=clock.now(), choice=choice)
            .where((Conflict.id == conflict.id) & Conflict.closed_at.is_null())
            .execute()
        )
        if changed != 1:
            raise UserError("这一项已经有人处理，请刷新。")
        made = ""
        if choice == Choice.ADOPT:
            made = _adopt(conflict, by)
        elif choice == Choice.BOTH:
            made = _add_as_another(conflict, by)
        return Settlement(
            subject="conflict",
            about=about_conflict(conflict),
            about_station=conflict.sender,
            about_table=conflict.table_name,
            row_uid=conflict.row_uid,
            trouble=conflict.reason,
            made_uid=made,
            **_decided(choice, by, reason),
        ).write(by=by)


def _require(by: Person, choice: str, choices: list[Choice], reason: str) -> None:
    own = [] if installation().is_office else departments_of(this_desk())
    require(by, Operation.SETTLE, departments=[department.uid for department in own])
    if choice not in choices:
        raise UserError("这一项在这台电脑上不能这样处理，请另选一种。")
    if not reason.strip():
        error = UserError("请写明理由或经过，以后查得到。")
        error.field = "reason"
        raise error


def _decided(choice: str, by: Person, reason: str) -> dict[str, Any]:
    return {
        "at": clock.now(),
        "choice": choice,
        "reason": reason.strip(),
        "person_uid": by.uid,
        "person_name": by.name,
    }


def _adopt(conflict: Conflict, by: Person) -> str:
    """The other content becomes the next revision of my own row."""
    row, other = kept_row(conflict), other_content(conflict)
    assert row is not None
    for field in row._meta.sorted_fields:
        if field.column_name in other and field.column_name not in UNCALLED:
            setattr(row, field.name, field.python_value(other[field.column_name]))
    row.write(by=by)
    return row.uid


def _add_as_another(conflict: Conflict, by: Person) -> str:
    """The other content as a row of its own, with a number of its own."""
    model, other = model_of(conflict), other_content(conflict)
    assert model is not None
    row: Any = model()
    for field in model._meta.sorted_fields:
        if field.column_name in other and field.column_name not in UNCALLED:
            setattr(row, field.name, field.python_value(other[field.column_name]))
    row.number = next_number(Desk.get_by_id(row.desk_uid), row.arrived_at.date())
    row.late_entry = True
    told = f"与 {other.get('number', '')} 内容不一致，另记一条"
    row.note = "；".join(part for part in (row.note, told) if part)
    row.write(by=by)
    return row.uid


def settlements() -> list[Settlement]:
    """All decisions known here, the newest first."""
    return list(
        Settlement.select().order_by(Settlement.at.desc(), Settlement.uid.desc())
    )


def table_title(name: str) -> str:
    from models.tables import TABLE_TITLES

    return TABLE_TITLES.get(name, name)


# -- alarms, and what waits for an upgrade -----------------------------------------


def settle_alarm_of(alarm: Alarm, *, by: Person, reason: str) -> Settlement:
    """Somebody has seen to an alarm of the sync."""
    _require(by, Choice.NOTED, [Choice.NOTED], reason)
    with transaction():
        settle_alarm(alarm, by=by, note=reason)
        return Settlement(
            subject="alarm",
            about=f"{alarm.kind} {alarm.about}",
            about_station=alarm.station,
            trouble=alarm.text,
            **_decided(Choice.NOTED, by, reason),
        ).write(by=by)


def waiting_for_upgrade() -> dict[str, int]:
    """Entries of tables that this program does not know, by table."""
    from models.tables import RECORD_BY_NAME

    counts: dict[str, int] = {}
    for stream in Stream.select().where(Stream.newer_from > 0):
        rows = db.execute_sql(
            "SELECT table_name, COUNT(*) FROM journal "
            f"WHERE stream = {db.param} AND seq >= {db.param} "
            "AND payload IS NOT NULL GROUP BY table_name",
            (stream.id, stream.newer_from),
        ).fetchall()
        for name, count in rows:
            if name not in RECORD_BY_NAME:
                counts[name] = counts.get(name, 0) + count
    return counts
