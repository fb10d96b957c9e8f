"""排班: a plan made, checked, submitted and filed in the real window, by real keys."""

from datetime import date, timedelta

import pytest

from desk import dialogs
from desk.pages import plan_files, plan_words
from exports.sync import sync
from models import clock, storage
from models.desks import department_by_name, desk_by_code
from models.errors import UserError
from models.people import PersonRole, add_person, person_signing_in
from models.plan_contents import who
from models.plan_decisions import PlanDecision
from models.plans import ShiftPlan, new_plan, save_plan, submit_plan
from models.terms import monday_of, set_term
from models.timetables import ClassTimetable, save_timetable

A, B, C = "2023010101", "2023010102", "2023010103"


@pytest.fixture
def term(centre):
    """A term that began last week, 孙丽 as a third assistant, 张小明 in a class."""
    storage.open_database(centre / "office")
    head = person_signing_in("9001")
    monday = monday_of(clock.today()) - timedelta(days=7)
    term = set_term(
        by=head, name="本学期", starts_on=monday, ends_on=monday + timedelta(days=130)
    )
    add_person(
        by=head,
        number=C,
        name="孙丽",
        role=PersonRole.ASSISTANT,
        department=department_by_name("教务处"),
    )
    mathematics = {"weekday": 0, "first": 1, "last": 2, "weeks": "all", "name": "数学"}
    save_timetable(person_signing_in(A), by=head, term=term, lessons=[mathematics])
    exchange(centre)
    return term


def exchange(centre, last="desk"):
    """Office, desk and office again; *last* stays open."""
    for name in ("desk", "office", "desk", last):
        storage.open_database(centre / name)
        sync()


@pytest.fixture
def planning(term, at_work, drive):
    """The page at the desk, no plan yet."""
    at_work.root.focus_force()
    drive.keys("ctrl+F6")
    drive.pump(0.3)  # past the time a new page ignores Enter
    assert at_work.page.title == "排班"
    return at_work.page


@pytest.fixture
def drafting(planning, drive):
    """A first version, nothing in it."""
    drive.keys("ctrl+s")
    drive.wait_until(lambda: planning.listed is not None, "the draft")
    drive.pump(0.3)
    return planning


def focus(page):
    return page.window.root.focus_get()


def type_shift(page, drive, begins, ends, a, *others):
    """Fill the card of a new shift, from the hours on, as a person types."""
    drive.pump(0.1)
    drive.typing(begins)
    drive.keys("Return")
    drive.typing(ends)
    drive.keys("Return")
    for typed in (a, *others):
        drive.typing(typed)
        drive.pump(0.3)
        drive.keys("Return")
        drive.pump(0.1)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: page.card == "plan", "the shift to be kept")
    drive.pump(0.2)


def warned(page, kind):
    return [w.text for w in page.week.warnings if w.kind == kind]


def test_a_plan_is_made_checked_and_submitted_by_keys_alone(drafting, drive, shown):
    page = drafting
    assert focus(page) is page.week.grid_.body
    drive.keys("n")
    assert page.card == "shift"
    type_shift(page, drive, "0830", "1000", "zxm")  # 张小明, in class until 09:40
    assert [s["a"]["name"] for s in page.plan.shifts] == ["张小明"]
    (text,) = warned(page, "clash")
    assert text == "周一 08:30–10:00 A 岗张小明有课：周一 1–2节 数学"
    assert page.week.grid_.block.is_doubtful and "有课" in page.week.detail.cget("text")

    drive.keys("Right", "Insert")
    type_shift(page, drive, "0830", "1000", "wf", "sl", "zxm")
    second = page.plan.shifts[1]
    assert (second["weekday"], second["a"]["name"]) == (1, "王芳")
    assert [one["name"] for one in second["b"]] == ["孙丽", "张小明"]
    assert page.has_unsaved and "未保存" in page.week.heading.cget("text")
    assert ShiftPlan.get().shifts == []

    drive.keys("ctrl+s")
    drive.wait_until(lambda: not page.has_unsaved, "saving")
    assert len(ShiftPlan.get().shifts) == 2
    shown.answers = [True]
    page.buttons["submit"].focus_set()
    drive.pump(0.1)
    drive.keys("space")
    drive.wait_until(lambda: not ShiftPlan.get().is_draft, "the submission")
    assert "条提醒" in shown[0]
    assert page.listed.state == "已报送待备案"
    assert page.card == "fact"


