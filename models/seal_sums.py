"""What was done with a seal, summed up for whoever hands it on (P16)."""

from typing import Any

from models import clock
from models.base import tuples_of
from models.custody import numbers_since_last
from models.seal_lines import SealUse
from models.seals import Seal


def sums_of(where: Any) -> dict[str, int | None]:
    """Of some lines of one seal: first and last number, uses, and impressions.

    What is void or refused counts as a use, but not its impressions.
    """
    uses = tuples_of(
        SealUse.select(
            SealUse.number,
            SealUse.impressions,
            SealUse.is_void,
            SealUse.refused_reason,
        )
        .where(where)
        .order_by(SealUse.year, SealUse.number)
    )
    return {
        "first": uses[0][0] if uses else None,
        "last": uses[-1][0] if uses else None,
        "uses": len(uses),
        "void": sum(bool(void) for _, _, void, _ in uses),
        "refused": sum(bool(why) and not void for *_, void, why in uses),
        "impressions": sum(0 if void else n for _, n, void, _ in uses),
    }


def sums_since_transfer(seal: Seal) -> dict[str, int | None]:
    """This year's lines since the seal last changed hands, under the same numbers as
    a transfer would state now."""
    year = clock.today().year
    first, last = numbers_since_last(seal, year)
    of_seal = (SealUse.seal_uid == seal.uid) & (SealUse.year == year)
    sums = sums_of(of_seal & SealUse.number.between(first or 0, last or 0))
    return sums | {"first": first, "last": last}
