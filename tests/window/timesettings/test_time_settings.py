"""时间设置: every tab by keyboard, on every screen."""

from itertools import product

from timesections import TABS


def test_ctrl_tab_goes_through_the_tabs_and_keeps_what_was_typed(page, drive):
    drive.paste(page.form.widget("name"), "写了一半")
    names = []
    for _ in TABS:
        drive.keys("ctrl+Tab")
        drive.pump(0.05)
        names.append(page.section.name)
    assert names == [*TABS[1:], TABS[0]]
    assert page.form.text("name") == "写了一半"
    assert page.window.root.focus_get() is page.form.widget("name")


def test_ctrl_tab_leaves_a_large_text_as_it_is(opened, drive):
    section = opened("作息")
    text = section.form.widget("periods")
    for keys, there in (("ctrl+Tab", "放假调休"), ("ctrl+shift+Tab", "学期")):
        page = opened("作息").master.master.master
        text.focus_force()
        drive.pump(0.05)
        drive.keys(keys)
        drive.pump(0.05)
        assert page.section.name == there
    assert section.form.value("periods") == "" and text.get("1.0", "end-1c") == ""


def test_every_tab_says_from_when_it_holds_and_that_desks_get_it_at_the_sync(opened):
    for name in TABS:
        section = opened(name)
        assert "下次同步" in section.effect
        assert "起" in section.effect or "登记后" in section.effect


def test_every_tab_keeps_its_buttons_on_screen(page, opened, root, drive):
    window = page.window
    for zoom, size in product((100, 150), ("1366x740", "1024x640")):
        root.geometry(f"{size}+0+0")
        while window.settings.zoom < zoom:
            window.looks.zoom_in()
        drive.pump(0.1)
        for name in TABS:
            section = opened(name)
            where = (zoom, size, name)
            for button in (section.form.primary, *section.list_buttons.values()):
                assert_whole(button, root, where)
            row = int(root.style.lookup("Treeview", "rowheight"))
            assert section.table.tree.winfo_height() > row * 2, where
    window.looks.zoom_reset()


def assert_whole(button, root, where):
    right = button.winfo_rootx() - root.winfo_rootx() + button.winfo_width()
    foot = button.winfo_rooty() - root.winfo_rooty() + button.winfo_height()
    where = (*where, button.cget("text"))
    assert button.winfo_viewable(), where
    assert right <= root.winfo_width() and foot <= root.winfo_height(), where
    assert button.winfo_width() >= button.winfo_reqwidth(), where
