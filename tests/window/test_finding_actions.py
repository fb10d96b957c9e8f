"""What 查找 does with an older record: void, correct, print, go to its case."""

from datetime import timedelta

import pytest
from sealdesk import record_use, uses

from desk import slips, watch
from exports.sync import sync
from models import clock, searchindex, storage
from models.cases import refer_case
from models.desks import desk_by_code, this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.seal_uses import SealUse
from models.services import services_of
from models.visits import Visit, VisitOutcome

LONG_AGO = clock.now().replace(hour=9, minute=0) - timedelta(days=40)


def take(name, outcome=VisitOutcome.DONE, by="2023010101", minutes=0, **more):
    with clock.set_at(LONG_AGO + timedelta(minutes=minutes)):
        return record_visit(
            by=person_signing_in(by),
            service=services_of(this_desk())[0],
            outcome=outcome,
            visitor_name=name,
            result="当场办妥",
            **more,
        )


@pytest.fixture
def finding(at_work, drive):
    drive.keys("ctrl+F3")
    drive.wait_until(lambda: at_work.page.title == "查找")
    drive.pump(0.3)  # past the time a list that got the focus ignores Enter
    return at_work.page


def mark_first(page, drive):
    """Search anew, and into the list with Down."""
    page.refresh()
    page.focus_first()
    drive.pump(0.1)
    drive.keys("Down")
    drive.wait_until(lambda: page.focus_get() is page.table.tree)


def open_first(page, drive):
    mark_first(page, drive)
    drive.pump(0.6)  # Enter right after another key is a swipe
    drive.keys("Return")
    drive.wait_until(lambda: page.card.winfo_ismapped())


def show_seal_uses(page):
    kind = page.bar.fields["kind"]
    kind.write("seal_uses")
    kind.widget.event_generate("<<ComboboxSelected>>")


def off(page):
    """The buttons of the open card that cannot be pressed."""
    shown = page.card.tools.pack_slaves()
    return [b.cget("text") for b in shown if str(b.cget("state")) == "disabled"]


def test_an_old_visit_is_voided_from_the_list_and_stays_in_it(finding, drive, shown):
    visit = take("曾雨桐")
    take("赵思远", by="T001", minutes=1)
    mark_first(finding, drive)
    drive.keys("End")
    shown.answers = ["登错了人"]
    drive.keys("Delete")
    drive.wait_until(lambda: Visit.get_by_id(visit.uid).is_void, "voiding")
    assert "曾雨桐" in shown[0] and visit.number in shown[0]
    assert Visit.get_by_id(visit.uid).void_reason == "登错了人"
    rows = {row[2]: row[5] for row in finding.table.rows()}
    assert rows == {"曾雨桐": "作废", "赵思远": "当场办结"}
    assert finding.table.selected().uid == visit.uid
    marked = finding.table.tree.selection()[0]
    assert "void" in finding.table.tree.item(marked, "tags")
    assert f"已作废 {visit.number}" in finding.window.status.text


def test_the_open_card_says_what_is_possible_and_voids_too(finding, drive, shown):
    visit = take("曾雨桐", VisitOutcome.PROMISED)
    open_first(finding, drive)
    buttons = [b.cget("text") for b in finding.card.tools.pack_slaves()]
    assert buttons[:-1] == [
        "打开办件（Ctrl+O）",
        "打印单据（Ctrl+P）",
        "作废（Delete）",
    ]
    assert off(finding) == [] and not finding.card.why_not.winfo_ismapped()
    shown.answers = ["重复登记"]
    drive.keys("Delete")
    drive.wait_until(lambda: Visit.get_by_id(visit.uid).is_void, "voiding")
    drive.pump(0.05)
    assert finding.card.winfo_ismapped()
    assert "作废原因：重复登记" in finding.details.text.get("1.0", "end")
    assert off(finding) == ["打印单据（Ctrl+P）", "作废（Delete）"]
    assert finding.card.why_not.cget("text") == (
        f"不能打印单据、作废：{visit.number} 已经作废。"
    )
    drive.keys("Delete")
    drive.pump(0.1)
    assert len(shown) == 1
    assert finding.window.info.text == f"{visit.number} 已经作废。"


