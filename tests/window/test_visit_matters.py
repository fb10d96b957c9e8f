"""What a visit is about: the catalogue, promises, other desks, earlier visits."""

from datetime import date, datetime, timedelta

import pytest
from visitdesk import of_kind, to_front

from desk.suggestions import ServiceIndex
from models import clock
from models.base import db
from models.casefold import CaseStatus
from models.cases import case_of
from models.desks import this_desk
from models.enquiries import other_services
from models.errors import UserError
from models.quicklist import pinned_services
from models.reception import record_visit
from models.students import student_by_number
from models.visits import Visit, VisitOutcome

MONDAY = datetime(2026, 11, 23, 10, 0)


@pytest.fixture(autouse=True)
def monday():
    with clock.set_at(MONDAY):
        yield


@pytest.fixture
def page(at_work, drive):
    return to_front(at_work, drive)


def choose(page, drive, visitor="", service=None):
    """As typing and Enter do."""
    for name, text in (("visitor", visitor), ("service", service and service.name)):
        if text:
            entry = page.form.widget(name)
            drive.paste(entry, text)
            drive.keys("Return")
    drive.pump()


def came(page, number, days_ago, outcome, service=None, **fields):
    with clock.set_at(MONDAY - timedelta(days=days_ago)):
        return record_visit(
            by=page.window.person,
            service=service or of_kind(page, "promised"),
            outcome=outcome,
            student=student_by_number(number),
            **fields,
        )


def is_seen(page, name):
    return bool(page.form.widget(name).winfo_ismapped())


def words(page, name):
    """Without the difference between spaces that break and those that do not."""
    return " ".join(str(page.form.value(name)).split())


# -- the quick list and other desks --------------------------------------------


def test_without_text_the_pinned_and_the_used_come_first(page, drive):
    for _ in range(2):
        came(page, "000123", 2, VisitOutcome.DONE, page.services[5])
    choose(page, drive, service=page.services[3])
    drive.keys("ctrl+g")
    assert "已置顶" in page.window.status.text
    page.on_new()
    page.form.focus_field("service")
    drive.keys("Down")
    lines = page.form.widget("service").listbox.get(0, "end")
    assert lines[0] == f"{page.services[3].name}（承诺）  ★ 置顶"
    assert lines[1].startswith(page.services[5].name) and lines[1].endswith("· 常用")
    assert len(lines) == len(page.services)
    assert not any("★" in line or "·" in line for line in lines[2:])


def test_the_same_key_takes_the_pin_away(page, drive):
    choose(page, drive, service=page.services[3])
    for expected in ([page.services[3]], []):
        drive.keys("ctrl+g")
        assert pinned_services(this_desk()) == expected


def test_typed_text_finds_the_own_services_before_those_of_other_desks(page):
    texts = [line.text for line in page.form.services.suggest("zx")]
    own = {service.name for service in page.services}
    is_own = [text.split("（")[0] in own for text in texts]
    assert is_own == sorted(is_own, reverse=True) and len(set(is_own)) == 2
    assert all("窗口）" in text for text in texts[is_own.index(False) :])


def test_another_desks_service_presets_passing_it_on(page, drive):
    service, desk = page.form.services.elsewhere[0]
    choose(page, drive, "zs", service)
    assert page.form.value("outcome") == VisitOutcome.REFERRED
    assert page.form.value("refer_to") == desk.uid
    with pytest.raises(UserError, match="只能置顶本窗口的事项"):
        page.on_pin()
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 1, "the visit")
    case = case_of(Visit.get())
    assert (case.status, case.desk_uid) == (CaseStatus.REFERRED, desk.uid)


def test_the_enquiry_desk_offers_everything_outside_regular_hours(page, drive):
    db.execute_sql(
        "UPDATE desk SET takes_enquiries = 1 WHERE uid = ?", (this_desk().uid,)
    )
    with clock.set_at(datetime(2026, 11, 21, 20, 30)):  # a Saturday evening
        page.refresh()
        drive.pump()
        assert "咨询台时间" in words(page, "enquiry_time")
        found = [line.record for line in page.form.services.suggest("")]
        assert len(found) == len(page.services) + len(other_services(this_desk()))
    page.on_new()  # Monday morning
    drive.pump()
    assert not is_seen(page, "enquiry_time")
    assert len(page.form.services.suggest("")) == len(page.services)


def test_the_card_of_a_service_is_one_key_away(page, drive):
    with pytest.raises(UserError, match="请先选好事项"):
        page.on_card()
    choose(page, drive, service=page.services[0])
    drive.keys("ctrl+k")
    card = page.winfo_children()[-1]
    assert ("责任部门", page.services[0].department_name) in card.lines
    drive.keys("Escape")
    drive.wait_until(lambda: not card.winfo_exists(), "the page")
    assert page.form.value("service") == page.services[0]


def test_an_index_of_nothing_finds_nothing():
    assert ServiceIndex().suggest("") == ServiceIndex().suggest("x") == []


# -- promises --------------------------------------------------------------------


def test_the_promise_is_shown_before_it_is_made(page, drive):
    service = of_kind(page, "promised")
    choose(page, drive, "zs", service)
    assert words(page, "promise") == "应办结 11-30 周一，5 个工作日"
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 1, "the visit")
    assert Visit.get().due_on == date(2026, 11, 30)
    assert "按 Ctrl+P 打印受理回执" in page.window.status.text
    assert not is_seen(page, "promise") and not is_seen(page, "complete")


