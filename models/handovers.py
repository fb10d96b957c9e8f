"""Handovers (交接班): made from the records, signed by both, never changed after.

A handover never stops anyone from going home: with nobody there it waits, and the
next one on duty takes it over first.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from peewee import BooleanField, IntegerField, TextField, fn

from models import clock, journal
from models.base import (
    ListField,
    MomentField,
    Record,
    station_uid,
    table_of,
    transaction,
    tuples_of,
)
from models.cases import cases_here
from models.clock import between
from models.custody import custody_of, seals_kept_at
from models.desks import Desk, this_desk
from models.errors import UserError
from models.keysets import Page, Place, page_of
from models.outings import open_outing
from models.people import Person
from models.permissions import Operation, require
from models.seal_lines import SealUse
from models.seal_sums import sums_of
from models.seals import Seal, SealState
from models.visits import Visit


class HandoverStatus(StrEnum):
    """Stored and synced: never rename a value."""

    WAITING = "waiting"
    TAKEN_OVER = "taken_over"
    OBJECTED = "objected"


HANDOVER_STATUS_LABELS: dict[str, str] = {
    HandoverStatus.WAITING: "待接班",
    HandoverStatus.TAKEN_OVER: "已接班",
    HandoverStatus.OBJECTED: "已接班（有异议）",
}


class Handover(Record):
    """What one shift leaves to the next."""

    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    shift_from = MomentField(verbose_name="班次开始")
    shift_to = MomentField(index=True, verbose_name="交接时间")
    # The last journal entry the summary covers: the next shift begins behind it.
    journal_upto = IntegerField(verbose_name="记录止号")
    outgoing_uid = TextField(verbose_name="交班人标识")
    outgoing_name = TextField(verbose_name="交班人")
    outgoing_signed_at = MomentField(verbose_name="交班签字")
    incoming_uid = TextField(default="", verbose_name="接班人标识")
    incoming_name = TextField(default="", verbose_name="接班人")
    incoming_signed_at = MomentField(null=True, verbose_name="接班签字")
    status = TextField(default=HandoverStatus.WAITING, verbose_name="状态")
    objection = TextField(default="", verbose_name="异议")
    visit_count = IntegerField(default=0, verbose_name="来访")
    visits_by_outcome = ListField(verbose_name="按处理情况", default=dict)
    open_items = ListField(verbose_name="未完成事项")
    overdue_count = IntegerField(default=0, verbose_name="超期")
    seal_ranges = ListField(verbose_name="用印起止号")
    items_missing = TextField(default="", verbose_name="物品短缺")
    faults = TextField(default="", verbose_name="设施故障")
    instructions = TextField(default="", verbose_name="上级交办")
    note = TextField(default="", verbose_name="异常与备注")
    tidy = BooleanField(default=True, verbose_name="环境整洁")

    class Meta:
        table_name = "handover"

    @property
    def status_label(self) -> str:
        return HANDOVER_STATUS_LABELS.get(self.status, self.status)


# What the outgoing one signed is fixed; the incoming signature ends it altogether.
TRIGGERS = [
    """CREATE TRIGGER handover_signed_by_both BEFORE UPDATE ON handover
       WHEN OLD.status <> 'waiting'
       BEGIN SELECT RAISE(ABORT, 'a signed handover never changes'); END""",
    """CREATE TRIGGER handover_signed_by_one BEFORE UPDATE OF
         desk_uid, shift_from, shift_to, journal_upto, outgoing_uid, outgoing_name,
         outgoing_signed_at, visit_count, visits_by_outcome, open_items,
         overdue_count, seal_ranges, items_missing, faults, instructions, note, tidy
       ON handover WHEN
         OLD.desk_uid <> NEW.desk_uid OR OLD.shift_from <> NEW.shift_from
         OR OLD.shift_to <> NEW.shift_to OR OLD.journal_upto <> NEW.journal_upto
         OR OLD.outgoing_uid <> NEW.outgoing_uid
         OR OLD.outgoing_name <> NEW.outgoing_name
         OR OLD.outgoing_signed_at <> NEW.outgoing_signed_at
         OR OLD.visit_count <> NEW.visit_count
         OR OLD.visits_by_outcome <> NEW.visits_by_outcome
         OR OLD.open_items <> NEW.open_items
         OR OLD.overdue_count <> NEW.overdue_count
         OR OLD.seal_ranges <> NEW.seal_ranges
         OR OLD.items_missing <> NEW.items_missing OR OLD.faults <> NEW.faults
         OR OLD.instructions <> NEW.instructions OR OLD.note <> NEW.note
         OR OLD.tidy <> NEW.tidy
       BEGIN SELECT RAISE(ABORT, 'what was handed over never changes'); END""",
]


@dataclass
class HandoverDraft:
    """What a handover would say now; same names as the fields of `Handover`."""

    desk_uid: str
    desk_name: str
    shift_from: datetime
    shift_to: datetime
    journal_upto: int
    visit_count: int
    visits_by_outcome: dict[str, int]
    open_items: list[dict]
    overdue_count: int
    seal_ranges: list[dict] = field(default_factory=list)


def last_handover(desk: Desk) -> Handover | None:
    return (
        Handover.select()
        .where(Handover.desk_uid == desk.uid)
        .order_by(Handover.shift_to.desc(), Handover.uid.desc())
        .first()
    )


def waiting_handover() -> Handover | None:
    """The oldest handover of this desk that nobody has taken over yet."""
    waits = (Handover.desk_uid == this_desk().uid) & (
        Handover.status == HandoverStatus.WAITING
    )
    return Handover.select().where(waits).order_by(Handover.shift_to).first()


def draft_handover() -> HandoverDraft:
    """Sum up what was recorded at this desk since its last handover.

    The shift is cut by journal entries and not by the clock, so that nothing falls
    between two shifts or into both, even when the clock was set back.
    """
    desk, now = this_desk(), clock.now()
    last = last_handover(desk)
    after = last.journal_upto if last else 0
    taken = tuples_of(
        Visit.select(Visit.outcome, fn.COUNT(Visit.uid))
        .where(_recorded_after(after, Visit) & ~Visit.is_void)
        .group_by(Visit.outcome)
    )
    items = _open_items(last)
    overdue = sum(bool(i["due_on"]) and i["due_on"] < f"{now:%Y-%m-%d}" for i in items)
    return HandoverDraft(
        desk_uid=desk.uid,
        desk_name=desk.name,
        shift_from=last.shift_to if last else _first_recorded_at(now),
        shift_to=now,
        journal_upto=journal.tip()[0],
        visit_count=sum(count for _, count in taken),
        visits_by_outcome=dict(taken),
        open_items=items,
        overdue_count=overdue,
        seal_ranges=_seal_ranges(desk, after),
    )


def _first_recorded_at(now: datetime) -> datetime:
    """Where the first shift of a desk begins: with the first record it covers."""
    entry = journal.Entry
    first = (
        entry.select(fn.MIN(entry.at))
        .where(
            (entry.stream == journal.OWN)
            & entry.table_name.in_([table_of(model).name for model in (Visit, SealUse)])
        )
        .scalar()
    )
    midnight = datetime.combine(now.date(), time.min)
    # The journal writes its times with their offset.
    at = datetime.fromisoformat(first).replace(tzinfo=None) if first else midnight
    return min(at, now)


def _recorded_after(seq: int, model: type[Record]):
    """The condition that this station made a row after entry *seq* of its journal.

    For a desk's first shift that is every row of its own: of a million entries the
    journal took minutes to tell so.
    """
    if seq == 0:
        return model.station == station_uid()
    entry = journal.Entry
    return model.uid.in_(
        entry.select(entry.row_uid).where(
            (entry.stream == journal.OWN)
            & (entry.seq > seq)
            & (entry.table_name == table_of(model).name)
            & (entry.revision == 1)
        )
    )


def _open_items(last: Handover | None) -> list[dict]:
    """The open cases this desk has, with how many shifts each has already passed."""
    passed = {
        item["visit"]: item["shifts"] for item in (last.open_items if last else [])
    }
    return [
        {
            "visit": case.visit.uid,
            "number": case.visit.number,
            "text": f"{case.visit.visitor_name} {case.visit.service_name}".strip(),
            "due_on": case.due_on.isoformat() if case.due_on else "",
            "shifts": passed.get(case.visit.uid, 0) + 1,
        }
        for case in cases_here()
    ]


def _seal_ranges(desk: Desk, after: int) -> list[dict]:
    """For each seal of the desk: numbers given in the shift, sums, and its holder."""
    ranges = []
    for seal in seals_kept_at(desk):
        in_shift = _recorded_after(after, SealUse)
        sums = sums_of((SealUse.seal_uid == seal.uid) & in_shift)
        ranges.append({"seal": seal.name, **sums, **_custody_now(seal)})
    return ranges


def _custody_now(seal: Seal) -> dict:
    """In whose hands a seal is handed on: lent until when, taken outside, stopped."""
    custody, outing = custody_of(seal), open_outing(seal)
    now: dict = {"holder": custody.holder.name}
    if seal.state != SealState.ACTIVE:
        now["state"] = seal.state
    if custody.until is not None and custody.lender is not None:
        now["until"] = custody.until.isoformat()
        now["lender"] = custody.lender.name
    if outing is not None:
        now["outing"] = {
            "carrier": outing.carrier_name,
            "place": outing.place,
            "due_back_at": f"{outing.due_back_at:%Y-%m-%d %H:%M}",
        }
    return now


def hand_over(
    *,
    by: Person,
    items_missing: str = "",
    faults: str = "",
    instructions: str = "",
    note: str = "",
    tidy: bool = True,
) -> Handover:
    """The outgoing one signs; the handover waits for whoever comes next."""
    require(by, Operation.HAND_OVER)
    with transaction():
        waiting = waiting_handover()
        if waiting is not None:
            raise UserError(
                f"{waiting.outgoing_name}的交班还没有人接，请先接班，再交班。"
            )
        draft = draft_handover()
        return Handover(
            **asdict(draft),
            outgoing_uid=by.uid,
            outgoing_name=by.name,
            outgoing_signed_at=draft.shift_to,
            items_missing=items_missing.strip(),
            faults=faults.strip(),
            instructions=instructions.strip(),
            note=note.strip(),
            tidy=tidy,
        ).write(by=by)


def take_over(handover: Handover, *, by: Person, objection: str = "") -> Handover:
    """The incoming one signs, with an objection if there is one; then it is final."""
    require(by, Operation.TAKE_OVER)
    with transaction():
        if handover.status != HandoverStatus.WAITING:
            raise UserError("这次交班已经接过了。")
        if by.uid == handover.outgoing_uid:
            raise UserError("交班人和接班人不能是同一个人，请由接班人刷卡或输入学号。")
        objection = objection.strip()
        handover.incoming_uid, handover.incoming_name = by.uid, by.name
        handover.incoming_signed_at = clock.now()
        handover.objection = objection
        handover.status = (
            HandoverStatus.OBJECTED if objection else HandoverStatus.TAKEN_OVER
        )
        return handover.write(by=by)


def handovers_between(
    first: date, last: date, desk: Desk | None = None
) -> list[Handover]:
    """The handovers of some days, newest first."""
    query = Handover.select().where(Handover.shift_to.between(*between(first, last)))
    if desk is not None:
        query = query.where(Handover.desk_uid == desk.uid)
    return list(query.order_by(Handover.shift_to.desc(), Handover.uid.desc()))


def handovers_at(desk: Desk, after: Place | None = None) -> Page:
    """All handovers of a desk, newest first; a page at a time, for each holds a list
    of its own."""
    query = Handover.select().where(Handover.desk_uid == desk.uid)
    return page_of(query, Handover.shift_to, after=after, newest_first=True, limit=50)
