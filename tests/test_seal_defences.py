"""What honest PCs never do to a seal: old copies, late sheets, forged chains."""

import pytest
from elsewhere import stored
from exchange import exchange
from sealing import MORNING, allow_assistants, hand, person, refused

import models
from models import SealReservation, SealTransfer, clock


def test_a_seal_is_handed_over_by_what_the_register_says_now(station, seal):
    """The page read it before a sync brought that assistants may have it."""
    allow_assistants(station)
    assert not seal.assistants_may_use
    transfer = hand(seal, person("T001"), person("2024110201"), person("T002"))
    assert models.holder_of(seal).uid == transfer.receiver_uid


def test_an_assistant_who_holds_a_seal_uses_it_and_does_not_take_it_along(station):
    seal = allow_assistants(station)
    hand(seal, person("T001"), person("2024110201"), person("T002"))
    said = dict.fromkeys(("unit", "applicant", "reason", "place", "approver"), "甲")
    with clock.set_at(MORNING), refused("外带由老师本人办理"):
        models.take_out(
            seal,
            by=person("2024110201"),
            due_back_at=MORNING.replace(hour=11),
            **said,
        )


def test_a_seal_with_a_sheet_that_came_late_is_not_given_elsewhere(station, seal):
    """A desk that prints after it has handed the seal in keeps it where it was."""
    hand(seal, person("T001"), person("B0001"), person("T002"), kind="collected")
    with models.transaction():
        SealReservation(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            desk_uid=seal.desk_uid,
            desk_name="教务窗口",
            year=2026,
            first=1,
            last=2,
            for_day=MORNING.date(),
            reserved_at=MORNING,
            person_uid=person("T001").uid,
            person_name="李老师",
        ).write(by=person("T001"))
    exchange(station.station, station.office)
    with refused("断电表没有补录"):
        models.assign_seal(
            seal,
            by=person("B0001"),
            desk=models.desk_by_code("jiaowu"),
            keeper=person("T002"),
            reason="调配",
        )


def forged(seal, uid, previous):
    people = {"giver_uid": "a", "giver_name": "甲", "receiver_uid": "b"}
    people |= {"receiver_name": "乙", "witness_uid": "c", "witness_name": "丙"}
    return stored(
        SealTransfer(
            uid=uid,
            seal_uid=seal.uid,
            seal_name=seal.name,
            previous_uid=previous,
            at=MORNING,
            reason="伪造",
            **people,
        )
    )


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_forged_circle_of_transfers_ends(station, seal, length):
    """The chain begins behind "": a row that is called so leads back to its start."""
    uids = [*(f"{at}" for at in range(1, length)), ""]
    for previous, uid in zip(["", *uids], uids, strict=False):
        forged(seal, uid, previous)
    assert models.holder_of(seal).name == "乙"
    assert models.verify().faults
