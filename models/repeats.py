"""Repeat visits (跑腿次数): the same student comes again for the same matter.

The visit that made another one necessary and the cause are noted with the new one, so
that the centre can see what sends students to and fro.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from models import clock
from models.base import db, table_of
from models.casefold import Case, CaseStatus
from models.caselists import cases_of
from models.clock import between
from models.desks import this_desk
from models.errors import UserError
from models.people import typed_number
from models.services import Service
from models.students import Student
from models.visits import REPEAT_CAUSE_LABELS, RepeatCause, Visit, VisitOutcome

# How far back a visit may have made this one necessary.
DAYS = 60


class Repeat(NamedTuple):
    """The visit that this one probably follows, and the likely cause."""

    visit: Visit
    cause: RepeatCause


class Stranger(NamedTuple):
    """Somebody the roster does not have, by what they say of themselves."""

    name: str
    class_name: str = ""
    phone: str = ""

    @property
    def can_be_told(self) -> bool:
        """Namesakes are many: the name alone says nothing."""
        return bool(self.name and (self.class_name or self.phone))

    def came_in(self, visit: Visit) -> bool:
        """By the phone, or the class where one of the visits has no phone."""
        if visit.visitor_name != self.name:
            return False
        here, there = _digits(self.phone), _digits(visit.phone)
        if here and there:
            return here == there
        return bool(self.class_name) and visit.class_name == self.class_name


def _digits(phone: str) -> str:
    """`138 0000-0000` and `13800000000` are the same."""
    return typed_number(phone).replace("-", "")


def earlier_visits(
    who: Student | Stranger, service: Service, on: date | None = None
) -> list[Visit]:
    """What somebody came for in any version of a service, newest first (60 days).

    A stranger is looked for at this desk only.
    """
    on = on or clock.today()
    if isinstance(who, Student):
        return _earlier("student_number = ?", (who.number,), service, on)
    if not who.can_be_told:
        return []
    # LENGTH keeps the index of the students' numbers out of it: very many visits have
    # none.  By the desk and its days, 33,000 of a million, it took 10 ms.
    named = "desk_uid = ? AND LENGTH(student_number) = 0 AND visitor_name = ?"
    found = _earlier(named, (this_desk().uid, who.name), service, on)
    return [visit for visit in found if who.came_in(visit)]


def _earlier(
    condition: str, values: tuple[str, ...], service: Service, on: date
) -> list[Visit]:
    table = table_of(Visit)
    sql = (
        f"{table.select_sql} WHERE {condition} AND NOT is_void "
        "AND arrived_at BETWEEN ? AND ? AND service_uid IN "
        "(SELECT uid FROM service WHERE uid = ? OR item_uid = ?) "
        "ORDER BY arrived_at DESC, uid DESC"
    )
    rows = db.execute_sql(
        sql.replace("?", db.param),
        (
            *values,
            *(f"{at}" for at in between(on - timedelta(days=DAYS), on)),
            service.item,
            service.item,
        ),
    )
    return [table.record_of(row) for row in rows.fetchall()]


def proposed_repeat(who: Student | Stranger, service: Service) -> Repeat | None:
    """The last visit for the same matter, if it left something to come back for.

    What ended at once in between does not end an earlier case that is still open.
    """
    earlier = [v for v in earlier_visits(who, service) if _is_matter(v)]
    for at, case in enumerate(cases_of(earlier)):
        cause = _likely_cause(case)
        if cause and (at == 0 or not case.is_closed):
            return Repeat(case.visit, cause)
    return None


def _is_matter(visit: Visit) -> bool:
    return visit.outcome != VisitOutcome.ENQUIRY


def _likely_cause(case: Case) -> RepeatCause | None:
    if case.status == CaseStatus.REFUSED:
        return RepeatCause.OTHER
    if case.status == CaseStatus.WAITING:
        return RepeatCause.MATERIALS
    if not case.is_closed:
        return RepeatCause.NOT_READY
    told = case.visit.outcome == VisitOutcome.NOTIFIED and case.closing is None
    return RepeatCause.MATERIALS if told else None


def repeat_of(
    follows: Visit | None,
    cause: str,
    who: dict[str, str],
    service: Service,
    arrived: datetime,
) -> dict[str, str | int]:
    """How a new visit notes the one it follows; nothing for the first."""
    if follows is None:
        if cause:
            raise UserError("请先选择是接着哪一次来访，再选再次来访的原因。")
        return {}
    if cause not in REPEAT_CAUSE_LABELS:
        raise UserError("请选择再次来访的原因。")
    if follows.is_void:
        raise UserError(f"{follows.number} 已经作废，请另选上次来访。")
    if follows.arrived_at > arrived:
        raise UserError(f"{follows.number} 比这次来访还晚，请另选上次来访。")
    if not _same_person(follows, who) or not is_same_matter(follows, service):
        raise UserError(f"{follows.number} 不是同一个人的同一事项，请另选上次来访。")
    return {
        "follows_uid": follows.uid,
        "follows_number": follows.number,
        "trip": follows.trip + 1,
        "repeat_cause": cause,
    }


def _same_person(follows: Visit, who: dict[str, str]) -> bool:
    """By the number where there is one, by the name for a stranger."""
    key = "student_number" if who["student_number"] else "visitor_name"
    return bool(who[key]) and getattr(follows, key) == who[key]


def is_same_matter(follows: Visit, service: Service) -> bool:
    """Was *follows* about any version of *service*?"""
    if follows.service_uid == service.uid:
        return True
    before = Service.get_or_none(Service.uid == follows.service_uid)
    return before is not None and before.item == service.item


def trips_of(visit: Visit) -> list[Visit]:
    """All the comings for one matter, oldest first; void ones are left out."""
    chain: dict[str, Visit] = {}
    waiting = [visit]
    while waiting:
        found = waiting.pop()
        if found.uid in chain:
            continue
        chain[found.uid] = found
        beside = Visit.follows_uid == found.uid
        if found.follows_uid:
            beside |= Visit.uid == found.follows_uid
        waiting.extend(Visit.select().where(beside))
    valid = [found for found in chain.values() if not found.is_void]
    return sorted(valid, key=lambda found: (found.arrived_at, found.uid))
