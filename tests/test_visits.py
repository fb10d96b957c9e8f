from datetime import date, datetime

import pytest
from exchange import exchange

import models
from models import Service, StepKind, UserError, Visit, VisitOutcome, VisitStep, clock


def take(by, service, outcome=VisitOutcome.DONE, **more):
    more.setdefault("visitor_name", "张伟")
    more.setdefault("result", "缺学生证")
    return models.record_visit(by=by, service=service, outcome=outcome, **more)


def test_a_student_from_the_roster_fills_name_class_and_phone(assistant, service):
    student = models.student_by_number("2023110001")
    visit = models.record_visit(
        by=assistant, service=service, outcome=VisitOutcome.DONE, student=student
    )
    stored = Visit.get_by_id(visit.uid)
    assert (stored.visitor_name, stored.class_name, stored.phone) == (
        "张伟",
        "软件2301",
        "13800000001",
    )
    assert stored.student_number == "2023110001"


def test_numbers_count_up_per_day_past_999(assistant, service):
    with clock.set_at(datetime(2026, 11, 23, 9)):
        first = take(assistant, service)
        assert first.number == "JW20261123-001"
        with models.transaction():
            first.number = "JW20261123-999"
            first.write(by=assistant)
        assert take(assistant, service).number == "JW20261123-1000"
        assert take(assistant, service).number == "JW20261123-1001"
    with clock.set_at(datetime(2026, 11, 24, 9)):
        assert take(assistant, service).number == "JW20261124-001"


def test_nobody_need_be_named_for_an_enquiry_only(assistant, service):
    assert models.record_enquiry(by=assistant).outcome == VisitOutcome.ENQUIRY
    with pytest.raises(UserError, match="来访人"):
        take(assistant, service, visitor_name="  ")
    assert Visit.select().count() == 1


def test_one_key_books_a_general_enquiry_and_no_service(assistant):
    visit = models.record_enquiry(by=assistant)
    assert (visit.service_uid, visit.service_name) == ("", "一般咨询")
    assert (visit.department_name, visit.visitor_name) == ("教务处", "")


def test_a_promise_skips_weekends_and_holidays(assistant, service):
    # 1 to 7 October 2026 are holidays, 10 October is worked (调休).
    with clock.set_at(datetime(2026, 9, 29, 9)):
        visit = take(assistant, service, VisitOutcome.PROMISED)
    assert service.working_days == 5
    assert visit.due_on == date(2026, 10, 12)


def test_a_visit_of_an_earlier_day_is_marked_as_late_entry(assistant, service):
    late = take(assistant, service, arrived_at=datetime(2026, 1, 5, 10))
    assert late.late_entry and late.number.startswith("JW20260105-")
    with pytest.raises(UserError, match="晚于现在"):
        take(assistant, service, arrived_at=datetime(2126, 1, 5))


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (VisitOutcome.DONE, None),
        (VisitOutcome.ENQUIRY, None),
        (VisitOutcome.PROMISED, StepKind.ACCEPTED),
        (VisitOutcome.REFERRED, StepKind.REFERRED),
        (VisitOutcome.NOTIFIED, StepKind.NOTIFIED),
        (VisitOutcome.REFUSED, StepKind.REFUSED),
    ],
)
def test_each_outcome_starts_its_case(assistant, service, outcome, step):
    to = models.desk_by_code("xuesheng") if outcome == VisitOutcome.REFERRED else None
    visit = take(assistant, service, outcome, refer_to=to)
    assert [s.kind for s in models.steps_of(visit)] == ([step] if step else [])
    opened = outcome in (VisitOutcome.PROMISED, VisitOutcome.REFERRED)
    assert [case.uid for case in models.open_cases()] == ([visit.uid] * opened)


@pytest.mark.parametrize("outcome", [VisitOutcome.NOTIFIED, VisitOutcome.REFUSED])
def test_telling_or_refusing_needs_words(assistant, service, outcome):
    with pytest.raises(UserError, match="办理结果"):
        take(assistant, service, outcome, result=" ")