# -- who is free ----------------------------------------------------------------


def test_who_is_free_comes_first_and_who_has_a_class_says_which(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.set("from", "08:30")
    card.set("to", "10:00")
    card.focus_field("a")
    drive.keys("Down")
    drive.wait_until(lambda: card.widget("a").is_open, "the list")
    lines = card.widget("a").listbox.get(0, "end")
    assert [line.split()[0] for line in lines] == ["王芳", "孙丽", "张小明"]
    assert "空闲，还可排 8 小时" in lines[0]
    assert "周一 1–2节 数学" in lines[2]


def test_several_b_are_picked_and_taken_out_again_by_keys(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.focus_field("b")
    for typed in ("wf", "sl"):
        drive.typing(typed)
        drive.pump(0.3)
        drive.keys("Return")
        drive.pump(0.1)
    assert card.value("others") == "王芳、孙丽"
    drive.typing("wf")  # picked again: out
    drive.pump(0.3)
    drive.keys("Return")
    drive.pump(0.1)
    assert card.value("others") == "孙丽"
    drive.keys("BackSpace")
    assert card.value("others") == "（还没有 B 岗）"


# -- the grid -------------------------------------------------------------------


@pytest.fixture
def planned(drafting, drive):
    """Monday 08:30–10:00 of odd and of even weeks, Wednesday, and a teacher's stay."""
    page = drafting
    who = {
        n: {"uid": (p := person_signing_in(n)).uid, "number": n, "name": p.name}
        for n in (A, B, C, "T001")
    }
    line = {"weeks": "all", "b": []}
    page.plan.shifts = [
        line
        | {
            "key": "odd",
            "weekday": 0,
            "weeks": "odd",
            "from": "08:30",
            "to": "10:00",
            "a": who[A],
        },
        line
        | {
            "key": "even",
            "weekday": 0,
            "weeks": "even",
            "from": "08:30",
            "to": "10:00",
            "a": who[B],
        },
        line
        | {"key": "wed", "weekday": 2, "from": "13:30", "to": "17:00", "a": who[C]},
    ]
    page.plan.stays = [
        {
            "key": "stay",
            "weekday": 0,
            "weeks": "all",
            "from": "09:00",
            "to": "11:00",
            "teacher": who["T001"],
        }
    ]
    page._hold().lines_changed = True
    page._show_week()
    drive.pump(0.2)
    page.week.grid_.select_time(0, 8 * 60)
    return page


def test_the_arrows_walk_through_cells_and_blocks(planned, drive):
    grid = planned.week.grid_
    seen = []
    for key in ("Down", "Right", "Right", "Right", "Left", "Down", "Next", "Prior"):
        drive.keys(key)
        seen.append(grid.key)
    assert seen == ["odd", "even", "stay", "", "stay", "", "wed", "stay"]
    drive.keys("Home")
    assert grid.key == "odd"


def test_a_block_is_opened_by_enter_and_by_a_double_click(planned, drive):
    page, grid = planned, planned.week.grid_
    grid.select("wed")
    drive.pump(0.1)
    drive.keys("Return")
    drive.wait_until(lambda: page.card == "shift", "the card")
    assert page.cards["shift"].text("a") == "孙丽"
    drive.keys("Escape")
    assert page.card == "plan"
    left, top, right, bottom = grid._places["odd"]
    at = {"x": int(left + right) // 2, "y": int(top + bottom) // 2}
    for event in ("<Button-1>", "<ButtonRelease-1>"):
        grid.body.event_generate(event, **at)
    assert grid.key == "odd"
    grid.body.event_generate("<Button-1>", **at)
    drive.pump(0.1)
    assert page.cards["shift"].text("a") == "张小明"
    assert page.cards["shift"].value("weeks") == "odd"


def test_delete_asks_and_removes_the_block(planned, drive, shown):
    page, grid = planned, planned.week.grid_
    grid.select("stay")
    shown.answers = [False, True]
    drive.keys("Delete")
    assert len(page.plan.stays) == 1 and "李老师" in shown[0]
    drive.keys("Delete")
    assert page.plan.stays == []
    assert focus(page) is grid.body


def test_a_card_swiped_over_the_grid_opens_nothing(planned, drive):
    planned.week.grid_.select("wed")
    drive.pump(0.1)
    drive.keys(*"0002220002", "Return", delay=3)
    drive.pump(0.1)
    assert planned.card == "plan"


def test_enter_on_a_warning_goes_to_its_shift_or_hour(planned, drive):
    page = planned
    drive.wait_until(lambda: page.week.warnings, "the warnings")
    tree = page.week.table.tree
    texts = [row[1] for row in page.week.table.rows()]
    for text, there in (
        ("张小明有课", (0, "odd")),
        ("周三 08:30–12:00 没有 A 岗", (2, "")),
    ):
        at = next(n for n, line in enumerate(texts) if text in line)
        row = tree.get_children()[at]
        tree.selection_set(row)
        tree.focus(row)
        tree.focus_set()
        drive.pump(0.1)
        drive.keys("Return")
        drive.pump(0.1)
        assert (page.week.grid_.weekday, page.week.grid_.key) == there
        assert focus(page) is page.week.grid_.body
    drive.keys("n")  # on the gap: its own hours are proposed
    card = page.cards["shift"]
    assert (card.text("from"), card.text("to")) == ("08:30", "12:00")


def test_nothing_is_told_by_colour_alone(planned):
    blocks = {block.key: block for block in planned.week.grid_.blocks}
    body = planned.week.grid_.body
    texts = [
        body.itemcget(i, "text") for i in body.find_all() if body.type(i) == "text"
    ]
    assert blocks["stay"].is_stay and "驻" in texts
    assert blocks["odd"].is_doubtful and "!" in texts
    assert any(text.startswith("单") for text in texts)
    assert "缺 A" in texts


def test_a_shift_that_makes_no_sense_is_refused_under_its_field(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    page.cards["shift"].set("from", "8点")
    drive.keys("ctrl+s")
    assert "不是时间" in page.cards["shift"].problems()[0]
    page.cards["shift"].set("from", "08:00")
    page.cards["shift"].set("a", "查无此人")
    drive.keys("ctrl+s")
    assert page.cards["shift"].problems() == ["请从列表中选择A 岗。"]
    assert page.plan.shifts == []


def test_duty_on_one_date_is_planned_by_its_date(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.set("weekday", "day")
    drive.keys("ctrl+s")
    assert "日期" in card.problems()[0]
    card.set("day", date(2026, 12, 31))
    card.set("a", person_signing_in(B))
    drive.keys("ctrl+s")
    assert page.plan.shifts[0]["day"] == "2026-12-31"
    assert page.week.grid_.block.mark == "12/31"


# -- nothing is lost ------------------------------------------------------------


def test_unsaved_edits_outlive_other_pages_other_plans_and_a_lock(planned, drive):
    page, window = planned, planned.window
    page.cards["plan"].set("note", "给办公室的话")
    uid = page.listed.uid
    drive.keys("F2")
    assert "未保存的修改" in window.status.text
    drive.keys("ctrl+F6")
    assert page.plan.shifts and page.cards["plan"].text("note") == "给办公室的话"
    page.on_new()
    page.cards["new"].set("like", "empty")
    page.cards["new"].submit()
    drive.pump(0.2)
    assert page.listed.uid != uid and page.plan.shifts == []
    page._choose(uid)
    drive.pump(0.2)
    assert len(page.plan.shifts) == 3 and page.has_unsaved
    assert page.cards["plan"].text("note") == "给办公室的话"
    window.lock()
    window.sign_in(person_signing_in("T001"))
    window.show("plans")
    drive.pump(0.2)
    assert page.listed.uid == uid
    page.cards["plan"].submit()
    saved = ShiftPlan.get_by_id(uid)
    assert (len(saved.shifts), saved.note) == (3, "给办公室的话")
    assert not page.has_unsaved


def test_closing_the_program_asks_before_unsaved_edits_are_lost(planned, drive, shown):
    page, window = planned, planned.window
    assert not page.what_is_unsaved() or page.cards["plan"].submit() is None
    assert window.may_close()
    page.cards["plan"].set("note", "给办公室的话")
    window.show("visits")
    shown.answers = [False, True]
    assert not window.may_close()
    assert "排班有还没有保存的修改" in shown[-1]
    assert window.may_close()


def test_a_half_typed_shift_survives_another_page(drafting, drive, shown):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    page.cards["shift"].set("from", "09:15")
    drive.keys("F2", "ctrl+F6")
    assert page.card == "shift" and page.cards["shift"].text("from") == "09:15"
    shown.answers = [False]
    drive.keys("Escape")
    assert page.card == "shift" and "放弃" in shown[0]


def test_giving_up_shows_the_draft_as_it_was_saved(planned, drive, shown):
    shown.answers = [True]
    planned.cards["plan"].revert_button.invoke()
    drive.pump(0.2)
    assert planned.plan.shifts == [] and not planned.has_unsaved


# -- who may --------------------------------------------------------------------


def test_an_assistant_sees_a_draft_and_changes_nothing(planned, drive):
    page, window = planned, planned.window
    page.cards["plan"].submit()
    window.lock()
    window.sign_in(person_signing_in(A))
    window.show("plans")
    drive.pump(0.3)
    page.week.grid_.focus_set()
    drive.keys("n")
    assert "本部门的老师" in window.info.text and page.card == "plan"
    with pytest.raises(UserError, match="本部门的老师"):
        page.cards["plan"].submit()


# -- the office -----------------------------------------------------------------


@pytest.fixture
def sent(centre, term):
    """A plan of 李老师, submitted at the desk; the office has it, and is open."""
    teacher = person_signing_in("T001")
    plan = new_plan(
        by=teacher,
        desk=desk_by_code("jiaowu"),
        department=department_by_name("教务处"),
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    shift = {
        "weekday": 1,
        "from": "08:30",
        "to": "10:00",
        "a": who(person_signing_in(B)),
    }
    save_plan(plan, by=teacher, shifts=[shift])
    submit_plan(plan, by=teacher)
    exchange(centre, last="office")
    return plan


@pytest.fixture
def at_office_plans(sent, at_office, drive):
    at_office.root.focus_force()
    drive.keys("ctrl+F6")
    drive.pump(0.3)
    return at_office.page


def test_the_office_files_a_plan_under_a_number_it_may_change(
    at_office_plans, drive, shown, monkeypatch
):
    page = at_office_plans
    proposed = []

    def ask(parent, text, **options):
        proposed.append(options["initial"])
        return "AB〔2026〕8号"

    monkeypatch.setattr(dialogs, "ask_text", ask)
    assert page.listed.state == "已报送待备案"
    page.buttons["accept"].focus_set()
    drive.pump(0.1)
    drive.keys("space")
    drive.wait_until(lambda: PlanDecision.select().exists(), "the decision")
    assert proposed == ["AB〔2026〕1号"]
    assert page.listed.state == "已备案 AB〔2026〕8号"
    assert str(page.buttons["accept"].cget("state")) == "disabled"


def test_a_returned_plan_shows_its_reason_and_is_copied_to_a_new_version(
    at_office_plans, drive, shown
):
    page = at_office_plans
    shown.answers = ["周三没有人"]
    page.buttons["return"].invoke()
    drive.pump(0.1)
    assert page.listed.state == "已退回（周三没有人）"
    page.cards["fact"].copy_button.invoke()
    assert page.card == "new" and page.cards["new"].value("like") == "newest"
    page.cards["new"].submit()
    drive.pump(0.2)
    assert page.plan.version == 2 and len(page.plan.shifts) == 1


def test_an_older_version_is_shown_as_replaced(at_office_plans, drive, shown):
    page = at_office_plans
    for _ in range(2):
        shown.answers = ["AB" + str(PlanDecision.select().count())]
        page.buttons["accept"].invoke()
        page.cards["fact"].copy_button.invoke()
        page.cards["new"].submit()
        drive.pump(0.1)
        shown.answers = [True]
        page.buttons["submit"].invoke()
    states = [listed.state for listed in plan_words.listed_plans()]
    assert states == ["已报送待备案", "已备案 AB1", "已被新版代替 AB0"]


# -- files ----------------------------------------------------------------------


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
