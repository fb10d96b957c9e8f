"""Which ledgers can be narrowed by what, and what a page says of an export."""

from typing import Any

from models import clock
from models.errors import UserError


def can_narrow(ledger: Any, name: str, record: Any) -> bool:
    """Whether *ledger* has a field for the choice *name*, such as a seal."""
    from exports.ledgers import Selection

    today = clock.today()
    # Hours and pay are of months that are whole as far as they have come.
    month = Selection(today.replace(day=1), today, **{name: record})
    return not refusal(ledger, month)


def refusal(ledger: Any, chosen: Any) -> str:
    """Why *ledger* cannot show just what was chosen; "" when it can."""
    try:
        ledger.check(chosen)
    except UserError as error:
        return str(error)
    return ""