def test_without_a_reason_nothing_is_voided(finding, drive, shown):
    visit = take("曾雨桐")
    mark_first(finding, drive)
    shown.answers = [None]
    drive.keys("Delete")
    drive.wait_until(lambda: shown, "the question")
    assert not Visit.get_by_id(visit.uid).is_void


def test_delete_in_the_search_field_voids_nothing(finding, drive, shown):
    take("曾雨桐")
    mark_first(finding, drive)
    drive.keys("ctrl+f", "Delete")
    drive.pump(0.1)
    assert list(shown) == [] and not Visit.get().is_void


def test_who_may_not_void_reads_it_in_the_info_bar(window, drive, shown):
    visit = take("曾雨桐")
    use = record_use()
    window.sign_in(person_signing_in("2023010102"))
    drive.pump()
    drive.keys("ctrl+F3")
    drive.pump(0.3)
    page = window.page
    shown.answers = ["不是我登记的"] * 2
    for kind, who in (("visits", "作废来访由"), ("seal_uses", "作废或更正用印由")):
        if kind == "seal_uses":
            show_seal_uses(page)
        mark_first(page, drive)
        drive.keys("Delete")
        drive.wait_until(lambda who=who: window.info.text.startswith(who), "refusal")
    assert not Visit.get_by_id(visit.uid).is_void
    assert not SealUse.get_by_id(use.uid).is_void


def test_an_old_seal_use_is_corrected_on_its_page(finding, drive, shown):
    with clock.set_at(LONG_AGO):
        use = record_use(copies=1, impressions=1)
    show_seal_uses(finding)
    open_first(finding, drive)
    assert off(finding) == []
    drive.keys("ctrl+m")
    drive.wait_until(lambda: finding.window.page.title == "用印登记")
    form = finding.window.page.form
    assert form.text("document_title") == "在读证明"
    assert use.number_text in form.value("mode")
    form.set("copies", 3)
    shown.answers = ["份数写错"]
    drive.keys("ctrl+s")
    drive.wait_until(lambda: SealUse.select().count() == 2, "the new line")
    new = SealUse.get(SealUse.corrects_uid == use.uid)
    assert new.copies == 3 and SealUse.get_by_id(use.uid).is_void
    assert {line.number_text for line in uses()} == {use.number_text, new.number_text}
    drive.keys("ctrl+F3")
    drive.pump(0.3)
    states = {row[0]: row[6] for row in finding.table.rows()}
    assert states == {use.number_text: "作废", new.number_text: "用印"}


def test_an_old_seal_use_is_voided_by_its_button(finding, drive, shown):
    with clock.set_at(LONG_AGO):
        use = record_use()
    show_seal_uses(finding)
    open_first(finding, drive)
    shown.answers = ["打印机卡纸"]
    finding.card.buttons["on_void"].invoke()
    drive.pump(0.05)
    assert SealUse.get_by_id(use.uid).void_reason == "打印机卡纸"
    assert off(finding) == ["更正（Ctrl+M）", "作废（Delete）"]


def test_what_a_kind_of_record_has_not_is_said(finding, drive):
    record_use()
    take("曾雨桐")
    told = finding.window.info
    mark_first(finding, drive)
    drive.keys("ctrl+m")
    drive.wait_until(lambda: told.text.startswith("来访不能更正"), "the refusal")
    drive.keys("ctrl+o")
    drive.wait_until(lambda: "没有后续办件" in told.text, "the refusal")
    show_seal_uses(finding)
    mark_first(finding, drive)
    for key, why in (("ctrl+o", "用印没有办件"), ("ctrl+p", "用印没有单据")):
        drive.keys(key)
        drive.wait_until(lambda why=why: told.text.startswith(why), "the refusal")
    assert finding.window.page is finding


def test_with_nothing_marked_the_keys_say_what_to_do(finding, drive):
    finding.table.tree.focus_set()
    drive.keys("Delete")
    drive.wait_until(lambda: "请先在列表中选中" in finding.window.info.text)


