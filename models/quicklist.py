"""The quick list: the services a desk is likely to need next, a key away.

First what was pinned on this PC, then what the desk used most in the last weeks and in
the same teaching weeks (教学周) of earlier terms: what a desk is asked for follows the
term, not the calendar.
"""

from collections import defaultdict
from datetime import date, timedelta

from peewee import IntegerField, TextField

from models.base import Local, db, transaction, tuples_of
from models.clock import between, today
from models.desks import Desk
from models.errors import UserError
from models.services import Service, services_of
from models.terms import monday_of, term_on, terms

RECENT = timedelta(weeks=3)

# Two years back: what was asked for before them has changed too much to tell.
EARLIER_TERMS = 4

MOST = 9

# The last visits of a range tell enough of a busy desk: of 1,000,000 visits in five
# years 11,500 were read in 40 ms, and these in 4.
MOST_COUNTED = 1_000


class PinnedService(Local):
    """A service that this PC's quick list always begins with."""

    item_uid = TextField(unique=True)
    position = IntegerField()

    class Meta:
        table_name = "pinned_service"


def quick_services(
    desk: Desk, on: date | None = None, most: int = MOST
) -> list[Service]:
    """At most *most* services in force: pinned ones, then those used most.

    A term ago counts as much as the last weeks do, however many terms there were.
    """
    day = on or today()
    offered = {service.item: service for service in services_of(desk, day)}
    pinned = [item for item in _pins() if item in offered]
    used = _use(desk, day - RECENT, day)
    weeks = _same_weeks(day)
    for first, last in weeks:
        for item, count in _use(desk, first, last).items():
            used[item] += count / len(weeks)
    rest = [item for item in offered if item in used and item not in pinned]
    # Those used alike keep the catalogue's order: sorted() is stable.
    rest.sort(key=lambda item: -used[item])
    return [offered[item] for item in (*pinned, *rest)][:most]


def _same_weeks(day: date) -> list[tuple[date, date]]:
    """Last, this and next teaching week in each of the earlier terms."""
    term = term_on(day)
    if term is None:
        return []
    week = timedelta(weeks=term.week_of(day) - 1)
    found = []
    for earlier in terms():
        if earlier.ends_on < term.starts_on:
            monday = monday_of(earlier.starts_on) + week
            first = max(monday - timedelta(days=7), earlier.starts_on)
            last = min(monday + timedelta(days=13), earlier.ends_on)
            if first <= last:
                found.append((first, last))
    return found[:EARLIER_TERMS]


def _use(desk: Desk, first: date, last: date) -> "defaultdict[str, float]":
    """How many visits each item had.  A range of an index, however many there are."""
    begins, ends = (moment.isoformat(" ") for moment in between(first, last))
    rows = db.execute_sql(
        "SELECT COALESCE(NULLIF(s.item_uid, ''), s.uid), SUM(v.visits) FROM ("
        "SELECT service_uid, COUNT(*) AS visits FROM ("
        "SELECT service_uid FROM visit "
        f"WHERE desk_uid = {db.param} "
        f"AND arrived_at BETWEEN {db.param} AND {db.param} AND NOT is_void "
        f"ORDER BY arrived_at DESC LIMIT {db.param}) some GROUP BY service_uid) v "
        "JOIN service s ON s.uid = v.service_uid GROUP BY 1",
        (desk.uid, begins, ends, MOST_COUNTED),
    )
    return defaultdict(float, rows.fetchall())


def pin_service(service: Service) -> None:
    """Let this PC's quick list begin with an item, behind those pinned before."""
    with transaction():
        pins = _pins()
        if service.item in pins:
            return
        if len(pins) >= MOST:
            raise UserError(f"最多置顶 {MOST} 个事项，请先取消一个。")
        last = db.execute_sql("SELECT MAX(position) FROM pinned_service").fetchone()[0]
        PinnedService.create(item_uid=service.item, position=(last or 0) + 1)


def unpin_service(service: Service) -> None:
    with transaction():
        PinnedService.delete().where(PinnedService.item_uid == service.item).execute()


def pinned_services(desk: Desk, on: date | None = None) -> list[Service]:
    """What is pinned and *desk* offers on a day, in the order it was pinned."""
    offered = {service.item: service for service in services_of(desk, on)}
    return [offered[item] for item in _pins() if item in offered]


def _pins() -> list[str]:
    query = PinnedService.select(PinnedService.item_uid)
    return [item for (item,) in tuples_of(query.order_by(PinnedService.position))]
