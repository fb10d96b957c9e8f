"""What the office does in the window so that a new centre can really start."""

import pytest

from desk import founding
from exports.sync import enrolment, sync
from exports.sync.share import read_marker
from models import storage
from models.desks import desks
from models.installation import installation
from models.people import Person, PersonRole, PersonStatus, person_signing_in
from models.stations import this_station


@pytest.fixture
def at_people(at_office):
    """人员管理 of the office."""
    at_office.show("people")
    return at_office.page


def test_the_office_lets_a_person_in(at_people, drive):
    page = at_people
    page.form.set("number", "J900")
    page.form.set("name", "韩老师")
    page.form.set("role", PersonRole.TEACHER)
    at_people.window.root.focus_force()
    page.form.focus_field("card")
    card = page.form.widget("card")
    drive.wait_until(lambda: card.focus_get() is card, "the field")
    drive.typing("8800001234")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Person.select().where(Person.number == "J900").exists())
    assert person_signing_in("8800001234").name == "韩老师"
    assert page.form.text("name") == ""


def test_an_assistant_is_let_in_for_training_and_others_are_not(at_people):
    page = at_people
    page.form.set("number", "2026010199")
    page.form.set("name", "新助理")
    page.form.set("role", PersonRole.TEACHER)
    assert not page.form.value("in_training")
    page.form.set("role", PersonRole.ASSISTANT)
    assert page.form.value("in_training")
    page.save_button.invoke()
    added = Person.get(Person.number == "2026010199")
    assert added.status == PersonStatus.TRAINING
    assert "时间设置 → 培训" in at_people.window.status.text
    assert page.form.value("in_training")
    row = next(row for row in page.table.rows() if row[0] == "2026010199")
    assert row[-1] == "培训"
    page.form.set("in_training", False)
    page.form.set("number", "2026010198")
    page.form.set("name", "老助理")
    page.save_button.invoke()
    assert Person.get(Person.number == "2026010198").status == PersonStatus.ACTIVE
    assert "培训" not in at_people.window.status.text


def test_nobody_of_the_office_is_proposed_for_training_after_another(at_people):
    page = at_people
    for number in ("9101", "9102"):
        page.form.set("number", number)
        page.form.set("name", "某老师")
        page.form.set("role", PersonRole.OFFICE)
        page.save_button.invoke()
        assert Person.get(Person.number == number).status == PersonStatus.ACTIVE
        assert not page.form.value("in_training")


def test_a_number_taken_already_is_refused_under_the_field(at_people):
    page = at_people
    page.form.set("number", "T001")
    page.form.set("name", "某某")
    page.save_button.invoke()
    assert page.form.problems() or at_people.window.info.text
    assert page.form.text("name") == "某某"


def test_leaving_is_asked_for_and_ends_signing_in(at_people, shown):
    page = at_people
    row = next(
        row
        for row in page.table.tree.get_children()
        if page.table.tree.set(row, "0") == "T002"
    )
    page.table.tree.selection_set(row)
    shown.answers = [False, True]
    page.list_buttons["离岗"].invoke()
    assert person_signing_in("T002").name == "陈老师"
    page.list_buttons["离岗"].invoke()
    assert not Person.get(Person.number == "T002").may_sign_in


def test_a_new_desk_joins_by_fingerprints_compared_on_both_sides(
    at_office, drive, centre, tmp_path
):
    # The new PC asks; its fingerprint is what its screen shows.
    storage.close_database()
    marker = read_marker(centre / "share")
    enrolment.join_centre(
        tmp_path / "new",
        share_folder=centre / "share",
        marker=marker,
        name="学生窗口 1 号机",
        key_in_file=True,
    )
    fingerprint = founding.own_fingerprint()
    storage.open_database(centre / "office")

    at_office.show("sync")
    page = at_office.page
    drive.wait_until(page.table.rows, "the requests on the share")
    assert page.table.rows() == [("学生窗口 1 号机", fingerprint)]
    assert len(fingerprint.split()) == 8
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    drive.pump()
    desk = dict(page.form.widget("desk").choices)["学生事务窗口"]
    page.form.set("desk", desk)
    page.approve_button.invoke()
    assert "请先核对指纹" in page.form.problems()[0]
    page.form.set("compared", True)
    page.approve_button.invoke()
    assert page.table.rows() == []
    page.on_refresh()
    drive.wait_until(lambda: not at_office.autosync.jobs.running, "the exchange")

    storage.open_database(tmp_path / "new")
    sync()
    assert this_station().desk_uid == desk


@pytest.fixture
def asked_twice(at_office, centre, tmp_path, drive):
    """The page of the office, two new PCs waiting to be let in."""
    for name in ("学生窗口 1 号机", "学生窗口 2 号机"):
        storage.close_database()
        enrolment.join_centre(
            tmp_path / name,
            share_folder=centre / "share",
            marker=read_marker(centre / "share"),
            name=name,
            key_in_file=True,
        )
    storage.close_database()
    storage.open_database(centre / "office")
    at_office.show("sync")
    drive.wait_until(at_office.page.table.rows, "the requests on the share")
    return at_office.page


