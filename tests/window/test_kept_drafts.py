"""What is typed and not saved outlives a kill, whatever the page and kind of field."""

import json
import logging
from datetime import timedelta

import pytest
from sealdesk import the_seal, uses

from desk.drafts import PAUSE_MS
from models import clock
from models.bookings import Booking
from models.cases import case_of
from models.desks import this_desk
from models.drafts import drafts, keep_draft
from models.handovers import Handover
from models.loans import Loan
from models.people import person_signing_in
from models.reception import record_visit
from models.reservations import reserve_numbers
from models.services import Service, services_of
from models.visits import Visit, VisitOutcome


def type_in(form, **texts):
    """Type into fields as a person does: nothing is set."""
    for name, text in texts.items():
        widget = form.widget(name)
        widget = getattr(widget, "entry", widget)
        if hasattr(widget, "variable") and not hasattr(widget, "insert"):
            widget.set(text)  # a block of choices
        elif widget.winfo_class() == "TCombobox":
            widget.current([line for line, _ in widget.choices].index(text))
            widget.event_generate("<<ComboboxSelected>>")
        elif widget.winfo_class() == "Text":
            widget.insert("end", text)
        else:
            widget.delete(0, "end")
            widget.insert(0, text)
            getattr(widget, "resolve", lambda: None)()
    form.update()


def kill_and_restore(after_kill, window, name, number="T001"):
    """The page called *name* in another start, with what stood in it before."""
    before = window.pages[name].draft()
    assert before is not None
    window.drafts.look_everywhere()
    window = after_kill(window.folder, number)
    assert window.drafts.bar.is_shown
    window.drafts.bring_drafts()
    assert not window.drafts.bar.is_shown
    assert window.pages[name].draft() == before
    assert [json.loads(draft.payload) for draft in drafts()] == [before]
    window.show(name)
    return window.pages[name]


@pytest.fixture
def work(station, after_kill):
    return after_kill(station, "T001")


def of_kind(kind):
    return next(s for s in services_of(this_desk()) if s.kind == kind)


# -- the pages of a desk ---------------------------------------------------------


def test_a_visit_is_saved_as_it_was_typed_before_the_kill(work, after_kill):
    page = work.page
    service = of_kind("promised")
    type_in(page.form, visitor="2024030102", service=service.name)
    type_in(page.form, outcome="promised", result="缺证明", channel="电话", note="等")
    type_in(page.form, due_on="2099-12-31", quantity="2", handler="张小明")
    page.form.widget("complete").invoke()
    page = kill_and_restore(after_kill, work, "visits")
    assert page.form.widget("visitor").record.number == "2024030102"
    assert page.form.widget("visitor").get() == "曾雨桐"
    page.on_save()
    visit = Visit.get()
    assert (visit.visitor_name, visit.student_number) == ("曾雨桐", "2024030102")
    assert (visit.service_uid, visit.outcome) == (service.uid, "promised")
    assert (visit.quantity, visit.note, visit.result) == (2, "等", "缺证明")
    assert (visit.channel, visit.handler_name) == ("phone", "张小明")
    assert not visit.materials_complete and visit.phone == "13800000000"
    page.window.root.update()  # saved: gone at once, without a pause
    assert drafts() == []


def test_what_was_put_aside_and_the_lines_of_paper_come_back(work, after_kill):
    page = work.page
    for name in ("甲同学", "2024030215"):
        type_in(page.form, visitor=name, note=f"{name}的备注")
        page.on_park()
    type_in(page.form, visitor="丙同学")
    page.on_late_entry()
    grid = page.late.grid_of_rows
    service = of_kind("instant")
    grid.write(1, at="0910", who="单文博", service=service.name, outcome="当场办结")
    grid.write(3, quantity="2", note="第三行")
    grid.go(2, 1)
    grid.editor.insert(0, "丁家长")  # still in the editor
    page = kill_and_restore(after_kill, work, "visits")
    assert page.form.text("visitor") == "丙同学"
    page.on_unpark()
    assert page.form.widget("visitor").record.number == "2024030215"
    page.on_unpark()
    assert page.form.text("note") == "甲同学的备注"
    rows = page.late.grid_of_rows.rows()
    assert [row.text["who"] for row in rows] == ["单文博", "丁家长"]
    assert rows[0].records["who"].number == "2024030215"
    assert rows[0].records["service"] == service
    assert rows[0].records["at"].strftime("%H:%M") == "09:10"
    assert rows[1].records["quantity"] == 2


