"""Ledgers (台账) as Word documents.

A ledger is a list of columns and a query, or of lines that were reckoned, in a module
of its own, entered in LEDGERS; page, writer, totals row and signature line are shared.
"""

from exports.ledgers.attendances import ATTENDANCES
from exports.ledgers.bookings import BOOKINGS
from exports.ledgers.catalogue_changes import CATALOGUE_CHANGES
from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.corrections import CORRECTIONS
from exports.ledgers.covers import COVERS
from exports.ledgers.export import export_ledger
from exports.ledgers.handovers import HANDOVERS
from exports.ledgers.hours import HOURS
from exports.ledgers.ledger import (
    Book,
    Column,
    ExportResult,
    Ledger,
    Totals,
)
from exports.ledgers.loans import LOANS
from exports.ledgers.pay import PAY
from exports.ledgers.promises import PROMISES
from exports.ledgers.referrals import REFERRALS
from exports.ledgers.seal_disposals import SEAL_DISPOSALS
from exports.ledgers.seal_outings import SEAL_OUTINGS
from exports.ledgers.seal_register import SEAL_REGISTER
from exports.ledgers.seal_transfers import SEAL_TRANSFERS
from exports.ledgers.seal_uses import SEAL_USES
from exports.ledgers.selection import Selection
from exports.ledgers.splits import SPLIT_LABELS, Split
from exports.ledgers.visits import VISITS
from models.errors import UserError
from models.installation import installation

LEDGERS: list[Book] = [
    VISITS,
    PROMISES,
    REFERRALS,
    SEAL_USES,
    SEAL_REGISTER,
    SEAL_TRANSFERS,
    SEAL_OUTINGS,
    SEAL_DISPOSALS,
    ATTENDANCES,
    COVERS,
    CORRECTIONS,
    HOURS,
    PAY,
    HANDOVERS,
    LOANS,
    BOOKINGS,
    CATALOGUE_CHANGES,
]


def ledgers_here() -> list[Book]:
    """Those that this station can answer for: hours and pay are the office's."""
    is_office = installation().is_office
    return [ledger for ledger in LEDGERS if is_office or not ledger.kept_by_office]


def ledger_by_code(text: str) -> Book:
    """The ledger with this code or title."""
    text = text.strip()
    for ledger in LEDGERS:
        if text in (ledger.code, ledger.title):
            return ledger
    known = "、".join(f"{ledger.code}（{ledger.title}）" for ledger in LEDGERS)
    raise UserError(f"没有台账“{text}”，可用：{known}。")


__all__ = [
    "LEDGERS",
    "SPLIT_LABELS",
    "Book",
    "Column",
    "ComputedLedger",
    "ExportResult",
    "Ledger",
    "LineColumn",
    "Selection",
    "Split",
    "Totals",
    "export_ledger",
    "ledger_by_code",
    "ledgers_here",
]
