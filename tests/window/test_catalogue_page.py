"""窗口事项 in the real window: changes with their basis, and the card."""

from datetime import date, datetime, timedelta

import pytest

from desk.dialogs import SETTLE_SECONDS
from desk.pages.servicecard import show_service_card
from models import clock
from models.catalogue import changes_between
from models.desks import Department, Desk, desk_by_code
from models.servicechanges import change_service
from models.services import Service, services_of, versions_of

TODAY = date(2026, 11, 23)
BASIS = "领导小组第 3 次会议纪要"


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(datetime(2026, 11, 23, 9)):
        yield


@pytest.fixture
def page(at_office, drive):
    at_office.show("catalogue")
    drive.pump()
    return at_office.page


def deferral():
    return Service.get((Service.name == "缓考申办") & (Service.version == 1))


def mark(page, name):
    """Mark the row of a service as a click does."""
    tree = page.table.tree
    row = next(row for row in tree.get_children() if tree.set(row, "1") == name)
    tree.selection_set(row)
    tree.focus(row)
    tree.update()


def fill(page, **values):
    for name, value in values.items():
        page.form.set(name, value)


def row_of(page, name):
    return next(row for row in page.table.rows() if row[1] == name)


def said(page):
    return page.window.status.text


def test_a_service_is_added_by_keys_alone(page, drive):
    desk = desk_by_code("jiaowu")
    fill(page, desk=desk.uid)
    page.form._on_desk()
    drive.paste(page.form.widget("name"), "成绩复核")
    drive.keys("Return")
    drive.pump()
    drive.keys("2", "Return")  # 承诺, then its days
    drive.typing("4")
    fill(page, starts_on=TODAY, basis=BASIS)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "成绩复核" in said(page))
    added = Service.get(Service.name == "成绩复核")
    assert (added.desk_uid, added.kind, added.working_days) == (desk.uid, "promised", 4)
    assert row_of(page, "成绩复核")[2:5] == ("在办", "承诺 4 日", "1")
    assert "各窗口下次同步后生效" in said(page)
    assert page.form.text("name") == ""
    assert page.form.text("basis") == BASIS  # one decision often changes several


def test_a_change_is_a_new_version_from_its_day(page, drive):
    mark(page, "缓考申办")
    page.list_buttons["调整"].invoke()
    assert "调整“缓考申办”，第 1 版" in page.form.value("subject")
    fill(page, working_days=5, starts_on=TODAY + timedelta(days=8), basis=BASIS)
    page.form.primary.invoke()
    assert "“缓考申办”第 2 版自 2026-12-01 起执行" in said(page)
    assert row_of(page, "缓考申办")[2:5] == ("12-01 起变更", "承诺 3 日", "1")
    assert [version.working_days for version in versions_of(deferral())] == [3, 5]


def test_only_what_was_typed_anew_goes_into_a_change(page):
    by = page.window.person
    begins = TODAY + timedelta(days=8)
    change_service(deferral(), by=by, starts_on=begins, basis=BASIS, working_days=5)
    page.refresh()
    mark(page, "缓考申办")
    page.list_buttons["调整"].invoke()
    assert "2026-12-01 起另有新版本" in page.form.value("subject")
    fill(page, phone="8620", starts_on=begins + timedelta(days=9), basis=BASIS)
    page.form.primary.invoke()
    newest = versions_of(deferral())[-1]
    assert (newest.working_days, newest.phone) == (5, "8620")


def test_a_service_is_retired_from_the_list_by_keys(page, drive):
    page.window.root.focus_force()
    mark(page, "缓考申办")
    page.table.focus_set()
    drive.keys("Delete")
    assert page.form.task == "retire"
    assert page.form.value("subject") == "停办“缓考申办”，第 1 版"
    page.form.primary.invoke()
    assert page.form.problems() == ["请填写依据，例如“领导小组第 3 次会议纪要”。"]
    fill(page, ends_on=TODAY - timedelta(days=1), basis=BASIS)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "停办" in said(page))
    desk = desk_by_code("jiaowu")
    assert "缓考申办" not in [service.name for service in services_of(desk)]
    assert row_of(page, "缓考申办")[2] == "已停办"
    over = sum(row[2] == "已停办" for row in page.table.rows())
    rows = len(page.table.rows())
    heading = page.heading.cget("text")
    assert heading == f"事项 {rows - over} 项，已停办 {over} 项"
    assert page.window.status.rows.cget("text") == f"共 {rows} 项"
    at_desk = [row for row in page.table.rows() if row[0] == desk.name]
    assert at_desk[-1][1] == "缓考申办"  # behind what is offered


def test_a_desk_is_renamed_and_becomes_the_enquiry_desk(page):
    desk = desk_by_code("jiaowu")
    fill(page, task="desk", desk=desk.uid)
    page.form._on_desk()
    assert page.form.text("name") == "教务事务窗口"
    fill(page, name="教学事务窗口", takes_enquiries=True, basis=BASIS)
    page.form.primary.invoke()
    stored = Desk.get(Desk.code == "jiaowu")
    assert (stored.name, stored.takes_enquiries) == ("教学事务窗口", True)
    assert "“教学事务窗口”兼咨询台，由“教务事务窗口”更名" in said(page)
    kinds = {change.kind for change in changes_between(TODAY, TODAY)}
    assert kinds == {"desk_renamed", "desk_changed"}


