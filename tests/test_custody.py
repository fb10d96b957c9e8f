"""Custody: exactly one holder, transfers of every kind, and what they refuse (P16)."""

from datetime import date, datetime, timedelta

import pytest
from exchange import exchange
from sealing import (
    MORNING,
    add_teacher,
    allow_assistants,
    hand,
    person,
    refused,
    use,
)

import models
from models import SealTransfer, TransferKind, clock
from models.base import db

LAST_DAY = MORNING.date() + timedelta(days=7)


@pytest.fixture
def stranger(centre, chief):
    """A teacher of 团委, known at the desk of 教务处, whose station is open."""
    add_teacher(chief, "T101", "白老师", "团委")
    exchange(centre.office, centre.station)
    return person("T101")


@pytest.fixture
def lend(teacher, assistant, seal):
    def lend(receiver, **more):
        terms = {"until": LAST_DAY, "approver": "处长"} | more
        with clock.set_at(MORNING):
            return hand(
                seal, teacher, receiver, assistant, kind=TransferKind.TEMPORARY, **terms
            )

    return lend


def test_custody_moves_to_exactly_one(teacher, second_teacher, assistant, seal):
    use(teacher, seal)
    use(teacher, seal)
    moved = hand(seal, teacher, second_teacher, assistant)
    assert (moved.first_number, moved.last_number) == (1, 2)
    assert models.holder_of(seal).uid == second_teacher.uid
    with refused("何老师保管"):
        use(teacher, seal)
    with refused("只有保管人可以移交"):
        hand(seal, teacher, second_teacher, assistant)
    use(second_teacher, seal)
    back = hand(seal, second_teacher, teacher, assistant)
    assert (back.first_number, back.last_number) == (3, 3)
    assert back.previous_uid == moved.uid
    assert models.holder_of(seal).uid == teacher.uid
    again = hand(seal, teacher, second_teacher, assistant)
    assert (again.first_number, again.last_number) == (None, None)


def test_numbers_of_the_old_year_are_not_lost_in_the_first_transfer_of_the_new(
    teacher, second_teacher, assistant, seal
):
    with clock.set_at(datetime(2026, 12, 28, 9)):
        use(teacher, seal)
        hand(seal, teacher, second_teacher, assistant)
        use(second_teacher, seal)
        use(second_teacher, seal)
    with clock.set_at(datetime(2027, 1, 4, 9)):
        use(second_teacher, seal)
        moved = hand(seal, second_teacher, teacher, assistant)
        assert (moved.first_number, moved.last_number) == (1, 1)
        assert moved.note == "含 2026 年第 0002–0003 号"
        assert hand(seal, teacher, second_teacher, assistant).note == ""


def test_a_transfer_says_all_that_the_form_asks(
    teacher, second_teacher, assistant, seal
):
    with clock.set_at(MORNING):
        moved = hand(
            seal,
            teacher,
            second_teacher,
            assistant,
            reason=" 轮岗 ",
            kind=TransferKind.POST,
            condition="边缘磨损",
            place="二楼",
            note="附印盒",
            signed=("card", "number", "card"),
        )
    moved = SealTransfer.get_by_id(moved.uid)
    assert (moved.reason, moved.kind_label, moved.at) == ("轮岗", "岗位变动", MORNING)
    assert (moved.condition, moved.place, moved.note) == ("边缘磨损", "二楼", "附印盒")
    assert (moved.giver_signed, moved.receiver_signed) == ("card", "number")
    assert moved.witness_signed == "card"


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"reason": " "}, "移交原因"),
        ({"condition": " "}, "印章状况"),
        ({"kind": "gift"}, "移交类别"),
        ({"kind": "return"}, "不是临时代管"),
        ({"kind": "collected"}, "请选中心办公室的人员"),
        ({"kind": "temporary", "approver": "处长"}, "请填写临时代管的期限"),
        ({"kind": "temporary", "until": date(2026, 11, 22)}, "不能早于今天"),
        ({"kind": "temporary", "until": date(2026, 11, 23)}, "临时代管的批准人"),
    ],
)
def test_a_transfer_is_refused(teacher, second_teacher, assistant, seal, fields, words):
    with clock.set_at(MORNING), refused(words):
        hand(seal, teacher, second_teacher, assistant, **fields)


def test_a_transfer_needs_a_third_person_as_witness(
    teacher, second_teacher, assistant, seal
):
    for witness in (teacher, second_teacher):
        with refused("第三人"):
            hand(seal, teacher, second_teacher, witness)
    with refused("不能是移交人自己"):
        hand(seal, teacher, teacher, assistant)