def test_its_case_is_opened_and_its_slip_printed(finding, drive, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(slips, "open_with_system", opened.append)
    finding.window.settings.ledger_folder = str(tmp_path)
    take("赵思远", VisitOutcome.PROMISED)
    # The later promise: not the one the page of cases begins with.
    visit = take("曾雨桐", VisitOutcome.PROMISED, minutes=1)
    mark_first(finding, drive)
    drive.keys("ctrl+p")
    drive.wait_until(lambda: opened, "the slip")
    assert opened[0].name == f"受理回执_{visit.number}.docx"
    drive.keys("ctrl+o")
    drive.wait_until(lambda: finding.window.page.title != "查找")
    drive.pump(0.1)
    assert finding.window.page._case.visit.uid == visit.uid


def test_a_visit_voided_here_is_no_longer_the_last_one_of_its_page(
    finding, drive, shown
):
    visits = finding.window.pages["visits"]
    visits.saved = take("曾雨桐", VisitOutcome.PROMISED)
    mark_first(finding, drive)
    shown.answers = ["重复登记"]
    drive.keys("Delete")
    drive.wait_until(lambda: visits.saved is None, "forgetting")


def test_the_office_is_told_where_a_record_is_changed(request, centre, drive):
    storage.open_database(centre / "desk")
    visit = take("曾雨桐", VisitOutcome.PROMISED)
    refer_case(
        visit,
        by=person_signing_in("T001"),
        desk=desk_by_code("xuesheng"),
        note="请学工核实",
    )
    sync()
    storage.open_database(centre / "office")
    sync()
    window = request.getfixturevalue("at_office")
    drive.keys("ctrl+F3")
    drive.pump(0.3)
    open_first(window.page, drive)
    assert off(window.page) == ["作废（Delete）"]
    told = f"{visit.number} 登记在“教务事务窗口”的电脑上，请到那里更改。"
    assert window.page.card.why_not.cget("text") == f"不能作废：{told}"
    drive.keys("Delete")
    drive.wait_until(lambda: window.info.text == told, "the refusal")
    drive.keys("ctrl+o")
    drive.wait_until(lambda: window.page.title != "查找")
    assert window.page._case.visit.uid == visit.uid


# -- the index in the background ----------------------------------------------


def test_what_was_recorded_is_indexed_within_some_minutes(window, drive, monkeypatch):
    searchindex.catch_up()
    monkeypatch.setattr(watch, "LOOK_MS", 20)
    monkeypatch.setattr(watch, "INDEXED_A_LOOK", 2)
    take("曾雨桐")
    take("赵思远", VisitOutcome.PROMISED)
    assert searchindex.backlog() > 2
    drive.pump(0.1)
    assert searchindex.backlog() > 2  # nobody is signed in
    window.sign_in(person_signing_in("T001"))
    drive.wait_until(lambda: searchindex.backlog() == 0, "the index")
    drive.wait_until(lambda: not window.watch._indexing.running)


def test_a_large_backlog_is_not_touched_in_passing(window, drive, monkeypatch):
    searchindex.catch_up()
    take("曾雨桐")
    before = searchindex.backlog()
    monkeypatch.setattr(watch, "LOOK_MS", 20)
    monkeypatch.setattr(searchindex, "SOON", before - 1)
    window.sign_in(person_signing_in("T001"))
    drive.pump(0.3)
    assert searchindex.backlog() == before > 0


def test_a_sync_reads_what_came_in_into_the_index(request, centre, drive):
    storage.open_database(centre / "desk")
    take("曾雨桐")
    sync()
    storage.open_database(centre / "office")
    window = request.getfixturevalue("at_office")
    window.show("sync")
    before = searchindex.backlog()
    assert before > 0
    drive.pump(0.1)
    drive.keys("F5")
    drive.wait_until(lambda: "同步完成" in window.status.text, "the sync")
    assert searchindex.backlog() == 0
    assert "收到" in window.status.text and Visit.select().count() == 1