def test_the_tick_of_a_compared_fingerprint_is_about_one_station(asked_twice, drive):
    page = asked_twice
    first, _second = page.table.tree.get_children()
    page.table.tree.selection_set(first)
    drive.pump()
    page.form.set("compared", True)
    page.on_refresh()
    drive.wait_until(lambda: not page.window.autosync.jobs.running, "the exchange")
    drive.pump()
    name = page.table.rows()[0][0]
    assert page.table.selected() is not None and page.form.value("name") == name
    assert page.form.value("compared")
    page.table.tree.selection_set(page.table.tree.get_children()[1])
    drive.pump()
    assert not page.form.value("compared")
    page.form.set("compared", True)
    page.table.tree.selection_set(*page.table.tree.get_children()[:1])
    drive.pump()
    assert not page.form.value("compared")


@pytest.mark.parametrize("size", ["1366x740+0+0", "1024x640+0+0"])
def test_fingerprint_and_what_is_lacking_are_in_sight(asked_twice, drive, size):
    page = asked_twice
    page.window.root.geometry(size)
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    drive.pump(0.1)
    lines = page.form.value("fingerprint").splitlines()
    assert [len(line.split()) for line in lines] == [4, 4]
    page.approve_button.invoke()
    drive.pump(0.1)
    problem = next(
        field.problem for field in page.form._fields.values() if field.is_wrong
    )
    bottom = problem.winfo_rooty() + problem.winfo_height()
    assert bottom <= page.form.bar.winfo_rooty()
    assert problem.winfo_reqwidth() <= problem.winfo_width()


def test_a_desk_that_is_not_let_in_waits_and_then_goes_on(
    first_run, drive, centre, tmp_path
):
    folder = tmp_path / "new"
    window = first_run(folder)
    page = window.page
    page.buttons["join"].invoke()
    form = page.cards["join"]
    form.set("share", str(centre / "share"))
    form.set("name", "学生窗口 1 号机")
    form.primary.invoke()
    assert form.value("fingerprint") == read_marker(centre / "share").fingerprint
    page.join_button.invoke()
    assert "核对办公室指纹" in form.problems()[0]
    assert not (folder / storage.FILE).exists()
    form.set("compared", True)
    page.join_button.invoke()
    drive.wait_until(lambda: window.page.title == "等待批准", "the waiting page")
    shown = window.page.fingerprint.cget("text").split()
    assert shown == founding.own_fingerprint().split()

    storage.open_database(centre / "office")
    request = enrolment.requests()[0]
    desk = next(d for d in desks() if d.name == "学生事务窗口")
    enrolment.approve(request, desk=desk, by=person_signing_in("9001"))
    sync()
    storage.open_database(folder)
    window.page.on_refresh()
    drive.wait_until(lambda: window.page.title == "登录", "being let in")


def test_a_new_centre_starts_at_the_first_run(first_run, drive, tmp_path):
    (tmp_path / "stick").mkdir()
    window = first_run(tmp_path / "office")
    form = window.page.cards["found"]
    form.set("centre_name", "一站式服务中心")
    form.set("share", str(tmp_path / "share"))
    form.set("recovery", str(tmp_path / "stick"))
    form.set("number", "B001")
    form.primary.invoke()
    assert form.problems() == ["请填写您的姓名。"]
    assert not (tmp_path / "office" / storage.FILE).exists()
    form.set("name", "顾主任")
    form.primary.invoke()
    drive.wait_until(lambda: window.page.title == "登录", "the new office")
    assert installation().is_office
    assert (tmp_path / "share" / "centre.marker").exists()
    assert "在“时间设置”录入学期" in window.info.text
    window.page.field.insert(0, "B001")
    window.page.sign_in_button.invoke()
    assert window.page.title == "工作台"


def test_a_trial_that_was_stopped_can_be_started_again(first_run, drive, tmp_path):
    window = first_run(tmp_path / "pc")
    page = window.page
    page.buttons["try"].invoke()
    page.try_button.invoke()
    drive.wait_until(lambda: page.progress.bar.cget("value") > 0.1, "some progress")
    page.progress.cancel_button.invoke()
    drive.wait_until(lambda: not window.jobs.running, "the end")
    assert window.page is page
    assert str(page.try_button.cget("state")) == "normal"
    page.try_button.invoke()
    drive.wait_until(lambda: not window.jobs.running, "the sample", seconds=60)
    assert window.page.title == "登录"
    window.page.field.insert(0, "2024110205")
    window.page.sign_in_button.invoke()
    assert window.page.title == "来访登记"
    assert len(window.page.students) == 2000


@pytest.mark.parametrize("typed", ["", "没有这个人", "404"])
def test_signing_in_refuses_in_words_and_keeps_the_focus(window, drive, typed):
    page = window.page
    page.field.insert(0, typed)
    page.sign_in_button.invoke()
    drive.pump()
    assert window.person is None
    assert page.problem.cget("text").strip()
    assert window.root.focus_get() is page.field


def test_a_card_signs_in_and_ctrl_l_locks(window, drive):
    window.root.focus_force()
    window.page.focus_first()
    drive.pump(0.05)
    drive.typing("0001110001", delay=3)
    drive.keys("Return")
    drive.wait_until(lambda: window.person is not None, "the sign-in")
    assert window.person.name == "李老师"
    drive.keys("ctrl+l")
    assert window.is_locked
    drive.keys("F3")  # no page opens under the lock
    assert window.page.title == "来访登记"
