"""Custody of seals (印章移交): exactly one holder at any time (P16).

Only the holder may use a seal or hand it over, and each transfer is seen by a third.
"""

from collections.abc import Sequence
from datetime import date, datetime

from peewee import fn

from models import clock
from models.base import station_uid, transaction
from models.desks import Desk, this_desk
from models.epochs import require_certain_numbers
from models.errors import UserError
from models.people import Person, PersonRole
from models.permissions import Operation, require, works_for
from models.seal_numbers import last_seal_number, numbers_by_year
from models.seal_transfers import (
    TRANSFER_KIND_LABELS,
    Custody,
    Holder,
    SealTransfer,
    TransferKind,
    custody_of,
    holder_of,
    holders_between,
    is_with_office,
    last_transfer,
    last_transfer_uid,
)
from models.seals import (
    SEAL_STATE_LABELS,
    Seal,
    SealState,
    current,
    ledger_station_of,
    require_here,
)

__all__ = [
    "TRANSFER_KIND_LABELS",
    "Custody",
    "Holder",
    "SealTransfer",
    "TransferKind",
    "custody_of",
    "custody_overdue",
    "holder_of",
    "holders_between",
    "is_with_office",
    "last_transfer",
    "numbers_since_last",
    "require_user",
    "seals_held_by",
    "seals_kept_at",
    "seals_kept_here",
    "stands_in_for",
    "transfer_seal",
]


def require_user(seal: Seal, by: Person) -> Desk:
    """Refuse whoever may not set the seal now; the desk where it may be set."""
    seal = current(seal)
    desk = require_here(seal)
    if seal.state != SealState.ACTIVE:
        label = SEAL_STATE_LABELS.get(seal.state, seal.state)
        raise UserError(f"这枚印章已{label}，不能用印。")
    custody = custody_of(seal)
    holds = custody.holder.uid == by.uid
    # Temporary custody makes the seal the business of whoever has it.
    lent = {by.department_uid} if holds and custody.is_temporary else set()
    require(by, Operation.SEAL_USE, departments={seal.department_uid} | lent)
    if not holds:
        raise UserError(
            f"印章现在由{custody.holder.name}保管，只有保管人可以登记用印。"
        )
    if by.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("这枚印章不允许学生助理用印，请由部门老师登记。")
    if custody.is_over:
        raise UserError(
            f"临时代管已于 {custody.until} 到期，不能再用印，请先归还或移交印章。"
        )
    _refuse_between_shifts()
    require_certain_numbers()
    return desk


def _refuse_between_shifts() -> None:
    """Until a handover is taken over only the seal is locked: nobody else waits."""
    # Handovers list the seals and who holds them, so they ask this module too.
    from models.handovers import waiting_handover

    waiting = waiting_handover()
    if waiting is not None:
        raise UserError(
            f"{waiting.outgoing_name} {waiting.shift_to:%m-%d %H:%M} 的交班还没有人接，"
            "这时只锁印章：请先接班，再用印。"
        )


def transfer_seal(
    seal: Seal,
    *,
    by: Person,
    receiver: Person,
    witness: Person,
    reason: str,
    kind: str = TransferKind.HANDOVER,
    until: date | None = None,
    approver: str = "",
    condition: str = "完好",
    place: str = "",
    note: str = "",
    signed: Sequence[str] = ("", "", ""),
) -> SealTransfer:
    """Hand the seal over from its holder to *receiver*, seen by *witness*.

    *until* and *approver* are for temporary custody; *signed* says how giver, receiver
    and witness signed.  For a holder who has left, a teacher of the department signs.
    """
    if not reason.strip():
        raise UserError("请写明移交原因。")
    if not condition.strip():
        raise UserError("请填写印章状况。")
    now = clock.now()
    with transaction():
        seal = current(seal)
        desk, custody = require_here(seal), custody_of(seal)
        stood_in = _require_giver(seal, custody.holder, by)
        _refuse_in_the_way(seal, kind)
        _check_people(seal, custody.holder.uid, receiver, witness)
        _check_terms(seal, custody, receiver, kind, until, approver)
        first_number, last_number = numbers_since_last(seal, now.year)
        remarks = [note.strip(), stood_in, *_numbers_before(seal, now.year)]
        return SealTransfer(
            seal_uid=seal.uid,
            seal_name=seal.name,
            previous_uid=last_transfer_uid(seal),
            at=now,
            place=place.strip() or desk.name,
            reason=reason.strip(),
            condition=condition.strip(),
            first_number=first_number,
            last_number=last_number,
            note="；".join(filter(None, remarks)),
            kind=kind,
            until=until if kind == TransferKind.TEMPORARY else None,
            approver=approver.strip(),
            **_signers(custody.holder, receiver, witness, signed, stood_in=stood_in),
        ).write(by=by)


def _signers(
    giver: Holder,
    receiver: Person,
    witness: Person,
    signed: Sequence[str],
    *,
    stood_in: str,
) -> dict[str, str]:
    """The three who stand for the transfer; a giver who has left did not sign."""
    giver_signed, receiver_signed, witness_signed = signed
    return {
        "giver_uid": giver.uid,
        "giver_name": giver.name,
        "giver_signed": "" if stood_in else giver_signed,
        "receiver_uid": receiver.uid,
        "receiver_name": receiver.name,
        "receiver_signed": receiver_signed,
        "witness_uid": witness.uid,
        "witness_name": witness.name,
        "witness_signed": witness_signed,
    }


