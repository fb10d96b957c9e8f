from datetime import date, datetime, timedelta

import pytest
from elsewhere import other_desk, stored

import models
from models import RepeatCause, Service, Stranger, UserError, VisitOutcome, clock
from models.base import db

MONDAY = datetime(2026, 11, 23, 9)


@pytest.fixture
def come(assistant, service):
    """The student comes on a day; *n* days after Monday."""

    def take(n=0, outcome=VisitOutcome.NOTIFIED, **more):
        more.setdefault("service", service)
        if "visitor_name" not in more:
            more.setdefault("student", models.student_by_number("2023110001"))
        with clock.set_at(MONDAY + timedelta(days=n)):
            return models.record_visit(
                by=assistant, outcome=outcome, result="缺成绩单", **more
            )

    return take


@pytest.fixture
def proposed(service):
    def ask(n=1, asked_for=service):
        with clock.set_at(MONDAY + timedelta(days=n)):
            student = models.student_by_number("2023110001")
            return models.proposed_repeat(student, asked_for)

    return ask


def test_who_was_told_what_is_missing_comes_again_with_it(come, proposed):
    first = come()
    repeat = proposed()
    assert (repeat.visit, repeat.cause) == (first, RepeatCause.MATERIALS)
    second = come(1, follows=first, repeat_cause=repeat.cause)
    third = come(2, "done", follows=second, repeat_cause=RepeatCause.TOLD_WRONG)
    assert (third.trip, third.follows_number) == (3, second.number)
    assert third.repeat_cause_label == "上次告知有误"
    for visit in (first, second, third):
        assert models.trips_of(visit) == [first, second, third]
    assert proposed(3) is None  # the matter is done


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        (VisitOutcome.NOTIFIED, RepeatCause.MATERIALS),
        (VisitOutcome.REFUSED, RepeatCause.OTHER),
        (VisitOutcome.PROMISED, RepeatCause.NOT_READY),
        (VisitOutcome.DONE, None),
        (VisitOutcome.ENQUIRY, None),
    ],
)
def test_what_is_proposed_depends_on_how_the_last_visit_ended(
    come, proposed, outcome, cause
):
    come(0, outcome)
    repeat = proposed()
    assert (repeat.cause if repeat else None) == cause


def test_a_case_that_waits_for_materials_or_is_closed(come, proposed, assistant):
    visit = come(0, VisitOutcome.PROMISED, materials_complete=False)
    assert proposed().cause == RepeatCause.MATERIALS
    models.finish_case(visit, by=assistant, result="已批准")
    assert proposed() is None


def test_what_ended_at_once_does_not_hide_a_case_that_is_still_open(come, proposed):
    waits = come(0, VisitOutcome.PROMISED, materials_complete=False)
    come(1, VisitOutcome.DONE)
    assert proposed(2).visit == waits
    told = come(2, VisitOutcome.NOTIFIED)
    assert proposed(3).visit == told


def test_an_enquiry_in_between_does_not_hide_the_visit_before(come, proposed):
    first = come()
    come(1, VisitOutcome.ENQUIRY)
    assert proposed(2).visit == first


def test_sixty_days_back_the_same_student_and_matter_and_nothing_void(
    come, proposed, assistant, service, desk
):
    other = next(s for s in models.services_of(desk) if s.uid != service.uid)
    come(0, service=other)
    come(0, student=models.student_by_number("2023110002"))
    models.void_visit(come(0), by=assistant, reason="错")
    assert proposed() is None
    first = come(-59)
    assert proposed(1).visit == first and proposed(2) is None
    student = models.student_by_number("2023110001")
    assert models.earlier_visits(student, service, on=date(2026, 11, 24)) == [first]


def test_a_new_version_of_the_service_is_the_same_matter(come, proposed, service):
    first = come()
    version = stored(
        Service(
            name="免修申办（新）",
            kind=service.kind,
            desk_uid=service.desk_uid,
            department_uid=service.department_uid,
            department_name=service.department_name,
            item_uid=service.item,
            version=2,
        )
    )
    assert proposed(1, version).visit == first
    again = come(1, service=version, follows=first, repeat_cause="materials")
    assert again.trip == 2


