"""The week of a plan as a grid: walked through, opened, checked."""

from datetime import date

from planspage import B, focus

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