def test_a_referral_needs_another_desk(assistant, service, desk):
    with pytest.raises(UserError, match="哪个窗口"):
        take(assistant, service, VisitOutcome.REFERRED)
    with pytest.raises(UserError, match="别的窗口"):
        take(assistant, service, VisitOutcome.REFERRED, refer_to=desk)


def test_a_case_is_finished_and_reopened_by_steps_only(assistant, service):
    visit = take(assistant, service, VisitOutcome.PROMISED)
    with pytest.raises(UserError, match="办理结果"):
        models.finish_case(visit, by=assistant, result=" ")
    models.finish_case(visit, by=assistant, result="已批准")
    assert models.open_cases() == []
    with pytest.raises(UserError, match="已经办结"):
        models.finish_case(visit, by=assistant, result="再办一次")
    models.add_step(visit, StepKind.REOPENED, by=assistant, note="学生提出异议")
    assert [case.uid for case in models.open_cases()] == [visit.uid]
    assert VisitStep.select().count() == 3


def test_void_keeps_the_visit_and_its_number(assistant, service):
    visit = take(assistant, service, VisitOutcome.PROMISED)
    with pytest.raises(UserError, match="原因"):
        models.void_visit(visit, by=assistant, reason="")
    models.void_visit(visit, by=assistant, reason="登记错人")
    assert Visit.get_by_id(visit.uid).is_void
    assert models.open_cases() == []
    assert take(assistant, service).number.endswith("-002")


def test_a_visit_is_rated_once(assistant, service):
    visit = take(assistant, service)
    models.rate_visit(visit, 5, by=assistant)
    with pytest.raises(UserError, match="评价过"):
        models.rate_visit(visit, 1, by=assistant)


def test_two_people_with_the_same_record_open_cannot_overwrite_each_other(
    assistant, service
):
    visit = take(assistant, service)
    here, there = Visit.get_by_id(visit.uid), Visit.get_by_id(visit.uid)
    models.rate_visit(here, 5, by=assistant)
    with pytest.raises(UserError, match="刷新"):
        models.void_visit(there, by=assistant, reason="错")
    assert Visit.get_by_id(visit.uid).rating == 5


def test_an_outcome_of_a_newer_version_reads_as_it_is(assistant, service):
    visit = take(assistant, service)
    with models.transaction():
        visit.outcome = "beamed_up"
        visit.write(by=assistant)
    assert Visit.get_by_id(visit.uid).outcome_label == "beamed_up"


def test_a_step_is_only_ever_added(assistant, service):
    step = models.steps_of(take(assistant, service, VisitOutcome.PROMISED))[0]
    step.note = "改过的"
    with pytest.raises(TypeError, match="only ever added"), models.transaction():
        step.write(by=assistant)


def test_several_services_of_one_coming_belong_together(assistant, service, desk):
    student = models.student_by_number("2023110001")
    with clock.set_at(datetime(2026, 11, 23, 9)):
        first = take(assistant, service, student=student)
    other = next(s for s in models.services_of(desk) if s.uid != service.uid)
    with clock.set_at(datetime(2026, 11, 23, 9, 10)):
        second = models.record_visit(
            by=assistant, service=other, outcome=VisitOutcome.DONE, occasion=first
        )
        third = models.record_visit(
            by=assistant, service=other, outcome=VisitOutcome.DONE, occasion=second
        )
    assert (first.occasion_uid, second.occasion_uid) == ("", first.uid)
    assert third.occasion_uid == first.uid
    assert (second.student_number, second.phone) == ("2023110001", "13800000001")
    assert second.arrived_at == first.arrived_at
    assert models.visits_of_occasion(third) == [first, second, third]
    with pytest.raises(UserError, match="同一个人"):
        take(assistant, service, occasion=first, visitor_name="李四")
    models.void_visit(first, by=assistant, reason="错")
    with pytest.raises(UserError, match="作废"):
        take(assistant, service, occasion=first)


