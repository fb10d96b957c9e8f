"""Paper rows are typed into a grid by real keys."""

from datetime import date, time

from papergrid import OUTCOMES, at, put_on_clipboard, texts


def test_a_row_is_typed_by_keys_alone_and_read_as_what_it_means(grid, drive):
    drive.keys(*"0830", "Return", *"zsy", "Return")
    drive.paste(grid.editor, "成绩单")
    drive.keys("Tab", "2", "Return", "3", "Return", *"20261201", "Return")
    (row,) = grid.rows()
    assert (row.number, row.label) == (1, "1")
    assert row.text == {
        "at": "08:30",
        "who": "赵思远",
        "number": "2024030101",
        "service": "成绩单",
        "outcome": "承诺办理",
        "copies": "3",
        "due": "2026-12-01",
    }
    assert row.records["who"].number == "2024030101"
    assert row.records["at"] == time(8, 30)
    assert row.records["outcome"] == "promised" and row.records["copies"] == 3
    assert row.records["due"] == date(2026, 12, 1)
    assert at(grid) == (2, "at")


def test_keys_walk_past_facts_and_out_of_the_grid_at_its_end(grid, drive):
    seen = []
    for key in ("Tab", "Tab", "shift+Tab", "Return", "shift+Return", "Down", "Right"):
        drive.keys(key)
        seen.append(at(grid))
    assert seen == [
        (1, "who"),
        (1, "service"),
        (1, "who"),
        (1, "service"),
        (1, "who"),
        (2, "who"),
        (2, "service"),
    ]
    drive.keys("End")
    assert at(grid) == (2, "due")
    drive.keys("Home", "Up")
    assert at(grid) == (1, "at")
    grid.focus_cell(12, "due")
    drive.keys("Tab")
    assert grid.focus_get() is grid.after_it
    drive.keys("shift+Tab")
    assert grid.has_focus() and at(grid) == (12, "due")
    drive.keys("ctrl+Tab")
    assert grid.focus_get() is grid.after_it


def test_typing_replaces_a_cell_and_f2_goes_into_it(grid, drive):
    grid.write(1, service="abc")
    grid.focus_cell(1, "service")
    drive.keys("x", "Down", "Up", "F2", "Left", "y", "Down")
    assert texts(grid, "service") == [("yx",)]
    drive.keys("Up", "F2", "Home", "z")
    assert at(grid) == (1, "service")
    drive.keys("Escape")
    assert grid.editor.get() == "yx"
    drive.keys("Delete")
    assert grid.rows() == []


def test_a_cell_is_typed_over_after_coming_back_to_the_grid(grid, drive):
    grid.write(1, service="abc")
    grid.focus_cell(1, "service")
    grid.after_it.focus_set()
    drive.pump(0.05)
    grid.focus_set()
    drive.pump(0.05)
    drive.keys("x")
    assert texts(grid, "service") == [("x",)]


def test_the_editor_is_one_field_that_typing_never_replaces(show, drive):
    grid = show(rows=2, growing=True)
    editor, before = grid.editor, grid.body.find_withtag(grid._place)
    grid.focus_cell(2, "service")
    grid.mark(2, "service", "请填写事项。")
    for letter in "abc":
        drive.keys(letter)
        assert grid.focus_get() is editor and editor.winfo_ismapped()
    drive.paste(editor, "在读证明")
    assert editor.get() == "abc在读证明"
    assert grid.body.find_withtag(grid._place) == before


def test_suggestions_are_chosen_by_the_arrows_inside_the_window(grid, drive):
    grid.focus_cell(1, "who")
    drive.typing("2024")
    drive.wait_until(lambda: grid.editor.is_open, "the list")
    drive.keys("Down", "Tab")
    assert texts(grid, "who", "number") == [("曾雨桐", "2024030102")]
    assert at(grid) == (1, "service")
    drive.keys("Right", "F4")
    assert grid.editor.listbox.size() == len(OUTCOMES)
    drive.keys("Down", "Down", "Return")
    assert grid.rows()[0].records["outcome"] == "refused"


