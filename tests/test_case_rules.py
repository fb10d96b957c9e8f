from datetime import date, datetime

import pytest

import models
from models import CaseRules, Urgency, UserError, VisitOutcome, clock
from models.case_rules import RANGES


def test_versions_hold_from_their_day_on(chief):
    models.set_case_rules(by=chief, starts_on=date(2026, 9, 1), office_days=5)
    models.set_case_rules(by=chief, starts_on=date(2026, 10, 1), soon_days=2)
    usual = models.case_rules_on(date(2026, 8, 31))
    assert (usual.office_days, usual.soon_days) == (3, 1)
    september, october = (models.case_rules_on(date(2026, m, 30)) for m in (9, 10))
    assert (september.office_days, september.soon_days) == (5, 1)
    assert (october.office_days, october.soon_days) == (5, 2)
    models.set_case_rules(by=chief, starts_on=date(2026, 10, 1), soon_days=3)
    versions = models.case_rules_versions()
    assert [rules.soon_days for rules in versions] == [3, 1]


@pytest.mark.parametrize("name", RANGES)
def test_a_value_beyond_its_range_is_refused_with_the_range(chief, name):
    least, most, _ = RANGES[name]
    for value in (least - 1, most + 1, True, None):
        with pytest.raises(UserError, match=f"{least} 到 {most}") as refused:
            models.set_case_rules(by=chief, starts_on=date(2026, 9, 1), **{name: value})
        assert refused.value.field == name
    assert CaseRules.select().count() == 0


def test_the_office_does_not_hear_before_the_department(chief):
    with pytest.raises(UserError, match="不能早于报部门"):
        models.set_case_rules(by=chief, starts_on=date(2026, 9, 1), department_days=9)


def test_only_the_office_sets_them(teacher):
    with pytest.raises(UserError, match="中心办公室"):
        models.set_case_rules(by=teacher, starts_on=date(2026, 9, 1), soon_days=2)


def test_a_case_without_a_promise_is_raised_after_three_shifts(
    assistant, other_assistant, service, desk
):
    with clock.set_at(datetime(2026, 11, 23, 9)):
        instant = next(s for s in models.services_of(desk) if s.kind == "instant")
        open_end = models.record_visit(
            by=assistant,
            service=instant,
            outcome=VisitOutcome.DONE,
            visitor_name="张伟",
        )
        models.reopen_case(open_end, by=assistant, note="证明打印有误")
        promised = models.record_visit(
            by=assistant,
            service=service,
            outcome=VisitOutcome.PROMISED,
            visitor_name="张伟",
        )
        urgency = []
        for _ in range(3):
            models.take_over(models.hand_over(by=assistant), by=other_assistant)
            urgency.append(models.urgency_of(models.case_of(open_end)))
        assert urgency == [Urgency.NONE, Urgency.NONE, Urgency.DEPARTMENT]
        # One whose promise is still ahead is nobody's concern yet.
        assert models.urgency_of(models.case_of(promised)) == Urgency.NONE
        first, second = models.cases_here()
        assert (first.visit, second.visit) == (open_end, promised)
