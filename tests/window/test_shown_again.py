"""A page brought to the front again reads only when something may have changed."""

from datetime import timedelta

import ttkbootstrap as ttk

import models
from models import clock


def test_a_page_reads_again_only_what_may_have_changed(at_work, drive, monkeypatch):
    window, read = at_work, []
    window.show("cases")
    page = window.page
    told = window.status.rows.cget("text")
    refresh = type(page).refresh
    monkeypatch.setattr(
        type(page), "refresh", lambda self: (read.append(self), refresh(self))
    )

    def bring():
        window.show("loans")
        read.clear()
        window.show("cases")
        return len(read)

    with clock.set_at(clock.now()):
        bring()
        assert bring() == 0
        assert window.page is page and page.winfo_manager()
        assert window.status.rows.cget("text") == told != ""
        models.record_enquiry(by=window.person)
        assert (bring(), bring()) == (1, 0)
    with clock.set_at(clock.now() + timedelta(minutes=1)):
        assert bring() == 0 and page.winfo_manager()  # seen first, read when painted
        assert window.status.rows.cget("text") == told
        focus = window.root.focus_get()
        drive.wait_until(lambda: read, "the page reads")
        assert window.root.focus_get() is focus
        assert window.status.rows.cget("text") == told
        assert bring() == 0 and not window.last_read.is_waiting
    with clock.set_at(clock.now() + timedelta(minutes=2)):
        bring()
        window.show("sliptemplates")  # nobody looks at it any more
        assert window.page is not page and not window.last_read.is_waiting
        bring()
        window.root.event_generate("<F5>")  # something else is done first
        assert not window.last_read.is_waiting and len(read) == 1
        window.last_read.bring("cases", page)
        page.find_entry.focus_set()
        drive.wait_until(lambda: not window.last_read.is_waiting, "the moment to read")
        assert len(read) == 1  # somebody has begun something there
    with clock.set_at(clock.now() + timedelta(days=1)):
        assert bring() == 1


def test_what_is_only_looked_at_reads_when_painted_or_before_a_key(
    at_work, drive, monkeypatch
):
    window, read = at_work, []
    window.show("ledgers")
    page = window.page
    refresh = type(page).refresh
    monkeypatch.setattr(
        type(page), "refresh", lambda self: (read.append(self), refresh(self))
    )
    with clock.set_at(clock.now()):
        window.show("visits")
        window.show("ledgers")
        models.record_enquiry(by=window.person)
        window.show("visits")
        read.clear()
        window.show("ledgers")
        assert window.last_read.is_waiting and not read
        drive.wait_until(lambda: read, "the page reads")
        window.show("visits")
        read.clear()
        window.show("ledgers")
        monkeypatch.setattr(
            type(page), "on_export", lambda self: read.append("export"), raising=False
        )
        window.root.event_generate("<Control-e>")
        assert read == [page, "export"] and not window.last_read.is_waiting


def test_one_line_of_the_sidebar_is_marked_however_a_page_was_chosen(at_work):
    window, side = at_work, at_work.sidebar

    def marked():
        styles = {n: str(line.cget("style")) for n, (line, _) in side._lines.items()}
        chosen = [name for name, style in styles.items() if style == "Chosen.TFrame"]
        stops = [n for n, b in side.buttons.items() if b.cget("takefocus") in (1, "1")]
        return chosen, stops

    window.show("loans")
    assert marked() == (["loans"], ["loans"])
    side.buttons["cases"].invoke()  # the click has chosen it before it is marked
    assert marked() == (["cases"], ["cases"]) and side.chosen.get() == "cases"
    window.show("cases")
    assert marked() == (["cases"], ["cases"])


def test_the_wheel_scrolls_what_it_is_over_while_it_is_over_it(at_work):
    area = at_work.page.form.area
    late = ttk.Label(ttk.Frame(area))  # made after the frame itself
    box = ttk.Combobox(area)
    box.tk.call("ttk::combobox::PopdownWindow", box)
    own = f"{box}.popdown.f.l"
    area.container.event_generate("<Enter>")
    assert area._wheel_tag in late.bindtags()
    assert area._wheel_tag not in box.tk.splitlist(box.tk.call("bindtags", own))
    area.container.event_generate("<Leave>")
    assert area._wheel_tag not in late.bindtags()
    late.master.destroy()
    box.destroy()
