from datetime import datetime

import pytest
from peewee import IntegrityError

import models
from models import Handover, HandoverStatus, UserError, VisitOutcome, clock

NOON = datetime(2026, 11, 23, 12)


def visit(by, service, outcome=VisitOutcome.DONE):
    return models.record_visit(
        by=by, service=service, outcome=outcome, visitor_name="张伟"
    )


def test_it_is_made_from_the_records(assistant, teacher, service, seal):
    with clock.set_at(NOON):
        visit(assistant, service)
        visit(assistant, service, VisitOutcome.PROMISED)
        models.void_visit(visit(assistant, service), by=assistant, reason="错")
        for impressions in (2, 3):
            models.record_seal_use(
                by=teacher,
                seal=seal,
                applicant="张伟",
                unit="数字化学院",
                document_title="证明",
                purpose="贷款",
                approver="李老师",
                impressions=impressions,
            )
        made = models.hand_over(by=assistant, note="打印机缺纸")
    assert made.visit_count == 2
    assert made.visits_by_outcome == {"done": 1, "promised": 1}
    (item,) = made.open_items
    assert (item["text"], item["shifts"]) == ("张伟 免修申办", 1)
    (sealed,) = made.seal_ranges
    assert (sealed["first"], sealed["last"], sealed["uses"]) == (1, 2, 2)
    assert (sealed["impressions"], sealed["holder"]) == (5, "李老师")
    assert Handover.get().open_items == made.open_items


def test_nothing_falls_between_two_shifts_even_in_the_same_second(
    assistant, other_assistant, service
):
    with clock.set_at(NOON):
        visit(assistant, service)
        models.take_over(models.hand_over(by=assistant), by=other_assistant)
        visit(other_assistant, service)
    with clock.set_at(datetime(2026, 11, 22, 8)):  # the clock was set back
        visit(other_assistant, service)
        second = models.hand_over(by=other_assistant)
    assert second.visit_count == 2


def test_open_items_are_carried_over_and_age(assistant, other_assistant, service):
    visit(assistant, service, VisitOutcome.PROMISED)
    models.take_over(models.hand_over(by=assistant), by=other_assistant)
    second = models.hand_over(by=other_assistant)
    assert [item["shifts"] for item in second.open_items] == [2]


def test_both_sign_and_not_the_same_person(assistant, other_assistant):
    made = models.hand_over(by=assistant)
    assert models.waiting_handover() == made
    with pytest.raises(UserError, match="同一个人"):
        models.take_over(made, by=assistant)
    models.take_over(made, by=other_assistant, objection="少一把钥匙")
    assert made.status == HandoverStatus.OBJECTED
    assert models.waiting_handover() is None
    with pytest.raises(UserError, match="接过了"):
        models.take_over(made, by=other_assistant)


def test_the_next_handover_waits_for_the_last_one(assistant, other_assistant):
    models.hand_over(by=assistant)
    with pytest.raises(UserError, match="先接班"):
        models.hand_over(by=other_assistant)


def test_once_signed_it_never_changes(assistant, other_assistant):
    made = models.hand_over(by=assistant, note="原来的")
    made.note = "改过的"
    with pytest.raises(IntegrityError), models.transaction():
        made.write(by=assistant)
    made = Handover.get()
    assert made.note == "原来的"
    models.take_over(made, by=other_assistant)
    made.objection = "事后的"
    with pytest.raises(IntegrityError), models.transaction():
        made.write(by=other_assistant)
    assert Handover.get().objection == ""
    assert models.verify().faults == []


def test_a_shift_without_visits_has_an_empty_table_of_outcomes(assistant):
    models.hand_over(by=assistant)
    assert Handover.get().visits_by_outcome == {}


def test_void_and_refused_uses_are_counted_apart(assistant, teacher, seal):
    asked = {"applicant": "张伟", "unit": "数字化学院", "document_title": "证明"}
    use = models.record_seal_use(
        by=teacher, seal=seal, purpose="贷款", approver="李老师", **asked
    )
    models.void_seal_use(use, by=teacher, reason="错")
    models.refuse_seal_use(
        by=teacher, seal=seal, reason="没有签字", purpose="贷款", **asked
    )
    (sealed,) = models.hand_over(by=assistant).seal_ranges
    assert (sealed["uses"], sealed["void"], sealed["refused"]) == (2, 1, 1)
    assert sealed["impressions"] == 0


def test_the_first_shift_of_a_desk_begins_with_the_first_record_it_covers(
    assistant, other_assistant, service
):
    with clock.set_at(datetime(2026, 11, 20, 8, 40)):
        visit(assistant, service)
    with clock.set_at(NOON):
        first = models.take_over(models.hand_over(by=assistant), by=other_assistant)
    assert first.shift_from == datetime(2026, 11, 20, 8, 40)
    with clock.set_at(datetime(2026, 11, 25, 12)):
        assert models.hand_over(by=other_assistant).shift_from == NOON


def test_a_first_shift_without_records_begins_with_its_day(assistant):
    with clock.set_at(NOON):
        assert models.hand_over(by=assistant).shift_from == datetime(2026, 11, 23)
