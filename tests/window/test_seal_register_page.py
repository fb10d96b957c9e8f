"""印章管理 in the real window: the register, who has a seal, and what became of it."""

from datetime import date, datetime, timedelta

import pytest

from exports.sync import sync
from models import clock, storage
from models.custody import TransferKind, transfer_seal
from models.desks import department_by_name, desks
from models.disposals import DisposalKind, disposals_between
from models.people import PersonRole, add_person, person_signing_in
from models.seal_uses import record_seal_use
from models.seals import Seal, SealState, seal_by_name

NOW = datetime(2026, 11, 23, 9)


@pytest.fixture(autouse=True)
def on_monday():
    with clock.set_at(NOW):
        yield


@pytest.fixture
def page(at_office, drive):
    at_office.show("seal_setup")
    drive.pump()
    return at_office.page


def at_the_desk(centre, act):
    """Let the desk do something with its seal, and the office hear of it."""
    storage.open_database(centre / "desk")
    act(seal_by_name("教务处"))
    sync()
    storage.open_database(centre / "office")
    sync()
    storage.close_database()


@pytest.fixture
def with_office(centre):
    """The seal of 教务处 was used twice and handed in."""

    def hand_in(seal):
        teacher = person_signing_in("T001")
        for title, impressions in (("免修协议", 2), ("缓考证明", 1)):
            record_seal_use(
                seal=seal,
                by=teacher,
                applicant="赵思远",
                unit="软件2401",
                document_title=title,
                purpose="盖章",
                approver="李处长",
                impressions=impressions,
            )
        transfer_seal(
            seal,
            by=teacher,
            receiver=person_signing_in("9001"),
            witness=person_signing_in("T002"),
            kind=TransferKind.COLLECTED,
            reason="换新章",
        )

    at_the_desk(centre, hand_in)


def fill(page, **values):
    for name, value in values.items():
        page.form.set(name, value)


def choose(page, task):
    page.form.set("task", task)
    page.form.update()


def problem(page):
    (text,) = page.form.problems()
    return text


def card(page):
    return page.card.said


def own_teacher(page, number="X001", department="学生处"):
    return add_person(
        by=page.window.person,
        number=number,
        name="徐老师",
        role=PersonRole.TEACHER,
        department=department_by_name(department),
    )


def begin_registering(page):
    """学生处 is chosen, by hand as it were, with a teacher of its own."""
    teacher = own_teacher(page)
    fill(page, department=department_by_name("学生处").uid, keeper=teacher)
    page.form._on_department()


# -- the register ------------------------------------------------------------------


def test_a_seal_is_registered_with_all_that_is_known_of_it(page, drive):
    begin_registering(page)
    assert page.form.value("name") == "学生处—学生社区事务专用章"
    assert page.form.widget("desk").get() == "学生事务窗口"
    fill(
        page,
        aliases="学工章，社区章",
        material="光敏，圆形 4.2 cm",
        engraving="校办 2026 第 8 号",
        storage_place="学生事务窗口保险柜",
        enabled_on=date(2026, 9, 1),
        assistants=True,
    )
    page.window.root.focus_force()
    page.form.focus_field("note")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: "已登记学生处" in page.window.status.text)
    seal = seal_by_name("社区章")
    assert (seal.material, seal.engraving) == ("光敏，圆形 4.2 cm", "校办 2026 第 8 号")
    assert (seal.enabled_on, seal.assistants_may_use) == (date(2026, 9, 1), True)
    row = next(row for row in page.table.rows() if row[0].startswith("学生处"))
    assert row[1:] == (
        "学生事务窗口",
        "徐老师",
        "启用",
        "学生处",
        "可以",
        "2026-09-01",
    )
    assert page.form.text("aliases") == "" and page.form.text("kind") == "业务专用章"


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"keeper": None}, "keeper", "请从候选中选择保管人"),
        ({"aliases": "教务处"}, "aliases", "已经是“教务处—学生社区事务专用章”的"),
        ({"enabled_on": None}, "enabled_on", "请填写启用日期"),
    ],
)
def test_what_cannot_be_registered_is_said_under_its_field(page, values, field, said):
    begin_registering(page)
    fill(page, **values)
    page.save_button.invoke()
    assert said in problem(page)
    assert page.form._fields[field].is_wrong
    assert Seal.select().count() == 1


