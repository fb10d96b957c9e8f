"""The rules of work hold from a day on; earlier ones stay."""

from datetime import date

import pytest

import models
from models import UserError, WorkRules

MARCH, MAY = date(2027, 3, 1), date(2027, 5, 1)


def test_the_usual_rules_hold_before_any_were_set(office):
    rules = models.rules_on(MARCH)
    assert (rules.week_limit, rules.month_limit) == (8 * 60, 40 * 60)
    assert (rules.rate_a, rules.rate_b) == (1800, 1500)
    assert (rules.vacation_week_limit, rules.vacation_month_limit) == (None, None)
    assert WorkRules.select().count() == 0


def test_a_version_holds_until_the_next_one_starts(chief):
    models.set_rules(by=chief, starts_on=MAY, rate_a=2000)
    models.set_rules(by=chief, starts_on=MARCH, late_grace=10)
    found = {
        day: (models.rules_on(day).rate_a, models.rules_on(day).late_grace)
        for day in (date(2027, 2, 28), MARCH, date(2027, 4, 30), MAY)
    }
    assert list(found.values()) == [(1800, 5), (1800, 10), (1800, 10), (2000, 5)]
    assert [rules.starts_on for rules in models.rules_versions()] == [MAY, MARCH]


def test_what_is_not_named_stays_as_it_was(chief):
    models.set_rules(by=chief, starts_on=MARCH, late_grace=10, week_limit=None)
    models.set_rules(by=chief, starts_on=MAY, rate_a=2000)
    rules = models.rules_on(MAY)
    assert (rules.late_grace, rules.week_limit, rules.rate_a) == (10, None, 2000)


def test_the_same_day_again_corrects_that_version(chief):
    for rate in (2000, 2100):
        models.set_rules(by=chief, starts_on=MARCH, rate_a=rate)
    (rules,) = models.rules_versions()
    assert (rules.rate_a, rules.revision) == (2100, 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rounding_minutes": 0}, "“工时取整（分钟）”请填 1 到 60"),
        ({"rounding_minutes": 7.5}, "“工时取整（分钟）”请填整数"),
        ({"late_grace": -1}, "“迟到宽限（分钟）”请填 0 到"),
        ({"late_grace": True}, "“迟到宽限（分钟）”请填整数"),
        ({"early_grace": None}, "请填写“早退宽限（分钟）”"),
        ({"rate_a": 100_001}, "“A 岗酬金（分/小时）”请填"),
        ({"alarm_minutes": 0}, "“无人到岗提醒（分钟）”请填"),
        ({"week_limit": 0}, "“学期内周上限（分钟）”请填"),
        ({"month_limit": 479}, "“学期内月上限（分钟）”不能小于“学期内周上限"),
        (
            {"vacation_week_limit": 600, "vacation_month_limit": 599},
            "“假期月上限（分钟）”不能小于",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(chief, values, message):
    with pytest.raises(UserError, match=message):
        models.set_rules(by=chief, starts_on=MARCH, **values)
    assert models.rules_versions() == []


def test_a_rule_that_is_none_is_a_fault_of_the_program(chief):
    with pytest.raises(TypeError, match="no rule"):
        models.set_rules(by=chief, starts_on=MARCH, starts=1)


@pytest.mark.parametrize("number", ["T001", "2024110201"])
def test_only_the_office_sets_rules(office, number):
    with pytest.raises(UserError, match="中心办公室"):
        models.set_rules(
            by=models.person_signing_in(number), starts_on=MARCH, late_grace=1
        )
