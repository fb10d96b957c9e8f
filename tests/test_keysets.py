"""Lists read a page at a time: the same rows as the whole list, whatever is written."""

import random
from datetime import datetime, timedelta

import pytest

import models
from models.base import db
from models.bookings import Booking, bookings_between, bookings_from
from models.handovers import Handover, handovers_at, handovers_between
from models.loans import Loan, count_loans_out, loans_at, loans_out

START = datetime(2026, 11, 23, 9)
WHO = {"desk_name": "窗口", "department_uid": "", "department_name": "部门"}


def moment(chance):
    """Of few, so that many rows share theirs."""
    return START + timedelta(hours=chance.randrange(40))


def loan(chance, desk):
    out = chance.random() < 0.6
    return Loan(
        number="借1",
        desk_uid=desk.uid,
        what="桌子",
        borrower_name="张三",
        phone="138",
        purpose="活动",
        approver="李老师",
        lender_uid="",
        lender_name="李老师",
        lent_at=moment(chance),
        due_back_on=moment(chance).date(),
        returned_at=None if out else START,
        is_void=chance.random() < 0.2,
        **WHO,
    )


def by_due(row):
    """As the list of loans has them; an uid as long as it may be told upside down."""
    if row.is_out:
        return (0, row.due_back_on.toordinal(), int(row.uid, 16))
    return (1, -row.lent_at.timestamp(), -int(row.uid, 16))


def booking(chance, desk):
    return Booking(
        number="场1",
        desk_uid=desk.uid,
        asked_at=START,
        venue="礼堂",
        starts_at=moment(chance),
        ends_at=moment(chance),
        organisation="学生会",
        event="彩排",
        people=3,
        applicant_name="张三",
        phone="138",
        approver="李老师",
        handler_uid="",
        handler_name="李老师",
        **WHO,
    )


def handover(chance, desk):
    return Handover(
        desk_uid=desk.uid,
        desk_name="窗口",
        shift_from=START,
        shift_to=moment(chance),
        journal_upto=0,
        outgoing_uid="",
        outgoing_name="张三",
        outgoing_signed_at=START,
    )


LISTS = {
    "loans": (Loan, loan, loans_at, by_due),
    "bookings": (
        Booking,
        booking,
        lambda desk, after: bookings_from(START.date(), desk, after),
        lambda row: (row.starts_at, row.uid),
    ),
    "handovers": (
        Handover,
        handover,
        handovers_at,
        lambda row: (-row.shift_to.timestamp(), -int(row.uid, 16)),
    ),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("seed", range(3))
def test_pages_are_the_whole_list_whatever_is_written_between_them(
    name, seed, desk, assistant
):
    model, make, fetch, key = LISTS[name]
    chance = random.Random(seed)
    missed = set()

    def write(count, behind=None):
        rows = [make(chance, desk) for _ in range(count)]
        with models.transaction():
            model.write_new(rows, by=assistant)
        missed.update(r.uid for r in rows if behind is not None and key(r) < behind)

    write(230)
    listed, after, pages = [], None, 0
    while pages == 0 or after is not None:
        rows, after = fetch(desk, after)
        listed += rows
        pages += 1
        if after is not None:
            write(chance.randrange(30), key(listed[-1]))
    whole = sorted(model.select(), key=key)
    assert [r.uid for r in listed] == [r.uid for r in whole if r.uid not in missed]
    assert pages > 2 and missed
    count_and_order_are_those_of_before(name, desk, listed, missed)


def count_and_order_are_those_of_before(name, desk, listed, missed):
    days = START.date(), START.date() + timedelta(days=2)
    if name == "loans":
        whole = loans_out(desk)
        late = sum(row.days_late() > 0 for row in whole)
        assert (count_loans_out(desk).out, count_loans_out(desk).late) == (
            len(whole),
            late,
        )
    elif name == "bookings":
        whole = bookings_between(*days, desk)
    else:
        whole = handovers_between(*days, desk)
    kept = [row.uid for row in whole if row.uid not in missed]
    assert [row.uid for row in listed][: len(kept)] == kept


def test_a_deep_page_is_found_in_the_index(desk):
    """Not by walking through all that comes before, as an OFFSET would."""
    asked = []
    execute = db.execute_sql

    def listen(sql, *values):
        asked.append((sql, *values))
        return execute(sql, *values)

    db.execute_sql = listen
    try:
        handovers_at(desk)
        handovers_at(desk, (START, "x"))
        loans_at(desk, (False, (START.date(), "x")))
        loans_at(desk, (True, (START, "x")))
        bookings_from(START.date(), desk, (START, "x"))
    finally:
        db.execute_sql = execute
    assert len(asked) >= 6
    for sql, values in asked:
        plan = execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        assert all("USING INDEX" in row[3] or "LAST TERM" in row[3] for row in plan), (
            sql,
            plan,
        )
