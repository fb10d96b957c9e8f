from datetime import datetime

import pytest
from exchange import exchange

import models
from models import SealUse, UserError, clock


def use(by, seal, **more):
    fields = {
        "applicant": "张伟",
        "unit": "数字化学院",
        "document_title": "在读证明",
        "purpose": "办理贷款",
        "approver": "李老师",
    }
    return models.record_seal_use(by=by, seal=seal, **fields | more)


@pytest.fixture
def league_seal(chief):
    """The seal of 团委, at its desk."""
    league = models.department_by_name("团委")
    keeper = models.add_person(
        by=chief, number="T101", name="白老师", role="teacher", department=league
    )
    return models.register_seal(
        by=chief,
        department=league,
        desk=models.desk_by_code("dangtuan"),
        keeper=keeper,
    )


def test_the_name_follows_the_policy(seal):
    assert seal.name == "教务处—学生社区事务专用章"


def test_numbers_run_per_seal_and_year_without_a_gap(teacher, seal):
    with clock.set_at(datetime(2026, 12, 31, 16)):
        assert [use(teacher, seal).number for _ in range(3)] == [1, 2, 3]
        refused = models.refuse_seal_use(
            by=teacher,
            seal=seal,
            applicant="张伟",
            unit="数字化学院",
            document_title="",
            reason="空白纸张",
        )
        assert (refused.number, refused.impressions) == (4, 0)
    with clock.set_at(datetime(2027, 1, 1, 9)):
        assert (use(teacher, seal).year, use(teacher, seal).number) == (2027, 2)


def test_a_void_entry_keeps_its_number(teacher, seal):
    first = use(teacher, seal)
    models.void_seal_use(first, by=teacher, reason="份数写错")
    with pytest.raises(UserError, match="已经作废"):
        models.void_seal_use(first, by=teacher, reason="再来")
    assert use(teacher, seal).number == 2
    assert SealUse.get_by_id(first.uid).void_reason == "份数写错"


def test_only_the_holder_records_a_use(second_teacher, assistant, seal):
    for person in (second_teacher, assistant):
        with pytest.raises(UserError, match="李老师保管"):
            use(person, seal)
    assert SealUse.select().count() == 0


def test_blank_paper_is_never_sealed(teacher, seal):
    with pytest.raises(UserError, match="空白纸张"):
        use(teacher, seal, document_title=" ")


@pytest.mark.parametrize("field", ["copies", "impressions"])
@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_impossible_counts_are_refused(teacher, seal, field, number):
    with pytest.raises(UserError, match="1 到 9999"):
        use(teacher, seal, **{field: number})


def test_custody_moves_to_exactly_one(teacher, second_teacher, assistant, seal):
    use(teacher, seal)
    use(teacher, seal)
    moved = models.transfer_seal(
        seal, by=teacher, receiver=second_teacher, witness=assistant, reason="交接班"
    )
    assert (moved.first_number, moved.last_number) == (1, 2)
    assert models.holder_of(seal).uid == second_teacher.uid
    with pytest.raises(UserError, match="何老师保管"):
        use(teacher, seal)
    with pytest.raises(UserError, match="只有保管人可以移交"):
        models.transfer_seal(
            seal, by=teacher, receiver=second_teacher, witness=assistant, reason="x"
        )
    use(second_teacher, seal)
    back = models.transfer_seal(
        seal, by=second_teacher, receiver=teacher, witness=assistant, reason="还"
    )
    assert (back.first_number, back.last_number) == (3, 3)
    assert back.previous_uid == moved.uid
    assert models.holder_of(seal).uid == teacher.uid


def test_a_transfer_needs_a_third_person_as_witness(teacher, second_teacher, seal):
    for witness in (teacher, second_teacher):
        with pytest.raises(UserError, match="第三人"):
            models.transfer_seal(
                seal, by=teacher, receiver=second_teacher, witness=witness, reason="x"
            )


def test_an_assistant_cannot_hold_a_seal_assistants_may_not_use(
    teacher, second_teacher, assistant, seal
):
    with pytest.raises(UserError, match="学生助理"):
        models.transfer_seal(
            seal, by=teacher, receiver=assistant, witness=second_teacher, reason="x"
        )


def test_a_seal_of_another_desk_is_refused(centre, league_seal):
    exchange(centre.office, centre.station)
    with pytest.raises(UserError, match="不在本窗口"):
        use(models.person_signing_in("T001"), league_seal)
