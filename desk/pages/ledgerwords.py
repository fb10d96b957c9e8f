"""Which ledgers can be narrowed by what, and what a page says of an export."""

from typing import Any

from models import clock
from models.errors import UserError


def can_narrow(ledger: Any, name: str, record: Any) -> bool:
    """Whether *ledger* has a field for the choice *name*, such as a seal."""
    from exports.ledgers import Selection

    today = clock.today()
    try:
        ledger.check(Selection(today, today, **{name: record}))
    except UserError:
        return False
    return True
