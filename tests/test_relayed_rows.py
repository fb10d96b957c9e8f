"""Cases of other desks at a desk: in no count and no ledger of it, and proved like all.

And the power may go while the office passes them on.
"""

from datetime import date

import pytest
from exchange import add_station, assert_alike, exchange, work
from peewee import SqliteDatabase
from referrals import (
    assistant,
    begin_anew,
    go_on,
    passed_on,
    refer,
    round_of,
    seen_at,
    troubles_at,
)

import models
from exports.ledgers import export_ledger, ledger_by_code
from exports.sync import relay, sync
from models import Visit
from models.base import db

ALL_DAYS = {"first": date(2020, 1, 1), "last": date(2099, 12, 31)}


@pytest.fixture
def pair(centre):
    """A has referred three cases to B, which has taken down two visits itself."""
    a, b = centre.station, add_station(centre, "xuesheng")
    work(b, 2)
    for number in range(3):
        refer(a, "xuesheng", f"学生{number}")
    round_of(centre, a, b)
    return centre, a, b


def test_the_ledger_of_a_desk_holds_its_own_visits_alone(pair, tmp_path):
    centre, a, b = pair
    rows = {}
    for folder in (a, b, centre.office):
        models.open_database(folder)
        made = export_ledger(ledger_by_code("visits"), tmp_path / "a.docx", **ALL_DAYS)
        rows[folder] = made.rows
    assert rows == {a: 3, b: 2, centre.office: 5}


def test_the_ledger_of_another_desk_is_empty_at_a_desk(pair, tmp_path):
    """What is there of it is a part nobody could tell from the whole."""
    _centre, _a, b = pair
    models.open_database(b)
    jiaowu = models.desk_by_code("jiaowu")
    visits = ledger_by_code("visits")
    made = export_ledger(visits, tmp_path / "a.docx", **ALL_DAYS, desk=jiaowu)
    assert made.rows == 0


def test_the_day_and_the_handover_of_a_desk_count_its_own_visits(pair):
    _centre, _a, b = pair
    models.open_database(b)
    assert Visit.select().count() == 5
    assert len(models.visits_on(models.clock.today(), models.this_desk())) == 2
    assert models.draft_handover().visit_count == 2


def test_the_office_counts_no_row_twice_in_its_receipts(pair):
    centre, a, b = pair
    go_on(b, seen_at(b)["visit"][0][0], note="答复")
    round_of(centre, a, b)
    for result in exchange(b, centre.office, b, a):
        assert result.trouble == ""
    assert_alike(centre.office, a, b)


TAMPERED = {
    "UPDATE visit SET visitor_name = '李鬼' WHERE visitor_name = '学生1'": "姓名",
    "DELETE FROM visit WHERE visitor_name = '学生1'": "流水里有的记录，表里没有",
    "DELETE FROM visit_step": "流水里有的记录，表里没有",
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_passed_on_row_that_was_changed_or_taken_out_is_found(pair, statement):
    _centre, _a, b = pair
    models.open_database(b)
    for (name,) in db.execute_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        db.execute_sql(f"DROP TRIGGER {name}")
    db.execute_sql(statement)
    faults = models.verify().faults
    assert faults and all(TAMPERED[statement] in fault.what for fault in faults)


@pytest.mark.parametrize("anew", [False, True])
def test_a_row_passed_on_late_hides_no_row_that_is_missing(pair, anew):
    """It came at its second revision: as many rows are begun as there are."""
    centre, a, b = pair
    uid = refer(a, "xuesheng", "改过")
    with models.transaction():
        visit = Visit.get_by_id(uid)
        visit.note = "补充"
        visit.write(by=assistant())
    round_of(centre, a, b)
    assert (uid, 2) in passed_on(centre.office, b)
    if anew:
        begin_anew(centre.office)
        round_of(centre, a, b)
    models.open_database(b)
    assert models.verify().faults == []
    db.execute_sql("DROP TRIGGER visit_is_never_deleted")
    db.execute_sql("DELETE FROM visit WHERE visitor_name = '来访人1'")
    (fault,) = models.verify().faults
    assert "表里没有" in fault.what


class Crash(BaseException):
    """The power goes."""


def test_a_crash_at_any_commit_loses_and_doubles_nothing(pair, monkeypatch):
    centre, a, b = pair
    monkeypatch.setattr(relay, "ENTRIES", 2)  # several turns in one exchange
    real, state, crashed = SqliteDatabase.commit, {"left": 0}, 0

    def commit(self):
        state["left"] -= 1
        if state["left"] == 0:
            raise Crash
        return real(self)

    for at in range(1, 16):
        if at % 2:
            refer(a, "xuesheng", f"{at}")
        go_on(b, visit_of(b), note=f"{at}")
        exchange(a, b)
        models.open_database(centre.office)
        state["left"] = at
        with monkeypatch.context() as patch:
            patch.setattr(type(db.obj), "commit", commit)
            try:
                sync()
            except Crash:
                crashed += 1
        models.close_database()
        models.open_database(centre.office)
        assert models.verify().faults == []
    assert crashed > 8
    round_of(centre, a, b)
    for folder in (a, b):
        sent = passed_on(centre.office, folder)
        assert len(sent) == len(set(sent))
        assert seen_at(folder) == seen_at(centre.office)
        assert troubles_at(folder) == ([], [])
    assert_alike(centre.office, a, b)


def visit_of(folder) -> str:
    return seen_at(folder)["visit"][0][0]
