"""What is amiss with the seals of this desk, said until it is settled (P16)."""

from models import clock
from models.attendance import minutes_between
from models.custody import custody_of, custody_overdue
from models.desks import Desk
from models.outings import SealOuting, outings_due
from models.seal_keepers import absent_keepers, outings_left_behind


def seal_alarms(desk: Desk) -> list[str]:
    """One line for each: not back in time, lent for too long, gone with its keeper,
    outside without somebody who answers for it."""
    return [
        *_not_back(desk),
        *_lent_too_long(desk),
        *_left_with_keeper(),
        *_left_outside(desk),
    ]


def _not_back(desk: Desk) -> list[str]:
    now, lines = clock.now(), []
    for outing in outings_due(desk):
        late = late_words(minutes_between(outing.due_back_at, now))
        lines.append(
            f"印章“{outing.seal_name}”由{outing.carrier_name}带到{outing.place}，"
            f"应于 {due_words(outing)} 归还，已超过 {late}"
        )
    return lines


def due_words(outing: SealOuting) -> str:
    """`16:00`, with the day where that is not today."""
    today = outing.due_back_at.date() == clock.today()
    return f"{outing.due_back_at:{'%H:%M' if today else '%m-%d %H:%M'}}"


def outside_words(outing: SealOuting) -> str:
    """What whoever goes while the seal is outside is told."""
    return f"印章“{outing.seal_name}”还在外面，应于 {due_words(outing)} 归还"


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


def _left_outside(desk: Desk) -> list[str]:
    """Until it is late: from then on it is said as such."""
    return [
        f"{outside_words(outing)}；{outing.carrier_name}已经离开"
        for outing in outings_left_behind(desk)
        if outing.due_back_at > clock.now()
    ]
