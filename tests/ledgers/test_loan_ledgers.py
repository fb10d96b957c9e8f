"""物资借用登记表 and 场馆使用登记表, read back from the documents (P5)."""

from datetime import date, datetime, time, timedelta

import pytest

import models
from models import Wanted, clock

NOW = datetime(2026, 11, 23, 9, 30)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def station(centre):
    """In place of this folder's empty station: the desk of a small centre."""
    models.close_database()
    models.open_database(centre.station)
    with clock.set_at(NOW):
        yield centre


@pytest.fixture
def lend(assistant):
    student = models.student_by_number("2023110001")

    def lend(what="折叠桌", quantity=4, **more):
        return models.lend(
            by=assistant,
            what=what,
            quantity=quantity,
            student=student,
            organisation="青年志愿者协会",
            purpose="招新",
            approver="李老师",
            due_back_on=FRIDAY,
            **more,
        )

    return lend


def test_a_loan_fills_every_column(lend, teacher, read):
    loan = lend(note="旧")
    later = FRIDAY + timedelta(days=3)
    loan = models.extend_loan(loan, by=teacher, due_back_on=later, reason="活动延长")
    with clock.set_at(NOW + timedelta(days=1)):
        models.take_back(loan, by=teacher, quantity=3, condition="完好")
    (row,) = read("loans").rows
    assert row == {
        "编号": "借2026-0001",
        "借出时间": "2026-11-23 09:30",
        "物资": "折叠桌",
        "数量": "4",
        "借用单位": "青年志愿者协会",
        "借用人": "张伟\n2023110001",
        "电话": "13800000001",
        "用途": "招新",
        "批准人": "李老师",
        "经办人": "曾单",
        "应还日期": "2026-11-30",
        "归还情况": "2026-11-24 还 3，完好（李老师）\n未还 1",
        "备注": "延至 2026-11-30：活动延长；旧",
    }


def test_the_loans_are_added_up_without_void_ones(lend, teacher, read):
    late = lend("音响", 1)
    models.void_loan(lend(), by=teacher, reason="重复")
    lend("帐篷", 2)
    with clock.set_at(NOW + timedelta(days=7)):
        models.take_back(late, by=teacher, condition="完好")
    page = read("loans")
    assert [row["归还情况"] for row in page.rows] == [
        "2026-11-30 还 1，完好（李老师）\n（逾期归还）",
        "—",
        "未归还",
    ]
    assert page.rows[1]["备注"] == "作废：重复"
    closing = "合计　共借出 2 次 3 件，逾期归还 1 次，未还清 1 次，作废 1 条。"
    assert page.closing == closing


def test_a_loan_on_time_is_not_late(lend, teacher, read):
    loan = lend()
    with clock.set_at(datetime.combine(FRIDAY, time(23, 50))):
        models.take_back(loan, by=teacher, condition="完好")
    page = read("loans")
    assert page.rows[0]["归还情况"] == "2026-11-27 还 4，完好（李老师）"
    assert page.closing == "合计　共借出 1 次 4 件。"


@pytest.fixture
def apply(assistant):
    def apply(operation, starts, **more):
        wanted = Wanted(
            "大学生活动中心", FRIDAY, time(starts), time(starts + 2), "青协", "培训", 30
        )
        said = {"approver": "李老师", "applicant_name": "张伟", "phone": "8620"}
        return operation(wanted, by=assistant, **said | more)

    return apply


def test_a_booking_fills_every_column(apply, read):
    student = models.student_by_number("2023110001")
    apply(models.book_venue, 14, student=student, note="要音响")
    (row,) = read("bookings").rows
    assert row == {
        "编号": "场2026-0001",
        "申请日期": "2026-11-23",
        "场馆": "大学生活动中心",
        "使用时间": "2026-11-27\n14:00–16:00",
        "使用单位": "青协",
        "活动名称": "培训",
        "人数": "30",
        "申请人": "张伟\n2023110001",
        "电话": "8620",
        "批准人": "李老师",
        "经办人": "曾单",
        "结果": "已批准",
        "原因/备注": "要音响",
    }


def test_bookings_stand_in_the_order_of_use_and_are_counted_by_result(
    apply, teacher, read
):
    apply(models.book_venue, 18)
    apply(models.refuse_booking, 10, reason="检修")
    cancelled = apply(models.book_venue, 14)
    models.cancel_booking(cancelled, by=teacher, reason="雨天")
    page = read("bookings")
    assert [row["编号"][-1] for row in page.rows] == ["2", "3", "1"]
    assert [row["结果"] for row in page.rows] == ["未批准", "已取消", "已批准"]
    assert page.rows[1]["原因/备注"] == "雨天（李老师取消）"
    assert page.closing == (
        "合计　共申请 3 次：已批准 1 次、未批准 1 次、已取消 1 次，使用 30 人次。"
    )


def test_the_period_is_that_of_the_use(apply, read):
    apply(models.book_venue, 14)
    assert read("bookings", last=FRIDAY - timedelta(days=1)).rows == []


def test_both_are_of_one_desk_and_department(lend, apply, desk, read):
    lend()
    apply(models.book_venue, 14)
    mine, other = models.department_by_name("教务处"), models.department_by_name("团委")
    for code in ("loans", "bookings"):
        assert len(read(code, desk=desk, department=mine).rows) == 1
        assert read(code, department=other).rows == []
