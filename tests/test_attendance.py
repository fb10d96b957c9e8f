from datetime import datetime, timedelta

import pytest

import models
from models import Attendance, CoverReason, RecordedBy, UserError, clock

NINE = datetime(2026, 11, 23, 9)


def test_a_card_checks_in_and_out_and_a_second_swipe_does_nothing(assistant):
    with clock.set_at(NINE):
        assert models.swipe(" ７００００００００１ ").kind == "in"
    with clock.set_at(NINE + timedelta(seconds=59)):
        assert models.swipe("7000000001").kind == "repeat"
    with clock.set_at(NINE + timedelta(hours=2)):
        out = models.swipe("7000000001")
    assert (out.kind, out.attendance.paid_minutes) == ("out", 120)
    with clock.set_at(NINE + timedelta(hours=2, seconds=30)):
        assert models.swipe("7000000001").kind == "repeat"
    assert Attendance.select().count() == 1
    stored = Attendance.get()
    assert (stored.method_in, stored.method_out) == (RecordedBy.CARD, RecordedBy.CARD)


def test_at_most_one_open_attendance_each(assistant):
    with clock.set_at(NINE):
        models.check_in(assistant)
        with pytest.raises(UserError, match="已经签到"):
            models.check_in(assistant)
    assert Attendance.select().count() == 1


def test_a_forgotten_check_out_locks_nobody_out_and_counts_to_the_planned_end(
    assistant,
):
    with clock.set_at(NINE):
        models.check_in(
            assistant, planned_from=NINE, planned_to=NINE + timedelta(hours=3)
        )
    with clock.set_at(NINE + timedelta(days=1)):
        models.check_in(assistant)
    forgotten = Attendance.get(Attendance.checked_in_at == NINE)
    assert forgotten.checked_out_at == NINE + timedelta(hours=3)
    assert (forgotten.method_out, forgotten.paid_minutes) == (RecordedBy.SYSTEM, 180)
    assert forgotten.needs_approval
    assert len([a for a in Attendance.select() if a.checked_out_at is None]) == 1


def test_without_a_plan_a_forgotten_check_out_counts_nothing(assistant):
    with clock.set_at(NINE):
        models.check_in(assistant)
    with clock.set_at(NINE + timedelta(days=3)):
        models.swipe("7000000001")
    assert Attendance.get(Attendance.checked_in_at == NINE).paid_minutes == 0


def test_a_substitute_is_never_late(assistant, other_assistant):
    planned = {"planned_from": NINE, "planned_to": NINE + timedelta(hours=2)}
    with clock.set_at(NINE + timedelta(minutes=30)):
        late = models.check_in(assistant, **planned)
        cover = models.check_in(
            other_assistant,
            post="B",
            cover_for=assistant,
            cover_reason=CoverReason.CLASS,
            **planned,
        )
    assert (late.late_minutes, cover.late_minutes) == (30, 0)
    assert (cover.cover_for_name, cover.cover_reason_label) == ("曾单", "上课")


def test_cover_needs_a_reason(assistant, other_assistant):
    with pytest.raises(UserError, match="代班事由"):
        models.check_in(other_assistant, post="B", cover_for=assistant)


def test_time_outside_the_plan_is_not_paid(assistant):
    planned = {"planned_from": NINE, "planned_to": NINE + timedelta(hours=2)}
    with clock.set_at(NINE - timedelta(minutes=20)):
        attendance = models.check_in(assistant, **planned)
    with clock.set_at(NINE + timedelta(hours=4)):
        models.check_out(attendance)
    assert attendance.paid_minutes == 120


def test_a_clock_set_back_never_pays_negative_time(assistant):
    with clock.set_at(NINE):
        attendance = models.check_in(assistant)
    with clock.set_at(NINE - timedelta(hours=5)):
        models.check_out(attendance)
    assert attendance.paid_minutes == 0
    assert attendance.checked_out_at == NINE


@pytest.mark.parametrize("text", ["", "   ", "999", "啊）不c等"])
def test_an_unreadable_or_unknown_card_says_what_to_do(station, text):
    with pytest.raises(UserError):
        models.swipe(text)


def test_somebody_who_left_is_refused_like_an_unknown_person(office):
    by = models.person_signing_in("B0001")
    models.end_service(models.person_signing_in("2024110203"), by=by)
    with pytest.raises(UserError) as left:
        models.person_signing_in("2024110203")
    with pytest.raises(UserError) as unknown:
        models.person_signing_in("7777777")
    assert str(left.value) == str(unknown.value)
