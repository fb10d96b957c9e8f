"""Which ledgers can be narrowed by what, and what a page says of an export."""

from typing import Any

from models import clock
from models.errors import UserError


def can_narrow(ledger: Any, name: str, record: Any) -> bool:
    """Whether *ledger* has a field for the choice *name*, such as a seal."""
    from exports.ledgers import Selection

    today = clock.today()
    try:
        # Hours and pay are of months that are whole as far as they have come.
        ledger.check(Selection(today.replace(day=1), today, **{name: record}))
    except UserError:
        return False
    return True
