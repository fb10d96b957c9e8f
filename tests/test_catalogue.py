"""What desks offer: versions with dates, and what every change rests on (P2, P15)."""

from datetime import date, datetime, timedelta

import pytest

import models
from exports.sync import sync
from models import Desk, Service, UserError, Visit, clock

TODAY = date(2026, 11, 23)
MINUTES = "领导小组第 3 次会议纪要"


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(datetime.combine(TODAY, datetime.min.time().replace(hour=9))):
        yield


@pytest.fixture
def jiaowu(office):
    return models.desk_by_code("jiaowu")


@pytest.fixture
def deferral(jiaowu):
    """缓考申办: promised within 3 working days."""
    return Service.get(Service.name == "缓考申办")


def in_days(count):
    return TODAY + timedelta(days=count)


def change(service, chief, **fields):
    return models.change_service(service, by=chief, **{"basis": MINUTES, **fields})


def version_words(service):
    return [
        (version.version, version.starts_on, version.ends_on, version.working_days)
        for version in models.versions_of(service)
    ]


def days_on(service, *days):
    found = [models.version_on(service, in_days(day)) for day in days]
    return [version and version.working_days for version in found]


def last_change():
    return models.changes_between(TODAY, TODAY)[0]


def test_the_old_version_ends_the_day_before_the_new_one_begins(chief, deferral):
    changed = change(deferral, chief, starts_on=in_days(8), working_days=5)
    assert version_words(deferral) == [
        (1, None, in_days(7), 3),
        (2, in_days(8), None, 5),
    ]
    assert changed.item == deferral.item == deferral.uid
    assert days_on(changed, 0, 7, 8, 400) == [3, 3, 5, 5]


def test_on_each_day_the_list_has_each_service_once_and_in_its_old_place(
    chief, deferral, jiaowu
):
    names = [service.name for service in models.services_of(jiaowu)]
    change(deferral, chief, starts_on=in_days(8), name="缓考申请")
    renamed = [name.replace("缓考申办", "缓考申请") for name in names]
    assert [s.name for s in models.services_of(jiaowu, in_days(7))] == names
    assert [s.name for s in models.services_of(jiaowu, in_days(8))] == renamed
    assert Service.get(Service.name == "缓考申请").initials.split()[0] == "hksq"


def test_a_second_change_for_the_same_day_replaces_the_first(chief, deferral):
    first = change(deferral, chief, starts_on=in_days(8), working_days=5)
    second = change(first, chief, starts_on=in_days(8), working_days=4)
    assert version_words(deferral) == [
        (1, None, in_days(7), 3),
        (3, in_days(8), None, 4),
    ]
    assert second.version == 3
    assert Service.get(Service.version == 2).ends_on == in_days(7)  # never held
    assert len(models.changes_of(deferral)) == 2


def test_a_change_before_a_planned_one_does_not_undo_it(chief, deferral):
    change(deferral, chief, starts_on=in_days(8), working_days=5)
    change(deferral, chief, starts_on=in_days(2), phone="8620", working_days=2)
    assert days_on(deferral, 1, 2, 7, 8) == [3, 2, 2, 5]
    phones = [models.version_on(deferral, in_days(day)).phone for day in (1, 2, 8)]
    assert phones == ["", "8620", "8620"]


def test_a_change_from_today_holds_at_once(chief, deferral):
    change(deferral, chief, kind="instant")
    held = models.version_on(deferral, TODAY)
    assert (held.kind, held.working_days, held.version) == ("instant", 0, 2)


def test_every_change_is_noted_with_its_basis_and_both_wordings(chief, deferral):
    starts_on = in_days(8)
    change(deferral, chief, starts_on=starts_on, working_days=5, materials="申请表")
    noted = last_change()
    assert noted.kind_label == "调整事项"
    assert noted.before == "缓考申办：承诺工作日 3；所需材料 缓考申请表、证明材料"
    assert noted.after == "缓考申办：承诺工作日 5；所需材料 申请表"
    assert (noted.desk_name, noted.department_name) == ("教务事务窗口", "教务处")
    assert (noted.effective_on, noted.basis) == (starts_on, MINUTES)
    assert (noted.person_name, noted.at) == ("顾主任", clock.now())


