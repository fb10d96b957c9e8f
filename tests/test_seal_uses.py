"""Uses of a seal: numbers, refusal, void, correction, lists of students (P6, P16)."""

from datetime import datetime

import pytest
from exchange import approve_all, exchange, join
from sealing import ASKED, MORNING, add_teacher, allow_assistants, person, refused, use

import models
from models import SealUse, UserError, clock
from models.base import db


def correct(line, by, reason="份数写错", **fields):
    return models.correct_seal_use(line, by=by, reason=reason, **fields)


def test_numbers_run_per_seal_and_year_without_a_gap(teacher, seal):
    with clock.set_at(datetime(2026, 12, 31, 16)):
        assert [use(teacher, seal).number for _ in range(3)] == [1, 2, 3]
        line = models.refuse_seal_use(
            by=teacher,
            seal=seal,
            applicant="张伟",
            unit="数字化学院",
            document_title="",
            reason="空白纸张",
        )
        assert (line.number, line.impressions) == (4, 0)
    with clock.set_at(datetime(2027, 1, 1, 9)):
        assert (use(teacher, seal).year, use(teacher, seal).number) == (2027, 2)


def test_a_use_that_fails_takes_no_number(teacher, seal, monkeypatch):
    use(teacher, seal)

    def power_cut(*_args, **_more):
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(models.journal, "append", power_cut)
        with pytest.raises(OSError, match="power cut"):
            use(teacher, seal)
    assert use(teacher, seal).number == 2
    assert models.verify().faults == []


def test_a_void_entry_keeps_its_number(teacher, seal):
    first = use(teacher, seal)
    models.void_seal_use(first, by=teacher, reason="份数写错")
    with refused("已经作废"):
        models.void_seal_use(first, by=teacher, reason="再来")
    assert use(teacher, seal).number == 2
    assert SealUse.get_by_id(first.uid).void_reason == "份数写错"


def test_only_the_holder_records_a_use(second_teacher, assistant, seal):
    for by in (second_teacher, assistant):
        with refused("李老师保管"):
            use(by, seal)


def test_the_office_and_other_departments_seal_nothing(centre, chief):
    add_teacher(chief, "T101", "白老师", "团委")
    exchange(centre.office, centre.station)
    (seal,) = models.seals_of(models.this_desk())
    for number in ("T101", "B0001"):
        with refused("登记用印由本部门的学生助理或本部门的老师办理"):
            use(person(number), seal)


@pytest.mark.parametrize(
    "field, words",
    {
        "document_title": "空白纸张",
        "purpose": "用印事由",
        "approver": "批准人",
        "applicant": "用印人",
        "unit": "用印单位",
    }.items(),
)
def test_what_must_be_said(teacher, seal, field, words):
    with refused(words):
        use(teacher, seal, **{field: " "})


@pytest.mark.parametrize("typed", ["13800000000", "2023010101", "0512-5866 8620"])
def test_a_number_approves_nothing(teacher, seal, typed):
    with refused("批准人请填写姓名") as problem:
        use(teacher, seal, approver=typed)
    assert problem.value.field == "approver"
    with refused("批准人请填写姓名"):
        models.refuse_seal_use(
            by=teacher, seal=seal, reason="空白", **ASKED | {"approver": typed}
        )
    assert use(teacher, seal, approver="买买提·Ali").number == 1


@pytest.mark.parametrize("field", ["copies", "impressions"])
@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_impossible_counts_are_refused(teacher, seal, field, number):
    with refused("1 到 9999"):
        use(teacher, seal, **{field: number})


def test_refusal_and_void_need_a_reason(teacher, seal):
    asked = {key: ASKED[key] for key in ("applicant", "unit", "document_title")}
    with refused("拒印原因"):
        models.refuse_seal_use(by=teacher, seal=seal, reason=" ", **asked)
    line = use(teacher, seal)
    with refused("作废原因"):
        models.void_seal_use(line, by=teacher, reason=" ")


def test_an_assistant_uses_a_seal_and_voids_own_lines_only(centre, station):
    seal = allow_assistants(centre)
    teacher, assistant = person("T001"), person("2024110201")
    theirs = use(teacher, seal)
    models.transfer_seal(
        seal, by=teacher, receiver=assistant, witness=person("T002"), reason="交接班"
    )
    own = use(assistant, seal)
    with refused("作废或更正用印由学生助理本人或本部门的老师"):
        models.void_seal_use(theirs, by=assistant, reason="错")
    models.void_seal_use(own, by=assistant, reason="错")
    models.void_seal_use(theirs, by=teacher, reason="错")


def test_the_office_voids_no_line(teacher, seal):
    line = use(teacher, seal)
    for change in (models.void_seal_use, models.correct_seal_use):
        with refused("作废或更正用印"):
            change(line, by=person("B0001"), reason="错")


