"""Rows, drafts, scrolling, colours and sizes of the grid."""

import pytest
from driver import screen
from papergrid import COLUMNS, NAMES, at, put_on_clipboard, texts
from PIL import ImageColor

from desk import theme
from desk.widgets.gridcells import MOST_ROWS


def test_a_growing_grid_has_an_empty_row_at_its_end(show, drive):
    grid = show(rows=1, growing=True)
    drive.keys(*"0830")
    assert len(grid.cells.rows) == 2 and grid.body.find_withtag("row1")
    put_on_clipboard(grid, "\n".join(["0900"] * MOST_ROWS))
    drive.keys("Down", "ctrl+v")
    assert "放得下 199 行" in grid.line.cget("text")
    drive.keys("Up", "ctrl+v")
    assert len(grid.rows()) == len(grid.cells.rows) == MOST_ROWS


def test_numbers_of_a_block_stand_at_the_rows(show, drive):
    grid = show(labels=("0021", "0022", "0023"))
    grid.write(2, at="0830")
    assert [(row.number, row.label) for row in grid.rows()] == [(2, "0022")]
    grid.set_rows(labels=("0031",))
    assert grid.rows() == [] and len(grid.cells.rows) == 1


def test_a_draft_keeps_half_a_word_and_comes_back_whole(show, drive):
    grid = show(rows=12)
    grid.write(1, at="0830", who="单文博", outcome="", service="甲")
    grid.focus_cell(3, "service")
    drive.keys("x")
    kept = grid.snapshot()
    assert grid.editor.get() == "x" and grid.editor.editing
    grid.clear()
    assert grid.is_empty() and grid.editor.get() == ""
    grid.restore(kept)
    assert texts(grid, "who", "service", "outcome") == [
        ("单文博", "甲", ""),
        ("", "x", "当场办结"),
    ]
    assert grid.rows()[0].records["who"].number == "2024030215"


def test_the_current_cell_is_scrolled_into_sight(show, drive, root):
    grid = show(rows=MOST_ROWS)
    drive.keys("Next", "Next")
    assert grid.first <= grid.row < grid.first + grid.shown and grid.row > grid.shown
    root.geometry("420x400")
    drive.wait_until(lambda: grid.winfo_width() < 420, "the narrow window")
    drive.keys("End")
    drive.pump(0.05)
    left, _, right, _ = grid.box(grid.row, grid.column)
    seen = grid.body.canvasx(0)
    assert seen <= left and right <= seen + grid.body.winfo_width()
    assert seen == grid.head.canvasx(0) > 0 and grid.editor.winfo_ismapped()


def test_the_wheel_scrolls_and_the_next_key_comes_back(show, drive):
    grid = show(rows=MOST_ROWS)
    for _ in range(20):
        grid.editor.event_generate("<Button-5>")
    assert grid.first == 60 and at(grid) == (1, "at")
    drive.pump(0.05)
    drive.keys("9")
    assert grid.first == 0 and grid.editor.winfo_ismapped()
    drive.keys("Return")
    assert texts(grid, "at") == [("09:00",)]


def test_a_click_goes_to_a_cell_and_its_number_marks_the_row(grid, drive):
    left, top, right, _ = grid.box(2, NAMES.index("service"))
    grid.body.event_generate("<Button-1>", x=(left + right) // 2, y=top + 5)
    assert at(grid) == (3, "service")
    grid.side.event_generate("<Button-1>", x=5, y=grid.row_height + 5)
    assert grid.row == 1 and grid.block() == (range(1, 2), range(len(COLUMNS)))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_colours_follow_the_theme(grid, drive, root, mode):
    theme.set_mode(root, "dark" if mode == "light" else "light")
    grid.mark(3, "service", "没有这个事项。")
    drive.pump(0.1)
    theme.set_mode(root, mode)
    drive.pump(0.1)
    left, top, *_ = grid.box(2, NAMES.index("service"))
    x, y = grid.body.winfo_rootx() + left + 4, grid.body.winfo_rooty() + top + 4
    assert screen().getpixel((x, y))[:3] == ImageColor.getrgb(
        theme.colour("danger_soft")
    )
    theme.set_mode(root, "light")


@pytest.mark.parametrize("scaling", [1.33, 1.67, 2.67])
def test_rows_follow_the_size_of_the_font(grid, drive, root, scaling):
    before = root.tk.call("tk", "scaling")
    try:
        root.tk.call("tk", "scaling", scaling)
        theme.set_fonts(root)
        grid.fit()
        drive.pump(0.05)
        assert grid.row_height > theme.line_height(root) * 1.5
        _, top, _, bottom = grid.box(0, 0)
        assert top < grid.editor.winfo_y() and grid.editor.winfo_height() < bottom
        assert grid.editor.winfo_height() > theme.line_height(root)
    finally:
        root.tk.call("tk", "scaling", before)
        theme.set_fonts(root)
