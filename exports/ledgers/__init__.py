"""Ledgers (台账) as Word documents.

A ledger is a list of columns and a query in a module of its own, entered in LEDGERS;
page, writer, totals row and signature line are shared.
"""

from exports.ledgers.attendances import ATTENDANCES
from exports.ledgers.handovers import HANDOVERS
from exports.ledgers.ledger import (
    Column,
    ExportResult,
    Ledger,
    Selection,
    Totals,
    export_ledger,
)
from exports.ledgers.seal_uses import SEAL_USES
from exports.ledgers.visits import VISITS
from models.errors import UserError

LEDGERS = [VISITS, SEAL_USES, ATTENDANCES, HANDOVERS]


def ledger_by_code(text: str) -> Ledger:
    """The ledger with this code or title."""
    text = text.strip()
    for ledger in LEDGERS:
        if text in (ledger.code, ledger.title):
            return ledger
    known = "、".join(f"{ledger.code}（{ledger.title}）" for ledger in LEDGERS)
    raise UserError(f"没有台账“{text}”，可用：{known}。")


__all__ = [
    "LEDGERS",
    "Column",
    "ExportResult",
    "Ledger",
    "Selection",
    "Totals",
    "export_ledger",
    "ledger_by_code",
]
