"""The quick list, the pins of a PC, and the enquiry desk (P2, P10)."""

from datetime import date, datetime, timedelta

import pytest

import models
from models import UserError, clock
from models.base import db

MONDAY = date(2026, 11, 23)
AUTUMNS = [
    ("2024秋", date(2024, 9, 2), date(2025, 1, 17)),
    ("2025秋", date(2025, 9, 1), date(2026, 1, 16)),
    ("2026秋", date(2026, 8, 31), date(2027, 1, 15)),
]


@pytest.fixture
def with_terms(centre):
    """The desk's station is open, and knows three autumn terms."""
    from exports.sync import sync

    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    for name, starts_on, ends_on in AUTUMNS:
        models.set_term(by=by, name=name, starts_on=starts_on, ends_on=ends_on)
    sync()
    models.open_database(centre.station)
    sync()
    return models.this_desk()


def service_named(desk, name):
    return next(s for s in models.services_of(desk) if s.name == name)


def come(name, times, day, person="2024110201"):
    """So many visits about a service on a day."""
    by = models.person_signing_in(person)
    service = service_named(models.this_desk(), name)
    with clock.set_at(datetime.combine(day, datetime.min.time().replace(hour=9))):
        return [
            models.record_visit(
                by=by, service=service, outcome="done", visitor_name="张伟"
            )
            for _ in range(times)
        ]


def quick(desk, on=MONDAY, **options):
    return [service.name for service in models.quick_services(desk, on, **options)]


def days_before(count):
    return MONDAY - timedelta(days=count)


def test_a_new_desk_has_no_quick_list(desk):
    assert quick(desk) == []


def test_what_was_used_most_in_the_last_three_weeks_comes_first(desk):
    come("免修申办", 2, days_before(21))
    come("缓考申办", 3, MONDAY)
    come("重修申办", 9, days_before(22))
    assert quick(desk) == ["缓考申办", "免修申办"]
    assert quick(desk, most=1) == ["缓考申办"]


def test_void_visits_do_not_count(desk):
    come("免修申办", 1, MONDAY)
    teacher = models.person_signing_in("T001")
    for visit in come("缓考申办", 3, MONDAY, person="T001"):
        models.void_visit(visit, by=teacher, reason="登错")
    assert quick(desk) == ["免修申办"]


def test_earlier_terms_remind_of_what_their_same_weeks_needed(with_terms):
    week = AUTUMNS[2][1] + timedelta(weeks=12)
    assert week == MONDAY
    last_year = AUTUMNS[1][1] + timedelta(weeks=12)
    come("选课咨询", 5, last_year + timedelta(days=13))  # of the week after
    come("重修申办", 3, last_year - timedelta(days=7))  # of the week before
    come("考务咨询", 9, last_year + timedelta(days=14))
    come("教材教具申领", 9, last_year - timedelta(days=8))
    come("缓考申办", 2, MONDAY)
    # Two earlier terms: each use there counts half.
    assert quick(with_terms) == ["选课咨询", "缓考申办", "重修申办"]


def test_in_the_vacation_only_the_last_weeks_count(with_terms):
    come("选课咨询", 4, AUTUMNS[1][1] + timedelta(weeks=12))
    assert quick(with_terms, date(2026, 8, 20)) == []


def test_a_new_version_inherits_the_use_and_a_retired_service_is_gone(centre):
    from exports.sync import sync

    models.open_database(centre.station)
    come("缓考申办", 2, MONDAY)
    come("免修申办", 3, MONDAY)
    models.pin_service(service_named(models.this_desk(), "免修申办"))
    models.open_database(centre.office)
    chief, desk = models.person_signing_in("B0001"), models.desk_by_code("jiaowu")
    with clock.set_at(datetime(2026, 11, 23, 9)):
        said = {"by": chief, "basis": "会议纪要"}
        models.change_service(service_named(desk, "缓考申办"), **said, name="缓考申请")
        models.retire_service(service_named(desk, "免修申办"), **said, ends_on=MONDAY)
    sync()
    models.open_database(centre.station)
    sync()
    desk = models.this_desk()
    come("选课咨询", 3, MONDAY)
    come("缓考申请", 2, MONDAY)  # four with those of the version before
    assert quick(desk) == ["免修申办", "缓考申请", "选课咨询"]
    tomorrow = MONDAY + timedelta(days=1)
    assert quick(desk, tomorrow) == ["缓考申请", "选课咨询"]
    assert models.pinned_services(desk, tomorrow) == []