def test_a_second_seal_of_a_department_is_refused_at_the_department(page):
    fill(page, department=department_by_name("教务处").uid)
    page.form._on_department()
    fill(page, keeper=person_signing_in("T002"))
    page.save_button.invoke()
    assert "已经登记过了" in problem(page)
    assert page.form._fields["department"].is_wrong


def test_a_half_typed_registration_survives_a_look_at_another_task(page):
    fill(page, aliases="写了一半", material="铜")
    choose(page, "change")
    assert page.form.text("aliases") == ""
    choose(page, "register")
    assert (page.form.text("aliases"), page.form.text("material")) == (
        "写了一半",
        "铜",
    )


def test_enter_in_the_list_changes_what_the_register_says(page, drive):
    page.window.root.focus_force()
    page.table.focus_set()
    drive.pump(0.3)
    drive.keys("Return")
    assert page.form.task == "change"
    assert page.save_button.cget("text") == "保存更改"
    page.save_button.invoke()
    assert "没有需要保存的改动" in page.window.info.text
    fill(page, storage_place="教务窗口保险柜", assistants=True)
    page.save_button.invoke()
    assert "的存放位置、学生助理可用印" in page.window.status.text
    seal = seal_by_name("教务处")
    assert seal.storage_place == "教务窗口保险柜" and seal.assistants_may_use
    assert "存放位置：教务窗口保险柜" in card(page)


# -- stopping ----------------------------------------------------------------------


def test_a_seal_is_stopped_and_taken_into_use_again(page):
    choose(page, "stop")
    page.save_button.invoke()
    assert problem(page) == "请写明原因。"
    fill(page, reason="年度检查", on=date(2026, 11, 24))
    page.save_button.invoke()
    assert "请填写批准人" in problem(page)
    fill(page, approver="周主任")
    page.save_button.invoke()
    assert "处置日期不能晚于今天" in problem(page)
    fill(page, on=date(2026, 11, 23))
    page.save_button.invoke()
    assert seal_by_name("教务处").state == SealState.STOPPED
    assert page.table.rows()[0][3] == "停用"
    assert page.save_button.cget("text") == "恢复启用"
    assert page.form.text("reason") == ""
    fill(page, reason="检查合格")
    page.save_button.invoke()
    assert seal_by_name("教务处").state == SealState.ACTIVE
    told = card(page)
    assert told.index("停用：年度检查，批准 周主任") < told.index("恢复启用：检查合格")


# -- giving it elsewhere -----------------------------------------------------------


@pytest.mark.parametrize("task", ["assign", "destroy"])
def test_what_must_first_be_handed_in_says_so_and_by_whom(page, task):
    choose(page, task)
    assert str(page.save_button.cget("state")) == "disabled"
    said = page.form.value("why_not")
    assert "印章还由李老师保管" in said
    assert "请先由保管人在窗口移交给办公室人员（缴回办公室）" in said
    page.after_idle(page.on_save)
    page.update()
    assert "印章还由李老师保管" in page.window.info.text


def test_a_seal_in_hand_is_given_to_another_desk_and_keeper(with_office, page):
    assert page.table.rows()[0][2] == "办公室 周主任"
    choose(page, "assign")
    assert page.form.value("why_not") == ""
    desk = next(desk for desk in desks() if desk.code != "jiaowu")
    fill(page, desk=desk.uid, keeper=person_signing_in("2023010101"), reason="调整")
    page.save_button.invoke()
    assert "学生助理不能保管" in problem(page)
    assert page.form._fields["keeper"].is_wrong
    fill(page, keeper=person_signing_in("T002"))
    page.save_button.invoke()
    seal = seal_by_name("教务处")
    assert (seal.desk_uid, seal.keeper_name) == (desk.uid, "陈老师")
    assert seal.numbers == {"2026": 2}
    assert page.table.rows()[0][1:3] == (desk.name, "陈老师")
    assert "启用，首任保管人 李老师" in card(page)
    assert f"调配至{desk.name}，周主任 → 陈老师" in card(page)


# -- the end -----------------------------------------------------------------------


