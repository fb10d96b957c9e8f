"""What the seal tests do with a seal."""

from contextlib import contextmanager
from datetime import datetime

import pytest

import models
from models import UserError

MORNING = datetime(2026, 11, 23, 9)

ASKED = {
    "applicant": "张伟",
    "unit": "数字化学院",
    "document_title": "在读证明",
    "purpose": "办理贷款",
    "approver": "李老师",
}


def use(by, seal, **more):
    return models.record_seal_use(by=by, seal=seal, **ASKED | more)


def hand(seal, by, receiver, witness, **more):
    more = {"reason": "交接班"} | more
    return models.transfer_seal(seal, by=by, receiver=receiver, witness=witness, **more)


def row(number, at, **more):
    """A row of a paper sheet."""
    return models.PaperUse(**{"number": number, "used_at": at} | ASKED | more)


def person(number):
    return models.person_signing_in(number)


@contextmanager
def refused(words):
    """It is refused in these words, and nothing at all is written."""
    before = models.row_counts(), models.journal.tip()
    with pytest.raises(UserError, match=words) as problem:
        yield problem
    assert (models.row_counts(), models.journal.tip()) == before


def add_teacher(chief, number, name, department):
    """Somebody of another department; the office must be open."""
    return models.add_person(
        by=chief,
        number=number,
        name=name,
        role="teacher",
        department=models.department_by_name(department),
    )


def allow_assistants(centre):
    """The office lets assistants use the seal; the station is open afterwards."""
    from exchange import exchange

    models.open_database(centre.office)
    seal = models.seal_by_name("教务处")
    models.change_seal(seal, by=person("B0001"), assistants_may_use=True)
    exchange(centre.office, centre.station)
    return models.seals_of(models.this_desk())[0]
