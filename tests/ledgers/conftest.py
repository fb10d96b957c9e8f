"""An empty station, and the export of a ledger from it."""

from datetime import date, datetime

import pytest
from sheets import ReadBack

from exports.ledgers import export_ledger, ledger_by_code
from exports.ledgers.checking import check_ledger
from ledgers.records import CENTRE, Page
from models import (
    clock,
    close_database,
    create_database,
)


@pytest.fixture(autouse=True)
def station(tmp_path):
    """A new and empty desk station, at 10:30 on 23 November 2026."""
    create_database(
        tmp_path / "station",
        identity={
            "station_uid": "station-1",
            "kind": "desk",
            "name": "教务事务窗口",
            "realm": "realm",
            "centre_name": CENTRE,
            "epoch": "1",
            **dict.fromkeys(
                (
                    "sign_seed",
                    "age_identity",
                    "office_uid",
                    "office_key",
                    "office_recipient",
                    "recovery_recipient",
                ),
                "00" * 32,
            ),
        },
        stream={"sender": "station-1", "addressee": "office", "epoch": "1"},
        key_in_file=True,
    )
    with clock.set_at(datetime(2026, 11, 23, 10, 30)):
        yield
    close_database()


@pytest.fixture
def export(tmp_path):
    return lambda code, **chosen: Page(code, tmp_path / "台账.docx", **chosen)


@pytest.fixture
def read(tmp_path):
    """A ledger of November as its document says it, which stands up to checking."""
    days = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}

    def exported(code, **chosen):
        path = tmp_path / f"{code}.docx"
        export_ledger(ledger_by_code(code), path, **{**days, **chosen})
        assert check_ledger(path).good
        return ReadBack(path)

    return exported
