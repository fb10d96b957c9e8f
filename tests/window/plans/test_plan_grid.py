"""The week of a plan as a grid: walked through, opened, checked."""

from datetime import date

from planspage import B, focus

from desk.widgets.weekblocks import Block, stay_letters
from models.people import person_signing_in


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


def test_one_form_makes_a_shift_for_each_weekday_typed(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    assert card.text("weekdays") == "一"
    assert card.keep_button.cget("text") == "加入周表"
    card.set("weekdays", "周一至周三、5")
    card.set("from", "0830")
    card.set("to", "1000")
    card.set("a", person_signing_in(B))
    drive.keys("ctrl+s")
    assert page.card == "plan"
    assert [shift["weekday"] for shift in page.plan.shifts] == [0, 1, 2, 4]
    assert len({shift["key"] for shift in page.plan.shifts}) == 4
    assert "已排 4 班" in page.window.status.text
    assert page.week.grid_.block.weekday == 0


def test_a_shift_that_is_changed_stays_one(planned, drive):
    page = planned
    page.week.grid_.select("wed")
    drive.pump(0.1)
    page._open_line("wed")
    card = page.cards["shift"]
    assert card.keep_button.cget("text") == "改好"
    card.set("weekdays", "135")
    card.submit()
    assert "只能填一个星期" in card.problems()[0]
    card.set("weekdays", "周四")
    card.submit()
    assert [s["weekday"] for s in page.plan.shifts if s["key"] == "wed"] == [3]
    assert len(page.plan.shifts) == 3


def test_who_is_in_class_on_one_of_the_weekdays_is_not_free(drafting, drive):
    drive.keys("n")
    drive.pump(0.1)
    card = drafting.cards["shift"]
    for weekdays, last in (("2-5", "空闲"), ("1-5", "周一 1–2节 数学")):
        card.set("weekdays", weekdays)
        card.set("from", "08:30")
        card.set("to", "10:00")
        lines = [str(one.text) for one in card._suggest_a("")]
        assert last in next(line for line in lines if line.startswith("张小明"))
    assert [line.split()[0] for line in lines][-1] == "张小明"


def test_hours_past_midnight_are_said_while_typing_and_afterwards(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.set("from", "22:00")
    card.set("to", "")
    card.focus_field("to")
    drive.typing("0100")
    assert card.value("span") == "到次日 01:00，共 3\u00a0小时"
    drive.keys("ctrl+s")
    assert "周一 22:00–次日 01:00" in page.window.status.text
    assert page.week.grid_.block.hours == "22:00–次日 01:00"
    assert "次日 01:00　A\u00a0岗 （缺）" in page.week.detail.cget("text")


def test_an_end_before_the_beginning_is_refused_at_its_field(drafting, drive):
    drive.keys("n")
    drive.pump(0.1)
    card = drafting.cards["shift"]
    card.set("from", "10:00")
    card.set("to", "08:30")
    drive.keys("ctrl+s")
    assert "超过 12 小时" in card.problems()[0]
    assert drafting.plan.shifts == []


def test_a_strip_shows_a_whole_name_or_only_the_surname():
    block = Block("k", 0, 540, 660, "", ("卫东升",), is_stay=True)
    assert stay_letters(block, 4) == "驻卫东升"
    assert stay_letters(block, 3) == "驻卫"
    assert stay_letters(block._replace(mark="单"), 4) == "驻单卫"
    assert stay_letters(block._replace(names=("欧阳明华",)), 4) == "驻欧阳"
    assert stay_letters(block, 1) == "驻"


def test_duty_on_one_date_is_planned_by_its_date(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.set("on", "day")
    drive.keys("ctrl+s")
    assert "日期" in card.problems()[0]
    card.set("day", date(2026, 12, 31))
    card.set("a", person_signing_in(B))
    drive.keys("ctrl+s")
    assert page.plan.shifts[0]["day"] == "2026-12-31"
    assert page.week.grid_.block.mark == "12/31"