def test_a_new_service_is_offered_from_its_day(chief, jiaowu):
    added = models.add_service(
        by=chief,
        desk=jiaowu,
        department=models.department_by_name("教务处"),
        name=" 成绩复核 ",
        kind="promised",
        working_days=2,
        starts_on=in_days(1),
        materials="复核申请表",
        basis=MINUTES,
    )
    assert (added.version, added.item, added.name) == (1, added.uid, "成绩复核")
    for day, there in ((0, False), (1, True)):
        offered = [s.uid for s in models.services_of(jiaowu, in_days(day))]
        assert (added.uid in offered) == there
    noted = last_change()
    assert (noted.kind, noted.before) == ("service_added", "")
    assert noted.after == "成绩复核（承诺，2 个工作日）；所需材料 复核申请表"


def test_a_retired_service_is_offered_no_more_and_its_versions_stay(
    chief, deferral, jiaowu
):
    change(deferral, chief, starts_on=in_days(30), working_days=5)
    models.retire_service(deferral, by=chief, ends_on=in_days(3), basis=MINUTES)
    assert days_on(deferral, 3, 4, 30) == [3, None, None]
    offered = [service.name for service in models.services_of(jiaowu, in_days(4))]
    assert "缓考申办" not in offered
    noted = last_change()
    assert noted.after == "缓考申办：办理至 2026-11-26，次日起停办"
    assert noted.effective_on == in_days(4)


def test_the_last_day_can_be_moved_until_it_has_passed(chief, deferral):
    for days in (3, 10):
        models.retire_service(deferral, by=chief, ends_on=in_days(days), basis=MINUTES)
        assert days_on(deferral, days, days + 1) == [3, None]
    models.retire_service(deferral, by=chief, ends_on=in_days(-1), basis=MINUTES)
    assert days_on(deferral, -1, 0) == [3, None]
    with pytest.raises(UserError, match="已经停办"):
        models.retire_service(deferral, by=chief, ends_on=TODAY, basis=MINUTES)


def test_a_retired_service_can_be_taken_up_again(chief, deferral):
    models.retire_service(deferral, by=chief, ends_on=in_days(3), basis=MINUTES)
    change(deferral, chief, starts_on=in_days(10))
    assert days_on(deferral, 3, 4, 9, 10, 400) == [3, None, None, 3, 3]
    assert last_change().before == "缓考申办：已停办"
    assert last_change().after.startswith("恢复办理：缓考申办（承诺，3 个工作日）")


def test_a_version_keeps_the_planned_end_of_the_item(chief, deferral):
    models.retire_service(deferral, by=chief, ends_on=in_days(20), basis=MINUTES)
    change(deferral, chief, starts_on=in_days(5), working_days=2)
    assert days_on(deferral, 4, 5, 20, 21) == [3, 2, 2, None]


def test_a_service_can_move_to_another_desk_and_department(chief, deferral, jiaowu):
    students = models.desk_by_code("xuesheng")
    with pytest.raises(UserError, match="教务处不在“学生事务窗口”服务"):
        change(deferral, chief, desk=students)
    department = models.department_by_name("学生处")
    change(deferral, chief, desk=students, department=department)
    assert "缓考申办" not in [s.name for s in models.services_of(jiaowu)]
    assert "缓考申办" in [s.name for s in models.services_of(students)]
    assert last_change().before == "缓考申办：窗口 教务事务窗口；责任部门 教务处"


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"basis": " "}, "请填写依据", "basis"),
        ({"starts_on": in_days(-1)}, "最早从今天", "starts_on"),
        ({"name": " "}, "事项名称", "name"),
        ({"name": "免修申办"}, "已经有“免修申办”", "name"),
        ({"kind": "party"}, "即办、承诺还是咨询", "kind"),
        ({"working_days": 0}, "1 到 365", "working_days"),
        ({"working_days": 3}, "没有不同", ""),
    ],
)
def test_a_wrong_change_is_refused_at_its_field_and_nothing_is_written(
    chief, deferral, fields, message, field
):
    before = models.row_counts()
    with pytest.raises(UserError, match=message) as refused:
        change(deferral, chief, **fields)
    assert refused.value.field == field
    assert models.row_counts() == before
    assert version_words(deferral) == [(1, None, None, 3)]


def test_what_is_not_offered_yet_changes_from_its_first_day_on(chief, jiaowu):
    planned = models.add_service(
        by=chief,
        desk=jiaowu,
        department=models.department_by_name("教务处"),
        name="成绩复核",
        kind="instant",
        starts_on=in_days(9),
    )
    with pytest.raises(UserError, match="从 2026-12-02 起才办理"):
        change(planned, chief, phone="1")
    change(planned, chief, phone="1", starts_on=in_days(9))
    assert [v.version for v in models.versions_of(planned)] == [2]
    models.retire_service(planned, by=chief, ends_on=TODAY, basis=MINUTES)
    assert models.versions_of(planned) == []
    with pytest.raises(UserError, match="请重新新增"):
        change(planned, chief, phone="2")