def test_a_correction_is_a_new_line_and_voids_the_old_one(
    teacher, second_teacher, seal
):
    with clock.set_at(MORNING):
        first = use(teacher, seal, copies=2, note="急", students=["1", "2"])
        use(teacher, seal)
    with clock.set_at(datetime(2027, 1, 4, 10)):
        new = correct(first, second_teacher, copies=3)
    old, new = SealUse.get_by_id(first.uid), SealUse.get_by_id(new.uid)
    assert (old.is_void, old.void_reason) == (True, "更正为 2027-0001：份数写错")
    assert (new.corrects_uid, new.corrects_number) == (old.uid, "2026-0001")
    assert (new.copies, new.document_title, new.students) == (3, "在读证明", ["1", "2"])
    assert new.note == "急；更正 2026-0001（2026-11-23 09:00 用印）：份数写错"
    # Who set the seal did so whoever corrects it.
    assert (new.sealer_uid, new.used_at) == (teacher.uid, datetime(2027, 1, 4, 10))
    assert models.verify().faults == []


def test_a_correction_makes_a_refusal_of_a_use_and_a_use_of_a_refusal(teacher, seal):
    refusal = correct(use(teacher, seal), teacher, refused_reason="没有签字")
    assert (refusal.copies, refusal.refused_reason) == (0, "没有签字")
    sealed = correct(refusal, teacher, refused_reason="")
    assert (sealed.copies, sealed.impressions, sealed.refused_reason) == (1, 1, "")
    assert [line.is_void for line in SealUse.select().order_by(SealUse.number)] == [
        *(True, True, False)
    ]


def test_a_correction_says_why_and_what_and_once(teacher, seal):
    line = use(teacher, seal)
    with refused("更正原因"):
        correct(line, teacher, reason=" ", copies=2)
    with refused("要更正的内容"):
        correct(line, teacher)
    with refused("批准人"):
        correct(line, teacher, approver=" ")
    models.void_seal_use(line, by=teacher, reason="错")
    with refused("已经作废"):
        correct(SealUse.get_by_id(line.uid), teacher, copies=2)


def test_a_line_of_another_pc_is_left_alone(centre, station, teacher, seal):
    use(teacher, seal)
    exchange(centre.station, centre.office)
    with refused("另一台电脑"):
        models.void_seal_use(SealUse.get(), by=person("T001"), reason="错")


def test_what_was_sealed_for_a_student_is_found_on_lists_too(teacher, seal):
    student = models.student_by_number("2023110001")
    alone = use(teacher, seal, student=student)
    batch = use(teacher, seal, students=["2023110002", " 2023110001 ", "2023110002"])
    use(teacher, seal, students=["20231100012", "12023110001"])
    assert batch.students == ["2023110002", "2023110001"]
    found = {line.uid for line in models.seal_uses_of(" 2023110001 ")}
    assert found == {alone.uid, batch.uid}
    assert models.seal_uses_of("3110001") == models.seal_uses_of("") == []


def test_lists_are_looked_for_in_their_own_index(teacher, seal):
    query = SealUse.select().where(models.seal_uses.names_student("2023110001"))
    plan = db.execute_sql("EXPLAIN QUERY PLAN " + query.sql()[0], query.sql()[1])
    steps = [step[-1] for step in plan.fetchall()]
    assert any("seal_use_lists" in step for step in steps), steps
    assert not any(step == "SCAN t1" for step in steps), steps


def test_until_a_handover_is_taken_over_only_the_seal_is_locked(
    teacher, second_teacher, assistant, other_assistant, service, seal
):
    waiting = models.hand_over(by=assistant)
    with refused("交班还没有人接"):
        use(teacher, seal)
    models.record_visit(
        by=assistant, service=service, outcome="done", visitor_name="张伟"
    )
    models.transfer_seal(
        seal, by=teacher, receiver=second_teacher, witness=assistant, reason="交接班"
    )
    models.take_over(waiting, by=other_assistant)
    assert use(second_teacher, seal).number == 1


def test_the_second_pc_of_a_desk_gives_no_numbers(centre, station, teacher, seal):
    """Offline, two PCs would give the same numbers and name two holders."""
    second = centre.root / "jiaowu-2"
    join(centre, second, name="教务窗口 2 号机")
    approve_all(centre, "jiaowu")
    exchange(centre.office, second)
    (seal,) = models.seals_of(models.this_desk())
    for do in (
        lambda: use(person("T001"), seal),
        lambda: models.reserve_numbers(
            seal, by=person("T001"), count=3, for_day=clock.today()
        ),
    ):
        with pytest.raises(UserError, match="教务窗口 1 号机"):
            do()
    assert models.seals_held_by(person("T001")) == []