def test_what_else_somebody_came_for_stays_the_same_coming(work, after_kill):
    page = work.page
    type_in(page.form, visitor="2024030101", service=of_kind("instant").name)
    page.on_same_visitor()
    first = Visit.get()
    page = kill_and_restore(after_kill, work, "visits")
    assert page.form.coming.first == first
    type_in(page.form, service=of_kind("promised").name)
    page.on_save()
    assert Visit.select().where(Visit.occasion_uid == first.uid).count() == 1


def test_a_use_of_a_seal_its_list_and_a_sheet_come_back(work, after_kill, shown):
    work.show("seals")
    page = work.page
    sheet = reserve_numbers(the_seal(), by=work.person, count=3, for_day=clock.today())
    type_in(
        page.form, applicant="2024030101", document_title="在读证明", purpose="贷款"
    )
    type_in(page.form, approver="陈老师", copies="2")
    page.copy_in(sheet)
    page.rows_shown.rows.write(
        2, applicant="王家长", document_title="介绍信", copies=""
    )
    page.on_escape()
    page.on_card()
    page.front.listed = [*page.front.listed]
    page.front.entry.insert(0, "2024030215")
    page.front._on_enter(None)
    page = kill_and_restore(after_kill, work, "seals")
    assert [line.number for line in page.front.lines] == ["2024030215"]
    page.on_escape()
    page.copy_in(sheet)
    (row,) = page.rows_shown.rows.rows()
    assert (row.label, row.text["applicant"]) == ("0002", "王家长")
    page.on_escape()
    page.on_save()
    (use,) = [use for use in uses() if use.number]
    assert (use.applicant, use.student_number) == ("赵思远", "2024030101")
    assert (use.document_title, use.copies, use.impressions) == ("在读证明", 2, 2)


def test_a_correction_goes_on_and_what_it_put_aside_too(work, after_kill, shown):
    work.show("seals")
    page = work.page
    type_in(page.form, applicant="王家长", unit="校外", document_title="证明")
    type_in(page.form, purpose="贷款", approver="陈老师")
    page.on_save()
    type_in(page.form, applicant="李家长")
    page.correct(uses()[0])
    assert page.draft()["aside"]["applicant"] == "李家长"
    type_in(page.form, purpose="出国")
    page = kill_and_restore(after_kill, work, "seals")
    assert "更正" in page.form.value("mode")
    shown.answers = ["写错了"]
    page.on_save()
    assert [use.purpose for use in uses()] == ["贷款", "出国"]
    assert page.form.text("applicant") == "李家长"


def test_what_another_typed_about_a_seal_waits_for_them(work, after_kill):
    work.show("seals")
    type_in(work.page.form, applicant="王家长", purpose="李老师写的")
    work.sign_in(person_signing_in("T002"))
    work.show("seals")
    page = kill_and_restore(after_kill, work, "seals", "T002")
    assert page.form.text("purpose") == ""
    page.window.sign_in(person_signing_in("T001"))
    page.window.show("seals")
    assert page.form.text("purpose") == "李老师写的"


def test_the_card_of_a_seal_keeps_words_and_no_signature(work, after_kill):
    work.show("seals")
    work.page.on_transfer()
    type_in(work.page.transfer, reason="出差", note="盒子在柜里", receiver="0001110002")
    page = kill_and_restore(after_kill, work, "seals")
    assert page.front is page.transfer
    assert page.transfer.text("reason") == "出差"
    assert page.transfer.text("receiver") == ""
    assert "0001110002" not in "".join(draft.payload for draft in drafts())


def test_remarks_and_an_objection_of_a_handover_come_back(work, after_kill):
    work.show("handover")
    type_in(work.page.outgoing, faults="打印机卡纸", note="钥匙在抽屉")
    page = kill_and_restore(after_kill, work, "handover")
    page.outgoing.submit()
    assert Handover.get().faults == "打印机卡纸"
    page.window.root.update()
    assert drafts() == []
    type_in(page.incoming, person="0001110002", objection="少一把\n钥匙")
    assert page.incoming.text("person")
    page = kill_and_restore(after_kill, page.window, "handover", "T002")
    assert page.incoming.value("objection") == "少一把\n钥匙"
    assert page.incoming.text("person") == ""  # no card is written down


def test_the_words_of_a_step_come_back_to_their_case(work, after_kill):
    promised = of_kind("promised")
    made = [
        record_visit(
            by=work.person,
            service=promised,
            outcome=VisitOutcome.PROMISED,
            visitor_name=name,
        )
        for name in ("甲", "乙")
    ]
    work.show("cases")
    work.page.show_case(made[1])
    kind = next(
        text for text, v in work.page.form.widget("kind").choices if v == "waiting"
    )
    type_in(work.page.form, kind=kind, note="缺学生证")
    page = kill_and_restore(after_kill, work, "cases")
    page.on_save()
    assert case_of(made[1]).pause_reason == "缺学生证"
    assert not case_of(made[0]).pause_reason


