"""Every page, light and dark: can it be read, and reached by keyboard?"""

from tkinter import font

import pytest
from contrasts import Contrasts, look_of, widgets_of
from focuswalk import change, is_in_sight, is_stop, picture_of, walk

from desk import dialogs, theme
from desk.pages import pages_of

LEAST_OUTLINE = 40  # pixels: around the word of a tab, dashed


@pytest.fixture(params=["at_work", "at_office"])
def somebody_at_work(request):
    """The window of a desk, then that of the office."""
    return request.getfixturevalue(request.param)


def pages(window, drive):
    """Every page of the window in turn, in front."""
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.wait_until(lambda: not window.jobs.running, "the page's own work")
        drive.pump()
        yield entry.name


def test_tab_reaches_everything_on_every_page_and_comes_round(somebody_at_work, drive):
    window, faults = somebody_at_work, []
    window.root.focus_force()
    for name in pages(window, drive):
        window.page.focus_first()
        drive.pump()
        stops, unseen = walk(window.root)
        back, unseen_back = walk(window.root, "<Shift-Tab>")
        faults += [f"{name}: unseen {w}" for w in unseen + unseen_back]
        if back[1:] != stops[:0:-1]:
            faults.append(f"{name}: the way back is another one")
        wanted = {w for w in widgets_of(window) if is_stop(w)}
        faults += [f"{name}: never at {w}" for w in wanted - set(stops)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_stands_out_and_what_has_the_keyboard_has_an_outline(
    somebody_at_work, drive, mode
):
    window, faults, seen = somebody_at_work, [], set()
    theme.set_mode(window.root, mode)
    window.root.focus_force()
    found = Contrasts(window.root)
    for name in pages(window, drive):
        found.look(window)
        for widget in [w for w in widgets_of(window) if is_stop(w)]:
            kind = (type(widget).__name__, look_of(widget))
            if kind in seen or not is_in_sight(widget):
                continue
            seen.add(kind)
            window.header.focus_force()  # nothing that could be worked with
            drive.pump()
            before = picture_of(widget)
            widget.focus_set()
            drive.pump()
            outline = change(before, picture_of(widget))
            if outline < LEAST_OUTLINE:
                faults.append(f"{name}: {kind} {widget} {outline}")
    faults += found.too_weak()
    assert len(found.pairs) > 60 and len(seen) > 8
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_lies_over_the_pages_can_be_read_too(at_work, drive, mode):
    """Sheet of keys, help, dialogs and lock."""
    theme.set_mode(at_work.root, mode)
    found = Contrasts(at_work.root)

    def look():
        drive.pump()
        found.look(at_work.root)

    for show in (at_work.keys.show_keys, at_work.keys.show_help, at_work.lock):
        show()
        look()
        at_work.keys.close_sheet()
    for build, *words in (
        (dialogs.build_warning, "提示"),
        (dialogs.build_crash, "Traceback", at_work.folder),
    ):
        dialog = build(at_work, *words)
        dialog.deiconify()
        look()
        dialog.destroy()
    for danger in (True, False):
        dialog = dialogs.build_confirm(at_work, "要吗？", yes="要", danger=danger)
        dialog.deiconify()
        look()
        dialog.destroy()
    dialog = dialogs.build_question(at_work, "？", title="请填写", yes="确定")
    dialog.deiconify()
    look()
    dialog.destroy()
    assert not (weak := found.too_weak()), "\n".join(weak)


def test_what_does_not_count_any_more_is_struck_through(at_work, drive):
    at_work.show("visits")
    tree = at_work.page.table.tree
    struck = font.nametofont(str(tree.tag_configure("void", "font")), root=at_work.root)
    plain = font.nametofont("TkDefaultFont", root=at_work.root)
    assert struck.actual("overstrike") and not plain.actual("overstrike")
    at_work.looks.zoom_in()
    assert struck.actual("size") == plain.actual("size")
    assert struck.actual("overstrike")
    at_work.looks.zoom_reset()
