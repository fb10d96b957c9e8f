"""办件 in the real window: what is open and due, and its next step by keyboard."""

from datetime import timedelta

import pytest

from models import clock
from models.base import db
from models.casefold import CaseStatus
from models.cases import case_of, pause_case
from models.desks import desks, this_desk
from models.errors import UserError
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.steps import StepKind
from models.visits import VisitOutcome


def promised(name, days_ago=0, **fields):
    """A case that was promised some days ago."""
    service = next(s for s in services_of(this_desk()) if s.kind == "promised")
    with clock.set_at(clock.now() - timedelta(days=days_ago)):
        return record_visit(
            by=person_signing_in("T001"),
            service=service,
            outcome=VisitOutcome.PROMISED,
            visitor_name=name,
            **fields,
        )


@pytest.fixture
def cases(at_work, drive):
    """Three cases: one late, one that waits for material, one fresh."""
    promised("王家长", days_ago=35)
    waits = promised("李同学", due_on=clock.today() + timedelta(days=30))
    pause_case(waits, by=at_work.person, note="缺学生证复印件")
    promised("赵同学")
    at_work.show("cases")
    drive.pump()
    return at_work.page


def names(page):
    return [row[1] for row in page.table.rows()]


def marked(page):
    return page.table.selected().case


def choose(page, kind):
    page.form.set("kind", kind)
    page._on_kind()


def test_the_most_urgent_case_comes_first_and_is_marked(cases):
    assert names(cases)[0] == "王家长"
    late = cases.table.rows()[0][2]
    assert late.startswith("‼ 超期") and "报办公室" in late
    assert "已超期" in cases.form.value("promise")
    assert "受理" in cases.story.text.get("1.0", "end")
    assert cases.heading.cget("text") == "未办结 3 件，其中超期 1 件"


def test_the_views_are_a_key_away(cases, drive):
    cases.window.root.focus_force()
    cases.views.focus_set()
    drive.keys("2")
    assert names(cases) == ["王家长"]
    drive.keys("4")
    assert names(cases) == ["李同学"]
    assert "停表：缺学生证复印件" in cases.form.value("promise")
    drive.keys("3")
    assert names(cases) == []
    assert "没有等本窗口接办" in cases.table._empty_text.cget("text")


def test_a_case_is_finished_by_keyboard_alone(cases, drive):
    cases.window.root.focus_force()
    cases.table.focus_set()
    drive.pump(0.3)
    drive.keys("Return")
    assert cases.window.root.focus_get() is cases.form.widget("kind")
    assert cases.form.value("kind") == StepKind.FINISHED
    drive.keys("Return")
    drive.paste(cases.form.widget("note"), "已盖章，学生已领取")
    case = marked(cases)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: case_of(case.visit).is_closed, "the end of the case")
    assert case_of(case.visit).result == "已盖章，学生已领取"
    assert "王家长" not in names(cases)
    assert cases.window.root.focus_get() is cases.table.tree


def test_a_step_without_its_words_is_refused_under_the_field(cases, drive):
    choose(cases, StepKind.WAITING)
    cases.save_button.invoke()
    drive.pump()
    assert cases.form.problems() == ["请写明还缺什么材料。"]
    assert marked(cases).status == CaseStatus.OPEN


def test_an_extension_asks_for_a_later_day_and_a_reason(cases, drive):
    choose(cases, StepKind.EXTENDED)
    drive.pump()
    assert cases.form.widget("due_on").winfo_ismapped()
    cases.form.set("note", "部门会签未完成")
    cases.form.set("due_on", marked(cases).due_on)
    cases.save_button.invoke()
    assert "延期要晚于现在的应办结日" in cases.form.problems()[0]
    later = clock.today() + timedelta(days=40)
    cases.form.set("due_on", later)
    cases.save_button.invoke()
    (found,) = [
        r
        for r in cases.table._records.values()
        if "王家长" in str(r.case.visit.visitor_name)
    ]
    assert (found.case.due_on, found.case.extensions) == (later, 1)


def test_the_next_step_is_chosen_anew_and_a_day_off_is_pointed_out(cases):
    choose(cases, StepKind.EXTENDED)
    later = clock.today() + timedelta(days=40)
    saturday = later + timedelta(days=(5 - later.weekday()) % 7)
    cases.form.set("note", "部门会签未完成")
    cases.form.set("due_on", saturday)
    cases.save_button.invoke()
    assert "周六不上班" in cases.window.info.text
    assert cases.form.value("kind") == StepKind.FINISHED


def test_the_arrows_change_the_view_from_the_list(cases, drive):
    cases.window.root.focus_force()
    cases.table.focus_set()
    drive.keys("Right")
    assert cases.views.get() == "due"
    drive.keys("Left", "Left")
    assert cases.views.get() == "sent"


def test_what_is_complete_goes_on_with_the_days_that_were_left(cases):
    cases.views.set("waiting")
    assert cases.form.value("kind") == StepKind.COMPLETE
    visit = marked(cases).visit
    cases.save_button.invoke()
    assert case_of(visit).status == CaseStatus.OPEN
    assert case_of(visit).due_on is not None
    assert names(cases) == []


def test_a_case_sent_away_is_followed_among_those_sent(cases):
    other = next(desk for desk in desks() if desk.uid != this_desk().uid)
    choose(cases, StepKind.REFERRED)
    cases.form.set("desk", other.uid)
    cases.form.set("note", "请核实缴费情况")
    cases.save_button.invoke()
    assert "王家长" not in names(cases)
    cases.views.set("sent")
    assert names(cases) == ["王家长"]
    assert cases.table.rows()[0][6] == f"→ {other.name.removesuffix('事务窗口')}"
    told = cases.story.text.get("1.0", "end")
    assert f"→ {other.name}：请核实缴费情况" in told
    kinds = [kind for _, kind in cases.form.widget("kind").choices]
    assert StepKind.FINISHED not in kinds
    assert (kinds[0], kinds[-1]) == (StepKind.NOTIFIED, StepKind.TAKEN)
    assert cases.form.value("kind") == StepKind.NOTIFIED
    labels = [label for label, _ in cases.form.widget("kind").choices]
    assert labels[-1] == "收回（对方还没有接办）"


def test_another_department_is_told_who_works_on_it(cases, drive):
    db.execute_sql("UPDATE person SET department_uid = 'x' WHERE number = 'T001'")
    cases.window.sign_in(person_signing_in("T001"))
    cases.window.show("cases")
    drive.pump()
    assert "由本部门的学生助理或本部门的老师办理" in cases.form.value("why_not")
    with pytest.raises(UserError, match="由本部门的学生助理"):
        cases._save()


def test_what_was_typed_survives_a_look_at_another_page(cases, drive):
    choose(cases, StepKind.PROGRESS)
    cases.form.set("note", "部门已收件")
    cases.window.show("visits")
    cases.window.show("cases")
    assert cases.form.text("note") == "部门已收件"
    assert cases.form.value("kind") == StepKind.PROGRESS


def test_the_office_sees_all_cases_and_changes_none(at_office, drive):
    at_office.show("cases")
    drive.pump()
    assert at_office.page.heading.cget("text") == "未办结 0 件"
    assert not at_office.page.form.widget("kind").winfo_ismapped()
    assert "办公室在这里查看和督办" in at_office.page.form.value("why_not")
    at_office.page.save_button.invoke()
    assert at_office.page.form.value("ledger") == "promises"
