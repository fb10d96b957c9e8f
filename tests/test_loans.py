"""Things lent: due back, taken back in parts, extended, void (P5)."""

from datetime import date, datetime, timedelta

import pytest
from exchange import exchange
from sealing import MORNING, refused

import models
from models import Loan, clock

TODAY = MORNING.date()
FRIDAY = TODAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(MORNING):
        yield


@pytest.fixture
def lend(assistant):
    def lend(**more):
        fields = {
            "by": assistant,
            "what": "折叠桌",
            "quantity": 4,
            "borrower_name": "张伟",
            "organisation": "青年志愿者协会",
            "phone": "13800000001",
            "purpose": "招新",
            "approver": "李老师",
            "due_back_on": FRIDAY,
        }
        return models.lend(**fields | more)

    return lend


def test_a_loan_says_what_who_and_until_when(lend, assistant, desk):
    loan = Loan.get_by_id(lend(what=" 折叠桌 ", note="旧").uid)
    assert (loan.number, loan.what, loan.quantity) == ("借2026-0001", "折叠桌", 4)
    assert (loan.lender_name, loan.lent_at) == (assistant.name, MORNING)
    assert (loan.desk_name, loan.department_name) == (desk.name, "教务处")
    assert loan.is_out and loan.remaining == 4
    assert models.loans_out(desk) == [loan]


def test_a_student_of_the_roster_brings_name_number_and_phone(lend):
    student = models.student_by_number("2023110002")
    loan = lend(student=student, borrower_name="", phone="")
    assert (loan.student_number, loan.borrower_name) == ("2023110002", "覃小燕")
    assert loan.phone == "13800000002"
    assert lend(student=student, phone="8620").phone == "8620"


def test_numbers_run_through_the_year_and_begin_anew(lend, teacher):
    numbers = [lend().number for _ in range(2)]
    models.void_loan(Loan.get(Loan.number == numbers[1]), by=teacher, reason="重复")
    assert numbers == ["借2026-0001", "借2026-0002"]
    assert lend().number == "借2026-0003"
    with clock.set_at(datetime(2027, 1, 1, 9)):
        assert lend(due_back_on=date(2027, 1, 2)).number == "借2027-0001"


def test_the_number_after_9999_is_10000(lend, teacher):
    for number in ("借2026-9999", "借2026-10000"):
        loan = lend()
        loan.number = number
        with models.transaction():
            loan.write(by=teacher)
    assert lend().number == "借2026-10001"


@pytest.mark.parametrize(
    "fields, words, name",
    [
        ({"what": " "}, "借用的物资", "what"),
        ({"borrower_name": ""}, "借用人", "borrower_name"),
        ({"phone": " "}, "电话", "phone"),
        ({"purpose": ""}, "用途", "purpose"),
        ({"approver": ""}, "批准人", "approver"),
        ({"approver": "2023010101"}, "不是姓名", "approver"),
        ({"phone": "2026年11月23日"}, "是日期", "phone"),
        ({"quantity": 0}, "数量请填 1 到 9999", "quantity"),
        ({"quantity": 10000}, "数量请填 1 到 9999", "quantity"),
        ({"due_back_on": TODAY - timedelta(days=1)}, "不能早于今天", "due_back_on"),
    ],
)
def test_what_must_be_said(lend, fields, words, name):
    with refused(words) as problem:
        lend(**fields)
    assert problem.value.field == name


def test_it_comes_back_in_parts(lend, assistant, teacher, desk):
    loan = lend()
    loan = models.take_back(loan, by=assistant, quantity=3, condition="完好")
    assert (loan.is_out, loan.remaining, loan.returned_at) == (True, 1, None)
    evening = MORNING + timedelta(hours=9)
    with clock.set_at(evening):
        loan = models.take_back(loan, by=teacher, condition="桌腿弯了", note="已赔")
    loan = Loan.get_by_id(loan.uid)
    assert (loan.is_out, loan.remaining, loan.returned_at) == (False, 0, evening)
    assert loan.note == "已赔"
    assert [(r["quantity"], r["condition"], r["by"]) for r in loan.returns] == [
        (3, "完好", "曾单"),
        (1, "桌腿弯了", "李老师"),
    ]
    assert models.loans_out(desk) == []
    with refused("借2026-0001 已经还清了"):
        models.take_back(loan, by=teacher, condition="完好")


