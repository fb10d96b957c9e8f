"""The office stops, gives elsewhere and destroys seals (P16)."""

from datetime import date, timedelta

import pytest
from exchange import add_station, approve_all, exchange, join
from sealing import add_teacher, hand, person, refused, use

import models
from models import DisposalKind, Seal, SealDisposal, SealState, Station, clock


@pytest.fixture
def in_hand(centre):
    """What the station's seal is when nothing was done yet; the office is open."""
    models.open_database(centre.office)
    return models.seal_by_name("教务处")


@pytest.fixture
def chief(in_hand):
    return person("B0001")


@pytest.fixture
def handed_in(centre):
    """Used twice at its desk and handed in; the office is open and knows."""
    models.open_database(centre.station)
    (seal,) = models.seals_of(models.this_desk())
    for _ in range(2):
        use(person("T001"), seal)
    office, witness = person("B0001"), person("2024110201")
    hand(seal, person("T001"), office, witness, kind="collected")
    exchange(centre.station, centre.office)
    return models.seal_by_name("教务处")


def stop(seal, by, **more):
    return models.stop_seal(
        seal, by=by, **{"reason": "换章", "approver": "院长"} | more
    )


def destroy(seal, by, **more):
    fields = {
        "reason": "机构合并",
        "approver": "院长",
        "method": "熔毁",
    }
    if "witnesses" not in more:
        more["witnesses"] = [person("T001"), person("T002")]
    return models.destroy_seal(seal, by=by, **fields | more)


def assign(seal, by, code="dangtuan", keeper="T002", **more):
    return models.assign_seal(
        seal,
        by=by,
        desk=models.desk_by_code(code),
        keeper=person(keeper),
        **{"reason": "窗口调整"} | more,
    )


def test_a_stopped_seal_is_not_used_until_it_is_resumed(centre, in_hand, chief):
    done = stop(in_hand, chief)
    assert (done.kind_label, done.person_name) == ("停用", "顾主任")
    with refused("已停用"):
        stop(in_hand, chief)
    exchange(centre.office, centre.station)
    (seal,) = Seal.select()
    with refused("已停用，不能用印"):
        use(person("T001"), seal)
    # It can still be handed over: it has to be collected somehow.
    hand(seal, person("T001"), person("T002"), person("2024110201"))
    assert models.seals_held_by(person("T002")) == [seal]
    models.open_database(centre.office)
    assert models.resume_seal(seal, by=chief, reason="续用").kind_label == "恢复启用"
    with refused("不用恢复"):
        models.resume_seal(seal, by=chief, reason="续用")
    exchange(centre.office, centre.station)
    assert use(person("T002"), seal).number == 1
    assert SealDisposal.select().count() == 2


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"reason": " "}, "请写明原因"),
        ({"approver": " "}, "请填写批准人"),
        ({"on": clock.today() + timedelta(days=1)}, "不能晚于今天"),
    ],
)
def test_every_decision_says_why_who_and_when(handed_in, fields, words):
    for decide in (stop, destroy):
        with refused(words):
            decide(handed_in, person("B0001"), **fields)


def test_only_the_office_decides(handed_in):
    teacher = person("T001")
    with refused("停用、调配或销毁印章由"):
        stop(handed_in, teacher)
    with refused("停用、调配或销毁印章由"):
        destroy(handed_in, teacher)
    with refused("停用、调配或销毁印章由"):
        assign(handed_in, teacher)
    with refused("停用、调配或销毁印章由"):
        models.resume_seal(handed_in, by=teacher, reason="x")


def test_only_what_was_handed_in_is_destroyed(in_hand, chief):
    with refused("还由李老师保管；.*缴回办公室"):
        destroy(in_hand, chief)
    with refused("还由李老师保管"):
        assign(in_hand, chief)


def test_it_is_destroyed_before_two_witnesses(handed_in):
    by, one, two = person("B0001"), person("T001"), person("T002")
    for witnesses in ([], [one], [one, one], [one, by]):
        with refused("两名监销人"):
            destroy(handed_in, by, witnesses=witnesses)
    with refused("不能兼任"):
        destroy(handed_in, by, witnesses=[one, two, by])
    with refused("销毁方式"):
        destroy(handed_in, by, method=" ")
    models.end_service(two, by=by)
    with refused("何老师不在岗"):
        destroy(handed_in, by, witnesses=[one, two])


def test_what_was_destroyed_is_over(centre, handed_in):
    by = person("B0001")
    done = destroy(handed_in, by, place="办公室", on=date(2026, 1, 5))
    done = SealDisposal.get_by_id(done.uid)
    assert [witness["name"] for witness in done.witnesses] == ["李老师", "何老师"]
    assert (done.giver_name, done.receiver_name) == ("李老师", "顾主任")
    assert (done.kind, done.method, done.place) == ("destroyed", "熔毁", "办公室")
    assert models.disposals_between(date(2026, 1, 5), date(2026, 1, 5)) == [done]
    for again in (destroy, assign):
        with refused("已经销毁"):
            again(handed_in, by)
    with refused("已销毁"):
        stop(handed_in, by)
    exchange(centre.office, centre.station)
    assert SealDisposal.get().kind == DisposalKind.DESTROYED
    (seal,) = Seal.select()
    assert models.seals_held_by(person("B0001")) == []
    with refused("已销毁"):
        hand(seal, person("T001"), person("T002"), person("2024110201"))
    assert models.verify().faults == []