def test_who_has_left_neither_receives_nor_witnesses(centre, chief):
    models.end_service(person("T002"), by=chief)
    models.end_service(person("2024110202"), by=chief)
    exchange(centre.office, centre.station)
    (seal,) = models.seals_of(models.this_desk())
    left = {p.number: p for p in models.Person.select()}
    with refused("何老师不在岗，不能接收印章"):
        hand(seal, person("T001"), left["T002"], person("2024110201"))
    with refused("王芳不在岗，不能监交"):
        hand(seal, person("T001"), person("2024110201"), left["2024110202"])


def test_an_assistant_cannot_hold_a_seal_assistants_may_not_use(
    teacher, second_teacher, assistant, seal
):
    with refused("学生助理"):
        hand(seal, teacher, assistant, second_teacher)


def test_allowed_to_use_and_then_not_an_assistant_only_hands_it_on(centre, station):
    seal = allow_assistants(centre)
    teacher, assistant, witness = map(person, ("T001", "2024110201", "T002"))
    hand(seal, teacher, assistant, witness)
    use(assistant, seal)
    models.open_database(centre.office)
    models.change_seal(seal, by=person("B0001"), assistants_may_use=False)
    exchange(centre.office, centre.station)
    with refused("不允许学生助理用印"):
        use(assistant, seal)
    hand(seal, assistant, teacher, witness)


def test_a_seal_stays_in_its_department_but_for_a_time(stranger, assistant, seal, lend):
    with refused("白老师不是教务处的人，请移交给本部门的人，或办理临时代管"):
        hand(seal, person("T001"), stranger, assistant)
    with refused("登记用印由本部门"):
        use(stranger, seal)
    lend(stranger)
    with clock.set_at(datetime(2026, 11, 30, 16)):
        line = use(stranger, seal)
        models.reserve_numbers(seal, by=stranger, count=2, for_day=LAST_DAY)
    models.void_seal_use(line, by=stranger, reason="错")


def test_an_assistant_on_duty_for_the_department_may_hold_it(centre, chief):
    models.add_person(
        by=chief,
        number="20249",
        name="小白",
        role="assistant",
        department=models.department_by_name("团委"),
    )
    seal = allow_assistants(centre)
    teacher, helper, witness = map(person, ("T001", "20249", "T002"))
    with refused("小白不是教务处的人"):
        hand(seal, teacher, helper, witness)
    attendance = models.check_in(helper)
    with models.transaction():
        attendance.department_uid = seal.department_uid
        attendance.write(by=helper)
    hand(seal, teacher, helper, witness)
    assert use(helper, seal).number == 1
    models.check_out(attendance)
    with refused("登记用印由"):
        use(helper, seal)
    hand(seal, helper, teacher, witness)


def test_temporary_custody_ends_and_goes_back(stranger, teacher, assistant, seal, lend):
    lend(stranger)
    custody = models.custody_of(seal)
    assert (custody.holder.name, custody.until) == ("白老师", LAST_DAY)
    assert (custody.lender.uid, custody.is_temporary) == (teacher.uid, True)
    desk = models.this_desk()
    with clock.set_at(datetime(2026, 11, 30, 23, 59)):
        assert models.custody_overdue(desk) == []
    with clock.set_at(datetime(2026, 12, 1)):
        assert models.custody_overdue(desk) == [seal]
        with refused("临时代管已于 2026-11-30 到期"):
            use(stranger, seal)
        with refused("还给移交人李老师"):
            hand(seal, stranger, person("T002"), assistant, kind=TransferKind.RETURN)
        hand(seal, stranger, teacher, assistant, kind=TransferKind.RETURN)
        assert models.custody_overdue(desk) == []
        assert use(teacher, seal).number == 1
    assert models.custody_of(seal) == models.Custody(models.holder_of(seal))


def test_what_is_lent_on_comes_back_on_the_terms_it_stood(
    stranger, second_teacher, teacher, assistant, seal, lend
):
    lend(stranger)
    with clock.set_at(MORNING):
        hand(
            seal,
            stranger,
            second_teacher,
            assistant,
            kind=TransferKind.TEMPORARY,
            until=MORNING.date(),
            approver="处长",
        )
        assert models.custody_of(seal).until == MORNING.date()
        hand(seal, second_teacher, stranger, assistant, kind=TransferKind.RETURN)
        assert models.custody_of(seal).until == LAST_DAY
        assert models.custody_of(seal).lender.uid == teacher.uid
        # To the department for good: nothing is lent any more.
        hand(seal, stranger, second_teacher, assistant)
    assert models.custody_of(seal).until is None


