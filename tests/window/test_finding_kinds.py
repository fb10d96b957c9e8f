"""查找 tells of the other kind of record, and turns to it with a key."""

import pytest
from sealdesk import record_use

from desk.pages import findingother
from models import searchindex
from models.desks import this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.visits import VisitOutcome

MANY = 60  # more than a page


def take(name):
    return record_visit(
        by=person_signing_in("2023010101"),
        service=services_of(this_desk())[0],
        outcome=VisitOutcome.DONE,
        visitor_name=name,
        result="当场办妥",
    )


@pytest.fixture
def finding(at_work, drive):
    drive.keys("ctrl+F3")
    drive.wait_until(lambda: at_work.page.title == "查找")
    return at_work.page


def seek(page, drive, text):
    page.on_find()
    drive.paste(page.find_entry, text)
    drive.wait_until(lambda: not page._find_timer)
    drive.pump(0.05)


def offered(page):
    """What the button says of the other kind; "" while it is not there."""
    button = page.other
    return button.cget("text") if button.winfo_manager() else ""


def test_what_only_the_other_kind_has_is_said_and_one_key_away(finding, drive):
    uses = [record_use() for _ in range(2)]
    finding.refresh()
    assert offered(finding) == ""
    seek(finding, drive, "王家长")
    assert finding.table._empty_text.cget("text") == (
        "来访里没有；用印里有 2 条，按 Ctrl+Tab 查看。"
    )
    assert offered(finding) == "用印里有 2 条（Ctrl+Tab）"
    drive.keys("ctrl+Tab")
    drive.wait_until(lambda: finding.bar.kind == "seal_uses")
    drive.pump(0.05)
    shown = [row[0] for row in finding.table.rows()]
    assert shown == [use.number_text for use in reversed(uses)]
    assert finding.focus_get() is finding.find_entry
    assert finding.find_entry.get() == "王家长" and offered(finding) == ""
    drive.keys("ctrl+Tab")
    drive.wait_until(lambda: finding.bar.kind == "visits")


def test_a_few_of_one_kind_leave_room_for_the_other(finding, drive):
    for _ in range(MANY):
        record_use()
    take("王家长")
    seek(finding, drive, "王")
    assert finding.heading.cget("text") == "1 条"
    assert offered(finding) == "用印里有 50 条以上（Ctrl+Tab）"
    finding.other.invoke()
    drive.pump(0.05)
    assert finding.bar.kind == "seal_uses" and offered(finding) == ""


def test_a_full_page_asks_nothing_of_the_other_kind(finding, drive, monkeypatch):
    asked = []
    find = findingother.find_seal_uses

    def find_and_note(text, **more):
        asked.append(text)
        return find(text, **more)

    monkeypatch.setitem(findingother.FIND, "seal_uses", find_and_note)
    record_use()
    for _ in range(MANY):
        take("王家长")
    seek(finding, drive, "王家长")
    assert finding.heading.cget("text") == "50 条以上"
    assert asked == [] and offered(finding) == ""
    seek(finding, drive, "王家长 贷款")
    assert asked == ["王家长 贷款"] and offered(finding) != ""


def test_nothing_anywhere_is_said_as_before(finding, drive):
    record_use()
    take("曾雨桐")
    searchindex.catch_up()
    seek(finding, drive, "没有这个人")
    assert offered(finding) == ""
    assert "没有找到" in finding.table._empty_text.cget("text")


def test_ctrl_tab_in_the_list_turns_too(finding, drive):
    take("王家长")
    record_use()
    seek(finding, drive, "王家长")
    drive.keys("Down")
    drive.wait_until(lambda: finding.focus_get() is finding.table.tree)
    drive.keys("ctrl+Tab")
    drive.wait_until(lambda: finding.bar.kind == "seal_uses")
    assert len(finding.table.rows()) == 1