def stands_in_for(holder: Holder, by: Person, seal: Seal) -> bool:
    """Has the holder left without handing over, so that *by* signs for them?"""
    person = Person.get_or_none(Person.uid == holder.uid)
    has_left = person is None or not person.may_sign_in
    is_teacher = by.role == PersonRole.TEACHER
    return has_left and is_teacher and by.department_uid == seal.department_uid


def _require_giver(seal: Seal, holder: Holder, by: Person) -> str:
    """Refuse whoever may not hand the seal over; a note when they stand in."""
    if by.uid != holder.uid and stands_in_for(holder, by, seal):
        return f"{holder.name}已离岗，由{by.name}代交"
    if by.uid != holder.uid and by.role != PersonRole.OFFICE:
        raise UserError(f"印章现在由{holder.name}保管，只有保管人可以移交。")
    require(by, Operation.SEAL_TRANSFER, about=holder.uid)
    return ""


def _refuse_in_the_way(seal: Seal, kind: str) -> None:
    """A seal that is away is not handed over; one that leaves the desk leaves no
    numbers behind."""
    # Both ask this module who may use the seal.
    from models.outings import open_outing
    from models.reservations import open_sheets

    outing = open_outing(seal)
    if outing is not None:
        raise UserError(
            f"印章由{outing.carrier_name}带到{outing.place}，还没有归还，"
            "请先登记归还，再移交。"
        )
    if kind == TransferKind.COLLECTED and open_sheets(seal):
        raise UserError("这枚印章还有断电表没有补录，请先补录，再缴回办公室。")


def _check_people(
    seal: Seal, giver_uid: str, receiver: Person, witness: Person
) -> None:
    if receiver.uid == giver_uid:
        raise UserError("接收人不能是移交人自己。")
    if witness.uid in (giver_uid, receiver.uid):
        raise UserError("监交人要由移交人、接收人以外的第三人担任。")
    for person, what in ((receiver, "接收印章"), (witness, "监交")):
        if not person.may_sign_in:
            raise UserError(f"{person.name}不在岗，不能{what}。")
    if receiver.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("这枚印章不允许学生助理保管，请移交给部门老师。")


def _check_terms(
    seal: Seal,
    custody: Custody,
    receiver: Person,
    kind: str,
    until: date | None,
    approver: str,
) -> None:
    """Each kind of transfer goes to the people it is meant for."""
    if kind not in TRANSFER_KIND_LABELS:
        raise UserError("请选择移交类别。")
    if (kind == TransferKind.COLLECTED) != (receiver.role == PersonRole.OFFICE):
        raise UserError("缴回办公室时，接收人请选中心办公室的人员；其他移交不能选。")
    if kind == TransferKind.TEMPORARY:
        _check_loan(until, approver)
    elif kind == TransferKind.RETURN:
        if custody.lender is None:
            raise UserError("这枚印章不是临时代管，请选择其他移交类别。")
        if receiver.uid != custody.lender.uid:
            raise UserError(
                f"代管归还要还给移交人{custody.lender.name}，请核对接收人。"
            )
    elif kind != TransferKind.COLLECTED and not works_for(
        receiver, {seal.department_uid}
    ):
        raise UserError(
            f"{receiver.name}不是{seal.department_name}的人，"
            "请移交给本部门的人，或办理临时代管。"
        )


def _check_loan(until: date | None, approver: str) -> None:
    if until is None:
        raise UserError("请填写临时代管的期限。")
    if until < clock.today():
        raise UserError("临时代管的期限不能早于今天，请核对。")
    if not approver.strip():
        raise UserError("请填写临时代管的批准人。")


def numbers_since_last(seal: Seal, year: int) -> tuple[int | None, int | None]:
    """First and last number given or reserved in *year* since the last transfer."""
    in_year = (SealTransfer.at >= datetime(year, 1, 1)) & (
        SealTransfer.at < datetime(year + 1, 1, 1)
    )
    counted = (
        SealTransfer.select(fn.MAX(SealTransfer.last_number))
        .where((SealTransfer.seal_uid == seal.uid) & in_year)
        .scalar()
    )
    before = max(counted or 0, seal.numbers.get(str(year), 0))
    last = last_seal_number(seal, year)
    return (before + 1, last) if last > before else (None, None)


def _numbers_before(seal: Seal, year: int) -> list[str]:
    """Numbers of earlier years since the last transfer: `2026 年第 0231–0240 号`."""
    last = last_transfer(seal)
    since = last.at.year if last else 0
    found = []
    for earlier in map(int, numbers_by_year(seal)):
        first, upto = numbers_since_last(seal, earlier)
        if since <= earlier < year and first is not None and upto is not None:
            found.append(f"含 {earlier} 年第 {first:04d}–{upto:04d} 号")
    return found


def seals_kept_at(desk: Desk) -> list[Seal]:
    """The seals at a desk that somebody has in hand, stopped ones too."""
    there = (Seal.desk_uid == desk.uid) & (Seal.state != SealState.DESTROYED)
    return list(Seal.select().where(there).order_by(Seal.uid))


def custody_overdue(desk: Desk) -> list[Seal]:
    """The seals of a desk that are still lent after their last day."""
    return [seal for seal in seals_kept_at(desk) if custody_of(seal).is_over]


def seals_kept_here() -> list[Seal]:
    """Of the seals at this desk, those whose ledger this PC keeps."""
    here = seals_kept_at(this_desk())
    return [seal for seal in here if ledger_station_of(seal) == station_uid()]


def seals_held_by(person: Person) -> list[Seal]:
    """What somebody has in hand at this desk: it must not walk off (印章跟人走)."""
    return [s for s in seals_kept_here() if holder_of(s).uid == person.uid]