def test_nothing_is_done_at_once_while_something_is_missing(assistant, service):
    with pytest.raises(UserError, match="不能当场办结"):
        take(assistant, service, materials_complete=False)
    told = take(assistant, service, VisitOutcome.NOTIFIED, materials_complete=False)
    assert not Visit.get_by_id(told.uid).materials_complete


def test_an_assistant_voids_what_is_their_own_a_teacher_what_is_the_department_s(
    assistant, other_assistant, teacher, service
):
    visit = take(assistant, service)
    with pytest.raises(UserError, match="作废来访由学生助理本人"):
        models.void_visit(visit, by=other_assistant, reason="错")
    elsewhere = models.Person(name="外人", role="teacher", department_uid="d" * 32)
    with pytest.raises(UserError, match="作废来访由"):
        models.void_visit(visit, by=elsewhere, reason="错")
    models.void_visit(visit, by=teacher, reason="错")
    handled = take(assistant, service, handler=other_assistant)
    models.void_visit(handled, by=other_assistant, reason="错")


def test_the_office_takes_down_and_rates_nothing(assistant, service):
    office = models.person_signing_in("B0001")
    with pytest.raises(UserError, match="登记来访由"):
        take(office, service)
    visit = take(assistant, service)
    with pytest.raises(UserError, match="登记满意度由"):
        models.rate_visit(visit, 5, by=office)
    models.void_visit(visit, by=assistant, reason="错")
    with pytest.raises(UserError, match="不用评价"):
        models.rate_visit(visit, 5, by=assistant)


def test_a_service_is_taken_as_it_was_on_the_day_of_the_visit(centre):
    models.open_database(centre.office)
    chief = models.person_signing_in("B0001")
    with clock.set_at(datetime(2026, 10, 26, 9)):
        (held,) = (s for s in models.services_of(desk_here()) if s.name == "免修申办")
        (ended,) = (s for s in models.services_of(desk_here()) if s.name == "重修申办")
        changed = models.change_service(
            held, by=chief, starts_on=date(2026, 11, 2), working_days=3, basis="通知"
        )
        models.retire_service(ended, by=chief, ends_on=date(2026, 10, 31), basis="通知")
    exchange(centre.office, centre.station)
    models.open_database(centre.station)
    by = models.person_signing_in("2024110201")
    held, changed, ended = (Service.get_by_id(s.uid) for s in (held, changed, ended))
    with clock.set_at(datetime(2026, 11, 3, 9)):
        for service in (held, changed):
            assert take(by, service, VisitOutcome.PROMISED).service_uid == changed.uid
        before = datetime(2026, 10, 30, 9)
        late = take(by, changed, VisitOutcome.PROMISED, arrived_at=before)
        assert (late.service_uid, late.due_on) == (held.uid, date(2026, 11, 6))
        assert take(by, ended, arrived_at=before).service_name == "重修申办"
        with pytest.raises(UserError) as refused:
            take(by, ended)
        assert str(refused.value) == "这个事项 2026-11-01 起已停办，请选择别的事项。"
        assert refused.value.field == "service"


def desk_here():
    return models.desk_by_code("jiaowu")


def test_a_service_to_come_is_not_taken_yet(centre):
    models.open_database(centre.office)
    chief, desk = models.person_signing_in("B0001"), desk_here()
    with clock.set_at(datetime(2026, 10, 26, 9)):
        new = models.add_service(
            by=chief,
            desk=desk,
            department=models.departments_of(desk)[0],
            name="成绩复核",
            kind="instant",
            starts_on=date(2026, 11, 2),
        )
    exchange(centre.office, centre.station)
    models.open_database(centre.station)
    by = models.person_signing_in("2024110201")
    with clock.set_at(datetime(2026, 10, 30, 9)):
        with pytest.raises(UserError, match="这个事项 2026-11-02 起才办理"):
            take(by, Service.get_by_id(new.uid))
