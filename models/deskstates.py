"""How the desks stand now: who is there, what is open, what waits to be taken over."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models import clock
from models.attendance import Attendance, is_forgotten
from models.base import db
from models.cases import all_open_cases
from models.desks import Desk, desks
from models.handovers import Handover, HandoverStatus
from models.shifts import Shift, shifts_between
from models.urgency import Reckoning, Urgency

# Nobody is on duty for longer: it spares reading all check-ins ever made.
LONGEST_STAY = timedelta(days=3)
# How far ahead the next shift is looked for.
DAYS_AHEAD = 7


class OpenCases(NamedTuple):
    """Open cases, those due today, and those late (or raised for another reason)."""

    open: int = 0
    due_today: int = 0
    overdue: int = 0


class DeskState(NamedTuple):
    """One desk as this PC knows it; `heard_until` tells how fresh that is."""

    desk: Desk
    on_duty: list[Attendance]
    cases: OpenCases
    waiting: Handover | None
    heard_until: datetime | None


def open_cases_by_desk(desk: Desk | None = None) -> dict[str, OpenCases]:
    """Of every desk by its uid, or only of one; desks without open cases are left
    out."""
    reckoning = Reckoning()
    found: dict[str, OpenCases] = defaultdict(OpenCases)
    for case in all_open_cases(desk):
        urgency, so_far = reckoning.urgency_of(case), found[case.desk_uid]
        found[case.desk_uid] = OpenCases(
            so_far.open + 1,
            so_far.due_today + (urgency == Urgency.TODAY),
            so_far.overdue + (urgency >= Urgency.OVERDUE),
        )
    return dict(found)


def all_on_duty() -> list[Attendance]:
    """Who is checked in anywhere now, the first to come first."""
    now = clock.now()
    since, came = now - LONGEST_STAY, Attendance.checked_in_at
    rows = Attendance.select().where(
        (came >= since) & Attendance.checked_out_at.is_null()
    )
    return [row for row in rows.order_by(came) if not is_forgotten(row, now)]


def next_shift(desk: Desk) -> Shift | None:
    """The first shift to begin from now on; None when none does within a week."""
    now, today = clock.now(), clock.today()
    for first, last in ((0, 0), (1, DAYS_AHEAD)):
        begin, end = today + timedelta(days=first), today + timedelta(days=last)
        for shift in shifts_between(begin, end, desk):
            if shift.begins > now:
                return shift
    return None


def waiting_handovers() -> list[Handover]:
    """The handovers of all desks that nobody has taken over yet, the oldest first."""
    waits = Handover.status == HandoverStatus.WAITING
    return list(Handover.select().where(waits).order_by(Handover.shift_to))


def objections_since(day: date, desk: Desk | None = None) -> int:
    """How many handovers were taken over with an objection from a day on."""
    at = "" if desk is None else f"AND desk_uid = {db.param}"
    return db.execute_sql(
        f"SELECT COUNT(*) FROM handover WHERE shift_to >= {db.param} "
        f"AND status = {db.param} {at}",
        (day.isoformat(), HandoverStatus.OBJECTED, *([desk.uid] if desk else [])),
    ).fetchone()[0]


def desk_states() -> list[DeskState]:
    """Every desk in service, in the policy's order."""
    cases, heard = open_cases_by_desk(), _heard_until()
    there: dict[str, list[Attendance]] = defaultdict(list)
    for row in all_on_duty():
        there[row.desk_uid].append(row)
    waiting: dict[str, Handover] = {}
    for handover in waiting_handovers():
        waiting.setdefault(handover.desk_uid, handover)
    return [
        DeskState(
            desk,
            there[desk.uid],
            cases.get(desk.uid, OpenCases()),
            waiting.get(desk.uid),
            heard.get(desk.uid),
        )
        for desk in desks()
    ]


def _heard_until() -> dict[str, datetime]:
    """When what last came from each desk was written there."""
    rows = db.execute_sql(
        "SELECT t.desk_uid, MAX((SELECT at FROM journal WHERE stream = s.id "
        "ORDER BY seq DESC LIMIT 1)) FROM stream s "
        "JOIN station t ON t.station_uid = s.sender WHERE NOT s.own "
        "AND t.desk_uid <> '' GROUP BY t.desk_uid"
    ).fetchall()
    return {
        desk: datetime.fromisoformat(at).replace(tzinfo=None) for desk, at in rows if at
    }
