"""Daily counts of visits against counting the visits, whatever was done to either."""

import random
import shutil
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from exchange import add_station, exchange, work

import models
from models import UserError, Visit, clock, visitcounter
from models.base import db
from models.services import Service
from models.visitcounts import (
    By,
    Count,
    Span,
    is_ready,
    school_year_start,
    span_days,
    total,
    visit_counts,
)

START = datetime(2026, 11, 23, 9)
FIRST, LAST = date(2026, 11, 20), date(2026, 12, 3)


def by_counting(first, last, by, desk):
    found = defaultdict(Count)
    versions = {service.uid: service.item for service in Service.select()}
    for visit in Visit.select().where(~Visit.is_void):
        if not first <= visit.arrived_at.date() <= last:
            continue
        if desk is not None and visit.desk_uid != desk.uid:
            continue
        key = {
            By.DAY: visit.arrived_at.date().isoformat(),
            By.DESK: visit.desk_uid,
            By.SERVICE: versions.get(visit.service_uid, visit.service_uid),
            By.OUTCOME: visit.outcome,
        }[by]
        rated = visit.rating is not None
        one = Count(1, visit.quantity, int(rated), visit.rating or 0)
        found[key] = found[key].plus(one)
    return dict(found)


def compare(chance=None):
    """Every breakdown of some days, of all desks and of one."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]
    first, last = date(2026, 11, 1), LAST  # a whole month, and some days
    if chance and chance.random() < 0.5:
        first, last = sorted(chance.sample(days, 2))
    for desk in (None, models.desk_by_code("jiaowu"), models.desk_by_code("xuesheng")):
        for by in By:
            told = visit_counts(first, last, by=by, desk=desk)
            assert told == by_counting(first, last, by, desk), (by, desk, first, last)


def record(chance, by):
    # Not every visit is entered on its day.
    at = START + timedelta(minutes=chance.choice((0, 1, 700, 1500, 2900, 11000)))
    with clock.set_at(START + timedelta(days=8)):
        visit = models.record_visit(
            by=by,
            service=chance.choice(models.services_of(models.this_desk())[:3]),
            outcome=chance.choice(("done", "promised", "enquiry")),
            visitor_name="张伟",
            result="办妥",
            quantity=chance.randrange(1, 4),
            arrived_at=at,
        )
        if chance.random() < 0.5:
            models.rate_visit(visit, chance.randrange(1, 6), by=by)


def void(chance, by):
    visit = chance.choice(list(Visit.select()))
    with clock.set_at(START + timedelta(days=9)):
        try:
            models.void_visit(visit, by=by, reason="记错")
        except UserError:
            pass  # it is void already


def harm(chance):
    what = chance.choice(
        (
            visitcounter.forget,
            lambda: db.execute_sql("VACUUM"),
            lambda: db.execute_sql("DROP TABLE IF EXISTS visit_count"),
            lambda: db.execute_sql("DROP TABLE IF EXISTS visit_count_month"),
            visitcounter.catch_up,
            visitcounter.catch_up,
        )
    )
    what()


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_those_of_the_visits(seed, assistant, teacher, monkeypatch):
    chance = random.Random(seed)
    monkeypatch.setattr(visitcounter, "VISITS_A_STEP", chance.choice((1, 3, 500)))
    monkeypatch.setattr(visitcounter, "ENTRIES_A_STEP", chance.choice((1, 3, 500)))
    for _ in range(7):
        for _ in range(chance.randrange(4)):
            record(chance, assistant)
        if Visit.select().count():
            void(chance, teacher)
        if chance.random() < 0.5:
            harm(chance)
        compare(chance)
    compare()


@pytest.mark.parametrize("office_on", ["file"], indirect=True)
def test_they_stay_right_through_merges_and_an_older_backup(centre, tmp_path):
    other = add_station(centre, "xuesheng")
    with clock.set_at(START):
        work(centre.station, visits=2)
        exchange(centre.station, centre.office)
        compare()
        assert total(visit_counts(FIRST, LAST, by=By.DAY)).visits == 2
        models.close_database()
        shutil.copytree(centre.office, tmp_path / "before")
    with clock.set_at(START + timedelta(days=1)):
        work(other, visits=1)
        exchange(other, centre.office)
        compare()
        visitcounter.catch_up()
        compare()
        told = visit_counts(FIRST, LAST, by=By.DESK)
        assert [count.visits for count in told.values()] == [2, 1]
        # The journal is an older one; the counts, kept apart from it, are the newer.
        newer = [
            (name, db.execute_sql(f"SELECT * FROM {name}").fetchall())
            for name in visitcounter._TABLES
        ]
        stood_at = visitcounter.cursor().entry
        models.open_database(tmp_path / "before")
        visitcounter.catch_up()
        put_in(newer)
        assert not is_ready()
        compare()
        assert total(visit_counts(FIRST, LAST, by=By.DAY)).visits == 2
        # Worked on, it has another entry where the counts remember theirs.
        chief, day = models.person_signing_in("B0001"), FIRST
        while visitcounter.backlog() + visitcounter.cursor().entry <= stood_at:
            day += timedelta(days=1)
            models.set_rules(by=chief, starts_on=day, week_limit=600)
        put_in(newer)
        compare()
        assert total(visit_counts(FIRST, LAST, by=By.DAY)).visits == 2


def put_in(tables):
    for name, rows in tables:
        db.execute_sql(f"DELETE FROM {name}")
        for row in rows:
            marks = ", ".join("?" * len(row))
            db.execute_sql(f"INSERT INTO {name} VALUES ({marks})", row)


def test_asking_writes_nothing_and_making_goes_on_where_it_was_stopped(
    assistant, monkeypatch
):
    chance = random.Random(1)
    for _ in range(6):
        record(chance, assistant)
    visitcounter.catch_up()
    record(chance, assistant)
    changes = db.connection().total_changes
    compare()
    assert visitcounter.backlog() > 0
    assert db.connection().total_changes == changes

    class Stopped(Exception):
        pass

    def stop(done, total, text):
        assert text == "正在统计来访"
        raise Stopped

    visitcounter.forget()
    monkeypatch.setattr(visitcounter, "VISITS_A_STEP", 1)
    with pytest.raises(Stopped):
        visitcounter.catch_up(report=stop)
    reached = visitcounter.cursor().made_to
    assert visitcounter.FIRST_DAY < reached < visitcounter.LAST_DAY
    record(chance, assistant)  # into a day that is counted already, perhaps
    with pytest.raises(Stopped):
        visitcounter.catch_up(report=stop)
    assert visitcounter.cursor().made_to > reached
    assert not is_ready()
    compare()
    assert is_ready()


def test_spans_begin_with_week_month_and_school_year(chief):
    day = date(2026, 11, 25)
    assert span_days(Span.TODAY, day) == (day, day)
    assert span_days(Span.WEEK, day)[0] == date(2026, 11, 23)
    assert span_days(Span.MONTH, day)[0] == date(2026, 11, 1)
    assert span_days(Span.SCHOOL_YEAR, day)[0] == date(2026, 9, 1)
    assert school_year_start(date(2027, 8, 31)) == date(2026, 9, 1)
    models.set_term(
        by=chief,
        name="2026—2027学年第一学期",
        starts_on=date(2026, 8, 29),
        ends_on=date(2027, 1, 15),
    )
    assert school_year_start(date(2026, 8, 28)) == date(2025, 9, 1)
    assert school_year_start(date(2026, 8, 29)) == date(2026, 8, 29)
    assert school_year_start(day) == date(2026, 8, 29)
    assert school_year_start(date(2027, 9, 1)) == date(2027, 9, 1)
