"""What a first day at a desk showed: nothing typed is lost, nothing signs itself."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from desk.files import usual_folder
from desk.pages.handover import used_in_words
from desk.suggestions import StudentIndex
from models import clock
from models.desks import department_by_name
from models.errors import UserError
from models.handovers import Handover, HandoverStatus
from models.people import PersonRole, add_person, person_signing_in
from models.reception import record_visit
from models.seal_uses import SealUse
from models.seals import Seal
from models.visits import VisitOutcome, visits_on

# -- handover -----------------------------------------------------------------


@pytest.fixture
def handover(at_work, drive):
    at_work.page.on_add_enquiry()
    at_work.show("handover")
    drive.pump()
    return at_work.page


@pytest.fixture
def waiting(handover, drive):
    handover.hand_over_button.invoke()
    handover.window.root.focus_force()
    handover.focus_first()
    drive.pump(0.3)  # past the time a new page ignores keys
    return handover


@pytest.mark.parametrize("how", ["button", "ctrl+s"])
def test_a_typed_objection_is_on_record_however_one_signs(waiting, drive, how):
    waiting.incoming.set("person", "2023010101")
    waiting.incoming.set("objection", "钥匙少一把")
    if how == "button":
        waiting.take_over_button.invoke()
    else:
        drive.keys(how)
    drive.wait_until(lambda: Handover.get().incoming_uid, "the signature")
    assert Handover.get().objection == "钥匙少一把"
    assert Handover.get().status == HandoverStatus.OBJECTED


def test_who_takes_over_is_signed_in_and_no_button_signs_again(waiting, drive):
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    drive.pump()
    assert waiting.window.person.name == "张小明"
    assert "张小明" in waiting.window.header.person.cget("text")
    assert not waiting.hand_over_button.winfo_ismapped()
    assert "张小明已接班" in waiting.window.status.message.cget("text")


def test_an_empty_handover_right_after_another_is_asked_for(waiting, drive, shown):
    window = waiting.window
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    window.show("handover")
    shown.answers = [False]
    waiting.hand_over_button.invoke()
    assert "刚交过班" in shown[0] and "张小明" in shown[0]
    assert Handover.select().count() == 1
    shown.answers = [True]
    waiting.hand_over_button.invoke()
    assert Handover.select().count() == 2


def test_a_handover_with_visits_or_after_a_while_is_not_asked_for(waiting, drive):
    window = waiting.window
    waiting.incoming.set("person", "2023010101")
    waiting.take_over_button.invoke()
    window.page.on_add_enquiry()
    window.show("handover")
    waiting.hand_over_button.invoke()
    waiting.incoming.set("person", "T001")
    waiting.take_over_button.invoke()
    with clock.set_at(clock.now() + timedelta(hours=2)):
        window.show("handover")
        waiting.hand_over_button.invoke()
    assert Handover.select().count() == 3


def test_a_swipe_names_the_person_and_a_second_one_does_nothing(waiting, drive):
    drive.swipe("0002220002")
    drive.pump()
    assert waiting.incoming.value("hint") == "王芳（学生助理）"
    assert waiting.window.root.focus_get() is waiting.take_over_button
    drive.swipe("0002220002")
    drive.pump()
    assert waiting.incoming.value("objection") == ""
    assert waiting.incoming.text("person") == "0002220002"
    assert Handover.get().status == HandoverStatus.WAITING
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: Handover.get().incoming_name == "王芳", "the signature")


def test_a_card_of_nobody_is_refused_at_its_field(waiting, drive):
    drive.swipe("0009998887")
    drive.pump()
    assert "没有这个学号" in waiting.incoming.problems()[0]
    assert waiting.window.root.focus_get() is waiting.incoming.widget("person")


def test_the_summary_names_what_was_refused_and_voided():
    seal = {"uses": 17, "first": 2, "last": 18, "impressions": 52}
    assert used_in_words({**seal, "void": 1, "refused": 1}) == (
        "第 0002–0018 号，共 17 次（其中作废 1 次、拒印 1 次）52 枚"
    )
    assert used_in_words(seal) == "第 0002–0018 号，共 17 次 52 枚"


def test_all_open_items_can_be_reached_in_the_summary(at_work, drive):
    promised = next(s for s in at_work.page.services if s.kind == "promised")
    for _ in range(12):
        record_visit(
            by=at_work.person,
            service=promised,
            outcome=VisitOutcome.PROMISED,
            visitor_name="王家长",
        )
    at_work.show("handover")
    drive.pump()
    page = at_work.page
    assert page.summary_text().count("·") == 12
    assert page.summary.vbar.winfo_ismapped()
    assert page.hand_over_button.winfo_ismapped()


# -- visits -------------------------------------------------------------------


def type_visit(page, name, note=""):
    page.form.set("visitor", page.students.suggest(name)[0].record)
    page.form.set("service", page.services[4])
    page.form.set("note", note)


def test_taking_back_a_parked_entry_parks_what_is_being_typed(at_work):
    page = at_work.page
    type_visit(page, "zs", "第一位")
    page.on_park()
    type_visit(page, "swb", "第二位")
    page.on_unpark()
    assert page.form.text("note") == "第一位"
    said = at_work.status.message.cget("text")
    assert "已取回：赵思远" in said and "刚才填的已挂起" in said
    page.on_unpark()
    assert (page.form.text("visitor"), page.form.text("note")) == ("单文博", "第二位")
    page.on_unpark()
    assert page.form.text("note") == "第一位"


def test_every_parked_entry_comes_round(at_work):
    page = at_work.page
    for note in ("甲", "乙"):
        type_visit(page, "zs", note)
        page.on_park()
    page.form.set("note", "丙")
    seen = []
    for _ in range(3):
        page.on_unpark()
        seen.append(page.form.text("note"))
    assert seen == ["乙", "甲", "丙"]


def test_an_empty_form_parks_nothing(at_work):
    at_work.page.on_park()
    assert "没有要挂起的内容" in at_work.status.message.cget("text")
    with pytest.raises(UserError, match="没有挂起的内容"):
        at_work.page.on_unpark()


def test_a_swipe_into_the_list_opens_nothing(at_work, drive):
    page = at_work.page
    promised = next(s for s in page.services if s.kind == "promised")
    record_visit(
        by=at_work.person,
        service=promised,
        outcome=VisitOutcome.PROMISED,
        visitor_name="王家长",
    )
    page.refresh()
    at_work.root.focus_force()
    page.table.tree.focus_set()
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    drive.pump(0.3)
    drive.swipe("0002220002")  # a dialog would fail the test
    drive.pump(0.1)


def test_enter_still_opens_the_marked_case(at_work, drive, shown):
    test_a_swipe_into_the_list_opens_nothing(at_work, drive)
    shown.answers = [None]
    drive.keys("Return")
    drive.wait_until(lambda: shown, "the question")
    assert "办结" in shown[0]


def test_one_more_enquiry_is_about_the_chosen_service_or_none(at_work):
    page = at_work.page
    page.on_add_enquiry()
    page.form.set("service", page.services[0])
    page.on_add_enquiry()
    names = [visit.service_name for visit in visits_on(clock.today())]
    assert names == [page.services[0].name, "一般咨询"]


def test_finding_says_what_it_found_and_leads_into_the_list(at_work, drive):
    page = at_work.page
    for name in ("王家长", "李家长", "来客"):
        record_visit(
            by=at_work.person,
            service=page.services[4],
            outcome=VisitOutcome.DONE,
            visitor_name=name,
        )
    page.refresh()
    at_work.root.focus_force()
    drive.keys("ctrl+f")
    drive.paste(page.find_entry, "家长")
    drive.keys("Down")
    assert page.heading.cget("text") == "找到 2 条"
    assert at_work.root.focus_get() is page.table.tree
    assert page.table.selected().visitor_name == "李家长"
    drive.keys("ctrl+f")
    drive.paste(page.find_entry, "没有的")
    drive.keys("Return")
    assert page.table._empty_text.cget("text") == "没有找到“没有的”，按 Esc 清除。"
    assert page.heading.cget("text") == "找到 0 条"
    drive.keys("Escape")
    drive.wait_until(lambda: page.table.count == 3, "the whole list")
    assert page.heading.cget("text") == "今日来访 3 次"


# -- seals --------------------------------------------------------------------


@pytest.fixture
def seals(at_work, drive):
    at_work.show("seals")
    drive.pump()
    for name, value in {
        "applicant": "王家长",
        "unit": "软件2401",
        "document_title": "在读证明",
        "purpose": "申请贷款",
        "approver": "陈老师",
        "document_number": "教〔2026〕7 号",
        "note": "加急",
    }.items():
        at_work.page.form.set(name, value)
    return at_work.page


def test_who_may_not_seal_is_told_before_filling_in(at_work, drive):
    at_work.sign_in(person_signing_in("2023010101"))
    at_work.show("seals")
    assert "李老师保管，只有保管人可以登记用印" in at_work.info.text
    assert at_work.info.winfo_manager()
    at_work.sign_in(person_signing_in("T001"))
    at_work.show("seals")
    assert not at_work.info.is_shown


def test_a_refusal_keeps_everything_typed(seals, shown):
    seals.form.set("students", "2024030101、2024030102")
    shown.answers = ["材料不全"]
    seals.refuse_button.invoke()
    use = SealUse.get()
    assert use.refused_reason == "材料不全"
    assert (use.purpose, use.approver) == ("申请贷款", "陈老师")
    assert (use.document_number, use.note) == ("教〔2026〕7 号", "加急")
    assert use.students == ["2024030101", "2024030102"]


@pytest.mark.parametrize("typed", ["软件2401全班", "2024030101 张三", "two"])
def test_a_list_of_students_takes_numbers_only(seals, drive, typed):
    seals.form.set("students", typed)
    seals.save_button.invoke()
    assert "学生名单请填学号" in seals.form.problems()[0]
    assert seals.window.root.focus_get() is seals.form.widget("students")
    assert SealUse.select().count() == 0


# -- the office's pages -------------------------------------------------------


def test_after_a_roster_error_the_next_file_can_be_typed(at_office, drive, tmp_path):
    path = tmp_path / "空.csv"
    path.write_text("什么都没有\n", encoding="utf-8")
    at_office.show("roster")
    page = at_office.page
    at_office.root.focus_force()
    page.form.set("path", str(path))
    page.check_button.focus_set()
    page.check_button.invoke()
    drive.wait_until(lambda: not at_office.jobs.running, "the end")
    drive.pump()
    assert at_office.info.text
    assert at_office.root.focus_get() is page.form.widget("path")


def test_the_result_of_a_roster_names_the_sheets(at_office, drive, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "软件"
    for sheet in (book.active, book.create_sheet("会计")):
        sheet.append(["学号", "姓名", "班级"])
        sheet.append(["2024990001", "林一", "软件2401"])
        sheet.append(["合计：1 人"])
    book.save(tmp_path / "名册.xlsx")
    at_office.show("roster")
    page = at_office.page
    page.form.set("path", str(tmp_path / "名册.xlsx"))
    page.check_button.invoke()
    drive.wait_until(lambda: not at_office.jobs.running, "the dry run")
    read = page.form.value("read")
    assert "工作表“软件”" in read and "没有读：“会计”" in read
    assert "略过 1 行" in read


def test_the_departments_own_teachers_are_offered_first(at_office, shown):
    student_office = department_by_name("学生处")
    own = add_person(
        by=at_office.person,
        number="X001",
        name="徐老师",
        role=PersonRole.TEACHER,
        department=student_office,
    )
    at_office.show("seal_setup")
    page = at_office.page
    page.form.set("department", student_office.uid)
    offered = page.form.widget("keeper")._suggest("")
    assert offered[0].record.uid == own.uid
    page.form.set("department", department_by_name("教务处").uid)
    names = [item.record.name for item in page.form.widget("keeper")._suggest("")]
    assert set(names[:2]) == {"李老师", "陈老师"}


def test_a_keeper_of_another_department_is_asked_for(at_office, shown):
    at_office.show("seal_setup")
    page = at_office.page
    page.form.set("department", department_by_name("学生处").uid)
    page.form.set("keeper", person_signing_in("T001"))
    before = Seal.select().count()
    shown.answers = [False]
    page.save_button.invoke()
    assert "李老师属于教务处" in shown[0]
    assert Seal.select().count() == before
    assert page.form.text("keeper") == "李老师"


@pytest.mark.parametrize(
    ("name", "typed"), [("number", "T001"), ("card", "0001110002")]
)
def test_a_number_somebody_has_is_shown_at_its_field(at_office, name, typed):
    page = at_office.page
    page.form.set("number", "X009")
    page.form.set("name", "某某")
    page.form.set(name, typed)
    page.save_button.invoke()
    assert "已经属于" in page.form.problems()[0]
    assert at_office.root.focus_get() is page.form.widget(name)


def test_the_department_stays_for_the_next_person(at_office):
    form = at_office.page.form
    uid = department_by_name("教务处").uid
    form.set("department", uid)
    form.set("name", "某某")
    at_office.page.on_new()
    assert form.value("department") == uid
    assert form.text("name") == ""


# -- suggestions and ledgers --------------------------------------------------


def test_the_likelier_reading_comes_first():
    rows = [
        ("u1", "2024000001", "甲", "", "", "", "cx zs"),
        ("u2", "2024000002", "乙", "", "", "", "zs"),
        ("u3", "2024000003", "丙", "", "", "", "zsa cs"),
    ]
    found = [item.record.name for item in StudentIndex(rows).suggest("zs")]
    assert found == ["乙", "丙", "甲"]


def test_a_ledger_offers_only_what_it_can_be_narrowed_by(at_work, drive):
    at_work.show("ledgers")
    page = at_work.page
    drive.pump()
    offered = {}
    for index, code in enumerate(page.ledgers):
        page.form.widget("ledger").current(index)
        page.form.widget("ledger").event_generate("<<ComboboxSelected>>")
        drive.pump()
        offered[code] = [
            name
            for name in ("desk", "seal", "department")
            if page.form.widget(name).winfo_ismapped()
        ]
    assert list(offered.values()) == [
        ["desk", "department"],
        ["desk", "seal", "department"],
        ["desk", "department"],
        ["desk"],
    ]


def test_documents_go_to_the_folder_for_documents(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert usual_folder() == tmp_path
    (tmp_path / "文档").mkdir()
    assert usual_folder() == tmp_path / "文档"
    (tmp_path / "Documents").mkdir()
    assert usual_folder() == tmp_path / "Documents"