def test_loans_and_bookings_come_back_together(work, after_kill):
    work.show("loans")
    page = work.page
    type_in(page.form, borrower_name="2024030101", what="投影仪", due_back_on="+3")
    type_in(page.form, purpose="班会", approver="陈老师")
    page.views.set("bookings")
    day = clock.today() + timedelta(days=2)
    type_in(page.form, day=day.isoformat(), starts="0900", ends="1000", people="20")
    type_in(
        page.form,
        applicant_name="王家长",
        phone="1",
        organisation="学生会",
        event="例会",
    )
    page = kill_and_restore(after_kill, work, "loans")
    page.on_save()
    assert page.form.problems() == []
    assert Booking.get().event == "例会"
    page.views.set("loans")
    page.on_save()
    assert page.form.problems() == []
    loan = Loan.get()
    assert (loan.borrower_name, loan.what) == ("赵思远", "投影仪")
    assert loan.due_back_on == clock.today() + timedelta(days=3)
    page.window.drafts.look_everywhere()
    assert drafts() == []
    page.mark(loan) if hasattr(page, "mark") else page.view.mark(loan)
    page.window.root.update()
    page.view._begin("back", "returned_quantity")
    type_in(page.form, condition="外壳有划痕")
    page = kill_and_restore(after_kill, page.window, "loans")
    page.on_save()
    assert Loan.get().returns[0]["condition"] == "外壳有划痕"


def test_a_note_comes_back_but_no_card_and_no_password(work, after_kill):
    work.show("attendance")
    page = work.page
    type_in(page.form, note="带了志愿者证", card="0002220001")
    page = kill_and_restore(after_kill, work, "attendance")
    assert page.form.text("note") == "带了志愿者证"
    assert page.form.text("card") == ""
    page.on_pin()
    type_in(page.pin_setting, pin="250814", again="250814")
    assert page.pin_setting.draft() is None
    page.window.drafts.look_everywhere()
    kept = "".join(draft.payload for draft in drafts())
    assert "250814" not in kept and "0002220001" not in kept


# -- the pages of the office --------------------------------------------------------


def test_the_forms_of_the_office_come_back(office, after_kill):
    work = after_kill(office, "9001")
    for name in ("people", "catalogue", "seal_setup", "timesettings"):
        work.show(name)
    pages = work.pages
    type_in(pages["people"].form, number="T009", name="新老师", phone="13900000000")
    type_in(pages["seal_setup"].form, storage_place="铁皮柜", material="铜")
    changed = Service.get()
    pages["catalogue"].form.begin(changed)
    type_in(pages["catalogue"].form, guide="先填表", basis="会议纪要")
    settings = pages["timesettings"]
    type_in(settings.form, name="2027 春", starts_on="2027-03-01")
    type_in(settings.open_section("作息").form, name="夏季", periods="1 08:00-08:45")
    work.drafts.look_everywhere()
    before = {name: page.draft() for name, page in pages.items() if name in _draft_of()}
    assert set(before) == {"people", "catalogue", "seal_setup", "timesettings"}
    work = after_kill(office, "9001")
    assert "人员管理（周主任" in work.drafts.bar.text
    work.drafts.bring_drafts()
    assert {name: work.pages[name].draft() for name in before} == before
    assert work.pages["catalogue"].form.service.item == changed.item
    assert work.pages["people"].form.text("name") == "新老师"


def _draft_of():
    return {draft.place for draft in drafts()}


# -- when it is kept, and offered -----------------------------------------------------


def test_it_is_kept_when_the_keys_pause_on_leaving_and_at_the_end(work, drive, shown):
    page = work.page
    page.focus_first()
    drive.keys("x", "y")
    assert drafts() == []
    focus = work.root.focus_get()
    drive.wait_until(drafts, "the pause", seconds=3 + PAUSE_MS / 1000)
    assert json.loads(drafts()[0].payload)["form"]["visitor"] == "xy"
    assert drafts()[0].person_name == "李老师"
    assert work.root.focus_get() is focus
    drive.keys("BackSpace", "BackSpace")
    drive.wait_until(lambda: not drafts(), "the emptied form")
    drive.keys("z", "F3")
    drive.wait_until(drafts, "another page", seconds=1)
    work.show("visits")
    page.on_new()
    work.root.update()
    assert drafts() == []
    type_in(page.form, note="关闭前")
    work.late = None
    assert work.may_close() and shown == []  # nothing is asked: it is kept
    assert len(drafts()) == 1


