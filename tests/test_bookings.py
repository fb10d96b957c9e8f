"""Venues booked: no two at the same time, with free times offered (P5)."""

from datetime import date, datetime, time, timedelta

import pytest
from sealing import MORNING, refused

import models
from models import Booking, BookingStatus, Wanted, clock

TODAY = MORNING.date()
FRIDAY = TODAY + timedelta(days=4)
CENTRE = "大学生活动中心"


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(MORNING):
        yield


WANTED = Wanted(CENTRE, FRIDAY, time(14), time(16), "青年志愿者协会", "迎新晚会", 80)


@pytest.fixture
def told(assistant):
    return {
        "by": assistant,
        "approver": "李老师",
        "applicant_name": "张伟",
        "phone": "13800000001",
    }


@pytest.fixture
def book(told):
    def book(starts=14, ends=16, **more):
        times = {"starts": starts, "ends": ends}
        wanted = {n: time(t) if isinstance(t, int) else t for n, t in times.items()}
        wanted |= {
            name: more.pop(name) for name in list(more) if name in WANTED._fields
        }
        return models.book_venue(WANTED._replace(**wanted), **told | more)

    return book


def test_an_approved_booking_says_who_when_and_for_what(book, desk):
    booking = Booking.get_by_id(book(note="要音响").uid)
    assert (booking.number, booking.status) == ("场2026-0001", BookingStatus.APPROVED)
    assert (booking.starts_at, booking.ends_at) == (
        datetime(2026, 11, 27, 14),
        datetime(2026, 11, 27, 16),
    )
    assert (booking.hours, booking.status_label) == ("14:00–16:00", "已批准")
    assert (booking.applicant_name, booking.approver) == ("张伟", "李老师")
    assert (booking.handler_name, booking.department_name) == ("曾单", "教务处")
    assert models.bookings_on(FRIDAY, desk) == [booking]
    assert models.bookings_on(TODAY, desk) == []
    assert models.bookings_between(TODAY, FRIDAY) == [booking]


def test_a_clash_names_the_other_booking_and_offers_free_times(book):
    book(10, 12, event="读书会")
    book()
    with refused(
        "大学生活动中心 11-27 14:00–16:00 已批给青年志愿者协会"
        "（迎新晚会，场2026-0002）。"
        "当天空闲：08:00–10:00、12:00–14:00、16:00–22:00，请改时间。"
    ) as problem:
        book(15, 17)
    assert problem.value.field == "starts"


@pytest.mark.parametrize(
    "starts, ends", [(13, 15), (15, 17), (14, 16), (13, 17), (14, 15), (15, 16)]
)
def test_any_shared_time_is_a_clash(book, starts, ends):
    book()
    with refused("已批给"):
        book(starts, ends)


def test_one_after_the_other_another_day_or_another_place_is_none(book):
    book()
    for more in (
        {"starts": 12, "ends": 14},
        {"starts": 16, "ends": 18},
        {"day": FRIDAY + timedelta(days=1)},
        {"venue": "报告厅"},
    ):
        assert book(**more).is_approved


@pytest.mark.parametrize(
    "typed", [" 活动中心 201 ", "活动中心２０１", "活动中心 ２０１"]
)
def test_the_same_place_however_it_was_typed(book, typed):
    book(venue="活动中心201")
    with refused("已批给"):
        book(venue=typed)


def test_a_cancelled_booking_makes_room(book, teacher):
    booking = book()
    with refused("取消原因"):
        models.cancel_booking(booking, by=teacher, reason=" ")
    booking = models.cancel_booking(booking, by=teacher, reason="雨天改期")
    assert (booking.status_label, booking.reason) == ("已取消", "雨天改期")
    assert (booking.cancelled_at, booking.canceller_name) == (MORNING, "李老师")
    assert book().number == "场2026-0002"
    with refused("场2026-0001 已取消，不用再取消"):
        models.cancel_booking(booking, by=teacher, reason="再次")


def test_a_refused_application_is_on_record_and_takes_no_room(book, told, desk):
    with refused("不批准的原因"):
        models.refuse_booking(WANTED, reason="", **told)
    refused_one = models.refuse_booking(WANTED, reason="场馆检修", **told)
    assert (refused_one.status_label, refused_one.reason) == ("未批准", "场馆检修")
    assert models.bookings_on(FRIDAY, desk) == [refused_one]
    assert book().is_approved
    with refused("未批准，不用再取消"):
        models.cancel_booking(refused_one, by=told["by"], reason="x")


def test_an_application_for_a_taken_time_can_be_refused(book, told):
    book()
    assert models.refuse_booking(WANTED, reason="时间冲突", **told).number


def test_free_times_leave_out_what_is_taken_and_what_is_past(book, desk):
    book(7, 9)
    book(21, 23)
    book(12, 13)
    free = [str(span) for span in models.free_times(CENTRE, FRIDAY, desk)]
    assert free == ["09:00–12:00", "13:00–21:00"]
    with clock.set_at(datetime(2026, 11, 27, 13, 30, 20)):
        free = [str(span) for span in models.free_times(CENTRE, FRIDAY, desk)]
        assert free == ["13:30–21:00"]
    with clock.set_at(datetime(2026, 11, 27, 22)):
        assert models.free_times(CENTRE, FRIDAY, desk) == []


def test_free_times_end_in_the_evening_whatever_is_booked_later(book, desk):
    wanted = {"starts": time(22, 30), "ends": time(23)}
    assert book(**wanted).hours == "22:30–23:00"
    free = [str(span) for span in models.free_times(CENTRE, FRIDAY, desk)]
    assert free == ["08:00–22:00"]


def test_a_full_day_asks_for_another_day(book):
    book(7, 23)
    with refused("当天已没有空闲，请改日期。"):
        book(9, 10)


@pytest.mark.parametrize(
    "fields, words, name",
    [
        ({"venue": " "}, "请填写场馆", "venue"),
        ({"organisation": ""}, "使用单位", "organisation"),
        ({"event": ""}, "活动名称", "event"),
        ({"applicant_name": ""}, "申请人", "applicant_name"),
        ({"phone": ""}, "电话", "phone"),
        ({"approver": " "}, "批准人", "approver"),
        ({"approver": "0512-5866 8620"}, "不是姓名", "approver"),
        ({"phone": "2026-11-23"}, "是日期", "phone"),
        ({"people": 0}, "人数请填 1 到", "people"),
        ({"ends": 14}, "结束时间要晚于开始时间", "ends"),
        ({"day": TODAY - timedelta(days=1)}, "已经过去", "day"),
    ],
)
def test_what_must_be_said(book, fields, words, name):
    with refused(words) as problem:
        book(**fields)
    assert problem.value.field == name


def test_venues_are_those_used_before_and_the_one_of_the_policy(book, desk):
    assert models.venues_used(desk) == [CENTRE]
    book(venue="报告厅")
    book(venue="篮球场")
    book(17, 18, venue="篮球场")
    assert models.venues_used(desk) == [CENTRE, "篮球场", "报告厅"]


def test_a_desk_keeps_its_own_venues(book, desk):
    book()
    elsewhere = models.desk_by_code("dangtuan")
    assert models.bookings_on(FRIDAY, elsewhere) == []
    assert [str(s) for s in models.free_times(CENTRE, FRIDAY, elsewhere)] == [
        "08:00–22:00"
    ]


def test_numbers_begin_anew_each_year(book):
    book()
    with clock.set_at(datetime(2027, 1, 1, 9)):
        assert book(day=date(2027, 1, 2)).number == "场2027-0001"
