"""What became of a seal: which transfers count, how much it was used, who began."""

from datetime import datetime, timedelta

import pytest

from models import clock
from models.base import transaction
from models.custody import TransferKind, holder_of, transfer_seal
from models.seal_transfers import SealTransfer
from models.seal_uses import record_seal_use, refuse_seal_use, void_seal_use
from models.sealhistory import (
    UseCount,
    first_keeper_name,
    standing_uids,
    transfers_of,
    uses_in,
)

NOW = datetime(2026, 11, 23, 9)


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(NOW):
        yield


def use(seal, by, impressions=1):
    return record_seal_use(
        seal=seal,
        by=by,
        applicant="张伟",
        unit="软件2301",
        document_title="免修协议",
        purpose="盖章",
        approver="李处长",
        impressions=impressions,
    )


def test_a_seal_that_was_never_used_has_no_number(seal):
    assert uses_in(seal, 2026) == UseCount(0, 0, 0, 0, 0)


def test_uses_are_counted_by_year_without_refused_and_void_lines(seal, teacher):
    use(seal, teacher, impressions=3)
    use(seal, teacher, impressions=2)
    refuse_seal_use(
        seal=seal,
        by=teacher,
        applicant="张伟",
        unit="软件2301",
        document_title="空白纸",
        purpose="盖章",
        reason="空白纸不盖章",
    )
    void_seal_use(use(seal, teacher), by=teacher, reason="重复登记")
    assert uses_in(seal, 2026) == UseCount(2, 5, 1, 1, 4)
    with clock.set_at(NOW + timedelta(days=60)):
        use(seal, teacher)
        assert uses_in(seal, 2027) == UseCount(1, 1, 0, 0, 1)
    assert uses_in(seal, 2026).uses == 2


def test_of_two_transfers_after_the_same_one_the_first_counts(
    seal, teacher, second_teacher, assistant
):
    hand = {"witness": assistant, "reason": "轮班", "kind": TransferKind.POST}
    first = transfer_seal(seal, by=teacher, receiver=second_teacher, **hand)
    with transaction():  # as another PC that had not heard of the first would write
        forked = SealTransfer(
            seal_uid=seal.uid,
            seal_name=seal.name,
            previous_uid="",
            at=NOW + timedelta(minutes=5),
            giver_uid=teacher.uid,
            giver_name=teacher.name,
            receiver_uid=assistant.uid,
            receiver_name=assistant.name,
            witness_uid=second_teacher.uid,
            witness_name=second_teacher.name,
            reason="轮班",
        ).write(by=teacher)
    with clock.set_at(NOW + timedelta(hours=1)):
        back = transfer_seal(seal, by=second_teacher, receiver=teacher, **hand)
    told = transfers_of(seal)
    assert [transfer.uid for transfer in told] == [first.uid, forked.uid, back.uid]
    assert standing_uids(told) == {first.uid, back.uid}
    assert holder_of(seal).uid == teacher.uid
    assert first_keeper_name(seal) == "李老师"
