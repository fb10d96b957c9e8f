"""用印, 签到 and 交接班 in the real window."""

from datetime import timedelta

import pytest

from models import clock
from models.attendance import Attendance
from models.handovers import Handover, HandoverStatus
from models.people import person_signing_in
from models.seal_uses import SealUse


def fill_seal_use(page):
    page.form.set("applicant", page.students.suggest("zs")[0].record)
    page.form.set("unit", "软件2401")
    page.form.set("document_title", "在读证明")
    page.form.set("purpose", "申请贷款")
    page.form.set("copies", 2)
    page.form.set("impressions", 3)
    page.form.set("approver", "陈老师")


@pytest.fixture
def seals(at_work, drive):
    at_work.show("seals")
    drive.pump()
    return at_work.page


def test_a_seal_use_gets_the_number_that_was_shown(seals, drive):
    year = clock.today().year
    assert f"李老师　下一编号 {year}-0001" in seals.form.value("holder")
    fill_seal_use(seals)
    seals.window.root.focus_force()
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealUse.select().count() == 1, "the use")

    use = SealUse.get()
    assert (use.number, use.copies, use.impressions) == (1, 2, 3)
    assert (use.applicant, use.student_number) == ("赵思远", "2024030101")
    assert use.sealer_name == "李老师"
    assert f"{year}-0002" in seals.form.value("holder")
    assert seals.table.rows()[0][4] == "在读证明"


def test_blank_paper_is_refused_under_the_field(seals, drive):
    fill_seal_use(seals)
    seals.form.set("document_title", "")
    seals.save_button.invoke()
    drive.pump()
    assert seals.form.problems() == ["请填写文件名称；空白纸张不得用印。"]
    assert SealUse.select().count() == 0
    assert seals.form.text("purpose") == "申请贷款"


def test_copies_that_are_no_number_are_refused_under_the_field(seals):
    fill_seal_use(seals)
    seals.form.set("copies", "两份")
    seals.save_button.invoke()
    assert seals.form.problems() == ["份数请填写数字。"]


def test_only_the_holder_may_use_the_seal(at_work, seals, drive):
    at_work.lock()
    at_work.sign_in(person_signing_in("T002"))
    at_work.show("seals")
    fill_seal_use(seals)
    seals.save_button.invoke()
    assert SealUse.select().count() == 0
    said = [*seals.form.problems(), at_work.info.text]
    assert any("只有保管人可以登记用印" in text for text in said)


def test_a_refusal_takes_a_number_and_a_void_one_keeps_it(seals, shown):
    fill_seal_use(seals)
    shown.answers = ["材料不全", "登记有误"]
    seals.refuse_button.invoke()
    assert SealUse.get().refused_reason == "材料不全"
    seals.table.tree.selection_set(seals.table.tree.get_children()[0])
    seals.list_buttons["作废"].invoke()
    use = SealUse.get()
    assert use.is_void and use.number == 1


def test_a_seal_changes_hands_before_a_witness(seals, drive):
    seals.transfer_button.invoke()
    drive.pump()
    form = seals.transfer
    form.set("receiver", "T002")
    form.set("reason", "调休")
    seals.confirm_transfer.invoke()
    assert form.problems() == ["请监交人本人刷卡，或输入学号、工号。"]
    form.set("witness", "2023010101")
    seals.confirm_transfer.invoke()
    drive.pump()
    assert "陈老师" in seals.form.value("holder")
    assert seals.form.winfo_ismapped() and not form.winfo_ismapped()


# -- attendance ---------------------------------------------------------------


@pytest.fixture
def attendance(at_work, drive):
    at_work.show("attendance")
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


def test_a_card_swipes_in_and_out(attendance, drive):
    drive.swipe("0002220001")
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert attendance.banner.result.cget("text") == "张小明 签到成功，请注意"  # no plan
    assert attendance.table.rows()[0][:2] == ("张小明", "A 岗")

    drive.swipe("0002220001")
    drive.wait_until(
        lambda: "重复刷卡" in attendance.banner.result.cget("text"), "the repeat"
    )
    assert Attendance.get().checked_out_at is None

    with clock.set_at(clock.now() + timedelta(hours=2)):
        drive.swipe("0002220001")
        drive.wait_until(lambda: Attendance.get().checked_out_at, "the check-out")
    assert Attendance.get().paid_minutes == 120
    assert attendance.banner.result.cget("text") == "张小明 签退成功"
    assert attendance.form.text("card") == ""
    assert attendance.window.root.focus_get() is attendance.form.widget("card")


def test_an_unknown_card_says_so_and_is_ready_for_the_next(attendance, drive):
    drive.swipe("777")
    drive.pump()
    assert Attendance.select().count() == 0
    assert attendance.banner.result.cget("text") == "没有记录"
    assert attendance.form.problems()
    assert attendance.window.root.focus_get() is attendance.form.widget("card")
    drive.swipe("0002220001")  # types over the marked text
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    assert attendance.form.problems() == []


def test_a_card_garbled_by_the_input_method_is_explained(attendance, drive):
    drive.paste(attendance.form.widget("card"), "啊）不c等")
    attendance.save_button.invoke()
    assert "切换到英文输入法后重刷" in attendance.form.problems()[0]


# -- handover -----------------------------------------------------------------


def test_a_handover_is_signed_by_two(at_work, drive):
    at_work.page.on_add_enquiry()
    at_work.show("handover")
    page = at_work.page
    drive.pump()
    assert "来访 1 次：咨询 1" in page.summary_text()
    page.outgoing.set("faults", "打印机缺纸")
    page.hand_over_button.invoke()
    page.on_escape()  # the seal is handed over later
    drive.pump()
    assert Handover.get().status == HandoverStatus.WAITING
    assert "打印机缺纸" in page.summary_text()

    at_work.root.focus_force()
    page.focus_first()
    drive.pump(0.05)
    drive.swipe("0002220002")
    drive.wait_until(
        lambda: at_work.root.focus_get() is not page.incoming.widget("person"),
        "Enter to walk on",
    )
    drive.keys("ctrl+s")
    drive.wait_until(
        lambda: Handover.get().status == HandoverStatus.TAKEN_OVER, "the signature"
    )
    done = Handover.get()
    assert (done.outgoing_name, done.incoming_name) == ("李老师", "王芳")
    assert at_work.person.name == "王芳"


def test_an_objection_needs_its_reason(at_work, drive):
    at_work.show("handover")
    page = at_work.page
    page.hand_over_button.invoke()
    page.incoming.set("person", "2023010101")
    page.object_button.invoke()
    assert page.incoming.problems() == ["请写明异议原因，例如数目不符、物品短缺。"]
    page.incoming.set("objection", "钥匙少一把")
    page.object_button.invoke()
    assert Handover.get().status == HandoverStatus.OBJECTED
    assert Handover.get().objection == "钥匙少一把"


def test_nobody_takes_over_from_themselves(at_work, drive):
    at_work.show("handover")
    page = at_work.page
    page.hand_over_button.invoke()
    page.incoming.set("person", "T001")
    page.take_over_button.invoke()
    assert Handover.get().status == HandoverStatus.WAITING
    assert "不能是同一个人" in page.incoming.problems()[0]


def test_who_checks_in_is_sent_to_the_waiting_handover(at_work, drive):
    at_work.show("handover")
    at_work.page.hand_over_button.invoke()
    at_work.show("attendance")
    at_work.page.form.set("card", "2023010101")
    at_work.page.save_button.invoke()
    assert "请先接班" in at_work.info.text
    at_work.info.action.invoke()
    assert at_work.page.title == "交接班"
