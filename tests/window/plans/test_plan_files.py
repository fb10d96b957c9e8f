"""Timetables in, forms and hours out, and what changed meanwhile."""

from planspage import B, warned

from desk.pages import plan_files
from models import clock
from models.people import person_signing_in
from models.plans import ShiftPlan, save_plan
from models.terms import monday_of
from models.timetables import ClassTimetable


def test_a_timetable_is_imported_and_what_was_refused_is_listed(
    drafting, drive, tmp_path, shown
):
    page, before = drafting, ClassTimetable.select().count()
    path = tmp_path / "课表.csv"
    path.write_text(
        f"学号,姓名,星期,节次,周次,课程\n{B},王芳,二,1-2,1-16,英语\n"
        "2099999999,某人,二,1-2,1-16,英语\n",
        encoding="utf-8",
    )
    shown.answers = [path, False, True]
    page.buttons["import"].invoke()
    page.cards["import"].on_choose()
    page.cards["import"].submit()
    assert "有 1 行没有读懂" in shown[-1]
    assert page.cards["import"].value("result") == "没有导入。"
    assert ClassTimetable.select().count() == before
    page.cards["import"].submit()
    drive.pump(0.2)
    assert ClassTimetable.select().count() == before + 1
    assert "王芳" in page.cards["import"].value("result")
    assert [row[0] for row in page.week.table.rows()] == ["第3行"]
    drive.keys("Escape")
    assert page.card == "plan"


def test_the_form_and_the_hours_are_exported_to_word(
    planned, drive, tmp_path, shown, monkeypatch
):
    page, opened = planned, []
    monkeypatch.setattr(plan_files, "open_with_system", opened.append)
    page.cards["plan"].submit()
    for name in ("plan", "openings"):
        shown.answers = [tmp_path / f"{name}.docx"]
        page.buttons[name].invoke()
        drive.wait_until(lambda: not page.window.jobs.running, "the export")
        drive.pump(0.1)
    assert [path.stat().st_size > 1000 for path in opened] == [True, True]


def test_a_draft_changed_elsewhere_is_read_anew_unless_edited_here(drafting, drive):
    page = drafting
    elsewhere = ShiftPlan.get_by_id(page.listed.uid)
    save_plan(elsewhere, by=person_signing_in("T001"), note="别处改的")
    drive.keys("F5")
    assert page.cards["plan"].text("note") == "别处改的"
    page.cards["plan"].set("note", "这里改的")
    drive.keys("F5")
    assert page.cards["plan"].text("note") == "这里改的"
    page.cards["plan"].submit()
    assert ShiftPlan.get_by_id(page.listed.uid).note == "这里改的"


def test_other_dates_in_the_card_are_reckoned_with_before_they_are_saved(
    planned, drive
):
    page, card = planned, planned.cards["plan"]
    monday = monday_of(clock.today())
    card.set("starts_on", monday)
    card.set("ends_on", monday)  # no Wednesday any more
    card.focus_field("ends_on")
    drive.keys("Tab")
    drive.wait_until(lambda: warned(page, "never"), "the warning")
    assert any(text.startswith("周三") for text in warned(page, "never"))
    assert ShiftPlan.get().ends_on != monday
    assert page.has_unsaved