def test_a_stranger_stays_as_typed(grid, drive):
    grid.focus_cell(1, "who")
    drive.paste(grid.editor, "赵思")
    drive.keys("Tab")
    (row,) = grid.rows()
    assert (row.text["who"], row.records["who"]) == ("赵思", None)


# -- same as above, clearing, undoing ------------------------------------------


def test_the_cell_above_is_copied_by_key_and_by_its_sign(grid, drive):
    grid.write(1, at="0830", who="赵思远", service="成绩单")
    grid.focus_cell(2, "service")
    drive.keys("ctrl+d", "Left", "ctrl+d")
    assert grid.rows()[1].records["who"].number == "2024030101"
    grid.focus_cell(4, "service")
    drive.paste(grid.editor, "〃")
    drive.keys("Home", "shift+Return")  # while editing Home is the text's
    assert at(grid) == (4, "who")
    drive.paste(grid.editor, "同上")
    drive.keys("Down")
    assert texts(grid, "who", "service") == [
        ("赵思远", "成绩单"),
        ("赵思远", "成绩单"),
        ("赵思远", "成绩单"),
    ]


def test_a_sign_with_nothing_above_is_a_fault(grid, drive):
    grid.focus_cell(1, "service")
    drive.paste(grid.editor, "〃")
    drive.keys("Tab")
    assert "第 1 行：上面没有" in grid.line.cget("text")
    put_on_clipboard(grid, "0830\t\t\t〃\n0840\t\t\t甲")
    drive.keys("Home", "ctrl+v")
    grid.clear_problems()
    assert not grid.check()
    assert grid.problems() == ["第 1 行：上面没有可以照抄的内容，请直接填写。"]
    assert at(grid) == (1, "service")
    drive.keys("Down", "ctrl+d", "Up", "Delete", "ctrl+d")
    assert "上面没有" in grid.line.cget("text")


def test_keys_of_the_window_are_left_to_it(grid, drive, root):
    heard = []
    for keys in ("<Escape>", "<Control-Return>", "<Control-s>", "<F4>"):
        root.bind(keys, lambda event, keys=keys: heard.append(keys))
    drive.keys("9", "Escape", "Escape", "ctrl+Return", "ctrl+s", "F4")
    assert heard == ["<Escape>", "<Control-Return>", "<Control-s>", "<F4>"]
    assert at(grid) == (1, "at") and grid.editor.get() == ""
    for keys in ("<Escape>", "<Control-Return>", "<Control-s>", "<F4>"):
        root.unbind(keys)


def test_a_row_is_cleared_and_brought_back(grid, drive):
    grid.write(1, at="0830", service="甲")
    grid.write(2, at="0840", service="乙")
    grid.focus_cell(1, "service")
    drive.keys("ctrl+Delete")
    assert texts(grid, "at", "outcome", "copies") == [("08:40", "当场办结", "1")]
    drive.keys("ctrl+z")
    assert texts(grid, "service") == [("甲",), ("乙",)]
    drive.keys("ctrl+y")
    assert texts(grid, "service") == [("乙",)]


def test_what_a_row_begins_with_comes_and_goes_with_its_first_text(grid, drive):
    grid.focus_cell(1, "service")
    drive.keys("a", "Tab")
    assert texts(grid, "outcome", "copies") == [("当场办结", "1")]
    drive.keys("Delete", "Left", "Delete")
    assert grid.rows() == [] and grid.cells.rows[0]["copies"].text == ""


def test_a_function_key_held_with_another_one_is_the_windows(grid, drive):
    heard = []
    keys = ("Control-F2", "Shift-F2", "Shift-F4")
    for key in keys:
        grid.winfo_toplevel().bind(f"<{key}>", lambda event, key=key: heard.append(key))
    drive.typing("08")
    drive.keys("ctrl+F2", "shift+F2", "Tab", "Tab", "Tab", "shift+F4")
    for key in keys:
        grid.winfo_toplevel().unbind(f"<{key}>")
    assert heard == list(keys)
    assert not grid.editor.is_open and not grid.editor.editing
