"""Pages are made before they are asked for, and restyled when they are shown."""

import logging

from desk import theme
from desk.ahead import Ahead
from desk.pages import pages_of, visits
from desk.pages.loans import LoansPage


def test_pages_are_made_unseen_while_nobody_presses_a_key(at_work, drive, caplog):
    window, clock = at_work, [0.0]
    drive.pump()
    page, focus = window.page, window.root.focus_get()
    rows, asked = (
        window.status.rows.cget("text"),
        [e.name for e in pages_of(window.here)],
    )
    ahead = Ahead(window, now=lambda: clock[0])
    ahead.is_on = True
    ahead.start()
    ahead.stop()  # its timer: the looks are by hand here
    clock[0] = 60.0
    window.root.event_generate("<Key-Shift_L>")
    assert not ahead._is_quiet()
    clock[0] = 60.1
    assert not ahead._is_quiet()
    clock[0] = 120.0
    assert ahead._is_quiet()

    fails = [True]
    built = LoansPage.__init__

    def build(self, master, window):
        if fails and fails.pop():
            raise ValueError("broken")
        built(self, master, window)

    LoansPage.__init__ = build
    try:
        while ahead.step():
            drive.pump()
    finally:
        LoansPage.__init__ = built
    assert set(asked) - set(window.pages) == {"loans"}
    assert "not made ahead: loans" in caplog.text
    assert all(record.levelno < logging.ERROR for record in caplog.records)
    assert window.page is page and window.root.focus_get() is focus
    assert window.status.rows.cget("text") == rows
    shown = [p for p in window.pages.values() if p.winfo_ismapped()]
    assert shown == [page] and type(page) is visits.VisitsPage
    window.show("loans")
    drive.pump()
    assert window.page is window.pages["loans"] and window.page.winfo_ismapped()


def test_a_page_behind_has_the_new_look_before_it_is_seen(at_work, drive):
    window = at_work
    window.show("seals")
    drive.pump()
    seals = window.page
    window.show("visits")
    drive.pump()
    made = str(seals.table.tree.tag_configure("odd", "background"))
    high = seals.winfo_toplevel().style.lookup("Treeview", "rowheight")
    window.looks.toggle_mode()
    window.looks.set_zoom(125)
    drive.pump()
    assert seals in window.content.stale()
    assert str(seals.table.tree.tag_configure("odd", "background")) == made
    window.show("seals")
    now = str(seals.table.tree.tag_configure("odd", "background"))
    assert now != made and seals not in window.content.stale()
    assert seals.winfo_toplevel().style.lookup("Treeview", "rowheight") != high
    window.show("visits")
    window.looks.toggle_mode()
    while window.ahead.step():
        drive.pump()
    assert str(seals.table.tree.tag_configure("odd", "background")) == made
    assert not window.content.stale() and theme.mode() == "light"
    window.looks.set_zoom(100)