def test_a_repeat_needs_its_cause_and_the_same_person_and_matter(come, desk, service):
    first, other = come(), models.student_by_number("2023110002")
    service_2 = next(s for s in models.services_of(desk) if s.uid != service.uid)
    for said, more in (
        ("再次来访的原因", {"repeat_cause": ""}),
        ("再次来访的原因", {"repeat_cause": "whatever"}),
        ("不是同一个人的同一事项", {"student": other}),
        ("不是同一个人的同一事项", {"service": service_2}),
        ("不是同一个人的同一事项", {"visitor_name": "张伟"}),
        ("比这次来访还晚", {"arrived_at": MONDAY - timedelta(days=1)}),
    ):
        more = {"repeat_cause": "materials"} | more
        if "visitor_name" in more:
            first = come(0, visitor_name="李四")
        with pytest.raises(UserError, match=said):
            come(1, follows=first, **more)
    with pytest.raises(UserError, match="哪一次来访"):
        come(1, repeat_cause="materials")


def test_a_stranger_is_known_by_the_name(come):
    first = come(visitor_name="李四")
    again = come(1, visitor_name="李四", follows=first, repeat_cause="own")
    assert models.trips_of(first) == [first, again]


@pytest.mark.parametrize(
    ("told", "is_known"),
    [
        ({"phone": "13800001111"}, True),
        ({"phone": "１３８ 0000-1111"}, True),
        ({"phone": "13800001111", "class_name": "别的单位"}, True),
        ({"class_name": "软件2301家长"}, True),
        ({"phone": "13900002222", "class_name": "软件2301家长"}, False),
        ({"class_name": "别的单位"}, False),
        ({}, False),
        ({"name": "李四光", "phone": "13800001111"}, False),
        ({"name": "", "phone": "13800001111"}, False),
    ],
)
def test_a_stranger_who_comes_again_is_known_by_phone_or_class(
    come, service, told, is_known
):
    came = {"class_name": "软件2301家长", "phone": "138 0000 1111"}
    first = come(visitor_name="李四", **came)
    with clock.set_at(MONDAY + timedelta(days=1)):
        repeat = models.proposed_repeat(Stranger(**{"name": "李四"} | told), service)
    assert (repeat and repeat.visit) == (first if is_known else None)


def test_a_stranger_without_a_phone_before_is_known_by_the_class(come, service):
    first = come(visitor_name="李四", class_name="某公司")
    who = Stranger("李四", "某公司", "13800001111")
    with clock.set_at(MONDAY):
        assert models.earlier_visits(who, service) == [first]


def test_strangers_are_looked_for_as_students_are(come, service, desk, assistant):
    who = {"visitor_name": "李四", "phone": "13800001111"}
    other = next(s for s in models.services_of(desk) if s.uid != service.uid)
    first, last = come(-59, **who), come(0, **who)
    come(-60, **who)
    come(0, **who, service=other)
    come(0, student=models.student_by_number("2023110001"), **who)
    models.void_visit(come(0, **who), by=assistant, reason="错")
    elsewhere = come(0, **who)
    db.execute_sql(
        "UPDATE visit SET desk_uid = ? WHERE uid = ?", (other_desk().uid, elsewhere.uid)
    )
    on = date(2026, 11, 24)
    found = models.earlier_visits(Stranger("李四", "", who["phone"]), service, on=on)
    assert found == [last, first]


def test_a_void_visit_is_left_out_of_the_trips_and_not_followed(come, assistant):
    first = come()
    second = come(1, follows=first, repeat_cause="materials")
    third = come(2, follows=second, repeat_cause="materials")
    models.void_visit(second, by=assistant, reason="错")
    assert models.trips_of(third) == [first, third]
    with pytest.raises(UserError, match="已经作废"):
        come(3, follows=second, repeat_cause="materials")
