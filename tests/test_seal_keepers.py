"""印章跟人走, read from the records: who went and left no seal behind."""

from datetime import timedelta

import pytest
from sealing import MORNING, hand, use

import models
from models import clock
from models.seal_keepers import absent_keepers, outings_left_behind
from models.seal_sums import sums_since_transfer


@pytest.fixture
def gone(teacher, seal):
    """The keeper has come at nine and gone at ten."""
    for hours in (0, 1):
        with clock.set_at(MORNING + timedelta(hours=hours)):
            models.swipe(teacher.number)


def test_a_keeper_who_is_here_or_never_came_is_not_missed(teacher, seal):
    assert absent_keepers() == []
    with clock.set_at(MORNING):
        models.swipe(teacher.number)
    assert absent_keepers() == []


def test_a_keeper_who_went_is_missed_until_the_seal_changes_hands(
    gone, teacher, second_teacher, assistant, seal
):
    (absent,) = absent_keepers()
    assert (absent.keeper.uid, absent.checked_out) == (teacher.uid, True)
    with clock.set_at(MORNING + timedelta(hours=2)):
        hand(seal, teacher, second_teacher, assistant)
    assert absent_keepers() == []


def test_a_keeper_who_is_back_or_gets_the_seal_is_there(
    gone, teacher, second_teacher, assistant, seal
):
    with clock.set_at(MORNING + timedelta(hours=2)):
        hand(seal, teacher, second_teacher, assistant)
    with clock.set_at(MORNING + timedelta(hours=3)):
        hand(seal, second_teacher, teacher, assistant)
    assert absent_keepers() == []  # had checked out, but took it back since


def test_who_handed_over_is_missed_unless_they_take_over_again(
    teacher, assistant, seal
):
    with clock.set_at(MORNING):
        done = models.hand_over(by=teacher)
    (absent,) = absent_keepers()
    assert not absent.checked_out
    with clock.set_at(MORNING + timedelta(hours=1)):
        models.take_over(done, by=assistant)
        second = models.hand_over(by=assistant)
    with clock.set_at(MORNING + timedelta(hours=2)):
        models.take_over(second, by=teacher)
    assert absent_keepers() == []


def test_a_seal_that_is_outside_is_not_missed(gone, teacher, seal):
    with clock.set_at(MORNING + timedelta(hours=2)):
        models.take_out(
            seal,
            by=teacher,
            unit="软件学院",
            applicant="张三",
            reason="签约",
            place="行政楼",
            approver="处长",
            due_back_at=MORNING + timedelta(hours=8),
        )
    assert absent_keepers() == []


def test_a_seal_outside_is_left_behind_once_its_carrier_goes(desk, teacher, seal):
    with clock.set_at(MORNING):
        models.swipe(teacher.number)
        taken = models.take_out(
            seal,
            by=teacher,
            unit="软件学院",
            applicant="张三",
            reason="签约",
            place="行政楼",
            approver="处长",
            due_back_at=MORNING + timedelta(hours=8),
        )
    assert outings_left_behind(desk) == []
    with clock.set_at(MORNING + timedelta(hours=1)):
        models.swipe(teacher.number)
    assert outings_left_behind(desk) == [taken]
    with clock.set_at(MORNING + timedelta(hours=2)):
        models.swipe(teacher.number)
    assert outings_left_behind(desk) == []


def test_a_keeper_answers_for_the_same_numbers_as_the_transfer(
    teacher, second_teacher, assistant, seal
):
    with clock.set_at(MORNING):
        use(teacher, seal)
        hand(seal, teacher, second_teacher, assistant)
        void = use(second_teacher, seal, impressions=3)
        use(second_teacher, seal, impressions=2)
        models.void_seal_use(void, by=second_teacher, reason="重复")
        sums = sums_since_transfer(seal)
        moved = hand(seal, second_teacher, teacher, assistant)
    assert (sums["first"], sums["last"]) == (moved.first_number, moved.last_number)
    assert (sums["uses"], sums["void"], sums["impressions"]) == (2, 1, 2)