def test_keys_cost_nothing_to_speak_of_and_start_one_timer(work):
    keeper, entry = work.drafts, work.page.form.widget("note")
    entry.focus_force()
    work.root.update()
    before = set(work.root.tk.call("after", "info"))
    for _ in range(20):
        entry.event_generate("<KeyPress-a>")
        entry.event_generate("<KeyRelease-a>")
    later = set(work.root.tk.call("after", "info")) - before
    assert keeper._timer in later and len(later) <= 2  # and the status bar's at most


def test_it_is_offered_to_anybody_and_can_be_turned_down(
    work, after_kill, shown, drive
):
    with clock.set_at(clock.now().replace(hour=14, minute=32)):
        type_in(work.page.form, visitor="王家长")
        work.drafts.look_everywhere()
    work = after_kill(work.folder, "T002")
    bar = work.drafts.bar
    assert bar.text == "来访登记有没保存的内容（李老师 14:32）"
    assert work.page.form.text("visitor") == ""
    work.show("seals")
    assert bar.is_shown  # until somebody decides
    shown.answers = [False, True]
    bar.other.invoke()
    assert len(drafts()) == 1 and bar.is_shown
    bar.other.invoke()
    assert drafts() == [] and not bar.is_shown
    assert "来访登记（李老师 14:32）" in shown[0]


def test_what_is_typed_anew_takes_no_place_of_what_is_offered(work, after_kill, shown):
    work.show("handover")
    type_in(work.page.outgoing, note="旧的备注")
    work.show("visits")
    type_in(work.page.form, visitor="旧的来访人")
    work.drafts.look_everywhere()
    work = after_kill(work.folder, "T001")
    type_in(work.page.form, visitor="新的来访人")
    work.show("handover")
    type_in(work.page.outgoing, note="新的备注")
    work.drafts.look_everywhere()
    assert len(drafts()) == 4
    work = after_kill(work.folder, "T001")  # nobody has decided: all are offered
    assert work.drafts.bar.text.count("交接班") == 2
    work.drafts.bring_drafts()
    assert "请先保存或清空" in work.drafts.bar.text
    page = work.pages["handover"]
    said = {page.outgoing.text("note")}
    page.outgoing.clear()
    work.drafts.bring_drafts()
    assert not work.drafts.bar.is_shown
    assert said | {page.outgoing.text("note")} == {"新的备注", "旧的备注"}
    visits = work.pages["visits"]
    said = {visits.form.text("visitor")}
    visits.on_unpark()  # a page that can put entries aside has both
    assert said | {visits.form.text("visitor")} == {"新的来访人", "旧的来访人"}
    work.drafts.look_everywhere()
    assert len(drafts()) == 2


# -- what cannot be brought back -------------------------------------------------------


def test_what_is_no_more_stays_as_text(work, after_kill):
    service = of_kind("instant")
    type_in(work.page.form, visitor="2024030101", service=service.name)
    work.drafts.look_everywhere()
    draft = drafts()[0]
    kept = json.loads(draft.payload)
    kept["form"]["service"] = {"text": "早就停办的事项", "key": "gone"}
    kept["form"]["visitor"] = {"text": "离校的人", "key": "1999"}
    kept["form"]["outcome"] = "unknown"
    kept["form"]["no_such_field"] = "x"
    kept["form"]["occasion"] = ["gone", 1]
    keep_draft("visits", json.dumps(kept))
    work = after_kill(work.folder, "T001")
    work.drafts.bring_drafts()
    form = work.page.form
    assert form.text("service") == "早就停办的事项" and form.value("service") is None
    assert form.text("visitor") == "离校的人" and form.coming is None
    assert form.problems() == [] and form.value("outcome") == "done"


def test_a_spoilt_draft_is_dropped_with_a_line_in_the_log(work, after_kill, caplog):
    for place, payload in (
        ("visits", "{nonsense"),
        ("handover", "[1]"),
        ("no_such_page", "{}"),
        ("cases", '{"form": 5}'),
        ("loans", '{"loans": {"form": {"task": []}}}'),
    ):
        keep_draft(place, payload)
    with caplog.at_level(logging.WARNING):
        work = after_kill(work.folder, "T001")
        assert _draft_of() == {"cases", "loans"}
        work.drafts.bring_drafts()
    assert drafts() == [] and not work.drafts.bar.is_shown
    assert "已经不能恢复" in work.status.text
    said = [r.message for r in caplog.records if "dropped" in r.message]
    assert len(said) == 5