def test_pinned_services_lead_the_list_in_the_order_they_were_pinned(desk):
    come("免修申办", 3, MONDAY)
    for name in ("选课咨询", "缓考申办", "选课咨询"):
        models.pin_service(service_named(desk, name))
    assert quick(desk) == ["选课咨询", "缓考申办", "免修申办"]
    assert quick(desk, most=2) == ["选课咨询", "缓考申办"]
    models.unpin_service(service_named(desk, "选课咨询"))
    assert [s.name for s in models.pinned_services(desk)] == ["缓考申办"]


def test_pins_stay_on_the_pc_and_are_at_most_nine(desk):
    entries = models.row_counts()
    services = models.services_of(desk)
    for service in services[:9]:
        models.pin_service(service)
    with pytest.raises(UserError, match="最多置顶 9 个"):
        models.pin_service(services[9])
    assert models.row_counts() == entries  # no record, so nothing is synced


def test_use_is_read_from_a_range_of_an_index(desk):
    asked = []
    db.connection().set_trace_callback(asked.append)
    models.quick_services(desk, MONDAY)
    db.connection().set_trace_callback(None)
    (use,) = [sql for sql in asked if "FROM visit" in sql]
    plan = db.execute_sql(f"EXPLAIN QUERY PLAN {use}").fetchall()
    of_visits = [line[-1] for line in plan if "visit" in line[-1]]
    assert "desk_uid=? AND arrived_at>? AND arrived_at<?" in of_visits[0]


# -- the enquiry desk --------------------------------------------------------------


def test_the_students_desk_takes_enquiries_from_the_start(office):
    taking = [desk.code for desk in models.desks() if desk.takes_enquiries]
    assert taking == ["xuesheng"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 23, 8, 29), True),
        (datetime(2026, 11, 23, 8, 30), False),
        (datetime(2026, 11, 23, 11, 59, 59), False),
        (datetime(2026, 11, 23, 12, 0), True),
        (datetime(2026, 11, 23, 19, 0), True),  # duty in the evening
        (datetime(2026, 11, 22, 10, 0), True),  # Sunday
    ],
)
def test_enquiry_time_is_outside_ordinary_hours(office, moment, expected):
    assert models.is_enquiry_time(models.desk_by_code("xuesheng"), moment) == expected
    assert not models.is_enquiry_time(models.desk_by_code("jiaowu"), moment)
    with clock.set_at(moment):
        assert models.is_enquiry_time(models.desk_by_code("xuesheng")) == expected


def test_another_desk_can_become_the_enquiry_desk(chief):
    desk, evening = models.desk_by_code("jiaowu"), datetime(2026, 11, 23, 19)
    with clock.set_at(datetime(2026, 11, 23, 9)):
        with pytest.raises(UserError, match="请填写依据"):
            models.set_enquiry_desk(desk, by=chief, takes_enquiries=True, basis="")
        models.set_enquiry_desk(desk, by=chief, takes_enquiries=True, basis="通知")
        with pytest.raises(UserError, match="没有改动"):
            models.set_enquiry_desk(desk, by=chief, takes_enquiries=True, basis="通知")
        (noted,) = models.changes_between(MONDAY, MONDAY)
    assert (noted.before, noted.after) == ("不兼咨询台", "非集中服务期间兼咨询台")
    assert models.is_enquiry_time(models.desk_by_code("jiaowu"), evening)


def test_the_other_desks_services_are_theirs_in_force(chief):
    desk, jiaowu = models.desk_by_code("xuesheng"), models.desk_by_code("jiaowu")
    deferral = service_named(jiaowu, "缓考申办")
    with clock.set_at(datetime(2026, 11, 23, 9)):
        models.retire_service(deferral, by=chief, ends_on=MONDAY, basis="通知")
        offered = models.other_services(desk)
    assert ("缓考申办", "教务事务窗口") in [(s.name, d.name) for s, d in offered]
    assert desk.uid not in {other.uid for _service, other in offered}
    assert len({other.uid for _service, other in offered}) == 5
    later = models.other_services(desk, MONDAY + timedelta(days=1))
    assert len(later) == len(offered) - 1