def test_a_lost_seal_is_struck_off_wherever_it_was(centre, in_hand, chief):
    done = models.destroy_seal(
        in_hand, by=chief, reason="搬迁时丢失", approver="院长", lost=True
    )
    assert (done.reason, done.method) == ("遗失：搬迁时丢失", "遗失作废")
    assert done.receiver_name == "李老师"
    exchange(centre.office, centre.station)
    with refused("已销毁"):
        use(person("T001"), Seal.get())


def test_elsewhere_the_numbers_go_on(centre, handed_in):
    exchange(centre.station)
    second = add_station(centre, "dangtuan")
    models.open_database(centre.office)
    done = assign(handed_in, person("B0001"))
    assert (done.kind_label, done.desk_name) == ("调配", "党团事务窗口")
    assert (done.giver_name, done.receiver_name) == ("顾主任", "何老师")
    exchange(centre.office, second)
    (seal,) = models.seals_of(models.this_desk())
    assert models.holder_of(seal).name == "何老师"
    assert use(person("T002"), seal).number == 3
    sheet = models.reserve_numbers(
        seal, by=person("T002"), count=2, for_day=clock.today()
    )
    moved = hand(seal, person("T002"), person("T001"), person("2024110201"))
    assert (sheet.first, moved.first_number, moved.last_number) == (4, 3, 5)
    models.settle_reservation(sheet, by=person("T001"), rows=[], void_reason="没停电")
    hand(seal, person("T001"), person("B0001"), person("2024110201"), kind="collected")
    assert models.verify().faults == []
    # Home again: the desk knows neither the numbers nor the transfers in between.
    exchange(second, centre.office)
    assign(handed_in, person("B0001"), code="jiaowu", keeper="T001")
    assert models.verify().faults == []
    exchange(centre.office, centre.station)
    (seal,) = models.seals_of(models.this_desk())
    assert use(person("T001"), seal).number == 6
    hand(seal, person("T001"), person("T002"), person("2024110201"))
    assert models.verify().faults == []
    exchange(centre.station, centre.office, second)
    assert models.holder_of(Seal.get()).name == "李老师"  # not told, and not asked
    with refused("不在本窗口"):
        use(person("T002"), seal)
    models.open_database(centre.office)
    assert models.holder_of(Seal.get()).name == "何老师"
    assert models.next_seal_number(Seal.get(), clock.today().year) == 7
    assert models.verify().faults == []


def test_it_is_given_to_people_of_its_department(handed_in):
    by = person("B0001")
    add_teacher(by, "T101", "白老师", "团委")
    with refused("白老师不是教务处的人"):
        assign(handed_in, by, keeper="T101")
    with refused("请写明原因"):
        assign(handed_in, by, reason=" ")
    elsewhere = Station.get(Station.desk_uid == models.desk_by_code("jiaowu").uid)
    with refused("不是“党团事务窗口”在用的电脑"):
        assign(handed_in, by, station=elsewhere)


def test_to_another_pc_of_its_desk(centre, handed_in):
    second = centre.root / "jiaowu-2"
    join(centre, second, name="教务窗口 2 号机")
    approve_all(centre, "jiaowu")
    station = Station.get(Station.name == "教务窗口 2 号机")
    assign(handed_in, person("B0001"), code="jiaowu", station=station)
    exchange(centre.office, centre.station)
    with refused("教务窗口 2 号机"):
        use(person("T002"), Seal.get())
    exchange(second)
    assert use(person("T002"), Seal.get()).number == 3
    assert models.verify().faults == []


def test_from_a_pc_that_is_revoked_the_office_gives_it_to_another(centre, station):
    """The PC is broken: nobody can hand the seal over there any more."""
    for _ in range(3):
        use(person("T001"), models.seals_of(models.this_desk())[0])
    hand(Seal.get(), person("T001"), person("T002"), person("2024110201"))
    exchange(centre.station, centre.office)
    second = centre.root / "jiaowu-2"
    join(centre, second, name="教务窗口 2 号机")
    approve_all(centre, "jiaowu")
    by, old = person("B0001"), Station.get(Station.name == "教务窗口 1 号机")
    with refused("还由何老师保管"):
        assign(Seal.get(), by, code="jiaowu")
    with models.transaction():
        old.revoked_after = 10_000
        old.write(by=by)
    assign(Seal.get(), by, code="jiaowu")
    exchange(centre.office, second)
    assert Seal.get().state == SealState.ACTIVE
    assert use(person("T002"), Seal.get()).number == 4
    moved = hand(Seal.get(), person("T002"), person("T001"), person("2024110201"))
    assert (moved.first_number, moved.last_number) == (4, 4)
    exchange(second, centre.office)
    assert models.holder_of(Seal.get()).name == "李老师"
    assert models.verify().faults == []
