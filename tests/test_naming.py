"""The names of ledgers' files, and the periods that have a name."""

from datetime import date

import pytest

import models
from exports.naming import file_name, periods, week_words


@pytest.mark.parametrize(
    ("first", "last", "when"),
    [
        ("2026-11-01", "2026-11-23", "2026-11"),
        ("2026-11-01", "2026-11-30", "2026-11"),
        ("2026-11-23", "2026-11-23", "2026-11-23"),
        ("2026-10-05", "2026-11-23", "2026-10-05至2026-11-23"),
    ],
)
def test_files_are_named_after_ledger_place_and_period(first, last, when):
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert file_name("印章使用登记台账", "教务处", *days) == (
        f"印章使用登记台账_教务处_{when}.docx"
    )


def test_a_name_holds_nothing_that_windows_allows_in_no_name():
    day = date(2026, 11, 23)
    name = file_name("来访/登记", '后勤处: "甲" <乙>|?*\\\t丙', day, day, ".xlsx")
    assert name == "来访登记_后勤处甲乙丙_2026-11-23.xlsx"


def test_periods_of_weeks_months_and_years_end_today_or_when_they_ended(station):
    known = periods(date(2026, 1, 31))
    assert known["上月"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert known["去年"] == (date(2025, 1, 1), date(2025, 12, 31))
    assert known["本周"] == (date(2026, 1, 26), date(2026, 1, 31))
    assert known["上周"] == (date(2026, 1, 19), date(2026, 1, 25))
    assert periods(date(2024, 1, 1))["去年"][0] == date(2023, 1, 1)


def test_terms_and_teaching_weeks_are_those_entered(chief):
    first, second = (
        models.set_term(by=chief, name=name, starts_on=starts, ends_on=ends)
        for name, starts, ends in (
            ("第一学期", date(2027, 9, 1), date(2028, 1, 16)),
            ("第二学期", date(2028, 2, 21), date(2028, 7, 2)),
        )
    )
    known = periods(date(2028, 3, 8))  # a Wednesday
    assert known["本学期"] == (second.starts_on, date(2028, 3, 8))
    assert known["上学期"] == (first.starts_on, first.ends_on)
    weeks = [name for name in known if name.endswith("教学周")]
    assert weeks == ["第3教学周", "第2教学周", "第1教学周"]
    assert known["第3教学周"] == (date(2028, 3, 6), date(2028, 3, 8))
    assert known["第1教学周"] == (date(2028, 2, 21), date(2028, 2, 27))
    assert week_words(date(2028, 3, 8)) == "第3教学周"
    # In the vacation the term that ended is the last one.
    known = periods(date(2028, 8, 1))
    assert "本学期" not in known and week_words(date(2028, 8, 1)) == ""
    assert known["上学期"] == (second.starts_on, second.ends_on)
    assert known["第19教学周"] == (date(2028, 6, 26), date(2028, 7, 2))
