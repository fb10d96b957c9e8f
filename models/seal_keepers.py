"""Keepers who went without handing their seal over (印章跟人走, P16).

Read from the records, so that nothing has to be remembered: it is settled when the
seal changes hands, or its keeper is back.
"""

from datetime import datetime
from typing import Any, NamedTuple

from models.attendance import Attendance
from models.custody import Holder, holder_of, last_transfer, seals_kept_here
from models.desks import Desk, this_desk
from models.handovers import Handover
from models.outings import SealOuting, open_outing, open_outings
from models.seals import Seal


class AbsentKeeper(NamedTuple):
    """Somebody who has a seal and has checked out, or only handed over."""

    seal: Seal
    keeper: Holder
    checked_out: bool


def absent_keepers() -> list[AbsentKeeper]:
    """The seals of this PC whose keepers have gone; not those on an outing."""
    desk, found = this_desk(), []
    for seal in seals_kept_here():
        keeper = holder_of(seal)
        received, seen = last_transfer(seal), None
        if received is not None and received.receiver_uid == keeper.uid:
            seen = received.at  # was there to take it
        how = _how_gone(keeper.uid, desk, seen)
        if how and open_outing(seal) is None:
            found.append(AbsentKeeper(seal, keeper, checked_out=how == "out"))
    return found


def outings_left_behind(desk: Desk) -> list[SealOuting]:
    """The seals of this PC outside whose carriers have gone, the first due first."""
    return [
        outing
        for outing in open_outings(desk)
        if _how_gone(outing.carrier_uid, desk, outing.out_at)
    ]


def _how_gone(uid: str, desk: Desk, seen: datetime | None) -> str:
    """`out` or `over`, by whichever somebody went last; "" when they are here.

    *seen* is when they were at the desk for certain, checked in or not.
    """
    came, left, over = _came_and_went(uid, desk)
    came = max(filter(None, (came, seen)), default=None)
    gone = max(filter(None, (left, over)), default=None)
    if gone is None or (came is not None and came > gone):
        return ""
    return "out" if left == gone else "over"


def _came_and_went(
    uid: str, desk: Desk
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When somebody last came to the desk, checked out of it, and handed it over.

    Whoever takes a handover over is there, checked in or not.
    """
    last = (
        Attendance.select()
        .where((Attendance.person_uid == uid) & (Attendance.desk_uid == desk.uid))
        .order_by(Attendance.checked_in_at.desc(), Attendance.uid.desc())
        .first()
    )
    gave = _last_signed(Handover.outgoing_uid == uid, Handover.outgoing_signed_at, desk)
    took = _last_signed(Handover.incoming_uid == uid, Handover.incoming_signed_at, desk)
    came = max(filter(None, (last and last.checked_in_at, took)), default=None)
    return came, last and last.checked_out_at, gave


def _last_signed(by: Any, signed_at: Any, desk: Desk) -> datetime | None:
    here = by & (Handover.desk_uid == desk.uid)
    row = Handover.select().where(here).order_by(signed_at.desc()).first()
    return getattr(row, signed_at.name) if row else None
