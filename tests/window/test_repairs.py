"""Tk's own bindings, repaired: pressed with real keys."""

import pytest
import ttkbootstrap as ttk

from desk.keymap import AVOIDED, KEYS, key_of_page, keys_of
from desk.pages import PAGES
from desk.widgets.table import Column, Table


@pytest.fixture
def bench(root, drive):
    """An empty frame to put widgets in."""
    frame = ttk.Frame(root)
    frame.pack(fill="both", expand=True)
    root.update()
    root.focus_force()
    yield frame
    frame.destroy()
    root.update()


def placed(widget, drive):
    widget.pack()
    drive.pump(0.05)
    widget.focus_force()
    drive.pump(0.05)
    return widget


def test_space_presses_a_focused_button_once(bench, drive):
    pressed = []
    placed(ttk.Button(bench, text="按", command=lambda: pressed.append(1)), drive)
    drive.keys("space")
    assert pressed == [1]


def test_ctrl_enter_does_not_press_a_focused_button(bench, drive):
    pressed = []
    placed(ttk.Button(bench, text="按", command=lambda: pressed.append(1)), drive)
    drive.keys("ctrl+Return")
    assert pressed == []


@pytest.mark.parametrize("kind", ["Combobox", "Spinbox"])
def test_the_wheel_changes_no_closed_list(bench, drive, kind):
    options = {"values": ["一", "二", "三"]}
    box = placed(getattr(ttk, kind)(bench, **options), drive)
    box.set("二")
    for sequence in ("<Button-4>", "<Button-5>", "<MouseWheel>"):
        box.event_generate(sequence, x=5, y=5)
        drive.pump()
        assert box.get() == "二", sequence


@pytest.fixture
def tree(bench, drive):
    table = placed(Table(bench, columns=[Column("学号", str)], empty="空"), drive)
    table.show(["000123", "000124", "000125"])
    drive.pump(0.05)
    table.focus_set()
    return table.tree


def marked(tree):
    return [tree.set(row, "0") for row in tree.selection()]


def test_home_and_end_walk_a_list(tree, drive):
    drive.keys("End")
    assert marked(tree) == ["000125"]
    drive.keys("Home")
    assert marked(tree) == ["000123"]


def test_shift_arrows_and_ctrl_a_mark_several_rows(tree, drive):
    drive.keys("Home", "shift+Down")
    assert marked(tree) == ["000123", "000124"]
    drive.keys("ctrl+a")
    assert len(marked(tree)) == 3


def test_ctrl_c_copies_rows_with_their_zeros(tree, drive):
    drive.keys("Home", "shift+Down", "ctrl+c")
    assert tree.clipboard_get() == "000123\n000124"


def test_typing_is_undone_and_redone(bench, drive):
    entry = placed(ttk.Entry(bench), drive)
    drive.typing("abc")
    drive.keys("ctrl+z")
    assert entry.get() == "ab"
    drive.keys("ctrl+z")
    assert entry.get() == "a"
    drive.keys("ctrl+y")
    assert entry.get() == "ab"


def test_pasted_chinese_is_undone_too(bench, drive):
    entry = placed(ttk.Entry(bench), drive)
    drive.typing("a")
    drive.paste(entry, "张伟")
    assert entry.get() == "a张伟"
    drive.keys("ctrl+z")
    assert entry.get() == "a"


@pytest.mark.parametrize("letter", "dhkot")
def test_editing_letters_leave_an_entry_alone(bench, drive, letter):
    entry = placed(ttk.Entry(bench), drive)
    entry.insert(0, "abc")
    entry.icursor(1)
    drive.keys(f"ctrl+{letter}")
    assert entry.get() == "abc"


@pytest.mark.parametrize("letter", "dhkot")
def test_editing_letters_leave_a_text_alone(bench, drive, letter):
    text = placed(ttk.Text(bench, height=3), drive)
    text.insert("1.0", "abc")
    text.mark_set("insert", "1.1")
    drive.keys(f"ctrl+{letter}")
    assert text.get("1.0", "end-1c") == "abc"


def test_tab_leaves_a_text(bench, drive):
    text = placed(ttk.Text(bench, height=3), drive)
    after = ttk.Entry(bench)
    after.pack()
    drive.pump(0.05)
    drive.keys("Tab")
    assert text.get("1.0", "end-1c") == ""
    assert bench.focus_get() is after
    drive.keys("shift+Tab")
    assert bench.focus_get() is text


def test_pasting_into_a_text_replaces_what_is_marked(bench, drive):
    text = placed(ttk.Text(bench, height=3), drive)
    text.insert("1.0", "旧的")
    text.tag_add("sel", "1.0", "end-1c")
    drive.paste(text, "新的")
    assert text.get("1.0", "end-1c") == "新的"


# -- the table of keys --------------------------------------------------------


def test_no_key_is_used_twice_or_taken_by_others():
    used = [sequence for key in KEYS for sequence in key.sequences]
    assert len(used) == len(set(used))
    assert not set(used) & set(AVOIDED)


def test_every_page_has_a_key():
    assert all(key_of_page(entry.name) for entry in PAGES)


def test_every_key_leads_somewhere():
    from desk.drafts import DraftKeeper
    from desk.looks import Looks
    from desk.window import MainWindow
    from desk.windowkeys import WindowKeys

    own = [MainWindow, Looks, WindowKeys, DraftKeeper]
    classes = [*own, *(entry.load() for entry in PAGES)]
    for key in KEYS:
        known = key.page in [entry.name for entry in PAGES] or any(
            hasattr(one, key.action) for one in classes
        )
        assert known or key.action == "on_escape", key


def test_the_sheet_shows_the_table(at_work, drive):
    at_work.root.focus_force()
    drive.keys("ctrl+slash")
    texts = []
    waiting = [at_work.keys._sheet]
    while waiting:
        widget = waiting.pop()
        waiting += widget.winfo_children()
        if isinstance(widget, ttk.Label):
            texts.append(widget.cget("text"))
    assert {key.shown for key in keys_of(at_work.here)} <= set(texts)
    drive.keys("Escape")
    assert at_work.keys._sheet is None


def test_caps_lock_changes_no_shortcut(at_work, drive):
    at_work.page.form.set("note", "x")
    at_work.root.event_generate("<Control-N>")
    drive.pump()
    assert at_work.page.form.text("note") == ""