def test_the_office_holds_only_what_was_handed_in(teacher, assistant, seal):
    office = person("B0001")
    with refused("缴回办公室时，接收人请选中心办公室的人员"):
        hand(seal, teacher, office, assistant)
    hand(seal, teacher, office, assistant, kind=TransferKind.COLLECTED)
    with refused("移交印章由"):
        hand(seal, office, teacher, assistant)
    with refused("登记用印由"):
        use(office, seal)


def test_nothing_new_is_numbered_once_the_seal_is_handed_in(teacher, assistant, seal):
    line = use(teacher, seal)
    hand(seal, teacher, person("B0001"), assistant, kind=TransferKind.COLLECTED)
    with refused("已缴回办公室"):
        models.correct_seal_use(line, by=teacher, reason="错", copies=2)
    with refused("停用或缴回"):
        models.reserve_numbers(seal, by=teacher, count=1, for_day=clock.today())
    models.void_seal_use(line, by=teacher, reason="错")


def test_for_a_holder_who_has_left_the_department_hands_it_over(centre, station):
    (seal,) = models.seals_of(models.this_desk())
    with refused("李老师保管"):
        hand(seal, person("T002"), person("T002"), person("2024110201"))
    models.open_database(centre.office)
    models.end_service(person("T001"), by=person("B0001"))
    exchange(centre.office, centre.station)
    second, assistant = person("T002"), person("2024110201")
    with refused("只有保管人可以移交"):
        hand(seal, assistant, second, person("2024110202"))
    moved = hand(seal, second, second, assistant)
    assert (moved.giver_name, moved.note) == ("李老师", "李老师已离岗，由何老师代交")
    assert use(second, seal).number == 1
    assert models.verify().faults == []


def test_what_somebody_has_in_hand_must_not_walk_off(
    teacher, second_teacher, assistant, seal
):
    assert models.seals_held_by(teacher) == [seal]
    hand(seal, teacher, second_teacher, assistant)
    assert models.seals_held_by(teacher) == []
    assert models.seals_held_by(second_teacher) == [seal]


def test_the_office_knows_the_holder_after_a_sync(centre, station):
    (seal,) = models.seals_of(models.this_desk())
    hand(seal, person("T001"), person("T002"), person("2024110201"))
    exchange(centre.station, centre.office)
    seal = models.seal_by_name("教务处")
    assert models.holder_of(seal).name == "何老师"


def forge(*statements):
    """What a forger with the key would do; what verify says of seals then."""
    for trigger in ("seal_transfer_is_only_added", "seal_transfer_is_never_deleted"):
        db.execute_sql(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.execute_sql(statement)
    return {fault.what for fault in models.verify().faults}


COLUMNS = ", ".join(f'"{name}"' for name in models.base.table_of(SealTransfer).columns)


@pytest.mark.parametrize(
    "statement, words",
    [
        (
            f"INSERT INTO seal_transfer ({COLUMNS}) SELECT "
            + COLUMNS.replace('"uid"', "'twin'", 1)
            + " FROM seal_transfer WHERE previous_uid = ''",
            "同一次保管有 2 次移交",
        ),
        (
            "UPDATE seal_transfer SET giver_uid = witness_uid WHERE previous_uid = ''",
            "移交人不是当时的保管人",
        ),
        (
            "UPDATE seal_transfer SET giver_uid = witness_uid WHERE previous_uid <> ''",
            "移交人不是当时的保管人",
        ),
        (
            "DELETE FROM seal_transfer WHERE previous_uid = ''",
            "移交所接的上次移交不存在",
        ),
        (
            "UPDATE seal_transfer SET previous_uid = "
            "(SELECT MAX(uid) FROM seal_transfer) WHERE previous_uid = ''",
            "移交记录不在保管链上",
        ),
    ],
)
def test_verify_names_a_broken_chain(
    teacher, second_teacher, assistant, seal, statement, words
):
    hand(seal, teacher, second_teacher, assistant)
    hand(seal, second_teacher, teacher, assistant)
    assert models.verify().faults == []
    assert words in forge(statement)
    models.holder_of(seal)  # it ends, whatever was forged
