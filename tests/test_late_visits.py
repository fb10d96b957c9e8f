from datetime import datetime, timedelta

import pytest

import models
from models import LateVisit, UserError, Visit, VisitStep, clock

NOON = datetime(2026, 11, 23, 12)


@pytest.fixture
def enter(assistant):
    def enter(*entries):
        with clock.set_at(NOON):
            return models.record_late_visits(entries, by=assistant)

    return enter


@pytest.fixture
def line(service):
    def line(minutes=0, visitor="2023110001", outcome="done", **more):
        more.setdefault("service", service)
        arrived_at = NOON - timedelta(hours=3) + timedelta(minutes=minutes)
        return LateVisit(arrived_at, visitor, outcome=outcome, **more)

    return line


def test_lines_of_paper_get_numbers_in_their_order_and_are_marked(enter, line):
    visits = enter(
        line(0),
        line(5, "李四", quantity=3, materials=[{"name": "申请表", "count": 1}]),
        line(9, "", "enquiry"),
    )
    assert [visit.number for visit in visits] == [
        f"JW20261123-{n:03}" for n in (1, 2, 3)
    ]
    stored = [Visit.get_by_id(visit.uid) for visit in visits]
    assert all(visit.late_entry for visit in stored)
    assert [visit.visitor_name for visit in stored] == ["张伟", "李四", ""]
    assert (stored[0].class_name, stored[1].quantity) == ("软件2301", 3)


def test_a_promise_counts_from_the_day_of_the_paper(enter, line, service):
    (visit,) = enter(LateVisit(datetime(2026, 9, 29, 9), "张伟", service, "promised"))
    assert visit.due_on.isoformat() == "2026-10-12"
    (step,) = models.steps_of(visit)
    assert (step.at, step.kind) == (visit.arrived_at, "accepted")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"visitor": "2099999999"}, "第 2 行：“2099999999”不在名册中"),
        ({"visitor": " "}, "第 2 行：请填写来访人"),
        ({"outcome": "notified"}, "第 2 行：请在办理结果里写明"),
        ({"outcome": "referred"}, "第 2 行：请选择转到哪个窗口"),
        ({"service": None}, "第 2 行：请选择事项"),
        ({"minutes": 600}, "第 2 行：来访时间不能晚于现在"),
        ({"quantity": 0}, "第 2 行：件数"),
        ({"minutes": 0}, "第 2 行：这一行已经登记过（JW20261123-001）"),
    ],
)
def test_with_a_fault_in_one_line_nothing_is_entered(enter, line, fault, said):
    with pytest.raises(UserError) as refused:
        enter(line(), line(**{"minutes": 5} | fault), line(9, outcome="promised"))
    assert str(refused.value).startswith(said)
    assert Visit.select().count() == VisitStep.select().count() == 0
    assert models.verify().faults == []


def test_a_line_without_its_time_and_no_line_at_all(enter, line):
    entry = line()
    entry.arrived_at = None
    with pytest.raises(UserError, match="第 1 行：请填写来访时间"):
        enter(entry)
    with pytest.raises(UserError, match="至少填写一行"):
        enter()


def test_a_sheet_is_not_entered_twice_but_a_void_line_may_be(enter, line, assistant):
    (visit,) = enter(line())
    with pytest.raises(UserError, match="已经登记过"):
        enter(line())
    models.void_visit(visit, by=assistant, reason="看错了一行")
    assert len(enter(line())) == 1


def test_enquiries_of_nobody_in_one_minute_are_two(enter, line):
    nobody = {"visitor": "", "outcome": "enquiry"}
    assert len(enter(line(**nobody), line(**nobody))) == 2
