"""查找 in the real window: type, narrow, scroll, open one, come back."""

from datetime import datetime, timedelta

import pytest

from models import clock, searchindex, storage
from models.desks import desk_by_code, this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.seal_uses import record_seal_use
from models.seals import seals_of
from models.services import services_of
from models.visits import VisitOutcome

MONDAY = datetime(2026, 11, 23, 9)
MANY = 120


def take(name, minutes=0, **more):
    service = services_of(this_desk())[0]
    by = person_signing_in("2023010101")
    with clock.set_at(MONDAY + timedelta(minutes=minutes)):
        return record_visit(
            by=by,
            service=service,
            outcome=more.pop("outcome", VisitOutcome.DONE),
            visitor_name=name,
            result="当场办妥",
            **more,
        )


@pytest.fixture
def finding(at_work, drive):
    """The page at the desk, opened by its key; nothing is recorded yet."""
    drive.keys("ctrl+F3")
    drive.wait_until(lambda: at_work.page.title == "查找")
    drive.pump(0.3)  # past the time a list that got the focus ignores Enter
    return at_work.page


def seek(page, drive, text):
    page.on_find()  # what was sought before is overwritten
    drive.paste(page.find_entry, text)
    drive.wait_until(lambda: not page._find_timer)
    drive.pump(0.05)


def names(page):
    return [row[2] for row in page.table.rows()]


def test_typing_initials_finds_every_reading(finding, drive):
    take("曾雨桐")
    take("赵思远", 1)
    finding.refresh()
    assert names(finding) == ["赵思远", "曾雨桐"]
    finding.focus_first()
    drive.typing("zyt")
    drive.wait_until(lambda: names(finding) == ["曾雨桐"])
    assert finding.heading.cget("text") == "1 条"
    drive.keys("Escape")
    drive.wait_until(lambda: len(names(finding)) == 2)


def test_enter_opens_the_record_with_its_steps_and_escape_leads_back(finding, drive):
    take("曾雨桐", outcome=VisitOutcome.PROMISED, note="家长代办")
    take("赵思远", 1)
    seek(finding, drive, "家长")
    drive.keys("Down")
    drive.pump(0.6)  # Enter right after another key is a swipe
    drive.keys("Return")
    drive.wait_until(lambda: finding.card.winfo_ismapped())
    told = finding.details.text.get("1.0", "end")
    assert "姓名：曾雨桐" in told and "备注：家长代办" in told
    assert "办件状态：办理中" in told and "受理" in told
    drive.keys("Escape")
    drive.wait_until(lambda: finding.table.winfo_ismapped())
    assert finding.table.selected().visitor_name == "曾雨桐"
    assert finding.find_entry.get() == "家长"
    drive.keys("Escape")
    drive.wait_until(lambda: finding.find_entry.get() == "")


def test_what_is_found_is_counted_honestly_and_read_on_by_scrolling(finding, drive):
    for n in range(MANY):
        take(f"来访{n}", n)
    finding.refresh()
    drive.pump(0.1)
    assert finding.heading.cget("text") == "50 条以上"
    finding.table.focus_set()
    for _ in range(3):
        drive.keys("End")
        drive.pump(0.1)
    assert finding.heading.cget("text") == f"{MANY} 条"
    assert names(finding) == [f"来访{n}" for n in reversed(range(MANY))]
    seek(finding, drive, "没有这个人")
    assert (names(finding), finding.heading.cget("text")) == ([], "0 条")


def test_filters_narrow_and_are_cleared_with_one_key(finding, drive):
    take("曾雨桐", outcome=VisitOutcome.PROMISED)
    take("赵思远", 1)
    finding.refresh()
    status = finding.bar.fields["status"]
    status.write("open")
    status.widget.event_generate("<<ComboboxSelected>>")
    drive.pump(0.1)
    assert names(finding) == ["曾雨桐"]
    finding.bar.fields["first"].write(MONDAY.date() + timedelta(days=1))
    finding._find()
    assert names(finding) == []
    drive.keys("ctrl+n")
    drive.wait_until(lambda: len(names(finding)) == 2)


def test_a_student_on_a_batch_list_finds_the_seal_use(finding, drive):
    use = record_seal_use(
        by=person_signing_in("T001"),
        seal=seals_of(this_desk())[0],
        applicant="周老师",
        unit="信息学院",
        document_title="奖状",
        purpose="颁奖",
        approver="李老师",
        students=["2024030101", "2024030215"],
    )
    kind = finding.bar.fields["kind"]
    kind.write("seal_uses")
    kind.widget.event_generate("<<ComboboxSelected>>")
    seek(finding, drive, "2024030215")
    assert [row[0] for row in finding.table.rows()] == [use.number_text]
    assert [row[5] for row in finding.table.rows()] == ["2 人"]
    finding.open_card(use)
    assert "2024030101　2024030215" in finding.details.text.get("1.0", "end")


def test_while_the_index_is_made_numbers_are_found_and_it_says_so(finding, drive):
    visit = take("曾雨桐")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searchindex, "SOON", 0)
        seek(finding, drive, visit.number)
        assert names(finding) == ["曾雨桐"]
        assert "还没有建好" in finding.hint.cget("text")
        seek(finding, drive, "曾")
        assert names(finding) == []
        finding.refresh()  # F5 goes on making it
    assert finding._indexing.running
    drive.wait_until(lambda: not finding._indexing.running)
    assert searchindex.backlog() == 0
    assert names(finding) == ["曾雨桐"]
    assert "还没有建好" not in finding.hint.cget("text")


def test_the_office_finds_by_desk(request, centre, drive):
    from exports.sync import sync

    storage.open_database(centre / "desk")
    take("曾雨桐")
    sync()
    storage.open_database(centre / "office")
    sync()
    window = request.getfixturevalue("at_office")
    drive.keys("ctrl+F3")
    drive.pump(0.2)
    page, desk = window.page, desk_by_code("jiaowu")
    assert [row[6] for row in page.table.rows()] == [desk.name]
    for code, found in (("xuesheng", []), ("jiaowu", ["曾雨桐"])):
        wanted = desk_by_code(code)
        box = page.bar.fields["desk"].widget
        box.current([line for line, _ in box.choices].index(wanted.name))
        box.event_generate("<<ComboboxSelected>>")
        drive.pump(0.1)
        assert names(page) == found
