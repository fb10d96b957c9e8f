"""Seals taken outside: due back, checked, and not handed over meanwhile (P16)."""

from datetime import datetime, timedelta

import pytest
from exchange import exchange
from sealing import MORNING, hand, person, refused, use

import models
from models import SealOuting, clock

BACK = MORNING + timedelta(hours=4)


@pytest.fixture
def take_out(teacher, seal):
    def take_out(**more):
        fields = {
            "by": teacher,
            "unit": "数字化学院",
            "applicant": "周老师",
            "reason": "现场签约",
            "place": "市人才市场",
            "approver": "处长",
            "due_back_at": BACK,
        }
        with clock.set_at(MORNING):
            return models.take_out(seal, **fields | more)

    return take_out


@pytest.fixture
def outing(take_out):
    return take_out()


def bring_back(outing, by, checker, **more):
    fields = {"condition": "完好"} | more
    return models.bring_back(outing, by=by, checker=checker, **fields)


def test_out_and_back(take_out, teacher, assistant, seal):
    outing = take_out(note="配印盒")
    assert models.open_outing(seal) == outing
    with clock.set_at(BACK):
        bring_back(
            outing, teacher, assistant, documents="协议", copies=3, note="有水渍"
        )
    outing = SealOuting.get_by_id(outing.uid)
    assert models.open_outing(seal) is None
    assert (outing.carrier_name, outing.checker_name) == ("李老师", "曾单")
    assert (outing.out_at, outing.returned_at) == (MORNING, BACK)
    assert (outing.documents, outing.copies) == ("协议", 3)
    assert outing.note == "配印盒；有水渍"
    days = MORNING.date(), MORNING.date()
    assert models.outings_between(*days, models.this_desk()) == [outing]
    assert models.outings_between(MORNING.date() + timedelta(days=1), BACK.date()) == []


def test_while_it_is_out_the_holder_logs_uses_and_nobody_hands_it_over(
    outing, teacher, second_teacher, assistant, seal
):
    with clock.set_at(MORNING + timedelta(hours=1)):
        assert use(teacher, seal).number == 1
        with refused("李老师带到市人才市场，还没有归还"):
            hand(seal, teacher, second_teacher, assistant)
        with refused("已由李老师带出"):
            models.take_out(
                seal,
                by=teacher,
                unit="x",
                applicant="x",
                reason="x",
                place="x",
                approver="x",
                due_back_at=BACK,
            )
    bring_back(outing, teacher, assistant)
    hand(seal, teacher, second_teacher, assistant)


def test_it_is_due(outing, teacher, assistant, desk):
    with clock.set_at(BACK - timedelta(seconds=1)):
        assert models.outings_due(desk) == []
        assert models.open_outings(desk) == [outing]
    with clock.set_at(BACK):
        assert models.outings_due(desk) == [outing]
        bring_back(outing, teacher, assistant)
        assert models.outings_due(desk) == models.open_outings(desk) == []


@pytest.mark.parametrize(
    "field, words",
    {
        "unit": "申请部门",
        "applicant": "申请人",
        "reason": "外带事由",
        "place": "外带地点",
        "approver": "外带的批准人",
    }.items(),
)
def test_what_must_be_said(take_out, field, words):
    with refused(words):
        take_out(**{field: " "})


def test_it_is_due_back_later_than_it_leaves(take_out):
    with refused("应还时间要晚于现在"):
        take_out(due_back_at=MORNING)


def test_only_a_teacher_who_holds_it_takes_it_out(
    take_out, second_teacher, assistant, teacher
):
    with refused("李老师保管"):
        take_out(by=second_teacher)
    models.hand_over(by=assistant)
    with refused("请先接班"):
        take_out()


def test_the_return_is_checked_by_somebody_else_once(
    outing, teacher, second_teacher, assistant
):
    with refused("印章状况"):
        bring_back(outing, teacher, assistant, condition=" ")
    with refused("0 到 9999"):
        bring_back(outing, teacher, assistant, copies=-1)
    with refused("携章人、经办人以外"):
        bring_back(outing, teacher, teacher)
    with refused("办理印章外带由"):
        bring_back(outing, second_teacher, assistant)
    bring_back(SealOuting.get(), teacher, assistant)
    with refused("已经归还"):
        bring_back(outing, teacher, assistant)


def test_for_a_carrier_who_has_left_the_department_brings_it_back(centre, outing):
    models.open_database(centre.office)
    models.end_service(person("T001"), by=person("B0001"))
    exchange(centre.office, centre.station)
    second, assistant = person("T002"), person("2024110201")
    with refused("以外的在岗人员"):
        bring_back(outing, second, second)
    bring_back(outing, second, assistant)
    (seal,) = models.seals_of(models.this_desk())
    hand(seal, second, second, assistant)


def test_a_clock_set_back_brings_nothing_back_before_it_left(
    outing, teacher, assistant
):
    with clock.set_at(datetime(2026, 11, 22, 8)):
        assert bring_back(outing, teacher, assistant).returned_at == MORNING