def test_without_all_material_nothing_is_promised_and_what_is_missing_is_asked(
    page, drive
):
    choose(page, drive, "zs", of_kind(page, "promised"))
    page.form.focus_field("complete")
    drive.keys("space")
    drive.pump()
    assert not is_seen(page, "due_on") and "写明还缺什么" in words(page, "promise")
    drive.keys("ctrl+s")
    assert page.form.problems() == ["请写明还缺什么材料。"]
    drive.paste(page.form.widget("result"), "缺成绩单")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 1, "the visit")
    case = case_of(Visit.get())
    assert (case.status, case.due_on) == (CaseStatus.WAITING, None)
    assert case.pause_reason == "缺成绩单"
    assert page.table.rows()[0][5] == "待补材料"


# -- who came before ---------------------------------------------------------------


def test_what_a_student_was_told_is_read_out_with_its_cause(page, drive):
    service = of_kind(page, "promised")
    before = came(page, "2024030101", 3, VisitOutcome.NOTIFIED, result="缺证明")
    choose(page, drive, "zs", service)
    assert words(page, "again") == f"11-20 来过：一次性告知，缺证明（{before.number}）"
    assert page.form.value("repeat_cause") == "materials"
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "the visit")
    visit = page.saved
    assert (visit.follows_uid, visit.trip) == (before.uid, 2)
    assert page.table.rows()[0][5] == "第 2 次"
    assert "第 2 次来访" in page.window.status.text
    assert not is_seen(page, "again") and not is_seen(page, "repeat_cause")


def test_another_matter_is_said_by_a_digit(page, drive):
    came(page, "2024030101", 3, VisitOutcome.NOTIFIED, result="缺证明")
    choose(page, drive, "zs", of_kind(page, "promised"))
    page.form.focus_field("repeat_cause")
    drive.keys("8")
    assert page.form.widget("repeat_cause").get() == "不是同一件事"
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "the visit")
    assert (page.saved.follows_uid, page.saved.trip) == ("", 1)


def test_what_was_done_at_once_is_no_reason_to_come_again(page, drive):
    service = of_kind(page, "instant")
    came(page, "2024030101", 3, VisitOutcome.DONE, service)
    choose(page, drive, "zs", service)
    assert words(page, "again").startswith("11-20 来过：当场办结")
    assert page.form.value("repeat_cause") == ""


def test_what_was_shown_of_one_visitor_goes_with_the_next(page, drive):
    came(page, "2024030101", 3, VisitOutcome.NOTIFIED, result="缺证明")
    choose(page, drive, "zs", of_kind(page, "promised"))
    assert is_seen(page, "again") and is_seen(page, "about")
    page.form.focus_field("visitor")
    drive.keys("ctrl+a", "BackSpace")
    drive.pump()
    assert not is_seen(page, "again") and not is_seen(page, "about")


def test_a_case_that_waits_is_hinted_at_and_opened_by_a_key(page, drive):
    waits = came(
        page,
        "2024030101",
        3,
        VisitOutcome.PROMISED,
        materials_complete=False,
        result="缺证明",
    )
    choose(page, drive, "zs")
    assert words(page, "waits").startswith(f"等材料：{waits.service_name}（缺证明）")
    drive.keys("ctrl+o")
    drive.wait_until(lambda: page.window.page is not page, "the page of cases")
    assert page.window.page.table.selected().case.visit == waits


def test_a_parked_repeat_keeps_the_cause_that_was_chosen(page, drive):
    came(page, "2024030101", 3, VisitOutcome.NOTIFIED, result="缺证明")
    choose(page, drive, "zs", of_kind(page, "promised"))
    page.form.set("repeat_cause", "told_wrong")
    drive.keys("F9")
    assert not is_seen(page, "again")
    drive.keys("shift+F9")
    drive.pump()
    assert is_seen(page, "again") and is_seen(page, "about")
    assert page.form.value("repeat_cause") == "told_wrong"


# -- several services in one coming ---------------------------------------------------


def test_a_second_service_belongs_to_the_same_coming(page, drive):
    choose(page, drive, "zs", page.services[4])
    drive.keys("ctrl+j")
    drive.wait_until(lambda: Visit.select().count() == 1, "the first")
    assert words(page, "coming") == "同一人第 2 项"
    assert page.window.root.focus_get() is page.form.widget("service")
    assert "今日已来过" not in words(page, "about")
    choose(page, drive, service=page.services[0])
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "the second")
    first, second = Visit.select().order_by(Visit.uid)
    assert second.occasion_uid == first.uid
    assert second.visitor_name == first.visitor_name == "赵思远"
    assert not is_seen(page, "coming") and page.form.text("visitor") == ""


def test_the_same_matter_twice_in_one_coming_is_no_second_trip(page, drive):
    service = of_kind(page, "promised")
    choose(page, drive, "zs", service)
    drive.keys("ctrl+j")
    choose(page, drive, service=service)
    assert not is_seen(page, "again")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "both")
    assert page.saved.trip == 1 and page.saved.occasion_uid


def test_who_was_saved_last_can_still_be_gone_on_with(page, drive):
    with pytest.raises(UserError, match="请先登记第一项"):
        page.on_same_visitor()
    choose(page, drive, "zs", page.services[4])
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 1, "the first")
    drive.keys("ctrl+j")
    assert words(page, "coming") == "同一人第 2 项"
    assert page.form.value("visitor").number == "2024030101"


def test_somebody_else_is_not_of_the_same_coming(page, drive):
    choose(page, drive, "zs", page.services[4])
    drive.keys("ctrl+j")
    choose(page, drive, "zyt", page.services[4])
    assert not is_seen(page, "coming")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: Visit.select().count() == 2, "both")
    assert page.saved.occasion_uid == ""


def test_nothing_is_added_to_a_coming_that_was_voided(page, drive, shown):
    choose(page, drive, "zs", page.services[4])
    drive.keys("ctrl+j")
    shown.answers = ["点错了"]
    page.list_buttons["作废"].invoke()
    drive.pump()
    assert not is_seen(page, "coming") and page.saved is None
