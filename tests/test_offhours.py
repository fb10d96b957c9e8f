"""错时服务: visits outside ordinary hours are told apart (P17)."""

from datetime import datetime

import pytest
from docx import Document

import models
from exports.ledgers import export_ledger, ledger_by_code
from models import clock
from models.offhours import OrdinaryHours


@pytest.mark.parametrize(
    ("moment", "is_ordinary"),
    [
        ("2026-11-23 09:00:00", True),
        ("2026-11-23 12:00:00", False),  # noon
        ("2026-11-23 18:45:00", False),  # duty in the evening
        ("2026-11-21 09:00:00", False),  # Saturday
        ("2026-10-01 09:00:00", False),  # holiday
        ("2026-10-10 09:00:00", True),  # a Saturday that is worked
    ],
)
def test_evenings_noons_weekends_and_holidays_are_not_ordinary(
    station, moment, is_ordinary
):
    desk = models.desk_by_code("xuesheng")
    assert OrdinaryHours().holds(desk.uid, moment) is is_ordinary


def test_a_desk_without_hours_has_none_to_tell_by(station):
    assert OrdinaryHours().holds("unknown", "2026-11-21 09:00:00")


def test_the_ledger_of_visits_says_the_share_of_off_hours(station, assistant, tmp_path):
    for moment in ((23, 9), (23, 12), (22, 10), (24, 15)):
        with clock.set_at(datetime(2026, 11, *moment, 30)):
            models.record_enquiry(by=assistant)
    with clock.set_at(datetime(2026, 11, 30, 9)):
        made = export_ledger(
            ledger_by_code("visits"),
            tmp_path / "台账.docx",
            first=datetime(2026, 11, 1).date(),
            last=datetime(2026, 11, 30).date(),
        )
    closing = Document(str(made.path)).tables[-1].rows[-1].cells[0].text
    assert "；错时服务 2 次，占 50%" in closing
