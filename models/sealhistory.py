"""What became of a seal (印章履历): hands it passed through, outings, uses (P16)."""

from typing import NamedTuple

from models.base import db
from models.disposals import DisposalKind, SealDisposal
from models.outings import SealOuting
from models.seal_transfers import SealTransfer
from models.seals import Seal


class UseCount(NamedTuple):
    """How much a seal was used, as far as it is known here."""

    uses: int
    impressions: int
    refused: int
    void: int
    last: int


_USES_SQL = """
    SELECT SUM(NOT is_void AND refused_reason = ''),
           SUM(CASE WHEN NOT is_void AND refused_reason = '' THEN impressions END),
           SUM(NOT is_void AND refused_reason <> ''),
           SUM(is_void), MAX(number)
    FROM seal_use"""


def uses_in(seal: Seal, year: int) -> UseCount:
    """The lines of a year, and the last number given in it; 0 for none."""
    row = db.execute_sql(
        f"{_USES_SQL} WHERE seal_uid = {db.param} AND year = {db.param}",
        (seal.uid, year),
    ).fetchone()
    return UseCount(*(value or 0 for value in row))


def transfers_of(seal: Seal) -> list[SealTransfer]:
    """Every transfer, also at the desks it was at before, in order of time."""
    of_seal = SealTransfer.select().where(SealTransfer.seal_uid == seal.uid)
    return list(of_seal.order_by(SealTransfer.at, SealTransfer.uid))


def standing_uids(transfers: list[SealTransfer]) -> set[str]:
    """Those that count: of two that follow the same one, the first that was made."""
    first_after: dict[str, str] = {}
    for transfer in transfers:
        first_after.setdefault(transfer.previous_uid, transfer.uid)
    found: set[str] = set()
    at = ""
    while (at := first_after.pop(at, "")) != "":
        found.add(at)
    return found


def outings_of(seal: Seal) -> list[SealOuting]:
    """Every outing, in order of time."""
    of_seal = SealOuting.select().where(SealOuting.seal_uid == seal.uid)
    return list(of_seal.order_by(SealOuting.out_at, SealOuting.uid))


def disposals_of(seal: Seal) -> list[SealDisposal]:
    """What the office decided about it, in the order it was noted."""
    of_seal = SealDisposal.select().where(SealDisposal.seal_uid == seal.uid)
    return list(of_seal.order_by(SealDisposal.at, SealDisposal.uid))


def first_keeper_name(seal: Seal) -> str:
    """Who had it when it was registered: the register names whoever had it first at
    its present desk."""
    handed = [(t.at, t.giver_name) for t in transfers_of(seal)]
    given = [
        (disposal.at, disposal.giver_name)
        for disposal in disposals_of(seal)
        if disposal.kind == DisposalKind.ASSIGNED
    ]
    told = sorted([*handed, *given], key=lambda event: event[0])
    return told[0][1] if told else seal.keeper_name
