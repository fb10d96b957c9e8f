"""Finding a seal use by the students on the list of its batch."""

from datetime import datetime

import pytest
from exchange import exchange

import models
from models import clock, searchindex
from models.base import db
from models.finding import find_seal_uses
from models.searchwords import wanted


def seal_for(by, seal, **more):
    usual = {
        "applicant": "周老师",
        "unit": "数字化学院",
        "document_title": "集体奖状",
        "purpose": "颁奖",
        "approver": "李老师",
    }
    return models.record_seal_use(by=by, seal=seal, **usual | more)


def uids(page):
    return [row.uid for row in page.rows]


@pytest.mark.parametrize(
    "text",
    [
        *("覃小燕", "小燕", "燕", "qxy", "txy", "TX", "2023110002", "周 覃 奖状"),
        *("𠮷田·买买提", "田买", "买买提", "jtm", "覃 jtm"),
    ],
)
def test_a_batch_is_found_by_its_students(text, teacher, seal):
    batch = seal_for(teacher, seal, students=["2023110002", "2023110003"])
    seal_for(teacher, seal, students=["2023110001", "2099999999"])
    seal_for(teacher, seal)
    assert uids(find_seal_uses(text)) == [batch.uid]


@pytest.mark.parametrize("text", ["覃燕", "xy", "燕小", "覃小燕们", "买提吐"])
def test_it_is_not_found_by(text, teacher, seal):
    seal_for(teacher, seal, students=["2023110002", "2023110003"])
    assert uids(find_seal_uses(text)) == []


def test_a_single_student_is_found_although_somebody_else_applied(teacher, seal):
    student = models.student_by_number("2023110002")
    use = seal_for(teacher, seal, applicant="王家长", student=student)
    for text in ("覃小燕", "txy", "wjz", "王家长 覃", "2023110002"):
        assert uids(find_seal_uses(text)) == [use.uid], text
    assert uids(find_seal_uses(student_number="2023110002")) == [use.uid]


def test_lists_are_read_only_for_what_the_index_cannot_say(teacher, seal):
    uses = [seal_for(teacher, seal, students=["2023110002"]) for _ in range(3)]
    searchindex.catch_up()
    table, asked = searchindex.SEAL_USES, []
    everything = searchindex.places(table, wanted("奖状").match, 0, 1 << 62, 50)
    rows = searchindex.rows_at(table, everything)
    sure, unsure = {use.uid for use in uses}, set()
    db.connection().set_trace_callback(asked.append)
    for text, alone, queries, found in (
        *(("奖状", unsure, 0, 3), ("覃", sure, 0, 3), ("覃", unsure, 1, 3)),
        *(("覃小燕", sure, 1, 3), ("覃小雨", sure, 1, 0), ("赵", unsure, 1, 0)),
    ):
        asked.clear()
        assert len(table.fitting(rows, wanted(text), alone)) == found, text
        assert len(asked) == queries, text
    db.connection().set_trace_callback(None)


def test_batches_that_share_a_place_are_told_apart(teacher, seal, monkeypatch):
    monkeypatch.setattr(searchindex, "crc32", lambda data: 7)
    with clock.set_at(datetime(2026, 11, 23, 9)):
        one = seal_for(teacher, seal, students=["2023110001"])
        two = seal_for(teacher, seal, students=["2023110002", "2023110003"])
    for text, use in (("zw", one), ("张", one), ("qxy", two), ("小燕", two)):
        assert uids(find_seal_uses(text)) == [use.uid], text
    assert uids(find_seal_uses("2023110003", student_number="2023110002")) == [two.uid]
    assert uids(find_seal_uses(student_number="2023110001")) == [one.uid]


def test_an_index_made_before_the_names_is_made_anew(teacher, seal):
    batch = seal_for(teacher, seal, students=["2023110002"])
    searchindex.catch_up()
    db.execute_sql("UPDATE find_upto SET format = 1")
    db.execute_sql("DELETE FROM find_seal_use")
    assert uids(find_seal_uses("覃小燕")) == [batch.uid]
    assert searchindex.FORMAT > 1


def test_a_roster_that_comes_or_changes_later_is_found_by(centre):
    """Also by the names of students whom the roster had not named before."""
    models.open_database(centre.station)
    seal = models.seals_of(models.this_desk())[0]
    by = models.Person.get_by_id(seal.keeper_uid)
    uses = [seal_for(by, seal, students=[n, "2023110001"]) for n in ("X1", "X2")]
    assert uids(find_seal_uses("钱新")) == []
    assert uids(find_seal_uses("张伟")) == [use.uid for use in reversed(uses)]
    models.open_database(centre.office)
    office = models.person_signing_in("B0001")
    renamed = models.student_by_number("2023110001")
    renamed.name, renamed.initials = "张维", "zw"
    with models.transaction():
        models.Student(number="X1", name="钱新", initials="qx").write(by=office)
        renamed.write(by=office)
    exchange(centre.office, centre.station)
    models.open_database(centre.station)
    assert uids(find_seal_uses("钱新")) == uids(find_seal_uses("qx")) == [uses[0].uid]
    assert len(find_seal_uses("张维").rows) == 2
    assert uids(find_seal_uses("张伟")) == []
