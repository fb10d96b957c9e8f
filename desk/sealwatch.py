"""What is amiss with the seals of this desk, said until it is settled (P16)."""

from models import clock
from models.attendance import minutes_between
from models.custody import custody_of, custody_overdue
from models.desks import Desk
from models.outings import outings_due
from models.seal_keepers import absent_keepers


def seal_alarms(desk: Desk) -> list[str]:
    """One line for each: not back in time, lent for too long, gone with its keeper."""
    return [*_not_back(desk), *_lent_too_long(desk), *_left_with_keeper()]


def _not_back(desk: Desk) -> list[str]:
    now, lines = clock.now(), []
    for outing in outings_due(desk):
        today = outing.due_back_at.date() == now.date()
        due = f"{outing.due_back_at:{'%H:%M' if today else '%m-%d %H:%M'}}"
        late = late_words(minutes_between(outing.due_back_at, now))
        lines.append(
            f"印章“{outing.seal_name}”由{outing.carrier_name}带到{outing.place}，"
            f"应于 {due} 归还，已超过 {late}"
        )
    return lines


def late_words(minutes: int) -> str:
    """`25 分`, `3 小时`, `2 天`: what changes every minute is not read for long."""
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} 天"
    return f"{minutes} 分" if minutes < 60 else f"{minutes // 60} 小时"


def _lent_too_long(desk: Desk) -> list[str]:
    lines = []
    for seal in custody_overdue(desk):
        custody = custody_of(seal)
        assert custody.until is not None
        lines.append(
            f"印章“{seal.name}”由{custody.holder.name}临时代管，"
            f"{custody.until:%m-%d} 已到期，请归还或移交"
        )
    return lines


def _left_with_keeper() -> list[str]:
    return [
        f"印章“{absent.seal.name}”仍由已{'签退' if absent.checked_out else '交班'}的"
        f"{absent.keeper.name}保管"
        for absent in absent_keepers()
    ]
