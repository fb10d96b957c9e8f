"""Service outside ordinary hours (错时服务, P17): evenings, noons, days off."""

from datetime import date

from models.calendar import openings_on
from models.desks import Desk
from models.openings import openings_of


class OrdinaryHours:
    """Tells of many stored moments whether they lie in a desk's ordinary hours.

    Duty (值班) is not ordinary.  A desk whose hours the office never entered has none
    to tell by: every moment counts as ordinary there.
    """

    def __init__(self) -> None:
        self._desks = {desk.uid: desk for desk in Desk.select() if openings_of(desk)}
        self._hours: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def holds(self, desk_uid: str, moment: str) -> bool:
        """Does `2026-11-23 09:05:00` lie in them?"""
        desk, day = self._desks.get(desk_uid), moment[:10]
        if desk is None:
            return True
        hours = self._hours.get((desk_uid, day))
        if hours is None:
            hours = self._hours[desk_uid, day] = [
                (opening.begins.isoformat(" "), opening.ends.isoformat(" "))
                for opening in openings_on(desk, date.fromisoformat(day))
                if not opening.is_duty
            ]
        return any(begins <= moment < ends for begins, ends in hours)