def test_a_departments_phone_is_changed(page):
    uid = Department.get(Department.name == "教务处").uid
    page.form.set("task", "phone")
    fill(page, department=uid, phone="0512-5866 8620", basis=BASIS)
    page.form.primary.invoke()
    assert Department.get(Department.uid == uid).phone == "0512-5866 8620"
    assert "教务处电话改为 0512-5866 8620" in said(page)


NO_CHANGES = [
    ({"name": ""}, "name", "请填写事项名称"),
    ({"name": "免修申办"}, "name", "已经有“免修申办”"),
    ({"starts_on": None}, "starts_on", "请填写生效日期"),
    ({"starts_on": TODAY - timedelta(days=1)}, "starts_on", "最早从今天"),
    ({"working_days": 0}, "working_days", "1 到 365"),
    ({"basis": ""}, "basis", "请填写依据"),
]


def test_a_change_that_makes_no_sense_is_refused_at_its_field(page):
    for values, field, problem in NO_CHANGES:
        mark(page, "缓考申办")
        page.list_buttons["调整"].invoke()
        fill(page, **{"basis": BASIS, **values})
        page.form.primary.invoke()
        assert problem in page.form.problems()[0]
        assert page.form._fields[field].is_wrong
        assert [version.version for version in versions_of(deferral())] == [1]


def test_the_history_is_of_the_marked_service_and_is_read_in_full(page, drive, shown):
    by = page.window.person
    change_service(deferral(), by=by, basis=BASIS, guide="1. 交表\n2. 审核")
    page.refresh()
    assert [row[1] for row in page.history.rows()] == ["调整事项"]
    mark(page, "免修申办")
    drive.wait_until(lambda: page.history.rows() == [])
    mark(page, "缓考申办")
    drive.wait_until(lambda: page.history.rows() != [])
    assert page.history.rows()[0][3] == "缓考申办：办理流程 1. 交表 2. 审核"
    tree = page.history.tree
    tree.selection_set(tree.get_children()[0])
    tree.focus(tree.get_children()[0])
    tree.focus_force()
    drive.pump(SETTLE_SECONDS)
    drive.keys("Return")
    drive.wait_until(lambda: shown)
    assert "变更前：缓考申办：办理流程 无" in shown[-1]
    assert f"依据：{BASIS}" in shown[-1]


def test_finding_narrows_the_list(page, drive):
    page.find_entry.insert(0, "缓考")
    drive.wait_until(lambda: page.table.count == 1)
    assert page.heading.cget("text") == "找到 1 条"


# -- the card ----------------------------------------------------------------------


def open_card(page, service, drive):
    card = show_service_card(page, service)
    drive.pump()
    return card


def test_the_card_tells_everything_at_a_desk_and_changes_nothing(at_work, drive):
    at_work.show("visits")
    card = open_card(at_work.page, deferral(), drive)
    assert dict(card.lines) == {
        "责任部门": "教务处",
        "咨询电话": "",
        "办理时限": "承诺件：材料齐全起 3 个工作日内办结",
        "所需材料": "缓考申请表、证明材料",
        "办理流程": "",
        "办理窗口": "教务事务窗口",
        "办理地点": "",
        "版本": "第 1 版，中心启用时起施行，长期有效",
    }


def test_esc_closes_the_card_and_gives_the_focus_back(at_work, drive):
    at_work.show("visits")
    page = at_work.page
    at_work.root.focus_force()
    page.focus_first()
    drive.pump()
    before = page.focus_get()
    card = open_card(page, deferral(), drive)
    drive.typing("99")  # goes nowhere
    drive.keys("Escape")
    drive.wait_until(lambda: not card.winfo_exists())
    assert page.focus_get() is before
    assert before.get() == ""


def test_leaving_the_page_closes_the_card(at_work, drive):
    at_work.show("visits")
    card = open_card(at_work.page, deferral(), drive)
    at_work.show("seals")
    drive.wait_until(lambda: not card.winfo_exists())
    at_work.show("visits")
    drive.pump()


def test_the_card_tells_what_was_decided_and_comes_later(at_office, drive):
    change_service(
        deferral(),
        by=at_office.person,
        starts_on=TODAY + timedelta(days=8),
        basis=BASIS,
        name="缓考申请",
    )
    card = open_card(at_office.page, deferral(), drive)
    assert ("版本", "第 1 版，中心启用时起施行，有效至 2026-11-30") in card.lines
    assert ("即将调整", "2026-12-01 起改用第 2 版：缓考申请") in card.lines


def test_a_long_card_stays_within_the_page(at_office, drive):
    guide = "\n".join(f"{step}. 一步一步地办理" for step in range(1, 60))
    change_service(deferral(), by=at_office.person, basis=BASIS, guide=guide)
    at_office.root.geometry("1024x640+0+0")
    drive.pump(0.2)
    page = at_office.page
    card = open_card(page, versions_of(deferral())[-1], drive)
    assert card.winfo_height() <= page.winfo_height()
    button = card.close_button
    bottom = button.winfo_rooty() + button.winfo_height()
    assert bottom <= page.winfo_rooty() + page.winfo_height()
    at_top = card._area.winfo_rooty()
    button.focus_force()
    drive.keys("Down", "Down")
    assert card._area.winfo_rooty() < at_top
    card.close()
