"""Turns at a joint desk, and desks that are there for a time (P8, P13)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from exports.sync import sync
from models import Desk, Service, UserError, Visit, clock

MONDAY = date(2026, 11, 23)


@pytest.fixture
def joint(office):
    """党团事务窗口: 党委工作部 and 团委."""
    return models.desk_by_code("dangtuan")


def take_turns(desk, chief, every, starts_on=MONDAY, units=None):
    return models.set_rotation(
        desk,
        by=chief,
        starts_on=starts_on,
        every=every,
        units=units or models.departments_of(desk),
    )


def units_over(desk, *moments):
    found = [models.unit_on(desk, moment) for moment in moments]
    return "".join(unit.name[0] if unit else "-" for unit in found)


def days_from(first, count):
    return [first + timedelta(days=n) for n in range(count)]


def test_a_desk_without_turns_has_nobody_on_turn(office, joint):
    assert models.unit_on(joint, MONDAY) is None
    assert models.unit_on(models.desk_by_code("jiaowu"), MONDAY) is None


def test_by_the_week_from_monday_to_sunday(chief, joint):
    wednesday = MONDAY + timedelta(days=2)
    take_turns(joint, chief, "week", starts_on=wednesday)
    found = units_over(joint, *days_from(MONDAY, 21))
    assert found == "--" + "党" * 5 + "团" * 7 + "党" * 7


def test_by_the_week_a_holiday_changes_nothing(chief, joint):
    take_turns(joint, chief, "week", starts_on=date(2026, 9, 21))
    weeks = [date(2026, 9, 21) + timedelta(days=7 * n) for n in range(4)]
    assert units_over(joint, *weeks) == "党团党团"


def test_by_the_day_holidays_use_up_no_turn(chief, joint):
    """30 September is a Wednesday; 1 to 7 October are off, Saturday the 10th is not."""
    take_turns(joint, chief, "day", starts_on=date(2026, 9, 29))
    found = units_over(joint, *days_from(date(2026, 9, 29), 14))
    assert found == "党团" + "党" * 7 + "党团党" + "团" * 2
    assert units_over(joint, date(2026, 10, 13)) == "党"


def test_by_the_half_day_mornings_and_afternoons(chief, joint):
    take_turns(joint, chief, "half_day")
    noon = datetime(2026, 11, 23, 12)
    before = noon - timedelta(seconds=1)
    assert units_over(joint, MONDAY, before, noon, noon.replace(hour=19)) == "党党团团"
    next_day = timedelta(days=1)
    assert units_over(joint, before + next_day, noon + next_day) == "党团"


def test_three_units_by_the_half_day_over_a_weekend(chief):
    departments = models.departments()[:3]
    desk = models.open_desk(
        by=chief,
        code="lianhe",
        prefix="LH",
        name="联合窗口",
        departments=departments,
        opens_on=MONDAY,
    )
    friday = datetime(2026, 11, 27, 9)
    take_turns(desk, chief, "half_day", starts_on=friday.date(), units=departments)
    moments = [
        friday + timedelta(days=days, hours=hours)
        for days in (0, 1, 3, 4)
        for hours in (0, 5)
    ]
    assert [models.unit_on(desk, moment).name for moment in moments] == [
        departments[n].name for n in (0, 1, 2, 0, 2, 0, 1, 2)
    ]


def test_the_newest_arrangement_that_has_begun_applies(chief, joint):
    first, second = models.departments_of(joint)
    take_turns(joint, chief, "week", starts_on=MONDAY + timedelta(days=7))
    take_turns(joint, chief, "week", starts_on=MONDAY, units=[second, first])
    assert units_over(joint, MONDAY, MONDAY + timedelta(days=7)) == "团党"
    take_turns(joint, chief, "week", starts_on=MONDAY, units=[first, second])
    stored = models.desk_by_code("dangtuan")
    assert len(stored.rotation) == 2
    assert units_over(stored, MONDAY - timedelta(days=1), MONDAY) == "-党"


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(start=st.dates(date(2025, 1, 1), date(2026, 12, 1)), length=st.integers(1, 90))
def test_by_the_day_turns_are_shared_evenly(chief, joint, start, length):
    joint.rotation = []
    take_turns(joint, chief, "day", starts_on=start)
    worked = [d for d in days_from(start, length) if models.is_working_day(d)]
    found = units_over(joint, *worked)
    assert found == ("党团" * len(worked))[: len(worked)]


def test_a_wrong_rotation_is_refused(chief, joint):
    first, second = models.departments_of(joint)
    stranger = models.department_by_name("教务处")
    for every, units, message in (
        ("month", [first, second], "按工作日、按周"),
        ("week", [first], "两个不同的部门"),
        ("week", [first, first], "两个不同的部门"),
        ("week", [first, stranger], "教务处不在“党团事务窗口”服务"),
    ):
        with pytest.raises(UserError, match=message):
            take_turns(joint, chief, every, units=units)
    assert models.desk_by_code("dangtuan").rotation == []


@pytest.mark.parametrize("number", ["T001", "2024110201"])
def test_only_the_office_arranges_turns_and_desks(office, joint, number):
    by = models.person_signing_in(number)
    with pytest.raises(UserError, match="中心办公室"):
        take_turns(joint, by, "week")
    with pytest.raises(UserError, match="中心办公室"):
        open_summer_desk(by)
    with pytest.raises(UserError, match="中心办公室"):
        models.close_desk(joint, by=by, closes_on=date(2030, 1, 1))


@pytest.fixture
def joint_station(centre):
    """The station of the tests stands at a joint desk whose units take turns."""
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    desk = models.desk_by_code("jiaowu")
    second = models.department_by_name("学生处")
    with models.transaction():
        models.DeskDepartment(desk_uid=desk.uid, department_uid=second.uid).write(by=by)
    take_turns(desk, by, "half_day")
    sync()
    models.open_database(centre.station)
    sync()
    return centre


def test_visits_count_to_the_unit_on_turn(joint_station):
    by = models.person_signing_in("2024110201")
    service = Service.get(Service.name == "免修申办")
    morning, afternoon = datetime(2026, 11, 23, 9), datetime(2026, 11, 23, 14)
    with clock.set_at(afternoon):
        late = models.record_visit(
            by=by,
            service=service,
            outcome="done",
            visitor_name="张伟",
            arrived_at=morning,
        )
        enquiry = models.record_enquiry(by=by)
    assert (late.duty_unit_name, late.department_name) == ("教务处", "教务处")
    stored = Visit.get(Visit.uid == enquiry.uid)
    assert stored.duty_unit_name == stored.department_name == "学生处"
    assert stored.duty_unit_uid == stored.department_uid != ""
    assert models.verify().faults == []


def test_an_enquiry_at_a_joint_desk_without_turns_is_nobodys_alone(
    joint_station,
):
    with clock.set_at(datetime(2026, 11, 20, 9)):
        enquiry = models.record_enquiry(by=models.person_signing_in("2024110201"))
    assert (enquiry.department_uid, enquiry.duty_unit_uid) == ("", "")
    assert enquiry.department_name == "教务处、学生处"


def open_summer_desk(by, **said):
    usual = {
        "code": "yingxin",
        "prefix": "yx",
        "name": "迎新服务窗口",
        "departments": [models.department_by_name("学生处")],
        "opens_on": MONDAY,
        "closes_on": MONDAY + timedelta(days=4),
        "services": [("报到咨询", "enquiry", 0), ("绿色通道", "promised", 2)],
    }
    return models.open_desk(by=by, **{**usual, **said})


def test_a_desk_for_a_time_is_there_between_its_dates(chief):
    desk = open_summer_desk(chief)
    assert (desk.code, desk.prefix) == ("yingxin", "YX")
    for day, there in ((-1, False), (0, True), (4, True), (5, False)):
        on = MONDAY + timedelta(days=day)
        assert (desk.uid in [d.uid for d in models.desks(on)]) == there
    services = models.services_of(desk, MONDAY)
    assert [(s.name, s.working_days, s.department_name) for s in services] == [
        ("报到咨询", 0, "学生处"),
        ("绿色通道", 2, "学生处"),
    ]
    assert [d.name for d in models.departments_of(desk, MONDAY)] == ["学生处"]


def test_a_desk_can_be_closed_and_closed_later(chief):
    desk = open_summer_desk(chief, closes_on=None)
    with clock.set_at(datetime(2026, 11, 24, 9)):
        with pytest.raises(UserError, match="早于今天"):
            models.close_desk(desk, by=chief, closes_on=MONDAY)
        with pytest.raises(UserError, match="早于启用日期"):
            models.close_desk(desk, by=chief, closes_on=MONDAY - timedelta(days=1))
        for days in (1, 8):
            last = date(2026, 11, 24) + timedelta(days=days)
            models.close_desk(desk, by=chief, closes_on=last)
            assert desk.in_service(last)
            assert not desk.in_service(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"code": "迎新"}, "窗口代码"),
        ({"code": " JiaoWu "}, "代码“jiaowu”已有"),
        ({"prefix": "Y1"}, "编号前缀请用"),
        ({"prefix": "jw"}, "编号前缀“JW”已有"),
        ({"name": " "}, "窗口名称"),
        ({"name": "教务事务窗口"}, "名称“教务事务窗口”已有"),
        ({"departments": []}, "至少选择一个部门"),
        ({"closes_on": date(2026, 11, 1)}, "早于启用日期"),
        ({"services": [(" ", "enquiry", 0)]}, "事项名称"),
        ({"services": [("报到", "party", 0)]}, "即办、承诺还是咨询"),
        ({"services": [("报到", "promised", 0)]}, "1 到 365"),
    ],
)
def test_a_wrong_desk_is_refused_and_nothing_is_written(chief, said, message):
    before = models.row_counts()
    with pytest.raises(UserError, match=message):
        open_summer_desk(chief, **said)
    assert models.row_counts() == before
    assert Desk.select().count() == 6