def test_two_witnesses_are_named_by_card_and_number(with_office, page, drive, shown):
    choose(page, "destroy")
    fill(page, reason="破损", approver="周主任", method="粉碎", place="保密室")
    page.window.root.focus_force()
    page.form.focus_field("witness1")
    drive.pump(0.1)
    drive.swipe("0001110001")
    drive.typing("T002")
    drive.keys("Tab")
    assert page.form.text("witness1") == "李老师"
    assert page.form.text("witness2") == "陈老师"
    shown.answers = [False, True]
    page.save_button.invoke()
    assert "不能恢复" in shown[0] and page.form.text("method") == "粉碎"
    page.save_button.invoke()
    assert seal_by_name("教务处").state == SealState.DESTROYED
    assert "监销 李老师、陈老师，批准 周主任" in card(page)
    assert page.table.rows()[0][2:4] == ("—", "销毁")
    for task in ("change", "stop", "assign", "destroy"):
        choose(page, task)
        assert "已销毁，只能查看" in page.form.value("why_not")


@pytest.mark.parametrize(
    ("first", "second", "wrong", "said"),
    [
        ("", "", "witness1", "请刷卡、输入学工号"),
        ("T001", "", "witness2", "请刷卡、输入学工号"),
        ("T001", "没有", "witness2", "请刷卡、输入学工号"),
        ("T001", "T001", "witness2", "要是不同的人"),
        ("T001", "9001", "witness2", "经办人不能兼任监销人"),
        ("404", "T001", "witness1", "没有这个学号"),
    ],
)
def test_a_witness_who_is_none_is_refused_at_that_witness(
    with_office, page, first, second, wrong, said
):
    choose(page, "destroy")
    fill(page, reason="破损", approver="周主任", method="粉碎")
    fill(page, witness1=first, witness2=second)
    page.save_button.invoke()
    assert said in problem(page)
    assert page.form._fields[wrong].is_wrong
    assert seal_by_name("教务处").state == SealState.ACTIVE


def test_a_lost_seal_is_struck_off_wherever_it_was(page, shown):
    choose(page, "destroy")
    page.form.widget("lost").invoke()
    assert str(page.save_button.cget("state")) == "normal"
    assert page.save_button.cget("text") == "登记遗失"
    assert not page.form.widget("witness1").winfo_ismapped()
    fill(page, reason="搬迁时丢失", approver="周主任")
    shown.answers = [True]
    page.save_button.invoke()
    (done,) = disposals_between(NOW.date(), NOW.date())
    assert (done.kind, done.method) == (DisposalKind.DESTROYED, "遗失作废")
    assert "遗失：搬迁时丢失；遗失作废" in card(page)


# -- what the desks did ------------------------------------------------------------


def test_the_office_reads_how_much_a_seal_was_used_and_who_had_it(with_office, page):
    told = card(page)
    assert "2026 年已同步的用印 2 次 3 枚，末号 2026-0002" in told
    assert "移交（缴回办公室）：李老师 → 周主任，监交 陈老师；换新章，完好" in told
    assert "登记号 1–2" in told
    assert "登记电脑：教务事务窗口" in told


def test_temporary_custody_shows_until_when(centre, request, drive):
    def lend(seal):
        transfer_seal(
            seal,
            by=person_signing_in("T001"),
            receiver=person_signing_in("T002"),
            witness=person_signing_in("2023010101"),
            kind=TransferKind.TEMPORARY,
            until=NOW.date() + timedelta(days=3),
            approver="李处长",
            reason="出差",
        )

    at_the_desk(centre, lend)
    window = request.getfixturevalue("at_office")
    window.show("seal_setup")
    page = window.page
    assert page.table.rows()[0][2] == "陈老师（代管至 11-26）"
    with clock.set_at(NOW + timedelta(days=4)):
        page.refresh()
        assert page.table.rows()[0][2] == "陈老师（代管 11-26 已到期）"


@pytest.mark.parametrize("size", ["1366x740+0+0", "1024x640+0+0"])
def test_the_buttons_and_the_list_stay_on_screen_at_every_task(page, drive, size):
    page.window.root.geometry(size)
    for task in ("register", "change", "stop", "assign", "destroy"):
        choose(page, task)
        drive.pump(0.1)
        button = page.save_button
        assert button.winfo_viewable(), task
        assert button.winfo_width() >= button.winfo_reqwidth()
        bottom = button.winfo_rooty() + button.winfo_height()
        assert bottom <= page.window.status.winfo_rooty(), task
        for choice in page.form.widget("task").buttons.values():
            assert choice.winfo_width() >= choice.winfo_reqwidth(), task
    assert page.table.tree.winfo_height() > 60 and page.card.winfo_height() > 60