def test_old_visits_keep_the_old_names(centre):
    models.open_database(centre.station)
    assistant = models.person_signing_in("2024110201")
    service = Service.get(Service.name == "缓考申办")
    old = models.record_visit(
        by=assistant, service=service, outcome="done", visitor_name="张伟"
    )
    sync()
    models.open_database(centre.office)
    sync()
    chief = models.person_signing_in("B0001")
    change(service, chief, name="缓考申请")
    models.rename_desk(
        models.desk_by_code("jiaowu"), by=chief, name="教学事务窗口", basis=MINUTES
    )
    sync()
    models.open_database(centre.station)
    sync()
    renamed = next(
        service
        for service in models.services_of(models.this_desk())
        if service.name == "缓考申请"
    )
    new = models.record_visit(
        by=assistant, service=renamed, outcome="done", visitor_name="张伟"
    )
    told = [(visit.desk_name, visit.service_name) for visit in (old, new)]
    assert told == [("教务事务窗口", "缓考申办"), ("教学事务窗口", "缓考申请")]
    assert Visit.get(Visit.uid == old.uid).service_name == "缓考申办"
    assert models.verify().faults == []
    with pytest.raises(UserError, match="调整窗口和事项由中心办公室"):
        change(renamed, assistant, phone="1")


def test_renaming_a_desk_is_a_new_version_with_its_basis(chief, jiaowu):
    with pytest.raises(UserError, match="请填写依据"):
        models.rename_desk(jiaowu, by=chief, name="教学事务窗口", basis="")
    with pytest.raises(UserError, match="已有窗口用过"):
        models.rename_desk(jiaowu, by=chief, name="学生事务窗口", basis=MINUTES)
    with pytest.raises(UserError, match="没有改动"):
        models.rename_desk(jiaowu, by=chief, name=jiaowu.name, basis=MINUTES)
    models.rename_desk(jiaowu, by=chief, name="教学事务窗口", basis=MINUTES)
    stored = Desk.get(Desk.code == "jiaowu")
    assert (stored.name, stored.version) == ("教学事务窗口", 2)
    noted = last_change()
    assert (noted.before, noted.after) == ("教务事务窗口", "教学事务窗口")
    assert (noted.kind_label, noted.department_name) == ("窗口更名", "教务处")


def test_opening_and_closing_a_desk_are_noted_with_its_services(chief):
    desk = models.open_desk(
        by=chief,
        code="yingxin",
        prefix="YX",
        name="迎新服务窗口",
        departments=[models.department_by_name("学生处")],
        opens_on=in_days(1),
        closes_on=in_days(9),
        services=[("报到咨询", "enquiry", 0)],
        basis=MINUTES,
    )
    models.close_desk(desk, by=chief, closes_on=in_days(5), basis=MINUTES)
    noted = models.changes_between(TODAY, TODAY, desk)
    assert [(change.kind, change.after) for change in reversed(noted)] == [
        ("desk_opened", "开设“迎新服务窗口”，2026-11-24 至 2026-12-02"),
        ("service_added", "报到咨询（咨询）"),
        ("desk_closed", "服务至 2026-11-28，次日起停用"),
    ]
    assert {change.basis for change in noted} == {MINUTES}
    assert noted[0].before == "服务至 2026-12-02"
    assert models.changes_between(TODAY, TODAY, models.desk_by_code("jiaowu")) == []
    assert models.changes_between(in_days(-9), in_days(-1)) == []


def test_the_card_tells_the_versions_words_and_fills_in_the_departments_phone(
    chief, deferral
):
    department = models.department_by_name("教务处")
    models.set_department_phone(
        department, by=chief, phone=" 8620 1111 ", basis=MINUTES
    )
    change(
        deferral,
        chief,
        starts_on=in_days(8),
        guide="交表—审核—通知",
        place="102 室",
        phone="8620 2222",
    )
    now, later = map(models.card_of, models.versions_of(deferral))
    assert (now.phone, later.phone) == ("8620 1111", "8620 2222")
    assert (now.version, now.ends_on) == (1, in_days(7))
    assert (later.version, later.starts_on) == (2, in_days(8))
    assert (later.place, later.guide) == ("102 室", "交表—审核—通知")
    assert (now.desk_name, now.department_name) == ("教务事务窗口", "教务处")
    assert now.materials == "缓考申请表、证明材料"
    assert (now.kind_label, now.working_days) == ("承诺", 3)