def test_no_more_comes_back_than_is_out_however_old_the_list_on_screen(lend, teacher):
    loan = lend()
    seen_before = Loan.get_by_id(loan.uid)
    models.take_back(loan, by=teacher, quantity=3, condition="完好")
    for wrong in (0, 2, -1):
        with refused("1 到 1 之间"):
            models.take_back(seen_before, by=teacher, quantity=wrong, condition="完好")
    with refused("归还时的状况"):
        models.take_back(seen_before, by=teacher, condition=" ")


def test_due_back_is_a_reminder_and_blocks_nothing(lend, teacher, desk):
    later, sooner = lend(), lend(due_back_on=TODAY + timedelta(days=1))
    assert models.loans_due(desk) == []
    with clock.set_at(MORNING + timedelta(days=1)):
        assert models.loans_due(desk) == [sooner]
        assert sooner.days_late() == 0
    with clock.set_at(MORNING + timedelta(days=6)):
        assert models.loans_due(desk) == [sooner, later]
        assert (sooner.days_late(), later.days_late()) == (5, 2)
        assert lend(due_back_on=TODAY + timedelta(days=9)).number == "借2026-0003"
        back = models.take_back(later, by=teacher, condition="完好")
    with clock.set_at(MORNING + timedelta(days=60)):
        assert back.days_late() == 2  # as it was when it came back


def test_a_loan_is_extended_with_a_reason(lend, teacher, desk):
    loan, monday = lend(), FRIDAY + timedelta(days=3)
    for wrong in (FRIDAY, TODAY):
        with refused("要晚于 2026-11-27"):
            models.extend_loan(loan, by=teacher, due_back_on=wrong, reason="活动延长")
    with refused("延期原因"):
        models.extend_loan(loan, by=teacher, due_back_on=monday, reason=" ")
    loan = models.extend_loan(loan, by=teacher, due_back_on=monday, reason="活动延长")
    assert models.loans_due(desk, FRIDAY) == []
    assert models.loans_due(desk, monday) == [loan]
    (entry,) = Loan.get_by_id(loan.uid).extensions
    assert (entry["from"], entry["to"]) == ("2026-11-27", "2026-11-30")
    assert (entry["reason"], entry["by"]) == ("活动延长", "李老师")
    with clock.set_at(MORNING + timedelta(days=20)), refused("不能早于今天"):
        models.extend_loan(
            loan, by=teacher, due_back_on=monday + timedelta(days=1), reason="再延"
        )


def test_a_void_loan_stays_and_is_not_out(lend, assistant, other_assistant, desk):
    loan = lend()
    with refused("作废原因"):
        models.void_loan(loan, by=assistant, reason="")
    with refused("作废物资借用由学生助理本人或本部门的老师办理"):
        models.void_loan(loan, by=other_assistant, reason="重复")
    loan = models.void_loan(loan, by=assistant, reason="重复")
    assert (loan.is_void, loan.void_reason, loan.days_late(FRIDAY)) == (True, "重复", 0)
    assert models.loans_out(desk) == []
    assert models.loans_between(TODAY, TODAY, desk) == [loan]
    with refused("已经作废"):
        models.take_back(loan, by=assistant, condition="完好")


def test_what_came_back_is_not_made_void(lend, teacher):
    loan = models.take_back(lend(), by=teacher, quantity=1, condition="完好")
    with refused("已有归还记录"):
        models.void_loan(loan, by=teacher, reason="重复")


def test_the_desk_remembers_what_it_lends(lend, desk):
    for what in ("音响", "折叠桌", "折叠桌"):
        lend(what=what)
    assert models.things_lent(desk) == ["折叠桌", "音响"]


def test_the_office_reads_loans_and_writes_none(lend, teacher, centre):
    loan = lend()
    exchange(centre.station, centre.office)
    models.open_database(centre.office)
    assert models.loans_between(TODAY, TODAY) == [loan]
    assert models.loans_between(FRIDAY, FRIDAY) == []
    with refused("教务事务窗口"), clock.set_at(MORNING):
        models.applications.require_own(Loan.get())
