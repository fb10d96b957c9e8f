"""Blocks of cells go between the grid and a sheet."""

import pytest
from papergrid import put_on_clipboard, texts

from desk.widgets.gridcolumns import read_block


def test_a_block_from_a_sheet_fills_from_the_current_cell(grid, drive):
    sheet = '2024030215\t\t成绩单\t2\t2\n〃\t\t"在读\n证明"\t〃\t\r\n王家长\t\t盖章\n'
    put_on_clipboard(grid, sheet)
    grid.focus_cell(3, "who")
    drive.keys("ctrl+v")
    rows = grid.rows()
    assert [row.number for row in rows] == [3, 4, 5]
    assert texts(grid, "who", "number", "service", "outcome", "copies") == [
        ("单文博", "2024030215", "成绩单", "承诺办理", "2"),
        ("单文博", "2024030215", "在读 证明", "承诺办理", ""),
        ("王家长", "", "盖章", "当场办结", "1"),
    ]
    drive.keys("ctrl+z")
    assert grid.rows() == []


@pytest.mark.parametrize(
    ("cell", "sheet", "said"),
    [((11, "at"), "0830\n0840\n0850\n", "放得下 2 行"), ((1, "due"), "a\tb", "1 列")],
)
def test_a_block_without_room_is_refused_as_a_whole(grid, drive, cell, sheet, said):
    put_on_clipboard(grid, sheet)
    grid.focus_cell(*cell)
    drive.keys("ctrl+v")
    assert said in grid.line.cget("text")
    assert grid.rows() == []


def test_one_cell_from_a_sheet_comes_without_its_line_end(grid, drive):
    grid.write(1, at="0830")
    grid.write(2, at="0840")
    put_on_clipboard(grid, "0915\r\n")
    drive.keys("ctrl+v", "Return")
    assert texts(grid, "at") == [("09:15",), ("08:40",)]
    grid.focus_cell(1, "at")
    drive.keys("shift+Down", "shift+Down", "ctrl+v")
    assert texts(grid, "at") == [("09:15",)] * 3


def test_the_first_row_of_a_block_goes_into_the_others(grid, drive):
    grid.write(1, at="0830", service="甲")
    grid.write(2, at="0840")
    drive.keys("shift+Down", "shift+Down", "ctrl+d")
    assert texts(grid, "at", "service") == [("08:30", "甲"), *[("08:30", "")] * 2]


def test_rows_and_blocks_are_copied_for_a_sheet(grid, drive):
    grid.write(1, at="0830", who="赵思远", service="甲")
    grid.write(2, at="0840", service="乙")
    drive.keys("shift+Down", "shift+End", "ctrl+c")
    first = "08:30\t赵思远\t2024030101\t甲\t当场办结\t1\t"
    assert grid.clipboard_get() == f"{first}\n08:40\t\t\t乙\t当场办结\t1\t"
    drive.keys("Escape", "ctrl+c")
    assert grid.clipboard_get() == "08:30"
    drive.keys("ctrl+shift+c")
    assert grid.clipboard_get() == first
    drive.keys("shift+Down", "Delete")
    assert texts(grid, "at", "service") == [("", "甲"), ("", "乙")]


def test_marks_of_repetition_on_paper_do_not_swallow_cells():
    assert read_block('"\ta\n"\tb\n') == [['"', "a"], ['"', "b"]]
    assert read_block('x\t"a ""b""\nc"\n\n') == [["x", 'a "b" c']]
