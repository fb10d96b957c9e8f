"""Referred cases where PCs break, and where news comes while somebody works."""

import pytest
from exchange import add_station, approve_all, exchange, join
from referrals import assistant, refer
from sealing import add_teacher, person

import models
from models import CaseStatus, UserError, Visit


@pytest.fixture
def two(centre):
    """教务 and 学生事务, which have not referred anything yet."""
    models.open_database(centre.office)
    add_teacher(person("B0001"), "T201", "周老师", "学生处")
    return centre.station, add_station(centre, "xuesheng")


def sent_and_finished(centre, mine, theirs) -> str:
    """A case of mine that the other desk finished, told here by the office."""
    uid = refer(mine, "xuesheng")
    exchange(mine, centre.office, theirs)
    visit = Visit.get_by_id(uid)
    models.take_case(visit, by=person("T201"))
    models.finish_case(visit, by=person("T201"), result="已批准")
    exchange(theirs, centre.office, mine)
    return uid


def replaced(centre, code):
    """The desk's PC is gone; another one stands there."""
    folder = centre.root / f"{code}2"
    join(centre, folder, name="2 号机")
    approve_all(centre, code)
    exchange(centre.office, folder, centre.office, folder)
    return folder


def test_the_answer_is_passed_on_by_the_pc_that_came_after(centre, two):
    mine, theirs = two
    uid = sent_and_finished(centre, mine, theirs)
    after = replaced(centre, "jiaowu")
    (waiting,) = models.cases_sent()
    assert (waiting.visit.uid, waiting.result) == (uid, "已批准")
    models.notify_visitor(waiting.visit, by=assistant(), note="电话告知")
    assert models.cases_sent() == []
    exchange(after, centre.office, theirs)
    assert models.case_of(Visit.get_by_id(uid)).is_told


def test_what_the_pc_that_came_after_finished_nobody_need_be_told(centre, two):
    mine, theirs = two
    uid = refer(mine, "xuesheng")
    exchange(mine, centre.office, theirs)
    models.refer_case(
        Visit.get_by_id(uid),
        by=person("T201"),
        desk=models.desk_by_code("jiaowu"),
        note="不归我处",
    )
    exchange(theirs, centre.office)
    replaced(centre, "jiaowu")
    (back,) = models.cases_here()
    models.take_case(back.visit, by=assistant())
    models.finish_case(back.visit, by=assistant(), result="已办好")
    assert (models.cases_here(), models.cases_sent()) == ([], [])


def test_what_was_voided_while_somebody_looked_at_it_is_worked_no_more(centre, two):
    mine, theirs = two
    uid = refer(mine, "xuesheng")
    exchange(mine, centre.office, theirs)
    looked_at = Visit.get_by_id(uid)
    models.open_database(mine)
    models.void_visit(Visit.get_by_id(uid), by=assistant(), reason="重复")
    exchange(mine, centre.office, theirs)
    with pytest.raises(UserError, match="已作废"):
        models.take_case(looked_at, by=person("T201"))
    case = models.case_of(Visit.get_by_id(uid))
    assert (case.status, len(case.steps)) == (CaseStatus.VOID, 1)
