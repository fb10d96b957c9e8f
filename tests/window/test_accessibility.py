"""Every page, light and dark: can it be read, and reached by keyboard?"""

from tkinter import font

import pytest
from contrasts import Contrasts, look_of, widgets_of
from focuswalk import change, is_in_sight, is_stop, picture_of, walk

from desk import dialogs, theme
from desk.checkinscreen import CheckInScreen
from desk.pages import pages_of
from desk.pages.swipebanner import SIGNS
from desk.ratingscreen import RatingScreen
from models.desks import this_desk
from models.reception import record_visit
from models.services import services_of

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


def test_every_page_is_reached_by_tab_and_read_light_and_dark(somebody_at_work, drive):
    window, faults = somebody_at_work, []
    window.root.focus_force()
    for mode in ("light", "dark"):
        theme.set_mode(window.root, mode)
        found, seen = Contrasts(window.root), set()
        for name in pages(window, drive):
            if mode == "light":
                window.page.focus_first()
                drive.pump()
                faults += [f"{name}: {fault}" for fault in wrong_ways(window)]
            found.look(window)
            faults += [
                f"{name}: {fault}" for fault in unseen_focus(window, seen, drive)
            ]
        faults += [f"{mode}: {weak}" for weak in found.too_weak()]
        assert len(found.pairs) > 60 and len(seen) > 8
    assert not faults, "\n".join(faults)


def is_for_keys(widget):
    """On a screen for students some buttons are for the finger only."""
    return is_stop(widget) and str(widget.cget("takefocus")) not in ("0", "False")


def wrong_ways(top, is_wanted=is_stop):
    """Tab comes by everything under *top* that can be worked with, there and back."""
    root = top.winfo_toplevel()
    stops, unseen = walk(root)
    back, unseen_back = walk(root, "<Shift-Tab>")
    wanted = {widget for widget in widgets_of(top) if is_wanted(widget)}
    yield from (f"unseen {widget}" for widget in unseen + unseen_back)
    yield from (f"never at {widget}" for widget in wanted - set(stops))
    if back[1:] != stops[:0:-1]:
        yield "the way back is another one"


def unseen_focus(window, seen, drive):
    """Each kind and style once: does one see that it has the keyboard?"""
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
            yield f"{theme.mode()} {kind} {widget} {outline}"


def test_what_lies_over_the_pages_can_be_read_too(at_work, drive):
    """Sheet of keys, help, dialogs, lock and the screens for students."""
    visit = record_visit(
        by=at_work.person,
        service=services_of(this_desk())[0],
        outcome="done",
        visitor_name="赵思远",
        result="办妥",
    )
    for mode in ("light", "dark"):
        theme.set_mode(at_work.root, mode)
        found = Contrasts(at_work.root)
        for _ in shown_over(at_work, visit):
            drive.pump()
            found.look(at_work.root)
        assert not (weak := found.too_weak()), "\n".join(weak)


def shown_over(window, visit):
    """One after the other, while whoever asks looks."""
    for show in (window.keys.show_keys, window.keys.show_help):
        show()
        yield
        window.keys.close_sheet()
    for dialog in (
        dialogs.build_warning(window, "提示"),
        dialogs.build_crash(window, "Traceback", window.folder),
        dialogs.build_confirm(window, "要吗？", yes="要", danger=True),
        dialogs.build_confirm(window, "要吗？", yes="要", danger=False),
        dialogs.build_question(window, "？", title="请填写", yes="确定"),
    ):
        dialog.deiconify()
        yield
        dialog.destroy()
    window.lock()
    yield
    window.cover.go()
    passing = CheckInScreen(window)
    rating = RatingScreen(window, visit)
    for screen in (passing, rating):
        screen.rise()
        yield
        faults = list(wrong_ways(screen, is_for_keys))
        assert not faults, "\n".join(faults)
        if screen is passing:
            for kind in SIGNS:
                screen.banner.show(kind, "签到成功", "08:26")
                yield
        else:
            screen.give_up()
            yield
        screen.ask_to_leave()
        yield
        screen.go()


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


def test_tab_comes_by_the_buttons_of_a_list_as_one_reads_them(at_work, drive):
    for name in ("attendance", "visits"):
        at_work.show(name)
        drive.pump(0.1)
        buttons = list(at_work.page.list_buttons.values())
        stops = [widget for widget in walk(at_work.root)[0] if widget in buttons]
        places = [(button.winfo_rooty(), button.winfo_rootx()) for button in stops]
        assert len(places) > 2 and places == sorted(places)
